"""Capacity-building: under a need the offers that go with it, under an offer the needs; under projects and offers totals by
donor. Shown in the order of letters, never by size."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.desk.door_registers import Place, Row
from valise.domain.errors import ValiseError
from valise.domain.register.matching import Total
from valise.ui import theme
from valise.ui.collating import placed
from valise.ui.registers import said
from valise.ui.registers.importing import Lines
from valise.ui.tasks import Runner
from valise.ui.text_safe import isolate
from valise.ui.widgets.labels import Words, named

NEEDS, OFFERS, PROJECTS = "capacity.needs", "capacity.offers", "projects"
PLACE = int(Qt.ItemDataRole.UserRole)
LOW, LEAST, LINE = 150, 62, 26  # px


class _Below(QFrame):
    """A part below the rows that is there only where it has something to say; the newest answer alone is shown."""

    failed = Signal(object)

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setObjectName("pane")
        self.door, self.runner = door, runner
        self._asked = 0
        self.head = Words("", "strong", self)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(theme.SPACE.l, theme.SPACE.s, theme.SPACE.l, theme.SPACE.s)
        self.column.setSpacing(theme.SPACE.xs)
        self.column.addWidget(self.head)
        self.hide()

    def newest(self) -> int:
        """A number for a question; answers to older ones are not shown."""
        self._asked += 1
        return self._asked

    def refused(self, asked: int, error: ValiseError) -> None:
        if asked == self._asked:
            self.hide()
            self.failed.emit(error)


class Matches(_Below):
    """Below a need or an offer. `went(screen, ref)` along one of them, with Enter or a double click."""

    went = Signal(str, str)

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(door, runner, parent)
        self.none = Words("", "muted", self)
        self.list = named(QListWidget(self), self.tr("What goes together"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemActivated.connect(self._go)
        self.column.addWidget(self.none)
        self.column.addWidget(self.list)

    def follow(self, place: Place | None) -> None:
        """Of this row; nothing for any other."""
        asked = self.newest()
        if place is None or not place.row or place.register not in (NEEDS, OFFERS) or place.side != "stated" or place.room:
            self.hide()
            return
        self.runner.run(lambda: self.door.capacity.matches(place, said.language()), lambda rows: self._came(asked, place, rows),
                        lambda error: self.refused(asked, error), owner=self)  # fmt: skip

    def _came(self, asked: int, place: Place, rows: Sequence[Row]) -> None:
        if asked != self._asked:
            return
        need = place.register == NEEDS
        head = self.tr("Offers that go with this need: {0}") if need else self.tr("Needs that go with this offer: {0}")
        self.head.setText(head.format(QLocale().toString(len(rows))))
        named(self.list, self.head.plain(), self.tr("Enter opens the row"))
        self.none.setText(self.tr("They need a topic in common, and no region or form that says otherwise; the offer has to be open."))
        self.none.setVisible(not rows)
        self.list.setVisible(bool(rows))
        self.list.clear()
        for row in sorted(rows, key=lambda one: placed(one.title)):
            item = QListWidgetItem(isolate(row.title))
            item.setData(PLACE, row.place)
            self.list.addItem(item)
        self.list.setFixedHeight(min(LOW, max(LEAST, LINE * len(rows) + 8)))
        self.show()

    def _go(self, item: QListWidgetItem) -> None:
        place = item.data(PLACE)
        self.went.emit("registers", f"{place.register}/{place.side}/{place.room}/{place.row}")


class Totals(_Below):
    """Below the rows of projects and offers: what each donor gives."""

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(door, runner, parent)
        heads = [self.tr("Donor"), self.tr("Currency"), self.tr("Amount"), self.tr("Projects")]
        self.head.setText(self.tr("Totals by donor, over the projects that were not given up"))
        self.table = Lines(self.head.plain(), heads, self)
        for place, width in enumerate((240, 90, 160)):
            self.table.setColumnWidth(place, width)
        self.column.addWidget(self.table)

    def follow(self, register: str, side: str, room: str) -> None:
        """Of this register; nothing for any other."""
        asked = self.newest()
        if register not in (OFFERS, PROJECTS) or side != "stated" or room:
            self.hide()
            return
        self.runner.run(self.door.capacity.totals, lambda made: self._came(asked, made), lambda error: self.refused(asked, error),
                        owner=self)  # fmt: skip

    def _came(self, asked: int, made: Sequence[Total]) -> None:
        if asked != self._asked:
            return
        numbers = QLocale()
        self.table.fill([
            [one.donor, one.currency or self.tr("none told"), said.amount(one.amount), numbers.toString(one.projects)]
            for one in sorted(made, key=lambda one: placed(one.donor))
        ])  # fmt: skip
        self.table.setCurrentCell(-1, -1)  # nothing is chosen here
        whole = self.table.horizontalHeader().sizeHint().height() + self.table.verticalHeader().length() + 2 * self.table.frameWidth()
        self.table.setFixedHeight(min(LOW, whole))
        self.setVisible(bool(made))
