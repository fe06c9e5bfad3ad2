"""What the workbench shows: peer text literally, directions, names for screen readers, signs besides colours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import fake_data as d
import pytest
from fake_door import FakeDoor
from PySide6.QtCore import QCoreApplication, QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QColor, QImage
from PySide6.QtWidgets import QLabel, QTextEdit, QWidget
from test_texts_bench import Bench, bench, mirrored, open_bench  # noqa: F401

from valise.domain.text import model as t
from valise.ui import actions, theme
from valise.ui.texts import script, table, terms
from valise.ui.texts.card import EDGE, MARGIN
from valise.ui.texts.open_dialog import OpenTextDialog
from valise.ui.texts.outline import GoTo
from valise.ui.texts.pen import PassPenDialog, RevisionDialog
from valise.ui.texts.runs import Look, document

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)
EVIL = "<b>evil</b><img src='file:///etc/passwd'>"


# C16: nothing from a peer is markup


def _evil_door() -> FakeDoor:
    door = FakeDoor()
    text = door.texts.rows[d.TEXT]
    text.title, text.symbol = f"Title {EVIL}", f"SYM {EVIL}"
    text.revisions = [replace(one, symbol=f"Rev {EVIL}", alarm="text.revision-differs") for one in text.revisions]
    held = text.held[10]
    held.label = "OP 2 <i>"
    held.words = f"Encourages {EVIL} all States;"
    text.proposals = [
        d.proposal("XB/2", held, "Encourages", f"Calls {EVIL}", "XB", reason=f"Because {EVIL}"),
        replace(
            d.proposal("XE/1", held, "all", EVIL, "XE"), label=f"XE/<u>{1}</u>", notice=f"Note {EVIL}", state="void"
        ),
    ]
    text.positions = [t.Position("p", d.delegation("XC"), text.proposals[0].id, "reserve", EVIL, d.NOW)]
    inside = door.internal
    inside.rows = [replace(inside.rows[0], words=f"Remark {EVIL}", officer=EVIL)]
    door.contacts.rows[d.delegation("XB")] = replace(door.contacts.rows[d.delegation("XB")], name=EVIL, code="X<b>")
    door.rooms.rows[d.GROUP] = replace(door.rooms.rows[d.GROUP], title=f"Room {EVIL}")
    return door


@pytest.fixture
def evil(qtbot: Any) -> Iterator[Bench]:
    yield from open_bench(qtbot, _evil_door())


def _labels(widget: QWidget) -> list[QLabel]:
    return [one for one in widget.findChildren(QLabel) if one.text()]


def test_peer_text_is_never_markup(evil: Bench) -> None:
    screen = evil.screen
    evil.at("OP 2 <i>")
    shown = [one.text() for one in _labels(screen)]
    for one in _labels(screen):
        assert one.textFormat() == Qt.TextFormat.PlainText, one.text()
        assert not one.openExternalLinks()
    for part in ("Because", "Note", "Remark", "Rev "):
        assert any(part in words and EVIL in words for words in shown), part
    assert any(EVIL in words and "reserves" in words for words in shown)
    card = screen.amendments.cards[0]
    assert EVIL in "".join(run.text for run in card.words.runs())
    assert EVIL in screen.headline.title.plain() and "<b>" in screen.headline.facts.plain()
    place = screen.list.currentIndex().row()
    laid_out = screen.cards._document(place, 600)
    assert EVIL in laid_out.toPlainText() and "Calls" in laid_out.toPlainText()
    assert "<i>" in screen.model.spoken(place) and EVIL in screen.model.spoken(place)
    assert EVIL in screen.side.model.index(0).data(int(Qt.ItemDataRole.AccessibleTextRole))
    for one in [screen, *screen.findChildren(QWidget)]:
        assert "<" not in one.toolTip(), one.toolTip()  # a tooltip would be read as markup


def test_peer_text_is_never_markup_in_dialogs_and_editor(evil: Bench) -> None:
    screen = evil.screen
    evil.at("OP 2 <i>")
    screen.writing.begin("pen")
    editor = screen.list.editor
    assert editor is not None and EVIL in editor.text()
    assert isinstance(editor.words, QTextEdit) and not editor.words.acceptRichText()
    for one in _labels(editor):
        assert one.textFormat() == Qt.TextFormat.PlainText
    screen.writing.stash()
    screen.list.close_editor()
    screen.commands.revision()
    screen.commands.pass_pen()
    screen.commands.go_to()
    screen.new()
    for kind in (RevisionDialog, PassPenDialog, GoTo, OpenTextDialog):
        dialog = screen.findChild(kind)
        assert dialog is not None
        if isinstance(dialog, PassPenDialog):
            dialog.to.setCurrentIndex(dialog.to.findData(d.delegation("XB")))
            assert EVIL in dialog._means.plain()
        if isinstance(dialog, GoTo):
            dialog.box.setText("op2<i>")
            assert EVIL in dialog._found.plain()
        for one in _labels(dialog):
            assert one.textFormat() == Qt.TextFormat.PlainText, one.text()
        dialog.reject()
    evil.settled()


def test_the_notices_show_peer_labels_literally(evil: Bench) -> None:
    evil.at("OP 2 <i>")
    evil.screen.commands.status("agree")
    evil.settled()
    assert "OP 2 <i>" in evil.screen.bar.happened.plain()
    assert evil.screen.bar.happened.textFormat() == Qt.TextFormat.PlainText


# directions


def test_scripts_and_code_points() -> None:
    arabic = "تدعو الدول"
    assert script.direction(arabic) == Qt.LayoutDirection.RightToLeft
    assert script.direction("1. (2)", "ar") == Qt.LayoutDirection.RightToLeft
    assert script.direction("1. (2)", "fr") == Qt.LayoutDirection.LeftToRight
    assert script.direction("Valise " + arabic, "ar") == Qt.LayoutDirection.RightToLeft
    assert script.direction("Valise " + arabic, "en") == Qt.LayoutDirection.LeftToRight
    assert script.direction("\u2068Valise\u2069 " + arabic, "en") == Qt.LayoutDirection.RightToLeft
    assert script.language_is_rtl("uz-Arab") and not script.language_is_rtl("az-Latn-AZ")
    words = "a😀b𠀀c"
    assert [script.utf16(words, n) for n in range(6)] == [0, 1, 3, 4, 6, 7]
    assert [script.points(words, n) for n in (0, 1, 3, 4, 6, 7)] == list(range(6))
    assert script.points(words, 2) == 2
    assert script.from_editor("e\u0301\u2029x\ud800") == "\u00e9\nx\ufffd"
    assert script.shown("a\u202eb\u2067c\x07") == "a\ufffdb\u2067c\ufffd\u2069"


def _ink(image: QImage, area: QRect, ground: QColor) -> tuple[int, int]:
    """Leftmost and rightmost column of `area` that is not ground, counted from its left edge."""
    columns = [
        x for x in range(area.left(), area.right())
        if any(image.pixelColor(x, y) != ground for y in range(area.top(), area.bottom(), 2))
    ]  # fmt: skip
    assert columns
    return columns[0] - area.left(), columns[-1] - area.left()


def _words_ink(bench: Bench, label: str) -> tuple[int, int, int]:  # noqa: F811
    """Ink of the first line of a card that is not the current one: left, right, width of the words' place."""
    place = [row.label for row in bench.screen.model.rows()].index(label)
    bench.screen.list.go(place)
    bench.screen.list.go(place + 1)
    bench.screen.list.lay_out()
    QCoreApplication.processEvents()
    card = bench.screen.list.visualRect(bench.screen.model.index(place))
    words = bench.screen.cards.words_rect(card, bench.screen.list.layoutDirection(), place)
    image = bench.screen.list.viewport().grab().toImage()
    line = QRect(words.left(), words.top(), words.width(), 16)
    left, right = _ink(image, line, theme.colour("surface"))
    return left, right, words.width()


def test_a_right_to_left_paragraph_hangs_on_the_right(bench: Bench) -> None:  # noqa: F811
    left, right, width = _words_ink(bench, "OP 4")
    assert right > width - 8 and left > 40
    left, right, width = _words_ink(bench, "OP 1")
    assert left < 8 and right < width - 40


def test_a_mirrored_window_mirrors_the_cards(mirrored: Bench) -> None:  # noqa: F811
    screen = mirrored.screen
    assert screen.side.x() > screen.tabs.mapTo(screen, QPoint(0, 0)).x()
    card = screen.list.visualRect(screen.model.index(0))
    words = screen.cards.words_rect(card, Qt.LayoutDirection.RightToLeft, 0)
    assert words.left() == card.left() + EDGE and words.right() == card.right() - MARGIN
    left, right, width = _words_ink(mirrored, "OP 4")  # words keep their own direction
    assert right > width - 8 and left > 40
    left, right, width = _words_ink(mirrored, "OP 1")
    assert left < 8 and right < width - 40
    place = [row.label for row in screen.model.rows()].index("OP 1")
    card = screen.list.visualRect(screen.model.index(place))
    words = screen.cards.words_rect(card, Qt.LayoutDirection.RightToLeft, place)
    image = screen.list.viewport().grab().toImage()
    margin = QRect(words.right() + 4, words.top() + 4, MARGIN - 8, 12)
    assert _ink(image, margin, theme.colour("surface"))[1] > MARGIN - 40  # the label stands at the right edge


def test_the_editor_takes_the_direction_of_the_words(bench: Bench) -> None:  # noqa: F811
    bench.at("OP 4")
    bench.screen.writing.begin("words")
    editor = bench.screen.list.editor
    assert editor is not None
    assert editor.words.document().defaultTextOption().textDirection() == Qt.LayoutDirection.RightToLeft
    editor.words.setPlainText("Invites")
    assert editor.words.document().defaultTextOption().textDirection() == Qt.LayoutDirection.LeftToRight
    bench.screen.list.close_editor()


# signs, not only colours


def test_runs_differ_without_colour(bench: Bench) -> None:  # noqa: F811
    made = document(
        (t.Run("in", "insert"), t.Run("out", "delete"), t.Run("[", "bracket"), t.Run("*Recalling*", "emphasis"),
         t.Run("(XA)", "attribution"), t.Run("plain", "plain")), Look(), 400,
    )  # fmt: skip
    found: dict[str, Any] = {}
    it = made.firstBlock().begin()
    while not it.atEnd():
        fragment = it.fragment()
        found[fragment.text().strip("\u2068\u2069")] = fragment.charFormat()
        it += 1
    assert found["in"].fontUnderline() and found["out"].fontStrikeOut() and found["["].fontWeight() >= 700
    assert found["Recalling"].fontItalic() and found["plain"].fontWeight() < 600
    assert found["(XA)"].font().pixelSize() < found["plain"].font().pixelSize()
    assert not found["plain"].fontUnderline() and not found["plain"].fontStrikeOut()
    assert len({terms.sign(value) for value in terms.POSITIONS}) == len(terms.POSITIONS)


@pytest.mark.parametrize("choice", ["light", "dark"])
def test_colours_of_runs_can_be_read(choice: str) -> None:
    tokens = theme.LIGHT if choice == "light" else theme.DARK
    for ink, ground in (("good", "good_soft"), ("bad", "bad_soft"), ("warn", "surface"), ("muted", "surface"),
                        ("info", "surface"), ("text", "selected")):  # fmt: skip
        assert theme.contrast(getattr(tokens, ink), getattr(tokens, ground)) >= 4.5, (ink, ground)


# accessibility


def _unnamed(root: QWidget) -> list[str]:
    found = []
    for one in [root, *root.findChildren(QWidget)]:
        if one.focusPolicy() == Qt.FocusPolicy.NoFocus or not one.isVisibleTo(root):
            continue
        interface = QAccessible.queryAccessibleInterface(one)
        if interface is None or not interface.text(QAccessible.Text.Name).strip():
            found.append(f"{type(one).__name__} {one.objectName()} in {type(one.parent()).__name__}")
    return found


def test_everything_that_takes_the_keyboard_has_a_name(bench: Bench) -> None:  # noqa: F811
    screen = bench.screen
    bench.at("OP 2")
    assert _unnamed(screen) == []
    screen.tabs.setCurrentIndex(1)
    assert _unnamed(screen) == []
    screen.tabs.setCurrentIndex(0)
    for mode in ("words", "add", "delete", "pen"):
        screen.writing.begin(mode)
        assert _unnamed(screen) == [], mode
        screen.list.close_editor()
    screen.commands.revision()
    screen.commands.pass_pen()
    screen.commands.go_to()
    screen.new()
    for kind in (RevisionDialog, PassPenDialog, GoTo, OpenTextDialog):
        dialog = screen.findChild(kind)
        assert dialog is not None and _unnamed(dialog) == [], kind.__name__
        dialog.reject()


def test_rows_are_spoken_whole(bench: Bench) -> None:  # noqa: F811
    bench.at("OP 2")
    row = bench.screen.list.currentIndex().data(int(Qt.ItemDataRole.AccessibleTextRole))
    assert row.startswith("OP 2, open, 1 bracket, 2 amendments, [Encourages / Calls upon (XB, XA, XC)")
    outline = bench.screen.outline.list.currentIndex().data(int(Qt.ItemDataRole.AccessibleTextRole))
    assert outline == row
    text = bench.screen.side.model.index(0).data(int(Qt.ItemDataRole.AccessibleTextRole))
    assert "pen: XA" in text and "Drafting group" in text and "Rev.2" in text
    card = bench.screen.amendments.cards[0]
    assert (
        card.accessibleName() == "XB/2, Borovia, change of words, open: ~~Encourages~~ Calls upon all States that have…"
    )


def test_every_act_stands_in_the_table_once(bench: Bench) -> None:  # noqa: F811
    known = {one.id for one in actions.all_specs("texts")}
    assert (
        known == {f"texts.{name}" for name in table.NAMES} == {one.objectName() for one in bench.screen.acts.values()}
    )
    assert all(actions.spec(name).help for name in known)
    assert {*bench.screen.commands.slots(), *bench.screen.inside.slots()} == set(table.NAMES)
    assert len(bench.screen.panes()) == 5 and all(one.isVisible() for one in bench.screen.panes())
