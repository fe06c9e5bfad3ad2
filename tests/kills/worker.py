"""One delegation as a process of its own: writes, amends, exchanges, until the file `stop` appears.

Arguments: base folder, code, room, text. What it has committed it notes in <base>/<code>.journal, a line each,
after the commit; so every line there is a promise that must hold however the process ends.
"""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

from tests.world import FAST, PASSPHRASE, START, Clock

from valise.carriers import abc
from valise.desk.gate import Gate
from valise.domain.errors import NotAllowed


class Ticking(Clock):
    """Simulated milliseconds that pass twenty times as fast as real ones, so that resending happens in the test."""

    def now(self) -> int:
        return START + int(time.monotonic() * 20_000)


def main(base: Path, code: str, room: str, text: str) -> None:
    gate = Gate(
        base / code,
        clock=Ticking(),
        make_carrier=lambda place, writer: abc.find("folder")(Path(place), writer),
        parser=lambda name, data: {},
        kdf=FAST,
    )
    desk = gate.unlock(bytearray(PASSPHRASE))
    desk.exchange.resend = 20_000
    rng = random.Random()
    (base / f"{code}.up").touch()
    with (base / f"{code}.journal").open("a", encoding="utf-8") as journal:
        count = len((base / f"{code}.journal").read_text().splitlines())
        while not (base / "stop").exists():
            for _ in range(rng.randrange(1, 6)):
                count += 1
                body = f"{code} {count} {rng.getrandbits(64):016x}"
                desk.messages.send(room, body, for_the_record=rng.random() < 0.5)
                journal.write(body + "\n")
                journal.flush()
            if rng.random() < 0.3:
                _amend(desk, text, code, count)
            desk.exchange.now()
        (base / f"{code}.calm").touch()
        while not (base / "end").exists():
            desk.exchange.now()
            time.sleep(0.02)
    desk.close()


def _amend(desk, text: str, code: str, count: int) -> None:  # type: ignore[no-untyped-def]
    try:
        rows = [row for row in desk.texts.outline(text) if row.section == "OP"]
        row = rows[count % len(rows)]
        desk.texts.propose_words(text, row.id, f"{code} would say it in the words number {count};")
        if desk.texts.holds_pen(text) and count % 3 == 0:
            view = desk.texts.paragraph(text, row.id)
            open_now = [one for one in view.proposals if one.state in ("open", "rebased")]
            if open_now:
                desk.texts.take(text, open_now[0].id)
    except NotAllowed:
        return


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4])
