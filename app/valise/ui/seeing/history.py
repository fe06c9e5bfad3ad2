"""What happened to one paragraph: the third tab beside the text, read when it is looked at."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QStackedWidget, QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.domain.errors import ValiseError
from valise.domain.text.history import Entry
from valise.domain.text.model import RunStyle
from valise.ui.language import colon
from valise.ui.seeing import said
from valise.ui.seeing.reading import Item, ReadingList, changed, whole
from valise.ui.tasks import Runner
from valise.ui.text_safe import isolate
from valise.ui.texts import terms
from valise.ui.texts.people import People
from valise.ui.widgets.buttons import row
from valise.ui.widgets.empty import EmptyState
from valise.ui.widgets.labels import Words, named
from valise.ui.widgets.times import moment

NEWEST, OLDEST = "newest", "oldest"


class HistoryPane(QWidget):
    """Follows the current paragraph while it is visible; hidden, it only remembers where one is."""

    def __init__(self, door: Door, runner: Runner, people: People, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._door, self._runner, self._people = door, runner, people
        self._wanted: tuple[str, str] = ("", "")
        self._name, self._language = "", "en"
        self._stale, self._asked = True, 0
        self.entries: tuple[Entry, ...] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(4)
        self.title = Words("", "heading", self)
        self.order = named(QComboBox(self), self.tr("Order of the history"))
        self.order.addItem(self.tr("Newest first"), NEWEST)
        self.order.addItem(self.tr("Oldest first"), OLDEST)
        top = row(self.title, None, self.order)
        top.setContentsMargins(14, 0, 12, 4)
        column.addLayout(top)
        self.list = ReadingList(self.tr("History of the paragraph"), self)
        self.list.setAccessibleDescription("")
        self.none = EmptyState(
            "history", self.tr("Nothing to tell yet"), self.tr("Choose a paragraph in the text; what happened to it "
                                                              "stands here."), parent=self
        )  # fmt: skip
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.none)
        self.stack.addWidget(self.list)
        column.addWidget(self.stack, 1)
        self.order.currentIndexChanged.connect(self._fill)

    def show_paragraph(self, text: str, paragraph: str, name: str, language: str) -> None:
        """Where one is now, also after a change of the text."""
        if (text, paragraph) != self._wanted:
            self.entries = ()
            self._fill()
        self._wanted, self._name, self._language = (text, paragraph), name, language
        self.title.setText(isolate(name) if name else "")
        self._stale = True
        if self.isVisible():
            self._read()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._read()

    def _read(self) -> None:
        if not self._stale:
            return
        self._stale = False
        self._asked += 1
        number, (text, paragraph) = self._asked, self._wanted
        if not paragraph:
            self.entries = ()
            self._fill()
            return

        def came(entries: tuple[Entry, ...]) -> None:
            if number == self._asked:
                self.entries = entries
                self._fill()

        def failed(_error: ValiseError) -> None:  # it was taken out of the vault meanwhile: nothing to tell
            came(())

        self._runner.run(lambda: self._door.seeing.history(text, paragraph), came, failed, owner=self)

    def _fill(self) -> None:
        items = [self._item(place) for place in range(len(self.entries))]
        if self.order.currentData() == NEWEST:
            items.reverse()
        self.list.show_items(items, self._language)
        self.stack.setCurrentWidget(self.list if items else self.none)

    def _item(self, place: int) -> Item:
        one = self.entries[place]
        sign, tone = said.EVENTS[one.what]
        if one.what == "position":
            sign = terms.sign(one.detail)
        head = f"{isolate(self._people.code(one.delegation))}{colon()}{said.event(one)}"
        style: RunStyle = "insert" if one.what == "proposed" else "plain"
        words = whole(one.words, style) if one.words and one.what not in ("position", "words") else ()
        if one.what == "words":
            before = next((e.words for e in reversed(self.entries[:place]) if e.what in ("brought", "words")), "")
            words = changed(before, one.words, one.hunks) if before else whole(one.words)
        return Item("", sign, tone, head, moment(one.at), words)
