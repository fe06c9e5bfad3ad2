"""The directory of points of contact in the window: looked at, filtered, copied, changed; its questions answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import fake_data as d
import pytest
from fake_door import FakeDoor
from fake_pings import SECOND, entry
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication
from walk import nameless

from valise.desk import reference
from valise.desk.door_registers import Place
from valise.desk.views import Changes
from valise.domain.errors import NotAllowed
from valise.domain.ping.kinds import ASKED_FIELDS
from valise.ui import actions, theme
from valise.ui.contacts.directory import said
from valise.ui.contacts.directory.asked import Changed
from valise.ui.contacts.directory.both import ContactsScreen
from valise.ui.contacts.directory.page import DirectoryPage
from valise.ui.incidents.banner import ExerciseBanner
from valise.ui.messages.listing import ITEM
from valise.ui.widgets.labels import SafeLabel
from valise.ui.window import MainWindow

K = Qt.Key
CTRL, SHIFT, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
HOSTILE = "<b>bold</b><img src=x> \u202eevil\u202c \x07 & <script>" + "very long " * 60


@pytest.fixture
def screen(window: MainWindow, qtbot: Any) -> ContactsScreen:
    window.go("contacts", "")
    made = window.made("contacts")
    assert isinstance(made, ContactsScreen)
    return made


@pytest.fixture
def page(screen: ContactsScreen, window: MainWindow, qtbot: Any) -> DirectoryPage:
    qtbot.keyClick(screen.list, K.Key_D, CTRL | SHIFT)
    rest(window, qtbot)
    assert screen.looking()
    return screen.directory


def rest(window: MainWindow, qtbot: Any) -> None:
    qtbot.waitUntil(lambda: window.runner.idle)
    QApplication.processEvents()
    qtbot.waitUntil(lambda: window.runner.idle)


def shown(page: DirectoryPage) -> list[str]:
    return [page.rows.index(n).data(ITEM).contact for n in range(page.rows.rowCount())]


def test_the_delegations_stay_in_front_until_one_looks(screen: ContactsScreen, door: FakeDoor) -> None:
    assert screen._directory is None and door.called("pings.entries") == []
    assert screen.pages.currentWidget() is screen.split and screen.which.count() == 2


def test_a_key_shows_the_directory_and_the_same_leads_back(page: DirectoryPage, screen: ContactsScreen, window: MainWindow, qtbot: Any) -> None:
    assert len(shown(page)) == 10 and page.list.hasFocus() and page.stack.currentWidget() is page.detail
    assert nameless(window) == []
    qtbot.keyClick(page.list, K.Key_D, CTRL | SHIFT)
    assert not screen.looking() and screen.list.hasFocus()


def test_every_key_of_the_directory_is_its_own(screen: ContactsScreen) -> None:
    taken = [key.toString() for one in actions.all_specs() if one.screen in ("contacts", "") for key in one.keys]
    assert len(taken) == len(set(taken))
    assert len(screen.acts) == 15 and all(name.startswith("directory.") for name in screen.acts)


def test_an_entry_says_everything(page: DirectoryPage, door: FakeDoor, window: MainWindow, qtbot: Any) -> None:
    door.pings.rows["contact-XB-technical"] = entry(
        "XB", fields={"entry_kind": ("person",), "full_name": (HOSTILE,)}, overdue=True, differs=True, memberships=("OAS", "OSCE")
    )
    page.refresh(Changes(registers=frozenset({"contacts"})))
    rest(window, qtbot)
    page.choose("contact-XB-technical")
    rest(window, qtbot)
    detail = page.detail
    assert detail.clock.plain() == "03:40 there now, Tuesday" and detail.hours.plain() == "outside their hours"
    words = "\n".join(one.plain() for one in detail.findChildren(type(detail.role)))
    for part in ("technical@xb.example", "Mo-Fr 09:00-17:00", "Note verbale 12/2026", "15 January", "OAS, OSCE", "<b>bold</b>"):
        assert part in words, part
    warning = detail.warning.plain()
    assert "names a person only" in warning and "review was due" in warning and "different things" in warning
    assert "\u202e" not in words and "\x07" not in words
    assert nameless(page) == []


def test_copying_uses_the_clipboard_that_forgets(page: DirectoryPage, qtbot: Any, door: FakeDoor, window: MainWindow) -> None:
    page.choose("contact-XB-technical")
    rest(window, qtbot)
    before = len(door.calls)
    qtbot.keyClick(page.list, K.Key_E, CTRL | ALT)
    board = QGuiApplication.clipboard()
    assert board.text() == "technical@xb.example" and board.mimeData().hasFormat("application/x-valise-ours")
    qtbot.keyClick(page.list, K.Key_T, CTRL | ALT)
    assert board.text() == "+41225550100"
    assert "Telephone copied" in page.bar.happened.text()
    copy = next(one for one in page.detail.findChildren(QAbstractButton) if one.property("column") == "email")
    copy.click()
    assert board.text() == "technical@xb.example"
    assert [name for name, _, _ in door.calls[before:]] == []  # nothing is sent, nothing is dialled
    from valise.ui.widgets.clipboard import clipboard

    clipboard().clear()
    assert board.text() == ""


def test_searching_and_filtering(page: DirectoryPage, window: MainWindow, qtbot: Any) -> None:
    def find(words: str) -> list[str]:
        page.search.setText(words)
        rest(window, qtbot)
        return shown(page)

    assert find("borovia diplomatic") == ["contact-XB-diplomatic"]
    assert find("nobody at all") == [] and page.counted.plain() == "0 entries"
    assert len(find("")) == 10
    page.category.setCurrentIndex(page.category.findData("technical"))
    rest(window, qtbot)
    assert len(shown(page)) == 5 and all(one.endswith("technical") for one in shown(page))
    page.attention.setCurrentIndex(1)
    rest(window, qtbot)
    assert "contact-XD-technical" in shown(page) and "contact-XC-technical" not in shown(page)
    page.choose("contact-XC-diplomatic")
    rest(window, qtbot)
    assert len(shown(page)) == 10 and page.entry() is not None and page.entry().contact == "contact-XC-diplomatic"  # type: ignore[union-attr]


def test_an_entry_is_changed_in_the_form_of_its_register(page: DirectoryPage, door: FakeDoor, window: MainWindow, qtbot: Any) -> None:
    door.registers.known["contacts"] = next(one for one in reference.registers() if one.id == "contacts")
    made = door.registers.new_row("contacts", {name: list(values) for name, values in entry("XB").fields.items()})
    door.pings.rows = {made.row: entry("XB", **{"contact": made.row})}
    page.refresh(Changes(registers=frozenset({"contacts"})))
    rest(window, qtbot)
    page.choose(made.row)
    qtbot.keyClick(page.list, K.Key_E, CTRL)
    rest(window, qtbot)
    form = page.form()
    assert page.stack.currentWidget() is form and form.place == Place("contacts", made.row)
    assert not page.left.isVisible()
    form.leave()
    rest(window, qtbot)
    assert page.stack.currentWidget() is page.detail and page.left.isVisible()
    qtbot.keyClick(page.list, K.Key_N, CTRL)
    assert page.stack.currentWidget() is form and form.place == Place("contacts", "")
    form.leave()


def test_questions_are_answered_by_a_click_only(page: DirectoryPage, screen: ContactsScreen, door: FakeDoor, window: MainWindow, qtbot: Any) -> None:
    assert screen.which.tabText(1) == "Points of contact (1)" and page.tabs.tabText(3) == "Asked of us (1)"
    qtbot.keyClick(page.list, K.Key_4, CTRL | ALT)
    rest(window, qtbot)
    card = page.asked.cards[d.ident("ask 1")]
    assert door.called("pings.answer") == []
    assert nameless(page.asked) == []
    card.confirm.click()
    rest(window, qtbot)
    assert door.called("pings.answer") == [((d.ident("ask 1"), "confirmed"), {"changes": {}, "words": ""})]
    assert "Answered" in page.bar.happened.text() and screen.which.tabText(1) == "Points of contact"
    assert "You confirmed it" in page.asked.cards[d.ident("ask 1")].state.plain()


def test_a_question_is_read_in_words_and_an_exercise_is_one(page: DirectoryPage, door: FakeDoor, window: MainWindow, qtbot: Any) -> None:
    question = next(one for one in door.pings.asked if not one.says)
    entry = (("category", ("diplomatic",)), ("languages", ("en", "fr")), *((name, ("x" * 40,)) for name in ("institution", "description")))
    door.pings.asked = [replace(question, exercise=True, entry=entry)]
    page.show_tab("asked")
    rest(window, qtbot)
    card = page.asked.cards[question.id]
    said = [one.plain() for one in card.findChildren(SafeLabel)]
    assert "Diplomatic" in said and "English; French" in said and "diplomatic" not in said and card.exercise.isVisible()
    card.change.click()
    dialog = card.findChild(Changed)
    assert dialog is not None and nameless(dialog) == [] and dialog.findChild(ExerciseBanner).isVisible()
    dialog._fields["languages"][0].setText("French; arabic")
    category = dialog._fields["category"][0]
    assert category.currentText() == "Diplomatic"
    category.setCurrentIndex(category.findData("technical"))
    assert dialog.changes() == {"languages": ["fr", "ar"], "category": ["technical"]}
    dialog.reject()


def test_many_fields_of_a_question_scroll(page: DirectoryPage, door: FakeDoor, window: MainWindow, qtbot: Any) -> None:
    question = next(one for one in door.pings.asked if not one.says)
    door.pings.asked = [replace(question, entry=tuple((name, ("something",)) for name in ASKED_FIELDS))]
    page.show_tab("asked")
    rest(window, qtbot)
    card = page.asked.cards[question.id]
    card.change.click()
    dialog = card.findChild(Changed)
    assert dialog is not None and len(dialog._fields) > 12 and dialog.sizeHint().height() <= 680 and dialog.minimumSizeHint().height() <= 680
    dialog.reject()


def test_rounds_have_the_whole_width_and_the_keyboard_goes_along(page: DirectoryPage, window: MainWindow, qtbot: Any) -> None:
    assert page.left.isVisible() and page.list.hasFocus()
    page.show_tab("rounds")
    rest(window, qtbot)
    assert not page.left.isVisible() and page.rounds.table.hasFocus() and page.list not in page.panes()
    qtbot.keyClick(page.rounds.table, K.Key_F, CTRL)
    assert page.left.isVisible() and page.search.hasFocus()


def test_only_what_differs_is_sent_with_an_answer(page: DirectoryPage, door: FakeDoor, window: MainWindow, qtbot: Any) -> None:
    page.show_tab("asked")
    rest(window, qtbot)
    card = page.asked.cards[d.ident("ask 1")]
    card.change.click()
    dialog = card.findChild(Changed)
    assert dialog is not None and not dialog.send.isEnabled() and nameless(dialog) == []
    dialog._fields["languages"][0].setText("en; fr; ar")
    dialog.words.setText("Arabic since June.")
    dialog.send.click()
    rest(window, qtbot)
    assert door.called("pings.answer")[0] == (
        (d.ident("ask 1"), "changed"), {"changes": {"languages": ["en", "fr", "ar"]}, "words": "Arabic since June."},
    )  # fmt: skip
    told = page.asked.cards[d.ident("ask 1")].told
    assert told.isVisible() and told.plain().split("\n") == ["Languages: English; French; Arabic", "Note: Arabic since June."]
    assert page.asked.cards[d.ident("ask 2")].told.isHidden()  # it said nothing but yes
    page.asked.cards[d.ident("ask 1")].wrong.click()
    wrong = page.asked.cards[d.ident("ask 1")].findChild(Changed)
    assert wrong is not None and wrong.send.isEnabled()
    door.fail("pings.answer", NotAllowed("rights.missing"))
    wrong.send.click()
    rest(window, qtbot)
    assert page.bar.isVisible() and page.bar.happened.text()


def test_what_is_due_leads_here(window: MainWindow, screen: ContactsScreen, door: FakeDoor, qtbot: Any) -> None:
    for ref, at in ((f"round:{SECOND}", "rounds"), (f"ask:{d.ident('ask 1')}", "asked"), ("rounds", "rounds")):
        window.go("contacts", d.delegation("XB"))
        assert not screen.looking()
        window.go("contacts", ref)
        rest(window, qtbot)
        assert screen.looking() and screen.directory.tabs.currentIndex() == ("entry", "rounds", "reach", "asked").index(at)
    window.go("contacts", "contacts/contact-XC-technical")
    rest(window, qtbot)
    assert screen.directory.entry() is not None and screen.directory.detail.name.plain() == "XC Castellan Republic"
    assert [one for one in screen.panes() if one.isVisible()] == screen.panes()


@pytest.mark.parametrize("door", [FakeDoor(empty=True)], ids=["empty"])
def test_an_empty_directory_says_the_next_step(page: DirectoryPage, door: FakeDoor, window: MainWindow, qtbot: Any) -> None:
    assert page.stack.currentWidget() is page.empty
    for tab in ("rounds", "reach", "asked"):
        page.show_tab(tab)
        rest(window, qtbot)
        assert nameless(page) == []
    assert page.rounds.stack.currentWidget() is page.rounds.none and page.reach.stack.currentWidget() is page.reach.none


def test_it_is_read_beside_the_window(page: DirectoryPage, door: FakeDoor) -> None:
    threads = {thread for (name, _, _), thread in zip(door.calls, door.threads, strict=True) if name in ("pings.entries", "pings.questions")}
    assert threads and all(one.startswith("writer") for one in threads)


def test_it_is_painted_in_both_looks_and_mirrored(page: DirectoryPage, worn: theme.Theme, qapp: QApplication) -> None:
    light = page.grab().toImage()
    worn.choose("dark")
    dark = page.grab().toImage()
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    mirrored = page.grab().toImage()
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    assert dark not in (light, mirrored)


def test_words_of_outcomes_and_times(worn: theme.Theme, keep: Callable[..., Any]) -> None:
    from valise.domain.ping.rules import OUTCOMES

    assert len({said.outcome(one) for one in OUTCOMES}) == len({said.ICONS[one] for one in OUTCOMES}) == len(OUTCOMES)
    assert [said.latency(one) for one in (None, 0, 59 * d.MINUTE, 185 * d.MINUTE, 47 * d.HOUR, 9 * d.DAY)] == [
        "", "0 min", "59 min", "3 h 05", "47 h 00", "9 days",
    ]  # fmt: skip
    assert said.there(None) == "no time zone known" and said.working(None) == ""
    assert said.date("2026-01-15") == "15 January 2026" and said.date("soon") == "soon"
    assert said.confirmed(entry("XB")) == "never confirmed"
    assert "by a signed answer" in said.confirmed(entry("XB", confirmed_at=d.NOW, confirmed_how="ping"))
    one = entry("XB", overdue=True, differs=True)
    assert "review is due" in said.spoken(one) and "values differ" in said.spoken(one) and "never asked" in said.spoken(one)
