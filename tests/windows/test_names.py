"""What a screen reader finds on every screen: a name and a role for every control, and that Tab goes as one reads and comes
round. Dialogs are walked whenever a test opens one (`dialogs_walked`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from dialogs_walked import letters_twice, roleless, wrong
from draining import drain
from fake_door import FakeDoor
from order import steps_back
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QVBoxLayout, QWidget
from test_pseudo import SCREENS, places
from walk import nameless

from valise.ui import access, theme
from valise.ui.widgets.buttons import button
from valise.ui.window import MainWindow


@pytest.fixture
def shown(worn: theme.Theme, door: FakeDoor, qtbot: Any) -> Iterator[MainWindow]:
    access.install()
    made = MainWindow(door, periodic=False)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(lambda: made.runner.idle and made.isActiveWindow())
    yield made
    made.close()
    drain()


@pytest.mark.parametrize("name", SCREENS)
def test_every_control_of_a_screen_has_a_name_and_a_role(name: str, shown: MainWindow, qtbot: Any) -> None:
    shown.show_screen(name, focus=True)
    qtbot.waitUntil(lambda: shown.runner.idle)
    lacking: set[str] = set()
    for _place in places(shown.made(name)):
        drain()
        lacking |= {*nameless(shown), *roleless(shown)}
    assert not lacking, "\n".join(sorted(lacking))


@pytest.mark.parametrize("name", SCREENS)
@pytest.mark.parametrize("mirrored", [False, True])
def test_tab_goes_as_one_reads_and_comes_round(name: str, mirrored: bool, shown: MainWindow, qtbot: Any, qapp: QApplication) -> None:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft if mirrored else Qt.LayoutDirection.LeftToRight)
    try:
        shown.show_screen(name, focus=True)
        qtbot.waitUntil(lambda: shown.runner.idle)
        drain()
        first = QApplication.focusWidget()
        assert first is not None and shown.made(name).isAncestorOf(first), "the keyboard is not where the work of the screen starts"
        met: list[QWidget] = []
        here: QWidget | None = first
        while here is not None and here not in met and len(met) < 200:
            assert here.isVisible() and here.isEnabled()
            met.append(here)
            # Where Tab writes a tab, Ctrl+Tab goes on.
            qtbot.keyClick(here, Qt.Key.Key_Tab)
            if QApplication.focusWidget() is here:
                qtbot.keyClick(here, Qt.Key.Key_Tab, Qt.KeyboardModifier.ControlModifier)
            here = QApplication.focusWidget()
        drain()
        assert here is first, "it does not come round"
        assert any(shown.sidebar.isAncestorOf(one) for one in met), "the sidebar is out of reach"
        # Once round begins at the sidebar; within it nothing goes back.
        start = next(n for n, one in enumerate(met) if shown.sidebar.isAncestorOf(one))
        problems = steps_back([*met[start:], *met[:start]], shown)
        assert not problems, "\n".join(problems)
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_a_letter_for_two_and_another_look_of_cancel_are_noticed(keep: Callable[[QWidget], Any]) -> None:
    page = QWidget()
    page.setWindowTitle("Page")
    box = QVBoxLayout(page)
    for one in (QCheckBox("&One", page), QCheckBox("Tw&o", page), QCheckBox("Three && four", page), button("Cancel", parent=page)):
        box.addWidget(one)
    keep(page)
    assert letters_twice(page) == ["Alt+O leads to 2 things"]
    assert [one for one in wrong(page) if "Cancel" in one] == ["QWidget: Cancel looks otherwise than elsewhere"]
