"""One call beside the window and beside the writer, which nobody has to wait for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from valise.domain.errors import ValiseError


class Beside(QObject):
    """Runs one call at a time on a thread of its own; what it returns or raises comes back on the UI thread. A second
    call, or `stop()`, forgets the first in silence: it may go on to its end, but nobody hears of it."""

    _came = Signal(object, object, object)  # whose call, what to do with the value, the value

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now: object | None = None
        self._came.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        """A call is under way that somebody waits for."""
        return self._now is not None

    def run(
        self, call: Callable[[], Any], done: Callable[[Any], object], failed: Callable[[ValiseError], object]
    ) -> None:
        """Begin a call; one of `done` and `failed` follows unless it is stopped."""
        self._now = mark = object()

        def work() -> None:
            try:
                value = call()
            except ValiseError as error:
                self._tell(mark, failed, error.with_traceback(None))
            except BaseException as error:  # as in Runner: its text could hold anything
                self._tell(mark, failed, ValiseError("internal", type(error).__name__))
            else:
                self._tell(mark, done, value)

        # a daemon, for no file may keep a locked program alive
        threading.Thread(target=work, name="file", daemon=True).start()

    def stop(self) -> None:
        """Forget the call under way."""
        self._now = None

    def _tell(self, mark: object, then: Callable[[Any], object], value: object) -> None:
        with suppress(RuntimeError):  # the window is gone already
            self._came.emit(mark, then, value)

    @Slot(object, object, object)
    def _deliver(self, mark: object, then: Callable[[Any], object], value: object) -> None:
        if mark is self._now:
            self._now = None
            then(value)
