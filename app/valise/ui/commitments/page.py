"""The page of a norm or a measure: what it is, what our State has done, what others have stated, which reviews are due."""

from __future__ import annotations

from array import array
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHeaderView, QSplitter, QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.desk.door_registers import Filter, Place, Row
from valise.domain.errors import ValiseError
from valise.domain.register.definition import Definition, Item, Side
from valise.ui import theme
from valise.ui.commitments import said as words
from valise.ui.registers import said
from valise.ui.registers.look import Look, Names, table_columns, written
from valise.ui.registers.sides import SideFrame, SideSwitch
from valise.ui.registers.widgets.model import RowsModel
from valise.ui.registers.widgets.table import RegisterTable
from valise.ui.tasks import Runner
from valise.ui.text_safe import clean, isolate
from valise.ui.widgets.badge import Pill
from valise.ui.widgets.buttons import Card, ScrollPage, button, row
from valise.ui.widgets.empty import EmptyState
from valise.ui.widgets.labels import SafeLabel, Words, heading, hint, muted, named, small, title
from valise.ui.widgets.layouts import clear

OWN = ("status", "date", "action", "office", "statement", "gaps", "symbol", "evidence", "review")
THERE = {"@state": 15, "status": 18, "date": 9, "review": 9}  # of others' rows: letters

NARROW, ROOMY = 700, 500  # px
LEAST = 96  # px of a State, and of what it says
NAME = 140  # px of the name of a field
SIGN = 30  # px of a sign before what is said


class ItemPage(QWidget):
    """`opened(Place)`, `matrix()`, `library(symbol)`, `failed(error)`."""

    opened = Signal(object)
    matrix = Signal()
    library = Signal(str)
    failed = Signal(object)

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pane")
        self.door, self.runner = door, runner
        self.names = Names(door)
        self.definition: Definition | None = None
        self.item: Item | None = None
        self.side: Side = "stated"
        self._asked = 0
        self._narrow = False
        self.split = QSplitter(Qt.Orientation.Horizontal, self)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self._left())
        self.split.addWidget(self._right())
        self.split.setStretchFactor(0, 1)
        self.split.setStretchFactor(1, 1)
        self.split.setSizes([420, 440])
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.split)

    # building

    def _left(self) -> QWidget:
        self.scroll = named(ScrollPage(self, width=700), self.tr("What it is"))
        self.scroll.setMinimumWidth(330)
        box = self.scroll.box
        self.symbol = Pill("", "", "info", "info_soft", self)
        self.title = title("", self)
        self.kind = small("", self)
        box.addLayout(row(self.symbol, self.kind, None))
        box.addWidget(self.title)
        self.summary = SafeLabel("", "", self)
        self.summary_head = Words(self.tr("In our words"), "strong", self)
        box.addWidget(self.summary_head)
        box.addWidget(self.summary)
        self.text_card = Card(self)
        self.text_head = Words("", "strong", self.text_card)
        self.text = SafeLabel("", "", self.text_card)
        self.text_note = small("", self.text_card)
        self.text_button = button(self.tr("Look in the library"), self._library, icon="library", parent=self.text_card)
        for part in (self.text_head, self.text, self.text_note):
            self.text_card.box.addWidget(part)
        self.text_card.box.addLayout(row(self.text_button, None))
        box.addWidget(self.text_card)
        self.own = Card(self)
        self.own_head = heading(self.tr("Our own implementation"), self.own)
        self.own_button = button(self.tr("Open our row"), self.open_own, icon="edit", parent=self.own)
        self.own_button.setToolTip(self.tr("Every field of what our State has said and done (Ctrl+Shift+W)"))
        self.own.box.addWidget(self.own_head)
        self.own.box.addLayout(row(self.own_button, None))  # beside the heading both are wider than the narrowest column
        self.grid = QVBoxLayout()  # lines of their own: a grid measures wrapped words at another width than it gives them
        self.grid.setSpacing(6)
        self.own.box.addLayout(self.grid)
        box.addWidget(self.own)
        box.addStretch(1)
        return self.scroll

    def _right(self) -> QWidget:
        inside = QWidget(self)
        self.head = heading(self.tr("Who has stated what"), inside)
        self.matrix_button = button(self.tr("Matrix"), self.matrix.emit, icon="registers", parent=inside)
        self.matrix_button.setToolTip(self.tr("All States and all items at once (Ctrl+M)"))
        self.sides = SideSwitch(inside)
        self.sides.chosen.connect(self.use_side)
        self.due = button(self.tr("Reviews due"), self._only_due, kind="quiet", icon="clock", parent=inside)
        self.due.setCheckable(True)
        self.count = small("", inside)
        self.model = RowsModel(self._fetch, parent=self)
        self.table = RegisterTable(self.tr("Who has stated what"), self.model, inside,
                                   help_=self.tr("In the order of the States' names; Enter opens the row"))  # fmt: skip
        self.table.opened.connect(lambda found: self.opened.emit(found.place))
        self.empty = EmptyState("commitments", self.tr("Nobody's statement is noted yet"),
                                self.tr("Choose a State in the matrix to note what it has said, with its date and who said it."),
                                self.tr("To the matrix"), self.matrix.emit, inside)  # fmt: skip
        box = QVBoxLayout(inside)
        box.setContentsMargins(0, theme.SPACE.m, 0, 0)
        box.setSpacing(theme.SPACE.s)
        for line in (row(self.head, None, self.matrix_button), row(self.sides, None), row(self.due, None, self.count)):
            line.setContentsMargins(theme.SPACE.m, 0, theme.SPACE.m, 0)
            box.addLayout(line)
        box.addWidget(self.table, 1)
        box.addWidget(self.empty, 1)
        self.frame = SideFrame(inside, self)
        self.frame.means.hide()
        holder = QFrame(self)
        holder.setObjectName("pane")
        holder.setMinimumWidth(300)
        outer = QVBoxLayout(holder)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.frame)
        return holder

    # showing

    def open_item(self, definition: Definition, item: Item) -> None:
        """Show one norm or measure."""
        fresh = self.definition is None or (self.definition.id, self.item.id if self.item else "") != (definition.id, item.id)
        self.definition, self.item = definition, item
        if fresh:
            self.due.setChecked(False)
            self.scroll.verticalScrollBar().setValue(0)
        self.symbol.set_text(item.symbol)
        self.symbol.setVisible(bool(item.symbol))
        self.kind.setText(said.term(definition.title))
        self.title.setText(said.term(item.title))
        summary = clean(said.term(item.summary)) if item.summary is not None else ""
        self.summary.setText(summary)
        self.summary.setVisible(bool(summary))
        self.summary_head.setVisible(bool(summary))
        shown = words.official(item)
        self.text_head.setText(shown.head)
        self.text.setText(shown.text)
        self.text.setVisible(bool(shown.text))
        self.text_note.setText(shown.note)
        self.text_button.setVisible(not shown.quoted and bool(item.symbol))
        self.sides.show_sides(definition.sides, self.side)
        self.frame.show_side(self.side)
        self.read()

    def use_side(self, side: Side) -> None:
        """What is stated, or what we think; the table holds one of them."""
        self.side = side
        if self.definition is not None and self.item is not None:
            self.open_item(self.definition, self.item)

    def place(self) -> Place | None:
        """The row of our own State."""
        if self.definition is None or self.item is None:
            return None
        about = {"state": self.door.me().code, "item": self.item.id}
        return Place(self.definition.id, "/".join(about.get(axis, "") for axis in self.definition.rows))

    def open_own(self) -> None:
        """What our State has said and done."""
        place = self.place()
        if place is not None:
            self.opened.emit(place)

    def read(self) -> None:
        """What stands in the register, read beside the window."""
        definition, item, place, side = self.definition, self.item, self.place(), self.side
        if definition is None or item is None or place is None:
            return
        self._asked += 1
        number, language, today = self._asked, said.language(), said.today()
        due_only = self.due.isChecked()

        def call() -> tuple[Row | None, array[int], array[int]]:
            try:
                own: Row | None = self.door.registers.row(place, language)
            except ValiseError:  # our State may have no row here: a measure of another region
                own = None
            only = {"@item": (item.id,), **written(definition).only}
            due = self.door.registers.ids(definition.id, side, filter=Filter(only=only, due=today), sort="@state", language=language)
            every = due if due_only else self.door.registers.ids(
                definition.id, side, filter=Filter(only=only), sort="@state", language=language
            )
            return own, every, due

        def came(answer: tuple[Row | None, array[int], array[int]]) -> None:
            if number == self._asked:
                self._show(definition, *answer)

        self.runner.run(call, came, self.failed.emit, owner=self)

    def _show(self, definition: Definition, own: Row | None, ids: array[int], due: array[int]) -> None:
        self._show_own(definition, own)
        look = Look(definition, self.side)
        columns = [one for one in table_columns(look, definition.views[0], self.names) if one.id not in ("@item",)]
        shown = {one.id for one in columns}
        if {"@state", "status"} <= shown:
            columns = [replace(one, wide=THERE[one.id]) for one in columns if one.id in THERE]
        held = self.table.row()
        self.model.show(ids, columns)
        self.table.lay()
        self._fit()
        if held is not None:
            self.table.at(held.id)
        self.table.settle()
        self.table.setVisible(bool(len(ids)))
        self.empty.setVisible(not len(ids))
        self.count.setText(said.rows(len(ids)) if len(ids) else "")
        self.due.setText(self.tr("Reviews due: {0}").format(len(due)))
        self.due.setAccessibleName(self.tr("Only reviews due: {0}").format(len(due)))
        self.due.setVisible(bool(len(due)) or self.due.isChecked())

    def _show_own(self, definition: Definition, own: Row | None) -> None:
        clear(self.grid)
        self.own.setVisible(own is not None)
        if own is None:
            return
        there = [one for one in (definition.column(name) for name in OWN) if one is not None]
        for column in there:
            cell = own.cells.get(column.id)
            if cell is None or not (cell.values or column.id in ("status", "action", "office")):
                continue
            sign = ""
            if cell.differs:
                sign = f"{said.DIFFERS} "
            elif cell.values and column.choice(cell.values[0]) is not None:
                choice = column.choice(cell.values[0])
                sign = f"{said.sign(choice.sign)} " if choice is not None and choice.sign else ""
            value = SafeLabel(f"{sign}{cell.shown}" if cell.values else "–", "", self.own)
            hint(value, said.standing(cell))
            head = Words(said.term(column.title), "muted", self.own)
            head.setFixedWidth(NAME)
            line = row(head, value, spacing=theme.SPACE.m)
            line.setAlignment(head, Qt.AlignmentFlag.AlignTop)
            line.setStretch(1, 1)
            held = QWidget(self.own)
            held.setLayout(line)
            self.grid.addWidget(held)
        if not own.changed_at:
            self.grid.addWidget(muted(self.tr("Nothing is written about our own State yet. Open our row to begin."), self.own))
        else:
            told = self.tr("Last changed by {0}").format(isolate(own.changed_by))
            self.grid.addWidget(small(told, self.own))

    def _fetch(self, ids: object) -> list[Row]:
        try:
            return self.door.registers.page(ids, said.language())  # type: ignore[arg-type]
        except ValiseError as error:
            self.failed.emit(error)
            return []

    def _only_due(self) -> None:
        self.read()

    def _library(self) -> None:
        if self.item is not None:
            self.library.emit(self.item.symbol)

    def first(self) -> QWidget:
        """Where the keyboard goes."""
        if not self.own.isHidden():
            return self.own_button
        return self.table if not self.table.isHidden() else self.matrix_button

    def _fit(self) -> None:
        """The States are read whole where there is room, what they say takes the rest; the review has its place only where there
        is more. Headings are whole."""
        head = self.table.horizontalHeader()
        head.setStretchLastSection(False)
        head.setResizeContentsPrecision(0)  # of the rows that are seen
        columns = [one.id for one in self.model.columns]
        said_at = columns.index("status") if "status" in columns else 0
        for place, column in enumerate(columns):
            self.table.setColumnHidden(place, column == "review" and self.frame.width() < ROOMY)
            head.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch if place == said_at else QHeaderView.ResizeMode.Interactive)
            if place != said_at:
                self.table.setColumnWidth(place, max(self.table.columnWidth(place), self.table.word(place)))
        if said_at and self.model.rowCount():
            others = sum(head.sectionSize(place) for place in range(1, len(columns)) if place != said_at and not head.isSectionHidden(place))
            free = self.table.viewport().width() - others
            kept = max(LEAST, min(self.table.sizeHintForColumn(said_at) + SIGN, free // 2))  # a long name leaves what is said its half
            self.table.setColumnWidth(0, max(LEAST, min(self.table.sizeHintForColumn(0) + 8, free - kept)))
        self.table.whole_headings()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < NARROW
        if narrow != self._narrow:
            self._narrow = narrow
            self.split.setOrientation(Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal)
            self.split.setSizes([360, 300] if narrow else [420, 440])
        self._fit()

    def panes(self) -> list[QWidget]:
        """For F6."""
        return [self.scroll, self.frame]
