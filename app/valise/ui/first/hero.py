"""The head of the pages before the vault is open: a picture and the name of the page, in the middle."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from valise.ui import icons
from valise.ui.widgets.labels import title


def hero(box: QVBoxLayout, icon: str, words: str, parent: QWidget) -> None:
    """Add both to `box`."""
    picture = QLabel(parent)
    icons.bind(picture, icon, "accent", 56)
    box.addWidget(picture, 0, Qt.AlignmentFlag.AlignHCenter)
    head = title(words, parent)
    head.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    box.addWidget(head)
