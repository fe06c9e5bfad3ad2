"""The security screen: sections made when first shown, reached by name and by key."""

from __future__ import annotations

import pytest
from fake_door import FakeDoor
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from valise.desk.views import Changes
from valise.ui.security import sections
from valise.ui.security.screen import SecurityScreen
from valise.ui.tasks import Runner
from valise.ui.widgets.labels import Words


@pytest.fixture
def screen(qtbot: QtBot, worn: object, door: FakeDoor, runner: Runner) -> SecurityScreen:
    made = SecurityScreen(door, runner)
    qtbot.addWidget(made)
    made.resize(1040, 720)
    made.show()
    return made


def test_sections_are_made_when_first_shown(screen: SecurityScreen) -> None:
    names = [one.name for one in sections.shown()]
    assert screen.list.count() == len(names) >= 1
    assert list(screen._made) == names[:1]
    for name in names:
        screen.open_ref(name)
        assert screen.section() is screen.section(name)
        assert screen.section(name).accessibleName()
    screen.refresh(Changes(status=True, settings=True))


def test_the_list_is_walked_by_the_keyboard(screen: SecurityScreen, qtbot: QtBot) -> None:
    screen.focus_first()
    for _ in range(screen.list.count() - 1):
        qtbot.keyClick(screen.list, Qt.Key.Key_Down)
    assert screen.section() is screen.section(sections.shown()[-1].name)


def test_an_unknown_section_is_an_error(screen: SecurityScreen) -> None:
    with pytest.raises(KeyError):
        screen.section("nothing")
    screen.open_ref("nothing")  # a reference from elsewhere that leads nowhere changes nothing
    assert screen.section() is screen.section(sections.shown()[0].name)


def test_every_section_bears_its_name(screen: SecurityScreen) -> None:
    for part in sections.shown():
        heads = [one for one in screen.section(part.name).findChildren(Words) if one.property("role") == "title"]
        assert [one.plain() for one in heads] == [part.label]


def test_in_a_narrow_window_the_sections_are_signs_with_names(screen: SecurityScreen, qtbot: QtBot) -> None:
    wide = screen.list.width()
    screen.resize(650, 520)
    qtbot.waitUntil(lambda: screen.list.width() < wide)
    for row, part in enumerate(sections.shown()):
        item = screen.list.item(row)
        assert item.text() == "" and item.toolTip() == part.label
        assert item.data(Qt.ItemDataRole.AccessibleTextRole) == part.label
    for part in sections.shown():
        shown = screen.section(part.name)
        screen.open_ref(part.name)
        assert shown.widget().minimumSizeHint().width() <= shown.viewport().width(), part.name
    screen.resize(1040, 720)
    qtbot.waitUntil(lambda: screen.list.item(0).text() != "")


def test_the_keys_of_a_section_hold_in_the_list(screen: SecurityScreen, qtbot: QtBot, door: FakeDoor) -> None:
    screen.open_ref("evidence")
    screen.list.setFocus()
    assert {one.objectName() for one in screen.list.actions()} == {"evidence.save", "evidence.check"}
    heard: list[str] = []
    next(one for one in screen.section().actions() if one.objectName() == "evidence.check").triggered.connect(lambda: heard.append("check"))
    screen.activateWindow()
    qtbot.waitUntil(screen.list.hasFocus)
    qtbot.keyClick(screen.list, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert heard == ["check"]
    screen.open_ref("checks")
    assert screen.list.actions() == screen.section().actions()
