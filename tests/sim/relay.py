"""A relay as it would be in an engine like JetStream, on simulated time, and as forgetful and hostile as it is told to be.

An inbox is one stream with a durable consumer for each laptop that reads it (a seat) and a slot for each who may write to it.
What is published stays until every seat has acknowledged it (interest retention); what a seat got and did not acknowledge comes
again after `ack_wait`; the same id within the window is answered "duplicate"; a full inbox takes nothing new.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from valise.carriers.abc import Outcome
from valise.domain.errors import Unavailable

MINUTE = 60_000
DAY = 24 * 60 * MINUTE
REMEMBERED = 256  # envelopes a hostile relay keeps to show them again
NEVER = 1 << 62


@dataclass(frozen=True, slots=True)
class Mood:
    """How bad a relay is for a while. Shares from 0 to 1 for each envelope, times in ms. The default is a good one.

    `lost` was acknowledged and never stored; `mute` was stored and the sender hears nothing; `busy` neither; `replayed`: with
    what is fetched comes something from long ago; `shuffled`: in another order; `delay`: drawn evenly from the pair; `flipped`
    has one bit changed, `cut` misses its end; `one_sided` is shown to some seats of the inbox and never to the others.
    """

    lost: float = 0.0
    mute: float = 0.0
    busy: float = 0.0
    replayed: float = 0.0
    shuffled: float = 0.0
    delay: tuple[int, int] = (0, 0)
    flipped: float = 0.0
    cut: float = 0.0
    one_sided: float = 0.0


@dataclass(slots=True)
class Message:
    """One stored envelope. `routes` are the mailboxes of this inbox it is for."""

    id: bytes
    routes: frozenset[bytes]
    blob: bytes
    slot: str
    at: int


@dataclass(slots=True)
class Seat:
    """One durable consumer: what it has not acknowledged, with when each is (again) due."""

    due: dict[int, int] = field(default_factory=dict)
    expires: int = NEVER


@dataclass(slots=True)
class Inbox:
    """What a backup of it holds, too."""

    stored: dict[int, Message] = field(default_factory=dict)
    seats: dict[str, Seat] = field(default_factory=dict)
    slots: dict[str, int] = field(default_factory=dict)  # slot -> when its credential ends
    recent: dict[bytes, int] = field(default_factory=dict)  # id -> when it was published, for the duplicate window
    last: int = 0  # sequence number of the newest


@dataclass(frozen=True)
class Address:
    """Where one delegation writes to another: what stands in a contact card, with the relay itself in place of its host."""

    relay: Relay
    inbox: str
    slot: str


class Relay:
    """Inboxes of several delegations on one server. `now` is simulated ms.

    `room` and `per_slot` are the most envelopes an inbox holds, in all and from one slot.
    """

    def __init__(
        self,
        seed: object,
        *,
        window: int = 10 * MINUTE,
        ack_wait: int = MINUTE // 2,
        max_age: int = 60 * DAY,
        room: int = 100_000,
        per_slot: int = 20_000,
    ) -> None:
        self.mood = Mood()
        self.now = 0
        self.window = window
        self.ack_wait = ack_wait
        self.max_age = max_age
        self.room = room
        self.per_slot = per_slot
        self.taken = 0  # envelopes it said it had stored
        self.dropped = 0  # of those, how many it did not
        self._random = random.Random(f"relay {seed}")
        self._boxes: dict[str, Inbox] = {}
        self._old: dict[str, Inbox] | None = None
        self._attic: dict[str, list[Message]] = {}
        self._cut_off: set[str] = set()
        self._blind: set[tuple[str, str, str]] = set()

    # -- what its operator does

    def open_inbox(self, inbox: str, seats: Iterable[str], slots: Iterable[str]) -> None:
        """Provision an inbox, or further seats and slots of it. A new consumer begins with what still lies there."""
        box = self._boxes.setdefault(inbox, Inbox())
        for seat in seats:
            if seat not in box.seats:
                box.seats[seat] = Seat(dict.fromkeys(box.stored, self.now))
        for slot in slots:
            box.slots.setdefault(slot, NEVER)

    def end_slot(self, inbox: str, slot: str, at: int | None = None) -> None:
        """The credential of a writer ends (now, or at `at`)."""
        self._boxes[inbox].slots[slot] = self.now if at is None else at

    def end_seat(self, inbox: str, seat: str, at: int | None = None) -> None:
        """The credential of a laptop ends (now, or at `at`)."""
        self._boxes[inbox].seats[seat].expires = self.now if at is None else at

    def renew(self) -> None:
        """Every credential is good again."""
        for box in self._boxes.values():
            box.slots = dict.fromkeys(box.slots, NEVER)
            for seat in box.seats.values():
                seat.expires = NEVER

    def back_up(self) -> None:
        self._old = copy.deepcopy(self._boxes)

    def restore(self) -> bool:
        """It comes back from its last backup: old envelopes again, acknowledgements and sequence numbers back. Seats and slots
        are provisioned anew as they are now. False when there is none."""
        if self._old is None:
            return False
        before, self._boxes = self._boxes, copy.deepcopy(self._old)
        for name, box in before.items():
            self.open_inbox(name, box.seats, box.slots)
            self._boxes[name].slots.update(box.slots)
            for seat, was in box.seats.items():
                self._boxes[name].seats[seat].expires = was.expires
        return True

    def lose_disk(self) -> None:
        """Everything is gone and provisioned anew."""
        for name, box in self._boxes.items():
            self._boxes[name] = Inbox({}, {one: Seat({}, was.expires) for one, was in box.seats.items()}, box.slots)

    def lose_tail(self, count: int) -> None:
        """The newest `count` of each inbox were acknowledged before they were synced; their numbers are given again."""
        for box in self._boxes.values():
            for number in sorted(box.stored)[-count:] if count else ():
                self._forget(box, number)
            box.last = max(box.stored, default=max(0, box.last - count))

    def cut_off(self, *laptops: str) -> None:
        """These cannot reach it until `rejoin`."""
        self._cut_off.update(laptops)

    def rejoin(self) -> None:
        self._cut_off.clear()

    def blind(self, inbox: str, seat: str, slot: str = "") -> None:
        """What lies there and what comes (of one writer, or of all) is not shown to this seat, and is to the others of the
        inbox, until `see`: then it comes."""
        self._blind.add((inbox, seat, slot))

    def see(self) -> None:
        self._blind.clear()

    def advance(self, milliseconds: int) -> None:
        self.now += milliseconds
        for box in self._boxes.values():
            for number in [one for one, it in box.stored.items() if self.now - it.at > self.max_age]:
                self._forget(box, number)

    # -- what laptops do

    def reached_by(self, laptop: str) -> None:
        """Raises Unavailable("carrier.unreachable") for one who is cut off."""
        if laptop in self._cut_off:
            raise Unavailable("carrier.unreachable", "the relay cannot be reached")

    def publish(self, inbox: str, slot: str, ident: bytes, routes: frozenset[bytes], blob: bytes) -> Outcome:
        """ACCEPTED, DUPLICATE, FULL or RETRY (no answer). Unavailable("relay.expired") without a good credential."""
        box = self._boxes[inbox]
        if box.slots.get(slot, 0) <= self.now:
            raise Unavailable("relay.expired", "the credential of this slot has ended")
        if self._chance(self.mood.busy):
            return Outcome.RETRY
        last = box.recent.get(ident)
        if last is not None and self.now - last < self.window:
            return Outcome.DUPLICATE
        if len(box.stored) >= self.room or sum(one.slot == slot for one in box.stored.values()) >= self.per_slot:
            return Outcome.FULL
        box.recent[ident] = self.now
        lost = self._chance(self.mood.lost)
        mute = self._chance(self.mood.mute)
        self.taken += not mute
        self.dropped += lost and not mute
        if not lost:
            self._store(inbox, box, Message(ident, routes, self._spoil(blob), slot, self.now))
        return Outcome.RETRY if mute else Outcome.ACCEPTED

    def pull(self, inbox: str, seat: str, limit: int) -> list[tuple[int, Message]]:
        """(number, message) that are due for this seat, at most `limit`. Number 0 acknowledges nothing.
        Unavailable("relay.expired")."""
        box = self._boxes[inbox]
        mine = box.seats[seat]
        if mine.expires <= self.now:
            raise Unavailable("relay.expired", "the credential of this laptop has ended")
        shown = [one for one in sorted(mine.due) if mine.due[one] <= self.now and not self._hidden(inbox, seat, box.stored[one])]
        found = [(one, box.stored[one]) for one in shown[:limit]]
        for number, _ in found:
            mine.due[number] = self.now + self.ack_wait
        attic = [one for one in self._attic.get(inbox, []) if not self._hidden(inbox, seat, one)]
        if attic and self._chance(self.mood.replayed):
            found += [(0, self._random.choice(attic)) for _ in range(min(limit - len(found), self._random.randrange(1, 4)))]
        if self._chance(self.mood.shuffled):
            self._random.shuffle(found)
        return found

    def acknowledge(self, inbox: str, seat: str, numbers: Collection[int]) -> None:
        """By number alone, as the engine does it: after a restore it may be another message that has this number now."""
        box = self._boxes[inbox]
        for number in numbers:
            if box.seats[seat].due.pop(number, None) is not None:
                self._retain(box, number)

    def holds(self, inbox: str) -> int:
        """How many envelopes lie in an inbox."""
        return len(self._boxes[inbox].stored)

    # -- inside

    def _chance(self, share: float) -> bool:
        return share > 0 and self._random.random() < share

    def _hidden(self, inbox: str, seat: str, message: Message) -> bool:
        return not self._blind.isdisjoint({(inbox, seat, ""), (inbox, seat, message.slot)})

    def _store(self, inbox: str, box: Inbox, message: Message) -> None:
        box.last += 1
        due = self.now + self._random.randint(*self.mood.delay)
        for seat in box.seats.values():
            if not self._chance(self.mood.one_sided):
                seat.due[box.last] = due
        box.stored[box.last] = message
        attic = self._attic.setdefault(inbox, [])
        attic.append(message)
        del attic[:-REMEMBERED]
        self._retain(box, box.last)

    def _retain(self, box: Inbox, number: int) -> None:
        """Interest retention: what no seat waits for goes."""
        if not any(number in seat.due for seat in box.seats.values()):
            box.stored.pop(number, None)

    def _forget(self, box: Inbox, number: int) -> None:
        box.stored.pop(number, None)
        for seat in box.seats.values():
            seat.due.pop(number, None)

    def _spoil(self, blob: bytes) -> bytes:
        if self._chance(self.mood.flipped) and blob:
            bit = self._random.randrange(len(blob) * 8)
            changed = bytearray(blob)
            changed[bit // 8] ^= 1 << (bit % 8)
            blob = bytes(changed)
        if self._chance(self.mood.cut) and blob:
            blob = blob[: self._random.randrange(len(blob))]
        return blob


def draw_mood(rng: random.Random) -> Mood:
    """One of the moods a relay can be in: often several things at once."""

    def some(most: float) -> float:
        return rng.random() * most if rng.random() < 0.4 else 0.0

    late = rng.choice((0, 0, 0, 5_000, 3 * MINUTE, 120 * MINUTE))
    return Mood(
        lost=some(0.5), mute=some(0.3), busy=some(0.2), replayed=some(0.8), shuffled=some(1.0), delay=(0, late),
        flipped=some(0.05), cut=some(0.05), one_sided=some(0.4))


__all__ = ["Address", "Inbox", "Message", "Mood", "Relay", "draw_mood"]
