"""An incident between real delegations, in their windows: reported, acknowledged, helped with, closed; one record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hands import CTRL, SHIFT, Table, press, type_words
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel
from tests.world import PASSPHRASE

from valise.ui.incidents import IncidentsScreen
from valise.ui.incidents.leaving import LeavingDialog
from valise.ui.incidents.preview import PreviewDialog

K = Qt.Key
HOUR = 3_600_000
WRITTEN: dict[str, Any] = {
    "message_type": "request for assistance", "status": "ongoing", "sectors": ["water"], "critical_infrastructure": "yes",
    "impact": "Two districts get water by tank lorry.", "requested_actions": ["expert assistance"], "tlp": "TLP:AMBER",
    "national_marking": "AURELIA CONFIDENTIAL",
}  # fmt: skip


def sit(table: Table, code: str) -> IncidentsScreen:
    """The screen of incidents of one delegation, by Ctrl+6."""
    window = table.front(code)
    press(K.Key_6, CTRL, QApplication.focusWidget() or window)
    table.settle()
    screen = window.made("incidents")
    assert isinstance(screen, IncidentsScreen) and screen.isVisible()
    return screen


def report(table: Table, code: str, **more: Any) -> str:
    """By Ctrl+N; title and description typed; Ctrl+Enter in the dialog that shows what leaves."""
    screen = sit(table, code)
    press(K.Key_N, CTRL, screen)
    page = screen.report
    assert page.room.hasFocus()
    for key, value in {**WRITTEN, **more}.items():
        page.fields[key].set_value(value)
    for key, words in (("title", "Control stations restart"), ("description", "They lose their settings since 03:10 UTC.")):
        page.fields[key].setFocus()
        type_words(words)
    page.go.click()
    table.settle()
    box = page._dialog
    assert isinstance(box, LeavingDialog) and box.isVisible()
    table.qtbot.waitUntil(box.isActiveWindow)
    press(K.Key_Return, CTRL, box)
    table.settle()
    assert screen.page.one is not None and screen.looking()
    return screen.page.one.row.id


def say(table: Table, screen: IncidentsScreen, act: str, **values: Any) -> None:
    """Open the dialog of an act, fill it in, press its button."""
    screen.acts[act].trigger()
    box = screen.doing.dialog
    assert box is not None and box.isVisible()
    for key, value in values.items():
        box.fields[key].set_value(value)
    for tick in box.findChildren(QCheckBox):
        if act == "choose":
            tick.setChecked(True)
    table.qtbot.waitUntil(box.isActiveWindow)
    press(K.Key_Return, CTRL, box)
    table.settle()


def test_from_report_to_closure_in_three_windows_with_one_hash_everywhere(table: Table) -> None:
    table.world.room()
    incident = report(table, "XA")
    table.exchange(rounds=6)
    for code in ("XB", "XG"):
        screen = sit(table, code)
        assert table[code].sidebar.buttons["incidents"].count == 1
        screen.open_ref(incident)
        table.settle()
        press(K.Key_A, CTRL | SHIFT, screen)
        box = screen.doing.dialog
        assert box is not None and any("agrees with nothing" in one.text() for one in box.findChildren(QLabel))
        table.qtbot.waitUntil(box.isActiveWindow)
        press(K.Key_Return, CTRL, box)
        table.settle()
        assert screen.page.one is not None and "respond" in screen.page.one.may
    screen = sit(table, "XB")
    say(table, screen, "offer", offer="Two experts for a week.", capacity="yes")
    table.exchange(rounds=6)
    home = sit(table, "XA")
    home.open_ref(incident)
    table.settle()
    assert home.page.one is not None and home.page.one.row.needs == "choose"
    say(table, home, "choose")
    say(table, home, "update", status="ended")
    say(table, home, "close", outcome="The stations run again.")
    table.exchange(rounds=6)
    shown = set()
    for code in ("XA", "XB", "XG"):
        screen = sit(table, code)
        screen.open_ref(incident)
        table.settle()
        assert screen.page.one is not None and screen.page.one.row.state == "closed"
        shown.add("".join(screen.page.hash.plain().split()))
        assert table[code].sidebar.buttons["incidents"].count == 0
    assert len(shown) == 1 and len(next(iter(shown))) == 64


def test_time_passes_and_t2_is_proposed_and_nothing_was_done(table: Table) -> None:
    table.world.room()
    incident = report(table, "XA")
    table.exchange(rounds=6)
    screen = sit(table, "XA")
    table.world.clock.advance(25 * HOUR)
    screen.page.stale.emit()  # as the tick of the page does
    assert screen.page.one is not None and screen.page.one.step is not None
    assert (screen.page.one.step.proposes, screen.page.one.row.tier) == ("T2", "T1")
    assert "incident.propose" in [one.line for one in table.world["XA"].overview().due]
    table.exchange(rounds=2)
    assert table.world["XB"].incidents.one(incident).row.tier == "T1"
    say(table, screen, "raise")
    table.exchange(rounds=4)
    assert table.world["XB"].incidents.one(incident).row.tier == "T2"


def test_an_exercise_shows_in_every_window_and_file_and_a_draft_survives_a_lock(table: Table, tmp_path: Path) -> None:
    table.world.room()
    screen = sit(table, "XA")
    press(K.Key_N, CTRL, screen)
    screen.report.fields["exercise"].set_value(1)
    screen.report.fields["title"].set_value("Ferry terminals")
    window = table.windows.pop("XA")
    press(K.Key_L, CTRL, window)
    window.deleteLater()
    table.world.desks["XA"] = table.world.gate("XA").unlock(bytearray(PASSPHRASE))
    screen = sit(table, "XA")
    screen.goes_on.click()
    assert screen.report.fields["title"].value() == "Ferry terminals" and screen.report.banner.isVisible()
    screen.report.back.click()
    table.settle()
    incident = report(table, "XA", exercise=1)
    table.exchange(rounds=6)
    for code in ("XA", "XB", "XG"):
        screen = sit(table, code)
        screen.open_ref(incident)
        table.settle()
        assert screen.page.banner.isVisible() and screen.page.banner.accessibleName() == "EXERCISE EXERCISE EXERCISE"
    desk = table.world["XB"].incidents
    bundle = tmp_path / "x.json"
    desk.save(bundle, desk.stix(incident))
    assert "EXERCISE EXERCISE EXERCISE" in bundle.read_text("utf-8")
    assert json.loads(bundle.read_text("utf-8"))["type"] == "bundle"
    screen = sit(table, "XG")
    screen.doing.read_path(bundle)
    table.settle()
    box = screen.findChildren(PreviewDialog)[0]
    box.go.click()
    table.settle()
    assert screen.report.isVisible() and screen.report.banner.isVisible()
    assert screen.report.fields["title"].value() == "Control stations restart"
