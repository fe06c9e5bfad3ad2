"""One row on a fake door: every kind of field, drafts, differences, history, undo, taking out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fake_door import FakeDoor
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from registers_hands import CTRL, SHIFT, Hands, K, open_registers
from walk import nameless

from valise.desk.door_registers import Place
from valise.desk.views import Changes
from valise.domain.errors import NotAllowed
from valise.domain.register.definition import Choice, Column, Words
from valise.ui import theme
from valise.ui.registers import said
from valise.ui.registers.asking import BeginDialog, ReasonDialog, SettleDialog
from valise.ui.registers.evidence import PickDialog
from valise.ui.registers.widgets.editing import ChoicesEditor, LineEditor, MomentEditor
from valise.ui.registers.widgets.picking import Chips, EvidenceEditor, LinkEditor, NameEditor, NamesEditor

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture
def hands(qtbot: Any, worn: theme.Theme) -> Iterator[Hands]:
    yield from open_registers(qtbot, FakeDoor())


def letter(hands: Hands, row: str = "r0") -> Any:
    """A letter, open; its form."""
    hands.register("correspondence")
    hands.page.open_row(Place("correspondence", row))
    hands.settled()
    return hands.page.row_page.form


def field(hands: Hands, name: str) -> Any:
    return hands.page.row_page.form.lines[name].editor


def test_every_field_has_a_name_and_stands_in_its_group(hands: Hands) -> None:
    form = letter(hands)
    assert nameless(hands.page.row_page) == []
    assert set(form.lines) == {one.id for one in hands.page.definition.columns}
    assert form.lines["number"].editor is None and form.lines["number"].shown.plain() == "2026/001"
    assert field(hands, "subject").line.accessibleName() == "Subject, required"
    assert hands.page.row_page.isAncestorOf(QApplication.focusWidget())


def test_who_asserted_a_value_is_said_at_the_field_and_to_a_screen_reader(hands: Hands) -> None:
    letter(hands)
    field(hands, "date").line.setFocus()
    assert hands.page.row_page.told.plain().startswith("Date: XA, Delegate · ")
    told = QAccessible.queryAccessibleInterface(field(hands, "date").line).text(QAccessible.Text.Description)
    assert told.startswith("XA, Delegate · ") and "UTC" in told
    field(hands, "mail").line.setFocus()
    assert hands.page.row_page.told.plain() == "Electronic mail: nothing said yet"


def test_a_day_in_words_goes_below_where_it_has_no_room_beside(hands: Hands) -> None:
    letter(hands)
    day = field(hands, "date")
    for wide, below in ((500, False), (250, True), (500, False)):
        day.resize(wide, day.height())
        QApplication.processEvents()
        assert (day.told.y() >= day.line.geometry().bottom()) is below


def test_a_row_is_made_filled_and_kept_by_keys(hands: Hands) -> None:
    hands.register("correspondence")
    hands.screen.new()
    page = hands.page.row_page
    assert QApplication.focusWidget() is field(hands, "subject").line
    assert not page.keep_button.isEnabled()
    QTest.keyClicks(QApplication.focusWidget(), "Note on a workshop")
    hands.key(K.Key_S, CTRL)
    assert page.bar.happened.plain() == "Way is needed." and QApplication.focusWidget() is field(hands, "way").box
    hands.key(K.Key_Down)
    hands.key(K.Key_S, CTRL)
    hands.settled()
    ((args, named),) = hands.door.called("registers.new_row")
    assert args[0] == "correspondence" and args[1] == {"subject": ("Note on a workshop",), "way": ("sent",)}
    assert named == {"side": "stated", "room": "", "about": {}}
    assert page.row is not None and page.row.title.endswith("Note on a workshop") and not page.begun
    hands.key(K.Key_Escape)
    hands.settled()
    assert hands.page.in_views and hands.page.table.model.rowCount() == 5


def test_every_kind_of_field_gives_back_what_it_shows(hands: Hands) -> None:
    letter(hands)
    values = {
        "subject": ("A subject",), "way": ("received",), "date": ("2026-11-22",), "heard": ("2026-11-22T14:05Z",), "count": ("12",),
        "answered": ("yes",), "state": ("XC",), "circle": ("XA", "XB"), "with": (hands.door.registers._names("delegation")[1][0],),
        "marking": ("TLP:GREEN",), "language": ("fr",), "mail": ("office@example.org",), "link": ("https://example.org",),
        "paragraph": ("text#p1",), "evidence": ("ev1",), "tags": ("one", "two"), "notes": ("Two\nlines",), "zone": ("Europe/Zurich",),
    }  # fmt: skip
    for name, value in values.items():
        field(hands, name).set_values(value)
        assert field(hands, name).values() == value and field(hands, name).problem() == "", name
        field(hands, name).set_values(())
        assert field(hands, name).values() == (), name


def test_what_does_not_fit_is_said_and_not_kept(hands: Hands) -> None:
    letter(hands)
    for name, words in (("date", "2026-02-30"), ("heard", "tomorrow"), ("count", "twelve"), ("mail", "nobody")):
        editor = field(hands, name)
        editor.line.setText(words)
        assert editor.problem(), name
        hands.key(K.Key_S, CTRL, widget=editor.line)
        assert hands.page.row_page.bar.isVisible() and hands.door.called("registers.set") == []
        editor.set_values(())
    state = field(hands, "state")
    assert isinstance(state, NameEditor)
    state.box.setEditText("Nowhere")
    assert state.problem() == "Choose one of the list" and state.values() == ()


def test_a_moment_shows_what_clocks_say(hands: Hands) -> None:
    letter(hands)
    editor = field(hands, "heard")
    assert isinstance(editor, MomentEditor)
    QTest.keyClicks(editor.line, "2026-11-22 14:05")
    assert editor.values() == ("2026-11-22T14:05Z",) and "14:05 UTC" in editor.told.plain() and "Geneva" in editor.told.plain()


def test_a_state_is_found_by_a_part_of_its_name(hands: Hands) -> None:
    letter(hands)
    editor = field(hands, "state")
    completer = editor.box.completer()
    completer.setCompletionPrefix("astma")
    assert completer.completionCount() == 1 and completer.currentCompletion() == "XE Eastmark"
    editor.box.setEditText("XE Eastmark")
    assert editor.values() == ("XE",)
    editor.box.setEditText("xe")
    assert editor.values() == ("XE",)
    several = field(hands, "circle")
    assert isinstance(several, NamesEditor)
    several.box.set_value("XD")
    several.add.click()
    several.box.set_value("XE")
    several.add.click()
    assert several.values() == ("XD", "XE")
    drop = next(one for one in several.findChildren(QPushButton.__mro__[1]) if "Dravenia" in one.accessibleName())
    drop.click()
    assert several.values() == ("XE",)


def test_a_language_is_found_by_its_own_name_and_by_that_of_the_window(hands: Hands) -> None:
    column = Column("language", "language", Words({"en": "Language"}), many=True)
    around = replace(hands.page.row_page.around, names=lambda _kind: [("ar", "العربية"), ("en", "English"), ("fr", "français"), ("de", "Deutsch")])
    for typed in ("fren", "franç", "French", "fr"):
        editor = NamesEditor(column, around)
        editor.box.setEditText(typed)
        editor.box.settle()
        editor.add.click()
        assert editor.values() == ("fr",), typed
        editor.deleteLater()


def test_evidence_is_sealed_named_and_given_along(hands: Hands, tmp_path: Path) -> None:
    letter(hands)
    paper = tmp_path / "decree 12.pdf"
    paper.write_bytes(b"%PDF a decree")
    editor = field(hands, "evidence")
    assert isinstance(editor, EvidenceEditor)
    hands.page.row_page.evidence._sealed(paper, editor.added)
    hands.settled()
    assert editor.values() == ("ev2",)
    assert any("decree 12.pdf" in one.accessibleName() for one in editor.findChildren(QPushButton))
    hands.key(K.Key_S, CTRL, widget=editor.add)
    hands.settled()
    ((args, named),) = hands.door.called("registers.set")
    assert args[1] == {"evidence": ("ev2",)} and list(named["files"]) == ["ev2"]


def test_a_paragraph_is_chosen_and_gone_to(hands: Hands) -> None:
    letter(hands)
    editor = field(hands, "paragraph")
    assert isinstance(editor, LinkEditor)
    editor.choose.click()
    dialog = hands.dialog(PickDialog)
    assert nameless(dialog) == [] and dialog.list.count() > 10
    QTest.keyClicks(dialog.box, "OP 3")
    hands.key(K.Key_Return, widget=dialog.go)
    assert "#" in editor.values()[0]
    went: list[tuple[str, str]] = []
    hands.screen.go.connect(lambda screen, ref: went.append((screen, ref)))
    editor.chips.opened.emit(editor.values()[0])
    assert went == [("texts", editor.values()[0])]


def test_a_sign_of_letters_does_not_stand_before_a_name_that_is_ticked(worn: theme.Theme, qtbot: Any) -> None:
    choices = (Choice("norms", Words({"en": "Norms"}), "No"), Choice("other", Words({"en": "Other"}), "…"))
    made = ChoicesEditor(Column("topics", "choice", Words({"en": "Topics"}), many=True, choices=choices))
    qtbot.addWidget(made)
    assert [box.text().strip("\u2068\u2069") for box in made.boxes.values()] == ["Norms", "… Other"]


def test_an_ampersand_of_a_choice_is_no_key(worn: theme.Theme, qtbot: Any) -> None:
    column = Column("topics", "choice", Words({"en": "Topics"}), many=True, choices=(Choice("qa", Words({"en": "Q & A"}), ""),))
    made = ChoicesEditor(column)
    qtbot.addWidget(made)
    box = made.boxes["qa"]
    assert "Q && A" in box.text() and box.accessibleName().endswith("Q & A") and box.shortcut().isEmpty()
    chips = Chips("Open {0}")
    qtbot.addWidget(chips)
    chips.show_values([("x", "Q & A")])
    part = next(one for one in chips.findChildren(QPushButton) if "Q && A" in one.text())
    assert part.shortcut().isEmpty() and "Q & A" in part.accessibleName()


# a status and its date


def test_a_status_in_the_form_asks_for_its_date(hands: Hands) -> None:
    hands.register("norms")
    hands.page.open_row(Place("norms", "XA/a"))
    hands.settled()
    field(hands, "status").set_values(("planned",))
    hands.key(K.Key_S, CTRL, widget=field(hands, "status").box)
    assert "only together with" in hands.page.row_page.bar.happened.plain()
    assert QApplication.focusWidget() is field(hands, "date").line and hands.door.called("registers.set") == []
    QTest.keyClicks(field(hands, "date").line, "2026-11-01")
    field(hands, "author").line.setText("Ministry")
    hands.key(K.Key_S, CTRL)
    hands.settled()
    ((args, _),) = hands.door.called("registers.set")
    assert args[1] == {"status": ("planned",), "date": ("2026-11-01",), "author": ("Ministry",)}


def test_an_old_date_is_asked_about_once(hands: Hands) -> None:
    hands.register("norms")
    hands.page.open_row(Place("norms", "XB/c"))
    hands.settled()
    field(hands, "status").set_values(("considering",))
    hands.page.keep()
    assert "is still" in hands.page.row_page.bar.happened.plain() and hands.door.called("registers.set") == []
    hands.page.keep()
    hands.settled()
    ((args, _),) = hands.door.called("registers.set")
    assert set(args[1]) == {"status", "date", "author"}


def test_what_the_desk_refuses_is_said_and_nothing_typed_is_lost(hands: Hands) -> None:
    letter(hands)
    hands.door.fail("registers.set", NotAllowed("register.not_own"))
    field(hands, "subject").line.setText("Another")
    hands.page.keep()
    hands.settled()
    assert hands.page.row_page.bar.isVisible() and hands.page.row_page.begun
    assert field(hands, "subject").values() == ("Another",)


# leaving, drafts


def test_escape_asks_when_something_would_be_lost(hands: Hands) -> None:
    letter(hands)
    page = hands.page.row_page
    field(hands, "subject").line.setText("Changed")
    field(hands, "subject").line.setFocus()
    hands.key(K.Key_Escape)
    assert page.leaving.isVisible() and not hands.page.in_views and QApplication.focusWidget() is page.leave_keep
    hands.key(K.Key_Escape)
    assert not page.leaving.isVisible() and not hands.page.in_views
    hands.key(K.Key_Escape)
    page.leave_drop.click()
    hands.settled()
    assert hands.page.in_views
    hands.page.open_row(Place("correspondence", "r0"))
    assert field(hands, "subject").values() == ("Nomination of points of contact",)


def test_what_was_begun_is_there_after_a_lock(hands: Hands, qtbot: Any) -> None:
    letter(hands)
    field(hands, "subject").line.setText("Half a thought")
    hands.screen.save()
    kept = [one for one in hands.door.texts.drafts.values() if one.text == "register:correspondence"]
    assert [one.words for one in kept] == ['{"subject": ["Half a thought"]}']
    for other in open_registers(qtbot, hands.door):
        letter(other)
        assert field(other, "subject").values() == ("Half a thought",) and other.page.row_page.bar.isVisible()
        other.page.keep()
        other.settled()
        other.page.row_page.drafts.store_now()
        assert not [one for one in other.door.texts.drafts.values() if one.text == "register:correspondence" and one.words]


def test_leaving_for_later_keeps_it(hands: Hands) -> None:
    letter(hands)
    field(hands, "subject").line.setText("Later")
    hands.page.row_page.leave()
    hands.page.row_page.leave_later.click()
    hands.settled()
    hands.page.open_row(Place("correspondence", "r0"))
    assert field(hands, "subject").values() == ("Later",)


def test_a_change_from_elsewhere_keeps_what_was_begun(hands: Hands) -> None:
    letter(hands)
    field(hands, "subject").line.setText("Mine")
    hands.door.registers._write(("correspondence", "r0", "stated"), {"date": ["2026-12-24"]}, "")
    hands.settled()
    assert field(hands, "subject").values() == ("Mine",) and field(hands, "date").values() == ("2026-12-24",)


# differences, history


@pytest.mark.parametrize("which", ["picked", "third"])
def test_a_person_settles_a_difference(hands: Hands, which: str) -> None:
    hands.door.registers.one_differs()
    hands.register("norms")
    hands.page.open_row(Place("norms", "XB/a"))
    hands.settled()
    line = hands.page.row_page.form.lines["status"]
    assert line.button.isVisible() and said.DIFFERS in line.differs.plain()
    hands.key(K.Key_D, CTRL | SHIFT)
    dialog = hands.dialog(SettleDialog)
    assert nameless(dialog) == []
    texts = [made.text() for made, _ in dialog.options]
    assert texts == ["Planned", "In place", "Something else"]
    assert "seen at the session" in dialog.options[1][0].accessibleName() and "Second Secretary" in dialog.options[1][0].accessibleName()
    assert not dialog.keep.isEnabled()
    if which == "picked":
        dialog.options[1][0].setChecked(True)
    else:
        dialog.other.setChecked(True)
        assert not dialog.keep.isEnabled()
        dialog.editor.set_values(("partial",))
    dialog.asked["date"].line.setText("2026-11-20")
    dialog.asked["author"].line.setText("Embassy")
    dialog.note.setText("Their letter says so")
    dialog.keep.click()
    hands.settled()
    ((args, named),) = hands.door.called("registers.set")
    assert args[1]["status"] == (("in_place",) if which == "picked" else ("partial",))
    assert named["note"] == "Their letter says so"
    assert not hands.page.row_page.form.lines["status"].button.isVisible()


def test_the_history_is_newest_first_and_undo_leaves_a_trace(hands: Hands) -> None:
    letter(hands)
    for words in ("First", "Second"):
        field(hands, "subject").line.setText(words)
        hands.page.keep()
        hands.settled()
    history = hands.page.row_page.history
    assert [one.after for one in history.events] == ["Second", "First"]
    assert [hasattr(one, "button") for one in history.cards] == [True, True]
    hands.key(K.Key_Z, CTRL, widget=hands.page.row_page.back)
    hands.settled()
    hands.settled()
    assert field(hands, "subject").values() == ("First",)
    assert [(one.after, bool(one.undoes)) for one in history.events] == [("First", True), ("Second", False), ("First", False)]
    assert nameless(hands.page.row_page) == []


def test_undo_in_a_field_takes_back_what_was_begun_there_and_no_kept_change(hands: Hands) -> None:
    letter(hands)
    field(hands, "subject").line.setText("Kept")
    hands.page.keep()
    hands.settled()
    form, undone = hands.page.row_page.form, lambda: len(hands.door.called("registers.undo"))
    words = field(hands, "subject").line
    words.setFocus()
    hands.key(K.Key_End)
    hands.key(K.Key_X, widget=words)
    assert field(hands, "subject").values() == ("Keptx",)
    for _ in range(3):
        hands.key(K.Key_Z, CTRL, widget=words)
        hands.settled()
        assert field(hands, "subject").values() == ("Kept",) and not undone()  # once too often is no other act
    box, before = field(hands, "answered").box, field(hands, "answered").values()
    box.setFocus()
    hands.key(K.Key_Down)
    assert field(hands, "answered").values() != before
    hands.key(K.Key_Z, CTRL)
    hands.settled()
    assert field(hands, "answered").values() == before and not undone() and not form.changes()
    assert "what was begun is taken back" in hands.page.row_page.bar.happened.plain() and box.hasFocus()
    hands.key(K.Key_Down)
    hands.key(K.Key_Z, CTRL, widget=hands.page.row_page.back)  # the newest that was begun, wherever the keyboard is
    hands.settled()
    assert field(hands, "answered").values() == before and not undone()
    hands.key(K.Key_Z, CTRL)  # nothing is begun any more
    hands.settled()
    assert undone() == 1


def test_undo_in_the_rows_takes_back_the_last_change_of_the_session(hands: Hands) -> None:
    hands.register("correspondence")
    hands.page.undo()
    assert "Nothing to take back" in hands.page.bar.happened.plain()
    hands.page.open_here()
    hands.settled()
    before = field(hands, "subject").values()
    field(hands, "subject").line.setText("Wrong")
    hands.page.keep()
    hands.settled()
    hands.key(K.Key_Escape, widget=hands.page.row_page.back)
    hands.settled()
    hands.key(K.Key_Z, CTRL, widget=hands.page.table.table)
    hands.settled()
    assert hands.page.table.model.row(0).cells["subject"].values == before


def test_a_row_is_taken_out_with_a_reason_and_put_back(hands: Hands) -> None:
    letter(hands)
    hands.key(K.Key_Backspace, CTRL | SHIFT, widget=hands.page.row_page.back)
    dialog = hands.dialog(ReasonDialog)
    assert not dialog.go.isEnabled()
    QTest.keyClicks(dialog.words, "Entered twice")
    dialog.go.click()
    hands.settled()
    assert hands.door.called("registers.take_out")[0][0][1] == "Entered twice"
    assert hands.page.row_page.out.text() == "Put back"
    hands.page.back()
    hands.settled()
    assert hands.page.table.model.rowCount() == 3
    hands.page.filters.gone.click()
    hands.settled()
    assert hands.page.table.model.rowCount() == 1
    hands.page.open_here()
    hands.page.take_out()
    hands.settled()
    assert hands.page.row_page.out.text() != "Put back" and hands.door.registers.gone == set()


def test_a_further_row_of_a_state_and_an_item(hands: Hands) -> None:
    hands.register("norms")
    hands.screen.new()
    dialog = hands.dialog(BeginDialog)
    assert set(dialog.boxes) == {"state", "item"} and nameless(dialog) == []
    dialog.boxes["state"].set_value("XA")
    dialog.boxes["item"].set_value("a")
    dialog.go.click()
    hands.settled()
    assert hands.page.row_page.place == Place("norms", "XA/a")


def test_the_whole_page_mirrors(qtbot: Any, right_to_left: None) -> None:
    for hands in open_registers(qtbot, FakeDoor()):
        letter(hands)
        line = hands.page.row_page.form.lines["subject"]
        editor = line.editor
        assert isinstance(editor, LineEditor)
        assert line.label.mapTo(hands.screen, line.label.rect().center()).x() > editor.mapTo(hands.screen, editor.rect().center()).x()
        assert not hands.screen.grab().isNull()


def test_a_difference_is_told_when_it_comes(hands: Hands) -> None:
    hands.register("norms")
    hands.page.open_row(Place("norms", "XB/a"))
    hands.settled()
    hands.door.registers.one_differs()
    hands.door.touch(Changes(registers=frozenset({"norms"})))
    hands.settled()
    assert hands.page.row_page.form.lines["status"].button.isVisible()
    told = hands.page.row_page.form.told("status")
    assert "Delegate" in told and "Second Secretary" in told


@pytest.mark.parametrize("out", [True, False])
def test_a_row_taken_out_while_it_was_changed_asks_which_holds(hands: Hands, out: bool) -> None:
    place = Place("correspondence", "r0")
    hands.door.registers.one_parts()
    hands.register("correspondence")
    number = next(n for n in range(4) if hands.page.table.model.row(n).place == place)
    assert "taken out and changed at the same time" in hands.spoken(hands.page.table.table, number)
    hands.page.table.table.at(hands.page.table.model.row(number).id)
    hands.key(K.Key_D, CTRL | SHIFT)
    hands.settled()
    line = hands.page.row_page.parted
    assert line.isVisible() and "took this row out" in line.words.plain() and QApplication.focusWidget() is line.out
    assert nameless(hands.page.row_page) == []
    if out:
        hands.key(K.Key_Space)
        dialog = hands.dialog(ReasonDialog)
        QTest.keyClicks(dialog.words, "Entered twice")
        dialog.go.click()
    else:
        line.keep.click()
    hands.settled()
    assert bool(hands.door.called("registers.take_out")) is out and bool(hands.door.called("registers.put_back")) is not out
    assert not line.isVisible() and (hands.page.row_page.out.text() == "Put back") is out


def test_a_letter_finds_a_choice_behind_its_sign(hands: Hands) -> None:
    hands.register("correspondence")
    hands.screen.new()
    box = field(hands, "way").box
    signs = [box.itemText(n) for n in range(box.count())]
    assert any(not one[0].isalnum() for one in signs[1:]), signs
    box.setFocus()
    QTest.keyClicks(box, "rec")
    assert field(hands, "way").values() == ("received",)
    box._at = 0.0  # a while later
    QTest.keyClicks(box, "s")
    assert field(hands, "way").values() == ("sent",)
    QTest.keyClicks(box, "q")  # nothing begins so
    assert field(hands, "way").values() == ("sent",)


def test_a_further_row_is_begun_at_a_row_too_and_what_was_begun_is_asked_about_first(hands: Hands) -> None:
    letter(hands)
    page = hands.page.row_page
    hands.screen.new()
    assert page.row is None and field(hands, "subject").values() == ()
    QTest.keyClicks(field(hands, "subject").line, "Note on a workshop")
    hands.screen.new()
    assert page.leaving.isVisible() and field(hands, "subject").values() == ("Note on a workshop",)


def test_back_from_a_new_row_one_is_at_it(hands: Hands) -> None:
    hands.register("correspondence")
    hands.screen.new()
    QTest.keyClicks(field(hands, "subject").line, "Note on a workshop")
    field(hands, "way").box.setCurrentIndex(1)
    hands.key(K.Key_S, CTRL)
    hands.settled()
    hands.key(K.Key_Escape)
    hands.settled()
    assert hands.page.table.table.row().title.endswith("Note on a workshop")
