"""The way into the vault for practice: its passphrase, or a new one the first time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from valise.domain.errors import ValiseError
from valise.ui import theme
from valise.ui.first.hero import hero
from valise.ui.tasks import Runner
from valise.ui.widgets.buttons import ProgressLine, button, row
from valise.ui.widgets.labels import Words, muted, named
from valise.ui.widgets.new_passphrase import NewPassphrase
from valise.ui.widgets.passphrase import PassphraseEntry

if TYPE_CHECKING:
    from valise.desk.door import Gate


class PractisePage(QWidget):
    """`opened(door)` with the vault for practice; `left()` back to where one came from. The real vault stays closed."""

    opened = Signal(object)
    left = Signal()

    def __init__(self, gate: Gate, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gate, self._runner = gate.practice(), runner
        self.known = self._gate.exists()
        named(self, self.tr("Practise with fictional delegations"))
        box = QVBoxLayout(self)
        box.setContentsMargins(theme.SPACE.xl, theme.SPACE.xl, theme.SPACE.xl, theme.SPACE.xl)
        box.setSpacing(theme.SPACE.m)
        box.addStretch(2)
        hero(box, "flag", self.tr("Practise with fictional delegations"), self)
        box.addWidget(
            muted(
                self.tr("A vault of its own beside yours, with two invented partners who answer. It takes in no real contact and carries "
                        "nothing beyond its folder."),
                self,
            )
        )  # fmt: skip
        self.entry: PassphraseEntry | None = None
        self.fresh: NewPassphrase | None = None
        if self.known:
            self.entry = PassphraseEntry(self.tr("Passphrase of the vault for practice"), self)
            self.entry.edited.connect(self._settle)
            self.entry.submitted.connect(self.begin)
            box.addWidget(self.entry)
        else:
            self.fresh = NewPassphrase(self.tr("A passphrase for practice"), self)
            self.fresh.edited.connect(self._settle)
            self.fresh.submitted.connect(self.begin)
            box.addWidget(self.fresh)
        self.progress = ProgressLine(self)
        box.addWidget(self.progress)
        self.line = Words("", "muted", self)
        box.addWidget(self.line)
        self.back = button(self.tr("Back"), self.left.emit, kind="quiet", parent=self)
        self.go = button(self.tr("Practise"), self.begin, kind="primary", parent=self)
        box.addLayout(row(self.back, None, self.go))
        box.addStretch(3)
        self.setFocusProxy(self.entry or self.fresh)
        self._settle()

    def ready(self) -> bool:
        """Whether there is a passphrase to go on with."""
        if self.entry is not None:
            return not self.entry.empty()
        return self.fresh is not None and self.fresh.ready()

    def _settle(self) -> None:
        self.go.setEnabled(self.ready() and self.back.isEnabled())

    def begin(self) -> None:
        """Open it, or make it."""
        if not self.ready() or not self.back.isEnabled():
            return
        given = self.entry.take() if self.entry is not None else self.fresh.take() if self.fresh is not None else bytearray()
        self._work(True)
        self.line.setRole("muted")
        self.line.setText("" if self.known else self.tr("Making the vault and its partners. This takes a moment on purpose."))
        gate = self._gate
        self._runner.run(lambda: gate.practise(given), self.opened.emit, self._failed, owner=self)

    def _work(self, busy: bool) -> None:
        for one in (self.entry, self.fresh, self.back):
            if one is not None:
                one.setEnabled(not busy)
        self._settle()
        if busy:
            self.progress.wait()
        else:
            self.progress.rest()

    def _failed(self, error: ValiseError) -> None:
        from valise.ui.strings import tell

        told = tell(error)
        self._work(False)
        self.line.setRole("error")
        self.line.setText(f"{told.happened} {told.todo}")
        self.setFocus()
