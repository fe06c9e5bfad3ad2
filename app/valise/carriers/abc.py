"""What every carrier offers to the engine above it, and the registry carriers are found in.

A carrier may lose, repeat, reorder, delay and show everything to anybody; it can do no worse. The
engine (outbox, acknowledgement, deduplication by parcel id, repair of gaps) is the same above all of them.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, TypeVar

from valise.domain.errors import Refused, Unavailable

ROUTE_BYTES = 16
ID_BYTES = 16
BLOB_LIMIT = 256 * 1024
ROUTES_LIMIT = 4096

Seen = Callable[[Sequence[str]], Collection[str]]
"""Of these names, those that some earlier `Batch.seen` brought and the engine has stored."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """One sealed envelope on its way. `routes` are the mailbox tokens (16 bytes each) of every recipient
    device, `blob` at most 256 KiB, `id` 16 random bytes. Raises Refused("carrier.parcel")."""

    id: bytes
    routes: tuple[bytes, ...]
    blob: bytes

    def __post_init__(self) -> None:
        if len(self.id) != ID_BYTES or len(self.blob) > BLOB_LIMIT:
            raise Refused("carrier.parcel", "the id or the size of a parcel is not as agreed")
        if not 0 < len(self.routes) <= ROUTES_LIMIT or any(len(route) != ROUTE_BYTES for route in self.routes):
            raise Refused("carrier.parcel", "a parcel has no route or a malformed one")


class Outcome(StrEnum):
    """What became of one parcel. None of them means delivered: only the recipient's signed statement does."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"  # this id is there already
    FULL = "full"  # no room; keep it and tell the officer
    RETRY = "retry"  # keep it and try again later, with the same id
    REFUSED = "refused"  # this carrier will never take it


@dataclass(frozen=True, slots=True)
class Posted:
    """The answer to a put, one entry for each parcel in order. `places` names where it lies ("" = nowhere,
    or nothing to collect); the engine keeps them beside its outbox for `collect_garbage`. `left`: the routes
    of each parcel that were not taken, where a carrier takes some and not others (empty = none for any); `why`:
    the error code for each route left."""

    outcomes: tuple[Outcome, ...]
    places: tuple[str, ...]
    left: tuple[frozenset[bytes], ...] = ()
    why: Mapping[bytes, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Batch:
    """What a fetch brought: (parcel id, blob) pairs, unverified, possibly again and in any order.

    In one transaction with what it made of `items`, the engine stores `cursor` and adds `seen` to the
    names its Seen callable knows, and then calls the carrier's `done`. When the commit fails, it fetches again
    with the old cursor and nothing is lost. `more`: fetch again at once, this round is not finished.
    """

    items: tuple[tuple[bytes, bytes], ...]
    cursor: bytes
    more: bool
    seen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """A parcel of our own lying at a place: its id, and when its recipients stop waiting (ms UTC)."""

    id: bytes
    expires: int


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What the engine may count on. `durable`: accepted survives power loss at the carrier. `prompt`: a
    put can be fetched at once. `network`: needs one. `collects`: what we put stays until we collect it.
    `tells`: it calls `when_wanted`."""

    durable: bool
    prompt: bool
    network: bool
    collects: bool
    blob_limit: int = BLOB_LIMIT
    tells: bool = False


class Carrier(Protocol):
    """One way to carry parcels. Calls block; none may be made from the window's thread. What the outside
    world does wrong is Unavailable("carrier.unreachable" | "carrier.full" | "relay.*"), nothing else."""

    @property
    def name(self) -> str:
        """The registered name."""
        ...

    def capabilities(self) -> Capabilities: ...

    def prepare(self) -> None:
        """Once, when an officer chooses this carrier: make what it needs there and see that it works."""
        ...

    def put(self, parcels: Sequence[Parcel]) -> Posted:
        """Hand over a batch, durably where the carrier can. All or the first part may be accepted."""
        ...

    def fetch(self, routes: frozenset[bytes], cursor: bytes, limit: int, seen: Seen) -> Batch:
        """At most `limit` parcels for any of `routes`. `cursor` is that of the last committed Batch, b"" at
        first and opaque; a damaged or foreign one starts over. A changed set of routes looks again at
        everything that still lies there, since it may hold parcels for the new ones."""
        ...

    def done(self, cursor: bytes) -> None:
        """The batch with this cursor, and all before it, are committed here: what waited for that may be let go.
        Called outside a transaction; not being called (a crash) costs a second reading, never a loss."""
        ...

    def when_wanted(self, call: Callable[[], None] | None) -> None:
        """`call` is made, from any thread, when something arrived or what was unreachable can be reached again.
        A carrier that cannot know never calls. None ends it."""
        ...

    def close(self) -> None:
        """End connections and threads. Nothing may be asked of it afterwards."""
        ...

    def collect_garbage(
        self, own: Mapping[str, Sequence[Held]], finished: Collection[bytes], now: int
    ) -> frozenset[str]:
        """Delete, of the `own` places, those in which every parcel is `finished` or expired at `now` (ms
        UTC), and only those. Returns the places that are gone, so that the engine can forget them."""
        ...

    def gone(self, routes: frozenset[bytes], names: Collection[str]) -> frozenset[str]:
        """Of the stored seen `names`, those that no longer stand for anything that lies there and may be
        forgotten. Forgetting too much costs a second reading, never a loss."""
        ...


Made = TypeVar("Made", bound=Callable[..., Carrier])
_CARRIERS: dict[str, Callable[..., Carrier]] = {}


def carrier(name: str) -> Callable[[Made], Made]:
    """Register the decorated class or factory. A carrier called x lives in the module carriers/x.py."""

    def register(made: Made) -> Made:
        if _CARRIERS.setdefault(name, made) is not made:
            raise ValueError(f"carrier {name} is defined twice")
        return made

    return register


def names() -> tuple[str, ...]:
    """Every carrier there is, by name; nothing is imported for it."""
    package = importlib.import_module("valise.carriers")
    inner = {"abc", "bundle", "courier", "courier_writing", "naming", "place"}
    return tuple(sorted(found.name for found in pkgutil.iter_modules(package.__path__) if found.name not in inner))


def find(name: str) -> Callable[..., Carrier]:
    """The carrier of that name, imported when first asked for. Raises Unavailable("carrier.unknown")."""
    if name not in _CARRIERS and name in names():
        importlib.import_module(f"valise.carriers.{name}")
    try:
        return _CARRIERS[name]
    except KeyError:
        raise Unavailable("carrier.unknown", "this version has no such carrier") from None
