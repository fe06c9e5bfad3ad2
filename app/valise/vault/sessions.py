"""Rows of the ratchets: Olm sessions, X-Wing keys, Megolm sessions out and in, and what was replayed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from valise.vault.store import Handle, Tx


@dataclass(frozen=True, slots=True)
class SessionOut:
    """The Megolm session we write with in one (room, class). `used` = frames so far; `made_at` ms UTC."""

    tag: bytes
    epoch: bytes
    wrap: bytes
    state: bytes
    used: int
    made_at: int


@dataclass(frozen=True, slots=True)
class SessionMade:
    """A session of ours as it was at index 0, kept until everything sealed with it is held by all."""

    tag: bytes
    room: str
    klass: int
    wrap: bytes
    key: bytes
    epoch: bytes
    recipients: tuple[str, ...]
    made_at: int


@dataclass(frozen=True, slots=True)
class SessionIn:
    """A session of a peer. `epoch` = what its first frame named, b"" before it."""

    tag: bytes
    device: str
    room: str
    klass: int
    epoch: bytes
    wrap: bytes
    state: bytes


def out(handle: Handle, room: str, klass: int) -> SessionOut | None:
    row = handle.row(
        "select tag, epoch, wrap, state, used, made_at from session_out where room = ? and klass = ?", (room, klass)
    )
    return SessionOut(*row) if row else None


def keep_out(tx: Tx, room: str, klass: int, one: SessionOut) -> None:
    tx.run(
        "insert or replace into session_out(room, klass, tag, epoch, wrap, state, used, made_at) values (?,?,?,?,?,?,?,?)",
        (room, klass, one.tag, one.epoch, one.wrap, one.state, one.used, one.made_at),
    )


def drop_out(tx: Tx) -> None:
    """End every session we write with (after a restore, or a changed device list)."""
    tx.run("delete from session_out")


def keep_made(tx: Tx, one: SessionMade) -> None:
    tx.run(
        "insert into session_made(tag, room, klass, wrap, key, epoch, recipients, made_at) values (?,?,?,?,?,?,?,?)",
        (one.tag, one.room, one.klass, one.wrap, one.key, one.epoch, ",".join(one.recipients), one.made_at),
    )


def made(handle: Handle, tag: bytes) -> SessionMade | None:
    row = handle.row(
        "select tag, room, klass, wrap, key, epoch, recipients, made_at from session_made where tag = ?", (tag,)
    )
    if row is None:
        return None
    recipients = tuple(row[6].split(",")) if row[6] else ()
    return SessionMade(row[0], row[1], row[2], row[3], row[4], row[5], recipients, row[7])


def forget_made(tx: Tx, before: int) -> None:
    """Drop index-0 keys of sessions that ended before `before` and carry nothing anybody lacks."""
    tx.run(
        "delete from session_made where made_at < ? and tag not in (select tag from parcel)"
        " and tag not in (select tag from session_out)",
        (before,),
    )
    tx.run("delete from key_out where tag not in (select tag from session_made)")


def into(handle: Handle, tag: bytes) -> SessionIn | None:
    row = handle.row("select tag, device, room, klass, epoch, wrap, state from session_in where tag = ?", (tag,))
    return SessionIn(*row) if row else None


def keep_in(tx: Tx, one: SessionIn, now: int) -> None:
    tx.run(
        "insert or ignore into session_in(tag, device, room, klass, epoch, wrap, state, made_at) values (?,?,?,?,?,?,?,?)",
        (one.tag, one.device, one.room, one.klass, one.epoch, one.wrap, one.state, now),
    )


def begin(tx: Tx, tag: bytes, epoch: bytes) -> None:
    """The first frame of a session was read: its epoch is that of the session."""
    tx.run("update session_in set epoch = ? where tag = ?", (epoch, tag))


def forget_in(tx: Tx, before: int) -> None:
    """Drop keys of sessions older than the courier window: the forward-secrecy window ends here."""
    old = "select tag from session_in where made_at < ?"
    tx.run(f"delete from replay where tag in ({old})", (before,))
    tx.run("delete from session_in where made_at < ?", (before,))


def replayed(handle: Handle, tag: bytes, index: int) -> bytes | None:
    row = handle.row("select digest from replay where tag = ? and i = ?", (tag, index))
    return row[0] if row else None


def keep_replay(tx: Tx, tag: bytes, index: int, digest: bytes) -> None:
    tx.run("insert into replay(tag, i, digest) values (?,?,?)", (tag, index, digest))


def olm(handle: Handle, device: str) -> list[tuple[bytes, bytes]]:
    """Olm sessions with a device, the one last heard on first: (id, state)."""
    return list(handle.rows("select id, state from olm where device = ? order by used_at desc, id", (device,)))


def keep_olm(tx: Tx, device: str, name: bytes, state: bytes, used_at: int) -> None:
    # the clock may have been set back: the one last heard on is the newest all the same, and those before keep their order
    ahead = tx.value("select max(used_at) from olm where device = ? and id != ?", (device, name)) or 0
    if ahead >= used_at:
        tx.run("update olm set used_at = used_at - ? where device = ?", (ahead - used_at + 1, device))
    tx.run("insert or replace into olm(device, id, state, used_at) values (?,?,?,?)", (device, name, state, used_at))
    tx.run(
        "delete from olm where device = ? and id not in (select id from olm where device = ? order by used_at desc, id limit 5)",
        (device, device),
    )


def write_olm(tx: Tx, device: str, name: bytes, state: bytes) -> None:
    """A session advanced by writing: its place in the order of hearing stays."""
    tx.run("update olm set state = ? where device = ? and id = ?", (state, device, name))


def prekey_known(handle: Handle, name: bytes) -> bool:
    return handle.row("select 1 from prekey_seen where id = ?", (name,)) is not None


def keep_prekey(tx: Tx, name: bytes, now: int, generation: int) -> None:
    """An opening message was read, while prekeys of that generation were in force."""
    tx.run("insert or ignore into prekey_seen(id, at, prekey) values (?,?,?)", (name, now, generation))


def next_number(tx: Tx, device: str, now: int = 0) -> int:
    """The next count of key messages to a device. Never below the clock (`now` in ms UTC): a vault that was put back to an
    older state must not count again what peers have heard counted already."""
    row = tx.row(
        "insert into key_count(device, n) values (?, ?) on conflict(device) do update set n = max(n + 1, excluded.n) returning n",
        (device, max(1, now)),
    )
    return int(row[0])


def keep_reply(tx: Tx, name: bytes, device: str, seed: bytes, now: int, number: int) -> None:
    """A new reply key for a device; those before it are replaced from here on."""
    tx.run("update reply_key set replaced_at = ? where device = ? and n < ? and replaced_at = 0", (now, device, number))
    tx.run("insert into reply_key(id, device, seed, made_at, n) values (?,?,?,?,?)", (name, device, seed, now, number))


def reply(handle: Handle, name: bytes) -> tuple[str, bytes, int] | None:
    """(device it was given to, seed, number) of a private reply key of ours."""
    row = handle.row("select device, seed, n from reply_key where id = ?", (name,))
    return (row[0], row[1], row[2]) if row else None


def replies_not_after(tx: Tx, now: int) -> None:
    """The clock was set back: what seems replaced in times to come counts from now."""
    for name in ("replaced_at", "passed_at"):
        tx.run(f"update reply_key set {name} = ? where {name} > ?", (now, now))


def forget_replies(tx: Tx, device: str, passed: int, replaced: int, now: int) -> int:
    """Destroy reply keys given to `device`: a newer one was used before `passed`, or, where the device never answered, a newer
    one was given before `replaced`. The newest always stays. Returns how many."""
    old = (
        "device = ? and ((passed_at != 0 and passed_at <= ?) or (replaced_at != 0 and replaced_at <= ?))"
        " and n < (select max(n) from reply_key where device = ?)"
    )
    values = (device, passed, replaced, device)
    tx.run(f"insert or ignore into key_gone(id, reply, gone_at) select id, 1, ? from reply_key where {old}", (now, *values))
    return tx.run(f"delete from reply_key where {old}", values).rowcount


def forget_device(tx: Tx, device: str) -> int:
    """Everything that opens something from this device or could be sealed to it: it is not written to any more."""
    tx.run("insert or ignore into key_gone(id, reply, gone_at) select id, 1, made_at from reply_key where device = ?", (device,))
    return sum(tx.run(f"delete from {table} where device = ?", (device,)).rowcount for table in ("reply_key", "olm", "peer_key"))


def forget_in_of(tx: Tx, device: str, before: int) -> int:
    """Keys of sessions that this device wrote with and that came before `before`. Returns how many."""
    old = "select tag from session_in where device = ? and made_at <= ?"
    tx.run(f"delete from replay where tag in ({old})", (device, before))
    return tx.run("delete from session_in where device = ? and made_at <= ?", (device, before)).rowcount


def forget_olm(tx: Tx, device: str, before: int) -> int:
    """Olm sessions with a device that were last heard on before `before`; the newest always stays. Returns how many."""
    return tx.run(
        "delete from olm where device = ? and used_at <= ? and id not in"
        " (select id from olm where device = ? order by used_at desc, id limit 1)",
        (device, before, device),
    ).rowcount


def made_before(handle: Handle, before: int) -> list[tuple[bytes, str, int]]:
    """(tag, recipients, made_at) of sessions of ours begun before `before` that carry nothing anybody lacks."""
    return list(
        handle.rows(
            "select tag, recipients, made_at from session_made where made_at <= ? and tag not in (select tag from parcel)",
            (before,),
        )
    )


def drop_made(tx: Tx, tags: Sequence[bytes]) -> None:
    """Destroy their keys, and the envelopes that carry them."""
    for table in ("session_made", "session_out", "key_out"):
        tx.many(f"delete from {table} where tag = ?", [(tag,) for tag in tags])


def kept_in(handle: Handle) -> dict[str, tuple[int, int]]:
    """Device -> when the oldest and the newest session key of its that is still here came."""
    return {row[0]: (row[1], row[2]) for row in handle.rows("select device, min(made_at), max(made_at) from session_in group by device")}


def kept_replies(handle: Handle) -> dict[str, tuple[int, int, int]]:
    """Device -> when the oldest reply key still here was made, and when the last of those replaced was passed, or replaced."""
    return {
        row[0]: (row[1], row[2], row[3])
        for row in handle.rows(
            "select device, min(made_at), max(passed_at), max(case when passed_at = 0 then replaced_at else 0 end)"
            " from reply_key group by device"
        )
    }


def peer_key(handle: Handle, device: str) -> bytes | None:
    row = handle.row("select public from peer_key where device = ?", (device,))
    return row[0] if row else None


def keep_peer_key(tx: Tx, device: str, public: bytes, number: int) -> None:
    tx.run(
        "insert into peer_key(device, public, n) values (?,?,?) on conflict(device) do update"
        " set public = excluded.public, n = excluded.n where excluded.n > n",
        (device, public, number),
    )


def forget_peer_key(tx: Tx, device: str) -> None:
    """Begin again from the directory prekey of the peer's card."""
    tx.run("delete from peer_key where device = ?", (device,))


def keep_key_out(tx: Tx, name: bytes, tag: bytes, device: str, blob: bytes, now: int) -> None:
    """A sealed key envelope takes the place of an older one for the same session and device."""
    tx.run("delete from key_out where tag = ? and device = ?", (tag, device))
    tx.run("insert into key_out(id, tag, device, blob, made_at) values (?,?,?,?,?)", (name, tag, device, blob, now))


def due_keys(handle: Handle, now: int, limit: int, tries: int) -> list[tuple[bytes, bytes, str, bytes, int]]:
    """(envelope id, tag, device, blob, tries) of key envelopes to put, those put less than `tries` times."""
    return list(
        handle.rows(
            "select id, tag, device, blob, tries from key_out where due_at <= ? and tries < ? order by rowid limit ?",
            (now, tries, limit),
        )
    )


def confirm_keys(tx: Tx, device: str, tags: list[bytes]) -> None:
    """The device showed that it reads these sessions: its key envelopes need not be put again."""
    tx.many("delete from key_out where tag = ? and device = ?", [(tag, device) for tag in tags])


def rekey_allowed(tx: Tx, tag: bytes, device: str, now: int, spacing: int) -> bool:
    """At most one new key envelope per session, device and `spacing` ms."""
    row = tx.row("select at from rekeyed where tag = ? and device = ?", (tag, device))
    if row and 0 <= now - row[0] < spacing:
        return False
    tx.run("insert or replace into rekeyed(tag, device, at) values (?,?,?)", (tag, device, now))
    return True


def want_tag(tx: Tx, tag: bytes, now: int) -> None:
    tx.run("insert or ignore into wanted_tag(tag, at) values (?,?)", (tag, now))


def wanted_tags(handle: Handle, limit: int) -> list[bytes]:
    return [row[0] for row in handle.rows("select tag from wanted_tag order by at, tag limit ?", (limit,))]


def got_tag(tx: Tx, tag: bytes) -> None:
    tx.run("delete from wanted_tag where tag = ?", (tag,))


def forget_base(tx: Tx, room: str, delegation: str) -> None:
    """The delegation left the room: whether and from where it takes part in our conversation is asked anew."""
    tx.run(
        "delete from chat_base where room = ? and device in (select id from device where delegation = ?)",
        (room, delegation),
    )


def keep_bases(tx: Tx, room: str, devices: Sequence[str]) -> None:
    """Nobody but these devices takes part in our conversation now."""
    for (device,) in tx.rows("select device from chat_base where room = ?", (room,)):
        if device not in devices:
            tx.run("delete from chat_base where room = ? and device = ?", (room, device))


def chat_base(tx: Tx, room: str, device: str, own: str) -> int:
    """The seq from which a device takes part in our conversation; set when it is first asked for."""
    row = tx.row("select seq from chat_base where room = ? and device = ?", (room, device))
    if row is None:
        first = tx.row("select min(seq) from outbox where room = ? and klass = 1", (room,))[0]
        if first is None:
            top = tx.row("select top from log where room = ? and klass = 1 and device = ?", (room, own))
            first = (top[0] if top else 0) + 1
        tx.run("insert into chat_base(room, device, seq) values (?,?,?)", (room, device, first))
        return int(first)
    return int(row[0])
