"""A new passphrase: typed twice, with advice on how hard it is to guess."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from valise.ui import theme
from valise.ui.widgets.labels import Words, named
from valise.ui.widgets.passphrase import PassphraseEntry
from valise.ui.widgets.strength import StrengthMeter


class NewPassphrase(QWidget):
    """`edited` when `ready()` may have changed, `submitted` on Enter in the second box. `take()` gives it once.

    `about()` = words that should not stand in it: names of the delegation and the officer.
    """

    edited = Signal()
    submitted = Signal()

    def __init__(
        self, label: str, parent: QWidget | None = None, *, again: str = "", about: Callable[[], Sequence[str]] | None = None
    ) -> None:
        super().__init__(parent)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.SPACE.s)
        named(self, label)
        again = again or self.tr("The same passphrase again")
        self.once, self.again = PassphraseEntry(label, self), PassphraseEntry(again, self)
        self.meter = StrengthMeter(self.once, about or tuple, self)
        for words, part in ((label, self.once), ("", self.meter), (again, self.again)):
            if words:
                box.addWidget(Words(words, "strong", self))
            box.addWidget(part)
        self.line = Words("", "warn", self)
        box.addWidget(self.line)
        for entry in (self.once, self.again):
            entry.edited.connect(self._changed)
            entry.caps_lock.connect(self._caps)
        self.once.submitted.connect(self.again.setFocus)
        self.again.submitted.connect(self.submitted)
        self.setFocusProxy(self.once)

    def _caps(self, on: bool) -> None:
        self.say(self.tr("Caps Lock seems to be on.") if on else "", "warn")

    def _changed(self) -> None:
        typed = not self.again.empty() and self.again.length() >= self.once.length()
        if typed and not self.again.same_as(self.once):
            self.say(self.tr("The two are not the same."))
        elif self.line.property("role") == "error":
            self.say("")
        self.edited.emit()

    def say(self, words: str, role: str = "error") -> None:
        """A sentence in the line below."""
        self.line.setRole(role)
        self.line.setText(words)

    def ready(self) -> bool:
        """Good enough, and twice the same."""
        return self.meter.accepted() and self.again.same_as(self.once)

    def take(self) -> bytearray:
        """The passphrase, once; both boxes are emptied."""
        given = self.once.take()
        self.again.forget()
        self.meter.look()
        return given
