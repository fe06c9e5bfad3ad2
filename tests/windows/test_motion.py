"""Nothing moves where the desktop or the settings ask for stillness."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_door import FakeDoor
from PySide6.QtWidgets import QApplication

from valise.ui import motion
from valise.ui.motion import EFFECTS, Motion
from valise.ui.settings.apply import apply_look
from valise.ui.widgets.buttons import ProgressLine

UI = Path(motion.__file__).parent


@pytest.fixture
def moving(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Motion]:
    made = Motion()
    monkeypatch.setattr(motion, "_one", made)
    yield made
    made.choose("system")
    for _space, key, _value in motion.KEYS:
        made.asked(key, False)


def test_the_setting_and_the_desktop_each_stop_it(moving: Motion) -> None:
    heard: list[bool] = []
    moving.changed.connect(lambda: heard.append(moving.still))
    assert not moving.still
    moving.choose("none")
    moving.asked("reduced-motion", True)
    moving.choose("system")
    assert moving.still and heard == [True]
    moving.asked("reduced-motion", False)
    assert not moving.still and heard == [True, False]


def test_what_takes_long_stands_still_and_runs_again(moving: Motion, qtbot: Any) -> None:
    line = ProgressLine()
    qtbot.addWidget(line)
    line.wait()
    assert (line.minimum(), line.maximum()) == (0, 0)
    moving.choose("none")
    assert line.maximum() == 1 and line.value() == 1 and not line.isHidden()
    moving.choose("system")
    assert line.maximum() == 0
    line.show_progress(3, 9)
    moving.choose("none")
    assert (line.value(), line.maximum()) == (3, 9)
    line.wait()
    assert line.maximum() == 1


def test_menus_open_at_once_and_the_cursor_does_not_blink(moving: Motion, qapp: QApplication) -> None:
    for one in EFFECTS:
        QApplication.setEffectEnabled(one, True)
    before = ({one: QApplication.isEffectEnabled(one) for one in EFFECTS}, QApplication.cursorFlashTime())
    moving.choose("none")
    assert not any(QApplication.isEffectEnabled(one) for one in EFFECTS) and QApplication.cursorFlashTime() == 0
    moving.choose("system")
    assert ({one: QApplication.isEffectEnabled(one) for one in EFFECTS}, QApplication.cursorFlashTime()) == before
    for one in EFFECTS:
        QApplication.setEffectEnabled(one, False)


def test_the_setting_is_used(moving: Motion, door: FakeDoor) -> None:
    door.settings.values["look.motion"] = "none"
    apply_look(door)
    assert moving.still


class Said:
    """A message of the bus."""

    def __init__(self, *arguments: Any) -> None:
        self._arguments = arguments

    def arguments(self) -> list[Any]:
        return list(self._arguments)


class Variant:
    def __init__(self, value: Any) -> None:
        self._value = value

    def variant(self) -> Any:
        return self._value


@pytest.mark.parametrize(
    ("space", "key", "value", "still"),
    [
        ("org.freedesktop.appearance", "reduced-motion", 1, True), ("org.freedesktop.appearance", "reduced-motion", 0, False),
        ("org.gnome.desktop.interface", "enable-animations", False, True), ("org.gnome.desktop.interface", "enable-animations", True, False),
        ("org.gnome.desktop.interface", "reduced-motion", 1, False), ("org.freedesktop.appearance", "color-scheme", 1, False),
    ],
)  # fmt: skip
def test_a_change_of_the_desktop_is_understood(moving: Motion, space: str, key: str, value: Any, still: bool) -> None:
    moving.heard(Said(space, key, Variant(Variant(value))))
    assert moving.still is still
    moving.heard(Said(space, key))
    moving.heard(Said())
    assert moving.still is still


def test_nothing_else_in_the_window_moves() -> None:
    moves = re.compile(r"Q\w*Animation|QTimeLine|QEasingCurve|QMovie|setAnimated|setRange\(0, 0\)|QGraphicsOpacity")
    found = {str(one.relative_to(UI)) for one in UI.rglob("*.py") if moves.search(one.read_text("utf-8"))}
    assert found <= {"motion.py"}, "it must ask `motion` whether it may"
