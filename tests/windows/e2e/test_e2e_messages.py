"""Conversation and trust between real delegations, in their windows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hands import CTRL, Table, press, type_words
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from tests.world import PASSPHRASE, World

from valise.ui.contacts.confirm import Confirm

K = Qt.Key
SPOKEN = int(Qt.ItemDataRole.AccessibleTextRole)


def tab_to(widget: Any) -> None:
    """By Tab alone."""
    for _ in range(200):
        if QApplication.focusWidget() is widget:
            return
        press(K.Key_Tab)
    raise AssertionError(f"{widget} is not reached by Tab")


def write(talk: Any, subject: str, body: str) -> None:
    """A new thread: Ctrl+N, subject, message."""
    press(K.Key_N, CTRL)
    assert QApplication.focusWidget() is talk.composer.subject
    type_words(subject)
    press(K.Key_Tab)
    assert QApplication.focusWidget() is talk.composer.body
    type_words(body)


def test_a_message_with_a_file_is_sent_received_saved_and_acknowledged(table: Table, tmp_path: Path) -> None:
    room = table.world.room()
    note = tmp_path / "Note on OP 2.txt"
    note.write_bytes(b"One exercise every year, virtual if need be.\n")
    sender = table.screen("XB", "messages")
    sender.open_ref(room)
    write(sender.talk, "OP 2", "Please see our note.")
    sender.talk.composer.take([note])
    table.settle()
    assert len(sender.talk.composer.files.ids()) == 1
    press(K.Key_Return, CTRL, sender.talk.composer.body)
    table.settle()
    assert sender.talk.composer.body.toPlainText() == ""
    table.exchange(rounds=6)
    receiver = table.screen("XA", "messages")
    receiver.open_ref(room)
    table.settle()
    row = receiver.talk.view.row()
    assert row.body == "Please see our note." and row.attachments[0].ready
    assert table.world["XA"].messages.attachment(row.attachments[0].id) == note.read_bytes()
    receiver.talk.view.setFocus()
    press(K.Key_K)
    table.exchange(rounds=6)
    mine = table.world["XB"].messages.one(row.id)
    acknowledged = {one.delegation for one in mine.receipts if one.acknowledged_at}
    assert acknowledged == {table.world.id("XA")}
    assert mine.delivery == "acknowledged"
    assert table["XA"].sidebar.buttons["messages"].count == 0


def test_files_of_a_draft_come_back_with_their_names(table: Table, tmp_path: Path) -> None:
    room = table.world.room()
    note = tmp_path / "Annex.txt"
    note.write_bytes(b"words")
    screen = table.screen("XB", "messages")
    screen.open_ref(room)
    write(screen.talk, "Annex", "To follow")
    screen.talk.composer.take([note])
    table.settle()
    window = table.windows.pop("XB")
    press(K.Key_L, CTRL, window)
    window.deleteLater()
    table.world.desks["XB"] = table.world.gate("XB").unlock(bytearray(PASSPHRASE))
    screen = table.screen("XB", "messages")
    screen._go(room, "")
    composer = screen.talk.composer
    assert composer.subject.text() == "Annex" and composer.body.toPlainText() == "To follow"
    assert [line.name.plain() for line in composer.files._lines] == ["Annex.txt"]
    assert "5 bytes" in composer.files._lines[0].note.plain()


def test_a_contact_is_verified_by_eye_in_two_presses(table: Table) -> None:
    """Open the comparison (1), compare aloud, "They match" (2)."""
    screen = table.screen("XB", "contacts")
    screen.open_ref(table.world.id("XA"))
    other = table.world["XA"].contacts.safety(table.world.id("XB"))
    screen.start_verifying("eye")
    page = screen.verify.eye
    table.qtbot.waitUntil(page.isVisible)
    assert tuple(tile.word.plain() for tile in page.tiles) == other.words  # the same words on both screens
    page.match.setFocus()
    press(K.Key_Space)
    table.settle()
    assert table.world["XB"].contacts.one(table.world.id("XA")).trust == "verified in person"


def test_a_changed_identity_stops_sending_until_a_person_decides(table: Table, tmp_path: Path) -> None:
    world = table.world
    room = world.room("bilateral", title="", members=("XA", "XB"))
    world["XA"].contacts.verified(world.id("XB"))
    impostor = World(tmp_path / "other", ("XB",), acquainted=False)
    card = tmp_path / "XB.valise-card"
    card.write_bytes(impostor["XB"].contacts.own_card())
    screen = table.screen("XA", "contacts")
    screen.import_card(card)
    table.settle()
    assert world["XA"].contacts.one(world.id("XB")).stopped == "changed"
    overview = table.screen("XA", "overview")
    table.settle()
    rows = [one.rows for one in overview.today.groups.values()]
    assert any("identity" in str(each.index(n).data(SPOKEN)) for each in rows for n in range(each.rowCount()))
    talk = table.screen("XA", "messages")
    talk.open_ref(room)
    table.settle()
    assert talk.talk.composer.stop.isVisible() and not talk.talk.composer.send_button.isEnabled()
    talk.talk.composer.decide.setFocus()
    press(K.Key_Space)
    table.settle()
    assert table["XA"].stack.currentWidget() is screen
    decide(table, screen)
    assert world["XA"].contacts.one(world.id("XB")).stopped == ""
    assert world["XA"].contacts.one(world.id("XB")).trust == "verified in person"
    talk = table.screen("XA", "messages")
    talk.open_ref(room)
    table.settle()
    assert not talk.talk.composer.stop.isVisible()
    impostor.close()


def decide(table: Table, screen: Any) -> None:
    """Keep the identity that was verified: one button, and once more where it asks."""
    assert screen.detail.changed.isVisible()
    screen.detail.keep.setFocus()
    press(K.Key_Space)
    (asked,) = [one for one in QApplication.topLevelWidgets() if isinstance(one, Confirm) and one.isVisible()]
    asked.do_it.setFocus()
    press(K.Key_Space)
    table.settle()
