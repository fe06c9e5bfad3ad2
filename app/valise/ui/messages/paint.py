"""What the delegates paint with: mirrored rects, one-line text, signs, marking labels, counts."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle

from valise.ui import icons, theme
from valise.ui.messages import markup
from valise.ui.text_safe import FSI, PDI, shorten
from valise.ui.widgets.badge import TLP, marking_colours, paint_pill


class Place:
    """Left-to-right rects of a row to where they are on the screen."""

    def __init__(self, row: QRect, direction: Qt.LayoutDirection) -> None:
        self._row, self.direction = row, direction
        self.width = row.width()

    def __call__(self, rect: QRect) -> QRect:
        return QStyle.visualRect(self.direction, self._row, rect.translated(self._row.topLeft()))

    def text(
        self, painter: QPainter, area: QRect, text: str, elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight
    ) -> int:
        """One line at the leading edge of `area`, elided. Returns the width used."""
        metrics = painter.fontMetrics()
        shown = metrics.elidedText(text, elide, max(0, area.width()))
        leading = QStyle.visualAlignment(self.direction, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        painter.setLayoutDirection(self.direction)
        how = leading | Qt.AlignmentFlag.AlignAbsolute | Qt.TextFlag.TextSingleLine
        painter.drawText(self(area), how, f"{FSI}{shown}{PDI}")
        return metrics.horizontalAdvance(shown)


def sign_at(painter: QPainter, rect: QRect, name: str, colour: str) -> None:
    """One of our icons in a colour (#rrggbb), filling `rect`."""
    device = painter.device()
    ratio = device.devicePixelRatioF() if device is not None else 1.0
    painter.drawPixmap(rect.topLeft(), icons.pixmap(name, colour, rect.width(), ratio))


def paint_count(painter: QPainter, rect: QRect, count: int) -> None:
    """A number that needs a person, in a filled pill."""
    t = theme.tokens()
    painter.setBrush(QColor(t.accent_fill))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
    painter.setPen(QColor(t.on_accent))
    painter.setFont(theme.font(11, bold=True))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, str(count) if count < 1000 else "999+")


def chip_width(marking: str) -> int:
    """Pixels a marking's label takes."""
    return QFontMetrics(theme.font(11, bold=True)).horizontalAdvance(_marking(marking)) + 18


def paint_marking(painter: QPainter, rect: QRect, marking: str, way: Qt.LayoutDirection) -> None:
    """A marking's label: TLP in its colours on black, a national marking in the palette's own."""
    text = _marking(marking)
    painter.setFont(theme.font(11, bold=True))
    ink, fill = marking_colours(text)
    if text not in TLP:
        fill = theme.colour("raised")
    paint_pill(painter, rect, text, "", (ink, fill), way)


def _marking(marking: str) -> str:
    return shorten(markup.one_line(marking), 40)
