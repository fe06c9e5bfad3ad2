"""What is cancelled while it begins, and again while it ends, leaves no connection open."""

from __future__ import annotations

import asyncio
import gc
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from valise.carriers.relay import session as sessions
from valise.carriers.relay import transport as transports
from valise.carriers.relay.session import Credential, Session
from valise.carriers.relay.worker import Worker
from valise.domain.errors import Unavailable
from valise.domain.relay import Server

HOST = "127.0.0.1"


@pytest.fixture
def door() -> Iterator[socket.socket]:
    """Takes connections in and says nothing."""
    with socket.create_server((HOST, 0), backlog=64) as made:
        yield made


def begun(door: socket.socket, scheme: str) -> tuple[Session, str]:
    url = f"{scheme}://{HOST}:{door.getsockname()[1]}"
    return Session(Server((url,)), Credential("", "", 0), "_INBOX.a"), url


@pytest.mark.parametrize("scheme", ["nats", "ws"])
def test_cancelled_while_it_ends(door: socket.socket, scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second comes while the first one's end waits for the peer."""
    waiting = threading.Event()

    async def forever(_line: object) -> None:
        waiting.set()
        await asyncio.sleep(60)

    async def scene() -> None:
        one, url = begun(door, scheme)
        task = asyncio.create_task(one.open(url, ""))
        taken = await asyncio.to_thread(door.accept)
        with taken[0]:
            await asyncio.sleep(0.05)
            line = transports.TcpLine if scheme == "nats" else transports.WebSocketLine
            monkeypatch.setattr(line, "wait_closed", forever)
            task.cancel()
            while not waiting.is_set():
                await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert one.lost.is_set()
            taken[0].settimeout(5)
            while await asyncio.to_thread(taken[0].recv, 4096):
                pass  # what it had said; then its end

    asyncio.run(scene())
    gc.collect()  # what is left open is told here


def test_the_thread_ends_what_nobody_closed(door: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were a session to forget its connection, the thread that made it would not."""

    async def not_at_all(_session: Session) -> None:
        return None

    monkeypatch.setattr(sessions.Session, "end", not_at_all)
    worker = Worker()
    one, url = begun(door, "nats")
    with pytest.raises(Unavailable):
        worker.run(lambda: one.open(url, ""), 0.3)

    async def last() -> None:
        return None

    begins = time.monotonic()
    worker.close(last, 10)
    assert time.monotonic() - begins < 9
    taken, _ = door.accept()
    with taken:
        taken.settimeout(5)
        try:
            while taken.recv(4096):
                pass
        except ConnectionResetError:
            pass
    gc.collect()
