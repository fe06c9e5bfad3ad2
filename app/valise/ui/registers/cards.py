"""Rows as painted lines of a list: for the columns of a board, and along a timeline. Pages are read as they come into sight."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from valise.desk.door_registers import Row
from valise.ui import theme
from valise.ui.language import listed
from valise.ui.messages.paint import Place
from valise.ui.registers import said
from valise.ui.registers.widgets.pages import Fetch, Pages
from valise.ui.text_safe import clean
from valise.ui.widgets.labels import named

Index = QModelIndex | QPersistentModelIndex
ROW = int(Qt.ItemDataRole.UserRole)
MORE = ROW + 1
TALL = 58
_ROOT = QModelIndex()


class CardModel(QAbstractListModel):
    """`more(row)` is the quiet second line of a card."""

    def __init__(self, fetch: Fetch, more: Callable[[Row], str], parent: QObject | None = None, *,
                 title: Callable[[Row], str] = lambda row: row.title) -> None:  # fmt: skip
        super().__init__(parent)
        self.pages = Pages(fetch)
        self.more, self.title = more, title

    def show(self, ids: array[int]) -> None:
        """Other rows; the same after a change are painted anew."""
        if ids == self.pages.ids and len(ids):
            self.pages.touch()
            self.dataChanged.emit(self.index(0), self.index(len(ids) - 1))
            return
        self.beginResetModel()
        self.pages.show(ids)
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.pages.ids)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid() or role not in (ROW, MORE, Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        row = self.pages.row(index.row())
        if row is None:
            return None
        if role == ROW:
            return row
        if role == MORE:
            return self.more(row)
        title = clean(self.title(row), lines=False)
        if role == Qt.ItemDataRole.DisplayRole:
            return title
        parts = [title, clean(self.more(row), lines=False), said.difference(row)]
        return listed(one for one in parts if one)


class CardPainter(QStyledItemDelegate):
    """A rounded card with two lines."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(80, TALL)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW)
        if row is None:
            return
        t = theme.tokens()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = option.rect.adjusted(6, 3, -6, -3)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        focused = chosen and option.widget is not None and option.widget.hasFocus()
        over = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.setPen(QPen(QColor(t.accent if focused else t.line), 2 if focused else 1))
        painter.setBrush(QColor(t.selected if focused else t.hover if over else t.raised))
        painter.drawRoundedRect(area, 7, 7)
        place = Place(area, option.direction)
        start = 10
        painter.setFont(theme.font(13, bold=True))
        if row.differs:
            painter.setPen(QColor(t.warn))
            painter.drawText(place(QRect(start, 7, 14, 18)), Qt.AlignmentFlag.AlignCenter, said.DIFFERS)
            start += 20
        painter.setPen(QColor(t.text))
        place.text(painter, QRect(start, 7, area.width() - start - 8, 18), index.data())
        painter.setFont(theme.font(theme.SMALL_PX))
        painter.setPen(QColor(t.muted))
        place.text(painter, QRect(10, 27, area.width() - 18, 17), clean(str(index.data(MORE) or ""), lines=False))
        painter.restore()


class CardList(QListView):
    """`opened(Row)` on Enter or a double click; `pushed(Row, step)` on Ctrl with an arrow, `left(step)` on an arrow alone."""

    opened = Signal(object)
    pushed = Signal(object, int)
    left = Signal(int)

    def __init__(self, name: str, model: CardModel, parent: QWidget | None = None, *, painter: QStyledItemDelegate | None = None) -> None:
        super().__init__(parent)
        named(self, name)
        self.cards = model
        self.setModel(model)
        self.setItemDelegate(painter or CardPainter(self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.data(ROW)))
        theme.current().changed.connect(self.viewport().update)

    def row(self) -> Row | None:
        """The row one is at."""
        here = self.currentIndex()
        return self.cards.pages.row(here.row()) if here.isValid() else None

    def settle(self, id: int = 0) -> None:
        """Be at this row, else where one was, else at the first."""
        count = self.cards.rowCount()
        place = self.cards.pages.place(id) if id else -1
        if count and (place >= 0 or not self.currentIndex().isValid()):
            self.setCurrentIndex(self.cards.index(max(0, place)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.row()
        if row is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(row)
            return
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is not None:
            if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
                step = -step
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                if row is not None:
                    self.pushed.emit(row, step)
            else:
                self.left.emit(step)
            return
        super().keyPressEvent(event)
