"""Idle and by key: the vault is closed, drafts are in it. And what a screen reader finds on every screen with real data."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hands import CTRL, PLAIN, Table, press, type_words
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractItemView, QApplication, QDialog
from tests.world import PASSPHRASE
from walk import nameless

from valise.domain.errors import Unavailable, ValiseError
from valise.ui import theme
from valise.ui.screens import shown

K = Qt.Key


def filled(table: Table) -> str:
    """Something of everything: a text with rival amendments, remarks, a thread with a file, an unverified contact."""
    text = table.text()
    world = table.world
    paragraph = world["XB"].texts.outline(text)[-1].id
    words = world["XB"].texts.paragraph(text, paragraph).paragraph.words
    first = world["XB"].texts.propose_words(text, paragraph, words.replace("every year", "each year"), "Clearer.")[0]
    world["XG"].texts.propose_words(text, paragraph, words.replace("every year", "every two years"))
    table.exchange()
    world["XA"].texts.position(text, first, "support")
    world["XG"].texts.comment(text, first, "We ask for the reasons.")
    world["XA"].internal.write(text, paragraph, "Every year is our line.")
    world["XA"].contacts.verified(world.id("XB"))
    room = world["XA"].texts.head(text).room
    file = world["XB"].messages.attach(room, "Note.txt", b"words")
    world["XB"].messages.send(
        room, "See *our* note\n- on OP 2", subject="OP 2", marking="TLP:AMBER", attachments=[file.id]
    )
    world["XA"].texts.revision(text, "FICT/CRP.1/Rev.1")
    table.exchange(rounds=6)
    return text


def test_the_idle_lock_closes_the_vault_and_keeps_the_draft(table: Table) -> None:
    room = table.world.room()
    screen = table.screen("XB", "messages")
    screen._go(room, "")
    screen.talk.composer.focus()
    type_words("OP 3")
    press(K.Key_Tab)
    type_words("half a sent")
    window, clock = table["XB"], table.clocks["XB"]
    minutes = table.world["XB"].settings.get("lock.idle_minutes")
    clock.at += minutes * 60 - 2
    window.watch.tick()
    assert window.isVisible()
    press(K.Key_E, widget=window.windowHandle())  # a key counts as being there
    clock.at += minutes * 60 - 2
    window.watch.tick()
    assert window.isVisible()
    clock.at += 3
    with table.qtbot.waitSignal(window.locked) as heard:
        window.watch.tick()
    assert heard.args == ["idle"]
    assert not window.isVisible()
    with pytest.raises(ValiseError):
        table.world["XB"].rooms.all()  # its database is closed
    table.windows.pop("XB").deleteLater()
    table.world.desks["XB"] = table.world.gate("XB").unlock(bytearray(PASSPHRASE))
    draft = table.world["XB"].messages.draft(room, "")
    assert draft is not None and (draft.subject, draft.body) == ("OP 3", "half a sente")


@pytest.mark.parametrize("opening", [(K.Key_F1, PLAIN), (K.Key_K, CTRL)])
def test_the_lock_key_works_over_any_dialog(table: Table, opening: Any) -> None:
    window = table.front("XA")
    press(*opening, widget=window)
    table.qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), QDialog))
    table.settle()
    with table.qtbot.waitSignal(window.locked) as heard:
        press(K.Key_L, CTRL, QApplication.activeWindow())
    assert heard.args == ["asked"]
    assert not [one for one in QApplication.topLevelWidgets() if one.isVisible()]
    table.windows.pop("XA").deleteLater()


def test_two_windows_never_open_one_vault(table: Table) -> None:
    with pytest.raises(Unavailable, match=r"vault\.busy"):
        table.world.gate("XA").unlock(bytearray(PASSPHRASE))


def test_a_text_opens_at_its_beginning_and_its_cards_touch(table: Table) -> None:
    """Heights are guessed until a card is painted; what is guessed wrong is put right at once."""
    many = [
        {
            "section": "OP",
            "label": f"OP {n}",
            "status": "open",
            "words": f"Paragraph {n} " + "says this again " * (n % 9 * 7),
        }
        for n in range(1, 61)
    ]
    text = table.text(many)
    bench = table.screen("XA", "texts")

    def whole() -> bool:
        rows = sorted(bench.list.visible_rows())
        rects = [bench.list.visualRect(bench.model.index(row)) for row in rows]
        told = [bench.cards.height(row, bench.list.viewport().width()) for row in rows]
        touch = all(one.bottom() + 1 == other.top() for one, other in pairwise(rects))
        return len(rows) > 1 and touch and [one.height() for one in rects] == told

    table.qtbot.waitUntil(whole)
    assert bench.list.verticalScrollBar().value() == 0 and bench.list.currentIndex().row() == 0
    for label in ("OP 40", "OP 59", "OP 3"):
        bench.open_ref(f"{text}#{next(row.id for row in bench.model.rows() if row.label == label)}")
        table.qtbot.waitUntil(whole)
        assert bench.list.currentIndex().row() in bench.list.visible_rows()


@pytest.mark.parametrize("mirrored", [False, True])
def test_every_control_and_row_of_every_screen_has_a_name(table: Table, mirrored: bool, qapp: QApplication) -> None:
    text = filled(table)
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft if mirrored else Qt.LayoutDirection.LeftToRight)
    try:
        for entry in shown():
            screen = table.screen("XA", entry.name)
            if entry.name == "texts":
                paragraph = table.world["XA"].texts.outline(text)[-1].id
                screen.open_ref(f"{text}#{paragraph}")
                for mode in ("words", "add", "pen", "alternative", "move", "comment", "delete"):
                    screen.writing.begin(mode)
                    assert nameless(screen) == [], mode
                    screen.list.close_editor()
            table.settle()
            assert nameless(table["XA"]) == [], entry.name
            for view in screen.findChildren(QAbstractItemView):
                model = view.model()
                for row in range(model.rowCount() if model is not None and view.isVisible() else 0):
                    said = model.index(row, 0).data(int(Qt.ItemDataRole.AccessibleTextRole))
                    assert said or model.index(row, 0).data(), f"{entry.name}: row {row} of {view.accessibleName()}"
            interface = QAccessible.queryAccessibleInterface(screen)
            assert interface.text(QAccessible.Text.Name)
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_no_raw_code_and_no_mark_reaches_a_person(table: Table, worn: theme.Theme) -> None:
    """On every screen with real data: no dotted code of ours, no asterisk of emphasis, no identifier."""
    import re

    from valise.ui.widgets.labels import SafeLabel

    text = filled(table)
    ident = table.world.id("XA")[:12]
    code = re.compile(r"\b(text|room|contact|card|vault|message|carrier|exchange|device)\.[a-z_-]+\b")
    for entry in shown():
        screen = table.screen("XA", entry.name)
        if entry.name == "texts":
            for row in table.world["XA"].texts.outline(text):
                screen.open_ref(f"{text}#{row.id}")
        for label in screen.findChildren(SafeLabel):
            assert not code.search(label.plain()), label.plain()
            assert ident not in label.plain(), label.plain()


def test_every_screen_goes_by_its_key_and_f6_round_its_panes(table: Table) -> None:
    filled(table)
    window = table.front("XA")
    for entry in shown():
        press(getattr(K, f"Key_{entry.number}"), CTRL)
        table.settle()
        screen = window.made(entry.name)
        assert window.stack.currentWidget() is screen
        reached = set()
        for _ in range(len(screen.panes()) + 1):
            press(K.Key_F6)
            focus = QApplication.focusWidget()
            reached.add(
                next((n for n, one in enumerate(screen.panes()) if one is focus or one.isAncestorOf(focus)), -1)
            )
        assert reached == {-1, *range(len([one for one in screen.panes() if one.isVisible()]))}, entry.name
