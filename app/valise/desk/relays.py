"""Relays: our mailbox, whom we let write to it, where we may write to others, and what the exchange needs to know of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from valise.desk import practice, views
from valise.desk.context import Context
from valise.desk.door_exchange import AddressView, GrantState, GrantView, RelayView
from valise.desk.live import room_with
from valise.desk.relay_asking import Asking
from valise.desk.relay_book import SOON, Book
from valise.desk.relay_giving import OTHER_LATE, Giving, latest
from valise.domain import relay_given as rules
from valise.domain.errors import NotAllowed, ValiseError
from valise.domain.relay import Address, Kit, Mailbox
from valise.protocol import relaykit
from valise.protocol.card import Card, read_card
from valise.protocol.relaypass import RIGHT, make_pass
from valise.vault import people, relays
from valise.vault.append import Touched
from valise.vault.people import Person
from valise.vault.relays import IN_USE, REVOKED, REVOKING, Grant
from valise.vault.store import Handle, Tx

HOUR = 3_600_000
KEPT = 30 * rules.DAY  # an ended credential is listed so long
NOTE = 80  # characters


class RelayDesk:
    """The door's Relays. `changed` is called after a commit that changed `mailbox` or `book`; it and what `asking` needs are the
    exchange's."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.changed: Callable[[], None] = lambda: None
        self.asking = Asking(context)
        self.problem = ""  # why what is due could not be given, an error code
        self._book, self._giving = Book(context), Giving(context)
        self._news = False  # for the exchange, once this transaction is committed
        self._look = True  # somebody's laptops, a room, a decision changed since we looked what is due
        self._looked = 0
        context.subscribe(self._announce)

    # -- for the exchange

    @property
    def ask_relay(self) -> Callable[[Sequence[str]], str]:
        """See Asking."""
        return self.asking.ask

    @ask_relay.setter
    def ask_relay(self, ask: Callable[[Sequence[str]], str]) -> None:
        self.asking.ask = ask

    def mailbox(self) -> Mailbox | None:
        """Our own inbox as this laptop reads it, also when its credential is at an end: the relay is the judge of that."""
        with self.context.read() as handle:
            return self._book.mailbox(handle)

    def book(self) -> Mapping[str, Address]:
        """Delegation -> where to write to it now, our own delegation (for its other laptops) included."""
        now = self.context.clock.now()
        with self.context.read() as handle:
            found, held = self._book.addresses(handle), relays.own(handle)
            own, mark = self.context.own, relays.mark(held[0]) if held else ""
            for one in relays.grants(handle, own.delegation) if held else ():
                if one.holder == own.device and one.made_with == mark and one.state == IN_USE and one.expires > now:
                    address = relays.credential(handle, one.slot)
                    found |= {own.delegation: address} if address else {}
        return found

    def attend(self, changes: views.Changes) -> None:
        """After a round, without a transaction: use what came, give what is due, ask the relay to take back what is open."""
        now = self.context.clock.now()
        waits = 0 < self._book.again <= now or 0 < self._giving.again <= now or (self._giving.waiting and changes.threads)
        if self._look or waits or not 0 <= now - self._looked < HOUR:
            self._look, self._looked = False, now
            self._tend()
        self.asking.attend()

    def close(self) -> None:
        """After the exchange has closed."""
        self.asking.close()

    # -- our mailbox

    def own(self) -> RelayView:
        with self.context.read() as handle:
            held = relays.own(handle)
        if held is None:
            return RelayView("")
        (kit, since), rights = held, self.context.own.rights
        server = kit.mailbox.server
        return RelayView(
            server.host, server.urls, kit.label, kit.mailbox.expires, since, RIGHT in rights, bool(server.pin or server.ca),
            self.asking.problem,
        )  # fmt: skip

    def join(self, kit: bytes) -> RelayView:
        """See door. Everybody with whom we share a room of two gets permission to write, in the same transaction."""
        practice.check_way(self.context, "relay")
        made = relaykit.decode(kit)
        now = self.context.clock.now()
        if made.mailbox.expires and made.mailbox.expires <= now:
            raise NotAllowed("relay.expired")
        with self.context.write() as tx:
            relays.keep_own(tx, made, now)
            self._giving.do(tx, self._giving.wanted(tx))
            self._book.adopt(tx)
            self._touch()
        self.asking.soon()
        return self.own()

    def leave(self) -> None:
        """See door. What was given is to be taken back; this laptop can no longer ask the relay for it, another of ours or its
        operator can. One that may not speak for the delegation takes back only what it made for ourselves."""
        own = self.context.own
        with self.context.write() as tx:
            given = [one for one in relays.grants(tx) if one.state == IN_USE]
            if RIGHT not in own.rights:
                given = [one for one in given if one.delegation == own.delegation]
            relays.take_back(tx, [one.slot for one in given], "left")
            for person in people.everybody(tx):
                if any(one.delegation == person.id and one.seq for one in given):
                    self._giving.withdraw(tx, person)
            relays.drop_own(tx)
            self._touch()

    # -- whom we let write

    def grants(self) -> list[GrantView]:
        """By code, the newest of each first."""
        now, own = self.context.clock.now(), self.context.own.delegation
        with self.context.read() as handle:
            names = {one.id: one for one in people.everybody(handle)}
            every = [one for one in relays.grants(handle) if one.delegation != own and one.expires > now - KEPT]
            made = [self._view(handle, one, names) for one in reversed(every)]
        return sorted(made, key=lambda one: (one.code or one.note.upper(), one.delegation))

    def grant(self, delegation: str) -> GrantView:
        """See door. What it has is shown again while it is good. "rights.missing" and what stops a delegation may be refused too."""
        with self.context.write() as tx:
            if relays.own(tx) is None:
                raise NotAllowed("relay.none")
            person = people.one(tx, delegation)
            if person is None or person.own:
                raise NotAllowed("contact.unknown")
            given = latest(relays.grants(tx, delegation))
            now = self.context.clock.now()
            if given is None or given.state != IN_USE or rules.ending(given.made_at, given.expires, now):
                self._make(tx, person)
            return self._newest(tx, delegation)

    def renew(self, slot: str) -> GrantView:
        """See door."""
        with self.context.write() as tx:
            if relays.own(tx) is None:
                raise NotAllowed("relay.none")
            one = relays.grant(tx, slot)
            person = people.one(tx, one.delegation) if one is not None and one.delegation else None
            if one is None or person is None or person.own or one.state != IN_USE:
                raise NotAllowed("relay.grant")
            self._make(tx, person)
            return self._newest(tx, person.id)

    def revoke(self, slot: str) -> GrantView:
        """See door. What the same delegation was given before goes with it. The relay is asked after the next round."""
        with self.context.write() as tx:
            one = relays.grant(tx, slot)
            if one is None or one.delegation == self.context.own.delegation:
                raise NotAllowed("relay.grant")
            if one.state == IN_USE:
                self._giving.take_back(tx, one)
                self._touch(one.delegation)
            self.asking.soon()
            found = relays.grant(tx, slot)
            assert found is not None
            return self._view(tx, found, {each.id: each for each in people.everybody(tx)})

    def revocation_file(self) -> bytes:
        """See door: of one account of writers, that of our relay first. NotAllowed("relay.grant") when nothing is open."""
        now = self.context.clock.now()
        with self.context.read() as handle:
            held = relays.own(handle)
            open_ = [one for one in self.asking.open(handle) if one.account]
        if not open_:
            raise NotAllowed("relay.grant")
        ours = held[0].minting.account if held else ""
        account = ours if any(one.account == ours for one in open_) else open_[-1].account
        users = [one.user for one in open_ if one.account == account]
        return relaykit.encode_revocation(account, users[: relaykit.MOST_USERS], now)

    def card_for(self, note: str) -> bytes:
        """See door. NotAllowed("relay.none" | "rights.missing" | "device.revoked")."""
        own = self.context.own
        if own.revoked or RIGHT not in own.rights:
            raise NotAllowed("device.revoked" if own.revoked else "rights.missing")
        with self.context.write() as tx:
            address = self._giving.make(tx, "", "", note.strip()[:NOTE], rules.PASS_TERM)
            handed = make_pass(address, self.context.keys.ed25519, self.context.clock.now())
            self._touch()
            return read_card(people.card(tx, own.delegation)).with_pass(handed).file

    # -- where we may write

    def addresses(self) -> list[AddressView]:
        """By code."""
        with self.context.read() as handle:
            return self._book.views(handle)

    def passed(self, tx: Tx, card: Card) -> None:
        """A card was imported by a person: where it says we may write is kept."""
        self._book.came(tx, card)
        if self._book.adopt(tx):
            self._touch(card.delegation)

    # -- what needs a person

    def due(self) -> list[views.Due]:
        """Our own credential that ends (only the operator renews it), and permissions that will not renew by themselves."""
        now = self.context.clock.now()
        with self.context.read() as handle:
            held = relays.own(handle)
            if held is None:
                return []
            found = _own_due(held[0], held[1], now)
            given: dict[str, list[Grant]] = {}
            for one in relays.grants(handle):
                given.setdefault(one.delegation, []).append(one)
            for person in people.everybody(handle):
                last = latest(given.get(person.id, ()))
                if last is None or last.state != IN_USE or not rules.ending(last.made_at, last.expires, now, OTHER_LATE):
                    continue
                room = room_with(self.context, handle, person.id)
                if person.stopped != "replaced" and (not room or self._giving.hindered(handle, person, room)):
                    found.append(views.Due("settings", "grants", "relay.grant_ending", (person.name, _days(last.expires, now)), now))
        return found

    # -- inside

    def _tend(self) -> None:
        ended = self.context.clock.now() - KEPT
        with self.context.read() as handle:
            if not (self._giving.wanted(handle) or self._book.news(handle) or relays.expired(handle, ended)):
                return
        try:
            with self.context.write() as tx:
                relays.forget(tx, relays.expired(tx, ended))
                mine = self._giving.do(tx, self._giving.wanted(tx))
                if self._book.adopt(tx) or mine:
                    self._touch()
                self.context.touch(settings=True)
        except ValiseError as error:
            if error.code.startswith("vault."):
                raise
            self.problem = error.code  # tried again with the next change, or in an hour
            return
        self.problem = ""

    def _make(self, tx: Tx, person: Person) -> None:
        room = room_with(self.context, tx, person.id)
        if not room:
            raise NotAllowed("relay.no_room")
        hindered = self._giving.hindered(tx, person, room)
        if hindered:
            raise NotAllowed(hindered)
        self._giving.make(tx, person.id, room)
        self._touch(person.id)

    def _newest(self, handle: Handle, delegation: str) -> GrantView:
        one = latest(relays.grants(handle, delegation))
        assert one is not None
        return self._view(handle, one, {each.id: each for each in people.everybody(handle)})

    def _view(self, handle: Handle, one: Grant, names: Mapping[str, Person]) -> GrantView:
        now = self.context.clock.now()
        person = names.get(one.delegation)
        newest = latest(relays.grants(handle, one.delegation)) if person else None
        state: GrantState = "active"
        if one.state == REVOKED:
            state = "revoked"
        elif one.expires <= now:
            state = "expired"
        elif one.state == REVOKING:
            state = "revoking"
        elif rules.ending(one.made_at, one.expires, now) or (newest is not None and newest.slot != one.slot):
            state = "ending"
        told = "card"
        if one.seq:
            mine = one.holder == self.context.own.device
            told = "room" if not mine or self._giving.arrived(handle, one, one.delegation) else ""
        code, name = (person.code, person.name) if person else ("", "")
        return GrantView(one.slot, one.delegation, code, name, one.made_at, one.expires, state, told, one.note)

    def _touch(self, *delegations: str) -> None:
        self._news = True
        self.context.touch(Touched(contacts={one for one in delegations if one}), status=True, settings=True)

    def _announce(self, changes: views.Changes) -> None:
        """After a commit, on the thread that made it."""
        self._look |= bool(changes.contacts or changes.rooms)
        if self._news:
            self._news = False
            self.changed()


def _own_due(kit: Kit, since: int, now: int) -> list[views.Due]:
    ends, host = kit.mailbox.expires, kit.mailbox.server.host
    if not ends:
        return []
    if ends <= now:
        return [views.Due("settings", "relay", "relay.expired", (host,), now)]
    if ends - now < min(SOON, max(0, ends - since) // 3):
        return [views.Due("settings", "relay", "relay.ending", (host, _days(ends, now)), now)]
    return []


def _days(ends: int, now: int) -> str:
    return str(max(0, (ends - now) // rules.DAY))
