"""Choosing a passage to take its words: search, list, Enter."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.desk.library import Found
from valise.domain.errors import ValiseError
from valise.ui import theme
from valise.ui.library.finding import Finder
from valise.ui.library.results import HitList, card
from valise.ui.strings import tell
from valise.ui.tasks import Runner
from valise.ui.widgets.asking import Dialog
from valise.ui.widgets.buttons import SearchBox, button, row
from valise.ui.widgets.labels import heading, small


class PassagePicker(Dialog):
    """`open()` it. `chosen(Passage)` on Enter; `asked` is searched at once."""

    chosen = Signal(object)

    def __init__(self, door: Door, runner: Runner, asked: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Insert from the library"))
        self.resize(680, 520)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE.l, theme.SPACE.l, theme.SPACE.l, theme.SPACE.m)
        column.setSpacing(theme.SPACE.s)
        column.addWidget(heading(self.tr("Insert from the library"), self))
        self.box = SearchBox(self.tr("Words, or a symbol and paragraph: A/70/174 13 (f)"), self)
        column.addWidget(self.box)
        self.list = HitList(self.tr("Passages found"), self.tr("Enter inserts the words"), self)
        column.addWidget(self.list, 1)
        self.said = small("", self)
        leave = button(self.tr("Cancel"), self.reject, kind="quiet", parent=self)
        self.take_button = button(self.tr("Insert"), self.take, kind="primary", parent=self)
        column.addLayout(row(self.said, None, leave, self.take_button))
        self.finder = Finder(door, runner, self)
        self.finder.found.connect(self._came)
        self.finder.failed.connect(self._failed)
        self._wanted = False  # Enter came before its answer
        self.box.textChanged.connect(self._ask)
        self.box.moved.connect(self.list.step)
        self.box.returnPressed.connect(self.take)
        self.box.left.connect(self.reject)
        self.list.went.connect(lambda _key: self.take())
        self.list.moved.connect(lambda one: self.take_button.setEnabled(one is not None))
        self.box.setText(asked)
        self.box.selectAll()
        self.finder.ask(asked)
        self.finder.now()
        self.box.setFocus()

    def _ask(self, words: str) -> None:
        self._wanted = False
        self.finder.ask(words)

    def _came(self, asked: str, hits: list[Found]) -> None:
        self.list.show_hits([card(one, asked) for one in hits])
        self.take_button.setEnabled(bool(hits))
        if hits or not asked:
            self.said.setText(
                "" if asked else self.tr("The words go where the cursor is, their source into the reason.")
            )
        else:
            self.said.setText(self.tr("Nothing in the library is like these words."))
        if self._wanted:
            self.take()

    def _failed(self, error: ValiseError) -> None:
        self.list.show_hits([])
        self.said.setText(tell(error).happened)

    def take(self) -> None:
        """Take the passage one is at; a question still on its way is waited for."""
        if self.finder.waiting:
            self.finder.now()
            self._wanted = True
            return
        self._wanted = False
        one = self.list.passage()
        if one is not None:
            self.accept()
            self.chosen.emit(one)
