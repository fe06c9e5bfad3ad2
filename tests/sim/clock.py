"""One clock per laptop: wrong by some seconds or days, a little too fast or slow, and set back now and then."""

from __future__ import annotations

from tests.world import START


class Time:
    """The simulated time all laptops share without knowing it, in ms since the beginning of the world."""

    def __init__(self) -> None:
        self.now = 0

    def advance(self, milliseconds: int) -> None:
        self.now += milliseconds


class SimClock:
    """What one laptop believes: ms UTC. `skew` ms is its error, `drift` parts per million; each reading takes 1 ms."""

    def __init__(self, time: Time, skew: int = 0, drift: int = 0) -> None:
        self._time = time
        self.skew = skew
        self.drift = drift
        self._readings = 0

    def now(self) -> int:
        self._readings += 1
        since = self._time.now
        return START + self.skew + since + since * self.drift // 1_000_000 + self._readings
