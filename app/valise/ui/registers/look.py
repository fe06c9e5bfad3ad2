"""What every view of a register has in common: which rows it looks at, reading beside the window, the newest answer alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.desk.door_registers import Filter, Place, Row
from valise.domain.errors import ValiseError
from valise.domain.register.definition import Column, Definition, Side, View
from valise.ui.collating import placed
from valise.ui.language import translate
from valise.ui.registers import said
from valise.ui.registers.asked import parted
from valise.ui.registers.widgets.model import Shown, TableColumn
from valise.ui.tasks import Runner


@dataclass(frozen=True, slots=True)
class Look:
    """Which rows of which register."""

    definition: Definition
    side: Side = "stated"
    filter: Filter = field(default_factory=Filter)
    sort: str = ""
    room: str = ""

    @property
    def id(self) -> str:
        return self.definition.id


class Names:
    """What States, delegations, markings and so on are called; asked once until something changed."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._language = ""
        self._held: dict[str, list[tuple[str, str]]] = {}
        self._by: dict[str, dict[str, str]] = {}

    def of(self, kind: str) -> list[tuple[str, str]]:
        """(value, name) of a kind of column; [] when the desk has none."""
        if self._language != said.language():  # it was changed in the settings
            self.forget()
            self._language = said.language()
        if kind not in self._held:
            try:
                found = self._door.registers.names(kind, self._language)
                self._held[kind] = sorted(found, key=lambda one: placed(one[1])) if kind == "contact" else found
            except ValiseError:
                return []
        return self._held[kind]

    def by(self, kind: str) -> dict[str, str]:
        """value -> name."""
        if kind not in self._by or self._language != said.language():
            self._by[kind] = dict(self.of(kind))
        return self._by[kind]

    def forget(self) -> None:
        """They may have changed."""
        self._held.clear()
        self._by.clear()


class RegisterView(QWidget):
    """Base of the views. `opened(Place)` to show a row, `choose(Place, column id, choice)` to change a choice, `failed(error)`,
    `counted(n)` rows that pass the filter, `sort(column)`."""

    opened = Signal(object)
    choose = Signal(object, str, str)
    failed = Signal(object)
    counted = Signal(int)
    sort = Signal(str)

    def __init__(self, door: Door, runner: Runner, names: Names, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.door, self.runner, self.names = door, runner, names
        self.look: Look | None = None
        self.view: View | None = None
        self._asked = 0
        self.waiting = False
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)

    def open_look(self, look: Look, view: View) -> None:
        """Other rows, another view, or the same after a change."""
        self.look, self.view = look, view
        self.read()

    def read(self) -> None:
        """Ask again."""
        raise NotImplementedError

    def first(self) -> QWidget:
        """Where the keyboard goes."""
        raise NotImplementedError

    def place(self) -> Place | None:
        """The row one is at."""
        raise NotImplementedError

    def stand(self, id: int) -> None:
        """Be at the row of this id once the rows were read again, where the view has it."""

    def ids(self) -> list[int] | None:
        """The rows shown, in their order; None when the view has no list of them."""
        return None

    def ask(self, call: Callable[[], Any], show: Callable[[Any], object]) -> None:
        """Run `call` beside the window; only the newest answer is shown."""
        self._asked += 1
        number = self._asked
        self.waiting = True

        def done(answer: Any) -> None:
            if number == self._asked:
                self.waiting = False
                show(answer)

        def failed(error: ValiseError) -> None:
            if number == self._asked:
                self.waiting = False
                self.failed.emit(error)

        self.runner.run(call, done, failed, owner=self)

    def fetch(self, ids: Any) -> list[Row]:
        """One page of rows; an error is said, and nothing stands there."""
        try:
            return self.door.registers.page(ids, said.language())
        except ValiseError as error:
            self.failed.emit(error)
            return []


def cell_of(column: Column) -> Callable[[Row], Shown]:
    """What a table shows of a field: the sign of its choice, then the words; a sign and a word for what differs."""

    def shown(row: Row) -> Shown:
        cell = row.cells.get(column.id)
        if cell is None or not (cell.values or cell.differs):
            return Shown()
        choice = column.choice(cell.values[0]) if column.choices and len(cell.values) == 1 else None
        sign = said.sign(choice.sign) if choice is not None else ""
        if cell.differs:
            return Shown(cell.shown, said.DIFFERS, "warn", translate("registers", "different values stand"), bold=True)
        if cell.unfit:
            return Shown(cell.shown, said.UNFIT, "warn", translate("registers", "not what the field asks for"))
        if column.id == "review" and cell.values and cell.values[0] < said.today():
            return Shown(cell.shown, said.DUE, "warn", translate("registers", "due"))
        return Shown(cell.shown, sign)

    return shown


def axis_columns(definition: Definition, names: Names) -> list[TableColumn]:
    """Columns for what rows are about: the State, the item."""
    made = []
    for axis in definition.rows:
        if axis == "record":
            continue
        by = {one.id: said.term(one.title) for one in definition.items} if axis == "item" else names.by(axis)

        def shown(row: Row, axis: str = axis, by: dict[str, str] = by) -> Shown:
            cell = row.cells.get(f"@{axis}")
            if cell is not None:
                return Shown(cell.shown, bold=axis == definition.rows[0])
            value = dict(definition.axes_of(row.place.row)).get(axis, "")  # type: ignore[call-overload]
            return Shown(by.get(value, value), bold=axis == definition.rows[0])

        made.append(TableColumn(f"@{axis}", said.axis_name(axis), shown, 24))
    return made


def table_columns(look: Look, view: View, names: Names) -> list[TableColumn]:
    """The columns of a table: what rows are about, then what the view names, or every field of the side."""
    definition = look.definition
    there = {one.id: one for one in definition.columns_of(look.side)}
    wanted = [there[one] for one in view.columns if one in there] or list(there.values())
    if view.columns and look.side == "assessed":
        wanted += [one for one in there.values() if one.internal and one not in wanted]
    made = axis_columns(definition, names) + [
        TableColumn(one.id, said.term(one.title), cell_of(one), one.wide, said.term(one.help) if one.help else "") for one in wanted
    ]
    return [replace(one, cell=_headed(one.cell)) if n == 0 else one for n, one in enumerate(made)]


def _headed(cell: Callable[[Row], Shown]) -> Callable[[Row], Shown]:
    """The first cell says what is the matter with the whole row."""

    def shown(row: Row) -> Shown:
        if not parted(row):
            return cell(row)
        return Shown(cell(row).words, said.DIFFERS, "warn", said.difference(row), bold=True)

    return shown


def written(definition: Definition) -> Filter:
    """Rows somebody has written in. A State x item register has a row for every cell of its matrix; only those whose
    status says something are counted."""
    cell = next((one.cell for one in definition.views if one.kind == "matrix"), "")
    column = definition.column(cell)
    return Filter(only={cell: tuple(one.id for one in column.choices)}) if column is not None and column.choices else Filter()
