"""Rows of the keys that move on: generations of prekeys, how far each device has come, who lacks our newest card."""

from __future__ import annotations

from dataclasses import dataclass

from valise.vault.store import Handle, Tx


@dataclass(frozen=True, slots=True)
class PrekeyRow:
    """One generation. `retired_at` 0 = the present one, whose Olm account is the live one (`account` is b"")."""

    id: bytes
    number: int
    seed: bytes
    account: bytes
    made_at: int
    used_at: int
    retired_at: int


@dataclass(frozen=True, slots=True)
class RatchetRow:
    """How far the keys with a device have come. Times in ms UTC, 0 = never."""

    since: int = 0
    heard_at: int = 0
    moved_at: int = 0
    used: int = 0
    renew: bool = False
    renewed_at: int = 0


_PREKEY = "select id, number, seed, account, made_at, used_at, retired_at from prekey"


def present(handle: Handle) -> PrekeyRow | None:
    """The generation on our card, None in a vault that has not exchanged yet."""
    row = handle.row(f"{_PREKEY} where retired_at = 0")
    return PrekeyRow(*row) if row else None


def one(handle: Handle, name: bytes) -> PrekeyRow | None:
    row = handle.row(f"{_PREKEY} where id = ?", (name,))
    return PrekeyRow(*row) if row else None


def retired(handle: Handle) -> list[PrekeyRow]:
    """Those replaced and not yet destroyed, the newest first."""
    return [PrekeyRow(*row) for row in handle.rows(f"{_PREKEY} where retired_at != 0 order by number desc")]


def keep(tx: Tx, name: bytes, number: int, seed: bytes, now: int) -> None:
    """A new present generation."""
    tx.run(
        "insert into prekey(id, number, seed, account, made_at) values (?,?,?,?,?)", (name, number, seed, b"", now)
    )


def retire(tx: Tx, name: bytes, account: bytes, now: int) -> None:
    tx.run("update prekey set account = ?, retired_at = ? where id = ?", (account, now, name))


def used(tx: Tx, name: bytes, now: int) -> None:
    """Somebody made first contact with these keys (the first time counts)."""
    tx.run("update prekey set used_at = ? where id = ? and used_at = 0", (now, name))


def made_no_later(tx: Tx, now: int) -> None:
    """The clock was set back: what seems to be made or retired in times to come counts from now."""
    tx.run("update prekey set made_at = ? where made_at > ?", (now, now))
    tx.run("update prekey set retired_at = ? where retired_at > ?", (now, now))


def destroy(tx: Tx, before: int, now: int) -> int:
    """Retired before `before`: the private halves go, their names stay. Returns how many."""
    tx.run(
        "insert or ignore into key_gone(id, reply, gone_at) select id, 0, ? from prekey"
        " where retired_at != 0 and retired_at <= ?",
        (now, before),
    )
    gone = tx.run("delete from prekey where retired_at != 0 and retired_at <= ?", (before,)).rowcount
    tx.run("delete from prekey_seen where prekey < (select min(number) from prekey)")
    return gone


def gone(handle: Handle, name: bytes) -> bool:
    """Whether this was a key of ours that has been destroyed."""
    return handle.row("select 1 from key_gone where id = ?", (name,)) is not None


def asked(tx: Tx, name: bytes, now: int) -> None:
    """An envelope came for a key that was destroyed."""
    tx.run("update key_gone set asked_at = ? where id = ?", (now, name))


def last_asked(handle: Handle) -> int:
    """When an envelope last came for destroyed prekeys (ms UTC, 0 = never)."""
    return int(handle.value("select coalesce(max(asked_at), 0) from key_gone where reply = 0"))


def forget_gone(tx: Tx, before: int) -> None:
    """Names of reply keys destroyed so long ago that nothing sealed to them is under way any more."""
    tx.run("delete from key_gone where reply = 1 and gone_at < ?", (before,))


def ratchet(handle: Handle, device: str) -> RatchetRow:
    row = handle.row("select since, heard_at, moved_at, used, renew, renewed_at from ratchet where device = ?", (device,))
    return RatchetRow(row[0], row[1], row[2], row[3], bool(row[4]), row[5]) if row else RatchetRow()


def heard(tx: Tx, device: str, now: int, every: int) -> None:
    """Something came from the device; written down at most once in `every` ms."""
    tx.run(
        "insert into ratchet(device, heard_at) values (?,?) on conflict(device) do update set heard_at = excluded.heard_at"
        " where heard_at > excluded.heard_at or heard_at <= excluded.heard_at - ?",
        (device, now, every),
    )


def begun(tx: Tx, device: str, now: int) -> None:
    """A key message went or came; the first counts."""
    tx.run(
        "insert into ratchet(device, since) values (?,?) on conflict(device) do update set since = excluded.since where since = 0",
        (device, now),
    )


def moved(tx: Tx, device: str, number: int, now: int) -> None:
    """The device sealed to our reply key of that number: those before it have had their last use once what is under way came."""
    tx.run(
        "insert into ratchet(device, moved_at, used) values (?,?,?) on conflict(device) do update"
        " set moved_at = excluded.moved_at, used = excluded.used where excluded.used > used",
        (device, now, number),
    )
    tx.run("update reply_key set passed_at = ? where device = ? and n < ? and passed_at = 0", (now, device, number))


def renewed(tx: Tx, device: str, now: int) -> None:
    """A new Olm session was opened; `now` = when one was last opened because the device could not read us."""
    tx.run(
        "insert into ratchet(device, renewed_at) values (?,?) on conflict(device) do update"
        " set renewed_at = excluded.renewed_at, renew = 0",
        (device, now),
    )


def renew_everybody(tx: Tx) -> None:
    """The next key message to each device with which there is an Olm session opens a new one."""
    tx.run(
        "insert into ratchet(device, renew) select id, 1 from device where revoked_at = 0"
        " and id in (select device from olm)"
        " on conflict(device) do update set renew = 1"
    )


def card_due(handle: Handle, room: str) -> int | None:
    """None = the room has our newest card; else how often it was said in a frame nobody confirms."""
    row = handle.row("select said from card_due where room = ?", (room,))
    return int(row[0]) if row else None


def owe_card(tx: Tx) -> list[str]:
    """Every room is to have our newest card; returns the rooms."""
    tx.run("insert or replace into card_due(room, said) select id, 0 from room")
    return [row[0] for row in tx.rows("select room from card_due order by room")]


def card_said(tx: Tx, room: str, *, for_good: bool) -> None:
    """`for_good`: in a frame that is kept until everybody has said that he holds it."""
    tx.run("delete from card_due where room = ?" if for_good else "update card_due set said = 1 where room = ?", (room,))
