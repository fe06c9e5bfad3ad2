"""Linux and its like: logind, the screen savers, by D-Bus. On the bus stands the name of the program, nothing else (C7)."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import SLOT, QObject, Signal, Slot
from PySide6.QtDBus import (
    QDBusConnection,
    QDBusMessage,
    QDBusObjectPath,
    QDBusPendingCallWatcher,
    QDBusVariant,
)

LOGIN = "org.freedesktop.login1"
MANAGER = "/org/freedesktop/login1"
PROPERTIES = "org.freedesktop.DBus.Properties"
SAVERS = ("org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver")


class System(QObject):
    """`said(reason)`: suspend or session. `heard`: whether there is a bus to hear from. `held`: sleep waits for us.

    A lid that closes is sleep or a lock, as the system has it set. Another user coming to the screen (our session is no
    longer the active one) is as good as a lock. `system` and `session` are connections of QtDBus, or None for the usual.
    """

    said = Signal(str)

    def __init__(self, system: Any = None, session: Any = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._system = QDBusConnection.systemBus() if system is None else system
        self._session = QDBusConnection.sessionBus() if session is None else session
        self._inhibitor: Any = None
        self._released = False
        self.watched = ""  # the path of our own session
        self.heard = self._listen_to_login() if self._system.isConnected() else False
        if self._session.isConnected():
            for name in SAVERS:
                self._session.connect("", "", name, "ActiveChanged", self, SLOT("_screen_saver(bool)"))
            self.heard = True

    def _listen_to_login(self) -> bool:
        bus = self._system
        heard = bus.connect(LOGIN, MANAGER, f"{LOGIN}.Manager", "PrepareForSleep", self, SLOT("_sleeping(bool)"))
        # Any session's lock: locking once too often costs a passphrase, once too seldom a secret.
        bus.connect(LOGIN, "", f"{LOGIN}.Session", "Lock", self, SLOT("_locked()"))
        # A moment before sleep (a delay inhibitor), so that the vault is closed before memory is kept.
        self._ask("Inhibit", ["sleep", "Valise", "Close the vault", "delay"]).finished.connect(self._held)
        # Our own session: the one we were started in, or the one the person looks at; its number first, then its path,
        # since its signals come from there.
        auto = QDBusMessage.createMethodCall(LOGIN, f"{MANAGER}/session/auto", PROPERTIES, "Get")
        auto.setArguments([f"{LOGIN}.Session", "Id"])
        self._call(auto).finished.connect(self._numbered)
        return bool(heard)

    def _ask(self, method: str, arguments: list[object]) -> QDBusPendingCallWatcher:
        message = QDBusMessage.createMethodCall(LOGIN, MANAGER, f"{LOGIN}.Manager", method)
        message.setArguments(arguments)
        return self._call(message)

    def _call(self, message: QDBusMessage) -> QDBusPendingCallWatcher:
        return QDBusPendingCallWatcher(self._system.asyncCall(message), self)

    @staticmethod
    def _answer(waiting: Any) -> Any:
        """The first argument of a reply; None for an error."""
        reply = waiting.reply()
        waiting.deleteLater()
        arguments = reply.arguments()
        return arguments[0] if arguments and not reply.errorName() else None

    @Slot("QDBusPendingCallWatcher*")
    def _held(self, waiting: Any) -> None:
        if not self._released:
            self._inhibitor = self._answer(waiting)

    @Slot("QDBusPendingCallWatcher*")
    def _numbered(self, waiting: Any) -> None:
        number = self._answer(waiting)
        if isinstance(number, QDBusVariant):
            number = number.variant()
        if isinstance(number, str) and number:
            self._ask("GetSession", [number]).finished.connect(self._found)

    @Slot("QDBusPendingCallWatcher*")
    def _found(self, waiting: Any) -> None:
        path = self._answer(waiting)
        if isinstance(path, QDBusObjectPath):
            slot = SLOT("_changed(QString,QVariantMap,QStringList)")
            if self._system.connect(LOGIN, path.path(), PROPERTIES, "PropertiesChanged", self, slot):
                self.watched = path.path()

    @property
    def held(self) -> bool:
        """Whether sleep waits for us."""
        return self._inhibitor is not None

    def release(self) -> None:
        """The vault is closed: sleep may come."""
        self._released = True
        self._inhibitor = None  # closes the handle, and that is the word

    @Slot(bool)
    def _sleeping(self, about_to: bool) -> None:
        if about_to:
            self.said.emit("suspend")

    @Slot()
    def _locked(self) -> None:
        self.said.emit("session")

    @Slot(bool)
    def _screen_saver(self, active: bool) -> None:
        if active:
            self.said.emit("session")

    @Slot(str, "QVariantMap", "QStringList")
    def _changed(self, _interface: str, values: dict[str, object], _dropped: list[str]) -> None:
        if values.get("Active") is False or values.get("LockedHint") is True:
            self.said.emit("session")
