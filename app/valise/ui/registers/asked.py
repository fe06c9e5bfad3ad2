"""A question above the fields of a row, with its answers as buttons."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from valise.desk.door_registers import Row
from valise.ui import theme
from valise.ui.widgets.buttons import button, row
from valise.ui.widgets.labels import Words

Answer = tuple[str, Callable[[], object], str]
"""What a button says, what it does, its kind ("" = an ordinary one)."""


class AskLine(QFrame):
    """Hidden until it is asked; `buttons` in the order of `answers`, which is the order of reading."""

    def __init__(self, words: str, answers: Sequence[Answer], parent: QWidget, *, wrap: bool = False) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self.setProperty("tone", "warn")
        self.words = Words(words, "strong", self, wrap=wrap)
        self.buttons: list[QPushButton] = [button(said, slot, kind=kind, parent=self) for said, slot, kind in answers]
        self.line = row(self.words, *([] if wrap else [None]), *self.buttons)
        if wrap:
            self.line.setStretch(0, 1)
        self.line.setContentsMargins(theme.SPACE.m, theme.SPACE.s, theme.SPACE.s, theme.SPACE.s)
        self.setLayout(self.line)
        self.hide()


class PartedLine(AskLine):
    """Over a row that one laptop took out while another changed it."""

    def __init__(self, take_out: Callable[[], object], keep: Callable[[], object], parent: QWidget) -> None:
        super().__init__("", (), parent, wrap=True)
        self.words.setText(self.tr("One laptop took this row out while another changed it. Both are in the history; say which holds."))
        self.out = button(self.tr("Take it out"), take_out, parent=self)
        self.keep = button(self.tr("Keep it"), keep, parent=self)
        for one in (self.out, self.keep):
            self.line.addWidget(one)

    def follow(self, row: Row | None) -> None:
        """There while a person has to say which holds."""
        self.setVisible(row is not None and parted(row))

    def ask(self) -> bool:
        """The keyboard goes there; False when nobody has to answer."""
        if self.isVisible():
            self.out.setFocus()
        return self.isVisible()


def parted(row: Row) -> bool:
    """One laptop took the row out while another changed it, and a person has to say which holds (see `Row`)."""
    return row.differs and not any(cell.differs for cell in row.cells.values())
