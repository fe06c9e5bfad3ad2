"""Windows are kept out of screen captures where the system can: asked for each of them, as the setting has it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest
from fake_door import FakeDoor
from PySide6.QtGui import QWindow
from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout, QWidget

from valise.settings import SETTINGS
from valise.ui import theme
from valise.ui.settings import capture
from valise.ui.window import MainWindow


class Platform:
    """A system that can: remembers which windows it leaves out."""

    def __init__(self) -> None:
        self.out: dict[QWindow, bool] = {}
        self.agrees = True

    def __call__(self, window: QWindow, on: bool) -> bool:
        self.out[window] = on
        return self.agrees


@pytest.fixture
def platform() -> Platform:
    return Platform()


@pytest.fixture
def guard(qapp: Any, platform: Platform) -> Iterator[capture.Guard]:
    made = capture.Guard(apply=platform)
    yield made
    made.use(False)
    made.deleteLater()


def test_every_window_and_dialog_is_kept_out_whenever_it_is_shown(
    worn: theme.Theme, guard: capture.Guard, platform: Platform, qtbot: Any
) -> None:
    before = QWidget()
    qtbot.addWidget(before)
    before.show()
    guard.use(True)
    assert platform.out == {before.windowHandle(): True}
    dialog = QDialog(before)
    box = QVBoxLayout(dialog)
    box.addWidget(QLabel("inside", dialog))
    dialog.open()
    assert platform.out == {before.windowHandle(): True, dialog.windowHandle(): True}  # and nothing for what is inside
    platform.out.clear()
    dialog.hide()
    dialog.open()
    assert platform.out == {dialog.windowHandle(): True}
    assert guard.agreed is True


def test_turned_off_it_lets_go_of_all_of_them(
    worn: theme.Theme, guard: capture.Guard, platform: Platform, qtbot: Any
) -> None:
    guard.use(True)
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    guard.use(False)
    assert platform.out == {window.windowHandle(): False}
    platform.out.clear()
    window.hide()
    window.show()
    assert platform.out == {}


def test_a_system_that_does_not_agree_is_believed(
    worn: theme.Theme, guard: capture.Guard, platform: Platform, qtbot: Any
) -> None:
    platform.agrees = False
    guard.use(True)
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    assert guard.agreed is False


def test_the_main_window_uses_it_as_the_setting_has_it(
    worn: theme.Theme, door: FakeDoor, guard: capture.Guard, platform: Platform, qtbot: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    assert next(one for one in SETTINGS if one.key == "capture.protect").default is True
    monkeypatch.setattr(capture, "guard", lambda: guard)
    window = MainWindow(door, periodic=False)
    window.show()
    assert platform.out[window.windowHandle()] is True
    window.show_keys()
    assert len(platform.out) == 2 and all(platform.out.values())
    door.settings.set("capture.protect", False)
    window._apply_settings()
    assert not any(platform.out.values())
    window.close()
    window.deleteLater()


def test_here_nothing_is_claimed(worn: theme.Theme, qtbot: Any) -> None:
    if sys.platform in ("win32", "darwin"):
        pytest.skip("this system can")
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    assert capture.protect(window.windowHandle()) is False
    assert capture.guard() is None


@pytest.mark.parametrize(("system", "begins"), [("win32", "Windows leaves"), ("darwin", "macOS is asked")])
def test_what_is_said_elsewhere(monkeypatch: pytest.MonkeyPatch, system: str, begins: str) -> None:
    monkeypatch.setattr(sys, "platform", system)
    assert capture.possible()
    assert capture.truth().startswith(begins)
    assert "camera is not kept out" in capture.truth()
