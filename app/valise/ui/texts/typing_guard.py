"""Letters are acts in the workbench, and some of them are signed. Somebody who types words there must not take
positions: letters that come as fast as typing are swallowed, and so is what follows a refused Enter."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

BURST = 0.3  # seconds between two letters of a word; nobody takes two positions that fast
DEAF = 2.0  # seconds after Enter could not open the editor


class TypingGuard:
    """Asked at each letter. `burst` and `clock` can be set (tests)."""

    def __init__(self, clock: Callable[[], float] = perf_counter) -> None:
        self.clock = clock
        self.burst = BURST
        self._last = self._deaf_until = -DEAF

    def typing(self) -> bool:
        """Whether the letter of now is part of a word rather than an act."""
        now, before = self.clock(), self._last
        self._last = now
        if now < self._deaf_until:
            self._deaf_until = max(self._deaf_until, now + self.burst)
            return True
        return now - before < self.burst

    def deafen(self) -> None:
        """The editor did not open: the words meant for it may follow."""
        self._deaf_until = self.clock() + DEAF
