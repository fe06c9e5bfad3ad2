"""The deadline as a calendar file, to the byte; and the deadline in words."""

from __future__ import annotations

from datetime import timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valise.domain.text.model import Silence
from valise.ui.seeing import deadline
from valise.ui.seeing.calendar import LINE, entry, escaped, folded

OPENED, UNTIL = 1_796_140_800_000, 1_796_324_400_000  # 2026-12-01 16:00 and 2026-12-03 19:00 UTC
ONE = Silence("abc-DEF_123", "rev", "FICT/1/Rev.2", "", OPENED, UNTIL, UNTIL, "running", False)


def test_an_entry_to_the_byte() -> None:
    assert entry(ONE, "Silence ends: FICT/1/Rev.2", "It stands as agreed, unless broken; ask.") == (
        b"BEGIN:VCALENDAR\r\n"
        b"VERSION:2.0\r\n"
        b"PRODID:-//Valise//Silence procedure//EN\r\n"
        b"CALSCALE:GREGORIAN\r\n"
        b"BEGIN:VEVENT\r\n"
        b"UID:abc-DEF_123@silence.valise\r\n"
        b"DTSTAMP:20261201T160000Z\r\n"
        b"SEQUENCE:0\r\n"
        b"DTSTART:20261203T190000Z\r\n"
        b"SUMMARY:Silence ends: FICT/1/Rev.2\r\n"
        b"DESCRIPTION:It stands as agreed\\, unless broken\\; ask.\r\n"
        b"CLASS:CONFIDENTIAL\r\n"
        b"TRANSP:TRANSPARENT\r\n"
        b"END:VEVENT\r\n"
        b"END:VCALENDAR\r\n"
    )


def test_an_extension_replaces_the_entry_a_calendar_has() -> None:
    later = Silence(ONE.id, "rev", ONE.symbol, "", OPENED, UNTIL + 86_400_000, UNTIL, "running", False)
    made = entry(later, "x").split(b"\r\n")
    assert b"UID:abc-DEF_123@silence.valise" in made and b"SEQUENCE:1440" in made
    assert b"DTSTART:20261204T190000Z" in made and b"DTSTAMP:20261201T160000Z" in made
    assert not any(line.startswith(b"DESCRIPTION") for line in made)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a;b,c", "a\\;b\\,c"), ("back\\slash", "back\\\\slash"), ("two\r\nlines\nthree\rfour", "two\\nlines\\nthree\\nfour"),
        ("bell\x07 and \x00", "bell and "), ("a:\"b\"\tc", "a:\"b\"\tc"), ("\\n", "\\\\n"), ("a\u2028b", "a\\nb"),
    ],
)  # fmt: skip
def test_text_is_escaped(text: str, wanted: str) -> None:
    assert escaped(text) == wanted


@given(st.text(max_size=400))
def test_lines_are_folded_between_characters_and_nothing_is_lost(text: str) -> None:
    line = escaped(text)
    made = folded(line)
    assert made.endswith(b"\r\n")
    parts = made[:-2].split(b"\r\n")
    assert all(len(part) <= LINE for part in parts)
    for part in parts:
        part.decode("utf-8")  # no character is cut
    assert all(part.startswith(b" ") for part in parts[1:])
    assert b"".join([parts[0], *(part[1:] for part in parts[1:])]) == line.encode("utf-8", "replace")


def test_a_peers_symbol_cannot_add_a_line_of_its_own() -> None:
    made = entry(ONE, "x\r\nATTENDEE:mailto:a@b\nEND:VEVENT")
    names = [line.partition(b":")[0] for line in made.split(b"\r\n")]
    assert names.count(b"END") == 2 and b"ATTENDEE" not in names and b"\n" not in made.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    ("ms", "words"),
    [
        (0, ""), (-5, ""), (1, "0 min 1 s"), (61_000, "1 min 1 s"), (deadline.HOUR, "1 h 0 min"),
        (25 * deadline.HOUR, "1 day 1 h"), (48 * deadline.HOUR, "2 days"), (51 * deadline.HOUR + 1, "2 days 3 h"),
    ],
)  # fmt: skip
def test_what_remains(qapp: object, ms: int, words: str) -> None:
    assert deadline.remaining(ms) == words


@pytest.mark.parametrize("ms", [1, 999, 1000, 1001, 59_999, 3_600_000, 3_600_001, 86_400_000, 90_000_123, 91_800_000])
def test_ticks_are_at_most_one_a_second_and_never_miss_a_change(qapp: object, ms: int) -> None:
    pause = deadline.next_tick(ms)
    assert pause >= 1000
    assert deadline.remaining(ms - pause) != deadline.remaining(ms) == deadline.remaining(ms - pause + 1000)
    assert deadline.next_tick(0) == deadline.next_tick(-1) == 0


def test_clocks_of_the_talks(qapp: object, monkeypatch: pytest.MonkeyPatch) -> None:
    utc = timezone(timedelta(0))
    assert deadline.clocks(UNTIL, utc) == ["3 December 2026, 19:00 UTC", "14:00 New York", "20:00 Geneva"]
    east = deadline.clocks(UNTIL, timezone(timedelta(hours=9)))
    assert east[1] == "04:00 (4 December 2026) here"
    monkeypatch.setattr(deadline, "_zones", ("Nowhere/At_All",))
    assert deadline.clocks(UNTIL, utc) == ["3 December 2026, 19:00 UTC"]


@pytest.mark.parametrize("words", ["2026-12-03 19:00", " 2026-12-3 19:00 UTC", "2026-12-03T19:00Z"])
def test_an_exact_time_is_read(words: str) -> None:
    assert deadline.parse(words) == UNTIL
    assert deadline.exact(UNTIL) == "2026-12-03 19:00"


@pytest.mark.parametrize("words", ["", "tomorrow", "2026-02-30 10:00", "2026-12-03 24:00", "2026-12-03", "٢٠٢٦-12-03 19:00"])
def test_what_is_no_time_is_none(words: str) -> None:
    assert deadline.parse(words) == 0


def test_deadlines_are_shown_in_the_zones_of_the_settings(qapp: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadline, "_zones", ())
    deadline.use("Asia/Singapore, America/Argentina/Buenos_Aires, Gone/Away")
    shown = deadline.clocks(UNTIL, timezone(timedelta(0)))
    assert shown == ["3 December 2026, 19:00 UTC", "03:00 (4 December 2026) Singapore", "16:00 Buenos Aires"]
