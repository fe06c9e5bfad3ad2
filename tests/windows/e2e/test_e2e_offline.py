"""Everything at once: two amend the same words, a third moves the paragraph, the pen writes and agrees without a network.
Each member sees the same, and the screen says what happened."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hands import CTRL, SHIFT, Desks, Table, press, rewrite
from PySide6.QtCore import Qt

from valise.desk.exchange import ExchangeDesk
from valise.ui import theme
from valise.ui.texts import terms

K = Qt.Key
CODES = ("XA", "XB", "XG", "XE")


@pytest.fixture
def four(worn: theme.Theme, tmp_path: Path, qtbot: Any) -> Iterator[Table]:
    made = Table(Desks(tmp_path, CODES), qtbot)
    yield made
    made.close()
    made.world.close()


def away(table: Table, rounds: int = 4) -> None:
    """Everybody but the pen exchanges."""
    table.settle()
    for _ in range(rounds):
        for code in CODES[1:]:
            table.world[code].exchange.now()
    table.settle()


def amend(table: Table, code: str, text: str, label: str, old: str, new: str) -> str:
    bench = table.at(code, text, label)
    mine = table.world.id(code)  # what others sent may come at any moment
    before = {one.id for one in bench.view().proposals if one.author == mine}
    press(K.Key_Return)
    rewrite(bench, old, new)
    press(K.Key_Return, CTRL)
    table.settle()
    (made,) = {one.id for one in bench.view().proposals if one.author == mine} - before
    return made


def told(bench: Any) -> dict[str, str]:
    """Each amendment on the screen, by label, with what the screen says of its state."""
    return {card.proposal.label: card.accessibleName() for card in bench.amendments.cards}


def test_each_member_sees_the_same_and_the_screen_says_what_happened(four: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    for code in CODES:  # they are apart: nothing leaves before this test says so
        four.world[code].exchange.when_wanted(None)
    monkeypatch.setattr(ExchangeDesk, "when_wanted", lambda self, call: None)
    text = four.text()
    six = amend(four, "XB", text, "OP 1", "twelve", "six")
    two = amend(four, "XG", text, "OP 1", "twelve", "twenty-four")
    late = amend(four, "XB", text, "OP 2", "every year", "every month")
    bench = four.at("XE", text, "OP 1")
    press(K.Key_M)
    editor = bench.list.editor
    editor.section.setCurrentIndex(next(n for n in range(editor.section.count()) if "OP 2" in editor.section.itemText(n)))
    press(K.Key_Return, CTRL, editor.section)
    away(four)
    # the pen, which has heard nothing of it, writes other words of the one and agrees the other
    bench = four.at("XA", text, "OP 1")
    press(K.Key_E, CTRL)
    rewrite(bench, "points of contact", "a point of contact")
    press(K.Key_Return, CTRL)
    four.settle()
    four.at("XA", text, "OP 2")
    press(K.Key_A, CTRL | SHIFT)
    four.settle()
    four.exchange()

    states = [
        {one.id: one.state for row in four.world[code].texts.outline(text)
         for one in four.world[code].texts.paragraph(text, row.id).proposals}
        for code in CODES
    ]  # fmt: skip
    assert all(one == states[0] for one in states)
    assert states[0][late] == "late" and {states[0][six], states[0][two]} == {"stale"}
    assert len({four.world[code].texts.notation(text) for code in CODES}) == 1
    assert len({str(four.world[code].texts.proof(text)) for code in CODES}) == 1
    for code in CODES:
        bench = four.at(code, text, "OP 1")
        said = told(bench)
        assert len(said) == 3
        assert sum(terms.state(card.proposal) in said[card.proposal.label] for card in bench.amendments.cards) == 3
        assert sum("written for earlier words" in one for one in said.values()) == 2
        (one,) = told(four.at(code, text, "OP 2")).values()
        assert "came after the paragraph was agreed" in one
    # only the pen is offered to take them back in, and does
    assert all("admit" not in card.chooser.buttons for card in four.at("XG", text, "OP 1").amendments.cards)
    bench = four.at("XA", text, "OP 1")
    for proposal in (six, two):
        bench.amendments.choose(proposal)
        press(K.Key_I)
        four.settle()
    bench.amendments.choose(six)
    press(K.Key_K)
    four.settle()
    four.exchange()
    (shown,) = {
        "".join(run.text for run in four.world[code].texts.paragraph(text, bench.view().paragraph.id).runs) for code in CODES
    }
    assert "a point of contact within [" in shown and "six (XB)" in shown and "twenty-four (XG)" in shown
    move = next(one for one in bench.view().proposals if one.kind == "move")
    bench.amendments.choose(move.id)
    press(K.Key_T)
    four.exchange()
    for code in CODES:
        assert [row.label for row in four.world[code].texts.outline(text)][-2:] == ["OP 2", "OP 1"]
        four.at(code, text, "OP 1")
    press(K.Key_H, CTRL)  # and the history of the paragraph tells it in order
    four.settle()
    history = four["XE"].made("texts").far.history
    four.qtbot.waitUntil(lambda: bool(history.list.entries.items))
    words = " ".join(one.spoken for one in history.list.entries.items)
    assert all(code in words for code in CODES)
