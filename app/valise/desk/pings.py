"""Ping rounds: opening one, asking each delegation alone, what was answered, what officers recorded, what others ask us."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from valise.desk.context import Context
from valise.desk.door_pings import (
    CardPreview,
    Delivery,
    Entry,
    Last,
    Nomination,
    Point,
    Progress,
    Proposal,
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
from valise.desk.door_registers import Place, Registers, Row
from valise.desk.pings_asking import Asking
from valise.desk.pings_directory import REGISTER, Directory, admits, folded, one_of, placed, stamp, where
from valise.desk.rooms import RoomsDesk
from valise.desk.views import Due
from valise.domain.errors import NotAllowed
from valise.domain.ping import marking as markings
from valise.domain.ping import rules
from valise.domain.ping.rules import OUTCOMES, Outcome, Verdict
from valise.vault import pings
from valise.vault.store import Handle

ROUNDS: Final = 12  # as far back as the plot and the directory look
EVERYTHING: Final = Wanted()
NOTHING: Final[Mapping[str, Sequence[str]]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Came:
    """One contact of a round, with all that was said and what came of it."""

    asked: pings.Asked
    heard: pings.Heard
    verdict: Verdict


class PingsDesk:
    """The door's Pings."""

    def __init__(self, context: Context, rooms: RoomsDesk, registers: Registers) -> None:
        from valise.desk.pings_cards import Cards
        from valise.desk.pings_nominate import Nominations
        from valise.desk.pings_report import Reports

        self.context = context
        self.registers = registers
        self.directory = Directory(context, registers)
        self.asking = Asking(context, rooms, self.directory)
        self._cards = Cards(context, registers, self.directory)
        self._cards.asking = self.asking
        self._reports = Reports(self)
        self._notes = Nominations(context, registers, self.directory)
        self.open = self.asking.open
        self.questions = self.asking.questions
        self.answer = self.asking.answer

    # the directory

    def entries(self, wanted: Wanted = EVERYTHING, language: str = "en") -> list[Entry]:
        """Entries by State and label."""
        rows = self.directory.rows(language)
        last, confirmed = self._last()
        return [one for one in self.directory.entries(rows, last, confirmed, language) if admits(wanted, one)]

    def entry(self, contact: str, language: str = "en") -> Entry:
        """NotAllowed("register.row")."""
        last, confirmed = self._last(contact)
        return self.directory.entries([self.directory.row(contact, language)], last, confirmed, language)[0]

    def there(self, contact: str, at: int = 0) -> There | None:
        """The moment (0 = now) where a contact is."""
        cells = self.directory.row(contact).cells
        return where({name: cell.values for name, cell in cells.items()}, at or self.context.clock.now())

    def past(self, contact: str, language: str = "en") -> list[tuple[RoundHead, RoundRow]]:
        """What came of each round that asked one contact, newest first; the heads count this contact alone."""
        row = self.directory.row(contact)
        made = []
        with self.context.read() as handle:
            for name in reversed(pings.rounds_with(handle, contact)):
                round = self._known(handle, name)
                came = self._came(handle, round, contact)
                made.append((_head(round, came), self._rows(handle, came, {contact: row}, language)[0]))
        return made

    def _last(self, contact: str = "") -> tuple[dict[str, Last], dict[str, tuple[int, str]]]:
        """(what came of the newest round, when it was confirmed last and how) by contact. An exercise hides no real round: it is the
        last one only of a contact that no real round asked."""
        last: dict[str, Last] = {}
        confirmed: dict[str, tuple[int, str]] = {}
        with self.context.read() as handle:
            for round in sorted(pings.rounds(handle)[:ROUNDS], key=lambda one: one.exercise):
                for came in self._came(handle, round, contact):
                    name, found = came.asked.contact, came.verdict
                    last.setdefault(name, Last(round.id, round.title, found.outcome, found.how, found.at, round.exercise))
                    if found.outcome in ("confirmed", "late") and not round.exercise:
                        confirmed[name] = max(confirmed.get(name, (0, "")), (found.at, _manner(found)))
        return last, confirmed

    # rounds

    def proposal(self, language: str = "en") -> Proposal:
        """The next round as it could be opened now."""
        with self.context.read() as handle:
            titles = [one.title for one in pings.rounds(handle)]
        return self.asking.proposal(*self._due_since(self.context.clock.now()), titles, language)

    def _due_since(self, now: int) -> tuple[int, int]:
        """(when the last round was opened, since when another is due; 0 = none yet, not yet). Exercises are no rounds."""
        with self.context.read() as handle:
            last = next((one.at for one in pings.rounds(handle) if not one.exercise), 0)
        due = rules.next_round(last)
        return last, (due or now) if due <= now else 0

    def rounds(self) -> list[RoundHead]:
        """Every round, newest first."""
        with self.context.read() as handle:
            return [_head(one, self._came(handle, one)) for one in pings.rounds(handle)]

    def round(self, round: str, language: str = "en") -> RoundView:
        """NotAllowed("ping.unknown")."""
        with self.context.read() as handle:
            known = self._known(handle, round)
            came = self._came(handle, known)
            rows = {one.place.row: one for one in self.directory.rows(language, [one.asked.contact for one in came])}
            return RoundView(_head(known, came), tuple(self._rows(handle, came, rows, language)))

    def record(
        self, round: str, contact: str, outcome: str, *, channel: str, at: int, asked_at: int = 0, words: str = "",
        changes: Mapping[str, Sequence[str]] = NOTHING,
    ) -> str:  # fmt: skip
        """What an officer found out by telephone or letter; takes the place of what was recorded before."""
        with self.context.write() as tx:
            known = self._known(tx, round)
            asked = self._one(tx, known, contact)
            self.asking.may(asked.asked.state)
            body = rules.recorded(
                round, contact, outcome, channel, asked_at=asked_at or known.at, at=at, now=self.context.clock.now(), words=words,
                changes={name: tuple(value) for name, value in changes.items()}, replaces=rules.standing(asked.heard.records),
            )  # fmt: skip
            return self.context.author(tx, self.asking.internal(), "ping.record", body).op.id

    def close(self, round: str) -> None:
        """Nobody waits any more. NotAllowed("ping.unknown" | "ping.closed")."""
        with self.context.write() as tx:
            if self._known(tx, round).closed_at:
                raise NotAllowed("ping.closed", "the round is closed")
            self.context.author(tx, self.asking.internal(), "ping.close", {"round": round})

    def take(self, round: str, contact: str) -> str:
        """Take the correction of an answer into the entry. NotAllowed("ping.unknown" | "ping.nothing" | "ping.exercise" |
        "register.*")."""
        with self.context.write() as tx:
            known = self._known(tx, round)
            found = self._one(tx, known, contact).verdict
            if known.exercise:
                raise NotAllowed("ping.exercise", "nothing of an exercise is taken into an entry")
            if found.differs or found.outcome not in ("confirmed", "late"):
                raise NotAllowed("ping.nothing", "nothing was confirmed that could be taken")
            values: dict[str, Sequence[str]] = {name: value for name, value in found.changes.items()}
            values["last_confirmed"] = [stamp(min(found.at, self.context.clock.now()))]  # whatever their clock says
            values["confirmed_how"] = [_manner(found)]
            return self.registers.set(Place(REGISTER, contact), values, note=known.title)

    def reach(self, contacts: Sequence[str] = (), *, exercises: bool = False, language: str = "en") -> Reach:
        """Reachability over the newest rounds, oldest of them first; rows by State and label."""
        wanted = set(contacts)
        heads: list[RoundHead] = []
        points: dict[str, dict[str, Point]] = {}
        told: dict[str, tuple[str, str]] = {}
        rows = {one.place.row: one for one in self.directory.rows()}
        with self.context.read() as handle:
            for round in reversed([one for one in pings.rounds(handle) if exercises or not one.exercise][:ROUNDS]):
                came = self._came(handle, round)
                heads.append(_head(round, came))
                for one in came:
                    name = one.asked.contact
                    if wanted and name not in wanted:
                        continue
                    told[name] = (one.asked.state, self.directory.told(one.asked.label, language))
                    cells = {key: cell.values for key, cell in rows[name].cells.items()} if name in rows else {}
                    place = where(cells, _asked_at(one, round))
                    points.setdefault(name, {})[round.id] = Point(
                        round.id, one.verdict.outcome, one.verdict.latency, place.open if place else None, place.holiday if place else ""
                    )
        names = self.directory.states(language)
        tracks = [
            Track(name, state, names.get(state, state), label, tuple(points[name].get(one.id) for one in heads))
            for name, (state, label) in told.items()
        ]
        return Reach(tuple(heads), tuple(sorted(tracks, key=lambda one: (*placed(one.state, language), folded(one.label), one.contact))))

    # files

    def report(
        self, round: str, form: str, to: Path, *, marking: str = "", state: str = "", language: str = "en",
        progress: Progress | None = None,
    ) -> Reported:  # fmt: skip
        return self._reports.write(round, form, to, marking=marking, state=state, language=language, progress=progress)

    def cards(self, contacts: Sequence[str], to: Path, *, version: Version = "4.0", marking: str = "") -> Reported:
        return self._cards.write(contacts, to, version=version, marking=marking)

    def read_cards(self, file: Path) -> CardPreview:
        return self._cards.read(file)

    def take_cards(
        self, token: str, chosen: Sequence[int], fill: Mapping[int, Mapping[str, Sequence[str]]] = MappingProxyType({})
    ) -> int:
        return self._cards.take(token, chosen, fill)

    def nominate(self, nomination: Nomination, to: Path) -> Sent:
        return self._notes.write(nomination, to)

    def due(self, language: str = "en") -> list[Due]:
        """A round that should be opened, questions to us, rounds that ended and corrections nobody has taken. The last value is
        "exercise" where it is of one, so that no sentence can leave it out."""
        now = self.context.clock.now()
        made = [
            Due("contacts", f"ask:{one.id}", "ping.asked",
                (f"{one.code} {one.name}", str(one.due), "exercise" if one.exercise else ""), one.at)
            for one in self.questions() if not one.says
        ]  # fmt: skip
        last, since = self._due_since(now)
        if since and any(not one.hindered for one in self.asking.proposal(last, since).candidates):
            made.append(Due("contacts", "rounds", "ping.round_due", (str(last),), since))
        with self.context.read() as handle:
            for round in pings.rounds(handle):
                if round.closed_at:
                    continue
                came, mark = self._came(handle, round), "exercise" if round.exercise else ""
                open_ = sum(1 for one in came if one.verdict.outcome not in ("confirmed", "late"))
                if round.due < now:
                    made.append(Due("contacts", f"round:{round.id}", "ping.round_over", (round.title, str(open_), mark), round.due))
                for one in came:
                    told = (self.directory.told(one.asked.label, language), one.asked.state, mark)
                    if one.verdict.outcome == "wrong contact":
                        made.append(Due("contacts", f"round:{round.id}", "ping.wrong", told, one.verdict.at))
                    elif one.verdict.differs or (not round.exercise and self._corrects(one)):
                        made.append(Due("contacts", f"round:{round.id}", "ping.differs", told, one.verdict.at))
        return made

    def _corrects(self, one: Came) -> bool:
        """Whether an answer says otherwise than the entry does now: nobody has taken it yet."""
        if not one.verdict.changes:
            return False
        try:
            cells = self.directory.row(one.asked.contact).cells
        except NotAllowed:
            return False
        return any(cells[name].values != values for name, values in one.verdict.changes.items() if name in cells)

    # within

    def _known(self, handle: Handle, round: str) -> pings.Round:
        found = pings.round_of(handle, round)
        if found is None:
            raise NotAllowed("ping.unknown", "there is no such round")
        return found

    def _came(self, handle: Handle, round: pings.Round, contact: str = "") -> list[Came]:
        own, now = self.context.own, self.context.clock.now()
        heard = pings.heard(handle, round.id, own.delegation, own.device, contact)
        asked = pings.asked(handle, round.id, contact)
        return [Came(one, heard[one.contact], _verdict(round, heard[one.contact], now)) for one in asked]

    def _one(self, handle: Handle, round: pings.Round, contact: str) -> Came:
        came = self._came(handle, round, contact)
        if not contact or not came:
            raise NotAllowed("ping.unknown", "this contact was not asked in this round")
        return came[0]

    def _rows(self, handle: Handle, came: Sequence[Came], rows: Mapping[str, Row], language: str) -> list[RoundRow]:
        names = self.directory.states(language)
        own = self.context.own.delegation
        made = []
        for one in came:
            asked, found = one.asked, one.verdict
            cells: dict[str, Any] = dict(rows[asked.contact].cells) if asked.contact in rows else {}
            fields = {name: cell.values for name, cell in cells.items()}
            said = next((each for each in one.heard.answers if each.answer.id == found.counted), None)
            note = next((each for each in one.heard.records if each.id == found.counted), None)
            asked_at = one.heard.asks[0].at if one.heard.asks else note.asked_at if note else 0
            delivery: Delivery = pings.carried(handle, one.heard.sent, own)
            made.append(RoundRow(
                asked.contact, asked.state, names.get(asked.state, asked.state), self.directory.told(asked.label, language), asked.way,
                found.outcome, found.how, asked_at, found.at, said.received_at if said else 0, found.latency, found.doubt, found.differs,
                said.officer if said else "", found.channel, found.words, found.changes, delivery,
                markings.of(one_of(fields, "marking")), where(fields, asked_at) if asked_at else None, found.counted,
                _taken(found, fields, self.context.clock.now()),
            ))  # fmt: skip
        return made


def _asked_at(one: Came, round: pings.Round) -> int:
    return one.heard.asks[0].at if one.heard.asks else round.at


def _taken(found: Verdict, fields: Mapping[str, tuple[str, ...]], now: int) -> bool:
    """Whether the entry says already what was confirmed, and that it was, then or later."""
    return (
        found.outcome in ("confirmed", "late")
        and one_of(fields, "last_confirmed") >= stamp(min(found.at, now))
        and all(fields.get(name, ()) == tuple(values) for name, values in found.changes.items())
    )


def _manner(found: Verdict) -> str:
    """How an entry was confirmed, as its register has it."""
    if found.how == "signed":
        return "ping"
    return found.channel if found.channel in ("meeting", "note") else "call"


def _verdict(round: pings.Round, heard: pings.Heard, now: int) -> Verdict:
    answers = [one.answer for one in heard.answers]
    return rules.verdict(heard.asks, answers, heard.records, due=round.due, now=now, closed=bool(round.closed_at))


def _head(round: pings.Round, came: Sequence[Came]) -> RoundHead:
    counts: dict[Outcome, int] = {}
    for outcome in OUTCOMES:
        if many := sum(1 for one in came if one.verdict.outcome == outcome):
            counts[outcome] = many
    return RoundHead(
        round.id, round.title, round.forum, round.at, round.due, round.closed_at, round.exercise, round.officer, round.words,
        len(came), counts,
    )  # fmt: skip
