"""The matrix of a register in three distances: words, signs, and all of it at once."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from valise.desk.door import Door
from valise.desk.door_registers import Matrix, Place
from valise.ui import theme
from valise.ui.registers import said
from valise.ui.registers.look import Look, Names, RegisterView
from valise.ui.registers.map import MatrixMap
from valise.ui.registers.matrix import MatrixModel, MatrixTable
from valise.ui.registers.patterns import Patterns
from valise.ui.tasks import Runner
from valise.ui.widgets.buttons import icon_button, row
from valise.ui.widgets.labels import Words

NEAR, SIGNED, FAR = 0, 1, 2
RLM = "\u200f"  # right-to-left mark


class MatrixLook(RegisterView):
    """`distance` is NEAR (words), SIGNED (signs) or FAR (all at once); the cell one is at is said in full below."""

    def __init__(self, door: Door, runner: Runner, names: Names, parent: QWidget | None = None) -> None:
        super().__init__(door, runner, names, parent)
        self.model = MatrixModel(self)
        self.table = MatrixTable(self.model, self.tr("Matrix"), self)
        self.map = MatrixMap(self.model, self)
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.map)
        self.distance = NEAR
        self._own = False  # a person chose how near
        self._wish: tuple[str, str] | None = None
        self._shape = ("", "")
        self.legend = Words("", "small", self)
        self.told = Words("", "", self)
        self.told.setMinimumHeight(20)
        self.nearer = icon_button("plus", self.tr("Nearer (Ctrl+Plus)"), lambda: self.zoom(-1), parent=self)
        self.further = icon_button("minus", self.tr("More at once (Ctrl+Minus)"), lambda: self.zoom(1), parent=self)
        top = row(self.legend, self.further, self.nearer, spacing=2)
        top.setStretch(0, 1)
        top.setContentsMargins(theme.SPACE.l, 4, theme.SPACE.s, 4)
        self.column.addLayout(top)
        self.column.addWidget(self.stack, 1)
        bottom = row(self.told)
        bottom.setContentsMargins(theme.SPACE.l, 6, theme.SPACE.l, 6)
        self.column.addLayout(bottom)
        for part in (self.table, self.map):
            part.opened.connect(self._open)
            part.moved.connect(self._say)

    def read(self) -> None:
        if self.look is None or self.view is None:
            return
        look, cell = self.look, self.view.cell
        self.ask(lambda: self.door.registers.matrix(look.id, look.side, cell, filter=look.filter, language=said.language()),
                 lambda matrix: self._came(look, matrix))  # fmt: skip

    def _came(self, look: Look, matrix: Matrix) -> None:
        if self.view is None:
            return
        at = self.at()
        patterns = Patterns(look.definition.column(self.view.cell))
        self.model.show(matrix, patterns)
        differs = any(cell.differs for line in matrix.cells for cell in line)
        self.legend.setText(patterns.legend() + (f"   {said.DIFFERS} {self.tr('different values stand')}" if differs else ""))
        if (look.id, look.side) != self._shape:
            self._shape = (look.id, look.side)
            self.use_distance(self.distance)
            if not self._own:
                self.use_distance(SIGNED if self.table.crowded() else NEAR)
        self.table.fit()
        self.counted.emit(len(matrix.down))
        if self._wish is not None:
            wish, self._wish = self._wish, None
            self.go_to(*wish)
        else:
            self.go(*at)

    # where one is

    def at(self) -> tuple[int, int]:
        """Row and column one is at."""
        if self.distance == FAR:
            return self.map.at
        here = self.table.currentIndex()
        return (here.row(), here.column()) if here.isValid() else (0, 0)

    def go(self, row_: int, column: int) -> None:
        """Be at a cell, in either picture."""
        self.table.go(row_, column)
        self.map.go(row_, column)

    def go_to(self, state: str, item: str) -> None:
        """Be at the cell of a State and an item; "" = whichever."""
        if not self.model.rowCount():
            self._wish = (state, item)
            return
        down = next((n for n, (code, _) in enumerate(self.model.matrix.down) if code == state), self.at()[0])
        across = next((n for n, (one, _) in enumerate(self.model.matrix.across) if one == item), self.at()[1])
        self.go(down, across)

    def zoom(self, step: int) -> None:
        """Further away (1) or nearer (-1)."""
        self._own = True
        self.use_distance(max(NEAR, min(FAR, self.distance + step)))
        self.first().setFocus()

    def use_distance(self, distance: int) -> None:
        """Words, signs, or all at once."""
        at = self.at()
        self.distance = distance
        self.table.use_narrow(distance != NEAR)
        self.stack.setCurrentWidget(self.map if distance == FAR else self.table)
        self.nearer.setEnabled(distance != NEAR)
        self.further.setEnabled(distance != FAR)
        if self.model.rowCount():
            self.go(*at)

    def _say(self, row_: int, column: int) -> None:
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft  # names alone, all isolated, would not say so
        self.told.setText(f"{RLM if mirrored else ''}{self.model.spoken(row_, column)}")

    def place(self) -> Place | None:
        if self.look is None or not self.model.rowCount() or not self.model.columnCount():
            return None
        down, across = self.at()
        about = {"state": self.model.matrix.down[down][0], "item": self.model.matrix.across[across][0]}
        return Place(self.look.id, "/".join(about.get(axis, "") for axis in self.look.definition.rows), self.look.side, self.look.room)

    def _open(self, _row: int, _column: int) -> None:
        place = self.place()
        if place is not None and self.view is not None:
            self.choose.emit(place, self.view.cell, "")

    def first(self) -> QWidget:
        return self.map if self.distance == FAR else self.table
