"""Reporting an incident: one screen, what is required first, one look at what leaves, drafts that stay."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fake_door import FakeDoor
from fake_incidents import OWN, form
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from walk import nameless

from valise.desk.door_incidents import Draft
from valise.domain.errors import NotAllowed
from valise.domain.incident import form as forms
from valise.ui.incidents import IncidentsScreen
from valise.ui.incidents.banner import ExerciseBanner
from valise.ui.incidents.leaving import LeavingDialog
from valise.ui.incidents.report import ReportPage
from valise.ui.tasks import Runner

Keep = Callable[[QWidget], Any]


@pytest.fixture
def page(keep: Keep, door: FakeDoor, runner: Runner) -> ReportPage:
    door.subscribe(runner.announce)
    made = IncidentsScreen(door, runner)
    runner.changed.connect(made.refresh)
    made.resize(1200, 800)
    keep(made)
    made.new()
    return made.report


def fill(page: ReportPage, **more: Any) -> None:
    for key, value in {**form(OWN), **more}.items():
        if key in page.fields:
            page.fields[key].set_value(value)


def words(root: QWidget) -> str:
    return "\n".join(one.text() for one in root.findChildren(QLabel) if one.isVisibleTo(root))


def leaving(page: ReportPage, qtbot: Any) -> LeavingDialog:
    page.go.click()
    qtbot.waitUntil(lambda: page._dialog is not None and page._dialog.isVisible())
    assert page._dialog is not None
    return page._dialog


def called(door: FakeDoor, name: str) -> list[Any]:
    return [one for one in door.calls if one[0] == name]


def test_seven_groups_on_one_page_and_required_ones_first(page: ReportPage) -> None:
    assert list(page.cards) == list(forms.GROUPS)
    assert set(page.fields) == set(forms.CARRIED["incident.open"]) - {"indicators"}
    for group, card in page.cards.items():
        must = [field.required for field in page.fields.values() if card.isAncestorOf(field)]
        assert must == sorted(must, reverse=True), group
    assert page.fields["attribution_disclaimer"].value() == 1 and page.fields["exercise"].value() == 0
    assert nameless(page) == []


def test_what_is_missing_is_named_and_gets_the_keyboard(page: ReportPage, door: FakeDoor) -> None:
    assert "Still required: Short neutral title" in page.said.plain()
    page.go.click()
    assert page.bar.isVisible() and "Short neutral title" in page.bar.happened.plain()
    assert page.fields["title"].editor.hasFocus()
    assert called(door, "incidents.look") == called(door, "incidents.open") == []


def test_what_was_missing_is_not_named_any_more_once_it_is_there(page: ReportPage) -> None:
    page.go.click()
    assert page.bar.isVisible()
    page.fields["title"].set_value("Control stations restart")
    page.fields["title"].changed.emit()
    assert page.bar.isVisible()
    fill(page)
    page.fields["title"].changed.emit()
    assert "Everything required" in page.said.plain() and not page.bar.isVisible()


def test_nothing_is_sent_before_it_was_looked_at(page: ReportPage, door: FakeDoor, qtbot: Any) -> None:
    fill(page)
    box = leaving(page, qtbot)
    assert called(door, "incidents.open") == []
    shown = words(box)
    assert "Borovia (XB)" in shown.replace("\u2068", "").replace("\u2069", "") and "Nobody else reads it" in shown
    for value in ("Two districts get water by tank lorry.", "AURELIA CONFIDENTIAL", "TLP:AMBER", "192.0.2.7"):
        assert value in shown
    assert nameless(box) == [] and box.cancel.hasFocus()
    box.cancel.click()
    assert called(door, "incidents.open") == [] and page.fields["title"].value()
    box = leaving(page, qtbot)
    with qtbot.waitSignal(page.sent):
        qtbot.keyClick(box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    (sent,) = called(door, "incidents.open")
    assert sent[1][1]["title"] == form(OWN)["title"] and sent[2]["draft"] == page.draft.id


def test_an_exercise_is_one_while_it_is_written_and_before_it_leaves(page: ReportPage, qtbot: Any) -> None:
    fill(page)
    assert not page.banner.isVisible()
    page.fields["exercise"].editor.click()
    assert page.banner.isVisible() and not page.page.isAncestorOf(page.banner)
    box = leaving(page, qtbot)
    banner = box.findChild(ExerciseBanner)
    assert isinstance(banner, ExerciseBanner) and banner.isVisible()
    box.reject()


def test_a_police_matter_is_refused_with_the_channel_named(page: ReportPage, door: FakeDoor) -> None:
    fill(page)
    page.judicial.click()
    assert not page.go.isEnabled() and all(not card.isEnabled() for card in page.cards.values())
    said = page.channels.plain()
    assert page.channels.isVisible() and "central authority" in said and "INTERPOL" in said and "24/7" in said
    page.look()
    assert called(door, "incidents.look") == []
    page.incident.click()
    assert page.go.isEnabled() and not page.channels.isVisible()


def test_words_that_ask_for_it_are_refused_too_and_stay(page: ReportPage, qtbot: Any) -> None:
    fill(page, request_detail="We ask for mutual legal assistance.")
    page.go.click()
    qtbot.waitUntil(page.bar.isVisible)
    assert "Police and judicial matters are not sent here" in page.bar.happened.plain()
    assert page.fields["request_detail"].value() == "We ask for mutual legal assistance."


def test_red_to_a_group_is_refused(page: ReportPage, qtbot: Any) -> None:
    fill(page, tlp="TLP:RED")
    page.room.setCurrentIndex(1)
    assert "not for a group" in page.readers.plain()
    page.go.click()
    qtbot.waitUntil(page.bar.isVisible)
    assert "TLP:RED" in page.bar.happened.plain()
    page.room.setCurrentIndex(0)
    leaving(page, qtbot).reject()


def test_a_refusal_at_the_last_moment_loses_nothing(page: ReportPage, door: FakeDoor, qtbot: Any) -> None:
    fill(page)
    box = leaving(page, qtbot)
    door.fail("incidents.open", NotAllowed("rights.missing"))
    box.go.click()
    qtbot.waitUntil(page.bar.isVisible)
    assert page.isVisible() and page.fields["title"].value() == form(OWN)["title"]


def test_what_is_written_is_kept_before_a_lock_and_on_leaving(page: ReportPage, door: FakeDoor, qtbot: Any) -> None:
    fill(page)
    page.embargo.set_value(1_796_140_800_000)
    assert page.touched()
    page.save()
    (held,) = door.incidents.kept.values()
    assert held.form["title"] == form(OWN)["title"] and held.embargo == 1_796_140_800_000 and not page.touched()
    page.fields["title"].set_value("Another")
    page.back.click()
    qtbot.waitUntil(lambda: next(iter(door.incidents.kept.values())).form["title"] == "Another")
    screen = page.parentWidget().parentWidget()
    assert isinstance(screen, IncidentsScreen)
    qtbot.waitUntil(screen.goes_on.isVisible)
    screen.goes_on.click()
    assert page.fields["title"].value() == "Another" and page.embargo.value() == 1_796_140_800_000
    page.drop.click()
    qtbot.waitUntil(lambda: not door.incidents.kept)


def test_every_value_comes_back_as_it_was_filled_in(page: ReportPage) -> None:
    full = form(
        OWN, severity={"level": "3", "scale": "A to E"}, onward_sharing=["CSIRT"], reply_requested_by=1_796_140_800_000,
        first_observed=1_796_000_000_000 - 1_796_000_000_000 % 60_000, cross_border="c", evidence_preserved="e", request_detail="r",
        legal_basis="l", their_reference="t", sectors=["water", "food"],
    )  # fmt: skip
    page.start(Draft("x", form=full), [])
    assert page.form() == {key: value for key, value in full.items() if key in page.fields}


def test_none_stands_alone_and_bad_times_are_not_sent(page: ReportPage, door: FakeDoor) -> None:
    field = page.fields["requested_actions"]
    field.boxes["information"].click()
    field.boxes["none"].click()
    assert field.value() == ["none"]
    field.boxes["mitigate"].click()
    assert field.value() == ["mitigate"]
    fill(page)
    page.fields["reply_requested_by"].exact.setText("tomorrow")
    page.go.click()
    assert page.bar.isVisible() and called(door, "incidents.look") == []
    page.fields["reply_requested_by"].exact.clear()
    places = page.fields["infrastructure_in_recipient_territory"].editor
    places.lines[0].start.setText("2026-12-01 18:00")  # type: ignore[attr-defined]
    places.lines[0].end.setText("2026-12-01 17:00")  # type: ignore[attr-defined]
    page.go.click()
    assert called(door, "incidents.look") == []


def test_a_slip_of_the_hand_lifts_no_embargo(page: ReportPage, door: FakeDoor) -> None:
    fill(page)
    page.embargo.exact.setText("1 December")
    assert "no time" in page.embargo.clocks.plain()
    page.go.click()
    assert "embargo" in page.bar.happened.text() and page.embargo.exact.hasFocus() and called(door, "incidents.look") == []
    page.embargo.exact.clear()
    assert page.embargo.clocks.plain() == ""


def test_every_field_takes_the_keyboard_when_it_is_what_is_missing(page: ReportPage, qtbot: Any) -> None:
    for key, field in page.fields.items():
        field.setFocus()
        here = QApplication.focusWidget()
        assert here is not None and field.isAncestorOf(here), key
    page.go.click()
    page.fields["title"].editor.setText("Trouble")  # type: ignore[attr-defined]
    page.go.click()
    assert page.fields["sectors"].boxes["energy"].hasFocus()


def test_the_key_that_is_promised_looks_at_what_leaves(page: ReportPage, door: FakeDoor, qtbot: Any) -> None:
    fill(page)
    page.fields["title"].editor.setFocus()
    qtbot.keyClick(page.fields["title"].editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(called(door, "incidents.look")))


def test_points_of_contact_are_offered_beside_free_words(page: ReportPage, qtbot: Any) -> None:
    qtbot.waitUntil(lambda: page.offers["to_entries"].isVisibleTo(page))
    assert not page.offers["from_entry"].isVisibleTo(page)  # the directory has none of ours
    field, offer = page.fields["to_entries"], page.offers["to_entries"]
    field.set_value(["Whoever is on duty"])
    offer.menu.aboutToShow.emit()
    first, second = offer.menu.actions()[:2]
    assert first.text().startswith("XB: ")
    for action in (first, second, first):
        action.trigger()
    assert field.value() == ["Whoever is on duty", first.text(), second.text()]
