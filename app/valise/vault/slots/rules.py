"""Which slots may stand together, so that nobody is locked out and nothing opens by less than a person chose.

A way in that a person carries in his head stays always: the last passphrase cannot be taken away, a keyring is never
alone (C4: keyrings vanish). Passphrase and keyring together stand only beside recovery shares, and then no slot opens by
either of the two alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from valise.domain.errors import NotAllowed
from valise.vault.header import Header, Slot
from valise.vault.slots.kinds import KEYRING, PASSPHRASE, RECOVERY, SECOND


def one_of(header: Header, *kinds: str) -> Slot | None:
    """The first slot of one of these kinds, or None."""
    return next((slot for slot in header.slots if slot["kind"] in kinds), None)


def without(header: Header, *kinds: str) -> Header:
    """Without the slots of these kinds."""
    return replace(header, slots=tuple(slot for slot in header.slots if slot["kind"] not in kinds))


def with_slot(header: Header, slot: Slot, *instead_of: str) -> Header:
    """With this slot, in place of those of its own kind and of `instead_of`."""
    return replace(header, slots=(slot, *without(header, slot["kind"], *instead_of).slots))


def lawful(header: Header) -> Header:
    """The header itself. NotAllowed("slot.last" | "slot.second_alone" | "slot.second_undone") when it must not be saved."""
    kinds = _kinds(header.slots)
    if not kinds & {PASSPHRASE, SECOND}:
        raise NotAllowed("slot.last", "a vault keeps a passphrase")
    if SECOND in kinds and RECOVERY not in kinds:
        raise NotAllowed("slot.second_alone", "a keyring that is needed stands only beside recovery shares")
    if SECOND in kinds and kinds & {PASSPHRASE, KEYRING}:
        raise NotAllowed("slot.second_undone", "beside passphrase and keyring together neither opens alone")
    return header


def _kinds(slots: Iterable[Slot]) -> frozenset[str]:
    return frozenset(slot["kind"] for slot in slots)
