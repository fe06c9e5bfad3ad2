"""One connection to one relay. nats-py speaks the protocol; what it leaves open is closed here.

It does not reconnect by itself: its own way takes every address a server names for one to connect to, mixes schemes, and
buffers what is not known to have arrived. Whoever holds a Session makes a new one.
"""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import ssl
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import aiohttp
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error, ProtocolError
from nats.protocol.parser import AWAITING_MSG_PAYLOAD, Parser

from valise.carriers.relay import nkeys, transport, trust
from valise.domain.errors import Refused, Unavailable
from valise.domain.relay import Server

CONNECT_PATIENCE: Final = 6.0
PING: Final = 60
MOST_MESSAGE: Final = 1 << 20
MOST_LINE: Final = 64 * 1024
MOST_PENDING: Final = 16 << 20
Answer = Callable[[Msg | None], None]
logging.getLogger("nats").addHandler(logging.NullHandler())
logging.getLogger("nats").propagate = False  # it logs errors with what the server said


@dataclass(frozen=True, slots=True)
class Credential:
    """Who we are to a relay. `expires` ms UTC, 0 = never."""

    jwt: str
    seed: str
    expires: int


class _Limited(Parser):
    """A server that announces what nobody sends must not fill the memory."""

    async def parse(self, data: bytes = b"") -> None:
        await super().parse(data)
        large = self.state == AWAITING_MSG_PAYLOAD and self.needed > MOST_MESSAGE
        if large or (self.state != AWAITING_MSG_PAYLOAD and len(self.buf) > MOST_LINE):
            raise ProtocolError


class Session(Client):
    """`replies` = prefix of the subjects on which answers come."""

    def __init__(self, server: Server, credential: Credential, replies: str) -> None:
        super().__init__()
        self._server = server
        self._credential = credential
        self._replies = replies
        self._ps = _Limited(self)
        self._answers: dict[str, tuple[str, Answer]] = {}
        self._count = 0
        self._mux = ""
        self.lost = asyncio.Event()
        self.code = ""  # why it was lost

    @property
    def software(self) -> str:
        """The server's version, its own words cut short."""
        found = self._server_info.get("version")
        return found[:20] if isinstance(found, str) and found.isascii() and found.isprintable() else ""

    async def open(self, url: str, proxy: str) -> None:
        """Unavailable("carrier.unreachable" | "relay.refused" | "relay.expired" | "relay.old" | "relay.untrusted" |
        "relay.proxy")."""
        try:
            self._transport = transport.made(self._server, url.partition(":")[0], proxy)
            async with asyncio.timeout(CONNECT_PATIENCE):
                await self.connect(
                    [url],
                    error_cb=self._on_error,
                    disconnected_cb=self._on_end,
                    closed_cb=self._on_end,
                    discovered_server_cb=_nothing,
                    reconnected_cb=_nothing,
                    lame_duck_mode_cb=_nothing,
                    allow_reconnect=False,
                    connect_timeout=int(CONNECT_PATIENCE),
                    ping_interval=PING,
                    max_outstanding_pings=2,
                    dont_randomize=True,
                    no_echo=True,
                    tls=trust.context(self._server),
                    signature_cb=self._sign,
                    user_jwt_cb=self._credential.jwt.encode,
                    inbox_prefix=self._replies,
                    drain_timeout=2,
                )
                if not self.is_connected:
                    raise Unavailable("carrier.unreachable", "the relay did not finish its greeting")
                self._mux = self.new_inbox()
                await self.subscribe(f"{self._mux}.*", cb=self._answered, pending_bytes_limit=MOST_PENDING)
            assert self._reading_task is not None
            self._reading_task.add_done_callback(lambda _task: self._on_lost())  # nats-py may stop reading and say nothing
        except BaseException as error:
            await self.end()
            if isinstance(error, Exception):
                raise self._meaning(error) from None
            raise

    async def _select_next_server(self) -> None:
        """One address, one try."""
        self._current_server = self._server_pool[0]
        self._current_server.last_attempt = time.monotonic()
        await self._connect_to_server(self._current_server)

    async def _connect_to_server(self, s: Any) -> None:
        assert self._transport is not None
        if s.uri.scheme == "wss":
            await self._transport.connect_tls(s.uri, self.ssl_context, 1 << 16, int(CONNECT_PATIENCE))
        else:
            await self._transport.connect(s.uri, 1 << 16, int(CONNECT_PATIENCE))

    async def _process_info(self, info: dict[str, Any], initial_connection: bool = False) -> None:
        """Where else it says it listens is of no interest."""

    async def _process_pong(self) -> None:
        """Somebody who stopped waiting for it must not end the reading either."""
        if self._pongs and self._pongs[0].done():
            self._pongs.pop(0)
            self._pings_outstanding = 0
        else:
            await super()._process_pong()

    async def _process_headers(self, headers: Any) -> dict[str, str] | None:
        """What a writer put before his message must not end the reading."""
        try:
            return await super()._process_headers(headers)
        except Exception:
            return None

    def _connect_command(self) -> bytes:
        """The last moment before anything of ours is said."""
        assert isinstance(self._transport, transport.TcpLine | transport.WebSocketLine) and self._current_server
        self._transport.check()
        info = self._server_info
        trust.check_version(info.get("version"), self._current_server.uri.hostname or "")
        if type(info.get("max_payload")) is not int or info.get("headers") is not True:
            raise Unavailable("relay.old", "the relay's server cannot carry envelopes")
        nonce = info.get("nonce", "")
        if type(nonce) is not str or len(nonce) > 256 or not nonce.isascii():
            raise Unavailable("carrier.unreachable", "a greeting that is none")
        return bytes(super()._connect_command())

    def _sign(self, nonce: str) -> bytes:
        return base64.b64encode(nkeys.sign(self._credential.seed, nonce.encode()))

    # -- requests

    async def ask(
        self, subject: str, payload: bytes, answer: Answer, headers: Mapping[str, str] | None = None
    ) -> str:
        """Publish with a reply of its own; `answer` is called once, on the loop, with what comes, or with None when the relay
        forbids it. Returns what `forget` takes. Raises what nats-py raises when the connection is gone."""
        self._count += 1
        token = f"{self._count:010d}"
        self._answers[token] = (subject.lower(), answer)
        await self.publish(subject, payload, f"{self._mux}.{token}", dict(headers) if headers else None)
        return token

    def forget(self, token: str) -> None:
        """Its answer matters no more."""
        self._answers.pop(token, None)

    async def _answered(self, msg: Msg) -> None:
        held = self._answers.pop(msg.subject.rpartition(".")[2], None)
        if held is not None:
            held[1](msg)

    async def call(self, subject: str, payload: bytes, seconds: float) -> dict[str, Any]:
        """One question with an answer in JSON. Unavailable("carrier.unreachable" | "relay.refused")."""
        came: asyncio.Future[Msg | None] = asyncio.get_running_loop().create_future()
        token = ""
        try:
            token = await self.ask(subject, payload, lambda msg: None if came.done() else came.set_result(msg))
            async with asyncio.timeout(seconds):
                msg = await came
        except (Error, OSError, TimeoutError):
            raise Unavailable("carrier.unreachable", "the relay does not answer") from None
        finally:
            self.forget(token)
        if msg is None:
            raise Unavailable("relay.refused", "the relay does not allow it")
        if status(msg) == 503:
            raise Unavailable("carrier.unreachable", "nobody answers at the relay")
        return read_json(msg.data)

    # -- how it ends

    async def _on_error(self, error: Exception) -> None:
        words = str(error).lower()
        if "permissions violation" not in words:
            return
        subject = words.partition('"')[2].partition('"')[0]
        if "subscription" in words:  # no answer would ever come
            self.code = "relay.refused"
            self.lost.set()
        for token, (asked, answer) in list(self._answers.items()):
            if asked == subject:
                del self._answers[token]
                answer(None)

    async def _on_end(self) -> None:
        self._on_lost()

    def _on_lost(self) -> None:
        if not self.lost.is_set():
            error = self.last_error
            self.code = self._meaning(error).code if error is not None else "carrier.unreachable"
            self.lost.set()

    async def end(self) -> None:
        """Close, within a few seconds. Whoever is cancelled while he ends (again: the thread's own end comes after a call's)
        leaves nothing open either."""
        held: Any = self._transport
        try:
            with suppress(Exception):
                await asyncio.wait_for(self.close(), 4)
            if held is not None:
                with suppress(Exception):
                    held.close()
                    await asyncio.wait_for(held.wait_closed(), 3)
        finally:
            if held is not None:
                held.abort()
            self._on_lost()
            self._answers.clear()

    def _meaning(self, error: Exception) -> Unavailable:
        """What went wrong, without what the server said."""
        if isinstance(error, Unavailable):
            return error
        if isinstance(error, Refused):
            return Unavailable("relay.refused", "the credential cannot sign")
        if isinstance(error, aiohttp.ClientHttpProxyError):
            if error.status >= 500:
                return Unavailable("carrier.unreachable", "the proxy does not reach the relay")
            return Unavailable("relay.proxy", "the proxy does not let us through")
        if isinstance(error, aiohttp.ClientProxyConnectionError):
            return Unavailable("relay.proxy", "the proxy cannot be reached")
        if isinstance(error, aiohttp.ClientSSLError) or (
            isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError)
        ):
            return Unavailable("relay.untrusted", "another relay than the one that was meant, or none")
        words = str(error).lower() if isinstance(error, Error) else ""
        if "authentication expired" in words and "account" not in words:
            return Unavailable("relay.expired", "the credential has expired")
        if ("authorization" in words and "timeout" not in words) or "authentication" in words:
            if 0 < self._credential.expires <= time.time() * 1000:  # at the door a relay gives no reason
                return Unavailable("relay.expired", "the credential has expired")
            return Unavailable("relay.refused", "the relay does not take the credential")
        return Unavailable("carrier.unreachable", "the relay cannot be reached")


async def _nothing() -> None:
    return None


def status(msg: Msg) -> int:
    """The number in a message that is none, e.g. 503; 0 = an ordinary one."""
    found = (msg.headers or {}).get("Status", "")
    return int(found) if found.isascii() and found.isdigit() and len(found) < 4 else 0


def read_json(data: bytes) -> dict[str, Any]:
    """{} for what is none."""
    try:
        held = json.loads(data[: 64 * 1024])
    except (ValueError, RecursionError):
        return {}
    return held if type(held) is dict else {}
