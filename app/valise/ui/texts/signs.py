"""Status signs, drawn as strokes so that they are sharp at every scale and need no font."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from valise.ui import theme

_TONE = {"open": "warn", "agreed ad ref": "good", "closed": "good", "parked": "muted"}


def tone(status: str) -> QColor:
    """The colour that adds to a status sign."""
    return theme.colour(_TONE.get(status, "muted"))


def draw_status(painter: QPainter, area: QRectF, status: str) -> None:
    """open = a pair of brackets, agreed ad ref = check in a ring, closed = check in a disc, parked = bars in a ring."""
    colour = tone(status)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    side = min(area.width(), area.height())
    box = QRectF(0, 0, side, side)
    box.moveCenter(area.center())
    pen = QPen(colour, max(1.4, side / 10), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)

    def at(x: float, y: float) -> QPointF:
        return QPointF(box.x() + x * side, box.y() + y * side)

    if status == "open":
        for edge, inner in ((0.2, 0.36), (0.8, 0.64)):
            path = QPainterPath(at(inner, 0.14))
            path.lineTo(at(edge, 0.14))
            path.lineTo(at(edge, 0.86))
            path.lineTo(at(inner, 0.86))
            painter.drawPath(path)
    else:
        ring = box.adjusted(side * 0.08, side * 0.08, -side * 0.08, -side * 0.08)
        if status == "closed":
            painter.setBrush(colour)
        painter.drawEllipse(ring)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if status == "parked":
            for x in (0.4, 0.6):
                painter.drawLine(at(x, 0.35), at(x, 0.65))
        else:
            if status == "closed":
                pen.setColor(theme.colour("surface"))
                painter.setPen(pen)
            path = QPainterPath(at(0.31, 0.51))
            path.lineTo(at(0.45, 0.65))
            path.lineTo(at(0.7, 0.37))
            painter.drawPath(path)
    painter.restore()
