"""A draft that waits for a second officer, as a card of the internal pane; and the dialog that returns it."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, Signal
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QVBoxLayout, QWidget

from valise.desk.views import Held, HeldDraft
from valise.domain.text.model import ParagraphView, Run
from valise.ui.language import translate
from valise.ui.text_safe import isolate
from valise.ui.texts import terms
from valise.ui.texts.difference import runs_between
from valise.ui.texts.proposal_card import Chooser
from valise.ui.texts.runs import Look, RunsLabel
from valise.ui.texts.script import from_editor
from valise.ui.widgets.asking import Asking
from valise.ui.widgets.buttons import button
from valise.ui.widgets.labels import Words, named
from valise.ui.widgets.times import moment

_STATE = {
    "waiting": QT_TRANSLATE_NOOP("texts", "waits for release by a second officer"),
    "stale": QT_TRANSLATE_NOOP("texts", "cannot leave: the paragraph has changed since it was written"),
    "returned": QT_TRANSLATE_NOOP("texts", "returned"),
    "released": QT_TRANSLATE_NOOP("texts", "released"),
    "withdrawn": QT_TRANSLATE_NOOP("texts", "taken back"),
}
AROUND = 4  # words shown on either side of a change


def state(value: str) -> str:
    """Where a draft stands, as a person says it."""
    return translate("texts", _STATE.get(value, value))


def runs_of(view: ParagraphView | None, one: Held) -> tuple[Run, ...]:
    """What a change would do to the words it was written for."""
    base = view.paragraph.words if view is not None else ""
    start, end = one.span
    if one.what in ("words", "title") and base[start:end] == one.quote:
        return runs_between(base, base[:start] + one.words + base[end:], AROUND)
    if one.what == "delete":
        return (Run(one.quote, "delete"),)
    if one.what == "move":
        return (Run(base, "plain"),)
    if not one.quote or one.what == "alternative":
        return (Run(one.words, "insert"),)
    return (Run(one.quote, "delete"), Run(" ", "separator"), Run(one.words, "insert"))


def written(base: str, draft: HeldDraft) -> str | None:
    """The paragraph as the draft wanted it, where the words it changes still stand; None where they do not."""
    for one in sorted(draft.changes, key=lambda each: each.span, reverse=True):
        start, end = one.span
        if one.what == "alternative":
            return one.words
        if one.what == "delete":
            return base
        if base[start:end] != one.quote:
            return None
        base = base[:start] + one.words + base[end:]
    return base


class HeldCard(QFrame):
    """`picked(verb, draft id)`: "release", "return", "again" or "back"."""

    picked = Signal(str, str)

    def __init__(
        self, view: ParagraphView | None, draft: HeldDraft, language: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("remark")
        column = QVBoxLayout(self)
        column.setContentsMargins(9, 7, 9, 7)
        column.setSpacing(4)
        head = self.tr("⧗ Draft, {0}").format(state(draft.state))
        column.addWidget(Words(head, "strong", self))
        for one in draft.changes:
            if one.what not in ("words", "title"):
                kind = terms.kind(one.what)
                column.addWidget(Words(kind[:1].upper() + kind[1:], "small", self))
            shown = RunsLabel(Look(px=14, language=language), self)
            shown.show_runs(runs_of(view, one))
            column.addWidget(shown)
        if draft.reason:
            column.addWidget(Words(self.tr("Reason: {0}").format(isolate(draft.reason)), "muted", self))
        column.addWidget(Words(f"{isolate(draft.officer)} · {moment(draft.at)}", "small", self))
        if draft.state == "returned":
            said = self.tr("Returned by {0}: {1}") if draft.answer else self.tr("Returned by {0}")
            line = said.format(isolate(draft.decided_by), isolate(draft.answer))
            column.addWidget(Words(line, "warn", self))
        self.chooser = Chooser(self)
        if draft.mine:
            if draft.changes[0].what != "move":
                self.chooser.add("again", self.tr("Write again"), self.tr("Take this draft back and go on writing it"))
            self.chooser.add("back", self.tr("Take back"), self.tr("Take this draft back"))
        elif draft.state == "waiting":
            self.chooser.add("release", self.tr("Release"), self.tr("Release this draft to the room of the text"))
            self.chooser.add("return", self.tr("Return…"), self.tr("Return this draft to its author, with the reason"))
        elif draft.state == "stale":
            self.chooser.add("return", self.tr("Return…"), self.tr("Return this draft to its author, with the reason"))
        self.chooser.picked.connect(lambda verb: self.picked.emit(verb, draft.id))
        column.addWidget(self.chooser)
        self.setAccessibleName(f"{head}: {draft.officer}")


class ReturnDialog(Asking):
    """Why a draft does not leave; `returned(words)`."""

    returned = Signal(str)

    def __init__(self, officer: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.begin(self.tr("Return the draft"), self.tr("Return the draft to {0}").format(isolate(officer)))
        self.say(self.tr("It does not leave. Your delegation reads the reason; nobody else does."))
        self.words = named(QPlainTextEdit(self), self.tr("Reason, for your delegation only"))
        self.words.setPlaceholderText(self.tr("Reason, for your delegation only"))
        self.words.setTabChangesFocus(True)
        self.words.setFixedHeight(84)
        self.column.addWidget(self.words)
        self.give = button(self.tr("Return it"), self._give, kind="primary", parent=self)
        self.end(button(self.tr("Cancel"), self.reject, kind="quiet", parent=self), self.give)

    def _give(self) -> None:
        self.returned.emit(from_editor(self.words.toPlainText()).strip())
        self.accept()
