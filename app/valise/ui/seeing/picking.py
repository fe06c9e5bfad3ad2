"""One paragraph on the streamlining bench: a reading for each place in question, and an answer for each amendment."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QLineEdit, QRadioButton, QVBoxLayout, QWidget

from valise.domain.text import streamline
from valise.domain.text.model import ParagraphView
from valise.domain.text.streamline import Choice, Option
from valise.ui.text_safe import clean, isolate, shorten
from valise.ui.texts.difference import runs_between
from valise.ui.texts.dispositions import DispositionList
from valise.ui.texts.people import People
from valise.ui.texts.runs import Look, RunsLabel
from valise.ui.texts.script import from_editor
from valise.ui.widgets.buttons import row
from valise.ui.widgets.labels import Words, heading, named

SHOWN = 140  # characters of a reading


@dataclass(frozen=True, slots=True)
class Pick:
    """What is picked in a paragraph: `base` its words then, `words` as they would read, `answers` (proposal, outcome,
    span) with "" where a person has not said it yet."""

    base: str
    words: str
    answers: tuple[tuple[str, str, tuple[int, int] | None], ...]

    @property
    def complete(self) -> bool:
        """Whether every amendment has its answer."""
        return all(outcome for _, outcome, _ in self.answers)

    def dispositions(self) -> list[dict[str, Any]]:
        """As `door.texts.merge` wants them."""
        return [
            {"proposal": key, "outcome": outcome, **({"span": list(span)} if span is not None else {})}
            for key, outcome, span in self.answers
        ]

    def write(self) -> str:
        """As text, to be kept."""
        return json.dumps([self.base, self.words, [[key, outcome, span] for key, outcome, span in self.answers]])

    @classmethod
    def read(cls, text: str) -> Pick | None:
        """What `write` wrote; None for anything else."""
        try:
            base, words, answers = json.loads(text)
            return cls(base, words, tuple((key, said, tuple(span) if span else None) for key, said, span in answers))
        except (ValueError, TypeError):
            return None


class Picker(QWidget):
    """`changed()` after anything was picked or answered."""

    changed = Signal()

    def __init__(
        self, view: ParagraphView, here: tuple[Choice, ...], pick: Pick | None, people: People, language: str, pen: bool,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._view, self._people, self._language = view, people, language
        self._labels = {one.id: one.label for one in view.proposals}
        self._base = here[0].words
        self._said: dict[tuple[int, int], Callable[[], str | None]] = {}
        self.groups: list[QButtonGroup] = []
        self.own: list[QLineEdit] = []
        self._started = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(heading(clean(view.paragraph.label or self.tr("Title"), lines=False), self))
        for n, one in enumerate(here):
            self._choice(column, one, len(here) > 1, n)
        column.addWidget(Words(self.tr("As it would read"), "strong", self))
        self.preview = RunsLabel(Look(px=15, language=language), self)
        column.addWidget(self.preview)
        column.addWidget(Words(self.tr("What becomes of each amendment"), "strong", self))
        self.answers = DispositionList(view, people, language, self)
        column.addWidget(self.answers)
        self.account = Words("", "small", self)
        column.addWidget(self.account)
        self.answers.complete.connect(lambda _all: self._tell())
        if pick is not None:
            self._restore(here, pick)
        self._started = True
        self.setEnabled(pen)
        self._follow()

    def _choice(self, column: QVBoxLayout, one: Choice, several: bool, number: int) -> None:
        group = QButtonGroup(self)
        self.groups.append(group)
        stands = isolate(shorten(one.quote, SHOWN)) if one.quote else self.tr("nothing")
        if several:
            column.addWidget(Words(self.tr("Place {0}").format(number + 1), "strong", self))
        self._radio(column, group, self.tr("Stays as it is: {0}").format(stands), None, checked=True)
        for option in one.options:
            self._radio(column, group, self._reading(option), option.words)
        field = named(QLineEdit(self), self.tr("Other words at this place"))
        field.setPlaceholderText(self.tr("Other words at this place"))
        field.setMaxLength(20_000)
        other = named(QRadioButton(self.tr("Other words:"), self), self.tr("Other words at this place"))
        group.addButton(other)
        column.addLayout(row(other, field))
        self.own.append(field)
        field.textEdited.connect(lambda _text: (other.setChecked(True), self._follow()))
        group.buttonClicked.connect(lambda _button: self._follow())

        def said() -> str | None:
            chosen = group.checkedButton()
            if chosen is other:
                return from_editor(field.text())
            return chosen.property("words") if chosen is not None and chosen.property("picks") else None

        self._said[one.start, one.end] = said

    def _radio(
        self, column: QVBoxLayout, group: QButtonGroup, text: str, words: str | None, checked: bool = False
    ) -> None:
        made = named(QRadioButton(clean(text, lines=False).replace("&", "&&"), self), clean(text, lines=False))
        made.setProperty("words", words or "")
        made.setProperty("picks", words is not None)
        made.setChecked(checked)
        group.addButton(made)
        column.addWidget(made)

    def _reading(self, option: Option) -> str:
        words = isolate(shorten(option.words, SHOWN)) if option.words.strip() else self.tr("without these words")
        who = ", ".join(isolate(self._people.code(one)) for one in option.sponsors)
        labels = ", ".join(isolate(self._labels[one]) for one in option.proposals if one in self._labels)
        alike = self.tr(" ≈ nearly alike ({0})").format(option.like) if option.like else ""
        return self.tr("{0}  ({1}; {2}){3}").format(words, who, labels, alike)

    def _restore(self, here: tuple[Choice, ...], pick: Pick) -> None:
        """Readings that make these words, or all of it as other words at the first place that differs."""
        for choice, group, field in zip(here, self.groups, self.own, strict=True):
            for made in group.buttons():
                if made.property("picks") and self._makes(choice, str(made.property("words")), pick.words):
                    made.setChecked(True)
                    break
            else:
                rest = _between(self._base, pick.words, choice.start, choice.end)
                if rest is not None and rest != choice.quote:
                    field.setText(clean(rest, lines=False))
                    group.buttons()[-1].setChecked(True)
        self.answers.follow(self.words())
        for key, outcome, _ in pick.answers:
            if outcome and key in self.answers.outcomes():
                self.answers.choose(key, outcome)

    def _makes(self, choice: Choice, words: str, whole: str) -> bool:
        return _between(self._base, whole, choice.start, choice.end) == words

    def words(self) -> str:
        """The paragraph as picked."""
        picks = {place: said for place, ask in self._said.items() if (said := ask()) is not None}
        return streamline.chosen(self._base, picks)

    def pick(self) -> Pick | None:
        """What is picked here; None while nothing is, and nobody has answered anything."""
        words = self.words()
        if words == self._base and not self.answers.answered():
            return None
        rows = tuple(
            (str(one["proposal"]), str(one["outcome"] or ""), tuple(one["span"]) if one.get("span") else None)
            for one in self.answers.dispositions()
        )
        return Pick(self._base, words, rows)

    def first(self) -> QWidget:
        """Where the keyboard goes."""
        return self.groups[0].buttons()[0]

    def _follow(self) -> None:
        words = self.words()
        self.preview.show_runs(runs_between(self._base, words, None))
        self.answers.follow(words)
        self.answers.suggest(self._taken(words))
        self._tell()

    def _taken(self, words: str) -> set[str]:
        """Amendments whose very words were picked."""
        found: set[str] = set()
        for group in self.groups:
            chosen = group.checkedButton()
            if chosen is not None and chosen.property("picks"):
                found.update(
                    one.id for one in self._view.proposals
                    if _between(self._base, words, *one.span) == one.words and one.kind in ("words", "title")
                )  # fmt: skip
        return found

    def _tell(self) -> None:
        if not self._started:
            return
        counts: dict[str, int] = {}
        for said in self.answers.outcomes().values():
            counts[said] = counts.get(said, 0) + 1
        total, left = sum(counts.values()), counts.pop("", 0)
        done = total - left
        line = self.tr("{0} of {1} amendments have their answer.").format(done, total)
        self.account.setText(line if left else line + " " + self.tr("Nobody's words are dropped unsaid."))
        self.changed.emit()


def _between(base: str, words: str, start: int, end: int) -> str | None:
    """What stands in `words` where base[start:end] stood, if everything outside that place is told apart from it."""
    from valise.domain.text import words as w

    hunks = w.difference(base, words, None)
    left = sum(len(one.words) - (one.end - one.start) for one in hunks if one.end <= start and not (start == end == one.start == one.end))
    inside = [one for one in hunks if start <= one.start and one.end <= end and not (one.end <= start and one.start < start)]
    if any(one.start < start < one.end or one.start < end < one.end for one in hunks):
        return None
    grown = sum(len(one.words) - (one.end - one.start) for one in inside)
    return words[start + left : end + left + grown]
