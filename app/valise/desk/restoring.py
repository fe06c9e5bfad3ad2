"""A laptop made from a backup. It is a new one: it reads everything at once, and says nothing before it is admitted."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from valise.desk import enrolment, views, ways
from valise.desk.cards import accept_card
from valise.desk.ceremony import Ceremony
from valise.desk.context import Context, Own
from valise.desk.door_backups import Secret
from valise.desk.door_laptops import Admit, Revoke, Terms
from valise.desk.exchange import ExchangeDesk
from valise.desk.ports import Entropy
from valise.domain.errors import NotAllowed, Refused
from valise.domain.kinds import RIGHTS
from valise.protocol import shares as slip39
from valise.protocol.card import Card, read_card, succession
from valise.protocol.certificate import DeviceSecret, Root
from valise.protocol.grant import read_grant
from valise.protocol.request import Request, make_request, read_request
from valise.vault import backup, backup_file, backup_restore, header, people, slots
from valise.vault.connection import new_key
from valise.vault.slots import Given, Kdf
from valise.vault.store import Handle, Store, Tx

Progress = Callable[[int, int], None]


def given(secret: Secret) -> Given:
    """What opens a backup, from what a person gave. Refused("shares.*")."""
    if isinstance(secret, bytearray):
        return Given(passphrase=secret)
    return Given(recovery=bytearray(slip39.join(secret)))


def restore(
    path: Path, secret: Secret, passphrase: bytearray, folder: Path, *, now: int, entropy: Entropy, kdf: Kdf,
    progress: Progress | None = None,
) -> Store:  # fmt: skip
    """A new vault in `folder` with what the backup holds, keys of its own and a request to be admitted. Wipes both secrets.

    `passphrase` is what the new vault opens with. On failure nothing of it stays. Raises what `backup_file.open_cover` and
    `backup_restore.build` raise, NotAllowed("slot.short") for a new passphrase.
    """
    opening = given(secret)
    try:
        if opening.recovery is not None:
            ways.check_new(passphrase)
        with backup_file.medium():
            source = path.open("rb")
        with source:
            cover = backup_file.read_cover(source)
            key = new_key()
            opened = backup_file.open_cover(cover, opening, kdf)
            store, front, contents = backup_restore.build(
                source, cover, opened, folder, key, now, progress or (lambda done, total: None)
            )
        try:
            with store.write() as tx:
                backup_restore.note(tx, front, contents, now)
                _begin(tx, front, now, entropy)
            # last of all: only with a header does the folder hold a vault
            made = header.new("", now)
            slot = slots.seal_slot(slots.PASSPHRASE, passphrase, key, made.vault, ways.cost(cover.header, kdf), now)
            header.save(folder, header.Header(made.vault, "", made.made, (slot,)))
        except BaseException:
            store.abandon()
            raise
        return store
    finally:
        opening.wipe()
        passphrase[:] = bytes(len(passphrase))


def _begin(tx: Tx, front: backup.Front, now: int, entropy: Entropy) -> None:
    """Fresh keys, and the request that asks for their certificate."""
    old = people.device(tx, front.device)
    if old is None or tx.value("select count(*) from delegation where own = 1") != 1:
        raise Refused("backup.forged", "the backup does not say whose it is")
    secret = enrolment.new_device(entropy)
    request = make_request(secret, old.officer, old.role, now)
    for name, value in (("device", secret.to_bytes()), ("olm", secret.account.dump()), ("request", request.data)):
        tx.run("insert into secret(name, value) values (?,?)", (name, value))


def waiting(handle: Handle, secret: DeviceSecret) -> Own | None:
    """Who we are while a restored laptop waits to be admitted: nobody who may say anything. None when it is not one."""
    row = handle.row("select device from restored where admitted_at = 0")
    person = next((one for one in people.everybody(handle) if one.own), None)
    if row is None or person is None:
        return None
    old = people.device(handle, row[0])
    assert old is not None
    return Own(person.id, secret.id, person.code, person.name, old.officer, old.role, (), secret.mailbox)


class Quiet(ExchangeDesk):
    """The exchange of a laptop that may have to wait: until it is admitted nothing is sealed, put or fetched."""

    def now(self) -> views.Changes:
        """One round, or none."""
        return super().now() if self._admitted() else views.Changes()

    def status(self) -> views.ExchangeStatus:
        """The truth for the status line."""
        made = super().status()
        if self._admitted():
            return made
        return views.ExchangeStatus(made.carrier, made.place, False, "restore.waiting", 0, 0, 0, 0)

    def _admitted(self) -> bool:
        return bool(self.context.own.rights) or self.context.own.revoked


class Admission:
    """How a restored laptop becomes one of the delegation's."""

    def __init__(self, context: Context, secret: DeviceSecret, root_floor: tuple[int, int]) -> None:
        self.context, self._secret, self._floor = context, secret, root_floor

    def request(self) -> Request:
        """The request made when it was restored. NotAllowed("restore.nothing")."""
        with self.context.read() as handle:
            row = handle.row("select value from secret where name = 'request'")
            if row is None or not handle.row("select 1 from restored where admitted_at = 0"):
                raise NotAllowed("restore.nothing")
        return read_request(bytes(row[0]))

    def answer(self, file: bytes) -> None:
        """Take the answer of the first laptop. Refused("grant.*"), NotAllowed("restore.nothing" | "restore.fork")."""
        self.request()
        made = read_grant(file, self._secret)
        if made.card.delegation != self.context.own.delegation:
            raise NotAllowed("root.other")
        with self.context.write() as tx:
            self._newer(tx, made.card)
            self._admitted(tx)
        # of a vault for a journey nobody else is to be known, whatever the first laptop sent along
        travels = bool(self.context.own.rooms) or self._journey()
        for card in made.contacts:
            with suppress(Refused), self.context.write() as tx:
                if people.one(tx, card.delegation) is not None or not travels:
                    accept_card(self.context, tx, card, imported=False)

    def certify(self, root: Root, replaces: Sequence[str], newest: bytes) -> None:
        """Admit it with the root key itself, which is closed. NotAllowed("restore.*" | "root.other" | "laptop.*"), Refused."""
        before = self.context.own
        try:
            request = self.request()
            if root.delegation != before.delegation:
                raise NotAllowed("root.other")
            with self.context.write() as tx:
                if newest:
                    self._newer(tx, read_card(newest))
                held = self._card(tx)
                acts: list[Admit | Revoke] = [
                    Revoke(one.certificate.device, "lost")
                    for one in held.devices
                    if one.certificate.device in replaces and not one.revoked_at
                ]
                acts.append(Admit(request.data, self._terms(tx, request), request.check_code))
                # whoever holds the root key may do it; the ceremony asks the laptop for a right it is about to get
                self.context.own = _with_rights(before)
                with Ceremony(self.context, self._secret, root) as ceremony:
                    ceremony.sign(acts)
                self._admitted(tx)
        except BaseException:
            self.context.own = before
            raise
        finally:
            root.close()

    def _terms(self, tx: Tx, request: Request) -> Terms:
        """What the old laptop was certified for; on a journey only its rooms, and nobody is admitted from there."""
        row = tx.row("select device, kind, rooms from restored")
        old = people.device(tx, row[0])
        rights = old.rights if old else RIGHTS
        rooms = old.rooms if old else ()
        if row[1] == backup.TRAVEL:
            rights = tuple(one for one in rights if one != "enrol")
            rooms = tuple(json.loads(row[2]))
        return Terms(request.officer, request.role, tuple(rights), rooms=tuple(rooms))

    def _journey(self) -> bool:
        with self.context.read() as handle:
            return bool(handle.value("select kind from restored", (), "") == backup.TRAVEL)

    def _card(self, handle: Handle) -> Card:
        return read_card(people.card(handle, self.context.own.delegation))

    def _newer(self, tx: Tx, card: Card) -> None:
        """Our own card as somebody else has it; one that does not follow ours would be a second list."""
        relation = succession(self._card(tx), card)
        if relation in ("fork", "other"):
            raise NotAllowed("restore.fork")
        if relation in ("next", "later"):
            accept_card(self.context, tx, card, imported=True)

    def _admitted(self, tx: Tx) -> None:
        device = people.device(tx, self._secret.id)
        if device is None or device.revoked_at:
            raise Refused("grant.certificate", "not the certificate of this laptop")
        tx.run("delete from secret where name = 'request'")
        tx.run("insert or replace into meta(key, value) values ('enrolled', 1)")
        tx.run("update restored set admitted_at = ?", (self.context.clock.now(),))
        own = self.context.own
        self.context.own = Own(
            own.delegation, device.id, own.code, own.name, device.officer, device.role, device.rights, device.mailbox,
            device.rooms,
        )  # fmt: skip
        self.context.rosters.clear()
        self.context.touch(status=True, settings=True)


def _with_rights(own: Own) -> Own:
    return Own(own.delegation, own.device, own.code, own.name, own.officer, own.role, RIGHTS, own.mailbox)
