"""Relays in the vault: our own mailbox, whom we gave permission to write and with what, and where we may write to others.

What is secret of it lies in tables of its own, which no backup holds; nor does a backup hold the operations that named it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from valise.domain import relay_given as rules
from valise.domain.errors import Refused
from valise.domain.op import Op
from valise.domain.relay import Address, Kit, address_body, kit_body, read_address, read_kit
from valise.domain.relay_given import Word
from valise.protocol import canonical
from valise.vault.store import Handle, Tx

IN_USE, REVOKING, REVOKED = 0, 1, 2
_GRANT: Final = (
    "slot, delegation, note, user, account, made_with, holder, made_at, expires, room, seq, said_at, devices,"
    " state, why"
)


@dataclass(frozen=True, slots=True)
class Grant:
    """Permission to write to our inbox. Times in ms UTC. `delegation` "" while nobody knows who will use it; `made_with` "" while
    it came from another laptop of ours and was not looked at; `said_at` is the clock of the operation that said it first (0 = it was
    only handed over), `devices` were in the room when it was said last."""

    slot: str
    delegation: str
    note: str
    user: str
    account: str
    made_with: str
    holder: str
    made_at: int
    expires: int
    room: str = ""
    seq: int = 0
    said_at: int = 0
    devices: tuple[str, ...] = ()
    state: int = IN_USE
    why: str = ""

    @property
    def order(self) -> tuple[int, int, str]:
        """Newest last; what was only handed over before what was said. That clock never goes back."""
        return self.said_at, self.made_at, self.slot


# -- our own mailbox


def own(handle: Handle) -> tuple[Kit, int] | None:
    """The mailbox this laptop reads, and since when."""
    row = handle.row("select kit, joined_at from relay_own")
    return (read_kit(json.loads(row[0])), row[1]) if row else None


def keep_own(tx: Tx, kit: Kit, now: int) -> None:
    raw = canonical.encode(kit_body(kit))
    tx.run("insert or replace into relay_own(one, kit, joined_at) values (1,?,?)", (raw, now))


def drop_own(tx: Tx) -> None:
    tx.run("delete from relay_own")


# -- what we gave


def grants(handle: Handle, delegation: str | None = None) -> list[Grant]:
    """All of them, or those of one delegation, in the order they were made."""
    where, values = ("where delegation = ?", (delegation,)) if delegation is not None else ("", ())
    rows = handle.rows(f"select {_GRANT} from relay_grant {where} order by made_at, slot", values)
    return [_grant(row) for row in rows]


def grant(handle: Handle, slot: str) -> Grant | None:
    row = handle.row(f"select {_GRANT} from relay_grant where slot = ?", (slot,))
    return _grant(row) if row else None


def keep_grant(tx: Tx, one: Grant, address: Address | None) -> None:
    """A new one, with its credential while there is one."""
    marks = ",".join("?" * len(_GRANT.split(",")))
    tx.run(
        f"insert or ignore into relay_grant({_GRANT}) values ({marks})",
        (one.slot, one.delegation, one.note, one.user, one.account, one.made_with, one.holder, one.made_at, one.expires,
         one.room, one.seq, one.said_at, ",".join(one.devices), one.state, one.why),
    )  # fmt: skip
    if address is not None and one.state == IN_USE:
        tx.run("insert or ignore into relay_credential(slot, address) values (?,?)", (one.slot, _raw(address)))


def said(tx: Tx, slot: str, room: str, seq: int, devices: Collection[str], at: int) -> None:
    """It was said in a room, where these devices are, in an operation with this clock."""
    tx.run(
        "update relay_grant set said_at = case when seq = 0 then ? else said_at end, room = ?, seq = ?, devices = ? where slot = ?",
        (at, room, seq, ",".join(sorted(devices)), slot),
    )


def known_as(tx: Tx, slot: str, *, delegation: str, account: str, made_with: str) -> None:
    """Who uses it, and which mailbox it is for."""
    tx.run(
        "update relay_grant set delegation = ?, account = ?, made_with = ? where slot = ?",
        (delegation, account, made_with, slot),
    )


def take_back(tx: Tx, slots: Collection[str], why: str) -> None:
    """Nothing more is to be taken with these; the relay has not been asked."""
    for slot in slots:
        tx.run("update relay_grant set state = ?, why = ? where slot = ? and state = ?", (REVOKING, why, slot, IN_USE))
        tx.run("delete from relay_credential where slot = ?", (slot,))


def taken_back(tx: Tx, users: Collection[str]) -> None:
    """The relay has confirmed."""
    tx.many("update relay_grant set state = ? where user = ? and state = ?", [(REVOKED, one, REVOKING) for one in users])


def credential(handle: Handle, slot: str) -> Address | None:
    row = handle.row("select address from relay_credential where slot = ?", (slot,))
    return read_address(json.loads(row[0])) if row else None


def expired(handle: Handle, before: int) -> list[str]:
    """Slots of those that ended before then, but for the newest of each delegation: it says whether a person took it back."""
    rows = handle.rows(
        "select slot from relay_grant where expires < ?1 and (delegation = '' or exists (select 1 from relay_grant as newer"
        " where newer.delegation = relay_grant.delegation and (newer.said_at, newer.made_at, newer.slot)"
        " > (relay_grant.said_at, relay_grant.made_at, relay_grant.slot))) order by slot",
        (before,),
    )
    return [row[0] for row in rows]


def forget(tx: Tx, slots: Collection[str]) -> None:
    """Nothing of these is kept."""
    tx.many("delete from relay_grant where slot = ?", [(one,) for one in slots])
    tx.many("delete from relay_credential where slot = ?", [(one,) for one in slots])


# -- what others said


def words(handle: Handle) -> dict[str, list[Word]]:
    """Delegation -> what each of its devices said last, our own delegation included."""
    found: dict[str, list[Word]] = {}
    for author, device, at, tick, raw in handle.rows(
        "select author, device, at, tick, address from relay_word order by author, device, room"
    ):
        word = rules.read_word(at, tick, device, json.loads(raw) if raw else None)
        if word is not None:
            found.setdefault(author, []).append(word)
    return found


def project(tx: Tx, op: Op, members: Collection[str]) -> None:
    """Rows of an operation that stands in a room of two. What is no address is nothing."""
    address: Address | None = None
    if op.kind == "relay.address":
        try:
            address = rules.given(op)
        except Refused:
            return
    elif op.kind != "relay.withdraw":
        return
    tx.run(
        "insert into relay_word(room, device, author, seq, at, tick, address) values (?,?,?,?,?,?,?) on conflict do update"
        " set seq = excluded.seq, at = excluded.at, tick = excluded.tick, address = excluded.address where excluded.seq >= seq",
        (op.room, op.device, op.author, op.seq, op.at, op.tick, _raw(address) if address else b""),
    )
    if tx.value("select own from delegation where id = ?", (op.author,)):
        _ours(tx, op, next((one for one in members if one != op.author), ""), address)


def _ours(tx: Tx, op: Op, to: str, address: Address | None) -> None:
    """Another laptop of ours gave permission or took it back (or this one, and then the rows are there)."""
    if not to:
        return
    if address is None:
        given = tx.rows(
            "select slot from relay_grant where delegation = ? and state = 0 and said_at > 0 and said_at <= ?", (to, op.at)
        )
        take_back(tx, [row[0] for row in given], "person")
        return
    over = tx.row(
        "select 1 from relay_word where room = ? and author = ? and address = x'' and (at, tick, device) > (?,?,?)",
        (op.room, op.author, op.at, op.tick, op.device),
    )
    made_at = max(0, address.expires - rules.TERM)  # its clock may have been led ahead, the credential says when it ends
    made = Grant(address.slot, to, "", rules.user_of(address.jwt), "", "", op.device, made_at, address.expires, op.room, op.seq,
                 op.at, state=REVOKING if over else IN_USE, why="person" if over else "")  # fmt: skip
    keep_grant(tx, made, address)


def passes(handle: Handle) -> dict[str, Word]:
    """Delegation -> the address that came with its card."""
    rows = handle.rows("select delegation, at, address from relay_pass order by delegation")
    return {one: Word(at, 0, "", read_address(json.loads(raw))) for one, at, raw in rows}


def keep_pass(tx: Tx, delegation: str, at: int, address: Address) -> None:
    """The newest one of a delegation."""
    tx.run(
        "insert into relay_pass(delegation, at, address) values (?,?,?) on conflict do update"
        " set at = excluded.at, address = excluded.address where excluded.at >= at",
        (delegation, at, _raw(address)),
    )


def drop_pass(tx: Tx, delegation: str) -> None:
    tx.run("delete from relay_pass where delegation = ?", (delegation,))


# -- what is in use


def used(handle: Handle) -> dict[str, tuple[Address | None, int]]:
    """Delegation -> (the address in use, None where it was withdrawn; since when)."""
    rows = handle.rows("select delegation, since, address from relay_used order by delegation")
    return {one: (read_address(json.loads(raw)) if raw else None, since) for one, since, raw in rows}


def use(tx: Tx, delegation: str, address: Address | None, now: int) -> None:
    tx.run(
        "insert or replace into relay_used(delegation, since, address) values (?,?,?)",
        (delegation, now, _raw(address) if address else b""),
    )


def _raw(address: Address) -> bytes:
    return canonical.encode(address_body(address))


def _grant(row: Any) -> Grant:
    values: list[Any] = [*row[:12], tuple(row[12].split(",")) if row[12] else (), *row[13:]]
    return Grant(*values)


def mark(kit: Kit) -> str:
    """Names the mailbox and the key a credential is made with; 43 characters, nothing can be read from it."""
    held: Mapping[str, Any] = kit_body(kit)
    parts = {name: held[name] for name in ("server", "inbox", "account", "signer")}
    return canonical.b64u(canonical.digest("valise/v1/relay-mark", canonical.encode(parts)))
