"""The streamlining bench over real desks: like amendments together, every answer explicit, all of it sent at once, and
nothing lost by the lock before that."""

from __future__ import annotations

from typing import Any

from hands import SHIFT, Table, press
from PySide6.QtCore import Qt

K = Qt.Key


def amended(table: Table, text: str) -> dict[str, str]:
    """Three amendments to OP 1, one to OP 2: who/what -> id."""
    desks = table.world
    _, _, one, two = [row.id for row in desks["XB"].texts.outline(text)]
    words = desks["XB"].texts.paragraph(text, one).paragraph.words
    made = {
        "six": desks["XB"].texts.propose_words(text, one, words.replace("twelve months", "six months"))[0],
        "half": desks["XG"].texts.propose_words(text, one, words.replace("twelve months", "half a year"))[0],
        "shall": desks["XG"].texts.propose_words(text, one, words.replace("should", "shall"))[0],
        "two": desks["XG"].texts.propose_words(text, two, "*Invites* States to test them every two years.")[0],
    }
    table.exchange()
    return made


def bench(table: Table, text: str) -> Any:
    screen = table.at("XA", text, "OP 1")
    press(K.Key_F10)
    table.settle()
    view = screen.far.page.bench
    table.qtbot.waitUntil(lambda: bool(view.list.entries.items))
    assert view.list.hasFocus()
    return view


def reading(view: Any, words: str) -> Any:
    return next(one for group in view.picker.groups for one in group.buttons() if words in one.accessibleName())


def go(view: Any, label: str) -> None:
    place = next(n for n, one in enumerate(view.list.entries.items) if label in one.head)
    view.list.setFocus()
    while view.list.currentIndex().row() != place:
        press(K.Key_Down if view.list.currentIndex().row() < place else K.Key_Up)


def test_like_amendments_are_answered_together_and_sent_at_once(table: Table) -> None:
    text = table.text()
    made = amended(table, text)
    view = bench(table, text)
    assert ["OP 1" in view.list.entries.items[0].head, "OP 2" in view.list.entries.items[1].head] == [True, True]
    press(K.Key_Return)  # into the paragraph
    assert view.picker.first().hasFocus()
    chosen = reading(view, "six")
    chosen.setFocus()
    press(K.Key_Space)
    table.settle()
    said = view.picker.answers.outcomes()
    assert (said[made["six"]], said[made["half"]], said[made["shall"]]) == ("accepted", "", "rebased")
    assert not view.send.isEnabled() and "OP 1" in view.waits.text()
    # nothing has left, and what is picked outlives the closing of the vault
    table.settle()
    assert table.world["XA"].texts.draft(text, view.current(), "bench") is not None
    view.picks.clear()
    press(K.Key_Escape, widget=view.list)
    view = bench(table, text)
    assert view.picks and reading(view, "six").isChecked()
    view.picker.answers.choose(made["half"], "superseded")
    table.settle()
    assert view.send.isEnabled() and "3 of 3" in view.picker.account.text()
    # the second paragraph: kept as an alternative, its words untouched; then changed one's mind, and again
    go(view, "OP 2")
    view.picker.answers.choose(made["two"], "kept as alternative")
    table.settle()
    assert "Send 2 paragraphs" in view.send.text()
    view.undo.setFocus()
    press(K.Key_Space)
    table.settle()
    assert "Send 1 paragraph" in view.send.text()
    view.picker.answers.choose(made["two"], "kept as alternative")
    table.settle()
    before = table.world["XB"].texts.head(text)
    view.send.setFocus()
    press(K.Key_Return)
    table.exchange()
    for code in ("XA", "XB", "XG"):
        texts = table.world[code].texts
        states = {one.id: one.state for row in texts.outline(text) for one in texts.paragraph(text, row.id).proposals}
        assert {name: states[id] for name, id in made.items()} == {
            "six": "accepted", "half": "superseded", "shall": "rebased", "two": "kept as alternative"}  # fmt: skip
        (one,) = [row for row in texts.outline(text) if row.label == "OP 1"]
        assert "within six months" in texts.paragraph(text, one.id).paragraph.words
    assert before.id == text and not view.picks
    assert table.world["XA"].texts.draft(text, view.list.entries.items[0].key, "bench") is None
    assert "Paragraphs the pen has set: 2" in table["XA"].made("texts").far.page.bar.happened.text()


def test_who_does_not_hold_the_pen_may_look(table: Table) -> None:
    text = table.text()
    amended(table, text)
    table.at("XB", text, "OP 1")
    press(K.Key_F10)
    table.settle()
    view = table["XB"].made("texts").far.page.bench
    table.qtbot.waitUntil(lambda: bool(view.list.entries.items))
    assert not view.send.isEnabled() and not view.picker.isEnabled() and view.waits.text()
    press(K.Key_Tab, SHIFT)  # and the keyboard goes on
