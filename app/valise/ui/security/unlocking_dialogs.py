"""Changing the passphrase of the vault."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from valise.desk.door import Door
from valise.ui.security.doing import Doing
from valise.ui.tasks import Runner
from valise.ui.widgets.new_passphrase import NewPassphrase


class ChangeDialog(Doing):
    """The old passphrase, and a new one twice."""

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        self._door = door
        super().__init__(
            runner,
            self.tr("Change the passphrase"),
            self.tr(
                "From then on only the new one opens this vault. Copies of the vault made before, backups among them, keep "
                "what opened them then."
            ),
            self.tr("Change it"),
            parent,
        )
        self.old.setFocus()

    def fill(self) -> None:
        me = self._door.me()
        self.old = self.entry(self.tr("Current passphrase"))
        self.new = NewPassphrase(
            self.tr("New passphrase"), self, again=self.tr("The new passphrase again"),
            about=lambda: (me.code, me.name, me.officer, me.role),
        )  # fmt: skip
        self.column.addWidget(self.new)
        self.new.edited.connect(self.settle)
        self.old.submitted.connect(self.new.setFocus)
        self.new.submitted.connect(self.press)

    def ready(self) -> bool:
        return not self.old.empty() and self.new.ready()

    def press(self) -> None:
        if not self.ready() or self._busy:
            return
        slots, old, new = self._door.slots, self.old.take(), self.new.take()
        self.work(lambda: slots.change_passphrase(old, new), lambda _none: self.accept())
