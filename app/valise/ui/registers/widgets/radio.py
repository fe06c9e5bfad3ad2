"""A choice of several by keys: an arrow chooses, also where nothing was chosen yet (Qt then only moves the frame)."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QRadioButton

_ARROWS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right)


class Radio(QRadioButton):
    """One of a group."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        here = QApplication.focusWidget()
        if event.key() in _ARROWS and isinstance(here, Radio) and here is not self and here.group() is self.group():
            here.setChecked(True)
