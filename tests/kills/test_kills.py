"""Three processes, three vaults, one folder; one process after the other is killed with SIGKILL while all send."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.kills.worker import Ticking
from tests.world import World

from valise.vault import checks

CODES = ("XA", "XB", "XG")
ROOT = Path(__file__).resolve().parents[2]


def start(base: Path, code: str, room: str, text: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.kills.worker", str(base), code, room, text], cwd=ROOT, stderr=subprocess.PIPE
    )


def _wait(path: Path, running: dict[str, subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + 120
    while not path.exists():
        ended = {code: one.communicate()[1].decode()[-2000:] for code, one in running.items() if one.poll() is not None}
        assert not ended and time.monotonic() < deadline, ended
        time.sleep(0.01)


@pytest.mark.parametrize("kills", [4, pytest.param(200, marks=pytest.mark.soak)])
def test_killed_at_random_nothing_is_lost_or_doubled(tmp_path: Path, kills: int) -> None:
    world = World(tmp_path, CODES)
    room = world.room()
    text = world["XA"].texts.open(
        room,
        "Draft",
        paragraphs=[
            {"section": "OP", "label": f"OP {n}", "words": f"Paragraph {n} as it was;", "status": "open"}
            for n in range(1, 9)
        ],
    )
    world.exchange()
    world.close()
    rng = random.Random(20261208)
    running = {code: start(tmp_path, code, room, text) for code in CODES}
    died = []
    for _ in range(kills):
        code = rng.choice(CODES)
        _wait(tmp_path / f"{code}.up", running)
        time.sleep(rng.uniform(0.0, 0.6))
        running[code].send_signal(signal.SIGKILL)
        running[code].wait()
        if running[code].returncode != -signal.SIGKILL:
            died.append((code, running[code].stderr.read()))  # type: ignore[union-attr]
        running[code].stderr.close()  # type: ignore[union-attr]
        (tmp_path / f"{code}.up").unlink()
        running[code] = start(tmp_path, code, room, text)
    for code in CODES:
        _wait(tmp_path / f"{code}.up", running)
    (tmp_path / "stop").touch()
    for code in CODES:
        _wait(tmp_path / f"{code}.calm", running)
    time.sleep(6 + kills / 20)
    (tmp_path / "end").touch()
    for code, one in running.items():
        _, errors = one.communicate(timeout=60)
        assert one.returncode == 0, (code, errors.decode()[-2000:])
    assert died == []
    world.clock.at = Ticking().now()
    for code in CODES:
        world.desks[code] = world.gate(code).unlock(bytearray(b"correct horse for tests"))
        world[code].exchange.resend = 20_000
    for _ in range(60):  # what was under way when they stopped
        world.exchange(rounds=1, pause=25_000)
        if all(
            not desk.exchange.status().waiting and not desk.exchange.status().sealed_waiting
            for desk in world.desks.values()
        ):
            break
    promised = [line for code in CODES for line in (tmp_path / f"{code}.journal").read_text().splitlines()]
    assert len(promised) >= kills
    held = {}
    for code in CODES:
        desk = world[code]
        with desk.store.read() as handle:
            bodies = [row[0] for row in handle.rows("select body from message where room = ?", (room,))]
            held[code] = sorted(
                row[0] for row in handle.rows("select id from op where room = ? and state = 1", (room,))
            )
            assert handle.row("select count(*) from op where state != 1 and room = ?", (room,))[0] == 0
        assert len(bodies) == len(set(bodies)), f"{code} holds something twice"
        assert set(promised) <= set(bodies), f"{code} lacks {len(set(promised) - set(bodies))} of {len(promised)}"
        assert checks.integrity(desk.store, world.clock.now()).sound
        assert desk.exchange.status().waiting == 0
    assert held["XA"] == held["XB"] == held["XG"]
    assert len({str(world[code].texts.proof(text)) for code in CODES}) == 1
    print(f"kills {kills}, operations {len(held['XA'])}, messages promised {len(promised)}")
    world.close()
