"""The operator's own conversation with a relay: questions to its API, over the same Session that laptops use."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from nats.aio.msg import Msg
from nats.errors import Error

from valise.carriers.relay.pool import connect
from valise.carriers.relay.session import Credential, Session, status
from valise.domain.errors import Unavailable
from valise.domain.relay import Server

PATIENCE: Final = 10.0
Handler = Callable[[str, bytes], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: its bytes, its status (503 = nobody is there, 0 = an ordinary message), where it wants its own answer."""

    data: bytes
    status: int
    subject: str
    reply: str


class Line:
    """One connection. Unavailable("carrier.unreachable") when it is gone."""

    def __init__(self, session: Session, replies: str) -> None:
        self._session, self._replies = session, replies

    @property
    def software(self) -> str:
        """The server's version."""
        return self._session.software

    @property
    def lost(self) -> asyncio.Event:
        return self._session.lost

    def inbox(self) -> str:
        """A subject of our own for answers."""
        return self._session.new_inbox()

    async def say(self, subject: str, body: bytes, reply: str = "", headers: Mapping[str, str] | None = None) -> None:
        """Publish and wait until the server has read it."""
        try:
            await self._session.publish(subject, body, reply, dict(headers) if headers else None)
            await self._session.flush(int(PATIENCE))
        except (Error, OSError, TimeoutError):
            raise Unavailable("carrier.unreachable", "the relay cannot be reached") from None

    async def gather(
        self,
        subject: str,
        body: bytes,
        count: int,
        seconds: float = PATIENCE,
        headers: Mapping[str, str] | None = None,
        until: Callable[[Reply], bool] = lambda _reply: False,
    ) -> list[Reply]:
        """Up to `count` answers, those that come within `seconds`, ending with one for which `until` holds."""
        inbox, found = self.inbox(), asyncio.Queue[Reply]()

        async def came(msg: Msg) -> None:
            found.put_nowait(Reply(msg.data, status(msg), msg.subject, msg.reply))

        listed: list[Reply] = []
        try:
            held = await self._session.subscribe(inbox, cb=came)
            try:
                await self.say(subject, body, inbox, headers)
                async with asyncio.timeout(seconds):
                    while len(listed) < count:
                        listed.append(await found.get())
                        if until(listed[-1]):
                            break
            except TimeoutError:
                pass
            finally:
                await held.unsubscribe()
        except (Error, OSError):
            raise Unavailable("carrier.unreachable", "the relay cannot be reached") from None
        return listed

    async def ask(
        self, subject: str, body: bytes = b"", seconds: float = PATIENCE, headers: Mapping[str, str] | None = None
    ) -> Reply | None:
        """One answer, None when none came in time: nobody may ask that, or nobody answers."""
        found = await self.gather(subject, body, 1, seconds, headers)
        return found[0] if found else None

    async def listen(self, subject: str, call: Callable[[Reply], Awaitable[None]]) -> None:
        """`call` for what arrives, until the connection ends."""

        async def came(msg: Msg) -> None:
            await call(Reply(msg.data, status(msg), msg.subject, msg.reply))

        try:
            await self._session.subscribe(subject, cb=came)
            await self._session.flush(int(PATIENCE))
        except (Error, OSError, TimeoutError):
            raise Unavailable("carrier.unreachable", "the relay cannot be reached") from None


@asynccontextmanager
async def line(server: Server, jwt: str, seed: str, replies: str) -> AsyncIterator[Line]:
    """Connected to the first address that answers. `replies`: the prefix under which it may hear answers. Unavailable as
    Session.open says."""
    session, _ = await connect(server, Credential(jwt, seed, 0), replies, "")
    try:
        yield Line(session, replies)
    finally:
        await session.end()
