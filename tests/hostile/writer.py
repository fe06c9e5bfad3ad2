"""A laptop as a process of its own that dies by SIGKILL in the middle of writing.

Arguments: base folder, code, room, where it dies ("commit" | "put" | "file"); the words to write come on stdin.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from tests.world import FAST, PASSPHRASE, START, Clock

from valise.carriers import abc, folder
from valise.desk.gate import Gate
from valise.vault import files


def die(*_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main(base: Path, code: str, room: str, where: str) -> None:
    words = sys.stdin.read().split()
    gate = Gate(
        base / code, clock=Clock(START + 10**9), kdf=FAST, parser=lambda name, data: {},
        make_carrier=lambda place, writer: abc.find("folder")(Path(place), writer))
    if where == "file":
        files.os.replace = die  # type: ignore[assignment]
        gate.ask_enrolment(officer=words[0], role=words[1], passphrase=bytearray(PASSPHRASE))
    desk = gate.unlock(bytearray(PASSPHRASE))
    if where == "put":
        real = folder.fill

        def fill(handle: int, data: bytes, mode: int) -> None:
            real(handle, data, mode)
            die()

        folder.fill = fill
    else:
        desk.store._fault = lambda name: die() if name == "commit.before" else None
    desk.store._writer.execute("pragma cache_size = -100")  # so little that unfinished pages reach the disk
    with desk.together():
        for word in words:
            file = desk.messages.attach(room, f"{word}.txt", (word + " ").encode() * 12_000)
            desk.messages.send(room, f"{word} " * 50, subject=word, attachments=[file.id], for_the_record=True)
    desk.exchange.now()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:5])
