"""A deadline in words: what remains of it, and what clocks show then in the places of the talks. Times are ms UTC."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, tzinfo

from PySide6.QtCore import QT_TRANSLATE_NOOP

from valise.ui import dates
from valise.ui.language import apart, comma, translate
from valise.ui.widgets.times import LATEST

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000
CITIES: dict[str, str] = {  # where the talks mostly are, by the name people use; other zones by their own
    "America/New_York": QT_TRANSLATE_NOOP("seeing", "New York"),
    "Europe/Zurich": QT_TRANSLATE_NOOP("seeing", "Geneva"),
    "Europe/Vienna": QT_TRANSLATE_NOOP("seeing", "Vienna"),
    "Africa/Nairobi": QT_TRANSLATE_NOOP("seeing", "Nairobi"),
    "Asia/Singapore": QT_TRANSLATE_NOOP("seeing", "Singapore"),
}
_zones: tuple[str, ...] = ("America/New_York", "Europe/Zurich")
_EXACT = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})[ T]+(\d{1,2}):(\d{2})(?: *(?:UTC|Z))?", re.ASCII)


def now() -> int:
    """This computer's clock. Tests put another in its place."""
    return time.time_ns() // 1_000_000


def remaining(ms: int) -> str:
    """ "2 days 3 h", "5 h 12 min", "4 min 31 s"; "" when nothing remains."""
    seconds = -(-ms // SECOND)
    if seconds <= 0:
        return ""
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, rest = divmod(rest, 60)
    if days:
        said = translate("seeing", "%n days", None, days)
        rest_said = translate("seeing", "{0} h").format(hours)
        return f"{said} {rest_said}" if hours else said
    if hours:
        return translate("seeing", "{0} h {1} min").format(hours, minutes)
    return translate("seeing", "{0} min {1} s").format(minutes, rest)


def next_tick(ms: int) -> int:
    """Milliseconds until `remaining(ms)` reads otherwise: at least a second; 0 when it never will."""
    if ms <= 0:
        return 0
    step = HOUR if ms >= DAY else MINUTE if ms >= HOUR else 0
    return ms % step + SECOND if step else SECOND  # the words change a second after the full hour or minute


def use(names: str) -> None:
    """Show deadlines in these zones too (the setting "clock.zones")."""
    global _zones
    _zones = tuple(one.strip() for one in names.split(",") if one.strip())


def _place(name: str) -> str:
    return translate("seeing", CITIES[name]) if name in CITIES else name.rpartition("/")[2].replace("_", " ")


def _zone(name: str) -> tzinfo | None:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # not before somebody looks at a deadline

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # this system has no table of zones
        return None


def clocks(at: int, here: tzinfo | None = None) -> list[str]:
    """What clocks show at `at`: UTC with the date, then here (unless that is UTC), then the zones of the settings; the day
    is said where it is another one. `here` None = the zone of this computer."""
    when = datetime.fromtimestamp(max(0, min(at, LATEST)) / 1000, UTC)
    local = when.astimezone(here)
    found = [apart(date_words(when) + comma() + apart(f"{when:%H:%M} UTC"))]
    rows: list[tuple[str, datetime]] = []
    if local.utcoffset():
        rows.append((translate("seeing", "here"), local))
    for name in _zones:
        zone = _zone(name)
        if zone is not None:
            rows.append((_place(name), when.astimezone(zone)))
    for place, there in rows:
        clock = f"{there:%H:%M}" if there.date() == when.date() else f"{there:%H:%M} ({date_words(there)})"
        found.append(apart(f"{clock} {place}"))
    return found


def date_words(when: datetime) -> str:
    """ "8 December 2026" in the language of the window."""
    return dates.date(when)


def exact(at: int) -> str:
    """As written in the field of a deadline: "2026-12-10 18:00", UTC."""
    return f"{datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%d %H:%M}"


def parse(words: str) -> int:
    """The time written in the field (UTC), 0 when it is none."""
    match = _EXACT.fullmatch(words.strip())
    if match is None:
        return 0
    year, month, day, hour, minute = (int(part) for part in match.groups())
    try:
        return int(datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp()) * 1000
    except ValueError:
        return 0


def full_minute(at: int) -> int:
    """The next full minute."""
    return -(-at // MINUTE) * MINUTE
