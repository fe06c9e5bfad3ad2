"""Choosing custodians and vouching: opens the dialogs, hands what was chosen to the desk."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from valise.desk.door import Door
from valise.desk.views import ContactView
from valise.domain.errors import NotAllowed, ValiseError
from valise.ui.contacts.vouching import CustodiansDialog, VouchDialog
from valise.ui.tasks import Runner


class Telling(QObject):
    """`failed(error)`; what was done shows in the changes the desk announces."""

    failed = Signal(object)

    def __init__(self, door: Door, runner: Runner, parent: QWidget) -> None:
        super().__init__(parent)
        self.door, self.runner, self._parent = door, runner, parent

    def custodians(self) -> None:
        """Whose word counts."""
        try:
            dialog = CustodiansDialog(self._parent, self._contacts(), self.door.trust.custodians())
        except ValiseError as error:
            self.failed.emit(error)
            return
        trust = self.door.trust
        dialog.chosen.connect(
            lambda who, needed: self.runner.run(
                lambda: trust.choose_custodians(who, needed), None, self.failed.emit, owner=self
            )
        )
        dialog.open()

    def vouch(self, about: ContactView | None) -> None:
        """Our word for a delegation."""
        if about is None:
            return
        if about.trust != "verified in person" or about.stopped:
            self.failed.emit(NotAllowed("vouch.not_verified"))
            return
        trust, which = self.door.trust, about.id
        try:
            others = [one for one in self._contacts() if not one.stopped]
            dialog = VouchDialog(self._parent, about, others, trust.story(which))
        except ValiseError as error:
            self.failed.emit(error)
            return

        def say(to: tuple[str, ...], back: tuple[str, ...]) -> None:
            def work() -> None:
                if back:
                    trust.unvouch(which, back)
                if to:
                    trust.vouch(which, to)

            self.runner.run(work, None, self.failed.emit, owner=self)

        dialog.told.connect(say)
        dialog.open()

    def _contacts(self) -> list[ContactView]:
        own = self.door.me().delegation
        return [one for one in self.door.contacts.all() if one.id != own]
