"""What an import could not read, each file with the reason."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from valise.desk.library import Imported
from valise.domain.errors import Refused
from valise.ui import theme
from valise.ui.language import sentences
from valise.ui.library import said
from valise.ui.seeing.reading import Item, ReadingList
from valise.ui.strings import tell
from valise.ui.text_safe import clean, isolate, shorten
from valise.ui.widgets.asking import Dialog
from valise.ui.widgets.buttons import button, row
from valise.ui.widgets.labels import Words, heading

NAME = 160  # characters of a file name


def entry(name: str, code: str) -> Item:
    """A file and why it was not taken in."""
    told = tell(Refused(code))
    shown = isolate(shorten(clean(name, lines=False), NAME))
    return Item("", "!", "warn", shown, sentences(one for one in (told.happened, told.todo) if one))


class ImportReport(Dialog):
    """Opens at once; Escape or the button closes it."""

    def __init__(self, done: Imported, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("What could not be read"))
        box = QVBoxLayout(self)
        box.setContentsMargins(theme.SPACE.xl, theme.SPACE.xl, theme.SPACE.xl, theme.SPACE.l)
        box.setSpacing(theme.SPACE.m)
        box.addWidget(heading(self.tr("What could not be read"), self))
        happened, more = said.outcome(done)
        self.summary = Words(sentences(one for one in (happened, more) if one), parent=self)
        box.addWidget(self.summary)
        self.list = ReadingList(self.tr("Files that could not be read"), self)
        self.list.setAccessibleDescription("")
        self.list.show_items([entry(*one) for one in done.refused])
        box.addWidget(self.list, 1)
        self.done_button = button(self.tr("Close"), self.accept, kind="primary", parent=self)
        box.addLayout(row(None, self.done_button))
        self.resize(620, 460)
        self.finished.connect(self.deleteLater)
        self.list.setFocus()
        self.open()
