"""How far the text has come: the plot, and its numbers as a table beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractButton, QHeaderView, QSplitter, QTableView, QWidget

from valise.desk.door import Door
from valise.desk.views import Convergence
from valise.ui.language import percent, translate
from valise.ui.seeing.plot import Plot, share
from valise.ui.seeing.said import brief
from valise.ui.seeing.view import SeeingView
from valise.ui.tasks import Runner
from valise.ui.text_safe import clean, isolate
from valise.ui.texts.people import People
from valise.ui.widgets.labels import Words, named
from valise.ui.widgets.times import date

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class NumbersModel(QAbstractTableModel):
    """Revision, date, words outside brackets, all words, percent."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[Convergence, ...] = ()

    def show(self, rows: Sequence[Convergence]) -> None:
        """Replace everything."""
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else 5

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        one = self.rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            name = clean(brief(one.symbol), lines=False) if one.revision else self.tr("As it stands")
            return (name, isolate(date(one.at)), str(one.unbracketed), str(one.words), isolate(percent(share(one))))[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignTrailing if index.column() > 1 else Qt.AlignmentFlag.AlignLeading
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(self, section: int, way: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if way == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (self.tr("Revision"), self.tr("Date"), self.tr("Outside brackets"), self.tr("All words"),
                    self.tr("Share"))[section]  # fmt: skip
        return None


class ConvergenceView(SeeingView):
    """The words that stand outside brackets, revision by revision."""

    def __init__(self, door: Door, runner: Runner, people: People, parent: QWidget | None = None) -> None:
        super().__init__(door, runner, people, parent)
        self.said = Words("", "", self)
        self.column.addWidget(self.said)
        self.column.addWidget(self.progress)
        self.plot = Plot(self)
        self.model = NumbersModel(self)
        self.table = named(QTableView(self), self.tr("Words outside brackets by revision"))
        self.table.setModel(self.model)
        self.table.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.table.setTabKeyNavigation(False)
        self.table.setCornerButtonEnabled(False)
        self.table.verticalHeader().hide()
        header = named(self.table.horizontalHeader(), self.tr("Columns"))
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        named(self.table.verticalHeader(), self.tr("Revisions"))
        for corner in self.table.findChildren(QAbstractButton):
            named(corner, self.tr("Corner of the table"))
        self.split = QSplitter(Qt.Orientation.Horizontal, self)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self.plot)
        self.split.addWidget(self.table)
        self.split.setStretchFactor(0, 1)
        self.split.setSizes([460, 640])  # the last column is the share: in sight
        self.stack.addWidget(self.split)
        self.none = self.empty(
            "chart", self.tr("Nothing to measure yet"),
            self.tr("The text has no words. Once it has some, you see here how many stand outside brackets."),
        )  # fmt: skip
        self.column.addWidget(self.stack, 1)

    def read(self) -> None:
        if self.head is not None:
            text = self.head.id
            self.ask(lambda: self.door.seeing.convergence(text), self.show_rows)

    def show_rows(self, rows: Sequence[Convergence]) -> None:
        """Oldest first."""
        self.model.show(rows)
        self.plot.show_rows(rows)
        there = any(one.words for one in rows)
        self.stack.setCurrentWidget(self.split if there else self.none)
        if not there:
            self.said.setText("")
            return
        last = rows[-1]
        words = translate("seeing", "{0} of %n words stand outside brackets: {1} %.", None, last.words).format(last.unbracketed, share(last))
        if len(rows) == 1:
            words += " " + self.tr("With each revision the pen-holder freezes, another bar is added.")
        self.said.setText(words)
        self.table.setCurrentIndex(self.model.index(len(rows) - 1, 0))

    def first(self) -> QWidget:
        return self.table if self.stack.currentWidget() is self.split else self
