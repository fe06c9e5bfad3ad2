"""Dates as iCalendar: others read what we write, and what is read is believed after every check."""

from __future__ import annotations

import random
from dataclasses import replace

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from valise.domain.errors import Refused
from valise.formats import ics, records
from valise.formats.ics import Entry
from valise.formats.records import Misread

AT = 1_796_774_400_000
DAY = Entry("a@valise", "Plenary", "2026-12-08", "2026-12-11", place="New York", text="1. Norms\n2. Contacts", marking="TLP:AMBER",
            topics=("Event", "one, two"), state="confirmed")  # fmt: skip
CALL = Entry("b@valise", "Call; with \\ Borovia, at last", "2026-12-08T15:30Z", "2026-12-08T16:00Z")
TASK = Entry("c@valise", "Answer by", "2026-12-10", kind="task", state="done")
WORDS = st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufffe\uffff\u2028\u2029"), max_size=80)


def file(*lines: str) -> bytes:
    body = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Somebody//EN", *lines, "END:VCALENDAR", "")
    return "\r\n".join(body).encode()


def event(*lines: str, uid: str = "1") -> tuple[str, ...]:
    return ("BEGIN:VEVENT", f"UID:{uid}", *lines, "END:VEVENT")


def test_written_and_read_again() -> None:
    data = ics.written([DAY, CALL, TASK], "Dates of Aurelia", AT)
    assert ics.read(data) == [DAY, CALL, TASK]
    assert data == ics.written([DAY, CALL, TASK], "Dates of Aurelia", AT)


def test_a_calendar_of_others_accepts_it() -> None:
    calendar = icalendar.Calendar.from_ical(ics.written([DAY, CALL, TASK], "Dates", AT))
    plenary, call = calendar.walk("VEVENT")
    assert not plenary.errors and plenary["DTEND"].dt.isoformat() == "2026-12-12"  # the day after the last (3.6.1)
    assert call["DTSTART"].to_ical() == b"20261208T153000Z" and str(call["SUMMARY"]) == CALL.title
    assert calendar.walk("VTODO")[0]["DUE"].dt.isoformat() == "2026-12-10"
    raw = ics.written([replace(DAY, title="é" * 200)], "", AT)
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert b"ATTENDEE" not in raw and b"ORGANIZER" not in raw


@settings(max_examples=60)
@given(WORDS, WORDS, WORDS)
def test_any_words_are_the_same_again(title: str, place: str, text: str) -> None:
    one = Entry("x@valise", title, "2026-12-08", place=place, text=text)
    data = ics.written([one], title, AT)  # reads it back itself and refuses a difference
    assert data.startswith(b"BEGIN:VCALENDAR\r\n")


def test_identifiers_are_stable_and_tell_nothing() -> None:
    first = ics.uid("consultations", "stated", "row", "date")
    assert first == ics.uid("consultations", "stated", "row", "date") != ics.uid("consultations", "stated", "row", "follow_by")
    assert ics.uid("a", "bc") != ics.uid("ab", "c")
    assert "consult" not in first and first.endswith("@valise")


def test_time_zones_become_utc_also_those_of_windows() -> None:
    made = ics.read(file(
        *event("DTSTART;TZID=W. Europe Standard Time:20260110T100000", "DTEND;TZID=America/New_York:20260110T110000", "SUMMARY:A"),
        *event("DTSTART:20260505T101112", "DURATION:PT1H", "SUMMARY:B", uid="2"),
    ))  # fmt: skip
    assert (made[0].start, made[0].end, made[0].floating) == ("2026-01-10T09:00Z", "2026-01-10T16:00Z", False)
    assert (made[1].start, made[1].end, made[1].floating) == ("2026-05-05T10:11Z", "2026-05-05T11:11Z", True)


@pytest.mark.parametrize(("zone", "hour"), [
    ("America/New_York", "15:00"), ("Pacific Standard Time", "15:00"), ("Europe/Sarajevo", "09:00"),
    ("Customized Time Zone 1", "15:00"), ("(UTC-05:00) East", "15:00"), ("/elsewhere.example/Europe/Paris", "15:00"),
])  # fmt: skip
@pytest.mark.parametrize("until", ["", ";UNTIL=20401104T060000Z"])
def test_a_file_that_brings_its_zones_is_read(zone: str, hour: str, until: str) -> None:
    """Most programs write the rules of the zones they use; the process that reads has no file to look a name up in.
    A name of the world's own list means what that list says, any other what the file says."""
    rules = [
        line for name, month, day, before, after in (("STANDARD", 11, "1SU", "-0400", "-0500"), ("DAYLIGHT", 3, "2SU", "-0500", "-0400"))
        for line in (f"BEGIN:{name}", f"DTSTART:2007{month:02}04T020000", f"RRULE:FREQ=YEARLY;BYMONTH={month};BYDAY={day}{until}",
                     f"TZOFFSETFROM:{before}", f"TZOFFSETTO:{after}", f"END:{name}")
    ]  # fmt: skip
    own = ("BEGIN:VTIMEZONE", f"TZID:{zone}", *rules, "END:VTIMEZONE")
    data = file(*own, *event(f'DTSTART;TZID="{zone}":20261124T100000', "SUMMARY:A"))
    [read] = ics.read(data)
    assert (read.start, read.floating) == (f"2026-11-24T{hour}Z", False)


def test_a_zone_nobody_knows_is_said_to_be_none() -> None:
    [read] = ics.read(file(*event('DTSTART;TZID="Nowhere/At all":20261124T100000', "SUMMARY:A")))
    assert (read.start, read.floating) == ("2026-11-24T10:00Z", True)


def test_series_and_their_exceptions_are_told() -> None:
    made = ics.read(file(
        *event("DTSTART:20260505T100000Z", "RRULE:FREQ=WEEKLY", "SUMMARY:Weekly", "ATTENDEE;CN=Second Secretary:mailto:a@example.org"),
        *event("DTSTART:20260513T100000Z", "RECURRENCE-ID:20260512T100000Z", "SUMMARY:Moved", uid="1"),
    ))  # fmt: skip
    assert [(one.title, one.repeats, one.people) for one in made] == [("Weekly", True, ("Second Secretary",))]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "ics.unknown"), (b"hello", "ics.unknown"), (b"\xff\xfe\xfd", "ics.unknown"), (file(), "ics.empty"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "ics.unknown"), (b"BEGIN:VCALENDAR\r\nEND:VEVENT\r\n", "ics.empty"),
        (file(*event("SUMMARY:no date")), "ics.date"), (file(*event("DTSTART:20261305")), "ics.date"),
        (file(*event("DTSTART;VALUE=DATE:20260230")), "ics.date"),
        (file(*event("DTSTART:20260505T100000Z", "DTEND:20260505T090000Z")), "ics.order"),
        (file(*event("DTSTART:20260505T100000Z", f"SUMMARY:{'x' * 20_001}")), "ics.long"),
        (file(*event("DTSTART:20260505"), *event("DTSTART:20260506")), "ics.uid"),
        (b" " * (16 * 2**20 + 1), "ics.big"),
    ],
)  # fmt: skip
def test_bad_calendars_are_refused_whole(data: bytes, code: str) -> None:
    with pytest.raises(Misread) as refusal:
        ics.read(data)
    assert refusal.value.code == code


def test_too_many_entries() -> None:
    many = (line for n in range(10_001) for line in event("DTSTART:20260505", uid=str(n)))
    with pytest.raises(Misread) as refusal:
        ics.read(file(*many))
    assert refusal.value.code == "ics.too_many"


def test_damaged_calendars_are_read_or_refused_and_nothing_else() -> None:
    """What the library makes of them never leaves the child as another error."""
    whole = file(
        *event("DTSTART;TZID=Europe/Paris:20260110T100000", "DURATION:P1DT2H", "SUMMARY;LANGUAGE=en:a\\, b", "CATEGORIES:A,B",
               "ATTENDEE;CN=\"A, B\":mailto:a@example.org", "RRULE:FREQ=YEARLY;BYMONTH=10"),
        "BEGIN:VTODO", "UID:2", "DUE;VALUE=DATE:20260110", "END:VTODO",
    )  # fmt: skip
    bits = (b"DTSTART", b"99999999T999999Z", b"P99999999999D", b"-P1D", b":", b";", b"\"", b"\r\n", b"\0", b"\xff", b"BEGIN:VEVENT",
            b"END:VEVENT", b"00010101", b"99991231T235959Z", b"TZID=", b"/PT1H")  # fmt: skip
    chance, outcomes = random.Random(70), set()
    for _ in range(400):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(data))
            data[at : at + chance.randint(0, 8)] = chance.choice(bits)
        try:
            outcomes.add(len(list(ics._parsed(bytes(data)))))
        except Misread as refusal:
            outcomes.add(refusal.code)
    assert {2, "ics.unknown", "ics.date"} <= outcomes


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (replace(DAY, start="2026-02-30"), "ics.date"), (replace(DAY, start="soon"), "ics.date"),
        (replace(DAY, end="2026-12-08T10:00Z"), "ics.date"), (replace(DAY, end="2026-12-07"), "ics.order"),
        (replace(DAY, title="x" * 20_001), "ics.long"), (replace(DAY, uid=""), "ics.uid"), (replace(DAY, text="a\0"), "ics.control"),
        (replace(DAY, title="\ud800"), "format.encoding"),
    ],
)  # fmt: skip
def test_what_no_calendar_holds_is_not_written(entry: Entry, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        ics.written([entry], "", AT)
    assert refusal.value.code == code


@pytest.mark.parametrize("change", [
    {"kind": "party"}, {"state": "later"}, {"title": 1}, {"topics": "a"}, {"people": [1]}, {"repeats": "yes"}, {"more": 1},
])  # fmt: skip
def test_a_child_that_lies_is_not_believed(change: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> None:
    sound = {"uid": "1", "title": "A", "start": "2026-12-08", "end": "", "kind": "event", "place": "", "text": "", "topics": [],
             "state": "", "marking": "", "people": [], "repeats": False, "floating": False}  # fmt: skip

    def lies(*_args: object) -> object:
        yield {**sound, **change}

    monkeypatch.setattr(records, "read", lies)
    with pytest.raises(Refused) as refusal:
        ics.read(b"")
    assert refusal.value.code == "format.child"
