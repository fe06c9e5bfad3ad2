"""One laptop's end of simulated relays: it writes to the inboxes of others and reads its own, as the real client does."""

from __future__ import annotations

import struct
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress

from tests.sim.relay import Address, Relay

from valise.carriers.abc import Batch, Capabilities, Held, Outcome, Parcel, Posted, Seen
from valise.domain.errors import Unavailable

_CURSOR = struct.Struct(">8sQ")  # this connection, how many batches it brought
# Of several answers for one parcel, the one that says most about what to do.
_WORST = (Outcome.FULL, Outcome.RETRY, Outcome.REFUSED)


class SimRelayCarrier:
    """`own` = (relay, inbox, seat), None for one who writes only. `connection` 8 bytes, another at each start: acknowledgements do not outlive a connection."""

    name = "relay"

    def __init__(
        self,
        laptop: str,
        own: tuple[Relay, str, str] | None,
        connection: bytes,
        watch: Callable[[bytes], None] = lambda blob: None,
    ) -> None:
        self._laptop = laptop
        self._addresses: Mapping[bytes, Address] = {}
        self._own = own
        self._connection = connection
        self._watch = watch
        self._count = 0
        self._open: list[tuple[int, list[int]]] = []  # batches not yet committed: which, and the numbers in each

    def capabilities(self) -> Capabilities:
        return Capabilities(durable=True, prompt=True, network=True, collects=False)

    def prepare(self) -> None:
        if self._own:
            self._own[0].reached_by(self._laptop)

    def know(self, addresses: Mapping[bytes, Address]) -> None:
        """The addresses behind the mailboxes that we may write to."""
        self._addresses = addresses

    def put(self, parcels: Sequence[Parcel]) -> Posted:
        """What was not taken is `left`, whatever the reason."""
        outcomes, left = [], []
        why: dict[bytes, str] = {}
        for parcel in parcels:
            self._watch(parcel.blob)
            boxes: dict[Address, set[bytes]] = {}
            over: set[bytes] = set()
            for route in sorted(set(parcel.routes)):
                if route in self._addresses:
                    boxes.setdefault(self._addresses[route], set()).add(route)
                else:
                    over.add(route)
                    why[route] = "relay.none"
            answers = []
            for to, routes in boxes.items():
                try:
                    to.relay.reached_by(self._laptop)
                    answer = to.relay.publish(to.inbox, to.slot, parcel.id, frozenset(routes), parcel.blob)
                    code = {Outcome.FULL: "carrier.full", Outcome.RETRY: "carrier.unreachable"}.get(answer, "")
                except Unavailable as error:
                    answer = Outcome.REFUSED if error.code == "relay.expired" else Outcome.RETRY
                    code = error.code
                answers.append(answer)
                if code:
                    over |= routes
                    why |= dict.fromkeys(routes, code)
            taken = [one for one in answers if one in (Outcome.ACCEPTED, Outcome.DUPLICATE)]
            if taken:
                outcomes.append(Outcome.ACCEPTED if Outcome.ACCEPTED in taken else Outcome.DUPLICATE)
            else:
                outcomes.append(next((one for one in _WORST if one in answers), Outcome.REFUSED))
            left.append(frozenset(over))
        return Posted(tuple(outcomes), ("",) * len(outcomes), tuple(left), why)

    def fetch(self, routes: frozenset[bytes], cursor: bytes, limit: int, seen: Seen) -> Batch:
        """What the seat has not acknowledged; envelopes for other laptops of the inbox are acknowledged unread."""
        if self._own is None:
            return Batch((), cursor, False)
        relay, inbox, seat = self._own
        relay.reached_by(self._laptop)
        found = relay.pull(inbox, seat, max(1, limit))
        if not found:
            return Batch((), cursor, False)
        self._count += 1
        self._open.append((self._count, [number for number, _ in found if number]))
        items = tuple((one.id, one.blob) for _, one in found if not routes.isdisjoint(one.routes))
        return Batch(items, _CURSOR.pack(self._connection, self._count), len(found) >= limit)

    def done(self, cursor: bytes) -> None:
        """Acknowledge; what cannot be said now is not said, and comes again."""
        if self._own is None or len(cursor) != _CURSOR.size or cursor[:8] != self._connection:
            return
        relay, inbox, seat = self._own
        upto = _CURSOR.unpack(cursor)[1]
        numbers = [number for count, some in self._open if count <= upto for number in some]
        self._open = [one for one in self._open if one[0] > upto]
        with suppress(Unavailable):
            relay.reached_by(self._laptop)
            relay.acknowledge(inbox, seat, numbers)

    def when_wanted(self, call: Callable[[], None] | None) -> None:
        """Laptops of the simulation look by themselves."""

    def close(self) -> None:
        self._open.clear()

    def collect_garbage(self, own: Mapping[str, Sequence[Held]], finished: Collection[bytes], now: int) -> frozenset[str]:
        """Nothing of ours lies there that we could take away."""
        return frozenset(own)

    def gone(self, routes: frozenset[bytes], names: Collection[str]) -> frozenset[str]:
        return frozenset(names)


__all__ = ["SimRelayCarrier"]
