"""A choice whose words go on in further lines where the room ends; Qt's own are cut."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QRadioButton, QSizePolicy, QStyle, QWidget

from valise.ui.widgets.labels import named

LEAST = 160  # px; narrower than that nothing is read


def fold(words: str, metrics: QFontMetrics, room: int) -> str:
    """The words in lines of at most `room` pixels, as far as single words allow."""
    lines: list[str] = []
    for word in words.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and metrics.horizontalAdvance(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(lines)


class FoldedRadio(QRadioButton):
    """One choice in one or several lines; its accessible name is the whole."""

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self._words = words
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        named(self, words)

    def minimumSizeHint(self) -> QSize:
        return QSize(LEAST, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        style = self.style()
        sign = style.pixelMetric(QStyle.PixelMetric.PM_ExclusiveIndicatorWidth, None, self)
        gap = style.pixelMetric(QStyle.PixelMetric.PM_RadioButtonLabelSpacing, None, self)
        folded = fold(self._words, self.fontMetrics(), self.width() - sign - 2 * gap)
        if folded != self.text():
            self.setText(folded)
            self.updateGeometry()
