"""What is stated and what we think, told apart so that nobody takes one for the other: a switch, a sign, a frame."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from valise.domain.register.definition import Side
from valise.ui import icons, theme
from valise.ui.registers import said
from valise.ui.widgets.labels import Words, named

EDGE = 3  # px


class SideSwitch(QWidget):
    """`chosen(side)`. Hidden where a register has one side."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(2)
        self.group = QButtonGroup(self)
        self.buttons: dict[Side, QToolButton] = {}
        for side in ("stated", "assessed"):
            made = QToolButton(self)
            made.setText(said.side_name(side) if side == "stated" else f"◈ {said.side_name(side)}")  # type: ignore[arg-type]
            made.setCheckable(True)
            made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            made.setToolTip(said.side_means(side))  # type: ignore[arg-type]
            named(made, said.side_name(side), said.side_means(side))  # type: ignore[arg-type]
            made.clicked.connect(lambda _on=False, side=side: self.chosen.emit(side))
            self.group.addButton(made)
            self.buttons[side] = made  # type: ignore[index]
            line.addWidget(made)

    def show_sides(self, sides: Sequence[Side], now: Side) -> None:
        """Those a register has."""
        self.setVisible(len(sides) > 1)
        self.buttons[now].setChecked(True)


class SideFrame(QFrame):
    """Around everything of the assessed side: a hatched edge, and a line that says what this is."""

    def __init__(self, inside: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.side: Side = "stated"
        self.banner = QFrame(self)
        self.banner.setObjectName("notice")
        self.banner.setProperty("tone", "warn")
        sign = QLabel(self.banner)
        icons.bind(sign, "eye-off", "warn", 18)
        line = QHBoxLayout(self.banner)
        line.setContentsMargins(theme.SPACE.m, 5, theme.SPACE.m, 5)
        line.addWidget(sign)
        self.words = Words("", "strong", self.banner, wrap=False)
        line.addWidget(self.words)
        self.means = Words(said.side_means("assessed"), "small", self.banner)
        line.addWidget(self.means, 1)
        self._box = QVBoxLayout(self)
        self._box.setSpacing(0)
        self._box.addWidget(self.banner)
        self._box.addWidget(inside, 1)
        self.show_side("stated")
        theme.current().changed.connect(self.update)

    def show_side(self, side: Side) -> None:
        """Which side stands within."""
        self.side = side
        internal = side == "assessed"
        self.words.setText(f"◈ {said.side_name('assessed')}" if internal else "")
        self.banner.setVisible(internal)
        edge = EDGE + 4 if internal else 0
        self._box.setContentsMargins(edge, edge, edge, edge)
        self.setAccessibleName(said.side_name(side))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.side == "assessed":
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme.tokens().warn), EDGE, Qt.PenStyle.DashLine))
            painter.drawRect(QRectF(self.rect()).adjusted(2, 2, -2, -2))
