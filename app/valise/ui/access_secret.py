"""A field for a secret, as assistive technology knows it: its name, that it is for a passphrase, and nothing of what is in it.

Qt sends every letter that is typed into a line edit over the accessibility bus, whatever the field shows in its place, and any
program of the session may listen there. An interface without text has nothing that could be sent.
"""

from __future__ import annotations

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAccessibleWidget, QLineEdit


class SecretAccess(QAccessibleWidget):
    """Role and state of a passphrase field; its value is never told, but may be written."""

    def __init__(self, field: QLineEdit) -> None:
        super().__init__(field, QAccessible.Role.EditableText)

    def state(self) -> QAccessible.State:
        found = super().state()
        found.passwordEdit = True  # type: ignore[attr-defined]
        found.editable = True  # type: ignore[attr-defined]
        return found

    def setText(self, what: QAccessible.Text, words: str) -> None:
        field = self.widget()
        if what == QAccessible.Text.Value and isinstance(field, QLineEdit) and field.isEnabled():
            field.setText(words)
