"""Our own card: a file to hand over, a QR code to show, the fingerprint to read out."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from valise.desk.trust_views import Story
from valise.desk.views import ContactView
from valise.ui import theme
from valise.ui.contacts import past
from valise.ui.contacts.detail import Fingerprint
from valise.ui.contacts.laptops import LaptopsBanner
from valise.ui.contacts.verify import show_code
from valise.ui.text_safe import isolate
from valise.ui.widgets.badge import TrustBadge
from valise.ui.widgets.buttons import Card, ScrollPage, button, row
from valise.ui.widgets.labels import Words, heading
from valise.ui.widgets.layouts import beside, clear
from valise.ui.widgets.qr import QrView


class OwnCard(ScrollPage):
    """`save_asked` when the file is wanted, `custodians_asked`, `decided(accept)` for a laptop of our own delegation."""

    save_asked = Signal()
    custodians_asked = Signal()
    decided = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, width=760)
        self.name = Words("", "title", self)
        ask = self.save_asked.emit
        self.save = button(self.tr("Save our identity card…"), ask, kind="primary", icon="download", parent=self)
        self.head = row(self.name, self.save)
        self.head.setStretch(0, 1)
        self.box.addLayout(self.head)
        self.box.addLayout(row(TrustBadge("own", self), None))
        self.laptops = LaptopsBanner(self)
        self.laptops.decided.connect(self.decided)
        self.box.addWidget(self.laptops)
        said = self.tr("The card says who we are and holds only public keys. It may be handed to anybody.")
        self.box.addWidget(Words(said, "muted", self))
        self.qr_card = Card(self)
        self.qr = QrView("", self.tr("Our identity card as a QR code"), self.qr_card, side=300)
        words = QVBoxLayout()
        words.setSpacing(theme.SPACE.m)
        words.addWidget(heading(self.tr("Handing it over"), self.qr_card))
        for step in (
            self.tr("Save the card as a file and give it to the other delegation on a stick."),
            self.tr("Import their card in the same way."),
            self.tr("Then compare: let them take a picture of this code, and take one of theirs,"),
            self.tr("or press “Verify…” and follow what both screens say."),
        ):
            words.addWidget(Words(step, parent=self.qr_card))
        words.addStretch(1)
        self.beside = row(self.qr, words, spacing=theme.SPACE.xl)
        self.beside.setStretch(1, 1)
        self.qr_card.box.addLayout(self.beside)
        self.box.addWidget(self.qr_card)
        self.box.addWidget(heading(self.tr("Fingerprint"), self))
        card = Card(self)
        self.fingerprint = Fingerprint(card)
        card.box.addWidget(self.fingerprint)
        self.box.addWidget(card)
        self.box.addWidget(heading(self.tr("Whose word counts"), self))
        chosen = Card(self)
        self.custodians = Words("", parent=chosen)
        self.choose = button(self.tr("Custodians…"), self.custodians_asked.emit, icon="shield-half", parent=chosen)
        line = row(self.custodians, self.choose)
        line.setStretch(0, 1)
        chosen.box.addLayout(line)
        self.box.addWidget(chosen)
        self.past_title = heading(self.tr("What changed, and since when"), self)
        self.box.addWidget(self.past_title)
        self.past = Card(self)
        self.past.box.setSpacing(theme.SPACE.xs)
        self.box.addWidget(self.past)
        self.box.addStretch(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for one in (self.head, self.beside):
            beside(one, self.width())

    def show_story(self, own: ContactView, story: Story, custodians: str) -> None:
        """Laptops of ours that wait, our history, and the codes of the `custodians` ("" = none)."""
        self.laptops.show_story(own, story)
        if custodians:
            said = self.tr("{who}; {needed} have to agree.").format(who=isolate(custodians), needed=story.needed)
        else:
            said = self.tr("Nobody's word counts yet: a delegation is verified only by comparing with it.")
        self.custodians.setText(said)
        clear(self.past.box)
        for one in story.history:
            self.past.box.addWidget(Words(past.line(one), parent=self.past))
        for one in (self.past, self.past_title):
            one.setVisible(bool(story.history))

    def show_card(self, code: str, name: str, qr: str, fingerprint: str) -> None:
        """`fingerprint` "" when it is not known."""
        self.name.setText(self.tr("Our identity card: {who}").format(who=isolate(f"{code} {name}")))
        self.qr_card.setVisible(show_code(self.qr, qr))
        self.fingerprint.show_print(fingerprint)
        self.fingerprint.parentWidget().setVisible(bool(fingerprint))
