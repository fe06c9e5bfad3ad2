"""Contacts: cards in and out, the safety number, and what a person decided about an identity."""

from __future__ import annotations

from collections.abc import Callable

from valise.desk import views
from valise.desk.cards import RECEIVED, accept_card, notice
from valise.desk.context import Context
from valise.domain.errors import NotAllowed, Refused
from valise.domain.vouch import HOW, IN_PERSON, enough
from valise.protocol import safety
from valise.protocol.card import Card, read_card
from valise.vault import people, trust
from valise.vault.append import Touched
from valise.vault.people import Person
from valise.vault.store import Handle, Tx


class ContactsDesk:
    """The door's Contacts."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.card_imported: Callable[[Tx, Card], None] = lambda tx, card: None

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
            return read_card(people.card(handle, self.context.own.delegation)).file

    def own_qr(self) -> str:
        """Text of our QR code: root, card and this laptop in full, for the other side to read from our screen."""
        with self.context.read() as handle:
            card = read_card(people.card(handle, self.context.own.delegation))
        return safety.identity_code(card, self.context.own.device)

    def import_card(self, data: bytes) -> views.ContactView:
        """A card a person was given. Refused("card.*"); another root under a known code stops sending to it."""
        card = read_card(data)
        if card.delegation == self.context.own.delegation:
            raise NotAllowed("card.own")
        with self.context.write() as tx:
            name = accept_card(self.context, tx, card, imported=True)
            if name == card.delegation:  # and not another identity under its code, which waits for a decision
                self.card_imported(tx, card)
        return self.one(name)

    def safety(self, delegation: str) -> views.SafetyNumber:
        """The number both sides see, for the identity we hold (or the new one while it waits for a decision)."""
        with self.context.read() as handle:
            person = self._person(handle, delegation)
            own = self._person(handle, self.context.own.delegation)
        rival = people.rival_card(person)
        made = safety.safety_number(own.root, rival.root if rival else person.root)
        return views.SafetyNumber(made.digits, made.words, made.qr)

    def verified(self, delegation: str, how: str = "eye") -> None:
        """Two people compared, `how` = "code" | "words" | "eye", and it is the same. NotAllowed("contact.undecided")."""
        if how not in HOW:
            raise NotAllowed("contact.how")
        with self.context.write() as tx:
            person = self._person(tx, delegation)
            if person.rival or person.own:
                raise NotAllowed("contact.undecided" if person.rival else "card.own")
            now, officer = self.context.clock.now(), self.context.own.officer
            people.set_trust(tx, delegation, IN_PERSON, now)
            trust.verified(tx, delegation, trust.Verification(how, now, officer, person.card_number))
            self._happened(tx, delegation, f"verified.{how}", value=str(person.card_number))
            self._touched(delegation)

    def differs(self, delegation: str) -> None:
        """They compared and it differs: nothing is sent to this delegation until a person decides."""
        with self.context.write() as tx:
            person = self._person(tx, delegation)
            if person.own:
                raise NotAllowed("card.own")
            if not person.rival:  # an identity that waits for a decision is stopped already, and stays what it is
                people.stop(tx, delegation, "differs")
            notice(self.context, tx, "contact.differs", delegation)
            self._happened(tx, delegation, "compared.differs")
            self._touched(delegation)

    def decide(self, delegation: str, accept: bool) -> None:
        """Settle a stopped delegation, ours included. `accept` a changed identity: the new card takes its place, trust falls to
        received only; a new laptop, or a custodian's other word: sending goes on, trust stays. Otherwise it stays stopped."""
        with self.context.write() as tx:
            person = self._person(tx, delegation)
            if not person.stopped or person.stopped == "replaced":
                raise NotAllowed("contact.nothing_to_decide")
            rival = people.rival_card(person)
            if rival is not None and accept:
                people.retire(tx, delegation)
                trust.doubted(tx, delegation)
                self._happened(tx, delegation, "decided.replaced")
                accept_card(self.context, tx, rival, imported=True)
                self._happened(tx, rival.delegation, "decided.new")
                self._touched(rival.delegation)
            elif rival is not None:
                people.drop_rival(tx, delegation)
                self._happened(tx, delegation, "decided.kept")
            elif person.stopped in ("added", "disputed"):
                self._looked_at(tx, person, accept)
            elif accept:
                people.set_trust(tx, delegation, RECEIVED, self.context.clock.now())
                trust.doubted(tx, delegation)
                self._happened(tx, delegation, "decided.resumed")
            else:
                raise Refused("contact.still_stopped")
            self._touched(delegation)

    def _looked_at(self, tx: Tx, person: Person, accept: bool) -> None:
        """A person looked at what came by itself: laptops that joined, a custodian's word for another identity."""
        if person.stopped == "added":
            for device, _ in trust.pending(tx, person.id):
                self._happened(tx, person.id, "laptop.accepted" if accept else "laptop.kept_stopped", device=device)
            if accept:
                trust.laptops_accepted(tx, person.id)
        else:
            self._happened(tx, person.id, "dispute.held" if accept else "dispute.kept_stopped")
            if accept:
                trust.settle(tx, person.id, trust.against(tx, person.id, person.code))

    def _happened(self, tx: Tx, delegation: str, code: str, *, device: str = "", value: str = "") -> None:
        officer = self.context.own.officer
        trust.happened(tx, self.context.clock.now(), delegation, code, device=device, officer=officer, value=value)

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
        level, since = ("own", person.trust_since) if person.own else self._level(handle, person)
        return views.ContactView(
            person.id,
            person.code,
            person.name,
            level,  # type: ignore[arg-type]
            since,
            person.stopped not in ("", "added"),
            tuple(
                views.DeviceView(
                    one.id, one.officer, one.role, one.rights, one.not_after, one.first_seen, bool(one.revoked_at),
                    one.not_before, one.number, one.rooms,
                )
                for one in devices
            ),
            safety.readable_fingerprint(person.root),
            tuple(f"{code}:{at}" for code, at in events),
            person.stopped,
        )

    def _level(self, handle: Handle, person: Person) -> tuple[str, int]:
        """How far it is trusted, and since when: what custodians say counts where nobody here has compared."""
        if person.trust != RECEIVED:
            return person.trust, person.trust_since
        words = trust.standing(handle, person.id)
        if not enough((one.author for one in words), trust.needed(handle)):
            return person.trust, person.trust_since
        return "vouched", max(one.at for one in words)
