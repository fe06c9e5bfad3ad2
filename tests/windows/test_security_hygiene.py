"""The hygiene section on the fake door."""

from __future__ import annotations

from collections.abc import Iterator

import fake_data as d
import fake_today as ft
import pytest
from fake_door import FakeDoor
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from valise.desk.door_hygiene import POINTS, Checked
from valise.desk.views import Changes
from valise.ui import theme
from valise.ui.security import hygiene
from valise.ui.security.hygiene import HygieneSection
from valise.ui.tasks import Runner

ALL = Changes(status=True, settings=True)


@pytest.fixture
def runner(qapp: QApplication) -> Iterator[Runner]:
    theme.install(qapp, "light")
    made = Runner()
    yield made
    made.close()


@pytest.fixture
def door() -> FakeDoor:
    return FakeDoor()


@pytest.fixture
def section(qtbot: QtBot, door: FakeDoor, runner: Runner) -> HygieneSection:
    made = HygieneSection(door, runner)
    made.head("Hygiene")
    qtbot.addWidget(made)
    made.resize(820, 800)
    made.show()
    return made


def shown(section: HygieneSection, door: FakeDoor, qtbot: QtBot, points: tuple[Checked, ...]) -> None:
    door.hygiene.points = points
    section.refresh(ALL)
    qtbot.waitUntil(lambda: section.points == points)


def test_everything_passes_by_sign_and_word(section: HygieneSection, door: FakeDoor, qtbot: QtBot) -> None:
    shown(section, door, qtbot, ft.GOOD)
    assert section.line.plain() == "Everything passes: 10 of 10."
    assert list(section.rows) == list(POINTS)
    assert {one.verdict.plain() for one in section.rows.values()} == {"Passes"}
    assert not any(one.act.isVisible() for one in section.rows.values())


@pytest.mark.parametrize("bad", ft.BAD, ids=lambda one: one.point)
def test_what_fails_says_why_and_leads_to_its_mend(section: HygieneSection, door: FakeDoor, qtbot: QtBot, bad: Checked) -> None:
    points = tuple(bad if one.point == bad.point else one for one in ft.GOOD)
    shown(section, door, qtbot, points)
    row = section.rows[bad.point]
    assert next(iter(section.rows)) == bad.point  # above those that pass
    assert row.verdict.plain() == "Does not pass"
    assert row.line.plain() and "{" not in row.line.plain()
    assert [name for name, one in section.rows.items() if one.act.isVisible()] == [bad.point]
    with qtbot.waitSignal(section.go) as went:
        row.act.click()
    assert went.args == [bad.screen, bad.ref]


def test_every_doubt_of_the_desk_has_its_words() -> None:
    """As the desk can give them, read from its source."""
    import ast
    from pathlib import Path

    import valise.desk.hygiene as desk

    said = {(point, "") for point in POINTS}
    for node in ast.walk(ast.parse(Path(desk.__file__).read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef):
            words = {one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)}
            calls = [one for one in ast.walk(node) if isinstance(one, ast.Call) and getattr(one.func, "id", "") == "Checked"]
            for point in {one.args[0].value for one in calls}:  # type: ignore[attr-defined]
                doubts = words & {"never", "late", "weak", "wrong", "some", "old", "ending", "ended", "one", "beside", "untried"}
                said |= {(point, doubt) for doubt in doubts if (point, doubt) in hygiene._SAID}
                assert any((point, doubt) in hygiene._SAID for doubt in doubts), point
    assert said == set(hygiene._SAID)


def test_an_unknown_doubt_still_fails(qapp: QApplication) -> None:
    assert hygiene.said(Checked("lock", "unknown", "settings", "")) == "This does not pass."


def test_after_the_mend_the_keyboard_is_not_lost(section: HygieneSection, door: FakeDoor, qtbot: QtBot) -> None:
    shown(section, door, qtbot, (ft.BAD[0], *ft.GOOD[1:]))
    section.focus_first()
    assert section.rows["lock"].act.hasFocus()
    shown(section, door, qtbot, ft.GOOD)
    assert section.again.hasFocus()


def test_it_is_not_looked_at_on_the_thread_that_paints(section: HygieneSection, door: FakeDoor, qtbot: QtBot) -> None:
    shown(section, door, qtbot, ft.GOOD)
    section.again.click()
    qtbot.waitUntil(lambda: sum(call[0] == "hygiene.state" for call in door.calls) == 2)
    threads = [thread for (name, _, _), thread in zip(door.calls, door.threads, strict=True) if name == "hygiene.state"]
    assert all(thread.startswith("writer") for thread in threads)
    assert d.NOW


def test_every_control_has_a_name(section: HygieneSection, door: FakeDoor, qtbot: QtBot) -> None:
    shown(section, door, qtbot, ft.BAD)
    for one in section.findChildren(QWidget):
        if one.focusPolicy() != Qt.FocusPolicy.NoFocus and one.isVisible():
            assert QAccessible.queryAccessibleInterface(one).text(QAccessible.Text.Name), type(one).__name__


def test_the_mend_of_the_lock_is_its_setting(qtbot: QtBot, runner: Runner) -> None:
    from valise.ui.settings import SettingsScreen

    made = SettingsScreen(FakeDoor(), runner)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.open_ref(ft.BAD[0].ref)
    editor = made.fields["lock.idle_minutes"].editor
    qtbot.waitUntil(lambda: editor.hasFocus() or editor.isAncestorOf(QApplication.focusWidget()))
