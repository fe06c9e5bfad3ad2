"""The pages of the first run: delegation, passphrase, identity card, asking to be admitted."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QRadioButton, QWidget

from valise.domain.errors import ValiseError
from valise.ui import theme
from valise.ui.first.check_code import CheckCode
from valise.ui.first.page import Page, field, form
from valise.ui.text_safe import isolate
from valise.ui.widgets.buttons import Card, button, row
from valise.ui.widgets.files import pick_place, write
from valise.ui.widgets.folded import FoldedRadio
from valise.ui.widgets.labels import SafeLabel, Words, muted, named, small
from valise.ui.widgets.new_passphrase import NewPassphrase
from valise.ui.widgets.qr import QrView

_CODE = re.compile(r"[A-Z]{2,3}\Z")


def grouped(fingerprint: str) -> str:
    """A fingerprint as four lines of four groups of four characters."""
    flat = "".join(fingerprint.split())
    groups = [flat[i : i + 4] for i in range(0, len(flat), 4)]
    return "\n".join("  ".join(groups[i : i + 4]) for i in range(0, len(groups), 4))


class DelegationPage(Page):
    """Who we are: a delegation new to Valise, or a further laptop of one that has it. `submitted` on Enter when all
    is filled in; before that Enter goes to the next field, so that nothing typed next lands in the wrong one."""

    submitted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("Your delegation"),
            self.tr("This makes a vault on this laptop. Nothing is registered anywhere and nothing is sent."),
            parent,
        )
        self.new = QRadioButton(self.tr("Our delegation is new to Valise"), self)
        self.join = FoldedRadio(self.tr("Join our delegation: another laptop of ours already has Valise"), self)
        group = QButtonGroup(self)
        for choice in (self.new, self.join):
            named(choice, choice.text())
            group.addButton(choice)
            self.box.addWidget(choice)
            choice.toggled.connect(self._changed)
        self.box.addSpacing(theme.SPACE.xs)
        rows = form()
        self.code = field(rows, self.tr("Code"), self.tr("two or three letters, as on the name plate"), 3)
        self.name = field(rows, self.tr("Name of the delegation"), self.tr("as others should see it"))
        self.officer = field(rows, self.tr("Officer"), self.tr("who works on this laptop"))
        self.role = field(rows, self.tr("Role"), self.tr("for example: Delegate, Legal adviser"))
        self._rows = rows
        self.box.addLayout(rows)
        self.public = QCheckBox(self.tr("Show the delegation's name on the unlock page"), self)
        named(self.public, self.public.text(), self.tr("Off: the unlock page shows nothing about whose vault this is."))
        self.box.addWidget(self.public)
        self.line = Words("", "error", self)
        self.box.addWidget(self.line)
        self.box.addStretch(1)
        self.code.textEdited.connect(self._upper)
        for entry in (self.code, self.name, self.officer, self.role):
            entry.textChanged.connect(self._changed)
            entry.returnPressed.connect(self._entered)
        self.new.setChecked(True)

    def _entered(self) -> None:
        if self.is_ready():
            self.submitted.emit()
            return
        fields = [one for one in (self.code, self.name, self.officer, self.role) if one.isVisibleTo(self)]
        empty = next((one for one in fields if not one.text().strip()), fields[0])
        empty.setFocus()

    def _upper(self, text: str) -> None:
        place = self.code.cursorPosition()
        self.code.setText(text.upper())
        self.code.setCursorPosition(place)

    def _changed(self) -> None:
        new = self.new.isChecked()
        for entry in (self.code, self.name):
            self._rows.setRowVisible(entry, new)
        self.public.setVisible(new)
        code = self.code.text()
        wrong = new and bool(code) and not _CODE.match(code)
        self.line.setText(self.tr("A code is two or three Latin letters, such as XA.") if wrong else "")
        self.ready.emit(self.is_ready())

    def is_ready(self) -> bool:
        people = bool(self.officer.text().strip() and self.role.text().strip())
        if self.join.isChecked():
            return people
        return people and bool(_CODE.match(self.code.text())) and bool(self.name.text().strip())

    def first(self) -> QWidget:
        return self.code if self.new.isChecked() else self.officer


class PassphrasePage(Page):
    """The passphrase, twice, and how hard it is to guess."""

    submitted = Signal()

    def __init__(self, parent: QWidget | None = None, *, heading: str = "", sentence: str = "") -> None:
        super().__init__(
            heading or self.tr("Passphrase"),
            sentence or self.tr("It opens the vault on this laptop. It is never stored and never sent."),
            parent,
        )
        self.about: tuple[str, ...] = ()  # what stands on the page before: it should not be in a passphrase
        self.new = NewPassphrase(self.tr("Passphrase"), self, about=lambda: self.about)
        self.once, self.again, self.line = self.new.once, self.new.again, self.new.line
        self.new.edited.connect(lambda: self.ready.emit(self.is_ready()))
        self.new.submitted.connect(self.submitted)
        self.box.addWidget(self.new)
        self.box.addStretch(1)

    def is_ready(self) -> bool:
        return self.new.ready()

    def take(self) -> bytearray:
        """The passphrase, once; both boxes are destroyed."""
        return self.new.take()

    def say(self, words: str) -> None:
        """An error in the line."""
        self.new.say(words)

    def first(self) -> QWidget:
        return self.once


class CardPage(Page):
    """The own identity card: a file and a QR code to hand over. `kept` after the file was written."""

    kept = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("Your identity card"),
            self.tr(
                "Other delegations need this card to seal anything for you. It holds no secret: hand the file over on "
                "a stick or send it by any way, and let them compare the code below with you in person."
            ),
            parent,
        )
        self._card, self._code = b"", ""
        card = Card(self)
        self.qr = QrView("", self.tr("QR code of your fingerprint"), card)
        self.fingerprint = SafeLabel("", "mono", card)
        self.fingerprint.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByKeyboard)
        self.fingerprint.setFont(theme.font(mono=True))
        self.whose = SafeLabel("", "strong", card)
        self.save = button(self.tr("Save the card…"), self._save, icon="download", parent=card)
        self.saved = small("", card)
        side = QWidget(card)
        inner = row()
        inner.addWidget(self.qr, 0, Qt.AlignmentFlag.AlignTop)
        inner.addSpacing(theme.SPACE.m)
        card.box.addLayout(inner)
        column = form()
        side.setLayout(column)
        column.addRow(self.whose)
        column.addRow(small(self.tr("Fingerprint"), card))
        column.addRow(self.fingerprint)
        column.addRow(row(self.save, None))
        column.addRow(self.saved)
        inner.addWidget(side, 1)
        self.box.addWidget(card)
        self.key = muted("", self)
        self.box.addWidget(self.key)
        self.box.addStretch(1)

    def show_card(self, code: str, name: str, card: bytes, qr: str, fingerprint: str, folder: Path) -> None:
        """Fill the page."""
        self._card, self._code = card, code
        self.qr.set_text(qr)
        self.whose.setText(f"{code} {name}")
        self.fingerprint.setText(grouped(fingerprint))
        self.key.setText(
            self.tr(
                "Beside the vault, in {0}, stands the key file of your delegation. Move it to a stick and keep that "
                "locked away: it is needed to admit another laptop, and whoever has it and the passphrase can do so."
            ).format(isolate(str(folder)))
        )

    def _save(self) -> None:
        pick_place(self, self.tr("Save the identity card"), f"{self._code}.valise-card", self._write)

    def _write(self, path: Path) -> None:
        from valise.ui.strings import tell

        try:
            write(path, self._card)
        except ValiseError as error:
            told = tell(error)
            self.saved.setRole("error")
            self.saved.setText(f"{told.happened} {told.todo}")
            return
        self.saved.setRole("small")
        self.saved.setText(self.tr("Saved as {0}").format(isolate(path.name)))
        self.kept.emit()

    def first(self) -> QWidget:
        return self.save


class RequestPage(Page):
    """A further laptop: carry the request to the first one, bring the answer back."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("Ask to be admitted"),
            self.tr("Your delegation's first laptop decides what this one may do."),
            parent,
        )
        self._request = b""
        for number, words in enumerate(
            (
                self.tr("Save the request on a stick. It holds no secret."),
                self.tr("On the first laptop: Security, “Our laptops”, Admit…, open the request, compare the code, save the answer."),
                self.tr("Back here: unlock Valise with your passphrase and open the answer."),
            ),
            1,
        ):
            self.box.addWidget(Words(f"{number}.  {words}", "", self))
        self.code = CheckCode(self)
        self.box.addWidget(self.code)
        self.save = button(self.tr("Save the request…"), self._save, icon="download", parent=self)
        self.saved = small("", self)
        self.box.addLayout(row(self.save, self.saved, None))
        self.box.addStretch(1)
        self._done = False

    def made(self) -> bytes:
        """The request that was made here."""
        return self._request

    def show_request(self, request: bytes) -> None:
        """The request file to carry, and the code that is compared on the first laptop."""
        self._request = request
        self.code.show_request(request)

    def _save(self) -> None:
        pick_place(self, self.tr("Save the request"), "valise-request", self.write_to)

    def write_to(self, path: Path) -> None:
        """Save the request."""
        from valise.ui.strings import tell

        try:
            write(path, self._request)
        except ValiseError as error:
            told = tell(error)
            self.saved.setText(f"{told.happened} {told.todo}")
            return
        self._done = True
        self.saved.setText(self.tr("Saved as {0}").format(isolate(path.name)))
        self.ready.emit(True)

    def is_ready(self) -> bool:
        return self._done

    def first(self) -> QWidget:
        return self.save
