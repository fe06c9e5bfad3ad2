"""The check code of a request, large, beside a QR code of it: the same code is on the first laptop's screen."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from valise.domain.errors import ValiseError
from valise.ui import theme
from valise.ui.widgets.buttons import Card, row
from valise.ui.widgets.labels import SafeLabel, Words, named, small
from valise.ui.widgets.qr import QrView


class CheckCode(Card):
    """Hidden until a request is there whose code can be shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.qr = QrView("", self.tr("QR code of the request"), self, side=132)
        words = QVBoxLayout()
        words.setSpacing(theme.SPACE.xs)
        words.addWidget(Words(self.tr("Check code"), "strong", self))
        self.code = SafeLabel("", "title", self)
        self.code.setFont(theme.font(24, bold=True, mono=True))
        words.addWidget(self.code)
        words.addWidget(
            small(
                self.tr("The first laptop shows a code too, when it opens the request. Admit only when they are the same."), self
            )
        )
        words.addStretch(1)
        line = row(spacing=theme.SPACE.l)
        line.addWidget(self.qr, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(words, 1)
        self.box.addLayout(line)
        self.hide()

    def show_request(self, request: bytes) -> None:
        """Show the code of this request; nothing while it is none."""
        from valise.desk import asked

        try:
            code, text = asked.look(request).check_code, asked.qr(request)
        except ValiseError:
            self.hide()
            return
        self.code.setText(code)
        named(self.code, self.tr("Check code: {0}").format(code))
        self.qr.set_text(text)
        self.show()
