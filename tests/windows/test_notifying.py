"""Something came while nobody looked: a number reaches the desktop, and nothing else (C7)."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_door import FakeDoor
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from tests import buses
from tests.buses import FakeDesktop

from valise.settings import SETTINGS
from valise.system import notices
from valise.ui.notifying import SECONDS, Notifier
from valise.ui.window import MainWindow


class Said:
    """Stands in for the desktop; numbers what it shows."""

    def __init__(self) -> None:
        self.all: list[tuple[str, int]] = []

    def __call__(self, sentence: str, instead_of: int, told: Callable[[int], object]) -> None:
        self.all.append((sentence, instead_of))
        told(len(self.all) + 40)


@pytest.fixture
def said() -> Said:
    return Said()


@pytest.fixture
def notifier(qapp: Any, said: Said, monkeypatch: pytest.MonkeyPatch) -> Iterator[Notifier]:
    monkeypatch.setattr(Notifier, "seen", False)
    owner = QWidget()
    made = Notifier(owner, said)
    made.waiting(3)
    yield made
    made.stop()
    owner.deleteLater()


def test_it_says_how_many_came_and_nothing_else(notifier: Notifier, said: Said) -> None:
    notifier.waiting(3)
    assert said.all == []
    notifier.waiting(4)
    assert said.all == [("Valise: 1 item", 0)]


def test_at_most_once_a_minute_and_then_in_one_sum_in_the_same_place(
    notifier: Notifier, said: Said, qtbot: Any
) -> None:
    assert SECONDS == 60 and notifier._pause.interval() == 60_000
    notifier.waiting(5)
    assert said.all == [("Valise: 2 items", 0)]
    for count in (6, 9, 11):
        notifier.waiting(count)
    assert len(said.all) == 1
    qtbot.waitUntil(lambda: notifier._number == 41)
    notifier._pause.stop()
    notifier._pause.timeout.emit()  # the minute is over
    assert said.all[1:] == [("Valise: 8 items", 41)]


def test_what_was_said_is_not_said_again_when_nothing_more_came(notifier: Notifier, said: Said) -> None:
    notifier.waiting(5)
    for _ in range(3):
        notifier.waiting(5)
        notifier._pause.stop()
        notifier._pause.timeout.emit()
    assert said.all == [("Valise: 2 items", 0)]

def test_what_became_due_while_another_was_settled_elsewhere_is_said(notifier: Notifier, said: Said) -> None:
    notifier.waiting(2, {("texts", "a", "silence.running"), ("contacts", "b", "contact.unverified")})
    notifier.waiting(2, {("texts", "a", "silence.running"), ("registers", "c", "register.overdue")})
    assert said.all[-1][0] in ("Valise: 1 item", "Valise: 2 items")
    assert all(word not in told for told, _ in said.all for word in ("register", "silence", "texts"))


def test_what_somebody_dealt_with_is_not_said(notifier: Notifier, said: Said) -> None:
    notifier._pause.start()
    notifier.waiting(5)
    notifier.waiting(3)
    notifier._pause.stop()
    notifier._pause.timeout.emit()
    assert said.all == []


def test_looking_ends_it(notifier: Notifier, said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    notifier.waiting(9)
    notifier._looked(Qt.ApplicationState.ApplicationInactive)
    assert notifier._new == 6
    notifier._looked(Qt.ApplicationState.ApplicationActive)
    assert notifier._new == 0
    monkeypatch.setattr(Notifier, "seen", True)
    notifier._pause.stop()
    notifier.waiting(12)
    assert len(said.all) == 1


@pytest.mark.parametrize("how", ["setting", "locked"])
def test_it_can_be_silent(notifier: Notifier, said: Said, how: str) -> None:
    if how == "setting":
        notifier.use(False)
    else:
        notifier.stop()
    notifier.waiting(30)
    assert said.all == []


def test_the_window_tells_it_what_needs_a_person_and_obeys_the_setting(
    window: MainWindow, door: FakeDoor, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert next(one for one in SETTINGS if one.key == "notify.desktop").default is True
    counts: list[int] = []
    monkeypatch.setattr(window.notifier, "waiting", lambda count, due=(): counts.append(count))
    window._refresh_status()
    qtbot.waitUntil(lambda: bool(counts))
    assert counts == [sum(button.count for button in window.sidebar.buttons.values())]
    door.settings.set("notify.desktop", False)
    window._apply_settings()
    assert window.notifier._on is False


# the desktop's own, on a real bus

LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="org.freedesktop.Notifications")


@pytest.fixture
def desktop(tmp_path_factory: pytest.TempPathFactory, qapp: Any) -> Iterator[tuple[str, FakeDesktop]]:
    with buses.running(tmp_path_factory.mktemp("b")) as address:
        made = FakeDesktop(address)
        yield address, made
        made.close()


@LINUX
def test_what_goes_to_the_desktop(
    desktop: tuple[str, FakeDesktop], qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, fake = desktop
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    assert notices.possible()
    told: list[int] = []
    with qtbot.waitSignal(fake.notices.asked):
        thread = notices.say("Valise: 3 items", 7, told.append)
    assert fake.notices.shown == [["susssasa{sv}i", "Valise", 7, "valise", "Valise: 3 items", ""]]
    thread.join(10)
    assert told == [0]  # it was refused there, and that is no failure here


ANSWERING = """
import sys
from jeepney import MessageType, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection
with open_dbus_connection(sys.argv[1]) as bus:
    bus.send_and_get_reply(message_bus.RequestName("org.freedesktop.Notifications"))
    print("there", flush=True)
    while True:
        message = bus.receive()
        if message.header.message_type == MessageType.method_call:
            bus.send(new_method_return(message, "u", (77,)))
            break
"""


@LINUX
def test_the_desktops_number_comes_back(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    with buses.running(tmp_path_factory.mktemp("b")) as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        with subprocess.Popen([sys.executable, "-c", ANSWERING, address], stdout=subprocess.PIPE) as answering:
            assert answering.stdout is not None and answering.stdout.readline() == b"there\n"
            told: list[int] = []
            notices.say("Valise: 1 item", 0, told.append).join(10)
            assert told == [77]


@LINUX
@pytest.mark.parametrize("address", ["", "unix:path=nowhere", "nonsense", "tcp:host=localhost,port=1"])
def test_without_a_desktop_nothing_breaks(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, address: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(os.environ, "DBUS_SESSION_BUS_ADDRESS", address)
    told: list[int] = []
    notices.say("Valise: 1 item", 0, told.append).join(10)
    assert told == [0]
    assert notices.possible() is bool(address)
