"""Rows of incidents: which operations belong to which, and what of them can be searched for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from valise.domain.incident import kinds
from valise.domain.op import Op
from valise.domain.room import RoomState
from valise.vault import attached, search
from valise.vault.store import Handle, Tx

FOUND = "incident"  # kind of a hit


def project(tx: Tx, op: Op, n: int, room: RoomState) -> set[str]:
    """Rows of one operation, number `n` of the vault, in a room. Returns what it touched."""
    if not kinds.belongs(op.kind, room.kind):  # a peer's word where only ours counts, or the other way about
        return set()
    incident = kinds.subject(op)
    inside = int(op.kind in kinds.INSIDE)
    done = tx.run(
        "insert or ignore into incident_op(id, incident, room, n, inside) values (?,?,?,?,?)",
        (op.id, incident, op.room_id, n, inside),
    )
    if done.rowcount == 1:
        attached.expect(tx, op.room_id, kinds.files(op), op.at)
    if done.rowcount == 1 and (words := "\n".join(_words(op.body))):
        title = str(op.body["form"]["title"]) if op.kind == "incident.open" else ""
        if op.kind == "incident.open" and op.body["form"]["exercise"]:
            title = f"EXERCISE EXERCISE EXERCISE {title}"
        search.index(tx, FOUND, op.id, op.room_id, op.at, title, words, fresh=True)
    return {incident}


def clear(tx: Tx) -> None:
    """Drop every row made here."""
    tx.run("delete from incident_op")
    search.clear(tx, (FOUND,))


def opened(handle: Handle) -> list[str]:
    """Every incident whose opening is here, in order of arrival."""
    return [row[0] for row in handle.rows("select id from incident_op where id = incident order by n")]


def names(handle: Handle, incident: str, *, inside: bool = False) -> list[str]:
    """The operations about one incident."""
    rows = handle.rows("select id from incident_op where incident = ? and inside = ? order by n", (incident, int(inside)))
    return [row[0] for row in rows]


def mark(handle: Handle, incident: str, *, inside: bool = False) -> tuple[int, int]:
    """(how many operations, the newest by arrival): while it is the same, so is what they come to."""
    row = handle.row("select count(*), coalesce(max(n), 0) from incident_op where incident = ? and inside = ?", (incident, int(inside)))
    return (row[0], row[1]) if row else (0, 0)


def marks(handle: Handle) -> dict[tuple[str, bool], tuple[int, int]]:
    """`mark` of every incident at once: (incident, inside) -> what it would say."""
    found = handle.rows("select incident, inside, count(*), max(n) from incident_op group by incident, inside")
    return {(row[0], bool(row[1])): (row[2], row[3]) for row in found}


def incident_of(handle: Handle, op: str) -> str:
    """The incident an operation belongs to, or ""."""
    return str(handle.value("select incident from incident_op where id = ?", (op,), ""))


def _words(body: Mapping[str, Any]) -> Iterable[str]:
    """Every word a person wrote in it."""
    for name, value in body.items():
        if name in ("form", "words", "officer", "where", "reason"):
            yield from _said(value)


def _said(value: Any) -> Iterable[str]:
    if isinstance(value, str) and value:
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _said(one)
    elif isinstance(value, list):
        for one in value:
            yield from _said(one)
