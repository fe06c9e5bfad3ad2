"""Fixtures of the window's tests: the theme, a fake door, a runner and a main window that end cleanly."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from dialogs_walked import Walked
from draining import drain
from fake_door import FakeDoor, FakeGate
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from valise.ui import language, theme
from valise.ui.tasks import Runner
from valise.ui.window import MainWindow

HERE = Path(__file__).parent
sys.path.append(str(HERE.parents[1] / "docs" / "pictures"))  # what looks at pictures looks at windows in tests too


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            # The offscreen platform has no window manager and says so; names of languages stand in their own scripts, and a
            # machine need not have letters for all of them.
            item.add_marker(
                pytest.mark.qt_log_ignore("This plugin does not support", "OpenType support missing", extend=True)
            )


def close_everything() -> None:
    for widget in QApplication.topLevelWidgets():
        widget.close()
        widget.deleteLater()
    drain()


class Bot(QtBot):
    """Looks again soon: what is waited for here mostly takes less than the ten milliseconds between two looks of pytest-qt."""

    def wait(self, ms: int) -> None:
        super().wait(min(ms, 2))


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> Bot:
    return Bot(request)


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    return ["valise-tests"]


@pytest.fixture(scope="session")
def translations() -> ModuleType:
    """The tool that makes the translations, with every .qm made."""
    spec = importlib.util.spec_from_file_location("valise_translations", HERE.parents[1] / "packaging/translations.py")
    assert spec is not None and spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    tool.compile_all()
    return tool


@pytest.fixture(scope="session", autouse=True)
def english(qapp: QApplication, translations: ModuleType) -> None:
    """The window in English, whatever this computer speaks: its plurals are a translation too."""
    language.use(qapp, "en")


@pytest.fixture
def worn(qapp: QApplication) -> Iterator[theme.Theme]:
    """The theme, light again afterwards."""
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    there = theme.install(qapp, "light")
    yield there
    there.choose("light")


@pytest.fixture(autouse=True)
def dialogs_walked(english: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever dialog a test opens has names, roles and an order for those who need them."""
    walked = Walked(monkeypatch)
    yield
    assert not walked.problems, "\n".join(sorted(walked.problems))


@pytest.fixture
def right_to_left(worn: theme.Theme, qapp: QApplication) -> Iterator[None]:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    yield
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


@pytest.fixture
def door() -> FakeDoor:
    return FakeDoor()


@pytest.fixture
def gate(tmp_path: Path) -> FakeGate:
    return FakeGate(tmp_path)


@pytest.fixture
def runner(qapp: QApplication) -> Iterator[Runner]:
    made = Runner()
    yield made
    made.close()
    made.deleteLater()
    drain()


@pytest.fixture
def window(worn: theme.Theme, door: FakeDoor, qtbot: Any) -> Iterator[MainWindow]:
    """A shown main window on the fake door, without its periodic exchange."""
    made = MainWindow(door, periodic=False)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    made.close()
    made.deleteLater()
    close_everything()


@pytest.fixture
def keep(worn: theme.Theme, qtbot: Any) -> Iterator[Callable[[QWidget], QWidget]]:
    """Show a widget and close it when the test ends."""

    held: list[QWidget] = []  # nothing else may own a window meanwhile

    def hold(widget: QWidget) -> QWidget:
        held.append(widget)
        widget.show()
        widget.activateWindow()
        qtbot.waitUntil(widget.isActiveWindow)
        return widget

    yield hold
    held.clear()
    close_everything()
