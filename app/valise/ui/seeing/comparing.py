"""Two revisions side by side, as one text to be read."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QWidget

from valise.desk.door import Door
from valise.domain.text.compare import Compared, altered
from valise.domain.text.model import TextHead
from valise.ui.language import translate
from valise.ui.seeing import said
from valise.ui.seeing.reading import Item, ReadingList, changed, marked, whole
from valise.ui.seeing.view import NOW, SeeingView, chooser
from valise.ui.tasks import Runner
from valise.ui.text_safe import clean
from valise.ui.texts.people import People
from valise.ui.widgets.buttons import button, row
from valise.ui.widgets.clipboard import clipboard
from valise.ui.widgets.labels import Words, named, small


class CompareView(SeeingView):
    """Choose two states of the text, read what became of each paragraph, go there, or copy it."""

    def __init__(self, door: Door, runner: Runner, people: People, parent: QWidget | None = None) -> None:
        super().__init__(door, runner, people, parent)
        self.rows: tuple[Compared, ...] = ()
        self.old = chooser(self.tr("Compare from"), self)
        self.new = chooser(self.tr("Compare with"), self)
        self.by = chooser(self.tr("Only what this delegation brought about"), self)
        self.only = named(QCheckBox(self.tr("Only what changed"), self), self.tr("Only what changed"))
        self.only.setChecked(True)
        self.copy = button(self.tr("Copy as text"), self.copy_text, icon="copy", parent=self)
        self.column.addLayout(
            row(small(self.tr("From"), self), self.old, small(self.tr("to"), self), self.new, self.by, None)
        )
        self.column.addLayout(row(self.only, None, self.copy))
        self.column.addWidget(self.progress)
        self.count = Words("", "small", self)
        self.column.addWidget(self.count)
        self.list = ReadingList(self.tr("Paragraphs compared"), self)
        self.stack.addWidget(self.list)
        self.none = self.empty(
            "history", self.tr("No revision to compare with yet"),
            self.tr("The pen-holder freezes the text as a revision; from then on you see here what changed since."),
        )  # fmt: skip
        self.same = self.empty(
            "check-circle", self.tr("Nothing differs"),
            self.tr("Choose other revisions, another delegation, or look at every paragraph."),
        )  # fmt: skip
        self.column.addWidget(self.stack, 1)
        self.list.went.connect(self.went)
        self.old.currentIndexChanged.connect(self.read)
        self.new.currentIndexChanged.connect(self.read)
        self.by.currentIndexChanged.connect(self.show_rows)
        self.only.toggled.connect(self.show_rows)

    def open_head(self, head: TextHead) -> None:
        again = self.head is not None and self.head.id == head.id
        self.fill_revisions(self.old, head, self.old.currentData() if again else None, now=False)
        self.fill_revisions(self.new, head, self.new.currentData() if again else NOW)
        if not again:
            self.rows = ()
        super().open_head(head)

    def read(self) -> None:
        there = self.head is not None and bool(self.head.revisions)
        for box in (self.old, self.new, self.by, self.only, self.copy):
            box.setEnabled(there)
        if self.head is None or not there:
            self.count.setText("")
            self.stack.setCurrentWidget(self.none)
            return
        text, old, new = self.head.id, self.old.currentData(), self.new.currentData()
        self.ask(lambda: self.door.seeing.compare(text, old, new), self._came)

    def _came(self, rows: tuple[Compared, ...]) -> None:
        self.rows = rows
        held = self.by.currentData()
        self.by.blockSignals(True)
        self.by.clear()
        self.by.addItem(self.tr("By everybody"), "")
        for key in sorted({one for each in rows for one in each.by}, key=self.people.code):
            self.by.addItem(clean(self.tr("By {0}").format(self.people.code(key)), lines=False), key)
        self.by.setCurrentIndex(max(0, self.by.findData(held)))
        self.by.blockSignals(False)
        self.show_rows()

    def shown(self) -> tuple[Compared, ...]:
        """The rows that pass the filters."""
        by = self.by.currentData() or ""
        if self.only.isChecked():
            return altered(self.rows, by)
        return tuple(one for one in self.rows if not by or by in one.by)

    def show_rows(self) -> None:
        """Fill the list by the filters."""
        rows = self.shown()
        language = self.head.language if self.head else "en"
        self.list.show_items([self._item(one) for one in rows], language)
        self.stack.setCurrentWidget(self.list if rows else self.same)
        self.copy.setEnabled(bool(rows))
        differ = sum(one.altered for one in self.rows)
        count = len(self.rows)
        said_count = translate(
            "seeing", "{0} of %n paragraphs differ. Struck words are gone, underlined ones are new.", None, count
        )
        self.count.setText(said_count.format(differ))

    def _item(self, one: Compared) -> Item:
        sign, tone = said.FATES[one.fate]
        if one.fate == "same" and one.altered:
            sign, tone = ("↕", "info") if one.moved else ("#", "info")
        words = (
            changed(one.before, one.after, one.hunks) if one.fate == "changed"
            else whole(one.before, "delete") if one.fate == "dropped"
            else whole(one.after, "insert") if one.fate == "new"
            else whole(one.after)
        )  # fmt: skip
        key = "" if one.fate == "dropped" else one.id
        name = said.label(one.label_after or one.label_before, one.section)
        return Item(key, sign, tone, name, said.compared(one, self.people), words)

    def text(self) -> str:
        """What is shown, as plain text: [-struck-], [+inserted+]."""
        head = f"{self.old.currentText()} → {self.new.currentText()}"
        parts = [
            f"{one.sign} {clean(one.head, lines=False)} ({clean(one.note, lines=False)})\n{marked(one.words)}"
            for one in map(self._item, self.shown())
        ]
        return "\n\n".join([clean(head, lines=False), *parts]) + "\n"

    def copy_text(self) -> None:
        """To the clipboard, which forgets it."""
        if self.rows and self.shown():
            clipboard().copy(self.text())
            self.count.setText(self.tr("Copied. The clipboard is emptied in ten seconds."))

    def first(self) -> QWidget:
        return self.list if self.stack.currentWidget() is self.list else self.old
