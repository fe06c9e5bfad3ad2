"""Fixtures of the window's tests: the theme, a fake door, a runner and a main window that end cleanly."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_door import FakeDoor, FakeGate
from PySide6.QtCore import QCoreApplication, QEvent, QSettings, Qt
from PySide6.QtWidgets import QApplication, QWidget

from valise.ui import theme
from valise.ui.tasks import Runner
from valise.ui.window import MainWindow

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            # The offscreen platform has no window manager to give size hints to, and says so.
            item.add_marker(pytest.mark.qt_log_ignore("propagateSizeHints", extend=True))


def drain() -> None:
    """Let deferred deletions and queued signals happen."""
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        QCoreApplication.processEvents()


def close_everything() -> None:
    for widget in QApplication.topLevelWidgets():
        widget.close()
        widget.deleteLater()
    drain()


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    return ["valise-tests"]


@pytest.fixture
def worn(qapp: QApplication) -> Iterator[theme.Theme]:
    """The theme, light again afterwards."""
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    there = theme.install(qapp, "light")
    yield there
    there.choose("light")


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
