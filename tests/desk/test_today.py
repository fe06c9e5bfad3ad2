"""Every date in one order, what of it is due, and calendars out and in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import icalendar
import pytest
from tests.world import START, World

from valise.desk.desk import Desk
from valise.desk.door_registers import Filter, Place
from valise.desk.door_today import Dated
from valise.domain.errors import NotAllowed
from valise.formats.records import Misread

DAY = 24 * 3600 * 1000
TODAY = "2026-12-09"  # of tests.world.START
FOREIGN = (
    "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Somebody//EN", "BEGIN:VEVENT", "UID:foreign-1", "DTSTART:20261215T100000Z",
    "SUMMARY:Call with Gallia Minor", "LOCATION:Vienna", "DESCRIPTION:1. Directory", "END:VEVENT", "END:VCALENDAR", "",
)  # fmt: skip


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, ("XA",))
    yield made
    made.close()


@pytest.fixture
def desk(world: World) -> Desk:
    return world["XA"]


@pytest.fixture
def rows(desk: Desk) -> dict[str, str]:
    """One consultation and one event; name -> row key."""
    call = desk.registers.new_row("consultations", {
        "date": ["2026-12-10T15:30Z"], "subject": ["Call with Borovia"], "agenda": ["1. Norms"], "place": ["Geneva"],
        "follow_by": ["2026-12-20"], "status": ["planned"],
    })  # fmt: skip
    event = desk.registers.new_row("events", {
        "name": ["Plenary"], "begins": ["2026-12-08"], "ends": ["2026-12-11"], "place": ["New York"], "register_by": ["2026-12-01"],
    })  # fmt: skip
    return {"call": call.row, "event": event.row}


def ours(desk: Desk, first: str, last: str, language: str = "en") -> list[Dated]:
    """The dates that are not those of the forums the program ships."""
    return [one for one in desk.today.dates(first, last, language) if not one.ref.startswith("forums/")]


def due(desk: Desk) -> dict[str, tuple[str, ...]]:
    return {one.line: one.values for one in desk.overview().due if one.line.startswith(("register.", "date."))}


def test_all_of_it_in_order_with_where_it_stands(desk: Desk, rows: dict[str, str]) -> None:
    found = ours(desk, "2026-12-01", "2026-12-31")
    assert [(one.first, one.last, one.time, one.sort, one.title) for one in found] == [
        ("2026-12-01", "2026-12-01", "", "deadline", "Plenary"),
        ("2026-12-08", "2026-12-11", "", "event", "Plenary"),
        ("2026-12-10", "2026-12-10", "15:30", "meeting", "Call with Borovia"),
        ("2026-12-20", "2026-12-20", "", "deadline", "Call with Borovia"),
    ]
    assert {(one.screen, one.ref) for one in found} == {
        ("registers", f"events/stated//{rows['event']}"), ("registers", f"consultations/stated//{rows['call']}")
    }  # fmt: skip
    assert len({one.uid for one in found}) == 4


@pytest.mark.parametrize(("first", "last", "many"), [
    ("2026-12-09", "2026-12-09", 1), ("2026-12-11", "2026-12-11", 1), ("2026-12-12", "2026-12-19", 0), ("2026-12-10", "2026-12-10", 2),
])  # fmt: skip
def test_what_goes_on_is_there_on_each_of_its_days(desk: Desk, rows: dict[str, str], first: str, last: str, many: int) -> None:
    assert len(ours(desk, first, last)) == many


def test_rows_taken_out_have_no_dates(desk: Desk, rows: dict[str, str]) -> None:
    place = next(one.place for one in desk.registers.page(desk.registers.ids("events")))
    desk.registers.take_out(place)
    assert {one.title for one in ours(desk, "2026-12-01", "2026-12-31")} == {"Call with Borovia"}


def test_silence_and_sign_on_stand_beside_them(desk: Desk) -> None:
    room = desk.rooms.internal()
    text = desk.texts.open(room, "Draft", paragraphs=[{"section": "OP", "label": "OP 1", "words": "A", "status": "open"}])
    with desk.context.write() as tx:
        tx.run("update text set silence = 'running', silence_until = ? where id = ?", (START + 3 * DAY, text))
    (one,) = ours(desk, "2026-12-12", "2026-12-12")
    assert (one.sort, one.title, one.time, one.screen, one.ref) == ("silence", "Draft", "00:00", "texts", text)


# what is due


def test_what_is_due_of_registers(desk: Desk, rows: dict[str, str], world: World) -> None:
    found = due(desk)
    assert found["register.overdue"][:2] == ("Plenary", "events:register_by")
    assert found["date.event"] == ("Plenary", "2026-12-08")
    assert found["date.meeting"][0] == "Call with Borovia"
    assert "register.deadline" not in found  # eleven days ahead
    world.clock.advance(9 * DAY)
    found = due(desk)
    assert found["register.deadline"][:2] == ("Call with Borovia", "consultations:follow_by")
    assert "date.event" not in found and "date.meeting" not in found


def test_what_is_settled_is_not_due(desk: Desk, rows: dict[str, str], world: World) -> None:
    world.clock.advance(12 * DAY)
    assert due(desk)["register.overdue"]
    for name in ("consultations", "events"):
        place = desk.registers.page(desk.registers.ids(name))[0].place
        desk.registers.set(place, {"status": ["done"]})
    assert due(desk) == {}


def test_late_reviews_are_counted_by_register_and_side(desk: Desk) -> None:
    for name, review in (("Old", "2026-12-01"), ("Older", "2025-01-01"), ("New", "2027-06-01")):
        desk.registers.new_row("stakeholders", {"name": [name], "kind": ["civil-society"], "review": [review]})
    (one,) = [one for one in desk.overview().due if one.line == "register.review"]
    assert (one.ref, one.values) == ("stakeholders/#stated", ("stakeholders", "2"))
    assert one.at == int(datetime(2025, 1, 1, tzinfo=UTC).timestamp() * 1000)  # since when the oldest of them is


def test_what_is_due_is_asked_for_once_a_day_and_after_each_change(desk: Desk, rows: dict[str, str], world: World) -> None:
    asked: list[str] = []
    look = desk.today._due
    desk.today._due = lambda one, *more: (asked.append(one.id), look(one, *more))[1]  # type: ignore[method-assign]
    for _ in range(3):
        desk.overview()
    assert len(asked) == len(set(asked)) == len(desk.registers.definitions())
    asked.clear()
    desk.registers.set(desk.registers.page(desk.registers.ids("events"))[0].place, {"note": ["x"]})
    desk.overview()
    assert asked == ["events"]
    world.clock.advance(DAY)
    desk.overview()
    assert len(asked) == 1 + len(desk.registers.definitions())


def test_what_is_due_names_states_in_the_language_that_is_asked_for(desk: Desk) -> None:
    desk.registers.new_row("pledges", {"state": ["EG"], "pledge": ["Course"], "date": ["2026-10-01"], "due": ["2026-12-01"]})

    def title(language: str) -> str:
        return next(one.values[0] for one in desk.overview(language).due if one.line == "register.overdue")

    assert [title(one) for one in ("fr", "en", "zh", "fr")] == ["Égypte · Course", "Egypt · Course", "埃及 · Course", "Égypte · Course"]
    desk.registers.name_state("EG", "Our neighbour", language="fr")
    assert title("fr") == "Our neighbour · Course"  # at once, not when the register changes next


def test_of_many_the_latest_are_named_and_the_rest_counted(desk: Desk) -> None:
    with desk.together():
        for n in range(30):
            desk.registers.new_row("consultations", {
                "date": [f"2026-11-{1 + n % 28:02d}T10:00Z"], "subject": [f"Call {n}"], "follow_by": [f"2026-11-{n + 1:02d}"],
                "status": ["done" if n == 29 else "planned"],
            })  # fmt: skip
    found = [one for one in desk.overview().due if one.line.startswith("register.")]
    named = [one.values[0] for one in found if one.line == "register.overdue"]
    assert named == [f"Call {n}" for n in range(4, 29)]  # the one that is done is not among them
    assert [one.values for one in found if one.line == "register.more"] == [("consultations", "4")]


# files


def test_a_calendar_accepts_what_is_exported(desk: Desk, rows: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "dates.ics"
    assert desk.today.export(ours(desk, "2026-12-01", "2026-12-31"), "December", file) == 4
    events = icalendar.Calendar.from_ical(file.read_bytes()).walk("VEVENT")
    assert [str(one["SUMMARY"]) for one in events] == [
        "Registration until: Plenary", "Plenary", "Call with Borovia", "Follow-up due: Call with Borovia"
    ]  # fmt: skip
    with pytest.raises(Misread):
        desk.today.export([], "Nothing", tmp_path / "none.ics")
    assert not (tmp_path / "none.ics").exists()


def test_what_we_assessed_is_shown_and_leaves_in_no_calendar(desk: Desk, tmp_path: Path) -> None:
    desk.registers.set(Place("norms", "XB/f"), {"review": ["2026-12-14"]})
    desk.registers.set(Place("norms", "XC/f", "assessed"), {"review": ["2026-12-15"], "gaps": ["no office for it"]})
    shown = ours(desk, "2026-12-14", "2026-12-15")
    assert [(one.first, one.internal) for one in shown] == [("2026-12-14", False), ("2026-12-15", True)]
    file = tmp_path / "dates.ics"
    assert desk.today.export(shown, "December", file) == 1
    (event,) = icalendar.Calendar.from_ical(file.read_bytes()).walk("VEVENT")
    assert "Borovia" in event["SUMMARY"] and b"Castellan" not in file.read_bytes()
    with pytest.raises(Misread):
        desk.today.export(shown[1:], "December", tmp_path / "none.ics")
    assert not (tmp_path / "none.ics").exists()


def test_read_back_it_changes_nothing(desk: Desk, rows: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "dates.ics"
    desk.today.export(ours(desk, "2026-12-01", "2026-12-31"), "December", file)
    for register in ("events", "consultations"):
        found = desk.today.read(register, file)
        assert (found.rows, found.equal, found.total_changes, found.total_faults) == (1, 1, 0, 0)


def test_what_was_moved_elsewhere_is_moved_here(desk: Desk, rows: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "dates.ics"
    desk.today.export(ours(desk, "2026-12-01", "2026-12-31"), "December", file)
    file.write_bytes(file.read_bytes().replace(b"20261210T153000Z", b"20261214T090000Z").replace(b"20261220", b"20261222"))
    found = desk.today.read("consultations", file)
    assert {(one.field, one.after) for one in found.changes} == {("date", "2026-12-14 09:00 UTC"), ("follow_by", "2026-12-22")}
    assert desk.registers.take(found.token) == 1
    (row,) = desk.registers.page(desk.registers.ids("consultations"))
    assert row.cells["date"].values == ("2026-12-14T09:00Z",) and row.cells["agenda"].values == ("1. Norms",)


def test_entries_of_others_become_rows_once(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "theirs.ics"
    file.write_text("\r\n".join(FOREIGN), newline="")
    found = desk.today.read("consultations", file)
    assert desk.registers.ids("consultations").tolist() == []  # a look changes nothing
    assert found.total_faults == 0 and desk.registers.take(found.token) == 1
    (row,) = desk.registers.page(desk.registers.ids("consultations"))
    assert [row.cells[name].shown for name in ("date", "subject", "place", "agenda")] == [
        "2026-12-15 10:00 UTC", "Call with Gallia Minor", "Vienna", "1. Directory"
    ]  # fmt: skip
    again = desk.today.read("consultations", file)
    assert (again.equal, again.total_changes) == (1, 0)


def test_what_of_a_calendar_is_not_taken_as_it_stands_is_counted(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "theirs.ics"
    body = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Somebody//EN"]
    for uid, lines in (("1", ["DTSTART:20261215T100000Z", "RRULE:FREQ=WEEKLY;COUNT=4"]), ("2", ["DTSTART:20261216T100000"]),
                       ("3", ["DTSTART;VALUE=DATE:20261217", "DTEND;VALUE=DATE:20261219"])):  # fmt: skip
        body += ["BEGIN:VEVENT", f"UID:{uid}", f"SUMMARY:Meeting {uid}", *lines, "END:VEVENT"]
    file.write_text("\r\n".join([*body, "END:VCALENDAR", ""]), newline="")
    counted = {name: desk.today.read(name, file) for name in ("consultations", "events")}
    assert {name: (one.series, one.floating, one.whole_days) for name, one in counted.items()} == {
        "consultations": (1, 1, 1), "events": (1, 1, 0)
    }  # fmt: skip


def test_bad_calendars_and_other_registers_are_refused(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "bad.ics"
    file.write_bytes(b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20261340\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
    with pytest.raises(Misread) as refusal:
        desk.today.read("events", file)
    assert (refusal.value.code, refusal.value.row) == ("ics.date", 1)
    with pytest.raises(NotAllowed) as error:
        desk.today.read("norms", file)
    assert error.value.code == "today.register"


def test_sessions_of_forums_that_were_shipped_are_in_the_calendar(desk: Desk, tmp_path: Path) -> None:
    def sessions(first: str, last: str, language: str = "en") -> list[tuple[str, str, str]]:
        return [(one.first, one.last, one.title) for one in desk.today.dates(first, last, language)]

    (shipped,) = sessions("2026-12-01", "2026-12-31")
    assert shipped == ("2026-12-07", "2026-12-11", "Global Mechanism on ICT security")
    assert sessions("2026-12-09", "2026-12-09") == sessions("2026-12-11", "2026-12-11") == [shipped]
    assert sessions("2026-12-12", "2026-12-31") == [] == sessions("2026-12-01", "2026-12-06")
    (told,) = desk.today.dates("2026-12-01", "2026-12-31", "fr")
    item = desk.registers.definition("forums").item(told.ref.rpartition("/")[2])
    assert item is not None and told.title == item.title.in_("fr") != item.title.in_("en")
    file = tmp_path / "dates.ics"
    desk.today.export([told], "December", file)
    assert desk.today.read("events", file).total_changes == 0  # a date of a register of ours is no new event
    place = Place("forums", item.id)
    desk.registers.set(place, {"short": ["ours"]})
    assert sessions("2026-12-01", "2026-12-31") == [shipped]  # written in, and its dates still those that were shipped
    desk.registers.set(place, {"next_begins": ["2027-01-05"], "next_ends": ["2027-01-06"]})
    assert sessions("2026-12-01", "2026-12-31") == [] and [one[:2] for one in sessions("2027-01-06", "2027-01-06")] == [("2027-01-05", "2027-01-06")]
    desk.registers.take_out(place)
    assert sessions("2027-01-01", "2027-01-31") == []


def test_shipped_rows_are_called_by_their_title_in_the_language_asked_for(desk: Desk, tmp_path: Path) -> None:
    registers = desk.registers
    for register, column in (("forums", "name"), ("documents", "title"), ("organizations", "name")):
        definition = registers.definition(register)
        for row in registers.page(registers.ids(register), "fr"):
            item = definition.item(row.place.row)
            assert item is not None and row.cells[column].shown == item.title.in_("fr") and item.title.in_("fr") in row.title
        file = tmp_path / f"{register}.csv"
        registers.export(register, "stated", "csv", file, language="fr")
        found = registers.read(register, "stated", file)
        assert (found.equal, found.total_changes, found.total_faults) == (len(definition.items), 0, 0)
    place, title = Place("organizations", "unidir"), "Institut des Nations Unies pour la recherche sur le désarmement"
    assert place in [one.place for one in registers.page(registers.ids("organizations", filter=Filter(words="recherche désarmement")))]
    registers.set(place, {"role": ["ours"]})
    hit = next(one for one in desk.search("UNIDIR", language="fr") if one.ref.startswith("organizations/"))
    assert title in hit.title
    registers.set(place, {"name": ["Our own name for it"]})
    assert registers.row(place, "fr").cells["name"].shown == "Our own name for it"
