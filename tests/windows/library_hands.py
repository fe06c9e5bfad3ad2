"""A person at the library of a window on the fake door."""

from __future__ import annotations

from typing import Any

from fake_door import FakeDoor
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from valise.ui.library.screen import LibraryScreen
from valise.ui.window import MainWindow

K = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class Hands:
    """A window on its library, and what a person does there."""

    def __init__(self, window: MainWindow, door: FakeDoor, qtbot: Any) -> None:
        self.window, self.door, self.qtbot = window, door, qtbot
        qtbot.keyClick(window, K.Key_7, CTRL)
        self.screen: LibraryScreen = window.made("library")  # type: ignore[assignment]
        self.settled()

    def settled(self) -> None:
        self.qtbot.waitUntil(
            lambda: self.window.runner.idle and not self.screen.finder.waiting and not self.screen.importer.busy
        )

    def key(self, key: Qt.Key, modifiers: Any = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(QApplication.focusWidget() or self.window, key, modifiers)

    def search(self, words: str) -> list[Any]:
        """Type into the box (or paste); the cards."""
        self.key(K.Key_F, CTRL)
        assert self.screen.box.hasFocus()
        self.screen.box.setText(words)
        self.screen.finder.now()
        self.settled()
        return list(self.screen.results.entries.items)
