"""What the entrance and the open desk both do with the ways into a vault."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from valise.desk.ports import Custodian
from valise.domain.errors import NotAllowed, Unavailable, WrongPassphrase
from valise.protocol import shares as sharing
from valise.vault import slots
from valise.vault.header import Header, Slot
from valise.vault.slots import KEYRING, RECOVERY, SECOND, Given, Kdf, Opened
from valise.vault.store import Tx

LEAST: Final = 12  # characters of a new passphrase
_REHEARSED = "rehearsed"


def keyring_name(head: Header, slot: Slot) -> str:
    """Under which name the keyring keeps the secret of this slot: one name a slot, so that a new one never overwrites."""
    return f"slot/{head.vault}/{slot['salt']}"


def keyring_secret(custodian: Custodian, head: Header, kind: str) -> bytearray | None:
    """The secret of the slot of this kind, None when there is none. Unavailable("custodian.unavailable")."""
    slot = slots.one_of(head, kind)
    found = custodian.look(keyring_name(head, slot)) if slot is not None and isinstance(slot.get("salt"), str) else None
    return bytearray(found) if found is not None else None


def forget_gone(custodian: Custodian, before: Header, after: Header) -> None:
    """Delete from the keyring what belonged to slots that are no more. It opens nothing, so a silent keyring is no error."""
    names = {keyring_name(after, slot) for slot in after.slots if slot["kind"] in (KEYRING, SECOND)}
    for slot in before.slots:
        if slot["kind"] in (KEYRING, SECOND) and keyring_name(before, slot) not in names:
            with suppress(Unavailable):
                custodian.forget(keyring_name(before, slot))


def by_passphrase(custodian: Custodian, head: Header, passphrase: bytearray, kdf: Kdf) -> tuple[Opened, Given]:
    """Open with a passphrase, and with the keyring's half where a slot wants both. What was given is for the caller to wipe.

    WrongPassphrase("vault.passphrase"), Unavailable("slot.keyring_missing" | "vault.memory"), Refused, Damaged.
    """
    given = Given(passphrase=passphrase)
    with suppress(Unavailable):  # then the keyring's half is missing, and that is said
        given.keyring = keyring_secret(custodian, head, SECOND)
    try:
        return slots.open_with(head, given, kdf), given
    except BaseException:
        given.wipe()
        raise


def by_keyring(custodian: Custodian, head: Header, kdf: Kdf) -> Opened:
    """Open with what the keyring keeps. NotAllowed("slot.no_keyring"), Unavailable("slot.keyring_gone" | "custodian.*")."""
    if slots.one_of(head, KEYRING) is None:
        raise NotAllowed("slot.no_keyring", "no slot of this vault is for a keyring")
    given = Given(keyring=keyring_secret(custodian, head, KEYRING))
    try:
        if given.keyring is not None:
            return slots.open_with(head, given, kdf)
    except WrongPassphrase:
        pass
    finally:
        given.wipe()
    raise Unavailable("slot.keyring_gone", "the keyring does not hold what opens this vault")


def by_shares(head: Header, shares: Sequence[str], kdf: Kdf) -> Opened:
    """Open with recovery shares. Refused("shares.*"), WrongPassphrase("slot.shares" | "slot.shares_other"),
    NotAllowed("slot.no_recovery")."""
    slot = slots.one_of(head, RECOVERY)
    if slot is None:
        raise NotAllowed("slot.no_recovery", "this vault has no recovery shares")
    given = Given(recovery=bytearray(sharing.join(shares)))
    try:
        return slots.open_with(head, given, kdf)
    except WrongPassphrase:
        same = sharing.look(shares[0]).identifier == slot["set"]
        raise WrongPassphrase(
            "slot.shares" if same else "slot.shares_other", "these shares do not open this vault"
        ) from None
    finally:
        given.wipe()


def check_new(passphrase: bytearray) -> None:
    """NotAllowed("slot.short"): what the window advises beyond that is for the person to decide."""
    if len(passphrase.decode("utf-8", "replace")) < LEAST:
        raise NotAllowed("slot.short", "a passphrase has twelve characters or more")


def cost(head: Header, kdf: Kdf | None) -> Kdf:
    """What a new passphrase slot costs: calibrated on this computer, never less than the slot it replaces. `kdf` = as told."""
    made = kdf or slots.calibrate()
    old = slots.one_of(head, slots.PASSPHRASE, SECOND)
    return made.at_least(old["kdf"]["ops"], old["kdf"]["mem"]) if old is not None else made


def note_rehearsed(tx: Tx, slot: Slot, now: int) -> None:
    """Keep the date at which the shares of this slot were right."""
    tx.run("insert or replace into meta(key, value) values (?, ?)", (_REHEARSED, f"{slot['salt']} {now}"))


def rehearsed(kept: object, slot: Slot) -> int:
    """The date (ms UTC) kept for this very slot, 0 for none. `kept` = the row of meta that `REHEARSED` names."""
    salt, _, at = str(kept or "").partition(" ")
    return int(at) if salt == slot["salt"] and at.isdecimal() else 0


REHEARSED: Final = f"select value from meta where key = '{_REHEARSED}'"
