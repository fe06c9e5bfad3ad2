"""A laptop as a process of its own that takes a table in and dies by SIGKILL on the way.

Arguments: base folder, code, table, where it dies ("begun" | "middle" | "commit" | "done").
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from tests.world import FAST, PASSPHRASE, START, Clock

from valise.carriers import abc
from valise.desk.gate import Gate


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main(base: Path, code: str, table: Path, where: str) -> None:
    gate = Gate(
        base / code, clock=Clock(START + 10**9), kdf=FAST, parser=lambda name, data: {},
        make_carrier=lambda place, writer: abc.find("folder")(Path(place), writer))  # fmt: skip
    desk = gate.unlock(bytearray(PASSPHRASE))
    found = desk.registers.read("own", "stated", table)
    assert not found.faults and found.rows == found.total_changes, found.faults
    desk.store._writer.execute("pragma cache_size = -100")  # so little that unfinished pages reach the disk
    if where == "commit":
        desk.store._fault = lambda name: die() if name == "commit.before" else None
    asked = 0

    def told(done: int, of: int) -> None:
        nonlocal asked
        asked += 1
        if (where == "begun" and asked == 1) or (where == "middle" and 0 < done < of):
            die()

    desk.registers.take(found.token, told)
    if where == "done":
        die()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), sys.argv[4])
