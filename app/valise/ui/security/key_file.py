"""The delegation's key file: choosing it with its passphrase, and giving it a new one."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from valise.desk.views import Me
from valise.ui import theme
from valise.ui.widgets.asking import Asking
from valise.ui.widgets.buttons import button
from valise.ui.widgets.choosing import FileChoice
from valise.ui.widgets.labels import Words, named
from valise.ui.widgets.new_passphrase import NewPassphrase
from valise.ui.widgets.passphrase import PassphraseEntry


class KeyFile(QWidget):
    """Which file, and what opens it. `edited` when `ready()` may have changed, `submitted` on Enter."""

    edited = Signal()
    submitted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.SPACE.s)
        label = self.tr("Passphrase of the key file")
        named(self, self.tr("Key file"))
        self.file = FileChoice(self.tr("Choose the key file…"), self.tr("Open the key file"), self, icon="key")
        self.entry = PassphraseEntry(label, self)
        self.file.chosen.connect(self._chosen)
        self.entry.edited.connect(self.edited)
        self.entry.submitted.connect(self.submitted)
        box.addWidget(self.file)
        box.addWidget(Words(label, "strong", self))
        box.addWidget(self.entry)
        self.setFocusProxy(self.file)

    def _chosen(self, _path: Path) -> None:
        self.edited.emit()
        self.entry.setFocus()

    @property
    def path(self) -> Path | None:
        """The file, usually on a stick."""
        return self.file.path

    def ready(self) -> bool:
        """Both are there."""
        return self.path is not None and not self.entry.empty()


class NewKeyFileDialog(Asking):
    """`decided(passphrase)`: who hears it wipes it."""

    decided = Signal(object)

    def __init__(self, me: Me, beside: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.begin(self.tr("A new passphrase for the key file"))
        self.say(
            self.tr(
                "The delegation's key is written into a new key file under the new passphrase. The key itself stays the same, "
                "so nothing changes for other delegations."
            )
        )
        self.say(
            self.tr(
                "Every key file made before still opens with its old passphrase. Destroy the old ones once the new one is "
                "safe: the one beside the vault, and each copy on a stick."
            )
            if beside
            else self.tr("Every key file made before still opens with its old passphrase. Destroy each copy once the new one is safe."),
            "warn",
        )  # fmt: skip
        self.secret = NewPassphrase(
            self.tr("New passphrase"), self, again=self.tr("The new passphrase again"),
            about=lambda: (me.code, me.name, me.officer, me.role),
        )  # fmt: skip
        self.secret.edited.connect(self._changed)
        self.secret.submitted.connect(self.press)
        self.column.addWidget(self.secret)
        self.cancel = button(self.tr("Cancel"), self.reject, kind="quiet", parent=self)
        self.go = button(self.tr("Go on to the root key…"), self.press, kind="primary", parent=self)
        self.end(self.cancel, self.go)
        self._changed()
        self.secret.setFocus()

    def _changed(self) -> None:
        self.go.setEnabled(self.secret.ready())

    def press(self) -> None:
        """Hand the passphrase on."""
        if self.secret.ready():
            given = self.secret.take()
            self.accept()
            self.decided.emit(given)
