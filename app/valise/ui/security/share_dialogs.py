"""Before and after recovery shares are handed out: how many sheets, and the rehearsal; of the vault and of the root key."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QSpinBox, QWidget

from valise.desk.door import Door
from valise.desk.shares import LEAST, MOST
from valise.domain.errors import ValiseError
from valise.ui import theme
from valise.ui.security.doing import Doing
from valise.ui.tasks import Runner
from valise.ui.widgets.asking import Asking
from valise.ui.widgets.buttons import button
from valise.ui.widgets.labels import Words, named
from valise.ui.widgets.shares_entry import SharesEntry

USUAL = (2, 3)  # needed, of how many


class SheetCount(QWidget):
    """How many sheets there will be, and how many of them are needed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.total, self.need = QSpinBox(self), QSpinBox(self)
        self.total.setRange(LEAST, MOST)
        self.total.setValue(USUAL[1])
        self.need.setRange(LEAST, USUAL[1])
        self.need.setValue(USUAL[0])
        self.total.valueChanged.connect(self.need.setMaximum)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.SPACE.m)
        grid.setVerticalSpacing(theme.SPACE.s)
        for place, (box, label) in enumerate(
            ((self.total, self.tr("How many sheets")), (self.need, self.tr("How many are needed")))
        ):
            named(box, label)
            grid.addWidget(Words(label, "strong", self), place, 0)
            grid.addWidget(box, place, 1)
        grid.setColumnStretch(2, 1)
        self.setFocusProxy(self.total)


class HowMany(Asking):
    """Of the delegation's root key, before it is opened. `decided(need, total)`."""

    decided = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.begin(self.tr("Recovery shares of the delegation"))
        self.say(
            self.tr(
                "Sheets of paper for several people or safes. As many together as you say give the root key back when the key "
                "file or its passphrase is lost; fewer tell nothing about it. Three sheets of which two are needed suit most."
            )
        )
        self.say(self.tr("Sheets made before stay valid: collect and burn them when these take their place."))
        self.count = SheetCount(self)
        self.column.addWidget(self.count)
        self.cancel = button(self.tr("Cancel"), self.reject, kind="quiet", parent=self)
        self.go = button(self.tr("Go on to the root key…"), self._go, kind="primary", parent=self)
        self.end(self.cancel, self.go)
        self.count.setFocus()

    def _go(self) -> None:
        need, total = self.count.need.value(), self.count.total.value()
        self.accept()
        self.decided.emit(need, total)


class SharesDialog(Doing):
    """Of this vault: how many, and the passphrase. `made(shares, need)`."""

    made = Signal(object, int)

    def __init__(self, door: Door, runner: Runner, again: bool, parent: QWidget | None = None) -> None:
        self._door, self._again = door, again
        super().__init__(
            runner,
            self.tr("Recovery shares of this vault"),
            self.tr(
                "Sheets of paper for several people or safes. As many together as you say open this vault when the passphrase "
                "is lost; fewer tell nothing about it. Three sheets of which two are needed suit most."
            ),
            self.tr("Make the shares"),
            parent,
        )
        self.passphrase.setFocus()

    def fill(self) -> None:
        if self._again:
            self.say(self.tr("The sheets made before open this vault no longer. Collect and burn them."), "warn")
        self.count = SheetCount(self)
        self.column.addWidget(self.count)
        self.passphrase = self.entry(self.tr("Passphrase"))
        self.passphrase.submitted.connect(self.press)

    def ready(self) -> bool:
        return not self.passphrase.empty()

    def press(self) -> None:
        if not self.ready() or self._busy:
            return
        slots, given = self._door.slots, self.passphrase.take()
        need, total = self.count.need.value(), self.count.total.value()

        def done(shares: tuple[str, ...]) -> None:
            self.accept()
            self.made.emit(shares, need)

        self.work(lambda: slots.make_shares(given, need, total), done)


class RehearseDialog(Doing):
    """Enter as many sheets as are needed, as on the day everything else is lost. `rehearsed()` when they are the right ones.

    `rehearse(shares)` runs on the writer thread; False, or an error, when they are not. `right` says what they open.
    """

    rehearsed = Signal()

    def __init__(
        self, runner: Runner, sentence: str, rehearse: Callable[[Sequence[str]], object], right: str, parent: QWidget | None = None
    ) -> None:
        self._rehearse, self._said = rehearse, right
        super().__init__(runner, self.tr("Rehearse the recovery"), sentence, self.tr("Done"), parent)
        self.resize(640, 600)
        self.go.hide()
        self.entry_box.setFocus()

    def fill(self) -> None:
        self.entry_box = SharesEntry(self)
        self.entry_box.complete.connect(self.press)
        self.column.addWidget(self.entry_box)
        self.column.addStretch(1)

    def press(self) -> None:
        if self._busy or not self.entry_box.is_complete():
            return
        rehearse, given = self._rehearse, self.entry_box.take()
        self.entry_box.setEnabled(False)
        self.work(lambda: rehearse(given), self._ended)

    def _ended(self, right: object) -> None:
        if not right:
            self._again()
            self.notice.say(
                self.tr("These sheets belong to something else."), "",
                self.tr("Look for the sheets with the name of your delegation on them, or make new ones."), "bad",
            )  # fmt: skip
            return
        self.entry_box.hide()
        self.notice.say(
            self._said, self.tr("The day of the rehearsal is kept."), self.tr("Put every sheet back to its keeper."), "good"
        )
        self.cancel.setText(self.tr("Close"))
        named(self.cancel, self.cancel.text())
        self.cancel.setFocus()
        self.rehearsed.emit()

    def _failed(self, error: ValiseError) -> None:
        super()._failed(error)
        self._again()

    def _again(self) -> None:
        self.entry_box.setEnabled(True)
        self.entry_box.setFocus()
