"""What Qt takes for something else: a window of its own that is no QMainWindow, and one of several pages to choose from."""

from __future__ import annotations

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QAccessibleWidget, QWidget

from valise.ui import access


def window(widget: QWidget) -> QAccessibleWidget:
    """A window; Qt calls it a filling, which screen readers pass over when they say what is in front."""
    return QAccessibleWidget(widget, QAccessible.Role.Window)


class PageAccess(QAccessibleWidget):
    """A button that shows one of several pages: a tab, selected where Qt would have a check box."""

    def __init__(self, button: QAbstractButton) -> None:
        super().__init__(button, QAccessible.Role.PageTab)

    def _button(self) -> QAbstractButton:
        button = self.widget()
        assert isinstance(button, QAbstractButton)
        return button

    def state(self) -> QAccessible.State:
        found = super().state()
        found.selectable = True  # type: ignore[attr-defined]
        found.selected = self._button().isChecked()  # type: ignore[attr-defined]
        return found

    def actionNames(self) -> list[str]:
        return [access.PRESS, *super().actionNames()]

    def doAction(self, name: str) -> None:
        if name == access.PRESS:
            self._button().click()
        else:
            super().doAction(name)
