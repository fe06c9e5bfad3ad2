"""Permission to write to our inbox: made offline, said in the room of two, made anew in time, taken back.

Whatever is due is found by reading (`wanted`), so that nothing is written while nothing is due.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from valise.carriers.relay import credentials, nkeys
from valise.carriers.relay.nkeys import Kind
from valise.desk import roster as rosters
from valise.desk.context import CHAT, Context
from valise.desk.live import room_with
from valise.domain import relay_given as rules
from valise.domain.errors import NotAllowed, Refused
from valise.domain.relay import Address, address_body
from valise.vault import people, relays
from valise.vault.people import Person
from valise.vault.relays import IN_USE, Grant
from valise.vault.store import Handle, Tx

SLOT_BYTES = 10  # 16 letters
OWN_LATE, OTHER_LATE = 3, 6  # whoever made it renews at a third of its time; another laptop of ours at a sixth


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is due. "make": a new credential, said in `room` ("" = for our own laptops); "again": the same, since
    somebody there has not heard it; "back": `slot` is taken back, another one has arrived; "name": `slot`, given with
    a card, is that of `delegation`; "adopt": `slot` was made by another laptop of ours."""

    what: Literal["make", "again", "back", "name", "adopt"]
    delegation: str
    room: str = ""
    slot: str = ""


class Giving:
    """Used inside the caller's transaction."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.waiting = False  # something is to be taken back as soon as what replaces it has arrived
        self.again = 0  # when something that arrived is in use for certain, ms UTC; 0 = nothing of the kind

    # -- what is due

    def wanted(self, handle: Handle) -> list[Step]:
        """Everything that is due now and can be done by this laptop."""
        self.waiting, self.again = False, 0
        held = relays.own(handle)
        if held is None or self.context.own.revoked or not self.context.own.rights:
            return []
        mark, now = relays.mark(held[0]), self.context.clock.now()
        every: dict[str, list[Grant]] = {}
        found: list[Step] = []
        for one in relays.grants(handle):
            every.setdefault(one.delegation, []).append(one)
            if not one.made_with:
                found.append(Step("adopt", one.delegation, slot=one.slot))
        own = self.context.own.delegation
        if not any(self._good(one, mark, now) for one in every.get(own, ()) if one.holder == self.context.own.device):
            found.append(Step("make", own))
        for person in people.everybody(handle):
            if not person.own:
                found += self._for(handle, mark, person, every.get(person.id, []), every.get("", []))
        return found

    def _for(
        self, handle: Handle, mark: str, person: Person, given: list[Grant], loose: list[Grant]
    ) -> list[Step]:
        if person.stopped == "replaced":  # its keys are somebody else's perhaps; a person decided that it is over
            return [Step("back", person.id, slot=one.slot) for one in given if one.state == IN_USE]
        found = self._over(handle, person, given)
        named = [one for one in loose if one.note.strip().upper() == person.code]
        what, slot = self._next(handle, mark, person, given)
        if not named and not what:
            return found
        room = room_with(self.context, handle, person.id)  # asked for last: it takes reading who is in it
        if room and named and len([one for one in people.by_code(handle, person.code) if one.stopped != "replaced"]) == 1:
            found += [Step("name", person.id, slot=one.slot) for one in named]
        if room and what and not self.hindered(handle, person, room):
            found.append(Step(what, person.id, room, slot))
        return found

    def _over(self, handle: Handle, person: Person, given: list[Grant]) -> list[Step]:
        """What was given before, and may no longer hold: with a card, or known to a laptop that was lost. Once the newest arrived,
        and where nothing was lost, once it has certainly taken the place of the one before (Book.news)."""
        newest = latest(given)
        if newest is None or newest.state != IN_USE:
            return []
        older = [one for one in given if one.state == IN_USE and one.slot != newest.slot]
        gone = {one.id for one in people.devices(handle, person.id) if one.revoked_at} if older else set()
        over = [one for one in older if (gone & set(one.devices) if one.seq else one.made_at <= newest.made_at)]
        arrived = self._arrived_at(handle, newest, person.id) if over else 0
        settled = 0 if gone else 2 * rules.SETTLED
        if over and (not arrived or 0 <= self.context.clock.now() - arrived < settled):
            self.waiting = self.waiting or not arrived
            due = arrived + settled if arrived else 0
            self.again = min(self.again or due, due or self.again)
            return []
        return [Step("back", person.id, slot=one.slot) for one in over]

    def _next(
        self, handle: Handle, mark: str, person: Person, given: list[Grant]
    ) -> tuple[Literal["", "make", "again"], str]:
        """What has to be said to a delegation, should there be a room to say it in, and of which slot."""
        now, me = self.context.clock.now(), self.context.own.device
        newest = latest(given)
        if newest is not None and newest.state != IN_USE and newest.why == "person":
            return "", ""  # what a person took back only a person gives again
        if any(not one.made_with for one in given):
            return "", ""  # of another laptop of ours: looked at first
        mine = latest(one for one in given if one.holder == me and self._good(one, mark, now))
        if mine is None:
            others = [one for one in given if one.holder != me and one.seq and self._good(one, mark, now, OTHER_LATE)]
            holders = [people.device(handle, one.holder) for one in others]
            return ("", "") if any(one is not None and one.alive(now) for one in holders) else ("make", "")
        told, theirs = set(mine.devices), people.devices(handle, person.id)
        if any(one.revoked_at and one.id in told for one in theirs):
            return "make", ""  # a laptop that was lost knows it
        everybody = [*theirs, *people.devices(handle, self.context.own.delegation)]
        here = {one.id for one in everybody if one.alive(now) and (not one.rooms or mine.room in one.rooms)}
        if not here - told - {me}:
            return "", ""
        return ("make", "") if relays.credential(handle, mine.slot) is None else ("again", mine.slot)

    def _good(self, one: Grant, mark: str, now: int, part: int = OWN_LATE) -> bool:
        return one.state == IN_USE and one.made_with == mark and not rules.ending(one.made_at, one.expires, now, part)

    def hindered(self, handle: Handle, person: Person, room: str) -> str:
        """Why nothing can be given to a delegation in this room now, or ""."""
        if person.stopped:
            return f"contact.{person.stopped}"
        if "commit" not in self.context.own.rights:
            return "rights.missing"
        roster = rosters.of(self.context, handle, room)
        if roster is None or not self.context.own.may_send(room):
            return "device.scope"
        if roster.blocked:
            return roster.blocked
        try:
            self.context.may_sign(handle, room, CHAT)
        except NotAllowed as error:
            return error.code
        return ""

    def arrived(self, handle: Handle, one: Grant, delegation: str) -> bool:
        """Whether a laptop of the delegation has said that it holds what was said; what another laptop of ours said is not
        known to have arrived."""
        return bool(self._arrived_at(handle, one, delegation))

    def _arrived_at(self, handle: Handle, one: Grant, delegation: str) -> int:
        """When it first said so, ms UTC; 0 = not yet."""
        if not one.seq or one.holder != self.context.own.device:
            return 0
        found = [
            handle.value(
                "select min(at) from held where room = ? and klass = ? and device = ? and seq >= ?",
                (one.room, CHAT, device.id, one.seq),
            )
            for device in people.devices(handle, delegation)
        ]
        return min((int(at) for at in found if at), default=0)

    # -- doing it

    def do(self, tx: Tx, steps: Iterable[Step]) -> bool:
        """Whether our own address changed, which the exchange uses."""
        own = False
        for step in steps:
            if step.what == "make":
                self.make(tx, step.delegation, step.room)
                own |= not step.room
            elif step.what == "again":
                address = relays.credential(tx, step.slot)
                assert address is not None
                self._say(tx, step.room, address)
            elif step.what == "back":
                relays.take_back(tx, [step.slot], "replaced")
            else:
                self._known(tx, step)
        return own

    def _known(self, tx: Tx, step: Step) -> None:
        one, held = relays.grant(tx, step.slot), relays.own(tx)
        assert one is not None and held is not None
        if step.what == "name":
            relays.known_as(tx, one.slot, delegation=step.delegation, account=one.account, made_with=one.made_with)
            return
        address, box = relays.credential(tx, one.slot), held[0].mailbox
        same = address is not None and address.inbox == box.inbox and _is_key(one.user)
        account, mark = (held[0].minting.account, relays.mark(held[0])) if same else ("", "other")
        relays.known_as(tx, one.slot, delegation=one.delegation, account=account, made_with=mark)

    def make(self, tx: Tx, delegation: str, room: str, note: str = "", term: int = rules.TERM) -> Address:
        """A new credential, said in `room` unless that is "". NotAllowed("relay.none"), what `Context.author` raises."""
        held = relays.own(tx)
        if held is None:
            raise NotAllowed("relay.none")
        kit, now = held[0], self.context.clock.now()
        slot = base64.b32encode(self.context.entropy(SLOT_BYTES)).decode("ascii").lower()
        expires = now + term
        jwt, seed, user = credentials.mint(kit.minting, kit.mailbox.inbox, slot, expires, now, self.context.entropy)
        address = Address(kit.mailbox.server, kit.mailbox.inbox, slot, jwt, seed, expires)
        made = Grant(slot, delegation, note, user, kit.minting.account, relays.mark(kit), self.context.own.device, now, expires)
        relays.keep_grant(tx, made, address)
        if room:
            self._say(tx, room, address)
        return address

    def _say(self, tx: Tx, room: str, address: Address) -> None:
        """In the conversation of the two delegations, to every laptop that is in it now."""
        op = self.context.author(tx, room, "relay.address", address_body(address), klass=CHAT).op
        roster = rosters.of(self.context, tx, room)
        devices = {one.id for one in roster.devices} if roster else set()
        relays.said(tx, address.slot, room, op.seq, devices, op.at)

    def take_back(self, tx: Tx, one: Grant) -> None:
        """A person takes it back, and with it what the same delegation was given before. It is told when nothing newer is left."""
        given = [each for each in relays.grants(tx, one.delegation) if one.delegation and each.state == IN_USE]
        newer = any(each.seq and each.order > one.order for each in given)
        older = [each.slot for each in given if each.order <= one.order]
        relays.take_back(tx, {one.slot, *older}, "person")
        person = people.one(tx, one.delegation) if one.delegation else None
        if person is not None and one.seq and not newer:
            self.withdraw(tx, person)

    def withdraw(self, tx: Tx, person: Person) -> None:
        """Tell a delegation that nothing holds any more, if it can be told."""
        room = room_with(self.context, tx, person.id)
        if room and not self.hindered(tx, person, room):
            self.context.author(tx, room, "relay.withdraw", {}, klass=CHAT)


def _is_key(user: str) -> bool:
    """What the relay would refuse to take back is not asked for with the rest."""
    try:
        nkeys.read_public(user, Kind.USER)
    except Refused:
        return False
    return True


def latest(given: Iterable[Grant]) -> Grant | None:
    """The newest of those that were said in a room, or are to be."""
    return max((one for one in given if one.seq), key=lambda one: one.order, default=None)
