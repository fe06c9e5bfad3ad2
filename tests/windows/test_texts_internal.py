"""The internal side of the workbench: notes by kind, drafts a second officer releases, and the rule in the settings."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import fake_data as d
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton
from test_texts_bench import CTRL, Bench, K, bench  # noqa: F401

from valise.ui.settings.release import ReleaseCard
from valise.ui.texts.held import HeldCard, ReturnDialog
from valise.ui.texts.internal import NoteCard

ALT = Qt.KeyboardModifier.AltModifier
BOTH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def cards(bench: Bench, kind: type) -> list[Any]:  # noqa: F811
    return bench.screen.internal.findChildren(kind)


def press(bench: Bench, card: Any, verb: str) -> None:  # noqa: F811
    made: QToolButton = card.chooser.buttons[verb] if hasattr(card, "chooser") else card.findChild(QToolButton)
    made.click()
    bench.settled()


def test_a_note_has_a_kind_that_a_sign_and_a_word_tell(bench: Bench) -> None:  # noqa: F811
    paragraph = bench.at("OP 2")
    bench.key(K.Key_M, CTRL)
    pane = bench.screen.internal
    bench.qtbot.keyClicks(pane.words, "Two years would do")
    bench.key(K.Key_3, ALT)
    bench.key(K.Key_Return, CTRL)
    bench.settled()
    assert bench.door.called("internal.write")[-1][0] == (d.TEXT, paragraph, "Two years would do", "fallback", "")
    said = [label.text() for card in cards(bench, NoteCard) for label in card.findChildren(type(pane.changing))]
    assert "⊘ Red line" in said and "↓ Fallback" in said


def test_a_note_is_changed_in_place_and_struck_out_and_brought_back(bench: Bench) -> None:  # noqa: F811
    bench.at("OP 2")
    pane = bench.screen.internal
    (card,) = cards(bench, NoteCard)
    card.picked.emit("edit", bench.door.internal.rows[0].id)
    assert pane.words.toPlainText() == "No weaker than “invites”." and pane.sort.currentData() == "red line"
    assert pane.changing.text()
    bench.key(K.Key_Escape, widget=pane.words)
    assert pane.words.toPlainText() == "" and not pane.changing.text()
    card.picked.emit("edit", bench.door.internal.rows[0].id)
    pane.words.setPlainText("No weaker than “encourages”.")
    bench.key(K.Key_Return, CTRL, widget=pane.words)
    bench.settled()
    assert [one.words for one in bench.door.internal.rows] == ["No weaker than “encourages”."]
    pane.struck.emit(bench.door.internal.rows[0].id)
    bench.settled()
    assert bench.door.internal.rows == []
    step = bench.screen.bar.step()
    assert step is not None
    step.click()
    bench.settled()
    assert [(one.words, one.sort) for one in bench.door.internal.rows] == [("No weaker than “encourages”.", "red line")]


def test_a_proposal_waits_and_a_second_officer_releases_it_with_one_key(bench: Bench) -> None:  # noqa: F811
    bench.at("OP 2")
    bench.key(K.Key_L, BOTH)
    assert "No draft of another officer" in bench.screen.bar.happened.text()
    paragraph = bench.at("OP 3")
    held = bench.door.internal.hold(d.TEXT, paragraph, "Invites the Chair to report;")
    bench.settled()
    bench.screen.show_right()
    (card,) = cards(bench, HeldCard)
    assert "waits for release by a second officer" in card.accessibleName()
    assert sorted(card.chooser.buttons) == ["release", "return"]
    bench.key(K.Key_L, BOTH)
    bench.settled()
    assert bench.door.called("internal.release")[0][0] == (held.id,)
    assert not cards(bench, HeldCard)


def test_a_draft_is_returned_with_its_reason(bench: Bench) -> None:  # noqa: F811
    paragraph = bench.at("OP 3")
    held = bench.door.internal.hold(d.TEXT, paragraph, "Invites the Chair to report;")
    bench.settled()
    bench.screen.show_right()
    bench.key(K.Key_J, BOTH)
    dialog = bench.screen.findChild(ReturnDialog)
    assert dialog is not None
    dialog.words.setPlainText("Too weak")
    dialog.give.click()
    bench.settled()
    assert bench.door.called("internal.give_back")[0][0] == (held.id, "Too weak")


def test_ones_own_draft_is_said_to_wait_and_comes_back_into_the_editor(bench: Bench) -> None:  # noqa: F811
    bench.door.internal.rule = replace(bench.door.internal.rule, on=True)
    paragraph = bench.at("OP 3")
    bench.key(K.Key_F2)
    editor = bench.screen.list.editor
    assert editor is not None
    editor.restore("Invites the Chair to report by 2028;", "")
    editor.done.emit("words", *editor.unsent(), "")
    bench.settled()
    assert "second officer" in bench.screen.bar.happened.text()
    (card,) = cards(bench, HeldCard)
    assert sorted(card.chooser.buttons) == ["again", "back"]
    press(bench, card, "again")
    assert bench.screen.list.editor is not None
    assert bench.screen.list.editor.text() == "Invites the Chair to report by 2028;"
    assert [one.state for one in bench.door.internal.held] == ["withdrawn"]
    assert bench.calls("propose_words")[0][:2] == (d.TEXT, paragraph)


def test_a_returned_draft_says_who_and_why(bench: Bench) -> None:  # noqa: F811
    own = bench.door.me_view.officer
    paragraph = bench.at("OP 3")
    bench.door.internal.hold(d.TEXT, paragraph, "Invites the Chair;", own, "returned", answer="Too weak", decided_by="Ambassador")
    bench.settled()
    bench.screen.show_right()
    (card,) = cards(bench, HeldCard)
    said = " ".join(label.text() for label in card.findChildren(type(bench.screen.internal.changing)))
    assert "Ambassador" in said and "Too weak" in said
    press(bench, card, "back")
    assert not cards(bench, HeldCard)


@pytest.mark.parametrize("seconds", [(), ("Third Secretary",)])
def test_the_rule_stands_in_the_settings(bench: Bench, seconds: tuple[str, ...]) -> None:  # noqa: F811
    inside, own = bench.door.internal, bench.door.me_view.officer
    inside.rule = replace(inside.rule, seconds=seconds)
    card = ReleaseCard(bench.door, bench.screen.runner)
    bench.qtbot.addWidget(card)
    assert card.said.text().startswith("Off") and card.step.isEnabled() == bool(seconds)
    if not seconds:
        return
    for said in ("On: every", "On. You asked", "On: every"):
        card.step.click()
        bench.settled()
        assert card.said.text().startswith(said)
    inside.rule = replace(inside.rule, lifting="Third Secretary")
    card.refresh()
    assert "Third Secretary" in card.said.text() and inside.rule.lifting != own
    card.step.click()
    bench.settled()
    assert card.said.text().startswith("Off")
