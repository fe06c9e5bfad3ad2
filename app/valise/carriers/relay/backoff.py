"""How long to leave somebody alone who could not be reached: twice as long each time, with full jitter."""

from __future__ import annotations

from collections.abc import Callable

FIRST = 1.0
LONGEST = 60.0

Random = Callable[[int], bytes]


def between(low: float, high: float, random: Random) -> float:
    """Evenly from this range."""
    return low + (high - low) * int.from_bytes(random(4), "big") / 2**32


class Backoff:
    """One relay's trouble. Times in seconds of a monotonic clock; `code` says what was wrong the last time."""

    __slots__ = ("_random", "code", "tries", "until")

    def __init__(self, random: Random) -> None:
        self._random = random
        self.tries = 0
        self.until = 0.0
        self.code = ""

    def failed(self, code: str, now: float, longest: float = LONGEST) -> None:
        """Full jitter: anything up to the bound, so that a thousand clients of one relay do not come back together."""
        bound = min(longest, FIRST * 2 ** min(self.tries, 10))
        self.tries += 1
        self.code = code
        self.until = now + between(0, bound, self._random)
