"""What every view of the seeing page has in common: it reads beside the window, and shows what came last."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QStackedWidget, QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.domain.errors import ValiseError
from valise.domain.text.model import TextHead
from valise.ui.seeing.said import brief
from valise.ui.tasks import Runner
from valise.ui.text_safe import clean
from valise.ui.texts.people import People
from valise.ui.widgets.buttons import ProgressLine
from valise.ui.widgets.empty import EmptyState
from valise.ui.widgets.labels import named

NOW = ""  # in place of a revision: the text as it stands


class SeeingView(QWidget):
    """Base of the four views. `went(paragraph)`, `failed(ValiseError)`.

    `open_head` says which text; `read` asks the desk on the writer thread; an answer that is no longer wanted is let go.
    """

    went = Signal(str)
    failed = Signal(object)

    def __init__(self, door: Door, runner: Runner, people: People, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.door, self.runner, self.people = door, runner, people
        self.head: TextHead | None = None
        self._asked = 0
        self.wanted = False  # the keyboard goes to `first()` once there is something
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(18, 12, 18, 12)
        self.column.setSpacing(8)
        self.progress = ProgressLine(self)
        self.stack = QStackedWidget(self)

    def open_head(self, head: TextHead) -> None:
        """Another text, or the same after a change."""
        self.head = head
        self.read()

    def read(self) -> None:
        """Ask again."""

    def first(self) -> QWidget:
        """Where the keyboard goes."""
        return self

    def ask(self, call: Callable[[], Any], show: Callable[[Any], object]) -> None:
        """Run `call` beside the window; only the newest answer is shown."""
        self._asked += 1
        number = self._asked
        self.progress.wait()

        def done(answer: Any) -> None:
            if number == self._asked:
                self.progress.rest()
                show(answer)
                if self.wanted:
                    self.wanted = False
                    self.first().setFocus()

        def failed(error: ValiseError) -> None:
            if number == self._asked:
                self.progress.rest()
                self.failed.emit(error)

        self.runner.run(call, done, failed, owner=self)

    def empty(self, icon: str, sentence: str, more: str = "") -> EmptyState:
        """An empty state as a page of the stack."""
        made = EmptyState(icon, sentence, more, parent=self)
        self.stack.addWidget(made)
        return made

    def fill_revisions(self, box: QComboBox, head: TextHead, chosen: str | None, *, now: bool = True) -> None:
        """The revisions, newest first after "As it stands"; `chosen` stays chosen while it is there."""
        box.blockSignals(True)
        box.clear()
        if now:
            box.addItem(self.tr("As it stands"), NOW)
        for one in reversed(head.revisions):
            box.addItem(clean(brief(one.symbol or f"Rev.{one.number}", 60), lines=False), one.id)
        place = box.findData(chosen) if chosen is not None else -1
        box.setCurrentIndex(max(0, place))
        box.blockSignals(False)


def chooser(name: str, parent: QWidget) -> QComboBox:
    """A box to choose from, with its name."""
    made = named(QComboBox(parent), name)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    made.setMaximumWidth(320)
    return made
