"""The contacts screen on the fake door: trust, verifying, changed identities, cards in and out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import fake_data as d
import pytest
from fake_door import FakeDoor
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QAccessible, QDropEvent, QFontMetrics
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from valise.desk import views as v
from valise.ui import theme
from valise.ui.contacts import ContactsScreen, said
from valise.ui.contacts.confirm import Confirm
from valise.ui.contacts.verify import after_differing, show_code
from valise.ui.tasks import Runner
from valise.ui.widgets.qr import QrView


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
def screen(qtbot: QtBot, door: FakeDoor, runner: Runner) -> ContactsScreen:
    return show(qtbot, door, runner)


def show(qtbot: QtBot, door: FakeDoor, runner: Runner) -> ContactsScreen:
    door.subscribe(runner.announce)
    made = ContactsScreen(door, runner)
    qtbot.addWidget(made)
    runner.changed.connect(made.refresh)
    made.resize(1100, 800)
    made.show()
    qtbot.waitExposed(made)
    return made


def settle(qtbot: QtBot, runner: Runner) -> None:
    qtbot.waitUntil(lambda: runner.idle)
    QApplication.processEvents()
    qtbot.waitUntil(lambda: runner.idle)


def lines(screen: ContactsScreen) -> list[str]:
    rows = screen.rows
    return [str(rows.data(rows.index(n), Qt.ItemDataRole.AccessibleTextRole)) for n in range(rows.rowCount())]


def question(screen: ContactsScreen) -> Confirm:
    return next(one for one in screen.findChildren(Confirm) if one.isVisible())


def test_trust_stands_in_words_on_every_row_and_what_needs_a_person_comes_first(screen: ContactsScreen) -> None:
    said_rows = lines(screen)
    assert "XC Castellan Republic" in said_rows[0]
    assert "identity changed" in said_rows[0]
    assert "verified in person since" in said_rows[1]
    assert "not verified" in said_rows[2]
    assert "2 laptops" in said_rows[2]
    assert "vouched" in said_rows[3]
    assert "unknown" in said_rows[4]


def test_a_delegation_is_shown_with_devices_rights_and_fingerprint(screen: ContactsScreen) -> None:
    screen.open_ref(d.delegation("XD"))
    detail = screen.detail
    assert detail.name.plain() == "XD Dravenia"
    assert detail.badge.text() == "not verified yet"
    words = " ".join(one.accessibleName() for one in detail.devices.findChildren(QWidget))
    for part in ("Attaché", "Legal Adviser", "hold the pen", "valid until"):
        assert part in words
    assert detail.fingerprint.plain().split() == d.fingerprint("XD").split()
    assert detail.notices.isVisible()
    assert not detail.changed.isVisible()


def test_comparing_by_eye_takes_three_interactions(
    screen: ContactsScreen, door: FakeDoor, qtbot: QtBot, runner: Runner
) -> None:
    place = screen.rows.place(d.delegation("XD"))
    where = screen.list.visualRect(screen.rows.index(place)).center()
    qtbot.mouseClick(screen.list.viewport(), Qt.MouseButton.LeftButton, pos=where)
    qtbot.keyClick(screen.list, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    page = screen.verify.eye
    assert page.isVisible() and not screen.verify.newer.isVisible()
    assert [tile.word.plain() for tile in page.tiles] == d.WORDS
    assert page.digits.plain().split() == list(door.contacts.safety(d.delegation("XD")).digits)
    qtbot.mouseClick(page.match, Qt.MouseButton.LeftButton)
    settle(qtbot, runner)
    assert door.called("contacts.verified") == [((d.delegation("XD"), "eye"), {})]
    assert screen.detail.isVisible()
    assert screen.detail.badge.text() == "verified in person"
    assert screen.notice_bar.isVisible()


def test_both_answers_are_equally_large_and_say_what_to_do(
    screen: ContactsScreen, door: FakeDoor, qtbot: QtBot, runner: Runner
) -> None:
    screen.open_ref(d.delegation("XB"))
    screen.start_verifying("eye")
    QApplication.processEvents()
    page = screen.verify.eye
    assert page.match.height() == page.differ.height() >= 56
    assert abs(page.match.width() - page.differ.width()) <= 1
    assert QFontMetrics(page.match.font()).height() == QFontMetrics(page.differ.font()).height()
    assert page.match.property("kind") == page.differ.property("kind")
    assert len(after_differing()) == 3
    qtbot.mouseClick(page.differ, Qt.MouseButton.LeftButton)
    settle(qtbot, runner)
    assert door.called("contacts.differs") == [((d.delegation("XB"),), {})]
    assert screen.detail.changed.isVisible()
    assert "nothing more is sent" in screen.notice_bar.happened.plain()
    assert screen.notice_bar.todo.plain() == after_differing()[2]


def test_in_practice_nobody_is_waited_for_who_will_not_come(screen: ContactsScreen, door: FakeDoor) -> None:
    """A practice partner presses nothing at the same time: its words stand on the page of practice, to be compared by eye."""
    screen.open_ref(d.delegation("XD"))
    screen.start_verifying()
    assert screen.verify.way == "words"
    screen.verify.back.click()
    door.training.is_on = True
    screen.start_verifying()
    assert screen.verify.way == "eye"


def test_putting_it_off_changes_nothing(screen: ContactsScreen, door: FakeDoor, qtbot: QtBot) -> None:
    screen.open_ref(d.delegation("XD"))
    screen.start_verifying()
    assert screen.verify.back.hasFocus()  # a stray Enter answers nothing
    qtbot.keyClick(screen.verify.back, Qt.Key.Key_Escape)
    assert screen.detail.isVisible()
    assert door.called("contacts.verified") == door.called("contacts.differs") == []


@pytest.mark.parametrize("accept", [True, False])
def test_a_changed_identity_is_decided_after_a_question(
    screen: ContactsScreen, door: FakeDoor, qtbot: QtBot, runner: Runner, accept: bool
) -> None:
    screen.open_ref(d.delegation("XC"))
    detail = screen.detail
    assert detail.changed.isVisible()
    assert detail.changed_what.plain().count(".") == 2
    assert not detail.resume.isVisible()
    (detail.accept_new if accept else detail.keep).click()
    question(screen).leave.click()
    assert door.called("contacts.decide") == []
    (detail.accept_new if accept else detail.keep).click()
    question(screen).do_it.click()
    settle(qtbot, runner)
    assert door.called("contacts.decide") == [((d.delegation("XC"), accept), {})]
    assert not detail.changed.isVisible()
    assert detail.badge.text() == ("not verified yet" if accept else "verified in person")


def test_an_accepted_identity_is_followed_to_its_new_id(
    screen: ContactsScreen, door: FakeDoor, qtbot: QtBot, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = d.ident("another root of XC")

    def decide(delegation: str, accept: bool) -> None:
        old = door.contacts.rows.pop(delegation)
        door.contacts.rows[new] = replace(old, id=new, changed=False, trust="received only")
        door.touch(v.Changes(contacts=frozenset({delegation, new})))

    monkeypatch.setattr(door.contacts, "decide", decide)
    screen.open_ref(d.delegation("XC"))
    screen.start_verifying()
    assert screen.verify.newer.isVisible()
    screen.verify.eye.match.click()
    settle(qtbot, runner)
    assert door.called("contacts.verified") == [((new, "eye"), {})]
    assert screen.contact().id == new
    assert screen.detail.badge.text() == "verified in person"


def test_stopped_without_another_identity_offers_to_send_again(qtbot: QtBot, door: FakeDoor, runner: Runner) -> None:
    door.contacts.rows[d.delegation("XB")] = replace(
        door.contacts.rows[d.delegation("XB")], changed=True, stopped="differs"
    )
    screen = show(qtbot, door, runner)
    screen.open_ref(d.delegation("XB"))
    assert "differ" in screen.detail.changed_what.plain()
    assert not screen.detail.keep.isVisible()
    screen.detail.resume.click()
    question(screen).do_it.click()
    settle(qtbot, runner)
    assert door.called("contacts.decide") == [((d.delegation("XB"), True), {})]


def test_notices_of_the_desk_become_dated_sentences(qapp: QApplication) -> None:
    assert said.notice(f"device.new:{d.NOW}").startswith("A new laptop was added on")
    assert "December" in said.notice(f"contact.changed:{d.NOW}")
    assert "unheard" not in said.notice(f"unheard.of:{d.NOW}")
    assert said.notice("A sentence.") == "\u2068A sentence.\u2069"


def test_a_card_is_imported_by_dropping_it(
    screen: ContactsScreen, door: FakeDoor, qtbot: QtBot, runner: Runner, tmp_path: Path
) -> None:
    card = tmp_path / "card.valisecard"
    card.write_bytes(b"card XG")
    urls = QMimeData()
    urls.setUrls([QUrl.fromLocalFile(str(card))])
    screen.dropEvent(
        QDropEvent(
            QPointF(5, 5), Qt.DropAction.CopyAction, urls, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        )
    )
    settle(qtbot, runner)
    assert screen.contact().code == "XG"
    assert "XG Gallia Minor" in screen.notice_bar.happened.plain()
    assert "not verified" in screen.notice_bar.confidentiality.plain()
    screen.notice_bar.step().click()
    assert screen.verify.isVisible()
    threads = dict(zip([one[0] for one in door.calls], door.threads, strict=True))
    assert threads["contacts.import_card"].startswith("writer")


@pytest.mark.parametrize("content", [b"not a card", b"x" * (1024 * 1024 + 1), None])
def test_what_is_no_card_is_refused_in_three_sentences(
    screen: ContactsScreen, qtbot: QtBot, runner: Runner, tmp_path: Path, content: bytes | None
) -> None:
    card = tmp_path / "card"
    if content is not None:
        card.write_bytes(content)
    before = lines(screen)
    screen.import_card(card)
    settle(qtbot, runner)
    assert screen.notice_bar.isVisible()
    assert screen.notice_bar.todo.plain()
    assert lines(screen) == before


def test_another_identity_in_a_card_stops_sending_and_is_said(
    screen: ContactsScreen, qtbot: QtBot, runner: Runner, tmp_path: Path
) -> None:
    counts: list[int] = []
    screen.count.connect(counts.append)
    (tmp_path / "card").write_bytes(b"card XB")
    screen.import_card(tmp_path / "card")
    settle(qtbot, runner)
    assert screen.contact().code == "XB"
    assert screen.detail.changed.isVisible()
    assert "another identity" in screen.notice_bar.happened.plain()
    assert counts[-1] == 4  # two to decide, two not verified yet


def test_our_own_card_is_shown_and_saved(
    screen: ContactsScreen,
    door: FakeDoor,
    qtbot: QtBot,
    runner: Runner,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names: list[str] = []
    monkeypatch.setattr(QFileDialog, "selectFile", lambda _self, name: names.append(name))
    monkeypatch.setattr(QFileDialog, "open", lambda _self: None)
    screen.show_own()
    assert "XA Aurelia" in screen.own.name.plain()
    assert not screen.own.qr.image().isNull()
    assert screen.own.fingerprint.plain().split() == d.fingerprint("XA").split()
    screen.own.save.click()
    assert names == ["XA Aurelia.valise-card"]
    screen.save_card(tmp_path / "ours")
    settle(qtbot, runner)
    assert (tmp_path / "ours").read_bytes() == door.contacts.own_card()
    screen.save_card(tmp_path / "no such folder" / "ours")
    settle(qtbot, runner)
    assert screen.notice_bar.property("tone") == "warn"


def test_a_text_too_long_for_a_code_hides_it(qtbot: QtBot) -> None:
    view = QrView("", "code")
    qtbot.addWidget(view)
    assert show_code(view, "short")
    assert not show_code(view, "x" * 4000)
    assert view.isHidden()


def test_finding_by_code_name_or_officer(screen: ContactsScreen, qtbot: QtBot) -> None:
    for typed, wanted in (("xb", 1), ("castellan", 1), ("legal", 1), ("", 5), ("nobody", 0)):
        screen.search.setText(typed)
        assert screen.rows.rowCount() == wanted


def test_a_device_that_appears_is_seen_at_once(
    screen: ContactsScreen, door: FakeDoor, qtbot: QtBot, runner: Runner
) -> None:
    screen.open_ref(d.delegation("XB"))
    old = door.contacts.rows[d.delegation("XB")]
    more = replace(old.devices[0], id=d.ident("ghost"), officer="Third Secretary")
    door.contacts.rows[old.id] = replace(old, devices=(*old.devices, more), notices=(f"device.new:{d.NOW}",))
    door.touch(v.Changes(contacts=frozenset({old.id})))
    settle(qtbot, runner)

    def words() -> str:
        inside = screen.detail.devices.findChildren(QWidget)
        return " ".join(one.accessibleName() for one in inside if one.isVisible())

    qtbot.waitUntil(lambda: "Third Secretary" in words())
    assert screen.detail.notices.isVisible()
    assert "2 laptops" in lines(screen)[1]


def test_a_change_elsewhere_reads_nothing(screen: ContactsScreen, door: FakeDoor) -> None:
    door.calls.clear()
    screen.refresh(v.Changes(threads=frozenset({d.GROUP}), status=True))
    assert door.calls == []


def test_a_change_while_comparing_leaves_the_page(
    screen: ContactsScreen, door: FakeDoor, qtbot: QtBot, runner: Runner
) -> None:
    screen.open_ref(d.delegation("XD"))
    screen.start_verifying()
    door.touch(v.Changes(contacts=frozenset({d.delegation("XB")})))
    settle(qtbot, runner)
    assert screen.verify.isVisible()


def test_every_control_has_a_name(screen: ContactsScreen) -> None:
    for step in (lambda: screen.open_ref(d.delegation("XC")), screen.start_verifying, screen.show_own):
        step()
        for one in screen.findChildren(QWidget):
            if one.focusPolicy() != Qt.FocusPolicy.NoFocus and one.isVisible():
                name = QAccessible.queryAccessibleInterface(one).text(QAccessible.Text.Name)
                assert name, f"{type(one).__name__} has no accessible name"
        assert all(one.isVisible() for one in screen.panes())


def test_an_empty_vault_says_the_next_step(qtbot: QtBot, runner: Runner) -> None:
    screen = show(qtbot, FakeDoor(empty=True), runner)
    assert screen.empty.isVisible()
    assert screen.empty.step.isVisible()
