"""Every register through the window over a real vault: made, filled, kept, written out as the screen shows it, there after a restart;
two laptops that change a status unseen by each other, and a person who settles it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hands import CTRL, SHIFT, Desks, Table, drain, press
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog
from test_e2e_release import second_laptop

from valise.desk.door_registers import Place
from valise.domain.register.definition import Column, Definition
from valise.ui import theme
from valise.ui.registers.asking import CellDialog, SettleDialog
from valise.ui.registers.exporting import ExportDialog
from valise.ui.registers.importing import ImportDialog

K = Qt.Key
BACK = ("correspondence", "norms", "advisories")  # read back in through the window; the desk's own tests do the others


@pytest.fixture
def table(worn: theme.Theme, tmp_path: Path, qtbot: Any) -> Iterator[Table]:
    """Aurelia alone."""
    made = Table(Desks(tmp_path, ("XA",), acquainted=False), qtbot)
    yield made
    made.close()
    made.world.close()


def dialog(table: Table, kind: type[QDialog]) -> Any:
    def there() -> QDialog | None:
        return next((one for one in QApplication.topLevelWidgets() if isinstance(one, kind) and one.isVisible()), None)

    table.qtbot.waitUntil(lambda: there() is not None)
    return there()


def filling(column: Column, names: dict[str, list[tuple[str, str]]]) -> tuple[str, ...]:
    """A value that fits, () for what needs something else to exist first."""
    if column.kind == "choice":
        return (column.choices[-1].id,)
    if column.kind in names:
        return (names[column.kind][0][0],) if names[column.kind] else ()
    fits = {"text": f"Words for {column.id}", "long": "Two\nlines, with “quotes”, commas; and = signs", "date": "2027-03-14",
            "moment": "2027-03-14T09:26Z", "number": "12", "yesno": "yes", "email": "office@example.org", "phone": "+41 22 555 01 02",
            "url": "https://example.org/paper", "symbol": "A/70/174"}  # fmt: skip
    return (fits[column.kind],) if column.kind in fits else ()


def fill(table: Table, screen: Any, definition: Definition) -> None:
    """Every field that can be filled, kept by Ctrl+S."""
    table.front("XA")  # a dialog that was closed leaves no window in front here
    form = screen.page.row_page.form
    names = {kind: screen.page.names.of(kind) for kind in ("state", "delegation", "marking", "language", "zone")}
    for line in form.lines.values():
        if line.editor is not None:
            line.editor.set_values(filling(line.column, names))
    assert form.missing() is None, definition.id
    press(K.Key_S, CTRL, screen.page.row_page.back)
    table.settle()
    assert not screen.page.row_page.begun, (definition.id, screen.page.row_page.bar.happened.plain())


def shown(screen: Any) -> list[list[str]]:
    """The table as it stands on the screen, its headings first."""
    model = screen.page.table.model
    across = range(model.columnCount())
    return [[model.columns[n].title for n in across]] + [
        [str(model.index(row, n).data() or "") for n in across] for row in range(model.rowCount())
    ]


def plain(cell: str) -> str:
    """A cell of a file as the screen has it: on one line, without the apostrophe that keeps a spreadsheet from running it."""
    return " ".join(cell.removeprefix("'").split())


def test_every_register_is_filled_kept_written_as_shown_and_there_after_a_restart(table: Table, tmp_path: Path) -> None:
    screen = table.screen("XA", "registers")
    definitions = table.world["XA"].registers.definitions()
    assert len(definitions) >= 20
    made: dict[str, tuple[Place, dict[str, tuple[str, ...]]]] = {}
    for definition in definitions:
        screen.open_ref(definition.id)
        if definition.rows == ("record",):
            screen.new()
        else:
            about = {"state": "XB", "item": definition.items[0].id if definition.items else "", "delegation": table.world.id("XA")}
            screen.page.open_row(Place(definition.id, "/".join(about[axis] for axis in definition.rows)))
        fill(table, screen, definition)
        page = screen.page.row_page
        made[definition.id] = page.place, {one: cell.values for one, cell in page.row.cells.items() if cell.values}
        assert len(made[definition.id][1]) >= 3, definition.id
        press(K.Key_Escape, widget=page.back)
        place = next((n for n, one in enumerate(screen.page.views) if one.kind == "table" and not one.only), None)
        if place is None:
            continue
        screen.page.use_view(place)
        table.settle()
        table.front("XA")
        path = tmp_path / f"{definition.id}.csv"
        press(K.Key_X, CTRL | SHIFT, screen.page.table.table)
        leaving = dialog(table, ExportDialog)
        leaving.save_to(path)
        table.settle()
        leaving.reject()
        drain()
        with path.open(encoding="utf-8-sig", newline="") as stream:
            written = [[plain(cell) for cell in line] for line in csv.reader(stream)]
        seen = [[plain(cell) for cell in line] for line in shown(screen)]
        assert len(seen) > 1, definition.id
        assert [line[: len(seen[0])] for line in written] == seen, definition.id
        if definition.id in BACK:
            table.front("XA")
            press(K.Key_I, CTRL, screen.page.table.table)
            reading = dialog(table, ImportDialog)
            reading.read(path)
            table.qtbot.waitUntil(lambda reading=reading: not reading.busy, timeout=20_000)
            assert reading.preview is not None and not reading.preview.faults, definition.id
            assert reading.preview.total_changes == 0 and reading.preview.rows == len(seen) - 1, definition.id
            reading.reject()
            drain()
    window = table.windows.pop("XA")
    window.close()
    window.deleteLater()
    drain()
    desk = table.world.reopen("XA")
    for register, (place, values) in made.items():
        row = desk.registers.row(place)
        assert {one: cell.values for one, cell in row.cells.items() if cell.values} == values, register


def test_a_difference_of_two_laptops_is_settled_by_a_person(table: Table) -> None:
    second_laptop(table)
    world = table.world
    table.exchange(rounds=3, pause=61_000)
    world.accept_laptops()
    table.exchange(rounds=5, pause=61_000)
    place = Place("norms", "XB/c")
    for code, status, day in (("XA", "planned", "2026-11-01"), ("XA-2", "in_place", "2026-11-20")):
        screen = table.screen(code, "commitments")
        screen.open_ref("norms/c")
        table.settle()
        press(K.Key_M, CTRL, QApplication.focusWidget())
        table.settle()
        screen.rows.matrix.go_to("XB", "c")
        press(K.Key_Return, widget=screen.rows.matrix.first())
        asked = dialog(table, CellDialog)
        asked.choices[status].setChecked(True)
        assert not asked.keep.isEnabled()
        asked.asked["date"].line.setText(day)
        if asked.note.isVisible():
            asked.note.setText("Said in the working group")
        press(K.Key_Return, widget=asked.keep)
        table.settle()
        assert world[code].registers.row(place).cells["status"].values == (status,)
    table.exchange(rounds=5, pause=61_000)
    for code in ("XA", "XA-2"):
        assert world[code].registers.row(place).cells["status"].differs, code
    screen = table.screen("XA", "commitments")
    screen.open_ref("norms/XB/c")
    table.settle()
    line = screen.rows.row_page.form.lines["status"]
    assert line.button.isVisible()
    press(K.Key_D, CTRL | SHIFT, screen.rows.row_page.back)
    settling = dialog(table, SettleDialog)
    assert len(settling.options) == 3
    chosen = next(made for made, values in settling.options if values == ("in_place",))
    chosen.setChecked(True)
    for editor in settling.asked.values():
        editor.line.setText("2026-11-20")
    press(K.Key_Return, widget=settling.keep)
    table.settle()
    table.exchange(rounds=5, pause=61_000)
    for code in ("XA", "XA-2"):
        cell = world[code].registers.row(place).cells["status"]
        assert cell.values == ("in_place",) and not cell.differs, code
    assert not screen.rows.row_page.form.lines["status"].button.isVisible()
    assert len(screen.rows.row_page.history.events) >= 3


def test_a_citation_typed_in_the_search_opens_the_norm(table: Table) -> None:
    window = table.front("XA")
    hits = window.door.search("A/70/174 13 (f)")
    assert hits and hits[0].ref == "norms/f"
    screen = table.screen("XA", "commitments")
    screen.open_ref(hits[0].ref)
    table.settle()
    assert screen.page.symbol.text().endswith("13 (f)")
