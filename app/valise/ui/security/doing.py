"""Dialogs whose button does something slow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from valise.domain.errors import ValiseError
from valise.ui.tasks import Runner
from valise.ui.widgets.asking import Asking
from valise.ui.widgets.buttons import ProgressLine, button
from valise.ui.widgets.labels import Words
from valise.ui.widgets.notice import NoticeBar
from valise.ui.widgets.passphrase import PassphraseEntry


class Doing(Asking):
    """A dialog whose button does something slow: it stays until that is done, and says why when it is not."""

    def __init__(self, runner: Runner, name: str, sentence: str, act: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runner, self._busy = runner, False
        self.begin(name)
        if sentence:
            self.say(sentence)
        self.notice = NoticeBar(self)
        self.column.addWidget(self.notice)
        self.fill()
        self.progress = ProgressLine(self)
        self.column.addWidget(self.progress)
        self.cancel = button(self.tr("Cancel"), self.reject, kind="quiet", parent=self)
        self.go = button(act, self.press, kind="primary", parent=self)
        self.end(self.cancel, self.go)
        self.settle()

    def fill(self) -> None:
        """Put the fields into `.column`."""

    def ready(self) -> bool:
        """Whether the button may be pressed."""
        return True

    def settle(self) -> None:
        """The button follows the fields."""
        if hasattr(self, "go"):
            self.go.setEnabled(self.ready() and not self._busy)

    def press(self) -> None:
        """What the button does, when it may."""
        raise NotImplementedError

    def entry(self, label: str) -> PassphraseEntry:
        """A captioned passphrase box that settles the button; Enter in the last one presses it."""
        made = PassphraseEntry(label, self)
        self.column.addWidget(Words(label, "strong", self))
        self.column.addWidget(made)
        made.edited.connect(self.settle)
        made.caps_lock.connect(self._caps)
        return made

    def _caps(self, on: bool) -> None:
        if on:
            self.notice.say(self.tr("Caps Lock seems to be on."), tone="warn")
        elif self.notice.property("tone") == "warn":
            self.notice.hide()

    def work(self, act: Callable[[], Any], done: Callable[[Any], object]) -> None:
        """Run `act`; then `done` with what it gave, or say what went wrong."""
        self._turn(True)

        def ended(given: Any) -> None:
            self._turn(False)
            done(given)

        self._runner.run(act, ended, self._failed, owner=self)

    def _turn(self, busy: bool) -> None:
        self._busy = busy
        for one in self.findChildren(PassphraseEntry):
            one.setEnabled(not busy)
        self.cancel.setEnabled(not busy)
        if busy:
            self.notice.hide()
            self.progress.wait()
        else:
            self.progress.rest()
        self.settle()

    def _failed(self, error: ValiseError) -> None:
        self._turn(False)
        self.notice.show_error(error)
        for one in self.findChildren(PassphraseEntry)[:1]:
            one.setFocus()

    def reject(self) -> None:
        """Not while it works: what comes of it would be lost."""
        if self._busy:
            return
        for one in self.findChildren(PassphraseEntry):
            one.forget()
        super().reject()


class ConfirmDialog(Doing):
    """The passphrase, then `act(passphrase)` on the writer thread."""

    def __init__(
        self, runner: Runner, name: str, sentence: str, do_it: str, act: Callable[[bytearray], object],
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        self._act = act
        super().__init__(runner, name, sentence, do_it, parent)
        self.passphrase.setFocus()

    def fill(self) -> None:
        self.passphrase = self.entry(self.tr("Passphrase"))
        self.passphrase.submitted.connect(self.press)

    def ready(self) -> bool:
        return not self.passphrase.empty()

    def press(self) -> None:
        if self.ready() and not self._busy:
            act, given = self._act, self.passphrase.take()
            self.work(lambda: act(given), lambda _none: self.accept())
