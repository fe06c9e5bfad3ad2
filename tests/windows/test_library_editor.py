"""Agreed language while writing: marks in the editor, where a phrase stands, words taken from the library."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fake_door import FakeDoor
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QColor, QInputMethodEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QApplication
from test_texts_bench import CTRL, SHIFT, Bench, open_bench
from walk import nameless

from valise.domain.errors import Unavailable
from valise.ui import actions, theme
from valise.ui.library.picker import PassagePicker
from valise.ui.texts.agreed import Agreed

K = Qt.Key
PHRASE = "points of contact at the policy level and the technical level"
DRAFT = f"*Calls upon* States to name {PHRASE}, soon;"
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture
def bench(qtbot: Any) -> Iterator[Bench]:
    yield from open_bench(qtbot, FakeDoor())


def write(bench: Bench, words: str, label: str = "OP 3") -> Agreed:
    """Open the editor on a paragraph and type; the agreed language of it, looked up."""
    bench.at(label)
    bench.key(K.Key_Return)
    editor = bench.screen.list.editor
    assert editor is not None
    editor.words.setPlainText(words)
    return looked(bench)


def looked(bench: Bench) -> Agreed:
    agreed = bench.screen.writing.agreed
    assert agreed is not None
    agreed.look()
    bench.settled()
    return agreed


def asked(bench: Bench) -> list[str]:
    return [args[0] for args, _ in bench.door.called("library.phrases")]


def picker(bench: Bench) -> PassagePicker:
    found = [one for one in QApplication.topLevelWidgets() if isinstance(one, PassagePicker) and one.isVisible()]
    assert len(found) == 1
    return found[0]


def answered(bench: Bench, dialog: PassagePicker) -> None:
    bench.qtbot.waitUntil(lambda: not dialog.finder.waiting)


# phrases


def test_a_phrase_of_the_library_is_marked_and_its_source_is_named(bench: Bench) -> None:
    agreed = write(bench, DRAFT)
    ((words, passage),) = agreed.marked()
    assert words == PHRASE and passage.symbol == "FICT/RES/73/27"
    (selection,) = agreed._words.extraSelections()
    assert selection.format.underlineStyle() == QTextCharFormat.UnderlineStyle.DotLine
    assert agreed.isVisible() and "F3" in agreed.line.plain()
    bench.key(K.Key_F3)
    assert agreed.here() == passage
    said = agreed.line.plain()
    assert "FICT/RES/73/27, OP 1" in said and "No difference" in said
    assert agreed._words.accessibleDescription() == said
    assert agreed._words.toPlainText() == DRAFT and not agreed._words.document().isRedoAvailable()
    agreed._words.moveCursor(QTextCursor.MoveOperation.End)
    assert agreed.here() is None and "FICT" not in agreed.line.plain()


def test_marks_do_not_change_what_is_sent_or_kept(bench: Bench) -> None:
    agreed = write(bench, DRAFT)
    assert agreed.marked()
    bench.key(K.Key_Return, CTRL)
    bench.settled()
    assert bench.calls("propose_words")[0][2] == DRAFT


def test_words_beyond_the_first_plane_are_marked_in_their_place(bench: Bench) -> None:
    agreed = write(bench, f"𐐷𐐷 𠀋 e\u0301 {PHRASE}")
    assert [words for words, _ in agreed.marked()] == [PHRASE]


def test_typing_is_answered_after_a_pause_and_only_for_the_newest_words(bench: Bench) -> None:
    agreed = write(bench, "States ")
    before = len(asked(bench))
    agreed._words.moveCursor(QTextCursor.MoveOperation.End)
    bench.qtbot.keyClicks(agreed._words, f"name {PHRASE}")
    assert len(asked(bench)) == before  # nothing yet: keys are not waited for
    bench.qtbot.waitUntil(lambda: len(asked(bench)) == before + 1)
    bench.settled()
    assert asked(bench)[before:] == [f"States name {PHRASE}"]
    assert [words for words, _ in agreed.marked()] == [PHRASE]
    names = zip(bench.door.calls, bench.door.threads, strict=True)
    assert {thread.partition("_")[0] for (name, _, _), thread in names if name == "library.phrases"} == {"writer"}
    agreed.look()  # the same words are not asked for again
    assert len(asked(bench)) == before + 1


def test_an_answer_for_other_words_is_dropped(bench: Bench) -> None:
    agreed = write(bench, "short")
    agreed._words.setPlainText(DRAFT)
    agreed.look()
    agreed._words.setPlainText("something else altogether")  # before the answer is there
    bench.settled()
    assert agreed.marked() == []


def test_few_words_are_nobodys_language_and_are_not_asked_for(bench: Bench) -> None:
    agreed = write(bench, DRAFT)
    before = len(asked(bench))
    agreed._words.setPlainText("Decides to meet")
    agreed = looked(bench)
    assert len(asked(bench)) == before and agreed.marked() == [] and agreed.isHidden()


def test_nothing_is_marked_while_an_input_method_composes(bench: Bench) -> None:
    agreed = write(bench, "short")
    agreed._words.setPlainText(DRAFT)
    QCoreApplication.sendEvent(agreed._words, QInputMethodEvent("lian", []))
    before = len(asked(bench))
    agreed.look()
    bench.settled()
    assert len(asked(bench)) == before and agreed._timer.isActive()
    ends = QInputMethodEvent()
    ends.setCommitString("联")
    QCoreApplication.sendEvent(agreed._words, ends)
    assert [words for words, _ in looked(bench).marked()] == [PHRASE]


def test_an_answer_that_comes_while_composing_waits(bench: Bench) -> None:
    agreed = write(bench, "short")
    agreed._words.setPlainText(DRAFT)
    agreed.look()
    QCoreApplication.sendEvent(agreed._words, QInputMethodEvent("lian", []))
    bench.settled()
    assert agreed.marked() == [] and agreed._timer.isActive()
    QCoreApplication.sendEvent(agreed._words, QInputMethodEvent())
    assert len(looked(bench).marked()) == 1


def test_a_library_that_cannot_answer_disturbs_nobody(bench: Bench) -> None:
    bench.door.fail("library.phrases", Unavailable("vault.busy"))
    agreed = write(bench, DRAFT)
    assert agreed.marked() == [] and not bench.screen.bar.isVisible()


def test_an_editor_that_was_left_hears_no_answer(bench: Bench) -> None:
    agreed = write(bench, "short")
    agreed._words.setPlainText(DRAFT)
    agreed.look()
    bench.key(K.Key_Escape)
    bench.settled()
    assert bench.screen.list.editor is None


# words of the library


def test_words_of_the_library_go_where_the_cursor_is_with_their_source(bench: Bench) -> None:
    agreed = write(bench, "States agree:")
    field, reason = agreed._words, bench.screen.list.editor.reason
    field.moveCursor(QTextCursor.MoveOperation.End)
    bench.qtbot.keyClicks(field, " that")
    assert actions.spec("texts.library").shortcut == "Ctrl+Shift+F"
    bench.key(K.Key_F, CTRL | SHIFT)
    dialog = picker(bench)
    assert nameless(dialog) == [] and dialog.focusWidget() is dialog.box and dialog.list.passage() is None
    bench.qtbot.keyClicks(dialog.box, "A/70/174 13 (f)")
    bench.key(K.Key_Return, widget=dialog.box)  # at once: the answer is waited for
    bench.settled()
    taken = "A State should not conduct or knowingly support activity that damages critical infrastructure;"
    assert field.toPlainText() == f"States agree: that {taken}"
    assert reason.text() == "Agreed language: A/70/174, 13 (f)"
    bench.qtbot.waitUntil(lambda: not dialog_open())
    bench.key(K.Key_Z, CTRL, field)
    assert field.toPlainText() == "States agree: that" and reason.text() == ""
    bench.key(K.Key_Z, CTRL | SHIFT, field)
    assert field.toPlainText().endswith(taken) and reason.text() == "Agreed language: A/70/174, 13 (f)"
    bench.key(K.Key_Return, CTRL, field)
    bench.settled()
    assert bench.calls("propose_words")[0][2:] == (f"States agree: that {taken}", "Agreed language: A/70/174, 13 (f)")


def dialog_open() -> bool:
    return any(isinstance(one, PassagePicker) and one.isVisible() for one in QApplication.topLevelWidgets())


def test_a_selection_is_searched_and_replaced(bench: Bench) -> None:
    agreed = write(bench, f"States name {PHRASE} and so on")
    field, editor = agreed._words, bench.screen.list.editor
    editor.reason.setText("As before")
    cursor = field.textCursor()
    cursor.setPosition(12)
    cursor.setPosition(12 + len(PHRASE), QTextCursor.MoveMode.KeepAnchor)
    field.setTextCursor(cursor)
    bench.key(K.Key_F, CTRL | SHIFT)
    dialog = picker(bench)
    answered(bench, dialog)
    assert dialog.box.text() == PHRASE and dialog.list.passage().label == "OP 1"
    dialog.take_button.click()
    taken = "*Welcomes* the designation of points of contact at the policy level and the technical level;"
    assert field.toPlainText() == f"States name {taken} and so on"
    assert editor.reason.text() == "As before; Agreed language: FICT/RES/73/27, OP 1"
    field.undo()
    assert editor.reason.text() == "As before"


def test_a_reason_changed_since_is_left_alone(bench: Bench) -> None:
    agreed = write(bench, "States agree:")
    agreed.insert(bench.door.library.find("A/70/174 13 (f)")[0].passage)
    bench.screen.list.editor.reason.setText("Our own reason")
    agreed._words.undo()
    assert agreed._words.toPlainText() == "States agree:" and bench.screen.list.editor.reason.text() == "Our own reason"


def test_a_comment_has_no_reason_to_put_it_into(bench: Bench) -> None:
    bench.at("OP 3")
    bench.key(K.Key_C)
    agreed = looked(bench)
    agreed.insert(bench.door.library.find("A/70/174 13 (f)")[0].passage)
    editor = bench.screen.list.editor
    assert editor.mode == "comment" and editor.reason.text() == "" and editor.words.toPlainText().startswith("A State")


@pytest.mark.parametrize("way", ["escape", "nothing found", "no answer"])
def test_the_picker_can_be_left_and_says_when_there_is_nothing(bench: Bench, way: str) -> None:
    agreed = write(bench, "States agree:")
    bench.key(K.Key_F, CTRL | SHIFT)
    dialog = picker(bench)
    if way == "no answer":
        bench.door.fail("library.find", Unavailable("vault.busy"))
    if way != "escape":
        dialog.box.setText("zebra zebra")
        bench.key(K.Key_Return, widget=dialog.box)
        answered(bench, dialog)
        assert dialog.isVisible() and dialog.said.plain() and not dialog.take_button.isEnabled()
        dialog.box.clear()
    bench.key(K.Key_Escape, widget=dialog.box)
    assert not dialog_open() and agreed._words.toPlainText() == "States agree:"


@pytest.mark.parametrize("key", [(K.Key_F, CTRL | SHIFT), (K.Key_F3, Qt.KeyboardModifier.NoModifier)])
def test_without_an_editor_the_keys_say_how_to_begin(bench: Bench, key: Any) -> None:
    bench.at("OP 3")
    bench.key(*key)
    assert "Press Enter" in bench.screen.bar.confidentiality.plain() and not dialog_open()


def test_no_phrase_is_said(bench: Bench) -> None:
    write(bench, "Nothing of this stands in any document of ours, whatever one asks;")
    bench.key(K.Key_F3)
    assert "No phrase" in bench.screen.bar.happened.plain()


def test_the_marks_follow_the_theme(bench: Bench, qapp: QApplication) -> None:
    agreed = write(bench, DRAFT)

    def underline() -> QColor:
        (selection,) = agreed._words.extraSelections()
        return QColor(selection.format.underlineColor())

    light = underline()
    theme.current().choose("dark")
    try:
        assert underline() == theme.colour("accent") != light
    finally:
        theme.current().choose("light")
