"""The contacts screen on the fake door: words now, codes from pictures, laptops that joined, vouching, history."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import fake_data as d
import pytest
from fake_door import FakeDoor
from fake_trust import DIGITS, WORDS, ready
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from valise.desk import trust_views as t
from valise.desk import views as v
from valise.domain.errors import NotAllowed, Refused
from valise.ui import theme
from valise.ui.contacts import ContactsScreen, past
from valise.ui.contacts.code import verdict
from valise.ui.contacts.confirm import Confirm
from valise.ui.contacts.vouching import CustodiansDialog, VouchDialog
from valise.ui.tasks import Runner

CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


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
    door.subscribe(runner.announce)
    made = ContactsScreen(door, runner)
    qtbot.addWidget(made)
    runner.changed.connect(made.refresh)
    made.resize(1100, 900)
    made.show()
    qtbot.waitExposed(made)
    return made


def settle(qtbot: QtBot, runner: Runner) -> None:
    for _ in range(2):
        qtbot.waitUntil(lambda: runner.idle)
        QApplication.processEvents()


def words(inside: QWidget) -> str:
    QApplication.processEvents()  # what was just put there is shown
    return " ".join(one.accessibleName() for one in inside.findChildren(QWidget) if one.isVisible())


def question(screen: ContactsScreen) -> Confirm:
    return next(one for one in screen.findChildren(Confirm) if one.isVisible())


# -- words now


def test_words_now_takes_three_presses(screen: ContactsScreen, door: FakeDoor, qtbot: QtBot, runner: Runner) -> None:
    screen.open_ref(d.delegation("XD"))
    qtbot.mouseClick(screen.detail.verify, Qt.MouseButton.LeftButton)
    live = screen.verify.live
    assert live.isVisible() and not screen.verify.eye.isVisible() and live.begin.text() == "Compare now"
    qtbot.mouseClick(live.begin, Qt.MouseButton.LeftButton)
    settle(qtbot, runner)
    assert door.called("trust.compare") and door.called("exchange.now") and live.stage == "waiting"
    assert not live.answers.isVisible() and not live.begin.isVisible()
    door.trust.move(d.delegation("XD"), ready())
    settle(qtbot, runner)
    assert [one.word.plain() for one in live.tiles] == list(WORDS)
    assert [one.digits.plain() for one in live.tiles] == list(DIGITS)
    assert live.match.height() == live.differ.height() >= 56 and abs(live.match.width() - live.differ.width()) <= 1
    assert not live.match.hasFocus()  # a stray Enter does not say that they are the same
    qtbot.mouseClick(live.match, Qt.MouseButton.LeftButton)
    settle(qtbot, runner)
    assert door.called("contacts.verified") == [((d.delegation("XD"), "words"), {})]
    assert screen.detail.isVisible() and screen.detail.badge.text() == "verified in person"


def test_who_is_asked_is_told_wherever_the_screen_stands(
    screen: ContactsScreen, door: FakeDoor, qtbot: QtBot, runner: Runner
) -> None:
    screen.show_own()
    door.trust.move(d.delegation("XE"), t.Live("asked", until=d.NOW + 600_000))
    settle(qtbot, runner)
    assert "XE Eastmark wants to compare words" in screen.notice_bar.accessibleDescription().replace("\u2068", "").replace("\u2069", "")
    screen.notice_bar.step().click()
    settle(qtbot, runner)
    assert door.called("trust.compare") == [((d.delegation("XE"),), {})]
    assert screen.verify.isVisible() and screen.verify.live.stage == "waiting"


def test_the_overview_leads_to_the_words(screen: ContactsScreen, door: FakeDoor) -> None:
    door.trust.stages[d.delegation("XE")] = t.Live("asked", until=d.NOW + 600_000)
    screen.open_ref(d.delegation("XE"))
    assert screen.verify.isVisible() and screen.verify.live.begin.text() == "Compare"
    assert screen.verify.live.begin.hasFocus()


def test_different_words_stop_the_sending(screen: ContactsScreen, door: FakeDoor, qtbot: QtBot, runner: Runner) -> None:
    door.trust.stages[d.delegation("XB")] = ready()
    screen.open_ref(d.delegation("XB"))
    screen.verify.live.differ.click()
    settle(qtbot, runner)
    assert door.called("contacts.differs") == [((d.delegation("XB"),), {})]
    assert screen.detail.changed.isVisible() and screen.notice_bar.property("tone") == "bad"


@pytest.mark.parametrize("why", ["expired", "cancelled", "second answer", "card", "commitment", "reflected"])
def test_what_did_not_come_to_an_end_says_why_and_can_begin_again(screen: ContactsScreen, door: FakeDoor, why: str) -> None:
    door.trust.stages[d.delegation("XD")] = t.Live("ended", why=why)
    screen.open_ref(d.delegation("XD"))
    screen.start_verifying("words")
    assert screen.verify.live.what.plain() and screen.verify.live.begin.text() == "Compare again"
    assert ("stand between" in screen.verify.live.what.plain()) == (why in ("commitment", "reflected"))


def test_while_sending_is_stopped_the_other_ways_remain(screen: ContactsScreen, door: FakeDoor) -> None:
    screen.open_ref(d.delegation("XC"))
    screen.start_verifying()
    assert screen.verify.eye.isVisible()
    screen.verify.choose("words")
    assert not screen.verify.live.begin.isEnabled() and "other two ways" in screen.verify.live.what.plain()


def test_an_error_is_said_and_the_button_is_back(
    screen: ContactsScreen, door: FakeDoor, qtbot: QtBot, runner: Runner
) -> None:
    screen.open_ref(d.delegation("XD"))
    screen.start_verifying("words")
    door.fail("trust.compare", NotAllowed("compare.card"))
    screen.verify.live.begin.click()
    settle(qtbot, runner)
    assert "certificate" in screen.notice_bar.happened.plain() and screen.verify.live.begin.isEnabled()


def test_putting_it_off_tells_the_other_side(screen: ContactsScreen, door: FakeDoor, qtbot: QtBot, runner: Runner) -> None:
    door.trust.stages[d.delegation("XB")] = t.Live("asked", until=d.NOW)
    screen.open_ref(d.delegation("XB"))
    screen.verify.live.stop.click()
    settle(qtbot, runner)
    assert door.called("trust.cancel") == [((d.delegation("XB"),), {})] and screen.detail.isVisible()


# -- their code


def test_their_code_is_read_from_a_picture(
    screen: ContactsScreen, door: FakeDoor, qtbot: QtBot, runner: Runner, tmp_path: Path
) -> None:
    (tmp_path / "shot.png").write_bytes(b"a picture")
    screen.open_ref(d.delegation("XD"))
    qtbot.keyClick(screen.list, Qt.Key.Key_P, CTRL_SHIFT)
    pane = screen.verify.code
    assert pane.isVisible() and not pane.qr.image().isNull()
    dialog = screen.comparing.choose_picture()
    dialog.close()
    screen.comparing.read_picture(tmp_path / "shot.png")
    settle(qtbot, runner)
    assert door.called("trust.read_code") == [((d.delegation("XD"), b"a picture"), {})]
    assert screen.detail.badge.text() == "verified in person"
    assert "verified in person" in screen.notice_bar.happened.plain()


@pytest.mark.parametrize("what", ["differs", "older", "newer", "own", "other", "pair", "foreign", "none"])
def test_any_other_code_says_what_it_is_and_verifies_nobody(
    screen: ContactsScreen, door: FakeDoor, qtbot: QtBot, runner: Runner, tmp_path: Path, what: t.Judgement
) -> None:
    (tmp_path / "shot.png").write_bytes(b"a picture")
    door.trust.judged = t.Judged(what, "XF Freeland Islands")
    screen.open_ref(d.delegation("XD"))
    screen.start_verifying("code")
    screen.comparing.read_picture(tmp_path / "shot.png")
    settle(qtbot, runner)
    assert door.called("contacts.verified") == []
    said = [screen.notice_bar.happened.plain(), screen.notice_bar.confidentiality.plain(), screen.notice_bar.todo.plain()]
    assert all(said) and screen.verify.isVisible() == (what != "differs")
    assert all("{" not in one for one in said)


def test_every_verdict_has_other_words() -> None:
    every = [verdict(t.Judged(one), "XB")[0] for one in ("same", "differs", "older", "newer", "own", "other", "pair", "foreign", "none")]
    assert len(set(every)) == 9


@pytest.mark.parametrize("content", [None, b"x" * (24 * 2**20 + 1)])
def test_a_picture_that_cannot_be_read_is_said(
    screen: ContactsScreen, door: FakeDoor, qtbot: QtBot, runner: Runner, tmp_path: Path, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / "shot").write_bytes(content)
    screen.open_ref(d.delegation("XD"))
    screen.start_verifying("code")
    screen.comparing.read_picture(tmp_path / "shot")
    settle(qtbot, runner)
    assert screen.notice_bar.isVisible() and screen.notice_bar.todo.plain() and not door.called("trust.read_code")
    door.fail("trust.read_code", Refused("picture.too_hard"))
    (tmp_path / "other").write_bytes(b"x")
    screen.comparing.read_picture(tmp_path / "other")
    settle(qtbot, runner)
    assert "took too long" in screen.notice_bar.happened.plain()


# -- laptops that joined


@pytest.mark.parametrize("accept", [True, False])
def test_a_laptop_that_joined_is_shown_and_decided(
    screen: ContactsScreen, door: FakeDoor, qtbot: QtBot, runner: Runner, accept: bool
) -> None:
    who = door.trust.added("XB")
    settle(qtbot, runner)
    screen.open_ref(who)
    banner = screen.detail.laptops
    assert banner.isVisible() and not screen.detail.changed.isVisible()
    for part in ("Third Secretary", "write messages", "Added", "Nothing is sent"):
        assert part in words(banner), part
    assert screen.detail.badge.text() == "verified in person"
    rows = screen.rows
    assert "sending stopped" in str(rows.data(rows.index(rows.place(who)), Qt.ItemDataRole.AccessibleTextRole))
    if accept:
        qtbot.keyClick(screen.list, Qt.Key.Key_Y, CTRL_SHIFT)
        question(screen).leave.click()
        assert door.called("contacts.decide") == []
        banner.accept.click()
        question(screen).do_it.click()
    else:
        banner.keep.click()
    settle(qtbot, runner)
    assert door.called("contacts.decide") == [((who, accept), {})]
    assert banner.isVisible() != accept


def test_a_laptop_of_our_own_stands_on_our_card(
    screen: ContactsScreen, door: FakeDoor, qtbot: QtBot, runner: Runner
) -> None:
    who = door.trust.added("XA")
    settle(qtbot, runner)
    screen.open_ref(who)
    banner = screen.own.laptops
    assert banner.isVisible() and "your own delegation" in words(banner)
    banner.accept.click()
    question(screen).do_it.click()
    settle(qtbot, runner)
    assert door.called("contacts.decide") == [((who, True), {})]
    assert screen.own.isVisible() and not banner.isVisible()


# -- vouching


def test_both_identities_are_shown_when_a_custodian_says_otherwise(
    screen: ContactsScreen, door: FakeDoor, qtbot: QtBot, runner: Runner
) -> None:
    who = door.trust.dispute("XE", "XB")
    settle(qtbot, runner)
    screen.open_ref(who)
    detail = screen.detail
    shown = words(detail.changed)
    assert d.fingerprint("XE") in shown and d.fingerprint("XB") in shown and "XB Borovia" in shown
    assert not detail.resume.isVisible() and not detail.keep.isVisible()
    detail.keep_stopped.click()
    settle(qtbot, runner)
    detail.hold.click()
    question(screen).do_it.click()
    settle(qtbot, runner)
    assert door.called("contacts.decide") == [((who, False), {}), ((who, True), {})]
    assert not detail.changed.isVisible()


def test_who_vouches_is_said_with_how_many_are_enough(screen: ContactsScreen, door: FakeDoor) -> None:
    who = d.delegation("XE")
    door.trust.chosen = tuple(d.delegation(one) for one in ("XB", "XD", "XF"))
    door.trust.words[who] = (door.trust.word("XB", who), door.trust.word("XD", who))
    screen.open_ref(who)
    said = screen.detail.vouched.plain()
    assert said == "Vouched for by 2 of 3 custodians: XB, XD. 2 are enough."
    door.trust.words[who] = door.trust.words[who][:1]
    screen.open_ref(who)
    assert screen.detail.vouched.plain().endswith("2 are needed.")


def test_vouching_says_what_it_tells_and_takes_back(
    screen: ContactsScreen, door: FakeDoor, qtbot: QtBot, runner: Runner
) -> None:
    about = d.delegation("XB")
    door.trust.to[about] = (d.delegation("XE"),)
    screen.open_ref(about)
    qtbot.mouseClick(screen.detail.vouch, Qt.MouseButton.LeftButton)
    dialog = screen.findChild(VouchDialog)
    assert "is not told" in words(dialog) and about not in dialog.ticks.boxes
    assert d.delegation("XC") not in dialog.ticks.boxes  # stopped
    assert dialog.ticks.chosen() == (d.delegation("XE"),)
    dialog.ticks.boxes[d.delegation("XE")].setChecked(False)
    dialog.ticks.boxes[d.delegation("XD")].setChecked(True)
    dialog.do_it.click()
    settle(qtbot, runner)
    assert door.called("trust.vouch") == [((about, (d.delegation("XD"),)), {})]
    assert door.called("trust.unvouch") == [((about, (d.delegation("XE"),)), {})]
    assert screen.detail.given.plain() == "We have vouched for it to XD."


def test_only_a_verified_delegation_is_vouched_for(screen: ContactsScreen, qtbot: QtBot) -> None:
    screen.open_ref(d.delegation("XD"))
    assert not screen.detail.vouch.isVisible()
    qtbot.keyClick(screen.list, Qt.Key.Key_U, CTRL_SHIFT)
    assert screen.notice_bar.isVisible() and screen.findChild(VouchDialog) is None


def test_custodians_are_chosen_among_those_verified(
    screen: ContactsScreen, door: FakeDoor, qtbot: QtBot, runner: Runner
) -> None:
    for code in ("XD", "XF"):
        row = door.contacts.rows[d.delegation(code)]
        door.contacts.rows[row.id] = replace(row, trust="verified in person")
    door.touch(v.Changes(contacts=frozenset({d.delegation("XD")})))
    settle(qtbot, runner)
    qtbot.keyClick(screen.list, Qt.Key.Key_K, CTRL_SHIFT)
    dialog = screen.findChild(CustodiansDialog)
    assert d.delegation("XE") not in dialog.ticks.boxes  # only vouched for itself
    ticks = [dialog.ticks.boxes[d.delegation(code)] for code in ("XB", "XD", "XF")]
    ticks[0].click()
    assert not dialog.do_it.isEnabled()  # one word alone is never enough
    ticks[1].click()
    ticks[2].click()
    assert dialog.needed.value() == 2 and dialog.do_it.isEnabled()
    dialog.do_it.click()
    settle(qtbot, runner)
    ((chosen, needed), _) = door.called("trust.choose_custodians")[0]
    assert set(chosen) == {d.delegation(code) for code in ("XB", "XD", "XF")} and needed == 2
    screen.show_own()
    assert screen.own.custodians.plain() == "XB, XD, XF; 2 have to agree."


# -- history


def test_the_history_is_dated_and_says_who_decided(screen: ContactsScreen, door: FakeDoor) -> None:
    door.trust.past[d.delegation("XB")] = [t.Happened(d.NOW, "laptop.accepted", "Third Secretary", "Second Secretary")]
    screen.open_ref(d.delegation("XB"))
    said = words(screen.detail.past)
    assert "Second Secretary accepted the laptop of Third Secretary." in said and "first seen here" in said
    assert screen.detail.compared.plain().startswith("Compared in person, by a code")


def test_every_line_of_history_is_a_sentence(qapp: QApplication) -> None:
    for code in past.CODES:
        one = past.line(t.Happened(d.NOW, code, "Adviser", "Delegate", "7"))
        assert one.endswith(".") and "{" not in one and "changed." not in one.replace("identity changed.", "")


def test_the_codes_of_the_desk_are_those_of_the_history() -> None:
    """Every code that is written down anywhere has a sentence here."""
    import ast

    import valise

    written = set()
    for name in ("contacts", "cards", "trust", "live"):
        tree = ast.parse((Path(valise.__file__).parent / "desk" / f"{name}.py").read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.partition(".")[0] in (
                "laptop", "identity", "decided", "dispute", "custodian", "vouched", "unvouched", "compared",
            ) and "." in node.value and " " not in node.value:  # fmt: skip
                written.add(node.value)
    assert written <= past.CODES and len(written) > 15
