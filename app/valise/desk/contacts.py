"""Contacts: cards in and out, the safety number, and what a person decided about an identity."""

from __future__ import annotations

from valise.desk import views
from valise.desk.cards import RECEIVED, accept_card, notice
from valise.desk.context import Context
from valise.domain.errors import NotAllowed, Refused
from valise.protocol import safety
from valise.protocol.card import read_card
from valise.vault import people
from valise.vault.append import Touched
from valise.vault.people import Person
from valise.vault.store import Handle

VERIFIED = "verified in person"


class ContactsDesk:
    """The door's Contacts."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def all(self) -> list[views.ContactView]:
        """Every delegation we know, our own left out, by code."""
        with self.context.read() as handle:
            return [
                self._view(handle, one) for one in people.everybody(handle) if not one.own and one.stopped != "replaced"
            ]

    def one(self, delegation: str) -> views.ContactView:
        """NotAllowed("contact.unknown")."""
        with self.context.read() as handle:
            return self._view(handle, self._person(handle, delegation))

    def own_card(self) -> bytes:
        """Our card as a file to hand over."""
        with self.context.read() as handle:
            return read_card(self._person(handle, self.context.own.delegation).card).file

    def own_qr(self) -> str:
        """Text of the QR code that goes with our card: code, delegation id and card hash, to compare with the file."""
        with self.context.read() as handle:
            card = read_card(self._person(handle, self.context.own.delegation).card)
        return f"VALISE-CARD:{card.code}:{card.delegation}:{card.number}:{card.hash}"

    def import_card(self, data: bytes) -> views.ContactView:
        """A card a person was given. Refused("card.*"); another root under a known code stops sending to it."""
        card = read_card(data)
        if card.delegation == self.context.own.delegation:
            raise NotAllowed("card.own")
        with self.context.write() as tx:
            name = accept_card(self.context, tx, card, imported=True)
        return self.one(name)

    def safety(self, delegation: str) -> views.SafetyNumber:
        """The number both sides see, for the identity we hold (or the new one while it waits for a decision)."""
        with self.context.read() as handle:
            person = self._person(handle, delegation)
            own = self._person(handle, self.context.own.delegation)
        rival = people.rival_card(person)
        made = safety.safety_number(own.root, rival.root if rival else person.root)
        return views.SafetyNumber(made.digits, made.words, made.qr)

    def verified(self, delegation: str) -> None:
        """Two people compared the number and it is the same."""
        with self.context.write() as tx:
            person = self._person(tx, delegation)
            if person.rival:
                raise NotAllowed("contact.undecided")
            people.set_trust(tx, delegation, VERIFIED, self.context.clock.now())
            self._touched(delegation)

    def differs(self, delegation: str) -> None:
        """They compared and it differs: nothing is sent to this delegation until a person decides."""
        with self.context.write() as tx:
            self._person(tx, delegation)
            people.stop(tx, delegation, "differs")
            notice(self.context, tx, "contact.differs", delegation)
            self._touched(delegation)

    def decide(self, delegation: str, accept: bool) -> None:
        """Settle a stopped delegation. `accept` a changed identity: the new card takes its place, trust falls to received only."""
        with self.context.write() as tx:
            person = self._person(tx, delegation)
            if not person.stopped:
                raise NotAllowed("contact.nothing_to_decide")
            rival = people.rival_card(person)
            if rival is not None and accept:
                people.retire(tx, delegation)
                accept_card(self.context, tx, rival, imported=True)
                self._touched(rival.delegation)
            elif accept or rival is not None:
                people.drop_rival(tx, delegation)
                if rival is None:
                    people.set_trust(tx, delegation, RECEIVED, self.context.clock.now())
            else:
                raise Refused("contact.still_stopped")
            self._touched(delegation)

    def _touched(self, delegation: str) -> None:
        with self.context.read() as handle:
            rooms = {row[0] for row in handle.rows("select room from room_member where delegation = ?", (delegation,))}
        self.context.touch(Touched(contacts={delegation}, rooms=rooms), status=True)

    def _person(self, handle: Handle, delegation: str) -> Person:
        person = people.one(handle, delegation)
        if person is None:
            raise NotAllowed("contact.unknown")
        return person

    def _view(self, handle: Handle, person: Person) -> views.ContactView:
        devices = people.devices(handle, person.id)
        ids = [one.id for one in devices]
        marks = ",".join("?" * (len(ids) + 1))
        events = handle.rows(
            f"select code, at from event where ref in ({marks}) order by id desc limit 8", (person.id, *ids)
        )
        return views.ContactView(
            person.id,
            person.code,
            person.name,
            "own" if person.own else person.trust,  # type: ignore[arg-type]
            person.trust_since,
            bool(person.stopped),
            tuple(
                views.DeviceView(
                    one.id, one.officer, one.role, one.rights, one.not_after, one.first_seen, bool(one.revoked_at)
                )
                for one in devices
            ),
            safety.readable_fingerprint(person.root),
            tuple(f"{code}:{at}" for code, at in events),
            person.stopped,
        )
