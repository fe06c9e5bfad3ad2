"""Recovery shares in place of a passphrase: enter them, take a new passphrase, go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from valise.domain.errors import ValiseError
from valise.ui import theme
from valise.ui.first.page import Page
from valise.ui.first.pages import PassphrasePage
from valise.ui.tasks import Runner
from valise.ui.widgets.buttons import ProgressLine, button, row
from valise.ui.widgets.labels import named
from valise.ui.widgets.shares_entry import SharesEntry

if TYPE_CHECKING:
    from valise.desk.door import Gate


class SharesPage(Page):
    """The shares, one after the other; `.entry` emits `complete`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("Recovery shares"),
            self.tr("Enter the shares on paper one after the other. Each is checked as soon as it is whole."),
            parent,
        )
        self.entry = SharesEntry(self)
        self.box.addWidget(self.entry)
        self.box.addStretch(1)

    def is_ready(self) -> bool:
        return False

    def first(self) -> QWidget:
        return self.entry.field


class RecoverPage(QWidget):
    """`opened(door)` once the vault is open, `left()` to go back to the passphrase."""

    opened = Signal(object)
    left = Signal()

    def __init__(self, gate: Gate, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gate, self._runner = gate, runner
        self._held: list[str] = []
        named(self, self.tr("Open with recovery shares"))
        box = QVBoxLayout(self)
        box.setContentsMargins(theme.SPACE.xl, theme.SPACE.l, theme.SPACE.xl, theme.SPACE.l)
        box.setSpacing(theme.SPACE.s)
        self.stack = QStackedWidget(self)
        box.addWidget(self.stack, 1)
        self.shares = SharesPage(self)
        self.passphrase = PassphrasePage(
            self,
            heading=self.tr("New passphrase"),
            sentence=self.tr(
                "The shares open this vault. Choose the passphrase that opens it from now on; the one before opens nothing "
                "any more, and no keyring is needed beside it."
            ),
        )
        for page in (self.shares, self.passphrase):
            self.stack.addWidget(page)
        self.progress = ProgressLine(self)
        box.addWidget(self.progress)
        self.back = button(self.tr("Back"), self.leave, parent=self)
        self.keep = button(self.tr("Open, keep the passphrase"), lambda: self._open(None), kind="quiet", parent=self)
        self.next = button(self.tr("Change and open"), self._change, kind="primary", parent=self)
        box.addLayout(row(self.back, None, self.keep, self.next))
        self.shares.entry.complete.connect(self._try)
        self.passphrase.ready.connect(self.next.setEnabled)
        self.passphrase.submitted.connect(self._change)
        self._show(self.shares)

    def leave(self) -> None:
        """Forget everything and go back."""
        self._held = []
        self.shares.entry.forget()
        self.passphrase.take()
        self.left.emit()

    def _show(self, page: Page) -> None:
        self.stack.setCurrentWidget(page)
        second = page is self.passphrase
        self.next.setVisible(second)
        self.keep.setVisible(second)
        self.next.setEnabled(page.is_ready())
        start = page.first()
        if start is not None:
            self.setFocusProxy(start)
            start.setFocus(Qt.FocusReason.OtherFocusReason)

    def _work(self, busy: bool) -> None:
        for one in (self.stack, self.back, self.keep):
            one.setEnabled(not busy)
        self.next.setEnabled(not busy and self.passphrase.is_ready())
        if busy:
            self.progress.wait()
        else:
            self.progress.rest()

    def _try(self) -> None:
        given = self._held = self.shares.entry.take()
        self._work(True)
        self._runner.run(lambda: self._gate.try_shares(given), self._right, self._wrong, owner=self)

    def _right(self, _none: object) -> None:
        self._work(False)
        self._show(self.passphrase)

    def _wrong(self, error: ValiseError) -> None:
        self._held = []
        self._work(False)
        self._show(self.shares)
        self.shares.entry.say(_line(error))

    def _change(self) -> None:
        if self.passphrase.is_ready() and self.stack.isEnabled():
            self._open(self.passphrase.take())

    def _open(self, new: bytearray | None) -> None:
        given = self._held
        self._work(True)
        self._runner.run(lambda: self._gate.unlock_shares(given, new), self._done, self._failed, owner=self)

    def _done(self, door: object) -> None:
        self._held = []
        self.progress.rest()
        self.opened.emit(door)

    def _failed(self, error: ValiseError) -> None:
        self._work(False)
        self._show(self.passphrase)
        self.passphrase.say(_line(error))


def _line(error: ValiseError) -> str:
    from valise.ui.strings import tell

    told = tell(error)
    return f"{told.happened} {told.confidentiality} {told.todo}"
