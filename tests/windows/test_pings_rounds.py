"""Rounds in the window: opened, recorded, taken, closed, reported; the plot; cards and notes verbales."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import fake_data as d
import pytest
from fake_door import FakeDoor
from fake_pings import FIRST, PRACTICE, SECOND
from PySide6.QtCore import QDateTime, QPoint, Qt, QTimeZone
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QStyle, QWidget
from test_directory_page import ALT, CTRL, K, page, rest, screen  # noqa: F401  fixtures
from walk import nameless

from valise.desk import reference
from valise.desk.door_pings import Point, Reach, RoundHead, Track
from valise.domain.errors import Refused, Unavailable
from valise.ui import language, theme
from valise.ui.contacts.confirm import Confirm
from valise.ui.contacts.directory import reach as plot
from valise.ui.contacts.directory.cards import Saving, Taking
from valise.ui.contacts.directory.nominating import Nominating
from valise.ui.contacts.directory.opening import Opening
from valise.ui.contacts.directory.page import DirectoryPage
from valise.ui.contacts.directory.recording import Recording
from valise.ui.contacts.directory.rounds import RoundsView
from valise.ui.window import MainWindow

UTC = QTimeZone(QTimeZone.Initialization.UTC)


@pytest.fixture
def rounds(page: DirectoryPage, window: MainWindow, qtbot: Any) -> RoundsView:  # noqa: F811
    qtbot.keyClick(page.list, K.Key_2, CTRL | ALT)
    rest(window, qtbot)
    assert page.stack.currentWidget() is page.rounds
    return page.rounds


def at(view: RoundsView, contact: str) -> None:
    view.table.selectRow(next(n for n, one in enumerate(view.model.rows) if one.contact == contact))


def dialog(parent: Any, kind: Any) -> Any:
    found = [one for one in parent.findChildren(kind) if one.isVisible()]
    assert len(found) == 1
    return found[0]


def test_a_round_shows_every_outcome_with_a_sign_and_a_word(rounds: RoundsView) -> None:
    assert rounds.view is not None and rounds.view.head.id == SECOND and rounds.choose.count() == 3
    words = {one.outcome: rounds.model.data(rounds.model.index(n, 2)) for n, one in enumerate(rounds.model.rows)}
    assert words["late"] == "confirmed late" and words["no reply"] == "no reply" and words["waiting"] == "no answer yet"
    assert not rounds.model.data(rounds.model.index(0, 2), int(Qt.ItemDataRole.DecorationRole)).isNull()
    assert rounds.model.data(rounds.model.index(1, 3), int(Qt.ItemDataRole.AccessibleTextRole)) == "Latency: 9 days"
    note = next(rounds.model.data(rounds.model.index(n, 7)) for n, one in enumerate(rounds.model.rows) if one.contact == "contact-XC-diplomatic")
    assert "nobody has answered" in note  # delivered, and told as no answer
    assert "10 asked" in rounds.counted.plain() and "their clock" in rounds.clock.plain()
    rounds.model.show((replace(rounds.model.rows[0], words="<b>x</b>"),))  # a peer's: in a tooltip it would be markup
    place = rounds.model.index(0, 7)
    assert "<b>" in rounds.model.data(place) and "<b>" not in rounds.model.data(place, int(Qt.ItemDataRole.ToolTipRole))
    assert not rounds.exercise.isVisible()
    assert nameless(rounds) == []


def test_an_exercise_is_named_above_everything(rounds: RoundsView, window: MainWindow, qtbot: Any) -> None:
    rounds.choose.setCurrentIndex(rounds.choose.findData(PRACTICE))
    rest(window, qtbot)
    assert rounds.exercise.isVisible() and rounds.choose.currentText().startswith("EXERCISE") and not rounds.end.isEnabled()


def test_a_round_is_opened_after_one_has_seen_who_is_asked(rounds: RoundsView, page: DirectoryPage, door: FakeDoor, window: MainWindow, qtbot: Any) -> None:  # noqa: F811
    rounds.begin.click()
    rest(window, qtbot)
    opening = dialog(page, Opening)
    assert nameless(opening) == []
    assert opening.counted.plain() == "6 are asked now; 4 an officer calls or writes to."
    own = opening.list.item(opening.list.count() - 1)
    assert "our own" in own.text() and not own.flags() & Qt.ItemFlag.ItemIsEnabled
    opening.nobody.click()
    assert not opening.go.isEnabled()
    opening.list.item(0).setCheckState(Qt.CheckState.Checked)
    opening.name.setText("  ")
    assert not opening.go.isEnabled()
    opening.name.setText("Autumn round")
    opening.due.setDateTime(QDateTime.fromMSecsSinceEpoch(1, UTC))
    assert not opening.go.isEnabled()
    opening.due.setDateTime(QDateTime.fromMSecsSinceEpoch(4_102_444_800_000, UTC))
    opening.exercise.setChecked(True)
    assert door.called("pings.open") == []
    opening.go.click()
    rest(window, qtbot)
    [(args, told)] = door.called("pings.open")
    assert args == ("Autumn round",) and told["contacts"] == ["contact-XB-diplomatic"] and told["exercise"] is True
    assert rounds.title.plain() == "Autumn round" and rounds.exercise.isVisible()


def test_an_officer_records_a_call(rounds: RoundsView, door: FakeDoor, window: MainWindow, qtbot: Any) -> None:
    at(rounds, "contact-XB-technical")
    assert not rounds.record.isEnabled()  # a signed answer is not overwritten by a call
    at(rounds, "contact-XE-diplomatic")
    rounds.record.click()
    recording = dialog(rounds, Recording)
    assert nameless(recording) == [] and recording.words.isVisible()
    recording.outcome.setCurrentIndex(recording.outcome.findData("no reply"))
    recording.channel.setCurrentIndex(recording.channel.findData("e-mail"))
    asked = recording.asked_at.dateTime()
    recording.at.setDateTime(asked.addSecs(-60))
    recording.keep.click()
    assert recording.isVisible() and "before it was asked" in recording.wrong.plain()
    recording.at.setDateTime(asked.addSecs(3600))
    recording.words.setPlainText("Nobody picked up.")
    recording.keep.click()
    rest(window, qtbot)
    [(args, told)] = door.called("pings.record")
    assert args == (SECOND, "contact-XE-diplomatic") and told["at"] - told["asked_at"] == 3_600_000
    assert (told["outcome"], told["channel"], told["words"]) == ("no reply", "e-mail", "Nobody picked up.")
    row = next(one for one in rounds.model.rows if one.contact == "contact-XE-diplomatic")
    assert row.outcome == "no reply" and row.how == "recorded"


def test_a_correction_is_shown_before_it_is_taken(rounds: RoundsView, door: FakeDoor, window: MainWindow, qtbot: Any) -> None:
    at(rounds, "contact-XC-diplomatic")
    assert not rounds.take.isEnabled()
    at(rounds, "contact-XB-technical")
    assert rounds.take.text() == "Take the correction…"
    rounds.take.click()
    asked = dialog(rounds, Confirm)
    assert "Telephone: " in asked.consequence.plain() and "+41225550199" in asked.consequence.plain()
    assert door.called("pings.take") == []
    asked.do_it.click()
    rest(window, qtbot)
    assert door.called("pings.take") == [((SECOND, "contact-XB-technical"), {})]
    assert door.pings.rows["contact-XB-technical"].first("phone") == "+41225550199"


def test_a_correction_is_told_in_words_and_not_in_codes(rounds: RoundsView) -> None:
    view = rounds.view
    assert view is not None
    changes = {"languages": ("fr", "en"), "category": ("technical",)}
    rows = tuple(replace(one, changes=changes) if one.contact == "contact-XB-technical" else one for one in view.rows)
    rounds.show_round(rounds.heads, replace(view, rows=rows))
    at(rounds, "contact-XB-technical")
    rounds.take.click()
    told = dialog(rounds, Confirm).consequence.plain()
    assert "Languages: French; English" in told and "Category: Technical" in told


def test_what_was_taken_is_not_offered_again(rounds: RoundsView, window: MainWindow, qtbot: Any) -> None:
    view = rounds.view
    assert view is not None
    rows = tuple(replace(one, taken=one.contact == "contact-XB-technical") for one in view.rows)
    rounds.show_round(rounds.heads, replace(view, rows=rows))
    at(rounds, "contact-XB-technical")
    assert not rounds.take.isEnabled() and rounds.take.text() == "Taken into the entry"


def test_a_round_is_closed_after_one_has_read_what_that_means(rounds: RoundsView, door: FakeDoor, window: MainWindow, qtbot: Any) -> None:
    rounds.end.click()
    asked = dialog(rounds, Confirm)
    assert "no reply" in asked.consequence.plain()
    asked.leave.click()
    assert door.called("pings.close") == []
    rounds.end.click()
    dialog(rounds, Confirm).do_it.click()
    rest(window, qtbot)
    assert door.called("pings.close") == [((SECOND,), {})] and not rounds.end.isEnabled()


def test_a_report_goes_where_one_chose(rounds: RoundsView, page: DirectoryPage, door: FakeDoor, window: MainWindow, tmp_path: Path, qtbot: Any) -> None:  # noqa: F811
    assert [one.text() for one in rounds.menu.actions()] == ["Table (CSV)…", "Pages (PDF)…", "For one State only"]
    assert len(rounds.alone.actions()) == 5
    rounds.alone.actions()[0].trigger()
    chooser = dialog(rounds, QFileDialog)
    chooser.reject()
    rounds.save("pdf", "XB", tmp_path / "one.pdf")
    rest(window, qtbot)
    [(args, told)] = door.called("pings.report")
    assert args == (SECOND, "pdf", tmp_path / "one.pdf") and told["state"] == "XB"
    assert "one.pdf" in page.bar.happened.text()
    door.fail("pings.report", Unavailable("file.unwritable"))
    rounds.save("csv", "", tmp_path / "two.csv")
    rest(window, qtbot)
    assert page.bar.property("tone") == "warn"


def test_the_plot_stands_by_name_and_says_every_point(page: DirectoryPage, window: MainWindow, qtbot: Any) -> None:  # noqa: F811
    page.show_tab("reach")
    rest(window, qtbot)
    view = page.reach
    assert [one.id for one in view.model.reach.rounds] == [FIRST, SECOND]
    states = [one.state for one in view.model.reach.tracks]
    assert states == sorted(states)
    spoken = [view.model.data(view.model.index(n, 1), int(Qt.ItemDataRole.AccessibleTextRole)) for n in range(len(states))]
    assert "confirmed late, 9 days" in spoken[1] and "asked outside their hours" in spoken[1] and "public holiday" in spoken[3]
    view.table.setFocus()
    qtbot.keyClick(view.table, K.Key_Left)
    assert view.table.currentIndex().column() == 0
    view.exercises.setChecked(True)
    rest(window, qtbot)
    assert len(view.model.reach.rounds) == 3
    assert "EXERCISE" in view.model.headerData(1, Qt.Orientation.Horizontal)
    qtbot.keyClick(view.table, K.Key_Return)
    rest(window, qtbot)
    assert page.stack.currentWidget() is page.detail


def cell(view: Any, row: int, column: int) -> QImage:
    rect = view.table.visualRect(view.model.index(row, column))
    return view.table.viewport().grab(rect).toImage()


def long_of(image: QImage, colour: str) -> int:
    """Points of a colour in the lane of the bar."""
    wanted = theme.colour(colour).rgb() & 0xFFFFFF
    return sum(image.pixel(x, 12) & 0xFFFFFF == wanted for x in range(image.width()))


def test_bars_are_as_long_as_latencies_and_mirrored(page: DirectoryPage, window: MainWindow, qapp: Any, qtbot: Any) -> None:  # noqa: F811
    heads = tuple(RoundHead(str(n), f"R{n}", "", d.NOW - n, d.NOW, 0, False, "", "", 1, {}) for n in range(5))
    points = tuple(
        Point(str(n), "confirmed" if latency else "no reply", latency, True, "")  # type: ignore[arg-type]
        for n, latency in enumerate((None, 60_000, 3_600_000, 86_400_000, 30 * 86_400_000))
    )
    page.show_tab("reach")
    rest(window, qtbot)
    page.reach.show_reach(Reach(heads, (Track("c", "XB", "Borovia", "Technical", points),)))
    window.resize(1500, 900)
    page.reach.table.setCurrentIndex(page.reach.model.index(0, 0))
    bars = [long_of(cell(page.reach, 0, n), "accent_fill") for n in range(5)]
    assert bars[0] == 0 and 0 < bars[1] < bars[2] < bars[3] < bars[4]
    assert [round(plot.share(one.latency), 2) for one in points] == [0, 0, pytest.approx(0.38, abs=0.02), pytest.approx(0.68, abs=0.02), 1]
    left = cell(page.reach, 0, 4)
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    right = cell(page.reach, 0, 4)
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    first = theme.colour("accent_fill").rgb() & 0xFFFFFF
    starts = [next(x for x in range(image.width()) if image.pixel(x, 12) & 0xFFFFFF == first) for image in (left, right)]
    assert starts[0] < starts[1] and QPoint(starts[0], 0).x() < 10


def test_signs_differ_without_colour(page: DirectoryPage, window: MainWindow, qtbot: Any) -> None:  # noqa: F811
    from valise.domain.ping.rules import OUTCOMES

    heads = tuple(RoundHead(str(n), "R", "", d.NOW, d.NOW, 0, False, "", "", 1, {}) for n in range(len(OUTCOMES)))
    points = tuple(Point(str(n), one, None, True, "") for n, one in enumerate(OUTCOMES))
    page.show_tab("reach")
    rest(window, qtbot)
    page.reach.show_reach(Reach(heads, (Track("c", "XB", "Borovia", "Technical", points),)))
    window.resize(1700, 900)
    page.reach.table.clearSelection()
    grey = [cell(page.reach, 0, n).convertToFormat(QImage.Format.Format_Grayscale8) for n in range(len(OUTCOMES))]
    lanes = [bytes(one.copy(0, 0, 60, 24).constBits()) for one in grey]
    assert len(set(lanes)) == len(OUTCOMES)


def test_a_note_verbale_is_written_for_the_chosen_entry(page: DirectoryPage, door: FakeDoor, window: MainWindow, tmp_path: Path, qtbot: Any) -> None:  # noqa: F811
    page.choose("contact-XB-diplomatic")
    assert not page.detail.nominate.isVisible()  # a State nominates its own
    qtbot.keyClick(page.list, K.Key_V, CTRL | ALT)
    assert page.findChild(Nominating) is None and "another State" in page.bar.happened.text()
    own = "contact-XB-diplomatic"
    door.pings.rows[own] = replace(door.pings.rows[own], way="")
    page.read()
    rest(window, qtbot)
    assert page.detail.nominate.isVisible()
    qtbot.keyClick(page.list, K.Key_V, CTRL | ALT)
    asked = dialog(page, Nominating)
    assert nameless(asked) == [] and not asked.go.isEnabled()
    asked.to.setText("the Secretariat")
    asked.language.setCurrentIndex(asked.language.findData("fr"))
    asked.marking.setCurrentIndex(asked.marking.findData("TLP:GREEN"))
    pressed: list[int] = []
    asked.accepted.connect(lambda: pressed.append(1))
    asked.activateWindow()
    asked.place.setFocus()
    qtbot.waitUntil(asked.place.hasFocus)
    qtbot.keyClick(asked.place, K.Key_Return, CTRL)
    assert pressed == [1]
    for one in page.findChildren(QFileDialog):
        one.reject()
    made = asked.nomination()
    assert (made.contact, made.language, made.to, made.marking) == ("contact-XB-diplomatic", "fr", "the Secretariat", "TLP:GREEN")
    asked.reject()
    page.write_note(made, tmp_path / "note.docx")
    rest(window, qtbot)
    assert door.called("pings.nominate") == [((made, tmp_path / "note.docx"), {})]
    assert "2026/007" in page.bar.happened.text()


def test_cards_go_out_under_a_marking(page: DirectoryPage, door: FakeDoor, window: MainWindow, tmp_path: Path, qtbot: Any) -> None:  # noqa: F811
    qtbot.keyClick(page.list, K.Key_S, CTRL | ALT)
    asked = dialog(page, Saving)
    assert nameless(asked) == [] and asked.marking() == "TLP:AMBER+STRICT" and asked.version() == "4.0"
    asked.reject()
    page.write_cards(["contact-XB-technical"], tmp_path / "c.vcf", "3.0", "TLP:AMBER")
    rest(window, qtbot)
    assert door.called("pings.cards") == [((["contact-XB-technical"], tmp_path / "c.vcf"), {"version": "3.0", "marking": "TLP:AMBER"})]


@pytest.fixture(params=["ar", "en", "es", "fr", "ru", "zh"])
def spoken_in(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[None]:
    language.use(qapp, request.param)
    yield
    language.use(qapp, "en")


def test_fields_of_a_card_are_whole_in_every_language(spoken_in: None, door: FakeDoor, worn: theme.Theme, qtbot: Any, tmp_path: Path) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    made = Taking(parent, door.pings.read_cards(tmp_path / "in.vcf"))
    qtbot.waitExposed(made)
    left = next(item for item in (made.tree.topLevelItem(0).child(n) for n in range(2)) if item.text(2) == "2")
    inner = made.tree.indentation() * 2 + 2 * made.tree.style().pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin, None, made.tree)
    room = made.tree.columnWidth(0) - inner
    assert made.tree.fontMetrics().horizontalAdvance(left.text(0)) <= room
    assert made.tree.columnWidth(0) < made.tree.viewport().width() * 2 // 3
    made.reject()


def test_cards_come_in_after_one_has_seen_what_changes(page: DirectoryPage, door: FakeDoor, window: MainWindow, tmp_path: Path, qtbot: Any) -> None:  # noqa: F811
    page.read_cards(tmp_path / "in.vcf")
    rest(window, qtbot)
    asked = dialog(page, Taking)
    assert nameless(asked) == [] and asked.chosen() == [0, 1] and not asked.go.isEnabled()
    texts = [asked.tree.topLevelItem(n).text(0) for n in range(3)]
    assert "changes an entry" in texts[0] and "<b>New</b> team" in texts[1] and "a new entry" in texts[2]
    third = asked.tree.topLevelItem(2)
    assert not third.flags() & Qt.ItemFlag.ItemIsUserCheckable and "State, Institution" in third.child(1).text(2)
    asked.tree.setCurrentItem(asked.tree.topLevelItem(0))
    assert not asked.write.isEnabled()  # it changes an entry that is there
    asked.source.setText("Note 4/2026")
    assert asked.go.isEnabled()
    asked.go.click()
    rest(window, qtbot)
    assert door.called("pings.take_cards") == [(("token", [0, 1], {1: {"source_document": ["Note 4/2026"]}}), {})]
    door.registers.known["contacts"] = next(one for one in reference.registers() if one.id == "contacts")
    page.read_cards(tmp_path / "in.vcf")
    rest(window, qtbot)
    again = dialog(page, Taking)
    again.tree.setCurrentItem(again.tree.topLevelItem(2))
    again.write.click()
    form = page.writing()
    assert form is not None and form.form is not None and form.form.changes() == {"full_name": ("Somebody",)}
    assert len(door.called("pings.take_cards")) == 1
    form.leave()
    door.fail("pings.read_cards", Refused("vcard.torn"))
    page.read_cards(tmp_path / "bad.vcf")
    rest(window, qtbot)
    assert "not whole" in page.bar.happened.text()
