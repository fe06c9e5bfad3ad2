"""The overview on the fake door: what is due, the exchange, who has received what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import fake_data as d
import pytest
from fake_door import FakeDoor
from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from valise.desk import views as v
from valise.domain.errors import Unavailable
from valise.ui import theme
from valise.ui.overview import OverviewScreen, lines, lines_work, terms
from valise.ui.overview.rows import DueDelegate
from valise.ui.seeing import deadline
from valise.ui.tasks import Runner

DUE = (
    v.Due("contacts", d.delegation("XD"), "contact.unverified", ("Dravenia",), d.NOW - d.DAY),
    v.Due("texts", d.TEXT, "text.proposals", ("9", "Draft decision"), d.NOW - d.HOUR),
    v.Due("messages", d.GROUP, "message.unread", ("1", "Drafting group"), d.NOW),
    v.Due("contacts", d.delegation("XC"), "contact.changed", ("Castellan Republic",), d.NOW - 2 * d.DAY),
)


@pytest.fixture(autouse=True)
def no_titles() -> None:
    """As before any vault was open: ids stand for titles."""
    terms.learn(dict)


@pytest.fixture
def runner(qapp: QApplication) -> Iterator[Runner]:
    theme.install(qapp, "light")
    made = Runner()
    yield made
    made.close()


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> FakeDoor:
    made = FakeDoor()
    monkeypatch.setattr(made, "overview", lambda _language="en": v.Overview(DUE, made.exchange.view))
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
    qtbot.waitUntil(lambda: runner.idle)
    return made


def settle(qtbot: QtBot, runner: Runner) -> None:
    qtbot.waitUntil(lambda: runner.idle)
    QApplication.processEvents()


def said(screen: OverviewScreen) -> list[str]:
    return [
        str(one.rows.data(one.rows.index(n), Qt.ItemDataRole.AccessibleTextRole))
        for one in screen.today.groups.values()
        for n in range(one.rows.rowCount())
    ]


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
        ("exchange.none", (), "No way of exchange is set up yet: nothing is sent or received but by courier"),
        ("exchange.trouble", ("carrier.folder",), "The folder, stick or relay cannot be reached."),
        ("relay.ending", ("relay.example", "12"), "Your permission to use the relay relay.example ends in 12 days"),
        ("relay.expired", ("relay.example",), "Your permission to use the relay relay.example has ended: what waits goes another way"),
        ("relay.grant_ending", ("Borovia", "3"), "The permission of Borovia to write to you ends in 3 days and cannot renew by itself"),
        ("way.trouble", ("Borovia", "relay.expired"), "Borovia: The permission to use the relay has ended. What waits is kept"),
        ("way.trouble", ("Borovia",), "Borovia cannot be reached: what waits is kept"),
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
        ("register.review", ("norms", "12"), "12 entries in norms are due for review"),
        ("register.review", ("norms", "1"), "1 entry in norms is due for review"),
        ("register.differs", ("norms", "2"), "Different values stand in 2 entries of norms"),
        ("register.differs", ("norms", "1"), "Different values stand in 1 entry of norms"),
        ("register.overdue", ("Plenary", "events:register_by", str(d.NOW)), "Plenary: “register_by” was 1 December"),
        ("register.deadline", ("Plenary", "events:register_by", str(d.NOW)), "Plenary: “register_by” is 1 December"),
        ("date.meeting", ("Call with Borovia", "2026-12-08"), "Consultation: Call with Borovia, 8 December"),
        ("ping.asked", ("XB Borovia", str(d.NOW)), "XB Borovia asks you to confirm a point of contact by 1 December"),
        ("ping.round_over", ("Spring", "3"), "The round Spring is over; not confirmed: 3"),
        ("incident.came", ("Outage", "Borovia", ""), "Outage: Borovia reports an incident; nobody has acknowledged it"),
        ("incident.came", ("Outage", "Borovia", "exercise"), "EXERCISE EXERCISE EXERCISE · Outage: Borovia reports an incident; nobody has acknowledged it"),
        ("incident.answer", ("Outage", "Borovia", "0", "exercise"), "EXERCISE EXERCISE EXERCISE · Outage: Borovia asks for an answer"),
        ("incident.task", ("Call the operator", "Outage", ""), "Task “Call the operator” of Outage is due"),
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


def test_states_of_answers_are_called_as_in_the_rest_of_the_window(qapp: QApplication) -> None:
    due = v.Due("contacts", "round:x", "ping.differs", ("Duty desk", "EG", ""), d.NOW)
    assert plain(lines.sentence(due)) == "Duty desk, EG: the answer corrects the entry"  # nobody knows it
    terms.learn(lambda: {"@EG": "Égypte"})
    assert plain(lines.sentence(due)) == "Duty desk, Égypte: the answer corrects the entry"


def test_what_is_due_is_asked_for_in_the_language_of_the_window(
    qtbot: QtBot, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    door, before, asked = FakeDoor(), QLocale(), []
    monkeypatch.setattr(door, "overview", lambda language="en": (asked.append(language), v.Overview((), door.exchange.view))[1])
    QLocale.setDefault(QLocale("fr"))
    try:
        screen = show(qtbot, door, runner)
        assert set(asked) == {"fr"}
        assert terms.state("XD") == "Dravénie"
        monkeypatch.setattr(door.registers, "names", lambda _kind, _language: [("XD", "Chez eux")])
        screen.refresh(v.Changes(settings=True))  # one of ours for it
        assert terms.state("XD") == "Chez eux"
        settle(qtbot, runner)
    finally:
        QLocale.setDefault(before)


def test_an_event_begins_or_goes_on(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    day = 24 * 3600 * 1000
    monkeypatch.setattr(deadline, "now", lambda: d.NOW)  # 1 December
    for said, wanted in (
        ("2026-12-02", "Plenary begins 2 December"), ("2026-12-01", "Plenary begins 1 December"),
        ("2026-11-30", "Plenary goes on; it began 30 November"), (str(d.NOW - day), "Plenary goes on; it began 30 November, "),
    ):  # fmt: skip
        assert plain(lines.sentence(v.Due("registers", "x", "date.event", ("Plenary", said), d.NOW))).startswith(wanted)


def test_a_time_stands_only_below_what_has_one(qapp: QApplication) -> None:
    day = 24 * 3600 * 1000
    midnight = d.NOW // day * day
    told = {line: plain(lines_work.when(v.Due("registers", "x", line, ("a", "1"), at))) for line, at in (
        ("exchange.none", d.NOW), ("register.more", 0), ("register.review", midnight), ("date.event", midnight),
        ("message.unread", midnight + 1))}  # fmt: skip
    assert told["exchange.none"] == told["register.more"] == ""
    assert told["register.review"] == "The oldest since 1 December" and told["date.event"] == ""
    assert told["message.unread"]


def test_of_dates_the_soonest_is_first(qapp: QApplication) -> None:
    made = [v.Due("registers", str(n), "date.event", ("A", "2026-12-08"), d.NOW + n) for n in (2, 0, 1)]
    made += [v.Due("messages", str(n), "message.unread", ("2", "A"), d.NOW + n) for n in (5, 7)]
    assert [one.ref for one in sorted(made, key=lines.order)] == ["7", "5", "0", "1", "2"]


@pytest.mark.parametrize(
    ("line", "ref", "wanted"),
    [
        ("exchange.none", "", "exchange"), ("exchange.trouble", "", "exchange"), ("relay.ending", "relay", "exchange:relay"),
        ("relay.expired", "relay", "exchange:relay"), ("relay.grant_ending", "", "exchange:grants"), ("way.trouble", "abc", "exchange:abc"),
        ("way.trouble", "exchange:abc", "exchange:abc"), ("root.beside", "", ""),
    ],
)  # fmt: skip
def test_what_concerns_the_ways_leads_to_their_page(line: str, ref: str, wanted: str) -> None:
    assert lines.place(v.Due("settings", ref, line, (), 0)) == wanted
    assert lines.place(v.Due("contacts", ref, line, (), 0)) == ref


def test_every_line_about_an_exercise_begins_with_that_word(qapp: QApplication) -> None:
    for line in (one for one in lines._TABLE if one.startswith("incident.")):
        due = v.Due("incidents", "x", line, ("A", "B", "C", "exercise"), d.NOW)
        assert plain(lines.sentence(due)).startswith("EXERCISE EXERCISE EXERCISE · "), line


def test_peer_text_cannot_break_a_sentence(qapp: QApplication) -> None:
    due = v.Due("texts", "x", "text.proposals", ("2", "{count} \u202e<b>x</b>\n"), d.NOW)
    assert plain(lines.sentence(due)) == "2 new proposals in {count} <b>x</b>"


def test_what_stops_the_work_comes_first(screen: OverviewScreen) -> None:
    rows = [plain(one) for one in said(screen)]
    assert rows[0].startswith("The identity of Castellan Republic changed")
    assert rows[1].startswith("1 unread message")
    assert rows[2].startswith("9 new proposals")
    assert rows[3].startswith("Compare the safety number")
    assert screen.today.head.plain() == "4 things need you"
    assert [len(one.rows.items()) for one in screen.today.groups.values()] == [1, 2, 1]
    assert all(one.isVisible() for one in screen.today.groups.values())


@pytest.mark.parametrize("by", ["click", "enter"])
def test_one_step_to_where_it_is_settled(screen: OverviewScreen, qtbot: QtBot, by: str) -> None:
    group = screen.today.groups["today"]
    with qtbot.waitSignal(screen.go) as went:
        if by == "click":
            qtbot.mouseClick(
                group.list.viewport(), Qt.MouseButton.LeftButton, pos=group.list.visualRect(group.rows.index(1)).center()
            )
        else:
            group.list.setFocus()
            group.list.setCurrentIndex(group.rows.index(0))
            qtbot.keyClick(group.list, Qt.Key.Key_Down)
            qtbot.keyClick(group.list, Qt.Key.Key_Return)
    assert went.args == ["texts", d.TEXT]


def test_every_row_is_in_sight_without_a_second_scrollbar(screen: OverviewScreen) -> None:
    for one in screen.today.groups.values():
        assert one.list.viewport().rect().contains(one.list.visualRect(one.rows.index(one.rows.rowCount() - 1)))
    last = screen.today.room_rows.index(screen.today.room_rows.rowCount() - 1)
    assert screen.today.rooms.viewport().rect().contains(screen.today.rooms.visualRect(last))


LONG = v.Due("texts", d.TEXT, "device.copied", ("Second Secretary of the Permanent Mission", "Drafting group on points of contact"), d.NOW)


@pytest.mark.parametrize("wide", [1000, 1280])
def test_a_long_sentence_is_whole_on_the_lines_it_needs(
    qtbot: QtBot, runner: Runner, door: FakeDoor, monkeypatch: pytest.MonkeyPatch, wide: int
) -> None:
    monkeypatch.setattr(door, "overview", lambda _language="en": v.Overview((LONG, *DUE), door.exchange.view))
    screen = show(qtbot, door, runner)
    screen.resize(wide, 800)
    settle(qtbot, runner)
    one = screen.today.groups["now"]
    painter = one.list.itemDelegate()
    assert isinstance(painter, DueDelegate) and one.rows.items()[1] is LONG
    said = painter.sentence(LONG, one.list.viewport().width(), Qt.LayoutDirection.LeftToRight)
    assert said.lines >= 2 and not said.cut
    rows = [one.list.visualRect(one.rows.index(n)).height() for n in range(2)]
    assert rows[0] == DueDelegate.TALL < rows[1] and rows[1] >= said.tall() + 20
    assert one.list.height() == sum(rows)  # no row of the list is out of sight


def test_who_answers(screen: OverviewScreen, qtbot: QtBot) -> None:
    rows = screen.today.room_rows
    told = [plain(str(rows.data(rows.index(n), Qt.ItemDataRole.AccessibleTextRole))) for n in range(rows.rowCount())]
    assert told[0] == "Castellan Republic, sending stopped"
    assert told[1] == "Drafting group on points of contact, 3 items not yet received by everybody"
    assert not any("internal" in one for one in told)
    with qtbot.waitSignal(screen.go) as went:
        qtbot.mouseClick(
            screen.today.rooms.viewport(), Qt.MouseButton.LeftButton, pos=screen.today.rooms.visualRect(rows.index(1)).center()
        )
    assert went.args == ["messages", d.GROUP]


def test_the_exchange_in_a_line(screen: OverviewScreen, door: FakeDoor, qtbot: QtBot, runner: Runner) -> None:
    assert "15:54 UTC" in screen.today.when.plain()
    assert "16:04 UTC" in screen.today.when.plain()
    assert "4 items are waiting" in screen.today.what.plain()
    assert "1 envelope is kept sealed" in screen.today.what.plain()
    screen.today.now.click()
    assert not screen.today.now.isEnabled()
    settle(qtbot, runner)
    assert screen.today.now.isEnabled()
    assert "items are waiting" not in screen.today.what.plain()
    threads = dict(zip([one[0] for one in door.calls], door.threads, strict=True))
    assert threads["exchange.now"].startswith("writer")


def test_two_exchanges_in_one_minute_are_not_told_by_the_same_time(qapp: QApplication) -> None:
    begin = d.NOW // 60_000 * 60_000
    status = v.ExchangeStatus("folder", "", True, "", 0, 0, begin, begin + 20_000)
    first, _ = lines.exchange(status)
    assert first.endswith("again within a minute") and "next" not in first
    later, _ = lines.exchange(replace(status, next_exchange=d.NOW + 600_000))
    assert "next" in later and "minute" not in later


def test_an_exchange_that_fails_says_so(screen: OverviewScreen, door: FakeDoor, qtbot: QtBot, runner: Runner) -> None:
    door.fail("exchange.now", Unavailable("carrier.folder"))
    screen.today.now.click()
    settle(qtbot, runner)
    assert screen.today.now.isEnabled()
    assert screen.notice_bar.happened.plain() == "The folder, stick or relay cannot be reached."


def test_trouble_with_the_folder_is_in_the_line(qapp: QApplication) -> None:
    status = replace(FakeDoor().exchange.view, reachable=False, problem="carrier.folder", waiting=0, sealed_waiting=0)
    assert lines.exchange(status)[1] == "The folder, stick or relay cannot be reached."
    assert lines.exchange(replace(status, last_exchange=0, next_exchange=0))[0] == "No exchange yet"


def test_nothing_due_is_calm_and_says_the_next_step(qtbot: QtBot, runner: Runner) -> None:
    screen = show(qtbot, FakeDoor(empty=True), runner)
    assert screen.today.nothing.isVisible()
    assert screen.today.nothing.sentence.plain() == "Nothing needs you now"
    assert not any(one.isVisible() for one in screen.today.groups.values())
    assert not screen.today.room_card.isVisible()
    assert not screen.today.now.isVisible()
    with qtbot.waitSignal(screen.go) as went:
        screen.today.choose.click()
    assert went.args == ["settings", "exchange"]


def test_it_follows_changes_and_counts(
    screen: OverviewScreen, door: FakeDoor, qtbot: QtBot, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts: list[int] = []
    screen.count.connect(counts.append)
    group = screen.today.groups["today"]
    group.list.setCurrentIndex(group.rows.index(1))
    monkeypatch.setattr(door, "overview", lambda _language="en": v.Overview(DUE[1:3], door.exchange.view))
    door.touch(v.Changes(contacts=frozenset({d.delegation("XC")})))
    qtbot.waitUntil(lambda: counts == [2])
    assert [plain(one).split(" in ")[0] for one in said(screen)] == ["1 unread message", "9 new proposals"]
    assert group.list.currentIndex().row() == 1  # still on the same thing
    screen.refresh(v.Changes())
    assert counts == [2]


def test_every_control_has_a_name(screen: OverviewScreen) -> None:
    for one in screen.findChildren(QWidget):
        if one.focusPolicy() != Qt.FocusPolicy.NoFocus and one.isVisible():
            name = QAccessible.queryAccessibleInterface(one).text(QAccessible.Text.Name)
            assert name, f"{type(one).__name__} has no accessible name"
    assert len(screen.panes()) == 6
