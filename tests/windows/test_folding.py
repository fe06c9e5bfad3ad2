"""Words on several lines as a delegate paints them: how many, where they end, from which side."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from valise.ui import theme
from valise.ui.folding import Folded

LEFT, RIGHT = Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft
WORDS = "Certificates of a telephone network were replaced at night"


def folded(words: str, width: int, most: int = 2, way: Qt.LayoutDirection = LEFT) -> Folded:
    return Folded(words, theme.font(theme.BODY_PX), width, most, 20, way)


def columns(made: Folded) -> tuple[int, int]:
    """The first and the last column with ink in it, of a picture with 10 px more on each side."""
    image = QImage(made.width + 20, made.tall() + 20, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.setPen(QColor("black"))
    made.paint(painter, QRect(10, 10, made.width, made.tall()))
    painter.end()
    inked = [x for x in range(image.width()) if any(image.pixelColor(x, y).lightness() < 128 for y in range(image.height()))]
    return inked[0], inked[-1]


def test_as_many_lines_as_the_words_need_and_no_more_than_there_are(qapp: QApplication) -> None:
    assert (folded("Short", 400).lines, folded("Short", 400).tall(), folded("Short", 400).cut) == (1, 20, False)
    assert (folded(WORDS, 240).lines, folded(WORDS, 240).cut) == (2, False)
    assert (folded(WORDS, 100).lines, folded(WORDS, 100).cut) == (2, True)
    assert folded("", 100).lines == 1 and folded("x" * 400, 100).lines == 2 and folded(WORDS, -5).cut


@pytest.mark.parametrize("width", [100, 240, 400])
def test_nothing_is_painted_beside_its_place(qapp: QApplication, width: int) -> None:
    first, last = columns(folded(WORDS, width))
    assert first >= 9 and last <= 10 + width


def test_it_begins_on_the_side_one_reads_from(qapp: QApplication) -> None:
    assert columns(folded("Short", 300))[0] < 20
    assert columns(folded("Short", 300, way=RIGHT))[1] > 300
