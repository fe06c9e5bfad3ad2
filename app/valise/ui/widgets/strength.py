"""How hard a passphrase is to guess: zxcvbn's score in our words. Colour only adds to the words.

The estimate is for guessing with lists of words, names, dates and keyboard rows. It knows no quotations and few languages,
so the best it says is "long enough".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from valise.ui import theme
from valise.ui.language import translate
from valise.ui.widgets.labels import Words, named
from valise.ui.widgets.passphrase import PassphraseEntry

LEAST = 12  # characters
_DIFFERENT = 6
_PARTS = 4
Level = Literal["none", "short", "weak", "fair", "good"]
_FILLED: dict[Level, int] = {"none": 0, "short": 1, "weak": 2, "fair": 3, "good": 4}
_COLOUR: dict[Level, str] = {"none": "line", "short": "bad", "weak": "bad", "fair": "warn", "good": "good"}


def judge(characters: int, different: int, score: int) -> Level:
    """none: nothing typed; short and weak: not accepted; fair; good. `score` is zxcvbn's, 0 to 4: below 3 a hundred
    million guesses find it, a day's work at a thousand a second."""
    if not characters:
        return "none"
    if characters < LEAST or different < _DIFFERENT:
        return "short"
    if score < 3:
        return "weak"
    return "good" if score > 3 else "fair"


def advice(level: Level) -> tuple[str, str]:
    """A sentence and the role it is shown in."""
    return {
        "none": (
            translate("advice", "Take four or five words that have nothing to do with each other, or a sentence nobody else "
               "would say. Nobody can reset it; only recovery shares, if you make them, open the vault without it."),
            "muted",
        ),
        "short": (
            translate("advice", "Too short: at least twelve characters, not the same few again and again."), "error",
        ),
        "weak": (
            translate("advice", "Too easy to guess: it is made of common words, names, dates or rows of keys. Add a word or two."),
            "error",
        ),
        "fair": (translate("advice", "Accepted. One or two more words would make it much harder to guess."), "warn"),
        "good": (translate("advice", "Long enough, as long as it is not a known quotation and is used nowhere else."), "good"),
    }[level]  # fmt: skip


class StrengthMeter(QWidget):
    """Four bars and a sentence for a passphrase entry. `about()` gives what should not be in it: names, codes."""

    def __init__(
        self, entry: PassphraseEntry, about: Callable[[], Sequence[str]] = tuple, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._entry, self._about = entry, about
        self._level: Level = "none"
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.SPACE.xs)
        self.bars = _Bars(self)
        box.addWidget(self.bars)
        self.words = Words("", "muted", self)
        self.words.setMinimumHeight(2 * self.fontMetrics().height())
        box.addWidget(self.words)
        entry.edited.connect(self.look)
        self.look()

    def level(self) -> Level:
        """What was judged last; up to date after every `edited` of the entry."""
        return self._level

    def accepted(self) -> bool:
        """Whether it may be used."""
        return not self._entry.empty() and self._level in ("fair", "good")

    def look(self) -> None:
        """Judge what is typed now."""
        characters, _words, different = self._entry.measure()
        long_enough = characters >= LEAST and different >= _DIFFERENT
        self._level = judge(characters, different, self._entry.strength(self._about()) if long_enough else 0)
        words, role = advice(self._level)
        self.words.setRole(role)
        self.words.setText(words)
        self.bars.show_level(_FILLED[self._level], _COLOUR[self._level])

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # The lists of words take a tenth of a second to load: now, not at somebody's twelfth letter.
        QTimer.singleShot(0, self, _load)


class _Bars(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._filled, self._colour = 0, "line"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        named(self, self.tr("Strength: {0} of {1}").format(0, _PARTS))

    def show_level(self, filled: int, colour: str) -> None:
        self._filled, self._colour = filled, colour
        named(self, self.tr("Strength: {0} of {1}").format(filled, _PARTS))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, 6)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        gap = theme.SPACE.xs
        each = (self.width() - gap * (_PARTS - 1)) / _PARTS
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        for n in range(_PARTS):
            place = _PARTS - 1 - n if mirrored else n
            painter.setBrush(theme.colour(self._colour if n < self._filled else "line"))
            painter.drawRoundedRect(QRectF(place * (each + gap), 0, each, self.height()), 3, 3)


def _load() -> None:
    import zxcvbn  # noqa: F401
