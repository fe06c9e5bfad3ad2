"""One process that paints a long table and a matrix, and pages through both; prints JSON of seconds.

`python -m benchmarks.tabled ours VAULT` shows the registers of that vault as the window does, `... bare VAULT` the same words in
a QTableView with a model of lists.
"""

from __future__ import annotations

import json
import os
import sys
import time
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QApplication, QTableView

from benchmarks import registers
from benchmarks.worked import SIZE, turned
from valise.desk.desk import Desk

PAGES = 40
_ROOT = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


class Lists(QAbstractTableModel):
    """Words in memory."""

    def __init__(self, rows: list[list[str]]) -> None:
        super().__init__()
        self.rows = rows

    def rowCount(self, parent: Index = _ROOT) -> int:
        return len(self.rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return len(self.rows[0])

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        return self.rows[index.row()][index.column()] if role == Qt.ItemDataRole.DisplayRole else None


def looked(app: QApplication, show: Callable[[], QTableView]) -> tuple[list[float], list[float]]:
    """(seconds until it is painted, seconds of each page further)."""
    start = time.perf_counter()
    view = show()
    view.resize(*SIZE)
    view.show()
    app.processEvents()
    opened = [time.perf_counter() - start]
    view.setFocus()
    pages = [turned(app, view, Qt.Key.Key_PageDown) for _ in range(PAGES)]
    view.close()
    return opened, pages


def bare(app: QApplication, desk: Desk) -> dict[str, Any]:
    names = [name for name, _, _ in registers.COLUMNS]
    door = desk.registers
    ids = door.ids("list")
    few = [[row.cells[one].shown for one in names] for row in door.page(ids[:2_000])]
    rows = [few[n % len(few)] for n in range(len(ids))]
    matrix = door.matrix("grid", "stated", "status")
    cells = [[cell.value for cell in line] for line in matrix.cells]

    def table(held: list[list[str]]) -> QTableView:
        view = QTableView()
        model = Lists(held)
        model.setParent(view)
        view.setModel(model)
        return view

    opened, pages = looked(app, lambda: table(rows))
    grid, grid_pages = looked(app, lambda: table(cells))
    return {"open": opened, "pages": pages, "grid": grid, "grid pages": grid_pages}


def ours(app: QApplication, desk: Desk) -> dict[str, Any]:
    from valise.ui import theme
    from valise.ui.registers.matrix import MatrixModel, MatrixTable
    from valise.ui.registers.patterns import Patterns
    from valise.ui.registers.widgets.model import RowsModel, Shown, TableColumn
    from valise.ui.registers.widgets.table import RegisterTable

    theme.install(app)
    door = desk.registers
    columns = [TableColumn(name, name.title(), lambda row, name=name: Shown(row.cells[name].shown)) for name, _, _ in registers.COLUMNS]  # type: ignore[misc]

    def table() -> QTableView:
        model = RowsModel(door.page)
        view = RegisterTable("Rows", model)
        model.setParent(view)
        model.show(array("q", door.ids("list")), columns)
        view.lay()
        return view

    def grid() -> QTableView:
        model = MatrixModel()
        view = MatrixTable(model, "States and items")
        model.setParent(view)
        model.show(door.matrix("grid", "stated", "status"), Patterns(door.definition("grid").column("status")))
        return view

    opened, pages = looked(app, table)
    painted, grid_pages = looked(app, grid)
    return {"open": opened, "pages": pages, "grid": painted, "grid pages": grid_pages}


def main(what: str, folder: str) -> dict[str, Any]:
    app = QApplication(["valise"])
    desk = registers.opened(Path(folder))
    made = (bare if what == "bare" else ours)(app, desk)
    desk.close()
    return made


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])), flush=True)
    os._exit(0)  # without taking the window down piece by piece
