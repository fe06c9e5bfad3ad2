"""Bytes to and from a relay, over TLS or WebSocket, beneath nats-py.

What its own transports lack: TLS that a server cannot talk us out of, the pin, an end that does not wait for the peer, an
HTTP proxy, a limit of what is taken in, one frame for many commands.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from contextlib import suppress
from typing import Any, Final
from urllib.parse import ParseResult, unquote, urlsplit

import aiohttp
from aiohttp.connector import NEEDS_CLEANUP_CLOSED
from nats.aio.transport import TcpTransport, Transport

from valise.carriers.relay import trust
from valise.domain.errors import Unavailable
from valise.domain.relay import Server

MOST_FRAME: Final = 32 << 20  # a relay gathers all that it has for us in one: two pulls (reader.py) and answers
_LINE: Final = 64 * 1024
_OUT: Final = 256 * 1024  # what is gathered into a frame of ours
_NEXT: Final = 1.5  # seconds until the next address of a name is tried
_PARTING: Final = 1.0  # seconds to end in an orderly way


class _OverTls(asyncio.StreamReaderProtocol):
    def eof_received(self) -> bool:
        super().eof_received()
        return False  # TLS has no half that stays open; asyncio warns of whoever says otherwise


async def _reach(host: str, port: int, limit: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """One after the other of a name's addresses: asyncio's race of them loses sockets when it is cancelled."""
    infos = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    found = list(dict.fromkeys(str(info[4][0]) for info in infos))
    for one in found[:-1]:
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(_NEXT):
                return await asyncio.open_connection(one, port, limit=limit)
    return await asyncio.open_connection(found[-1], port, limit=limit)


class TcpLine(TcpTransport):
    """`tls://`, and `nats://` on loopback."""

    def __init__(self, server: Server, secured: bool) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._server = server
        self._secured = secured
        self._gone = False
        self.secure = False

    async def connect(self, uri: ParseResult, buffer_size: int, connect_timeout: int) -> None:
        reader, writer = await _reach(uri.hostname or "", uri.port or 4222, buffer_size)
        self._bare_io_reader = self._io_reader = reader
        self._bare_io_writer = self._io_writer = writer

    async def connect_tls(
        self, uri: str | ParseResult, ssl_context: ssl.SSLContext, buffer_size: int, connect_timeout: int
    ) -> None:
        assert self._bare_io_writer is not None
        loop = asyncio.get_running_loop()
        # with a reader of its own: what came in the clear before is not what the relay said over TLS
        reader = asyncio.StreamReader(limit=buffer_size)
        protocol = _OverTls(reader)
        name = uri if isinstance(uri, str) else uri.hostname
        bare = self._bare_io_writer.transport
        try:
            carried = await loop.start_tls(bare, protocol, ssl_context, server_hostname=name)
        except BaseException:
            self.abort()
            raise
        assert carried is not None
        self._io_reader, self._io_writer = reader, asyncio.StreamWriter(carried, protocol, reader, loop)
        trust.check_pin(self._server, self._io_writer.get_extra_info("ssl_object"))
        self.secure = True

    def check(self) -> None:
        """nats-py says CONNECT in the clear to a server that does not ask for TLS. Unavailable("relay.untrusted")."""
        if self._secured and not self.secure:
            raise Unavailable("relay.untrusted", "the relay does not speak TLS")

    async def wait_closed(self) -> None:
        writer = self._io_writer
        if writer is None or self._gone:
            return
        self._gone = True
        try:
            with suppress(Exception):  # the end of TLS would wait half a minute for a silent peer
                async with asyncio.timeout(_PARTING):
                    await writer.wait_closed()
        finally:
            writer.transport.abort()

    def abort(self) -> None:
        """At once."""
        self._gone = True
        if self._io_writer is not None:
            self._io_writer.transport.abort()


class WebSocketLine(Transport):
    """`wss://`, through an HTTP proxy where there is one, and `ws://` on loopback. `proxy` = "http://name:password@host:port"
    or ""."""

    def __init__(self, server: Server, proxy: str) -> None:
        self._server = server
        self._proxy = proxy
        self._http: aiohttp.ClientSession | None = None
        self._socket: aiohttp.ClientWebSocketResponse[bool] | None = None
        self._out = bytearray()
        self._rest = b""
        self._secured = False

    async def connect(self, uri: ParseResult, buffer_size: int, connect_timeout: int) -> None:
        await self._open(uri.geturl(), True)

    async def connect_tls(
        self, uri: str | ParseResult, ssl_context: ssl.SSLContext, buffer_size: int, connect_timeout: int
    ) -> None:
        if self._socket is not None:
            return  # nats-py asks again when the relay says so, and TLS is there already
        self._secured = True
        await self._open(uri if isinstance(uri, str) else uri.geturl(), ssl_context)
        self.check()

    async def _open(self, url: str, context: ssl.SSLContext | bool) -> None:
        proxy, headers = _proxy(self._proxy) if self._secured else (None, None)
        # neither cookies nor the proxies, passwords and names of this computer's environment
        # what is still parting from TLS when the session ends is ended too: older asyncio leaves it open
        ways = aiohttp.TCPConnector(enable_cleanup_closed=NEEDS_CLEANUP_CLOSED)
        self._http = aiohttp.ClientSession(connector=ways, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False)
        self._socket = await self._http.ws_connect(
            url,
            ssl=context,
            proxy=proxy,
            proxy_headers=headers,
            headers={"User-Agent": ""},
            max_msg_size=MOST_FRAME,
            compress=0,
            timeout=aiohttp.ClientWSTimeout(ws_close=_PARTING),
        )

    def check(self) -> None:
        """After whatever redirections: the TLS that was asked for, with the right key. Unavailable("relay.untrusted")."""
        if not self._secured:
            return
        session = self._socket.get_extra_info("ssl_object") if self._socket else None
        if session is None:
            raise Unavailable("relay.untrusted", "the relay does not speak TLS")
        trust.check_pin(self._server, session)

    def write(self, payload: bytes) -> None:
        self._out += payload

    def writelines(self, payload: list[bytes]) -> None:
        for one in payload:
            self._out += one

    async def drain(self) -> None:
        while self._out:
            if self._socket is None:
                raise ConnectionError("no connection")
            some = bytes(self._out[:_OUT])
            del self._out[:_OUT]
            await self._socket.send_bytes(some)

    async def read(self, buffer_size: int) -> bytes:
        if self._rest:
            found, self._rest = self._rest, b""
            return found
        if self._socket is None:
            return b""
        message = await self._socket.receive()
        if message.type is aiohttp.WSMsgType.BINARY:
            return bytes(message.data)
        if message.type is aiohttp.WSMsgType.ERROR:
            raise ConnectionError("the connection broke")
        return b""  # its end, or something that is no relay's

    async def readline(self) -> bytes:
        held = b""
        while b"\n" not in held:
            more = await self.read(0)
            held += more
            if not more or len(held) > _LINE:
                break
        line, end, self._rest = held.partition(b"\n")
        return line + end

    def at_eof(self) -> bool:
        return not self._rest and (self._socket is None or self._socket.closed)

    def close(self) -> None:
        """What is to be awaited is in wait_closed."""

    async def wait_closed(self) -> None:
        try:
            if self._socket is not None:
                with suppress(Exception):
                    await asyncio.wait_for(self._socket.close(), 2 * _PARTING)
            if self._http is not None:
                await self._http.close()
        finally:
            self.abort()

    def abort(self) -> None:
        """At once. While there is no WebSocket yet, whoever makes it ends what he has begun."""
        line, http = self._socket, self._http
        self._socket = self._http = None
        bare = line.get_extra_info("socket") if line is not None else None
        if bare is not None:
            with suppress(OSError):
                bare.shutdown(socket.SHUT_RDWR)
        if http is not None:
            http.detach()

    def __bool__(self) -> bool:
        return self._socket is not None


def _proxy(url: str) -> tuple[str | None, dict[str, str] | None]:
    """Its address without the password, and the password as a header."""
    if not url:
        return None, None
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
        if parts.scheme != "http" or not host:
            raise ValueError
        name, password = unquote(parts.username or ""), unquote(parts.password or "")
        said = {"Proxy-Authorization": aiohttp.encode_basic_auth(name, password)} if parts.username is not None else {}
    except ValueError:
        raise Unavailable("relay.proxy", "the proxy's address cannot be read") from None
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port or 8080}", said


def made(server: Server, scheme: str, proxy: str) -> Any:
    """The transport for a scheme."""
    if scheme in ("ws", "wss"):
        return WebSocketLine(server, proxy)
    return TcpLine(server, scheme == "tls")
