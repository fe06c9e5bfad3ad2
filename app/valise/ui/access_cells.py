"""What is painted as cells in one widget, as assistive technology knows it: a list of them, each with its words and its place.

Qt's interface for tables cannot be made from Python, so a cell says in its words which row and column it is. A cell is an object
of its own, since Qt keeps by object what it has told of; it is made when somebody asks for it.
"""

from __future__ import annotations

from typing import Any, Protocol, cast

from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAccessibleInterface, QAccessibleObject, QWindow
from PySide6.QtWidgets import QAccessibleWidget, QWidget

from valise.ui import access


class Painted(Protocol):
    """What a widget of painted cells has to say. Places are (row, column), rectangles those of the widget."""

    cells: Cells

    def shape_of_cells(self) -> tuple[int, int]: ...
    def words_of_cell(self, row: int, column: int) -> str: ...
    def place_of_cell(self, row: int, column: int) -> QRect: ...
    def cell_here(self) -> tuple[int, int]: ...
    def open_here(self) -> None: ...


class Cell(QObject):
    """One cell of a widget, for as long as the widget has that shape."""

    def __init__(self, grid: QWidget, row: int, column: int) -> None:
        super().__init__(grid)
        self.row, self.column = row, column

    @property
    def grid(self) -> Any:
        return self.parent()


class Cells:
    """The cells of one widget that were asked for."""

    def __init__(self, grid: QWidget) -> None:
        self._grid = grid
        self._made: dict[tuple[int, int], Cell] = {}

    def at(self, row: int, column: int) -> Cell:
        found = self._made.get((row, column))
        if found is None:
            found = self._made[row, column] = Cell(self._grid, row, column)
        return found

    def forget(self) -> None:
        """There are other cells now."""
        for one in self._made.values():
            one.deleteLater()
        self._made.clear()

    def moved(self) -> None:
        """The keyboard is on another cell: say so."""
        grid = cast(Painted, self._grid)
        rows, columns = grid.shape_of_cells()
        if QAccessible.isActive() and self._grid.hasFocus() and rows and columns:
            QAccessible.updateAccessibility(QAccessibleEvent(self.at(*grid.cell_here()), QAccessible.Event.Focus))


class CellAccess(QAccessibleObject):
    """A cell: its words, where it is on the screen, whether the keyboard is on it."""

    def __init__(self, cell: Cell) -> None:
        super().__init__(cell)
        self._cell = cell

    def parent(self) -> QAccessibleInterface:
        return QAccessible.queryAccessibleInterface(self._cell.grid)

    def child(self, _index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        return None

    def childCount(self) -> int:
        return 0

    def indexOfChild(self, _child: QAccessibleInterface) -> int:
        return -1

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.ListItem

    def text(self, what: QAccessible.Text) -> str:
        cell = self._cell
        return cell.grid.words_of_cell(cell.row, cell.column) if what == QAccessible.Text.Name else ""

    def rect(self) -> QRect:
        cell = self._cell
        place: QRect = cell.grid.place_of_cell(cell.row, cell.column)
        return QRect(cell.grid.mapToGlobal(place.topLeft()), place.size())

    def window(self) -> QWindow:
        return self._cell.grid.window().windowHandle()

    def state(self) -> QAccessible.State:
        cell, found = self._cell, QAccessible.State()
        here = cell.grid.cell_here() == (cell.row, cell.column)
        for name, on in (
            ("focusable", True), ("selectable", True), ("selected", here), ("active", here),
            ("focused", here and cell.grid.hasFocus()), ("invisible", not cell.grid.isVisible()),
        ):  # fmt: skip
            setattr(found, name, on)
        return found


class CellsAccess(QAccessibleWidget):
    """The widget: a list of its cells, row by row. Its one act opens the cell the keyboard is on."""

    def __init__(self, grid: QWidget) -> None:
        super().__init__(grid, QAccessible.Role.List)

    def _grid(self) -> Any:
        return self.widget()

    def childCount(self) -> int:
        rows, columns = self._grid().shape_of_cells()
        return rows * columns

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        grid = self._grid()
        rows, columns = grid.shape_of_cells()
        if not 0 <= index < rows * columns:
            return None
        return QAccessible.queryAccessibleInterface(grid.cells.at(*divmod(index, columns)))

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        cell = child.object()
        return cell.row * self._grid().shape_of_cells()[1] + cell.column if isinstance(cell, Cell) else -1

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        grid = self._grid()
        rows, columns = grid.shape_of_cells()
        point = grid.mapFromGlobal(QPoint(x, y))
        for index in range(rows * columns):
            if grid.place_of_cell(*divmod(index, columns)).contains(point):
                return self.child(index)
        return None

    def focusChild(self) -> QAccessibleInterface | None:  # type: ignore[override]
        grid = self._grid()
        _, columns = grid.shape_of_cells()
        row, column = grid.cell_here()
        return self.child(row * columns + column) if grid.hasFocus() else None

    def actionNames(self) -> list[str]:
        return [access.PRESS, *super().actionNames()]

    def doAction(self, name: str) -> None:
        if name == access.PRESS:
            self._grid().open_here()
        else:
            super().doAction(name)


def speaks(kind: type) -> None:
    """From now on a widget of this class, which is Painted, tells of its cells."""
    access.speaks(kind, CellsAccess)
    access.speaks(Cell, CellAccess)
