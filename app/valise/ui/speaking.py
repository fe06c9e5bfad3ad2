"""When the language changes, the window is made anew in it, without a restart."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QDialog, QWidget


class Speaking(QObject):
    """Calls `anew` once after the language changed. What is asked in a dialog is asked to its end as it was begun: the
    window waits for it."""

    def __init__(self, window: QWidget, anew: Callable[[], object]) -> None:
        super().__init__(window)
        self._window, self._anew = window, anew
        self._soon = QTimer(self)  # several translators come and go in one choice
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._look)
        window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LanguageChange:
            self._soon.start(0)
        return False

    def stop(self) -> None:
        """Nothing more is made."""
        self._soon.stop()
        self._window.removeEventFilter(self)

    def _look(self) -> None:
        asked = next((one for one in self._window.findChildren(QDialog) if one.isVisible()), None)
        if asked is None:
            self._anew()
        else:
            asked.finished.connect(lambda _result: self._soon.start(0))
