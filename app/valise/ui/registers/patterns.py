"""How a choice looks without colour: its own sign, and a pattern of strokes; no order from bad to good."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

from valise.domain.register.definition import Choice, Column
from valise.ui import theme
from valise.ui.registers import said

_STROKES: tuple[Qt.BrushStyle, ...] = (
    Qt.BrushStyle.NoBrush, Qt.BrushStyle.Dense7Pattern, Qt.BrushStyle.BDiagPattern, Qt.BrushStyle.HorPattern,
    Qt.BrushStyle.SolidPattern, Qt.BrushStyle.Dense6Pattern, Qt.BrushStyle.DiagCrossPattern, Qt.BrushStyle.VerPattern,
    Qt.BrushStyle.CrossPattern, Qt.BrushStyle.FDiagPattern,
)  # fmt: skip


class Patterns:
    """The looks of a column's choices."""

    def __init__(self, column: Column | None) -> None:
        self.choices: Sequence[Choice] = column.choices if column is not None else ()
        self._place = {one.id: n for n, one in enumerate(self.choices)}

    def sign(self, value: str) -> str:
        """One or two characters; a value without one has a middle dot, nothing said has none."""
        place = self._place.get(value)
        if place is None:
            return said.UNFIT if value else ""
        return said.sign(self.choices[place].sign) or "•"

    def words(self, value: str) -> str:
        """The term."""
        place = self._place.get(value)
        return said.term(self.choices[place].title) if place is not None else value

    def paint(self, painter: QPainter, area: QRect, value: str) -> None:
        """Its tint and strokes over `area`; nothing for what nobody said."""
        place = self._place.get(value)
        if place is None:
            return
        t = theme.tokens()
        strokes = _STROKES[place % len(_STROKES)]
        painter.fillRect(area, QColor(t.selected if strokes == Qt.BrushStyle.SolidPattern else t.neutral_soft))
        if strokes not in (Qt.BrushStyle.NoBrush, Qt.BrushStyle.SolidPattern):
            ink = QColor(t.muted)
            ink.setAlpha(120 if t.dark else 90)
            painter.fillRect(area, QBrush(ink, strokes))
        if strokes == Qt.BrushStyle.SolidPattern:
            painter.setPen(QPen(QColor(t.accent), 1))
            painter.drawRect(area.adjusted(0, 0, -1, -1))

    def legend(self) -> str:
        """Every sign and its words."""
        return "   ".join(said.choice(one) for one in self.choices)
