"""The door to dates: everything of the vault that has one, to be looked at as a calendar and taken along as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from valise.desk.door_registers import Preview

Sort = Literal["meeting", "event", "review", "deadline", "silence", "sign-on", "date"]


@dataclass(frozen=True, slots=True)
class Dated:
    """One date. `first` and `last`: YYYY-MM-DD, by the calendar of UTC; `time` "HH:MM" UTC where it is a moment, else "".
    `what` says which date of the thing it is ("Answer by"), `title` names the thing. `settled`: nothing is left to do.
    `uid` is the same in every export. `screen` and `ref` say where it stands."""

    uid: str
    first: str
    last: str
    time: str
    sort: Sort
    what: str
    title: str
    screen: str
    ref: str
    place: str = ""
    text: str = ""
    marking: str = ""
    settled: bool = False
    internal: bool = False  # what our delegation assessed
    column: str = ""  # of the register it stands in


class Today(Protocol):
    def dates(self, first: str, last: str, language: str = "en") -> list[Dated]:
        """Everything from the first day to the last one (YYYY-MM-DD), in order; at most 5,000."""
        ...

    def export(self, dates: Sequence[Dated], title: str, to: Path) -> int:
        """Write these but the internal ones as iCalendar (RFC 5545), read again before it is there; how many.
        Misread("ics.*"), Unavailable("file.unwritable")."""
        ...

    def read(self, register: str, file: Path) -> Preview:
        """What taking a calendar into "consultations" or "events" would change; taken by Registers.take. Entries that we exported
        change their own rows, others make rows, the same ones when they are read again. NotAllowed("today.register"),
        Misread("ics.*"), Refused("format.*"), Unavailable("format.no_child")."""
        ...
