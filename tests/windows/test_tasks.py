"""Commands on the writer thread: order, errors, progress, owners, the end."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from fake_door import FakeDoor
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from valise.desk.views import Changes
from valise.domain.errors import NotAllowed, ValiseError
from valise.ui.tasks import Latest, Periodic, Progress, Runner


def test_results_come_back_on_the_ui_thread_in_order(runner: Runner, qtbot: Any) -> None:
    seen: list[tuple[int, str]] = []
    where: list[str] = []

    def work(number: int) -> int:
        where.append(threading.current_thread().name)
        return number

    for number in range(20):
        runner.run(lambda n=number: work(n), lambda got: seen.append((got, threading.current_thread().name)))
    qtbot.waitUntil(lambda: len(seen) == 20)
    assert [number for number, _ in seen] == list(range(20))
    assert {name for _, name in seen} == {threading.main_thread().name}
    assert len(set(where)) == 1
    assert threading.main_thread().name not in where
    assert runner.idle


def test_an_error_goes_to_its_handler_or_to_everybody(runner: Runner, qtbot: Any) -> None:
    def refuse() -> None:
        raise NotAllowed("text.pen")

    got: list[ValiseError] = []
    runner.run(refuse, None, got.append)
    qtbot.waitUntil(lambda: bool(got))
    assert got[0].code == "text.pen"
    with qtbot.waitSignal(runner.failed) as heard:
        runner.run(refuse)
    assert heard.args[0].code == "text.pen"


@pytest.mark.parametrize("kind", [ValueError, KeyboardInterrupt, BaseException])
def test_anything_else_becomes_internal_without_its_text(runner: Runner, qtbot: Any, kind: type[BaseException]) -> None:
    def burst() -> None:
        raise kind("a secret that must not be shown")

    with qtbot.waitSignal(runner.failed) as heard:
        runner.run(burst)
    assert heard.args[0].code == "internal"
    assert "secret" not in str(heard.args[0])
    done: list[int] = []
    runner.run(lambda: 7, done.append)
    qtbot.waitUntil(lambda: done == [7])


def test_progress_and_cancel(runner: Runner, qtbot: Any) -> None:
    steps: list[tuple[int, int]] = []
    reached, go_on = threading.Event(), threading.Event()
    finished: list[str] = []

    def work(progress: Progress) -> str:
        progress(1, 3)
        reached.set()
        go_on.wait(5)
        progress(2, 3)
        finished.append("went on after cancel")
        return "done"

    task = runner.run(work, finished.append, on_progress=lambda done, total: steps.append((done, total)))
    assert reached.wait(5)
    qtbot.waitUntil(lambda: steps == [(1, 3)])
    task.cancel()
    go_on.set()
    qtbot.waitUntil(lambda: runner.idle)
    assert finished == []
    assert steps == [(1, 3)]


def test_nobody_waits_behind_what_only_waits_for_others(runner: Runner, qtbot: Any) -> None:
    """A relay that does not answer is tried for half a minute; writing goes on meanwhile."""
    hold, heard = threading.Event(), list[str]()
    runner.run(lambda: hold.wait(5), lambda _r: heard.append("tried"), aside=True)
    runner.run(lambda: None, lambda _r: heard.append("written"))
    qtbot.waitUntil(lambda: heard == ["written"])
    assert not runner.idle
    hold.set()
    qtbot.waitUntil(lambda: heard == ["written", "tried"] and runner.idle)


@pytest.mark.parametrize("quiet", [False, True])
def test_what_is_cancelled_before_it_begins_keeps_nobody_busy(runner: Runner, qtbot: Any, quiet: bool) -> None:
    hold, heard, busy = threading.Event(), [], []
    runner.busy.connect(busy.append)
    runner.run(lambda: hold.wait(5), lambda _r: heard.append("first"))
    waiting = runner.run(lambda: heard.append("ran"), lambda _r: heard.append("second"), quiet=quiet)
    waiting.cancel()
    hold.set()
    qtbot.waitUntil(lambda: runner.idle)
    assert heard == ["first"] and busy == [True, False]


def test_a_destroyed_owner_hears_nothing(runner: Runner, qtbot: Any) -> None:
    import shiboken6

    owner = QObject()
    heard: list[str] = []
    hold = threading.Event()
    runner.run(lambda: hold.wait(5), lambda _r: heard.append("gone"), owner=owner)
    shiboken6.delete(owner)
    hold.set()
    qtbot.waitUntil(lambda: runner.idle)
    assert heard == []


def test_changes_are_joined_and_arrive_once(runner: Runner, qtbot: Any, door: FakeDoor) -> None:
    door.subscribe(runner.announce)
    heard: list[Changes] = []
    runner.changed.connect(heard.append)

    def twice() -> None:
        door.touch(Changes(texts=frozenset({"a"})))
        door.touch(Changes(texts=frozenset({"b"}), status=True))

    with qtbot.waitSignal(runner.changed):
        twice()
    assert heard == [Changes(texts=frozenset({"a", "b"}), status=True)]


def test_closing_runs_what_waits_then_the_last_call(qapp: QApplication) -> None:
    runner = Runner()
    order: list[str] = []
    hold = threading.Event()
    runner.run(lambda: hold.wait(5))
    runner.run(lambda: order.append("draft"), lambda _n: order.append("delivered"))
    hold.set()
    assert runner.close(lambda: order.append("closed"))
    QApplication.processEvents()
    assert order == ["draft", "closed"]
    assert runner.run(lambda: order.append("late")).cancelled.is_set()
    assert order == ["draft", "closed"]


def test_closing_does_not_wait_for_ever(qapp: QApplication) -> None:
    runner = Runner()
    hold = threading.Event()
    runner.run(lambda: hold.wait(30))
    assert not runner.close(seconds=0.05)
    hold.set()


def test_a_periodic_round_never_overlaps_itself(runner: Runner, qtbot: Any) -> None:
    hold = threading.Event()
    rounds: list[int] = []

    def once() -> None:
        rounds.append(1)
        hold.wait(5)

    periodic = Periodic(runner, once, 3600)
    for _ in range(5):
        periodic.now()
    with qtbot.waitSignal(periodic.finished):
        hold.set()
    assert rounds == [1]
    with qtbot.waitSignal(periodic.finished):
        periodic.now()
    assert rounds == [1, 1]


def test_a_query_runs_beside_the_window_one_at_a_time_and_the_last_answer_stays(runner: Runner, qtbot: Any) -> None:
    owner, asked, shown, refused, busy = QObject(), [], [], [], []
    gate = threading.Event()

    def call() -> int:
        asked.append(threading.current_thread().name)
        gate.wait(5)
        if len(asked) == 3:
            raise NotAllowed("text.pen")
        return len(asked)

    runner.busy.connect(busy.append)
    query = Latest(runner, call, shown.append, refused.append, owner)
    for _ in range(5):
        query.ask()
    assert not runner.idle
    gate.set()
    qtbot.waitUntil(lambda: runner.idle)
    assert shown == [1, 2] and threading.main_thread().name not in asked  # five times asked while one was under way: one more
    query.ask()
    qtbot.waitUntil(lambda: len(refused) == 1)
    query.ask()
    qtbot.waitUntil(lambda: shown == [1, 2, 4])
    assert busy == []  # nobody is told of it


def test_a_query_that_was_cancelled_can_be_asked_again(runner: Runner, qtbot: Any) -> None:
    owner, shown = QObject(), []
    started, gate = threading.Event(), threading.Event()

    def call() -> int:
        started.set()
        gate.wait(5)
        return 1

    query = Latest(runner, call, shown.append, lambda error: None, owner)
    query.ask()
    qtbot.waitUntil(started.is_set)
    runner.cancel_waiting()
    gate.set()
    query.ask()
    qtbot.waitUntil(lambda: shown == [1])
    assert runner.idle
