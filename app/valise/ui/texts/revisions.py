"""The revisions of a text: symbol, hash (short, whole to the clipboard), who computed the same, silence on it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from valise.domain.text.model import Revision, Silence, TextHead
from valise.ui import theme
from valise.ui.language import listed
from valise.ui.text_safe import isolate
from valise.ui.texts import terms
from valise.ui.texts.people import People
from valise.ui.widgets.badge import Pill
from valise.ui.widgets.buttons import button, icon_button
from valise.ui.widgets.empty import EmptyState
from valise.ui.widgets.flow import flowing
from valise.ui.widgets.labels import SafeLabel, Words, hint, named
from valise.ui.widgets.times import moment


def short_hash(full: str) -> str:
    """Sixteen digits in groups of four, as read aloud."""
    return " ".join(full[place : place + 4] for place in range(0, 16, 4))


class RevisionsPane(QScrollArea):
    """Newest first. `copy(hash)` when the whole hash is wanted on the clipboard; `silence(revision)` when the pen wants
    to put it under silence; `sponsors(revision)` when a list of its co-sponsors is wanted."""

    copy = Signal(str)
    silence = Signal(str)
    sponsors = Signal(str)

    def __init__(self, people: People, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._people = people
        named(self, self.tr("Revisions"))
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_head(self, head: TextHead | None, *, pen: bool = False) -> None:
        """The revisions of this text; `pen` = this computer may put one under silence."""
        old = self.takeWidget()
        if old is not None:
            old.deleteLater()
        if head is None or not head.revisions:
            self.setWidget(
                EmptyState(
                    "history",
                    self.tr("No revision yet"),
                    self.tr(
                        "The pen-holder freezes the text as a revision when delegations may "
                        "refer to it. Everybody computes the same hash."
                    ),
                )
            )
            return
        inner = QWidget()
        inner.setObjectName("scrolled")
        column = QVBoxLayout(inner)
        column.setContentsMargins(14, 14, 14, 14)
        column.setSpacing(theme.SPACE.s)
        free = pen and not head.frozen and all(one.closed and one.state != "contested" for one in head.silences)
        said = {one.revision: one for one in head.silences}  # the last one of each
        for one in reversed(head.revisions):
            card, box = self._card(one)
            self._add_silence(card, box, one, said.get(one.id), offered=free)
            column.addWidget(card)
        column.addStretch(1)
        self.setWidget(inner)

    def _card(self, one: Revision) -> tuple[QFrame, QVBoxLayout]:
        card = QFrame()
        card.setObjectName("card")
        box = QVBoxLayout(card)
        box.setContentsMargins(12, 9, 12, 10)
        box.setSpacing(4)
        head = QHBoxLayout()
        head.addWidget(SafeLabel(one.symbol or f"Rev.{one.number}", "strong", card), 1)
        head.addWidget(Pill(f"Rev.{one.number}", parent=card))
        box.addLayout(head)
        box.addWidget(Words(moment(one.at), "small", card))
        line = QHBoxLayout()
        digits = Words(short_hash(one.text_hash) + " …", "mono", card)
        digits.setFont(theme.font(13, mono=True))
        digits.setWordWrap(False)
        digits.setToolTip(self.tr("SHA-256 of the plain text file"))
        named(digits, self.tr("Hash of the text: {0}").format(short_hash(one.text_hash)))
        line.addWidget(digits, 1)
        copy = icon_button("copy", self.tr("Copy the whole hash"), lambda: self.copy.emit(one.text_hash), parent=card)
        line.addWidget(named(copy, self.tr("Copy the whole hash of {0}").format(one.symbol)))
        box.addLayout(line)
        if one.alarm:
            box.addWidget(
                Words(
                    self.tr(
                        "This computer computes another text than the pen-holder signed. Do not rely "
                        "on this revision; compare the hash by telephone."
                    ),
                    "error",
                    card,
                )
            )
        if one.disputed_by:
            names = listed(isolate(self._people.code(key)) for key in one.disputed_by)
            box.addWidget(Words(self.tr("Computed something else: {0}").format(names), "error", card))
        codes = listed(isolate(self._people.code(key)) for key in one.acknowledged_by)
        said = (
            self.tr("Computed the same: {0}").format(codes) if codes else self.tr("Nobody has confirmed the hash yet.")
        )
        box.addWidget(Words(said, "good" if codes else "small", card))
        if not one.alarm:  # nobody signs what this computer computes differently
            made = button(self.tr("Co-sponsors…"), lambda: self.sponsors.emit(one.id), icon="support", parent=card)
            name = self.tr("Open a list of co-sponsors for {0}").format(one.symbol or f"Rev.{one.number}")
            hint(made, name)
            box.addLayout(flowing(named(made, name)))
        return card, box

    def _add_silence(
        self, card: QFrame, box: QVBoxLayout, one: Revision, silence: Silence | None, *, offered: bool
    ) -> None:
        if silence is not None:
            role = {"kept": "good", "broken": "error", "contested": "warn"}.get(silence.state, "")
            words = terms.silence(silence.state)
            box.addWidget(Words(self.tr("Silence until {0}: {1}").format(moment(silence.deadline), words), role, card))
        if offered and (silence is None or silence.state != "kept"):
            made = button(self.tr("Put under silence…"), lambda: self.silence.emit(one.id), icon="clock", parent=card)
            named(made, self.tr("Put {0} under silence").format(one.symbol or f"Rev.{one.number}"))
            box.addLayout(flowing(made))
