"""Founding, unlocking, joining: what turns a folder into an open vault. Behind desk.gate, loaded when first needed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from valise.desk import enrolment, practice, restoring, ways
from valise.desk.cards import RECEIVED
from valise.desk.desk import Desk
from valise.desk.door import Progress
from valise.desk.door_backups import Secret
from valise.desk.gate import KEY_FILE, WAITING
from valise.desk.ports import CarrierMaker, Clock, Custodian, Entropy, Parser
from valise.domain.errors import Damaged, NotAllowed, Unavailable
from valise.protocol.certificate import DeviceSecret
from valise.protocol.grant import read_grant
from valise.protocol.request import make_request
from valise.protocol.rootfile import seal_root
from valise.system.custodian import NoCustodian
from valise.vault import checks, header, people, salvage, slots
from valise.vault.connection import new_key
from valise.vault.files import replace
from valise.vault.slots import Kdf
from valise.vault.store import Store


class Entrance:
    """The way into the vault of one folder. `kdf` lowers the cost of passphrases for tests and simulation only."""

    def __init__(
        self,
        folder: Path,
        *,
        clock: Clock,
        make_carrier: CarrierMaker,
        parser: Parser,
        entropy: Entropy | None = None,
        kdf: Kdf | None = None,
        custodian: Custodian | None = None,
    ) -> None:
        self.folder = folder
        self._clock = clock
        self._entropy = entropy or os.urandom
        self._make_carrier = make_carrier
        self._parser = parser
        self._told = kdf
        self._kdf = kdf or Kdf()
        self._custodian: Custodian = custodian or NoCustodian()

    def create(
        self,
        *,
        code: str,
        name: str,
        officer: str,
        role: str,
        passphrase: bytearray,
        public_name: str = "",
    ) -> Desk:
        """New delegation, first device with every right. Wipes `passphrase`.

        Beside the vault stands the delegation key file, sealed under the same passphrase: to be moved to a stick
        that stays offline. Refused("card.malformed" ...), NotAllowed("vault.exists" | "vault.synced_folder"), Unavailable.
        """
        try:
            made = enrolment.found(code, name, officer, role, self._clock.now(), self._entropy)
            store, key = self._new_store(made.secret, public_name, passphrase)
            try:
                key_file = seal_root(
                    made.root, passphrase, self._kdf.ops, self._kdf.mem, (self._kdf.floor_ops, self._kdf.floor_mem)
                )
                with store.write() as tx:
                    people.store_card(tx, made.card, trust="own", now=self._clock.now(), own=True)
                    tx.run("insert or replace into meta(key, value) values ('enrolled', 1)")
                self._write(KEY_FILE, key_file)
                self._seal_header(key, public_name, passphrase)
            except BaseException:
                store.abandon()
                raise
            finally:
                made.root.close()
        finally:
            passphrase[:] = bytes(len(passphrase))
        desk = self._desk(store)
        desk.rooms.internal()
        return desk

    def unlock(self, passphrase: bytearray, progress: Progress | None = None) -> Desk:
        """Open the vault; `progress` (done, total) is told while it is checked, where it was not closed. Wipes `passphrase`.

        WrongPassphrase("vault.passphrase"), Unavailable("vault.busy"), Damaged("vault.damaged": see `salvage`),
        NotAllowed("vault.not_enrolled") while the enrolment file has not come."""
        return self._desk_or_close(self._open(passphrase), progress)

    def unlock_keyring(self, progress: Progress | None = None) -> Desk:
        """Open the vault with what the keyring of this computer keeps for it.

        Unavailable("slot.keyring_gone" | "custodian.unavailable" | "vault.busy"), NotAllowed("slot.no_keyring"), Damaged.
        """
        loaded = header.load(self.folder)
        opened = ways.by_keyring(self._custodian, loaded.header, self._kdf)
        return self._desk_or_close(Store.open(self.folder, opened.key), progress)

    def try_shares(self, shares: Sequence[str]) -> None:
        """Whether these shares would open the vault; raises what `unlock_shares` raises. Opens and changes nothing."""
        ways.by_shares(header.load(self.folder).header, shares, self._kdf)

    def unlock_shares(self, shares: Sequence[str], new: bytearray | None = None) -> Desk:
        """Open the vault with recovery shares, for whom the passphrase is lost or the keyring's half of it is gone.

        With `new` that is the passphrase from now on, alone, in place of what was: no keyring is needed any more. Wipes
        `new`. Refused("shares.*"), WrongPassphrase("slot.shares" | "slot.shares_other"), NotAllowed("slot.no_recovery" |
        "slot.short"), Unavailable("vault.busy"), Damaged.
        """
        try:
            if new is not None:
                ways.check_new(new)
            opened = ways.by_shares(header.load(self.folder).header, shares, self._kdf)
            store = Store.open(self.folder, opened.key)
            try:
                with store.write() as tx:
                    ways.note_rehearsed(tx, opened.slot, self._clock.now())
                if new is not None:
                    self._renew(opened.key, new)
            except BaseException:
                store.close()
                raise
            return self._desk_or_close(store)
        finally:
            if new is not None:
                new[:] = bytes(len(new))

    def _renew(self, key: str, new: bytearray) -> None:
        """The passphrase's slot made anew; only while the store is open, which is this vault's lock."""
        before = header.load(self.folder).header
        cost = ways.cost(before, self._told)
        slot = slots.seal_slot("passphrase", new, key, before.vault, cost, self._clock.now())
        after = slots.lawful(slots.with_slot(before, slot, slots.SECOND))
        header.save(self.folder, after, forget=True)
        ways.forget_gone(self._custodian, before, after)

    def _desk_or_close(self, store: Store, progress: Progress | None = None) -> Desk:
        try:
            return self._desk(store, progress)
        except BaseException:
            store.close()
            raise

    def examine(self, passphrase: bytearray, progress: Progress | None = None) -> tuple[str, ...]:
        """Every page, table, index and reference of the vault; what is wrong: "pages", "tables", "references", "search".

        Changes nothing but the date of the check. Wipes `passphrase`. WrongPassphrase, Unavailable("vault.busy"), Damaged.
        """
        store = self._open(passphrase)
        try:
            found = checks.integrity(store, self._clock.now(), progress)
            if found.sound:
                store.found_sound()
            return found.problems
        finally:
            store.close()

    def salvage(self, passphrase: bytearray, progress: Progress | None = None) -> tuple[tuple[str, int, int], ...]:
        """What verifies of a damaged vault and of its last good copy becomes a new one; the damaged files are kept aside.

        (table, rows kept, rows known to be lost: -1 = nobody can tell), what was lost first. Wipes `passphrase`.
        WrongPassphrase, Unavailable("vault.busy" | ...), Damaged("vault.damaged") when neither opens.
        """
        try:
            loaded = header.load(self.folder)
            opened, given = ways.by_passphrase(self._custodian, loaded.header, passphrase, self._kdf)
            given.wipe()
            return tuple(salvage.salvage(self.folder, opened.key, self._clock.now(), progress))
        finally:
            passphrase[:] = bytes(len(passphrase))

    def ask_enrolment(self, *, officer: str, role: str, passphrase: bytearray) -> bytes:
        """A vault for a new device of an existing delegation; returns the request to carry to the first laptop."""
        try:
            secret = enrolment.new_device(self._entropy)
            request = make_request(secret, officer, role, self._clock.now())
            store, key = self._new_store(secret, "", passphrase)
            try:
                with store.write() as tx:
                    tx.run("insert into secret(name, value) values ('request', ?)", (request.data,))
                self._seal_header(key, "", passphrase)
            except BaseException:
                store.abandon()
                raise
            store.close()
            self._write(WAITING, b"")
            return request.data
        finally:
            passphrase[:] = bytes(len(passphrase))

    def request_again(self, passphrase: bytearray) -> bytes:
        """The request made here, which is kept in the vault. NotAllowed("vault.enrolled"), WrongPassphrase. Wipes `passphrase`."""
        store = self._open(passphrase)
        try:
            with store.read() as handle:
                row = handle.row("select value from secret where name = 'request'")
            if row is None:
                raise NotAllowed("vault.enrolled")
            return bytes(row[0])
        finally:
            store.close()

    def finish_enrolment(self, file: bytes, passphrase: bytearray) -> Desk:
        """Read the answer of the first laptop. Refused("grant.*"), WrongPassphrase. Wipes `passphrase`."""
        store = self._open(passphrase)
        try:
            with store.read() as handle:
                secret = DeviceSecret.from_bytes(handle.row("select value from secret where name = 'device'")[0])
                if handle.row("select 1 from meta where key = 'enrolled'"):
                    raise NotAllowed("vault.enrolled")
            grant = read_grant(file, secret)
            practice.check_grant(grant.card, grant.contacts)
            now = self._clock.now()
            with store.write() as tx:
                people.store_card(tx, grant.card, trust="own", now=now, own=True)
                for card in grant.contacts:
                    people.store_card(tx, card, trust=RECEIVED, now=now)
                tx.run("insert or replace into meta(key, value) values ('enrolled', 1)")
                tx.run("delete from secret where name = 'request'")
            (self.folder / WAITING).unlink(missing_ok=True)
            return self._desk(store)
        except BaseException:
            store.close()
            raise

    def restore(self, backup: Path, secret: Secret, passphrase: bytearray, progress: Progress | None = None) -> Desk:
        """A new laptop with everything a backup holds; it reads at once and waits to be admitted. See restoring.restore."""
        now = self._clock.now()
        return self._desk(
            restoring.restore(
                backup, secret, passphrase, self.folder, now=now, entropy=self._entropy, kdf=self._kdf, progress=progress
            )
        )

    def _open(self, passphrase: bytearray) -> Store:
        try:
            loaded = header.load(self.folder)
            opened, given = ways.by_passphrase(self._custodian, loaded.header, passphrase, self._kdf)
            given.wipe()
            return Store.open(self.folder, opened.key)
        finally:
            passphrase[:] = bytes(len(passphrase))

    def _new_store(self, secret: DeviceSecret, public_name: str, passphrase: bytearray) -> tuple[Store, str]:
        if not passphrase:
            raise NotAllowed("vault.passphrase_empty")
        header.new(public_name, self._clock.now())
        key = new_key()
        store = Store.create(self.folder, key)
        try:
            with store.write() as tx:
                tx.run("insert into secret(name, value) values ('device', ?)", (secret.to_bytes(),))
                tx.run("insert into secret(name, value) values ('olm', ?)", (secret.account.dump(),))
        except BaseException:
            store.abandon()
            raise
        return store, key

    def _seal_header(self, key: str, public_name: str, passphrase: bytearray) -> None:
        """Last of all: only with a header does the folder hold a vault."""
        made = header.new(public_name, self._clock.now())
        slot = slots.seal_slot("passphrase", passphrase, key, made.vault, ways.cost(made, self._told), made.made)
        header.save(self.folder, header.Header(made.vault, made.public_name, made.made, (slot,)))

    def _write(self, name: str, data: bytes) -> None:
        try:
            replace(self.folder / name, data)
        except OSError:
            raise Unavailable("vault.io") from None

    def _desk(self, store: Store, progress: Progress | None = None) -> Desk:
        if not store.was_clean or store.marks.pages:
            # the session before this one was killed or lost power, or pages are not those it left: prove that nothing is
            # torn before it is used
            found = checks.integrity(store, self._clock.now(), progress)
            if not found.sound:
                raise Damaged("vault.damaged", "the integrity check found something")
            store.found_sound()
        return Desk(
            store,
            clock=self._clock,
            entropy=self._entropy,
            make_carrier=self._make_carrier,
            parser=self._parser,
            root_floor=(self._kdf.floor_ops, self._kdf.floor_mem),
            custodian=self._custodian,
            kdf=self._told,
        )
