"""The overview on the fake door: what is due, the exchange, who has received what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import fake_data as d
import pytest
from fake_door import FakeDoor
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from valise.desk import views as v
from valise.domain.errors import Unavailable
from valise.ui import theme
from valise.ui.overview import OverviewScreen, lines
from valise.ui.tasks import Runner

DUE = (
    v.Due("contacts", d.delegation("XD"), "contact.unverified", ("Dravenia",), d.NOW - d.DAY),
    v.Due("texts", d.TEXT, "text.proposals", ("9", "Draft decision"), d.NOW - d.HOUR),
    v.Due("messages", d.GROUP, "message.unread", ("1", "Drafting group"), d.NOW),
    v.Due("contacts", d.delegation("XC"), "contact.changed", ("Castellan Republic",), d.NOW - 2 * d.DAY),
)


@pytest.fixture
def runner(qapp: QApplication) -> Iterator[Runner]:
    theme.install(qapp, "light")
    made = Runner()
    yield made
    made.close()


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> FakeDoor:
    made = FakeDoor()
    monkeypatch.setattr(made, "overview", lambda: v.Overview(DUE, made.exchange.view))
    return made


@pytest.fixture
def screen(qtbot: QtBot, door: FakeDoor, runner: Runner) -> OverviewScreen:
    return show(qtbot, door, runner)


def show(qtbot: QtBot, door: FakeDoor, runner: Runner) -> OverviewScreen:
    door.subscribe(runner.announce)
    made = OverviewScreen(door, runner)
    qtbot.addWidget(made)
    runner.changed.connect(made.refresh)
    made.resize(1000, 800)
    made.show()
    qtbot.waitExposed(made)
    return made


def settle(qtbot: QtBot, runner: Runner) -> None:
    qtbot.waitUntil(lambda: runner.idle)
    QApplication.processEvents()


def said(screen: OverviewScreen) -> list[str]:
    rows = screen.due_rows
    return [str(rows.data(rows.index(n), Qt.ItemDataRole.AccessibleTextRole)) for n in range(rows.rowCount())]


def plain(text: str) -> str:
    return text.replace("\u2068", "").replace("\u2069", "")


@pytest.mark.parametrize(
    ("line", "values", "wanted"),
    [
        ("text.proposals", ("9", "Draft decision"), "9 new proposals in Draft decision"),
        ("text.proposals", ("1", "Draft decision"), "1 new proposal in Draft decision"),
        ("message.unread", ("3", "Borovia"), "3 unread messages in Borovia"),
        ("message.unread", ("1", "Borovia"), "1 unread message in Borovia"),
        ("contact.unverified", ("Dravenia",), "Compare the safety number with Dravenia"),
        (
            "device.two_histories",
            ("Dravenia", "Second Secretary", "Drafting group"),
            "The laptop of Second Secretary, Dravenia, has signed two different things at one place in Drafting group: "
            "what it signs there no longer counts. Ask Dravenia",
        ),
        (
            "device.copied",
            ("Second Secretary", "Drafting group"),
            "A copy of the laptop of Second Secretary is in use too: what it signs in Drafting group no longer counts. "
            "Stop using it and tell your delegation",
        ),
        ("contact.changed", ("XC",), "The identity of XC changed: sending is stopped until you decide"),
        ("exchange.none", (), "No exchange folder is chosen yet: nothing can be sent or received"),
        ("exchange.trouble", ("carrier.folder",), "The exchange folder cannot be reached."),
        ("silence.broken", ("Draft decision", "1796774400000"), "The silence on Draft decision was broken"),
        (
            "silence.contested",
            ("Draft decision",),
            "The silence on Draft decision was broken in time by its own word, but heard of only after it ended: decide",
        ),
        ("release.waiting", ("Second officer", "Draft decision"), "A draft of Second officer on Draft decision waits for your release"),
        ("release.returned", ("Second officer", "Draft decision"), "Your draft on Draft decision was returned"),
        ("joint.open", ("Statement", "0"), "Statement is open for sign-on"),
        ("joint.late", ("Statement",), "A delegation signed on late to Statement: admit it or not"),
        (
            "room.disagreement",
            ("Drafting group", "XD"),
            "Not everybody in Drafting group sees the same members: look at XD",
        ),
        ("what.is.this", ("Rev.3",), "Something in Texts needs you: Rev.3"),
        ("what.is.this", (), "Something in Texts needs you"),
    ],
)
def test_each_key_is_a_sentence(qapp: QApplication, line: str, values: tuple[str, ...], wanted: str) -> None:
    due = v.Due("texts", "x", line, values, d.NOW)
    assert plain(lines.sentence(due)) == wanted
    assert lines.icon(due)
    assert lines.step(due)
    assert getattr(theme.tokens(), lines.tone(due))


def test_peer_text_cannot_break_a_sentence(qapp: QApplication) -> None:
    due = v.Due("texts", "x", "text.proposals", ("2", "{count} \u202e<b>x</b>\n"), d.NOW)
    assert plain(lines.sentence(due)) == "2 new proposals in {count} <b>x</b>"


def test_what_stops_the_work_comes_first(screen: OverviewScreen) -> None:
    rows = [plain(one) for one in said(screen)]
    assert rows[0].startswith("The identity of Castellan Republic changed")
    assert rows[1].startswith("1 unread message")
    assert rows[2].startswith("9 new proposals")
    assert rows[3].startswith("Compare the safety number")
    assert screen.head.plain() == "4 things need you"


@pytest.mark.parametrize("by", ["click", "enter"])
def test_one_step_to_where_it_is_settled(screen: OverviewScreen, qtbot: QtBot, by: str) -> None:
    index = screen.due_rows.index(2)
    with qtbot.waitSignal(screen.go) as went:
        if by == "click":
            qtbot.mouseClick(
                screen.due.viewport(), Qt.MouseButton.LeftButton, pos=screen.due.visualRect(index).center()
            )
        else:
            screen.focus_first()
            for _ in range(2):
                qtbot.keyClick(screen.due, Qt.Key.Key_Down)
            qtbot.keyClick(screen.due, Qt.Key.Key_Return)
    assert went.args == ["texts", d.TEXT]


def test_every_row_is_in_sight_without_a_second_scrollbar(screen: OverviewScreen) -> None:
    last = screen.due_rows.index(screen.due_rows.rowCount() - 1)
    assert screen.due.viewport().rect().contains(screen.due.visualRect(last))
    last = screen.room_rows.index(screen.room_rows.rowCount() - 1)
    assert screen.rooms.viewport().rect().contains(screen.rooms.visualRect(last))


def test_who_answers(screen: OverviewScreen, qtbot: QtBot) -> None:
    rows = screen.room_rows
    told = [plain(str(rows.data(rows.index(n), Qt.ItemDataRole.AccessibleTextRole))) for n in range(rows.rowCount())]
    assert told[0] == "Castellan Republic, sending stopped"
    assert told[1] == "Drafting group on points of contact, 3 items not yet received by everybody"
    assert not any("internal" in one for one in told)
    with qtbot.waitSignal(screen.go) as went:
        qtbot.mouseClick(
            screen.rooms.viewport(), Qt.MouseButton.LeftButton, pos=screen.rooms.visualRect(rows.index(1)).center()
        )
    assert went.args == ["messages", d.GROUP]


def test_the_exchange_in_a_line(screen: OverviewScreen, door: FakeDoor, qtbot: QtBot, runner: Runner) -> None:
    assert "15:54 UTC" in screen.when.plain()
    assert "16:04 UTC" in screen.when.plain()
    assert "4 items are waiting" in screen.what.plain()
    assert "1 envelope is kept sealed" in screen.what.plain()
    screen.now.click()
    assert not screen.now.isEnabled()
    settle(qtbot, runner)
    assert screen.now.isEnabled()
    assert "items are waiting" not in screen.what.plain()
    threads = dict(zip([one[0] for one in door.calls], door.threads, strict=True))
    assert threads["exchange.now"].startswith("writer")


def test_an_exchange_that_fails_says_so(screen: OverviewScreen, door: FakeDoor, qtbot: QtBot, runner: Runner) -> None:
    door.fail("exchange.now", Unavailable("carrier.folder"))
    screen.now.click()
    settle(qtbot, runner)
    assert screen.now.isEnabled()
    assert screen.notice_bar.happened.plain() == "The exchange folder cannot be reached."


def test_trouble_with_the_folder_is_in_the_line(qapp: QApplication) -> None:
    status = replace(FakeDoor().exchange.view, reachable=False, problem="carrier.folder", waiting=0, sealed_waiting=0)
    assert lines.exchange(status)[1] == "The exchange folder cannot be reached."
    assert lines.exchange(replace(status, last_exchange=0, next_exchange=0))[0] == "No exchange yet"


def test_nothing_due_is_calm_and_says_the_next_step(qtbot: QtBot, runner: Runner) -> None:
    screen = show(qtbot, FakeDoor(empty=True), runner)
    assert screen.nothing.isVisible()
    assert screen.nothing.sentence.plain() == "Nothing needs you now"
    assert not screen.due_card.isVisible()
    assert not screen.room_card.isVisible()
    assert not screen.now.isVisible()
    with qtbot.waitSignal(screen.go) as went:
        screen.choose.click()
    assert went.args == ["settings", ""]


def test_it_follows_changes_and_counts(
    screen: OverviewScreen, door: FakeDoor, qtbot: QtBot, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts: list[int] = []
    screen.count.connect(counts.append)
    screen.due.setCurrentIndex(screen.due_rows.index(1))
    monkeypatch.setattr(door, "overview", lambda: v.Overview(DUE[1:3], door.exchange.view))
    door.touch(v.Changes(contacts=frozenset({d.delegation("XC")})))
    qtbot.waitUntil(lambda: counts == [2])
    assert [plain(one).split(" in ")[0] for one in said(screen)] == ["1 unread message", "9 new proposals"]
    assert screen.due.currentIndex().row() == 0  # still on the same thing
    screen.refresh(v.Changes())
    assert counts == [2]


def test_every_control_has_a_name(screen: OverviewScreen) -> None:
    for one in screen.findChildren(QWidget):
        if one.focusPolicy() != Qt.FocusPolicy.NoFocus and one.isVisible():
            name = QAccessible.queryAccessibleInterface(one).text(QAccessible.Text.Name)
            assert name, f"{type(one).__name__} has no accessible name"
    assert len(screen.panes()) == 3
