"""A table of things with two lines in a cell: what it is, and a quieter word about it. Painted, mirrored, spoken."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from valise.ui import theme
from valise.ui.messages.paint import Place, sign_at
from valise.ui.text_safe import clean
from valise.ui.widgets.labels import named

Index = QModelIndex | QPersistentModelIndex
CELL = int(Qt.ItemDataRole.UserRole) + 1
_ROOT = QModelIndex()
TALL, PAD, SIGN = 48, 6, 16  # px


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell. `sign` is an icon in the colour of `tone` (a token); words say everything the sign says."""

    words: str
    more: str = ""
    sign: str = ""
    tone: str = "text"
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, what is in it, its width in px (0 = what is left), and whether a narrow table does without."""

    head: str
    cell: Callable[[Any], Cell]
    width: int = 0
    spare: bool = False


class Rows(QAbstractTableModel):
    """`key` tells rows apart; `spoken` is the whole row for whoever listens. `checked` rows carry a tick in column 0."""

    ticked = Signal()

    def __init__(
        self, columns: Sequence[Column], key: Callable[[Any], Hashable], spoken: Callable[[Any], str],
        parent: QObject | None = None, *, ticks: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.columns, self._key, self._spoken, self._ticks = tuple(columns), key, spoken, ticks
        self.rows: list[Any] = []
        self.checked: set[Hashable] = set()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        one, column = self.rows[index.row()], self.columns[index.column()]
        if role == CELL:
            return column.cell(one)
        if role == Qt.ItemDataRole.DisplayRole:
            return column.cell(one).words
        if role == Qt.ItemDataRole.AccessibleTextRole:
            if index.column() == 0:
                return clean(self._spoken(one))
            cell = column.cell(one)
            return clean(f"{column.head}: {cell.words}" + (f", {cell.more}" if cell.more else ""))
        if role == Qt.ItemDataRole.CheckStateRole and self._ticks and index.column() == 0:
            on = self._key(one) in self.checked
            return Qt.CheckState.Checked if on else Qt.CheckState.Unchecked
        return None

    def setData(self, index: Index, value: Any, role: int = int(Qt.ItemDataRole.EditRole)) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or not self._ticks or not index.isValid():
            return False
        key = self._key(self.rows[index.row()])
        if Qt.CheckState(value) == Qt.CheckState.Checked:
            self.checked.add(key)
        else:
            self.checked.discard(key)
        self.dataChanged.emit(index, index)
        self.ticked.emit()
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        made = super().flags(index)
        return made | Qt.ItemFlag.ItemIsUserCheckable if self._ticks and index.column() == 0 else made

    def headerData(self, section: int, way: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if way != Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.columns[section].head
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        return None

    def place(self, key: Hashable) -> int:
        """Row of a key, -1 when it is not there."""
        return next((row for row, one in enumerate(self.rows) if self._key(one) == key), -1)

    def follow(self, rows: Sequence[Any]) -> None:
        """Bring the table up to date; only what differs is announced, so that one stays where one is."""
        have, want = [self._key(one) for one in self.rows], [self._key(one) for one in rows]
        for tag, i, j, m, n in reversed(SequenceMatcher(None, have, want, autojunk=False).get_opcodes()):
            if tag in ("delete", "replace"):
                self.beginRemoveRows(_ROOT, i, j - 1)
                del self.rows[i:j]
                self.endRemoveRows()
            if tag in ("insert", "replace"):
                self.beginInsertRows(_ROOT, i, i + n - m - 1)
                self.rows[i:i] = rows[m:n]
                self.endInsertRows()
        self.checked &= set(want)
        for row, one in enumerate(rows):
            if self.rows[row] != one:
                self.rows[row] = one
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(self.columns) - 1))


class TwoLines(QStyledItemDelegate):
    """Paints a Cell."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(60, TALL)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        cell, t = index.data(CELL), theme.tokens()
        if not isinstance(cell, Cell):
            return
        painter.save()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(option.rect, QColor(t.selected if chosen else t.hover))
        painter.setPen(QColor(t.line))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())
        place = Place(option.rect, option.direction)
        start = PAD
        state = index.data(Qt.ItemDataRole.CheckStateRole)
        if state is not None:
            box = place(QRect(PAD + 1, (TALL - 16) // 2, 16, 16))
            on = Qt.CheckState(state) == Qt.CheckState.Checked
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QColor(t.accent_fill if on else t.outline))
            painter.setBrush(QColor(t.accent_fill if on else t.raised))
            painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            if on:
                sign_at(painter, box.adjusted(2, 2, -2, -2), "check", t.on_accent)
            start += 28
        middle = not cell.more
        top = (TALL - 20) // 2 if middle else 5
        if cell.sign:
            sign_at(painter, place(QRect(start, top + 2, SIGN, SIGN)), cell.sign, getattr(t, cell.tone))
            start += SIGN + 6
        area = QRect(start, top, place.width - start - 4, 20)
        painter.setFont(theme.font(theme.BODY_PX if cell.bold else 13, bold=cell.bold))
        painter.setPen(QColor(getattr(t, cell.tone)))
        place.text(painter, area, cell.words)
        if cell.more:
            painter.setFont(theme.font(theme.SMALL_PX))
            painter.setPen(QColor(t.muted))
            place.text(painter, area.translated(0, 19), cell.more)
        if chosen and index.column() == 0 and option.widget is not None and option.widget.hasFocus():
            painter.fillRect(place(QRect(0, 0, 3, TALL)), QColor(t.accent))
        painter.restore()


    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """A click at the box ticks it; the place is ours, so Qt's own idea of it is not asked."""
        state = index.data(Qt.ItemDataRole.CheckStateRole)
        if state is None or event.type() != QEvent.Type.MouseButtonRelease or not isinstance(event, QMouseEvent):
            return False
        area = Place(option.rect, option.direction)(QRect(0, 0, PAD + 28, TALL))
        if area.contains(event.position().toPoint()):
            toggle(model, index)
        return False


def toggle(model: QAbstractItemModel, index: Index) -> None:
    """Tick a row, or take the tick away."""
    on = Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole)) == Qt.CheckState.Checked
    model.setData(index, Qt.CheckState.Unchecked if on else Qt.CheckState.Checked, int(Qt.ItemDataRole.CheckStateRole))


class Table(QTableView):
    """`opened(row)` on Enter or a double click, `asked(row, point)` for a menu. Space ticks; Tab leaves."""

    opened = Signal(object)
    asked = Signal(object, object)  # the row, a global point
    NARROW = 640

    def __init__(self, name: str, rows: Rows, parent: QWidget | None = None, *, help_: str = "") -> None:
        super().__init__(parent)
        named(self, name, help_)
        self._rows = rows
        self.setModel(rows)
        self.setItemDelegate(TwoLines(self))
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setWordWrap(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(TALL)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionsClickable(False)
        head.setMinimumSectionSize(40)
        named(head, self.tr("Headings"))
        for corner in self.findChildren(QAbstractButton):
            named(corner, self.tr("Corner of the table"))
        for place, column in enumerate(rows.columns):
            if column.width:
                head.setSectionResizeMode(place, QHeaderView.ResizeMode.Fixed)
                heading = str(rows.headerData(place, Qt.Orientation.Horizontal) or "")
                self.setColumnWidth(place, max(column.width, head.fontMetrics().horizontalAdvance(heading) + 28))
            else:
                head.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)
        self.doubleClicked.connect(lambda index: self.opened.emit(self._rows.rows[index.row()]))
        theme.current().changed.connect(self.viewport().update)

    def row(self) -> Any:
        """What one is at; None when the table is empty."""
        here = self.currentIndex()
        return self._rows.rows[here.row()] if here.isValid() and here.row() < len(self._rows.rows) else None

    def at(self, key: Hashable) -> None:
        """Be at the row of this key, else at the first."""
        if self._rows.rows:
            self.setCurrentIndex(self._rows.index(max(0, self._rows.place(key)), 0))

    def settle(self) -> None:
        """Be somewhere when there is something."""
        if self._rows.rows and self.row() is None:
            self.setCurrentIndex(self._rows.index(0, 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for place, column in enumerate(self._rows.columns):
            self.setColumnHidden(place, column.spare and self.width() < self.NARROW)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        one = self.row()
        if one is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(one)
            return
        here = self.currentIndex()
        first = here.siblingAtColumn(0) if here.isValid() else here
        state = first.data(Qt.ItemDataRole.CheckStateRole) if first.isValid() else None
        if event.key() == Qt.Key.Key_Space and state is not None:
            toggle(self.model(), first)
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        keyboard = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if keyboard else self.indexAt(event.pos())
        if index.isValid():
            where = self.visualRect(index).center() if keyboard else event.pos()
            self.setCurrentIndex(index)
            self.asked.emit(self._rows.rows[index.row()], self.viewport().mapToGlobal(where))
