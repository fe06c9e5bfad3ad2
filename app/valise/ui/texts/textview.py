"""The continuous text: a list of cards that stays where one reads, with one editor on the current card."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from valise.ui.texts.card import CardDelegate
from valise.ui.texts.editor import BELOW, CardEditor, Mode
from valise.ui.texts.paragraphs import Index, ParagraphModel
from valise.ui.widgets.labels import named


class TextView(QListView):
    """`moved(row)` when another paragraph is the current one; `wanted()` when Enter asks for the editor."""

    moved = Signal(int)
    wanted = Signal()

    def __init__(self, model: ParagraphModel, delegate: CardDelegate, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, self.tr("The text"))
        self._paragraphs = model
        self._cards = delegate
        self.editor: CardEditor | None = None
        self.setModel(model)
        self.setItemDelegate(delegate)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setMouseTracking(True)
        self.setAutoScroll(False)
        self.verticalScrollBar().setSingleStep(28)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self.lay_out)
        delegate.settled.connect(self._soon.start, Qt.ConnectionType.QueuedConnection)

    def currentChanged(self, now: Index, before: Index) -> None:
        super().currentChanged(now, before)
        if now.isValid():
            self.moved.emit(now.row())

    def go(self, place: int) -> None:
        """Make a row the current one and bring it into sight."""
        index = self._paragraphs.index(place)
        if index.isValid():
            rows = self.visible_rows()
            self.setCurrentIndex(index)
            hint = QAbstractItemView.ScrollHint
            self.scrollTo(index, hint.EnsureVisible if not rows or place in rows else hint.PositionAtCenter)

    def visible_rows(self) -> set[int]:
        """Rows a person sees now."""
        if not self._paragraphs.rowCount() or not self.isVisible():
            return set()
        first = self._first(lambda rect: rect.bottom() >= 0)
        last = self._first(lambda rect: rect.top() >= self.viewport().height())
        return set(range(first, last))

    def _first(self, reached: Callable[[QRect], bool]) -> int:
        """The first row (they stand one below the other, perhaps with gaps until they are laid out again)."""
        low, high = 0, self._paragraphs.rowCount()
        while low < high:
            middle = (low + high) // 2
            if reached(self.visualRect(self._paragraphs.index(middle))):
                high = middle
            else:
                low = middle + 1
        return low

    def lay_out(self) -> None:
        """Heights became exact: lay out again, keeping what is read where it is."""
        self._soon.stop()
        seen = self.visible_rows()
        if not seen:
            self.doItemsLayout()
            return
        current = self.currentIndex().row()
        anchor = self._paragraphs.index(current if current in seen else min(seen))
        before = self.visualRect(anchor).top()
        self.doItemsLayout()
        after = self.visualRect(anchor).top()
        if after != before:
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + after - before)
        self.updateEditorGeometries()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
            self.wanted.emit()
            return
        super().keyPressEvent(event)

    def keyboardSearch(self, _search: str) -> None:
        """Letters are actions here, not a search."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        index = self.currentIndex()
        seen = index.isValid() and self.visualRect(index).bottom() < event.oldSize().height()
        super().resizeEvent(event)
        if seen and event.size().height() < event.oldSize().height():
            self.scrollTo(index)  # a notice came up: the paragraph one is at stays in sight
        if self.editor is not None:
            self._fit()

    # the editor

    def open_editor(self, mode: Mode, base: str, language: str, about: str = "") -> CardEditor:
        """An editor on the current card. The one that was there is closed; its words are the caller's to keep."""
        self.close_editor()
        index = self.currentIndex()
        editor = CardEditor(mode, base, language, self.viewport(), about=about)
        self.editor = editor
        self._cards.editing = self._paragraphs.row(index.row()).id
        self._cards.editing_below = mode in BELOW
        editor.resized.connect(self._fit)
        width = self._cards.words_rect(self.visualRect(index), self.layoutDirection(), index.row()).width()
        editor.resize(max(120, width), 160)
        self.setIndexWidget(index, editor)
        self._fit()
        editor.focus_words()
        return editor

    def _fit(self) -> None:
        editor = self.editor
        if editor is None:
            return
        place = self._paragraphs.place(self._cards.editing)
        index = self._paragraphs.index(place)
        width = self._cards.words_rect(self.visualRect(index), self.layoutDirection(), place).width()
        layout = editor.layout()
        layout.activate()
        wanted = layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.totalSizeHint().height()
        if wanted != self._cards.editing_height:
            self._cards.editing_height = wanted
            self.doItemsLayout()
        self.updateEditorGeometries()
        rect = self.visualRect(index)
        if rect.bottom() > self.viewport().height() or rect.top() < 0:
            self.scrollTo(index)

    def close_editor(self) -> None:
        """Take the editor away and give the keyboard back to the text."""
        if self.editor is None:
            return
        editor, self.editor = self.editor, None
        index = self._paragraphs.index(self._paragraphs.place(self._cards.editing))
        self._cards.editing = ""
        self._cards.editing_height = 0
        self._cards.editing_below = False
        editor.blockSignals(True)
        editor.hide()  # Qt takes it away later
        if index.isValid() and self.indexWidget(index) is editor:
            self.setIndexWidget(index, None)
        else:
            editor.deleteLater()
        self.doItemsLayout()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
