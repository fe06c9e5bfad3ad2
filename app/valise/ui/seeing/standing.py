"""Who stands where: the view of the matrix."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QHeaderView, QTableView, QWidget

from valise.desk.door import Door
from valise.domain.text.matrix import Matrix
from valise.domain.text.model import ParagraphRow, TextHead
from valise.ui import theme
from valise.ui.seeing.grid import GridModel, legend
from valise.ui.seeing.view import NOW, SeeingView, chooser
from valise.ui.tasks import Runner
from valise.ui.texts.people import People
from valise.ui.widgets.buttons import row
from valise.ui.widgets.labels import Words, named, small

WIDE, TALL, HEADER = 68, 30, 150  # pixels of a column, a row, the paragraph numbers


class Grid(QTableView):
    """`went()` on Enter or a double click; the headers stay where they are while one scrolls."""

    went = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)  # Tab leaves the table; the arrows move in it
        self.setCornerButtonEnabled(False)
        for header, size in ((self.horizontalHeader(), WIDE), (self.verticalHeader(), TALL)):
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            header.setDefaultSectionSize(size)
            header.setHighlightSections(True)
        side = self.verticalHeader()
        side.setFixedWidth(HEADER)
        side.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        side.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        named(self.horizontalHeader(), self.tr("Delegations"))
        named(side, self.tr("Paragraphs"))
        for corner in self.findChildren(QAbstractButton):
            named(corner, self.tr("Corner of the table"))
        named(self, self.tr("Who stands where"), self.tr("Arrows move, Enter goes to the paragraph"))
        self.doubleClicked.connect(lambda _index: self.went.emit())
        theme.current().changed.connect(self.viewport().update)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.went.emit()
            return
        super().keyPressEvent(event)


class StandingView(SeeingView):
    """The matrix of a text or of one of its revisions; the cell one is at is said in full below it."""

    def __init__(
        self, door: Door, runner: Runner, people: People, label_of: Callable[[str, str], str],
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(door, runner, people, parent)
        self._answer: tuple[Matrix, list[ParagraphRow]] = (Matrix((), ()), [])
        self.at = chooser(self.tr("Positions as of"), self)
        self.only = named(QCheckBox(self.tr("Only open paragraphs"), self), self.tr("Only open paragraphs"))
        self.column.addLayout(row(small(self.tr("As of"), self), self.at, self.only, None))
        self.column.addWidget(self.progress)
        self.legend = Words(legend(), "small", self)
        self.column.addWidget(self.legend)
        self.grid = Grid(self)
        self.model = GridModel(people, label_of, self)
        self.grid.setModel(self.model)
        self.stack.addWidget(self.grid)
        self.none = self.empty(
            "check-circle", self.tr("No paragraph is open"),
            self.tr("Nobody has an amendment or a reservation pending. Take the tick away to see every paragraph."),
        )  # fmt: skip
        self.column.addWidget(self.stack, 1)
        self.more = Words("", "", self)
        self.more.setMinimumHeight(40)
        self.column.addWidget(self.more)
        self.at.currentIndexChanged.connect(self.read)
        self.only.toggled.connect(self.fill)
        self.grid.went.connect(self._go)
        self.grid.selectionModel().currentChanged.connect(self._say)

    def open_head(self, head: TextHead) -> None:
        again = self.head is not None and self.head.id == head.id
        self.fill_revisions(self.at, head, self.at.currentData() if again else NOW)
        super().open_head(head)

    def read(self) -> None:
        if self.head is None:
            return
        text, at = self.head.id, self.at.currentData() or NOW
        self.ask(lambda: (self.door.seeing.matrix(text, at), self.door.texts.outline(text)), self._came)

    def _came(self, answer: tuple[Matrix, list[ParagraphRow]]) -> None:
        self._answer = answer
        self.fill()

    def fill(self) -> None:
        """Show the matrix by the filter; one stays at the same paragraph and delegation."""
        here = self.grid.currentIndex()
        rows, across = self.model.rows, self.model.matrix.delegations
        there = here.isValid() and here.row() < len(rows)
        held = (rows[here.row()].paragraph, across[here.column()]) if there else ("", "")
        matrix, outline = self._answer
        self.model.show(matrix, outline, only_open=self.only.isChecked())
        self.stack.setCurrentWidget(self.grid if self.model.rows else self.none)
        self.more.setText("")
        if self.model.rows and matrix.delegations:
            place = next((n for n, one in enumerate(self.model.rows) if one.paragraph == held[0]), 0)
            column = matrix.delegations.index(held[1]) if held[1] in matrix.delegations else 0
            self.grid.setCurrentIndex(self.model.index(place, column))

    def _say(self, now: QModelIndex, _before: QModelIndex) -> None:
        self.more.setText(self.model.spoken(now.row(), now.column()) if now.isValid() else "")

    def _go(self) -> None:
        here = self.grid.currentIndex()
        if here.isValid():
            self.went.emit(self.model.rows[here.row()].paragraph)

    def first(self) -> QWidget:
        return self.grid if self.stack.currentWidget() is self.grid else self.only
