"""One quiet line, cut where the room ends."""

from __future__ import annotations

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from valise.ui import theme
from valise.ui.widgets.labels import ElidedLabel


class QuietLine(ElidedLabel):
    """An ElidedLabel in small, muted letters."""

    def __init__(self, text: str = "", parent: QWidget | None = None, *, ours: bool = False) -> None:
        super().__init__(text, parent, ours=ours)
        self.setFont(theme.font(theme.SMALL_PX))

    def ink(self) -> QColor:
        return theme.colour("muted")
