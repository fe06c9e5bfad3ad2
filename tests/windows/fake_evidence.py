"""Evidence of the fake door: two rooms; what is saved is the sample of docs/, what is checked is checked in earnest."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from pathlib import Path

import fake_data as d
from fake_door import FakeDoor, Part, recorded

from valise.desk.door_evidence import Holds, RecordRow, Report, Written
from valise.domain.errors import NotAllowed, Unavailable
from valise.evidence.verify import verify

SAMPLE = Path(__file__).parents[2] / "docs" / "sample.evidence"
INSIDE = d.ident("room inside")


class FakeEvidence(Part):
    part = "evidence"

    def __init__(self, desk: FakeDoor) -> None:
        super().__init__(desk)
        self.rows: list[RecordRow] = []
        self.hold: threading.Event | None = None  # when set, saving waits for it
        if desk.empty:
            return
        self.rows = [
            RecordRow(d.GROUP, "Drafting group on [points] of contact", "group", ("XA", "XB", "XC"), 412, False),
            RecordRow(INSIDE, "", "internal", ("XA",), 37, True),
        ]

    @recorded
    def rooms(self) -> list[RecordRow]:
        return list(self.rows)

    @recorded
    def holds(self, room: str) -> Holds:
        one = next((one for one in self.rows if one.id == room), None)
        if one is None:
            raise NotAllowed("evidence.unknown")
        if one.internal:
            return Holds(room, 37, (("XA", "Aurelia"),), ("Second Secretary",), 0, 0, 0, (), 0, 0, True)
        people = tuple((code, d.NAMES[code]) for code in one.members)
        officers = ("Second Secretary", "Legal adviser", "\u202eevil")
        return Holds(room, 412, people, officers, 2, 1, 9, (("", 6), ("TLP:AMBER", 3)), 4, 1, False)

    @recorded
    def save(
        self, room: str, path: Path, *, own_archive: bool = False, progress: Callable[[int, int], None] | None = None
    ) -> Written:
        holds = self.holds(room)
        if holds.internal and not own_archive:
            raise NotAllowed("evidence.internal")
        if self.hold is not None:
            self.hold.wait(10)
        if progress is not None:
            progress(256, holds.operations)
        data = SAMPLE.read_bytes()
        path.write_bytes(data)
        return Written(path, len(data), holds.operations, hashlib.sha256(data).hexdigest())

    @recorded
    def check(self, path: Path) -> Report:
        try:
            with path.open("rb") as stream:
                return verify(stream)
        except OSError:
            raise Unavailable("file.unreadable") from None
