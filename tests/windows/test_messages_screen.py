"""The messages screen on the fake door: reading, writing, acknowledging, members, delivery."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import fake_data as d
import looking  # docs/pictures, as the pictures themselves are looked at
import pytest
from fake_door import FakeDoor
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QAccessible, QColor, QDropEvent, QFontMetrics, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from valise.desk import views as v
from valise.domain.errors import NotAllowed, Unavailable
from valise.ui import theme
from valise.ui.contacts.confirm import Confirm
from valise.ui.messages import MessagesScreen, terms
from valise.ui.messages.listing import ITEM
from valise.ui.messages.members import devices_text
from valise.ui.messages.model import ROW
from valise.ui.messages.new_room import NewRoom
from valise.ui.tasks import Runner
from valise.ui.text_lines import broken
from valise.ui.text_safe import FSI, PDI


@pytest.fixture
def runner(qapp: QApplication) -> Iterator[Runner]:
    theme.install(qapp, "light")
    made = Runner()
    yield made
    made.close()


@pytest.fixture
def door() -> FakeDoor:
    return FakeDoor()


@pytest.fixture
def screen(qtbot: QtBot, door: FakeDoor, runner: Runner) -> MessagesScreen:
    return show(qtbot, door, runner)


def show(qtbot: QtBot, door: FakeDoor, runner: Runner) -> MessagesScreen:
    door.subscribe(runner.announce)
    made = MessagesScreen(door, runner)
    qtbot.addWidget(made)
    runner.changed.connect(made.refresh)
    made.resize(1200, 800)
    made.show()
    qtbot.waitExposed(made)
    settle(qtbot, runner)
    return made


def settle(qtbot: QtBot, runner: Runner) -> None:
    """Every command done, every change delivered."""
    qtbot.waitUntil(lambda: runner.idle)
    QApplication.processEvents()
    qtbot.waitUntil(lambda: runner.idle)


def rooms_of(screen: MessagesScreen) -> list[str]:
    rows = screen.room_rows
    return [str(rows.data(rows.index(n), Qt.ItemDataRole.AccessibleTextRole)) for n in range(rows.rowCount())]


def bodies(screen: MessagesScreen) -> list[str]:
    rows = screen.talk.view.rows
    return [rows.data(rows.index(n), ROW).body for n in range(rows.rowCount())]


def test_kinds_of_room_stand_apart_and_say_what_is_wrong(screen: MessagesScreen) -> None:
    said = rooms_of(screen)
    assert [one for one in said if "," not in one] == ["Bilateral", "Groups", "Internal"]
    assert said[1].startswith("\u2068Borovia\u2069, Bilateral")
    assert "sending stopped" in said[2]
    assert "never leaves your delegation" in said[-1]
    heading = screen.room_rows.index(0)
    assert not heading.flags() & Qt.ItemFlag.ItemIsSelectable


def test_a_disagreement_over_the_members_is_in_sight(qtbot: QtBot, door: FakeDoor, runner: Runner) -> None:
    door.rooms.rows[d.GROUP] = replace(door.rooms.rows[d.GROUP], disagreement="XD")
    screen = show(qtbot, door, runner)
    screen.open_ref(d.GROUP)
    assert screen.talk.disagreement.isVisible()
    assert "XD" in screen.talk.disagreement_words.plain()
    assert any("not everybody sees the same members" in one for one in rooms_of(screen))
    screen.talk.disagreement.findChild(QPushButton).click()
    assert screen.side.isVisible()
    assert screen.side.currentWidget() is screen.members


LONG = "Drafting group on points of contact and on assistance at the request of a State"


@pytest.mark.parametrize("way", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_a_long_name_of_a_room_goes_on_in_a_second_line(
    qtbot: QtBot, door: FakeDoor, runner: Runner, qapp: QApplication, way: Qt.LayoutDirection
) -> None:
    qapp.setLayoutDirection(way)
    try:
        screen = show(qtbot, door, runner)
        rows, view = screen.room_rows, screen.rooms
        place = rows.place(d.GROUP)
        high = view.visualRect(rows.index(place)).height()
        whole = door.rooms.rows[d.GROUP].title
        assert high > view.visualRect(rows.index(1)).height()
        assert whole in " ".join(words for one in looking.drawn(view) if (words := one.text.strip("\u2068\u2069 ")))
        assert whole in rows.data(rows.index(place), Qt.ItemDataRole.ToolTipRole)
        assert not rows.data(rows.index(0), Qt.ItemDataRole.ToolTipRole)
        door.rooms.rows[d.GROUP] = replace(door.rooms.rows[d.GROUP], title="Group")
        screen.refresh(v.Changes(rooms=frozenset({d.GROUP})))
        settle(qtbot, runner)
        assert view.visualRect(rows.index(rows.place(d.GROUP))).height() == view.visualRect(rows.index(1)).height()
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_words_are_broken_between_words_and_the_last_line_says_that_there_is_more(qapp: QApplication) -> None:
    font = theme.font(theme.BODY_PX)
    wide = QFontMetrics(font).horizontalAdvance("Drafting group on points of")
    assert broken("Short", font, wide) == ["Short"] and broken("", font, wide) == [""]
    two = broken(LONG, font, wide)
    assert len(two) == 2 and LONG.startswith(two[0]) and two[1].endswith("…") and two[0].endswith(("of", "points"))
    assert " ".join(broken(LONG, font, wide, 9)) == LONG
    assert "".join(broken("\U0001f30d" * 40, font, wide, 9)) == "\U0001f30d" * 40


def test_rooms_without_a_title_are_named_after_who_is_in_them(qtbot: QtBot, door: FakeDoor, runner: Runner) -> None:
    for room in (d.BILATERAL, d.INTERNAL):
        door.rooms.rows[room] = replace(door.rooms.rows[room], title="")
    said = rooms_of(show(qtbot, door, runner))
    assert any("XB Borovia" in one and "Bilateral" in one for one in said)
    assert any("Our delegation" in one for one in said)


def test_html_from_a_peer_is_shown_as_characters(screen: MessagesScreen) -> None:
    screen.open_ref(d.BILATERAL)
    view = screen.talk.view
    assert bodies(screen)[0].startswith("<b>Could we meet</b>")
    laid = view.painter_.laid(view.rows.index(0), view.viewport().width())
    assert laid is not None
    assert laid.words.toPlainText().startswith("<b>Could we meet</b>")
    assert "<b>Could we meet</b>" in view.rows.data(view.rows.index(0), Qt.ItemDataRole.AccessibleTextRole)
    for label in screen.findChildren(QLabel):
        assert label.textFormat() == Qt.TextFormat.PlainText or not label.text()
        assert not label.openExternalLinks()


def test_a_bubble_says_everything_to_a_screen_reader(screen: MessagesScreen) -> None:
    screen.open_ref(d.GROUP)
    screen.open_ref(d.ident("m4"))
    row = screen.talk.view.row()
    assert row is not None
    said = screen.talk.view.painter_.spoken(row)
    for part in ("You", "Second Secretary", "TLP:GREEN", "Aurelia can go along", "acknowledged", "for the record"):
        assert part in said


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"delivery": "waiting"}, "waiting in outbox"),
        ({"delivery": "sent", "delivery_line": "2/3", "receipts": ()}, "delivered to 2 of 3"),
        ({"delivery": "sent", "delivery_line": "0/3", "receipts": ()}, "sent, not yet delivered"),
        ({"delivery": "delivered", "delivery_line": "3/3", "receipts": ()}, "delivered"),
        ({"delivery": "delivered", "delivery_line": "", "receipts": ()}, ""),
        ({"delivery": "sent"}, "delivered to 1 of 2"),
    ],
)
def test_delivery_in_plain_words(qapp: QApplication, changes: dict[str, object], wanted: str) -> None:
    row = next(one for one in d.messages() if one.id == d.ident("m2"))
    assert terms.delivery(replace(row, **changes)) == wanted  # type: ignore[arg-type]


def test_an_acknowledgement_of_somebody_else_does_not_settle_ours(qapp: QApplication) -> None:
    row = next(one for one in d.messages() if one.id == d.ident("m3"))
    other = replace(row, delivery="acknowledged", receipts=(v.Receipt(d.device("XD"), d.delegation("XD"), 0, d.NOW),))
    mine = replace(other, receipts=(*other.receipts, v.Receipt(d.device("XA"), d.delegation("XA"), 0, d.NOW)))
    assert not terms.settled(other, d.device("XA"))
    assert terms.settled(mine, d.device("XA"))


def test_one_key_acknowledges(qtbot: QtBot, screen: MessagesScreen, door: FakeDoor, runner: Runner) -> None:
    screen.open_ref(d.ident("m3"))
    screen.talk.view.setFocus()
    qtbot.keyClick(screen.talk.view, Qt.Key.Key_K)
    settle(qtbot, runner)
    assert door.called("messages.acknowledge") == [((d.ident("m3"),), {})]
    assert screen.talk.view.row().delivery == "acknowledged"
    qtbot.keyClick(screen.talk.view, Qt.Key.Key_K)
    settle(qtbot, runner)
    assert len(door.called("messages.acknowledge")) == 1
    screen.open_ref(d.ident("m4"))
    screen.talk.acknowledge()
    settle(qtbot, runner)
    assert len(door.called("messages.acknowledge")) == 1


def click(qtbot: QtBot, screen: MessagesScreen, message: str, what: str) -> None:
    view = screen.talk.view
    screen.open_ref(message)
    index = view.currentIndex()
    rect = view.visualRect(index)
    for y in range(rect.top(), rect.bottom(), 4):
        for x in range(rect.left(), rect.right(), 8):
            if view.painter_.hit(index, rect, QPointF(x, y))[0] == what:
                qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPointF(x + 4, y + 4).toPoint())
                return
    raise AssertionError(f"no {what} in the bubble")


@pytest.mark.parametrize("way", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_the_pointer_reaches_what_is_painted(
    qtbot: QtBot, screen: MessagesScreen, door: FakeDoor, runner: Runner, way: Qt.LayoutDirection
) -> None:
    screen.setLayoutDirection(way)
    QApplication.processEvents()
    click(qtbot, screen, d.ident("m3"), "acknowledge")
    settle(qtbot, runner)
    assert door.called("messages.acknowledge") == [((d.ident("m3"),), {})]
    click(qtbot, screen, d.ident("m2"), "delivery")
    assert screen.side.currentWidget() is screen.delivery
    assert screen.side.isVisible()


def test_own_bubbles_stand_on_the_far_side_and_mirror(qtbot: QtBot, screen: MessagesScreen) -> None:
    screen.open_ref(d.GROUP)
    sides = {}
    for way in (Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft):
        screen.setLayoutDirection(way)
        screen.talk.view.oldest()
        QApplication.processEvents()
        view = screen.talk.view
        picture = view.viewport().grab().toImage()
        theirs, ours = (_bubble_side(picture, view.visualRect(view.rows.index(n)).center().y()) for n in (0, 1))
        sides[way] = (theirs, ours)
    assert sides[Qt.LayoutDirection.LeftToRight] == ("left", "right")
    assert sides[Qt.LayoutDirection.RightToLeft] == ("right", "left")


def _bubble_side(picture: QImage, y: int) -> str:
    ground = {QColor(theme.tokens().selected).name(), QColor(theme.tokens().neutral_soft).name()}
    found = [x for x in range(picture.width()) if picture.pixelColor(x, y).name() in ground]
    assert found
    return "left" if found[0] < picture.width() - found[-1] else "right"


def test_a_bubble_changes_with_the_theme(screen: MessagesScreen, qapp: QApplication) -> None:
    screen.open_ref(d.GROUP)
    view = screen.talk.view

    def colours() -> set[str]:
        picture = view.viewport().grab().toImage()
        return {
            picture.pixelColor(x, y).name() for x in range(0, picture.width(), 7) for y in range(0, picture.height(), 7)
        }

    assert theme.LIGHT.selected in colours()
    theme.install(qapp, "dark")
    try:
        assert theme.DARK.selected in colours()
        assert theme.LIGHT.selected not in colours()
    finally:
        theme.install(qapp, "light")


def test_seen_is_said_once_and_the_count_follows(
    screen: MessagesScreen, door: FakeDoor, qtbot: QtBot, runner: Runner
) -> None:
    counts: list[int] = []
    screen.count.connect(counts.append)
    before = len(door.called("messages.seen"))
    screen.open_ref(d.ARABIC)
    settle(qtbot, runner)
    assert door.called("messages.seen")[before:] == [((d.GROUP, d.ARABIC), {})]
    screen.refresh(v.Changes(threads=frozenset({d.GROUP})))
    settle(qtbot, runner)
    assert len(door.called("messages.seen")) == before + 1
    assert counts


def test_delivery_pane_tells_each_device(screen: MessagesScreen) -> None:
    screen.open_ref(d.ident("m2"))
    screen.talk.view.setFocus()
    QTest.keyClick(screen.talk.view, Qt.Key.Key_Return)
    rows = screen.delivery.rows
    said = [rows.data(rows.index(n), Qt.ItemDataRole.AccessibleTextRole) for n in range(rows.rowCount())]
    assert len(said) == 2
    assert "XB Borovia" in said[0]
    assert "received" in said[0]
    assert "UTC" in said[0]
    assert "not received yet" in said[1]
    assert "not acknowledged yet" in said[1]
    assert "UTC" in screen.delivery.sent.plain()


def test_commands_run_on_the_writer_thread(
    screen: MessagesScreen, door: FakeDoor, qtbot: QtBot, runner: Runner
) -> None:
    screen.open_ref(d.GROUP)
    screen.talk.composer.body.setPlainText("Agreed.")
    screen.talk.composer.send()
    settle(qtbot, runner)
    where = dict(zip([one[0] for one in door.calls], door.threads, strict=True))
    for name in ("messages.send", "messages.save_draft", "messages.drop_draft", "messages.seen"):
        assert where[name].startswith("writer"), name


def test_ctrl_enter_sends_with_marking_and_for_the_record(
    screen: MessagesScreen, door: FakeDoor, qtbot: QtBot, runner: Runner
) -> None:
    screen.open_ref(d.THREAD)
    composer = screen.talk.composer
    assert not composer.subject.isVisible()
    assert not composer.send_button.isEnabled()
    composer.body.setFocus()
    qtbot.keyClicks(composer.body, "We can go along.")
    composer.marking.set_marking("TLP:RED")
    composer.record.setChecked(True)
    assert "prove" in composer.meaning.plain()
    qtbot.keyClick(composer.body, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, runner)
    ((args, named),) = door.called("messages.send")
    assert args == (d.GROUP, "We can go along.")
    assert named == {"thread": d.THREAD, "subject": "", "marking": "TLP:RED", "for_the_record": True, "attachments": ()}
    assert composer.body.toPlainText() == ""
    assert composer.marking.marking() == "TLP:RED"
    assert not composer.record.isChecked()
    assert bodies(screen)[-1] == "We can go along."
    assert screen.talk.view.row().body == "We can go along."
    assert not door.messages.drafts
    screen.open_ref(d.BILATERAL)
    assert composer.marking.marking() == ""


def test_a_new_thread_needs_a_subject_and_is_shown_after(
    screen: MessagesScreen, door: FakeDoor, qtbot: QtBot, runner: Runner
) -> None:
    screen.open_ref(d.GROUP)
    screen.new()
    composer = screen.talk.composer
    assert composer.subject.hasFocus()
    composer.body.setPlainText("First words")
    assert not composer.may_send()
    composer.subject.setText("Testing every six months")
    composer.marking.choice.setCurrentIndex(composer.marking.choice.count() - 1)
    composer.marking.words.setText("AURELIA RESTRICTED")
    composer.send()
    settle(qtbot, runner)
    ((_, named),) = door.called("messages.send")
    assert (named["subject"], named["thread"], named["marking"]) == (
        "Testing every six months",
        "",
        "AURELIA RESTRICTED",
    )
    assert screen.thread() is not None
    assert screen.thread().subject == "Testing every six months"
    assert bodies(screen) == ["First words"]


def test_a_refused_message_is_not_lost(screen: MessagesScreen, door: FakeDoor, qtbot: QtBot, runner: Runner) -> None:
    screen.open_ref(d.THREAD)
    composer = screen.talk.composer
    composer.body.setPlainText("Important words")
    door.fail("messages.send", Unavailable("vault.full"))
    composer.send()
    settle(qtbot, runner)
    assert composer.body.toPlainText() == "Important words"
    assert composer.send_button.isEnabled()
    assert screen.notice_bar.isVisible()
    assert door.messages.drafts[(d.GROUP, d.THREAD)].body == "Important words"


def test_drafts_are_stored_as_one_types_and_come_back(
    screen: MessagesScreen, door: FakeDoor, qtbot: QtBot, runner: Runner
) -> None:
    screen.open_ref(d.THREAD)
    composer = screen.talk.composer
    qtbot.keyClicks(composer.body, "Half a sent")
    qtbot.waitUntil(lambda: (d.GROUP, d.THREAD) in door.messages.drafts)
    settle(qtbot, runner)
    assert "Draft saved" in composer.saved.plain()
    assert "UTC" in composer.saved.plain()
    qtbot.keyClicks(composer.body, "ence")
    busy = threading.Event()
    runner.run(lambda: busy.wait(20))  # the writer is at something else
    screen.open_ref(d.BILATERAL)
    assert composer.body.toPlainText() == ""
    screen.open_ref(d.THREAD)
    held = door.messages.drafts[(d.GROUP, d.THREAD)].body
    shown = composer.body.toPlainText()
    busy.set()
    assert (held, shown) == ("Half a sent", "Half a sentence")  # newer than what the vault holds yet
    settle(qtbot, runner)
    assert door.messages.drafts[(d.GROUP, d.THREAD)].body == "Half a sentence"
    again = MessagesScreen(door, runner)  # as after a crash
    qtbot.addWidget(again)
    again.open_ref(d.THREAD)
    assert again.talk.composer.body.toPlainText() == "Half a sentence"
    composer.body.clear()
    composer.store()
    settle(qtbot, runner)
    assert (d.GROUP, d.THREAD) not in door.messages.drafts


def test_locking_stores_the_draft_at_once(screen: MessagesScreen, door: FakeDoor) -> None:
    screen.open_ref(d.THREAD)
    screen.talk.composer.body.setPlainText("Not yet stored")
    screen.save()
    assert door.messages.drafts[(d.GROUP, d.THREAD)].body == "Not yet stored"


def test_a_draft_that_cannot_be_stored_is_said(
    screen: MessagesScreen, door: FakeDoor, qtbot: QtBot, runner: Runner
) -> None:
    screen.open_ref(d.THREAD)
    door.fail("messages.save_draft", Unavailable("vault.full"))
    screen.talk.composer.body.setPlainText("words")
    screen.talk.composer.store()
    settle(qtbot, runner)
    assert screen.talk.composer.saved.plain() == "Draft not saved"
    screen.talk.composer.store()
    settle(qtbot, runner)
    assert door.messages.drafts[(d.GROUP, d.THREAD)].body == "words"


def test_a_changed_identity_stops_sending_and_leads_to_the_decision(
    screen: MessagesScreen, door: FakeDoor, qtbot: QtBot
) -> None:
    screen.open_ref(d.STOPPED)
    composer = screen.talk.composer
    composer.subject.setText("s")
    composer.body.setPlainText("b")
    assert composer.stop.isVisible()
    assert not composer.send_button.isEnabled()
    composer.send()
    assert door.called("messages.send") == []
    with qtbot.waitSignal(screen.go) as went:
        composer.decide.click()
    assert went.args == ["contacts", d.delegation("XC")]


def test_codes_of_the_desk_become_sentences(qapp: QApplication) -> None:
    room = d.rooms()[0]
    assert "Sending is stopped" in terms.blocked(replace(room, blocked="contact.changed"))
    assert "no longer in this room" in terms.blocked(replace(room, blocked="room.left"))
    assert "contact." not in terms.blocked(replace(room, blocked="contact.other"))
    assert terms.blocked(room) == ""


def test_files_are_sealed_dropped_sent_and_saved(
    screen: MessagesScreen, door: FakeDoor, qtbot: QtBot, runner: Runner, tmp_path: Path
) -> None:
    screen.open_ref(d.THREAD)
    composer = screen.talk.composer
    paper = tmp_path / "Annex.pdf"
    paper.write_bytes(b"fictional paper")
    urls = QMimeData()
    urls.setUrls([QUrl.fromLocalFile(str(paper))])
    composer.dropEvent(
        QDropEvent(
            QPointF(5, 5), Qt.DropAction.CopyAction, urls, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        )
    )
    assert composer.files.busy
    assert not composer.may_send()
    settle(qtbot, runner)
    assert len(composer.files.ids()) == 1
    assert composer.may_send()
    composer.store()
    settle(qtbot, runner)
    assert door.messages.drafts[(d.GROUP, d.THREAD)].attachments == composer.files.ids()
    composer.send()
    settle(qtbot, runner)
    row = screen.talk.view.row()
    assert [one.name for one in row.attachments] == ["Annex.pdf"]
    target = tmp_path / "saved.pdf"
    screen.talk.write_file(row.attachments[0].id, target)
    settle(qtbot, runner)
    assert target.read_bytes() == b"fictional paper"
    assert screen.notice_bar.isVisible()


def test_a_missing_file_is_said_and_taken_out(
    screen: MessagesScreen, qtbot: QtBot, runner: Runner, tmp_path: Path
) -> None:
    screen.open_ref(d.THREAD)
    screen.talk.composer.take([tmp_path / "gone.pdf"])
    settle(qtbot, runner)
    assert screen.talk.composer.files.ids() == ()
    assert not screen.talk.composer.files.busy
    assert screen.notice_bar.isVisible()


def test_save_as_suggests_a_harmless_name(
    screen: MessagesScreen, door: FakeDoor, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    names: list[str] = []
    monkeypatch.setattr(QFileDialog, "selectFile", lambda _self, name: names.append(name))
    monkeypatch.setattr(QFileDialog, "open", lambda _self: None)
    bad = replace(d.PAPER, name="../.ssh/\u202eauthorized")
    for n, row in enumerate(door.messages.rows):
        if row.id == d.ident("m3"):
            door.messages.rows[n] = replace(row, attachments=(bad,))
    screen.refresh(v.Changes(threads=frozenset({d.GROUP})))
    screen.open_ref(d.ident("m3"))
    screen.talk.save_files()
    assert names == ["_.ssh__authorized"]


def test_members_are_added_and_removed_by_the_chair_after_a_question(
    screen: MessagesScreen, door: FakeDoor, qtbot: QtBot, runner: Runner
) -> None:
    screen.open_ref(d.GROUP)
    screen._show_side(screen.members)
    members = screen.members
    said = [
        members.rows.data(members.rows.index(n), Qt.ItemDataRole.AccessibleTextRole)
        for n in range(members.rows.rowCount())
    ]
    assert "chair" in said[0]
    assert "verified in person" in said[1]
    assert "2 devices" in next(one for one in said if "XD" in one)
    assert [one.code for one in members.candidates()] == ["XF"]
    members.ask_add(d.delegation("XF"))
    asked = screen.findChild(Confirm)
    assert "not verified" in asked.consequence.plain()
    asked.do_it.click()
    settle(qtbot, runner)
    assert door.called("rooms.add") == [((d.GROUP, d.delegation("XF"), True), {})]
    members.list.setCurrentIndex(members.rows.index(members.rows.place(d.delegation("XF"))))
    members.remove_button.click()
    asked = next(one for one in screen.findChildren(Confirm) if one.isVisible())
    asked.leave.click()
    assert door.called("rooms.remove") == []
    members.remove_button.click()
    next(one for one in screen.findChildren(Confirm) if one.isVisible()).do_it.click()
    settle(qtbot, runner)
    assert door.called("rooms.remove") == [((d.GROUP, d.delegation("XF")), {})]


def test_only_the_chair_changes_members(qtbot: QtBot, door: FakeDoor, runner: Runner) -> None:
    door.rooms.rows[d.GROUP] = replace(door.rooms.rows[d.GROUP], chair=d.delegation("XB"))
    screen = show(qtbot, door, runner)
    screen.open_ref(d.GROUP)
    screen._show_side(screen.members)
    assert not screen.members.add_button.isVisible()
    assert not screen.members.remove_button.isVisible()
    assert "XB Borovia" in screen.members.chair_line.plain()


def tick(dialog: NewRoom, code: str) -> None:
    for n in range(dialog.members.count()):
        item = dialog.members.item(n)
        if item.data(Qt.ItemDataRole.UserRole) == d.delegation(code):
            item.setCheckState(Qt.CheckState.Checked)


def test_a_new_group_warns_of_members_that_are_not_verified(
    screen: MessagesScreen, door: FakeDoor, qtbot: QtBot, runner: Runner
) -> None:
    screen.new_room()
    dialog = screen.findChild(NewRoom)
    dialog.kinds.button(1).setChecked(True)
    tick(dialog, "XB")
    assert not dialog.warning.isVisible()
    assert not dialog.make.isEnabled()
    tick(dialog, "XD")
    assert dialog.warning.isVisible()
    assert "XD Dravenia" in dialog.warning.plain()
    dialog.name.setText("Small group")
    door.fail("rooms.create", NotAllowed("room.members"))
    dialog.make.click()
    settle(qtbot, runner)
    assert dialog.isVisible()
    assert dialog.notice.isVisible()
    dialog.make.click()
    settle(qtbot, runner)
    args, _ = door.called("rooms.create")[-1]
    assert args == ("group", "Small group", [d.delegation("XB"), d.delegation("XD")])
    assert screen.room() is not None
    assert screen.room().title == "Small group"


def test_a_bilateral_room_has_one_other_and_an_internal_none(screen: MessagesScreen) -> None:
    screen.new_room()
    dialog = screen.findChild(NewRoom)
    tick(dialog, "XB")
    tick(dialog, "XD")
    assert dialog.chosen() == [d.delegation("XD")]
    assert dialog.ready()
    dialog.kinds.button(2).setChecked(True)
    assert dialog.chosen() == []
    assert not dialog.members.isVisible()
    dialog.reject()


def test_messages_beyond_a_page_load_as_one_scrolls_and_stay_in_place(
    qtbot: QtBot, door: FakeDoor, runner: Runner
) -> None:
    door.messages.many(d.INTERNAL, "t", 3000)
    screen = show(qtbot, door, runner)
    screen.open_ref(d.INTERNAL)
    view = screen.talk.view
    assert view.row().body == "Message number 2999"
    assert view.rows.rowCount() < 400
    assert "3,000" in screen.talk.place_words.plain()
    start = view.rows.first
    view.verticalScrollBar().setValue(300)
    anchor = view._anchor()
    view.verticalScrollBar().setValue(view.verticalScrollBar().value() - 200)
    assert view.rows.first == start - 128
    end = view.visualRect(view.rows.index(view.rows.find(anchor[0]))).bottom()
    assert abs(end - anchor[1] - 200) <= 2
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert view.row().body == "Message number 0"
    assert screen.talk.place.isVisible()
    QTest.keyClick(view, Qt.Key.Key_End)
    assert view.row().body == "Message number 2999"
    screen.open_ref(d.ident("many 1500"))
    assert view.row().body == "Message number 1500"
    pages = [one[0] for one in door.called("messages.page")]
    assert all(limit == 128 for *_, limit in pages)


def test_what_arrives_is_followed_only_at_the_end(qtbot: QtBot, door: FakeDoor, runner: Runner) -> None:
    door.messages.many(d.INTERNAL, "t", 200)
    screen = show(qtbot, door, runner)
    screen.open_ref(d.INTERNAL)
    view = screen.talk.view

    def arrive(seed: str) -> None:
        door.messages.rows.append(d._message(seed, d.INTERNAL, "t", "XB", seed, 0))
        screen.refresh(v.Changes(threads=frozenset({d.INTERNAL})))
        QApplication.processEvents()

    arrive("one more")
    assert view.verticalScrollBar().value() == view.verticalScrollBar().maximum()
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() // 2)
    anchor = view._anchor()
    arrive("while reading above")
    assert view._anchor() == anchor


def test_a_change_elsewhere_reads_nothing_here(screen: MessagesScreen, door: FakeDoor) -> None:
    screen.open_ref(d.GROUP)
    door.calls.clear()
    screen.refresh(v.Changes(texts=frozenset({d.TEXT})))
    assert door.calls == []


def test_every_control_has_a_name(screen: MessagesScreen) -> None:
    screen.open_ref(d.GROUP)
    screen.new()
    screen._show_side(screen.members)
    screen.talk.composer.marking.choice.setCurrentIndex(screen.talk.composer.marking.choice.count() - 1)
    _all_named(screen)
    screen.new_room()
    dialog = screen.findChild(NewRoom)
    _all_named(dialog)
    dialog.reject()


def _all_named(widget: QWidget) -> None:
    for one in widget.findChildren(QWidget):
        if one.focusPolicy() != Qt.FocusPolicy.NoFocus and one.isVisible():
            name = QAccessible.queryAccessibleInterface(one).text(QAccessible.Text.Name)
            assert name, f"{type(one).__name__} {one.objectName()} has no accessible name"


def test_panes_can_be_cycled(screen: MessagesScreen) -> None:
    assert len(screen.panes()) == 4
    screen._show_side(screen.delivery)
    assert screen.panes()[-1] is screen.delivery.list
    for one in screen.panes():
        assert one.focusPolicy() != Qt.FocusPolicy.NoFocus


def test_an_empty_vault_is_calm(qtbot: QtBot, runner: Runner) -> None:
    door = FakeDoor(empty=True)
    screen = show(qtbot, door, runner)
    assert screen.room_rows.rowCount() == 2
    assert screen.talk.empty.isVisible()
    item = screen.room_rows.data(screen.room_rows.index(1), ITEM)
    assert item.kind == "internal"


def test_a_device_of_a_latin_name_stands_in_the_order_of_the_window() -> None:
    door = FakeDoor()
    told = devices_text(door.contacts.rows[d.delegation("XB")]).split("\n")[0]
    assert told.startswith(FSI)  # or the line would take its direction from the name and "until when" would come apart
    assert PDI in told
