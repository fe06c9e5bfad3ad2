"""One line of a file against the row it is about: what it would change, or what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from valise.desk import reference
from valise.desk.door_registers import Change, Fault, Place
from valise.desk.registers_look import Looking
from valise.desk.registers_titles import Titles
from valise.domain.errors import NotAllowed, Refused, ValiseError
from valise.domain.register import rows as rules
from valise.domain.register import values as v
from valise.domain.register.definition import LANGUAGES, Axis, Column, Definition, Side
from valise.vault import registers
from valise.vault import registers_look as look
from valise.vault.store import Handle

SHOWN: Final = 500  # changes and faults that a preview lists; all are counted
_WORDS: Final = 60  # letters of a cell that a fault shows


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a file that changes something. `newest` = the last operation on the row when it was read, 0 = a new row."""

    place: Place
    newest: int
    made: Mapping[str, tuple[str, ...]]
    new: bool


@dataclass(slots=True)
class Plan:
    """What an import would do."""

    token: str
    register: str
    side: Side
    lines: list[Line] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    rows: int = 0
    equal: int = 0
    total_changes: int = 0
    total_faults: int = 0

    def fault(self, line: int, column: str, why: ValiseError, words: str = "") -> None:
        self.total_faults += 1
        if len(self.faults) < SHOWN:
            self.faults.append(Fault(line, column, why.code, words[:_WORDS]))


@dataclass(frozen=True, slots=True)
class Heads:
    """What the columns of a file are: a column of the register, an axis, or the key."""

    language: str
    columns: tuple[Column | Axis | None, ...]  # None: the key
    titles: tuple[str, ...]


class Reader:
    """Reads lines into a plan."""

    def __init__(
        self, looking: Looking, fresh: Callable[[], str], handle: Handle, definition: Definition, plan: Plan, heads: Heads
    ) -> None:
        self.looking, self.fresh = looking, fresh
        self.handle, self.definition, self.plan, self.heads = handle, definition, plan, heads
        self.space = registers.space(handle, definition.id, plan.side, "")
        self.given = self.looking.book.given(definition, plan.side, "")
        self.known = self.looking.book.may_hold(handle)
        self.name = self.looking.book.naming(handle)
        self.titles = Titles(self.looking.book, handle, heads.language)
        self.codes = self.looking.codes(definition)
        self.lines: dict[str, int] = {}  # key -> line of the file

    def line(self, number: int, cells: Sequence[str]) -> None:
        """Take one line into the plan, or say what is wrong with it."""
        if len(cells) != len(self.heads.titles):
            return self.plan.fault(number, str(min(len(cells), len(self.heads.titles)) + 1), Refused("import.ragged"))
        key, new = self._key(number, cells)
        if not key:
            return None
        if key in self.lines:
            return self.plan.fault(number, "", Refused("import.twice"), key)
        self.lines[key] = number
        before = self.plan.total_faults
        stored, now, new = self._stands(number, key, new=new)
        if self.plan.total_faults == before:
            self._cells(number, cells, key, now, stored, new=new)
        return None

    def row(self, number: int, key: str, wanted: Mapping[str, Sequence[str]], *, new: bool) -> None:
        """Take what is wanted of one row into the plan."""
        before = self.plan.total_faults
        stored, now, new = self._stands(number, key, new=new)
        if self.plan.total_faults == before:
            titles = {name: (self._title(name), "; ".join(values)) for name, values in wanted.items()}
            self._changes(number, key, now, stored, wanted, {}, titles, new=new)

    def _stands(
        self, number: int, key: str, *, new: bool
    ) -> tuple[look.Stored | None, dict[str, tuple[str, ...]], bool]:
        """(the row as it was written, what its cells hold, whether it is a new one)."""
        stored = look.by_key(self.handle, self.space, key) if self.space is not None and not new else None
        if stored is not None and stored.gone:
            self.plan.fault(number, "", Refused("register.gone"), key)
        given = self.given.get(key)
        return stored, {**(given or {}), **(stored.cells if stored else {})}, stored is None and given is None

    def _key(self, number: int, cells: Sequence[str]) -> tuple[str, bool]:
        """(key of the row, whether it was made just now); ("", ...) after a fault."""
        if None in self.heads.columns:
            place = self.heads.columns.index(None)
            told = cells[place].strip()
            if told and not rules.fits(self.definition, told, self.codes if "state" in self.definition.rows else None):
                self.plan.fault(number, self.heads.titles[place], Refused("import.key"), told)
                return "", False
            if told:
                return told, False
        about: dict[str, str] = {}
        for head, cell, title in zip(self.heads.columns, cells, self.heads.titles, strict=True):
            if isinstance(head, str):
                try:
                    about[head] = self._part(head, cell)
                except Refused as error:
                    self.plan.fault(number, title, error, cell)
                    return "", False
                if not about[head]:
                    self.plan.fault(number, title, Refused("import.about"), cell)
                    return "", False
        try:
            made = rules.key(self.definition, about, self.fresh())
        except NotAllowed:
            self.plan.fault(number, "", Refused("import.about"))
            return "", False
        return made, "record" in self.definition.rows

    def _part(self, axis: Axis, cell: str) -> str:
        if axis == "item":
            return self.titles.item(self.definition, cell)
        if axis == "state":
            code = cell.strip().upper()
            found = code if reference.state(code) else self.titles.named("state", cell)
            return found if found in self.codes else ""
        return (self.titles.named(axis, cell) if axis == "delegation" else "") or cell.strip()

    def _cells(
        self, number: int, cells: Sequence[str], key: str, now: Mapping[str, tuple[str, ...]], stored: look.Stored | None, *, new: bool
    ) -> None:
        """What the cells of a line say that the row does not."""
        plan, before = self.plan, self.plan.total_faults
        wanted: dict[str, list[str]] = {}
        ours: dict[str, tuple[str, ...]] = {}  # what nobody writes by hand: only into a new row
        titles: dict[str, tuple[str, str]] = {}
        for head, cell, title in zip(self.heads.columns, cells, self.heads.titles, strict=True):
            if not isinstance(head, Column):
                continue
            if cell == self.looking.book.shown(self.definition, key, head, now.get(head.id, ()), self.heads.language, self.name):
                continue
            titles[head.id] = title, cell
            try:
                values = self.titles.values(head, cell)
                checked = v.checked(head, values, self.known)  # here too, so that every fault of a line is told at once
            except (Refused, NotAllowed) as error:
                plan.fault(number, title, error, cell)
                continue
            if head.by_hand:
                wanted[head.id] = values
                continue
            if checked == now.get(head.id, ()):
                continue
            if not new:
                plan.fault(number, title, Refused("import.by_hand"), cell)
            ours[head.id] = checked
        if plan.total_faults == before:
            self._changes(number, key, now, stored, wanted, ours, titles, new=new)

    def _changes(
        self, number: int, key: str, now: Mapping[str, tuple[str, ...]], stored: look.Stored | None,
        wanted: Mapping[str, Sequence[str]], ours: Mapping[str, tuple[str, ...]], titles: Mapping[str, tuple[str, str]], *,
        new: bool,
    ) -> None:  # fmt: skip
        plan = self.plan
        try:
            differing = stored.differing if stored else frozenset()
            made = rules.changes(
                self.definition, plan.side, now, wanted, known=self.known, unsettled=differing & wanted.keys(), new=new
            )
        except ValiseError as error:
            title, cell = titles.get(error.line, (self._title(error.line), ""))
            return plan.fault(number, title, error, cell)
        made |= ours
        if not made and not new:
            plan.equal += 1
            return None
        place = Place(self.definition.id, key, plan.side)
        plan.lines.append(Line(place, stored.newest if stored else 0, made, new))
        self._tell(number, place, now, made, new)
        return None

    def _tell(
        self, number: int, place: Place, now: Mapping[str, tuple[str, ...]], made: Mapping[str, tuple[str, ...]], new: bool
    ) -> None:
        """What the preview shows of a line."""
        self.plan.total_changes += len(made)
        if len(self.plan.changes) >= SHOWN:
            return
        tongue = self.heads.language
        title = self.looking.book.title(self.definition, place.row, {**now, **made}, tongue, self.name)
        for name, values in made.items():
            column = self.definition.column(name)
            assert column is not None
            before = self.looking.book.shown(self.definition, place.row, column, now.get(name, ()), tongue, self.name)
            self.plan.changes.append(
                Change(number, place, title, name, before, v.shown(column, values, tongue, self.name), new)
            )

    def _title(self, name: str) -> str:
        column = self.definition.column(name)
        return column.title.in_(self.heads.language) if column else ""


def called(
    definition: Definition, columns: Sequence[Column], folded: str, taken: Sequence[object]
) -> tuple[Column | Axis, tuple[str, ...]] | None:
    """The column or axis of this name, and the languages in which it is called so; an id is of every language. Of two that
    are called alike the one that is not `taken`."""
    for column in columns:
        if folded == v.fold(column.id):
            return column, ()
    for axis in definition.rows:
        tongues = tuple(one for one in LANGUAGES if v.fold(v.AXES[axis].in_(one)) == folded)
        if tongues or folded == f"@{axis}":
            return axis, tongues
    found = None
    for column in columns:
        tongues = tuple(one for one in LANGUAGES if v.fold(column.title.in_(one)) == folded)
        if tongues and (found is None or found[0] in taken):
            found = column, tongues
    return found
