"""Dates as iCalendar (RFC 5545): events and tasks, in UTC or of whole days.

What is written holds no person and no time of its making but the one given. What is read is parsed by icalendar in the
confined child (`records`); its parent believes an entry after every check. Attachments, alarms and addresses of the web in
a file are never followed, and not kept.
"""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any, Final, Literal, cast

from valise.formats import records
from valise.formats.abc import refused
from valise.formats.confined import Limits
from valise.formats.records import Misread
from valise.formats.table import CONTROL

MAX_BYTES: Final = 16 * 2**20
MAX_ENTRIES: Final = 10_000
MAX_TEXT: Final = 20_000
MAX_LINE: Final = 1_000
MAX_PEOPLE: Final = 200
MARKING: Final = "X-VALISE-MARKING"
Kind = Literal["event", "task"]
KINDS: Final[tuple[Kind, ...]] = ("event", "task")
STATES: Final = ("", "tentative", "confirmed", "cancelled", "done")
# RFC 5545 3.8.1.11: the words differ by kind of entry
_STATUS: Final[dict[Kind, dict[str, str]]] = {
    "event": {"tentative": "TENTATIVE", "confirmed": "CONFIRMED", "cancelled": "CANCELLED"},
    "task": {"confirmed": "NEEDS-ACTION", "tentative": "IN-PROCESS", "done": "COMPLETED", "cancelled": "CANCELLED"},
}
LINES: Final[Mapping[str, str]] = {
    "ics.unknown": "the file is not a calendar, or a damaged one",
    "ics.big": "the calendar is larger than 16 MiB",
    "ics.too_many": "the calendar has more than 10,000 entries",
    "ics.empty": "the calendar holds no event and no task",
    "ics.date": "an entry has a date or time that does not exist, or none",
    "ics.order": "an entry ends before it begins",
    "ics.long": "an entry has a text longer than 20,000 characters",
    "ics.uid": "two entries of the calendar have the same identifier",
    "ics.control": "an entry holds control characters that no text has",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One date. `start` and `end`: YYYY-MM-DD (`end` is the last day, not the one after it) or YYYY-MM-DDTHH:MMZ; `end` "" =
    none. Of a task `start` is when it is due. `state` is one of STATES, `marking` as on the entry's own page. Only when read:
    `people` as the file names them, `repeats` (only the first is taken), `floating` (no time zone was said: taken as UTC)."""

    uid: str
    title: str
    start: str
    end: str = ""
    kind: Kind = "event"
    place: str = ""
    text: str = ""
    topics: tuple[str, ...] = ()
    state: str = ""
    marking: str = ""
    people: tuple[str, ...] = ()
    repeats: bool = False
    floating: bool = False


def uid(*parts: str) -> str:
    """The identifier of a date, the same on every laptop and in every export; it tells nothing of what it is made of."""
    raw = "\x1f".join(("valise date", *parts)).encode("utf-8", "surrogatepass")
    return f"{hashlib.sha256(raw).hexdigest()[:32]}@valise"


def written(entries: Sequence[Entry], title: str, at: int) -> bytes:
    """The file; `at` (ms UTC) is its time. It was read back and equals the entries.

    Misread("ics.date" | "ics.order" | "ics.long" | "ics.uid" | "ics.too_many" | "ics.empty" | "ics.control"),
    Refused("format.encoding")."""
    from icalendar import Calendar, Event, Todo

    if not 0 < len(entries) <= MAX_ENTRIES:
        raise misread("ics.too_many" if entries else "ics.empty")
    known: set[str] = set()
    for number, one in enumerate(entries, 1):
        _sound(one, number, known)
    stamp = datetime.fromtimestamp(at // 1000, UTC)
    calendar = Calendar()
    calendar.add("prodid", "-//Valise//Valise//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    if title:
        calendar.add("name", title)  # RFC 7986 5.1
        calendar.add("x-wr-calname", title)
    for one in entries:
        made = Event() if one.kind == "event" else Todo()
        made.add("uid", one.uid)
        made.add("dtstamp", stamp)
        made.add("summary", one.title)
        made.add("class", "CONFIDENTIAL")
        start = _when(one.start)
        if one.kind == "task":
            made.add("due", start)
        else:
            made.add("dtstart", start)
            if one.end:
                end = _when(one.end)
                made.add("dtend", end if isinstance(end, datetime) else end + timedelta(days=1))
            made.add("transp", "OPAQUE" if isinstance(start, datetime) else "TRANSPARENT")
        for name, value in (("location", one.place), ("description", one.text), (MARKING.lower(), one.marking)):
            if value:
                made.add(name, value)
        if one.topics:
            made.add("categories", list(one.topics))
        if status := _STATUS[one.kind].get(one.state):
            made.add("status", status)
        calendar.add_component(made)
    data = calendar.to_ical()
    plain = [replace(one, people=(), repeats=False, floating=False) for one in entries]
    if [Entry(**_typed(value)) for value in _parsed(data)] != [_normal(one) for one in plain]:
        raise refused("table.written")
    return cast(bytes, data)


def _normal(one: Entry) -> Entry:
    """As it is read back: line ends are LF, a state only where its kind has it, an end only of an event."""
    def ends(text: str) -> str:
        return text.replace("\r\n", "\n").replace("\r", "\n")

    return replace(
        one, title=ends(one.title), place=ends(one.place), text=ends(one.text), marking=ends(one.marking),
        topics=tuple(ends(each) for each in one.topics),
        state=one.state if one.state in _STATUS[one.kind] else "", end=one.end if one.kind == "event" else "",
    )  # fmt: skip


def _sound(one: Entry, number: int, known: set[str]) -> None:
    """Misread with the entry's number."""
    texts = (one.uid, one.title, one.place, one.text, one.marking, *one.topics, *one.people)
    if any("\ud800" <= char <= "\udfff" for text in texts if not text.isascii() for char in text):
        raise refused("format.encoding")
    if any(CONTROL.search(text) for text in texts):
        raise misread("ics.control", number)
    if any(len(text) > MAX_TEXT for text in texts) or len(one.topics) > 100 or len(one.people) > MAX_PEOPLE:
        raise misread("ics.long", number)
    start, end = _when(one.start, number), _when(one.end, number) if one.end else None
    if end is not None:
        if isinstance(end, datetime) is not isinstance(start, datetime):
            raise misread("ics.date", number)
        if end < start:
            raise misread("ics.order", number)
    if not one.uid or one.uid in known:
        raise misread("ics.uid", number)
    known.add(one.uid)


def _when(said: str, number: int = 0) -> date | datetime:
    """Misread("ics.date")."""
    try:
        if len(said) == 10 and said.isascii():
            return date.fromisoformat(said)
        if len(said) == 17 and said.isascii():
            return datetime.strptime(said, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
    except ValueError:
        pass
    raise misread("ics.date", number)


def read(source: Path | bytes, limits: Limits | None = None) -> list[Entry]:
    """The entries of a file, in its order. Misread("ics.*"), and the refusals of `records.read`."""
    made: list[Entry] = []
    known: set[str] = set()
    with closing(records.read("ics", source, None, limits)) as values:
        for value in values:
            if len(made) >= MAX_ENTRIES:
                raise refused("format.child")
            made.append(_believed(value))
            _sound(made[-1], len(made), known)
    if not made:
        raise misread("ics.empty")
    return made


def _believed(value: Any) -> Entry:
    if not isinstance(value, dict) or value.keys() != {one.name for one in fields(Entry)}:
        raise refused("format.child")
    if value["kind"] not in KINDS or value["state"] not in STATES:
        raise refused("format.child")
    for name, one in value.items():
        if name in ("topics", "people"):
            sound = isinstance(one, list) and len(one) <= MAX_PEOPLE and all(type(each) is str for each in one)
        elif name in ("repeats", "floating"):
            sound = type(one) is bool
        else:
            sound = type(one) is str
        if not sound:
            raise refused("format.child")
    return Entry(**_typed(value))


def _typed(value: Mapping[str, Any]) -> dict[str, Any]:
    return {**value, "topics": tuple(value["topics"]), "people": tuple(value["people"])}


# what runs in the child


_ZONES: dict[str, tzinfo] = {}  # every one there is: no file can be opened later


def prepare() -> None:
    """Load the library, every time zone, and what it opens only when a file brings zones of its own."""
    import zoneinfo

    import dateutil.parser  # type: ignore[import-untyped]  # noqa: F401
    from icalendar.timezone import tzp
    from icalendar.timezone.zoneinfo import ZONEINFO

    class Loaded(ZONEINFO):
        """The zones that are loaded; the library's own provider opens files for each name, and here there are none."""

        def timezone(self, name: str) -> tzinfo | None:
            return _ZONES.get(name)

        def knows_timezone_id(self, tzid: str) -> bool:
            return tzid in _ZONES

    codecs.lookup("utf-8-sig")
    _ZONES.update((name, zoneinfo.ZoneInfo(name)) for name in sorted(zoneinfo.available_timezones()))
    tzp.use(Loaded())
    for zone in ("W. Europe Standard Time", "A zone of its own"):
        list(_parsed(_WARM_UP.replace("ZONE", zone).encode("ascii")))
    tzp.use(Loaded())  # forgets the zone of its own


_WARM_UP: Final = "\r\n".join((
    "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//a//", "BEGIN:VTIMEZONE", "TZID:ZONE",
    "BEGIN:STANDARD", "DTSTART:20071104T020000", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU",
    "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "END:STANDARD",
    "BEGIN:DAYLIGHT", "DTSTART:20070311T020000", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU",
    "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", "END:DAYLIGHT",
    "END:VTIMEZONE", "BEGIN:VEVENT", "UID:a", "DTSTART;TZID=ZONE:20260110T100000", "END:VEVENT", "END:VCALENDAR", "",
))  # fmt: skip


def frames(stream: Any, options: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """One entry each."""
    data = stream.read(MAX_BYTES + 1)
    while data and len(data) <= MAX_BYTES and (more := stream.read(MAX_BYTES + 1 - len(data))):
        data += more
    if len(data) > MAX_BYTES:
        raise misread("ics.big")
    yield from _parsed(data)


def _parsed(data: bytes) -> Iterator[dict[str, Any]]:
    """Misread("ics.*")."""
    from icalendar import Calendar

    try:
        text = data.decode("utf-8-sig")
        found = Calendar.from_ical(text, multiple=True)
        whole = [one for one in found if one.name == "VCALENDAR"]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        raise misread("ics.unknown") from None
    if not whole:
        raise misread("ics.unknown")
    number = 0
    exceptions = 0
    for calendar in whole:
        for one in calendar.subcomponents:
            if one.name not in ("VEVENT", "VTODO"):
                continue
            if "RECURRENCE-ID" in one:  # one day of a series that was moved; the series itself is taken
                exceptions += 1
                continue
            number += 1
            if number > MAX_ENTRIES:
                raise misread("ics.too_many", number)
            try:
                yield _entry(one, number)
            except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError):
                raise misread("ics.date", number) from None


def _entry(one: Any, number: int) -> dict[str, Any]:
    kind: Kind = "event" if one.name == "VEVENT" else "task"
    floating = False

    def said(name: str) -> date | datetime | None:
        nonlocal floating
        if name not in one:
            return None
        value = one[name].dt
        if isinstance(value, datetime):
            floating = floating or value.tzinfo is None
            return (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)).replace(second=0, microsecond=0)
        if not isinstance(value, date):
            raise misread("ics.date", number)
        return value

    start = said("DTSTART") if kind == "event" else said("DUE") or said("DTSTART")
    if start is None:
        raise misread("ics.date", number)
    end: date | datetime | None = None
    if kind == "event":
        end = said("DTEND")
        if end is None and "DURATION" in one:
            end = start + one["DURATION"].dt
            if not isinstance(end, datetime) and isinstance(one["DURATION"].dt, timedelta) and one["DURATION"].dt.seconds:
                raise misread("ics.date", number)
        if end is not None and not isinstance(end, datetime):
            end = max(end - timedelta(days=1), start) if not isinstance(start, datetime) else end  # the day after the last
    words = _STATUS[kind]
    state = str(one.get("STATUS", "")).upper()
    return {
        "uid": _text(one, "UID", number)[:MAX_LINE] or uid(str(number), _text(one, "SUMMARY", number), str(start)),
        "title": _text(one, "SUMMARY", number), "start": _shown(start), "end": _shown(end) if end is not None else "",
        "kind": kind, "place": _text(one, "LOCATION", number), "text": _text(one, "DESCRIPTION", number),
        "topics": _topics(one), "state": next((ours for ours, theirs in words.items() if theirs == state), ""),
        "marking": _text(one, MARKING, number), "people": _people(one),
        "repeats": any(name in one for name in ("RRULE", "RDATE")), "floating": floating,
    }  # fmt: skip


def _shown(moment: date | datetime) -> str:
    if isinstance(moment, datetime):
        return f"{moment.year:04d}-{moment.month:02d}-{moment.day:02d}T{moment.hour:02d}:{moment.minute:02d}Z"
    return f"{moment.year:04d}-{moment.month:02d}-{moment.day:02d}"


def _text(one: Any, name: str, number: int) -> str:
    value = one.get(name, "")
    made = str(value[0] if isinstance(value, list) else value)
    if len(made) > MAX_TEXT:
        raise misread("ics.long", number)
    return "".join(char for char in made.replace("\r\n", "\n").replace("\r", "\n") if not CONTROL.match(char))


def _topics(one: Any) -> list[str]:
    found = one.get("CATEGORIES", [])
    several = found if isinstance(found, list) else [found]
    return [str(each)[:MAX_LINE] for group in several for each in getattr(group, "cats", [group])][:100]


def _people(one: Any) -> list[str]:
    found = one.get("ATTENDEE", [])
    several = found if isinstance(found, list) else [found]
    made = []
    for each in several[:MAX_PEOPLE]:
        name = str(getattr(each, "params", {}).get("CN", "")) or str(each).removeprefix("mailto:").removeprefix("MAILTO:")
        made.append("".join(char for char in name[:MAX_LINE] if char.isprintable()))
    return [name for name in made if name]


def misread(code: str, row: int = 0) -> Misread:
    """The refusal for a code of LINES; `row` counts entries."""
    return Misread(code, LINES[code], row)
