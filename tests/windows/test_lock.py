"""Locking: idle, suspend, session lock, once and for sure (C6)."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from fake_door import FakeDoor
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusUnixFileDescriptor, QDBusVirtualObject
from PySide6.QtWidgets import QLineEdit, QWidget

from valise.domain.errors import Unavailable
from valise.ui import theme
from valise.ui.lock import DEFAULT_MINUTES, LOGIN, LockWatch
from valise.ui.widgets.clipboard import clipboard
from valise.ui.window import MainWindow


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def watch(qapp: Any, clock: Clock) -> Iterator[LockWatch]:
    made = LockWatch(clock=clock)
    yield made
    made.stop()
    made.deleteLater()


def test_it_locks_by_default_after_five_minutes(watch: LockWatch, clock: Clock) -> None:
    assert DEFAULT_MINUTES == 5
    reasons: list[str] = []
    left: list[int] = []
    watch.due.connect(reasons.append)
    watch.left.connect(left.append)
    watch.start()
    clock.now += 299
    watch.tick()
    assert reasons == []
    clock.now += 1
    watch.tick()
    watch.tick()
    assert reasons == ["idle"]
    assert left[:3] == [300, 1, 0]


def test_time_asleep_counts(watch: LockWatch, clock: Clock) -> None:
    reasons: list[str] = []
    watch.due.connect(reasons.append)
    watch.start()
    clock.now += 8 * 3600
    watch.tick()
    assert reasons == ["idle"]


@pytest.mark.parametrize("act", ["key", "move", "press"])
def test_activity_in_any_window_of_ours_starts_anew(
    watch: LockWatch, clock: Clock, worn: theme.Theme, qtbot: Any, act: str
) -> None:
    windows = [QLineEdit(), QLineEdit()]
    for one in windows:
        qtbot.addWidget(one)
        one.show()
        watch.watch(one.windowHandle())
    watch.start()
    for one in windows:
        clock.now += 200
        handle = one.windowHandle()
        if act == "key":
            qtbot.keyClick(handle, Qt.Key.Key_A)
        elif act == "press":
            qtbot.mouseClick(handle, Qt.MouseButton.LeftButton)
        else:
            qtbot.mouseMove(handle, one.rect().center())
            qtbot.mouseMove(handle, one.rect().topLeft())
        assert watch.seconds_left == 300
    watch.stop()


def test_the_limit_can_be_changed(watch: LockWatch, clock: Clock) -> None:
    watch.start()
    clock.now += 50
    watch.set_minutes(1)
    assert watch.seconds_left == 10


# the system's word, on a bus of the test's own

CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:dir={0}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>"""


@pytest.fixture
def bus(tmp_path_factory: pytest.TempPathFactory, qapp: Any) -> Iterator[str]:
    daemon = shutil.which("dbus-daemon")
    if daemon is None:
        pytest.skip("no dbus-daemon on this machine")
    folder = tmp_path_factory.mktemp("b")
    config = folder / "bus.conf"
    config.write_text(CONFIG.format(folder))
    process = subprocess.Popen(
        [daemon, f"--config-file={config}", "--nofork", "--print-address=1"], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    yield address
    process.terminate()
    process.wait(10)
    process.stdout.close()


class Inhibit(QDBusVirtualObject):
    """The part of the login manager that gives delays."""

    asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[list[object]] = []
        self.theirs, self.ours = os.pipe()

    def introspect(self, _path: str) -> str:
        return ""

    def handleMessage(self, message: QDBusMessage, connection: QDBusConnection) -> bool:
        self.requests.append(list(message.arguments()))
        reply = message.createReply(QDBusUnixFileDescriptor(self.ours))
        os.close(self.ours)
        connection.send(reply)
        self.asked.emit()
        return True

    def held(self) -> bool:
        """Whether somebody still holds the other end."""
        os.set_blocking(self.theirs, False)
        try:
            return os.read(self.theirs, 1) != b""
        except BlockingIOError:
            return True


class FakeLogin(QObject):
    """Stands in for the login manager: owns its name on the test's bus and sends what it would send."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.bus = QDBusConnection.connectToBus(address, "fake-login")
        assert self.bus.registerService(LOGIN)

    def send(self, path: str, interface: str, member: str, *arguments: object) -> None:
        message = QDBusMessage.createSignal(path, interface, member)
        message.setArguments(list(arguments))
        assert self.bus.send(message)

    def answer_inhibit(self) -> Inhibit:
        """Answer requests for a delay, as the login manager does: with a file handle that holds sleep back."""
        self.desk = Inhibit()
        assert self.bus.registerVirtualObject(MANAGER, self.desk)
        return self.desk

    def close(self) -> None:
        self.bus.unregisterService(LOGIN)
        QDBusConnection.disconnectFromBus("fake-login")


@pytest.fixture
def login(bus: str) -> Iterator[FakeLogin]:
    made = FakeLogin(bus)
    yield made
    made.close()


@pytest.fixture
def listening(watch: LockWatch, bus: str, login: FakeLogin) -> Iterator[LockWatch]:
    ours = QDBusConnection.connectToBus(bus, "ours")
    assert watch.listen(ours, ours)
    watch.start()
    yield watch
    watch.stop()
    QDBusConnection.disconnectFromBus("ours")


MANAGER = "/org/freedesktop/login1"


@pytest.mark.parametrize(
    ("path", "interface", "member", "arguments", "reason"),
    [
        (MANAGER, f"{LOGIN}.Manager", "PrepareForSleep", (True,), "suspend"),
        (f"{MANAGER}/session/_31", f"{LOGIN}.Session", "Lock", (), "session"),
        ("/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver", "ActiveChanged", (True,), "session"),
        ("/org/gnome/ScreenSaver", "org.gnome.ScreenSaver", "ActiveChanged", (True,), "session"),
    ],
)
def test_it_locks_when_the_system_says_so(
    listening: LockWatch, login: FakeLogin, qtbot: Any, path: str, interface: str, member: str,
    arguments: tuple[object, ...], reason: str,
) -> None:  # fmt: skip
    with qtbot.waitSignal(listening.due) as heard:
        login.send(path, interface, member, *arguments)
    assert heard.args == [reason]


def test_waking_up_and_a_screen_saver_ending_do_not_lock(listening: LockWatch, login: FakeLogin, qtbot: Any) -> None:
    reasons: list[str] = []
    listening.due.connect(reasons.append)
    login.send(MANAGER, f"{LOGIN}.Manager", "PrepareForSleep", False)
    login.send("/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver", "ActiveChanged", False)
    login.send(f"{MANAGER}/session/_31", f"{LOGIN}.Session", "Lock")
    qtbot.waitUntil(lambda: bool(reasons))
    assert reasons == ["session"]


def test_sleep_is_held_back_until_the_process_ends(watch: LockWatch, bus: str, login: FakeLogin, qtbot: Any) -> None:
    manager = login.answer_inhibit()
    ours = QDBusConnection.connectToBus(bus, "holding")
    with qtbot.waitSignal(manager.asked):
        watch.listen(ours, ours)
    qtbot.waitUntil(lambda: watch._inhibitor is not None)
    # C7: on the bus stands the name of the program and nothing else of ours.
    assert manager.requests == [["sleep", "Valise", "Close the vault", "delay"]]
    assert manager.held()
    watch._inhibitor = None
    qtbot.waitUntil(lambda: not manager.held())
    os.close(manager.theirs)
    QDBusConnection.disconnectFromBus("holding")


def test_without_a_bus_nothing_breaks(watch: LockWatch) -> None:
    nowhere = QDBusConnection("no such bus")
    assert not watch.listen(nowhere, nowhere)


# what locking does


def locked_by(window: MainWindow) -> list[str]:
    heard: list[str] = []
    window.locked.connect(heard.append)
    return heard


def test_locking_saves_drafts_closes_the_vault_and_forgets_the_clipboard(
    window: MainWindow, door: FakeDoor, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    screen = window.made("settings")
    monkeypatch.setattr(screen, "save", lambda: window.runner.run(lambda: order.append("draft stored")), raising=True)
    real = door.close
    monkeypatch.setattr(door, "close", lambda: (order.append("vault closed"), real()))
    clipboard().copy("words of a text")
    heard = locked_by(window)
    qtbot.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert heard == ["asked"]
    assert order == ["draft stored", "vault closed"]
    assert door.closed
    assert door.threads[-1].startswith("writer")
    assert not window.isVisible()
    assert clipboard() is not None
    from PySide6.QtGui import QGuiApplication

    assert QGuiApplication.clipboard().text() == ""
    window.lock("idle")
    assert heard == ["asked"]


def test_closing_the_window_closes_the_vault(window: MainWindow, door: FakeDoor) -> None:
    heard = locked_by(window)
    window.close()
    assert heard == ["quit"]
    assert door.closed


def test_open_dialogs_go_too(window: MainWindow, door: FakeDoor, qtbot: Any) -> None:
    window.search()
    palette = next(one for one in window.findChildren(QWidget) if type(one).__name__ == "SearchPalette")
    assert palette.isVisible()
    window.lock("session")
    assert not palette.isVisible()


def test_nothing_is_delivered_after_locking(window: MainWindow, door: FakeDoor, qtbot: Any) -> None:
    late: list[object] = []
    window.runner.run(lambda: 1, late.append)
    window.lock("idle")
    qtbot.wait(0)
    assert late == []


def test_a_vault_that_does_not_close_in_time_is_left_to_the_end_of_the_process(
    window: MainWindow, door: FakeDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    hold = threading.Event()
    monkeypatch.setattr(window.runner, "close", lambda last: type(window.runner).close(window.runner, last, 0.05))
    window.runner.run(lambda: hold.wait(30))
    heard = locked_by(window)
    window.lock("suspend")
    assert heard == ["suspend"]
    hold.set()


def test_an_error_of_the_exchange_does_not_stop_the_lock(window: MainWindow, door: FakeDoor, qtbot: Any) -> None:
    door.fail("exchange.now", Unavailable("carrier.unreachable"))
    window.exchange.now()
    qtbot.waitUntil(window.notice.isVisible)
    assert "cannot be reached" in window.notice.happened.plain()
    window.lock("idle")
    assert door.closed
