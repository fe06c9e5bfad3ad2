"""Settings to a file and from one, in the window."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fake_door import FakeDoor
from PySide6.QtCore import Qt
from walk import nameless

from valise.settings_file import FIRST
from valise.ui.settings import SettingsScreen
from valise.ui.settings.passing import PassingCard, TakeDialog
from valise.ui.window import MainWindow


@pytest.fixture
def card(window: MainWindow) -> PassingCard:
    window.show_screen("settings", focus=True)
    made = window.made("settings")
    assert isinstance(made, SettingsScreen)
    return made.passing


def take(card: PassingCard, path: Path, *lines: str) -> TakeDialog:
    path.write_text("\n".join((FIRST, *lines)), "utf-8")
    card.take_from(path)
    assert card.dialog is not None
    return card.dialog


def test_what_is_saved_is_taken_elsewhere(card: PassingCard, door: FakeDoor, qtbot: Any, tmp_path: Path) -> None:
    door.settings.values.update({"theme": "dark", "clock.zones": "Asia/Singapore"})
    card.write_to(tmp_path / "mine.settings")
    assert card.done.isVisible() and "mine.settings" in card.done.plain()
    door.settings.values.update({"theme": "light", "clock.zones": ""})
    card.take_from(tmp_path / "mine.settings")
    assert card.dialog is not None and nameless(card.dialog) == []
    assert not door.called("settings.set")
    assert len(card.dialog.lines) == 2 and "Dark, now Light" in card.dialog.lines[0].plain()
    qtbot.mouseClick(card.dialog.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: door.settings.values["theme"] == "dark" and door.settings.values["clock.zones"] == "Asia/Singapore")
    qtbot.waitUntil(lambda: "2" in card.done.plain())


def test_what_protects_less_stands_first_and_says_so(card: PassingCard, door: FakeDoor, qtbot: Any, tmp_path: Path) -> None:
    dialog = take(card, tmp_path / "a", "theme = dark", "lock.idle_minutes = 60", "nonsense = 1")
    assert [line.plain().partition(":")[0] for line in dialog.lines] == ["Lock after", "Light or dark"]
    said = [one.text() for one in dialog.findChildren(type(dialog.lines[0]))]
    assert "Protects less than now." in said and sum(one == "Protects less than now." for one in said) == 1
    assert any("1 " in one and "left out" in one for one in said)
    dialog.reject()
    assert not door.called("settings.set")


def test_a_file_that_is_none_says_so_and_one_that_changes_nothing_has_nothing_to_take(
    card: PassingCard, door: FakeDoor, tmp_path: Path
) -> None:
    (tmp_path / "b").write_bytes(b"\xff\xfe\x00")
    card.take_from(tmp_path / "b")
    assert card.notice.isVisible() and card.dialog is None and "settings" in card.notice.happened.plain()
    dialog = take(card, tmp_path / "c", "lock.idle_minutes = 5")
    assert card.notice.isHidden() and not dialog.go.isEnabled() and nameless(dialog) == []
    dialog.reject()
    card.write_to(tmp_path / "none" / "x")
    assert card.notice.isVisible()


def test_the_password_of_a_proxy_is_in_no_line(card: PassingCard, door: FakeDoor, tmp_path: Path) -> None:
    door.settings.values["exchange.proxy"] = "http://desk:hidden@proxy.example:3128"
    dialog = take(card, tmp_path / "d", "exchange.proxy = http://else.example:80")
    assert "hidden" not in dialog.lines[0].plain() and "else.example" in dialog.lines[0].plain()
    dialog.reject()
