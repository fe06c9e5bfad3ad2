"""Moments as calendars have them, whatever number a peer names."""

from __future__ import annotations

import pytest

from valise.domain.when import LATEST, utc


@pytest.mark.parametrize(("at", "shown"), [
    (0, "1970-01-01T00:00:00+00:00"), (1_796_774_400_123, "2026-12-09T00:00:00.123000+00:00"), (-1, "1970-01-01T00:00:00+00:00"),
    (LATEST, "9999-12-31T23:59:59+00:00"), (LATEST + 1, "9999-12-31T23:59:59+00:00"), (2**53 - 1, "9999-12-31T23:59:59+00:00"),
])  # fmt: skip
def test_every_number_is_a_moment(at: int, shown: str) -> None:
    assert utc(at).isoformat() == shown
