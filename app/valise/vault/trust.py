"""What is known of whom beyond a card: how it was compared, what happened to it, whose word counts, laptops nobody has seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from valise.domain.op import Op
from valise.vault.store import Handle, Tx

NEEDED = "custodians_needed"


@dataclass(frozen=True, slots=True)
class Verification:
    """How an identity was compared last. `card_number` = that of its card then; `officer` "" where it was not noted."""

    how: str
    at: int
    officer: str
    card_number: int


@dataclass(frozen=True, slots=True)
class Event:
    """One line of an identity's history. `device` "" unless it is about a laptop; `value` a number or code."""

    at: int
    code: str
    device: str
    officer: str
    value: str


@dataclass(frozen=True, slots=True)
class Vouch:
    """One delegation's word for another, as signed. `room` is the bilateral room it was given in."""

    id: str
    room: str
    author: str
    device: str
    about: str
    code: str
    card: str
    number: int
    how: str
    verified_at: int
    at: int


# -- history


def happened(tx: Tx, at: int, delegation: str, code: str, *, device: str = "", officer: str = "", value: str = "") -> None:
    """Write one line of history."""
    tx.run(
        "insert into contact_event(at, delegation, code, device, officer, value) values (?,?,?,?,?,?)",
        (at, delegation, code, device, officer, value),
    )


def history(handle: Handle, delegation: str, limit: int = 200) -> list[Event]:
    """What happened to an identity, newest first."""
    rows = handle.rows(
        "select at, code, device, officer, value from contact_event where delegation = ? order by id desc limit ?",
        (delegation, limit),
    )
    return [Event(*row) for row in rows]


# -- comparing


def verified(tx: Tx, delegation: str, found: Verification) -> None:
    """Keep how an identity was compared."""
    tx.run(
        "insert or replace into verification(delegation, how, at, officer, card_number) values (?,?,?,?,?)",
        (delegation, found.how, found.at, found.officer, found.card_number),
    )


def doubted(tx: Tx, delegation: str) -> None:
    """No comparison holds any more."""
    tx.run("delete from verification where delegation = ?", (delegation,))


def verification(handle: Handle, delegation: str) -> Verification | None:
    row = handle.row("select how, at, officer, card_number from verification where delegation = ?", (delegation,))
    return Verification(*row) if row else None


# -- laptops nobody has looked at


def laptop_came(tx: Tx, delegation: str, device: str, at: int) -> None:
    """A laptop joined a delegation that was known: it waits to be looked at."""
    tx.run("insert or ignore into laptop_pending(device, delegation, at) values (?,?,?)", (device, delegation, at))


def pending(handle: Handle, delegation: str) -> list[tuple[str, int]]:
    """(device, since) of laptops in use that nobody here has looked at, oldest first."""
    rows = handle.rows(
        "select laptop_pending.device, laptop_pending.at from laptop_pending join device on device.id = laptop_pending.device"
        " where laptop_pending.delegation = ? and revoked_at = 0 order by laptop_pending.at, laptop_pending.device",
        (delegation,),
    )
    return [(row[0], row[1]) for row in rows]


def laptops_accepted(tx: Tx, delegation: str) -> None:
    tx.run("delete from laptop_pending where delegation = ?", (delegation,))


# -- whose word counts


def custodians(handle: Handle) -> list[str]:
    """Delegations whose word we take, by id."""
    return [row[0] for row in handle.rows("select delegation from custodian order by delegation")]


def needed(handle: Handle) -> int:
    """How many of them have to say the same; 2 until somebody chose otherwise."""
    row = handle.row("select value from meta where key = ?", (NEEDED,))
    return int(row[0]) if row else 2


def choose_custodians(tx: Tx, delegations: Sequence[str], least: int, at: int) -> None:
    """These and no others."""
    marks = ",".join("?" * len(delegations))
    tx.run(f"delete from custodian where delegation not in ({marks})", tuple(delegations))
    tx.many("insert or ignore into custodian(delegation, at) values (?,?)", [(one, at) for one in delegations])
    tx.run("insert or replace into meta(key, value) values (?, ?)", (NEEDED, str(least)))


_VOUCH = "id, room, author, device, about, code, card, number, how, verified_at, at"


def standing(handle: Handle, about: str) -> list[Vouch]:
    """Words of custodians that count now and name this very identity."""
    return [Vouch(*row) for row in handle.rows(f"select {_VOUCH} from vouch_standing where about = ? order by at, id", (about,))]


def against(handle: Handle, delegation: str, code: str) -> list[Vouch]:
    """Words of custodians that count now and name another identity under the code of this one, not looked at yet."""
    rows = handle.rows(
        f"select {_VOUCH} from vouch_standing where code = ? and about != ?"
        " and not exists (select 1 from vouch_settled where vouch = vouch_standing.id and delegation = ?) order by at, id",
        (code, delegation, delegation),
    )
    return [Vouch(*row) for row in rows]


def settle(tx: Tx, delegation: str, vouches: Sequence[Vouch]) -> None:
    """A person looked at these and goes on with the identity we hold."""
    tx.many("insert or ignore into vouch_settled(vouch, delegation) values (?,?)", [(one.id, delegation) for one in vouches])


def given(handle: Handle, author: str) -> list[Vouch]:
    """What one delegation has vouched for and not taken back, oldest first."""
    rows = handle.rows(
        f"select {_VOUCH} from vouch where author = ?"
        " and not exists (select 1 from unvouch where unvouch.vouch = vouch.id and unvouch.author = vouch.author)"
        " order by at, id",
        (author,),
    )
    return [Vouch(*row) for row in rows]


def project(tx: Tx, op: Op) -> None:
    """Rows of a vouching operation; the caller has seen that it stands in a bilateral room."""
    body = op.body
    if op.kind == "contact.unvouch":
        tx.run("insert or ignore into unvouch(id, vouch, author) values (?,?,?)", (op.id, body["vouch"], op.author))
        return
    tx.run(
        "insert or ignore into vouch(id, room, author, device, seq, about, code, card, number, how, verified_at, at)"
        " values (?,?,?,?,?,?,?,?,?,?,?,?)",
        (op.id, op.room_id, op.author, op.device, op.seq, body["about"], body["code"], body["card"], body["number"],
         body["how"], body["verified_at"], op.at),
    )  # fmt: skip
