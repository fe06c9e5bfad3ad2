"""Times as shown: always UTC, always said so. Arguments are milliseconds since 1970 (UTC); 0 = never."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from valise.ui import dates
from valise.ui.language import apart, translate

LATEST = 253_402_300_799_000  # the end of the year 9999


def _day(when: datetime, now: datetime) -> str:
    return dates.day(when) if when.year == now.year else dates.date(when)


def _now(now: int | None) -> datetime:
    return datetime.now(UTC) if now is None else datetime.fromtimestamp(now / 1000, UTC)


def _when(at: int) -> datetime:
    # a peer's clock may say anything; a list must not fail over it
    return datetime.fromtimestamp(max(0, min(at, LATEST)) / 1000, UTC)


def moment(at: int, now: int | None = None) -> str:
    """ "14:05 UTC" today, "12 March, 14:05 UTC" before, "never" for 0."""
    if at <= 0:
        return translate("times", "never")
    when, today = _when(at), _now(now)
    clock = f"{when:%H:%M} UTC"
    if when.date() == today.date():
        return apart(clock)
    return apart(translate("times", "{day}, {clock}").format(day=_day(when, today), clock=apart(clock)))


def day(at: int, now: int | None = None) -> str:
    """ "Today", "Yesterday" or "12 March"; for headings between messages."""
    when, today = _when(at), _now(now)
    if when.date() == today.date():
        return translate("times", "Today")
    if when.date() == (today - timedelta(days=1)).date():
        return translate("times", "Yesterday")
    return _day(when, today)


def date(at: int, now: int | None = None) -> str:
    """ "12 March 2027"; the year only when it is another one."""
    if at <= 0:
        return translate("times", "never")
    return _day(_when(at), _now(now))


def countdown(seconds: int) -> str:
    """ "4:52"."""
    minutes, rest = divmod(max(0, seconds), 60)
    return f"{minutes}:{rest:02d}"
