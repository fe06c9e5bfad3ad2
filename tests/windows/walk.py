"""What a screen reader finds: every control of a window and its name."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget


def name_of(widget: QWidget) -> str:
    """The accessible name as assistive technology gets it."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface is not None else ""


def controls(root: QWidget) -> list[QWidget]:
    """Every child that can have the focus by keyboard, the root included."""
    return [
        one
        for one in (root, *root.findChildren(QWidget))
        if one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.focusProxy() is None
    ]


def nameless(root: QWidget) -> list[str]:
    """Controls without a name, for an assertion."""
    return [
        f"{type(one).__name__} {one.objectName()} in {type(one.parent()).__name__}"
        for one in controls(root)
        if not name_of(one).strip()
    ]
