"""A notification on pages: a table whose every page bears its markings and, where it is one, that it is an exercise.

TLP 2.0: the label stands in head and foot of each page, in capitals, 12 points or larger, right aligned; also where the page
is read from the right. A national marking stands on the same line, in its own words. Part of the process of `ui.paper`.
"""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QPainter

from valise.ui.paper_table import TablePaper

_MM: Final = 1200 / 25.4
_SIDE, _TOP, _BOTTOM = 18 * _MM, 31 * _MM, 32 * _MM
LABEL, BANNER, _SMALL = 12.5, 14.0, 8.5  # points
_GAP: Final = 8 * _MM


class NoticePaper(TablePaper):
    """`request["notice"]`: "tlp" and "national" as they are written, "banner" "" = none."""

    def __init__(self, request: dict[str, Any]) -> None:
        super().__init__(request)
        self.space = QRectF(_SIDE, _TOP, self.page.width() - 2 * _SIDE, self.page.height() - _TOP - _BOTTOM)
        notice = request["notice"]
        self.tlp, self.national, self.banner = (str(notice[name]) for name in ("tlp", "national", "banner"))

    def _edges(self, painter: QPainter, number: int) -> None:
        painter.setPen(QColor(0, 0, 0))
        down = self.page.height()
        for top in (9 * _MM, down - 25 * _MM):
            width = self._right_edge(painter, top)
            if self.national:
                self._fit(painter, self.national, LABEL, top, self.space.left(), self.space.width() - width - _GAP)
        if self.banner:
            for top in (18 * _MM, down - 18 * _MM):
                self._fit(painter, self.banner, BANNER, top, self.space.left(), self.space.width(), centre=True)
        self._fit(painter, f"{number + 1}/{self.pages}", _SMALL, down - 10 * _MM, self.space.left(), self.space.width(), centre=True)

    def _right_edge(self, painter: QPainter, top: float) -> float:
        """The label, never smaller; returns its width."""
        font = QFont(self.font)
        font.setBold(True)
        font.setPointSizeF(LABEL)
        layout, wide = self._line(self.tlp, font)
        layout.draw(painter, QPointF(self.space.right() - wide, top))
        return wide

    def _fit(
        self, painter: QPainter, words: str, size: float, top: float, left: float, width: float, *, centre: bool = False
    ) -> None:
        """One line; what is too long is set smaller, never cut."""
        font = QFont(self.font)
        font.setBold(size > _SMALL)
        font.setPointSizeF(size)
        layout, wide = self._line(words, font)
        if wide > width:
            font.setPointSizeF(max(4.0, size * width / wide * 0.98))
            layout, wide = self._line(words, font)
        layout.draw(painter, QPointF(left + (width - wide) / 2 if centre else left, top))
