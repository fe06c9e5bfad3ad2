"""A round of exchange at once, asked for from any thread: one under way, one waiting, never more."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from fake_door import FakeDoor

from valise.ui.tasks import Periodic, Runner
from valise.ui.window import MainWindow


class Rounds:
    """Counts rounds, each of which waits to be let go on."""

    def __init__(self) -> None:
        self.begun = 0
        self.go_on = threading.Semaphore(0)
        self.under_way = 0
        self.most = 0

    def __call__(self) -> None:
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        self.begun += 1
        assert self.go_on.acquire(timeout=10)
        self.under_way -= 1


def asked_from(threads: int, times: int, wake: Any) -> None:
    """Many threads ask, and all have asked."""
    made = [threading.Thread(target=lambda: [wake() for _ in range(times)]) for _ in range(threads)]
    for one in made:
        one.start()
    for one in made:
        one.join(10)


def test_however_often_it_is_asked_for_one_round_waits(runner: Runner, qtbot: Any) -> None:
    rounds = Rounds()
    periodic = Periodic(runner, rounds, 3600)
    periodic.wake()
    qtbot.waitUntil(lambda: rounds.begun == 1)
    asked_from(8, 200, periodic.wake)
    rounds.go_on.release()
    qtbot.waitUntil(lambda: rounds.begun == 2)  # for all that was asked while the first was under way
    rounds.go_on.release()
    qtbot.waitUntil(lambda: runner.idle and not periodic._gap.isActive())
    assert not periodic._asked.is_set() and periodic._task is None, "nothing is left to be done"
    assert rounds.begun == 2 and rounds.most == 1


def test_what_comes_while_a_round_looks_makes_another(runner: Runner, qtbot: Any) -> None:
    rounds = Rounds()
    periodic = Periodic(runner, rounds, 3600)
    periodic.now()
    qtbot.waitUntil(lambda: rounds.begun == 1)
    periodic.wake()
    rounds.go_on.release()
    qtbot.waitUntil(lambda: rounds.begun == 2)
    rounds.go_on.release()
    qtbot.waitUntil(lambda: runner.idle)


def test_rounds_that_are_asked_for_keep_a_distance(runner: Runner, qtbot: Any) -> None:
    within_gap: list[bool] = []

    class Watched(Periodic):
        def now(self) -> None:
            within_gap.append(self._gap.isActive())
            super().now()

    periodic = Watched(runner, lambda: None, 3600)
    periodic.finished.connect(lambda _r: periodic.wake() if len(within_gap) < 4 else None)
    periodic.wake()
    qtbot.waitUntil(lambda: len(within_gap) == 4)
    assert within_gap == [False] * 4, "none began within the gap after another's beginning"
    qtbot.waitUntil(lambda: runner.idle and not periodic._gap.isActive())


def test_an_error_does_not_lose_the_round_that_waits(runner: Runner, qtbot: Any) -> None:
    hold = threading.Event()
    rounds: list[int] = []

    def once() -> None:
        rounds.append(1)
        hold.wait(10)
        if len(rounds) == 1:
            raise ValueError

    periodic = Periodic(runner, once, 3600)
    periodic.now()
    qtbot.waitUntil(lambda: bool(rounds))
    periodic.wake()
    with qtbot.waitSignals([periodic.failed, periodic.finished]):
        hold.set()
    assert len(rounds) == 2


def test_nothing_is_begun_after_the_end(runner: Runner, qtbot: Any) -> None:
    rounds: list[int] = []
    periodic = Periodic(runner, lambda: rounds.append(1), 3600)
    periodic.wake()  # on its way when it ends
    periodic.stop()
    asked_from(2, 5, periodic.wake)
    done: list[int] = []
    runner.run(lambda: 1, done.append)
    qtbot.waitUntil(lambda: bool(done))
    assert rounds == []


def test_the_window_wakes_when_the_desk_wants_it_and_not_after_locking(window: MainWindow, door: FakeDoor, qtbot: Any) -> None:
    assert door.exchange.wanted is not None
    before = len(door.called("exchange.now"))
    threading.Thread(target=door.exchange.wanted).start()
    qtbot.waitUntil(lambda: len(door.called("exchange.now")) == before + 1)
    late = door.exchange.wanted
    window.lock("asked")
    names = [name for name, _, _ in door.calls]
    assert door.exchange.wanted is None
    assert names.index("close") > len(names) - 1 - names[::-1].index("exchange.when_wanted")
    late()  # a thread that had it in hand already
    assert len(door.called("exchange.now")) == before + 1


@pytest.mark.parametrize("seconds", [2, 3600])
def test_the_interval_goes_on_beside_it(runner: Runner, seconds: int) -> None:
    periodic = Periodic(runner, lambda: None, 60)
    periodic.set_interval(seconds)
    assert periodic._timer.interval() == seconds * 1000
    periodic.stop()
