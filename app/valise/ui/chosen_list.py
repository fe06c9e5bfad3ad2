"""A list at the side of a screen, of which one row is looked at: incidents, joint statements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from valise.ui import theme
from valise.ui.models.paged import Index
from valise.ui.widgets.labels import named

ENTRY = int(Qt.ItemDataRole.UserRole) + 1
_ROOT = QModelIndex()


class Entries(QAbstractListModel):
    """Rows that have an `id`, in the order the desk gives."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: Sequence[Any] = ()

    def place(self, id: str) -> int:
        """Row of an id, -1 if it is not here."""
        return next((n for n, one in enumerate(self.rows) if one.id == id), -1)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        one = self.rows[index.row()]
        if role == ENTRY:
            return one
        if role == Qt.ItemDataRole.DisplayRole:
            return self.words(one)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.spoken(one)
        return None

    def words(self, _one: Any) -> str:
        """What it is called."""
        return ""

    def spoken(self, one: Any) -> str:
        """What a screen reader says of it."""
        return self.words(one)


class ChosenList(QListView):
    """`chosen(id)` when another is looked at; `wanted()` when Enter asks for its page. Rows are as tall as they need at this width."""

    chosen = Signal(str)
    wanted = Signal()

    def __init__(self, entries: Entries, painter: type[QStyledItemDelegate], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        entries.setParent(self)
        self.setModel(entries)
        self.setItemDelegate(painter(self))
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setWordWrap(True)  # Qt lays out again at another width only for lists that wrap
        self.setMouseTracking(True)
        named(self, name)
        self._rows = entries
        self._quiet = False
        self.selectionModel().currentChanged.connect(self._changed)
        theme.current().changed.connect(self.scheduleDelayedItemsLayout)
        theme.current().changed.connect(self.viewport().update)

    def hold(self, place: int) -> None:
        """Be at a row without saying so, at none with -1."""
        quiet, self._quiet = self._quiet, True
        if place >= 0:
            self.setCurrentIndex(self._rows.index(place))
        else:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())
        self._quiet = quiet

    def current(self) -> Any:
        """The one that is looked at, or None."""
        place = self.currentIndex().row()
        return self._rows.rows[place] if 0 <= place < len(self._rows.rows) else None

    def _changed(self, now: QModelIndex, _before: QModelIndex) -> None:
        if now.isValid() and not self._quiet:
            self.chosen.emit(now.data(ENTRY).id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.wanted.emit()
            return
        super().keyPressEvent(event)


def width_of(option: QStyleOptionViewItem) -> int:
    """How wide a row is, also while its height is asked for."""
    view = option.widget
    return view.viewport().width() if isinstance(view, QAbstractItemView) else option.rect.width()
