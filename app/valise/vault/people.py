"""Delegations and their devices: what accepted contact cards say, and what a person decided about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from valise.protocol.identity import Card, read_card
from valise.vault import certificates, search
from valise.vault.store import Handle, Tx


@dataclass(frozen=True, slots=True)
class Person:
    """A delegation as stored. `stopped` = "" or why nothing is sent to it until a person decides: "changed", "differs",
    "forked", "added" (a laptop), "disputed" (a custodian vouches for another identity), "replaced"."""

    id: str
    code: str
    name: str
    root: bytes
    card_number: int
    trust: str
    trust_since: int
    own: bool
    stopped: str
    rival: bytes | None
    first_seen: int


@dataclass(frozen=True, slots=True)
class Device:
    """A certified device. Times in ms UTC; `revoked_at` 0 = not revoked."""

    id: str
    delegation: str
    certificate_hash: str
    officer: str
    role: str
    rights: tuple[str, ...]
    not_after: int
    ed25519: bytes
    olm: bytes
    fallback: bytes
    mailbox: bytes
    first_seen: int
    revoked_at: int
    not_before: int = 0
    number: int = 0  # of its certificate
    rooms: tuple[str, ...] = ()  # the only rooms it is for; empty = every room

    def alive(self, now: int) -> bool:
        """May still be written to."""
        return not self.revoked_at and now <= self.not_after


# What a person stopped or has to decide comes first; a laptop nobody has looked at and a custodian's word for another
# identity stop as long as they stand.
_STOPPED = (
    "case when stopped != '' then stopped when exists (select 1 from laptop_pending join device on device.id = laptop_pending.device"
    " where laptop_pending.delegation = delegation.id and revoked_at = 0) then 'added'"
    " when own = 0 and exists (select 1 from vouch_standing where vouch_standing.code = delegation.code and about != delegation.id"
    " and not exists (select 1 from vouch_settled where vouch = vouch_standing.id and vouch_settled.delegation = delegation.id))"
    " then 'disputed' else '' end"
)
_PERSON = f"id, code, name, root, card_number, trust, trust_since, own, {_STOPPED}, rival, first_seen"
_DEVICE = (
    "id, delegation, certificate_hash, officer, role, rights, not_after, ed25519, olm, fallback, mailbox,"
    " first_seen, revoked_at, not_before, number, rooms"
)


def _person(row: Any) -> Person:
    values: list[Any] = [*row[:7], bool(row[7]), *row[8:]]
    return Person(*values)


def _device(row: Any) -> Device:
    values: list[Any] = [*row[:5], tuple(row[5].split(",")), *row[6:-1], tuple(row[-1].split(",")) if row[-1] else ()]
    return Device(*values)


def everybody(handle: Handle) -> list[Person]:
    """All known delegations by code."""
    return [_person(row) for row in handle.rows(f"select {_PERSON} from delegation order by code, id")]


def one(handle: Handle, delegation: str) -> Person | None:
    row = handle.row(f"select {_PERSON} from delegation where id = ?", (delegation,))
    return _person(row) if row else None


def stopped(handle: Handle, delegation: str) -> str | None:
    """Why nothing is sent to a delegation ("" = it is), None when it is not known."""
    row = handle.row(f"select {_STOPPED} from delegation where id = ?", (delegation,))
    return str(row[0]) if row else None


def mailboxes(handle: Handle, names: Sequence[str], now: int) -> set[bytes]:
    """Mailbox tokens of those of these devices that may still be written to."""
    found: set[bytes] = set()
    for start in range(0, len(names), 500):
        part = names[start : start + 500]
        marks = ",".join("?" * len(part))
        rows = handle.rows(
            f"select mailbox from device where id in ({marks}) and revoked_at = 0 and not_after >= ?", (*part, now)
        )
        found |= {row[0] for row in rows}
    return found


def by_code(handle: Handle, code: str) -> list[Person]:
    return [_person(row) for row in handle.rows(f"select {_PERSON} from delegation where code = ?", (code,))]


def devices(handle: Handle, delegation: str) -> list[Device]:
    """Every device a delegation ever certified, in the order of its list."""
    return [
        _device(row)
        for row in handle.rows(f"select {_DEVICE} from device where delegation = ? order by rowid", (delegation,))
    ]


def device(handle: Handle, name: str) -> Device | None:
    row = handle.row(f"select {_DEVICE} from device where id = ?", (name,))
    return _device(row) if row else None


def card(handle: Handle, delegation: str) -> bytes:
    """The newest accepted card of a delegation. KeyError when none is known."""
    row = handle.row("select card from delegation_card where delegation = ?", (delegation,))
    if row is None:
        raise KeyError(delegation)
    return bytes(row[0])


def holds_card(handle: Handle, data: bytes) -> bool:
    """Whether this very card is the newest accepted one of its delegation."""
    return handle.row("select 1 from delegation_card where length(card) = ? and card = ?", (len(data), data)) is not None


def prekey(handle: Handle, device: str) -> bytes:
    """The public X-Wing key on the newest card of a device, b"" where that shows none (of a revoked one)."""
    row = handle.row("select prekey from device_prekey where device = ?", (device,))
    return row[0] if row else b""


def store_card(tx: Tx, card: Card, *, trust: str, now: int, own: bool = False) -> list[str]:
    """Keep a verified card as the newest of its delegation; returns the ids of devices not seen before."""
    old = one(tx, card.delegation)
    if old is None:
        tx.run(
            "insert into delegation(id, code, name, root, card_number, card_hash, trust, trust_since, own, first_seen)"
            " values (?,?,?,?,?,?,?,?,?,?)",
            (
                card.delegation,
                card.code,
                card.name,
                card.root,
                card.number,
                card.hash,
                trust,
                now,
                int(own),
                now,
            ),
        )
    else:
        tx.run(
            "update delegation set code = ?, name = ?, card_number = ?, card_hash = ? where id = ?",
            (card.code, card.name, card.number, card.hash, card.delegation),
        )
    tx.run(
        "insert into delegation_card(delegation, card) values (?,?) on conflict(delegation) do update set card = excluded.card",
        (card.delegation, card.data),
    )
    fresh = []
    for entry in card.devices:
        cert = entry.certificate
        known = tx.row("select revoked_at from device where id = ?", (cert.device,))
        if known is None:
            fresh.append(cert.device)
            tx.run(
                "insert into device(id, delegation, number, certificate_hash, officer, role, rights, not_before, not_after, ed25519,"
                " olm, fallback, mailbox, first_seen, revoked_at, rooms) values (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                (
                    cert.device,
                    card.delegation,
                    cert.number,
                    cert.hash,
                    cert.officer,
                    cert.role,
                    ",".join(cert.rights),
                    cert.not_before,
                    cert.not_after,
                    cert.ed25519,
                    cert.olm,
                    entry.fallback,
                    entry.mailbox,
                    now,
                    entry.revoked_at,
                    ",".join(cert.rooms),
                ),
            )
            tx.run("insert into device_prekey(device, prekey) values (?,?)", (cert.device, entry.prekey))
        else:
            if entry.prekeys:  # a revoked device's may be left out of its card: what is known of them stays
                tx.run("update device set fallback = ? where id = ?", (entry.fallback, cert.device))
                tx.run("update device_prekey set prekey = ? where device = ?", (entry.prekey, cert.device))
            tx.run(
                "update device set mailbox = ?, revoked_at = max(revoked_at, ?), number = ?, certificate_hash = ?,"
                " officer = ?, role = ?, rights = ?, rooms = ?, not_before = ?, not_after = ? where id = ?",
                (
                    entry.mailbox,
                    entry.revoked_at,
                    cert.number,
                    cert.hash,
                    cert.officer,
                    cert.role,
                    ",".join(cert.rights),
                    ",".join(cert.rooms),
                    cert.not_before,
                    cert.not_after,
                    cert.device,
                ),
            )
    certificates.keep(tx, card)
    search.index(tx, "contact", card.delegation, "", now, card.name, f"{card.code} {card.name}")
    return fresh


def keep_rival(tx: Tx, delegation: str, card: bytes) -> None:
    """Another root came under a known code: keep its card aside and stop sending until a person decides."""
    tx.run("update delegation set rival = ?, stopped = 'changed' where id = ?", (card, delegation))


def set_trust(tx: Tx, delegation: str, trust: str, now: int) -> None:
    tx.run("update delegation set trust = ?, trust_since = ?, stopped = '' where id = ?", (trust, now, delegation))


def stop(tx: Tx, delegation: str, reason: str) -> None:
    """Stop sending to a delegation; `reason` is "changed" or "differs"."""
    tx.run("update delegation set stopped = ? where id = ?", (reason, delegation))


def drop_rival(tx: Tx, delegation: str) -> None:
    tx.run("update delegation set rival = null, stopped = '' where id = ?", (delegation,))


def retire(tx: Tx, delegation: str) -> None:
    """An identity replaced by another: what it signed stays, its devices get nothing any more."""
    tx.run("update delegation set rival = null, stopped = 'replaced', trust = 'unknown' where id = ?", (delegation,))


def rival_card(person: Person) -> Card | None:
    return read_card(person.rival) if person.rival else None


def authors(handle: Handle) -> dict[str, str]:
    """Author as files name him -> delegation."""
    return dict(handle.rows("select author, delegation from author order by author"))


def remember_authors(tx: Tx, found: dict[str, str]) -> None:
    """Keep who an author is; "" forgets."""
    for author, delegation in found.items():
        if delegation:
            tx.run("insert or replace into author(author, delegation) values (?,?)", (author, delegation))
        else:
            tx.run("delete from author where author = ?", (author,))
