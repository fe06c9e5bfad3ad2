"""The connections to the relays of others: few, kept for a while, and none tried again too soon."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from valise.carriers.relay import wire
from valise.carriers.relay.backoff import LONGEST, Backoff, Random, between
from valise.carriers.relay.session import Credential, Session
from valise.domain.errors import Unavailable
from valise.domain.relay import Address, Server

MOST_OPEN: Final = 8
IDLE: Final = 60.0
_PROBES: Final = 2
_HOPELESS: Final = 600.0  # a credential that is not taken is tried this seldom; a new one is another address
_OURS: Final = frozenset(("relay.refused", "relay.expired"))  # about the credential, not about the server


async def connect(server: Server, credential: Credential, replies: str, proxy: str, first: int = 0) -> tuple[Session, int]:
    """A session with the first of the server's addresses, from the `first` on, that answers, and which it was. Unavailable as
    Session.open says."""
    urls = server.urls
    if proxy:  # nothing goes past it, but for what is on this computer
        urls = tuple(url for url in urls if not url.startswith("tls://"))
        if not urls:
            raise Unavailable("relay.proxy", "only a relay with WebSocket can be reached through a proxy")
    worst: Unavailable | None = None
    for n in range(len(urls)):
        at = (first + n) % len(urls)
        session = Session(server, credential, replies)
        try:
            await session.open(urls[at], proxy)
            return session, at
        except Unavailable as error:
            if worst is None or worst.code == "carrier.unreachable":
                worst = error
    assert worst is not None
    raise worst


@dataclass(slots=True)
class _Held:
    session: Session | None = None
    leases: int = 0
    used: float = 0.0
    at: int = 0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Pool:
    """At most MOST_OPEN sessions, one for each address. `tell` is called when what was in trouble can be reached again. Lives on
    one loop."""

    def __init__(self, proxy: str, random: Random, tell: Callable[[], None]) -> None:
        self._proxy = proxy
        self._random = random
        self._tell = tell
        self._held: dict[Address, _Held] = {}
        self._places = asyncio.Semaphore(MOST_OPEN)
        self._probing = asyncio.Semaphore(_PROBES)
        self._troubles: dict[Server | Address, Backoff] = {}
        self._watches: dict[Server, asyncio.Task[None]] = {}
        self._ending: set[asyncio.Task[None]] = set()
        self._closed = False

    @property
    def open(self) -> int:
        """How many sessions there are just now."""
        return sum(one.session is not None for one in self._held.values())

    def trouble(self, address: Address) -> str:
        """The code of what keeps this address from being tried just now, "" = nothing."""
        now = _now()
        for key in (address, address.server):
            held = self._troubles.get(key)
            if held is not None and held.until > now:
                return held.code
        return ""

    @asynccontextmanager
    async def lease(self, address: Address) -> AsyncIterator[Session]:
        """A session for this address. Unavailable as Session.open says; what went wrong is remembered."""
        async with self._places:
            held = self._held.setdefault(address, _Held())
            held.leases += 1
            try:
                yield await self._session(address, held)
            finally:
                held.leases -= 1
                held.used = _now()
                if held.session is not None and held.session.lost.is_set():
                    self._drop(address, held)
                elif held.session is None and not held.leases:
                    self._held.pop(address, None)
                else:
                    wait = between(0.75 * IDLE, 1.25 * IDLE, self._random)
                    asyncio.get_running_loop().call_later(wait, self._idle, address, held, held.used)

    async def _session(self, address: Address, held: _Held) -> Session:
        async with held.lock:
            if self._closed:
                raise Unavailable("carrier.unreachable", "the carrier is being closed")
            if held.session is not None and not held.session.lost.is_set():
                return held.session
            if held.session is not None:
                self._end(held.session)
                held.session = None
            while self.open >= MOST_OPEN:
                idle = [one for one in self._held.items() if one[1].session is not None and not one[1].leases]
                if not idle:
                    break
                self._drop(*min(idle, key=lambda one: one[1].used))
            credential = Credential(address.jwt, address.seed, address.expires)
            try:
                held.session, held.at = await connect(
                    address.server, credential, wire.writer_replies(address.slot), self._proxy, held.at
                )
            except Unavailable as error:
                self.failed(address, error.code)
                raise
            self.worked(address)
            return held.session

    def failed(self, address: Address, code: str) -> None:
        """Leave it alone for a while."""
        key = address if code in _OURS else address.server
        trouble = self._troubles.setdefault(key, Backoff(self._random))
        trouble.failed(code, _now(), _HOPELESS if code in _OURS else LONGEST)

    def worked(self, address: Address) -> None:
        """It is in no trouble any more."""
        self._troubles.pop(address, None)
        self._troubles.pop(address.server, None)

    def owe(self, address: Address) -> None:
        """Something was left for this address because its relay is in trouble: say when it can be reached again."""
        if address.server in self._troubles and address.server not in self._watches:
            task = asyncio.get_running_loop().create_task(self._watch(address))
            self._watches[address.server] = task

    async def _watch(self, address: Address) -> None:
        try:
            while (trouble := self._troubles.get(address.server)) is not None:
                await asyncio.sleep(max(0.05, trouble.until - _now()))
                if address.server not in self._troubles:
                    break  # a put got through meanwhile
                async with self._probing:
                    try:
                        async with self.lease(address):
                            break
                    except Unavailable as error:
                        if error.code in _OURS:
                            self._troubles.pop(address.server, None)  # the server is there
        finally:
            self._watches.pop(address.server, None)
        self._tell()

    def forget(self, wanted: frozenset[Address]) -> None:
        """Of all addresses only these are of interest any more."""
        servers = {one.server for one in wanted}
        for key in list(self._troubles):
            if key not in wanted and key not in servers:
                del self._troubles[key]
        for server in self._watches.keys() - servers:
            self._watches[server].cancel()
        for address, held in list(self._held.items()):
            if address not in wanted and not held.leases:
                self._drop(address, held)

    def _idle(self, address: Address, held: _Held, used: float) -> None:
        if self._held.get(address) is held and held.used == used and not held.leases:
            self._drop(address, held)

    def _drop(self, address: Address, held: _Held) -> None:
        if not held.leases:
            self._held.pop(address, None)
        session, held.session = held.session, None
        if session is not None:
            self._end(session)

    def _end(self, session: Session) -> None:
        task = asyncio.get_running_loop().create_task(session.end())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    async def close(self) -> None:
        self._closed = True
        for task in self._watches.values():
            task.cancel()
        for address, held in list(self._held.items()):
            self._drop(address, held)
        if self._ending:
            await asyncio.wait(self._ending, timeout=4)


def _now() -> float:
    return asyncio.get_running_loop().time()
