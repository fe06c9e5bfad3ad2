"""The address book of relays: where we may write to each delegation, as its own words and its card say."""

from __future__ import annotations

from collections.abc import Iterator

from valise.desk.context import Context
from valise.desk.door_exchange import AddressState, AddressView
from valise.domain import relay_given as rules
from valise.domain.relay import Address, Mailbox
from valise.protocol.card import Card
from valise.vault import people, relays
from valise.vault.people import Person
from valise.vault.store import Handle, Tx

SOON = 14 * rules.DAY


class Book:
    """Kept in the vault; nothing here but when to look again."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.again = 0  # when an address that had to wait may be used, ms UTC, 0 = none waits

    def mailbox(self, handle: Handle) -> Mailbox | None:
        found = relays.own(handle)
        return found[0].mailbox if found else None

    def addresses(self, handle: Handle) -> dict[str, Address]:
        """Delegation -> the address in use: not withdrawn, not at an end, and where we may connect."""
        now, own = self.context.clock.now(), self.mailbox(handle)
        return {
            one: address
            for one, (address, _) in relays.used(handle).items()
            if address and address.expires > now and rules.may_connect(address.server, own.server if own else None)
        }

    def views(self, handle: Handle) -> list[AddressView]:
        """By code; what leads where we do not connect is not among them."""
        now, own = self.context.clock.now(), self.mailbox(handle)
        held = relays.used(handle)
        made = []
        for person in people.everybody(handle):
            if person.id not in held or person.own or person.stopped == "replaced":
                continue
            address = held[person.id][0]
            if address is None:
                made.append(AddressView(person.id, person.code, person.name, "", 0, "withdrawn"))
            elif rules.may_connect(address.server, own.server if own else None):
                left = address.expires - now
                state: AddressState = "expired" if left <= 0 else "ending" if left < SOON else "active"
                made.append(AddressView(person.id, person.code, person.name, address.server.host, address.expires, state))
        return made

    def came(self, tx: Tx, card: Card) -> None:
        """A person imported a card with a pass; its delegation is known now. Of an identity in doubt nothing is taken."""
        person = people.one(tx, card.delegation)
        if card.handed is None or person is None or person.stopped in ("changed", "differs", "forked", "replaced"):
            return
        now = self.context.clock.now()
        if card.handed.address.expires > now:
            relays.keep_pass(tx, card.delegation, min(card.handed.at, now), card.handed.address)

    def news(self, handle: Handle) -> list[tuple[str, Address | None]]:
        """What is to be used from now on instead of what is in use. Whoever names one address after another is followed at
        most once a minute; a withdrawal counts at once."""
        now, held, passes = self.context.clock.now(), relays.used(handle), relays.passes(handle)
        self.again = 0
        found: list[tuple[str, Address | None]] = []
        for person, word in self._words(handle, passes):
            before, since = held.get(person.id, (None, 0))
            if word.address == before:
                continue
            if word.address is not None and person.id in held and 0 <= now - since < rules.SETTLED:
                self.again = min(self.again or since + rules.SETTLED, since + rules.SETTLED)
                continue
            found.append((person.id, word.address))
        return found

    def adopt(self, tx: Tx) -> bool:
        """Whether anything changed."""
        news, now = self.news(tx), self.context.clock.now()
        for delegation, address in news:
            relays.use(tx, delegation, address, now)
        return bool(news)

    def _words(self, handle: Handle, passes: dict[str, rules.Word]) -> Iterator[tuple[Person, rules.Word]]:
        said = relays.words(handle)
        for person in people.everybody(handle):
            if not person.own and person.stopped != "replaced":
                every = [*said.get(person.id, ()), *([passes[person.id]] if person.id in passes else [])]
                newest = rules.newest(every)
                if newest is not None:
                    yield person, newest
