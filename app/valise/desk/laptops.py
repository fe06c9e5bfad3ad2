"""Our own laptops: who holds them, how long, what they may; the root key while a ceremony lasts; what a revoked one is told."""

from __future__ import annotations

import hmac
import os
from collections.abc import Sequence
from contextlib import suppress

from valise.desk import roster as rosters
from valise.desk import views
from valise.desk.cards import accept_card
from valise.desk.ceremony import DAY, Ceremony, from_file, from_shares
from valise.desk.context import Context, Own
from valise.desk.door_laptops import (
    Act,
    Admit,
    AskedView,
    HandoverView,
    LaptopView,
    Performed,
    Renew,
    Revoke,
    RootView,
    State,
)
from valise.desk.gate import KEY_FILE
from valise.desk.keys import KeyDesk
from valise.domain.errors import NotAllowed, Refused, Unavailable
from valise.protocol import canonical, envelope, frame, keymessage
from valise.protocol.card import read_card, succession
from valise.protocol.certificate import DeviceSecret
from valise.protocol.frame import Frame
from valise.protocol.olm import OutboundGroup
from valise.protocol.request import read_request
from valise.protocol.rootfile import FIRST, FLOOR, MAGIC, MEMLIMIT, OPSLIMIT, seal_root
from valise.vault import files, parcels, people, sessions
from valise.vault.people import Device
from valise.vault.sessions import SessionMade
from valise.vault.store import Handle, Tx

SOON = 30 * DAY
TOLD = (3_600_000, 6 * 3_600_000, DAY, 7 * DAY)  # how long after each time a revoked laptop of ours is told again


class LaptopsDesk:
    """The door's Laptops. Holds the root key from `open_*` to the end of `perform` or `close`, and at no other time."""

    def __init__(
        self, context: Context, secret: DeviceSecret, keys: KeyDesk, floor: tuple[int, int] = FLOOR
    ) -> None:
        self.context = context
        self._secret, self._keys, self._floor = secret, keys, floor
        self._ceremony: Ceremony | None = None
        context.subscribe(self._changed)
        context.last_words = self.last_words
        context.revoked_writes = self.writes

    # -- what there is

    def all(self) -> list[LaptopView]:
        """In the order they came, the revoked ones last."""
        with self.context.read() as handle:
            devices = people.devices(handle, self.context.own.delegation)
            reasons = dict(handle.rows("select device, reason from revocation"))
            found = [self._view(handle, one, reasons.get(one.id, "")) for one in devices]
        return sorted(found, key=lambda one: bool(one.revoked_at))

    def root(self) -> RootView:
        with self.context.read() as handle:
            row = handle.row("select need, total, made_at, rehearsed_at from root_shares")
        file = self.context.store.folder / KEY_FILE
        first = b""
        with suppress(OSError), file.open("rb") as data:
            first = data.read(len(MAGIC))
        splittable = {MAGIC.encode(): True, FIRST.encode(): False}.get(first)
        if self._ceremony is not None:
            splittable = self._ceremony.root.splittable
        elif row:
            splittable = True
        need, total, made_at, rehearsed_at = row or (0, 0, 0, 0)
        return RootView(file.exists(), splittable, need, total, made_at, rehearsed_at, self._ceremony is not None)

    def asked(self, request: bytes) -> AskedView:
        """Read a request. Refused("request.*"), NotAllowed("request.known")."""
        found = read_request(request)
        with self.context.read() as handle:
            if people.device(handle, found.device) is not None:
                raise NotAllowed("request.known")
        return AskedView(found.device, found.officer, found.role, found.check_code)

    def handovers(self) -> list[HandoverView]:
        """The newest first."""
        with self.context.read() as handle:
            made = []
            for old, new, at, rights, rooms, notes in handle.rows(
                "select old, new, at, rights, rooms, notes from handover order by n desc"
            ):
                before, after = people.device(handle, old), people.device(handle, new)
                if before is not None and after is not None:
                    reached, _ = self._reached(handle, after)
                    made.append(
                        HandoverView(
                            before.officer, after.officer, at, tuple(rights.split(",")), rooms, notes, min(reached, rooms)
                        )
                    )
            return made

    def due(self) -> list[views.Due]:
        """What of this needs a person: a term that ends, a key file in the wrong place, this laptop revoked."""
        now = self.context.clock.now()
        found: list[views.Due] = []
        if self.context.own.revoked:
            return [views.Due("security", "laptops", "laptop.this_revoked", (), now)]
        for one in self.all():
            if one.state == "expired":
                found.append(views.Due("security", "laptops", "laptop.expired", (one.officer,), now))
            elif one.state == "expiring":
                days = max(1, (one.not_after - now) // DAY)
                found.append(views.Due("security", "laptops", "laptop.expiring", (one.officer, str(days)), now))
        if (self.context.store.folder / KEY_FILE).exists():
            found.append(views.Due("security", "laptops", "root.beside", (), now))
        return found

    # -- the ceremony

    def open_key(self, key_file: bytes, passphrase: bytearray) -> None:
        """Open the root key from its file. Wipes `passphrase`. See Ceremony."""
        self.close()
        self._ceremony = Ceremony(self.context, self._secret, from_file(key_file, passphrase, self._floor))

    def open_shares(self, shares: Sequence[str]) -> None:
        """Open the root key from its recovery shares. Refused("shares.*"). See Ceremony."""
        self.close()
        self._ceremony = Ceremony(self.context, self._secret, from_shares(shares))

    def close(self) -> None:
        """Close the root key."""
        ceremony, self._ceremony = self._ceremony, None
        if ceremony is not None:
            ceremony.root.close()

    def perform(self, acts: Sequence[Act]) -> Performed:
        """Sign all of them as one new card, and close the root key, also when it fails. See Ceremony.sign."""
        ceremony, self._ceremony = self._open(), None
        with ceremony:
            return ceremony.sign(acts)

    def hand_over(self, old: str, to: Admit | Renew) -> Performed:
        """The successor gets the rights, the old laptop is revoked, in one card; what that was about is kept."""
        with self.context.write() as tx:
            done = self.perform([to, Revoke(old, "officer left")])
            new = to.device if isinstance(to, Renew) else read_request(to.request).device
            found = people.device(tx, new)
            assert found is not None
            inside = tx.value("select id from room where kind = 'internal' order by n", (), "")
            notes = tx.value("select count(*) from remark", (), 0)
            rooms = [one for one in self._rooms(tx) if one != inside]
            tx.run(
                "insert into handover(old, new, at, rights, rooms, notes) values (?,?,?,?,?,?)",
                (old, new, self.context.clock.now(), ",".join(found.rights), len(rooms) + bool(inside), notes),
            )
        return done

    def make_shares(self, need: int, total: int) -> tuple[str, ...]:
        """Recovery shares of the open root key; only how many is kept."""
        made = self._open().shares(need, total)
        with self.context.write() as tx:
            tx.run(
                "insert or replace into root_shares(n, need, total, made_at) values (1,?,?,?)",
                (need, total, self.context.clock.now()),
            )
            self.context.touch(settings=True)
        return made

    def rehearse(self, shares: Sequence[str]) -> bool:
        """Whether these shares join to our root key; the day is kept when they do. Refused("shares.*")."""
        root = from_shares(shares)
        root.close()
        if root.delegation != self.context.own.delegation:
            return False
        with self.context.write() as tx:
            tx.run("update root_shares set rehearsed_at = ?", (self.context.clock.now(),))
            self.context.touch(settings=True)
        return True

    def new_key_file(self, passphrase: bytearray) -> bytes:
        """The open root key under another passphrase. Wipes it."""
        try:
            cost = (max(OPSLIMIT, self._floor[0]), MEMLIMIT) if self._floor == FLOOR else self._floor
            return seal_root(self._open().root, passphrase, *cost, self._floor)
        finally:
            passphrase[:] = bytes(len(passphrase))

    def key_file(self) -> bytes:
        """The key file that lies beside the vault. Unavailable("root.file_gone")."""
        try:
            return (self.context.store.folder / KEY_FILE).read_bytes()
        except OSError:
            raise Unavailable("root.file_gone") from None

    def remove_key_file(self, copy: bytes) -> None:
        """Remove it here once its copy was read back and is the same. What a disk keeps of it, it keeps (said in the window).

        NotAllowed("root.copy_differs"), Unavailable("root.file_gone" | "vault.io").
        """
        held = self.key_file()
        if not hmac.compare_digest(held, copy):
            raise NotAllowed("root.copy_differs")
        path = self.context.store.folder / KEY_FILE
        try:
            with path.open("r+b") as file:
                file.write(bytes(len(held)))
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
            files.sync_folder(path.parent)
        except OSError:
            raise Unavailable("vault.io") from None
        with self.context.write():
            self.context.touch(settings=True)

    def take_card(self, data: bytes) -> None:
        """A newer card of our own delegation, brought as a file. Refused("card.*"), NotAllowed("card.not_ours")."""
        card = read_card(data)
        if card.delegation != self.context.own.delegation:
            raise NotAllowed("card.not_ours")
        with self.context.write() as tx:
            if succession(read_card(people.card(tx, card.delegation)), card) == "older":
                raise Refused("card.older")
            accept_card(self.context, tx, card, imported=False)

    # -- a laptop of ours that was revoked

    def writes(self, tx: Tx, device: str) -> None:
        """A revoked laptop wrote: when it is one of ours, it has not heard and is told once more."""
        now = self.context.clock.now()
        tx.run(
            "update revocation set due_at = ?, tries = min(tries, ?) where device = ? and (due_at - ? > ? or tries > ?)",
            (now, len(TOLD) - 1, device, now, TOLD[0], len(TOLD) - 1),
        )

    def last_words(self, tx: Tx) -> list[tuple[bytes, bytes, bytes]]:
        """The one thing a revoked laptop of ours still gets: the card that says so. (id, mailbox, envelope) each."""
        now = self.context.clock.now()
        found: list[tuple[bytes, bytes, bytes]] = []
        for name, tries in tx.rows(
            "select device, tries from revocation where tries < ? and (due_at <= ? or due_at > ?)",
            (len(TOLD), now, now + TOLD[-1]),
        ):
            tx.run(
                "update revocation set tries = tries + 1, due_at = ? where device = ?", (now + TOLD[min(tries, 3)], name)
            )
            device = people.device(tx, name)
            if device is not None:
                found += self._told(tx, device)
        return found

    def _told(self, tx: Tx, device: Device) -> list[tuple[bytes, bytes, bytes]]:
        room = tx.value("select id from room where kind = 'internal' order by n", (), "")
        roster = rosters.of(self.context, tx, room) if room else None
        person = people.one(tx, device.delegation)
        if roster is None or roster.blocked or person is None:
            return []
        group, wrap, now = OutboundGroup.new(), self.context.entropy(32), self.context.clock.now()
        tag = keymessage.tag_of(canonical.unb64u(self.context.own.device), wrap)
        made = SessionMade(tag, room, 0, wrap, group.key(), roster.epoch, (device.id,), now)
        sessions.keep_made(tx, made)
        keys: list[bytes] = []
        try:
            self._keys.send_session(tx, device, made)
            keys = [row[0] for row in tx.rows("select blob from key_out where tag = ?", (tag,))]
        except Refused:
            pass  # no usable key of it is known any more; the card can be carried to it as a file
        tx.run("delete from key_out where tag = ?", (tag,))
        tx.run("delete from session_made where tag = ?", (tag,))
        body = frame.encode(self._keys.announce(made, Frame(room, roster.epoch, roster.head, now, cards=(people.card(tx, person.id),))))
        blobs = [*keys, envelope.seal_content(wrap, tag, group.encrypt(body))] if keys else []
        return [(self.context.entropy(16), device.mailbox, blob) for blob in blobs]

    # -- ourselves

    def _changed(self, changes: views.Changes) -> None:
        """After a commit that brought a card of our own: what this laptop may has changed perhaps."""
        if self.context.own.delegation in changes.contacts:
            with self.context.read() as handle:
                self.context.own = own(handle, self.context.own.device)

    def _open(self) -> Ceremony:
        if self._ceremony is None:
            raise NotAllowed("root.not_open")
        return self._ceremony

    def _rooms(self, handle: Handle) -> list[str]:
        return [
            row[0]
            for row in handle.rows("select room from room_member where delegation = ?", (self.context.own.delegation,))
        ]

    def _view(self, handle: Handle, one: Device, reason: str) -> LaptopView:
        now = self.context.clock.now()
        state: State = "in use"
        if one.revoked_at:
            state = "revoked"
        elif now > one.not_after:
            state = "expired"
        elif one.not_after - now <= SOON:
            state = "expiring"
        this = one.id == self.context.own.device
        reached, shared = (0, 0) if this or one.revoked_at else self._reached(handle, one)
        return LaptopView(
            one.id,
            one.officer,
            one.role,
            one.rights,
            one.not_before,
            one.not_after,
            one.number,
            state,
            one.revoked_at,
            this,
            one.rooms,
            reason,
            reached,
            shared,
        )

    def _reached(self, handle: Handle, device: Device) -> tuple[int, int]:
        """In how many rooms the laptop has been heard and holds what this one signed there, and in how many it should."""
        reached = 0
        rooms = [one for one in self._rooms(handle) if not device.rooms or one in device.rooms]
        for room in rooms:
            top = handle.value(
                "select top from log where room = ? and klass = 0 and device = ?", (room, self.context.own.device), 0
            )
            heard = handle.row("select 1 from roster_seen where room = ? and device = ?", (room, device.id))
            reached += heard is not None and parcels.holds(handle, room, 0).get(device.id, 0) >= top
        return reached, len(rooms)


def own(handle: Handle, device: str) -> Own:
    """Who we are, as the newest certificate of this device says. NotAllowed("vault.not_enrolled")."""
    found = people.device(handle, device)
    if found is None:
        raise NotAllowed("vault.not_enrolled")
    person = people.one(handle, found.delegation)
    assert person is not None
    revoked = bool(found.revoked_at)
    return Own(
        person.id,
        found.id,
        person.code,
        person.name,
        found.officer,
        found.role,
        () if revoked else found.rights,
        found.mailbox,
        found.rooms,
        revoked,
    )
