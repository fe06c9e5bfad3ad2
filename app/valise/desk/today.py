"""Every date of the vault in one order: registers, silence, sign-on. And what of the registers is due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

from valise.desk import views
from valise.desk.context import Context
from valise.desk.door_registers import Filter, Place, Preview, Row
from valise.desk.door_today import Dated, Sort
from valise.desk.joint import JointDesk
from valise.desk.registers import RegistersDesk
from valise.domain import training
from valise.domain.errors import NotAllowed, Unavailable
from valise.domain.register.definition import SIDES, Column, Definition
from valise.vault import registers
from valise.vault import registers_look as look
from valise.vault.store import Handle

MOST: Final = 5_000
MOST_DUE: Final = 25  # rows of one register that are named; more are counted
AHEAD: Final = 3  # days before a deadline from which on it is due
BEHIND: Final = 366  # and days after which nobody is reminded of it any more
_DAY: Final = 24 * 3600 * 1000
# Columns by the part they play, whatever register they stand in; every other date is only a date.
DEADLINES: Final = frozenset({"follow_by", "answer_by", "due", "register_by", "embargo"})
MEETINGS: Final[dict[tuple[str, str], Sort]] = {("consultations", "date"): "meeting", ("events", "begins"): "event"}
REVIEW: Final = "review"
_ENDS: Final = {"begins": "ends", "next_begins": "next_ends"}
# Choices of a column "status" after which nothing is left to do.
SETTLED: Final = frozenset(
    {"done", "dropped", "answered", "no-answer", "superseded", "withdrawn", "removed", "released", "met"}
)


class HasDue(Protocol):
    """A use case that knows what of its own needs a person."""

    def due(self) -> Sequence[views.Due]: ...


def collected(sources: Iterable[HasDue]) -> Iterator[views.Due]:
    """Everything due of every source."""
    for one in sources:
        yield from one.due()


class TodayDesk:
    """door_today.Today."""

    def __init__(self, context: Context, registers: RegistersDesk, joint: JointDesk) -> None:
        self.context = context
        self._registers = registers
        self._joint = joint
        self._day = ""
        self._held: dict[tuple[str, str], list[views.Due]] = {}  # (register, language) -> what of it is due on that day
        context.subscribe(self._changed)

    # -- the calendar

    def dates(self, first: str, last: str, language: str = "en") -> list[Dated]:
        """See door_today."""
        with self._registers.book.official():  # a calendar is written of them
            return self._dates(first, last, language)

    def _dates(self, first: str, last: str, language: str) -> list[Dated]:
        found: list[Dated] = []
        for definition in self._registers.definitions():
            columns = [one for one in definition.columns if one.kind in ("date", "moment") and not _end(definition, one)]
            if columns:
                found += self._of(definition, columns, first, last, language)
        with self.context.read() as handle:
            found += [one for one in self._silences(handle) if first <= one.first <= last]
        found += [one for one in self._sign_ons() if first <= one.first <= last]
        found.sort(key=lambda one: (one.first, one.time, one.title.casefold(), one.uid))
        return found[:MOST]

    def _of(
        self, definition: Definition, columns: Sequence[Column], first: str, last: str, language: str
    ) -> Iterator[Dated]:
        """The dates of one register, on both its sides, in our own room and in others."""
        with self.context.read() as handle:
            rows = self._ids(handle, definition, columns, first, last)
        yield from self._read(definition, columns, rows[:MOST], first, last, language)

    def _read(
        self, definition: Definition, columns: Sequence[Column], rows: Sequence[int], first: str, last: str, language: str
    ) -> Iterator[Dated]:
        for row in self._registers.page(rows, language):
            if not row.gone:
                for column in columns:
                    yield from _dated(definition, column, row, first, last, language)

    def _ids(
        self, handle: Handle, definition: Definition, columns: Sequence[Column], first: str, last: str, *, open_only: bool = False
    ) -> list[int]:
        """Rows with one of these dates between the two days, or that began before and have not ended, the latest first; by the
        index of values alone. `open_only`: without those of which nothing is left to do."""
        names = [one.id for one in columns]
        marks = ",".join("?" * len(names))
        fields = handle.rows(
            "select register_column.id, register_column.field, register_column.space from register_column"
            " join register_space on register_space.id = register_column.space"
            f" where register_space.register = ? and register_column.field in ({marks})",
            (definition.id, *names),
        )
        made: dict[int, str] = {}
        for number, field, space in fields:
            done = handle.value("select id from register_column where space = ? and field = 'status'", (space,)) if open_only else None
            settled = ",".join("?" * len(SETTLED))
            but = f" and row not in (select row from register_cell where field = ? and sort in ({settled}))" if done else ""
            more = (done, *sorted(SETTLED)) if done else ()
            bounds: list[tuple[str, tuple[object, ...]]] = [("field = ? and sort >= ? and sort < ?", (number, first, _after(last)))]
            end = _ENDS.get(field)
            if end and (other := handle.value("select id from register_column where space = ? and field = ?", (space, end))):
                bounds.append(("field = ? and sort >= ?", (other, first)))
            for where, values in bounds:
                for row, day in handle.rows(
                    f"select row, sort from register_cell where {where}{but} order by sort desc limit ?", (*values, *more, MOST)
                ):
                    made[row] = max(made.get(row, ""), day)
        for number, day in self._shipped(handle, definition, names, first, last):
            made[number] = max(made.get(number, ""), day)
        return sorted(made, key=lambda row: made[row], reverse=True)

    def _shipped(
        self, handle: Handle, definition: Definition, names: Sequence[str], first: str, last: str
    ) -> Iterator[tuple[int, str]]:
        """The same of what the program ships, where nobody may have written: (row, day). They are few."""
        place = Place(definition.id, "")
        space = registers.space(handle, definition.id, place.side, place.room)
        for key, cells in self._registers.book.given(definition, place.side, place.room).items():
            for name in names if cells else ():
                for begins in cells.get(name, ()):
                    until = max((begins, *cells.get(_ENDS.get(name, ""), ())))
                    if begins <= _after(last) and until >= first:
                        stored = look.by_key(handle, space, key) if space is not None else None
                        yield stored.id if stored else self._registers.looking.number(replace(place, row=key)), begins

    def _silences(self, handle: Handle) -> Iterator[Dated]:
        for name, title, until in handle.rows("select id, title, silence_until from text where silence_until > 0"):
            day, time = _moment(until)
            yield Dated(_uid("silence", name), day, day, time, "silence", "", title, "texts", name)

    def _sign_ons(self) -> Iterator[Dated]:
        for one in self._joint.all():
            if one.until and not one.closed and not one.newer:
                day, time = _moment(one.until)
                yield Dated(_uid("joint", one.id), day, day, time, "sign-on", "", one.title, "texts", one.id)

    def export(self, dates: Sequence[Dated], title: str, to: Path) -> int:
        """See door_today."""
        from valise.formats import ics, whole

        practice = self.context.training
        entries = [
            ics.Entry(
                one.uid, f"{training.MARK} · {_titled(one)}" if practice else _titled(one),
                f"{one.first}T{one.time}Z" if one.time else one.first,
                "" if one.time or one.last == one.first else one.last, place=one.place, text=one.text,
                topics=(one.what,) if one.what else (), marking=training.marking(practice, one.marking),
            )
            for one in dates
            if not one.internal  # a calendar is carried about: what we assessed of others stays here
        ]  # fmt: skip
        made = ics.written(entries, title, self.context.clock.now())
        try:
            whole.put(to, made)
        except OSError:
            raise Unavailable("file.unwritable", "the file cannot be written") from None
        return len(entries)

    def read(self, register: str, file: Path) -> Preview:
        """See door_today."""
        from valise.desk import today_in
        from valise.formats import ics

        if register not in today_in.TAKEN:
            raise NotAllowed("today.register", "no calendar is read into this register")
        entries = ics.read(file)
        definition = self._registers.definition(register)
        rows = {one.place.row: one for one in self._registers.page(self._registers.ids(register), "en")}
        dates = [one.id for one in definition.columns if one.kind in ("date", "moment")]
        here = {_uid(register, SIDES[0], row, column): (row, column) for row in rows for column in dates}
        ours = {one.uid: here[one.uid] for one in entries if one.uid in here}
        if len(ours) < len(entries):  # dates of other registers that were exported with these
            others = self._exported()
            entries = [one for one in entries if one.uid in ours or one.uid not in others]
        made = self._registers.files.imports.preview(
            definition, SIDES[0], today_in.lines(register, entries, ours, rows)
        )
        return replace(
            made, series=sum(one.repeats for one in entries), floating=sum(one.floating for one in entries),
            whole_days=sum(today_in.loses_days(register, one) for one in entries if one.uid not in ours),
        )  # fmt: skip

    def _exported(self) -> set[str]:
        """The identifiers of every date in a register of ours."""
        with self.context.read() as handle:
            rows = handle.rows(
                "select register, side, key from register_row join register_space on register_space.id = space where room = ''"
            )
        dates = {
            one.id: [column.id for column in one.columns if column.kind in ("date", "moment")]
            for one in self._registers.definitions()
        }
        rows += [(one.id, SIDES[0], key) for one in self._registers.definitions() for key, cells in
                 self._registers.book.given(one, SIDES[0], "").items() if cells]  # fmt: skip
        return {_uid(register, side, row, column) for register, side, row in rows for column in dates.get(register, ())}

    # -- what is due

    def due(self, language: str = "en") -> list[views.Due]:
        """Late reviews by register, deadlines that are near or gone by, and what takes place today or tomorrow; titles in a language.
        Asked for at every turn of the window: a register is looked at again only when it changed, or the day or a State's name did."""
        now = self.context.clock.now()
        today = _moment(now)[0]
        if self._day != today:
            self._day = today
            self._held.clear()
        found: list[views.Due] = []
        for definition in self._registers.definitions():
            held = (definition.id, language)
            if held not in self._held:
                self._held[held] = self._due(definition, today, language)
            found += self._held[held]
        return sorted(found, key=lambda one: one.at)

    def _changed(self, changes: views.Changes) -> None:
        if changes.settings:
            self._held.clear()
        for held in list(self._held):
            if held[0] in changes.registers:
                self._held.pop(held, None)

    def _since(self, row: int) -> int:
        """The day for which the review of a row was noted, ms UTC; 0 where that is no day."""
        cell = self._registers.page([row])[0].cells.get(REVIEW)
        day = next((one for one in cell.values if _is_day(one)), "") if cell else ""
        return int(datetime.fromisoformat(f"{day}T00:00+00:00").timestamp() * 1000) if day else 0

    def _due(self, definition: Definition, today: str, language: str) -> list[views.Due]:
        found: list[views.Due] = []
        screen = _screen(definition)
        for side in definition.sides:
            if two := self._registers.ids(definition.id, side, filter=Filter(differs=True)):
                row = self._registers.page(two[:1])[0]
                found.append(views.Due(screen, _ref(row.place), "register.differs", (definition.id, str(len(two))), row.changed_at))
        if definition.review and definition.column(REVIEW):
            for side in definition.sides:
                late = self._registers.ids(definition.id, side, filter=Filter(due=today), sort=REVIEW)
                if late:
                    told = (definition.id, str(len(late)))
                    found.append(views.Due(screen, f"{definition.id}/#{side}", "register.review", told, self._since(late[0])))
        columns = [
            one for one in definition.columns
            if one.kind in ("date", "moment") and _sort(definition, one) in ("deadline", "meeting", "event")
        ]  # fmt: skip
        if not columns:
            return found
        first, last = _days(today, -BEHIND), _days(today, AHEAD)
        with self.context.read() as handle:
            rows = self._ids(handle, definition, columns, first, last, open_only=True)
        if len(rows) > MOST_DUE:
            found.append(views.Due(screen, f"{definition.id}/#stated", "register.more", (definition.id, str(len(rows) - MOST_DUE)), 0))
        for one in self._read(definition, columns, rows[:MOST_DUE], first, last, language):
            at = _ms(one)
            if one.settled:
                continue
            if one.sort == "deadline":
                code = "register.overdue" if one.first < today else "register.deadline"
                found.append(views.Due(screen, one.ref, code, (one.title, f"{definition.id}:{one.column}", str(at)), at))
            elif today <= one.last and one.first <= _days(today, 1):
                code = "date.meeting" if one.sort == "meeting" else "date.event"
                found.append(views.Due(screen, one.ref, code, (one.title, str(at) if one.time else one.first), at))
        return found


def _dated(definition: Definition, column: Column, row: Row, first: str, last: str, language: str) -> Iterator[Dated]:
    cell = row.cells.get(column.id)
    end = row.cells.get(_ENDS.get(column.id, ""))
    for value in cell.values if cell else ():
        day, time = (value[:10], value[11:16]) if column.kind == "moment" else (value[:10], "")
        until = max(day, end.values[0][:10]) if end and end.values else day
        if until < first or day > last or not _is_day(day) or not _is_day(until):
            continue
        place = row.place
        status, where, marking = (row.cells.get(name) for name in ("status", "place", "marking"))
        yield Dated(
            _uid(place.register, place.side, place.row, column.id), day, until, time,
            _sort(definition, column), column.title.in_(language), _name(row), _screen(definition),
            _ref(place),
            where.shown if where else "", _told(row), marking.shown if marking else "",
            bool(status and set(status.values) & SETTLED), place.side == SIDES[1], column.id,
        )  # fmt: skip


def _ref(place: Place) -> str:
    """As the screen takes it: the directory of contacts knows rows by their key."""
    if place.register == "contacts":
        return f"contacts/{place.row}"
    return f"{place.register}/{place.side}/{place.room}/{place.row}"


def _name(row: Row) -> str:
    """What it is called, without the date that many titles begin with."""
    return next((cell.shown for name in ("subject", "name") if (cell := row.cells.get(name)) and cell.shown), row.title)


def _told(row: Row) -> str:
    """What a calendar says of a meeting: its agenda."""
    cell = row.cells.get("agenda")
    return cell.shown if cell else ""


def _end(definition: Definition, column: Column) -> bool:
    """An end of something that begins is shown with it."""
    return any(column.id == end and definition.column(begin) for begin, end in _ENDS.items())


def _sort(definition: Definition, column: Column) -> Sort:
    if column.id == REVIEW:
        return "review"
    if column.id in DEADLINES:
        return "deadline"
    return MEETINGS.get((definition.id, column.id), "date")


def _screen(definition: Definition) -> views.Screen:
    return "commitments" if definition.screen == "commitments" else "contacts" if definition.screen == "contacts" else "registers"


def _titled(one: Dated) -> str:
    return one.title if one.sort in ("meeting", "event") or not one.what else f"{one.what}: {one.title}"


def _uid(*parts: str) -> str:
    from valise.formats import ics

    return ics.uid(*parts)


def _moment(at: int) -> tuple[str, str]:
    """Day and time of ms UTC."""
    when = datetime.fromtimestamp(at / 1000, UTC)
    return when.strftime("%Y-%m-%d"), when.strftime("%H:%M")


def _ms(one: Dated) -> int:
    return int(datetime.fromisoformat(f"{one.first}T{one.time or '00:00'}+00:00").timestamp() * 1000)


def _days(day: str, many: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=many)).isoformat()


def _after(day: str) -> str:
    """The first text that sorts behind every moment of a day."""
    return day + "~"


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
