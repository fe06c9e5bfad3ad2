"""Joint statements and co-sponsors in the window: where they stand, and who has signed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import fake_data as d
import pytest
from fake_door import FakeDoor
from fake_joint import ARABIC, CLOSED, OPEN, SPONSORS, UNSOUND, WORDS, sign_on
from joint_hands import offered, page, spoken
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from test_texts_bench import CTRL, Bench, open_bench
from walk import name_of, nameless

from valise.desk.views import Changes, SignOn
from valise.ui import actions, theme
from valise.ui.joint import said
from valise.ui.joint.listing import StatementsDelegate
from valise.ui.joint.pane import NARROW
from valise.ui.joint.signers import SignersDelegate
from valise.ui.seeing import deadline
from valise.ui.texts import table

K = Qt.Key
HOSTILE = "<b>no</b><a href=x>\u202eevil\u202c \x07" + " very long" * 40
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The clock of the window; put another time into it."""
    held = [d.NOW]
    monkeypatch.setattr(deadline, "now", lambda: held[0])
    return held


@pytest.fixture
def bench(qtbot: Any, clock: list[int]) -> Iterator[Bench]:
    yield from open_bench(qtbot, FakeDoor())


@pytest.fixture
def mirrored(qtbot: Any, clock: list[int]) -> Iterator[Bench]:
    yield from open_bench(qtbot, FakeDoor(), rtl=True)


# the page


def test_the_key_opens_the_page_and_escape_leads_back(bench: Bench) -> None:
    bench.at("OP 3")
    made = page(bench)
    assert made.list.hasFocus() and nameless(made) == []
    assert all(name_of(one) for one in made.pane.buttons)
    bench.key(K.Key_Escape)
    assert not bench.screen.far.looking() and bench.screen.list.hasFocus()
    assert bench.screen.model.row(bench.screen.list.currentIndex().row()).label == "OP 3"


def test_every_statement_says_in_words_and_sign_where_it_stands(bench: Bench) -> None:
    told = spoken(page(bench).list)
    assert told[0] == (
        "Joint statement on points of contact that answer, Joint statement, Drafting group on points of contact, "
        "open until 3 December, 2 delegations, we have not signed"
    )
    assert "Co-sponsors" in told[1] and "open, 2 delegations, we signed" in told[1]
    assert "words differ, nobody has signed on" in told[2] and "closed, 1 waiting, 2 delegations, we signed" in told[3]
    signs = [said.standing(one).sign for one in bench.screen.far.joint.page.read.rows]
    assert signs == ["○", "○", "≠", "■"]
    bench.door.joint.change(OPEN, newer=CLOSED)
    bench.settled()
    bench.settled()
    assert ", replaced, 2 delegations" in spoken(bench.screen.far.joint.page.list)[0]


def test_a_statement_is_read_whole_in_the_list(bench: Bench) -> None:
    made = page(bench).list
    painter = made.itemDelegate()
    assert isinstance(painter, StatementsDelegate)
    for n, one in enumerate(made.entries.rows):
        parts = painter.parts(one, made.entries, made.viewport().width() - 12, Qt.LayoutDirection.LeftToRight)
        assert not any(part.cut for part in parts), one.title
        assert made.visualRect(made.entries.index(n)).height() >= sum(part.tall() for part in parts)
    signers = page(bench, CLOSED).pane.signers
    drawn = signers.itemDelegate()
    assert isinstance(drawn, SignersDelegate)
    for n, signer in enumerate(signers.entries.lines):
        note = drawn.note(signer, signers.viewport().width(), Qt.LayoutDirection.LeftToRight)
        assert not note.cut and signers.visualRect(signers.entries.index(n)).height() >= 26 + note.tall()


def test_who_signed_stands_in_alphabetical_order_with_state_time_and_trust(bench: Bench) -> None:
    made = page(bench, CLOSED)
    assert spoken(made.pane.signers) == [
        "Aurelia, XA, signed · 28 November, 16:00 UTC, our own",
        "Borovia, XB, late, waits to be admitted · 15:00 UTC, verified in person",
        "Dravenia, XD, other words, does not count · 15:00 UTC, not verified yet",
        "Eastmark, XE, late, admitted · 15:00 UTC, vouched for",
    ]
    signs = [said.sign(one.sign.state).sign for one in made.pane.signers.entries.lines]
    assert signs == ["✓", "⧗", "≠", "✓+"]
    made = page(bench, OPEN)
    assert "Dravenia, XD, took its name back" in spoken(made.pane.signers)[1]
    page(bench, SPONSORS)
    assert "identity changed" in spoken(made.pane.signers)[1]


def test_a_delegation_whose_card_is_not_here_is_named_by_its_id(bench: Bench) -> None:
    page(bench)
    bench.door.joint.change(OPEN, signs=(SignOn("stranger-id", "?", "?", d.NOW, "signed"),))
    bench.settled()
    bench.settled()
    assert "strang?" in spoken(page(bench, OPEN).pane.signers)[0]


def test_the_words_can_be_selected_and_take_the_side_of_their_language(bench: Bench) -> None:
    made = page(bench, OPEN)
    assert made.pane.words.toPlainText() == WORDS and made.pane.words.isReadOnly()
    left = Qt.LayoutDirection.LeftToRight
    assert made.pane.words.document().defaultTextOption().textDirection() == left
    made.list.setFocus()
    bench.key(K.Key_Return)
    assert made.pane.words.hasFocus()
    bench.key(K.Key_A, CTRL)
    assert made.pane.words.textCursor().hasSelection()
    page(bench, CLOSED)
    option = made.pane.words.document().defaultTextOption()
    assert made.pane.words.toPlainText() == ARABIC and option.textDirection() == Qt.LayoutDirection.RightToLeft
    assert option.alignment() & Qt.AlignmentFlag.AlignRight


def test_hostile_words_are_plain_and_what_steers_is_seen(bench: Bench) -> None:
    page(bench)
    bench.door.joint.put(OPEN, HOSTILE, words=HOSTILE, opener="XB")
    bench.settled()
    bench.settled()
    made = page(bench, OPEN)
    shown = made.pane.words.toPlainText()
    assert "<b>no</b>" in shown and "\u202e" not in shown and shown.count("\ufffd") == 3
    assert "\u202e" not in made.pane.title.text() and "\x07" not in made.pane.title.text()
    assert "\u202e" not in spoken(made.list)[0]


def test_the_hash_is_read_in_groups_and_copied_whole(bench: Bench) -> None:
    made = page(bench, OPEN)
    whole = bench.door.joint.rows[0].hash
    assert "".join(made.pane.hash.digits.plain().split()) == whole
    assert len(made.pane.hash.digits.plain().split()) == 16
    bench.key(K.Key_H)
    assert QGuiApplication.clipboard().text() == whole and "ten seconds" in made.bar.happened.plain()


def test_193_sign_ons_are_one_model_without_a_widget_each(bench: Bench) -> None:
    made = page(bench, OPEN)
    before = len(made.findChildren(QWidget))
    many = tuple(SignOn(f"delegation {n}", f"Q{n}", f"Delegation {n:03}", d.NOW - n, "signed") for n in range(193))
    bench.door.joint.change(OPEN, signs=many)
    bench.settled()
    bench.settled()
    assert made.pane.signers.entries.rowCount() == 193 and "193 delegations" in made.pane.signed.plain()
    assert len(made.findChildren(QWidget)) == before


def test_what_is_left_of_the_time_is_followed_while_one_looks(bench: Bench, clock: list[int]) -> None:
    made = page(bench, OPEN)
    assert "another 2 days 3 h" in made.pane.what.plain() and made.ticking()
    clock[0] = d.NOW + 50 * d.HOUR
    made._tick.timeout.emit()
    assert "another 1 h 0 min" in made.pane.what.plain()
    clock[0] = d.NOW + 51 * d.HOUR
    made._tick.timeout.emit()
    assert "stays open until XB Borovia closes it" in made.pane.more.plain() and not made.ticking()
    assert "sign" in offered(bench)  # a date closes nothing
    clock[0] = d.NOW
    page(bench, SPONSORS)
    assert not made.ticking()
    page(bench, OPEN)
    assert made.ticking()
    bench.key(K.Key_Escape)
    assert not made.ticking()


def test_the_overviews_line_leads_to_the_statement(bench: Bench) -> None:
    bench.screen.open_ref(CLOSED)
    bench.settled()
    assert bench.screen.far.joint.looking() and bench.screen.far.joint.page.row().id == CLOSED
    bench.screen.open_ref(d.OTHER_TEXT)
    assert not bench.screen.far.looking() and bench.screen.text == d.OTHER_TEXT
    bench.screen.open_ref(d.ident("nobody knows this"))
    bench.settled()
    assert not bench.screen.far.looking()


def test_who_went_elsewhere_meanwhile_stays_there(bench: Bench) -> None:
    bench.screen.open_ref(CLOSED)
    bench.screen.open_ref(d.OTHER_TEXT)
    bench.settled()
    assert not bench.screen.far.looking() and bench.screen.text == d.OTHER_TEXT


def test_a_change_under_way_does_not_take_the_wanted_statement_away(bench: Bench) -> None:
    bench.screen.open_ref(CLOSED)
    bench.screen.refresh(Changes(texts=frozenset({OPEN})))
    bench.settled()
    assert bench.screen.far.joint.looking() and bench.screen.far.joint.page.row().id == CLOSED


def test_a_change_is_shown_and_where_one_was_is_kept(bench: Bench) -> None:
    made = page(bench, CLOSED)
    made.pane.signers.setCurrentIndex(made.pane.signers.entries.index(2))
    read = len(bench.door.called("joint.all"))
    bench.door.joint.change(OPEN, signs=(sign_on("XB"), sign_on("XE"), sign_on("XD")))
    bench.settled()
    bench.settled()
    assert len(bench.door.called("joint.all")) == read + 1 and made.row().id == CLOSED
    assert made.pane.signers.current().code == "XD" and "3 delegations" in spoken(made.list)[0]
    bench.key(K.Key_Escape)
    bench.door.touch(Changes(texts=frozenset({OPEN})))
    bench.settled()
    assert len(bench.door.called("joint.all")) == read + 1  # nobody looks
    names = zip(bench.door.calls, bench.door.threads, strict=True)
    assert all(thread.startswith("writer") for (name, _, _), thread in names if name.startswith("joint."))


def test_nothing_acts_on_a_text_one_does_not_see(bench: Bench) -> None:
    bench.at("OP 3")
    page(bench, UNSOUND)
    before = len(bench.door.calls)
    for key in "SGRONWTKXADLMCI":
        bench.key(getattr(K, f"Key_{key}"))
    bench.settled()
    assert {name for name, _, _ in bench.door.calls[before:]} <= {"me"}
    assert not any(one.isVisible() for one in bench.screen.findChildren(QDialog))
    bench.key(K.Key_Escape)
    assert not any(bench.screen.acts[name].isEnabled() for name in table.JOINT)
    assert bench.screen.acts["support"].isEnabled()


def test_the_panes_are_cycled_and_every_button_has_its_key(bench: Bench) -> None:
    made = page(bench, OPEN)
    panes = bench.screen.panes()
    assert panes[0] is made.list and made.pane.words in panes and made.pane.signers in panes
    assert panes[1] is made.pane.buttons[0]
    for name in table.JOINT:
        assert actions.spec(f"texts.{name}").keys and actions.spec(f"texts.{name}").within
    assert [one.text() for one in made.pane.buttons if one.isVisible()] == [
        "Sign on (S)", "Copy the list (L)", "Save the words (F)",
    ]  # fmt: skip


# how it looks


def test_the_painted_lists_mirror(mirrored: Bench, qtbot: Any) -> None:
    made = page(mirrored, CLOSED)
    for view in (made.list, made.pane.signers):
        there = view.grab().toImage()
        view.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        assert view.grab().toImage() != there
    assert made.pane.hash.digits.text().startswith("\u2066")  # digits run left to right


@pytest.mark.parametrize("look", ["light", "dark"])
def test_it_is_painted_in_both_looks_and_narrow(bench: Bench, look: theme.Choice) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    made = page(bench, CLOSED)
    theme.install(app, look)
    image = made.grab().toImage()
    assert image.format() != QImage.Format.Format_Invalid
    ground = image.pixelColor(made.width() // 2, 4).lightness()
    assert (ground < 128) is (look == "dark")
    bench.screen.resize(900, 700)
    QApplication.processEvents()
    assert made.pane.split.orientation() == (
        Qt.Orientation.Vertical if made.pane.width() < NARROW else Qt.Orientation.Horizontal
    )
    theme.install(app, "light")
