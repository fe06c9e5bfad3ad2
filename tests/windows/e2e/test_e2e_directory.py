"""Points of contact between real delegations, in their windows: an entry by keyboard, a round, the other's answer, the plot."""

from __future__ import annotations

from typing import Any

from hands import ALT, CTRL, SHIFT, Table, press, type_words
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox

from valise.ui.contacts.directory.both import ContactsScreen

K = Qt.Key
TYPED = {
    "state": "bor", "institution": "National team of Borovia", "email": "duty@xb.example", "phone": "+41 22 555 01 00",
    "time_zone": "Europe/Zurich", "source_document": "Note verbale 12/2026", "valid_from": "2026-01-15", "review": "2027-06-15",
    "marking": "TLP:AMBER",
}  # fmt: skip


def sit(table: Table, code: str) -> ContactsScreen:
    """The points of contact of one delegation, by Ctrl+4 and Ctrl+Shift+D."""
    window = table.front(code)
    press(K.Key_4, CTRL, QApplication.focusWidget() or window)
    table.settle()
    screen = window.made("contacts")
    assert isinstance(screen, ContactsScreen)
    screen.focus_first()
    if not screen.looking():
        press(K.Key_D, CTRL | SHIFT)
        table.settle()
    assert screen.looking() and screen.directory.isVisible()
    return screen


def tab_to(editor: Any) -> None:
    """Tab until the keyboard is in a field."""
    for _ in range(80):
        here = QApplication.focusWidget()
        assert here is not None
        if here is editor or editor.isAncestorOf(here):
            return
        press(K.Key_Tab)
    raise AssertionError(f"Tab does not lead to {editor.column.id}")


def enter(table: Table, screen: ContactsScreen) -> None:
    """A new entry, every needed field of it by keys alone, kept by Ctrl+S."""
    press(K.Key_N, CTRL)
    table.settle()
    page = screen.directory.writing()
    assert page is not None and page.form is not None
    for name, line in page.form.lines.items():
        if line.editor is None or not (line.column.required or name in TYPED):
            continue
        tab_to(line.editor)
        if name in TYPED:
            type_words(TYPED[name])
        elif name == "languages":
            type_words("Engl")
            press(K.Key_Return)
        else:
            box = QApplication.focusWidget()
            assert isinstance(box, QComboBox), name
            press(K.Key_Down)
    press(K.Key_Tab)  # what was typed last is settled as one leaves it
    assert page.form.missing() is None, page.form.missing()
    assert page.form.lines["state"].editor.values() == ("XB",)
    assert page.form.lines["languages"].editor.values() == ("en",)
    press(K.Key_S, CTRL)
    table.settle()
    assert not page.begun and page.row is not None
    press(K.Key_Escape, widget=page.back)
    table.settle()


def test_an_entry_a_round_an_answer_and_a_point_of_the_plot(table: Table) -> None:
    table.world.room()
    table.exchange()
    screen = sit(table, "XA")
    enter(table, screen)
    (one,) = screen.directory.entries
    assert (one.state, one.way, one.first("institution")) == ("XB", "here", TYPED["institution"])
    assert screen.directory.writing() is None and screen.directory.left.isVisible()

    press(K.Key_N, CTRL | ALT)
    table.settle()
    box = next(made for made in QApplication.topLevelWidgets() if type(made).__name__ == "Opening" and made.isVisible())
    table.qtbot.waitUntil(box.isActiveWindow)
    assert box.name.hasFocus() and box.go.isEnabled() and "1 is asked now" in box.counted.plain()
    box.go.setFocus()
    press(K.Key_Space)
    table.settle()
    rounds = screen.directory.rounds
    assert [row.outcome for row in rounds.model.rows] == ["waiting"]
    table.exchange(rounds=6)

    there = sit(table, "XB")
    assert there.which.tabText(1).endswith("(1)")
    press(K.Key_4, CTRL | ALT)
    table.settle()
    (card,) = there.directory.asked.cards.values()
    assert ("institution", (TYPED["institution"],)) in card.question.entry
    card.confirm.setFocus()
    press(K.Key_Space)
    table.settle()
    assert not there.which.tabText(1).endswith(")")
    table.exchange(rounds=6)

    screen = sit(table, "XA")
    press(K.Key_2, CTRL | ALT)
    table.settle()
    (row,) = rounds.model.rows
    assert (row.outcome, row.how) == ("confirmed", "signed") and row.latency is not None and row.latency > 0
    press(K.Key_3, CTRL | ALT)
    table.settle()
    reach = screen.directory.reach.model.reach
    (track,) = reach.tracks
    assert len(reach.rounds) == 1 and track.state == "XB"
    assert track.points[0] is not None and (track.points[0].outcome, track.points[0].latency) == ("confirmed", row.latency)
    assert "confirmed" in str(screen.directory.reach.model.index(0, 0).data(int(Qt.ItemDataRole.AccessibleTextRole))).casefold()
