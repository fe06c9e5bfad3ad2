"""The thread on which everything of the relay happens, and the way into it. It starts with the first call."""

from __future__ import annotations

import concurrent.futures
import selectors
import socket
import threading
import weakref
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from valise.domain.errors import Unavailable

if TYPE_CHECKING:
    import asyncio

T = TypeVar("T")
Opened: TypeAlias = "weakref.WeakSet[asyncio.Transport]"


def _new_loop(selector: selectors.BaseSelector, opened: Opened) -> asyncio.AbstractEventLoop:
    """`opened` gets every connection that is made on it."""
    import asyncio

    class Loop(asyncio.SelectorEventLoop):
        """Names are looked up on threads that nobody waits for: those of an executor are joined at the end of the program,
        and a resolver may take half a minute."""

        async def create_connection(self, *given: Any, **more: Any) -> Any:
            made = await super().create_connection(*given, **more)
            opened.add(made[0])
            return made

        async def getaddrinfo(self, host: Any, port: Any, *rest: Any, **more: Any) -> Any:
            answer = self.create_future()

            def tell(found: Any, error: OSError | None) -> None:
                if answer.done():
                    return
                if error is None:
                    answer.set_result(found)
                else:
                    answer.set_exception(error)

            def look() -> None:
                found, error = None, None
                try:
                    found = socket.getaddrinfo(host, port, *rest, **more)
                except UnicodeError:
                    error = OSError("no name of a computer")
                except OSError as caught:
                    error = caught
                try:
                    self.call_soon_threadsafe(tell, found, error)
                except RuntimeError:
                    return  # the loop has ended meanwhile

            threading.Thread(target=look, name="relay-names", daemon=True).start()
            return await answer

    loop = Loop(selector)
    loop.set_exception_handler(lambda _loop, _context: None)  # it would print addresses
    return loop


class Worker:
    """One daemon thread with an event loop."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._closed = False

    def _started(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._closed:
                raise Unavailable("carrier.unreachable", "the relay's thread has ended")
            if self._loop is None:
                selector = selectors.DefaultSelector()
                opened: Opened = weakref.WeakSet()
                self._loop = _new_loop(selector, opened)
                given = (self._loop, selector, opened)
                self._thread = threading.Thread(target=_serve, args=given, name="relay", daemon=True)
                self._thread.start()
            return self._loop

    def run(self, work: Callable[[], Coroutine[Any, Any, T]], seconds: float) -> T:
        """The outcome of `work` on the thread. Unavailable("carrier.unreachable") after `seconds`."""
        import asyncio

        loop, job = self._started(), work()
        try:
            task = asyncio.run_coroutine_threadsafe(job, loop)
        except RuntimeError:
            job.close()
            raise Unavailable("carrier.unreachable", "the relay's thread has ended") from None
        try:
            return task.result(seconds)
        except (concurrent.futures.TimeoutError, concurrent.futures.CancelledError):
            task.cancel()
            raise Unavailable("carrier.unreachable", "the relay's thread did not answer in time") from None

    def close(self, last: Callable[[], Coroutine[Any, Any, None]], seconds: float) -> None:
        """End the thread after `last`, for which it has `seconds`."""
        with self._lock:
            self._closed = True
            loop, thread = self._loop, self._thread
            self._loop = None
        if loop is None or thread is None:
            return
        import asyncio

        task = asyncio.run_coroutine_threadsafe(last(), loop)
        try:
            task.result(seconds)
        except Exception:
            task.cancel()
        loop.call_soon_threadsafe(loop.stop)
        if thread is not threading.current_thread():
            thread.join(seconds)


def _serve(loop: asyncio.AbstractEventLoop, selector: selectors.BaseSelector, opened: Opened) -> None:
    import asyncio

    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
    finally:
        for one in asyncio.all_tasks(loop):
            one.cancel()
        while left := asyncio.all_tasks(loop):  # what ends may begin something that closes a connection
            loop.run_until_complete(_all(left))
        loop.run_until_complete(_last(selector))
        for line in list(opened):
            line.abort()  # what nobody has closed: its task was cancelled while it did
        loop.run_until_complete(_last(selector))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


async def _all(tasks: set[asyncio.Task[Any]]) -> None:
    import asyncio

    _, late = await asyncio.wait(tasks, timeout=5)
    for one in late:
        one.cancel()


async def _last(selector: selectors.BaseSelector) -> None:
    """Sockets are closed some turns of the loop after they were told to, TLS takes leave of the other end before. One of
    those the selector watches is the loop's own."""
    import asyncio

    for turn in range(100):
        if len(selector.get_map() or ()) <= 1:
            return
        await asyncio.sleep(0 if turn < 5 else 0.01)
