"""One laptop as a process of its own, over the relay: speaks, amends and exchanges, until the file `stop` appears.

Arguments: base folder, name of the vault, room, text, how many times as fast as it does time passes. What it has committed it notes in <base>/<name>.journal, a line each,
after the commit: every line there is a promise that must hold however the process ends. Rounds are made as in the window, when
the relay has something and when something was said. Now and then a file goes along.
"""

from __future__ import annotations

import json
import os
import random
import sys
import threading
import time
from pathlib import Path

from tests.kills.worker import _amend
from tests.world import FAST, PASSPHRASE, Clock

from valise.carriers import abc
from valise.desk.desk import Desk
from valise.desk.gate import Gate

SPEED = 20
RESEND = 60_000


class Fast(Clock):
    """The same in all processes: from the moment that stands in a file."""

    def __init__(self, base: Path, speed: int = SPEED) -> None:
        super().__init__()
        self._from, self._speed = int((base / "began").read_text("ascii")), speed

    def now(self) -> int:
        return self._from + self._speed * (time.time_ns() // 1_000_000 - self._from)


def opened(base: Path, name: str, speed: int = SPEED) -> Desk:
    gate = Gate(
        base / name,
        clock=Fast(base, speed),
        make_carrier=lambda place, writer: abc.find("folder")(Path(place), writer),
        parser=lambda _name, _data: {},
        kdf=FAST,
    )
    desk = gate.unlock(bytearray(PASSPHRASE))
    desk.exchange.resend = RESEND
    return desk


def _note(base: Path, name: str, desk: Desk, count: int) -> None:
    held = desk.exchange.status()
    with desk.store.read() as handle:
        ops = handle.value("select count(*) from op where state = 1", ())
    said = {"waiting": held.waiting, "sealed": held.sealed_waiting, "problem": held.problem, "ops": ops, "said": count}
    draft = base / f"{name}.note.part"
    draft.write_text(json.dumps(said), "ascii")
    os.replace(draft, base / f"{name}.note")


def _file(desk: Desk, room: str, name: str, count: int) -> list[str]:
    said = f"annex {count} of {name} " * 2000
    return [desk.messages.attach(room, f"annex {count} of {name}.txt", said.encode()).id]


def main(base: Path, name: str, room: str, text: str, speed: int = SPEED) -> None:
    desk = opened(base, name, speed)
    rng = random.Random()
    wake = threading.Event()
    desk.exchange.when_wanted(wake.set)
    noted = 0.0
    journal = base / f"{name}.journal"
    with journal.open("a", encoding="utf-8") as promises:
        count = len(journal.read_text("utf-8").splitlines())
        (base / f"{name}.up").touch()
        while not (base / "end").exists():
            speaking = not (base / "stop").exists()
            if speaking:
                for _ in range(rng.randrange(1, 3)):
                    count += 1
                    body = f"{name} {count} {rng.getrandbits(64):016x}"
                    files = _file(desk, room, name, count) if count % 100 == 7 else []
                    desk.messages.send(room, body, for_the_record=rng.random() < 0.5, attachments=files)
                    promises.write(body + "\n")
                    promises.flush()
                if rng.random() < 0.1:
                    _amend(desk, text, name, count)
            desk.exchange.now()
            if time.monotonic() - noted > 0.5:
                noted = time.monotonic()
                _note(base, name, desk, count)
            wake.wait(0.02 if speaking else 0.2)
            wake.clear()
    desk.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:5], *(int(one) for one in sys.argv[5:]))
