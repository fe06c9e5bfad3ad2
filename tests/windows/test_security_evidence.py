"""The section on evidence: what a file would hold is said before it is written; what one proves can be read."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_door import FakeDoor
from fake_evidence import INSIDE, SAMPLE
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QFileDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from valise.desk.door_evidence import RecordRow
from valise.desk.views import Changes
from valise.domain.errors import Refused, Unavailable
from valise.evidence.words import BAD, DOUBTS, NOT_PROVED
from valise.ui import actions, language
from valise.ui.security import evidence_said as said
from valise.ui.security.evidence import EvidenceSection
from valise.ui.security.evidence_report import MOST, ReportPage
from valise.ui.tasks import Runner
from valise.ui.widgets.labels import SafeLabel

Made = Callable[..., EvidenceSection]


@pytest.fixture
def section(qtbot: QtBot, worn: object, runner: Runner) -> Made:
    def make(door: FakeDoor | None = None) -> EvidenceSection:
        made = EvidenceSection(door or FakeDoor(), runner)
        qtbot.addWidget(made)
        made.resize(900, 1100)
        made.show()
        made.refresh(Changes(status=True, settings=True))
        qtbot.waitUntil(lambda: runner.idle)
        return made

    return make


def read(widget: QWidget) -> str:
    """Everything a person reads there."""
    return "\n".join(one.plain() for one in widget.findChildren(SafeLabel) if one.isVisibleTo(widget))


def test_without_a_room_it_says_what_to_do(section: Made) -> None:
    made = section(FakeDoor(empty=True))
    assert made.nothing.isVisible() and not made.save.isVisible() and made.check.isEnabled()
    made.focus_first()
    assert made.window().focusWidget() is made.check


def test_what_a_file_would_let_others_read_is_said_first(section: Made) -> None:
    made = section()
    assert made.rooms.count() == 2 and "[points]" in made.rooms.itemText(0)
    words = read(made)
    for part in ("412 entries", "XB Borovia", "Legal adviser", "TLP:AMBER: 3", "can read all of it", "identities (1)"):
        assert part in words
    assert "\u202e" not in words and "conversation is signed for nobody" in words
    assert made.save.isEnabled() and not made.archive.isVisible() and not made.nothing.isVisible()
    made.focus_first()
    assert made.window().focusWidget() is made.rooms


def test_a_room_of_two_is_no_internal_one(section: Made) -> None:
    door = FakeDoor()
    door.evidence.rows.append(RecordRow("r2", "", "bilateral", ("XA", "XB"), 2, False))
    made = section(door)
    assert made.rooms.itemText(1) == "XA, XB" and made.rooms.itemText(2) == "Internal room (own archive only)"


@pytest.fixture
def french(qapp: QApplication) -> Iterator[None]:
    language.use(qapp, "fr")
    yield
    language.use(qapp, "en")


def test_rooms_stand_in_the_order_of_the_language(section: Made, french: None) -> None:
    door = FakeDoor()
    door.evidence.rows[:] = [RecordRow(one, one, "group", ("XA",), 1, False) for one in ("Zone", "École", "eau")]
    made = section(door)
    assert [made.rooms.itemData(n) for n in range(3)] == ["eau", "École", "Zone"]


def test_an_internal_room_only_when_it_is_asked_for(section: Made, qtbot: QtBot, tmp_path: Path) -> None:
    door = FakeDoor()
    made = section(door)
    made.rooms.setCurrentIndex(1)
    qtbot.waitUntil(made.archive.isVisible)
    assert not made.save.isEnabled() and "red lines" in made.readers.plain()
    made.save_record()
    assert made.findChild(QFileDialog) is None
    made.archive.setChecked(True)
    assert made.save.isEnabled()
    made.write_to(tmp_path / "inside.evidence")
    qtbot.waitUntil(lambda: bool(made.saved.plain()))
    ((given, more),) = door.called("evidence.save")
    assert given[0] == INSIDE and more["own_archive"] is True
    made.rooms.setCurrentIndex(0)
    qtbot.waitUntil(made.save.isEnabled)
    made.rooms.setCurrentIndex(1)
    qtbot.waitUntil(made.archive.isVisible)
    assert not made.archive.isChecked(), "asked each time"


def test_saving_shows_progress_and_the_digest(section: Made, qtbot: QtBot, tmp_path: Path) -> None:
    door = FakeDoor()
    door.evidence.hold = threading.Event()
    made = section(door)
    made.save.click()
    dialog = made.findChild(QFileDialog)
    assert dialog is not None and dialog.selectedFiles()[0].endswith(".evidence")
    dialog.fileSelected.emit(str(tmp_path / "room.evidence"))
    dialog.close()
    qtbot.waitUntil(made.progress.isVisible)
    assert not made.save.isEnabled() and not made.check.isEnabled()
    made.check_at(SAMPLE)  # one at a time
    door.evidence.hold.set()
    qtbot.waitUntil(lambda: bool(made.saved.plain()))
    assert "room.evidence" in made.saved.plain() and "412 entries" in made.saved.plain()
    assert not made.progress.isVisible() and made.save.isEnabled() and door.called("evidence.check") == []


def test_errors_are_told_where_one_looks(section: Made, qtbot: QtBot, tmp_path: Path) -> None:
    door = FakeDoor()
    made = section(door)
    door.fail("evidence.save", Unavailable("file.unwritable"))
    made.write_to(tmp_path / "x.evidence")
    qtbot.waitUntil(made.told.isVisible)
    assert made.save.isEnabled()
    door.fail("evidence.check", Refused("evidence.child"))
    made.check_at(SAMPLE)
    qtbot.waitUntil(made.wrong.isVisible)
    assert not made.told.isVisible() and not made.report.isVisible() and made.check.isEnabled()


def test_a_sound_file_is_told_in_words_and_signs(section: Made, qtbot: QtBot) -> None:
    made = section()
    made.check.click()
    dialog = made.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(SAMPLE))
    dialog.close()
    qtbot.waitUntil(made.report.isVisible)
    assert made.window().focusWidget() is made.report and "sound: every entry verifies" in made.report.verdict
    words = read(made.report)
    for part in ("XA Aurelia", "XB Borovia", "complete from 1 to 5", "everything up to 4", "FICT/1/Rev.1", "the same", "Confirmed by",
                 "signed on", "What is not proved", "signed for nobody"):  # fmt: skip
        assert part in words, part
    spoken = QAccessible.queryAccessibleInterface(made.report)
    assert spoken.text(QAccessible.Text.Description) == made.report.verdict


def test_the_first_bad_entry_is_named_in_words(section: Made, qtbot: QtBot, tmp_path: Path) -> None:
    every = SAMPLE.read_bytes().splitlines(keepends=True)
    path = tmp_path / "cut.evidence"
    path.write_bytes(b"".join(every[:7] + every[8:]))
    made = section()
    made.check_at(path)
    qtbot.waitUntil(made.report.isVisible)
    words = read(made.report)
    assert "NOT sound" in words and "Line 8" in words and "removed, added, doubled or moved" in words
    assert "What is proved" not in words
    red = [one for one in made.report.findChildren(SafeLabel) if one.property("role") == "error"]
    assert len(red) == 1 and any(one.pixmap() is not None and not one.pixmap().isNull() for one in made.report.findChildren(QLabel))
    made.check_at(SAMPLE)
    qtbot.waitUntil(lambda: "sound: every" in made.report.verdict)
    assert "Line 8" not in read(made.report)


def test_every_word_of_the_verifier_is_said(worn: object) -> None:
    assert said.BAD.keys() == BAD.keys() and said.DOUBTS.keys() == DOUBTS.keys()
    assert len(said.NOT_PROVED) == len(NOT_PROVED)
    assert len({said.bad({"line": 3, "what": "card", "code": code}) for code in BAD}) == len(BAD)
    for word in DOUBTS:
        told = said.doubt({"say": word, "delegation": "x", "count": 7, "lines": [12], "operations": ["\u202eid"], "seq": 9}, {"x": "XB [B]"})
        assert "7" in told and "12" in told and "XB [B]" in told and "\u202e" not in told
    assert said.doubt({"say": "later word"}, {}) and said.bad({"line": 1, "what": "later", "code": "later"})


def test_hostile_reports_stay_within_bounds(qtbot: QtBot, worn: object, door: FakeDoor) -> None:
    report: dict[str, Any] = dict(door.evidence.check(SAMPLE))
    (text,) = report["texts"]
    report["texts"] = [{**text, "title": f"<b>Text</b> {at}\u202e"} for at in range(500)]
    report["doubts"] = [{"say": "two histories", "device": "x", "seq": 1, "operations": ["a", "b"]}]
    page = ReportPage()
    qtbot.addWidget(page)
    page.show_report(report, "<i>x</i>.evidence")
    labels = page.findChildren(SafeLabel)
    assert len([one for one in labels if one.plain().startswith("<b>Text</b>")]) == MOST
    assert any("440 more" in one.plain() for one in labels)
    assert all(one.textFormat() == Qt.TextFormat.PlainText for one in labels)


def test_names_and_keys(section: Made) -> None:
    made = section()
    for one in (*made.findChildren(QAbstractButton), *made.findChildren(QComboBox)):
        if one.isVisible() and one.focusPolicy() != Qt.FocusPolicy.NoFocus:
            assert one.accessibleName(), one
    names = {one.objectName() for one in made.actions()}
    assert names == {"evidence.save", "evidence.check"}
    for name in names:
        assert actions.spec(name).shortcut and actions.spec(name).screen == "security"
