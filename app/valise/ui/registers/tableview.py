"""Rows as a table."""

from __future__ import annotations

from array import array

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from valise.desk.door import Door
from valise.desk.door_registers import Place, Row
from valise.ui.registers import said
from valise.ui.registers.look import Look, Names, RegisterView, table_columns
from valise.ui.registers.widgets.model import RowsModel
from valise.ui.registers.widgets.table import RegisterTable
from valise.ui.tasks import Runner


class TableLook(RegisterView):
    """`menu(Row, point)` for what can be done with a row."""

    menu = Signal(object, object)

    def __init__(self, door: Door, runner: Runner, names: Names, parent: QWidget | None = None) -> None:
        super().__init__(door, runner, names, parent)
        self.model = RowsModel(self.fetch, parent=self)
        self.table = RegisterTable(self.tr("Rows"), self.model, self)
        self.column.addWidget(self.table)
        self.table.opened.connect(lambda row: self.opened.emit(row.place))
        self.table.sorted.connect(self.sort)
        self.table.change.connect(self._change)
        self.table.asked.connect(self.menu)
        self._shape: tuple[str, str, str] = ("", "", "")
        self._wanted: int | None = None

    def read(self) -> None:
        if self.look is None or self.view is None:
            return
        look, view = self.look, self.view
        sort = look.sort or view.sort
        language = said.language()
        self.ask(lambda: self.door.registers.ids(look.id, look.side, filter=look.filter, sort=sort, room=look.room, language=language),
                 lambda ids: self._came(look, ids, sort))  # fmt: skip

    def _came(self, look: Look, ids: array[int], sort: str) -> None:
        if self.view is None:
            return
        held, column = self.table.row(), self.table.currentIndex().column()
        shape = (look.id, look.side, self.view.id)
        if shape == self._shape and sort == self.model.sort:
            self.model.follow(ids)
        else:
            self.model.show(ids, table_columns(look, self.view, self.names), sort)
            self._shape = shape
        self.table.lay()
        wanted, self._wanted = self._wanted, None
        if held is not None and held.place.register == look.id:
            self.table.at(held.id, column)
        if wanted is not None and wanted in ids:
            self.table.at(wanted, max(0, column))
        self.table.settle()
        self.counted.emit(len(ids))

    def _change(self, row: Row, column: str) -> None:
        self.choose.emit(row.place, column, "")

    def first(self) -> QWidget:
        return self.table

    def place(self) -> Place | None:
        row = self.table.row()
        return row.place if row is not None else None

    def stand(self, id: int) -> None:
        self._wanted = id

    def ids(self) -> list[int] | None:
        return list(self.model.pages.ids)
