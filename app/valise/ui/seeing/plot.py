"""How far the text has come, painted: a bar a revision, solid for agreed words and hatched for those in brackets."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from valise.desk.views import Convergence
from valise.ui import theme
from valise.ui.language import listed, percent
from valise.ui.text_safe import clean, isolate, shorten

LEFT, RIGHT, ABOVE, BELOW = 46.0, 16.0, 54.0, 40.0
WIDEST = 78.0


def share(one: Convergence) -> int:
    """Whole percent of the words that stand outside brackets, rounded down: 100 is said only of all of them."""
    return one.unbracketed * 100 // one.words if one.words else 100


def round_step(most: int) -> int:
    """1, 2 or 5 times a power of ten, so that at most six lines cross a scale up to `most`."""
    step = 1
    while most // step > 5:
        step = step * 5 // 2 if str(step).startswith("2") else step * 2
    return step


class Plot(QWidget):
    """Every bar has its number; nothing depends on colour. Mirrored where one reads from the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Convergence, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.current().changed.connect(self.update)

    def show_rows(self, rows: Sequence[Convergence]) -> None:
        """Oldest first; the last is the text as it stands."""
        self._rows = tuple(rows)
        said = listed(f"{clean(self.name(one), lines=False)} {percent(share(one))}" for one in self._rows)
        self.setAccessibleName(self.tr("Words outside brackets: {0}").format(said))
        self.update()

    def name(self, one: Convergence) -> str:
        """What stands under a bar."""
        if not one.revision:
            return self.tr("now")
        return isolate(shorten(one.symbol.rpartition("/")[2] or one.symbol, 14))

    def sizeHint(self) -> QSize:
        return QSize(520, 360)

    def minimumSizeHint(self) -> QSize:
        return QSize(260, 220)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._rows:
            self._paint(painter, QRectF(self.rect()))
        painter.end()

    def _paint(self, painter: QPainter, area: QRectF) -> None:
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        small = theme.font(theme.SMALL_PX)
        metrics = QFontMetricsF(small)
        above = ABOVE + (20 if self._two_lines(area, metrics) else 0)
        plot = QRectF(area.left() + LEFT, area.top() + above, area.width() - LEFT - RIGHT, area.height() - above - BELOW)
        most = max(one.words for one in self._rows) or 1

        def x_of(x: float, wide: float) -> float:
            return area.left() + area.right() - x - wide if mirrored else x

        painter.setFont(small)
        for words in range(0, most + 1, round_step(most)):  # a quiet grid
            y = plot.bottom() - plot.height() * words / most
            painter.setPen(QPen(theme.colour("line"), 1))
            start = x_of(plot.left(), plot.width())
            painter.drawLine(QPointF(start, y), QPointF(start + plot.width(), y))
            painter.setPen(theme.colour("muted"))
            box = QRectF(x_of(area.left(), LEFT - 6), y - 9, LEFT - 6, 18)
            side = Qt.AlignmentFlag.AlignLeft if mirrored else Qt.AlignmentFlag.AlignRight
            painter.drawText(box, int(side | Qt.AlignmentFlag.AlignVCenter), f"{words}")
        self._legend(painter, area, metrics, mirrored=mirrored)
        step = plot.width() / len(self._rows)
        wide = max(3.0, min(WIDEST, step * 0.64))
        widest = max(metrics.horizontalAdvance(self.name(one)) for one in self._rows) + 10
        every = max(1, -(-int(widest) // max(1, int(step))))
        for place, one in enumerate(self._rows):
            left = x_of(plot.left() + step * place + (step - wide) / 2, wide)
            tall, solid = (plot.height() * value / most for value in (one.words, one.unbracketed))
            whole = QRectF(left, plot.bottom() - tall, wide, tall)
            agreed = QRectF(left, plot.bottom() - solid, wide, solid)
            open_part = QRectF(left, whole.top(), wide, tall - solid)
            painter.fillRect(agreed, theme.colour("accent_fill"))
            painter.fillRect(open_part, QBrush(theme.colour("text"), Qt.BrushStyle.BDiagPattern))
            painter.setPen(QPen(theme.colour("text"), 1))
            painter.drawRect(whole)
            # from the last one back: the text as it stands always has its number
            if (len(self._rows) - 1 - place) % every:
                continue
            box = QRectF(left + wide / 2 - widest / 2, plot.bottom() + 4, widest, 18)
            painter.setPen(theme.colour("text"))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), self.name(one))
            painter.setFont(theme.font(theme.SMALL_PX, bold=True))
            number = QRectF(left + wide / 2 - 40, whole.top() - 20, 80, 18)
            painter.drawText(number, int(Qt.AlignmentFlag.AlignCenter), isolate(percent(share(one))))
            painter.setFont(small)

    def _said(self) -> tuple[tuple[str, bool], ...]:
        return (self.tr("words outside brackets"), True), (self.tr("words in brackets"), False)

    def _two_lines(self, area: QRectF, metrics: QFontMetricsF) -> bool:
        """Whether the legend is too long for one."""
        return LEFT + sum(20 + metrics.horizontalAdvance(words) + 24 for words, _ in self._said()) > area.width()

    def _legend(self, painter: QPainter, area: QRectF, metrics: QFontMetricsF, *, mirrored: bool) -> None:
        x, y = area.left() + LEFT, area.top() + 8
        for words, solid in self._said():
            if not solid and self._two_lines(area, metrics):
                x, y = area.left() + LEFT, y + 20
            long = metrics.horizontalAdvance(words) + 8
            for wide, what in ((14.0, "box"), (long, "words")):
                left = area.left() + area.right() - x - wide if mirrored else x
                if what == "box":
                    box = QRectF(left, y + 2, 14, 14)
                    style = Qt.BrushStyle.SolidPattern if solid else Qt.BrushStyle.BDiagPattern
                    painter.fillRect(box, QBrush(theme.colour("accent_fill" if solid else "text"), style))
                    painter.setPen(QPen(theme.colour("text"), 1))
                    painter.drawRect(box)
                    x += 20
                else:
                    painter.drawText(QRectF(left, y, wide, 18), int(Qt.AlignmentFlag.AlignVCenter), words)
                    x += wide + 16
