"""Our own mailbox: one long connection, two pulls that wait at the relay, and what they brought until the engine takes it.

What the engine was given stays here, and unacknowledged there, until its batch is committed; a relay that sends it again
meanwhile is told that it is being worked on. What is for other laptops of the delegation is acknowledged in their own seats.
"""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Final

from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import Error

from valise.carriers.relay import wire
from valise.carriers.relay.session import Session, status

MOST_BYTES: Final = 8 << 20
MOST_COUNT: Final = 1024
_REMEMBERED: Final = 4096
_ACKS_AT_ONCE: Final = 512

Place = tuple[int, int, int]
"""0 = envelopes, 1 = large ones; number in that stream; when it came there: an operator may make the stream anew."""


@dataclass(slots=True)
class Item:
    """One message that is held here. `reply` is where its latest delivery is acknowledged."""

    place: Place
    reply: str
    message: wire.Message
    size: int


class Held:
    """What was pulled and is not yet acknowledged. Knows nothing of connections; lives on one loop. `tell` is called when
    there is something where there was nothing; `seen(id)` for each message to nobody."""

    def __init__(self, tell: Callable[[], None], seen: Callable[[bytes], None]) -> None:
        self._tell = tell
        self._seen = seen
        self._ready: tuple[deque[Item], deque[Item]] = (deque(), deque())
        self._open: deque[tuple[int, list[Item]]] = deque()
        self._passed: list[Item] = []
        self._passed_for: frozenset[bytes] = frozenset()
        self._all: dict[Place, Item] = {}
        self._size = 0
        self._last = 0
        self.acking: dict[Place, str] = {}  # committed, not yet confirmed by the relay
        self._acked: OrderedDict[Place, None] = OrderedDict()
        self.stir = asyncio.Event()  # there is something to acknowledge, or room again

    @property
    def room(self) -> int:
        """Octets that may be pulled."""
        return MOST_BYTES - self._size if len(self._all) < MOST_COUNT else 0

    @property
    def empty(self) -> bool:
        return not (self._ready[0] or self._ready[1])

    def replies(self) -> list[str]:
        return [one.reply for one in self._all.values()]

    # -- from the relay

    def arrived(self, place: Place, reply: str, data: bytes) -> None:
        """One delivery, perhaps not the first of this message, from whomever."""
        held = self._all.get(place)
        if held is not None:
            held.reply = reply
            return
        message = wire.unpack(data)
        if message is None or place in self._acked or place in self.acking or message.routes == {wire.NOBODY}:
            self._acknowledge(place, reply)
            if message is not None and message.routes == {wire.NOBODY}:
                self._seen(message.id)
            return
        item = Item(place, reply, message, len(data))
        self._all[place] = item
        self._size += item.size
        first = self.empty
        self._ready[place[0]].append(item)
        if first:
            self._tell()

    # -- from the engine

    def take(self, routes: frozenset[bytes], committed: int, limit: int) -> tuple[list[Item], int, bool]:
        """Up to `limit` items for any of `routes`, the number of their batch (0 = none), whether there are more. Batches up to
        `committed` are committed, later ones are offered again."""
        self.commit(committed)
        for _, items in reversed(self._open):
            for item in reversed(items):
                self._ready[item.place[0]].appendleft(item)
        self._open.clear()
        if routes == self._passed_for:
            for item in self._passed:
                self._let_go(item)
        else:
            for item in reversed(self._passed):
                self._ready[item.place[0]].appendleft(item)
        self._passed, self._passed_for = [], routes
        found: list[Item] = []
        for line in self._ready:
            while line and len(found) < limit:
                item = line.popleft()
                (self._passed if routes.isdisjoint(item.message.routes) else found).append(item)
        if not found:
            return [], 0, False
        self._last += 1
        self._open.append((self._last, found))
        return found, self._last, not self.empty

    def commit(self, upto: int) -> None:
        """Batches with numbers up to this one are committed."""
        while self._open and self._open[0][0] <= upto:
            for item in self._open.popleft()[1]:
                self._let_go(item)

    def _let_go(self, item: Item) -> None:
        if self._all.pop(item.place, None) is not None:
            self._size -= item.size
        self._acknowledge(item.place, item.reply)

    def _acknowledge(self, place: Place, reply: str) -> None:
        self.acking[place] = reply
        if len(self.acking) > 2 * _REMEMBERED:  # of a stream that is no more, most likely; else they come again
            del self.acking[next(iter(self.acking))]
        self.stir.set()

    def confirmed(self, place: Place) -> None:
        """The relay has noted it."""
        self.acking.pop(place, None)
        self._acked[place] = None
        if len(self._acked) > _REMEMBERED:
            self._acked.popitem(last=False)


async def acknowledge(session: Session, held: Held, seconds: float) -> None:
    """Acknowledge what is committed and wait until the relay says that it has noted it; what it does not say in time is
    acknowledged again when it comes again."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while held.acking and not session.lost.is_set() and loop.time() < end:
        some = list(held.acking.items())[:_ACKS_AT_ONCE]
        if not await _some(session, held, some, end):
            return


async def _some(session: Session, held: Held, some: list[tuple[Place, str]], end: float) -> bool:
    """Whether any of them was noted, and all were answered."""
    left, noted = len(some), 0
    answered = asyncio.Event()

    def note(place: Place, msg: Msg | None) -> None:
        nonlocal left, noted
        left -= 1
        if msg is not None and status(msg) == 0:
            noted += 1
            held.confirmed(place)
        if not left:
            answered.set()

    tokens = []
    try:
        for place, reply in some:
            tokens.append(await session.ask(reply, b"+ACK", partial(note, place)))
        async with asyncio.timeout(end - asyncio.get_running_loop().time()):
            await _either(answered, session.lost)
    except (Error, OSError, TimeoutError):
        return False
    finally:
        for token in tokens:
            session.forget(token)
    return noted > 0


async def _either(*events: asyncio.Event) -> None:
    tasks = [asyncio.get_running_loop().create_task(one.wait()) for one in events]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()


async def tell_all(session: Session, replies: Iterable[str], word: bytes) -> None:
    """The same word about many deliveries: +WPI (being worked on) or -NAK (send it again)."""
    with suppress(Error, OSError):
        for reply in replies:
            await session.publish(reply, word)


def place_of(which: int, reply: str) -> Place | None:
    """The number of a delivered message from the subject it is acknowledged on; None = not of JetStream."""
    parts = reply.split(".")  # $JS.ACK.<stream>.<seat>.<tries>.<number>.<..>.<time>.<..>, newer: two more after ACK, one at the end
    if parts[:2] != ["$JS", "ACK"] or (len(parts) != 9 and len(parts) < 11):
        return None
    first = 5 if len(parts) == 9 else 7
    number, when = parts[first], parts[first + 2]
    if not all(one.isascii() and one.isdigit() and len(one) < 21 for one in (number, when)):
        return None
    return which, int(number), int(when)


class Pull:
    """The waiting request for one of the two streams."""

    def __init__(self, session: Session, which: int, stream: str, seat: str, held: Held, heartbeat: float) -> None:
        self._session = session
        self._which = which
        self._subject = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{seat}"
        self._held = held
        self._heartbeat = heartbeat
        self._left = 0
        self._octets = 0
        self._alive = 0.0
        self._stir = asyncio.Event()
        self._replies = ""
        self._line: Subscription | None = None
        self._round = 0
        self.owed = 0  # deliveries that lay there at the beginning
        self.caught_up = asyncio.Event()

    async def run(self) -> None:
        """Until the connection is lost."""
        loop = asyncio.get_running_loop()
        self._replies = self._session.new_inbox()
        self._line = await self._session.subscribe(f"{self._replies}.*", cb=self._came, pending_bytes_limit=2 * MOST_BYTES)
        if self.owed <= 0:
            self.caught_up.set()
        while not self._session.lost.is_set():
            while not self._held.room:
                self.caught_up.set()
                self._held.stir.clear()
                await self._held.stir.wait()
            await self._ask()
            self._alive = loop.time()
            while self._left > 0:
                self._stir.clear()
                wait = self._alive + 2.5 * self._heartbeat - loop.time()
                if wait <= 0:
                    break  # nobody is at work on it any more
                with suppress(TimeoutError):
                    async with asyncio.timeout(wait):
                        await self._stir.wait()

    async def stop(self) -> None:
        """Nothing more is sent for the request that waits."""
        if self._line is not None:
            with suppress(Error, OSError):
                await self._line.unsubscribe()

    async def _ask(self) -> None:
        self._round += 1
        self._octets = max(self._held.room // 2, wire.MOST_LARGE + 4096)
        self._left = min(256, MOST_COUNT)
        asked = {
            "batch": self._left,
            "max_bytes": self._octets,
            "expires": int(20 * self._heartbeat * 1e9),
            "idle_heartbeat": int(self._heartbeat * 1e9),
        }
        with suppress(Error, OSError):
            await self._session.publish(self._subject, json.dumps(asked).encode(), f"{self._replies}.{self._round}")

    async def _came(self, msg: Msg) -> None:
        self._alive = asyncio.get_running_loop().time()
        place = place_of(self._which, msg.reply)
        if place is None:  # from the relay itself; a writer can put the same words into a header of his message
            number = status(msg)
            if number in (0, 100):
                return
            if msg.subject == f"{self._replies}.{self._round}":
                if number == 503:
                    await asyncio.sleep(1)  # nobody is there to wait with; not at once again
                self._left = 0
                self._stir.set()
            return
        self._held.arrived(place, msg.reply, msg.data)
        self.owed -= 1
        if self.owed <= 0:
            self.caught_up.set()
        self._left -= 1  # deliveries come under the subject they were put on: of which request they are, nobody says
        if self._left <= 0:
            self._stir.set()
