"""One amendment in the right pane: who, new words against old, why, where it stands, what we can do."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from valise.desk.views import Comment
from valise.domain.text import inline_runs
from valise.domain.text.model import ParagraphView, Proposal, Run
from valise.ui import theme
from valise.ui.language import colon, listed, translate
from valise.ui.text_safe import isolate
from valise.ui.texts import terms
from valise.ui.texts.difference import runs_between
from valise.ui.texts.people import People
from valise.ui.texts.runs import Look, RunsLabel
from valise.ui.widgets.badge import TrustBadge
from valise.ui.widgets.flow import Flow
from valise.ui.widgets.labels import SafeLabel, Words, named
from valise.ui.widgets.times import moment


def proposal_runs(view: ParagraphView, proposal: Proposal, around: int = 4) -> tuple[Run, ...]:
    """The new words against the old. Where the anchor is of other words, the quoted ones are struck instead."""
    base = view.paragraph.words
    start, end = proposal.span
    if proposal.kind == "delete":
        return (Run(base or proposal.quote, "delete"),)
    if proposal.kind in ("paragraph", "alternative"):
        return (Run(proposal.words, "insert"),)
    if proposal.kind == "move":
        return tuple(Run(text, style) for text, style in inline_runs.runs(base))
    if proposal.ver == view.paragraph.ver and base[start:end] == proposal.quote:
        return runs_between(base, base[:start] + proposal.words + base[end:], around)
    out: list[Run] = []
    if proposal.quote:
        out.append(Run(proposal.quote, "delete"))
    if proposal.quote and proposal.words:
        out.append(Run(" ", "separator"))
    if proposal.words:
        out.append(Run(proposal.words, "insert"))
    return tuple(out)


class Chooser(QWidget):
    """A row of small buttons; `picked(verb)`."""

    picked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("chooser")
        self._row = Flow(self)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.buttons: dict[str, QToolButton] = {}

    def add(self, verb: str, text: str, spoken: str, *, checked: bool | None = None) -> QToolButton:
        """A button that says `verb`; `checked` is None for an act, a bool for a choice that is shown."""
        made = named(QToolButton(self), spoken)
        made.setText(text)
        made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        made.setCursor(Qt.CursorShape.PointingHandCursor)
        if checked is not None:
            made.setCheckable(True)
            made.setChecked(checked)
        made.clicked.connect(lambda _checked=False: self.picked.emit(verb))
        self._row.addWidget(made)
        self.buttons[verb] = made
        return made


def add_positions(chooser: Chooser, own: str, label: str) -> None:
    """Support, go along, reserve, oppose: signs with words, ours pressed."""
    for value, word in (
        ("support", translate("texts", "Support")),
        ("can go along", translate("texts", "Go along")),
        ("reserve", translate("texts", "Reserve")),
        ("oppose", translate("texts", "Oppose")),
    ):
        chooser.add(value, f"{terms.sign(value)} {word}", f"{word}: {label}", checked=own == value)


def position_lines(view: ParagraphView, target: str, people: People) -> list[tuple[str, str]]:
    """(role, sentence) per kind of position: "✓ supports: XC, XD (ALP)"."""
    groups: dict[str, list[str]] = {}
    for delegation, one in terms.latest(view.positions, target).items():
        behalf = f" ({isolate(one.behalf)})" if one.behalf else ""
        groups.setdefault(one.value, []).append(isolate(people.code(delegation)) + behalf)
    roles = {"support": "good", "can go along": "good", "oppose": "error"}
    return [
        (roles.get(value, "warn"), f"{terms.sign(value)} {terms.position(value)}{colon()}{listed(names)}")
        for value, names in groups.items()
    ]


def comment_lines(comments: Sequence[Comment], target: str, people: People) -> list[QWidget]:
    """What delegations remarked on `target`, oldest first, each with its author and time."""
    made: list[QWidget] = []
    for one in comments:
        if one.target != target:
            continue
        frame = QFrame()
        frame.setObjectName("comment")
        box = QVBoxLayout(frame)
        box.setContentsMargins(9, 5, 9, 5)
        box.setSpacing(1)
        box.addWidget(SafeLabel(one.words, "", frame))
        box.addWidget(Words(f"{isolate(people.code(one.delegation))} · {moment(one.at)}", "small", frame))
        made.append(frame)
    return made


class ProposalCard(QFrame):
    """An amendment. `picked(verb, proposal)`: a position value, take, reject, keep, admit, withdraw, cosponsor or
    comment."""

    picked = Signal(str, str)
    chosen = Signal(str)
    stepped = Signal(int)

    def __init__(
        self, view: ParagraphView, proposal: Proposal, people: People, *, language: str, pen: bool, frozen: bool,
        comments: list[QWidget], parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.proposal = proposal
        self.setObjectName("proposal")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        live = proposal.state in terms.PENDING
        self.setProperty("settled", not live)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 9, 10, 9)
        column.setSpacing(5)
        head = QHBoxLayout()
        head.setSpacing(theme.SPACE.s)
        head.addWidget(SafeLabel(proposal.label, "strong", self, wrap=False))
        name = SafeLabel(people.name(proposal.author), "", self, wrap=True)
        head.addWidget(name, 1)
        trust = "changed" if people.changed(proposal.author) else people.trust(proposal.author)
        head.addWidget(TrustBadge(trust, self))
        column.addLayout(head)
        if proposal.kind != "words":
            kind = terms.kind(proposal.kind)
            column.addWidget(Words(kind[:1].upper() + kind[1:], "small", self))
        self.words = RunsLabel(Look(px=14, language=language, muted=not live), self)
        self.words.show_runs(proposal_runs(view, proposal))
        column.addWidget(self.words)
        if proposal.reason:
            column.addWidget(Words(self.tr("Reason: {0}").format(isolate(proposal.reason)), "muted", self))
        sponsors = [people.code(one) for one in proposal.sponsors if one != proposal.author]
        said = [terms.state(proposal)]
        if sponsors:
            said.append(self.tr("with {0}").format(listed(isolate(one) for one in sponsors)))
        if proposal.at:
            said.append(moment(proposal.at))
        column.addWidget(Words(" · ".join(said), "small", self))
        if proposal.notice:
            column.addWidget(SafeLabel(terms.notice(proposal.notice), "warn", self))
        for role, line in position_lines(view, proposal.id, people):
            column.addWidget(Words(line, role, self))
        for said_of_it in comments:
            column.addWidget(said_of_it)
        self.chooser = Chooser(self)
        self.second = Chooser(self)
        if live and not frozen:
            own = terms.latest(view.positions, proposal.id).get(people.own)
            self._offer(
                own.value if own else "",
                mine=people.own in proposal.sponsors,
                pen=pen,
            )
        for one in (self.chooser, self.second):
            one.setVisible(bool(one.buttons))
            one.picked.connect(lambda verb: self.picked.emit(verb, proposal.id))
            column.addWidget(one)
        self.setAccessibleName(
            f"{proposal.label}, {people.name(proposal.author)}, {terms.kind(proposal.kind)}, {terms.state(proposal)}: "
            f"{self.words.accessibleName()}"
        )

    def _offer(self, own: str, *, mine: bool, pen: bool) -> None:
        label = isolate(self.proposal.label)
        if pen and self.proposal.state in terms.WAITING:
            self.chooser.add("admit", self.tr("Admit"), self.tr("Take {0} back into the talks").format(label))
        if pen and self.proposal.state in terms.LIVE:
            self.chooser.add("take", self.tr("Take"), self.tr("Take {0} into the text").format(label))
            self.chooser.add(
                "keep", self.tr("Keep as alternative"), self.tr("Keep {0} as an alternative").format(label)
            )
            self.chooser.add("reject", self.tr("Reject"), self.tr("Do not take {0}").format(label))
        if mine:
            self.second.add("withdraw", self.tr("Withdraw"), self.tr("Withdraw {0}").format(label))
        else:
            add_positions(self.second, own, label)
            if not pen:
                self.chooser.add("cosponsor", self.tr("Co-sponsor"), self.tr("Co-sponsor {0}").format(label))
        (self.second if mine else self.chooser).add(
            "comment", self.tr("Remark"), self.tr("Remark to the room on {0}").format(label)
        )

    def set_chosen(self, chosen: bool) -> None:
        """The one the letter keys speak to."""
        if self.property("chosen") != chosen:
            self.setProperty("chosen", chosen)
            self.style().unpolish(self)
            self.style().polish(self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.chosen.emit(self.proposal.id)
        super().mousePressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.chosen.emit(self.proposal.id)
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.stepped.emit(1 if event.key() == Qt.Key.Key_Down else -1)
            return
        super().keyPressEvent(event)
