"""State down, item across: the model and the table of a matrix. The headings stay where they are while one scrolls."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from valise.desk.door_registers import Matrix, MatrixCell
from valise.ui import theme
from valise.ui.language import listed
from valise.ui.messages.paint import Place
from valise.ui.registers import said
from valise.ui.registers.patterns import Patterns
from valise.ui.text_safe import clean, isolate, shorten, tip
from valise.ui.widgets.labels import named

Index = QModelIndex | QPersistentModelIndex
CELL = int(Qt.ItemDataRole.UserRole) + 1
_ROOT = QModelIndex()
LEAST, MOST, SIGNS = 96, 168, 40  # px of a column
TALL, LOW = 30, 22  # px of a row
SIDE, SIDE_NARROW = 176, 132
TERSE = 5  # letters of a short heading
STATE_PX = 13  # of the names of States


def short_item(id: str) -> str:
    """What an item is called where there is no room: "f", "12"."""
    return clean(id.rpartition("-")[2] or id, lines=False)[:TERSE]


class MatrixModel(QAbstractTableModel):
    """A Matrix; nothing is made for a cell that nobody looks at."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.matrix = Matrix((), (), ())
        self.patterns = Patterns(None)
        self.narrow = False

    def show(self, matrix: Matrix, patterns: Patterns) -> None:
        """Replace everything; of the same shape, only the cells."""
        same = (matrix.down, matrix.across) == (self.matrix.down, self.matrix.across) and bool(matrix.down) and bool(matrix.across)
        if same:
            self.matrix, self.patterns = matrix, patterns
            self.dataChanged.emit(self.index(0, 0), self.index(len(matrix.down) - 1, len(matrix.across) - 1))
            return
        self.beginResetModel()
        self.matrix, self.patterns = matrix, patterns
        self.endResetModel()

    def use_narrow(self, narrow: bool) -> None:
        """Signs alone, with short headings."""
        self.narrow = narrow
        if self.matrix.across:
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.matrix.across) - 1)
        if self.matrix.down:
            self.headerDataChanged.emit(Qt.Orientation.Vertical, 0, len(self.matrix.down) - 1)

    @property
    def terse(self) -> bool:
        """Whether every item has a letter or a number of its own."""
        return all(len(short_item(one)) <= 2 for one, _ in self.matrix.across)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.matrix.down)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.matrix.across)

    def cell(self, row: int, column: int) -> MatrixCell:
        """What stands there."""
        return self.matrix.cells[row][column]

    def spoken(self, row: int, column: int) -> str:
        """Everything about a cell in words."""
        if not (0 <= row < len(self.matrix.down) and 0 <= column < len(self.matrix.across)):
            return ""
        cell = self.cell(row, column)
        parts = [self.patterns.words(cell.value) if cell.value else self.tr("nothing said")]
        if cell.differs:
            parts.append(self.tr("different values stand"))
        if cell.evidence:
            parts.append(self.tr("evidence: {0}").format(cell.evidence))
        if cell.due:
            parts.append(self.tr("review due"))
        state, item = self.matrix.down[row][1], self.matrix.across[column][1]
        return self.tr("{0}, {1}: {2}").format(isolate(state), isolate(item), listed(isolate(one) for one in parts))

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        if role == CELL:
            return self.cell(index.row(), index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            cell = self.cell(index.row(), index.column())
            return f"{self.patterns.sign(cell.value)} {clean(self.patterns.words(cell.value), lines=False)}".strip()
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return clean(self.spoken(index.row(), index.column()))
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(clean(self.spoken(index.row(), index.column())))
        return None

    def headerData(self, section: int, way: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        across = way == Qt.Orientation.Horizontal
        heads = self.matrix.across if across else self.matrix.down
        if section >= len(heads):
            return None
        code, name = heads[section]
        name = clean(name, lines=False)
        if role == Qt.ItemDataRole.DisplayRole:
            if not across:
                return isolate(f"{code}  {name}")
            return isolate(short_item(code)) if self.narrow and self.terse else isolate(name)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return name
        if role == Qt.ItemDataRole.FontRole:  # a font set on the header itself is painted or not, as the style sheet was last put on
            return theme.font((theme.BODY_PX if self.narrow and self.terse else theme.SMALL_PX) if across else STATE_PX)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(shorten(name, 300))
        return None


class CellPainter(QStyledItemDelegate):
    """Sign and short word over the look of the choice; a corner for evidence, a sign for what differs or is due."""

    def __init__(self, model: MatrixModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        cell: MatrixCell = index.data(CELL)
        patterns, t, narrow = self._model.patterns, theme.tokens(), self._model.narrow
        painter.save()
        area = option.rect.adjusted(1, 1, -1, -1)
        place = Place(area, option.direction)
        if cell.value and not narrow:
            patterns.paint(painter, place(QRect(0, 0, 26, area.height())), cell.value)
        elif cell.value:
            patterns.paint(painter, area, cell.value)
        painter.setPen(QColor(t.text))
        painter.setFont(theme.font(14 if narrow else 15, bold=True))
        sign = patterns.sign(cell.value)
        if narrow:
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, said.DIFFERS if cell.differs else sign)
        else:
            painter.drawText(place(QRect(0, 0, 26, area.height())), Qt.AlignmentFlag.AlignCenter, sign)
            painter.setFont(theme.font(theme.SMALL_PX))
            marks = (said.DIFFERS if cell.differs else "") + (said.DUE if cell.due else "")
            room = place.width - 34 - 13 * len(marks)
            place.text(painter, QRect(31, 0, room, area.height()), clean(patterns.words(cell.value), lines=False))
            if marks:
                painter.setPen(QColor(t.warn))
                painter.setFont(theme.font(13, bold=True))
                painter.drawText(place(QRect(place.width - 13 * len(marks) - 3, 0, 13 * len(marks), area.height())),
                                 Qt.AlignmentFlag.AlignCenter, marks)  # fmt: skip
        if cell.evidence:
            painter.fillRect(place(QRect(0, area.height() - 3, 9, 3)), QColor(t.accent))
        view = option.widget
        if option.state & QStyle.StateFlag.State_Selected:
            focused = view is not None and view.hasFocus()
            painter.setPen(QPen(QColor(t.accent if focused else t.outline), 2))
            painter.drawRect(option.rect.adjusted(1, 1, -2, -2))
        painter.restore()


class MatrixTable(QTableView):
    """`opened(row, column)` on Enter or a double click, `moved(row, column)`, `zoom(step)` on Ctrl with the wheel's keys."""

    opened = Signal(int, int)
    moved = Signal(int, int)

    def __init__(self, model: MatrixModel, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model_of = model
        self.setModel(model)
        self.setItemDelegate(CellPainter(model, self))
        named(self, name, self.tr("Arrows move, Enter opens the cell, Ctrl+Minus shows more at once"))
        self.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            header.setHighlightSections(True)
            header.setTextElideMode(Qt.TextElideMode.ElideRight if header is self.verticalHeader() else Qt.TextElideMode.ElideNone)
        self.horizontalHeader().setMinimumSectionSize(SIGNS)  # a style's own is wider, and then the last item is cut off
        self.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        self.verticalHeader().setStyleSheet("QHeaderView::section { padding: 0px 6px; }")  # rows are lower than its padding
        named(self.horizontalHeader(), self.tr("Items"))
        named(self.verticalHeader(), self.tr("States"))
        for corner in self.findChildren(QAbstractButton):
            named(corner, self.tr("Corner of the table"))
        self.use_narrow(False)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row(), index.column()))
        self.selectionModel().currentChanged.connect(lambda now, _before: self.moved.emit(now.row(), now.column()))
        self._dress()
        theme.current().changed.connect(self._dress)

    def _dress(self) -> None:
        self.setStyleSheet(f"QTableCornerButton::section {{ background: {theme.tokens().surface}; border: none; }}")
        self.viewport().update()

    def use_narrow(self, narrow: bool) -> None:
        """Signs alone, or signs and words."""
        self.model_of.use_narrow(narrow)
        head = self.horizontalHeader()
        head.setDefaultSectionSize(self._size())
        head.setDefaultAlignment(
            Qt.AlignmentFlag.AlignCenter if narrow and self.model_of.terse
            else Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter | Qt.Alignment(Qt.TextFlag.TextWordWrap))  # fmt: skip
        self._high()
        self.verticalHeader().setDefaultSectionSize(LOW if narrow else TALL)
        self.verticalHeader().setFixedWidth(SIDE_NARROW if narrow else SIDE)
        self.viewport().update()

    def _high(self) -> None:
        """As high as the longest heading needs at this width, up to six lines; the one of the column one is in is bold."""
        if self.model_of.narrow and self.model_of.terse:
            self.horizontalHeader().setFixedHeight(34)
            return
        metrics, wide = QFontMetrics(theme.font(theme.SMALL_PX, bold=True)), self._size() - 14
        names = [clean(name, lines=False) for _, name in self.model_of.matrix.across]
        flags = int(Qt.TextFlag.TextWordWrap)
        high = max((metrics.boundingRect(0, 0, wide, 500, flags, name).height() for name in names), default=0)
        self.horizontalHeader().setFixedHeight(max(50, min(high, 6 * metrics.lineSpacing()) + 14))

    def _size(self) -> int:
        if not self.model_of.narrow:
            return self._wide()
        least, most = (SIGNS, 76) if self.model_of.terse else (max(74, min(130, self._word() + 18)), 130)
        return max(least, min(most, self._share(SIDE_NARROW)))

    def _word(self) -> int:
        """Room for the longest word of the headings: they are broken between words alone."""
        metrics = QFontMetrics(theme.font(theme.SMALL_PX, bold=True))
        names = (clean(name, lines=False) for _, name in self.model_of.matrix.across)
        return max((metrics.horizontalAdvance(word) for name in names for word in name.replace("-", "- ").split()), default=0)

    def _wide(self) -> int:
        """Room for the longest word of the choices; less where all columns then fit, more where there is room."""
        metrics = QFontMetrics(theme.font(theme.SMALL_PX))
        words = max((metrics.horizontalAdvance(said.term(one.title)) for one in self.model_of.patterns.choices), default=60)
        need = max(LEAST, min(MOST, words + 42))
        return max(need, min(self._share(SIDE), MOST + 40))

    def _share(self, side: int) -> int:
        columns = self.model_of.columnCount()
        return (self.width() - side - 14) // columns if columns else 0

    def crowded(self) -> bool:
        """Whether signs and words of every column do not fit side by side."""
        return self._wide() > self._share(SIDE)

    def fit(self) -> None:
        """After the choices or the room changed."""
        self.use_narrow(self.model_of.narrow)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.horizontalHeader().setDefaultSectionSize(self._size())
        self._high()

    def go(self, row: int, column: int) -> None:
        """Be at a cell."""
        if self.model_of.rowCount() and self.model_of.columnCount():
            self.setCurrentIndex(self.model_of.index(max(0, min(row, self.model_of.rowCount() - 1)),
                                                     max(0, min(column, self.model_of.columnCount() - 1))))  # fmt: skip

    def keyPressEvent(self, event: QKeyEvent) -> None:
        here = self.currentIndex()
        if here.isValid() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(here.row(), here.column())
            return
        super().keyPressEvent(event)
