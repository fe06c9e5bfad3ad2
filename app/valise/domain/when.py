"""The moments operations name, as calendars have them. A peer may name any number there is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

LATEST: Final = 253_402_300_799_000  # the end of the year 9999
_FIRST: Final = datetime(1970, 1, 1, tzinfo=UTC)


def utc(at: int) -> datetime:
    """ms UTC; what lies outside of what a calendar holds is its first or its last second."""
    return _FIRST + timedelta(milliseconds=max(0, min(at, LATEST)))
