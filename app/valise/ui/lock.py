"""When to lock: idle, suspend, the session's own lock, or because a person says so (C6). On by default."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
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
        self._system: Any = None  # what brings the system's word; kept alive here
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

    @Slot(str)
    def _say(self, reason: str) -> None:
        if not self._said:
            self._said = True
            self._timer.stop()
            self.due.emit(reason)

    # the session's and the system's word

    def listen(self, system: Any = None, session: Any = None) -> bool:
        """Hear of sleep, session lock and a change of user, where this system says so; False where nothing does.
        On Linux two D-Bus connections can be handed in (tests)."""
        if sys.platform == "win32":
            from valise.ui.locking.windows import System
        elif sys.platform == "darwin":
            from valise.ui.locking.darwin import System
        else:
            from valise.ui.locking.freedesktop import System
        made = System(system, session, parent=self)
        made.said.connect(self._say)
        self._system = made
        return bool(made.heard)

    def vault_closed(self) -> None:
        """Sleep, if it waits for us, need not wait any longer."""
        if self._system is not None:
            self._system.release()
