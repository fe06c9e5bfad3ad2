"""SIGTERM, SIGINT and SIGHUP reach Qt's loop: the vault is closed and the process ends by itself."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType
from typing import Any

from PySide6.QtCore import QObject, QSocketNotifier, Signal

from valise.system.posix import heeded


def _heard(_number: int, _frame: FrameType | None) -> None:
    """The number itself comes through the pipe; with no handler of Python's there would be none."""


class Signals(QObject):
    """`asked()` when the process is asked to end; `came` says by which. Nothing on Windows, where Qt hears of it.

    Python runs its handlers only between two of its own instructions, and Qt's loop may wait for minutes: the wake-up
    handle of the interpreter is a pipe that the loop watches.
    """

    asked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.came: list[int] = []
        self._before: dict[signal.Signals, Any] = {}
        self._notifier: QSocketNotifier | None = None
        if sys.platform == "win32":
            return
        self._read, self._write = os.pipe()
        for handle in (self._read, self._write):
            os.set_blocking(handle, False)
        self._notifier = QSocketNotifier(self._read, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._woken)
        self._woke = signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
        self._before = {one: signal.signal(one, _heard) for one in heeded()}

    def _woken(self) -> None:
        try:
            numbers = os.read(self._read, 64)
        except BlockingIOError:
            return
        ours = [one for one in numbers if one in self._before]
        if ours:
            self.came.extend(ours)
            self.asked.emit()

    def close(self) -> None:
        """As it was before."""
        if self._notifier is None:
            return
        for one, handler in self._before.items():
            signal.signal(one, handler)
        signal.set_wakeup_fd(self._woke)
        self._notifier.setEnabled(False)
        self._notifier = None
        os.close(self._read)
        os.close(self._write)
