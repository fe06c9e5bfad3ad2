"""Inboxes on test servers without authentication, and carriers that read and write them."""

from __future__ import annotations

import os
import random
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count

from tests.relay import servers
from tests.relay.servers import Node

from valise.carriers.abc import Batch, Carrier, Parcel
from valise.carriers.relay import RelayCarrier, nkeys
from valise.domain.errors import Unavailable
from valise.domain.relay import Address, Mailbox, Server

XA, XB, XC = (bytes([n]) * 16 for n in (1, 2, 3))
PATIENCE = 30.0  # seconds until something that should happen is a failure
JWT = f"a.b.{'c' * 86}"  # of the right form; these servers ask for none
_number = count()


def token() -> str:
    """A name nobody used before."""
    return "".join("abcdefghij"[int(digit)] for digit in f"{next(_number):08d}")


def seed() -> str:
    return nkeys.seed(nkeys.Kind.USER, os.urandom(32))


def parcels(number: int, *routes: bytes, size: int = 300, draw: int = 0) -> list[Parcel]:
    made = random.Random(f"{draw}/{number}")
    return [Parcel(made.randbytes(16), routes or (XA,), made.randbytes(size)) for _ in range(number)]


class Box:
    """One delegation's inbox on running servers, with the seats of its laptops."""

    def __init__(self, nodes: Sequence[Node], seats: int = 1, server: Server | None = None, **limits: object) -> None:
        self.nodes = list(nodes)
        self.inbox = token()
        self.seats = [token() for _ in range(seats)]
        self.server = server or Server(tuple(one.url for one in nodes))
        urls = [one.url for one in nodes if one.running]
        if urls:
            servers.provision(urls, self.inbox, self.seats, **limits)  # type: ignore[arg-type]

    def address(self, *, server: Server | None = None, slot: str = "") -> Address:
        return Address(server or self.server, self.inbox, slot or token(), JWT, seed(), 2**50)

    def mailbox(self, seat: int = 0, *, server: Server | None = None) -> Mailbox:
        return Mailbox(server or self.server, self.inbox, self.seats[seat], JWT, seed())

    def standing(self, seat: int = 0) -> tuple[int, int]:
        """(not yet delivered, delivered and not confirmed) over both streams, as the server says."""
        undelivered = unconfirmed = 0
        for stream in (f"IN_{self.inbox}", f"BL_{self.inbox}"):
            held = servers.consumer(servers.leader(self.nodes, stream), stream, self.seats[seat])
            undelivered += int(str(held["num_pending"]))
            unconfirmed += int(str(held["num_ack_pending"]))
        return undelivered, unconfirmed


@contextmanager
def carriers() -> Iterator[Callable[..., RelayCarrier]]:
    """Makes carriers; all are closed in the end."""
    made: list[RelayCarrier] = []

    def make(mailbox: Mailbox | None = None, known: Mapping[bytes, Address] | None = None, **more: object) -> RelayCarrier:
        made.append(RelayCarrier(mailbox, **more))  # type: ignore[arg-type]
        made[-1].know(known or {})
        return made[-1]

    try:
        yield make
    finally:
        for one in made:
            one.close()


class Reader:
    """An engine that takes in what a carrier brings, waiting on nothing but its word."""

    def __init__(self, carrier: Carrier, *routes: bytes) -> None:
        self.carrier = carrier
        self.routes = frozenset(routes or (XA,))
        self.cursor = b""
        self.got: list[tuple[bytes, bytes]] = []
        self.trouble: list[str] = []
        self.wanted = threading.Event()
        carrier.when_wanted(self.wanted.set)

    def fetch(self, limit: int = 128) -> Batch:
        return self.carrier.fetch(self.routes, self.cursor, limit, lambda names: ())

    def take(self, batch: Batch, *, done: bool = True) -> None:
        self.got += batch.items
        self.cursor = batch.cursor
        if done:
            self.carrier.done(batch.cursor)

    def until(self, enough: Callable[[], bool], limit: int = 128, *, asking: bool = False) -> None:
        """Fetch and take whenever there is word of something, until it is so. `asking`: without waiting for word."""
        for _ in range(2000):
            self.wanted.clear()
            try:
                batch = self.fetch(limit)
            except Unavailable as error:
                self.trouble.append(error.code)
            else:
                self.take(batch)
                if batch.more:
                    continue
            if enough():
                return
            assert asking or self.wanted.wait(PATIENCE), f"nothing comes any more: {len(self.got)} {self.trouble[-3:]}"
        raise AssertionError("it does not come to an end")

    def ids(self) -> list[bytes]:
        return [name for name, _ in self.got]


def ids(sent: Sequence[Parcel]) -> list[bytes]:
    return [one.id for one in sent]
