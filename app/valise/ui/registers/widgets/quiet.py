"""One quiet line, cut where the room ends."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QStyle, QWidget

from valise.ui import theme
from valise.ui.text_safe import FSI, PDI
from valise.ui.widgets.labels import ElidedLabel


class QuietLine(ElidedLabel):
    """An ElidedLabel in small, muted letters."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setFont(theme.font(theme.SMALL_PX))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(theme.colour("muted"))
        area = self.contentsRect()
        shown = self.fontMetrics().elidedText(self.plain(), Qt.TextElideMode.ElideRight, area.width())
        where = QStyle.visualAlignment(self.layoutDirection(), Qt.AlignmentFlag.AlignLeading)
        painter.drawText(area, int(where | Qt.AlignmentFlag.AlignVCenter), f"{FSI}{shown}{PDI}")
