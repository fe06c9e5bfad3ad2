"""The time of this machine. Domain and protocol get it handed in."""

from __future__ import annotations

import time


class SystemClock:
    """`now` may jump when the machine's clock is set; `steady` never goes back and counts from nowhere."""

    def now(self) -> int:
        """Milliseconds UTC since 1970."""
        return time.time_ns() // 1_000_000

    def steady(self) -> int:
        """Milliseconds, for measuring how long something took or has been idle."""
        return time.monotonic_ns() // 1_000_000
