"""Searching while a person types: after a pause, beside the window, and only the newest question is answered."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from valise.desk.door import Door
from valise.desk.library import Found
from valise.domain.errors import ValiseError
from valise.ui.tasks import Runner, Task

PAUSE = 120  # ms without a key
LIMIT = 50
LONGEST = 4_000  # letters of a question; more than the longest paragraph worth finding


class Finder(QObject):
    """`ask(words)`; then `found(words, list of Found)`, never for a question that was overtaken."""

    found = Signal(str, object)
    failed = Signal(object)

    def __init__(self, door: Door, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._door, self._runner = door, runner
        self._asked = ""
        self._task: Task | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE)
        self._timer.timeout.connect(self.now)

    def ask(self, words: str) -> None:
        """Ask after a pause; no words at all answer themselves at once."""
        self._asked = " ".join(words.split())[:LONGEST]
        if self._asked:
            self._timer.start()
        else:
            self.now()

    @property
    def waiting(self) -> bool:
        """A question is still without its answer."""
        return self._timer.isActive() or self._task is not None

    def now(self) -> None:
        """Ask at once."""
        self._timer.stop()
        if self._task is not None:
            self._task.cancel()
            self._task = None
        asked = self._asked
        if not asked:
            self.found.emit("", [])
            return

        def done(hits: list[Found]) -> None:
            self._task = None
            self.found.emit(asked, hits)

        def failed(error: ValiseError) -> None:
            self._task = None
            self.failed.emit(error)

        self._task = self._runner.run(lambda: self._door.library.find(asked, LIMIT), done, failed, owner=self)
