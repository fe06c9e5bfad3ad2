"""Whom we talk to: comparing by picture, vouching, custodians, and what is known of an identity. Live words: desk.live."""

from __future__ import annotations

from collections.abc import Sequence

from valise.desk import trust_views as t
from valise.desk import views
from valise.desk.contacts import ContactsDesk
from valise.desk.context import Context
from valise.desk.live import LiveDesk, room_with
from valise.desk.rooms import RoomsDesk
from valise.domain import vouch as rules
from valise.domain.errors import NotAllowed
from valise.protocol import canonical, safety
from valise.protocol.card import Card, read_card
from valise.vault import people, trust
from valise.vault.append import Touched
from valise.vault.people import Person
from valise.vault.store import Handle, Tx
from valise.vault.trust import Vouch


class TrustDesk:
    """The door's Trust."""

    def __init__(self, context: Context, contacts: ContactsDesk, rooms: RoomsDesk, live: LiveDesk) -> None:
        self.context = context
        self.contacts = contacts
        self.rooms = rooms
        self._live = live
        self.asked = live.asked
        self.live = live.live
        self.compare = live.compare
        self.same = live.same
        self.different = live.different
        self.cancel = live.cancel

    def attend(self, changes: views.Changes) -> None:
        """After a round: go on with live comparisons; whoever a word is about is looked at anew, and so are its rooms."""
        self._live.attend()
        if changes.contacts:
            with self.context.read() as handle:
                authors = ",".join("?" * len(changes.contacts))
                rows = handle.rows(
                    "select delegation.id, room_member.room from vouch"
                    " join delegation on vouch.about = delegation.id or vouch.code = delegation.code"
                    f" left join room_member on room_member.delegation = delegation.id where vouch.author in ({authors})",
                    tuple(sorted(changes.contacts)),
                )
            if rows:
                with self.context.write():
                    touched = Touched(contacts={row[0] for row in rows}, rooms={row[1] for row in rows if row[1]})
                    self.context.touch(touched)

    def due(self) -> tuple[views.Due, ...]:
        """Who waits for us to compare words now."""
        now = self.context.clock.now()
        return tuple(views.Due("contacts", one, "contact.compares", (self.contacts.one(one).name,), now) for one in self.asked())

    def story(self, delegation: str) -> t.Story:
        """Everything about one identity beyond its card, ours included. NotAllowed("contact.unknown")."""
        with self.context.read() as handle:
            person = self._person(handle, delegation)
            laptops = {one.id: one for one in people.devices(handle, delegation)}
            verification = trust.verification(handle, delegation)
            waiting = tuple(
                t.Waiting(_device(laptops[device]), since)
                for device, since in trust.pending(handle, delegation)
                if device in laptops
            )
            history = tuple(
                t.Happened(one.at, one.code, laptops[one.device].officer if one.device in laptops else "", one.officer, one.value)
                for one in trust.history(handle, delegation)
            )
            names = {one.id: f"{one.code} {one.name}" for one in people.everybody(handle)}
            words = {one.author: self._word(one, names) for one in trust.standing(handle, delegation)}
            against = [] if person.own else trust.against(handle, delegation, person.code)
            mine = trust.given(handle, self.context.own.delegation)
            told = {self._other(handle, one.room) for one in mine if one.about == delegation}
            return t.Story(
                delegation,
                verification.how if verification else "",
                verification.at if verification else 0,
                verification.officer if verification else "",
                verification.card_number if verification else 0,
                history,
                waiting,
                tuple(words.values()),
                tuple(self._word(one, names) for one in against),
                len(trust.custodians(handle)),
                trust.needed(handle),
                tuple(sorted(told - {""})),
            )

    def read_code(self, delegation: str, picture: bytes) -> t.Judged:
        """Read a picture in a confined process and compare the code in it with what we hold: "same" verifies, "differs" stops.

        Refused("picture.*") for what is no readable picture, Unavailable("picture.no_child").
        """
        from valise.formats import picture as pictures

        texts = pictures.read_codes(picture)
        with self.context.write() as tx:
            person = self._person(tx, delegation)
            held, own = people.rival_card(person) or read_card(people.card(tx, person.id)), self._own_card(tx)
            judged: list[tuple[t.Judgement, str]] = [safety.judge(text, held, own) for text in texts]
            verdict, named = min(judged, key=lambda one: _ORDER.index(one[0]), default=("none", ""))
            if len({one for one in judged if one[0] in ("same", "differs", "older", "newer", "other")}) > 1:
                raise NotAllowed("picture.several")  # whose is meant nobody can say
            if verdict == "same":
                if person.rival:  # what was read is the new identity: a person chose to compare it
                    self.contacts.decide(delegation, True)
                self.contacts.verified(held.delegation, "code")
            elif verdict == "differs":
                self.contacts.differs(delegation)
            known = people.one(tx, named) if named else None
            return t.Judged(verdict, f"{known.code} {known.name}" if known else "")

    def custodians(self) -> t.Custodians:
        """Whose word we take, and whose we could."""
        with self.context.read() as handle:
            verified = self._verified(handle)
            chosen = trust.custodians(handle)
            return t.Custodians(tuple(chosen), trust.needed(handle), tuple(verified))

    def choose_custodians(self, delegations: Sequence[str], needed: int) -> None:
        """These and no others from now on. NotAllowed("custodian.not_verified" | "custodian.number")."""
        chosen = sorted(set(delegations))
        with self.context.write() as tx:
            before = trust.custodians(tx)
            # one whose identity came into doubt keeps his place, and counts again when a person has compared anew
            rules.may_choose(chosen, needed, {*self._verified(tx), *before})
            now, officer = self.context.clock.now(), self.context.own.officer
            trust.choose_custodians(tx, chosen, needed if chosen else rules.usual(0), now)
            for one in sorted({*chosen} ^ {*before}):
                code = "custodian.chosen" if one in chosen else "custodian.dropped"
                trust.happened(tx, now, one, code, officer=officer)
            everybody = {one.id for one in people.everybody(tx)}
            rooms = {row[0] for row in tx.rows("select id from room")}
            self.context.touch(Touched(contacts=everybody, rooms=rooms), status=True)

    def vouch(self, about: str, to: Sequence[str]) -> None:
        """Our word for a delegation we verified, signed with both algorithms, to each of these alone."""
        with self.context.write() as tx:
            whom = self._person(tx, about)
            if whom.stopped:
                raise NotAllowed(f"contact.{whom.stopped}")
            found = trust.verification(tx, about)
            card = read_card(people.card(tx, whom.id))
            for one in to:
                person = self._person(tx, one)
                body = rules.body(
                    self.context.own.delegation, one, about, whom.trust, code=whom.code, card=card.hash, number=card.number,
                    how=found.how if found else "eye", at=found.at if found else whom.trust_since,
                )  # fmt: skip
                if person.stopped:
                    raise NotAllowed(f"contact.{person.stopped}")
                room = room_with(self.context, tx, one) or self.rooms.create("bilateral", "", [one])
                same = [each for each in self._given(tx, room) if each.about == about]
                if any((each.card, each.number) == (card.hash, card.number) for each in same):
                    continue
                for each in same:
                    self.context.author(tx, room, "contact.unvouch", {"vouch": each.id})
                self.context.author(tx, room, "contact.vouch", body)
                self._note(tx, about, "vouched.to", whom=one)

    def unvouch(self, about: str, to: Sequence[str]) -> None:
        """Take our word back, where it was given."""
        with self.context.write() as tx:
            self._person(tx, about)
            for each in trust.given(tx, self.context.own.delegation):
                if each.about == about and (one := self._other(tx, each.room)) in to:
                    self.context.author(tx, each.room, "contact.unvouch", {"vouch": each.id})
                    self._note(tx, about, "unvouched.to", whom=one)

    def _note(self, tx: Tx, about: str, code: str, *, whom: str) -> None:
        person = people.one(tx, whom)
        trust.happened(tx, self.context.clock.now(), about, code, officer=self.context.own.officer,
                       value=person.code if person else "")  # fmt: skip
        self.context.touch(Touched(contacts={about}))

    def _given(self, handle: Handle, room: str) -> list[Vouch]:
        return [one for one in trust.given(handle, self.context.own.delegation) if one.room == room]

    def _other(self, handle: Handle, room: str) -> str:
        """The other member of a bilateral room."""
        row = handle.row(
            "select delegation from room_member where room = ? and delegation != ?", (room, self.context.own.delegation)
        )
        return str(row[0]) if row else ""

    def _word(self, one: Vouch, names: dict[str, str]) -> t.Word:
        digits = canonical.unb64u(one.about).hex().upper()
        grouped = " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))
        return t.Word(
            one.author, names.get(one.author, ""), one.about, names.get(one.about, ""), grouped, one.how, one.number,
            one.verified_at, one.at,
        )  # fmt: skip

    def _verified(self, handle: Handle) -> list[str]:
        return [one.id for one in people.everybody(handle) if one.trust == rules.IN_PERSON and one.stopped != "replaced"]

    def _own_card(self, handle: Handle) -> Card:
        return read_card(people.card(handle, self.context.own.delegation))

    def _person(self, handle: Handle, delegation: str) -> Person:
        person = people.one(handle, delegation)
        if person is None:
            raise NotAllowed("contact.unknown")
        return person


_ORDER = ("differs", "same", "newer", "older", "other", "own", "pair", "foreign", "none")


def _device(one: people.Device) -> views.DeviceView:
    return views.DeviceView(
        one.id, one.officer, one.role, one.rights, one.not_after, one.first_seen, bool(one.revoked_at),
        one.not_before, one.number, one.rooms,
    )
