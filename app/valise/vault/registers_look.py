"""Looking at rows of registers: which pass a filter, in which order, and what stands in them.

Lists come from covering indexes alone: a list of 100,000 rows in any order decrypts no row.
"""

from __future__ import annotations

import json
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from valise.domain.register.values import sort_key
from valise.vault import registers
from valise.vault.store import Handle

_ASKED: Final = 400  # values of one question
_FEW: Final = 2_000  # rows that are looked up one by one
_NONE: Final[frozenset[str]] = frozenset()
_ROW: Final = "id, space, key, cells, differing, gone, at, newest"


@dataclass(frozen=True, slots=True)
class Stored:
    """A row as it stands. `at` ms UTC of the last change, `newest` its op.n."""

    id: int
    space: int
    key: str
    cells: Mapping[str, tuple[str, ...]]
    differing: frozenset[str]
    gone: bool
    at: int
    newest: int


@dataclass(frozen=True, slots=True)
class Uttered:
    """One word of one operation about one field; `by` (delegation, its code, officer)."""

    field: str
    op: str
    n: int
    stands: bool
    values: tuple[str, ...]
    author: str
    code: str
    officer: str
    at: int


@dataclass(frozen=True, slots=True)
class Ask:
    """Which rows. `only`: (field, values); no values = the cell is empty. `words`: for each phrase the question to the
    index and the values of fields that count as holding it. `before`: (field, value it must sort below)."""

    only: tuple[tuple[str, tuple[str, ...]], ...] = ()
    words: tuple[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]], ...] = ()
    before: tuple[str, str] = ("", "")
    differs: bool = False

    @property
    def everything(self) -> bool:
        return not (self.only or self.words or self.before[0] or self.differs)


def select(
    handle: Handle, space: int, ask: Ask, *, sort: str = "", down: bool = False, ranks: Mapping[str, int] | None = None
) -> array[int]:
    """Ids of the rows that pass and were not taken out. `sort` is a field, "@key", or "" for the order in which rows
    came; what has no value there comes last. `ranks` = an order of values that is not that of their letters."""
    inside = None if ask.everything else _passing(handle, space, ask)
    if sort in ("", "@key"):
        found = _by_key(handle, space, inside) if sort else sorted(_base(handle, space) if inside is None else inside)
        return array("q", reversed(found) if down else found)
    number = columns(handle, space).get(sort)
    first = _sorted(handle, number, down, ranks) if number is not None else []
    made = array("q", dict.fromkeys(first if inside is None else (one for one in first if one in inside)))
    if inside is None:
        if len(made) == handle.value("select count(*) from register_row where space = ? and gone = 0", (space,)):
            return made
        inside = set(_base(handle, space))
    made.extend(sorted(inside.difference(made)))
    return made


def tally(handle: Handle, space: int, name: str, ask: Ask) -> tuple[dict[int | float | str, int], int]:
    """(how many rows have each sort key in a field, how many have none)."""
    inside = set(_base(handle, space)) if ask.everything else _passing(handle, space, ask)
    number = columns(handle, space).get(name)
    pairs = handle.rows("select sort, row from register_cell where field = ?", (number,)) if number is not None else []
    met = {row for _, row in pairs}
    return dict(Counter(key for key, row in pairs if row in inside)), len(inside - met)


def columns(handle: Handle, space: int) -> dict[str, int]:
    """Number of each field anybody wrote in."""
    return {name: n for n, name in handle.rows("select id, field from register_column where space = ?", (space,))}


def every(handle: Handle, space: int, *, gone: bool | None = False) -> Iterator[Stored]:
    """Every row, read whole: for few of them, or for writing all to a file. `gone` None: also those taken out."""
    only = "" if gone is None else f" and gone = {int(gone)}"
    return (_stored(row) for row in handle.each(f"select {_ROW} from register_row where space = ?{only} order by key", (space,)))


def count(handle: Handle, space: int) -> int:
    """How many rows a space has, with those taken out."""
    return int(handle.value("select count(*) from register_row where space = ?", (space,)))


def by_id(handle: Handle, ids: Sequence[int]) -> dict[int, Stored]:
    """Rows by their ids; an unknown one is not among them."""
    found: dict[int, Stored] = {}
    for start in range(0, len(ids), _ASKED):
        part = tuple(ids[start : start + _ASKED])
        marks = ",".join("?" * len(part))
        found |= {row[0]: _stored(row) for row in handle.rows(f"select {_ROW} from register_row where id in ({marks})", part)}
    return found


def by_key(handle: Handle, space: int | None, key: str) -> Stored | None:
    """One row, or None while nobody wrote in it."""
    row = handle.row(f"select {_ROW} from register_row where space = ? and key = ?", (space, key))
    return _stored(row) if row else None


def spaces(handle: Handle) -> dict[int, tuple[str, str, str]]:
    """(register, side, room) by number."""
    return {row[0]: (row[1], row[2], row[3]) for row in handle.rows("select id, register, side, room from register_space")}


def uttered(handle: Handle, row: int, *, field: str = "", standing: bool = False) -> list[Uttered]:
    """Every word about a row (or one field of it), oldest first."""
    only = " and register_said.stands = 1" if standing else ""
    rows = handle.rows(
        "select register_column.field, op.id, op.n, stands, told, op.author, coalesce(code, ''), coalesce(officer, ''), op.at"
        " from register_said join op on op.n = register_said.n"
        " join register_column on register_column.id = register_said.field"
        " left join delegation on delegation.id = op.author left join device on device.id = op.device"
        f" where row = ?1 and (?2 = '' or register_column.field = ?2){only} order by op.at, op.tick, op.id",
        (row, field),
    )
    return [
        Uttered(told, op, n, bool(stands), tuple(json.loads(values)), author, code, officer, at)
        for told, op, n, stands, values, author, code, officer, at in rows
    ]


def authors(handle: Handle, numbers: Iterable[int]) -> dict[int, tuple[str, str]]:
    """(code of the delegation, officer) by op.n."""
    found: dict[int, tuple[str, str]] = {}
    every = list(numbers)
    for start in range(0, len(every), _ASKED):
        part = tuple(every[start : start + _ASKED])
        found |= {
            row[0]: (row[1], row[2])
            for row in handle.rows(
                "select op.n, coalesce(code, ''), coalesce(officer, '') from op left join delegation on delegation.id = op.author"
                f" left join device on device.id = op.device where op.n in ({','.join('?' * len(part))})",
                part,
            )
        }
    return found


def defined(handle: Handle) -> tuple[int, ...]:
    """Numbers of the operations that define registers of our own."""
    return tuple(row[0] for row in handle.rows("select n from register_defined order by n"))


def definitions(handle: Handle) -> list[str]:
    """The TOML of every register of our own, the newest last."""
    rows = handle.rows("select op.raw from register_defined join op on op.n = register_defined.n order by op.at, op.tick, op.id")
    return [str(json.loads(row[0])["body"]["toml"]) for row in rows]


def holding(handle: Handle, space: int, name: str, value: str) -> list[int]:
    """Rows with this value in a field, or one that sorts alike."""
    number = columns(handle, space).get(name)
    return [row[0] for row in handle.rows("select row from register_cell where field = ? and sort = ?", (number, sort_key(value)))]


def beginning(handle: Handle, space: int, name: str, start: str) -> list[str]:
    """Sort keys of a field that begin with `start`."""
    number = columns(handle, space).get(name)
    sql = "select sort from register_cell where field = ? and sort >= ? and sort < ?"
    return [str(row[0]) for row in handle.rows(sql, (number, start, start + "\U0010ffff"))]


# inside


def _stored(row: Sequence[Any]) -> Stored:
    id, space, key, cells, differing, gone, at, newest = row
    told = {name: tuple(values) for name, values in json.loads(cells).items()}
    return Stored(id, space, key, told, frozenset(json.loads(differing)) if differing != "[]" else _NONE, bool(gone), at, newest)


def _ids(handle: Handle, sql: str, values: Sequence[object]) -> list[int]:
    return [row[0] for row in handle.rows(sql, values)]


def _base(handle: Handle, space: int) -> list[int]:
    return _ids(handle, "select id from register_row indexed by register_there where space = ? and gone = 0", (space,))


def _by_key(handle: Handle, space: int, inside: set[int] | None) -> list[int]:
    sql = "select id from register_row indexed by register_rows where space = ? and gone = 0 order by key"
    found = _ids(handle, sql, (space,))
    return found if inside is None else [one for one in found if one in inside]


def _sorted(handle: Handle, number: int, down: bool, ranks: Mapping[str, int] | None) -> list[int]:
    way = " desc" if down else ""
    if not ranks:
        return _ids(handle, f"select row from register_cell where field = ? order by sort{way}, row{way}", (number,))
    groups: dict[int | float | str, list[int]] = {}
    for key, row in handle.rows("select sort, row from register_cell where field = ? order by sort, row", (number,)):
        groups.setdefault(key, []).append(row)
    place = {sort_key(value): rank for value, rank in ranks.items()}
    keys = sorted(groups, key=lambda key: place.get(key, len(place)), reverse=down)
    return [row for key in keys for row in (reversed(groups[key]) if down else groups[key])]


def _passing(handle: Handle, space: int, ask: Ask) -> set[int]:
    """Rows that pass everything asked, by index alone."""
    numbers = columns(handle, space)
    sets: list[set[int]] = []
    empty: list[str] = []
    for name, values in ask.only:
        if values:
            sets.append(_having(handle, numbers.get(name), values))
        else:
            empty.append(name)
    if ask.before[0]:
        sets.append(set(_ids(
            handle, "select row from register_cell where field = ? and sort < ?", (numbers.get(ask.before[0]), ask.before[1])
        )))  # fmt: skip
    for match, values_too in ask.words:
        found = _saying(handle, space, match)
        for name, values in values_too:
            found |= _having(handle, numbers.get(name), values)
        sets.append(found)
    if ask.differs or not sets:
        sql = "select id from register_row indexed by register_there where space = ? and gone = 0 and differs = 1"
        sets.append(set(_ids(handle, sql, (space,)) if ask.differs else _base(handle, space)))
    sets.sort(key=len)
    passing = set.intersection(*sets)
    for name in empty:
        passing.difference_update(_ids(handle, "select row from register_cell where field = ?", (numbers.get(name),)))
    return passing


def _having(handle: Handle, number: int | None, values: Sequence[str]) -> set[int]:
    found: set[int] = set()
    keys = [sort_key(one) for one in values]
    for start in range(0, len(keys) if number is not None else 0, _ASKED):
        part = tuple(keys[start : start + _ASKED])
        marks = ",".join("?" * len(part))
        found.update(_ids(handle, f"select row from register_cell where field = ? and sort in ({marks})", (number, *part)))
    return found


def _saying(handle: Handle, space: int, match: str) -> set[int]:
    """Rows in which the index finds `match`."""
    register, side, room = spaces(handle)[space]
    start = registers.ref(register, side, room, "")
    refs = _ids(
        handle,
        "select r.ref from search s join search_ref r on r.rowid = s.rowid where s.search match ? and r.kind = ?"
        " and substr(r.ref, 1, ?) = ?",
        (match, registers.KIND, len(start), start),
    )
    keys = [str(one)[len(start) :] for one in refs]
    if len(keys) <= _FEW:
        sql = "select id from register_row indexed by register_rows where space = ? and gone = 0 and key = ?"
        return {row for key in keys for row in _ids(handle, sql, (space, key))}
    numbers = dict(handle.rows("select key, id from register_row indexed by register_rows where space = ? and gone = 0", (space,)))
    return {numbers[key] for key in keys if key in numbers}


__all__ = [
    "Ask", "Stored", "Uttered", "authors", "beginning", "by_id", "by_key", "columns", "count", "defined", "definitions", "every",
    "holding", "select", "spaces", "tally", "uttered",
]  # fmt: skip
