"""The section on backups: what it says, what it asks, what it hands over, what happens when it fails or is cancelled."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fake_backups import GOOD, LOST, WAITING
from fake_door import FakeDoor, FakeGate
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from valise.desk.door_backups import BackupFile
from valise.domain.errors import Damaged, Unavailable
from valise.ui.first.front import Front
from valise.ui.first.restore import RestorePage
from valise.ui.security.backups import BackupsSection
from valise.ui.tasks import Runner

Made = Callable[..., BackupsSection]


@pytest.fixture
def section(qtbot: QtBot, worn: object, runner: Runner) -> Made:
    def make(door: FakeDoor | None = None) -> BackupsSection:
        from valise.desk.views import Changes

        made = BackupsSection(door or FakeDoor(), runner)
        qtbot.addWidget(made)
        made.resize(900, 1000)
        made.show()
        made.refresh(Changes(settings=True))
        qtbot.waitUntil(lambda: made.state is not None)
        return made

    return make


def typed(entry: Any, words: str) -> None:
    QTest.keyClicks(entry.findChild(QLineEdit), words)


def ended(section: BackupsSection, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not section.work.busy and section.runner.idle)


def test_an_empty_vault_says_what_to_do_first(section: Made) -> None:
    made = section(FakeDoor(empty=True))
    assert "no backup" in made.age.plain() and made.age.property("role") == "warn"
    assert "stick" in made.last.plain()
    assert made.now.isEnabled() and not made.restored.isVisible()
    made.focus_first()
    assert made.now.hasFocus()


def test_an_old_backup_is_said_to_be_old(section: Made) -> None:
    made = section()
    assert "20 days ago" in made.age.plain() and made.age.property("role") == "warn"
    assert "BLUE STICK" in made.last.plain() and "5f1c 7a0e 9b3d 4826" in made.last.plain()
    assert "41" in made.news.plain()


def test_a_backup_is_made_where_a_person_says(section: Made, qtbot: QtBot, tmp_path: Path) -> None:
    made = section()
    QTest.keyClick(made.now, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    made.dialog.reject()
    made.door.backups.found = [BackupFile(tmp_path / "valise-old.valise-backup.part", 0, 12, False)]
    made.now.click()
    dialog = made.dialog
    assert not dialog.do_it.isEnabled() and "3 items have not left" in dialog.waits.plain()
    dialog.place.set_folder(tmp_path)
    assert "valise-old.valise-backup.part" in dialog.place.line.plain()
    assert not dialog.do_it.isEnabled()
    typed(dialog.entry, GOOD.decode())
    dialog.do_it.click()
    ended(made, qtbot)
    (folder, given, _progress), _ = made.door.called("backups.make")[0]
    assert folder == tmp_path and bytes(given) == bytes(len(GOOD))
    assert "verifies" in made.told.happened.plain() and made.told.property("tone") == "good"
    qtbot.waitUntil(lambda: "today" in made.age.plain())


def test_a_backup_can_be_cancelled(section: Made, qtbot: QtBot, tmp_path: Path) -> None:
    made = section()
    held = made.door.backups.hold = threading.Event()
    made.begin_backup(tmp_path, bytearray(GOOD))
    assert made.door.backups.begun.wait(10)
    assert made.cancel.isVisible() and not made.now.isEnabled() and not made.destroy.isEnabled()
    made.cancel.click()
    held.set()
    ended(made, qtbot)
    assert "Cancelled" in made.told.happened.plain() and made.now.isEnabled() and not made.cancel.isVisible()


@pytest.mark.parametrize("error", [Unavailable("backup.full"), Unavailable("backup.medium"), Damaged("backup.differs")])
def test_a_failure_is_told_where_one_looks(section: Made, qtbot: QtBot, tmp_path: Path, error: Any) -> None:
    made = section()
    made.door.fail("backups.make", error)
    made.begin_backup(tmp_path, bytearray(GOOD))
    ended(made, qtbot)
    assert made.told.isVisible() and made.told.property("tone") == "warn"
    assert made.now.isEnabled()


def test_any_backup_can_be_checked(section: Made, qtbot: QtBot, tmp_path: Path) -> None:
    made = section()
    made.check.click()
    dialog = made.dialog
    dialog.file.set_path(tmp_path / "one.valise-backup")
    typed(dialog.secret.entry, GOOD.decode())
    dialog.do_it.click()
    ended(made, qtbot)
    assert "whole and verifies" in made.told.happened.plain()
    assert "5f1c 7a0e 9b3d 4826" in made.told.confidentiality.plain()


def test_a_check_can_be_done_with_recovery_shares(section: Made) -> None:
    made = section()
    made.check.click()
    dialog = made.dialog
    typed(dialog.secret.entry, "half a")
    dialog.secret.turn.click()
    assert dialog.secret.by_shares and not dialog.ready()
    dialog.secret.turn.click()
    assert not dialog.secret.by_shares and dialog.secret.entry.empty()


def test_a_journey_takes_what_was_chosen_and_warns_of_the_internal_room(
    section: Made, qtbot: QtBot, tmp_path: Path
) -> None:
    made = section()
    made.journey.click()
    dialog = made.dialog
    rooms = made.door.rooms.all()
    kinds = [one.kind for one in rooms]
    assert dialog.list.count() == len(rooms) and not dialog.warning.isVisible()
    QTest.keyClick(dialog.list, Qt.Key.Key_Space)
    assert dialog.chosen() == [rooms[0].id]
    assert dialog.warning.isVisible() == (kinds[0] == "internal")
    QTest.keyClick(dialog.list, Qt.Key.Key_Space)
    place = next(n for n, kind in enumerate(kinds) if kind != "internal")
    dialog.list.item(place).setCheckState(Qt.CheckState.Checked)
    assert not dialog.warning.isVisible()
    dialog.place.set_folder(tmp_path)
    typed(dialog.secret.once, "seven quiet lighthouses mend")
    assert not dialog.do_it.isEnabled()
    typed(dialog.secret.again, "seven quiet lighthouses mend")
    assert dialog.do_it.isEnabled()
    dialog.library.setChecked(True)
    dialog.do_it.click()
    ended(made, qtbot)
    (folder, chosen, library, _given, _progress), _ = made.door.called("backups.make_travel")[0]
    assert (folder, chosen, library) == (tmp_path, [rooms[place].id], True)
    assert "apart from each other" in made.told.confidentiality.plain()


def test_a_vault_is_destroyed_only_with_its_code(section: Made, qtbot: QtBot) -> None:
    made = section()
    locked: list[str] = []
    made.lock = locked.append  # type: ignore[attr-defined]  # a window of its own here
    made.destroy.click()
    dialog = made.dialog
    assert dialog.focusWidget() is dialog.cancel and dialog.key_file.isVisible() and not dialog.key_file.isChecked()
    for words in ("", "XB", "xa x"):
        dialog.typed.setText(words)
        assert not dialog.do_it.isEnabled()
    dialog.typed.setText("xa")
    dialog.key_file.setChecked(True)
    dialog.do_it.click()
    qtbot.waitUntil(lambda: locked == ["asked"])
    assert made.door.called("backups.destroy") == [(("xa", True), {})]


def test_what_could_not_be_destroyed_is_said(section: Made, qtbot: QtBot) -> None:
    made = section()
    made.door.backups.left = ("keyring",)
    made.begin_destroying("XA", False)
    qtbot.waitUntil(made.told.isVisible)
    assert "keyring" in made.told.happened.plain() and made.told.step() is not None


@pytest.fixture
def waiting(section: Made) -> BackupsSection:
    door = FakeDoor()
    door.backups.now = replace(door.backups.now, restored=WAITING)
    return section(door)


def test_a_restored_laptop_says_how_it_is_admitted(waiting: BackupsSection, qtbot: QtBot, tmp_path: Path) -> None:
    card = waiting.restored
    assert card.isVisible() and "2676 2290" in card.code.plain() and "nothing is sent" in card.line.plain().lower()
    assert not waiting.journey.isEnabled()
    waiting.focus_first()
    assert card.save.hasFocus()
    card.write_request(tmp_path / "request")
    qtbot.waitUntil(lambda: waiting.runner.idle)
    assert (tmp_path / "request").read_bytes() == b"a request"
    (tmp_path / "answer").write_bytes(b"an answer")
    card.take_answer(tmp_path / "answer")
    qtbot.waitUntil(lambda: "is admitted" in card.line.plain())
    assert card.lost.isVisible() and "XB" in card.lost.plain() and str(LOST[0].count) in card.lost.plain()
    assert not card.waits.isVisible() and card.card.isVisible()


def test_a_restored_laptop_is_admitted_here_with_the_key_file(
    waiting: BackupsSection, qtbot: QtBot, tmp_path: Path
) -> None:
    key, newest = tmp_path / "delegation.key", tmp_path / "XA.valise-card"
    key.write_bytes(b"the key")
    newest.write_bytes(b"a card")
    waiting.restored.here.click()
    dialog = waiting.restored.dialog
    assert [tick.isChecked() for _, tick in dialog.old] == [True, False]
    dialog.key.file.set_path(key)
    dialog.card.set_path(newest)
    typed(dialog.entry, GOOD.decode())
    dialog.do_it.click()
    qtbot.waitUntil(lambda: "is admitted" in waiting.restored.line.plain())
    (given_key, _given, replaces, card), _ = waiting.door.called("backups.certify")[0]
    assert (given_key, replaces, card) == (b"the key", ["old"], b"a card")
    waiting.restored.write_card(tmp_path / "new card")
    qtbot.waitUntil((tmp_path / "new card").exists)


def test_a_wrong_passphrase_of_the_key_file_is_told(waiting: BackupsSection, qtbot: QtBot, tmp_path: Path) -> None:
    key = tmp_path / "delegation.key"
    key.write_bytes(b"the key")
    waiting.restored.certify(key, bytearray(b"wrong"), [], None)
    qtbot.waitUntil(waiting.told.isVisible)
    assert waiting.restored.here.isEnabled() and waiting.restored.waits.isVisible()


# the first page


@pytest.fixture
def page(qtbot: QtBot, worn: object, gate: FakeGate) -> RestorePage:
    made = RestorePage(gate)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(680, 700)
    made.show()
    return made


def test_a_backup_is_restored_from_the_first_page(page: RestorePage, gate: FakeGate, qtbot: QtBot, tmp_path: Path) -> None:
    import fake_door

    assert not page.button.isEnabled()
    page.file.set_path(tmp_path / "one.valise-backup")
    typed(page.secret.entry, "not it")
    page.button.click()
    qtbot.waitUntil(page.notice.isVisible)
    assert "does not open this backup" in page.notice.happened.plain() and page.back.text() == "Back"
    typed(page.secret.entry, fake_door.GOOD)
    with qtbot.waitSignal(page.opened) as heard:
        QTest.keyClick(page.secret.entry.findChild(QLineEdit), Qt.Key.Key_Return)
    assert heard.args == [gate.opened]
    assert all(bytes(one) == bytes(len(one)) for one in gate.seen_passphrases)


def test_restoring_can_be_cancelled(page: RestorePage, gate: FakeGate, qtbot: QtBot, tmp_path: Path) -> None:
    inside, go = threading.Event(), threading.Event()

    def slow(backup: Path, secret: Any, passphrase: bytearray, progress: Any = None) -> None:
        for done in range(2):
            progress(done, 2)
            inside.set()
            go.wait(10)
        raise AssertionError("went on after it was cancelled")

    gate.restore = slow  # type: ignore[assignment, method-assign]
    page.file.set_path(tmp_path / "one.valise-backup")
    typed(page.secret.entry, "anything")
    page.button.click()
    assert inside.wait(10) and page.back.text() == "Cancel"
    with qtbot.waitSignal(page.left):
        page.back.click()
        go.set()


def test_shares_ask_for_a_new_passphrase(page: RestorePage) -> None:
    assert not page.new.isVisible()
    page.secret.turn.click()
    assert page.new.isVisible() and not page.keeps.isVisible() and not page.button.isEnabled()


def test_the_first_run_leads_there_and_back(qtbot: QtBot, worn: object, tmp_path: Path) -> None:
    front = Front(FakeGate(tmp_path, exists=False))  # type: ignore[arg-type]
    qtbot.addWidget(front)
    front.show()
    front.content.restore.click()
    assert isinstance(front.content, RestorePage)
    front.content.back.click()
    assert not isinstance(front.content, RestorePage)


def nameless(widget: Any) -> list[str]:
    return [
        type(one).__name__
        for one in widget.findChildren(QWidget)
        if one.focusPolicy() != Qt.FocusPolicy.NoFocus
        and one.isVisibleTo(widget)
        and not QAccessible.queryAccessibleInterface(one).text(QAccessible.Text.Name)
    ]


def test_every_control_has_a_name(waiting: BackupsSection, section: Made, page: RestorePage) -> None:
    assert nameless(waiting) == []
    waiting.restored.here.click()
    assert nameless(waiting.restored.dialog) == []
    made = section()
    for open_it in (made.back_up, made.check_one, made.make_journey, made.destroy_it):
        open_it()
        assert nameless(made.dialog) == []
        made.dialog.reject()
    page.secret.turn.click()
    assert nameless(page) == []


def test_they_mirror(right_to_left: None, section: Made) -> None:
    made = section()
    assert made.now.mapTo(made, made.now.rect().center()).x() > made.check.mapTo(made, made.check.rect().center()).x()
