"""The table of rows: one line a row, uniform heights, sorted by its headings, everything by key."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from valise.desk.door_registers import Row
from valise.ui import theme
from valise.ui.messages.paint import Place
from valise.ui.registers.widgets.model import SHOWN, Index, RowsModel, Shown, whole
from valise.ui.text_safe import clean
from valise.ui.widgets.labels import named

TALL, PAD = 32, 6  # px
HEAD = 16  # px around the words of a heading
LEAST, MOST = 70, 420


class OneLine(QStyledItemDelegate):
    """Paints a Shown: its sign, then its words, elided; mirrored."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        shown, t = index.data(SHOWN), theme.tokens()
        painter.save()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(option.rect, QColor(t.selected if chosen else t.hover))
        painter.setPen(QColor(t.line))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())
        if isinstance(shown, Shown):
            self.words(painter, option, shown)
        here = option.widget
        if isinstance(here, QTableView):
            at = here.currentIndex()
            if here.hasFocus() and at.row() == index.row():
                if index.column() == 0:
                    edge = Place(option.rect, option.direction)(QRect(0, 0, 3, option.rect.height()))
                    painter.fillRect(edge, QColor(t.accent))
                if at.column() == index.column():
                    painter.setPen(QPen(QColor(t.accent), 1))
                    painter.drawRect(option.rect.adjusted(0, 0, -1, -2))
        painter.restore()

    @staticmethod
    def words(painter: QPainter, option: QStyleOptionViewItem, shown: Shown) -> None:
        """Sign and words."""
        place, t = Place(option.rect, option.direction), theme.tokens()
        start = PAD
        tall = option.rect.height() - 1
        if shown.sign:
            painter.setFont(theme.font(theme.BODY_PX, bold=True))
            painter.setPen(QColor(getattr(t, shown.tone if shown.tone != "text" else "accent")))
            wide = max(16, painter.fontMetrics().horizontalAdvance(shown.sign))
            painter.drawText(place(QRect(start, 0, wide, tall)), Qt.AlignmentFlag.AlignCenter, shown.sign)
            start += wide + 6
        painter.setFont(theme.font(13, bold=shown.bold))
        painter.setPen(QColor(getattr(t, shown.tone)))
        place.text(painter, QRect(start, 0, place.width - start - PAD, tall), clean(whole(shown), lines=False))


class RegisterTable(QTableView):
    """`opened(Row)` by Enter or a double click, `sorted(column id)` by a heading or `sort_here`, `asked(Row, point)` for a menu,
    `change(Row, column id)` by F2."""

    opened = Signal(object)
    sorted = Signal(str)
    asked = Signal(object, object)
    change = Signal(object, str)
    moved = Signal()

    def __init__(self, name: str, model: RowsModel, parent: QWidget | None = None, *, help_: str = "") -> None:
        super().__init__(parent)
        self.rows = model
        self._laid: tuple[str, ...] = ()
        named(self, name, help_ or self.tr("Arrows move, Enter opens the row, F2 changes the cell"))
        self.setModel(model)
        self.setItemDelegate(OneLine(self))
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)  # Tab leaves the table
        self.setCornerButtonEnabled(False)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setWordWrap(False)
        self.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        side = self.verticalHeader()
        side.hide()
        side.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        side.setDefaultSectionSize(TALL)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionsClickable(True)
        head.setSectionsMovable(True)
        head.setMinimumSectionSize(40)
        head.setStretchLastSection(True)
        head.setTextElideMode(Qt.TextElideMode.ElideRight)
        head.sectionClicked.connect(self._sort)
        named(head, self.tr("Headings"))
        named(side, self.tr("Rows"))
        for corner in self.findChildren(QAbstractButton):
            named(corner, self.tr("Corner of the table"))
        self.doubleClicked.connect(self._open)
        self.selectionModel().currentChanged.connect(lambda _now, _before: self.moved.emit())
        theme.current().changed.connect(self.viewport().update)

    def lay(self) -> None:
        """Give new columns their widths; a person's own widths stay while the columns do."""
        laid = tuple(one.id + one.title for one in self.rows.columns)
        if laid == self._laid:
            return
        self._laid = laid
        letter = QFontMetrics(theme.font(13)).averageCharWidth()
        for place, column in enumerate(self.rows.columns):
            self.setColumnWidth(place, min(MOST, max(LEAST, column.wide * letter + 2 * PAD + 14)))

    def word(self, column: int) -> int:
        """Room for the longest word of a heading: it is broken between words alone."""
        head = self.horizontalHeader()
        letters = head.fontMetrics()
        return max((letters.horizontalAdvance(one) for one in self.rows.columns[column].title.split()), default=0) + HEAD

    def whole_headings(self) -> None:
        """Headings on as many lines as they need, where a column is narrower than what it is called."""
        head = self.horizontalHeader()
        head.setTextElideMode(Qt.TextElideMode.ElideNone)
        letters, wrap = head.fontMetrics(), int(Qt.TextFlag.TextWordWrap)
        there = [place for place in range(len(self.rows.columns)) if not head.isSectionHidden(place)]
        high = max((letters.boundingRect(0, 0, head.sectionSize(one) - HEAD, 500, wrap, self.rows.columns[one].title).height() for one in there),
                   default=0)  # fmt: skip
        head.setFixedHeight(max(TALL, high + HEAD))

    def row(self) -> Row | None:
        """The row one is at."""
        here = self.currentIndex()
        return self.rows.row(here.row()) if here.isValid() else None

    def column(self) -> str:
        """Id of the column one is at."""
        here = self.currentIndex().column()
        return self.rows.columns[here].id if 0 <= here < len(self.rows.columns) else ""

    def at(self, id: int, column: int = -1) -> bool:
        """Be at the row of this id; at the first when it is not shown."""
        place = self.rows.pages.place(id)
        if self.rows.rowCount():
            column = column if column >= 0 else max(0, self.currentIndex().column())
            self.setCurrentIndex(self.rows.index(max(0, place), min(column, len(self.rows.columns) - 1)))
        return place >= 0

    def settle(self) -> None:
        """Be somewhere when there is something."""
        if self.rows.rowCount() and not self.currentIndex().isValid():
            self.setCurrentIndex(self.rows.index(0, 0))

    def sort_here(self) -> None:
        """Sort by the column one is at; again turns it round."""
        self._sort(self.currentIndex().column())

    def _sort(self, section: int) -> None:
        if 0 <= section < len(self.rows.columns) and self.rows.columns[section].id:
            self.sorted.emit(self.rows.columns[section].id)

    def _open(self, index: QModelIndex) -> None:
        row = self.rows.row(index.row())
        if row is not None:
            self.opened.emit(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.row()
        if row is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(row)
            return
        if row is not None and event.key() == Qt.Key.Key_F2 and self.column():
            self.change.emit(row, self.column())
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        keyboard = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if keyboard else self.indexAt(event.pos())
        row = self.rows.row(index.row()) if index.isValid() else None
        if row is not None:
            self.setCurrentIndex(index)
            point = self.visualRect(index).center() if keyboard else event.pos()
            self.asked.emit(row, self.viewport().mapToGlobal(point))


