"""Which backup, and what opens it: its passphrase, or recovery shares from paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from valise.ui import theme
from valise.ui.language import translate
from valise.ui.widgets.buttons import button, row
from valise.ui.widgets.choosing import FileChoice
from valise.ui.widgets.labels import Words, named
from valise.ui.widgets.passphrase import PassphraseEntry

if TYPE_CHECKING:
    from valise.desk.door_backups import Secret
    from valise.ui.widgets.shares_entry import SharesEntry

KINDS = "*.valise-backup"

class SecretBox(QWidget):
    """`edited` when `ready()` may have changed, `submitted` on Enter. `take()` gives it once."""

    edited = Signal()
    submitted = Signal()
    turned = Signal(bool)  # to shares, or back

    def __init__(self, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.SPACE.s)
        named(self, label)
        self.caption = Words(label, "strong", self)
        box.addWidget(self.caption)
        self.entry = PassphraseEntry(label, self)
        self.entry.edited.connect(self.edited)
        self.entry.submitted.connect(self.submitted)
        box.addWidget(self.entry)
        self.shares: SharesEntry | None = None
        self.turn = button("", self._turn, kind="quiet", parent=self)
        box.addLayout(row(self.turn, None))
        self._box = box
        self._say()
        self.setFocusProxy(self.entry)

    @property
    def by_shares(self) -> bool:
        """Whether shares are asked for now."""
        return self.shares is not None

    def _say(self) -> None:
        words = self.tr("Use the passphrase instead") if self.by_shares else self.tr("Use recovery shares instead…")
        self.turn.setText(words)
        named(self.turn, words)
        self.caption.setText(self.tr("Recovery shares") if self.by_shares else self.accessibleName())

    def _turn(self) -> None:
        if self.shares is None:
            from valise.ui.widgets.shares_entry import SharesEntry

            self.entry.forget()
            self.entry.hide()
            self.shares = SharesEntry(self)
            self.shares.edited.connect(self.edited)
            self.shares.complete.connect(self.edited)
            self._box.insertWidget(1, self.shares)
            self.setFocusProxy(self.shares)
            self.shares.setFocus()
        else:
            self.shares.deleteLater()
            self.shares = None
            self.entry.show()
            self.setFocusProxy(self.entry)
            self.entry.setFocus()
        self._say()
        self.turned.emit(self.by_shares)
        self.edited.emit()

    def ready(self) -> bool:
        """Whether there is something to try."""
        if self.shares is not None:
            return self.shares.is_complete()
        return not self.entry.empty()

    def take(self) -> Secret:
        """What was given, once."""
        if self.shares is not None:
            return tuple(self.shares.take())
        return self.entry.take()


def backup_choice(parent: QWidget) -> FileChoice:
    """Which backup."""
    words, title = translate("backups", "Choose the backup…"), translate("backups", "Open a backup")
    return FileChoice(words, title, parent, kinds=translate("backups", "Backups ({0})").format(KINDS))
