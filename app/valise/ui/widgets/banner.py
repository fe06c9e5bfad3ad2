"""The band across every page of a vault for practice."""

from __future__ import annotations

from string import Template

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from valise.domain.training import MARK
from valise.ui import icons, theme
from valise.ui.widgets.labels import Words, named

# Stripes at its edge, a sign and the word: it is told from every other page without its colour.
_SHEET = Template("""
#practice { background: $warn_soft; border-top: 4px double $warn; border-bottom: 4px double $warn; }
#practice QLabel { color: $text; background: transparent; }
""")


class PracticeBanner(QFrame):
    """Always there, never closed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("practice")
        line = QHBoxLayout(self)
        line.setContentsMargins(theme.SPACE.l, theme.SPACE.xs, theme.SPACE.l, theme.SPACE.xs)
        line.setSpacing(theme.SPACE.m)
        sign = QLabel(self)
        icons.bind(sign, "flag", "warn", 20)
        self.mark = Words(MARK, "heading", self)
        self.mark.setWordWrap(False)
        self.words = Words(self.tr("Fictional delegations only. Nothing here is real, and nothing leaves this vault."), "", self)
        for one in (sign, self.mark):
            line.addWidget(one)
        line.addWidget(self.words, 1, Qt.AlignmentFlag.AlignVCenter)
        named(self, f"{MARK}. {self.words.plain()}")
        theme.current().changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        self.setStyleSheet(_SHEET.substitute({key: str(value) for key, value in theme.tokens()._asdict().items()}))
