"""Who we are: the card to hand over and the fingerprint to compare."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.domain.errors import ValiseError
from valise.domain.kinds import RIGHTS
from valise.ui import theme
from valise.ui.first.pages import grouped
from valise.ui.language import comma, listed, translate
from valise.ui.text_safe import isolate
from valise.ui.widgets.buttons import Card, button, row
from valise.ui.widgets.files import pick_place, write
from valise.ui.widgets.labels import SafeLabel, heading, muted, small
from valise.ui.widgets.notice import NoticeBar
from valise.ui.widgets.qr import QrView


def right_words(right: str) -> str:
    """A right in the words of the window."""
    return {
        "observe": translate("rights", "read"),
        "speak": translate("rights", "write messages"),
        "amend": translate("rights", "propose amendments and state positions"),
        "pen": translate("rights", "hold the pen"),
        "commit": translate("rights", "enter commitments"),
        "enrol": translate("rights", "admit other laptops"),
    }.get(right, right)


class IdentityCard(Card):
    """Own identity: name, rights, fingerprint, QR code, card file."""

    def __init__(self, door: Door, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._door = door
        me = door.me()
        self._code = me.code
        code = door.contacts.own_qr()
        self.box.addWidget(heading(self.tr("Your identity"), self))
        self.qr = QrView(code, self.tr("QR code of your fingerprint"), self, side=190)
        side = QVBoxLayout()
        side.setSpacing(theme.SPACE.xs)
        side.addWidget(SafeLabel(f"{me.code} {me.name}", "strong", self))
        side.addWidget(SafeLabel(f"{me.officer}{comma()}{me.role}" if me.role else me.officer, "", self))
        side.addWidget(
            small(self.tr("This laptop may: {0}.").format(listed(right_words(one) for one in RIGHTS if one in me.rights)), self)
        )
        side.addSpacing(theme.SPACE.s)
        side.addWidget(small(self.tr("Fingerprint"), self))
        own = door.contacts.one(me.delegation).fingerprint if me.delegation else ""
        self.fingerprint = SafeLabel(grouped(own), "mono", self)
        self.fingerprint.setFont(theme.font(mono=True))
        side.addWidget(self.fingerprint)
        side.addSpacing(theme.SPACE.s)
        self.save = button(self.tr("Save the card…"), self._save, icon="download", parent=self)
        self.saved = small("", self)
        side.addLayout(row(self.save, self.saved, None))
        side.addStretch(1)
        line = row(spacing=theme.SPACE.l)
        line.addWidget(self.qr, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(side, 1)
        self.box.addWidget(
            muted(
                self.tr("Hand the card to other delegations. It holds no secret; the code lets them compare it."), self
            )
        )
        self.box.addLayout(line)
        self.notice = NoticeBar(self)
        self.box.addWidget(self.notice)

    def _save(self) -> None:
        pick_place(self, self.tr("Save the identity card"), f"{self._code}.valise-card", self.write_to)

    def write_to(self, path: Path) -> None:
        """Save the card there."""
        try:
            write(path, self._door.contacts.own_card())
        except ValiseError as error:
            self.notice.show_error(error)
            return
        self.saved.setText(self.tr("Saved as {0}").format(isolate(path.name)))
