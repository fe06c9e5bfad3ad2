"""Entering recovery shares by keyboard alone: each word, each share, and what is said of mistakes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from walk import name_of, nameless

from valise.protocol import shares as sharing
from valise.ui.widgets.shares_entry import SharesEntry

Keep = Callable[[QWidget], Any]
SECRET = bytes(range(32))


@pytest.fixture(scope="module")
def shares() -> tuple[str, ...]:
    return sharing.split(SECRET, 3, 5)


@pytest.fixture
def entry(keep: Keep) -> SharesEntry:
    made = keep(SharesEntry())
    made.field.setFocus()
    assert isinstance(made, SharesEntry)
    return made


def type_words(entry: SharesEntry, words: str, *, short: bool = True) -> None:
    for word in words.split():
        QTest.keyClicks(entry.field, word[:4] if short else word)
        QTest.keyClick(entry.field, Qt.Key.Key_Space)


def test_three_shares_are_entered_and_given_once(entry: SharesEntry, shares: tuple[str, ...], qtbot: Any) -> None:
    assert (entry.entered(), entry.need(), entry.is_complete()) == (0, 0, False)
    type_words(entry, shares[4])
    assert entry.line.plain() == "Share 1 of 3 is right. 2 more."
    assert (entry.entered(), entry.need()) == (1, 3)
    assert entry.caption.plain() == "Share 2 of 3"
    assert not any(word in cell.plain() for cell in entry.sheet.cells for word in shares[4].split())
    type_words(entry, shares[0], short=False)
    assert entry.line.plain() == "Share 2 of 3 is right. 1 more."
    with qtbot.waitSignal(entry.complete):
        type_words(entry, shares[2])
    assert entry.is_complete() and not entry.field.isEnabled()
    given = entry.take()
    assert sharing.join(given) == SECRET
    assert entry.take() == [] and entry.entered() == 0 and not entry.is_complete()
    assert entry.field.isEnabled()


def test_a_wrong_word_is_named_and_stays_to_be_mended(entry: SharesEntry, shares: tuple[str, ...]) -> None:
    words = shares[0].split()
    QTest.keyClicks(entry.field, "valisse")
    QTest.keyClick(entry.field, Qt.Key.Key_Space)
    assert "\u2068valisse\u2069 is not in the list of words." in entry.line.text()
    assert entry.field.selectedText() == "valisse", "typing goes over it"
    QTest.keyClicks(entry.field, "ac")
    QTest.keyClick(entry.field, Qt.Key.Key_Space)
    assert "Several words begin with" in entry.line.plain()
    assert "academic" in entry.offers.plain()
    QTest.keyClicks(entry.field, words[0])
    QTest.keyClick(entry.field, Qt.Key.Key_Return)
    assert entry.sheet.cells[0].plain() == f" 1  {words[0]}"


def test_words_near_a_mistake_are_offered(entry: SharesEntry) -> None:
    QTest.keyClicks(entry.field, "acadmic")
    QTest.keyClick(entry.field, Qt.Key.Key_Space)
    assert "academic" in entry.line.plain()


def test_down_and_up_put_a_word_into_the_field(entry: SharesEntry) -> None:
    QTest.keyClicks(entry.field, "ac")
    QTest.keyClick(entry.field, Qt.Key.Key_Down)
    assert entry.field.text() == "academic"
    QTest.keyClick(entry.field, Qt.Key.Key_Down)
    assert entry.field.text() == "acid"
    QTest.keyClick(entry.field, Qt.Key.Key_Up)
    assert entry.field.text() == "academic"
    QTest.keyClick(entry.field, Qt.Key.Key_Space)
    assert entry.sheet.cells[0].plain().endswith("academic")


def test_a_share_that_does_not_fit_together_is_mended_at_one_word(
    entry: SharesEntry, shares: tuple[str, ...], qtbot: Any
) -> None:
    words = shares[0].split()
    wrong = "academic" if words[5] != "academic" else "acid"
    type_words(entry, " ".join([*words[:5], wrong, *words[6:]]))
    assert "A word of this share is wrong" in entry.line.plain()
    assert entry.entered() == 0
    entry.sheet.chosen.emit(5)
    assert entry.field.text() == wrong
    assert "word 6 of 33" in name_of(entry.field)
    QTest.keyClicks(entry.field, words[5])
    QTest.keyClick(entry.field, Qt.Key.Key_Space)
    assert entry.entered() == 1, "no other word has to be typed again"


def test_left_right_and_backspace_walk_over_the_words(entry: SharesEntry) -> None:
    type_words(entry, "academic acid acne")
    QTest.keyClick(entry.field, Qt.Key.Key_Left)
    assert entry.field.text() == "acne"
    QTest.keyClick(entry.field, Qt.Key.Key_Home)
    QTest.keyClick(entry.field, Qt.Key.Key_Left)
    assert entry.field.text() == "acid"
    QTest.keyClick(entry.field, Qt.Key.Key_End)
    QTest.keyClick(entry.field, Qt.Key.Key_Right)
    assert entry.field.text() == "acne"
    QTest.keyClick(entry.field, Qt.Key.Key_End)
    QTest.keyClick(entry.field, Qt.Key.Key_Right)
    assert entry.field.text() == ""
    QTest.keyClick(entry.field, Qt.Key.Key_Backspace)
    assert entry.field.text() == "acne"
    QTest.keyClick(entry.field, Qt.Key.Key_Right)  # at the end: nothing beyond the first empty place
    QTest.keyClick(entry.field, Qt.Key.Key_Right)
    assert "word 4 of 33" in name_of(entry.field)


def test_the_same_share_and_one_of_another_set_are_told(entry: SharesEntry, shares: tuple[str, ...]) -> None:
    type_words(entry, shares[0])
    type_words(entry, shares[0])
    assert "was entered before" in entry.line.plain()
    type_words(entry, sharing.split(bytes(32), 3, 5)[1])
    assert "another set" in entry.line.plain()
    assert entry.entered() == 1 and entry.caption.plain() == "Share 2 of 3"


def test_a_share_that_valise_did_not_make(entry: SharesEntry) -> None:
    import shamir_mnemonic

    strange = shamir_mnemonic.generate_mnemonics(1, [(1, 1)], SECRET)[0][0]
    type_words(entry, strange)
    assert "Valise did not make it" in entry.line.plain() and entry.entered() == 0


def test_a_scanner_types_a_whole_share(entry: SharesEntry, shares: tuple[str, ...]) -> None:
    entry.field.setText(shares[1] + " ")
    entry.field.textEdited.emit(entry.field.text())
    assert entry.entered() == 1


def test_nothing_is_pasted_copied_or_dropped(entry: SharesEntry, shares: tuple[str, ...]) -> None:
    QGuiApplication.clipboard().setText(shares[0])
    for key in (Qt.Key.Key_V, Qt.Key.Key_Insert):
        with_shift = Qt.KeyboardModifier.ShiftModifier if key == Qt.Key.Key_Insert else Qt.KeyboardModifier.ControlModifier
        QTest.keyClick(entry.field, key, with_shift)
        assert entry.field.text() == ""
        assert "typed, not pasted" in entry.line.plain()
    entry.say("", "muted")
    for kind in (QMouseEvent.Type.MouseButtonPress, QMouseEvent.Type.MouseButtonRelease):
        event = QMouseEvent(kind, QPointF(5, 5), entry.field.mapToGlobal(QPointF(5, 5)), Qt.MouseButton.MiddleButton,
                            Qt.MouseButton.MiddleButton, Qt.KeyboardModifier.NoModifier)  # fmt: skip
        QGuiApplication.sendEvent(entry.field, event)
    assert entry.field.text() == "" and "typed, not pasted" in entry.line.plain()
    QTest.keyClicks(entry.field, "academic")
    entry.field.selectAll()
    QTest.keyClick(entry.field, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(entry.field, Qt.Key.Key_X, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == shares[0] and entry.field.text() == "academic"
    assert not entry.field.acceptDrops()
    QGuiApplication.clipboard().clear()


def test_what_was_typed_is_gone_with_its_page(entry: SharesEntry, shares: tuple[str, ...]) -> None:
    type_words(entry, shares[0])
    type_words(entry, "academic acid")
    entry.hide()
    assert entry.entered() == 0 and entry.need() == 0
    assert all(cell.plain().endswith("·") for cell in entry.sheet.cells)
    assert entry.field.text() == ""


def test_one_share_is_begun_again_and_the_others_stay(entry: SharesEntry, shares: tuple[str, ...]) -> None:
    type_words(entry, shares[0])
    type_words(entry, "academic acid")
    entry.again.click()
    assert entry.entered() == 1 and entry.field.text() == ""
    assert all(cell.plain().endswith("·") for cell in entry.sheet.cells)


def test_every_control_has_a_name(entry: SharesEntry) -> None:
    assert nameless(entry) == []
    assert name_of(entry.field) == "First share, word 1 of 33"
    QTest.keyClicks(entry.field, "aca")
    assert "academic" in entry.field.accessibleDescription()
