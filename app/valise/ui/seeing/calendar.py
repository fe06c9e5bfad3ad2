"""A deadline as a calendar file (RFC 5545): one event, UTC, the same bytes on every computer."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from valise.domain.text.model import Silence

LINE = 75  # octets without the line break (RFC 5545, 3.1)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")  # what TEXT may not hold (3.1, "CONTROL"), the tab apart


def entry(silence: Silence, summary: str, description: str = "") -> bytes:
    """The deadline in force as a VCALENDAR. `summary` and `description` are plain text and name no person.

    The UID comes from the procedure, DTSTAMP from its opening, and an extension raises SEQUENCE, so that a calendar
    replaces the entry it has.
    """
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Valise//Silence procedure//EN", "CALSCALE:GREGORIAN",
        "BEGIN:VEVENT",
        f"UID:{escaped(silence.id)}@silence.valise",
        f"DTSTAMP:{utc(silence.opened_at)}",
        f"SEQUENCE:{max(0, silence.deadline - silence.first_deadline) // 60_000}",  # minutes: it only ever grows
        f"DTSTART:{utc(silence.deadline)}",  # no end: it is a moment (3.6.1)
        f"SUMMARY:{escaped(summary)}",
        *([f"DESCRIPTION:{escaped(description)}"] if description else []),
        "CLASS:CONFIDENTIAL", "TRANSP:TRANSPARENT",
        "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    return b"".join(folded(line) for line in lines)


def utc(at: int) -> str:
    """ms since 1970 as a DATE-TIME in UTC (3.3.5, form 2)."""
    return f"{datetime.fromtimestamp(at / 1000, UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    """A value of type TEXT (3.3.11): backslash, semicolon, comma and line ends escaped, control characters left out."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    text = _CONTROL.sub("", text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,"))
    return text.replace("\n", "\\n")


def folded(line: str) -> bytes:
    """A content line in UTF-8 with CRLF, folded so that no line has more than 75 octets and no character is cut (3.1)."""
    out: list[bytes] = []
    held, room = b"", LINE
    for character in line:
        octets = character.encode("utf-8", "replace")
        if len(held) + len(octets) > room:
            out.append(held)
            held, room = b"", LINE - 1  # the space that begins a folded line counts
        held += octets
    out.append(held)
    return b"\r\n ".join(out) + b"\r\n"
