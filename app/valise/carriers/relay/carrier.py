"""The relay as a carrier: what the engine calls, from whatever thread, with an end in sight."""

from __future__ import annotations

import os
import struct
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from valise.carriers.abc import Batch, Capabilities, Held, Outcome, Parcel, Posted, Seen, carrier
from valise.carriers.relay.worker import Worker
from valise.domain.errors import Unavailable
from valise.domain.relay import Address, Mailbox

if TYPE_CHECKING:
    from valise.carriers.relay.clerk import Clerk

_CURSOR: Final = struct.Struct(">8sQ")  # this carrier, how many batches it brought
PUT_PATIENCE: Final = 20.0
FIRST_PATIENCE: Final = 2.0
_CALL: Final = 8.0
_WORST: Final = (Outcome.ACCEPTED, Outcome.DUPLICATE, Outcome.RETRY, Outcome.FULL, Outcome.REFUSED)


@dataclass(frozen=True, slots=True)
class Probe:
    """What trying a relay came to. `code` "" = it works. `seen` in order: "connected", "mailbox", "wrote", "read back"."""

    code: str
    milliseconds: int
    software: str = ""
    seen: tuple[str, ...] = ()


@carrier("relay")
class RelayCarrier:
    """`mailbox` = our own, None = we only write to others. `proxy` = "http://name:password@host:port" or ""."""

    name = "relay"

    def __init__(
        self,
        mailbox: Mailbox | None,
        *,
        proxy: str = "",
        random: Callable[[int], bytes] = os.urandom,
        heartbeat: float = 15.0,
    ) -> None:
        self._mailbox = mailbox
        self._proxy = proxy
        self._random = random
        self._heartbeat = heartbeat
        self._known: dict[bytes, Address] = {}
        self._incarnation = random(8)
        self._worker = Worker()
        self._clerk: Clerk | None = None
        self._lock = threading.Lock()
        self._call: Callable[[], None] | None = None
        self._asked = False

    def capabilities(self) -> Capabilities:
        return Capabilities(durable=True, prompt=True, network=True, collects=False, tells=True)

    def prepare(self) -> None:
        """See that our own mailbox can be read. Unavailable as `fetch`."""
        if self._mailbox is not None:
            found = self.probe()
            if found.code:
                raise Unavailable(found.code, "our own relay cannot be used")

    def know(self, addresses: Mapping[bytes, Address]) -> None:
        """Whose mailbox token leads where, all of them; what was known before and is not among them is forgotten."""
        if addresses == self._known:
            return
        self._known = dict(addresses)
        clerk, wanted = self._clerk, frozenset(self._known.values())
        if clerk is not None:
            with suppress(Unavailable):
                self._worker.run(lambda: clerk.forget(wanted), _CALL)

    # -- to others

    def put(self, parcels: Sequence[Parcel]) -> Posted:
        """One message for each parcel and inbox. Never raises for what relays do; at most PUT_PATIENCE seconds."""
        known = self._known
        boxes: list[dict[Address, set[bytes]]] = []
        left: list[set[bytes]] = []
        why: dict[bytes, str] = {}
        for parcel in parcels:
            boxes.append({})
            left.append(set())
            for route in parcel.routes:
                if (address := known.get(route)) is not None:
                    boxes[-1].setdefault(address, set()).add(route)
                else:
                    left[-1].add(route)
                    why[route] = "relay.none"
        answers: list[dict[Address, tuple[Outcome, str]]] = [{} for _ in parcels]
        if any(boxes):
            with suppress(Unavailable):  # what has no answer then is put again
                clerk = self._at()
                self._worker.run(lambda: clerk.put(parcels, boxes, answers, PUT_PATIENCE), PUT_PATIENCE + 5)
        outcomes = []
        for some, answered, over in zip(boxes, answers, left, strict=True):
            worst = Outcome.REFUSED if over else Outcome.ACCEPTED
            for address, routes in some.items():
                outcome, code = answered.get(address, (Outcome.RETRY, "carrier.unreachable"))
                worst = max(worst, outcome, key=_WORST.index)
                if code:
                    over.update(routes)
                    why.update(dict.fromkeys(routes, code))
            outcomes.append(worst)
        return Posted(tuple(outcomes), ("",) * len(outcomes), tuple(map(frozenset, left)), why)

    # -- to us

    def fetch(self, routes: frozenset[bytes], cursor: bytes, limit: int, seen: Seen) -> Batch:
        """What is here already; only the first call waits a little for the relay. Unavailable("carrier.unreachable" |
        "relay.refused" | "relay.expired" | "relay.old" | "relay.untrusted" | "relay.proxy") while there is no connection."""
        if self._mailbox is None or not routes:
            return Batch((), cursor, False)
        clerk = self._at()
        wait, self._asked = 0.0 if self._asked else FIRST_PATIENCE, True
        number = self._number(cursor)
        items, last, more = self._worker.run(lambda: clerk.fetch(routes, number, max(1, limit), wait), _CALL)
        return Batch(items, _CURSOR.pack(self._incarnation, last) if last else cursor, more)

    def done(self, cursor: bytes) -> None:
        """Acknowledge the batch and all before it. What the relay does not confirm comes again."""
        if (number := self._number(cursor)) and (clerk := self._clerk) is not None:
            with suppress(Unavailable):
                self._worker.run(lambda: clerk.done(number), _CALL)

    def _number(self, cursor: bytes) -> int:
        if len(cursor) != _CURSOR.size or cursor[:8] != self._incarnation:
            return 0
        return int(_CURSOR.unpack(cursor)[1])

    # -- the rest of a carrier

    def when_wanted(self, call: Callable[[], None] | None) -> None:
        """`call` comes from the relay's thread and must not take long."""
        self._call = call

    def close(self) -> None:
        """What is committed is acknowledged, connections and the thread are ended, within seconds."""
        self._call = None
        with self._lock:
            clerk, self._clerk = self._clerk, None
        if clerk is None:
            self._worker.close(_nothing, 1)
        else:
            self._worker.close(clerk.close, 8)

    def collect_garbage(self, own: Mapping[str, Sequence[Held]], finished: Collection[bytes], now: int) -> frozenset[str]:
        """What lies at a relay goes by itself: none of these places is one."""
        return frozenset(own)

    def gone(self, routes: frozenset[bytes], names: Collection[str]) -> frozenset[str]:
        return frozenset(names)

    # -- what is only here

    @property
    def problem(self) -> str:
        """Code of what keeps our own relay from being read just now, "" = nothing, or not yet tried."""
        return clerk.problem if (clerk := self._clerk) is not None else ""

    def probe(self, inbox: str = "") -> Probe:
        """Try our own relay, or where `inbox` of another delegation is. Never raises for what is outside."""
        try:
            clerk = self._at()
            address = next((one for one in self._known.values() if one.inbox == (inbox or self._inbox)), None)
            if inbox and address is None:
                return Probe("relay.none", 0)
            return self._worker.run(lambda: clerk.probe(address, own=not inbox), 30)
        except Unavailable as error:
            return Probe(error.code, 0)

    def revoke(self, users: Sequence[str]) -> str:
        """Have our relay take these writers' credentials ("U...") no more: "" once it confirmed, else why not
        ("relay.no_agent" = only its operator can). Unavailable as `fetch`."""
        clerk = self._at()
        return self._worker.run(lambda: clerk.revoke(users), 60)

    @property
    def _inbox(self) -> str:
        return self._mailbox.inbox if self._mailbox is not None else ""

    def _at(self) -> Clerk:
        with self._lock:
            if self._clerk is None:
                from valise.carriers.relay.clerk import Clerk

                async def begin() -> Clerk:
                    return Clerk(self._mailbox, self._proxy, self._random, self._tell, self._heartbeat)

                self._clerk = self._worker.run(begin, _CALL)
            return self._clerk

    def _tell(self) -> None:
        call = self._call
        if call is not None:
            with suppress(Exception):
                call()


async def _nothing() -> None:
    return None
