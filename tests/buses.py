"""A message bus of the test's own, and who answers on it in life: the login manager, the screen saver, the desktop."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtDBus import (
    QDBusConnection,
    QDBusMessage,
    QDBusObjectPath,
    QDBusUnixFileDescriptor,
    QDBusVariant,
    QDBusVirtualObject,
)

LOGIN = "org.freedesktop.login1"
MANAGER = "/org/freedesktop/login1"
OURS = f"{MANAGER}/session/_37"
PROPERTIES = "org.freedesktop.DBus.Properties"
NOTICES = "org.freedesktop.Notifications"

CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:dir={0}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>"""


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """The address of a bus on which everybody may hear everything; skips where there is no daemon."""
    daemon = shutil.which("dbus-daemon")
    if daemon is None:
        pytest.skip("no dbus-daemon on this machine")
    config = folder / "bus.conf"
    config.write_text(CONFIG.format(folder))
    process = subprocess.Popen(
        [daemon, f"--config-file={config}", "--nofork", "--print-address=1"], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


class Desk(QDBusVirtualObject):
    """The login manager's methods: it gives delays by a handle, and says which session is whose."""

    asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[list[object]] = []
        self.theirs, self.ours = os.pipe()
        self.number = "7"  # "" = it knows no session of ours
        self.refuse = False

    def introspect(self, _path: str) -> str:
        return ""

    def handleMessage(self, message: QDBusMessage, connection: QDBusConnection) -> bool:
        arguments = list(message.arguments())
        if message.member() == "Inhibit":
            self.requests.append(arguments)
            if self.refuse:
                connection.send(message.createErrorReply("org.freedesktop.DBus.Error.AccessDenied", "no"))
            else:
                connection.send(message.createReply(QDBusUnixFileDescriptor(self.ours)))
                os.close(self.ours)
        elif message.member() == "Get" and message.path() == f"{MANAGER}/session/auto" and self.number:
            connection.send(message.createReply(QDBusVariant(self.number)))
        elif message.member() == "GetSession" and arguments == [self.number]:
            connection.send(message.createReply(QDBusObjectPath(OURS)))
        else:
            connection.send(message.createErrorReply(f"{LOGIN}.NoSuchSession", "none"))
        self.asked.emit()
        return True

    def held(self) -> bool:
        """Whether somebody still holds the other end."""
        os.set_blocking(self.theirs, False)
        try:
            return os.read(self.theirs, 1) != b""
        except BlockingIOError:
            return True


class Notices(QDBusVirtualObject):
    """The desktop's notifications: remembers what it was asked to show."""

    asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[list[object]] = []

    def introspect(self, _path: str) -> str:
        return ""

    def handleMessage(self, message: QDBusMessage, connection: QDBusConnection) -> bool:
        self.shown.append([message.signature(), *message.arguments()[:5]])
        connection.send(message.createErrorReply("org.freedesktop.DBus.Error.Failed", "shown, and not said so"))
        self.asked.emit()
        return True


class FakeDesktop(QObject):
    """Owns those names on the test's bus, answers for them and sends what they would send."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.bus = QDBusConnection.connectToBus(address, "fake-desktop")
        self.desk, self.notices = Desk(), Notices()
        for name in (LOGIN, NOTICES):
            assert self.bus.registerService(name)
        below = QDBusConnection.VirtualObjectRegisterOption.SubPath
        assert self.bus.registerVirtualObject(MANAGER, self.desk, below)
        assert self.bus.registerVirtualObject("/org/freedesktop/Notifications", self.notices)

    def send(self, path: str, interface: str, member: str, *arguments: object) -> None:
        message = QDBusMessage.createSignal(path, interface, member)
        message.setArguments(list(arguments))
        assert self.bus.send(message)

    def close(self) -> None:
        for name in (LOGIN, NOTICES):
            self.bus.unregisterService(name)
        QDBusConnection.disconnectFromBus("fake-desktop")
        os.close(self.desk.theirs)
        if not self.desk.requests or self.desk.refuse:
            os.close(self.desk.ours)
