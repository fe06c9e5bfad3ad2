"""Something came while nobody looked: the desktop is told how much, and nothing else (C7)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from valise.ui.language import translate

if TYPE_CHECKING:
    import threading

SECONDS = 60
Say = Callable[[str, int, Callable[[int], object]], "threading.Thread | None"]


class Notifier(QObject):
    """`waiting(count)` whenever the number of things that need a person is known anew. What it grew by while no window
    of ours was active is said, at most once in `SECONDS`; looking at the window ends it.

    `say(sentence, instead_of, told)` can be given instead of the desktop (tests); see `system.notices.say`.
    """

    _shown = Signal(int)

    def __init__(self, window: QWidget, say: Say | None = None) -> None:
        super().__init__(window)
        self._window = window
        self._say = say
        self._on = True
        self._known: int | None = None  # the count somebody has seen, or could have
        self._held: frozenset[Hashable] = frozenset()
        self._new = 0
        self._said = 0  # of these, how many the desktop shows
        self._number = 0
        self._thread: threading.Thread | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(SECONDS * 1000)
        self._pause.timeout.connect(self._tell)
        self._shown.connect(self._remember, Qt.ConnectionType.QueuedConnection)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.applicationStateChanged.connect(self._looked)

    def use(self, on: bool) -> None:
        """As the setting has it."""
        self._on = on

    @property
    def seen(self) -> bool:
        """Whether a window of ours is active."""
        return QApplication.activeWindow() is not None

    def waiting(self, count: int, due: Collection[Hashable] = ()) -> None:
        """This many things need a person now; `due` tells them apart, so that one that became due while another was settled
        elsewhere is not missed. Neither is ever said."""
        (before, self._known), (held, self._held) = (self._known, count), (self._held, frozenset(due))
        if before is None or self.seen:
            self._new = self._said = 0
            return
        came = max(count - before, len(self._held - held))
        gone = before + came - count
        self._new = max(0, self._new - gone) + came
        self._said = min(self._said, self._new - came)
        if came and not self._pause.isActive():
            self._tell()

    def _looked(self, state: Qt.ApplicationState) -> None:
        if state == Qt.ApplicationState.ApplicationActive:
            self._new = self._said = self._number = 0

    def sentence(self, count: int) -> str:
        """All that is ever said."""
        return translate("notice", "Valise: %n items", None, count)

    def _tell(self) -> None:
        if not self._on or self._new <= self._said or self.seen:
            return
        self._said = self._new
        self._pause.start()
        if self._say is not None:
            self._say(self.sentence(self._new), self._number, self._shown.emit)
            return
        from valise.system import notices

        if notices.possible():
            self._thread = notices.say(self.sentence(self._new), self._number, self._shown.emit)
        else:
            QApplication.alert(self._window)  # its mark in the task bar, without a word

    def _remember(self, number: int) -> None:
        self._number = number

    def stop(self) -> None:
        """Nothing more is said."""
        self._on = False
        self._pause.stop()
