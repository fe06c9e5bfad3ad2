"""Four eyes through the windows: one officer proposes, another releases or returns, and only then does anything leave."""

from __future__ import annotations

from typing import Any

from hands import CTRL, SHIFT, Table, press, rewrite, type_words
from PySide6.QtCore import Qt
from tests.world import PASSPHRASE

from valise.desk.gate import KEY_FILE
from valise.ui.texts.held import HeldCard, ReturnDialog

K = Qt.Key


def second_laptop(table: Table) -> None:
    """A second officer of Aurelia, with a laptop and a window of their own."""
    world = table.world
    gate = world.gate("XA-2")
    request = gate.ask_enrolment(officer="Second officer", role="Adviser", passphrase=bytearray(b"another one"))
    key_file = (world.base / "XA" / KEY_FILE).read_bytes()
    rights = ("observe", "speak", "amend", "pen", "commit")
    answer = world["XA"].grant_enrolment(request, key_file, bytearray(PASSPHRASE), rights)
    desk = gate.finish_enrolment(answer, bytearray(b"another one"))
    desk.exchange.use_folder(world.share)
    desk.exchange.resend = 60_000
    world.desks["XA-2"] = desk


def propose(table: Table, text: str, old: str, new: str) -> Any:
    bench = table.at("XA-2", text, "OP 1")
    press(K.Key_Return)
    rewrite(bench, old, new)
    press(K.Key_Return, CTRL)
    table.settle()
    return bench


def test_a_proposal_leaves_when_a_second_officer_lets_it(table: Table) -> None:
    second_laptop(table)
    text = table.text()
    table.exchange(rounds=2)
    table.world.accept_laptops()
    table.exchange(rounds=6, pause=61_000)
    card = table.screen("XA", "settings").release
    assert card.said.text().startswith("Off")
    card.step.setFocus()
    press(K.Key_Space)
    table.settle()
    assert card.said.text().startswith("On")
    table.exchange(rounds=4, pause=61_000)

    bench = propose(table, text, "twelve", "six")
    assert "second officer" in bench.bar.happened.text()
    assert len(bench.internal.findChildren(HeldCard)) == 1 and not bench.view().proposals
    table.exchange(rounds=4, pause=61_000)
    assert not table.at("XB", text, "OP 1").view().proposals

    # the first officer hears of it on the overview, goes there, and returns it with a word why
    line = next(one for one in table.world["XA"].overview().due if one.line == "release.waiting")
    table["XA"].go("texts", line.ref)
    table.settle()
    bench = table.at("XA", text, "OP 1")
    press(K.Key_J, CTRL | SHIFT)
    dialog = bench.findChild(ReturnDialog)
    dialog.words.setFocus()
    type_words("Nine is our line.")
    dialog.give.setFocus()
    press(K.Key_Return)
    table.exchange(rounds=4, pause=61_000)

    bench = table.at("XA-2", text, "OP 1")
    (held,) = bench.internal.findChildren(HeldCard)
    held.chooser.buttons["again"].setFocus()
    press(K.Key_Space)
    table.settle()
    assert "six" in bench.list.editor.text()
    rewrite(bench, "six", "nine")
    press(K.Key_Return, CTRL)
    table.exchange(rounds=4, pause=61_000)

    bench = table.at("XA", text, "OP 1")
    press(K.Key_L, CTRL | SHIFT)
    table.settle()
    assert "Released" in bench.bar.happened.text()
    table.exchange(rounds=4, pause=61_000)
    for code in ("XA", "XA-2", "XB", "XG"):
        (shown,) = table.at(code, text, "OP 1").view().proposals
        assert (shown.quote, shown.words, shown.author) == ("twelve", "nine", table.world.id("XA"))
    for code in ("XB", "XG"):
        assert "line" not in repr(table.world[code].texts.comments(text, shown.paragraph))
        assert not table.world[code].search("Nine is our line")
