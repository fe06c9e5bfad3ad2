"""The window before the vault is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from valise.ui import access, access_role, actions, theme, zoom
from valise.ui.first.unlock import UnlockPage
from valise.ui.tabbing import ReadingOrder
from valise.ui.tasks import Runner
from valise.ui.widgets.buttons import button
from valise.ui.widgets.labels import named

if TYPE_CHECKING:
    from valise.desk.door import Door, Gate
    from valise.ui.first.wizard import FillSample


class Front(ReadingOrder, QWidget):
    """Unlock, or the first run, or the wait for enrolment. `opened(door)`; `.runner` goes on with the main window."""

    opened = Signal(object)

    def __init__(self, gate: Gate, reason: str = "", fill_sample: FillSample | None = None) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(self.tr("Valise"))
        named(self, self.tr("Valise"))
        self._gate, self._reason, self._fill = gate, reason, fill_sample
        self.runner = Runner(self)
        self._handed_over = False
        self.founded = False  # a delegation was made here just now, not only to look around
        grid = QGridLayout(self)
        grid.setContentsMargins(theme.SPACE.l, theme.SPACE.l, theme.SPACE.l, theme.SPACE.l)
        self._frame = QFrame(self)
        self._frame.setObjectName("card")
        self._inner = QGridLayout(self._frame)
        self._inner.setContentsMargins(0, 0, 0, 0)
        grid.addWidget(self._frame, 1, 1)
        for side in (0, 2):
            grid.setColumnStretch(side, 1)
            grid.setRowStretch(side, 1)
        grid.setColumnStretch(1, 100)
        grid.setRowStretch(1, 100)
        key = actions.portable(actions.spec("guide").shortcut)
        self.help = button(self.tr("Guide"), kind="quiet", parent=self)
        self.help.clicked.connect(self.show_guide)
        self.help.setToolTip(key.toString(QKeySequence.SequenceFormat.NativeText))
        grid.addWidget(self.help, 3, 0, 1, 3, Qt.AlignmentFlag.AlignTrailing)
        QShortcut(key, self).activated.connect(self.show_guide)
        self.content: QWidget | None = None
        self._reach: zoom.Reach | None = None
        if gate.exists():
            self._unlock()
        else:
            self._first()

    def show_guide(self) -> None:
        """The guide at the page about what is shown."""
        from valise.ui.guide.window import help_for

        help_for(self, self, owned=True)

    def _put(self, content: QWidget, width: int, height: int) -> None:
        old, self.content = self.content, content
        if old is not None:
            old.hide()
            old.deleteLater()
        if self._reach is not None:
            self._inner.removeWidget(self._reach)
            self._reach.deleteLater()
        # in some languages two buttons beside each other need more; the card has its own border
        width = max(width, content.minimumSizeHint().width() + 2 * theme.SPACE.l)
        self._frame.setMaximumSize(width, height)
        self._reach = zoom.Reach(content, QSize(), self._frame)  # where the screen is low, it scrolls
        self._inner.addWidget(self._reach, 0, 0)
        around = 48 + self.help.sizeHint().height()
        wanted = QSize(width + 32, height + around)
        self.resize((wanted.expandedTo(self.size()) if old else wanted).boundedTo(zoom.room(self)))
        content.setFocus()

    def _unlock(self, request: bytes = b"") -> None:
        if self._gate.awaiting_enrolment():
            from valise.ui.first.enrol import EnrolPage

            waiting = EnrolPage(self._gate, self.runner, self)
            waiting.opened.connect(self._hand_over)
            if request:
                waiting.show_request(request)
            self._put(waiting, 560, 720)
            return
        page = UnlockPage(self._gate, self.runner, self._reason, self)
        page.opened.connect(self._hand_over)
        page.shares_wanted.connect(self._recover)
        page.practising.connect(self._practise)
        self._put(page, 470, 600)

    def _recover(self) -> None:
        from valise.ui.first.recover import RecoverPage

        page = RecoverPage(self._gate, self.runner, self)
        page.opened.connect(self._hand_over)
        page.left.connect(self._unlock)
        self._put(page, 620, 720)

    def _first(self) -> None:
        from valise.ui.first.wizard import FirstRun

        page = FirstRun(self._gate, self.runner, self._fill, self)
        page.opened.connect(self._founded)
        page.joined.connect(lambda: self._unlock(page.request.made()))
        page.restoring.connect(self._restore)
        page.practising.connect(self._practise)
        self._put(page, 680, 660)

    def _practise(self) -> None:
        from valise.ui.first.practise import PractisePage

        page = PractisePage(self._gate, self.runner, self)
        page.opened.connect(self._hand_over)
        page.left.connect(self._unlock if self._gate.exists() else self._first)
        self._put(page, 560, 640)

    def _restore(self) -> None:
        from valise.ui.first.restore import RestorePage

        page = RestorePage(self._gate, self)
        page.opened.connect(self._hand_over)
        page.left.connect(self._first)
        self._put(page, 680, 640)

    def _founded(self, door: Door) -> None:
        from valise.ui.first.wizard import FirstRun

        self.founded = isinstance(self.content, FirstRun) and not self.content.sampled
        self._hand_over(door)

    def _hand_over(self, door: Door) -> None:
        self._handed_over = True
        self.opened.emit(door)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._handed_over:
            # A first run left half way may already have made and opened the vault.
            door = getattr(self.content, "door", None)
            self.runner.close(door.close if door is not None else None)
        event.accept()


access.speaks(Front, access_role.window)
