"""How the delegations of one world are reached: by the post alone, or by relays, a copied folder and couriers at once."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.sim.folders import Folders, Weather
from tests.sim.relay import DAY, Address, Mood, Relay
from tests.sim.relay_carrier import SimRelayCarrier

from valise.carriers.abc import Parcel
from valise.carriers.memory import Faults, MemoryCarrier, Post
from valise.domain.errors import Unavailable

if TYPE_CHECKING:
    from tests.sim.laptop import Laptop

ALONE = 0.3  # of all worlds have the post alone
FULL_ROOM = 100_000


@dataclass(frozen=True, slots=True)
class Means:
    """What a delegation has: `relay` = where its inbox is; `online` = it can write to the inboxes of others; `folder` = it
    takes part in the shared one. None of the three: only a courier reaches it."""

    relay: Relay | None = None
    online: bool = False
    folder: bool = False

    def words(self) -> str:
        relay = "relay" if self.relay else "writes" if self.online else ""
        return "+".join(one for one in (relay, "folder" if self.folder else "") if one) or "courier"


class Ways:
    """The ways of one world. `several` is False where there is the post alone; `posted` is True where the post carries for
    somebody (in a world with several ways it may stand in for the folder)."""

    def __init__(self, seed: int, codes: list[str], folder: Path, post: Post, watch: Callable[[bytes], None]) -> None:
        rng = random.Random(f"ways {seed}")
        self.several = rng.random() >= ALONE
        self.relays: list[Relay] = []
        self.folders: Folders | None = None
        self.means: dict[str, Means] = dict.fromkeys(codes, Means(folder=True))
        self._seed = seed
        self._post = post
        self._watch = watch
        self._streams: dict[str, random.Random] = {}
        self._delegations: dict[str, str] = {}  # code -> id
        if self.several:
            self._draw(rng, codes, folder)

    def _draw(self, rng: random.Random, codes: list[str], folder: Path) -> None:
        for n in range(rng.choice((1, 1, 2))):
            self.relays.append(Relay(f"{self._seed} {n}", max_age=rng.choice((60 * DAY, 60 * DAY, DAY // 2))))
        if rng.random() < 0.5:
            self.folders = Folders(folder / "shared", self._seed)
        for code in codes:
            relay = rng.choice(self.relays) if rng.random() < 0.65 else None
            self.means[code] = Means(relay, relay is not None or rng.random() < 0.4, rng.random() < 0.55)

    @property
    def posted(self) -> bool:
        return self.folders is None and sum(one.folder for one in self.means.values()) > 1

    @property
    def kind(self) -> str:
        """For the summary of a long run."""
        if not self.several:
            return "the post"
        return "relay and copied folder" if self.folders else "relay and post"

    def words(self) -> str:
        """For the trace."""
        if not self.several:
            return "the post"
        folder = "copied folder" if self.folders else "post"
        return f"{len(self.relays)} relays, a {folder}; " + " ".join(f"{code}:{one.words()}" for code, one in self.means.items())

    def line(self, code: str, other: str) -> bool:
        """Whether something that every round asks carries from one delegation to another."""
        mine, theirs = self.means[code], self.means[other]
        return (mine.online and theirs.relay is not None) or (mine.folder and theirs.folder)

    def move(self, code: str, relay: Relay | None) -> bool:
        """Another relay for a delegation, or none. False when that is what it has."""
        before = self.means[code]
        self.means[code] = Means(relay, before.online or relay is not None, before.folder)
        return before.relay is not relay

    # -- laptops

    def attach(self, laptop: Laptop, delegations: Mapping[str, str]) -> None:
        """Give a laptop that has just started its lines, and what its officers know and chose. `delegations`: code -> id."""
        self._delegations = dict(delegations)
        exchange, means = laptop.desk.exchange, self.means[laptop.code]
        if means.folder and self.folders is not None:
            exchange.add("folder", self.folders.carrier(laptop.name, self._stream(laptop).randbytes, self._watch))
        elif means.folder:
            exchange.use(MemoryCarrier(self._post, laptop.name))
        if means.online:
            own = None
            if means.relay is not None:
                own = (means.relay, laptop.code, laptop.name.rstrip("'"))  # a copy of a laptop sits in its seat
                means.relay.open_inbox(laptop.code, [own[2]], self.means)
            exchange.tune = lambda: None
            exchange.carriage.book = lambda: self.book(laptop.code)
            exchange.add("relay", SimRelayCarrier(laptop.name, own, self._stream(laptop).randbytes(8), self._watch))
        self.choose(laptop)

    def book(self, code: str) -> dict[str, Address]:
        """Where this delegation may write to: delegation id -> address."""
        return {
            self._delegations[other]: Address(one.relay, other, code)
            for other, one in self.means.items()
            if one.relay is not None and other in self._delegations
        }

    def choose(self, laptop: Laptop) -> None:
        """Its officers know whom only a courier reaches, and leave the rest to the exchange."""
        if not self.several:
            return
        exchange = laptop.desk.exchange
        with laptop.store.read() as handle:
            chosen = exchange.carriage.chosen(handle)
            known = {row[0] for row in handle.rows("select id from delegation")}
        for code, name in self._delegations.items():
            wish = "" if self.line(laptop.code, code) else "courier"
            if name in known and chosen.get(name, "") != wish:
                exchange.choose(name, wish)

    def smuggle(self, laptop: Laptop, parcel: Parcel, owners: Mapping[bytes, str]) -> None:
        """Put a parcel past the exchange, as a laptop that is not honest would. `owners`: mailbox -> code."""
        means = self.means[laptop.code]
        rest = []
        for route in parcel.routes:
            to = self.means[owners[route]].relay
            if means.online and to is not None:
                with suppress(Unavailable):
                    to.publish(owners[route], laptop.code, parcel.id, frozenset({route}), parcel.blob)
            else:
                rest.append(route)
        line = laptop.desk.exchange.carriage.lines.get("folder")
        if rest and self.folders is None:
            self._post.take(Parcel(parcel.id, tuple(rest), parcel.blob))
        elif rest and line is not None:
            with suppress(Unavailable):
                line.carrier.put([Parcel(parcel.id, tuple(rest), parcel.blob)])

    def _stream(self, laptop: Laptop) -> random.Random:
        """Names and connections of a laptop: a stream that no restart rewinds."""
        return self._streams.setdefault(laptop.name, random.Random(f"{self._seed} names {laptop.name}"))

    # -- what happens to all of them

    def cut_off(self, *laptops: str) -> None:
        self._post.cut_off(*laptops)
        for relay in self.relays:
            relay.cut_off(*laptops)
        if self.folders:
            self.folders.cut_off(*laptops)

    def rejoin(self) -> None:
        self._post.rejoin()
        for relay in self.relays:
            relay.rejoin()
        if self.folders:
            self.folders.rejoin()

    def advance(self, milliseconds: int) -> None:
        self._post.advance(milliseconds)
        for relay in self.relays:
            relay.advance(milliseconds)
        if self.folders:
            self.folders.advance(milliseconds)

    def heal(self) -> None:
        """Everything carries as it should from here on."""
        self._post.faults = Faults()
        for relay in self.relays:
            relay.mood = Mood()
            relay.room = relay.per_slot = FULL_ROOM
            relay.see()
            relay.renew()
        if self.folders:
            self.folders.weather = Weather()
            self.folders.give_back()
        self.rejoin()


__all__ = ["Means", "Ways"]
