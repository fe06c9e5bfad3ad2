"""Every date of the vault: a month beside its agenda, out as a file, and in from one after a look at what it changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, get_args

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.desk.door_today import Dated, Sort
from valise.desk.views import Changes
from valise.ui import theme
from valise.ui.language import translate
from valise.ui.overview import terms
from valise.ui.overview.agenda import TALL, Agenda
from valise.ui.overview.month import MonthGrid
from valise.ui.overview.taking import TakeDialog
from valise.ui.seeing import deadline
from valise.ui.tasks import Runner
from valise.ui.widgets.buttons import button, icon_button, row
from valise.ui.widgets.empty import EmptyState
from valise.ui.widgets.files import pick_place
from valise.ui.widgets.labels import muted, named, title

SORTS: Final[tuple[Sort, ...]] = get_args(Sort)
_NARROW: Final = 900


class CalendarPage(QWidget):
    """`go(screen, ref)` leads to where a date stands, `failed(error)` is said by the screen."""

    go = Signal(str, str)
    failed = Signal(object)

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.door = door
        self.runner = runner
        self.dates: list[Dated] = []
        outer = QVBoxLayout(self)
        outer.setContentsMargins(theme.SPACE.xl, theme.SPACE.l, theme.SPACE.xl, theme.SPACE.l)
        outer.setSpacing(theme.SPACE.m)
        now = datetime.fromtimestamp(deadline.now() / 1000, UTC)
        self.month = MonthGrid(QDate(now.year, now.month, now.day), self)
        self.name = title("", self)
        self.back = icon_button("chevron-left", self.tr("Month before"), lambda: self._turn(-1), parent=self)
        self.on = icon_button("chevron-right", self.tr("Month after"), lambda: self._turn(1), parent=self)
        self.home = button(self.tr("Today"), lambda: self.month.choose(self.month.today), parent=self)
        self.sorts = named(QComboBox(self), self.tr("Which dates"))
        self.sorts.addItem(self.tr("Every date"), "")
        for one in SORTS:
            self.sorts.addItem(terms.sort(one)[0], one)
        self.sorts.currentIndexChanged.connect(lambda _place: self._show())
        self.out = button(self.tr("Export…"), self.export, icon="upload", parent=self)
        self.into = button(self.tr("Read a calendar…"), self.take, icon="download", parent=self)
        outer.addLayout(row(self.back, self.on, self.name, self.home, None, self.sorts))
        self.line = QHBoxLayout()
        self.line.setSpacing(theme.SPACE.l)
        self.line.addWidget(self.month, 3)
        beside = QVBoxLayout()
        beside.setSpacing(theme.SPACE.s)
        self.agenda = Agenda(self)
        self.none = EmptyState("clock", "", " ", self.tr("Note an event"), self._next, self)
        self.agenda.setMinimumHeight(2 * TALL)
        beside.addWidget(self.agenda, 1)
        beside.addWidget(self.none, 1)
        self.line.addLayout(beside, 2)
        outer.addLayout(self.line, 1)
        self.said = muted(self.tr("Days and times are those of UTC."), self)
        self.said.setWordWrap(False)
        outer.addLayout(row(self.said, None, self.into, self.out))
        self.month.turned.connect(self.load)
        self.month.moved.connect(lambda day: self.agenda.lead(_iso(day)))
        self.month.opened.connect(lambda _day: self.agenda.setFocus())
        self.agenda.opened.connect(lambda one: self.go.emit(one.screen, one.ref))
        self.name.setText(self.month.title())
        self._arrows()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the agenda stands below the month."""
        super().resizeEvent(event)
        narrow = self.width() < _NARROW
        self.line.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)

    def shown(self) -> list[Dated]:
        """The dates of the month that pass the choice."""
        first = QDate(self.month.day.year(), self.month.day.month(), 1)
        begin, end = _iso(first), _iso(first.addMonths(1).addDays(-1))
        return [one for one in self._passing() if one.first <= end and one.last >= begin]

    def load(self) -> None:
        """Ask for the six weeks that are shown."""
        self.name.setText(self.month.title())
        first, last, language = _iso(self.month.first()), _iso(self.month.last()), terms.language()
        door = self.door
        self.runner.run(lambda: door.today.dates(first, last, language), self._came, self.failed.emit, owner=self)

    def refresh(self, changes: Changes) -> None:
        """Dates stand in registers, texts and statements."""
        if changes.registers or changes.texts or changes.rooms:
            self.load()

    def show_day(self, day: str) -> None:
        """Go to a day, YYYY-MM-DD."""
        self.month.choose(QDate.fromString(day, Qt.DateFormat.ISODate))

    def focus_first(self) -> None:
        """The month."""
        self.month.setFocus()

    def panes(self) -> list[QWidget]:
        """What F6 cycles through."""
        return [self.month, self.agenda, self.out]

    def export(self) -> None:
        """Ask where to, then write what is shown."""
        shown, name = self.shown(), self.month.title()
        if not any(not one.internal for one in shown):
            inside = self.tr("Every date of this month is internal: what your delegation assessed is not exported.")
            self.said.setText(inside if shown else self.tr("There is nothing to export in this month."))
            return
        self.dialog: QWidget = pick_place(
            self, self.tr("Export the calendar"), f"{_iso(self.month.day)[:7]}.ics",
            lambda place: self.write(shown, name, place),
        )  # fmt: skip

    def write(self, shown: Sequence[Dated], name: str, place: Path) -> None:
        """Write these dates there."""
        door, kept = self.door, sum(one.internal for one in shown)

        def done(count: int) -> None:
            words = self.tr("Dates written: {0}.").format(count)
            if kept:
                words += " " + translate("overview", "%n internal dates were left out.", None, kept)
            self.said.setText(words)

        self.runner.run(lambda: door.today.export(shown, name, place), done, self.failed.emit, owner=self)

    def take(self) -> None:
        """Ask for a file, show what it would change, take it."""
        dialog = TakeDialog(self.door, self.runner, self)
        dialog.taken.connect(lambda count: self.said.setText(self.tr("Entries taken in: {0}.").format(count)))
        self.dialog = dialog
        dialog.open()

    def _turn(self, months: int) -> None:
        self.month.choose(self.month.day.addMonths(months))

    def _came(self, dates: list[Dated]) -> None:
        self.dates = dates
        self._show()

    def _passing(self) -> list[Dated]:
        wanted = self.sorts.currentData()
        return [one for one in self.dates if not wanted or one.sort == wanted]

    def _show(self) -> None:
        held: dict[str, list[Dated]] = {}
        first, last = _iso(self.month.first()), _iso(self.month.last())
        for one in self._passing():
            day = QDate.fromString(max(one.first, first), Qt.DateFormat.ISODate)
            while day.isValid() and (said := _iso(day)) <= min(one.last, last):
                held.setdefault(said, []).append(one)
                day = day.addDays(1)
        self.month.hold(held)
        shown = self.shown()
        self.agenda.rows.follow(shown)
        self.agenda.setVisible(bool(shown))
        self.none.setVisible(not shown)
        if not shown:
            self._say_none()
        self.agenda.lead(_iso(self.month.day))

    def _say_none(self) -> None:
        """Why nothing stands here, and what to do."""
        sort = self.sorts.currentData()
        words = self.tr("No date of this sort in this month") if sort else self.tr("No dates in this month")
        self.none.sentence.setText(words)
        self.none.more.setText(self.tr("Events, consultations, deadlines and reviews stand here by themselves once they have a date."))
        assert self.none.step is not None
        self.none.step.setText(self.tr("Show every date") if sort else self.tr("Note an event"))
        self.none.step.setAccessibleName(self.none.step.text())

    def _next(self) -> None:
        if self.sorts.currentData():
            self.sorts.setCurrentIndex(0)
            self.month.setFocus()
        else:
            self.go.emit("registers", "events")

    def _arrows(self) -> None:
        from valise.ui import icons

        icons.bind(self.back, "chevron-left")
        icons.bind(self.on, "chevron-right")


def _iso(day: QDate) -> str:
    return day.toString(Qt.DateFormat.ISODate)
