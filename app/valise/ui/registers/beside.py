"""The fields of a row and its history: side by side where there is room, else one below the other."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QWidget

NARROW = 720  # px


class Beside(QSplitter):
    """`adapt` tells when the room became too narrow, or wide enough again."""

    def __init__(self, fields: QWidget, history: QWidget, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setChildrenCollapsible(False)
        for part, least, share in ((fields, 380, 3), (history, 220, 1)):
            part.setMinimumWidth(least)
            self.addWidget(part)
            self.setStretchFactor(self.count() - 1, share)
        self.setSizes([700, 280])
        self.narrow = False

    def adapt(self, width: int) -> bool:
        """Turn to this width (px); True when it turned."""
        if (width < NARROW) == self.narrow:
            return False
        self.narrow = not self.narrow
        self.setOrientation(Qt.Orientation.Vertical if self.narrow else Qt.Orientation.Horizontal)
        self.setSizes([320, 240] if self.narrow else [700, 280])
        return True
