"""Comparing by code: ours to show, theirs read from a picture somebody took of their screen."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from valise.desk.trust_views import Judged
from valise.domain.errors import Refused, Unavailable
from valise.ui import theme
from valise.ui.language import translate
from valise.ui.strings import Tone
from valise.ui.text_safe import isolate
from valise.ui.widgets.buttons import Card, ProgressLine, button, row
from valise.ui.widgets.labels import Words, heading
from valise.ui.widgets.qr import QrView

LARGEST = 24 * 2**20  # bytes of a picture
KINDS = "*.png *.jpg *.jpeg *.bmp *.webp *.PNG *.JPG *.JPEG *.BMP *.WEBP"


def read_picture(path: Path) -> bytes:
    """Refused("picture.too_big"), Unavailable("file.read")."""
    try:
        if path.stat().st_size > LARGEST:
            raise Refused("picture.too_big")
        return path.read_bytes()
    except OSError:
        raise Unavailable("file.read", "the file cannot be read") from None


class CodePane(QWidget):
    """`picture_asked` when a picture is to be chosen."""

    picture_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.SPACE.l)
        card = Card(self)
        self.qr = QrView("", translate("contacts", "Our code"), card, side=240)
        words = QVBoxLayout()
        words.setSpacing(theme.SPACE.m)
        words.addWidget(heading(translate("contacts", "Their code, from a picture"), card))
        self.steps = [Words(one, parent=card) for one in self._said("")]
        for one in self.steps:
            words.addWidget(one)
        self.choose = button(translate("contacts", "Choose the picture…"), self.picture_asked.emit, kind="primary", icon="qr", parent=card)
        words.addLayout(row(self.choose, None))
        self.progress = ProgressLine(card)
        words.addWidget(self.progress)
        words.addStretch(1)
        ours = QVBoxLayout()
        ours.setSpacing(theme.SPACE.s)
        ours.addWidget(heading(translate("contacts", "Our code, for them"), card))
        ours.addWidget(self.qr)
        ours.addStretch(1)
        self.beside = row(ours, words, spacing=theme.SPACE.xl)
        self.beside.setStretch(1, 1)
        card.box.addLayout(self.beside)
        box.addWidget(card)
        box.addWidget(
            Words(
                translate(
                    "contacts",
                    "The picture is read in a process of its own that holds no key. Valise does not use the camera of this laptop.",
                ),
                "small",
                self,
            )
        )
        box.addStretch(1)

    def _said(self, who: str) -> tuple[str, str, str]:
        return (
            translate("contacts", "1. On their laptop, {who} opens Contacts and then “Our card”.").format(who=who),
            translate("contacts", "2. Take a photograph or a screenshot of the code there, you yourself and not somebody by mail."),
            translate("contacts", "3. Choose that picture here. Valise says whether it is the same."),
        )

    def show_codes(self, who: str) -> None:
        """`who` isolated by the caller."""
        for label, words in zip(self.steps, self._said(who), strict=True):
            label.setText(words)


def verdict(judged: Judged, who: str) -> tuple[str, str, str, Tone]:
    """What was read, what it means, what to do; and how it is said. `who` isolated by the caller."""
    name = isolate(judged.name) if judged.name else translate("contacts", "a delegation that is not known here")
    said: tuple[str, str, str, Tone] = {
        "same": (translate("contacts", "The code is the same: {who} is verified in person."), "", "", "good"),
        "differs": (
            translate(
                "contacts", "The code is not that of the {who} you hold: nothing more is sent to it until you decide."
            ),
            translate("contacts", "Either the wrong screen was read, or somebody stands between you."),
            translate(
                "contacts", "Read it once more from their screen; if it differs again, tell your security officer."
            ),
            "bad",
        ),
        "older": (
            translate("contacts", "This is an older code of {who}: its card has been renewed since."),
            translate("contacts", "Nothing was changed."),
            translate("contacts", "Take a new picture of the code on their screen as it is now."),
            "warn",
        ),
        "newer": (
            translate("contacts", "This code belongs to a newer card of {who} than the one here."),
            translate("contacts", "Nothing was changed."),
            translate("contacts", "Exchange once more, or import its card, and read the code again."),
            "warn",
        ),
        "own": (
            translate("contacts", "This is your own code."),
            translate("contacts", "Nothing was changed."),
            translate("contacts", "Read the code from the other screen."),
            "warn",
        ),
        "other": (
            translate("contacts", "This is the code of {name}, not of {who}."),
            translate("contacts", "Nothing was changed."),
            translate("contacts", "Choose that delegation in the list, or read the code from the right screen."),
            "warn",
        ),
        "pair": (
            translate(
                "contacts", "This is the number both screens show, which says nothing when read from one of them."
            ),
            translate("contacts", "Nothing was changed."),
            translate("contacts", "On the other laptop open Contacts, then “Our card”, and read the code there."),
            "warn",
        ),
        "foreign": (
            translate("contacts", "This code was not made by Valise."),
            translate("contacts", "Nothing was changed."),
            translate("contacts", "On the other laptop open Contacts, then “Our card”, and read the code there."),
            "warn",
        ),
        "none": (
            translate("contacts", "There is no code in this picture that can be read."),
            translate("contacts", "Nothing was changed."),
            translate("contacts", "Take it again: straight, sharp, and with the whole code and its white edge."),
            "warn",
        ),
    }[judged.verdict]
    return said[0].format(who=who, name=name), said[1], said[2], said[3]
