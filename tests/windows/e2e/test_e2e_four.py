"""Four delegations in their windows: a ping round with one late, one silent and one wrong contact; a request for assistance with one
record everywhere; and the chain of reports of the working groups as the register shows it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hands import CTRL, SHIFT, Desks, Table, press
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog
from test_e2e_directory import sit as contacts_of
from test_e2e_incidents import report, say
from test_e2e_incidents import sit as incidents_of
from tests.desk.pings_hands import DAY, HOUR, entry

from valise.ui import theme
from valise.ui.contacts.directory.opening import Opening
from valise.ui.contacts.directory.reach import POINT

K = Qt.Key
FOUR = ("XA", "XB", "XC", "XD")


@pytest.fixture
def table(worn: theme.Theme, tmp_path: Path, qtbot: Any) -> Iterator[Table]:
    """Aurelia, Borovia, the Castellan Republic and Dravenia, over one exchange folder."""
    made = Table(Desks(tmp_path, FOUR), qtbot)
    made.world.clock.advance(10 * HOUR)  # a Wednesday morning in Europe
    yield made
    made.close()
    made.world.close()


def box(table: Table, kind: type[QDialog]) -> Any:
    def there() -> QDialog | None:
        return next((one for one in QApplication.topLevelWidgets() if isinstance(one, kind) and one.isVisible()), None)

    table.qtbot.waitUntil(lambda: there() is not None)
    return there()


def question(table: Table, code: str) -> Any:
    """What a delegation is asked, as its window shows it."""
    there = contacts_of(table, code)
    press(K.Key_4, CTRL | Qt.KeyboardModifier.AltModifier)
    table.settle()
    (card,) = there.directory.asked.cards.values()
    return card


def test_one_late_one_silent_one_wrong_contact(table: Table) -> None:
    world = table.world
    asked = {state: entry(world["XA"], state) for state in FOUR[1:]}
    screen = contacts_of(table, "XA")
    press(K.Key_N, CTRL | Qt.KeyboardModifier.AltModifier)
    table.settle()
    opening = box(table, Opening)
    assert "3 are asked now" in opening.counted.plain()
    opening.go.click()
    table.settle()
    table.exchange(rounds=6)
    card = question(table, "XD")
    card.answered.emit(card.question.id, "wrong contact", {}, "This office has moved.")
    table.settle()
    table.exchange(rounds=6)
    world.clock.advance(15 * DAY)  # answers were asked for within two weeks
    question(table, "XB").confirm.click()
    table.settle()
    table.exchange(rounds=6)

    screen = contacts_of(table, "XA")
    press(K.Key_2, CTRL | Qt.KeyboardModifier.AltModifier)
    table.settle()
    rounds = screen.directory.rounds
    found = {one.state: one for one in rounds.model.rows}
    assert {state: one.outcome for state, one in found.items()} == {"XB": "late", "XC": "no reply", "XD": "wrong contact"}
    late, silent, wrong = (found[state] for state in FOUR[1:])
    assert late.latency == late.at - late.asked_at and 15 * DAY <= late.latency < 15 * DAY + HOUR
    assert silent.latency is None and silent.delivery == "delivered"  # it lies there, and is no answer
    assert wrong.latency is not None and wrong.latency < HOUR and wrong.words == "This office has moved."
    press(K.Key_3, CTRL | Qt.KeyboardModifier.AltModifier)
    table.settle()
    plot = screen.directory.reach.model
    points = {plot.reach.tracks[row].state: plot.index(row, 0).data(POINT) for row in range(plot.rowCount())}
    assert list(points) == ["XB", "XC", "XD"]  # by name, whatever came of it
    assert {state: (one.outcome, one.latency) for state, one in points.items()} == {
        state: (one.outcome, one.latency) for state, one in found.items()
    }
    assert set(asked) == set(points)


def test_four_delegations_hold_one_record_from_request_to_closure(table: Table) -> None:
    table.world.room()
    incident = report(table, "XA")
    table.exchange(rounds=6)
    for code in FOUR[1:]:
        screen = incidents_of(table, code)
        screen.open_ref(incident)
        table.settle()
        press(K.Key_A, CTRL | SHIFT, screen)
        dialog = screen.doing.dialog
        assert dialog is not None
        table.qtbot.waitUntil(dialog.isActiveWindow)
        press(K.Key_Return, CTRL, dialog)
        table.settle()
    for code, words in (("XB", "Two experts for a week."), ("XC", "An image of a station we cleaned.")):
        screen = incidents_of(table, code)
        say(table, screen, "offer", offer=words, capacity="yes")
    say(table, incidents_of(table, "XD"), "respond", capacity="no", refusal_reason="capacity")
    table.exchange(rounds=6)
    home = incidents_of(table, "XA")
    home.open_ref(incident)
    table.settle()
    for act, values in (("choose", {}), ("update", {"status": "ended"}), ("close", {"outcome": "The stations run again."})):
        say(table, home, act, **values)
    table.exchange(rounds=6)
    hashes, lines = set(), set()
    for code in FOUR:
        screen = incidents_of(table, code)
        screen.open_ref(incident)
        table.settle()
        one = screen.page.one
        assert one is not None and one.row.state == "closed"
        hashes.add("".join(screen.page.hash.plain().split()))
        lines.add(tuple((said.kind, said.by.code, said.at) for said in one.timeline))
    assert len(hashes) == len(lines) == 1 and len(hashes.pop()) == 64


def test_the_reports_of_the_working_groups_stand_in_their_order(table: Table) -> None:
    screen = table.screen("XA", "registers")
    screen.open_ref("documents")
    place = next(n for n, one in enumerate(screen.page.views) if one.only.get("process") == ("oewg",))
    screen.page.use_view(place)
    table.settle()
    model = screen.page.table.model
    symbol = [one.title for one in model.columns].index("Symbol")
    shown = [str(model.index(row, symbol).data()).strip("\u2066\u2067\u2068\u2069") for row in range(model.rowCount())]
    assert shown == ["A/75/816", "A/77/275", "A/78/265", "A/79/214", "A/80/257"]
