"""Rows by their ids: an array of ids, and pages of 128 rows in a small LRU. Nothing is read that nobody looks at."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Callable, Sequence

from valise.desk.door_registers import Row

PAGE, PAGES = 128, 24
Fetch = Callable[[Sequence[int]], list[Row]]


class Pages:
    """`fetch(ids)` gives the rows of these ids, in their order; one that is gone meanwhile may be missing."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self.ids: array[int] = array("q")
        self._held: OrderedDict[int, dict[int, Row]] = OrderedDict()

    def show(self, ids: array[int]) -> None:
        """Other rows."""
        self.ids = ids
        self._held.clear()

    def touch(self) -> None:
        """Read anew what is looked at."""
        self._held.clear()

    def row(self, number: int) -> Row | None:
        """A row, read with its page; None outside, or when it is no longer there."""
        if not 0 <= number < len(self.ids):
            return None
        page = number // PAGE
        rows = self._held.get(page)
        if rows is None:
            wanted = self.ids[page * PAGE : (page + 1) * PAGE]
            rows = {one.id: one for one in self._fetch(wanted)}
            self._held[page] = rows
            if len(self._held) > PAGES:
                self._held.popitem(last=False)
        else:
            self._held.move_to_end(page)
        return rows.get(self.ids[number])

    def place(self, id: int) -> int:
        """Where an id stands, -1 when it does not."""
        try:
            return self.ids.index(id)
        except ValueError:
            return -1
