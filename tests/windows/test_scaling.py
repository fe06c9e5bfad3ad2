"""Twice the size on a screen of 1366 x 768: everything can be reached, nothing is cut.

The whole window is drawn larger, so that its screen has half as many pixels of its own: 683 x 384. What does not fit scrolls.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import shiboken6
from draining import drain
from fake_door import FakeDoor, FakeGate
from pseudo import cut
from PySide6.QtCore import QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from test_pseudo import SCREENS, close_all, close_menu, dialogs, openers, places

from valise.ui import language, theme, zoom
from valise.ui.first.front import Front
from valise.ui.security import sections
from valise.ui.widgets.asking import Asking
from valise.ui.widgets.buttons import button
from valise.ui.window import MainWindow

HALF = QSize(683, 384)
MOST = HALF - zoom.FRAME
OPENING = ("overview", "texts", "contacts", "messages", "registers")  # they ask in a dialog as they open first


@pytest.fixture
def small(worn: theme.Theme, door: FakeDoor, qtbot: Any) -> Iterator[MainWindow]:
    made = MainWindow(door, periodic=False)
    made.setMinimumSize(zoom.LEAST)
    made.resize(MOST)
    made.show()
    qtbot.waitUntil(lambda: made.runner.idle)
    drain()
    yield made
    made.close()
    drain()


def out_of_reach(root: QWidget) -> set[str]:
    """What lies outside of its window and within nothing that scrolls."""
    found = set()
    for one in root.findChildren(QPushButton):
        if one.isVisible() and not root.rect().contains(one.mapTo(root, one.rect().center())):
            around = one.parentWidget()
            while around is not None and around is not root and not around.inherits("QAbstractScrollArea"):
                around = around.parentWidget()
            if around is root or around is None:
                found.add(f"{one.text()!r} at {one.mapTo(root, one.rect().center()).toTuple()}")
    return found


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_can_be_used(name: str, small: MainWindow, qtbot: Any) -> None:
    small.show_screen(name, focus=True)
    qtbot.waitUntil(lambda: small.runner.idle)
    assert (small.width(), small.height()) == MOST.toTuple()
    short: set[str] = set()
    far: set[str] = set()
    for _place in places(small.made(name)):
        drain()
        short |= cut(small)
        far |= out_of_reach(small)
    assert not short, "\n".join(sorted(short))
    assert not far, "\n".join(sorted(far))
    assert (small.width(), small.height()) == MOST.toTuple(), "something made the window larger"


def sideways(root: QWidget) -> set[str]:
    """What is wider than its place, and so scrolls to the side or is cut there."""
    found = set()
    for one in root.findChildren(QScrollArea):
        if one.isVisible() and not one.visibleRegion().isEmpty() and one.horizontalScrollBar().maximum() > 0:
            found.add(f"{type(one).__name__} {one.accessibleName()!r} lacks {one.horizontalScrollBar().maximum()} px")
    return found


@pytest.mark.parametrize("spoken", ["ar", "en", "es", "fr", "ru", "zh"])
def test_nothing_scrolls_to_the_side(spoken: str, worn: theme.Theme, door: FakeDoor, qtbot: Any, qapp: QApplication) -> None:
    """On 1280 x 800. The other screens have three columns, or tables."""
    language.use(qapp, spoken)
    made = MainWindow(door, periodic=False)
    try:
        made.setMinimumSize(zoom.LEAST)
        made.resize(640, 400)
        made.show()
        found: set[str] = set()
        ways = [("security", one.name) for one in sections.shown()]
        for screen, ref in (*ways, ("settings", "language"), ("settings", "exchange"), ("settings", "exchange:grants"), ("settings", "exchange:addresses"), ("messages", ""), ("texts", "")):
            made.go(screen, ref)
            for tab in range(3 if screen == "texts" else 1):
                if screen == "texts":
                    made.made("texts").tabs.setCurrentIndex(tab)  # type: ignore[attr-defined]
                qtbot.waitUntil(lambda: made.runner.idle)
                drain()
                found |= {f"{screen} {ref}: {one}" for one in sideways(made)}
        assert not found, "\n".join(sorted(found))
        made.go("messages", "")
        drain()
        talk = made.made("messages").talk  # type: ignore[attr-defined]
        send = talk.composer.send_button
        assert send.mapTo(talk, send.rect().bottomRight()).y() < talk.composer.meaning.mapTo(talk, QPoint()).y()
        assert send.height() >= send.heightForWidth(send.width()), "the button that sends is not whole"
    finally:
        made.close()
        drain()
        language.use(qapp, "en")
        drain()


@pytest.mark.parametrize("name", OPENING)
def test_its_dialogs_can_be_used(name: str, small: MainWindow, qtbot: Any, tmp_path: Path) -> None:
    small.show_screen(name, focus=True)
    qtbot.waitUntil(lambda: small.runner.idle)
    problems: set[str] = set()
    seen: set[str] = set()
    for one in openers(small, name == SCREENS[0]):
        if not shiboken6.isValid(one) or not one.isEnabled():
            continue
        QTimer.singleShot(0, close_menu)
        one.trigger() if isinstance(one, QAction) else one.click()
        qtbot.waitUntil(lambda: small.runner.idle)
        drain()
        for dialog in dialogs():
            zoom.fit(dialog, MOST)
            drain()
            seen.add(type(dialog).__name__)
            problems |= {f"{type(dialog).__name__}: {this}" for this in cut(dialog) | out_of_reach(dialog)}
            if dialog.width() > MOST.width() or dialog.height() > MOST.height():
                problems.add(f"{type(dialog).__name__} is {dialog.width()}x{dialog.height()}")
        close_all()
    assert seen, "nothing was opened"
    assert not problems, "\n".join(sorted(problems))


@pytest.mark.parametrize("which", ["unlock", "first run", "waiting"])
def test_before_the_vault_is_open(which: str, keep: Callable[[QWidget], Any], tmp_path: Path) -> None:
    front = keep(Front(FakeGate(tmp_path, exists=which != "first run", awaiting=which == "waiting"), "idle", lambda _door: None))
    front.resize(MOST)
    drain()
    assert (front.width(), front.height()) == MOST.toTuple()
    problems = cut(front) | out_of_reach(front)
    stack = front.findChild(QStackedWidget)
    for n in range(stack.count() if stack is not None else 0):
        stack.setCurrentIndex(n)
        drain()
        problems |= cut(front) | out_of_reach(front)
    assert not problems, "\n".join(sorted(problems))


def test_the_check_itself_notices(keep: Callable[[QWidget], Any]) -> None:
    page = QWidget()
    page.resize(100, 100)
    lost = QPushButton("Gone", page)
    lost.move(300, 10)
    keep(page)
    assert len(out_of_reach(page)) == 1


def test_a_dialog_that_is_too_large_scrolls_to_where_the_keyboard_is(keep: Callable[[QWidget], Any], qtbot: Any) -> None:
    made = Asking(width=900)
    made.begin("Large")
    for n in range(40):
        made.say(f"A sentence of which there are many: {n}.")
    last = button("Last", parent=made)
    made.end(last)
    keep(made)
    zoom.fit(made, MOST)
    assert zoom.scrolls(made) and made.width() <= MOST.width() and made.height() <= MOST.height()
    last.setFocus(Qt.FocusReason.TabFocusReason)
    again = made.size()
    made.fit()
    zoom.fit(made, MOST)
    assert made.size() == again and made.findChild(QPushButton) is last
    fitting = QDialog()
    QVBoxLayout(fitting).addWidget(QLabel("Small"))
    keep(fitting)
    zoom.fit(fitting, MOST)
    assert not zoom.scrolls(fitting)


def test_the_sidebar_keeps_every_screen_in_reach(small: MainWindow, qtbot: Any) -> None:
    assert small.sidebar.narrow and small.sidebar.width() < 80
    last = list(small.sidebar.buttons.values())[-1]
    last.setFocus(Qt.FocusReason.TabFocusReason)
    drain()
    assert not last.visibleRegion().isEmpty() and last.visibleRegion().boundingRect().height() == last.height()
    assert last.text() in last.toolTip()
    small.resize(1200, 800)
    drain()
    assert not small.sidebar.narrow and small.sidebar.width() > 180


def test_everything_grows_from_the_next_start_on() -> None:
    environment: dict[str, str] = {}
    zoom.prepare({}, environment)
    zoom.prepare({"look.size": "300"}, environment)
    assert environment == {}
    zoom.prepare({"look.size": "150"}, environment)
    assert environment == {zoom.FACTOR: "1.5"}
    zoom.prepare({"look.size": "200"}, environment)
    assert environment == {zoom.FACTOR: "3"}
    odd = {zoom.FACTOR: "large"}
    zoom.prepare({"look.size": "125"}, odd)
    assert odd == {zoom.FACTOR: "1.25"}
    asked = (
        "from valise.ui import zoom; zoom.prepare({'look.size': '200'});"
        "from PySide6.QtWidgets import QApplication; a = QApplication([]); print(a.primaryScreen().devicePixelRatio())"
    )
    made = subprocess.run(
        [sys.executable, "-c", asked], env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, capture_output=True, text=True, check=True
    )
    assert float(made.stdout) == 2.0
    assert QApplication.primaryScreen().devicePixelRatio() == 1.0
