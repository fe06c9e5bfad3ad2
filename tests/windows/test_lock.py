"""Locking: idle, suspend, session lock, once and for sure (C6)."""

from __future__ import annotations

import ctypes
import importlib
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from fake_door import FakeDoor
from PySide6.QtCore import Qt
from PySide6.QtDBus import QDBusConnection
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QWidget
from tests import buses
from tests.buses import LOGIN, MANAGER, OURS, PROPERTIES, FakeDesktop

from valise.domain.errors import Unavailable
from valise.formats import process
from valise.system import keeper
from valise.ui import theme
from valise.ui.lock import DEFAULT_MINUTES, LockWatch
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


@pytest.fixture
def bus(tmp_path_factory: pytest.TempPathFactory, qapp: Any) -> Iterator[str]:
    with buses.running(tmp_path_factory.mktemp("b")) as address:
        yield address


@pytest.fixture
def login(bus: str) -> Iterator[FakeDesktop]:
    made = FakeDesktop(bus)
    yield made
    made.close()


@pytest.fixture
def connection(bus: str) -> Iterator[QDBusConnection]:
    yield QDBusConnection.connectToBus(bus, "ours")
    QDBusConnection.disconnectFromBus("ours")


def system_of(watch: LockWatch) -> Any:
    return watch._system


@pytest.fixture
def listening(
    watch: LockWatch, connection: QDBusConnection, login: FakeDesktop, qtbot: Any
) -> Iterator[LockWatch]:
    assert watch.listen(connection, connection)
    qtbot.waitUntil(lambda: system_of(watch).watched == OURS and system_of(watch).held)
    watch.start()
    yield watch
    watch.stop()
    watch.vault_closed()
    qtbot.waitUntil(lambda: not login.desk.held())


@pytest.mark.parametrize(
    ("path", "interface", "member", "arguments", "reason"),
    [
        (MANAGER, f"{LOGIN}.Manager", "PrepareForSleep", (True,), "suspend"),
        (f"{MANAGER}/session/_31", f"{LOGIN}.Session", "Lock", (), "session"),
        ("/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver", "ActiveChanged", (True,), "session"),
        ("/org/gnome/ScreenSaver", "org.gnome.ScreenSaver", "ActiveChanged", (True,), "session"),
        (OURS, PROPERTIES, "PropertiesChanged", (f"{LOGIN}.Session", {"Active": False}, ["State"]), "session"),
        (OURS, PROPERTIES, "PropertiesChanged", (f"{LOGIN}.Session", {"LockedHint": True}, ["State"]), "session"),
    ],
)
def test_it_locks_when_the_system_says_so(
    listening: LockWatch, login: FakeDesktop, qtbot: Any, path: str, interface: str, member: str,
    arguments: tuple[object, ...], reason: str,
) -> None:  # fmt: skip
    with qtbot.waitSignal(listening.due) as heard:
        login.send(path, interface, member, *arguments)
    assert heard.args == [reason]


def test_waking_up_and_others_coming_and_going_do_not_lock(
    listening: LockWatch, login: FakeDesktop, qtbot: Any
) -> None:
    reasons: list[str] = []
    listening.due.connect(reasons.append)
    changed = (PROPERTIES, "PropertiesChanged")
    login.send(MANAGER, f"{LOGIN}.Manager", "PrepareForSleep", False)
    login.send("/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver", "ActiveChanged", False)
    login.send(OURS, *changed, f"{LOGIN}.Session", {"Active": True, "LockedHint": False}, ["State"])
    login.send(OURS, *changed, f"{LOGIN}.Session", {"IdleHint": True}, ["State"])
    login.send(f"{MANAGER}/session/_38", *changed, f"{LOGIN}.Session", {"Active": False}, ["State"])  # not ours
    login.send(MANAGER, f"{LOGIN}.Manager", "PrepareForSleep", True)  # in order: all before was heard
    qtbot.waitUntil(lambda: bool(reasons))
    assert reasons == ["suspend"]


def test_c6_sleep_is_held_back_until_the_vault_is_closed(
    connection: QDBusConnection, login: FakeDesktop, door: FakeDoor, worn: theme.Theme, qtbot: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """C6: the system says it will sleep; it cannot before our vault is closed, and can at once afterwards."""
    window = MainWindow(door, periodic=False)
    window.show()
    assert window.watch.listen(connection, connection)
    qtbot.waitUntil(lambda: system_of(window.watch).held)
    # C7: on the bus stands the name of the program and nothing else of ours.
    assert login.desk.requests == [["sleep", "Valise", "Close the vault", "delay"]]
    at_close: list[bool] = []
    real = door.close
    monkeypatch.setattr(door, "close", lambda: (at_close.append(login.desk.held()), real()))
    with qtbot.waitSignal(window.locked) as heard:
        login.send(MANAGER, f"{LOGIN}.Manager", "PrepareForSleep", True)
    assert heard.args == ["suspend"]
    assert door.closed and at_close == [True]
    qtbot.waitUntil(lambda: not login.desk.held())
    window.deleteLater()


@pytest.mark.parametrize("what", ["no session", "no delay"])
def test_what_the_login_manager_refuses_is_done_without(
    watch: LockWatch, connection: QDBusConnection, login: FakeDesktop, qtbot: Any, what: str
) -> None:
    login.desk.number, login.desk.refuse = ("", False) if what == "no session" else ("7", True)
    asked: list[int] = []
    login.desk.asked.connect(lambda: asked.append(1))
    assert watch.listen(connection, connection)
    qtbot.waitUntil(lambda: len(asked) == (2 if what == "no session" else 3))
    watch.start()
    with qtbot.waitSignal(watch.due) as heard:
        login.send(f"{MANAGER}/session/_31", f"{LOGIN}.Session", "Lock")
    assert heard.args == ["session"]
    assert system_of(watch).held is (what == "no session")
    watch.vault_closed()


@pytest.mark.parametrize(
    ("number", "what", "reason"),
    [
        (0x0218, 0x4, "suspend"), (0x0218, 0x12, ""), (0x0218, 0x7, ""), (0x0218, 0xA, ""),
        (0x02B1, 0x7, "session"), (0x02B1, 0x2, "session"), (0x02B1, 0x4, "session"), (0x02B1, 0x6, "session"),
        (0x02B1, 0x8, ""), (0x02B1, 0x1, ""), (0x02B1, 0x5, ""), (0x0100, 0x4, ""),
    ],
)  # fmt: skip
def test_messages_of_windows_mean_what_they_should(number: int, what: int, reason: str) -> None:
    """Numbers of winuser.h and wtsapi32.h; through the structure in which Windows hands them over."""
    from valise.ui.locking import windows

    assert windows.reason_of(number, what) == reason
    said: list[str] = []
    owner = windows.System()
    owner.said.connect(said.append)
    given = windows.Message(None, number, what, 0, 0, 0, 0)
    assert ctypes.sizeof(given) == 48
    handed = owner._filter.nativeEventFilter(b"windows_generic_MSG", ctypes.addressof(given))
    assert handed == (False, 0)
    assert said == ([reason] if reason else [])
    owner._filter.nativeEventFilter(b"xcb_generic_event_t", ctypes.addressof(given))
    assert len(said) <= 1
    owner.release()


def test_notifications_of_macos_mean_what_they_should() -> None:
    from valise.ui.locking import darwin

    assert darwin.reason_of("NSWorkspaceWillSleepNotification") == "suspend"
    assert darwin.reason_of("NSWorkspaceSessionDidResignActiveNotification") == "session"
    assert darwin.reason_of("com.apple.screenIsLocked") == "session"
    for name in ("NSWorkspaceDidWakeNotification", "com.apple.screenIsUnlocked", ""):
        assert darwin.reason_of(name) == ""


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


# Close at once


@pytest.mark.parametrize("way", ["key", "button", "key over a dialog"])
def test_closing_at_once_ends_the_program_and_leaves_nothing_on_the_screen(
    window: MainWindow, door: FakeDoor, qtbot: Any, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    stored: list[str] = []
    screen = window.made("settings")
    monkeypatch.setattr(screen, "save", lambda: window.runner.run(lambda: stored.append("draft")), raising=True)
    clipboard().copy("words of a text")
    heard = locked_by(window)
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    if way == "button":
        assert window.close_now.accessibleName() == "Close at once"
        qtbot.mouseClick(window.close_now, Qt.MouseButton.LeftButton)
    elif way == "key":
        qtbot.keyClick(window, Qt.Key.Key_Q, keys)
    else:
        window.show_keys()
        qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), QDialog))
        qtbot.keyClick(QApplication.activeWindow(), Qt.Key.Key_Q, keys)
    assert heard == ["closed"]
    assert keeper.exit_code(heard[0]) == 0  # no unlock page follows
    assert door.closed and stored == ["draft"]
    assert QGuiApplication.clipboard().text() == ""
    assert not [one for one in QApplication.topLevelWidgets() if one.isVisible()]


def test_a_command_under_way_stops_at_its_next_step_and_the_vault_is_closed_after_it(
    window: MainWindow, door: FakeDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, order = threading.Event(), []
    real = door.close
    monkeypatch.setattr(door, "close", lambda: (order.append("vault closed"), real()))

    def long(progress: Any) -> None:
        try:
            progress(0, 2)
            began.set()
            assert stop.wait(30)
            progress(1, 2)
            order.append("went on")
        finally:
            order.append("stopped")

    stop = threading.Event()
    window.runner.run(long, on_progress=lambda *_: None)
    assert began.wait(10)
    cancel = window.runner.cancel_waiting
    monkeypatch.setattr(window.runner, "cancel_waiting", lambda: (cancel(), stop.set()))
    heard = locked_by(window)
    window.lock("idle")
    assert heard == ["idle"]
    assert order == ["stopped", "vault closed"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere such a process ends by its own limits")
@pytest.mark.parametrize("made_by", ["formats.confined", "formats.pdf.paper"])
def test_a_document_under_way_in_a_process_of_its_own_ends_with_the_lock(
    window: MainWindow, door: FakeDoor, monkeypatch: pytest.MonkeyPatch, made_by: str
) -> None:
    """It holds words of the vault, and the command that waits for it stands between the draft and the vault."""
    maker = importlib.import_module(f"valise.{made_by}")
    # Started as in life, but it never answers.
    silent = [sys.executable, "-c", "import time; time.sleep(600)", *maker.command()[1:]]
    asked, order = threading.Event(), []
    children: list[Any] = []

    def export() -> None:
        child = process.start(silent, maker.environment())
        children.append(child)
        with process.asked(child, lambda given: given.write(b"x"), 60.0) as answers:
            asked.set()
            order.append(answers.read())

    screen = window.made("settings")
    monkeypatch.setattr(screen, "save", lambda: window.runner.run(lambda: order.append("draft stored")), raising=True)
    real = door.close
    monkeypatch.setattr(door, "close", lambda: (order.append("vault closed"), real()))
    bystander = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
    window.runner.run(export)
    assert asked.wait(30)
    heard = locked_by(window)
    window.lock("suspend")
    assert heard == ["suspend"]
    assert order == [b"", "draft stored", "vault closed"]
    assert children[0].wait(10) == -signal.SIGKILL
    assert bystander.poll() is None  # only those that work on documents
    bystander.communicate()
