"""What every page of the first run has in common."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QLineEdit, QVBoxLayout, QWidget

from valise.ui import theme
from valise.ui.widgets.labels import Words, muted, named, title


class Page(QWidget):
    """A page: heading, sentence, content in `.box`. `ready(bool)` says whether one may go on."""

    ready = Signal(bool)

    def __init__(self, heading: str, sentence: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, heading)
        self.heading = heading
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(theme.SPACE.m)
        self.box.addWidget(title(heading, self))
        self.box.addWidget(muted(sentence, self))
        self.box.addSpacing(theme.SPACE.xs)

    def is_ready(self) -> bool:
        """Whether one may go on."""
        return True

    def first(self) -> QWidget | None:
        """Where the keyboard begins."""
        return None


def form() -> QFormLayout:
    """A form with labels above the fields' start, mirrored with the layout."""
    made = QFormLayout()
    made.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
    made.setVerticalSpacing(theme.SPACE.xs)
    made.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    return made


def field(rows: QFormLayout, label: str, hint: str = "", limit: int = 80) -> QLineEdit:
    """A labelled one-line field, added to the form."""
    made = QLineEdit()
    made.setPlaceholderText(hint)
    made.setMaxLength(limit)
    named(made, label)
    caption = Words(label, "strong")
    caption.setBuddy(made)
    rows.addRow(caption, made)
    return made
