"""An import that nobody has to wait for: files are read on a thread of its own, the writer only takes in what was read."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot

from valise.desk.door import Door
from valise.desk.library import NOTHING, Imported, Read, parts
from valise.domain.errors import ValiseError
from valise.ui.tasks import Runner


class Importer(QObject):
    """One import at a time. `progressed(done, total)` in files; `ended(Imported, ValiseError | None)` once, after the
    last transaction; the error is what stopped it. `stop()` forgets it in silence: for the lock."""

    progressed = Signal(int, int)
    ended = Signal(object, object)
    _came = Signal(object, object, object)  # whose stop flag, what to do with the value, the value

    def __init__(self, door: Door, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._door, self._runner = door, runner
        self._stop: threading.Event | None = None  # of the import under way
        self._cancelled = False
        self._waiting: list[Sequence[Path]] = []
        self._looked = self._total = 0
        self._sofar = NOTHING
        self._came.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        """An import is under way."""
        return self._stop is not None

    def files(self, files: Sequence[Path]) -> None:
        """Import these files."""
        if not self.busy:
            self._begin()
            self._listed(list(files))

    def folder(self, folder: Path) -> None:
        """Import every document under a folder."""
        if not self.busy:
            self._begin()
            self._beside(lambda: self._door.library.documents(folder), self._listed)

    def cancel(self) -> None:
        """No further file; what was read is still taken in, then it ends."""
        if self._stop is not None:
            self._cancelled = True
            self._stop.set()

    def stop(self) -> None:
        """The vault is about to close: nothing more is read, taken in or told."""
        if self._stop is not None:
            self._stop.set()
            self._stop = None

    # on the UI thread

    def _begin(self) -> None:
        self._stop = threading.Event()
        self._cancelled = False
        self._looked = self._total = 0
        self._sofar = NOTHING

    def _listed(self, files: list[Path]) -> None:
        self._waiting = list(parts(files))
        self._total = len(files)
        self.progressed.emit(0, self._total)
        self._next()

    def _next(self) -> None:
        if self._cancelled or not self._waiting:
            self._end(self._sofar.stopped() if self._cancelled and self._looked < self._total else self._sofar, None)
            return
        part, before, stop = self._waiting.pop(0), self._looked, self._stop
        assert stop is not None
        library = self._door.library

        def told(done: int, _of: int) -> None:
            self._tell(stop, self._progress, before + done)

        self._beside(lambda: library.read(part, told, stop.is_set), self._take_in)

    def _take_in(self, read: Read) -> None:
        self._looked += read.done
        self._runner.run(lambda: self._door.library.take_in(read), self._taken, self._failed, owner=self)

    def _taken(self, more: Imported) -> None:
        if self._stop is not None:
            self._sofar = self._sofar.and_then(more)
            self._next()

    def _failed(self, error: ValiseError) -> None:
        if self._stop is not None:
            self._end(self._sofar, error)

    def _end(self, done: Imported, error: ValiseError | None) -> None:
        self._stop = None
        self._waiting = []
        self.ended.emit(done, error)

    def _progress(self, done: int) -> None:
        self.progressed.emit(done, self._total)

    @Slot(object, object, object)
    def _deliver(self, stop: threading.Event, then: Callable[[object], None], value: object) -> None:
        if stop is self._stop:
            then(value)

    # on the thread of the import; it is a daemon, for no file may keep a locked program alive

    def _beside(self, call: Callable[[], object], then: Callable[..., None]) -> None:
        stop = self._stop
        assert stop is not None

        def work() -> None:
            try:
                value = call()
            except ValiseError as error:
                self._tell(stop, self._failed, error.with_traceback(None))
            except BaseException as error:  # as in Runner: its text could hold anything
                self._tell(stop, self._failed, ValiseError("internal", type(error).__name__))
            else:
                self._tell(stop, then, value)

        threading.Thread(target=work, name="import", daemon=True).start()

    def _tell(self, stop: threading.Event, then: Callable[..., None], value: object) -> None:
        with suppress(RuntimeError):  # the window is gone already
            self._came.emit(stop, then, value)
