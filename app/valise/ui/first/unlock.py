"""The unlock page. It shows nothing from the vault but the name the owner made public."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from valise.domain.errors import ValiseError
from valise.ui import icons, theme
from valise.ui.tasks import Runner
from valise.ui.widgets.buttons import ProgressLine, button
from valise.ui.widgets.labels import SafeLabel, Words, named, title
from valise.ui.widgets.passphrase import PassphraseEntry

if TYPE_CHECKING:
    from valise.desk.door import Gate


class UnlockPage(QWidget):
    """`opened(door)` once the vault is open. `reason` says why it was locked: idle, suspend, session, asked or ""."""

    opened = Signal(object)

    def __init__(self, gate: Gate, runner: Runner, reason: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gate, self._runner = gate, runner
        named(self, self.tr("Unlock Valise"))
        box = QVBoxLayout(self)
        box.setContentsMargins(theme.SPACE.xl, theme.SPACE.xl, theme.SPACE.xl, theme.SPACE.xl)
        box.setSpacing(theme.SPACE.m)
        box.addStretch(3)
        picture = QLabel(self)
        icons.bind(picture, "valise", "accent", 56)
        box.addWidget(picture, 0, Qt.AlignmentFlag.AlignHCenter)
        head = title(self.tr("Unlock Valise"), self)
        head.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        box.addWidget(head)
        public = gate.public_name()
        self.name = SafeLabel(public, "muted", self)
        self.name.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.name.setVisible(bool(public))
        box.addWidget(self.name)
        box.addSpacing(theme.SPACE.xs)
        self.entry = PassphraseEntry(self.tr("Passphrase"), self)
        self.entry.submitted.connect(self.unlock)
        self.entry.edited.connect(self._edited)
        self.entry.caps_lock.connect(self._caps)
        box.addWidget(self.entry)
        self.button = button(self.tr("Unlock"), self.unlock, kind="primary", parent=self)
        self.button.setEnabled(False)
        box.addWidget(self.button)
        self.progress = ProgressLine(self)
        box.addWidget(self.progress)
        self.line = Words("", "muted", self)
        self.line.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.line.setMinimumHeight(4 * self.fontMetrics().height())
        self.line.setText(self._why(reason))
        box.addWidget(self.line)
        box.addStretch(2)
        self.setFocusProxy(self.entry)

    def _why(self, reason: str) -> str:
        return {
            "idle": self.tr("Locked after a time without activity. Drafts are kept in the vault."),
            "suspend": self.tr("Locked because the computer went to sleep. Drafts are kept in the vault."),
            "session": self.tr("Locked together with your session. Drafts are kept in the vault."),
            "asked": self.tr("Locked. Drafts are kept in the vault."),
        }.get(reason, "")

    def _edited(self) -> None:
        self.button.setEnabled(not self.entry.empty())
        if self.line.property("role") == "error":
            self._say("", "muted")

    def _caps(self, on: bool) -> None:
        if on:
            self._say(self.tr("Caps Lock seems to be on."), "warn")
        elif self.line.property("role") == "warn":
            self._say("", "muted")

    def _say(self, words: str, role: str) -> None:
        self.line.setRole(role)
        self.line.setText(words)

    def unlock(self) -> None:
        """Try what was typed."""
        if self.entry.empty() or not self.entry.isEnabled():
            return
        self.unlock_with(self.entry.take())

    def unlock_with(self, passphrase: bytearray) -> None:
        """Try this one; it is wiped."""
        self._work(True)
        self._say(self.tr("Opening the vault. This takes a moment on purpose."), "muted")
        self._runner.run(lambda: self._gate.unlock(passphrase), self._done, self._failed, owner=self)

    def _work(self, busy: bool) -> None:
        self.entry.setEnabled(not busy)
        self.button.setEnabled(not busy and not self.entry.empty())
        if busy:
            self.progress.wait()
        else:
            self.progress.rest()

    def _done(self, door: object) -> None:
        self.progress.rest()
        self._say("", "muted")
        self.opened.emit(door)

    def _failed(self, error: ValiseError) -> None:
        from valise.ui.strings import tell

        told = tell(error)
        self._work(False)
        self._say(f"{told.happened} {told.confidentiality} {told.todo}", "error")
        self.entry.setFocus()
