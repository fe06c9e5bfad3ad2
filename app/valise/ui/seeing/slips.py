"""Slips of drafting, each with why it matters and what is usual."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from valise.desk.door import Door
from valise.domain.text.lint import Slip
from valise.domain.text.model import ParagraphRow
from valise.ui.language import colon
from valise.ui.seeing import said
from valise.ui.seeing.reading import Item, ReadingList
from valise.ui.seeing.view import SeeingView
from valise.ui.tasks import Runner
from valise.ui.texts.people import People
from valise.ui.widgets.labels import Words


class SlipsView(SeeingView):
    """A list to go through before the Secretariat does; it explains and never stops anything."""

    def __init__(self, door: Door, runner: Runner, people: People, parent: QWidget | None = None) -> None:
        super().__init__(door, runner, people, parent)
        self.count = Words("", "small", self)
        self.column.addWidget(self.count)
        self.column.addWidget(self.progress)
        self.list = ReadingList(self.tr("Slips"), self)
        self.stack.addWidget(self.list)
        self.none = self.empty(
            "check-circle", self.tr("No slips found"),
            self.tr("Numbers, brackets, opening verbs and signs at the end are as usual. Read it once more anyway."),
        )  # fmt: skip
        self.column.addWidget(self.stack, 1)
        self.list.went.connect(self.went)

    def read(self) -> None:
        if self.head is None:
            return
        text = self.head.id
        self.ask(lambda: (self.door.seeing.lint(text), self.door.texts.outline(text)), self._came)

    def _came(self, answer: tuple[tuple[Slip, ...], list[ParagraphRow]]) -> None:
        slips, outline = answer
        names = {one.id: said.label(one.label, one.section) for one in outline}
        items = []
        for one in slips:
            what, why = said.slip(one.rule, one.words)
            items.append(Item(one.paragraph, "!", "warn", f"{names.get(one.paragraph, said.label(''))}{colon()}{what}", why))
        self.list.show_items(items, self.head.language if self.head else "en")
        self.stack.setCurrentWidget(self.list if items else self.none)
        self.count.setText(
            self.tr("{0} found. They are hints and stop nothing; Enter goes to the paragraph.").format(len(items))
            if items else ""
        )  # fmt: skip

    def first(self) -> QWidget:
        return self.list if self.stack.currentWidget() is self.list else self
