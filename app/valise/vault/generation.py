"""Where this vault stands, what others know of that, and what is heard of theirs: how an old copy is noticed.

A vault that was put back from an older copy counts on from there: somebody outside it (the keyring, a peer) then knows a
point that this database never was at. Everything here is rows; what follows from them is decided in desk.copies.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from valise.protocol.statement import NOWHERE, Point
from valise.vault.store import Handle, Tx

KEPT = 10_000  # points told that are remembered; what is older is no longer asked about
SEEN = 32  # pairs of statements kept of one device
MARK = b"valise/v1/point"


@dataclass(frozen=True, slots=True)
class Old:
    """This vault is an older copy. `since` ms UTC of its own clock of the record, `generation` the first point of its new
    life, `learned` the furthest point of the later vault, `cause`: keyring, seal, pages, peer, history, salvage."""

    since: int
    generation: int
    learned: Point
    cause: str
    at: int


@dataclass(frozen=True, slots=True)
class Heard:
    """The newest statement heard of a device in a room; `mine` = our generation then."""

    point: Point
    raw: bytes
    mine: int


@dataclass(frozen=True, slots=True)
class Seen:
    """Two statements of one device that no single vault makes."""

    n: int
    device: str
    room: str
    state: str
    at: int
    first: bytes
    second: bytes
    point: Point


def marked(generation: int, root: bytes, key: bytes) -> Point:
    """The point as it is said to others, with the mark (`key` 32 bytes) by which we know our own word again."""
    said = MARK + generation.to_bytes(8, "big") + root
    return Point(generation, root + hashlib.blake2b(said, digest_size=16, key=key).digest())


def ours(point: Point, key: bytes) -> bool:
    """Whether a vault with our keys has said this point."""
    return 0 < point.generation < 2**53 and marked(point.generation, point.root[:16], key) == point


def here(tx: Tx, key: bytes) -> Point:
    """The point of the present transaction, which it commits."""
    return marked(*tx.point(), key)


def tell(tx: Tx, point: Point, room: str) -> None:
    """Somebody outside will know this point once the transaction is committed; `room` "" = the keyring."""
    tx.run("insert or ignore into point_told(generation, root, room) values (?,?,?)", (*point, room))
    if room not in ("", "*"):
        tx.run("insert or replace into point_last(room, generation, root) values (?,?,?)", (room, *point))


def thin(tx: Tx) -> None:
    """Forget the oldest points told beyond KEPT."""
    tx.run(
        "delete from point_told where generation < (select generation from point_told order by generation desc limit 1 offset ?)",
        (KEPT,),
    )


def told(handle: Handle, point: Point) -> bool:
    """Whether this database said the point, or knows it as that of a later vault; what is older than all it remembers counts
    as said."""
    if handle.row("select 1 from point_told where generation = ? and root = ?", point):
        return True
    count, oldest = handle.row("select count(*), min(generation) from point_told")
    return bool(count >= KEPT and point.generation < oldest)


def last_told(handle: Handle, room: str) -> Point:
    """The last point said in a room."""
    row = handle.row("select generation, root from point_last where room = ?", (room,))
    return Point(*row) if row else NOWHERE


# -- of others


def heard(handle: Handle, room: str, device: str) -> Heard | None:
    row = handle.row(
        "select generation, root, raw, mine from point_heard where room = ? and device = ?", (room, device)
    )
    return Heard(Point(row[0], row[1]), row[2], row[3]) if row else None


def hear(tx: Tx, room: str, device: str, point: Point, raw: bytes, now: int) -> None:
    """Keep this statement as the newest of the device in the room."""
    tx.run(
        "insert or replace into point_heard(room, device, generation, root, raw, mine, at) values (?,?,?,?,?,?,?)",
        (room, device, *point, raw, tx.point()[0], now),
    )


def echo(handle: Handle, room: str, limit: int) -> list[tuple[str, Point]]:
    """What to repeat in a room: of each device there the newest point heard anywhere, those heard last first; and points that
    a device in doubt has still to learn."""
    open_ = handle.rows(
        "select copy_seen.device, copy_seen.generation, copy_seen.root from copy_seen cross join point_heard using (room, device)"
        " where room = ? and state != 'healed' order by n desc limit ?",
        (room, limit // 2),
    )
    newest = handle.rows(
        "select device, generation, root from point_heard where room = ? order by at desc, device limit ?", (room, limit)
    )
    return [(device, Point(generation, root)) for device, generation, root in dict.fromkeys([*open_, *newest])][:limit]


def note(tx: Tx, device: str, room: str, state: str, now: int, pair: tuple[bytes, bytes], point: Point) -> int:
    """Keep two statements that contradict each other; the newest SEEN of each device are kept, and the first always."""
    n = tx.run(
        "insert into copy_seen(device, room, state, at, first, second, generation, root) values (?,?,?,?,?,?,?,?)",
        (device, room, state, now, *pair, *point),
    ).lastrowid
    tx.run(
        "delete from copy_seen where device = ?1 and n != (select min(n) from copy_seen where device = ?1)"
        " and n not in (select n from copy_seen where device = ?1 order by n desc limit ?2)",
        (device, SEEN),
    )
    return n


def seen(handle: Handle, device: str = "") -> list[Seen]:
    """What was noticed of one device, or of all, oldest first."""
    return [
        Seen(n, name, room, state, at, first, second, Point(generation, root))
        for n, name, room, state, at, first, second, generation, root in handle.rows(
            "select n, device, room, state, at, first, second, generation, root from copy_seen"
            " where device = ?1 or ?1 = '' order by n",
            (device,),
        )
    ]


def settle(tx: Tx, n: int, state: str) -> None:
    tx.run("update copy_seen set state = ? where n = ?", (state, n))


# -- of this vault


def old(handle: Handle) -> Old | None:
    """What is known of this vault being an older copy; stays when it has healed."""
    row = handle.row("select since, generation, learned, root, cause, at from copy_old")
    return Old(row[0], row[1], Point(row[2], row[3]), row[4], row[5]) if row else None


def keep_old(tx: Tx, one: Old) -> None:
    """From here on no room is known to be complete."""
    tx.run(
        "insert or replace into copy_old(one, since, generation, learned, root, cause, at) values (1,?,?,?,?,?,?)",
        (one.since, one.generation, *one.learned, one.cause, one.at),
    )
    tx.run("delete from copy_answer")
    tx.run("delete from copy_resumed")


def held(handle: Handle, room: str, klass: int) -> bool:
    """Whether nothing may be signed in a room's class: what we had said there is not all known yet."""
    row = handle.row("select since from copy_old")
    if row is None or handle.row("select 1 from copy_resumed where room = ? and klass = ?", (room, klass)):
        return False
    founded = handle.value("select at from op where id = ?", (room,))
    return founded is None or founded <= row[0]  # where the clock was set back all that we sign bears one time


def resume(tx: Tx, room: str, klass: int, now: int, how: str) -> None:
    tx.run(
        "insert or replace into copy_resumed(room, klass, at, how) values (?,?,?,?)", (room, klass, now, how)
    )


def answered(tx: Tx, room: str, device: str, top: int) -> None:
    """The device has heard of this vault's new life, and holds our record in the room up to `top`."""
    tx.run("insert or replace into copy_answer(room, device, top) values (?,?,?)", (room, device, top))


def answers(handle: Handle, room: str) -> dict[str, int]:
    return dict(handle.rows("select device, top from copy_answer where room = ?", (room,)))
