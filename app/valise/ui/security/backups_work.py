"""Slow work nobody has to wait for: a backup is written on a thread of its own, beside everything else."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from valise.domain.errors import ValiseError
from valise.ui.tasks import Cancelled, Progress


class Work(QObject):
    """One call at a time. `progressed(done, total)`; then one of `done(result)`, `failed(ValiseError)`, `cancelled()`."""

    progressed = Signal(int, int)
    done = Signal(object)
    failed = Signal(object)
    cancelled = Signal()
    _came = Signal(object, str, object)  # whose stop flag, what, the value

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stop: threading.Event | None = None
        self._came.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        """A call is under way."""
        return self._stop is not None

    def run(self, call: Callable[[Progress], Any]) -> bool:
        """Begin; False while another call is under way."""
        if self._stop is not None:
            return False
        self._stop = stop = threading.Event()
        threading.Thread(target=self._work, args=(stop, call), name="backup", daemon=True).start()
        return True

    def cancel(self) -> None:
        """The call stops at its next step and takes away what it began; `cancelled` then."""
        if self._stop is not None:
            self._stop.set()

    # on the thread of the work; it is a daemon, for no stick may keep a locked program alive

    def _work(self, stop: threading.Event, call: Callable[[Progress], Any]) -> None:
        last = -1

        def progress(done: int, total: int) -> None:
            nonlocal last
            if stop.is_set():
                raise Cancelled
            share = 1000 * done // max(1, total)
            if share != last:  # a person sees thousandths; the window need not hear of every row
                last = share
                self._tell(stop, "progress", (share, 1000))

        try:
            result = call(progress)
        except Cancelled:
            self._tell(stop, "cancelled", None)
        except ValiseError as error:
            self._tell(stop, "failed", error.with_traceback(None))
        except BaseException as error:  # as in Runner: its text could hold anything
            self._tell(stop, "failed", ValiseError("internal", type(error).__name__))
        else:
            self._tell(stop, "done", result)

    def _tell(self, stop: threading.Event, what: str, value: object) -> None:
        with suppress(RuntimeError):  # the window is gone already
            self._came.emit(stop, what, value)

    @Slot(object, str, object)
    def _deliver(self, stop: threading.Event, what: str, value: Any) -> None:
        if stop is not self._stop:
            return
        if what == "progress":
            self.progressed.emit(*value)
            return
        self._stop = None
        if what == "done":
            self.done.emit(value)
        elif what == "failed":
            self.failed.emit(value)
        else:
            self.cancelled.emit()
