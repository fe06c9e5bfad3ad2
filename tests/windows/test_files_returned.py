"""A file comes back: what it changes is shown, what is ticked is proposed, and no person is named unless an officer says so."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import fake_data as d
import pytest
from PySide6.QtCore import QCoreApplication, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication
from test_texts_bench import CTRL, SHIFT, Bench, K, bench, mirrored  # noqa: F401
from test_texts_safe import _unnamed

from valise.domain.errors import NotAllowed, Refused
from valise.ui.files.authors import AS_FOUND, AuthorsTable, meant, reason
from valise.ui.files.returned import ReturnedDialog
from valise.ui.texts.open_dialog import OpenTextDialog
from valise.ui.texts.people import People

PERSON = "A Capital Person"
ROLE = int(Qt.ItemDataRole.AccessibleTextRole)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "back.docx"
    made.write_bytes(b"changed")
    return made


def dialog(bench: Bench, file: Path | None = None) -> ReturnedDialog:  # noqa: F811
    bench.screen.activateWindow()
    bench.qtbot.waitUntil(bench.screen.isActiveWindow)
    bench.at("OP 3")
    bench.key(K.Key_O, CTRL)
    made = bench.screen.findChild(ReturnedDialog)
    assert made is not None
    if file is not None:
        made.take_file(str(file))
        bench.qtbot.waitUntil(lambda: not made._work.busy)
    return made


def heads(made: ReturnedDialog) -> list[str]:
    return [one.head.replace("\u2068", "").replace("\u2069", "") for one in made.list.ticks.items]


def test_every_change_is_a_row_and_what_cannot_be_proposed_says_why(bench: Bench, file: Path) -> None:  # noqa: F811
    bench.door.returned.notes = (("docx.pictures", 2),)
    made = dialog(bench, file)
    assert heads(made) == [
        "OP 2: other words", "OP 3: other words", "New paragraph after OP 3", "PP 5: delete the paragraph",
        "OP 1: other words", "PP 3: other words", "Remark on OP 3", "Remark on OP 4",
    ]  # fmt: skip
    first = made.list.ticks.items[0]
    assert [(run.text, run.style) for run in first.words if run.style in ("delete", "insert")] == [
        ("Encourages", "delete"), ("Invites", "insert")]  # fmt: skip
    assert made.list.ticks.ticked == {0, 1, 2, 3, 6, 7}
    assert "agreed or closed" in made.list.ticks.items[4].note and "pen has changed" in made.list.ticks.items[5].note
    assert "Rev.2" in made.found.plain() and "Pictures were left out." in made.found.plain()
    assert "Cannot be proposed: 2" in made.found.plain()
    assert made.go.text() == "Propose 4 changes, make 2 remarks"
    assert _unnamed(made) == []
    model = made.list.ticks
    assert model.index(0).data(ROLE).startswith("ticked. ")
    assert "[-Encourages-]" in model.index(0).data(ROLE) and not model.index(4).data(ROLE).startswith("ticked")
    assert model.index(4).data(int(Qt.ItemDataRole.CheckStateRole)) is None
    made.reject()


def test_ticking_by_keys_alone(bench: Bench, file: Path) -> None:  # noqa: F811
    made = dialog(bench, file)
    assert made.list.hasFocus()
    bench.key(K.Key_Space)
    assert made.list.ticks.ticked == {1, 2, 3, 6, 7}
    bench.key(K.Key_A, CTRL | SHIFT)
    assert made.list.ticks.ticked == set() and not made.go.isEnabled()
    bench.key(K.Key_A, CTRL)
    assert made.list.ticks.ticked == {0, 1, 2, 3, 6, 7}
    for _ in range(4):
        bench.key(K.Key_Down)
    bench.key(K.Key_Space)  # it cannot be proposed
    assert 4 not in made.list.ticks.ticked
    bench.key(K.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == "Stresses that participation in the directory is voluntary;"
    bench.key(K.Key_A, CTRL | SHIFT)
    bench.key(K.Key_Up)
    bench.key(K.Key_Space)
    assert made.go.text() == "Propose 1 change"
    made.list.ticks.tick([3], False)
    made.list.ticks.tick([6], True)
    assert made.go.text() == "Make 1 remark"
    made.reject()


@pytest.mark.parametrize("mirror", [False, True])
def test_a_click_on_the_box_ticks_and_elsewhere_does_not(request: Any, file: Path, mirror: bool) -> None:
    there: Bench = request.getfixturevalue("mirrored" if mirror else "bench")
    made = dialog(there, file)
    area = made.list.visualRect(made.list.ticks.index(0))
    box = made.list.cards.place(area, made.list.layoutDirection()).center()
    assert (box.x() > area.center().x()) is mirror
    there.qtbot.mouseClick(made.list.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(area.center().x(), box.y()))
    assert 0 in made.list.ticks.ticked
    there.qtbot.mouseClick(made.list.viewport(), Qt.MouseButton.LeftButton, pos=box)
    assert 0 not in made.list.ticks.ticked
    made.reject()


def test_what_is_ticked_is_proposed_without_a_persons_name_and_taken_back(bench: Bench, file: Path) -> None:  # noqa: F811
    made = dialog(bench, file)
    made.list.ticks.tick([1], False)
    bench.key(K.Key_Return, CTRL, made.list)
    bench.settled()
    ((text, _returned, changes, comments, _named), _) = bench.door.called("returned.bring")[-1]
    assert (text, changes, comments) == (d.TEXT, [0, 2, 3], [0, 1])
    assert bench.door.returned.said == [
        "As found in the file, by Borovia, Dravenia.", "As found in the file.", "As found in the file.",
        "As found in the file. Why six months?", "As found in the file. لماذا؟",
    ]  # fmt: skip
    assert bench.door.called("returned.remember") == []
    bar = bench.screen.bar
    assert bar.happened.plain() == "Proposed from the file: 3. Remarks to the room: 2."
    assert "cannot be taken back" in bar.todo.plain()
    bar.step().click()
    bench.settled()
    assert len(bench.calls("withdraw")) == 3 and bar.happened.plain() == "Taken back."


def test_with_four_eyes_they_wait_and_one_decided_meanwhile_keeps_no_other(bench: Bench, file: Path) -> None:  # noqa: F811
    from dataclasses import replace

    bench.door.internal.rule = replace(bench.door.internal.rule, on=True)
    made = dialog(bench, file)
    made.list.tick_all(False)
    made.list.ticks.tick([0, 3], True)
    made.go.click()
    bench.settled()
    bar = bench.screen.bar
    assert "that wait: 2" in bar.happened.plain() and "second officer" in bar.todo.plain()
    bench.door.fail("internal.take_back", NotAllowed("release.decided"))
    bar.step().click()
    bench.settled()
    assert len(bench.door.called("internal.take_back")) == 2
    assert "decided meanwhile" in bar.happened.plain()


def test_who_an_author_is_is_said_once_and_shown_as_everybody_reads_it(bench: Bench, file: Path) -> None:  # noqa: F811
    made = dialog(bench, file)
    assert list(made.authors.choices) == ["XB, XD", PERSON, "Another Person"]
    made.authors.choose(PERSON, (d.delegation("XC"),))
    assert made.authors.words[PERSON].plain() == "As found in the file, by Castellan Republic."
    made.authors.choose("Another Person", AS_FOUND)
    assert made.authors.words["Another Person"].plain() == "As found in the file, by Another Person."
    made.go.click()
    bench.settled()
    assert bench.door.returned.said[-1] == "As found in the file, by Another Person. لماذا؟"
    assert bench.door.returned.known == {PERSON: d.delegation("XC")}  # only who is a delegation
    made = dialog(bench, file)
    assert made.authors.chosen(PERSON) == (d.delegation("XC",),)
    assert made.authors.chosen("Another Person") == ()
    made.authors.choose(PERSON, ())
    made.go.click()
    bench.settled()
    assert bench.door.returned.known == {}


def test_tab_goes_to_what_the_file_brought_as_one_reads(bench: Bench, file: Path) -> None:  # noqa: F811
    made = dialog(bench, file)
    made.zone.choose.setFocus()
    way = []
    for _ in range(5):
        bench.key(K.Key_Tab)
        way.append(QApplication.focusWidget())
    assert way == [*made.authors.choices.values(), made.list, made.all]
    made.reject()


def test_an_empty_a_torn_and_a_late_file(bench: Bench, file: Path) -> None:  # noqa: F811
    file.write_bytes(b"same")
    made = dialog(bench, file)
    assert "This file changes nothing." in made.found.plain() and not made.go.isEnabled()
    assert not made.authors.isVisible() and made.list.ticks.items == ()
    bench.door.fail("returned.read", Refused("format.zip"))
    made.take_file(str(file))
    bench.qtbot.waitUntil(made.bar.isVisible)
    assert "damaged" in made.bar.happened.plain() and "could not be read" in made.zone.said.plain()
    file.write_bytes(b"changed")
    made.take_file(str(file))
    bench.qtbot.waitUntil(made.go.isEnabled)
    bench.door.fail("returned.bring", NotAllowed("returned.changed"))
    made.go.click()
    bench.settled()
    assert made.isVisible() and made.bar.step().text() == "Read it again"
    reads = len(bench.door.called("returned.read"))
    made.bar.step().click()
    bench.qtbot.waitUntil(lambda: len(bench.door.called("returned.read")) == reads + 1 and not made._work.busy)
    assert not made.bar.isVisible() and made.go.isEnabled()
    made.reject()


def test_reading_is_beside_the_window_and_can_be_stopped(bench: Bench, file: Path) -> None:  # noqa: F811
    made = dialog(bench)
    bench.door.returned.hold = threading.Event()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    made.zone.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
                                   Qt.KeyboardModifier.NoModifier))  # fmt: skip
    assert made._work.busy and made.progress.isVisible() and made.cancel.text() == "Stop"
    assert bench.runner.idle  # nothing else waits for it
    made.cancel.click()
    bench.door.returned.hold.set()
    bench.qtbot.waitUntil(lambda: not any(one.name == "file" for one in threading.enumerate()))
    QCoreApplication.processEvents()
    assert made.isVisible() and made.list.ticks.items == () and made.cancel.text() == "Cancel"
    assert "file" in {t for (name, _, _), t in zip(bench.door.calls, bench.door.threads, strict=True) if name == "returned.read"}
    made.reject()


def test_words_of_a_file_are_shown_as_plain_text(bench: Bench, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    evil = "<b>A</b>\u202e Person"
    change = bench.door.returned.change(0, "OP 3", "<i>x</i>", evil)
    from valise.desk import views as v

    monkeypatch.setattr(bench.door.returned, "read", lambda *_args: v.Returned("", "", (), (change,), (), ()))
    made = dialog(bench, file)
    assert "<b>A</b> Person" in made.list.ticks.items[0].note and "\u202e" not in made.list.ticks.items[0].note
    made.authors.choose(evil, AS_FOUND)
    assert made.authors.word(evil) == "As found in the file, by <b>A</b> Person."
    made.reject()


# opening a text


def test_opening_a_file_names_no_person_by_default(bench: Bench) -> None:  # noqa: F811
    bench.door.returned.known = {"Known Author": d.delegation("XE")}
    bench.screen.new()
    made = bench.screen.findChild(OpenTextDialog)
    assert made is not None and not made.authors.isVisible()
    found = {
        "title": "T", "paragraphs": [{"section": "OP", "label": "OP 1", "words": "Decides;", "status": "open"}],
        "changes": [{"author": PERSON}, {"author": "XB"}, {"author": "Known Author"}], "comments": [{"author": PERSON}, {"author": ""}],
    }  # fmt: skip
    made._show(found, bench.door.returned.authors(), "x.docx")
    assert list(made.authors.choices) == [PERSON, "XB", "Known Author"]
    assert made.authors.wording() == {
        PERSON: "As found in the file.", "XB": "As found in the file, by Borovia.",
        "Known Author": "As found in the file, by Eastmark.",
    }  # fmt: skip
    assert _unnamed(made) == []
    made.authors.choose(PERSON, (d.delegation("XD"),))
    made.go.click()
    bench.settled()
    said = bench.door.called("texts.open")[-1][1]["named"]
    assert [said(one) for one in (PERSON, "XB", "", "Nobody Asked")] == [
        "As found in the file, by Dravenia.", "As found in the file, by Borovia.", "As found in the file.",
        "As found in the file.",
    ]  # fmt: skip
    assert bench.door.returned.known == {"Known Author": d.delegation("XE"), PERSON: d.delegation("XD")}


def test_a_crowd_of_authors_is_asked_about_as_far_as_one_can(bench: Bench) -> None:  # noqa: F811
    people = People(bench.door)  # type: ignore[arg-type]
    people.renew()
    table = AuthorsTable(people)
    table.show_authors([f"Author {n}" for n in range(500)], {})
    assert len(table.choices) == 60 and "440" in table.more.plain()
    assert table.word("Author 499") == "As found in the file."
    table.deleteLater()


def test_codes_mean_delegations_only_when_all_are_known(bench: Bench) -> None:  # noqa: F811
    people = People(bench.door)  # type: ignore[arg-type]
    people.renew()
    ids = {code: key for key, code in people.codes()}
    assert meant(people, "XB", {}) == (ids["XB"],)
    assert meant(people, "XB, XE", {}) == (ids["XB"], ids["XE"])
    assert meant(people, "XB, XZ", {}) == () == meant(people, "", {}) == meant(people, "xb", {})
    assert meant(people, "XB", {"XB": ids["XD"]}) == (ids["XD"],)  # what a person said goes first
    assert meant(people, "Z", {"Z": "nobody"}) == ()
    assert reason(people, AS_FOUND, "") == "As found in the file."
