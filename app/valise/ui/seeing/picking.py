"""One paragraph on the streamlining bench: a reading for each place in question, and an answer for each amendment."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QLineEdit, QVBoxLayout, QWidget

from valise.domain.text import streamline
from valise.domain.text.model import ParagraphView
from valise.domain.text.streamline import Choice, Option
from valise.ui.language import listed, translate
from valise.ui.text_safe import clean, isolate, shorten
from valise.ui.texts.difference import runs_between
from valise.ui.texts.dispositions import DispositionList
from valise.ui.texts.people import People
from valise.ui.texts.runs import Look, RunsLabel
from valise.ui.texts.script import from_editor
from valise.ui.widgets.buttons import row
from valise.ui.widgets.folded import FoldedRadio
from valise.ui.widgets.labels import Words, heading, named

SHOWN = 140  # characters of a reading


@dataclass(frozen=True, slots=True)
class Pick:
    """What is picked in a paragraph: `base` its words then, `words` as they would read, `picks` (start, end, words) at each
    place, `answers` (proposal, outcome, span) with "" where a person has not said it yet."""

    base: str
    words: str
    picks: tuple[tuple[int, int, str], ...]
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
        return json.dumps([self.base, self.words, self.picks, self.answers], ensure_ascii=False)

    @classmethod
    def read(cls, text: str) -> Pick | None:
        """What `write` wrote; None for anything else."""
        try:
            base, words, picks, answers = json.loads(text)
            made = tuple((key, said, (span[0], span[1]) if span else None) for key, said, span in answers)
            return cls(base, words, tuple((start, end, said) for start, end, said in picks), made)
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
        self._radio(column, group, self.tr("Stays as it is: {0}").format(stands), None).setChecked(True)
        for option in one.options:
            self._radio(column, group, self._reading(option), option)
        field = named(QLineEdit(self), self.tr("Other words at this place"))
        field.setPlaceholderText(self.tr("Other words at this place"))
        field.setMaxLength(20_000)
        other = named(FoldedRadio(self.tr("Other words:"), self), self.tr("Other words at this place"))
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

    def _radio(self, column: QVBoxLayout, group: QButtonGroup, text: str, option: Option | None) -> FoldedRadio:
        words = clean(text, lines=False)
        made = named(FoldedRadio(words.replace("&", "&&"), self), words)
        made.setProperty("words", option.words if option else "")
        made.setProperty("wants", list(option.proposals) if option else [])
        made.setProperty("picks", option is not None)
        group.addButton(made)
        column.addWidget(made)
        return made

    def _reading(self, option: Option) -> str:
        words = isolate(shorten(option.words, SHOWN)) if option.words.strip() else self.tr("without these words")
        who = listed(isolate(self._people.code(one)) for one in option.sponsors)
        labels = listed(isolate(self._labels[one]) for one in option.proposals if one in self._labels)
        alike = self.tr(" ≈ nearly alike ({0})").format(option.like) if option.like else ""
        return self.tr("{0}  ({1}; {2}){3}").format(words, who, labels, alike)

    def _restore(self, here: tuple[Choice, ...], pick: Pick) -> None:
        """The readings and answers as they were kept."""
        kept = {(start, end): words for start, end, words in pick.picks}
        for choice, group, field in zip(here, self.groups, self.own, strict=True):
            words = kept.get((choice.start, choice.end))
            if words is None:
                continue
            same = [one for one in group.buttons() if one.property("picks") and one.property("words") == words]
            if same:
                same[0].setChecked(True)
            else:
                field.setText(clean(words, lines=False))
                group.buttons()[-1].setChecked(True)
        self.answers.follow(self.words())
        for key, outcome, _ in pick.answers:
            if outcome and key in self.answers.outcomes():
                self.answers.choose(key, outcome)

    def _picks(self) -> dict[tuple[int, int], str]:
        return {place: said for place, ask in self._said.items() if (said := ask()) is not None}

    def words(self) -> str:
        """The paragraph as picked."""
        return streamline.chosen(self._base, self._picks())

    def pick(self) -> Pick | None:
        """What is picked here; None while nothing is, and nobody has answered anything."""
        words = self.words()
        if words == self._base and not self.answers.answered():
            return None
        rows = tuple(
            (str(one["proposal"]), str(one["outcome"] or ""), tuple(one["span"]) if one.get("span") else None)
            for one in self.answers.dispositions()
        )
        return Pick(self._base, words, tuple((*place, said) for place, said in sorted(self._picks().items())), rows)

    def first(self) -> QWidget:
        """Where the keyboard goes."""
        return self.groups[0].buttons()[0]

    def _follow(self) -> None:
        words = self.words()
        self.preview.show_runs(runs_between(self._base, words))
        self.answers.follow(words)
        chosen = [group.checkedButton() for group in self.groups]
        self.answers.suggest({id for one in chosen if one is not None for id in one.property("wants") or ()})
        self._tell()

    def _tell(self) -> None:
        if not self._started:
            return
        counts: dict[str, int] = {}
        for said in self.answers.outcomes().values():
            counts[said] = counts.get(said, 0) + 1
        total, left = sum(counts.values()), counts.pop("", 0)
        done = total - left
        line = translate("seeing", "{0} of %n amendments have their answer.", None, total).format(done)
        self.account.setText(line if left else line + " " + self.tr("Nobody's words are dropped unsaid."))
        self.changed.emit()
