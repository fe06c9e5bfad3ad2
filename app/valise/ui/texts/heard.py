"""The editor on a card, as assistive technology finds it: Qt tells of the rows of a list and of nothing that stands over them, so
the screen names the editor as its own last part while one is open."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QWidget

from valise.ui import access
from valise.ui.texts.editor import CardEditor
from valise.ui.texts.screen import TextsScreen


class ScreenAccess(QAccessibleWidget):
    """The screen, and the editor that is open in its list."""

    def __init__(self, screen: TextsScreen) -> None:
        super().__init__(screen)
        self._screen = screen

    def childCount(self) -> int:
        return super().childCount() + (self._screen.list.editor is not None)

    def child(self, index: int) -> QAccessibleInterface:
        editor = self._screen.list.editor
        if editor is not None and index == super().childCount():
            return QAccessible.queryAccessibleInterface(editor)
        return super().child(index)

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return super().childCount() if isinstance(child.object(), CardEditor) else super().indexOfChild(child)


class EditorAccess(QAccessibleWidget):
    """The editor, in the screen."""

    def __init__(self, editor: CardEditor) -> None:
        super().__init__(editor, QAccessible.Role.Grouping)

    def parent(self) -> QAccessibleInterface:
        above: QWidget | None = self.widget().parentWidget()
        while above is not None and not isinstance(above, TextsScreen):
            above = above.parentWidget()
        return super().parent() if above is None else QAccessible.queryAccessibleInterface(above)


access.speaks(TextsScreen, ScreenAccess)
access.speaks(CardEditor, EditorAccess)
