"""What the pictures are looked at for, in small: nothing cut, nothing in another language, everything on its side. Every screen
and dialog in six languages is the soak, and `make pictures ARGS=--screens` for the eye."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import looking
import pytest
import screens as gallery
from draining import drain
from fake_door import FakeDoor
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QPushButton, QStyle, QVBoxLayout, QWidget
from rooms import LOWER, Rooms

from valise.ui import language, screens, theme
from valise.ui.widgets.buttons import ScrollPage
from valise.ui.window import MainWindow

SCREENS = [one.name for one in screens.shown()]
LTR, RTL = Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft


class Painted(QWidget):
    """Words that stay at the left wherever one reads from, words that turn with the window, and some beyond the edge."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = self.rect().adjusted(10, 0, -10, 0)
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute, "Stays")
        painter.drawText(area.adjusted(0, 30, 0, 0), Qt.AlignmentFlag.AlignLeft, "Turns")
        beyond = QStyle.visualRect(self.layoutDirection(), self.rect(), QRect(self.width() - 20, 60, 200, 20))
        painter.drawText(beyond, Qt.AlignmentFlag.AlignLeft, "Beyond the edge")
        painter.end()


@pytest.fixture
def spoken(qapp: QApplication) -> Iterator[Any]:
    """`spoken("ar")`; English afterwards."""
    yield lambda code: language.use(qapp, code)
    language.use(qapp, "en")
    drain()


def test_the_check_itself_notices(worn: theme.Theme, qapp: QApplication, qtbot: Any) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    box = QVBoxLayout(page)
    label = QLabel("A label that needs more than this")
    label.setFixedWidth(90)
    for one in (Painted(), label, QPushButton("Seal and send"), QCheckBox("… Other")):
        box.addWidget(one)
    page.resize(300, 240)
    page.show()
    drain()
    found = looking.faults(page, "fr")
    assert any(one.startswith("cut: 'Beyond the edge'") for one in found), found
    assert any("A label that needs more" in one for one in found), found
    assert any(one.startswith("English: 'Seal and send'") for one in found), found
    assert any(one.startswith("laid out from the left") for one in looking.faults(page, "ar"))
    assert not any("Turns" in one or "Other" in one for one in found)
    assert looking.foreign("2b53 d213 79ba 2003 cbea\nd213 cafe beef") == set()
    assert looking.foreign("Nobody frobnicates XA/2026 at a.b@c.example") == {"frobnicates"}

    def turn(way: Qt.LayoutDirection) -> None:
        qapp.setLayoutDirection(way)
        drain()

    sides = looking.unmirrored(page, turn)
    turn(LTR)
    told = {one.split("'")[1] for one in sides}
    assert "Stays" in told and not told & {"Turns", "Seal and send"}


def test_what_is_below_the_edge_is_shown_too_and_what_holds_it_counts(worn: theme.Theme, qtbot: Any) -> None:
    root = QWidget()
    qtbot.addWidget(root)
    page = ScrollPage(root)
    page.resize(300, 400)
    last = Painted()
    last.setMinimumHeight(90)
    for one in (*(QPushButton("Seal and send") for _ in range(30)), last):
        page.box.addWidget(one)
    root.show()
    drain()
    assert {"ScrollPage", "QScrollArea", "QPushButton"} <= looking.kinds(root)  # its content covers it wholly
    shown = [(name, "Painted" in looking.kinds(one)) for name, one in Rooms._whole("page", root)]
    assert shown[0] == ("page", False) and shown[-1][1] and 1 < len(shown) <= LOWER + 1
    assert page.verticalScrollBar().value() == 0


@pytest.fixture
def shown(worn: theme.Theme, door: FakeDoor, qtbot: Any) -> Iterator[MainWindow]:
    made = MainWindow(door, periodic=False)
    made.resize(1280, 800)
    made.show()
    qtbot.waitUntil(lambda: made.runner.idle)
    yield made
    made.close()
    drain()


@pytest.mark.parametrize("code", ["ar", "fr"])
def test_every_screen_as_it_opens(code: str, spoken: Any, shown: MainWindow, qtbot: Any) -> None:
    spoken(code)
    found: dict[str, list[str]] = {}
    for name in SCREENS:
        shown.show_screen(name, focus=True)
        for _ in range(3):  # what comes is laid out, and may ask for more
            qtbot.waitUntil(lambda: shown.runner.idle)
            drain()
        for one in looking.faults(shown, code):
            found.setdefault(one, []).append(name)
    assert not found, "\n".join(f"{one}: {names}" for one, names in sorted(found.items()))


@pytest.mark.parametrize("name", SCREENS)
def test_every_screen_is_turned_round(name: str, shown: MainWindow, qapp: QApplication, qtbot: Any) -> None:
    shown.show_screen(name)
    qtbot.waitUntil(lambda: shown.runner.idle)

    def turn(way: Qt.LayoutDirection) -> None:
        qapp.setLayoutDirection(way)
        drain()

    found = looking.unmirrored(shown, turn)
    turn(LTR)
    assert not found, "\n".join(found)


@pytest.mark.soak
@pytest.mark.parametrize("code", gallery.SIX)
def test_every_place_and_dialog(code: str, spoken: Any, worn: theme.Theme, tmp_path: Path) -> None:
    spoken(code)
    rooms = Rooms(tmp_path, QSize(1280, 800))
    found: dict[str, list[str]] = {}
    for name, root in rooms.all():
        for one in looking.faults(root, code):
            found.setdefault(one, []).append(name)
    assert rooms.failed == []
    assert not found, "\n".join(f"{one}: {names[:3]}" for one, names in sorted(found.items()))
