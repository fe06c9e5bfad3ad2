"""Hours of operation as an entry writes them: "Mo-Fr 09:00-17:00; Sa 10:00-13:00; PH off", or "24/7"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

DAYS: Final = ("mo", "tu", "we", "th", "fr", "sa", "su")
_DAY: Final = re.compile(r"(mo|tu|we|th|fr|sa|su|ph)[a-z]*")
_SPAN: Final = re.compile(r"([01]?\d|2[0-4])[:.h]([0-5]\d)-([01]?\d|2[0-4])[:.h]([0-5]\d)")
HOLIDAY: Final = 7  # stands beside the weekdays 0 = Monday to 6 = Sunday
FULL: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class Hours:
    """Spans in minutes of the day by weekday; one that ends after midnight ends beyond 1,440. `always` = 24/7."""

    spans: tuple[tuple[int, int, int], ...] = ()
    always: bool = False

    def open(self, weekday: int, minute: int, *, holiday: bool = False) -> bool:
        """Whether the office answers then. On a public holiday only what is said of holidays counts."""
        if self.always:
            return True
        today = HOLIDAY if holiday else weekday
        return any(
            (day == today and start <= minute < end) or (day == (weekday - 1) % 7 and minute + FULL < end)
            for day, start, end in self.spans
        )


def parse(text: str) -> Hours | None:
    """The hours, or None where they are not written in this way: then they are shown as they stand and judge nothing."""
    plain = re.sub(r"\s*[-\u2010-\u2015]\s*", "-", text.strip().casefold())
    if plain in ("24/7", "24/7, ph"):
        return Hours(always=True)
    made: list[tuple[int, int, int]] = []
    for rule in filter(None, (one.strip() for one in plain.split(";"))):
        days, _, spans = rule.partition(" ")
        named = list(_days(days))
        if not named:
            return None
        if spans.strip() in ("off", "closed"):
            made = [one for one in made if one[0] not in named]
            continue
        found = [_span(one.strip()) for one in spans.split(",")]
        if not found or None in found:
            return None
        made += [(day, *one) for day in named for one in found if one]
    return Hours(tuple(sorted(set(made)))) if made else None


def _days(text: str) -> Iterator[int]:
    for part in text.split(","):
        ends = part.split("-")
        if len(ends) > 2 or not all(_DAY.fullmatch(one) for one in ends):
            return
        names = [one[:2] for one in ends]
        if "ph" in names:
            if len(names) > 1:
                return
            yield HOLIDAY
            continue
        first, last = DAYS.index(names[0]), DAYS.index(names[-1])
        yield from ((first + n) % 7 for n in range((last - first) % 7 + 1))


def _span(text: str) -> tuple[int, int] | None:
    found = _SPAN.fullmatch(text)
    if found is None:
        return None
    start, end = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
    if start >= FULL or end > FULL or start == end:
        return None
    return start, end if end > start else end + FULL
