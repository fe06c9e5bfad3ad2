"""Three windows negotiate one text: proposing in place, positions, the pen, revisions, by keys alone."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from hands import CTRL, SHIFT, Table, press, rewrite, type_words
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog

from valise.desk.views import TextDraft
from valise.ui.texts.pen import PassPenDialog, RevisionDialog

K = Qt.Key


def shown(bench: Any, label: str) -> str:
    """The words on the card of a paragraph, as painted."""
    rows = [row.label for row in bench.model.rows()]
    return str(bench.cards._document(rows.index(label), bench.list.viewport().width()).toPlainText())


def status(table: Table, code: str, text: str, label: str) -> str:
    return next(row.status for row in table.world[code].texts.outline(text) if row.label == label)


def dialog_of(kind: type[QDialog], table: Table) -> Any:
    def there() -> bool:
        return any(isinstance(one, kind) and one.isVisible() for one in QApplication.topLevelWidgets())

    table.qtbot.waitUntil(there)
    return next(one for one in QApplication.topLevelWidgets() if isinstance(one, kind) and one.isVisible())


def test_a_text_from_first_reading_to_the_next_pen_by_keys_alone(table: Table) -> None:
    text = table.text()
    # Borovia: two interactions, Enter and Ctrl+Enter, with the words typed between them
    bench = table.at("XB", text, "OP 1")
    press(K.Key_Return)
    rewrite(bench, "should", "shall")
    press(K.Key_Return, CTRL)
    table.settle()
    assert "XB/1" in bench.bar.happened.plain()
    # Gallia Minor: a rival wording, and a reason
    bench = table.at("XG", text, "OP 1")
    press(K.Key_Return)
    rewrite(bench, "should", "are encouraged to")
    press(K.Key_Tab)
    type_words("Voluntary by nature.")
    press(K.Key_Return, CTRL)
    table.exchange()
    cards = {code: shown(table.at(code, text, "OP 1"), "OP 1") for code in ("XA", "XB", "XG")}
    assert len(set(cards.values())) == 1  # C12: both stand, for everybody
    assert "shall" in cards["XA"] and "are encouraged to" in cards["XA"] and "*" not in cards["XA"]
    # positions: choose with Alt+Down, one letter each
    bench = table.at("XG", text, "OP 1")
    labels = [card.proposal.label for card in bench.amendments.cards]
    while bench.amendments.target != bench.amendments.cards[labels.index("XB/1")].proposal.id:
        press(K.Key_Down, Qt.KeyboardModifier.AltModifier)
    press(K.Key_G)
    table.exchange()
    bench = table.at("XA", text, "OP 1")
    said = {one.delegation: one.value for one in bench.view().positions}
    assert said == {table.world.id("XG"): "can go along"}
    # the pen: rejects the rival, takes the other, agrees ad ref with one key
    while bench.amendments.target != next(
        card.proposal.id for card in bench.amendments.cards if card.proposal.label == "XB/1"
    ):
        press(K.Key_Down, Qt.KeyboardModifier.AltModifier)
    press(K.Key_T)
    table.settle()
    assert bench.view().paragraph.words == (
        "*Decides* that States shall designate points of contact within twelve months;"
    )
    rest = [one for one in bench.view().proposals if one.state in ("open", "rebased")]
    for one in rest:
        bench.amendments.choose(one.id)
        press(K.Key_X)
        table.settle()
    press(K.Key_A, CTRL | SHIFT)
    table.exchange()
    assert {status(table, code, text, "OP 1") for code in ("XA", "XB", "XG")} == {"agreed ad ref"}
    # a revision, and everybody computes the same
    bench = table.at("XA", text, "OP 2")
    press(K.Key_R, CTRL | SHIFT)
    dialog = dialog_of(RevisionDialog, table)
    assert dialog.symbol.text() == "FICT/CRP.1/Rev.1"
    press(K.Key_Return, widget=dialog.symbol)
    table.settle()
    press(K.Key_Escape, widget=dialog)
    table.exchange(rounds=6)
    (made,) = table.world["XA"].texts.head(text).revisions
    for code in ("XA", "XB", "XG"):
        (one,) = table.world[code].texts.head(text).revisions
        assert one.text_hash == made.text_hash and not one.alarm
        assert hashlib.sha256(table.world[code].texts.plain(text).encode()).hexdigest() == made.text_hash
    assert len(table.world["XA"].texts.head(text).revisions[0].acknowledged_by) == 3
    # the pen goes on to Borovia
    bench = table.at("XA", text, "OP 2")
    press(K.Key_H, CTRL | SHIFT)
    passing = dialog_of(PassPenDialog, table)
    passing.to.setFocus()
    press(K.Key_Down)
    while passing.to.currentData() != table.world.id("XB"):
        press(K.Key_Down)
    press(K.Key_Tab)
    while QApplication.focusWidget() is not passing.give:
        press(K.Key_Tab)
    press(K.Key_Space)
    table.exchange()
    bench = table.at("XB", text, "OP 2")
    assert bench.pen and bench.bench.isVisible()
    assert not table.at("XA", text, "OP 2").bench.isVisible()
    press_agree = table.at("XB", text, "OP 2")
    press(K.Key_A, CTRL | SHIFT)
    table.exchange()
    assert press_agree.pen and status(table, "XG", text, "OP 2") == "agreed ad ref"


def test_what_is_proposed_before_the_first_paragraph_and_for_the_title(table: Table) -> None:
    text = table.text()
    bench = table.screen("XB", "texts")
    bench.open_text(text)
    bench.list.go(0)
    bench.list.setFocus()
    bench.show_right()
    assert bench.model.row(0).section == "title"
    press(K.Key_Return)
    rewrite(bench, "Draft decision", "Draft recommendation")
    press(K.Key_Return, CTRL)
    table.settle()
    bench.list.setFocus()
    press(K.Key_A)
    type_words("*Bearing in mind* earlier work,")
    press(K.Key_Return, CTRL)
    table.exchange()
    bench = table.screen("XA", "texts")
    bench.open_text(text)
    bench.list.go(0)
    bench.show_right()
    kinds = {card.proposal.kind: card for card in bench.amendments.cards}
    assert set(kinds) == {"title", "paragraph"}
    assert "*" not in kinds["paragraph"].words.accessibleName()
    for kind in ("title", "paragraph"):
        now = {card.proposal.kind: card for card in bench.amendments.cards}[kind]
        now.chooser.buttons["take"].click()
        table.settle()
    table.exchange()
    rows = table.world["XG"].texts.outline(text)
    assert "recommendation" in rows[0].first_words
    assert [row.first_words for row in rows][1] == "Bearing in mind earlier work,"


def test_remarks_alternatives_moves_and_late_amendments(table: Table) -> None:
    text = table.text()
    table.at("XB", text, "OP 2")
    press(K.Key_L)
    bench = table["XB"].made("texts")
    bench.list.editor.words.selectAll()
    type_words("*Encourages* States to test them;")
    press(K.Key_Return, CTRL)
    table.settle()
    press(K.Key_M)
    editor = bench.list.editor
    assert editor.section.hasFocus()
    editor.section.setCurrentIndex(
        next(n for n in range(editor.section.count()) if "PP 1" in editor.section.itemText(n))
    )
    press(K.Key_Return, CTRL, editor.section)
    table.exchange()
    bench = table.at("XG", text, "OP 2")
    assert {card.proposal.kind for card in bench.amendments.cards} == {"alternative", "move"}
    press(K.Key_C)
    type_words("We need time to look at this.")
    press(K.Key_Return, CTRL)
    table.exchange()
    paragraph = bench.view().paragraph.id
    assert [one.words for one in table.world["XA"].texts.comments(text, paragraph)] == ["We need time to look at this."]
    bench = table.at("XA", text, "OP 2")
    assert "We need time to look at this." in {
        label.text().strip("\u2068\u2069") for label in bench.amendments.findChildren(_label())
    }
    # late: proposed by Borovia while Aurelia, who had not seen it, agreed the paragraph
    for one in [one for one in bench.view().proposals if one.state == "open"]:
        table.world["XA"].texts.reject(text, one.id)
    late = table.world["XB"].texts.propose_words(text, paragraph, "*Invites* States to test them.")[0]
    table.world["XA"].texts.agree(text, paragraph)
    table.exchange()
    bench = table.at("XA", text, "OP 2")
    card = next(card for card in bench.amendments.cards if card.proposal.id == late)
    assert card.proposal.state == "late" and set(card.chooser.buttons) == {"admit", "comment"}
    table.world["XA"].texts.reopen(text, paragraph)
    table.settle()
    bench = table.at("XA", text, "OP 2")
    bench.amendments.choose(late)
    press(K.Key_I)
    table.exchange()
    states = {one.id: one.state for one in table.world["XB"].texts.paragraph(text, paragraph).proposals}
    assert states[late] in ("open", "rebased")


def _label() -> Any:
    from valise.ui.widgets.labels import SafeLabel

    return SafeLabel


def test_the_pen_writes_and_answers_what_it_touches(table: Table) -> None:
    text = table.text()
    table.at("XG", text, "OP 2")
    press(K.Key_Return)
    rewrite(table["XG"].made("texts"), "every year", "every two years")
    press(K.Key_Return, CTRL)
    table.exchange()
    bench = table.at("XA", text, "OP 2")
    press(K.Key_E, CTRL)
    editor = bench.list.editor
    assert editor.mode == "pen"
    rewrite(bench, "every year", "regularly")
    table.qtbot.waitUntil(lambda: not editor.allowed)
    press(K.Key_Return, CTRL)  # nothing is sent before the amendment has its answer
    assert bench.list.editor is editor
    (amendment,) = [one for one in bench.view().proposals if one.state == "open"]
    bench.writing._list.choose(amendment.id, "amended")
    press(K.Key_Return, CTRL, editor.words)
    table.exchange()
    view = table.world["XG"].texts.paragraph(text, bench.view().paragraph.id)
    assert view.paragraph.words == "*Invites* States to test them regularly."
    assert {one.state for one in view.proposals} == {"amended"}


def test_a_remark_inside_the_delegation_stays_there(table: Table) -> None:
    text = table.text()
    table.at("XB", text, "OP 1")
    press(K.Key_M, CTRL)
    type_words("Red line: twelve months.")
    press(K.Key_Return, CTRL)
    table.exchange(rounds=6)
    bench = table.at("XB", text, "OP 1")
    assert [one.words for one in table.world["XB"].internal.notes(text)] == ["Red line: twelve months."]
    assert bench.internal.words.toPlainText() == ""
    for code in ("XA", "XG"):
        assert table.world[code].internal.notes(text) == []


@pytest.mark.parametrize("how", ["locked", "crashed"])
def test_unsent_words_survive(table: Table, how: str) -> None:
    text = table.text()
    bench = table.at("XB", text, "OP 1")
    paragraph = bench.view().paragraph.id
    press(K.Key_Return)
    rewrite(bench, "should", "must")
    bench.internal.words.setFocus()
    type_words("Ask the capital.")
    if how == "crashed":  # the vault has them a moment after the last key
        table.qtbot.waitUntil(lambda: table.world["XB"].texts.draft(text, paragraph, "words") is not None)
        table.qtbot.waitUntil(lambda: table.world["XB"].texts.draft(text, paragraph, "remark") is not None)
    window = table.windows.pop("XB")
    if how == "locked":
        with table.qtbot.waitSignal(window.locked):
            press(K.Key_L, CTRL)
    else:
        window._screens.clear()  # nobody saves anything any more
        window.lock("asked")
    window.deleteLater()
    table.world.desks["XB"] = table.world.gate("XB").unlock(bytearray(b"correct horse for tests"))
    left = table.world["XB"].texts.draft(text, paragraph, "words")
    assert isinstance(left, TextDraft) and "States must designate" in left.words
    bench = table.at("XB", text, "OP 1")
    assert bench.amendments.resume.isVisible()
    assert bench.internal.words.toPlainText() == "Ask the capital."
    bench.list.setFocus()
    press(K.Key_Return)
    assert "States must designate" in bench.list.editor.text()
    press(K.Key_Return, CTRL)
    table.settle()
    assert table.world["XB"].texts.draft(text, paragraph, "words") is None


def test_the_text_in_notation_goes_to_the_clipboard_and_away(table: Table) -> None:
    text = table.text()
    table.at("XA", text, "OP 1")
    press(K.Key_C, CTRL | SHIFT)
    table.settle()
    table.qtbot.waitUntil(lambda: "OP 1" in QGuiApplication.clipboard().text())
    table["XA"].lock("asked")
    assert QGuiApplication.clipboard().text() == ""
    table.windows.pop("XA").deleteLater()
