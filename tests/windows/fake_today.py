"""Dates, practice and hygiene on the fake door."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import fake_data as d
from fake_door import Part, recorded

from valise.desk import views as v
from valise.desk.door_hygiene import Checked
from valise.desk.door_registers import Change, Place, Preview
from valise.desk.door_today import Dated
from valise.domain.training import TASKS, Done

if TYPE_CHECKING:
    from fake_door import FakeDoor

DATES = (
    Dated("1@valise", "2026-12-01", "2026-12-01", "", "deadline", "Registration until", "Plenary of the Global Mechanism",
          "registers", "events/stated//a1", "New York"),
    Dated("2@valise", "2026-12-08", "2026-12-08", "15:30", "meeting", "Date and time", "Call with Borovia on the directory",
          "registers", "consultations/stated//b1", "Geneva", "1. Directory", "TLP:AMBER"),
    Dated("3@valise", "2026-12-08", "2026-12-11", "", "event", "Begins", "Plenary of the Global Mechanism", "registers",
          "events/stated//a1", "New York"),
    Dated("4@valise", "2026-12-08", "2026-12-08", "18:00", "silence", "", "Draft decision on points of contact", "texts", d.TEXT),
    Dated("5@valise", "2026-12-10", "2026-12-10", "", "review", "Review", "XD · 13 (f)", "commitments", "norms/assessed//XD/f",
          internal=True),
    Dated("6@valise", "2026-12-10", "2026-12-10", "", "deadline", "Follow-up due", "Call with Borovia on the directory",
          "registers", "consultations/stated//b1", settled=True),
)  # fmt: skip
GOOD = (
    Checked("lock", "", "settings", "lock.idle_minutes", 5),
    Checked("passphrase", "", "security", "unlocking", 40, d.NOW - 40 * d.DAY),
    Checked("recovery", "", "security", "unlocking:shares", 2, d.NOW - 30 * d.DAY),
    Checked("backup", "", "security", "backups:now", 1, d.NOW - d.DAY),
    Checked("contacts", "", "contacts", "", 0),
    Checked("scrub", "", "security", "checks", 0, d.NOW - d.DAY),
    Checked("version", "", "settings", "", 12, d.NOW - 12 * d.DAY, "0.1.0"),
    Checked("relay", "", "settings", "exchange", 200, d.NOW + 200 * d.DAY),
    Checked("laptops", "", "security", "laptops", 2),
    Checked("key", "", "security", "laptops:key"),
)
BAD = (
    Checked("lock", "late", "settings", "lock.idle_minutes", 30),
    Checked("passphrase", "old", "security", "unlocking", 900, d.NOW - 900 * d.DAY),
    Checked("recovery", "untried", "security", "unlocking:shares", 2),
    Checked("backup", "late", "security", "backups:now", 20, d.NOW - 20 * d.DAY),
    Checked("contacts", "some", "contacts", d.delegation("XD"), 3),
    Checked("scrub", "never", "security", "checks"),
    Checked("version", "old", "settings", "", 300, d.NOW - 300 * d.DAY, "0.1.0"),
    Checked("relay", "ending", "settings", "exchange", 5, d.NOW + 5 * d.DAY),
    Checked("laptops", "one", "security", "laptops", 1),
    Checked("key", "beside", "security", "laptops:key"),
)


class FakeToday(Part):
    part = "today"

    def __init__(self, desk: FakeDoor) -> None:
        super().__init__(desk)
        self.held: tuple[Dated, ...] = () if desk.empty else DATES
        self.preview = Preview(
            "t1", 2, 1,
            (Change(2, Place("consultations", "c1"), "Call with Gallia Minor", "subject", "", "Call with Gallia Minor", True),
             Change(3, Place("consultations", "b1"), "Call with Borovia", "date", "2026-12-08 15:30 UTC", "2026-12-09 15:30 UTC")),
            (), 2, 0,
        )  # fmt: skip

    def dates(self, first: str, last: str, language: str = "en") -> list[Dated]:
        return [one for one in self.held if one.first <= last and one.last >= first]

    @recorded
    def export(self, dates: Sequence[Dated], title: str, to: Path) -> int:
        return len(dates)

    @recorded
    def read(self, register: str, file: Path) -> Preview:
        return self.preview


class FakeTraining(Part):
    part = "training"

    def __init__(self, desk: FakeDoor) -> None:
        super().__init__(desk)
        self.is_on = False
        self.done: tuple[Done, ...] = tuple(Done(task, d.NOW - d.HOUR if task == "verify" else 0) for task in TASKS)

    def on(self) -> bool:
        return self.is_on

    def tasks(self) -> tuple[Done, ...]:
        return self.done

    def partner(self) -> tuple[str, v.SafetyNumber]:
        return d.delegation("XB"), self.desk.contacts.safety(d.delegation("XB"))

    @recorded
    def record(self, to: Path, heading: str, lines: tuple[tuple[str, str], ...]) -> None:
        return None


class FakeHygiene(Part):
    part = "hygiene"

    def __init__(self, desk: FakeDoor) -> None:
        super().__init__(desk)
        self.points: tuple[Checked, ...] = GOOD

    @recorded
    def state(self) -> tuple[Checked, ...]:
        return self.points
