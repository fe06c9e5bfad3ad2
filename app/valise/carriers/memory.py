"""A carrier in memory: a Post that many MemoryCarriers share, as forgetful and hostile as its seed says.

For simulation and tests, with the same promises as any other carrier: none. Time is the Post's own and
moves only when told; two Posts with one seed and one sequence of calls behave the same to the byte.
"""

from __future__ import annotations

import hashlib
import heapq
import random
import struct
import threading
from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from valise.carriers.abc import ID_BYTES, Batch, Capabilities, Held, Outcome, Parcel, Posted, Seen, carrier
from valise.domain.errors import Unavailable

_CURSOR = struct.Struct(">B8sIQ")  # form 1, the routes it is for, incarnation of the post, next position
PLACE = "post"


@dataclass(frozen=True, slots=True)
class Faults:
    """Chances from 0 to 1 for each parcel and recipient, times in ms. The default is a post that only carries.

    `lost` was accepted and never comes; `repeated` comes once more; `delay` is drawn evenly from the pair, and
    different delays are disorder; `flipped` has one bit changed; `cut` misses its end; `relabelled` comes
    under another parcel's or a random id; `busy` is refused for now at the put.
    """

    lost: float = 0.0
    repeated: float = 0.0
    delay: tuple[int, int] = (0, 0)
    flipped: float = 0.0
    cut: float = 0.0
    relabelled: float = 0.0
    busy: float = 0.0


@dataclass(frozen=True, slots=True)
class _Copy:
    id: bytes
    blob: bytes
    origin: bytes  # the id it was put under


class Post:
    """The shared middle. `now` is simulated ms; `room` the most parcels it holds before it answers full;
    for `duplicate_window` ms after a put the same id is answered "duplicate" and not taken again."""

    def __init__(
        self,
        seed: int,
        faults: Faults | None = None,
        *,
        now: int = 0,
        room: int = 1 << 30,
        duplicate_window: int = 0,
    ) -> None:
        self.faults = faults or Faults()
        self.now = now
        self.room = room
        self.duplicate_window = duplicate_window
        self.lock = threading.Lock()
        self._random = random.Random(seed)
        self._tie = count()
        self._under_way: list[tuple[int, int, bytes, _Copy]] = []
        self._boxes: dict[bytes, list[tuple[int, _Copy]]] = {}
        self._kept: dict[bytes, int] = {}  # id -> when it was last put
        self._position = 0
        self._incarnation = 0
        self._cut_off: set[str] = set()
        self._withheld: set[bytes] = set()
        self._aside: list[tuple[bytes, _Copy]] = []

    # -- what a simulation does to it

    def advance(self, milliseconds: int) -> None:
        """Let time pass; what was delayed until then arrives."""
        with self.lock:
            self.now += milliseconds
            self._arrive()

    def next_arrival(self) -> int | None:
        """When the next delayed copy arrives (ms), or None."""
        with self.lock:
            return self._under_way[0][0] if self._under_way else None

    def cut_off(self, *readers: str) -> None:
        """Partition: for these readers the post cannot be reached until `rejoin`."""
        self._cut_off.update(readers)

    def rejoin(self, *readers: str) -> None:
        """End the partition for these readers, or for all."""
        self._cut_off.difference_update(readers or tuple(self._cut_off))

    def withhold(self, route: bytes) -> None:
        """Accept for this mailbox and show it nothing that arrives from now on, until `release`."""
        self._withheld.add(route)

    def release(self, route: bytes) -> None:
        """Deliver what was withheld, late and in one heap."""
        with self.lock:
            self._withheld.discard(route)
            held = [copy for box, copy in self._aside if box == route]
            self._aside = [(box, copy) for box, copy in self._aside if box != route]
            for copy in held:
                self._file(route, copy)

    def lose_disk(self, share: float = 1.0) -> None:
        """Forget this share of all it holds, acknowledged or not, and begin to count anew."""
        with self.lock:
            self._incarnation += 1
            boxes, self._boxes, self._position = self._boxes, {}, 0
            for route in sorted(boxes):
                for _, copy in boxes[route]:
                    if self._random.random() >= share:
                        self._file(route, copy)
            self._under_way = [one for one in self._under_way if self._random.random() >= share]
            heapq.heapify(self._under_way)
            self._kept = {copy.origin: self.now for copies in self._boxes.values() for _, copy in copies}

    # -- what the carriers do with it

    def reached_by(self, reader: str) -> None:
        """Raises Unavailable("carrier.unreachable") in a partition."""
        if reader in self._cut_off:
            raise Unavailable("carrier.unreachable", "the post cannot be reached")

    def take(self, parcel: Parcel) -> Outcome:
        with self.lock:
            if self._chance(self.faults.busy):
                return Outcome.RETRY
            last = self._kept.get(parcel.id)
            if last is not None and self.now - last < self.duplicate_window:
                return Outcome.DUPLICATE
            if last is None and len(self._kept) >= self.room:
                return Outcome.FULL
            self._kept[parcel.id] = self.now
            for route in dict.fromkeys(parcel.routes):
                self._send(route, parcel)
            self._arrive()
            return Outcome.ACCEPTED

    def show(self, routes: frozenset[bytes], cursor: bytes, limit: int) -> Batch:
        limit = max(1, limit)
        salt = hashlib.blake2b(b"".join(sorted(routes)), digest_size=8).digest()
        with self.lock:
            self._arrive()
            start = self._start(cursor, salt)
            waiting: list[tuple[int, _Copy]] = []
            for route in sorted(routes):
                box = self._boxes.get(route, [])
                begin = bisect_left(box, start, key=lambda one: one[0])
                waiting.extend(box[begin : begin + limit + 1])
            waiting.sort(key=lambda one: one[0])
            shown = waiting[:limit]
            more = len(waiting) > len(shown)
            after = waiting[len(shown)][0] if more else self._position
            items = tuple((copy.id, copy.blob) for _, copy in shown)
            return Batch(items, _CURSOR.pack(1, salt, self._incarnation, after), more)

    def forget(self, ids: Collection[bytes]) -> None:
        with self.lock:
            wanted = frozenset(ids)
            for ident in wanted:
                self._kept.pop(ident, None)
            for route, box in self._boxes.items():
                self._boxes[route] = [one for one in box if one[1].origin not in wanted]
            self._under_way = [one for one in self._under_way if one[3].origin not in wanted]
            heapq.heapify(self._under_way)
            self._aside = [one for one in self._aside if one[1].origin not in wanted]

    # -- inside

    def _chance(self, share: float) -> bool:
        return share > 0 and self._random.random() < share

    def _send(self, route: bytes, parcel: Parcel) -> None:
        if self._chance(self.faults.lost):
            return
        for _ in range(2 if self._chance(self.faults.repeated) else 1):
            due = self.now + self._random.randint(*self.faults.delay)
            heapq.heappush(self._under_way, (due, next(self._tie), route, self._spoil(parcel)))

    def _spoil(self, parcel: Parcel) -> _Copy:
        ident, blob = parcel.id, parcel.blob
        if self._chance(self.faults.flipped) and blob:
            bit = self._random.randrange(len(blob) * 8)
            changed = bytearray(blob)
            changed[bit // 8] ^= 1 << (bit % 8)
            blob = bytes(changed)
        if self._chance(self.faults.cut) and blob:
            blob = blob[: self._random.randrange(len(blob))]
        if self._chance(self.faults.relabelled):
            others = [one for one in self._kept if one != parcel.id]
            known = others and self._chance(0.5)
            ident = self._random.choice(others) if known else self._random.randbytes(ID_BYTES)
        return _Copy(ident, blob, parcel.id)

    def _arrive(self) -> None:
        while self._under_way and self._under_way[0][0] <= self.now:
            _, _, route, copy = heapq.heappop(self._under_way)
            if route in self._withheld:
                self._aside.append((route, copy))
            else:
                self._file(route, copy)

    def _file(self, route: bytes, copy: _Copy) -> None:
        self._boxes.setdefault(route, []).append((self._position, copy))
        self._position += 1

    def _start(self, cursor: bytes, salt: bytes) -> int:
        if len(cursor) != _CURSOR.size:
            return 0
        form, bound, incarnation, position = _CURSOR.unpack(cursor)
        return position if (form, bound, incarnation) == (1, salt, self._incarnation) else 0


@carrier("memory")
class MemoryCarrier:
    """One reader's and writer's end of a Post. `reader` names it for partitions."""

    name = "memory"

    def __init__(self, post: Post, reader: str = "") -> None:
        self._post = post
        self._reader = reader

    def capabilities(self) -> Capabilities:
        delayed = self._post.faults.delay[1] > 0
        return Capabilities(durable=False, prompt=not delayed, network=False, collects=True)

    def prepare(self) -> None:
        self._post.reached_by(self._reader)

    def put(self, parcels: Sequence[Parcel]) -> Posted:
        self._post.reached_by(self._reader)
        outcomes = tuple(self._post.take(parcel) for parcel in parcels)
        here = {Outcome.ACCEPTED, Outcome.DUPLICATE}
        places = (
            f"{PLACE}/{parcel.id.hex()}" if outcome in here else ""
            for parcel, outcome in zip(parcels, outcomes, strict=True)
        )
        return Posted(outcomes, tuple(places))

    def fetch(self, routes: frozenset[bytes], cursor: bytes, limit: int, seen: Seen) -> Batch:
        """The cursor alone says what is new here; `seen` is not asked."""
        self._post.reached_by(self._reader)
        return self._post.show(routes, cursor, limit)

    def collect_garbage(
        self, own: Mapping[str, Sequence[Held]], finished: Collection[bytes], now: int
    ) -> frozenset[str]:
        self._post.reached_by(self._reader)
        ripe = {
            place: tuple(held)
            for place, held in own.items()
            if place.startswith(f"{PLACE}/") and all(one.id in finished or one.expires <= now for one in held)
        }
        self._post.forget([one.id for held in ripe.values() for one in held])
        return frozenset(ripe)

    def done(self, cursor: bytes) -> None:
        """Nothing waits for it here."""

    def when_wanted(self, call: Callable[[], None] | None) -> None:
        """Nothing tells when something comes."""

    def close(self) -> None:
        """Nothing is open between two calls."""

    def gone(self, routes: frozenset[bytes], names: Collection[str]) -> frozenset[str]:
        return frozenset(names)


__all__ = ["Faults", "MemoryCarrier", "Post"]
