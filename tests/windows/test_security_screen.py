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
