"""Rows of the courier: bundles made and taken in, what they were numbered, and what waits for the next one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from valise.vault.store import Handle, Tx

Ranges = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Made:
    """A bundle of ours for one delegation."""

    delegation: str
    number: int
    before: int
    hash: bytes
    bundle: bytes
    devices: tuple[str, ...]
    made_at: int


@dataclass(frozen=True, slots=True)
class Came:
    """A verified manifest that came here."""

    device: str
    number: int
    hash: bytes
    before: int
    since: int
    made_at: int
    whole: bool


def next_number(handle: Handle, delegation: str) -> int:
    return 1 + int(handle.value("select coalesce(max(number), 0) from courier_made where delegation = ?", (delegation,)))


def last_done(handle: Handle, delegation: str) -> tuple[int, bytes] | None:
    """(number, hash) of the newest bundle that was finished."""
    row = handle.row(
        "select number, hash from courier_made where delegation = ? and done = 1 order by number desc limit 1", (delegation,)
    )
    return (row[0], row[1]) if row else None


def since(handle: Handle, delegation: str) -> dict[str, int]:
    """Laptop of the delegation -> the first finished bundle that was for it."""
    found: dict[str, int] = {}
    for number, devices in handle.rows(
        "select number, devices from courier_made where delegation = ? and done = 1 order by number", (delegation,)
    ):
        for one in devices.split(","):
            found.setdefault(one, number)
    return found


def begin(tx: Tx, one: Made) -> None:
    """Before the file can be seen: its number is never given again."""
    tx.run(
        "insert into courier_made(delegation, number, before, hash, bundle, devices, made_at) values (?,?,?,?,?,?,?)",
        (one.delegation, one.number, one.before, one.hash, one.bundle, ",".join(one.devices), one.made_at),
    )


def finish(tx: Tx, bundle: bytes) -> None:
    """It was written and read again."""
    tx.run("update courier_made set done = 1 where bundle = ?", (bundle,))


def own(handle: Handle, bundle: bytes) -> bool:
    return handle.row("select 1 from courier_made where bundle = ?", (bundle,)) is not None


def confirm(tx: Tx, delegation: str, ranges: Ranges, now: int) -> int:
    """A laptop of the delegation says that these came. Returns how many of them that is news for."""
    return sum(
        tx.run(
            "update courier_made set confirmed_at = ? where delegation = ? and number between ? and ? and confirmed_at = 0",
            (now, delegation, first, last),
        ).rowcount
        for first, last in ranges
    )


def counts(handle: Handle) -> dict[str, tuple[int, int, int]]:
    """Delegation -> (when the last bundle was made, how many were, how many it has confirmed)."""
    rows = handle.rows(
        "select delegation, max(made_at), count(*), sum(confirmed_at > 0) from courier_made where done = 1 group by delegation"
    )
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def came(handle: Handle, device: str) -> list[Came]:
    """Everything heard of one laptop, by number."""
    rows = handle.rows(
        "select device, number, hash, before, since, made_at, whole from courier_came where device = ? order by number, hash",
        (device,),
    )
    return [Came(name, n, made, before, first, at, bool(whole)) for name, n, made, before, first, at, whole in rows]


def keep_came(tx: Tx, one: Came, now: int) -> None:
    """What was whole once stays so."""
    tx.run(
        "insert into courier_came(device, number, hash, before, since, made_at, taken_at, whole) values (?,?,?,?,?,?,?,?)"
        " on conflict do update set taken_at = excluded.taken_at, whole = max(whole, excluded.whole)",
        (one.device, one.number, one.hash, one.before, one.since, one.made_at, now, int(one.whole)),
    )


def keep_taken(tx: Tx, bundle: bytes, now: int) -> None:
    tx.run("insert or replace into courier_taken(bundle, taken_at) values (?,?)", (bundle, now))


def taken(handle: Handle, bundle: bytes) -> bool:
    return handle.row("select 1 from courier_taken where bundle = ?", (bundle,)) is not None


def covered(rows: Iterable[Came]) -> Ranges:
    """The numbers these account for, as ranges in order: each itself, and those between it and the one it names as before,
    which were begun and never handed out."""
    spans = sorted((min(one.before + 1, one.number), one.number) for one in rows)
    found: list[tuple[int, int]] = []
    for first, last in spans:
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return tuple(found)


def missing(rows: Sequence[Came], most: int) -> tuple[int, ...]:
    """Numbers below the newest that have not come, of those that were for us; the newest `most` of them."""
    if not rows:
        return ()
    floor = max(rows, key=lambda one: one.number).since
    found: list[int] = []
    spans = ((0, 0), *covered(rows))
    for one, other in reversed(list(pairwise(spans))):
        top, low = other[0] - 1, max(one[1] + 1, floor)
        found += range(top, max(low, top - (most - len(found)) + 1) - 1, -1)
    return tuple(sorted(found))


def heard(handle: Handle, delegation: str, devices: int, ranges: int) -> tuple[tuple[str, Ranges], ...]:
    """What to tell a delegation of its bundles: its laptops heard last, the newest ranges that came here whole."""
    names = handle.rows(
        "select courier_came.device from courier_came join device on device.id = courier_came.device where delegation = ?"
        " and whole = 1 group by courier_came.device order by max(taken_at) desc, courier_came.device limit ?",
        (delegation, devices),
    )
    return tuple(
        (name, covered(one for one in came(handle, name) if one.whole)[-ranges:]) for name, in names
    )


def still_sealed(handle: Handle, names: Sequence[bytes]) -> int:
    """How many of these envelopes (first 16 bytes of their SHA-256) lie here and cannot be opened yet."""
    found = 0
    for start in range(0, len(names), 500):
        part = tuple(names[start : start + 500])
        found += int(handle.value(f"select count(*) from sealed where id in ({','.join('?' * len(part))})", part))
    return found


def loose(handle: Handle, delegations: Sequence[str]) -> list[tuple[bytes, bytes, bytes]]:
    """(id, route, envelope) of what the engine kept for these delegations, the oldest first."""
    marks = ",".join("?" * len(delegations))
    return list(
        handle.rows(
            f"select id, route, blob from courier_loose where delegation in ({marks}) order by made_at, id", tuple(delegations)
        )
    )


def drop_loose(tx: Tx, names: Iterable[bytes]) -> None:
    tx.many("delete from courier_loose where id = ?", [(one,) for one in names])


def chunk_from(handle: Handle, delegations: Sequence[str], attachment: str) -> int:
    """Where a bundle that was full left off with an attachment: the least of these delegations."""
    marks = ",".join("?" * len(delegations))
    row = handle.row(
        f"select count(*), min(next) from courier_chunk where attachment = ? and delegation in ({marks})",
        (attachment, *delegations),
    )
    return int(row[1]) if row[0] == len(delegations) else 0


def keep_chunk(tx: Tx, delegations: Sequence[str], attachment: str, upto: int) -> None:
    """0 = begin anew next time."""
    for one in delegations:
        if upto:
            tx.run(
                "insert or replace into courier_chunk(delegation, attachment, next) values (?,?,?)", (one, attachment, upto)
            )
        else:
            tx.run("delete from courier_chunk where delegation = ? and attachment = ?", (one, attachment))
