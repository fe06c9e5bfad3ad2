"""The exchange folder: which, whether it answers, and a button that tries it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from valise.desk.door import Door
from valise.domain.errors import Unavailable, ValiseError
from valise.ui.tasks import Runner
from valise.ui.widgets.buttons import Card, ProgressLine, button, row
from valise.ui.widgets.files import pick_folder
from valise.ui.widgets.labels import SafeLabel, Words, heading, muted
from valise.ui.widgets.notice import NoticeBar
from valise.ui.widgets.times import moment


class ExchangeCard(Card):
    """Add further settings of the exchange to `.box`."""

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._door, self._runner = door, runner
        self.box.addWidget(heading(self.tr("Exchange folder"), self))
        self.box.addWidget(
            muted(
                self.tr(
                    "A shared folder or a stick through which sealed envelopes travel. Whoever sees the folder sees "
                    "only sealed envelopes, their sizes and times."
                ),
                self,
            )
        )
        self.place = SafeLabel("", "strong", self)
        self.box.addWidget(self.place)
        self.state = Words("", "muted", self)
        self.box.addWidget(self.state)
        self.choose = button(self.tr("Choose a folder…"), self._choose, icon="folder", parent=self)
        self.test = button(self.tr("Test"), self.try_it, icon="refresh", parent=self)
        self.box.addLayout(row(self.choose, self.test, None))
        self.progress = ProgressLine(self)
        self.box.addWidget(self.progress)
        self.notice = NoticeBar(self)
        self.box.addWidget(self.notice)
        self.refresh()

    def refresh(self) -> None:
        """Show where things stand."""
        status = self._door.exchange.status()
        self.place.setText(status.place or self.tr("No folder is set: everything stays on this device."))
        self.test.setEnabled(bool(status.carrier))
        if not status.carrier:
            self.state.setText("")
            return
        where = self.tr("Reachable") if status.reachable else self.tr("Not reachable")
        last = self.tr("last exchange {0}").format(moment(status.last_exchange))
        waiting = self.tr("waiting to be delivered: {0}").format(status.waiting)
        self.state.setText("  ·  ".join((where, last, waiting)))

    def _choose(self) -> None:
        pick_folder(self, self.tr("Choose the exchange folder"), self.use)

    def use(self, folder: Path) -> None:
        """Exchange through this folder from now on."""
        self._work(True)
        self._runner.run(lambda: self._door.exchange.use_folder(folder), self._used, self._failed, owner=self)

    def try_it(self) -> None:
        """One exchange now, and say what came of it."""
        self._work(True)
        self._runner.run(self._door.exchange.now, self._tried, self._failed, owner=self)

    def _work(self, busy: bool) -> None:
        self.choose.setEnabled(not busy)
        self.test.setEnabled(not busy)
        if busy:
            self.notice.close_notice()
            self.progress.wait()
        else:
            self.progress.rest()
            self.refresh()

    def _used(self, _none: object) -> None:
        self._work(False)
        self.notice.say(self.tr("The folder is in use from now on."), tone="good")

    def _tried(self, _changes: object) -> None:
        self._work(False)
        status = self._door.exchange.status()
        if status.reachable and not status.problem:
            self.notice.say(
                self.tr("The folder answered: what waited was put there and what had come was fetched."), tone="good"
            )
        else:
            self.notice.show_error(Unavailable(status.problem or "carrier.unreachable"))

    def _failed(self, error: ValiseError) -> None:
        self._work(False)
        self.notice.show_error(error)
