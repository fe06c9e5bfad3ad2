"""Passages as painted cards: where each stands, what is said of it, its words, and where they differ from those asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QWidget

from valise.desk.library import Found, Passage
from valise.domain.text import words as w
from valise.domain.text.model import Run
from valise.ui.library import said
from valise.ui.seeing.reading import Index, Item, ReadingDelegate, ReadingList, changed, whole
from valise.ui.text_safe import isolate, unmarked

LONGEST = 1_500  # code points of a result that are painted; beside it the passage stands whole


@dataclass(frozen=True, slots=True)
class Hit(Item):
    """An entry that is a passage (None: it leads to more of them)."""

    passage: Passage | None = None


def card(found: Found, asked: str) -> Hit:
    """A result: "=" found as asked, "≈" much like it, with the words asked for underlined and its own struck."""
    one = found.passage
    own, hunks = one.words, found.hunks
    if hunks and "*" not in asked:  # whoever types words does not type the marks of emphasis
        own = unmarked(own)
        hunks = tuple(w.difference(own, asked))
    notes = said.about(one.adopted, one.vote, one.language)
    if not hunks:
        return Hit(str(one.n), "=", "good", isolate(said.source(one)), " · ".join(notes), cut(whole(one.words)), one)
    notes.insert(0, said.likeness(one))
    words = changed(own, asked, hunks)
    return Hit(str(one.n), "≈", "warn", isolate(said.source(one)), " · ".join(notes), cut(words), one)


def cut(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """The first LONGEST code points, an ellipsis where there are more: fifty long paragraphs are not laid out at once."""
    left = LONGEST
    for place, run in enumerate(runs):
        if len(run.text) > left:
            return (*runs[:place], replace(run, text=f"{run.text[:left]} …"))
        left -= len(run.text)
    return runs


def line(one: Passage) -> Hit:
    """A paragraph within its document."""
    return Hit(str(one.n), "", "muted", isolate(said.source(one)), "", whole(one.words), one)


class _Cards(ReadingDelegate):
    """Each card in the language of its own document."""

    def parts(self, one: Item, width: int, way: Qt.LayoutDirection) -> list[QTextDocument]:
        passage = one.passage if isinstance(one, Hit) else None
        self.language = passage.language if passage is not None else "en"
        return super().parts(one, width, way)


class HitList(ReadingList):
    """`moved(passage)` when one is at another passage; Enter and a double click are `went(key)`."""

    moved = Signal(object)

    def __init__(self, name: str, enter: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.cards = _Cards(self)
        self.setItemDelegate(self.cards)
        self.setAccessibleDescription(enter)

    def show_hits(self, hits: Sequence[Item], key: str = "") -> None:
        """Replace the entries and stand at `key`, or at the first."""
        self.cards.forget()
        self.entries.show(hits)
        place = next((n for n, one in enumerate(hits) if key and one.key == key), 0)
        if hits:
            index = self.entries.index(place)
            self.setCurrentIndex(index)
            self.scrollTo(index, self.ScrollHint.PositionAtCenter if key else self.ScrollHint.PositionAtTop)
        else:
            self.moved.emit(None)

    def go(self, key: str) -> bool:
        """Stand at an entry that is there; False when it is not."""
        place = next((n for n, one in enumerate(self.entries.items) if one.key == key), -1)
        if place >= 0:
            self.setCurrentIndex(self.entries.index(place))
            self.scrollTo(self.currentIndex(), self.ScrollHint.PositionAtCenter)
        return place >= 0

    def passage(self) -> Passage | None:
        """The passage one is at."""
        one = self.current()
        return one.passage if isinstance(one, Hit) else None

    def step(self, step: int) -> None:
        """Up or down, from the search box."""
        count = self.entries.rowCount()
        if count:
            self.setCurrentIndex(self.entries.index(max(0, min(count - 1, self.currentIndex().row() + step))))

    def currentChanged(self, now: Index, before: Index) -> None:
        super().currentChanged(now, before)
        self.moved.emit(self.passage())
