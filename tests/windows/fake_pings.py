"""Points of contact and rounds, of the fake door: enough of the real behaviour to work on the window with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import fake_data as d
from fake_door import FakeDoor, Part, recorded

from valise.desk.door_pings import (
    Candidate,
    CardField,
    CardPreview,
    CardRead,
    Entry,
    Last,
    Nomination,
    Point,
    Progress,
    Proposal,
    Question,
    Reach,
    Reported,
    RoundHead,
    RoundRow,
    RoundView,
    Sent,
    There,
    Track,
    Version,
    Wanted,
)
from valise.desk.pings_directory import admits
from valise.desk.views import Changes, Due
from valise.domain.errors import NotAllowed
from valise.domain.ping.rules import OUTCOMES

NOTHING: Mapping[str, Sequence[str]] = MappingProxyType({})
ZONES = {"XB": ("03:40", 1, 780), "XC": ("17:10", 0, 60), "XD": ("11:10", 0, -300), "XE": ("16:10", 0, 0), "XF": ("01:10", 1, 540)}
EVERYTHING = Wanted()
FIRST, SECOND, PRACTICE = (d.ident(f"round {n}") for n in range(3))


def place(state: str, *, open: bool | None = True, holiday: str = "") -> There:
    clock, weekday, offset = ZONES.get(state, ("12:00", 0, 0))
    return There(clock, "2026-12-01", weekday, offset, holiday, open)


def entry(state: str, category: str = "technical", n: int = 0, **more: Any) -> Entry:
    """A whole entry."""
    names = {"technical": "Technical", "diplomatic": "Diplomatic"}
    institution = {"technical": "National computer emergency team", "diplomatic": "Ministry of Foreign Affairs"}[category]
    fields: dict[str, tuple[str, ...]] = {
        "state": (state,), "directory": ("UN-Global",), "category": (category,), "entry_kind": ("role",),
        "institution": (institution,), "official_position": ("Duty officer",), "email": (f"{category}@{state.casefold()}.example",),
        "phone": ("+41225550100",), "languages": ("fr", "en"), "hours": ("Mo-Fr 09:00-17:00",), "time_zone": ("Europe/Zurich",),
        "preferred_channel": ("telephone",), "source_document": ("Note verbale 12/2026, 15 January 2026",), "valid_from": ("2026-01-15",),
        "review": ("2027-01-15",), "marking": ("TLP:AMBER",), "status": ("active",),
    }  # fmt: skip
    fields |= more.pop("fields", {})
    shown = {name: ", ".join(values) for name, values in fields.items()} | {"category": names[category], "languages": "Français, English",
             "directory": "Global directory of the United Nations", "entry_kind": "Role", "status": "Active"}  # fmt: skip
    made = Entry(
        f"contact-{state}-{category}", n, state, d.NAMES.get(state, state), fields, shown,
        f"{names[category]}, {institution}, Duty officer", place(state, open=state not in ("XB", "XF")), "TLP:AMBER", False, False,
        "here" if state in ("XB", "XC", "XD") else "outside", d.delegation(state), (), None, 0, "", d.NOW - 40 * d.DAY, "XA, Second Secretary",
    )  # fmt: skip
    return replace(made, **more)


def row(one: Entry, outcome: str, latency: int | None, **more: Any) -> RoundRow:
    """What came of one contact."""
    asked = d.NOW - 20 * d.DAY
    how = "signed" if latency is not None and one.way == "here" else "recorded" if latency is not None or outcome == "bounced" else ""
    at = asked + (latency or d.HOUR) if how else 0
    made = RoundRow(
        one.contact, one.state, one.state_name, one.label, one.way, outcome, how, asked, at, at + 2 * d.MINUTE if how == "signed" else 0,  # type: ignore[arg-type]
        latency, False, False, "Duty officer" if how == "signed" else "", "telephone" if how == "recorded" else "", "", {},
        "delivered" if one.way == "here" and not how else "", one.marking, one.there,
    )  # fmt: skip
    return replace(made, **more)


class FakePings(Part):
    part = "pings"

    def __init__(self, desk: FakeDoor) -> None:
        super().__init__(desk)
        self.rows: dict[str, Entry] = {}
        self.views: dict[str, RoundView] = {}
        self.asked: list[Question] = []
        self.written: list[Path] = []
        if not desk.empty:
            self._fill()

    def _fill(self) -> None:
        for n, (state, category) in enumerate((s, c) for s in ("XB", "XC", "XD", "XE", "XF") for c in ("diplomatic", "technical")):
            one = entry(state, category, n)
            self.rows[one.contact] = one
        every = list(self.rows.values())
        results = [
            ("confirmed", 40 * d.MINUTE), ("late", 9 * d.DAY), ("no reply", None), ("confirmed", 3 * d.HOUR), ("wrong contact", 2 * d.HOUR),
            ("waiting", None), ("bounced", None), ("confirmed", 26 * d.HOUR), ("no reply", None), ("confirmed", 5 * d.MINUTE),
        ]  # fmt: skip
        for round, title, ago, exercise, shift in ((FIRST, "2026/1", 180, False, 3), (SECOND, "2026/2", 20, False, 0), (PRACTICE, "Rehearsal", 60, True, 5)):
            rows = tuple(
                row(one, *results[(n + shift) % 10], asked_there=replace(one.there, holiday="National day" if n == 3 else "") if one.there else None)
                for n, one in enumerate(every)
            )  # fmt: skip
            self._keep(RoundHead(round, title, "Global directory", d.NOW - ago * d.DAY, d.NOW - (ago - 14) * d.DAY,
                                 0 if round == SECOND else d.NOW - 10 * d.DAY, exercise, "Second Secretary", "", 0, {}), rows)  # fmt: skip
        found = {one.contact: one for one in self.views[SECOND].rows}
        corrected = replace(found["contact-XB-technical"], changes={"phone": ("+41225550199",)}, words="The number has changed.")
        self._row(SECOND, corrected)
        for name, one in self.rows.items():
            came = found[name]
            self.rows[name] = replace(one, last=Last(SECOND, "2026/2", came.outcome, came.how, came.at, False),
                                      confirmed_at=came.at if came.outcome in ("confirmed", "late") else 0, confirmed_how="ping")  # fmt: skip
        self.rows["contact-XD-technical"] = replace(self.rows["contact-XD-technical"], overdue=True)
        self.asked = [
            Question(d.ident("ask 1"), d.delegation("XB"), "XB", "Borovia", "Second round 2026", "Global directory", "Technical", d.NOW + 6 * d.DAY,
                     False, "TLP:AMBER", (("institution", ("National team of Aurelia",)), ("email", ("duty@xa.example",)),
                                          ("languages", ("en", "fr"))), d.NOW - d.DAY, d.NOW - d.DAY),
            Question(d.ident("ask 2"), d.delegation("XC"), "XC", "Castellan Republic", "Spring round", "", "Diplomatic", d.NOW - 100 * d.DAY, True,
                     "TLP:GREEN", (("email", ("ministry@xa.example",)),), d.NOW - 120 * d.DAY, d.NOW - 120 * d.DAY, "confirmed",
                     d.NOW - 119 * d.DAY, "Second Secretary"),
        ]  # fmt: skip

    def _keep(self, head: RoundHead, rows: tuple[RoundRow, ...]) -> None:
        counts = {one: many for one in OUTCOMES if (many := sum(each.outcome == one for each in rows))}
        self.views[head.id] = RoundView(replace(head, asked=len(rows), counts=counts), rows)

    def _row(self, round: str, one: RoundRow) -> None:
        view = self.views[round]
        self._keep(view.head, tuple(one if each.contact == one.contact else each for each in view.rows))
        self.desk.touch(Changes(registers=frozenset({"contacts"})))

    # the door

    @recorded
    def entries(self, wanted: Wanted = EVERYTHING, language: str = "en") -> list[Entry]:
        return [one for one in self.rows.values() if admits(wanted, one)]

    @recorded
    def entry(self, contact: str, language: str = "en") -> Entry:
        return self.rows[contact]

    @recorded
    def there(self, contact: str, at: int = 0) -> There | None:
        return self.rows[contact].there

    @recorded
    def past(self, contact: str, language: str = "en") -> list[tuple[RoundHead, RoundRow]]:
        every = sorted(self.views.values(), key=lambda one: -one.head.at)
        return [(view.head, each) for view in every for each in view.rows if each.contact == contact]

    @recorded
    def proposal(self, language: str = "en") -> Proposal:
        made = [Candidate(one.contact, one.state, one.label, one.way) for one in self.rows.values()]
        made.append(Candidate("own", "XA", "Technical, our own team", "outside", "own"))
        return Proposal("2027/1", d.NOW - 20 * d.DAY, 0, 4_102_444_800_000, tuple(made))  # far enough for any clock

    @recorded
    def rounds(self) -> list[RoundHead]:
        return sorted((one.head for one in self.views.values()), key=lambda one: -one.at)

    @recorded
    def round(self, round: str, language: str = "en") -> RoundView:
        return self.views[round]

    @recorded
    def open(
        self, title: str, *, due: int, contacts: Sequence[str], forum: str = "", exercise: bool = False, words: str = "",
        outside: Sequence[str] = (), progress: Progress | None = None,
    ) -> str:  # fmt: skip
        made = d.ident(f"round {title} {len(self.views)}")
        rows = tuple(row(self.rows[one], "waiting", None) for one in contacts)
        self._keep(RoundHead(made, title, forum, d.NOW, due, 0, exercise, "Second Secretary", words, 0, {}), rows)
        self.desk.touch(Changes(registers=frozenset({"contacts"})))
        return made

    @recorded
    def record(
        self, round: str, contact: str, outcome: str, *, channel: str, at: int, asked_at: int = 0, words: str = "",
        changes: Mapping[str, Sequence[str]] = NOTHING,
    ) -> str:  # fmt: skip
        one = next(each for each in self.views[round].rows if each.contact == contact)
        came: Any = "confirmed" if outcome == "answered" else outcome
        self._row(round, replace(one, outcome=came, how="recorded", channel=channel, at=at, words=words, latency=at - asked_at))
        return d.ident(f"record {contact}")

    @recorded
    def close(self, round: str) -> None:
        view = self.views[round]
        if view.head.closed_at:
            raise NotAllowed("ping.closed")
        self._keep(replace(view.head, closed_at=d.NOW), view.rows)
        self.desk.touch(Changes(registers=frozenset({"contacts"})))

    @recorded
    def take(self, round: str, contact: str) -> str:
        one = next(each for each in self.views[round].rows if each.contact == contact)
        held = self.rows[contact]
        self.rows[contact] = replace(held, fields={**held.fields, **one.changes}, shown={**held.shown, **{k: ", ".join(v) for k, v in one.changes.items()}})
        self.desk.touch(Changes(registers=frozenset({"contacts"})))
        return d.ident("taken")

    @recorded
    def reach(self, contacts: Sequence[str] = (), *, exercises: bool = False, language: str = "en") -> Reach:
        views = sorted((one for one in self.views.values() if exercises or not one.head.exercise), key=lambda one: one.head.at)
        tracks = []
        for one in self.rows.values():
            points = []
            for view in views:
                came = next((each for each in view.rows if each.contact == one.contact), None)
                there = came.asked_there if came else None
                points.append(Point(view.head.id, came.outcome, came.latency, there.open if there else None, there.holiday if there else "")
                              if came else None)  # fmt: skip
            tracks.append(Track(one.contact, one.state, one.state_name, one.label, tuple(points)))
        return Reach(tuple(view.head for view in views), tuple(tracks) if views else ())

    @recorded
    def report(
        self, round: str, form: str, to: Path, *, marking: str = "", state: str = "", language: str = "en",
        progress: Progress | None = None,
    ) -> Reported:  # fmt: skip
        self.written.append(to)
        return Reported(len(self.views[round].rows), 0)

    @recorded
    def questions(self) -> list[Question]:
        return list(self.asked)

    @recorded
    def answer(self, question: str, says: str, *, changes: Mapping[str, Sequence[str]] = NOTHING, words: str = "") -> str:
        told = {name: tuple(values) for name, values in changes.items()}
        self.asked = [
            replace(one, says=says, said_at=d.NOW, said_by="Second Secretary", changes=told, words=words) if one.id == question else one
            for one in self.asked
        ]
        self.desk.touch(Changes(registers=frozenset({"contacts"})))
        return d.ident("answer")

    @recorded
    def cards(self, contacts: Sequence[str], to: Path, *, version: Version = "4.0", marking: str = "") -> Reported:
        self.written.append(to)
        return Reported(len(contacts), 0)

    @recorded
    def read_cards(self, file: Path) -> CardPreview:
        return CardPreview("token", (
            CardRead(0, "Duty officer", "contact-XB-technical", (CardField("phone", ("+41225550100",), ("+41225550188",)),), (), 2),
            CardRead(1, "<b>New</b> team", "", (CardField("institution", (), ("<b>New</b> team",)),), ("source_document",), 0),
            CardRead(2, "Somebody", "", (CardField("full_name", (), ("Somebody",)),), ("state", "institution", "source_document"), 0),
        ))  # fmt: skip

    @recorded
    def take_cards(self, token: str, chosen: Sequence[int], fill: Mapping[int, Mapping[str, Sequence[str]]] = MappingProxyType({})) -> int:
        self.desk.touch(Changes(registers=frozenset({"contacts"})))
        return len(chosen)

    @recorded
    def nominate(self, nomination: Nomination, to: Path) -> Sent:
        self.written.append(to)
        return Sent("2026/007", "letter", to)

    @recorded
    def due(self, language: str = "en") -> list[Due]:
        return []
