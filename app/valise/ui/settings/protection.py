"""What protects this process here and, as plainly, what does not."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from valise.system.abc import Hardening, Measure
from valise.ui import icons, theme
from valise.ui.language import translate
from valise.ui.widgets.buttons import row
from valise.ui.widgets.labels import Words

# measure -> (when it holds, when it does not)
_SAID: dict[Measure, tuple[str, str]] = {
    "no core dumps": (
        QT_TRANSLATE_NOOP("settings", "A crash leaves no image of the memory behind."),
        QT_TRANSLATE_NOOP(
            "settings", "A crash may leave an image of the memory on the disk: turn that off in the system."
        ),
    ),
    "not readable by other processes": (
        QT_TRANSLATE_NOOP("settings", "Other programs of your account cannot read the memory of Valise."),
        QT_TRANSLATE_NOOP(
            "settings", "Other programs of your account could read the memory of Valise: install only what you trust."
        ),
    ),
    "files for the owner only": (
        QT_TRANSLATE_NOOP("settings", "What Valise writes can be read by your account only."),
        QT_TRANSLATE_NOOP(
            "settings", "The system decides who may read what Valise writes: keep this account to yourself."
        ),
    ),
}


def sentences(state: Hardening) -> list[tuple[bool, str]]:
    """(whether it holds, what a person reads) of each measure, in a fixed order."""
    return [(one in state.done, translate("settings", words[one not in state.done])) for one, words in _SAID.items()]


class Protections(QWidget):
    """One line per measure; a sign and words, never the colour alone."""

    def __init__(self, state: Hardening, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.SPACE.xs)
        self.lines: list[Words] = []
        for holds, said in sentences(state):
            sign = QLabel(self)
            sign.setFixedSize(18, 18)
            icons.bind(sign, "check-circle" if holds else "warning", "good" if holds else "warn", 18)
            words = Words(said, "" if holds else "warn", self)
            self.lines.append(words)
            line = row(sign, words)
            line.setAlignment(sign, Qt.AlignmentFlag.AlignTop)
            line.setStretch(1, 1)
            box.addLayout(line)
