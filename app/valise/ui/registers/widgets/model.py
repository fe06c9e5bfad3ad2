"""Rows as a Qt table: columns say what stands in a cell, pages are read when somebody looks."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from valise.desk.door_registers import Row
from valise.ui.registers.widgets.pages import Fetch, Pages
from valise.ui.text_safe import clean, tip

Index = QModelIndex | QPersistentModelIndex
SHOWN = int(Qt.ItemDataRole.UserRole) + 1
ROW = int(Qt.ItemDataRole.UserRole)
_ROOT = QModelIndex()


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands in a cell. `sign` is one or two characters before the words, `mark` a word about them after them: the words
    alone are what a file would hold."""

    words: str = ""
    sign: str = ""
    tone: str = "text"
    mark: str = ""
    bold: bool = False


def whole(shown: Shown) -> str:
    """The words and what is said about them."""
    return f"{shown.words} ({shown.mark})" if shown.mark else shown.words


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column: `id` is what the desk sorts by ("" = it does not), `wide` in letters."""

    id: str
    title: str
    cell: Callable[[Row], Shown]
    wide: int = 16
    help: str = ""


class RowsModel(QAbstractTableModel):
    """`fetch(ids)` as for Pages. UserRole of any index is its Row."""

    def __init__(self, fetch: Fetch, columns: Sequence[TableColumn] = (), parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.pages = Pages(fetch)
        self.columns = tuple(columns)
        self.sort = ""

    def show(self, ids: array[int], columns: Sequence[TableColumn] | None = None, sort: str = "") -> None:
        """Other rows, or columns, or another order."""
        self.beginResetModel()
        self.pages.show(ids)
        if columns is not None:
            self.columns = tuple(columns)
        self.sort = sort
        self.endResetModel()

    def follow(self, ids: array[int]) -> None:
        """The same rows after a change: when none came or went, one stays where one is and only cells are painted anew."""
        if ids != self.pages.ids:
            self.show(ids, sort=self.sort)
            return
        self.pages.touch()
        if len(ids) and self.columns:
            self.dataChanged.emit(self.index(0, 0), self.index(len(ids) - 1, len(self.columns) - 1))

    def row(self, number: int) -> Row | None:
        """One row."""
        return self.pages.row(number)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.pages.ids)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid() or index.column() >= len(self.columns):
            return None
        asked = (SHOWN, ROW, Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole)
        if role not in asked:
            return None
        row = self.row(index.row())
        if row is None:
            return None
        if role == ROW:
            return row
        column = self.columns[index.column()]
        shown = column.cell(row)
        if role == SHOWN:
            return shown
        if role == Qt.ItemDataRole.DisplayRole:
            return clean(shown.words, lines=False)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(clean(whole(shown))) if shown.words else None
        spoken = clean(whole(shown))
        head = f"{clean(row.title, lines=False)}. " if index.column() == 0 else ""
        return f"{head}{column.title}: {spoken}" if spoken else f"{head}{column.title}"

    def headerData(self, section: int, way: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if way != Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            mark = {column.id: "▲", f"-{column.id}": "▼"}.get(self.sort, "") if column.id else ""
            return f"{column.title} {mark}".rstrip()
        if role == Qt.ItemDataRole.AccessibleTextRole:
            if column.id and self.sort in (column.id, f"-{column.id}"):
                how = self.tr("sorted downwards") if self.sort.startswith("-") else self.tr("sorted upwards")
                return f"{column.title}, {how}"
            return column.title
        if role == Qt.ItemDataRole.ToolTipRole and column.help:
            return tip(column.help)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter | Qt.Alignment(Qt.TextFlag.TextWordWrap)
        return None
