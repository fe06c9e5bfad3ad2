"""Our own card: a file to hand over, a QR code to show, the fingerprint to read out."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from valise.ui import theme
from valise.ui.contacts.detail import Fingerprint
from valise.ui.contacts.verify import show_code
from valise.ui.text_safe import isolate
from valise.ui.widgets.badge import TrustBadge
from valise.ui.widgets.buttons import Card, ScrollPage, button, row
from valise.ui.widgets.labels import Words, heading
from valise.ui.widgets.qr import QrView


class OwnCard(ScrollPage):
    """`save_asked` when the file is wanted."""

    save_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, width=760)
        self.name = Words("", "title", self)
        ask = self.save_asked.emit
        self.save = button(self.tr("Save our card…"), ask, kind="primary", icon="download", parent=self)
        head = row(self.name, self.save)
        head.setStretch(0, 1)
        self.box.addLayout(head)
        self.box.addLayout(row(TrustBadge("own", self), None))
        said = self.tr("The card says who we are and holds only public keys. It may be handed to anybody.")
        self.box.addWidget(Words(said, "muted", self))
        self.qr_card = Card(self)
        self.qr = QrView("", self.tr("Our card as a QR code"), self.qr_card, side=300)
        words = QVBoxLayout()
        words.setSpacing(theme.SPACE.m)
        words.addWidget(heading(self.tr("Handing it over"), self.qr_card))
        for step in (
            self.tr("Let the other delegation read this code from your screen,"),
            self.tr("or save the card as a file and give it to them on a stick."),
            self.tr("Import their card in the same way."),
            self.tr("Then compare the safety number, best at once and face to face."),
        ):
            words.addWidget(Words(step, parent=self.qr_card))
        words.addStretch(1)
        beside = row(self.qr, words, spacing=theme.SPACE.xl)
        beside.setStretch(1, 1)
        self.qr_card.box.addLayout(beside)
        self.box.addWidget(self.qr_card)
        self.box.addWidget(heading(self.tr("Fingerprint"), self))
        card = Card(self)
        self.fingerprint = Fingerprint(card)
        card.box.addWidget(self.fingerprint)
        self.box.addWidget(card)
        self.box.addStretch(1)

    def show_card(self, code: str, name: str, qr: str, fingerprint: str) -> None:
        """`fingerprint` "" when it is not known."""
        self.name.setText(self.tr("Our card: {who}").format(who=isolate(f"{code} {name}")))
        self.qr_card.setVisible(show_code(self.qr, qr))
        self.fingerprint.show_print(fingerprint)
        self.fingerprint.parentWidget().setVisible(bool(fingerprint))
