"""The main window: sidebar, screens, status line, search, keys, notices, mirrored and named throughout."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import fake_data as d
import pytest
from fake_door import FakeDoor
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from walk import name_of, nameless

from valise.desk.door_exchange import WayView
from valise.desk.views import Changes, ExchangeStatus
from valise.domain.errors import NotAllowed, Refused, Unavailable
from valise.ui import actions, screens, theme
from valise.ui.actions import ActionSpec
from valise.ui.screens import Screen
from valise.ui.widgets.keys_page import KeysPage
from valise.ui.widgets.search_palette import SearchPalette
from valise.ui.widgets.sidebar import NavButton
from valise.ui.widgets.statusline import StatusLine
from valise.ui.window import MainWindow

Keep = Callable[[QWidget], Any]
CTRL = Qt.KeyboardModifier.ControlModifier
ALL = [one.name for one in screens.shown()]


def test_the_sidebar_has_the_order_and_numbers_of_the_house(window: MainWindow) -> None:
    assert ALL == ["overview", "texts", "commitments", "contacts", "messages", "incidents", "library", "registers", "settings", "security"]
    assert list(window.sidebar.buttons) == ALL
    numbers = {one.name: one.number for one in screens.ENTRIES}
    assert [numbers[one] for one in ALL] == [1, 2, 3, 4, 5, 6, 7, 8, 9, 0]
    for one in screens.ENTRIES:
        assert actions.spec(f"go.{one.name}").shortcut == f"Ctrl+{one.number}"


@pytest.mark.parametrize(
    ("number", "name"),
    [(1, "overview"), (2, "texts"), (3, "commitments"), (4, "contacts"), (5, "messages"), (6, "incidents"), (7, "library"),
     (8, "registers"), (9, "settings"), (0, "security")],
)
def test_every_screen_opens_by_its_key_with_the_keyboard_inside(
    window: MainWindow, qtbot: Any, number: int, name: str
) -> None:
    qtbot.keyClick(window, Qt.Key.Key_0 + number, CTRL)
    assert window.stack.currentWidget() is window.made(name)
    assert window.sidebar.buttons[name].isChecked()
    focus = QApplication.focusWidget()
    assert focus is not None
    assert window.made(name).isAncestorOf(focus) or focus is window.made(name)


@pytest.mark.parametrize("name", ALL)
def test_every_control_of_every_screen_has_a_name(window: MainWindow, name: str) -> None:
    window.show_screen(name)
    assert nameless(window) == []


@pytest.mark.parametrize("name", ALL)
def test_no_label_of_any_screen_guesses_at_markup(window: MainWindow, name: str) -> None:
    window.show_screen(name)
    guessing = [
        one.text() for one in window.findChildren(QLabel) if one.text() and one.textFormat() != Qt.TextFormat.PlainText
    ]
    assert guessing == []


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("dark", [False, True])
def test_every_screen_paints_in_both_palettes_and_both_directions(
    window: MainWindow, worn: theme.Theme, name: str, dark: bool
) -> None:
    worn.choose("dark" if dark else "light")
    window.show_screen(name)
    plain = window.grab().toImage()
    window.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    QApplication.processEvents()
    mirrored = window.grab().toImage()
    side = theme.colour("sidebar")
    assert plain.pixelColor(100, 700) == side
    assert mirrored.pixelColor(window.width() - 100, 700) == side
    assert plain != mirrored


def test_the_painted_sidebar_is_the_mirror_image_of_itself(window: MainWindow, worn: theme.Theme) -> None:
    button = window.sidebar.buttons["texts"]
    button.set_count(0)
    icon_there = button.grab().toImage().copy(8, 0, 30, 38)
    button.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    mirrored = button.grab().toImage().copy(button.width() - 38, 0, 30, 38)
    button.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    ground = theme.colour("sidebar")
    inked = sum(icon_there.pixelColor(x, y) != ground for x in range(30) for y in range(38))
    again = sum(mirrored.pixelColor(x, y) != ground for x in range(30) for y in range(38))
    assert inked == again > 20


def test_screens_are_made_when_first_shown(window: MainWindow) -> None:
    assert set(window._screens) == {"overview"}
    window.show_screen("settings")
    assert set(window._screens) == {"overview", "settings"}
    with pytest.raises(KeyError):
        window.made("nowhere")


def test_counts_say_where_a_person_must_act(window: MainWindow, door: FakeDoor, qtbot: Any) -> None:
    buttons = window.sidebar.buttons
    qtbot.waitUntil(lambda: window.runner.idle)
    assert {name: one.count for name, one in buttons.items()} == {
        "overview": 4, "texts": 9, "commitments": 0, "contacts": 2, "messages": 2, "incidents": 0, "library": 0, "registers": 0, "settings": 0,
        "security": 0,
    }  # fmt: skip
    assert "2" in name_of(buttons["contacts"])
    door.contacts.rows.clear()
    door.empty = True
    with qtbot.waitSignal(window.runner.changed):
        door.touch(Changes(status=True))
    qtbot.waitUntil(lambda: all(one.count == 0 for one in buttons.values()))
    assert name_of(buttons["contacts"]) == "Contacts"


class Probe(Screen):
    """A screen of the test's own, to see what the window does with one."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.seen: list[Changes] = []
        self.did: list[str] = []

    def refresh(self, changes: Changes) -> None:
        self.seen.append(changes)

    def open_ref(self, ref: str) -> None:
        self.did.append(f"open {ref}")

    def new(self) -> None:
        self.did.append("new")

    def find(self) -> None:
        self.did.append("find")


@pytest.fixture
def probe(monkeypatch: pytest.MonkeyPatch, worn: theme.Theme) -> Iterator[None]:
    monkeypatch.setattr(screens, "load", lambda _entry: Probe)
    yield


def test_what_changed_reaches_the_screens_once_per_command(
    probe: None, window: MainWindow, door: FakeDoor, qtbot: Any
) -> None:
    one = window.made("overview")
    one.seen.clear()
    with qtbot.waitSignal(window.runner.changed):
        window.runner.run(lambda: door.texts.agree(d.TEXT, door.texts.rows[d.TEXT].held[3].id))
    assert one.seen == [Changes(texts=frozenset({d.TEXT}), status=True)]


def test_the_common_keys_reach_the_screen(probe: None, window: MainWindow, qtbot: Any) -> None:
    window.show_screen("texts", focus=True)
    qtbot.keyClick(window, Qt.Key.Key_N, CTRL)
    qtbot.keyClick(window, Qt.Key.Key_F, CTRL)
    window.made("texts").go.emit("contacts", "someone")
    assert window.made("texts").did == ["new", "find"]
    assert window.made("contacts").did == ["open someone"]
    assert window.stack.currentWidget() is window.made("contacts")
    window.made("texts").count.emit(7)
    assert window.sidebar.buttons["texts"].count == 7
    window.made("texts").notice.emit(Refused("card.torn"))
    assert window.notice.isVisible()


@pytest.mark.parametrize("name", ALL)
def test_f6_goes_round_all_panes_and_back(window: MainWindow, qtbot: Any, name: str) -> None:
    window.show_screen(name)
    window.sidebar.focus()
    places = [one for one in window.made(name).panes() if one.isVisible()]
    assert places
    visited = []
    for _ in range(len(places)):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_F6)
        focus = QApplication.focusWidget()
        visited.append(next((n for n, one in enumerate(places) if one is focus or one.isAncestorOf(focus)), -1))
    assert visited == list(range(len(places)))
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_F6)
    assert isinstance(QApplication.focusWidget(), NavButton)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    focus = QApplication.focusWidget()
    assert places[-1] is focus or places[-1].isAncestorOf(focus)


# the status line


NONE = ExchangeStatus("", "", False, "", 0, 0, 0, 0)
GOOD = ExchangeStatus("folder", "/x", True, "", 4, 1, d.NOW - 6 * d.MINUTE, d.NOW)
RELAY, FOLDER, COURIER = WayView("relay", "relay.example", "ready"), WayView("folder", "/x", "ready"), WayView("courier", "", "ready")
OFF = (WayView("relay", "", "off"), WayView("folder", "", "off"), COURIER)


def line(keep: Keep, status: ExchangeStatus, ways: Sequence[WayView] = (OFF[0], FOLDER, COURIER)) -> str:
    shown = keep(StatusLine())
    shown.show_status(status, ways, d.NOW)
    return str(shown.exchange.plain())


def test_the_status_line_is_true(keep: Keep) -> None:
    assert "only on this device" in line(keep, NONE, OFF)
    assert "connected" not in line(keep, NONE, OFF)
    said = line(keep, GOOD)
    assert "connected" in said
    assert "waiting to be delivered: 4" in said
    assert "not yet readable: 1" in said
    assert "last exchange 15:54 UTC" in said
    gone = replace(FOLDER, state="trouble", problem="carrier.unreachable")
    said = line(keep, replace(GOOD, reachable=False, problem="carrier.unreachable", waiting=0, sealed_waiting=0), (OFF[0], gone, COURIER))
    assert "not reachable" in said
    assert "stays sealed" in said
    assert "nothing waiting" in said
    said = line(keep, replace(GOOD, problem="carrier.full"))
    assert "trouble" in said
    assert "never" in line(keep, replace(GOOD, last_exchange=0))


@pytest.mark.parametrize(
    ("relay", "folder", "words"),
    [
        ("ready", "ready", "Relay and exchange folder connected"), ("ready", "off", "Relay connected"),
        ("trouble", "ready", "Relay not reachable, folder connected"), ("ready", "trouble", "Exchange folder not reachable, relay connected"),
        ("trouble", "trouble", "Relay and exchange folder not reachable, everything stays sealed on this device"),
        ("connecting", "off", "Connecting to the relay…"), ("connecting", "ready", "Exchange folder connected"),
        ("connecting", "trouble", "Exchange folder not reachable, connecting to the relay"),
        ("off", "off", "Sealed, only on this device: no relay and no folder is set"),
    ],
)  # fmt: skip
def test_the_status_line_speaks_of_several_ways(keep: Keep, relay: str, folder: str, words: str) -> None:
    ways = (replace(RELAY, state=relay), replace(FOLDER, state=folder), COURIER)
    assert line(keep, GOOD, ways).split("  ·  ")[0] == words


def test_the_status_line_counts_down_to_the_lock(keep: Keep) -> None:
    shown = keep(StatusLine())
    shown.show_lock(292)
    assert shown.locks.plain() == "locks in 4:52"
    shown.show_lock(-1)
    assert "does not lock" in shown.locks.plain()
    assert nameless(shown) == []


# notices


def test_a_refused_command_is_told_with_the_way_out(window: MainWindow, door: FakeDoor, qtbot: Any) -> None:
    door.fail("messages.send", NotAllowed("room.blocked"))
    window.runner.run(lambda: door.messages.send(d.STOPPED, "words"))
    qtbot.waitUntil(window.notice.isVisible)
    assert "identity of a delegation changed" in window.notice.happened.plain()
    window.notice.step().click()
    assert window.stack.currentWidget() is window.made("contacts")


def test_an_exchange_that_fails_says_what_waits(window: MainWindow, door: FakeDoor, qtbot: Any) -> None:
    door.fail("exchange.now", Unavailable("carrier.unreachable"))
    qtbot.keyClick(window, Qt.Key.Key_R, CTRL)
    qtbot.waitUntil(window.notice.isVisible)
    assert window.notice.todo.plain()
    assert window.progress.isHidden()
    assert door.called("exchange.now")
    index = [one for one, _, _ in door.calls].index("exchange.now")
    assert door.threads[index].startswith("writer")


# search


def palette(window: MainWindow) -> SearchPalette:
    found = next(one for one in window.findChildren(SearchPalette) if one.isVisible())
    return found


def test_search_finds_and_opens(window: MainWindow, door: FakeDoor, qtbot: Any) -> None:
    qtbot.keyClick(window, Qt.Key.Key_K, CTRL)
    box = palette(window)
    assert nameless(box) == []
    qtbot.waitUntil(box.box.hasFocus)
    qtbot.keyClicks(box.box, "Borovia")
    qtbot.waitUntil(lambda: bool(door.called("search")))
    assert "Found: 1" in box.said.plain()
    interface = QAccessible.queryAccessibleInterface(box.list)
    assert interface.childCount() >= 1
    assert "Borovia" in str(box.model.data(box.model.index(0)))
    with qtbot.waitSignal(box.chosen) as heard:
        qtbot.keyClick(box.box, Qt.Key.Key_Return)
    assert heard.args == ["contacts", d.delegation("XB")]
    assert window.stack.currentWidget() is window.made("contacts")


def test_search_runs_actions_and_steers_by_arrows(window: MainWindow, qtbot: Any) -> None:
    window.search()
    box = palette(window)
    first = box.list.currentIndex().row()
    qtbot.keyClick(box.box, Qt.Key.Key_Down)
    assert box.list.currentIndex().row() == first + 1
    qtbot.keyClick(box.box, Qt.Key.Key_Up)
    qtbot.keyClick(box.box, Qt.Key.Key_Up)
    assert box.list.currentIndex().row() == box.model.rowCount() - 1
    qtbot.keyClicks(box.box, "settings")
    qtbot.keyClick(box.box, Qt.Key.Key_Return)
    assert window.stack.currentWidget() is window.made("settings")


def test_search_says_when_there_is_nothing_and_escape_leaves(window: MainWindow, qtbot: Any) -> None:
    window.search()
    box = palette(window)
    qtbot.keyClicks(box.box, "zzzz")
    box.look()
    assert "Nothing found" in box.said.plain()
    qtbot.keyClick(box.box, Qt.Key.Key_Return)
    assert box.isVisible()
    qtbot.keyClick(box.box, Qt.Key.Key_Escape)
    qtbot.keyClick(box.box, Qt.Key.Key_Escape)
    assert not box.isVisible()


def test_results_are_painted_mirrored(window: MainWindow, qtbot: Any) -> None:
    window.search()
    box = palette(window)
    box.box.setText("نقطة")
    box.look()
    assert box.model.rowCount() >= 1
    left = box.list.grab().toImage()
    box.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert box.list.grab().toImage() != left


# keys


def test_the_keys_page_shows_every_key_of_every_screen(window: MainWindow, qtbot: Any) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F1, CTRL)
    page = next(one for one in window.findChildren(KeysPage) if one.isVisible())
    said = [one.text() for one in page.findChildren(QLabel)]
    missing = [
        one.id
        for name in ("", *ALL)
        for one in actions.all_specs(name)
        if one.keys and one.explanation not in said and one.id.removeprefix("go.") in (*ALL, one.id)
    ]
    assert missing == []
    assert nameless(page) == []


def test_every_action_has_words_and_no_key_means_two_things() -> None:
    screens.load_actions()
    for one in actions.all_specs():
        assert one.text.strip(), one.id
        assert all(not key.isEmpty() for key in one.keys), one.id
    with pytest.raises(ValueError, match="share"):
        actions.register(ActionSpec("test.clash", "Clash", "Ctrl+K", "texts"))
    with pytest.raises(ValueError, match="twice"):
        actions.register(ActionSpec("lock", "Another lock"))
    with pytest.raises(KeyError):
        actions.spec("test.clash")


def test_every_global_action_of_the_table_is_in_the_window(window: MainWindow) -> None:
    there = {one.objectName() for one in window.actions()}
    wanted = {one.id for one in actions.all_specs("")} - {
        "go.commitments",
        "go.incidents",
        "go.library",
        "go.registers",
    }
    assert wanted <= there


def test_the_window_takes_no_thread_and_no_time_from_queries(window: MainWindow, door: FakeDoor) -> None:
    # Commands run on the writer thread; everything called on the UI thread while showing screens is a query.
    for name in ALL:
        window.show_screen(name)
    queries = {"me", "overview", "all", "one", "story", "threads", "page", "draft", "status", "get", "own_card", "own_qr", "head",
               "outline", "paragraph", "unseen", "notes", "drafts", "four_eyes", "comments", "at_start", "holds_pen", "safety", "attachment", "notation", "search", "ways", "when_wanted", "definitions", "definition", "names", "saved"}  # fmt: skip
    commands = {
        name
        for (name, _, _), thread in zip(door.calls, door.threads, strict=True)
        if not thread.startswith("writer") and name.rpartition(".")[2] not in queries
    }
    assert commands == set()


def test_a_click_in_the_sidebar(window: MainWindow, qtbot: Any) -> None:
    qtbot.mouseClick(window.sidebar.buttons["settings"], Qt.MouseButton.LeftButton, pos=QPoint(30, 15))
    assert window.stack.currentWidget() is window.made("settings")


def test_what_takes_longer_than_a_frame_is_asked_beside_the_window(
    window: MainWindow, door: FakeDoor, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, str]] = []

    def watched(part: Any, name: str) -> None:
        call = getattr(part, name)

        def heard(*args: Any, **named: Any) -> Any:
            asked.append((name, threading.current_thread().name))
            return call(*args, **named)

        monkeypatch.setattr(part, name, heard)

    watched(door, "overview")
    watched(door.incidents, "all")
    window.show_screen("incidents")
    window.show_screen("overview")
    door.touch(Changes(status=True, settings=True))
    qtbot.waitUntil(lambda: {name for name, _ in asked} == {"overview", "all"} and window.runner.idle)
    assert threading.main_thread().name not in {thread for _, thread in asked}
