"""A calendar as rows of a register: what each entry says of a consultation or an event."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from valise.desk.door_registers import Row
from valise.domain.register import values as v
from valise.formats.ics import Entry

# register -> (column -> what of an entry it takes)
TAKEN: Final[Mapping[str, Mapping[str, str]]] = {
    "consultations": {"date": "moment", "subject": "title", "place": "place", "agenda": "text", "status": "status"},
    "events": {"name": "title", "begins": "first", "ends": "last", "place": "place", "note": "text", "status": "status"},
}


def loses_days(register: str, one: Entry) -> bool:
    """Whether an entry of whole days is taken as a moment."""
    return "moment" in TAKEN[register].values() and "T" not in one.start


def key(uid: str) -> str:
    """The row of an entry that no row of ours made: the same each time its calendar is read."""
    return hashlib.sha256(f"valise calendar\0{uid}".encode("utf-8", "replace")).hexdigest()[:24]


def lines(
    register: str, entries: Iterable[Entry], ours: Mapping[str, tuple[str, str]], rows: Mapping[str, Row]
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Headings, then a row for each entry, numbered as in the file (the first is 2). `ours`: identifier -> (row, column) of dates
    that we exported, of which only that date is taken; `rows`: those that stand."""
    columns = dict(TAKEN[register])
    more = sorted({column for _, column in ours.values()} - set(columns))
    yield 1, (v.KEY, *columns, *more)
    seen: dict[str, tuple[int, list[str]]] = {}
    for number, one in enumerate(entries, 2):
        row, column = ours.get(one.uid, (key(one.uid), ""))
        cells = seen.get(row, (number, _now(rows.get(row), (*columns, *more))))[1]
        if row not in rows and not cells[list(columns).index("status")]:
            cells[list(columns).index("status")] = "planned"
        for place, name in enumerate((*columns, *more)):
            if (not column and name in columns) or column == name:
                cells[place] = _value(one, columns.get(name, "first")) or cells[place]
        if column and column in columns:
            cells[list(columns).index(column)] = _value(one, columns[column])
            if column == "begins":
                cells[list(columns).index("ends")] = _value(one, "last")
        seen[row] = (number, cells)
    for row, (number, cells) in seen.items():
        yield number, (row, *cells)


def _now(row: Row | None, columns: Iterable[str]) -> list[str]:
    """What stands there as a table shows it, so that what an entry does not say stays."""
    return [row.cells[name].shown if row is not None and name in row.cells else "" for name in columns]


def _value(one: Entry, what: str) -> str:
    if what == "moment":
        return one.start if "T" in one.start else f"{one.start}T00:00Z"
    if what == "first":
        return one.start[:10]
    if what == "last":
        return one.end[:10]
    if what == "status":
        return {"cancelled": "dropped", "done": "done"}.get(one.state, "")
    return " ".join(one.title.split()) if what == "title" else one.place if what == "place" else one.text
