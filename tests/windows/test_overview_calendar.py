"""The calendar of the overview on the fake door: month, agenda, keys, both directions, files out and in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import fake_today as ft
import pytest
from fake_door import FakeDoor
from PySide6.QtCore import QDate, QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from valise.desk.door_registers import Fault
from valise.domain.errors import Refused
from valise.ui import actions, language, theme
from valise.ui.overview import OverviewScreen, agenda, keys, terms
from valise.ui.overview.calendar import CalendarPage
from valise.ui.overview.month import MonthGrid
from valise.ui.overview.taking import TakeDialog
from valise.ui.tasks import Runner

DAY = QDate(2026, 12, 8)


@pytest.fixture
def runner(qapp: QApplication) -> Iterator[Runner]:
    theme.install(qapp, "light")
    made = Runner()
    yield made
    made.close()


@pytest.fixture
def door() -> FakeDoor:
    return FakeDoor()


@pytest.fixture
def screen(qtbot: QtBot, door: FakeDoor, runner: Runner) -> OverviewScreen:
    made = OverviewScreen(door, runner)
    qtbot.addWidget(made)
    made.resize(1200, 860)
    made.show()
    qtbot.waitExposed(made)
    made.calendar.month.today = DAY
    made.open_ref("calendar:2026-12-08")
    qtbot.waitUntil(lambda: bool(made.calendar.dates))
    return made


@pytest.fixture
def page(screen: OverviewScreen) -> CalendarPage:
    return screen.calendar


def rows(page: CalendarPage) -> list[str]:
    model = page.agenda.rows
    said = (str(model.data(model.index(n), Qt.ItemDataRole.AccessibleTextRole)) for n in range(model.rowCount()))
    return [one.replace("\u2068", "").replace("\u2069", "") for one in said]


def test_the_month_and_its_agenda_show_the_same(page: CalendarPage) -> None:
    assert page.name.plain() == "December 2026"
    assert len(page.month.held(DAY)) == 3
    assert [one.title for one in page.month.held(DAY.addDays(3))] == ["Plenary of the Global Mechanism"]  # it goes on
    assert rows(page) == [
        "1 Dec: Plenary of the Global Mechanism, Deadline · Registration until · New York",
        "8 Dec, 15:30 UTC: Call with Borovia on the directory, Consultation · Geneva · TLP:AMBER",
        "8–11 Dec: Plenary of the Global Mechanism, Event · New York",
        "8 Dec, 18:00 UTC: Draft decision on points of contact, Silence ends",
        "10 Dec: XD · 13 (f), Review · assessed by us, internal",
        "10 Dec: Call with Borovia on the directory, Deadline · Follow-up due · done",
    ]
    assert page.agenda.currentIndex().row() == 1  # of the chosen day


@pytest.mark.parametrize(("key", "day"), [
    (Qt.Key.Key_Right, QDate(2026, 12, 9)), (Qt.Key.Key_Left, QDate(2026, 12, 7)), (Qt.Key.Key_Down, QDate(2026, 12, 15)),
    (Qt.Key.Key_Up, QDate(2026, 12, 1)), (Qt.Key.Key_PageDown, QDate(2027, 1, 8)), (Qt.Key.Key_PageUp, QDate(2026, 11, 8)),
])  # fmt: skip
def test_keys(page: CalendarPage, qtbot: QtBot, key: Qt.Key, day: QDate) -> None:
    page.month.setFocus()
    qtbot.keyClick(page.month, key)
    assert page.month.day == day
    qtbot.keyClick(page.month, Qt.Key.Key_Home)
    assert page.month.day == DAY


def test_another_month_is_asked_for(page: CalendarPage, qtbot: QtBot, runner: Runner) -> None:
    page.on.click()
    assert page.name.plain() == "January 2027"
    qtbot.waitUntil(lambda: runner.idle and page.none.isVisible())
    assert page.shown() == []
    with qtbot.waitSignal(page.go) as went:  # an empty month says what to do
        page.none.step.click()
    assert went.args == ["registers", "events"] and page.none.step.text() == "Note an event"
    page.sorts.setCurrentIndex(1)
    page.none.step.click()
    assert page.sorts.currentData() == ""
    page.home.click()
    qtbot.waitUntil(lambda: len(rows(page)) == 6)


def test_a_day_is_said_aloud_with_what_it_holds(page: CalendarPage, qtbot: QtBot) -> None:
    name = QAccessible.queryAccessibleInterface(page.month).text(QAccessible.Text.Name)
    assert name.startswith("Tuesday 8 December 2026, today: Consultation:")
    page.month.setFocus()
    qtbot.keyClick(page.month, Qt.Key.Key_Left)
    assert QAccessible.queryAccessibleInterface(page.month).text(QAccessible.Text.Name) == "Monday 7 December 2026: nothing"


def test_enter_leads_to_the_agenda_and_from_there_to_the_thing(screen: OverviewScreen, qtbot: QtBot) -> None:
    page = screen.calendar
    page.month.setFocus()
    qtbot.keyClick(page.month, Qt.Key.Key_Return)
    assert page.agenda.hasFocus()
    with qtbot.waitSignal(screen.go) as went:
        qtbot.keyClick(page.agenda, Qt.Key.Key_Return)
    assert went.args == ["registers", "consultations/stated//b1"]


def test_a_click_chooses_a_day(page: CalendarPage, qtbot: QtBot) -> None:
    spot = next(page.month.place(n // 7, n % 7) for n in range(42) if page.month.first().addDays(n) == DAY.addDays(9))
    qtbot.mouseClick(page.month, Qt.MouseButton.LeftButton, pos=spot.center())
    assert page.month.day == DAY.addDays(9)
    qtbot.mouseClick(page.month, Qt.MouseButton.LeftButton, pos=QPoint(5, 2))  # the heads of the columns
    assert page.month.day == DAY.addDays(9)


def test_it_is_mirrored_where_one_reads_from_the_right(qtbot: QtBot, runner: Runner) -> None:
    month = MonthGrid(DAY)
    qtbot.addWidget(month)
    month.resize(700, 500)
    left = month.place(0, 0)
    month.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert month.place(0, 0).left() == 700 - left.width() and left.left() == 0
    month.show()
    month.setFocus()
    qtbot.keyClick(month, Qt.Key.Key_Left)  # the next day stands at the left
    assert month.day == DAY.addDays(1)
    assert not month.grab().isNull()


def test_only_one_sort(page: CalendarPage) -> None:
    page.sorts.setCurrentIndex(page.sorts.findData("deadline"))
    assert {one.sort for one in page.shown()} == {"deadline"} and len(rows(page)) == 2
    assert [one.sort for one in page.month.held(DAY)] == []


def test_every_sort_has_a_sign_and_a_word(qapp: QApplication) -> None:
    assert len({terms.sort(one.sort)[1] for one in ft.DATES}) == len({one.sort for one in ft.DATES})
    assert all(agenda.about(one) for one in ft.DATES)


def test_export_writes_what_is_shown(page: CalendarPage, door: FakeDoor, qtbot: QtBot, runner: Runner, tmp_path: Path) -> None:
    page.sorts.setCurrentIndex(page.sorts.findData("deadline"))
    page.write(page.shown(), page.month.title(), tmp_path / "a.ics")
    qtbot.waitUntil(lambda: runner.idle)
    (call,) = [one for one in door.calls if one[0] == "today.export"]
    assert [one.uid for one in call[1][0]] == ["1@valise", "6@valise"] and call[1][1] == "December 2026"
    qtbot.waitUntil(lambda: page.said.plain() == "Dates written: 2.")


def test_an_export_says_how_many_internal_dates_stayed(page: CalendarPage, door: FakeDoor, qtbot: QtBot, runner: Runner, tmp_path: Path) -> None:
    kept = sum(one.internal for one in page.shown())
    assert kept == 1
    page.write(page.shown(), page.month.title(), tmp_path / "a.ics")
    qtbot.waitUntil(lambda: page.said.plain().endswith("1 internal date was left out."))
    page.dates = [one for one in page.dates if one.internal]
    page.export()  # asks for no place where nothing would be written
    assert page.said.plain().startswith("Every date of this month is internal") and not hasattr(page, "dialog")


def test_an_export_that_fails_says_so(screen: OverviewScreen, door: FakeDoor, qtbot: QtBot, runner: Runner, tmp_path: Path) -> None:
    door.fail("today.export", Refused("ics.long"))
    screen.calendar.write(screen.calendar.shown(), "x", tmp_path / "a.ics")
    qtbot.waitUntil(screen.notice_bar.isVisible)
    assert "20,000 characters" in screen.notice_bar.happened.plain()


def taking(page: CalendarPage, qtbot: QtBot, runner: Runner) -> TakeDialog:
    page.take()
    dialog = page.dialog
    assert isinstance(dialog, TakeDialog)
    dialog.take_file(Path("calendar.ics"))
    qtbot.waitUntil(lambda: runner.idle and dialog.preview is not None)
    return dialog


def test_nothing_is_taken_before_it_was_shown(page: CalendarPage, door: FakeDoor, qtbot: QtBot, runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[str] = []
    monkeypatch.setattr(door.registers, "take", lambda token: (taken.append(token), 2)[1])
    dialog = taking(page, qtbot, runner)
    assert dialog.told.plain() == "New rows: 1. Changed fields: 1. Unchanged: 1."
    assert dialog.list.count() == 2 and taken == []
    with qtbot.waitSignal(dialog.taken):
        dialog.go.click()
    assert taken == ["t1"]
    assert page.said.plain() == "Entries taken in: 2."


def test_an_ampersand_of_a_register_is_no_key(page: CalendarPage, qtbot: QtBot, runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terms, "register", lambda _name: "Q & A")
    one = taking(page, qtbot, runner).into.button(0)
    assert "Q && A" in one.text() and one.accessibleName() == "Q & A" and one.shortcut().isEmpty()
    page.dialog.reject()


def test_what_is_not_taken_as_it_stands_is_said_before(page: CalendarPage, door: FakeDoor, qtbot: QtBot, runner: Runner) -> None:
    dialog = taking(page, qtbot, runner)
    assert not dialog.less.isVisible()
    dialog.reject()
    door.today.preview = replace(door.today.preview, series=2, floating=1, whole_days=1)
    dialog = taking(page, qtbot, runner)
    assert dialog.less.isVisible() and dialog.less.plain().count("\n") == 2
    assert dialog.less.plain().startswith("Entries that repeat: 2.")
    dialog.reject()


def test_a_date_says_of_which_register_it_is(page: CalendarPage) -> None:
    one = replace(ft.DATES[0], sort="date", what="Date", ref="correspondence/stated//a", place="", marking="", settled=False, internal=False)
    assert agenda.about(one).replace("\u2068", "").replace("\u2069", "").endswith("orrespondence · Date")


def test_days_of_one_month_are_short_in_every_order_of_day_and_month(qapp: QApplication) -> None:
    one = replace(ft.DATES[0], first="2026-12-07", last="2026-12-11")
    said = []
    for spoken in ("zh", "en"):
        language.use(qapp, spoken)
        said += [agenda.shown_day(one), agenda.shown_day(replace(one, first="2026-11-30"))]
    assert said == ["12月7–11日", "11月30日 – 12月11日", "7–11 Dec", "30 Nov – 11 Dec"]


def test_a_file_with_faults_cannot_be_taken(page: CalendarPage, door: FakeDoor, qtbot: QtBot, runner: Runner) -> None:
    door.today.preview = replace(door.today.preview, changes=(), faults=(Fault(3, "Date", "ics.date", "x"),), total_changes=0, total_faults=1)
    dialog = taking(page, qtbot, runner)
    assert not dialog.go.isEnabled() and "places to mend: 1" in dialog.told.plain()
    assert dialog.list.item(0).text().replace("\u2068", "").replace("\u2069", "").startswith("Entry 2, Date: An entry of the calendar has no date")
    dialog.reject()


def test_another_register_is_looked_at_anew(page: CalendarPage, door: FakeDoor, qtbot: QtBot, runner: Runner) -> None:
    dialog = taking(page, qtbot, runner)
    dialog.into.button(1).click()
    qtbot.waitUntil(lambda: runner.idle and dialog.preview is not None)
    assert [call[1][0] for call in door.calls if call[0] == "today.read"] == ["consultations", "events"]
    dialog.reject()


def test_a_file_that_is_no_calendar(page: CalendarPage, door: FakeDoor, qtbot: QtBot, runner: Runner) -> None:
    door.fail("today.read", Refused("ics.unknown"))
    page.take()
    dialog = page.dialog
    assert isinstance(dialog, QDialog) and isinstance(dialog, TakeDialog)
    dialog.take_file(Path("a.ics"))
    qtbot.waitUntil(dialog.notice.isVisible)
    assert not dialog.go.isEnabled() and dialog.preview is None
    dialog.reject()


def test_keys_of_the_screen_are_declared(screen: OverviewScreen) -> None:
    have = {one.objectName() for one in screen.actions()}
    assert {keys.TODAY, keys.CALENDAR, keys.EXPORT, keys.IMPORT} <= have
    assert all(actions.spec(name).shortcut for name in (keys.TODAY, keys.CALENDAR, keys.EXPORT, keys.IMPORT))


def test_every_control_has_a_name(screen: OverviewScreen) -> None:
    for one in screen.findChildren(QWidget):
        if one.focusPolicy() != Qt.FocusPolicy.NoFocus and one.isVisible():
            assert QAccessible.queryAccessibleInterface(one).text(QAccessible.Text.Name), type(one).__name__
