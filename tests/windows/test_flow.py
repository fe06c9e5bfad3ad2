"""Buttons that go on in another line where there is no room."""

from __future__ import annotations

from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QStyleOptionButton, QVBoxLayout, QWidget

from valise.ui import reading_order, theme
from valise.ui.widgets.buttons import button
from valise.ui.widgets.flow import Flow, flowing
from valise.ui.widgets.layouts import clear

GAP = theme.SPACE.s


@pytest.mark.parametrize("way", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_buttons_flow_in_both_directions(qtbot: Any, way: Qt.LayoutDirection) -> None:
    whole = QWidget()
    qtbot.addWidget(whole)
    whole.setLayoutDirection(way)
    parts = [QWidget(whole) for _ in range(4)]
    for one in parts:
        one.setFixedSize(100, 30)
    parts[1].hide()
    flow = flowing(*parts)
    whole.setLayout(flow)
    whole.resize(220, 80)
    whole.show()
    qtbot.waitExposed(whole)
    step = 100 + GAP
    places = [(0, 0), (step, 0), (0, 30 + GAP)]
    if way == Qt.LayoutDirection.RightToLeft:
        places = [(120 - x, y) for x, y in places]
    assert [(one.x(), one.y()) for one in parts if not one.isHidden()] == places
    assert flow.heightForWidth(220) == 60 + GAP and flow.heightForWidth(400) == 30
    assert flow.minimumSize().width() == 100 and flow.sizeHint().width() >= 3 * 100 + 2 * GAP
    clear(flow)
    assert flow.count() == 0


@pytest.mark.parametrize("way", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_a_button_wider_than_its_place_goes_on_in_a_second_line(qtbot: Any, way: Qt.LayoutDirection, worn: theme.Theme) -> None:
    whole = QWidget()
    qtbot.addWidget(whole)
    whole.setLayoutDirection(way)
    short, long = (button(text, parent=whole) for text in ("Go on", "Put the newest revision of this text under silence"))
    flow = Flow(apart=True)
    for one in (short, long):
        flow.addWidget(one)
    whole.setLayout(flow)
    whole.resize(round(long.sizeHint().width() * 0.7), 200)
    whole.show()
    qtbot.waitExposed(whole)
    assert long.width() == whole.width() and long.height() == long.sizeHint().height() + long.fontMetrics().lineSpacing()
    option = QStyleOptionButton()
    long.initStyleOption(option)
    assert option.text.replace("\n", " ") == long.text() and option.text.count("\n") == 1
    assert flow.heightForWidth(whole.width()) == short.height() + long.height() + 4
    whole.resize(3 * long.sizeHint().width(), 200)
    QApplication.processEvents()
    assert long.height() == short.height() and long.y() == short.y()
    assert (long.x() == 0) if way == Qt.LayoutDirection.RightToLeft else (long.geometry().right() == whole.rect().right())


def test_walking_a_window_leaves_other_layouts_alone(qtbot: Any) -> None:
    for _ in range(5):
        host, other = QWidget(), QWidget()
        box = QVBoxLayout(host)
        parts = [QPushButton("a", host) for _ in range(40)]
        for part in parts:
            box.addWidget(part)
        host.show()
        assert reading_order.stops(host) == parts
        for part in parts:
            shiboken6.delete(part)
        flow = Flow(other)
        for _ in range(40):
            flow.addWidget(QPushButton("b", other))
        shiboken6.delete(host)
        assert [one for one in flow._items if not shiboken6.isValid(one)] == []
        assert flow.sizeHint().width() > 0
        shiboken6.delete(other)
