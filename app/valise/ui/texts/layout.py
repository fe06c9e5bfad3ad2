"""How the parts of the workbench stand beside and above each other."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget


def column(above: Sequence[QWidget], middle: QWidget, notice: QWidget, parent: QWidget) -> QWidget:
    """The strips `above` a widget that takes the room, and a notice under it, so that what one reads stays where it is."""
    pane = QWidget(parent)
    pane.setObjectName("pane")
    box = QVBoxLayout(pane)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(0)
    for one in above:
        box.addWidget(one)
    box.addWidget(middle, 1)
    under = QVBoxLayout()
    under.setContentsMargins(12, 0, 12, 0)
    under.addWidget(notice)
    box.addLayout(under)
    box.addSpacing(6)
    return pane


def over(upper: QWidget, lower: QWidget, parent: QWidget) -> QSplitter:
    """Two panes above each other, the upper one taller."""
    made = QSplitter(Qt.Orientation.Vertical, parent)
    made.setChildrenCollapsible(False)
    made.addWidget(upper)
    made.addWidget(lower)
    made.setStretchFactor(0, 2)
    made.setStretchFactor(1, 1)
    made.setSizes([500, 310])
    return made
