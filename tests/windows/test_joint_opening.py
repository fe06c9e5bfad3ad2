"""Opening a joint statement and a list of co-sponsors in the window: the words as they will be signed, and drafts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import fake_data as d
import pytest
from fake_door import FakeDoor
from fake_joint import ARABIC, CLOSED, OPEN, SPONSORS, WORDS
from joint_hands import back, dialog, offered, page, words_of
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QPushButton
from test_texts_bench import CTRL, SHIFT, Bench, open_bench
from walk import nameless

from valise.desk.views import TextDraft
from valise.domain import joint as rules
from valise.domain.errors import NotAllowed
from valise.ui.joint import confirm
from valise.ui.joint.writing import KIND, OpenStatement
from valise.ui.seeing import deadline

K = Qt.Key
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The clock of the window; put another time into it."""
    held = [d.NOW]
    monkeypatch.setattr(deadline, "now", lambda: held[0])
    return held


@pytest.fixture
def bench(qtbot: Any, clock: list[int]) -> Iterator[Bench]:
    yield from open_bench(qtbot, FakeDoor())


@pytest.fixture
def bare(qtbot: Any, clock: list[int]) -> Iterator[Bench]:
    yield from open_bench(qtbot, FakeDoor(empty=True))


def writing(bench: Bench) -> Any:
    """The dialog, in front."""
    page(bench)
    bench.screen.new()  # Ctrl+N
    box = dialog(bench, OpenStatement)
    box.activateWindow()
    bench.qtbot.waitUntil(box.isActiveWindow)
    return box


def asked(bench: Bench) -> list[QDialog]:
    return [one for one in bench.screen.findChildren(QDialog) if one.isVisible()]


# a statement


def test_the_words_are_seen_as_they_will_be_signed_before_they_are_opened(bench: Bench) -> None:
    box = writing(bench)
    assert not box.go.isEnabled() and box.focusWidget() is box.title
    bench.qtbot.keyClicks(box.title, "Statement  on answering")
    box.words.setPlainText("  \n" + WORDS.replace("\n", "  \n") + "\n\n\t")
    bench.key(K.Key_Return, CTRL, widget=box)
    assert box.pages.currentIndex() == 1 and bench.door.called("joint.open_statement") == []
    assert box.seen.toPlainText() == WORDS and box.seen_title.plain() == "Statement on answering"
    assert "".join(box.hash.digits.plain().split()) == rules.hash_of(WORDS)
    assert box.changed.isVisible() and "cannot be changed afterwards" in box.means.plain()
    bench.key(K.Key_Escape, widget=box)  # back to writing, nothing lost
    assert box.isVisible() and box.pages.currentIndex() == 0 and "Reaffirm" in box.words.toPlainText()
    bench.key(K.Key_Return, CTRL, widget=box)
    bench.key(K.Key_Return, widget=box.go)
    back(bench)
    (call,) = bench.door.called("joint.open_statement")
    assert call == ((d.GROUP, "Statement on answering", WORDS), {"language": "en", "until": 0, "replaces": ""})
    made = page(bench)
    assert made.row().title == "Statement on answering" and made.row().words == WORDS
    assert "open for sign-on" in made.bar.happened.plain() and "not signed on" in made.bar.confidentiality.plain()
    made.bar.step().click()
    assert "Statement on answering" in words_of(dialog(bench, confirm.SignDialog))


def test_a_date_may_be_said_and_has_to_be_possible(bench: Bench) -> None:
    box = writing(bench)
    box.title.setText("Statement")
    box.words.setPlainText("Words")
    assert box.go.isEnabled() and not box.until.date.isVisible()
    bench.key(K.Key_Space, widget=box.until.dated)
    assert box.until.date.isVisible() and box.until.value() == d.NOW + 48 * d.HOUR
    box.until.date.exact.setText("2020-01-01 00:00")
    assert not box.go.isEnabled()
    box.until.date.choose(24)
    box.forward()
    box.forward()
    back(bench)
    assert bench.door.called("joint.open_statement")[0][1]["until"] == d.NOW + 24 * d.HOUR


def test_an_arabic_statement_is_written_from_the_right(bench: Bench) -> None:
    box = writing(bench)
    box.language.setCurrentIndex(box.language.findData("ar"))
    box.title.setText("بيان")
    box.words.setPlainText(ARABIC)
    assert box.words.document().defaultTextOption().textDirection() == Qt.LayoutDirection.RightToLeft
    box.forward()
    box.forward()
    back(bench)
    assert bench.door.called("joint.open_statement")[0][1]["language"] == "ar" and page(bench).row().words == ARABIC


@pytest.mark.parametrize("words", ["x" * (rules.LONGEST + 1), " \n "])
def test_words_that_cannot_be_opened_do_not_get_on(bench: Bench, words: str) -> None:
    box = writing(bench)
    box.title.setText("Statement")
    box.words.setPlainText(words)
    assert not box.go.isEnabled()
    box.forward()
    assert box.pages.currentIndex() == 0
    assert ("Too long by 1" in box.hint.plain()) is bool(words.strip())


@pytest.mark.parametrize("hidden", ["\u202a", "\u202b", "\u202e", "\ufeff"])
def test_hidden_characters_are_refused_before_anything_is_shown(bench: Bench, hidden: str) -> None:
    box = writing(bench)
    box.title.setText("Statement")
    box.words.setPlainText(f"words{hidden}turned")
    box.forward()
    assert box.pages.currentIndex() == 0 and "cannot be seen" in box.bar.happened.plain()
    assert "Write or paste" in box.bar.todo.plain()


def test_a_refusal_of_the_desk_loses_no_word(bench: Bench) -> None:
    box = writing(bench)
    box.title.setText("Statement")
    box.words.setPlainText("Words")
    bench.door.fail("joint.open_statement", NotAllowed("room.blocked"))
    box.forward()
    box.forward()
    bench.settled()
    assert box.isVisible() and box.bar.isVisible() and box.words.toPlainText() == "Words" and box.go.isEnabled()


def test_only_rooms_with_others_can_be_chosen(bench: Bench) -> None:
    box = writing(bench)
    assert {box.room.itemData(n) for n in range(box.room.count())} == {d.GROUP, d.BILATERAL}


# drafts


def test_what_is_written_is_kept_and_comes_back(bench: Bench) -> None:
    box = writing(bench)
    box.room.setCurrentIndex(box.room.findData(d.BILATERAL))
    box.title.setText("Half a title")
    box.words.setPlainText("Half a sentence")
    bench.screen.save()  # as before locking
    kept = bench.door.texts.drafts[d.BILATERAL, "", KIND]
    assert (kept.words, kept.reason) == ("Half a sentence", "Half a title")
    bench.key(K.Key_Escape, widget=box)
    back(bench)
    box = writing(bench)
    assert box.room.currentData() == d.BILATERAL and box.title.text() == "Half a title"
    assert box.words.toPlainText() == "Half a sentence" and "here again" in box.bar.happened.plain()
    box.forward()
    box.forward()
    back(bench)
    assert bench.door.texts.drafts == {}
    box = writing(bench)
    assert box.title.text() == "" == box.words.toPlainText()


def test_another_room_takes_the_words_along_unless_it_has_its_own(bench: Bench) -> None:
    bench.door.texts.drafts[d.BILATERAL, "", KIND] = TextDraft(d.BILATERAL, "", KIND, "Words for Borovia", "To Borovia")
    box = writing(bench)
    assert box.room.currentData() == d.BILATERAL and box.title.text() == "To Borovia"
    box.room.setCurrentIndex(box.room.findData(d.GROUP))
    assert box.words.toPlainText() == "Words for Borovia"
    bench.settled()
    bench.screen.save()
    assert set(bench.door.texts.drafts) == {(d.GROUP, "", KIND)}
    bench.door.texts.drafts[d.BILATERAL, "", KIND] = TextDraft(d.BILATERAL, "", KIND, "Others", "Other")
    box.room.setCurrentIndex(box.room.findData(d.BILATERAL))
    assert box.words.toPlainText() == "Others"
    bench.screen.save()
    assert bench.door.texts.drafts[d.GROUP, "", KIND].words == "Words for Borovia"
    step = box.bar.step()
    assert step is not None
    step.click()
    bench.screen.save()
    assert set(bench.door.texts.drafts) == {(d.GROUP, "", KIND)}


# in the place of another


def test_new_words_stand_in_the_place_of_the_old_and_take_no_name_along(bench: Bench) -> None:
    page(bench, CLOSED)
    bench.key(K.Key_N)
    box = dialog(bench, OpenStatement)
    assert not box.room.isEnabled() and box.words.toPlainText() == ARABIC and box.language.currentData() == "ar"
    box.words.setPlainText(ARABIC + "\nونزيد.")
    box.forward()
    assert "Names on the old words: 2 delegations; none of them goes along." in box.means.plain()
    box.forward()
    back(bench)
    assert bench.door.called("joint.open_statement")[0][1]["replaces"] == CLOSED
    made = page(bench)
    assert made.row().signs == () and made.row().id != CLOSED
    page(bench, CLOSED)
    assert "Other words stand in the place of these." in made.pane.what.plain() and "newer" in offered(bench)


# co-sponsors


def buttons(bench: Bench) -> list[QPushButton]:
    found = bench.screen.revisions.findChildren(QPushButton)
    return [one for one in found if one.accessibleName().startswith("Open a list of co-sponsors")]


def test_a_list_is_opened_beside_its_revision(bench: Bench) -> None:
    assert [one.accessibleName() for one in buttons(bench)] == [
        "Open a list of co-sponsors for Rev.2", "Open a list of co-sponsors for Rev.1",
    ]  # fmt: skip
    buttons(bench)[1].click()
    bench.settled()
    box = dialog(bench, confirm.OpenSponsors)
    first = bench.door.texts.rows[d.TEXT].revisions[0]
    assert box.revision.currentText() == "Rev.1" and "".join(box.hash.digits.plain().split()) == first.text_hash
    assert "this revision and to no other" in words_of(box)
    bench.key(K.Key_Return, widget=box.go)
    back(bench)
    assert bench.door.called("joint.open_sponsors") == [((d.TEXT, first.id, 0), {})]
    made = page(bench)
    assert made.row().revision == first.id and made.pane.symbol.plain() == "Rev.1"
    assert "list of co-sponsors is open" in made.bar.happened.plain()


def test_the_key_leads_to_the_list_that_is_open_already(bench: Bench) -> None:
    bench.key(K.Key_N, CTRL | SHIFT)
    bench.settled()
    made = bench.screen.far.joint.page
    assert bench.screen.far.joint.looking() and made.row().id == SPONSORS and asked(bench) == []
    assert "open already" in made.bar.happened.plain()


def test_a_revision_that_differs_here_is_not_offered(bench: Bench) -> None:
    text = bench.door.texts.rows[d.TEXT]
    text.revisions = [replace(one, alarm="text.revision-differs") for one in text.revisions]
    bench.screen._read_head()
    bench.screen.far.allow()
    assert buttons(bench) == [] and not bench.screen.acts["sponsors"].isEnabled()


# nothing yet


def test_without_a_statement_the_next_step_is_said_and_one_key_away(bench: Bench) -> None:
    bench.door.joint.rows.clear()
    made = page(bench)
    assert made.stack.currentWidget() is made.empty and made.empty.step.hasFocus() and nameless(made) == []
    assert bench.screen.panes()[0] is made.empty.step
    bench.key(K.Key_Return)
    assert dialog(bench, OpenStatement).title.text() == ""


def test_without_a_text_statements_are_reached_and_left(bare: Bench) -> None:
    screen = bare.screen
    assert screen.stack.currentWidget() is screen.empty
    (lead,) = [one for one in screen.empty.findChildren(QPushButton) if "Joint" in one.text()]
    lead.click()
    bare.settled()
    assert screen.far.joint.looking()
    bare.door.joint.put(OPEN, "From elsewhere", opener="XB")
    bare.settled()
    bare.settled()
    assert screen.far.joint.looking() and screen.far.joint.page.row().id == OPEN
    bare.key(K.Key_Escape, widget=screen.far.joint.page.list)
    assert screen.stack.currentWidget() is screen.empty


def test_without_a_room_the_way_to_one_is_said(bare: Bench) -> None:
    bare.key(K.Key_J, CTRL)
    bare.settled()
    bare.screen.new()
    made = bare.screen.far.joint.page
    assert "no room yet" in made.bar.happened.plain() and "Messages" in made.bar.todo.plain() and asked(bare) == []
