"""What holds for every test: a home of its own, no network, nothing left running."""

from __future__ import annotations

import gc
import os
import socket
import sys
import threading
import weakref
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
with suppress(ModuleNotFoundError):  # this file alone, elsewhere, is tested too
    from tests.quick import quick

    quick()
with suppress(ModuleNotFoundError):
    from tests.walked import pytest_sessionfinish, pytest_testnodedown  # noqa: F401  hooks, of the process that leads too

# Generous times: two slow cores shared by many must not make a property fail.
settings.register_profile("house", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))

_PLACES = {
    "HOME": ".",
    "USERPROFILE": ".",
    "LOCALAPPDATA": "local",
    "APPDATA": "roaming",
    "XDG_DATA_HOME": "data",
    "XDG_CONFIG_HOME": "config",
    "XDG_STATE_HOME": "state",
    "XDG_CACHE_HOME": "cache",
    "XDG_RUNTIME_DIR": "runtime",
}
_LOCAL = {"127.0.0.1", "::1", "localhost"}


class NetworkUsed(AssertionError):
    """A test reached for the network."""


def _allowed(address: Any) -> bool:
    return not isinstance(address, tuple) or address[0] in _LOCAL


class _Guarded(socket.socket):
    """Loopback and local sockets work (a relay under test listens there); everything else is refused."""

    def connect(self, address: Any) -> None:
        if not _allowed(address):
            raise NetworkUsed("a test tried to connect beyond this machine")
        super().connect(address)

    def connect_ex(self, address: Any) -> int:
        if not _allowed(address):
            raise NetworkUsed("a test tried to connect beyond this machine")
        return super().connect_ex(address)

    def sendto(self, data: Any, *rest: Any) -> int:
        if not _allowed(rest[-1]):
            raise NetworkUsed("a test tried to send beyond this machine")
        return super().sendto(data, *rest)


_resolve = socket.getaddrinfo


def _resolve_local(host: Any, *rest: Any, **more: Any) -> Any:
    if host not in {*_LOCAL, None, ""}:
        raise NetworkUsed("a test tried to resolve a name")
    return _resolve(host, *rest, **more)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "socket", _Guarded)
    monkeypatch.setattr(socket, "getaddrinfo", _resolve_local)


def pytest_collection_finish() -> None:
    """The tests themselves stay until the end: nobody need look through them for garbage again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def _homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the homes lie: a folder of their own, since pytest numbers a new one by looking through all that are there."""
    folder = tmp_path_factory.mktemp("home", numbered=False)
    return (folder / str(n) for n in count())


@pytest.fixture(autouse=True)
def home(_homes: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder of this test alone; nothing reads or writes the officer's own."""
    folder = next(_homes)
    for name, inside in _PLACES.items():
        place = folder / inside
        place.mkdir(mode=0o700, exist_ok=True)
        monkeypatch.setenv(name, str(place))
    return folder


def left_threads(before: set[threading.Thread], patience: float = 5.0) -> list[threading.Thread]:
    """Python threads that are running now and were not before; each gets `patience` seconds to end."""
    late = [one for one in threading.enumerate() if one not in before]
    for one in late:
        if one is not threading.current_thread():
            one.join(patience)
    return [one for one in late if one.is_alive()]


@pytest.fixture(autouse=True)
def no_dangling_threads() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    left = left_threads(before)
    assert not left, f"left running: {[one.name for one in left]}"


class Watch:
    """Remembers every QThread and QTimer started from Python, and says which of them still run."""

    def __init__(self, core: Any, patch: pytest.MonkeyPatch) -> None:
        self._core = core
        self._seen: list[weakref.ref[Any]] = []
        for kind in (core.QThread, core.QTimer):
            self._follow(kind, patch)

    def _follow(self, kind: Any, patch: pytest.MonkeyPatch) -> None:
        start = kind.start

        def started(this: Any, *arguments: Any, **named: Any) -> Any:
            self._seen.append(weakref.ref(this))
            return start(this, *arguments, **named)

        patch.setattr(kind, "start", started)

    def _alive(self) -> list[Any]:
        import shiboken6

        there = {id(one): one for reference in self._seen if (one := reference()) is not None}
        return [one for one in there.values() if shiboken6.isValid(one)]

    def running(self) -> list[str]:
        """Class names of what still runs, after what was deleted has really gone."""
        core = self._core
        application = core.QCoreApplication.instance()
        if application is not None:
            application.sendPostedEvents(None, core.QEvent.Type.DeferredDelete.value)
            application.processEvents()
        alive = self._alive()
        names = [type(one).__name__ for one in alive if isinstance(one, core.QTimer) and one.isActive()]
        names += [type(one).__name__ for one in alive if isinstance(one, core.QThread) and not one.wait(5000)]
        pool = core.QThreadPool.globalInstance()
        if pool.activeThreadCount() and not pool.waitForDone(5000):
            names.append("QThreadPool")
        return names


@pytest.fixture(autouse=True)
def no_dangling_qt(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Only where Qt is in use already; the other rooms' tests do not even import it."""
    core = sys.modules.get("PySide6.QtCore")
    if core is None:
        yield
        return
    watch = Watch(core, monkeypatch)
    yield
    left = watch.running()
    assert not left, f"left running: {left}"
