"""EXERCISE EXERCISE EXERCISE: stands above what scrolls, so that it cannot be scrolled away, and is read out."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QPainter, QPaintEvent, QPolygonF, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from valise.ui import theme
from valise.ui.incidents import said
from valise.ui.widgets.labels import named

TALL = 34
_STRIPE, _EDGE = 12, 6


class ExerciseBanner(QWidget):
    """Hidden unless `show_exercise(True)`. Words and stripes: nothing depends on colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exercise")
        self.setFixedHeight(TALL)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        named(self, said.EXERCISE, self.tr("This is an exercise. Nothing of it is real."))
        theme.current().changed.connect(self.update)
        self.hide()

    def show_exercise(self, exercise: bool) -> None:
        """Show it, or take it away."""
        self.setVisible(exercise)

    def sizeHint(self) -> QSize:
        return QSize(300, TALL)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect())
        painter.fillRect(area, theme.colour("warn_soft"))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("warn"))
        for top in (0.0, area.height() - _EDGE):
            painter.save()
            painter.setClipRect(QRectF(0, top, area.width(), _EDGE))
            for left in range(-_STRIPE, int(area.width()) + _STRIPE, 2 * _STRIPE):
                painter.drawPolygon(QPolygonF([
                    QPointF(left, top + _EDGE), QPointF(left + _EDGE, top), QPointF(left + _EDGE + _STRIPE, top),
                    QPointF(left + _STRIPE, top + _EDGE),
                ]))  # fmt: skip
            painter.restore()
        painter.setFont(theme.font(15, bold=True))
        painter.setPen(theme.colour("text"))
        painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), said.EXERCISE)
