"""The right pane: amendments to the current paragraph, and what is said of the paragraph itself."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from valise.desk.views import Comment
from valise.domain.text.model import ParagraphView, Proposal
from valise.ui import theme
from valise.ui.text_safe import clean, isolate
from valise.ui.texts import terms
from valise.ui.texts.people import People
from valise.ui.texts.proposal_card import Chooser, ProposalCard, add_positions, comment_lines, position_lines
from valise.ui.texts.script import from_editor
from valise.ui.widgets.badge import Pill
from valise.ui.widgets.buttons import button
from valise.ui.widgets.labels import Words, named

LONGEST = 80  # characters of a group's name, as the record takes it


class AmendmentsPane(QWidget):
    """Shows one ParagraphView. `picked(verb, target)` where target is a proposal or the paragraph; `chosen(target)`
    when an amendment was picked out ("" = the paragraph itself); `spoken_for()` after the name of a group was entered."""

    picked = Signal(str, str)
    chosen = Signal(str)
    spoken_for = Signal()

    def __init__(self, people: People, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._people = people
        self._view: ParagraphView | None = None
        self._shown: tuple[object, ...] | None = None
        self._comments: tuple[Comment, ...] = ()
        self.cards: list[ProposalCard] = []
        self.target = ""
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        top = QWidget(self)
        head = QVBoxLayout(top)
        head.setContentsMargins(14, 12, 12, 8)
        head.setSpacing(4)
        line = QHBoxLayout()
        line.setSpacing(theme.SPACE.s)
        self._title = Words("", "heading", top)
        self._title.setWordWrap(False)
        self._status = Pill("", parent=top)
        line.addWidget(self._title)
        line.addWidget(self._status)
        line.addStretch(1)
        self.remark = button(self.tr("Remark"), self._remark, kind="quiet", parent=top)
        line.addWidget(self.remark)
        head.addLayout(line)
        self._keys = Words("", "small", top)
        speaking = QHBoxLayout()
        speaking.addWidget(self._keys, 1)
        self.voice = named(QComboBox(top), self.tr("Speaking for: your delegation, or the name of a group"))
        self.voice.setEditable(True)
        self.voice.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.voice.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        field = self.voice.lineEdit()
        assert field is not None
        field.setPlaceholderText(self.tr("for ourselves"))
        self.voice.setMinimumWidth(max(140, field.fontMetrics().horizontalAdvance(field.placeholderText()) + 56))
        field.setMaxLength(LONGEST)
        named(field, self.tr("Speaking for: your delegation, or the name of a group"))
        field.returnPressed.connect(self.spoken_for)
        speaking.addWidget(self.voice)
        head.addLayout(speaking)
        self.resume = button(self.tr("Go on with your unsent words"), lambda: self.picked.emit("resume", ""),
                             icon="edit", parent=top)  # fmt: skip
        self.resume.hide()
        head.addWidget(self.resume)
        outer.addWidget(top)
        self._scroll = named(QScrollArea(self), self.tr("Amendments to the paragraph"))
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outer.addWidget(self._scroll, 1)
        self.show_view(None, language="en", pen=False, frozen=False)

    def behalf(self) -> str:
        """The group that positions are taken for, "" for our own delegation."""
        return " ".join(from_editor(self.voice.currentText()).split())

    def _voices(self, view: ParagraphView | None) -> None:
        """Groups that were spoken for here can be chosen again."""
        known = {self.voice.itemText(place) for place in range(self.voice.count())}
        said = self.voice.currentText()
        for name in sorted({one.behalf for one in view.positions if one.behalf} if view else ()):
            if clean(name, lines=False) not in known:
                self.voice.addItem(clean(name, lines=False))
        self.voice.setCurrentText(said)

    def show_view(
        self, view: ParagraphView | None, *, language: str, pen: bool, frozen: bool,
        comments: tuple[Comment, ...] = (), unsent: bool = False,
    ) -> None:  # fmt: skip
        """Show the amendments of a paragraph; the chosen one stays chosen while it is there. `comments` on any of
        them; `unsent`: words of ours were left here."""
        self.resume.setVisible(unsent)
        if view is not None and self._shown == (view, language, pen, frozen, comments):
            return
        self._comments = comments
        same = view is not None and self._view is not None and view.paragraph.id == self._view.paragraph.id
        focused = self._focused() if same else ""
        bar = self._scroll.verticalScrollBar().value() if same else 0
        here = view.proposals if view is not None else ()
        if not same or all(one.id != self.target for one in here):
            self.target = ""
        self._view = view
        self._shown = None if view is None else (view, language, pen, frozen, comments)
        inner = QWidget()
        inner.setObjectName("scrolled")
        column = QVBoxLayout(inner)
        column.setContentsMargins(10, 2, 8, 14)
        column.setSpacing(8)
        self.cards = []
        self._voices(view)
        self._title.setText(isolate(terms.name(view.paragraph)) if view else "")
        self._status.setVisible(view is not None)
        self.remark.setVisible(view is not None)
        self.remark.setEnabled(not frozen)
        if view is not None:
            self._dress_status(view.paragraph.status)
            named(self.remark, self.tr("Remark to the room on {0}").format(isolate(terms.name(view.paragraph))))
            self._fill(column, view, language, pen, frozen)
        column.addStretch(1)
        old = self._scroll.takeWidget()
        self._scroll.setWidget(inner)
        if old is not None:
            old.deleteLater()
        self._scroll.verticalScrollBar().setValue(bar)
        self._say_target()
        for card in self.cards:
            card.set_chosen(card.proposal.id == self.target)
            if card.proposal.id == focused:
                card.setFocus()

    def _fill(self, column: QVBoxLayout, view: ParagraphView, language: str, pen: bool, frozen: bool) -> None:
        own = terms.latest(view.positions, view.paragraph.id).get(self._people.own)
        for role, line in position_lines(view, view.paragraph.id, self._people):
            column.addWidget(Words(line, role))
        self._paragraph_chooser(column, view, own.value if own else "", frozen)
        for said in comment_lines(self._comments, view.paragraph.id, self._people):
            column.addWidget(said)
        live = [one for one in view.proposals if one.state in terms.PENDING]
        settled = [one for one in view.proposals if one.state not in terms.PENDING]
        if not view.proposals:
            words = self.tr("No amendments. Enter edits the words and makes a proposal.")
            if view.paragraph.status in ("agreed ad ref", "closed"):
                words = self.tr("No amendments are open.")
            column.addWidget(Words(words, "muted"))
        for one in live:
            self._add_card(column, view, one, language, pen, frozen)
        if settled:
            column.addSpacing(4)
            column.addWidget(Words(self.tr("Settled"), "small"))
        for one in settled:
            self._add_card(column, view, one, language, pen, frozen)

    def _remark(self) -> None:
        """On the paragraph itself, whichever amendment is chosen."""
        if self._view is not None:
            self.picked.emit("comment", self._view.paragraph.id)

    def _paragraph_chooser(self, column: QVBoxLayout, view: ParagraphView, own: str, frozen: bool) -> None:
        chooser = Chooser()
        add_positions(chooser, own, terms.name(view.paragraph))
        for made in chooser.buttons.values():
            made.setEnabled(not frozen)
        chooser.picked.connect(lambda verb, key=view.paragraph.id: self.picked.emit(verb, key))
        column.addWidget(chooser)

    def _add_card(
        self, column: QVBoxLayout, view: ParagraphView, proposal: Proposal, language: str, pen: bool, frozen: bool
    ) -> None:
        card = ProposalCard(
            view, proposal, self._people, language=language, pen=pen, frozen=frozen,
            comments=comment_lines(self._comments, proposal.id, self._people),
        )  # fmt: skip
        card.picked.connect(self.picked)
        card.chosen.connect(self.choose)
        card.stepped.connect(self.step)
        column.addWidget(card)
        self.cards.append(card)

    def _dress_status(self, status: str) -> None:
        looks = {
            "open": ("brackets", "warn", "warn_soft"),
            "agreed ad ref": ("check-circle", "good", "good_soft"),
            "closed": ("lock", "good", "good_soft"),
            "parked": ("pause", "muted", "neutral_soft"),
        }
        self._status.set_look(*looks.get(status, looks["open"]))
        self._status.set_text(terms.status(status))
        self._status.setToolTip(terms.status_help(status))

    def _focused(self) -> str:
        return next((card.proposal.id for card in self.cards if card.hasFocus()), "")

    def choose(self, proposal: str) -> None:
        """Let the letter keys speak to this amendment ("" = to the paragraph)."""
        if proposal == self.target:
            return
        self.target = proposal
        for card in self.cards:
            card.set_chosen(card.proposal.id == proposal)
        self._say_target()
        self.chosen.emit(proposal)

    def step(self, by: int) -> None:
        """The next or previous amendment; before the first stands the paragraph itself."""
        ids = ["", *(card.proposal.id for card in self.cards)]
        place = ids.index(self.target) if self.target in ids else 0
        place = max(0, min(len(ids) - 1, place + by))
        if place:
            card = self.cards[place - 1]
            if self.isAncestorOf(self.focusWidget() or self) and self._focused():
                card.setFocus()
            self._scroll.ensureWidgetVisible(card, 0, 20)
        self.choose(ids[place])

    def _say_target(self) -> None:
        if self._view is None:
            self._keys.setText("")
            return
        label = next((one.label for one in self._view.proposals if one.id == self.target), "")
        label = label or terms.name(self._view.paragraph)
        self._keys.setText(self.tr("The keys S, G, R, O and N speak to {0}").format(isolate(label)))
