"""Words on several lines, for what a delegate paints: as many lines as they need, and no more than there is room for."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyle


class Folded:
    """`lines` how many they take in `width`, at most `most`; `cut` when even those did not hold them, and the last ends in dots.
    `step` px from one line to the next."""

    def __init__(self, words: str, font: QFont, width: int, most: int, step: int, way: Qt.LayoutDirection) -> None:
        self.width, self.step, self._font, self._way = max(1, width), step, font, way
        self._layout, starts = self._laid(words)
        self.cut = len(starts) > most
        if self.cut:
            last = QFontMetrics(font).elidedText(words[starts[most - 1] :], Qt.TextElideMode.ElideRight, self.width)
            self._layout, starts = self._laid(words[: starts[most - 1]] + last)
        self.lines = min(len(starts), most)

    def _laid(self, words: str) -> tuple[QTextLayout, list[int]]:
        made = QTextLayout(words, self._font)
        option = QTextOption(QStyle.visualAlignment(self._way, Qt.AlignmentFlag.AlignLeft))
        option.setTextDirection(self._way)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        made.setTextOption(option)
        made.beginLayout()
        starts: list[int] = []
        while (line := made.createLine()).isValid():
            line.setLineWidth(self.width)
            line.setPosition(QPointF(0, len(starts) * self.step + (self.step - line.height()) / 2))
            starts.append(line.textStart())
        made.endLayout()
        return made, starts

    def tall(self) -> int:
        """px of all its lines."""
        return self.lines * self.step

    def paint(self, painter: QPainter, area: QRect) -> None:
        """From the top of `area`, which is where it stands on the screen and so wide; in the pen of the painter."""
        self._layout.draw(painter, QPointF(area.topLeft()))
