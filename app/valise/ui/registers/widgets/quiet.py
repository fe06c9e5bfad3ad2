"""One quiet line, cut where the room ends."""

from __future__ import annotations

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from valise.ui import theme
from valise.ui.text_safe import clean, tip
from valise.ui.widgets.labels import ElidedLabel


class QuietLine(ElidedLabel):
    """An ElidedLabel in small, muted letters."""

    def __init__(self, text: str = "", parent: QWidget | None = None, *, ours: bool = False) -> None:
        super().__init__(text, parent, ours=ours)
        self.setFont(theme.font(theme.SMALL_PX))

    def ink(self) -> QColor:
        return theme.colour("muted")


def hint(widget: QWidget, words: str) -> None:
    """A tooltip of outside words, plain; a screen reader gets the words without their wrapping."""
    told = clean(words)
    widget.setToolTip(tip(told))
    widget.setAccessibleDescription(told)
