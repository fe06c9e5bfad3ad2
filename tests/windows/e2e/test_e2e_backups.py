"""A laptop is lost: backed up in its window, restored in another from the first page, admitted there, and talks go on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hands import CTRL, Table, drain, press, type_words
from PySide6.QtCore import Qt
from tests.world import PASSPHRASE

from valise.desk.desk import Desk
from valise.desk.gate import KEY_FILE
from valise.ui.first.front import Front
from valise.ui.first.restore import RestorePage
from valise.ui.security import backups_dialogs
from valise.ui.widgets import choosing

K = Qt.Key


def said(desk: Any, room: str) -> set[str]:
    return {one.body for row in desk.messages.threads(room) for one in desk.messages.page(room, row.id, 0, 99)}


def backups(table: Table, code: str) -> Any:
    """The section on backups of a delegation's window, by its keys."""
    window = table.front(code)
    press(K.Key_0, CTRL, window)
    table.settle()
    screen = window.made("security")
    screen.open_ref("backups")
    section = screen.section()
    table.qtbot.waitUntil(lambda: section.state is not None)
    return section


def typed_into(dialog: Any, qtbot: Any, words: str) -> None:
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    dialog.entry.setFocus()
    type_words(words)
    press(K.Key_Return)


def test_a_lost_laptop_is_restored_admitted_and_goes_on(
    table: Table, tmp_path: Path, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, stick = table.world, tmp_path / "stick"
    stick.mkdir()
    room = world.room()
    world["XA"].messages.send(room, "said yesterday", for_the_record=True)
    world["XB"].messages.send(room, "heard yesterday")
    table.exchange()
    key = tmp_path / "kept apart.key"
    key.write_bytes((world.base / "XA" / KEY_FILE).read_bytes())

    # backed up, by keys
    section = backups(table, "XA")
    monkeypatch.setattr(backups_dialogs, "pick_folder", lambda _parent, _title, slot: slot(stick))
    section.focus_first()
    press(K.Key_Return)
    dialog = section.dialog
    dialog.place.choose.click()
    typed_into(dialog, qtbot, PASSPHRASE.decode())
    qtbot.waitUntil(lambda: not section.work.busy and section.told.isVisible())
    assert section.told.property("tone") == "good", section.told.happened.plain()
    (made,) = stick.iterdir()

    # more is said, then the laptop is gone
    world["XB"].messages.send(room, "for the record since", for_the_record=True)
    world["XB"].messages.send(room, "between us since")
    table.exchange()
    old = world["XA"].me().device
    table.windows.pop("XA").close()
    del world.desks["XA"]
    drain()

    # another one, from the first page
    monkeypatch.setattr(choosing, "pick_file", lambda _parent, _title, _kinds, slot: slot(made))
    front = Front(world.gate("XA anew"))
    qtbot.addWidget(front)
    front.show()
    front.activateWindow()
    qtbot.waitUntil(front.isActiveWindow)
    first: Any = front.content
    first.restore.click()
    page = front.content
    assert isinstance(page, RestorePage)
    page.file.choose.click()
    with qtbot.waitSignal(front.opened) as heard:
        type_words(PASSPHRASE.decode())
        press(K.Key_Return)
    desk: Desk = heard.args[0]
    front.close()
    front.runner.close()
    world.desks["XA"] = desk
    assert said(desk, room) == {"said yesterday", "heard yesterday"} and not desk.me().rights

    # admitted there with the key file
    section = backups(table, "XA")
    qtbot.waitUntil(section.restored.isVisible)
    section.restored.here.click()
    dialog = section.restored.dialog
    monkeypatch.setattr(choosing, "pick_file", lambda _parent, _title, _kinds, slot: slot(key))
    dialog.key.file.choose.click()
    assert [tick.isChecked() for _, tick in dialog.old] == [True]
    typed_into(dialog, qtbot, PASSPHRASE.decode())
    qtbot.waitUntil(lambda: bool(desk.me().rights))
    table.settle()
    assert desk.me().device != old and "is admitted" in section.restored.line.plain()
    card = tmp_path / "XA.valise-card"
    section.restored.write_card(card)
    table.settle()

    # the others look at it, and everything of the record comes back
    for code in ("XB", "XG"):
        world[code].contacts.import_card(card.read_bytes())
        world[code].contacts.decide(world.id("XA"), True)
    table.exchange(10, 700_000)
    world["XB"].messages.send(room, "welcome back")
    desk.messages.send(room, "here again", for_the_record=True)
    table.exchange(4, 30_000)
    assert said(desk, room) >= {"for the record since", "welcome back"} and "between us since" not in said(desk, room)
    assert "here again" in said(world["XB"], room) & said(world["XG"], room)
    section = backups(table, "XA")
    qtbot.waitUntil(lambda: "XB" in section.restored.lost.plain())


def test_a_vault_is_destroyed_in_its_window(table: Table, qtbot: Any) -> None:
    world = table.world
    section = backups(table, "XA")
    window = table["XA"]
    section.destroy.click()
    dialog = section.dialog
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    dialog.typed.setFocus()
    type_words("xa")
    with qtbot.waitSignal(window.locked) as heard:
        dialog.do_it.click()
    assert heard.args == ["asked"]
    assert not world.gate("XA").exists()
    assert [one.name for one in (world.base / "XA").iterdir()] == [KEY_FILE]
