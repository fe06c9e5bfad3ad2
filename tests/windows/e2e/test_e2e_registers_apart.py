"""Every register through two windows of one delegation: a row made and filled, one field of it changed on two laptops apart, settled by
a person, written as a table, changed, read back equal, and there at both after a restart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hands import CTRL, SHIFT, Desks, Table, drain, press
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from test_e2e_registers import dialog, fill
from test_e2e_release import second_laptop

from valise.desk.door_registers import Place
from valise.domain.register.definition import Column, Definition
from valise.ui import theme
from valise.ui.registers.asking import SettleDialog
from valise.ui.registers.exporting import ExportDialog
from valise.ui.registers.importing import ImportDialog

K = Qt.Key
LAPTOPS = ("XA", "XA-2")
SAID = {"XA": "Said on the first laptop", "XA-2": "Said on the second laptop"}


@pytest.fixture
def table(worn: theme.Theme, tmp_path: Path, qtbot: Any) -> Iterator[Table]:
    """Aurelia with two laptops that know each other."""
    made = Table(Desks(tmp_path, ("XA",), acquainted=False), qtbot)
    second_laptop(made)
    made.exchange(rounds=3, pause=61_000)
    made.world.accept_laptops()
    made.exchange(rounds=5, pause=61_000)
    yield made
    made.close()
    made.world.close()


def made_row(table: Table, screen: Any, definition: Definition) -> Place:
    """A row, filled and kept in the window of the first laptop."""
    screen.open_ref(definition.id)
    if definition.rows == ("record",):
        screen.new()
    else:
        about = {"state": "XB", "item": definition.items[0].id if definition.items else "", "delegation": table.world.id("XA")}
        screen.page.open_row(Place(definition.id, "/".join(about[axis] for axis in definition.rows)))
    fill(table, screen, definition)
    place: Place = screen.page.row_page.place
    press(K.Key_Escape, widget=screen.page.row_page.back)
    return place


def field_of(definition: Definition) -> Column:
    """One in which both can write a line of their own."""
    return next(one for one in definition.columns_of("stated") if one.kind in ("text", "long") and one.by_hand and not one.many and not one.asks)


def open_row(table: Table, code: str, place: Place) -> Any:
    """That row in the window of a laptop; the page."""
    screen = table.screen(code, "registers")
    screen.open_ref(place.register)
    screen.page.open_row(place)
    table.settle()
    return screen.page.row_page


def say(table: Table, code: str, place: Place, field: str, words: str) -> None:
    """Write it over what stands there, keep it by Ctrl+S, go back."""
    page = open_row(table, code, place)
    page.form.lines[field].editor.set_values((words,))
    press(K.Key_S, CTRL, page.back)
    table.settle()
    assert not page.begun, (place.register, page.bar.happened.plain())
    press(K.Key_Escape, widget=page.back)


def settle(table: Table, place: Place, field: str, wanted: str) -> None:
    """Ctrl+Shift+D, one of the values, and what it asks for."""
    page = open_row(table, "XA", place)
    assert page.form.lines[field].button.isVisible(), place.register
    press(K.Key_D, CTRL | SHIFT, page.back)
    asked = dialog(table, SettleDialog)
    by = {values: made for made, values in asked.options}
    assert set(by) == {(SAID["XA"],), (SAID["XA-2"],), ()}, place.register  # both, and a third
    assert not asked.keep.isEnabled()
    by[(wanted,)].setChecked(True)
    press(K.Key_Return, widget=asked.keep)
    table.settle()
    drain()
    assert not page.form.lines[field].button.isVisible(), place.register
    assert {one.after for one in page.history.events if one.field == field} >= set(SAID.values()), place.register  # nothing is forgotten
    press(K.Key_Escape, widget=page.back)


def to_table(table: Table, screen: Any, register: str) -> None:
    """The rows of a register, in its table where it has one."""
    screen.open_ref(register)
    place = next((n for n, one in enumerate(screen.page.views) if one.kind == "table" and not one.only), 0)
    screen.page.use_view(place)
    table.settle()
    table.front("XA")


def written(table: Table, screen: Any, register: str, path: Path) -> None:
    """All rows as CSV, by Ctrl+Shift+X."""
    to_table(table, screen, register)
    press(K.Key_X, CTRL | SHIFT, screen.page.widget())
    leaving = dialog(table, ExportDialog)
    leaving.save_to(path)
    table.settle()
    leaving.reject()
    drain()
    assert path.stat().st_size, register


def read_back(table: Table, screen: Any, register: str, path: Path, changes: int) -> None:
    """Ctrl+I, a look, and all of it."""
    to_table(table, screen, register)
    press(K.Key_I, CTRL, screen.page.widget())
    reading = dialog(table, ImportDialog)
    reading.read(path)
    table.qtbot.waitUntil(lambda: not reading.busy, timeout=20_000)
    found = reading.preview
    assert found is not None and not found.faults, (register, found and found.faults)
    assert (found.total_changes, found.rows - found.equal) == (changes, min(changes, 1)), (register, found.changes)
    if changes:
        reading.go.click()
        table.settle()
    else:
        reading.reject()
    drain()


@pytest.mark.parametrize("which", [("correspondence", "norms"), pytest.param((), marks=pytest.mark.soak, id="every register")])
def test_registers_apart_settled_written_read_back_and_restarted(table: Table, tmp_path: Path, which: tuple[str, ...]) -> None:
    world = table.world
    screen = table.screen("XA", "registers")
    for code in LAPTOPS:
        table.screen(code, "registers")
        world[code].exchange.when_wanted(None)  # no window exchanges by itself: they are apart until they are told
    definitions = {one.id: one for one in world["XA"].registers.definitions() if one.id in which or not which}
    assert len(definitions) == len(which) or len(definitions) >= 25
    places = {id: made_row(table, screen, one) for id, one in definitions.items()}
    table.exchange(rounds=3, pause=61_000)
    fields = {id: field_of(one).id for id, one in definitions.items()}
    for code in LAPTOPS:
        for id, place in places.items():
            say(table, code, place, fields[id], SAID[code])
    table.exchange(rounds=3, pause=61_000)
    for id, place in places.items():
        for code in LAPTOPS:
            cell = world[code].registers.row(place).cells[fields[id]]
            assert cell.differs and {one.values for one in cell.said} == {(words,) for words in SAID.values()}, (id, code)
    told = {one.values[0] for one in world["XA"].overview().due if one.line == "register.differs"}
    assert told == set(definitions)  # nobody has to look for them
    for n, (id, place) in enumerate(places.items()):
        settle(table, place, fields[id], SAID[LAPTOPS[n % 2]])
    assert not [one for one in world["XA"].overview().due if one.line == "register.differs"]
    for n, (id, place) in enumerate(places.items()):
        path, wanted = tmp_path / f"{id}.csv", SAID[LAPTOPS[n % 2]]
        shown = fields[id] in {one.id for one in definitions[id].written("stated", None, _table_of(definitions[id]))}
        written(table, screen, id, path)
        read_back(table, screen, id, path, 0)
        if shown:
            say(table, "XA", place, fields[id], "Changed since it was written")
            read_back(table, screen, id, path, 1)
        assert world["XA"].registers.row(place).cells[fields[id]].values == (wanted,), id
    table.exchange(rounds=3, pause=61_000)
    held = {id: _values(world["XA"].registers.row(place)) for id, place in places.items()}
    for code in LAPTOPS:
        window = table.windows.pop(code)
        window.close()
        window.deleteLater()
        drain()
    world.desks["XA-2"].close()
    world.desks["XA-2"] = world.gate("XA-2").unlock(bytearray(b"another one"))
    world.reopen("XA")
    for code in LAPTOPS:
        for id, place in places.items():
            row = world[code].registers.row(place)
            assert _values(row) == held[id] and not row.differs, (id, code)
    assert QApplication.activeModalWidget() is None


def _table_of(definition: Definition) -> str:
    return next((one.id for one in definition.views if one.kind == "table" and not one.only), definition.views[0].id)


def _values(row: Any) -> dict[str, tuple[str, ...]]:
    return {one: cell.values for one, cell in row.cells.items() if cell.values}
