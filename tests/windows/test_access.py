"""What assistive technology is told where Qt by itself says too little or too much; on a real bus in tests/a11y."""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from draining import drain
from fake_door import FakeDoor, FakeGate
from PySide6.QtCore import QDate, QObject, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QApplication, QComboBox, QListWidget, QVBoxLayout, QWidget

from valise.ui import access
from valise.ui.access_cells import Cell
from valise.ui.first.front import Front
from valise.ui.overview.month import DAYS, WEEKS, MonthGrid
from valise.ui.registers.map import MatrixMap
from valise.ui.widgets.labels import named
from valise.ui.widgets.passphrase import PassphraseEntry
from valise.ui.window import MainWindow

Role, Text = QAccessible.Role, QAccessible.Text
DAY = QDate(2026, 12, 8)


@pytest.fixture(autouse=True)
def listening(qapp: QApplication) -> None:
    access.install()


def told(one: QObject) -> QAccessibleInterface:
    found = QAccessible.queryAccessibleInterface(one)
    assert found is not None
    return found


def month(keep: Callable[[QWidget], Any]) -> MonthGrid:
    made = MonthGrid(DAY)
    made.resize(700, 500)
    keep(made)
    made.setFocus()
    return made


@pytest.mark.parametrize("mirrored", [False, True])
def test_the_month_is_a_list_of_days(keep: Callable[[QWidget], Any], mirrored: bool, request: pytest.FixtureRequest) -> None:
    if mirrored:
        request.getfixturevalue("right_to_left")
    grid = month(keep)
    one = told(grid)
    assert (one.role(), one.childCount()) == (Role.List, DAYS * WEEKS)
    days = [one.child(n) for n in range(one.childCount())]
    assert {day.role() for day in days} == {Role.ListItem}
    assert days[0].text(Text.Name).startswith("Monday 30 November 2026")
    here = one.focusChild()
    assert here.text(Text.Name) == "Tuesday 8 December 2026, today: nothing"
    assert here.state().focused and here.state().selected and not days[0].state().focused
    assert one.indexOfChild(here) == 8 and here.parent().object() is grid
    spot = here.rect()
    assert grid.at(*grid.mapFromGlobal(spot.center()).toTuple()) == DAY
    assert one.childAt(spot.center().x(), spot.center().y()).text(Text.Name) == here.text(Text.Name)
    opened: list[QDate] = []
    grid.opened.connect(opened.append)
    acts = one.actionInterface()
    assert access.PRESS in acts.actionNames()
    acts.doAction(access.PRESS)
    assert opened == [DAY]


def test_arrows_move_among_the_days(keep: Callable[[QWidget], Any], qtbot: Any) -> None:
    grid = month(keep)
    qtbot.keyClick(grid, Qt.Key.Key_Right)
    qtbot.keyClick(grid, Qt.Key.Key_PageDown)
    assert told(grid).focusChild().text(Text.Name).startswith("Saturday 9 January 2027")
    assert len(grid.cells._made) <= 3  # those that were asked for, not the month


def test_cells_go_with_their_widget(qapp: QApplication) -> None:
    for _ in range(20):
        grid = MonthGrid(DAY)
        one = told(grid)
        names = [one.child(n).text(Text.Name) for n in range(one.childCount())]
        assert len(set(names)) == DAYS * WEEKS
        grid.deleteLater()
        del grid, one
        drain()
    gc.collect()
    assert not [one for one in gc.get_objects() if type(one) is MonthGrid]


def test_the_matrix_is_a_list_of_cells_and_takes_new_ones(door: FakeDoor, worn: object, qtbot: Any) -> None:
    window = MainWindow(door, periodic=False)
    window.show()
    window.show_screen("registers", focus=True)
    qtbot.waitUntil(lambda: window.runner.idle)
    screen: Any = window.made("registers")
    screen.open_ref("norms")
    qtbot.waitUntil(lambda: window.runner.idle)
    drawn = window.findChildren(MatrixMap)[0]
    one = told(drawn)
    rows, columns = drawn.shape_of_cells()
    assert (one.role(), one.childCount()) == (Role.List, rows * columns)
    if rows and columns:
        assert one.child(columns).text(Text.Name) == drawn.words_of_cell(1, 0) if rows > 1 else True
    drawn.model.modelReset.emit()
    drain()
    assert not [cell for cell in drawn.children() if isinstance(cell, Cell)]
    window.close()
    drain()


def test_a_passphrase_has_no_text_for_anybody(keep: Callable[[QWidget], Any], qtbot: Any) -> None:
    page = QWidget()
    entry = PassphraseEntry("Passphrase", page)
    QVBoxLayout(page).addWidget(entry)
    keep(page)
    qtbot.keyClicks(entry.field(), "quiet nets")
    for shown in (False, True):
        entry._eye.setChecked(shown)
        one = told(entry.field())
        assert one.text(Text.Name) == "Passphrase" and one.state().passwordEdit
        assert one.textInterface() is None and one.editableTextInterface() is None
        assert not [what for what in Text if "nets" in one.text(what)]
    told(entry.field()).setText(Text.Value, "other words")  # it may be written
    assert entry.take() == b"other words"
    assert told(entry.field()).textInterface() is None  # the next life of the box


def test_a_choice_says_what_it_is_about(keep: Callable[[QWidget], Any]) -> None:
    page = QWidget()
    box = named(QComboBox(page), "Room")
    box.addItems(["One", "Two"])
    QVBoxLayout(page).addWidget(box)
    keep(page)
    told(box)
    drain()
    labels = [one.text(Text.Name) for one, kind in told(box).relations() if kind & QAccessible.RelationFlag.Label]
    assert labels == ["Room"]
    assert not [one for one in page.findChildren(QWidget) if one.isVisible() and one.accessibleName() == "" and one is not box
                and one.parent() is page]  # fmt: skip


def test_where_a_row_is_selected_one_is(keep: Callable[[QWidget], Any], qtbot: Any) -> None:
    rows = QListWidget()
    rows.addItems(["One", "Two", "Three"])
    keep(rows)
    rows.setCurrentRow(0)
    one = told(rows)
    drain()
    one.selectionInterface().select(one.child(2)) if one.selectionInterface() else rows.item(2).setSelected(True)
    qtbot.waitUntil(lambda: rows.currentRow() == 2)


def test_windows_are_windows_and_screens_are_tabs(keep: Callable[[QWidget], Any], tmp_path: Path, window: MainWindow) -> None:
    front = keep(Front(FakeGate(tmp_path, exists=True), "", None))
    assert told(front).role() == Role.Window and told(window).role() == Role.Window
    button = window.sidebar.buttons["texts"]
    tab = told(button)
    assert tab.role() == Role.PageTab and not tab.state().selected
    tab.actionInterface().doAction(access.PRESS)
    assert tab.state().selected and window.stack.currentWidget() is window.made("texts")
    assert tab.text(Text.Name).startswith("Texts")
