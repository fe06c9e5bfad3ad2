"""The name shown for a State, chosen by a person on a fake door."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fake_door import FakeDoor
from PySide6.QtTest import QTest
from registers_hands import CTRL, SHIFT, Hands, K, open_registers
from walk import nameless

from valise.desk.door_registers import Place
from valise.domain.errors import NotAllowed
from valise.ui import theme
from valise.ui.registers.naming import StateNameDialog

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture
def hands(qtbot: Any, worn: theme.Theme) -> Iterator[Hands]:
    yield from open_registers(qtbot, FakeDoor())


def asked(hands: Hands) -> Any:
    hands.register("norms")
    hands.page.open_row(Place("norms", "XB/b"))
    hands.settled()
    hands.key(K.Key_Y, CTRL | SHIFT, hands.page.row_page.back)
    return hands.dialog(StateNameDialog)


def test_another_name_is_written_and_shown_at_once(hands: Hands) -> None:
    dialog = asked(hands)
    assert nameless(dialog) == [] and dialog.state.currentData() == "XB" and dialog.usual.isChecked()
    QTest.keyClicks(dialog.name, "Our name")
    assert dialog.other.isChecked() and dialog.go.isEnabled()
    dialog.go.click()
    hands.settled()
    assert hands.door.called("registers.name_state")[0][0] == ("XB", "Our name")
    assert dict(hands.page.names.of("state"))["XB"] == "Our name" and "this vault alone" in hands.page.row_page.bar.happened.plain()
    hands.screen.acts.name_state()
    again = hands.dialog(StateNameDialog)
    assert again.other.isChecked() and again.name.text() == "Our name" and "Our name (XB)" in again.state.currentText()
    again.usual.click()
    again.go.click()
    hands.settled()
    assert hands.door.registers.called == {}


def test_the_code_alone_and_an_empty_name(hands: Hands) -> None:
    dialog = asked(hands)
    dialog.other.click()
    assert not dialog.go.isEnabled()
    dialog.code.click()
    dialog.go.click()
    hands.settled()
    assert hands.door.called("registers.name_state")[0][0] == ("XB", "")


def test_what_is_refused_is_said(hands: Hands) -> None:
    dialog = asked(hands)
    hands.door.fail("registers.name_state", NotAllowed("state.name"))
    dialog.name.setText("Other")
    dialog.other.click()
    dialog.go.click()
    hands.settled()
    assert dialog.isVisible() and dialog.bar.isVisible() and dialog.go.isEnabled()
    dialog.reject()
