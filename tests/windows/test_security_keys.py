"""The section "Keys that move on": what it says is what the desk keeps, and one button moves the keys."""

from __future__ import annotations

from dataclasses import replace

import fake_data as d
import pytest
from fake_door import FakeDoor
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSpinBox
from pytestqt.qtbot import QtBot

from valise.desk.views import Changes
from valise.domain.errors import Unavailable
from valise.ui.security.keys import SETTINGS, DelegationRow, KeysSection
from valise.ui.tasks import Runner
from valise.ui.text_safe import clean
from valise.ui.widgets.labels import SafeLabel

EVERYTHING = Changes(status=True, settings=True)


@pytest.fixture
def section(qtbot: QtBot, worn: object, door: FakeDoor, runner: Runner) -> KeysSection:
    made = KeysSection(door, runner)
    qtbot.addWidget(made)
    made.resize(860, 900)
    made.refresh(EVERYTHING)
    made.show()
    return made


def words(section: KeysSection) -> dict[str, str]:
    """Delegation code -> everything its row says."""
    found = {}
    for one in section.list.findChildren(DelegationRow):
        if not one.isHidden():
            found[one.view.code] = clean(" ".join(label.text() for label in one.findChildren(SafeLabel)))
    return found


def test_each_delegation_says_how_far_its_keys_have_come(section: KeysSection) -> None:
    said = words(section)
    assert list(said) == ["XB", "XC", "XD", "XE"]
    assert "Connected" in said["XB"] and "72 hours" in said["XB"] and "last moved on" in said["XB"]
    assert "By courier" in said["XC"] and "30 days" in said["XC"]
    assert "no answer to a newer key yet" in said["XD"] and "destroyed by" not in said["XD"]
    assert "nothing exchanged yet" in said["XE"] and "passphrase" not in said["XE"]
    for code in ("XB", "XC", "XD"):
        assert "takes this laptop and its passphrase can also open" in said[code]
    assert "destroyed by" in said["XC"]


def test_what_is_kept_for_old_cards_is_said(section: KeysSection, door: FakeDoor) -> None:
    assert "Older cards still work until" in clean(section.kept.text())
    assert not section.bar.isVisible()
    door.ratchets.card_keys = replace(door.ratchets.card_keys, kept=0, asked_at=door.now - d.HOUR)
    section.refresh(EVERYTHING)
    assert "No older ones are kept" in clean(section.kept.text())
    assert section.bar.isVisible() and "too old" in clean(section.bar.happened.text())


def test_one_button_moves_them_on(section: KeysSection, door: FakeDoor, qtbot: QtBot) -> None:
    section.focus_first()
    qtbot.keyClick(section.move_on, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: section.bar.isVisible() and section.runner.idle)
    assert len(door.called("ratchets.move_on")) == 1 and section.move_on.isEnabled()
    assert "new" in section.bar.happened.text()


def test_what_fails_is_told_and_can_be_tried_again(section: KeysSection, door: FakeDoor, qtbot: QtBot) -> None:
    door.fail("ratchets.move_on", Unavailable("vault.disk_full", "x"))
    with qtbot.waitSignal(section.notice) as told:
        section.move_on.click()
    assert told.args[0].code == "vault.disk_full" and section.move_on.isEnabled()


def test_both_windows_are_set_here(section: KeysSection, door: FakeDoor, qtbot: QtBot) -> None:
    assert list(section.fields) == list(SETTINGS)
    for key, field in section.fields.items():
        editor = field.editor
        assert isinstance(editor, QSpinBox) and editor.accessibleName() and editor.value() == door.settings.get(key)
        editor.setValue(editor.value() + 1)
        qtbot.waitUntil(lambda: section.runner.idle)
        assert door.settings.get(key) == editor.value()


def test_nothing_known_is_said(section: KeysSection, door: FakeDoor) -> None:
    door.ratchets.rows = []
    section.refresh(EVERYTHING)
    assert words(section) == {}
    assert any("no other laptop" in label.text() for label in section.list.findChildren(SafeLabel))
