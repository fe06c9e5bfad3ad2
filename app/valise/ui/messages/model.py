"""Messages of one thread for a QListView: a moving window over any number of them, read in pages of 128.

A list view asks every row for its height, and bubbles differ in height; so the view is shown a window of at most
WINDOW rows, which moves as one scrolls. Pages are kept in a small LRU; nothing else of the thread is in memory.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from valise.desk.views import MessageRow

PAGE = 128  # messages read at once
WINDOW = 3 * PAGE  # rows the view is shown at most
KEPT = 8  # pages in the LRU
LEAST = 32  # messages shown at the end of a long thread; from there back to where a page begins

ROW = int(Qt.ItemDataRole.UserRole) + 1  # MessageRow
NEW_DAY = int(Qt.ItemDataRole.UserRole) + 2  # bool: the first message of its day (UTC) in the window

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
Read = Callable[[int, int], list[MessageRow]]  # offset, limit -> rows, oldest first


def _tail(total: int) -> int:
    """Where the window begins at the end of a thread: on a page, so that mostly one page is read."""
    return max(0, (total - LEAST) // PAGE * PAGE)


def _day(at: int) -> int:
    return at // 86_400_000


class MessageModel(QAbstractListModel):
    """Row 0 is message number `first` of the thread (0 = the oldest)."""

    def __init__(self, spoken: Callable[[MessageRow], str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._spoken = spoken
        self._read: Read = lambda _offset, _limit: []
        self._pages: OrderedDict[int, list[MessageRow]] = OrderedDict()
        self.total = 0
        self.first = 0
        self._count = 0

    # what Qt asks

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else self._count

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid() or not 0 <= index.row() < self._count:
            return None
        if role == ROW:
            return self.row(index.row())
        if role == NEW_DAY:
            number = self.first + index.row()
            here = self._at(number)
            before = self._at(number - 1) if index.row() else None
            return here is not None and (before is None or _day(before.sent_at) != _day(here.sent_at))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            row = self.row(index.row())
            return "" if row is None else self._spoken(row)
        return None

    # what the screen asks

    @property
    def last(self) -> int:
        """Number after the last message shown."""
        return self.first + self._count

    def row(self, row: int) -> MessageRow | None:
        return self._at(self.first + row) if 0 <= row < self._count else None

    def find(self, message: str) -> int:
        """Row of a message in the window, -1 when it is not there."""
        for row in range(self._count):
            found = self.row(row)
            if found is not None and found.id == message:
                return row
        return -1

    def open(self, read: Read, total: int) -> None:
        """Show the newest messages of a thread."""
        self.beginResetModel()
        self._read = read
        self._pages.clear()
        self.total = total
        self._place(_tail(total), total)
        self.endResetModel()

    def clear(self) -> None:
        self.open(lambda _offset, _limit: [], 0)

    def to_start(self) -> None:
        self._jump(0, min(self.total, PAGE))

    def to_end(self) -> None:
        self._jump(_tail(self.total), self.total)

    def around(self, number: int) -> None:
        """Show the window about one message of the thread."""
        first = max(0, (number - PAGE // 2) // PAGE * PAGE)
        self._jump(first, min(self.total, first + 2 * PAGE))

    def locate(self, message: str) -> int:
        """Number of a message in the thread, read page by page from the newest; -1 when it is not there."""
        for start in range((self.total - 1) // PAGE * PAGE if self.total else -1, -1, -PAGE):
            for place, row in enumerate(self._read(start, PAGE)):
                if row.id == message:
                    return start + place
        return -1

    def earlier(self) -> int:
        """One page more above; rows below the window's limit are let go. Returns how many came."""
        came = min(PAGE, self.first)
        if not came:
            return 0
        self.beginInsertRows(_ROOT, 0, came - 1)
        self.first -= came
        self._count += came
        self.endInsertRows()
        if self._count > WINDOW:
            self.beginRemoveRows(_ROOT, WINDOW, self._count - 1)
            self._count = WINDOW
            self.endRemoveRows()
        return came

    def later(self) -> int:
        """One page more below; rows above the window's limit are let go. Returns how many came."""
        came = min(PAGE, self.total - self.last)
        if came <= 0:
            return 0
        self.beginInsertRows(_ROOT, self._count, self._count + came - 1)
        self._count += came
        self.endInsertRows()
        over = self._count - WINDOW
        if over > 0:
            self.beginRemoveRows(_ROOT, 0, over - 1)
            self.first += over
            self._count -= over
            self.endRemoveRows()
        return came

    def refresh(self, total: int) -> bool:
        """Read again what is shown after a change; only rows that differ are announced. True when rows were reset."""
        followed = self.last == self.total
        before = [self._at(number) for number in range(self.first, self.last)]
        self._pages.clear()
        self.total = total
        last = total if followed and total - self.first <= WINDOW else min(self.last, total)
        after = [self._at(number) for number in range(self.first, last)]
        same = len(after) >= len(before) and all(
            a is not None and b is not None and a.id == b.id for a, b in zip(before, after, strict=False)
        )
        if not same or (followed and last < total):
            self.beginResetModel()
            self._place(*((_tail(total), total) if followed else (min(self.first, total), last)))
            self.endResetModel()
            return True
        for row, (a, b) in enumerate(zip(before, after, strict=False)):
            if a != b:
                here = self.index(row)
                self.dataChanged.emit(here, here)
        if len(after) > len(before):
            self.beginInsertRows(_ROOT, len(before), len(after) - 1)
            self._count = len(after)
            self.endInsertRows()
        return False

    def _jump(self, first: int, last: int) -> None:
        self.beginResetModel()
        self._place(first, last)
        self.endResetModel()

    def _place(self, first: int, last: int) -> None:
        self.first, self._count = first, max(0, last - first)

    def _at(self, number: int) -> MessageRow | None:
        page, place = divmod(number, PAGE)
        rows = self._pages.get(page)
        if rows is None:
            rows = self._pages[page] = self._read(page * PAGE, PAGE)
            while len(self._pages) > KEPT:
                self._pages.popitem(last=False)
        else:
            self._pages.move_to_end(page)
        return rows[place] if place < len(rows) else None
