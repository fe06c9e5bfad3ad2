"""Words on as many lines as they need, where something is painted or has no layout of its own."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics, QTextLayout, QTextOption


def broken(text: str, font: QFont, width: int, most: int = 2) -> list[str]:
    """`text` on at most so many lines of that width, the last one elided where there is more; at least one."""
    layout = QTextLayout(text, font)
    layout.setTextOption(_anywhere())
    octets, starts = text.encode("utf-16-le", "replace"), []
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(1, width))
        starts.append(2 * line.textStart())
    layout.endLayout()
    ends = [*starts[1:most], len(octets)]
    made = [octets[start:end].decode("utf-16-le", "replace").strip() for start, end in zip(starts[:most], ends, strict=False)]
    if len(starts) > most:
        made[-1] = QFontMetrics(font).elidedText(made[-1], Qt.TextElideMode.ElideRight, max(0, width))
    return made or [""]


def _anywhere() -> QTextOption:
    made = QTextOption()
    made.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    return made
