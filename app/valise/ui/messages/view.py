"""The list of messages: loads earlier and later pages as one scrolls, stays where one reads, follows at the end."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from valise.desk.views import MessageRow
from valise.ui import theme
from valise.ui.contacts.trust import Names
from valise.ui.language import translate
from valise.ui.messages.delegate import MessageDelegate
from valise.ui.messages.model import ROW, MessageModel, Read
from valise.ui.widgets.labels import named

_NEAR = 240  # pixels from an end where the next page is asked for


class MessageView(QListView):
    """Home and End go to the oldest and the newest message of the whole thread; Enter shows the delivery."""

    chosen = Signal(object)  # MessageRow | None
    delivery_asked = Signal(str)
    moved = Signal()  # the window of the model moved

    def __init__(self, names: Names, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.painter_ = MessageDelegate(self, names)
        self.rows = MessageModel(self.painter_.spoken, self)
        self._moving = False
        self._follow = True
        named(self, translate("messages", "Messages"))
        self.setModel(self.rows)
        self.setItemDelegate(self.painter_)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalScrollBar().setSingleStep(24)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.selectionModel().currentChanged.connect(self._current)
        self.painter_.delivery_asked.connect(self.delivery_asked)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(0)
        self._settle.timeout.connect(self._to_bottom)
        theme.current().changed.connect(self.viewport().update)

    # what the screen asks

    def open(self, read: Read, total: int) -> None:
        """Show a thread at its newest message."""
        self._follow = True
        self.painter_.forget()
        self.rows.open(read, total)
        self._to_bottom()
        self.moved.emit()
        self._choose(self.rows.rowCount() - 1)

    def close_thread(self) -> None:
        self.open(lambda _offset, _limit: [], 0)

    def refresh(self, total: int) -> None:
        """After a change: rows that differ are painted anew; at the end one stays at the end."""
        follow, held = self._at_bottom(), self.row()
        anchor = self._anchor()
        if self.rows.refresh(total):
            if held is not None:
                self._choose(self.rows.find(held.id))
            if not follow:
                self._restore(anchor)
        if follow:
            self._to_bottom()
        self.moved.emit()

    def row(self) -> MessageRow | None:
        """The chosen message."""
        found = self.currentIndex().data(ROW) if self.currentIndex().isValid() else None
        return found if isinstance(found, MessageRow) else None

    def show_message(self, message: str) -> bool:
        """Choose one message, wherever it is in the thread; False when it is not there."""
        row = self.rows.find(message)
        if row < 0:
            number = self.rows.locate(message)
            if number < 0:
                return False
            self._quietly(lambda: self.rows.around(number))
            row = self.rows.find(message)
        self._follow = False
        self._choose(row)
        self.scrollTo(self.rows.index(row), QAbstractItemView.ScrollHint.PositionAtCenter)
        self.moved.emit()
        return True

    def oldest(self) -> None:
        self._follow = False
        self._quietly(self.rows.to_start)
        self._choose(0)
        self.scrollToTop()
        self.moved.emit()

    def newest(self) -> None:
        self._quietly(self.rows.to_end)
        self._choose(self.rows.rowCount() - 1)
        self._to_bottom()
        self.moved.emit()

    def names_changed(self) -> None:
        """Names or trust changed: lay out again."""
        self.painter_.forget()
        self.scheduleDelayedItemsLayout()
        self.viewport().update()

    # moving the window

    def _scrolled(self, value: int) -> None:
        bar = self.verticalScrollBar()
        self._follow = self._at_bottom()
        if self._moving or not self.isVisible() or bar.maximum() <= 0:
            return
        if value < _NEAR and self.rows.first:
            self._keeping_place(self.rows.earlier)
        elif bar.maximum() - value < _NEAR and self.rows.last < self.rows.total:
            self._keeping_place(self.rows.later)

    def _keeping_place(self, load: Callable[[], object]) -> None:
        anchor = self._anchor()
        self._quietly(load)
        self._restore(anchor)
        self.moved.emit()

    def _quietly(self, work: Callable[[], object]) -> None:
        self._moving = True
        try:
            work()
            self.doItemsLayout()
        finally:
            self._moving = False

    def _anchor(self) -> tuple[str, int]:
        """The first message in sight and where it ends (its top may carry the day, which comes and goes)."""
        for y in range(4, max(5, self.viewport().height()), 24):
            index = self.indexAt(QPoint(24, y))
            row = index.data(ROW) if index.isValid() else None
            if isinstance(row, MessageRow):
                return row.id, self.visualRect(index).bottom()
        return "", 0

    def _restore(self, anchor: tuple[str, int]) -> None:
        row = self.rows.find(anchor[0]) if anchor[0] else -1
        if row < 0:
            return
        self._moving = True
        try:
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + self.visualRect(self.rows.index(row)).bottom() - anchor[1])
        finally:
            self._moving = False

    def _at_bottom(self) -> bool:
        bar = self.verticalScrollBar()
        return self.rows.last == self.rows.total and bar.value() >= bar.maximum() - 8

    def _to_bottom(self) -> None:
        self._moving = True
        try:
            self.doItemsLayout()
            self.scrollToBottom()
            self._follow = True
        finally:
            self._moving = False

    def _choose(self, row: int) -> None:
        if 0 <= row < self.rows.rowCount():
            self._moving = True
            try:
                self.setCurrentIndex(self.rows.index(row))
            finally:
                self._moving = False

    def _current(self, now: QModelIndex, _before: QModelIndex) -> None:
        row = now.data(ROW) if now.isValid() else None
        self.chosen.emit(row if isinstance(row, MessageRow) else None)

    # events

    def resizeEvent(self, event: QResizeEvent) -> None:
        follow = self._follow
        super().resizeEvent(event)
        if follow and self.rows.rowCount():
            self._settle.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Home:
            self.oldest()
        elif key == Qt.Key.Key_End:
            self.newest()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            row = self.row()
            if row is not None:
                self.delivery_asked.emit(row.id)
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        what = self.painter_.hit(index, self.visualRect(index), event.position())[0] if index.isValid() else ""
        if what:
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.viewport().unsetCursor()
        super().mouseMoveEvent(event)
