"""The window of incidents on a fake door: what needs somebody, what is said of it, and the word nobody can miss."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fake_door import FakeDoor
from fake_incidents import DRILL, LATE, OVER, OWN, THEIRS, XB
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton, QWidget
from walk import nameless

from valise.desk import views as v
from valise.domain.errors import NotAllowed
from valise.ui.incidents import IncidentsScreen, said
from valise.ui.incidents.asking import SayDialog
from valise.ui.incidents.banner import ExerciseBanner
from valise.ui.incidents.listing import IncidentsDelegate
from valise.ui.incidents.preview import PreviewDialog
from valise.ui.seeing import deadline
from valise.ui.tasks import Runner

Keep = Callable[[QWidget], Any]


@pytest.fixture
def screen(keep: Keep, door: FakeDoor, runner: Runner) -> IncidentsScreen:
    door.subscribe(runner.announce)
    made = IncidentsScreen(door, runner)
    runner.changed.connect(made.refresh)
    made.resize(1200, 800)
    kept = keep(made)
    assert isinstance(kept, IncidentsScreen)
    return kept


def words(root: QWidget) -> str:
    return "\n".join(one.text() for one in root.findChildren(QLabel) if one.isVisibleTo(root))


def asked(screen: IncidentsScreen) -> SayDialog:
    box = screen.doing.dialog
    assert box is not None and box.isVisible()
    return box


def test_what_needs_somebody_stands_in_words_and_not_in_colour_alone(screen: IncidentsScreen) -> None:
    rows = screen.list.entries
    spoken = [str(rows.data(rows.index(n), int(Qt.ItemDataRole.AccessibleTextRole))) for n in range(rows.rowCount())]
    assert "Acknowledge receipt" in spoken[0] and "not looked at yet" in spoken[0] and "TLP:AMBER" in spoken[0]
    assert "Unanswered in time" in spoken[1] and "Choose among the offers" in spoken[2]
    assert spoken[3].startswith("EXERCISE EXERCISE EXERCISE") and "Closed" in spoken[4]


@pytest.mark.parametrize("wide", [700, 1200])
def test_title_and_what_is_to_be_done_are_read_whole_in_the_list(screen: IncidentsScreen, runner: Runner, qtbot: Any, wide: int) -> None:
    screen.resize(wide, 800)
    qtbot.waitUntil(lambda: runner.idle)
    made, painter = screen.list, screen.list.itemDelegate()
    assert isinstance(painter, IncidentsDelegate)
    room, taken = made.viewport().width() - 12, []
    for n, one in enumerate(made.entries.rows):
        parts = painter.parts(one, made.entries, room, Qt.LayoutDirection.LeftToRight)
        assert not any(part.cut for part in parts), one.title
        taken.append(made.visualRect(made.entries.index(n)).height())
        assert taken[-1] >= sum(part.tall() for part in parts)
    assert len(set(taken)) > 1  # as tall as each needs


def test_everything_has_a_name_and_every_action_a_key(screen: IncidentsScreen) -> None:
    for incident in (OWN, LATE, THEIRS, DRILL, OVER):
        screen.open_ref(incident)
        assert nameless(screen) == []
    screen.new()
    assert nameless(screen) == []
    assert all(act.shortcut().toString() for act in screen.acts.values())


def test_a_page_says_who_said_what_in_utc_and_what_the_record_is(screen: IncidentsScreen) -> None:
    screen.open_ref(OWN)
    shown = words(screen.page)
    assert "AURELIA CONFIDENTIAL" not in shown  # a pill, not a label
    assert "2026-11-30 11:00 UTC" in shown and "Receipt acknowledged: it accepts no fact and agrees with nothing" in shown
    assert "This does not count" in shown
    assert "".join(screen.page.hash.plain().split()) == "ab12cd34" * 8
    assert screen.page.hash.accessibleName().endswith("ab12cd34" * 8)
    assert "It never leaves" in shown


def test_the_exercise_banner_cannot_be_scrolled_away(screen: IncidentsScreen, qtbot: Any) -> None:
    screen.open_ref(OWN)
    assert not screen.page.banner.isVisible()
    screen.open_ref(DRILL)
    banner = screen.page.banner
    bar = screen.page.page.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    for place in (0, bar.maximum() // 2, bar.maximum()):
        bar.setValue(place)
        assert banner.isVisible() and banner.accessibleName() == "EXERCISE EXERCISE EXERCISE"
        assert banner.mapTo(screen.page, banner.rect().topLeft()).y() == 0
    assert not screen.page.page.isAncestorOf(banner)
    assert screen.page.accessibleName().startswith("EXERCISE EXERCISE EXERCISE")


@pytest.mark.parametrize("act", ["acknowledge", "offer", "send_on", "task", "note"])
def test_every_dialog_of_an_exercise_says_so(screen: IncidentsScreen, act: str) -> None:
    screen.open_ref(DRILL)
    screen.acts[act].trigger()
    box = asked(screen)
    banner = box.findChild(ExerciseBanner)
    assert isinstance(banner, ExerciseBanner) and banner.isVisible()
    assert nameless(box) == []
    box.reject()


def test_acknowledging_says_that_it_does_not_agree(screen: IncidentsScreen, door: FakeDoor, qtbot: Any) -> None:
    screen.open_ref(THEIRS)
    qtbot.keyClick(screen, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    box = asked(screen)
    assert "accepts no fact, admits nothing and agrees with nothing" in words(box)
    assert box.fields["ack"].value()["role"]
    box.go.click()
    qtbot.waitUntil(lambda: bool(door.called("incidents.acknowledge")))
    qtbot.waitUntil(lambda: screen.page.one is not None and "respond" in screen.page.one.may)
    assert screen.acts["respond"].isEnabled() and not screen.acts["acknowledge"].isEnabled()


def test_a_refusal_leaves_the_words_where_they_are(screen: IncidentsScreen, door: FakeDoor, qtbot: Any) -> None:
    screen.open_ref(THEIRS)
    door.fail("incidents.offer", NotAllowed("incident.closed"))
    screen.acts["offer"].trigger()
    box = asked(screen)
    box.fields["offer"].set_value("Two experts")
    box.go.click()
    qtbot.waitUntil(box.bar.isVisible)
    assert "closed" in box.bar.happened.plain() and box.fields["offer"].value() == "Two experts" and box.go.isEnabled()
    box.reject()


def test_what_was_being_said_is_there_again_after_a_lock(screen: IncidentsScreen, door: FakeDoor, qtbot: Any) -> None:
    screen.open_ref(THEIRS)
    screen.acts["offer"].trigger()
    box = asked(screen)
    box.fields["offer"].set_value("Two experts")
    box.close()  # as the window does with every dialog before it locks
    (held,) = door.incidents.kept.values()
    assert held.id == f"{THEIRS}/offer" and door.incidents.drafts() == []
    screen.acts["offer"].trigger()
    box = asked(screen)
    assert box.fields["offer"].value() == "Two experts" and box.bar.isVisible()
    box.go.click()
    qtbot.waitUntil(lambda: bool(door.called("incidents.offer")) and not door.incidents.kept)
    screen.acts["note"].trigger()
    asked(screen).reject()  # nothing was typed: nothing is kept
    assert not door.incidents.kept


def test_an_offer_needs_words_and_offers_are_chosen_by_ticking(screen: IncidentsScreen, door: FakeDoor, qtbot: Any) -> None:
    screen.open_ref(OWN)
    screen.acts["choose"].trigger()
    box = asked(screen)
    assert not box.go.isEnabled()
    from PySide6.QtWidgets import QCheckBox

    (tick,) = box.findChildren(QCheckBox)
    assert "Borovia" in tick.text() and box.focusWidget() is tick
    tick.setChecked(True)
    box.go.click()
    qtbot.waitUntil(lambda: screen.page.one is not None and screen.page.one.row.state == "chosen")
    call = next(one for one in door.calls if one[0] == "incidents.choose")
    assert len(call[1][1]) == 1


def test_the_ladder_proposes_and_a_person_takes_it(screen: IncidentsScreen, door: FakeDoor, qtbot: Any) -> None:
    screen.open_ref(LATE)
    assert "T2 is proposed: nothing happens unless you take it there" in words(screen.page)
    assert not any(call[0] == "incidents.raise_to" for call in door.calls)
    next(one for one in screen.page.findChildren(QPushButton) if one.text() == "Take it to T2…").click()
    box = asked(screen)
    assert box.said()["tier"] == "T2"
    box.go.click()
    qtbot.waitUntil(lambda: screen.page.one is not None and screen.page.one.row.tier == "T2")


@pytest.mark.parametrize(("left", "here"), [("Take it to T2…", False), ("New task…", True)])
def test_the_keyboard_stays_on_the_page_when_it_is_made_anew(screen: IncidentsScreen, qtbot: Any, left: str, here: bool) -> None:
    """It went to the side bar with the step that was taken and is no more."""
    screen.open_ref(LATE)
    one = screen.page.one
    assert one is not None
    step = next(one for one in screen.page.findChildren(QPushButton) if one.text() == left)
    step.setFocus()
    assert screen.window().focusWidget() is step
    screen.page.show_one(replace(one, row=replace(one.row, tier="T2"), step=None))
    qtbot.wait(20)
    found = screen.window().focusWidget()
    assert found is not None and found is not step and screen.page.page in (found, *_above(found))
    assert (found.accessibleName() == left) is here


def _above(widget: QWidget) -> list[QWidget]:
    parent = widget.parentWidget()
    return [] if parent is None else [parent, *_above(parent)]


def test_the_time_that_is_left_goes_on_and_what_is_due_is_asked_for(
    screen: IncidentsScreen, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen.open_ref(LATE)
    one = screen.page.one
    assert one is not None and one.step is not None
    clock, asked_for = [one.step.until - 2_500], []
    monkeypatch.setattr(deadline, "now", lambda: clock[0])
    monkeypatch.setattr(deadline, "next_tick", lambda ms: 10 if ms > 0 else 0)
    screen.page.stale.connect(lambda: asked_for.append(clock[0]))
    screen.page.show_one(replace(one, step=replace(one.step, late=False)))
    qtbot.waitUntil(lambda: "An answer is due in \u20680 min 3 s\u2069" in words(screen.page))
    clock[0] += 1_000
    qtbot.waitUntil(lambda: "An answer is due in \u20680 min 2 s\u2069" in words(screen.page))
    assert not asked_for
    clock[0] = one.step.until
    qtbot.waitUntil(lambda: bool(asked_for))


def test_an_update_sends_only_what_was_changed(screen: IncidentsScreen, door: FakeDoor, qtbot: Any) -> None:
    screen.open_ref(OWN)
    screen.acts["update"].trigger()
    box = asked(screen)
    box.fields["status"].set_value("contained")
    box.go.click()
    qtbot.waitUntil(lambda: any(call[0] == "incidents.update" for call in door.calls))
    call = next(one for one in door.calls if one[0] == "incidents.update")
    assert call[1][1] == {"status": "contained"}


def test_closing_tasks_and_notes(screen: IncidentsScreen, door: FakeDoor, qtbot: Any) -> None:
    screen.open_ref(OWN)
    for act, fill in (("task", "Ask again"), ("note", "Between us")):
        screen.acts[act].trigger()
        box = asked(screen)
        assert "stays inside your delegation" in words(box)
        from PySide6.QtWidgets import QPlainTextEdit

        box.findChildren(QPlainTextEdit)[0].setPlainText(fill)
        box.go.click()
        qtbot.waitUntil(lambda name=act: any(call[0] == f"incidents.{name}" for call in door.calls))
    screen.acts["close"].trigger()
    box = asked(screen)
    box.fields["outcome"].set_value("Over.")
    box.go.click()
    qtbot.waitUntil(lambda: screen.page.one is not None and screen.page.one.row.state == "closed")
    assert next(one for one in door.calls if one[0] == "incidents.close")[1][1] == {"outcome": "Over."}


def test_files_of_an_exercise_are_named_so(screen: IncidentsScreen, door: FakeDoor, qtbot: Any, tmp_path: Path) -> None:
    screen.open_ref(DRILL)
    for act in ("print", "stix", "record"):
        screen.acts[act].trigger()
        qtbot.waitUntil(lambda: bool(screen.findChildren(QFileDialog)))
        dialog = screen.findChildren(QFileDialog)[-1]
        assert Path(dialog.selectedFiles()[0]).name.startswith("EXERCISE-")
        dialog.fileSelected.emit(str(tmp_path / act))
        dialog.close()
        qtbot.waitUntil((tmp_path / act).exists)
        qtbot.waitUntil(lambda: not any(one.isVisible() for one in screen.findChildren(QFileDialog)))


def test_under_an_embargo_a_reason_is_asked_for(screen: IncidentsScreen, door: FakeDoor, qtbot: Any) -> None:
    screen.open_ref(OWN)
    door.fail("incidents.stix", NotAllowed("incident.embargo"))
    screen.acts["stix"].trigger()
    qtbot.waitUntil(lambda: screen.doing.dialog is not None and screen.doing.dialog.isVisible())
    box = asked(screen)
    assert "embargo" in words(box) and not box.go.isEnabled()
    assert "not sealed" in words(box) and "inside your delegation" not in words(box)
    box.reject()


def test_sending_on_says_that_others_read_it_and_a_refusal_covers_nothing(screen: IncidentsScreen, door: FakeDoor, qtbot: Any) -> None:
    screen.open_ref(OWN)
    screen.acts["send_on"].trigger()
    box = asked(screen)
    assert "that you choose" in words(box) and "Everybody in" in words(box)
    before = box.height()
    door.fail("incidents.send_on", NotAllowed("incident.sharing"))
    box.go.click()
    qtbot.waitUntil(box.bar.isVisible)
    assert box.height() > before and box.height() >= box.column.totalHeightForWidth(box.width())
    box.reject()


def test_a_bundle_is_looked_at_before_a_draft_is_made_of_it(screen: IncidentsScreen, door: FakeDoor, qtbot: Any, tmp_path: Path) -> None:
    screen.doing.read_path(tmp_path / "x.json")
    qtbot.waitUntil(lambda: bool(screen.findChildren(PreviewDialog)))
    box = screen.findChildren(PreviewDialog)[0]
    assert "Nothing is sent" in words(box) and nameless(box) == []
    assert not any(call[0] == "incidents.take_stix" for call in door.calls)
    box.go.click()
    qtbot.waitUntil(lambda: screen.stack.currentWidget() is screen.report)
    assert screen.report.fields["title"].value() == "From a bundle"


def test_nothing_of_it_is_told_to_the_desktop() -> None:
    from valise.ui.notifying import Notifier

    host = QWidget()
    told: list[str] = []
    notifier = Notifier(host, lambda sentence, _n, _shown: told.append(sentence))
    notifier.waiting(0)
    notifier.waiting(1)
    assert told == ["Valise: 1 item"]
    notifier.stop()
    host.deleteLater()


def test_an_empty_screen_says_the_next_step(keep: Keep, runner: Runner) -> None:
    made = keep(IncidentsScreen(FakeDoor(empty=True), runner))
    assert made.stack.currentWidget() is made.empty and made.empty.step is not None
    made.empty.step.click()
    assert made.stack.currentWidget() is made.report and not made.report.go.isEnabled()
    assert "no room with another delegation" in made.report.readers.plain()


def test_what_comes_is_shown_and_counted(screen: IncidentsScreen, door: FakeDoor, qtbot: Any) -> None:
    counted: list[int] = []
    screen.count.connect(counted.append)
    del door.incidents.rows[THEIRS]
    door.touch(v.Changes(incidents=frozenset({THEIRS})))
    qtbot.waitUntil(lambda: bool(counted))
    assert counted[-1] == 3 and screen.list.entries.rowCount() == 4


def test_words_of_outside_stay_plain(screen: IncidentsScreen, door: FakeDoor) -> None:
    from dataclasses import replace

    door.incidents.rows[OWN] = replace(door.incidents.rows[OWN], title="<b>bold</b> \u202egnihtyna")
    screen.open_ref(OWN)
    assert screen.page.title.textFormat() == Qt.TextFormat.PlainText
    assert "\u202e" not in screen.page.title.text() and "<b>bold</b>" in screen.page.title.plain()


def test_both_looks_and_both_directions_paint(screen: IncidentsScreen, qapp: QApplication, worn: Any) -> None:
    for look in ("dark", "light"):
        worn.choose(look)
        for way in (Qt.LayoutDirection.RightToLeft, Qt.LayoutDirection.LeftToRight):
            qapp.setLayoutDirection(way)
            for incident in (OWN, DRILL):
                screen.open_ref(incident)
                assert not screen.grab().isNull()
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_times_have_the_local_time_beside() -> None:
    made = said.when(1_796_140_800_000)
    assert "2026-12-01 16:00 UTC" in made


def test_the_clock_of_the_other_side_is_that_of_its_point_of_contact_and_only_where_the_directory_has_one() -> None:
    from fake_pings import entry

    from valise.ui.incidents.directory import Directory

    known = Directory()
    at = 1_796_720_400_000  # 8 December 2026, 09:00 UTC
    assert known.clock("XB", at) == ""
    gone = entry("XB", fields={"time_zone": ("Asia/Tokyo",), "status": ("removed",)})
    far = entry("XC", fields={"time_zone": ("Pacific/Kiritimati",)})
    odd = entry("XD", fields={"time_zone": ("No/Such_Place",)})
    known.fill([gone, entry("XB", fields={"time_zone": ("Europe/Zurich",)}), far, odd])
    assert _plain(known.clock("XB", at)) == "10:00 there"
    assert _plain(known.clock("XC", at)) == "23:00 there"
    assert _plain(known.clock("XC", at + 2 * 3_600_000)) == "2026-12-09 01:00 there"
    assert known.clock("XD", at) == "" and known.clock("XA", at) == "" and known.clock("XB", 0) == ""
    assert [one.state for one in known.known] == ["XB", "XC", "XD"]


def _plain(words: str) -> str:
    return words.replace("\u2068", "").replace("\u2069", "")


def test_the_keyboard_goes_to_the_list_when_a_first_incident_comes(screen: IncidentsScreen, door: FakeDoor, qtbot: Any) -> None:
    """What had it, the button of the empty page, is no longer there."""
    held = door.incidents.rows
    door.incidents.rows = {}
    screen.open_ref("")
    qtbot.waitUntil(lambda: screen.stack.currentWidget() is screen.empty)
    screen.activateWindow()
    qtbot.waitUntil(screen.isActiveWindow)
    screen.focus_first()
    qtbot.waitUntil(lambda: screen.empty.step is not None and screen.empty.step.hasFocus())
    door.incidents.rows = held
    screen.refresh(v.Changes(incidents=frozenset({OWN})))
    qtbot.waitUntil(lambda: screen.stack.currentWidget() is screen.split and screen.list.hasFocus())


def test_a_room_of_two_is_not_told_as_a_country(screen: IncidentsScreen, door: FakeDoor, qtbot: Any) -> None:
    """Such a room bears the name of the other delegation: "everybody in Borovia" does not read it."""
    screen.open_ref(OWN)
    assert screen.page.one is not None
    own = replace(screen.page.one, place="Borovia", readers=(XB,))
    screen.page.show_one(own)
    assert "in Borovia" not in words(screen.page)
    dialog = SayDialog("Update", own, screen.page.words, screen)
    assert "Only Borovia (XB) reads it." in words(dialog) and "Everybody" not in words(dialog)
    dialog.reject()
