"""Whole worlds by seed: a slice in every test run, two thousand in the long one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.sim.__main__ import command, many, summary
from tests.sim.run import STEPS, run

from valise.desk.context import RECORD
from valise.desk.incidents import IncidentsDesk
from valise.desk.opening import Opening
from valise.desk.repair import Repair
from valise.vault import parcels, search

ROOT = Path(__file__).resolve().parents[2]
SLICE = range(1, 13)
LONG = range(1, 2_001)


@pytest.mark.parametrize("seed", SLICE)
def test_a_world_holds(seed: int) -> None:
    one = run(seed)
    assert not one.failure, f"{one.failure}\n{command(one, STEPS)}"
    assert one.steps == STEPS and one.operations > 10


def trace(seed: int, steps: int, hashes: str) -> str:
    """The trace of a run in a process of its own, where sets have another order."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.sim", str(seed), "--steps", str(steps), "--trace"],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": hashes},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2_000:] + done.stderr[-2_000:]
    return done.stdout.rsplit("\n", 2)[0]  # without the line that says how long it took


@pytest.mark.parametrize(("seed", "way"), [(3, "relays, a post"), (13, "a copied folder")])
def test_a_seed_replays(seed: int, way: str) -> None:
    first, second = trace(seed, 80, "1"), trace(seed, 80, "2")
    assert first == second
    assert way in first and " stick " in first and "ends as " in first and first.count("\n") > 80


def _swallows(real: Any) -> Callable[..., Any]:
    """Every ninth item of a frame is read and thrown away."""
    count = [0]

    def item(self: Opening, tx: Any, device: str, klass: int, room: str, item: Any, tally: Any) -> bool:
        count[0] += 1
        return False if count[0] % 9 == 0 and klass == 1 else bool(real(self, tx, device, klass, room, item, tally))

    return item


def _forgets(real: Any) -> Callable[..., Any]:
    return lambda *given, **named: None


def _believes(real: Any) -> Callable[..., Any]:
    """What a carrier has acknowledged is forgotten, as if it had been delivered."""

    def put_done(tx: Any, table: str, ids: Any, now: int, resend: int) -> None:
        tx.many(f"delete from {table} where id = ?", [(one,) for one in ids])

    return put_done


def _tells(real: Any) -> Callable[..., Any]:
    """What a delegation says to itself about an incident is said in the room it was reported in."""

    def inside(self: IncidentsDesk, tx: Any, kind: str, body: dict[str, Any]) -> None:
        self.context.author(tx, self.state(tx, body["incident"]).room, kind, body, klass=RECORD)

    return inside


PLANTED: dict[str, tuple[Any, str, Callable[[Any], Any]]] = {
    "an item is lost": (Opening, "_item", _swallows),
    "nothing is indexed": (search, "index", _forgets),
    "a carrier's word is taken for delivery": (parcels, "put_done", _believes),
    "a note on an incident leaves": (IncidentsDesk, "_inside", _tells),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The simulation would notice: with the fault planted, some seed of the slice fails."""
    where, what, made = PLANTED[name]
    monkeypatch.setattr(where, what, made(getattr(where, what)))
    monkeypatch.setattr("tests.sim.run.ROUNDS", 40)
    assert any(run(seed, 60).failure for seed in SLICE)


def test_a_gap_that_nobody_fills_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rarer than the others: it takes a world in which nothing but a member's answer can bring an operation back."""
    monkeypatch.setattr(Repair, "_lacks", _forgets(Repair._lacks))
    monkeypatch.setattr("tests.sim.run.ROUNDS", 30)  # both heal in fewer without it
    assert any(run(seed, STEPS).failure for seed in (113, 116, 103))


@pytest.mark.soak
def test_two_thousand_worlds_hold() -> None:
    import time

    began = time.perf_counter()
    outcomes = list(many(LONG, STEPS, 2))
    print(summary(outcomes, time.perf_counter() - began))
    failed = [f"{one.failure}\n  {command(one, STEPS)}" for one in outcomes if one.failure]
    assert not failed, "\n".join(failed)
