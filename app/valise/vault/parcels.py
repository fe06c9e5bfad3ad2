"""Rows of the exchange: what waits to be sealed, sealed parcels, who holds what, what cannot be opened yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from valise.vault.store import Handle, Tx


@dataclass(frozen=True, slots=True)
class Queued:
    """An own operation that no sealed parcel carries yet."""

    n: int
    op: str
    seq: int
    raw: bytes
    sig: bytes


@dataclass(frozen=True, slots=True)
class ParcelRow:
    id: bytes
    room: str
    klass: int
    first: int
    last: int
    tag: bytes
    blob: bytes
    tries: int


def rooms_waiting(handle: Handle) -> list[tuple[str, int]]:
    """(room, class) with something unsealed, oldest first."""
    return list(handle.rows("select room, klass from outbox group by room, klass order by min(n)"))


def queued(handle: Handle, room: str, klass: int, limit: int) -> list[Queued]:
    return [
        Queued(*row)
        for row in handle.rows(
            "select outbox.n, outbox.op, outbox.seq, op.raw, op.sig from outbox join op on op.id = outbox.op"
            " where outbox.room = ? and outbox.klass = ? order by outbox.seq limit ?",
            (room, klass, limit),
        )
    ]


def keep_parcel(tx: Tx, parcel: ParcelRow, now: int, sealed: Iterable[int]) -> None:
    """A sealed parcel takes the place of the queued operations it carries."""
    tx.run(
        "insert into parcel(id, room, klass, first, last, tag, blob, made_at) values (?,?,?,?,?,?,?,?)",
        (parcel.id, parcel.room, parcel.klass, parcel.first, parcel.last, parcel.tag, parcel.blob, now),
    )
    tx.many("delete from outbox where n = ?", [(n,) for n in sealed])


def due_parcels(handle: Handle, now: int, limit: int) -> list[ParcelRow]:
    return [
        ParcelRow(*row)
        for row in handle.rows(
            "select id, room, klass, first, last, tag, blob, tries from parcel where due_at <= ? order by due_at, made_at, last limit ?",
            (now, limit),
        )
    ]


LONGEST = 64  # times the resend delay: the longest between two puts of one parcel


def put_done(tx: Tx, table: str, ids: Iterable[bytes], now: int, resend: int) -> None:
    """Put on a carrier; it falls due again later and later (doubling, at most 64 times `resend` ms)."""
    if table == "parcel":
        tx.many(
            "update parcel set put_at = ?, due_at = ? + ? * (1 << min(tries, 6)), tries = tries + 1 where id = ?",
            [(now, now, resend, one) for one in ids],
        )
    else:
        tx.many(
            "update key_out set due_at = ? + ? * (1 << min(tries, 6)), tries = tries + 1 where id = ?",
            [(now, resend, one) for one in ids],
        )


def put_again(tx: Tx, table: str, ids: Iterable[bytes], now: int, resend: int) -> None:
    """Put for somebody who was out of reach: for all others the times stay as they were counted, also when they are over."""
    if table == "parcel":
        tx.many(
            "update parcel set due_at = max(?1, min(put_at + ?2 * (1 << min(max(tries - 1, 0), 6)), ?1 + ?2 * (1 << min(tries, 6))))"
            " where id = ?3",
            [(now, resend, one) for one in ids],
        )
    else:  # one recipient: nobody else waits
        tx.many("update key_out set due_at = ? + ? * (1 << min(tries, 6)) where id = ?", [(now, resend, one) for one in ids])


def recipients(handle: Handle, tag: bytes) -> tuple[str, ...]:
    """Device ids the session was sealed for."""
    row = handle.row("select recipients from session_made where tag = ?", (tag,))
    return tuple(row[0].split(",")) if row and row[0] else ()


def hold(tx: Tx, room: str, klass: int, device: str, seq: int, at: int) -> bool:
    """`device` says it holds our log of (room, class) up to `seq`. True when that is news."""
    row = tx.row("select max(seq) from held where room = ? and klass = ? and device = ?", (room, klass, device))
    if row and row[0] is not None and row[0] >= seq:
        return False
    tx.run("insert into held(room, klass, device, seq, at) values (?,?,?,?,?)", (room, klass, device, seq, at))
    return True


def holds(handle: Handle, room: str, klass: int) -> dict[str, int]:
    """Device -> highest seq of our own log it said it holds."""
    return dict(
        handle.rows("select device, max(seq) from held where room = ? and klass = ? group by device", (room, klass))
    )


def tags_open(handle: Handle, room: str, klass: int) -> list[bytes]:
    """Sessions of ours with parcels that somebody may still lack."""
    return [
        row[0] for row in handle.rows("select distinct tag from parcel where room = ? and klass = ?", (room, klass))
    ]


def finish(tx: Tx, tag: bytes, seq: int) -> None:
    """Forget parcels that everybody they were sealed for holds."""
    tx.run("delete from parcel where tag = ? and last <= ?", (tag, seq))


SEALED_MOST = 20_000  # envelopes without a key; a stranger who floods a mailbox must not fill the disk


def thin_sealed(tx: Tx, before: int) -> None:
    """Drop envelopes that could not be opened since `before`, and the oldest beyond SEALED_MOST."""
    tx.run("delete from sealed where received_at < ?", (before,))
    tx.run(
        "delete from sealed where rowid in (select rowid from sealed order by rowid desc limit -1 offset ?)",
        (SEALED_MOST,),
    )


def keep_sealed(tx: Tx, name: bytes, kind: str, hint: bytes, blob: bytes, now: int) -> None:
    """An envelope that cannot be opened yet stays, sealed, until it can."""
    tx.run(
        "insert or ignore into sealed(id, kind, hint, blob, received_at) values (?,?,?,?,?)",
        (name, kind, hint, blob, now),
    )


def sealed_by(handle: Handle, hint: bytes) -> list[tuple[bytes, str, bytes]]:
    return list(handle.rows("select id, kind, blob from sealed where hint = ? order by rowid", (hint,)))


def sealed_keys(handle: Handle) -> list[tuple[bytes, str, bytes]]:
    return list(handle.rows("select id, kind, blob from sealed where kind = 'key' order by rowid"))


def drop_sealed(tx: Tx, name: bytes) -> None:
    tx.run("delete from sealed where id = ?", (name,))


def seen(tx: Tx, names: list[bytes]) -> set[bytes]:
    """Which of these envelope ids were taken in before."""
    if not names:
        return set()
    found: set[bytes] = set()
    for start in range(0, len(names), 500):
        part = names[start : start + 500]
        marks = ",".join("?" * len(part))
        found |= {bytes(row[0]) for row in tx.rows(f"select id from envelope_seen where id in ({marks})", tuple(part))}
    return found


def mark_seen(tx: Tx, names: Iterable[bytes], now: int) -> None:
    tx.many("insert or ignore into envelope_seen(id, at) values (?,?)", [(one, now) for one in names])


def unsee(tx: Tx, name: bytes) -> None:
    """Should it come again, it is taken in again."""
    tx.run("delete from envelope_seen where id = ?", (name,))


def waiting(handle: Handle) -> int:
    """Own operations not yet said to be held by every device they are for. Not what waits for a room that others took us out of:
    it is for nobody, unless we come back."""
    mine = "select id from delegation where own = 1"
    queued_now = handle.row(
        f"select count(*) from outbox where room in (select room from room_member where delegation in ({mine}))"
        f" or room in (select room from op where membership = 1 and kind = 'room.remove' and author in ({mine}))"
        " or room not in (select id from room)"
    )[0]
    sealed_now = handle.row("select coalesce(sum(last - first + 1), 0) from parcel")[0]
    return int(queued_now + sealed_now)


def sealed_count(handle: Handle) -> int:
    return int(handle.row("select count(*) from sealed")[0])
