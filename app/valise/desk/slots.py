"""What opens this vault: change the passphrase, use the keyring of this computer, make and try recovery shares."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from typing import cast

from valise.desk import ways
from valise.desk.context import Context
from valise.desk.door_slots import SlotKind, SlotView
from valise.domain.errors import NotAllowed, Unavailable
from valise.protocol import shares as sharing
from valise.vault import header, slots
from valise.vault.header import Header
from valise.vault.slots import KEYRING, KINDS, PASSPHRASE, RECOVERY, SECOND, Given, Kdf

_ORDER = (PASSPHRASE, SECOND, KEYRING, RECOVERY)


class SlotsDesk:
    """door_slots.Slots. `kdf` None = calibrated on this computer; given only by tests and the simulation."""

    def __init__(self, context: Context, kdf: Kdf | None = None) -> None:
        self.context = context
        self._kdf = kdf
        self._floor = kdf or Kdf()

    def all(self) -> tuple[SlotView, ...]:
        """The ways in, as the header tells them."""
        head = self._head()
        with self.context.read() as handle:
            kept = handle.value(ways.REHEARSED)
        found = []
        for slot in sorted(
            (one for one in head.slots if one["kind"] in KINDS), key=lambda one: _ORDER.index(one["kind"])
        ):
            KINDS[slot["kind"]].check(slot, self._floor)
            told = slot.get("kdf", {})
            found.append(
                SlotView(
                    cast(SlotKind, slot["kind"]),
                    slot.get("made", 0),
                    told.get("ops", 0),
                    told.get("mem", 0) >> 20,
                    slot.get("need", 0),
                    slot.get("total", 0),
                    ways.rehearsed(kept, slot) if slot["kind"] == RECOVERY else 0,
                )
            )
        return tuple(found)

    def keyring_here(self) -> bool:
        """Whether this computer has a keyring that keeps what it is given."""
        return self.context.custodian.available()

    def change_passphrase(self, old: bytearray, new: bytearray) -> None:
        """Seal the vault's key under a new passphrase; the old one opens nothing any more. Wipes both."""
        try:
            ways.check_new(new)
            if old == new:
                raise NotAllowed("slot.same", "the new passphrase is the old one")
            with self.context.lock:
                head = self._head()
                key = self._key(head, old)
                if slots.one_of(head, SECOND) is None:
                    self._put(head, PASSPHRASE, Given(passphrase=new), key)
                else:
                    self._put(head, SECOND, Given(passphrase=new, keyring=_secret()), key)
        finally:
            _wipe(old, new)

    def keyring_on(self, passphrase: bytearray) -> None:
        """A slot of which the keyring of this computer keeps the secret: opening without typing. Wipes `passphrase`."""
        try:
            with self.context.lock:
                head = self._head()
                self._put(head, KEYRING, Given(keyring=_secret()), self._key(head, passphrase))
        finally:
            _wipe(passphrase)

    def keyring_off(self) -> None:
        """Only typing opens again."""
        with self.context.lock:
            self._drop(KEYRING, "slot.no_keyring")

    def second_on(self, passphrase: bytearray) -> None:
        """Passphrase and keyring together, in place of either alone. Only beside shares that were rehearsed (C4)."""
        try:
            with self.context.lock:
                head = self._head()
                if not any(one.kind == RECOVERY and one.rehearsed for one in self.all()):
                    raise NotAllowed("slot.not_rehearsed", "first make recovery shares and rehearse them")
                key = self._key(head, passphrase)
                self._put(head, SECOND, Given(passphrase=passphrase, keyring=_secret()), key, PASSPHRASE, KEYRING)
        finally:
            _wipe(passphrase)

    def second_off(self, passphrase: bytearray) -> None:
        """The passphrase alone again. Wipes it."""
        try:
            with self.context.lock:
                head = self._head()
                if slots.one_of(head, SECOND) is None:
                    raise NotAllowed("slot.no_keyring", "the keyring is not needed as it is")
                key = self._key(head, passphrase)
                self._put(head, PASSPHRASE, Given(passphrase=passphrase), key, SECOND)
        finally:
            _wipe(passphrase)

    def make_shares(self, passphrase: bytearray, need: int, total: int) -> tuple[str, ...]:
        """A new recovery secret, split; the slot of the one before is gone. Wipes `passphrase`, keeps no share."""
        secret = _secret()
        try:
            with self.context.lock:
                head = self._head()
                if slots.one_of(head, SECOND) is not None:
                    # until the new ones are rehearsed a keyring that vanishes would lock everybody out
                    raise NotAllowed("slot.second_needs_shares", "first let the passphrase open alone again")
                made = sharing.split(bytes(secret), need, total)
                key = self._key(head, passphrase)
                told = {"need": need, "total": total, "set": sharing.look(made[0]).identifier}
                self._put(head, RECOVERY, Given(recovery=secret), key, **told)
            return made
        finally:
            _wipe(passphrase, secret)

    def drop_shares(self, passphrase: bytearray) -> None:
        """The shares open nothing any more. Wipes `passphrase`."""
        try:
            with self.context.lock:
                self._key(self._head(), passphrase)
                self._drop(RECOVERY, "slot.no_recovery")
        finally:
            _wipe(passphrase)

    def rehearse(self, shares: Sequence[str]) -> int:
        """Try the shares as if everything else were lost, and keep the date. Changes nothing else."""
        with self.context.write() as tx:
            opened = ways.by_shares(self._head(), shares, self._floor)
            now = self.context.clock.now()
            ways.note_rehearsed(tx, opened.slot, now)
            self.context.touch(settings=True)
        return now

    def _head(self) -> Header:
        return header.load(self.context.store.folder).header

    def _key(self, head: Header, passphrase: bytearray) -> str:
        opened, given = ways.by_passphrase(self.context.custodian, head, passphrase, self._floor)
        if given.keyring is not None:
            _wipe(given.keyring)
        return opened.key

    def _put(self, head: Header, kind: str, given: Given, key: str, *instead_of: str, **numbers: int) -> None:
        """Keep a new slot of this kind in place of what it replaces: keyring first, header next, leftovers last."""
        custodian = self.context.custodian
        stretched = PASSPHRASE in KINDS[kind].needs
        slot = slots.seal(
            kind,
            given,
            key,
            head.vault,
            cost=ways.cost(head, self._kdf) if stretched else self._floor,
            made=self.context.clock.now(),
            **numbers,
        )
        after = slots.lawful(slots.with_slot(head, slot, *instead_of))
        name = ways.keyring_name(head, slot)
        try:
            if given.keyring is not None:
                custodian.keep(name, bytes(given.keyring))
            header.save(self.context.store.folder, after, forget=True)
        except BaseException:
            if given.keyring is not None:
                with suppress(Unavailable):
                    custodian.forget(name)
            raise
        finally:
            if given.keyring is not None:
                _wipe(given.keyring)
        self._changed(head, after)

    def _drop(self, kind: str, missing: str) -> None:
        head = self._head()
        if slots.one_of(head, kind) is None:
            raise NotAllowed(missing, "there is none")
        after = slots.lawful(slots.without(head, kind))
        header.save(self.context.store.folder, after, forget=True)
        self._changed(head, after)

    def _changed(self, before: Header, after: Header) -> None:
        ways.forget_gone(self.context.custodian, before, after)
        with self.context.write():
            self.context.touch(settings=True)


def _secret() -> bytearray:
    """Not from the simulation's randomness: what it draws must not depend on how often slots are made."""
    return bytearray(os.urandom(32))


def _wipe(*held: bytearray) -> None:
    for one in held:
        one[:] = bytes(len(one))
