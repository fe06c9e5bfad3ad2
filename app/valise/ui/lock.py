"""When to lock: idle, suspend, the session's own lock, or because a person says so (C6). On by default."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import SLOT, QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QWindow

DEFAULT_MINUTES = 5
_ACTIVITY = frozenset(
    (
        QEvent.Type.KeyPress,
        QEvent.Type.MouseMove,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
        QEvent.Type.TabletMove,
        QEvent.Type.TabletPress,
    )
)
LOGIN = "org.freedesktop.login1"


def seconds_awake_and_asleep() -> float:
    """A clock that also runs while the computer sleeps, where the system has one."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.clock_gettime(boot) if boot is not None else time.monotonic()


class LockWatch(QObject):
    """Emits `due(reason)` once: idle, suspend or session; `left(seconds)` every second (-1 = idle lock is off).

    Activity is seen by an event filter on each window of ours (the QWindow, not the application). `clock` in seconds.
    """

    due = Signal(str)
    left = Signal(int)

    def __init__(
        self,
        minutes: int = DEFAULT_MINUTES,
        parent: QObject | None = None,
        *,
        clock: Callable[[], float] = seconds_awake_and_asleep,
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._limit = max(0, minutes) * 60
        self._last = clock()
        self._said = False
        self.on_suspend = True
        self.on_session = True
        self._inhibitor: Any = None
        self._buses: list[Any] = []
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self.tick)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusWindowChanged.connect(self.watch)

    def start(self) -> None:
        """Begin to count."""
        self._last = self._clock()
        self._said = False
        self._timer.start()
        self.tick()

    def stop(self) -> None:
        """No longer count."""
        self._timer.stop()

    def set_minutes(self, minutes: int) -> None:
        """Minutes without activity before it locks; 0 = never by itself."""
        self._limit = max(0, minutes) * 60
        self.tick()

    @Slot(QWindow)
    def watch(self, window: QWindow | None) -> None:
        """Count activity in this window too (called for every window of ours that gets the focus)."""
        if window is not None:
            window.installEventFilter(self)  # a second time only moves it

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in _ACTIVITY:
            self._last = self._clock()
        return False

    @property
    def seconds_left(self) -> int:
        """Until it locks for idleness; -1 when it never does."""
        if not self._limit:
            return -1
        return max(0, round(self._limit - (self._clock() - self._last)))

    @Slot()
    def tick(self) -> None:
        """Look at the clock."""
        remaining = self.seconds_left
        self.left.emit(remaining)
        if remaining == 0:
            self._say("idle")

    def _say(self, reason: str) -> None:
        if not self._said:
            self._said = True
            self._timer.stop()
            self.due.emit(reason)

    # the session's and the system's word

    def listen(self, system: Any = None, session: Any = None) -> bool:
        """Listen on D-Bus for sleep and session lock; False where there is no bus. Buses can be handed in (tests)."""
        try:
            from PySide6.QtDBus import QDBusConnection
        except ImportError:
            return False
        system = QDBusConnection.systemBus() if system is None else system
        session = QDBusConnection.sessionBus() if session is None else session
        heard = False
        if system.isConnected():
            manager = f"/{LOGIN.replace('.', '/')}"
            heard = system.connect(LOGIN, manager, f"{LOGIN}.Manager", "PrepareForSleep", self, SLOT("_sleeping(bool)"))
            # Any session's lock: locking once too often costs a passphrase, once too seldom a secret.
            system.connect(LOGIN, "", f"{LOGIN}.Session", "Lock", self, SLOT("_session_locked()"))
            self._hold_sleep(system)
        if session.isConnected():
            for name in ("org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver"):
                session.connect("", "", name, "ActiveChanged", self, SLOT("_screen_saver(bool)"))
            heard = True
        self._buses = [system, session]
        return heard

    def _hold_sleep(self, system: Any) -> None:
        """Ask for a moment before sleep (a delay inhibitor), so that the vault is closed before memory is kept."""
        from PySide6.QtDBus import QDBusMessage, QDBusPendingCallWatcher

        ask = QDBusMessage.createMethodCall(LOGIN, f"/{LOGIN.replace('.', '/')}", f"{LOGIN}.Manager", "Inhibit")
        ask.setArguments(["sleep", "Valise", "Close the vault", "delay"])
        waiting = QDBusPendingCallWatcher(system.asyncCall(ask), self)
        waiting.finished.connect(self._held)

    @Slot("QDBusPendingCallWatcher*")
    def _held(self, waiting: Any) -> None:
        reply = waiting.reply()
        arguments = reply.arguments()
        if arguments and reply.errorName() == "":
            self._inhibitor = arguments[0]
        waiting.deleteLater()

    @Slot(bool)
    def _sleeping(self, about_to: bool) -> None:
        if about_to and self.on_suspend:
            self._say("suspend")

    @Slot()
    def _session_locked(self) -> None:
        if self.on_session:
            self._say("session")

    @Slot(bool)
    def _screen_saver(self, active: bool) -> None:
        if active and self.on_session:
            self._say("session")
