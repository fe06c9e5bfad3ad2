"""Copies of the fake door: a vault that is in order, until a test says otherwise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import fake_data as d
from fake_door import FakeDoor, Part, recorded

from valise.desk import views as v
from valise.desk.door_copies import CopiesView, CopyNoticed, RoomWaits


class FakeCopies(Part):
    part = "copies"

    def __init__(self, desk: FakeDoor) -> None:
        super().__init__(desk)
        now = desk.now
        self.view = CopiesView(0, "", (), 0, (), now - d.HOUR, (), now - 2 * d.HOUR, True, ())

    def put_back(self) -> None:
        """For the tests: an old copy, two rooms that wait, and another's two copies."""
        now = self.desk.now
        waits = (
            RoomWaits("r" * 43, "Drafting group", (d.NAMES["XB"], d.NAMES["XC"]), "answers"),
            RoomWaits("s" * 43, "", (), "history"),
        )
        noticed = tuple(
            CopyNoticed(d.delegation(code), d.NAMES[code], "Attaché", d.device(code), state, now - d.DAY, b"one", b"two")  # type: ignore[arg-type]
            for code, state in (("XD", "two"), ("XE", "healed"), ("XF", "doubt"))
        )
        self.view = CopiesView(
            now - d.DAY, "peer", waits, 1, noticed, now - d.HOUR, ("pages",), 0, False, (("op", 100, 4),))  # fmt: skip

    @recorded
    def state(self) -> CopiesView:
        return self.view

    @recorded
    def go_on(self) -> None:
        self.view = replace(self.view, waits=())
        self.desk.touch(v.Changes(status=True))

    @recorded
    def check_now(self, progress: Callable[[int, int], None] | None = None) -> tuple[str, ...]:
        for done in (1, 2, 3):
            if progress:
                progress(done, 3)
        self.view = replace(self.view, checked_at=self.desk.now, problems=())
        return ()
