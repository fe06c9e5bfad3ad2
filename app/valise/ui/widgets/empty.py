"""The one empty state: an icon, a sentence, the next step."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from valise.ui import icons, theme
from valise.ui.widgets.buttons import button
from valise.ui.widgets.labels import Words

LOW = 210  # px


class EmptyState(QWidget):
    """What to show instead of an empty list; `.step` is the button (None when there is no next step)."""

    def __init__(
        self,
        icon: str,
        sentence: str,
        more: str = "",
        step: str = "",
        slot: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        box = QVBoxLayout(self)
        box.setContentsMargins(theme.SPACE.xl, theme.SPACE.xl, theme.SPACE.xl, theme.SPACE.xl)
        box.setSpacing(theme.SPACE.s)
        box.addStretch(2)
        self._picture = picture = QLabel(self)
        picture.setFixedSize(44, 44)
        icons.bind(picture, icon, "outline", 44)
        box.addWidget(picture, 0, Qt.AlignmentFlag.AlignHCenter)
        self.sentence = Words(sentence, "heading", self)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        box.addWidget(self.sentence)
        self.more = Words(more, "muted", self)
        self.more.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.more.setVisible(bool(more))
        box.addWidget(self.more)
        self.step: QPushButton | None = None
        if step:
            self.step = button(step, slot, kind="primary", parent=self)
            box.addSpacing(theme.SPACE.s)
            box.addWidget(self.step, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch(3)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The words come before the picture where there is little room."""
        super().resizeEvent(event)
        low = self.height() < LOW
        self._picture.setVisible(not low)
        edge = theme.SPACE.s if low else theme.SPACE.xl
        box = self.layout()
        if box is not None and box.contentsMargins().top() != edge:
            box.setContentsMargins(theme.SPACE.xl, edge, theme.SPACE.xl, edge)
