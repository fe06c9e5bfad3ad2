"""A laptop that is killed while it takes a table in: all of it is there afterwards, or nothing, and it can be taken again."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.registered import OWN, kept
from tests.world import World

from valise.vault import checks

ROOT = Path(__file__).resolve().parents[2]
ROWS = 700  # more than lie between two words of progress, so that there is a middle


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, ("XA",))
    made["XA"].registers.define(OWN)
    made["XA"].registers.new_row("own", {"name": ["There before"]})
    yield made
    made.close()


@pytest.mark.parametrize(("where", "whole"), [("begun", False), ("middle", False), ("commit", False), ("done", True)])
def test_all_of_a_table_or_nothing_is_there_after_a_kill(world: World, tmp_path: Path, where: str, whole: bool) -> None:
    table = tmp_path / "many.csv"
    table.write_text("Name\n" + "\n".join(f"Planted {n} {'words ' * 30}" for n in range(ROWS)), "utf-8")
    before = kept(world["XA"])
    world["XA"].close()
    done = subprocess.run(
        [sys.executable, "-m", "tests.desk.taking", str(world.base), "XA", str(table), where], cwd=ROOT, capture_output=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()[-2000:]
    if where in ("middle", "commit"):  # something of it had reached the disk
        assert (world.base / "XA" / "vault.db-wal").stat().st_size > 500_000
    desk = world.gate("XA").unlock(bytearray(b"correct horse for tests"))
    world.desks["XA"] = desk
    assert checks.integrity(desk.store, world.clock.now()).sound
    assert len(desk.registers.ids("own")) == 1 + ROWS * whole
    assert (kept(desk) == before) is not whole
    assert bool(desk.search("planted")) is whole
    with desk.store.read() as handle:
        assert handle.value("select count(*) from op where kind = 'register.set'") == 1 + ROWS * whole
    after = kept(desk)
    desk.rebuild()
    assert kept(desk) == after
    if not whole:
        found = desk.registers.read("own", "stated", table)
        assert desk.registers.take(found.token) == ROWS and len(desk.registers.ids("own")) == 1 + ROWS
