"""What time it is where a contact is, and whether it is a working day there. Zones of the IANA table, holidays by `holidays`."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from valise.desk.door_pings import There
from valise.domain.ping.hours import Hours, parse

LATEST: Final = 253_370_764_800_000  # the last year a calendar of ours holds, ms UTC


@lru_cache(maxsize=512)
def zone(name: str) -> ZoneInfo | None:
    """The zone, None where the name is in no table: what came from outside is shown as it stands and gives no time."""
    if not name or len(name) > 60 or ".." in name or name.startswith(("/", ".")):
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


@lru_cache(maxsize=256)
def _holidays(state: str, year: int) -> dict[date, str]:
    """Public holidays of a real State; a fictional one, or one the library lacks, has none."""
    import holidays  # 50 ms that only who looks at the directory waits for

    if not (len(state) == 2 and state.isalpha()) or state not in holidays.list_supported_countries(include_aliases=False):
        return {}
    return dict(holidays.country_holidays(state, years=year))


@lru_cache(maxsize=512)
def _hours(text: str) -> Hours | None:
    return parse(text)


def there(at: int, name: str, state: str = "", hours: str = "") -> There | None:
    """The moment `at` (ms UTC) in a zone; None without a known zone."""
    found = zone(name)
    if found is None or not 0 <= at <= LATEST:
        return None
    local = datetime.fromtimestamp(at / 1000, UTC).astimezone(found)
    holiday = _holidays(state, local.year).get(local.date(), "")
    said = _hours(hours)
    is_open = said.open(local.weekday(), local.hour * 60 + local.minute, holiday=bool(holiday)) if said else None
    offset = local.utcoffset()
    minutes = int(offset.total_seconds()) // 60 if offset is not None else 0
    return There(f"{local:%H:%M}", f"{local:%Y-%m-%d}", local.weekday(), minutes, holiday, is_open)
