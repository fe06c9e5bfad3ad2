"""What happens on the relay's thread: the carrier's calls, spread over connections."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Final

from valise.carriers.abc import ID_BYTES, Outcome, Parcel
from valise.carriers.relay import revoking, wire
from valise.carriers.relay.backoff import Random
from valise.carriers.relay.carrier import Probe
from valise.carriers.relay.mailbox import OwnRelay, look
from valise.carriers.relay.pool import Pool, connect
from valise.carriers.relay.session import Session
from valise.carriers.relay.writer import Letter, send
from valise.domain.errors import Unavailable
from valise.domain.relay import Address, Mailbox

_LASTING: Final = frozenset(("relay.refused", "relay.expired"))
_BACK: Final = 6.0  # seconds until a message that tests has come back
_ACKNOWLEDGE: Final = 5.0

Answers = Sequence[dict[Address, tuple[Outcome, str]]]


class Clerk:
    """Lives on one loop."""

    def __init__(
        self, mailbox: Mailbox | None, proxy: str, random: Random, tell: Callable[[], None], heartbeat: float
    ) -> None:
        self._proxy = proxy
        self._random = random
        self._pool = Pool(proxy, random, tell)
        self._own = OwnRelay(mailbox, proxy, random, tell, heartbeat) if mailbox is not None else None
        self._served: dict[Address, float] = {}

    @property
    def problem(self) -> str:
        return self._own.code if self._own is not None and self._own.session is None else ""

    async def forget(self, wanted: frozenset[Address]) -> None:
        self._pool.forget(wanted)
        self._served = {one: when for one, when in self._served.items() if one in wanted}

    # -- to others

    async def put(
        self, parcels: Sequence[Parcel], boxes: Sequence[Mapping[Address, set[bytes]]], answers: Answers, seconds: float
    ) -> None:
        """Answer for each parcel and address, as far as there is one in time."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        bags: dict[Address, list[tuple[int, Letter]]] = {}
        for n, (parcel, some) in enumerate(zip(parcels, boxes, strict=True)):
            for address, routes in some.items():
                letter = Letter(
                    address.subject(large=len(parcel.blob) > wire.SMALL),
                    wire.message_id(address.seed, address.inbox, parcel.id, routes),
                    wire.pack(parcel.id, routes, parcel.blob),
                )
                bags.setdefault(address, []).append((n, letter))
        # who waited longest goes first: when there are more relays than time, it is not always the same that wait
        order = sorted(bags, key=lambda one: self._served.get(one, 0.0))
        tasks = [loop.create_task(self._serve(one, [letter for _, letter in bags[one]], deadline)) for one in order]
        _, late = await asyncio.wait(tasks, timeout=max(0.0, deadline + 1 - loop.time()))
        for task in late:
            task.cancel()
        for address, bag in bags.items():
            for n, letter in bag:
                outcome = letter.outcome or Outcome.RETRY
                answers[n][address] = outcome, letter.code or ("" if letter.outcome else "carrier.unreachable")

    async def _serve(self, address: Address, letters: list[Letter], deadline: float) -> None:
        loop = asyncio.get_running_loop()
        code = self._pool.trouble(address)
        if not code:
            code = await self._try(address, letters, deadline)
            self._served[address] = loop.time()
        left = [one for one in letters if one.outcome is None]
        for letter in left:
            letter.settle(Outcome.REFUSED if code in _LASTING else Outcome.RETRY, code or "carrier.unreachable")
        if any(letter.outcome is Outcome.RETRY for letter in letters):
            self._pool.owe(address)

    async def _try(self, address: Address, letters: list[Letter], deadline: float) -> str:
        loop = asyncio.get_running_loop()
        for _ in range(2):  # a connection that was lost is made again once
            try:
                async with self._pool.lease(address) as session:
                    if loop.time() >= deadline:
                        return "carrier.unreachable"
                    worth = await send(session, letters, deadline)
            except Unavailable as error:
                if error.code in _LASTING:
                    self._pool.failed(address, error.code)
                return error.code
            if all(one.outcome is not None for one in letters):
                break
            if not worth:
                break
        if any(one.outcome in (None, Outcome.RETRY) for one in letters):
            self._pool.failed(address, "carrier.unreachable")
        return ""

    # -- to us

    async def fetch(
        self, routes: frozenset[bytes], committed: int, limit: int, wait: float
    ) -> tuple[tuple[tuple[bytes, bytes], ...], int, bool]:
        """(parcel id, blob) pairs, the number of their batch, whether there are more."""
        own = self._own
        assert own is not None
        own.start()
        own.taken = asyncio.get_running_loop().time()
        if wait:
            try:
                async with asyncio.timeout(wait):
                    await own.settled.wait()
            except TimeoutError:
                pass
        items, number, more = own.held.take(routes, committed, limit)
        if not items:
            own.check()
        return tuple((one.message.id, one.message.blob) for one in items), number, more

    async def done(self, number: int) -> None:
        if self._own is not None:
            self._own.held.commit(number)
            await self._own.acknowledge(_ACKNOWLEDGE)

    # -- trying

    async def probe(self, address: Address | None, *, own: bool) -> Probe:
        """Our own relay over a connection of its own, and the way of an address where there is one."""
        loop = asyncio.get_running_loop()
        begun, seen = loop.time(), list[str]()
        software = code = ""
        try:
            if own:
                software = await self._try_own(seen)
            if address is not None:
                async with self._pool.lease(address) as session:
                    software = software or session.software
                    if not own:
                        seen.append("connected")
                    await self._try_writing(session, address, seen, own)
        except Unavailable as error:
            code = error.code
        return Probe(code, round((loop.time() - begun) * 1000), software, tuple(seen))

    @asynccontextmanager
    async def _beside(self) -> AsyncIterator[tuple[Session, Mailbox]]:
        """Another connection to our own relay."""
        own = self._own
        if own is None:
            raise Unavailable("relay.none", "no relay of our own")
        box = own.mailbox
        session, _ = await connect(box.server, own.credential, wire.reader_replies(box.seat), self._proxy)
        try:
            yield session, box
        finally:
            await session.end()

    async def _try_own(self, seen: list[str]) -> str:
        async with self._beside() as (session, box):
            seen.append("connected")
            for stream in box.streams:
                await look(session, stream, box.seat)
            seen.append("mailbox")
            return session.software

    async def revoke(self, users: Sequence[str]) -> str:
        async with self._beside() as (session, box):
            return await revoking.revoke(session, box.inbox, users)

    async def _try_writing(self, session: Session, address: Address, seen: list[str], own: bool) -> None:
        ident = self._random(ID_BYTES)
        routes = {wire.NOBODY}
        letter = Letter(
            address.subject(large=False), wire.message_id(address.seed, address.inbox, ident, routes), wire.pack(ident, routes, b"")
        )
        came = self._own.expect(ident) if own and self._own is not None else None
        try:
            await send(session, [letter], asyncio.get_running_loop().time() + _BACK)
            if letter.outcome is not Outcome.ACCEPTED:
                raise Unavailable(letter.code or "carrier.unreachable", "the relay did not take a message")
            seen.append("wrote")
            if came is None or self._own is None:
                return
            self._own.start()
            try:
                async with asyncio.timeout(_BACK):
                    await came.wait()
            except TimeoutError:
                raise Unavailable("carrier.unreachable", "a message did not come back") from None
            seen.append("read back")
        finally:
            if self._own is not None:
                self._own.forget(ident)

    async def close(self) -> None:
        await asyncio.gather(self._pool.close(), *([self._own.close()] if self._own else []), return_exceptions=True)
