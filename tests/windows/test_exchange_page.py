"""The page of ways on the fake door: three cards, how each delegation is reached, choosing, testing, what to do next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import fake_data as d
import pytest
from exchange_hands import page_of, rows, spoken, stands
from fake_door import FakeDoor
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QWidget
from walk import controls, name_of, nameless

from valise.desk.door_exchange import Served, Tried, WayView
from valise.desk.views import Changes
from valise.domain.errors import NotAllowed
from valise.ui import actions
from valise.ui.exchange import keys, said
from valise.ui.exchange.courier_export import ExportDialog
from valise.ui.exchange.page import ExchangePage
from valise.ui.widgets.search_palette import SearchPalette
from valise.ui.window import MainWindow

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def page(window: MainWindow) -> ExchangePage:
    return page_of(window)


@pytest.fixture
def bare(worn: Any, qtbot: Any) -> Iterator[MainWindow]:
    """A window on a vault in which nothing is set up and nobody is known."""
    made = MainWindow(FakeDoor(empty=True), periodic=False)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    made.close()
    made.deleteLater()


def exporting() -> ExportDialog:
    return next(one for one in QApplication.topLevelWidgets() if isinstance(one, ExportDialog) and one.isVisible())


# the ways to it


def shown(window: MainWindow) -> bool:
    screen = window.made("settings")
    return window.stack.currentWidget() is screen and screen._ways is not None and screen._ways.isVisible()  # type: ignore[attr-defined]


def test_a_key_the_status_line_the_overview_and_the_search_lead_there(window: MainWindow, qtbot: Any) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F5, CTRL)
    assert shown(window)
    for way in (
        window.status.ways.click,
        window.made("overview").today.choose.click,  # type: ignore[attr-defined]
    ):
        window.made("settings").open_ref("")
        window.show_screen("overview")
        assert not shown(window)
        way()
        assert shown(window)
    window.show_screen("overview")
    window.search()
    palette = next(one for one in window.findChildren(SearchPalette) if one.isVisible())
    palette.box.setText("ways of")
    qtbot.waitUntil(lambda: palette.list.model().rowCount() > 0)
    qtbot.keyClick(palette.box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shown(window))


def test_the_keys_stand_in_the_table_and_are_all_made(page: ExchangePage, window: MainWindow) -> None:
    made = {one.objectName() for widget in (page, *page.findChildren(QWidget)) for one in widget.actions()}
    wanted = {one.id for one in actions.all_specs(keys.SCREEN)}
    assert wanted == made & wanted and len(wanted) == 16
    assert {"go.ways", "courier.export", "courier.take"} <= {one.objectName() for one in window.actions()}


@pytest.mark.parametrize("tab", [0, 1, 2])
@pytest.mark.parametrize("empty", [False, True])
def test_every_control_has_a_name_and_can_be_reached_by_tab(
    window: MainWindow, bare: MainWindow, qtbot: Any, tab: int, empty: bool
) -> None:
    shown_in = bare if empty else window
    shown_in.activateWindow()
    qtbot.waitUntil(shown_in.isActiveWindow)
    page = page_of(shown_in)
    page.tabs.setCurrentIndex(tab)
    assert nameless(shown_in) == []
    wanted = {one for one in controls(page) if one.isVisible() and one.isEnabled() and one is not page}
    assert len(wanted) >= 8 if not empty else 5
    page.leave.setFocus()
    met: set[QWidget] = set()
    for _ in range(80):
        met.add(QApplication.focusWidget())
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        if QApplication.focusWidget() is page.leave:
            break
    assert {name_of(one) for one in wanted - met} == set()


def test_labels_do_not_guess_at_markup(page: ExchangePage, door: FakeDoor, qtbot: Any) -> None:
    door.exchange.way("folder", place="<b>/media/\u202egro.live</b>")
    qtbot.waitUntil(lambda: "live" in page.cards["folder"].place.plain())
    assert "\u202e" not in page.cards["folder"].place.plain()
    assert [one.text() for one in page.findChildren(QLabel) if one.text() and one.textFormat() != Qt.TextFormat.PlainText] == []


# the three cards


NOW = d.NOW


@pytest.mark.parametrize(
    ("view", "words", "lines"),
    [
        (WayView("relay", "", "off"), "Not set up", ["You need the file of an operator.", ""]),
        (WayView("relay", "r.example", "connecting"), "Connecting…", ["No exchange yet", "Nothing waits"]),
        (WayView("relay", "r.example", "ready", "", NOW, NOW, 0, 1), "Works", ["Last exchange", "1 item waits"]),
        (WayView("relay", "r.example", "trouble", "carrier.unreachable", NOW, NOW, NOW + 1, 3), "Cannot be reached",
         ["Last exchange", "Next try"]),
        (WayView("relay", "r.example", "trouble", "relay.untrusted", 0, 0, 0, 3), "In trouble", ["No exchange yet", "3 items wait"]),
        (WayView("folder", "", "off"), "Not set up", ["For laptops that share a drive.", ""]),
        (WayView("courier", "", "ready"), "Always possible", ["No bundle made yet", "Nothing waits"]),
        (WayView("courier", "", "ready", "", NOW), "Always possible", ["Last bundle", "Nothing waits"]),
    ],
)  # fmt: skip
def test_the_state_is_in_words_with_a_sign_of_its_own(view: WayView, words: str, lines: list[str]) -> None:
    assert said.state(view)[0] == words
    assert all(told.startswith(wanted) for told, wanted in zip(said.when(view), lines, strict=True))


def test_each_state_has_another_sign() -> None:
    signs = [said.state(WayView("relay", "x", state))[1] for state in ("ready", "connecting", "trouble", "off")]  # type: ignore[arg-type]
    assert len(set(signs)) == 4


def test_cards_offer_what_can_be_done(page: ExchangePage, bare: MainWindow) -> None:
    assert page.test_relay.isVisible() and page.leave_relay.isVisible() and not page.join.isVisible()
    assert page.drop.isVisible() and page.choose.text() == "Change…"
    none = page_of(bare)
    assert none.join.isVisible() and not none.test_relay.isVisible() and not none.leave_relay.isVisible()
    assert none.choose.text() == "Choose a folder…" and not none.drop.isVisible()
    assert none.bundle.isVisible() and none.take.isVisible()
    assert "No relay is used" in name_of(none.cards["relay"]) or "No relay is used" in none.cards["relay"].accessibleDescription()


def test_a_test_says_what_was_done(page: ExchangePage, door: FakeDoor, qtbot: Any) -> None:
    qtbot.keyClick(page.test_relay, Qt.Key.Key_Space)
    assert not page.test_relay.isEnabled() and page.cards["relay"].progress.isVisible()
    qtbot.waitUntil(page.bar.isVisible)
    assert page.bar.happened.plain() == "The relay works."
    assert page.bar.confidentiality.plain().startswith("Tried just now: it answered, something was written, it was read back")
    assert "2.12.12" in page.bar.todo.plain() and page.bar.property("tone") == "good"
    assert page.test_relay.isEnabled() and not page.cards["relay"].progress.isVisible()
    index = [name for name, _, _ in door.calls].index("exchange.try_way")
    assert door.threads[index] == "aside"  # nothing that is written waits behind it


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("carrier.unreachable", "cannot be reached"), ("carrier.full", "no room left"), ("relay.expired", "has ended"),
        ("relay.refused", "does not accept"), ("relay.old", "too old"), ("relay.untrusted", "cannot prove"), ("relay.proxy", "proxy"),
        ("relay.of_tomorrow", "did not do what it was asked"), ("way.off", "cannot be used now"),
    ],
)  # fmt: skip
def test_a_test_that_does_not_succeed_says_why(page: ExchangePage, door: FakeDoor, qtbot: Any, code: str, words: str) -> None:
    door.exchange.tried["folder"] = Tried(code, 12)
    qtbot.keyClick(page, Qt.Key.Key_T, CTRL | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(page.bar.isVisible)
    assert words in page.bar.happened.plain()
    assert page.bar.property("tone") == ("bad" if code == "relay.untrusted" else "warn")
    assert all(label.plain() for label in (page.bar.confidentiality, page.bar.todo))


def test_a_folder_is_chosen_and_given_up(page: ExchangePage, door: FakeDoor, qtbot: Any, tmp_path: Path) -> None:
    qtbot.keyClick(page, Qt.Key.Key_O, CTRL)
    dialog = page.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(tmp_path))
    dialog.close()
    qtbot.waitUntil(lambda: page.cards["folder"].place.plain() == str(tmp_path))
    qtbot.waitUntil(page.bar.isVisible)
    page.use(tmp_path / "gone")
    qtbot.waitUntil(lambda: "cannot be reached" in page.bar.happened.plain())
    page.drop.click()
    asked = page.dialog
    assert asked is not None
    qtbot.waitUntil(asked.cancel.hasFocus)  # type: ignore[attr-defined]
    asked.do_it.click()  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: page.cards["folder"].view.state == "off")
    qtbot.waitUntil(lambda: not page.drop.isVisible())
    assert door.called("exchange.drop_folder")


# how each is reached


def test_the_table_says_everything_about_everybody(page: ExchangePage) -> None:
    table = page.delegations.table
    assert [one.code for one in rows(table)] == ["XC", "XF", "XG", "XE", "XB", "XD", "XJ", "XA"]
    told = {one.code: stands(table, row) for row, one in enumerate(rows(table))}
    assert told["XE"][0] == "XE / \u2068Eastmark\u2069".replace("XE /", "\u2068XE\u2069 /")
    assert told["XE"][1] == "Courier / chosen by you" and told["XE"][2].startswith("7 items / since")
    assert told["XB"][3] == "On its way, not yet confirmed" and told["XB"][1] == "Relay / automatic"
    assert told["XF"][1] == "None / automatic" and told["XF"][3] == "Nothing reaches it"
    assert told["XG"][1] == "Relay, Folder / automatic" and told["XG"][3] == "The permission has ended"
    assert told["XC"][3] == "Stopped until you decide" and told["XC"][2].startswith("1 item /")
    assert told["XJ"][2] == "–" and told["XJ"][3] == "Nothing waits"
    assert "our other laptops" in told["XA"][0]
    assert "never" in told["XF"][4]


def test_a_row_is_read_aloud_whole_and_a_cell_with_its_heading(page: ExchangePage) -> None:
    table = page.delegations.table
    told = spoken(table, 1)
    assert told.startswith("XF Freeland Islands; None, automatic; Nothing reaches it; waiting: 3, since 27 November")
    assert told.endswith("; last heard never")
    assert spoken(table, 1, 3) == "Why: Nothing reaches it"
    assert said.why(rows(table)[0])[1] != said.why(rows(table)[1])[1], "not by colour alone"


@pytest.mark.parametrize(("key", "way"), [(Qt.Key.Key_R, "relay"), (Qt.Key.Key_F, "folder"), (Qt.Key.Key_C, "courier")])
def test_a_key_chooses_the_way_for_one_delegation(page: ExchangePage, door: FakeDoor, qtbot: Any, key: Qt.Key, way: str) -> None:
    table = page.delegations.table
    page.delegations.at(d.delegation("XB"))
    table.setFocus()
    qtbot.keyClick(table, key)
    qtbot.waitUntil(lambda: table.row().chosen == way)
    assert table.row().code == "XB" and door.called("exchange.choose") == [((d.delegation("XB"), way), {})]
    qtbot.keyClick(table, Qt.Key.Key_A)
    qtbot.waitUntil(lambda: table.row().chosen == "")
    index = [name for name, _, _ in door.calls].index("exchange.choose")
    assert door.threads[index].startswith("writer")


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_the_menu_offers_only_what_is_possible(page: ExchangePage, door: FakeDoor, qtbot: Any) -> None:
    table = page.delegations.table
    page.delegations.at(d.delegation("XE"))
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Return)
    menu = page.delegations.menu
    assert menu is not None and menu.isVisible() and name_of(menu) == "Way for \u2068Eastmark\u2069"
    offered = {one.text(): (one.isEnabled(), one.isChecked()) for one in menu.actions()}
    assert offered == {"Automatic": (True, False), "By the relay only": (False, False), "By the folder only": (True, False),
                       "By courier only": (True, True)}  # fmt: skip
    assert [one.shortcut().toString() for one in menu.actions()] == ["A", "R", "F", "C"]
    menu.actions()[2].trigger()
    menu.close()
    qtbot.waitUntil(lambda: table.row().chosen == "folder")
    qtbot.keyClick(table, Qt.Key.Key_R)  # not possible for it
    assert len(door.called("exchange.choose")) == 1


def test_a_choice_that_became_impossible_is_told(page: ExchangePage, door: FakeDoor, qtbot: Any) -> None:
    page.delegations.at(d.delegation("XB"))
    door.fail("exchange.choose", NotAllowed("way.impossible"))
    page.delegations.choose_way("folder")
    qtbot.waitUntil(page.bar.isVisible)
    assert "cannot be reached in that way" in page.bar.happened.plain()


@pytest.mark.parametrize(
    ("code", "what", "todo", "step"),
    [
        ("XF", "No way leads to", "Take what waits by courier", "Make a bundle…"),
        ("XG", "The permission to use the relay has ended. What is for", "tried again by itself", "Make a bundle…"),
        ("XE", "for the next bundle", "Make a bundle", "Make a bundle…"),
        ("XB", "has not confirmed it yet", "Nothing to do", ""),
        ("XC", "sending is stopped", "under Contacts", "Go to Contacts"),
        ("XJ", "has confirmed everything", "", ""),
    ],
)
def test_each_says_what_is_so_and_what_to_do(page: ExchangePage, code: str, what: str, todo: str, step: str) -> None:
    pane = page.delegations
    pane.at(d.delegation(code))
    assert what in pane.what.plain() and todo in pane.todo.plain()
    assert pane.step.isVisible() == bool(step) and pane.step.text() == step


def test_the_next_step_is_one_press_away(page: ExchangePage, window: MainWindow, qtbot: Any) -> None:
    page.delegations.at(d.delegation("XF"))
    qtbot.keyClick(page.delegations.step, Qt.Key.Key_Return)
    box = exporting()
    assert [one.code for one in box.chosen()] == ["XF"]
    box.reject()
    page.delegations.at(d.delegation("XC"))
    page.delegations.step.click()
    assert window.stack.currentWidget() is window.made("contacts")


# trouble


def test_a_relay_out_of_reach_offers_the_courier_for_those_it_serves(page: ExchangePage, door: FakeDoor, qtbot: Any) -> None:
    assert not page.trouble.isVisible()
    door.exchange.way("relay", state="trouble", problem="carrier.unreachable", last_fetch=NOW - d.HOUR, last_put=0)
    qtbot.waitUntil(page.trouble.isVisible)
    assert page.trouble.happened.plain().startswith("The relay cannot be reached since ")
    assert page.trouble.todo.plain() == "What waits is kept. You can take it by courier."
    page.trouble.step().click()  # type: ignore[union-attr]
    box = exporting()
    assert {one.code for one in box.chosen()} == {"XB", "XG"}  # XC is served by it too, but no bundle is made while it is stopped
    box.reject()


def test_a_notice_that_was_closed_stays_closed_until_something_else_is_wrong(page: ExchangePage, door: FakeDoor, qtbot: Any) -> None:
    door.exchange.way("relay", state="trouble", problem="carrier.unreachable")
    qtbot.waitUntil(page.trouble.isVisible)
    page.trouble.dismiss.click()
    door.exchange.way("relay", waiting=9)
    qtbot.waitUntil(lambda: page.cards["relay"].view.waiting == 9)
    assert not page.trouble.isVisible()
    door.exchange.way("relay", problem="relay.refused")
    qtbot.waitUntil(page.trouble.isVisible)
    door.exchange.way("relay", state="ready", problem="")
    qtbot.waitUntil(lambda: not page.trouble.isVisible())
    door.exchange.way("relay", state="trouble", problem="relay.refused")
    qtbot.waitUntil(page.trouble.isVisible)


def test_never_reached_is_not_said_with_a_time() -> None:
    assert said.trouble(WayView("relay", "r", "trouble", "carrier.unreachable")) == "The relay could not be reached yet."
    assert said.trouble(WayView("folder", "/x", "trouble", "carrier.unreachable")) == "The exchange folder could not be reached yet."
    assert said.trouble(WayView("folder", "/x", "ready")) == ""


# refreshing


def test_it_follows_changes_and_one_stays_where_one_is(page: ExchangePage, window: MainWindow, door: FakeDoor, qtbot: Any) -> None:
    page.delegations.at(d.delegation("XD"))
    one = door.exchange.rows[d.delegation("XD")]
    door.exchange.rows[d.delegation("XD")] = replace(one, waiting=0, why="", oldest=0)
    door.exchange.rows[d.delegation("XM")] = Served(d.delegation("XM"), "XM", "Meridia", (), "", ("courier",))
    door.touch(Changes(status=True))
    qtbot.waitUntil(lambda: page.delegations.table.row().waiting == 0)
    assert page.delegations.table.row().code == "XD"
    assert "XM" in [one.code for one in rows(page.delegations.table)]


def test_nothing_is_asked_for_while_it_is_not_shown(page: ExchangePage, window: MainWindow, door: FakeDoor, qtbot: Any) -> None:
    window.show_screen("overview")
    before = len(door.called("exchange.served"))
    with qtbot.waitSignal(window.runner.changed):
        door.touch(Changes(status=True))
    assert len(door.called("exchange.served")) == before
    window.go("settings", "exchange")
    assert len(door.called("exchange.served")) == before + 1


def test_a_due_leads_to_the_delegation_or_the_permissions(window: MainWindow) -> None:
    page = page_of(window, f"exchange:{d.delegation('XE')}")
    assert page.delegations.table.row().code == "XE" and page.delegations.table.hasFocus()
    assert page_of(window, "relay").tabs.currentWidget() is page.grants
    assert page_of(window, "exchange:addresses").tabs.currentWidget() is page.addresses
    page_of(window, "exchange:nobody")
    assert page.tabs.currentWidget() is page.delegations


def test_nothing_known_says_the_next_step(bare: MainWindow) -> None:
    page = page_of(bare)
    step = page.delegations.none.step
    assert step is not None and step.hasFocus()
    step.click()
    assert bare.stack.currentWidget() is bare.made("contacts")


def test_it_mirrors_and_cards_stand_under_one_another_where_it_is_narrow(
    window: MainWindow, right_to_left: None, qtbot: Any
) -> None:
    page = page_of(window)

    def middle(one: QWidget) -> int:
        return one.mapTo(page, one.rect().center()).x()

    window.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    qtbot.waitUntil(lambda: middle(page.cards["relay"]) > middle(page.cards["courier"]))
    header = page.delegations.table.horizontalHeader()
    assert header.sectionViewportPosition(0) > header.sectionViewportPosition(3)
    window.resize(860, 560)
    QApplication.processEvents()
    for card in page.cards.values():
        assert card.state.width() >= card.state.sizeHint().width(), "the state is never cut"
        assert all(one.width() >= one.sizeHint().width() for one in card.buttons if one.isVisible())
    assert page.delegations.table.isColumnHidden(4)


def test_what_is_counted_over_every_room_is_read_beside_the_window(window: MainWindow, door: FakeDoor, page: ExchangePage, qtbot: Any) -> None:
    door.exchange.way("relay", waiting=9)
    qtbot.waitUntil(lambda: window.runner.idle)
    names = ("exchange.ways", "exchange.served")
    threads = {door.threads[n][:6] for n, (name, _, _) in enumerate(door.calls) if name in names}
    assert {name for name, _, _ in door.calls} >= set(names) and threads == {"writer"}
