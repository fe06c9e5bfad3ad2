"""A list model over a paged query: a count, and pages of 128 rows in a small LRU."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex
PAGE = 128
PAGES = 24
ROW_ROLE = int(Qt.ItemDataRole.UserRole)


class PagedModel(QAbstractListModel, Generic[Row]):
    """`fetch(offset, limit)` gives rows, `describe(row)` the text a screen reader says. UserRole is the row itself.

    `reset(count)` shows another list; `grow(count)` tells of rows appended at the end; `touch()` fetches anew.
    """

    def __init__(
        self,
        fetch: Callable[[int, int], Sequence[Row]],
        describe: Callable[[Row], str],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._fetch, self._describe = fetch, describe
        self._count = 0
        self._pages: OrderedDict[int, list[Row]] = OrderedDict()

    def reset(self, count: int) -> None:
        """Another list of `count` rows."""
        self.beginResetModel()
        self._pages.clear()
        self._count = count
        self.endResetModel()

    def grow(self, count: int) -> None:
        """The same list, now `count` rows long; new ones are at the end. A shorter list is a reset."""
        if count < self._count:
            self.reset(count)
            return
        if count > self._count:
            self._pages.pop(self._count // PAGE, None)
            self.beginInsertRows(QModelIndex(), self._count, count - 1)
            self._count = count
            self.endInsertRows()

    def touch(self) -> None:
        """Forget the pages and repaint; selection and scroll position stay."""
        self._pages.clear()
        if self._count:
            self.dataChanged.emit(self.index(0), self.index(self._count - 1))

    def row(self, number: int) -> Row | None:
        """One row, fetched with its page; None outside the list."""
        if not 0 <= number < self._count:
            return None
        page, within = divmod(number, PAGE)
        rows = self._pages.get(page)
        if rows is None:
            rows = list(self._fetch(page * PAGE, PAGE))
            self._pages[page] = rows
            if len(self._pages) > PAGES:
                self._pages.popitem(last=False)
        else:
            self._pages.move_to_end(page)
        return rows[within] if within < len(rows) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else self._count

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        row = self.row(index.row())
        if row is None:
            return None
        if role == ROW_ROLE:
            return row
        if role in (int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.AccessibleTextRole)):
            return self._describe(row)
        return None
