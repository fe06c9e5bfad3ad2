"""Who stands where as a Qt model: paragraphs down, delegations across, nothing made for a cell that nobody looks at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from valise.domain.text.matrix import Cell, Matrix, Row
from valise.domain.text.model import ParagraphRow
from valise.ui import theme
from valise.ui.language import semicolons
from valise.ui.seeing import said
from valise.ui.text_safe import clean, isolate, tip
from valise.ui.texts import terms
from valise.ui.texts.people import People

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_TONE = {"proposes": "accent", "support": "good", "can go along": "good", "reserve": "warn",
         "scrutiny reservation": "warn", "oppose": "bad"}  # fmt: skip


class GridModel(QAbstractTableModel):
    """A Matrix. `label_of(paragraph, proposal)` names a proposal, asked only for a cell somebody looks at closely."""

    def __init__(self, people: People, label_of: Callable[[str, str], str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._people, self._label_of = people, label_of
        self.matrix = Matrix((), ())
        self.rows: Sequence[Row] = ()
        self._first: dict[str, ParagraphRow] = {}

    def show(self, matrix: Matrix, outline: Sequence[ParagraphRow], *, only_open: bool) -> None:
        """Replace everything."""
        self.beginResetModel()
        self.matrix = matrix
        self.rows = [one for one in matrix.rows if one.open] if only_open else matrix.rows
        self._first = {one.id: one for one in outline}
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.matrix.delegations)

    def cell(self, row: int, column: int) -> Cell:
        return self.rows[row].cells[column]

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        cell = self.rows[index.row()].cells[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return short(cell)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignCenter
        if role == Qt.ItemDataRole.ForegroundRole:
            return theme.colour(_TONE[cell.stance]) if cell.stance else None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return clean(self.spoken(index.row(), index.column()))
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(self.spoken(index.row(), index.column())) if cell.said else None
        return None

    def headerData(self, section: int, way: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if way == Qt.Orientation.Horizontal:
            if section >= len(self.matrix.delegations):
                return None
            key = self.matrix.delegations[section]
            if role == Qt.ItemDataRole.DisplayRole:
                return isolate(self._people.code(key))
            name = clean(f"{self._people.code(key)} {self._people.name(key)}", lines=False)
            if role == Qt.ItemDataRole.ToolTipRole:
                return tip(name)
            return name if role == Qt.ItemDataRole.AccessibleTextRole else None
        if section >= len(self.rows):
            return None
        row = self.rows[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.name(row)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            first = self._first.get(row.paragraph)
            words = f"{self.name(row)}: {isolate(first.first_words)}" if first else self.name(row)
            return tip(words) if role == Qt.ItemDataRole.ToolTipRole else clean(words)
        return None

    def name(self, row: Row) -> str:
        first = self._first.get(row.paragraph)
        return said.label(row.label, first.section if first else "")

    def spoken(self, row: int, column: int) -> str:
        """Everything a delegation says at a paragraph, in full words."""
        where = self.rows[row]
        key = self.matrix.delegations[column]
        who = isolate(f"{self._people.code(key)} {self._people.name(key)}")
        cell = where.cells[column]
        if not cell.said:
            return self.tr("{0}, {1}: said nothing").format(self.name(where), who)
        parts = []
        for one in cell.said:
            words = terms.stance(one.value)
            if one.proposal:
                label = self._label_of(where.paragraph, one.proposal)
                words = (
                    self.tr("{0} amendment {1}").format(words, said.brief(label)) if one.value == "proposes" and label
                    else self.tr("{0} (amendment {1})").format(words, said.brief(label)) if label
                    else self.tr("{0} (an amendment)").format(words)
                )  # fmt: skip
            if one.behalf:
                words = self.tr("{0}, for {1}").format(words, said.brief(one.behalf))
            parts.append(words)
        return self.tr("{0}, {1}: {2}").format(self.name(where), who, semicolons(parts))


def short(cell: Cell) -> str:
    """The sign of a cell; a number after it where more than one thing was said."""
    if not cell.stance:
        return ""
    sign = terms.stance_sign(cell.stance)
    return f"{sign} {len(cell.said)}" if len(cell.said) > 1 else sign


def legend() -> str:
    """Every sign and what it means."""
    return "   ".join(f"{terms.stance_sign(one)} {terms.stance(one)}" for one in terms.STANCES)
