"""What the pen does with each amendment its words touch. Nothing is sent before every one has its answer."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from valise.domain.text import words as w
from valise.domain.text.model import ParagraphView, Proposal
from valise.ui.language import listed
from valise.ui.text_safe import isolate
from valise.ui.texts import terms
from valise.ui.texts.people import People
from valise.ui.texts.proposal_card import proposal_runs
from valise.ui.texts.runs import Look, RunsLabel
from valise.ui.widgets.labels import SafeLabel, Words, named


class DispositionList(QWidget):
    """One line per live amendment of the paragraph; `complete(bool)` when all (or not all) have an answer.

    An amendment the new words do not touch starts as "stays open, carried over"; every other starts without an
    answer, and only a person gives one.
    """

    complete = Signal(bool)

    def __init__(self, view: ParagraphView, people: People, language: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._live = [
            one for one in view.proposals
            if one.state in terms.LIVE and one.paragraph == view.paragraph.id and one.kind not in ("paragraph", "move")
        ]  # fmt: skip
        self._chosen: dict[str, QComboBox] = {}
        self._frames: dict[str, QFrame] = {}
        self._spans: dict[str, tuple[int, int] | None] = {}
        self._touched: set[str] = set()  # a person chose here: later typing does not change it
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 2)
        column.setSpacing(4)
        if self._live:
            column.addWidget(Words(self.tr("Nobody's words are lost: say what becomes of each amendment."), "small"))
        for one in self._live:
            column.addWidget(self._line(one, people, language))
        self.follow(view.paragraph.words)

    def _line(self, one: Proposal, people: People, language: str) -> QFrame:
        frame = QFrame(self)
        frame.setObjectName("disposition")
        row = QHBoxLayout(frame)
        row.setContentsMargins(9, 4, 6, 4)
        row.setSpacing(8)
        row.addWidget(SafeLabel(one.label, "strong", frame, wrap=False))
        words = RunsLabel(Look(px=13, language=language), frame)
        words.show_runs(proposal_runs(self._view, one, around=2))
        row.addWidget(words, 1)
        box = named(QComboBox(frame), self.tr("What becomes of {0} by {1}").format(one.label, people.name(one.author)))
        box.setMinimumWidth(180)
        for key, said in (
            ("", self.tr("Choose…")),
            ("rebased", self.tr("Stays open, carried over")),
            ("accepted", self.tr("Taken as it stands")),
            ("amended", self.tr("Taken with changes")),
            ("kept as alternative", self.tr("Kept as alternative")),
            ("superseded", self.tr("Replaced by these words")),
            ("rejected", self.tr("Not taken")),
        ):
            box.addItem(said, key)
        box.activated.connect(lambda _place, key=one.id: self._touched.add(key))
        box.currentIndexChanged.connect(self._tell)
        row.addWidget(box)
        self._chosen[one.id] = box
        self._frames[one.id] = frame
        return frame

    def follow(self, words: str) -> None:
        """The pen's words as they stand now."""
        base = self._view.paragraph.words
        for one in self._live:
            spanned = one.kind in ("words", "title")
            current = one.ver == self._view.paragraph.ver
            span = w.rebase(one.span, base, words) if spanned and current else None
            self._spans[one.id] = span
            stays = not spanned or span is not None
            box = self._chosen[one.id]
            for key in ("rebased", "kept as alternative"):  # both need the place in the new words
                box.model().item(box.findData(key)).setEnabled(stays)  # type: ignore[attr-defined]
            if one.id not in self._touched:
                box.setCurrentIndex(box.findData("rebased") if span is not None else 0)
            elif box.currentData() in ("rebased", "kept as alternative") and not stays:
                box.setCurrentIndex(0)
        self._tell()

    def choose(self, proposal: str, outcome: str) -> None:
        """As if a person had chosen."""
        self._touched.add(proposal)
        box = self._chosen[proposal]
        box.setCurrentIndex(box.findData(outcome))

    def outcomes(self) -> dict[str, str]:
        """Proposal -> its answer, "" while it has none."""
        return {key: str(box.currentData() or "") for key, box in self._chosen.items()}

    def answered(self) -> bool:
        """Whether a person has answered anything here."""
        return bool(self._touched)

    def suggest(self, taken: Collection[str]) -> None:
        """Amendments whose very words were picked are taken; a person's own answer is not changed."""
        for key, box in self._chosen.items():
            if key in taken and key not in self._touched:
                box.setCurrentIndex(box.findData("accepted"))

    def missing(self) -> list[str]:
        """Proposals without an answer."""
        return [key for key, box in self._chosen.items() if not box.currentData()]

    def _tell(self) -> None:
        missing = set(self.missing())
        for key, frame in self._frames.items():
            if frame.property("missing") != (key in missing):
                frame.setProperty("missing", key in missing)
                frame.style().unpolish(frame)
                frame.style().polish(frame)
        self.complete.emit(not missing)

    def dispositions(self) -> list[dict[str, Any]]:
        """As `door.texts.merge` wants them."""
        made: list[dict[str, Any]] = []
        for key, box in self._chosen.items():
            one: dict[str, Any] = {"proposal": key, "outcome": box.currentData()}
            span = self._spans.get(key)
            if one["outcome"] in ("rebased", "kept as alternative") and span is not None:
                one["span"] = list(span)
            made.append(one)
        return made

    def said(self) -> str:
        """For the notice after sending."""
        return listed(isolate(one.label) for one in self._live)
