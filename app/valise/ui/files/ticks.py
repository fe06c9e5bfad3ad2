"""A list of entries to tick: each as in a list to be read, with a box where it may be taken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QWidget

from valise.ui import theme
from valise.ui.seeing.reading import SIDE, SIGN, TOP, Item, ReadingDelegate, ReadingList, ReadingModel

Index = QModelIndex | QPersistentModelIndex
BOX = 18  # pixels
TICK = ((0.22, 0.52), (0.42, 0.72), (0.78, 0.3))  # within the box


class TickModel(ReadingModel):
    """Entries, which of them may be ticked (those without a sign of their own), and which are."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self.ticked: set[int] = set()

    def may(self, place: int) -> bool:
        """Whether the entry can be ticked."""
        return not self.items[place].sign

    def tick(self, places: Sequence[int], on: bool) -> None:
        """Tick or untick these, as far as they may be."""
        self.ticked = self.ticked | {n for n in places if self.may(n)} if on else self.ticked - set(places)
        if self.items:
            self.dataChanged.emit(self.index(0), self.index(len(self.items) - 1), [int(Qt.ItemDataRole.CheckStateRole)])

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if index.isValid() and self.may(index.row()):
            on = index.row() in self.ticked
            if role == Qt.ItemDataRole.CheckStateRole:
                return Qt.CheckState.Checked if on else Qt.CheckState.Unchecked
            if role == Qt.ItemDataRole.AccessibleTextRole:
                said = self.tr("ticked") if on else self.tr("not ticked")
                return f"{said}. {self.items[index.row()].spoken}"
        return super().data(index, role)


class TickDelegate(ReadingDelegate):
    """Draws the box in the place of the sign."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        state = index.data(int(Qt.ItemDataRole.CheckStateRole))
        if state is None:
            return
        on = Qt.CheckState(state) == Qt.CheckState.Checked
        box = QRectF(self.place(option.rect, option.direction)).adjusted(1, 1, -1, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("accent" if on else "muted"), 1.4))
        painter.setBrush(theme.colour("accent" if on else "raised"))
        painter.drawRoundedRect(box, 4, 4)
        if on:
            mark = QPolygonF([box.topLeft() + QPointF(x * box.width(), y * box.height()) for x, y in TICK])
            painter.setPen(QPen(theme.colour("on_accent"), 2.0))
            painter.drawPolyline(mark)
        painter.restore()

    @staticmethod
    def place(area: QRect, way: Qt.LayoutDirection) -> QRect:
        """Where the box stands within an entry."""
        left = area.left() + SIDE + (SIGN - BOX) // 2 - 6
        return QStyle.visualRect(way, area, QRect(left, area.top() + TOP + 2, BOX, BOX))


class TickList(ReadingList):
    """`toggled()` after any tick. Space ticks, Ctrl+A all, Ctrl+Shift+A none; `copied(place)` for Ctrl+C, `wanted()` for
    Ctrl+Enter."""

    toggled = Signal()
    wanted = Signal()
    copied = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.ticks = TickModel(self)
        self.entries = self.ticks
        self.cards = TickDelegate(self)
        self.setModel(self.ticks)
        self.setItemDelegate(self.cards)
        self.setAccessibleDescription(self.tr("Space ticks an entry, Ctrl+C copies its words"))
        self.ticks.dataChanged.connect(lambda *_which: self.toggled.emit())

    def show_ticks(self, items: Sequence[Item], language: str) -> None:
        """Replace the entries; all that may be are ticked."""
        self.ticks.ticked = set()
        self.show_items(items, language)
        self.tick_all(True)

    def tick_all(self, on: bool) -> None:
        """All that may be, or none."""
        self.ticks.tick(range(len(self.ticks.items)), on)

    def toggle(self, place: int) -> None:
        """The other way round."""
        if 0 <= place < len(self.ticks.items):
            self.ticks.tick([place], place not in self.ticks.ticked)

    def event(self, event: QEvent) -> bool:
        """These keys are the list's before they are anybody else's."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._does(event):
            event.accept()
            return True
        return super().event(event)

    @staticmethod
    def _does(event: QKeyEvent) -> str:
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return "go"
        if event.matches(QKeySequence.StandardKey.SelectAll):
            return "all"
        if event.key() == Qt.Key.Key_A and event.modifiers() & Qt.KeyboardModifier.ControlModifier and shift:
            return "none"
        if event.matches(QKeySequence.StandardKey.Copy):
            return "copy"
        return "tick" if event.key() == Qt.Key.Key_Space else ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        what, place = self._does(event), self.currentIndex().row()
        if what in ("all", "none"):
            self.tick_all(what == "all")
        elif what == "copy" and place >= 0:
            self.copied.emit(place)
        elif what == "tick":
            self.toggle(place)
        elif what == "go":
            self.wanted.emit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        at = self.indexAt(event.position().toPoint())
        if at.isValid() and event.button() == Qt.MouseButton.LeftButton:
            where = self.cards.place(self.visualRect(at), self.layoutDirection())  # type: ignore[attr-defined]
            if where.adjusted(-6, -6, 6, 6).contains(event.position().toPoint()):
                self.toggle(at.row())
