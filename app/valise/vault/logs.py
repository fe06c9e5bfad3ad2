"""How far the log of each device has come, per room and class: rows (room, klass, device) -> held, head, top.

`held` = highest seq with nothing missing below it, `head` = the operation there (the smallest id, should there be two),
`top` = highest seq stored.
"""

from __future__ import annotations

from valise.domain.op import Op
from valise.vault.store import Handle, Tx

Key = tuple[str, int, str]  # room, class, device
Line = tuple[int, str, int]  # held, head, top
_LINE = "select held, head, top from log where room = ? and klass = ? and device = ?"
_AT = "select min(id) from op where room = ? and klass = ? and device = ? and seq = ?"


def line(tx: Handle, key: Key) -> Line:
    """How far a log has come; (0, "", 0) for one never heard of."""
    row: Line | None = tx.row(_LINE, key)
    return row or (0, "", 0)


def given(handle: Handle, key: Key) -> tuple[int, str]:
    """Up to where a log of our own may have left here, and the operation there: what waits in the outbox nobody else can hold, or
    another life of this vault signed it."""
    held, head, _ = line(handle, key)
    first = handle.value("select min(seq) from outbox where room = ? and klass = ?", key[:2])
    if first is None or first > held:
        return held, head
    confirmed = handle.value("select max(seq) from held where room = ? and klass = ?", key[:2]) or 0
    upto = max(first - 1, min(confirmed, held))  # the copy of a vault may hold in its outbox what has left since
    return upto, handle.value(_AT, (*key, upto)) or ""


def confirmed(handle: Handle, key: Key, held: int, head: str) -> int:
    """How much of a log of our own somebody confirms who holds it up to `held`, where the operation `head` is: not what waits in
    the outbox, unless it is that very operation."""
    upto = min(held, line(handle, key)[2])
    named = "select 1 from op where id = ? and room = ? and klass = ? and device = ?"
    return upto if handle.row(named, (head, *key)) else min(upto, given(handle, key)[0])


def stored(tx: Tx, op: Op, key: Key, before: Line) -> None:
    """The operation was stored in the log that stood at `before`."""
    held, head, top = before
    if op.seq == held + 1:
        held, head = _reach(tx, key, op.seq, op.id, top)
    elif op.seq == held and op.id < head:
        head = op.id
    tx.run(
        "insert into log(room, klass, device, held, head, top) values (?,?,?,?,?,?)"
        " on conflict do update set held = excluded.held, head = excluded.head, top = excluded.top",
        (*key, held, head, max(top, op.seq)),
    )


def dropped(tx: Tx, op: Op, key: Key) -> None:
    """It was stored and is not any more: the log does not go beyond it, so that it may come again."""
    held, _, top = line(tx, key)
    if tx.value(_AT, (*key, op.seq)) is None:
        held = min(held, op.seq - 1)
        top = tx.value("select max(seq) from op where room = ? and klass = ? and device = ?", key) or 0
    head = tx.value(_AT, (*key, held)) or ""
    tx.run(
        "update log set held = ?, head = ?, top = ? where room = ? and klass = ? and device = ?",
        (held, head, max(held, top), *key),
    )


def begin(tx: Tx, key: Key, seq: int) -> None:
    """A conversation begins for us at `seq`: what lies before it was never ours and is no gap."""
    held, head, top = line(tx, key)
    if seq - 1 > held:
        held, head = _reach(tx, key, seq - 1, "", max(top, seq - 1))
        tx.run(
            "insert or replace into log(room, klass, device, held, head, top) values (?,?,?,?,?,?)",
            (*key, held, head, max(top, held)),
        )


def _reach(tx: Tx, key: Key, held: int, head: str, top: int) -> tuple[int, str]:
    """How far the log goes on without a gap from `held`."""
    while held < top:
        following = tx.value(_AT, (*key, held + 1))
        if following is None:
            break
        held, head = held + 1, following
    return held, head
