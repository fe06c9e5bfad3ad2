"""Staying connected to our own relay."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from valise.carriers.relay import wire
from valise.carriers.relay.backoff import Backoff, Random
from valise.carriers.relay.pool import connect
from valise.carriers.relay.reader import Held, Pull, acknowledge, tell_all
from valise.carriers.relay.session import Credential, Session
from valise.domain.errors import Unavailable
from valise.domain.relay import Mailbox

HEARTBEAT: Final = 15.0
_ANSWER: Final = 5.0
_SETTLED: Final = 30.0  # seconds of being connected after which the next trouble is a new one
_LEFT_ALONE: Final = 600.0  # seconds without the engine after which what it does not take may be sent again


@dataclass(frozen=True, slots=True)
class Seat:
    """What a relay says of one of our consumers. `waiting` = not yet delivered; seconds."""

    waiting: int
    ack_wait: float


async def look(session: Session, stream: str, seat: str) -> Seat:
    """Unavailable("carrier.unreachable" | "relay.refused")."""
    held = await session.call(f"$JS.API.CONSUMER.INFO.{stream}.{seat}", b"", _ANSWER)
    error, config = held.get("error"), held.get("config")
    if isinstance(error, dict):
        if error.get("code") == 404:
            raise Unavailable("relay.refused", "the relay has no seat for this laptop")
        raise Unavailable("carrier.unreachable", "the relay cannot say anything of the mailbox")
    wait = config.get("ack_wait") if isinstance(config, dict) else None
    waiting = held.get("num_pending")
    if type(wait) is not int or type(waiting) is not int:
        raise Unavailable("carrier.unreachable", "an answer that is none")
    return Seat(max(0, waiting), max(1.0, wait / 1e9))


class OwnRelay:
    """One long-lived connection to the mailbox's relay, made anew whenever it is lost. `tell` when it is there again or brought
    something. Lives on one loop."""

    def __init__(
        self, mailbox: Mailbox, proxy: str, random: Random, tell: Callable[[], None], heartbeat: float = HEARTBEAT
    ) -> None:
        self.mailbox = mailbox
        self._proxy = proxy
        self._tell = tell
        self._heartbeat = heartbeat
        self._backoff = Backoff(random)
        self._waiters: dict[bytes, asyncio.Event] = {}
        self.held = Held(tell, self._seen)
        self.session: Session | None = None
        self.code = ""
        self.software = ""
        self.taken = 0.0
        self.settled = asyncio.Event()  # the first try came to something
        self._task: asyncio.Task[None] | None = None
        self._pulls: list[Pull] = []

    @property
    def credential(self) -> Credential:
        return Credential(self.mailbox.jwt, self.mailbox.seed, self.mailbox.expires)

    def start(self) -> None:
        if self._task is None:
            self.taken = asyncio.get_running_loop().time()
            self._task = asyncio.get_running_loop().create_task(self._stay())

    def check(self) -> None:
        """Unavailable with what keeps us from being connected."""
        if self.session is None:
            raise Unavailable(self.code or "carrier.unreachable", "not connected to our own relay")

    def expect(self, ident: bytes) -> asyncio.Event:
        """Set when the message of this id to nobody comes."""
        return self._waiters.setdefault(ident, asyncio.Event())

    def forget(self, ident: bytes) -> None:
        self._waiters.pop(ident, None)

    def _seen(self, ident: bytes) -> None:
        if (waiter := self._waiters.get(ident)) is not None:
            waiter.set()

    async def acknowledge(self, seconds: float) -> None:
        """What is committed, as far as the relay answers."""
        if self.session is not None:
            await acknowledge(self.session, self.held, seconds)

    async def _stay(self) -> None:
        loop, at = asyncio.get_running_loop(), 0
        while True:
            try:
                session, at = await connect(
                    self.mailbox.server, self.credential, wire.reader_replies(self.mailbox.seat), self._proxy, at
                )
                begun = loop.time()
                try:
                    await self._use(session)
                finally:
                    again, self.session = self.session is not None, None
                    await session.end()
                if again and loop.time() - begun > _SETTLED:
                    self._backoff.tries = 0
                code = session.code or "carrier.unreachable"
            except Unavailable as error:
                code = error.code
            at += 1
            self.code = code
            self._backoff.failed(code, loop.time())
            self.settled.set()
            await asyncio.sleep(self._backoff.until - loop.time())

    async def _use(self, session: Session) -> None:
        """Read until the connection is lost."""
        seats = [await look(session, stream, self.mailbox.seat) for stream in self.mailbox.streams]
        await acknowledge(session, self.held, _ANSWER)
        self._pulls = pulls = [
            Pull(session, which, stream, self.mailbox.seat, self.held, self._heartbeat)
            for which, stream in enumerate(self.mailbox.streams)
        ]
        for pull, seat in zip(pulls, seats, strict=True):
            pull.owed = seat.waiting
        keep = min(seat.ack_wait for seat in seats) / 2
        work: list[Any] = [pull.run() for pull in pulls]
        work += [self._confirm(session), self._keep(session, keep), self._ready(session, pulls)]
        tasks = [asyncio.get_running_loop().create_task(one) for one in work]
        lost = asyncio.get_running_loop().create_task(session.lost.wait())
        try:
            await asyncio.wait([lost, *tasks[:-1]], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (lost, *tasks):
                task.cancel()
            await asyncio.gather(lost, *tasks, return_exceptions=True)

    async def _ready(self, session: Session, pulls: list[Pull]) -> None:
        for pull in pulls:
            await pull.caught_up.wait()
        self.session, self.code, self.software = session, "", session.software
        self.settled.set()
        self._tell()

    async def _confirm(self, session: Session) -> None:
        """Acknowledge what was let go without anybody waiting for it."""
        while not session.lost.is_set():
            while not self.held.acking:
                self.held.stir.clear()
                await self.held.stir.wait()
            await acknowledge(session, self.held, _ANSWER)
            await asyncio.sleep(0.2)

    async def _keep(self, session: Session, seconds: float) -> None:
        """Say in time that what is held is being worked on."""
        loop = asyncio.get_running_loop()
        while not session.lost.is_set():
            await asyncio.sleep(seconds)
            if loop.time() - self.taken < _LEFT_ALONE:
                await tell_all(session, self.held.replies(), b"+WPI")

    async def close(self) -> None:
        """What is committed is acknowledged; what is not may come again at once."""
        session = self.session
        if session is not None and not session.lost.is_set():
            with suppress(Exception):
                await asyncio.wait_for(acknowledge(session, self.held, 1), 1.5)
            for pull in self._pulls:  # else they are sent again at once, to us
                await pull.stop()
            await tell_all(session, self.held.replies(), b"-NAK")
        if self._task is not None:
            self._task.cancel()
            with suppress(BaseException):
                await self._task
