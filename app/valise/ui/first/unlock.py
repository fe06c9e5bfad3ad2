"""The unlock page. It shows nothing from the vault but the name the owner made public."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from valise.domain.errors import ValiseError, WrongPassphrase
from valise.ui import theme
from valise.ui.first.hero import hero
from valise.ui.language import translate
from valise.ui.tasks import Runner
from valise.ui.widgets.buttons import ProgressLine, button
from valise.ui.widgets.labels import SafeLabel, Words, named
from valise.ui.widgets.passphrase import PassphraseEntry

if TYPE_CHECKING:
    from valise.desk.door import Gate


class UnlockPage(QWidget):
    """`opened(door)` once the vault is open. `reason` says why it was locked: idle, suspend, session, asked or ""."""

    opened = Signal(object)
    shares_wanted = Signal()
    practising = Signal()

    def __init__(self, gate: Gate, runner: Runner, reason: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gate, self._runner = gate, runner
        self.rescuing = False  # the next passphrase rescues what verifies of a damaged vault
        named(self, self.tr("Unlock Valise"))
        box = QVBoxLayout(self)
        box.setContentsMargins(theme.SPACE.xl, theme.SPACE.xl, theme.SPACE.xl, theme.SPACE.xl)
        box.setSpacing(theme.SPACE.m)
        box.addStretch(3)
        hero(box, "valise", self.tr("Unlock Valise"), self)
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
        ways = gate.can_unlock_by()
        self.others: dict[str, QPushButton] = {}  # by kind of slot; none is made, and paid for, that is not there
        if "keyring" in ways:
            words = self.tr("Unlock with this computer's keyring")
            self.others["keyring"] = button(words, self.unlock_keyring, icon="key", parent=self)
        if "recovery" in ways:
            words = self.tr("Use recovery shares…")
            self.others["recovery"] = button(words, self.shares_wanted.emit, kind="quiet", parent=self)
        for other in self.others.values():
            box.addWidget(other)
        self.progress = ProgressLine(self)
        box.addWidget(self.progress)
        self.line = Words("", "muted", self)
        self.line.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.line.setMinimumHeight(4 * self.fontMetrics().height())
        self.line.setText(self._why(reason) or self._together("passphrase+keyring" in ways))
        box.addWidget(self.line)
        box.addStretch(2)
        words = self.tr("Practise with fictional delegations…")
        self.practise = button(words, self.practising.emit, kind="quiet", parent=self)
        box.addWidget(self.practise, 0, Qt.AlignmentFlag.AlignHCenter)
        self.setFocusProxy(self.entry)

    def _why(self, reason: str) -> str:
        return {
            "idle": self.tr("Locked after a time without activity. Drafts are kept in the vault."),
            "suspend": self.tr("Locked because the computer went to sleep. Drafts are kept in the vault."),
            "session": self.tr("Locked together with your session. Drafts are kept in the vault."),
            "asked": self.tr("Locked. Drafts are kept in the vault."),
        }.get(reason, "")

    def _together(self, both: bool) -> str:
        return self.tr("Passphrase and the keyring of this computer open it together.") if both else ""

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
        if self.rescuing:
            self._say(self.tr("Reading what verifies, row by row. The damaged files are kept."), "muted")
            self._runner.run(
                lambda told: self._gate.salvage(passphrase, told), self._rescued, self._failed,
                on_progress=self.progress.show_progress, owner=self,
            )  # fmt: skip
            return
        self._say(self.tr("Opening the vault. This takes a moment on purpose."), "muted")
        self._runner.run(
            lambda told: self._gate.unlock(passphrase, told), self._done, self._failed,
            on_progress=self.progress.show_progress, owner=self,
        )  # fmt: skip

    def unlock_keyring(self) -> None:
        """Let the keyring of this computer open it; the system may ask for the keyring's own password."""
        if not self.entry.isEnabled():
            return
        self._work(True)
        self._say(self.tr("Asking the keyring of this computer."), "muted")
        self._runner.run(self._gate.unlock_keyring, self._done, self._failed, owner=self)

    def _work(self, busy: bool) -> None:
        self.entry.setEnabled(not busy)
        for other in (*self.others.values(), self.practise):
            other.setEnabled(not busy)
        self.button.setEnabled(not busy and not self.entry.empty())
        if busy:
            self.progress.wait()
        else:
            self.progress.rest()

    def _done(self, door: object) -> None:
        self.progress.rest()
        self._say("", "muted")
        self.opened.emit(door)

    def _rescue(self, on: bool) -> None:
        self.rescuing = on
        words = self.tr("Rescue what verifies") if on else self.tr("Unlock")
        self.button.setText(words)
        named(self.button, words)

    def _rescued(self, report: tuple[tuple[str, int, int], ...]) -> None:
        """What was rescued, in numbers, and the passphrase once more: the new vault is opened like any other."""
        self._work(False)
        self._rescue(False)
        kept = sum(rows for _, rows, _ in report)
        lost = [gone for _, _, gone in report if gone]
        if not lost:
            words = translate("unlock", "Everything that was there verifies: %n rows were rescued.", None, kept)
        elif any(gone < 0 for gone in lost):
            words = translate("unlock", "%n rows were rescued; how many were lost cannot be told.", None, kept)
        else:
            words = translate("unlock", "%n rows were rescued, {lost} lost.", None, kept).format(lost=sum(lost))
        after = self.tr("The damaged files are kept beside the vault. Unlock it: it asks the others for what is missing.")
        self._say(f"{words} {after}", "warn" if lost else "muted")
        self.entry.setFocus()

    def _failed(self, error: ValiseError) -> None:
        from valise.ui.strings import tell

        told = tell(error)
        self._work(False)
        self._rescue(error.code == "vault.damaged" or (self.rescuing and isinstance(error, WrongPassphrase)))
        self._say(f"{told.happened} {told.confidentiality} {told.todo}", "error")
        self.entry.setFocus()
