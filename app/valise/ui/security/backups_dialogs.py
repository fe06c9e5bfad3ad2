"""Backing up, checking a backup, destroying the vault: what is asked before each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from valise.desk.door_backups import BackupFile, BackupState, Secret
from valise.ui import theme
from valise.ui.security import backups_said as said
from valise.ui.security.backups_secret import SecretBox, backup_choice
from valise.ui.text_safe import isolate
from valise.ui.widgets.asking import Asking, threatens
from valise.ui.widgets.buttons import button, row
from valise.ui.widgets.files import pick_folder
from valise.ui.widgets.labels import SafeLabel, Words, named
from valise.ui.widgets.passphrase import PassphraseEntry

Look = Callable[[Path], list[BackupFile]]


class Sure(Asking):
    """A heading, a sentence, content in `.box`, and two buttons of which the second follows `ready()`; `begin_asking` opens it."""

    def __init__(self, parent: QWidget, question: str, sentence: str, do_it: str, *, danger: bool = False) -> None:
        super().__init__(parent)
        self.setModal(True)
        self.begin(question)
        if sentence:
            self.say(sentence)
        self.box = QVBoxLayout()
        self.box.setSpacing(theme.SPACE.s)
        self.column.addLayout(self.box)
        self.cancel = button(self.tr("Cancel"), self.reject, kind="quiet", parent=self)
        self.do_it = button(do_it, self.go, kind="danger" if danger else "primary", parent=self)
        self.end(self.cancel, self.do_it)
        self._danger = danger

    def go(self) -> None:
        """What the button does, when everything is there."""
        self.accept()

    def ready(self) -> bool:
        """Whether everything is there."""
        return True

    def settle(self) -> None:
        """The button follows what was given, the height what is said."""
        self.do_it.setEnabled(self.ready())
        if self._danger:
            threatens(self.do_it, self.ready())
        self.fit()

    def begin_asking(self) -> None:
        """Open it."""
        self.settle()
        self.open()


class FolderChoice(QWidget):
    """A folder for a backup, with what lies there already. `chosen()` is called after each choice."""

    def __init__(self, look: Look, chosen: Callable[[], object], parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._chosen = look, chosen
        self.folder: Path | None = None
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.SPACE.xs)
        self.choose = button(self.tr("Choose the place…"), self._pick, icon="folder", parent=self)
        self.where = SafeLabel(self.tr("None chosen"), "muted", self)
        box.addLayout(row(self.choose, self.where, None))
        self.line = Words("", "warn", self)
        self.line.hide()
        box.addWidget(self.line)
        self.setFocusProxy(self.choose)

    def _pick(self) -> None:
        pick_folder(self, self.tr("Choose a stick or a folder"), self.set_folder)

    def set_folder(self, folder: Path) -> None:
        """What was chosen."""
        from valise.domain.errors import ValiseError
        from valise.ui.strings import tell

        self.folder = folder
        self.where.setText(folder.name or str(folder))
        try:
            words = said.unfinished(self._look(folder))
        except ValiseError as error:
            self.folder = None
            words = tell(error).happened
        self.line.setText(words)
        self.line.setVisible(bool(words))
        self._chosen()


class BackupDialog(Sure):
    """Where to, and the passphrase. `make(folder, passphrase)`."""

    def __init__(
        self, parent: QWidget, state: BackupState, look: Look, make: Callable[[Path, bytearray], object]
    ) -> None:
        super().__init__(
            parent, self.tr("Back up this vault"),
            self.tr(
                "The backup is one file, sealed under your passphrase. It holds everything you can read here, and none of "
                "the keys of this laptop: whoever restores it gets a new laptop that has to be admitted."
            ),
            self.tr("Back up now"),
        )  # fmt: skip
        self._make = make
        self.place = FolderChoice(look, self._placed, self)
        self.box.addWidget(self.place)
        waits = said.waiting(state.record, state.conversation)
        self.waits = Words(waits, "warn", self)
        self.waits.setVisible(bool(waits))
        self.box.addWidget(self.waits)
        label = self.tr("Passphrase of this vault")
        self.entry = PassphraseEntry(label, self)
        self.entry.edited.connect(self.settle)
        self.entry.submitted.connect(self.go)
        self.box.addWidget(Words(label, "strong", self))
        self.box.addWidget(self.entry)
        self.place.setFocus()
        self.begin_asking()

    def _placed(self) -> None:
        self.settle()
        self.entry.setFocus()

    def ready(self) -> bool:
        return self.place.folder is not None and not self.entry.empty()

    def go(self) -> None:
        folder = self.place.folder
        if folder is None or not self.ready():
            return
        given = self.entry.take()
        self.accept()
        self._make(folder, given)


class CheckDialog(Sure):
    """Which backup, and what opens it. `check(path, secret)`."""

    def __init__(self, parent: QWidget, check: Callable[[Path, Secret], object]) -> None:
        super().__init__(
            parent, self.tr("Check a backup"),
            self.tr("It is read to its end and proved; nothing of it enters this vault."), self.tr("Check it"),
        )  # fmt: skip
        self._check = check
        self.file = backup_choice(self)
        self.file.chosen.connect(self._chosen)
        self.box.addWidget(self.file)
        self.secret = SecretBox(self.tr("Passphrase of the backup"), self)
        self.secret.edited.connect(self.settle)
        self.secret.submitted.connect(self.go)
        self.box.addWidget(self.secret)
        self.file.setFocus()
        self.begin_asking()

    def _chosen(self, _path: Path) -> None:
        self.settle()
        self.secret.setFocus()

    def ready(self) -> bool:
        return self.file.path is not None and self.secret.ready()

    def go(self) -> None:
        path = self.file.path
        if path is None or not self.ready():
            return
        given = self.secret.take()
        self.accept()
        self._check(path, given)


class DestroyDialog(Sure):
    """What destroying does and does not do, and the code of the delegation typed by hand. `destroy(code, key file too)`."""

    def __init__(self, parent: QWidget, state: BackupState, destroy: Callable[[str, bool], object]) -> None:
        super().__init__(parent, self.tr("Destroy this vault"), "", self.tr("Destroy it"), danger=True)
        self._code, self._destroy = state.code, destroy
        for words, role in (
            (self.tr("Everything in this vault on this laptop is gone for good. No passphrase and no recovery share opens "
                     "it any more."), "strong"),
            (self.tr("What remains: your backups, your other laptops, the key file and its shares where they are kept, and "
                     "what the other delegations hold. They are not told; have this laptop revoked."), ""),
            (self.tr("The keys are overwritten before the files are removed. The storage of a laptop or stick may keep old "
                     "blocks for a while; what is in them is sealed under the keys that are gone."), "muted"),
        ):  # fmt: skip
            self.box.addWidget(Words(words, role, self))
        if state.last is None:
            self.box.addWidget(Words(self.tr("There is no backup of this vault."), "error", self))
        self.key_file = QCheckBox(self.tr("Also destroy the delegation's key file, which still lies beside the vault"), self)
        named(self.key_file, self.key_file.text(),
              self.tr("Without it and without its shares no laptop can ever be admitted again."))  # fmt: skip
        self.key_file.setVisible(state.key_file)
        self.box.addWidget(self.key_file)
        label = self.tr("Type the code of your delegation, {0}, to confirm").format(isolate(state.code))
        self.box.addWidget(Words(label, "strong", self))
        self.typed = QLineEdit(self)
        self.typed.setMaxLength(12)
        named(self.typed, label)
        self.typed.textChanged.connect(self.settle)
        self.box.addWidget(self.typed)
        self.cancel.setFocus()
        self.begin_asking()

    def ready(self) -> bool:
        return self.typed.text().strip().upper() == self._code

    def go(self) -> None:
        if not self.ready():
            return
        code, too = self.typed.text(), self.key_file.isChecked()
        self.accept()
        self._destroy(code, too)
