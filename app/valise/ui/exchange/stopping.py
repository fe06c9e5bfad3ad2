"""A dialog that can be left while its command is under way: the command is asked to stop at its next step first."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton

from valise.ui.tasks import Runner, Task
from valise.ui.widgets.asking import Asking


class Stopping(Asking):
    """Set `runner` and `cancel`, and `_task` while a command is under way; `_stopped` is called once it has stopped."""

    runner: Runner
    cancel: QPushButton
    _task: Task | None = None
    _stopping = False

    def stop(self) -> None:
        """While something is under way: stop at its next step; else close."""
        if self._task is None:
            super().reject()
        elif not self._stopping:
            self._stopping = True
            self.cancel.setEnabled(False)
            self._task.cancel()
            self.runner.run(lambda: None, lambda _none: self._stopped(), owner=self)  # comes after the one that stops

    def reject(self) -> None:
        """Escape and the window's own cross."""
        self.stop()

    def _stopped(self) -> None:
        """The command has stopped."""
        raise NotImplementedError
