"""The settings screen: every declared setting, the exchange folder, the own card, another laptop."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fake_door import FakeDoor
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit, QSpinBox
from walk import name_of

from valise import settings
from valise.desk.views import Changes
from valise.domain.errors import NotAllowed, Refused, Unavailable
from valise.ui import theme
from valise.ui.settings import SettingsScreen
from valise.ui.settings.capture import truth
from valise.ui.settings.fields import choices_of, translated
from valise.ui.settings.identity import IdentityCard
from valise.ui.widgets.labels import SafeLabel
from valise.ui.window import MainWindow


@pytest.fixture
def screen(window: MainWindow) -> SettingsScreen:
    window.show_screen("settings", focus=True)
    made = window.made("settings")
    assert isinstance(made, SettingsScreen)
    return made


def test_every_declared_setting_has_one_editor_with_its_label(screen: SettingsScreen) -> None:
    wanted = {one.key for one in settings.SETTINGS} - {"exchange.folder"}
    assert set(screen.fields) == wanted
    for one in settings.SETTINGS:
        if one.key in wanted:
            editor = screen.fields[one.key].editor
            # Where a combo box has a label beside it, its name for assistive technology is its value on some systems.
            assert editor.accessibleName() == one.label
            assert editor.accessibleDescription() == one.help
            kind = {"choice": QComboBox, "switch": QCheckBox, "whole": QSpinBox, "zones": QLineEdit, "text": QLineEdit}[one.type]
            assert isinstance(editor, kind)


def test_setting_goes_to_the_vault_on_the_writer_thread_and_acts_at_once(
    screen: SettingsScreen, window: MainWindow, door: FakeDoor, qtbot: Any
) -> None:
    minutes = screen.fields["lock.idle_minutes"].editor
    assert isinstance(minutes, QSpinBox)
    assert (minutes.minimum(), minutes.maximum(), minutes.value()) == (1, 60, 5)
    minutes.setValue(9)
    qtbot.waitUntil(lambda: window.watch.seconds_left > 500)
    assert door.settings.values["lock.idle_minutes"] == 9
    index = [name for name, _, _ in door.calls].index("settings.set")
    assert door.threads[index].startswith("writer")


def test_the_theme_changes_when_chosen(screen: SettingsScreen, door: FakeDoor, qtbot: Any, worn: theme.Theme) -> None:
    combo = screen.fields["theme"].editor
    assert isinstance(combo, QComboBox)
    combo.setCurrentIndex(combo.findData("dark"))
    qtbot.waitUntil(lambda: theme.tokens().dark)
    combo.setCurrentIndex(combo.findData("light"))
    qtbot.waitUntil(lambda: not theme.tokens().dark)


def test_only_languages_with_a_translation_are_offered() -> None:
    offered = [value for value, _ in choices_of(settings.setting("language"))]
    assert offered[0] == "system"
    assert set(offered) <= {"system", *translated()}
    assert "en" in offered


def test_a_value_that_was_not_stored_is_shown_as_it_is(
    screen: SettingsScreen, window: MainWindow, door: FakeDoor, qtbot: Any
) -> None:
    door.fail("settings.set", Refused("setting.value"))
    seconds = screen.fields["clipboard.clear_seconds"].editor
    assert isinstance(seconds, QSpinBox)
    seconds.setValue(60)
    qtbot.waitUntil(window.notice.isVisible)
    assert seconds.value() == 10


def test_a_change_from_elsewhere_is_shown_without_being_stored_again(
    screen: SettingsScreen, window: MainWindow, door: FakeDoor, qtbot: Any
) -> None:
    door.settings.values["unlock.show_name"] = True
    before = len(door.called("settings.set"))
    with qtbot.waitSignal(window.runner.changed):
        door.touch(Changes(settings=True))
    tick = screen.fields["unlock.show_name"].editor
    assert isinstance(tick, QCheckBox)
    assert tick.isChecked()
    assert len(door.called("settings.set")) == before


# the exchange


def test_the_card_says_where_each_way_stands_and_leads_to_their_page(
    screen: SettingsScreen, window: MainWindow, door: FakeDoor, qtbot: Any
) -> None:
    card = screen.exchange
    lines = {name: words.plain() for name, (_, words) in card.lines.items()}
    assert lines["relay"].startswith("Relay: Works") and "relay.aurelia.example" in lines["relay"]
    assert "/media/exchange" in lines["folder"] and "7 items wait" in lines["courier"]
    door.exchange.way("folder", state="trouble", problem="carrier.unreachable")
    qtbot.waitUntil(lambda: card.lines["folder"][1].plain().startswith("Folder: Cannot be reached"))
    qtbot.keyClick(card.open, Qt.Key.Key_Return)
    assert screen.stack.currentWidget() is screen.ways and screen.ways.isVisible()
    path = "/run/media/officer/" + "a folder in a folder/" * 6 + "exchange <b>"
    door.exchange.way("folder", state="works", place=path)
    qtbot.waitUntil(lambda: "exchange <b>" in card.lines["folder"][1].plain())
    assert path not in card.lines["folder"][1].plain() and "/run/media/officer/" in card.lines["folder"][1].plain()
    for one in (card.lines["folder"][1], screen.ways.cards["folder"].place):  # the whole of it is in the tooltip
        qtbot.waitUntil(lambda one=one: "exchange &lt;b&gt;" in one.toolTip() and "/run/media/officer/a folder" in one.toolTip())
        assert QAccessible.queryAccessibleInterface(one).text(QAccessible.Text.Description) == path  # and no markup is read aloud
    qtbot.keyClick(screen.ways, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert screen.stack.currentWidget() is screen.page and card.open.hasFocus()


def test_a_proxy_is_kept_with_its_password_and_shown_without(screen: SettingsScreen, door: FakeDoor, qtbot: Any) -> None:
    line = screen.fields["exchange.proxy"].editor
    assert isinstance(line, QLineEdit)
    line.setFocus()
    qtbot.keyClicks(line, "http://desk:secret@proxy.example:3128")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert "secret" not in line.text() and not line.isUndoAvailable()
    qtbot.waitUntil(lambda: door.settings.values["exchange.proxy"] == "http://desk:secret@proxy.example:3128")
    before = len(door.called("settings.set"))
    line.editingFinished.emit()  # leaving the field again changes nothing
    assert len(door.called("settings.set")) == before
    assert settings.MASK in line.text()


def test_the_kept_password_is_not_given_to_another_proxy(screen: SettingsScreen, window: MainWindow, door: FakeDoor, qtbot: Any) -> None:
    door.settings.set("exchange.proxy", "http://desk:secret@proxy.example:3128")
    line = screen.fields["exchange.proxy"].editor
    assert isinstance(line, QLineEdit)
    qtbot.waitUntil(lambda: settings.MASK in line.text())
    line.setFocus()
    line.setSelection(line.text().index("proxy"), 5)
    qtbot.keyClicks(line, "other")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(window.notice.isVisible)
    assert "not possible" in window.notice.happened.plain()
    assert door.settings.values["exchange.proxy"] == "http://desk:secret@proxy.example:3128"
    assert line.text() == f"http://desk:{settings.MASK}@proxy.example:3128"


# identity


def test_the_card_is_saved_and_the_fingerprint_can_be_compared(
    screen: SettingsScreen, door: FakeDoor, tmp_path: Path
) -> None:
    card = screen.identity
    assert card.fingerprint.plain().split() == door.contacts.one(door.me_view.delegation).fingerprint.split()
    assert name_of(card.qr) == "QR code of your fingerprint"
    card.write_to(tmp_path / "card")
    assert (tmp_path / "card").read_bytes() == door.contacts.own_card()
    card.write_to(tmp_path / "none" / "card")
    assert card.notice.isVisible()
    assert not list(tmp_path.glob("*.part"))


def test_what_this_laptop_may_is_said_in_one_order(door: FakeDoor, worn: theme.Theme, qtbot: Any) -> None:
    door.me_view = replace(door.me_view, rights=tuple(sorted(door.me_view.rights)))  # as a vault has them
    card = IdentityCard(door)
    qtbot.addWidget(card)
    assert any("may: read, write messages, propose" in one.plain() for one in card.findChildren(SafeLabel))


# files


def test_a_file_that_is_too_large_is_not_read_into_memory(
    screen: SettingsScreen, door: FakeDoor, qtbot: Any, tmp_path: Path
) -> None:
    from valise.ui.widgets import files

    big = tmp_path / "big"
    big.write_bytes(b"x" * 11)
    with pytest.raises(Refused, match=r"file\.large"):
        files.read(big, 10)
    assert files.read(big, 11) == b"x" * 11
    with pytest.raises(Unavailable, match=r"file\.unreadable"):
        files.read(tmp_path / "none")


# truth


def test_what_is_said_about_captures_fits_the_platform(screen: SettingsScreen) -> None:
    assert QGuiApplication.platformName() == "offscreen"
    assert truth().startswith("Nothing keeps")


def test_lock_now_is_a_button_too(screen: SettingsScreen, window: MainWindow, qtbot: Any) -> None:
    with qtbot.waitSignal(window.locked) as heard:
        screen.lock_now.click()
    assert heard.args == ["asked"]


def test_the_screen_scrolls_to_what_has_the_keyboard(screen: SettingsScreen, window: MainWindow, qtbot: Any) -> None:
    assert screen.isAncestorOf(QApplication.focusWidget())
    for _ in range(12):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    focus = QApplication.focusWidget()
    assert screen.isAncestorOf(focus)
    top = focus.mapTo(screen.page.viewport(), focus.rect().topLeft()).y()
    assert 0 <= top < screen.page.viewport().height()


def test_an_error_of_the_desk_is_told_in_the_window(screen: SettingsScreen, window: MainWindow, qtbot: Any) -> None:
    screen.notice.emit(NotAllowed("rights.missing"))
    assert window.notice.isVisible()
