"""The whole matrix at once: States in bands side by side, each cell a sign over its look, as large as the room allows."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QStyle, QToolTip, QWidget

from valise.ui import access_cells, theme
from valise.ui.registers import said
from valise.ui.registers.matrix import MatrixModel, short_item
from valise.ui.text_safe import clean, tip
from valise.ui.widgets.labels import named

EDGE, CODE, GAP, HEAD = 16, 30, 16, 18  # px: beside, State codes, between bands, headings
MOST_WIDE, MOST_TALL = 34, 22


@dataclass(frozen=True, slots=True)
class Bands:
    """How the matrix is laid: `bands` side by side of `rows` States, cells of `wide` x `tall` px."""

    bands: int
    rows: int
    wide: int
    tall: int

    @classmethod
    def fitting(cls, states: int, items: int, width: int, height: int) -> Bands:
        """The layout with the largest cells."""
        best = cls(1, max(1, states), 1, 1)
        for bands in range(1, 13):
            rows = -(-states // bands) if states else 1
            wide = min(MOST_WIDE, ((width - 2 * EDGE + GAP) // bands - GAP - CODE) // max(1, items))
            tall = min(MOST_TALL, (height - HEAD) // max(1, rows))
            if min(wide, tall) > min(best.wide, best.tall):
                best = cls(bands, rows, wide, tall)
        return best

    def cell(self, row: int, column: int, items: int) -> QRect:
        """Where a cell is, left to right."""
        band, within = divmod(row, self.rows)
        left = EDGE + band * (CODE + items * self.wide + GAP) + CODE
        return QRect(left + column * self.wide, HEAD + within * self.tall, self.wide, self.tall)


class MatrixMap(QWidget):
    """Paints a MatrixModel. Arrows move, Enter opens; the cell one is at is spoken. `opened`, `moved` as of the table."""

    opened = Signal(int, int)
    moved = Signal(int, int)

    def __init__(self, model: MatrixModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = model
        self.at = (0, 0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(320, 200)
        named(self, self.tr("The whole matrix"), self.tr("Arrows move, Enter opens the cell, Ctrl+Plus shows fewer and larger"))
        self.cells = access_cells.Cells(self)
        model.modelReset.connect(self._anew)
        model.dataChanged.connect(lambda *_args: self.update())
        theme.current().changed.connect(self.update)

    def bands(self) -> Bands:
        """The layout at this size."""
        return Bands.fitting(self.model.rowCount(), self.model.columnCount(), self.width() - 2, self.height() - 2)

    def rect_of(self, row: int, column: int) -> QRect:
        """Where a cell is on the screen, mirrored."""
        return self._mirrored(self.bands().cell(row, column, self.model.columnCount()))

    def _mirrored(self, rect: QRect) -> QRect:
        return QStyle.visualRect(self.layoutDirection(), self.rect(), rect)

    def go(self, row: int, column: int) -> None:
        """Be at a cell."""
        row = max(0, min(row, self.model.rowCount() - 1))
        column = max(0, min(column, self.model.columnCount() - 1))
        self.at = (row, column)
        self.update()
        self.setAccessibleDescription(clean(self.model.spoken(row, column)))
        self.cells.moved()
        self.moved.emit(row, column)

    def _anew(self) -> None:
        self.cells.forget()
        self.update()

    # for who hears it

    def shape_of_cells(self) -> tuple[int, int]:
        return self.model.rowCount(), self.model.columnCount()

    def words_of_cell(self, row: int, column: int) -> str:
        return clean(self.model.spoken(row, column))

    def place_of_cell(self, row: int, column: int) -> QRect:
        return self.rect_of(row, column)

    def cell_here(self) -> tuple[int, int]:
        return self.at

    def open_here(self) -> None:
        self.opened.emit(*self.at)

    def cell_at(self, point: QPoint) -> tuple[int, int] | None:
        """The cell under a point."""
        laid, items = self.bands(), self.model.columnCount()
        for row in range(self.model.rowCount()):
            line = self._mirrored(laid.cell(row, 0, items).united(laid.cell(row, items - 1, items)))
            if line.contains(point):
                for column in range(items):
                    if self._mirrored(laid.cell(row, column, items)).contains(point):
                        return row, column
        return None

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        t, model, items = theme.tokens(), self.model, self.model.columnCount()
        laid = self.bands()
        small = theme.font(max(8, min(12, laid.tall - 1)))
        sign = theme.font(max(8, min(14, laid.tall, laid.wide)), bold=True)
        side = QStyle.visualAlignment(self.layoutDirection(), Qt.AlignmentFlag.AlignLeading) | Qt.AlignmentFlag.AlignVCenter
        longest = max((len(short_item(one)) for one, _ in model.matrix.across), default=1)
        step = 1 if longest < 2 or laid.wide >= 8 * longest else 2  # every second heading where two would touch
        stamps = {value: self._stamp(value, laid, sign) for value in ("", *(one.id for one in model.patterns.choices))}
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        for band in range(laid.bands):
            if band * laid.rows >= model.rowCount():
                break
            painter.setFont(theme.font(max(8, min(11, laid.wide))))
            painter.setPen(QColor(t.muted))
            for column in range(0, items, step):
                head = laid.cell(band * laid.rows, column, items).adjusted(-3, 0, 3, 0)
                painter.drawText(self._mirrored(QRect(head.x(), 0, head.width(), HEAD)), Qt.AlignmentFlag.AlignCenter,
                                 short_item(model.matrix.across[column][0]))  # fmt: skip
        for row in range(model.rowCount()):
            first = laid.cell(row, 0, items)
            painter.setFont(small)
            painter.setPen(QColor(t.text if row == self.at[0] else t.muted))
            code = self._mirrored(QRect(first.x() - CODE, first.y(), CODE - 3, first.height()))
            painter.drawText(code, int(side), model.matrix.down[row][0][:3])
            painter.setFont(sign)
            start = self._mirrored(first)
            for column, cell in enumerate(model.matrix.cells[row]):  # thousands of cells: no more than this for each
                x = start.x() + (-column if mirrored else column) * laid.wide
                stamp = stamps.get("" if cell.differs else cell.value)
                if stamp is not None:
                    painter.drawPixmap(x, start.y(), stamp)
                if cell.differs or stamp is None:
                    painter.setPen(QColor(t.warn))
                    words = said.DIFFERS if cell.differs else model.patterns.sign(cell.value)
                    painter.drawText(QRect(x, start.y(), laid.wide, laid.tall), Qt.AlignmentFlag.AlignCenter, words)
        if model.rowCount() and items:
            painter.setPen(QPen(QColor(t.accent if self.hasFocus() else t.outline), 2))
            painter.drawRect(self._mirrored(laid.cell(*self.at, items)).adjusted(-1, -1, 0, 0))

    def _stamp(self, value: str, laid: Bands, font: QFont) -> QPixmap:
        """What a cell with this choice looks like, painted once for all of them."""
        ratio, t = self.devicePixelRatioF(), theme.tokens()
        made = QPixmap(round(laid.wide * ratio), round(laid.tall * ratio))
        made.setDevicePixelRatio(ratio)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        inner = QRect(0, 0, laid.wide - 1, laid.tall - 1)
        if value:
            self.model.patterns.paint(painter, inner, value)
            painter.setFont(font)
            painter.setPen(QColor(t.text))
            painter.drawText(inner, Qt.AlignmentFlag.AlignCenter, self.model.patterns.sign(value))
        else:
            painter.setPen(QColor(t.line))
            painter.drawRect(inner.adjusted(0, 0, -1, -1))
        painter.end()
        return made

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row, column = self.at
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        step = -1 if mirrored else 1
        match event.key():
            case Qt.Key.Key_Up:
                self.go(row - 1, column)
            case Qt.Key.Key_Down:
                self.go(row + 1, column)
            case Qt.Key.Key_Left:
                self.go(row, column - step)
            case Qt.Key.Key_Right:
                self.go(row, column + step)
            case Qt.Key.Key_PageUp:
                self.go(row - self.bands().rows, column)
            case Qt.Key.Key_PageDown:
                self.go(row + self.bands().rows, column)
            case Qt.Key.Key_Home:
                self.go(0, column)
            case Qt.Key.Key_End:
                self.go(self.model.rowCount() - 1, column)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.opened.emit(row, column)
            case _:
                super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self.cell_at(event.position().toPoint())
        if found is not None:
            self.go(*found)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        found = self.cell_at(event.position().toPoint())
        if found is not None:
            self.opened.emit(*found)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        found = self.cell_at(event.position().toPoint())
        words = clean(self.model.spoken(*found)) if found is not None else ""
        QToolTip.showText(event.globalPosition().toPoint(), tip(words), self)

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        taken = super().event(event)
        if event.type() == QEvent.Type.FocusIn:
            self.cells.moved()
        return taken


access_cells.speaks(MatrixMap)
