"""Layouts that are filled again and again."""

from __future__ import annotations

from PySide6.QtWidgets import QBoxLayout, QLayout

NARROW = 640  # px of a page


def clear(box: QLayout) -> None:
    """Take every widget out of it; they are gone with the next turn of the loop."""
    while (item := box.takeAt(0)) is not None:
        part = item.widget()
        if part is not None:
            part.hide()
            part.deleteLater()


def beside(line: QBoxLayout, width: int) -> None:
    """What stands side by side on a page of this width stands one under the other where there is no room."""
    narrow = width < NARROW
    line.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
