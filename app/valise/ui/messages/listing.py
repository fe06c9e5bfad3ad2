"""A short list (rooms, threads, delegations, what is due) as a Qt model that follows changes row by row."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from difflib import SequenceMatcher
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from valise.ui.text_safe import tip

Index = QModelIndex | QPersistentModelIndex
ITEM = int(Qt.ItemDataRole.UserRole) + 1
_ROOT = QModelIndex()


class Listing(QAbstractListModel):
    """`key` tells rows apart, `spoken` is what a screen reader says, `whole` what a tooltip says where a row may be cut ("" =
    nothing), `passive` rows (headings) cannot be chosen."""

    def __init__(
        self,
        key: Callable[[Any], Hashable],
        spoken: Callable[[Any], str],
        parent: QObject | None = None,
        passive: Callable[[Any], bool] = lambda _item: False,
        whole: Callable[[Any], str] = lambda _item: "",
    ) -> None:
        super().__init__(parent)
        self._key, self._spoken, self._passive, self._whole = key, spoken, passive, whole
        self._items: list[Any] = []

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._items)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid() or index.row() >= len(self._items):
            return None
        item = self._items[index.row()]
        if role == ITEM:
            return item
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.DisplayRole):
            return self._spoken(item)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(self._whole(item)) or None
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if index.isValid() and index.row() < len(self._items) and self._passive(self._items[index.row()]):
            return Qt.ItemFlag.NoItemFlags
        return super().flags(index)

    def items(self) -> list[Any]:
        return self._items

    def place(self, key: Hashable) -> int:
        """Row of a key, -1 when it is not in the list."""
        return next((row for row, item in enumerate(self._items) if self._key(item) == key), -1)

    def follow(self, items: Sequence[Any]) -> None:
        """Bring the list up to date; only what differs is announced, so the selection stays."""
        have, want = [self._key(item) for item in self._items], [self._key(item) for item in items]
        if have != want:
            for tag, i, j, m, n in reversed(SequenceMatcher(None, have, want, autojunk=False).get_opcodes()):
                if tag in ("delete", "replace"):
                    self.beginRemoveRows(_ROOT, i, j - 1)
                    del self._items[i:j]
                    self.endRemoveRows()
                if tag in ("insert", "replace"):
                    self.beginInsertRows(_ROOT, i, i + n - m - 1)
                    self._items[i:i] = items[m:n]
                    self.endInsertRows()
        for row, item in enumerate(items):
            if self._items[row] != item:
                self._items[row] = item
                self.dataChanged.emit(self.index(row), self.index(row))

    def repaint_all(self) -> None:
        """What is drawn beside the rows themselves (a name, a trust level) changed."""
        if self._items:
            self.dataChanged.emit(self.index(0), self.index(len(self._items) - 1))
