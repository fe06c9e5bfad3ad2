"""Rows of registers: who said what in which field of which row, and what stands. Projected from operations, any order.

An operation counts where `rows.counts` says so. A word stands until an operation of the same delegation names it in
`replaces`; that may come before the word itself. Whatever order they came in, the same rows come of it.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any, Final

from valise.domain import message as messages
from valise.domain.op import Op
from valise.domain.register import kinds, rows
from valise.domain.register.rows import GONE
from valise.domain.register.values import sort_key
from valise.domain.room import RoomState
from valise.vault import attached, search
from valise.vault.store import Handle, Tx

KIND: Final = "register"  # in the search index
Values = tuple[str, ...]
_TABLES: Final = (
    "register_space", "register_column", "register_row", "register_said", "register_replaced", "register_cell",
    "register_defined", "register_several",
)  # fmt: skip
_ID = re.compile(r"[A-Za-z0-9_-]{43}\Z")


def project(tx: Tx, op: Op, n: int, room: RoomState) -> set[str]:
    """Rows of one operation, number `n` of the vault, in a room. Returns the registers it touched."""
    internal = room.kind == "internal"
    own, code = _author(tx, op.author)
    if op.kind == "register.define":
        return _define(tx, op, n) if internal and own else set()
    register, side, key = kinds.place(op)
    if not rows.counts(internal=internal, own=own, side=side, key=key, code=code, delegation=op.author):
        return set()
    told: dict[str, Any] = {}
    for change in op.body["changes"]:
        if rows.FIELD.match(change["field"]):
            told.setdefault(change["field"], change)
    attached.expect(tx, op.room_id, messages.attachments(op, "files"), op.at)
    if not told:
        return set()
    space = _space(tx, register, side, "" if internal else op.room_id)
    columns = {field: number for number, field in tx.rows("select id, field from register_column where space = ?", (space,))}
    _write(tx, op, n, space, key, columns, told, (register, side, "" if internal else op.room_id))
    return {register}


def clear(tx: Tx) -> None:
    """Drop every row made here."""
    for table in _TABLES:
        tx.run(f"delete from {table}")
    search.clear(tx, (KIND,))


def ref(register: str, side: str, room: str, key: str) -> str:
    """What a row is called in the search index: "norms/stated//XA/f", `room` "" for our own."""
    return f"{register}/{side}/{room}/{key}"


def place_of(ref: str) -> tuple[str, str, str, str]:
    """(register, side, room, key) of what `ref` made."""
    register, side, room, key = ref.split("/", 3)
    return register, side, room, key


def words_of(cells: Mapping[str, Iterable[str]]) -> str:
    """What of a row can be searched for: its values, but for ids."""
    return "\n".join(
        one for field, values in sorted(cells.items()) if field != GONE for one in values if not _ID.match(one)
    )


def _author(tx: Tx, author: str) -> tuple[bool, str]:
    row = tx.row("select own, code from delegation where id = ?", (author,))
    return (bool(row[0]), str(row[1])) if row else (False, "")


def _define(tx: Tx, op: Op, n: int) -> set[str]:
    try:
        told = tomllib.loads(kinds.definition(op)).get("id", "")
    except (ValueError, RecursionError):
        told = ""
    name = told if isinstance(told, str) else ""
    tx.run("insert or ignore into register_defined(n, register) values (?,?)", (n, name))
    return {name}


def _space(tx: Tx, register: str, side: str, room: str) -> int:
    found = space(tx, register, side, room)
    if found is None:
        found = tx.run("insert into register_space(register, side, room) values (?,?,?)", (register, side, room)).lastrowid
    return found


def space(handle: Handle, register: str, side: str, room: str) -> int | None:
    """The number of a space, None while nothing was ever said in it."""
    row = handle.row("select id from register_space where register = ? and side = ? and room = ?", (register, side, room))
    return int(row[0]) if row else None


def _column(tx: Tx, space: int, field: str, columns: dict[str, int]) -> int:
    if field not in columns:
        columns[field] = tx.run("insert into register_column(space, field) values (?,?)", (space, field)).lastrowid
    return columns[field]


def _write(
    tx: Tx, op: Op, n: int, space: int, key: str, columns: dict[str, int], told: Mapping[str, Any], place: tuple[str, str, str]
) -> None:
    old = tx.row("select id, cells, differing, gone, at, tick, newest from register_row where space = ? and key = ?", (space, key))
    cells: dict[str, list[str]] = json.loads(old[1]) if old else {}
    before = {field: tuple(values) for field, values in cells.items()}
    differing: set[str] = set(json.loads(old[2])) if old else set()
    row, was_gone = (old[0], bool(old[3])) if old else (0, False)
    clock = _newest(tx, op, n, old[4:] if old else None)
    gone = was_gone
    if not old:  # nobody spoke of the row, so nobody replaced what is said now either: all of it stands
        cells = {field: change["values"] for field, change in told.items()}
        gone = cells.get(GONE) == ["yes"]
        row = tx.run(
            "insert into register_row(space, key, cells, differing, differs, gone, at, tick, newest) values (?,?,?,'[]',0,?,?,?,?)",
            (space, key, _json(cells), int(gone), *clock),
        ).lastrowid
    stand = _say(tx, op, n, row, {_column(tx, space, field, columns): change for field, change in told.items()}, new=not old)
    if old:
        for field in told:
            words = stand[columns[field]]
            cells[field] = list(words[-1]) if words else []
            (differing.add if rows.differs(words) else differing.discard)(field)
        if GONE in cells:
            gone, settled = _out(tx, row, columns[GONE], (n, [columns[one] for one in told]) if was_gone else None)
            (differing.discard if settled else differing.add)(GONE)
        tx.run(
            "update register_row set cells = ?, differing = ?, differs = ?, gone = ?, at = ?, tick = ?, newest = ? where id = ?",
            (_json(cells), json.dumps(sorted(differing)), int(bool(differing)), int(gone), *clock, row),
        )
    after = {field: tuple(values) for field, values in cells.items()}
    listed = old is not None and not was_gone
    _index(tx, space, row, key, columns, before if listed else {}, {} if gone else after, listed=listed, stays=not gone)
    name = ref(*place, key)
    if gone:
        search.drop(tx, KIND, name)
    else:
        search.index(tx, KIND, name, place[2], clock[0], "", words_of(after), fresh=old is None)


def _say(tx: Tx, op: Op, n: int, row: int, told: Mapping[int, Mapping[str, Any]], *, new: bool) -> dict[int, list[Values]]:
    """Enter what an operation says of fields; what stands in each then, oldest first (not asked of a `new` row)."""
    replaced = [(row, field, name, op.author) for field, change in told.items() for name in change["replaces"] if name != op.id]
    if replaced:
        tx.many("insert or ignore into register_replaced(row, field, op, author) values (?,?,?,?)", replaced)
        tx.many(
            "update register_said set stands = 0 where row = ? and field = ? and n = (select n from op where id = ? and author = ?)",
            replaced,
        )
        tx.many(
            "delete from register_several where row = ? and field = ? and n = (select n from op where id = ? and author = ?)", replaced
        )
    gone = set() if new else {
        field for (field,) in tx.rows(
            "select field from register_replaced where row = ? and op = ? and author = ?", (row, op.id, op.author)
        )
    }  # fmt: skip
    tx.many(
        "insert or ignore into register_said(row, field, n, stands, told) values (?,?,?,?,?)",
        [(row, field, n, int(field not in gone), _json(change["values"])) for field, change in told.items()],
    )
    if new:
        return {}
    for field, change in told.items():
        if field not in gone and tx.row("select 1 from register_several where row = ? and field = ? limit 1", (row, field)):
            _enter(tx, (row, field, op.at, op.tick, op.id, n), _json(change["values"]))
    return {field: _standing(tx, row, field) for field in told}


def _enter(tx: Tx, place: tuple[int, int, int, int, str, int], told: str) -> None:
    """A word among several that stand: (row, field, at, tick, op, n)."""
    tx.run(
        "insert or ignore into register_several(row, field, at, tick, op, n, said) values (?,?,?,?,?,?,?)",
        (*place, sha256(told.encode()).digest()),
    )


def _standing(tx: Tx, row: int, field: int) -> list[Values]:
    """What stands in a field: the newest last, and before it one that says something else, if there is any. However many a
    peer lets stand there, no more of them are read, and none of them are sorted: `register_several` holds them in order."""
    here = (row, field)
    found = [one for (one,) in tx.rows("select told from register_said where row = ? and field = ? and stands = 1 limit 2", here)]
    if len(found) < 2:
        tx.run("delete from register_several where row = ? and field = ?", here)
        return [tuple(json.loads(one)) for one in found]
    several = "from register_several where row = ? and field = ?"
    if tx.row(f"select 1 {several} limit 1", here) is None:  # a second word stands from now on
        for at, tick, name, n, told in tx.rows(
            "select op.at, op.tick, op.id, op.n, told from register_said join op on op.n = register_said.n"
            " where row = ? and field = ? and stands = 1", here,
        ):  # fmt: skip
            _enter(tx, (row, field, at, tick, name, n), told)
    newest, said = tx.rows(f"select n, said {several} order by at desc, tick desc, op desc limit 1", here)[0]
    others = [tx.row(f"select n {several} and said {way} ? limit 1", (*here, said)) for way in ("<", ">")]
    numbers = [*(one[0] for one in others if one is not None), newest][-2:]
    return [
        tuple(json.loads(tx.value("select told from register_said where row = ? and field = ? and n = ?", (*here, n)))) for n in numbers
    ]


def _out(tx: Tx, row: int, field: int, fresh: tuple[int, Iterable[int]] | None) -> tuple[bool, bool]:
    """(whether a row is out, whether nobody has to decide about that): `rows.taken_out`, and `rows.unseen` is empty. Where it
    was out and decided, only what is said now can be unseen: `fresh` (number of the operation, its fields)."""
    words = _standing(tx, row, field)
    if not rows.taken_out(words):
        return False, not rows.differs(words)
    unseen = (
        " from register_said join op on op.n = register_said.n where row = ?1 and field != ?2 and stands = 1"
        " and not exists (select 1 from register_replaced as seen where seen.row = ?1 and seen.op = op.id and seen.field = ?2)"
        " and not exists (select 1 from register_said as gone where gone.row = ?1 and gone.field = ?2 and gone.n = op.n)"
    )
    if fresh is None:
        open_ = tx.row(f"select 1{unseen} limit 1", (row, field)) is not None
    else:
        number, fields = fresh
        more = " and register_said.field = ?3 and register_said.n = ?4 limit 1"
        open_ = any(tx.row(f"select 1{unseen}{more}", (row, field, one, number)) is not None for one in fields)
    return not open_, not rows.differs(words) and not open_


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _newest(tx: Tx, op: Op, n: int, old: tuple[int, int, int] | None) -> tuple[int, int, int]:
    """(at, tick, number) of the newest operation on a row, by the clock it names."""
    if old is None or (op.at, op.tick) > old[:2]:
        return op.at, op.tick, n
    if (op.at, op.tick) == old[:2] and op.id > tx.value("select id from op where n = ?", (old[2],), ""):
        return op.at, op.tick, n
    return old


def _index(
    tx: Tx, space: int, row: int, key: str, columns: dict[str, int], before: Mapping[str, Values], after: Mapping[str, Values],
    *, listed: bool, stays: bool,
) -> None:  # fmt: skip
    """Bring the cells by which rows are found from what the row held to what it holds."""
    old = {(columns[field], sort_key(one)) for field, values in before.items() for one in values}
    new = {(columns[field], sort_key(one)) for field, values in after.items() for one in values}
    if listed != stays:
        parts = {
            (_column(tx, space, f"@{n}", columns), sort_key(part)) for n, part in enumerate(key.split("/"), 1) if len(part) <= 20
        }
        (new if stays else old).update(parts)
    if old - new:
        tx.many("delete from register_cell where field = ? and sort = ? and row = ?", [(*one, row) for one in old - new])
    if new - old:
        tx.many("insert or ignore into register_cell(field, sort, row) values (?,?,?)", [(*one, row) for one in new - old])
