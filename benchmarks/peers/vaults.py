"""One end of a correspondence between two vaults, over whatever ways of exchange they have been given.

Rounds of the exchange are made as the window makes them: at once when one is worth making, `gap` seconds after the last began
at the earliest, and every `interval` in any case. Acts and rounds take turns on one thread, as on the window's writer thread.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import worlds
from benchmarks.peers.worker import NUMBER, Journal, Orders, Pace, Plan, body, number, say
from valise.desk.desk import Desk
from valise.desk.views import Changes

WINDOW = (0.02, 10.0)  # gap (ui.tasks.Periodic.GAP) and interval (the setting exchange.interval_seconds), seconds
CONNECT = 30.0  # seconds
ROUND = 1_024  # messages as fast as they go, between two looks at the exchange
AHEAD = 2_000  # operations that may wait for the other's confirmation before we write more


class Rounds:
    """When the next round of the exchange is due, as the window sees it."""

    def __init__(self, desk: Desk, gap: float, interval: float) -> None:
        self.desk, self.gap, self.interval = desk, gap, interval
        self._asked = threading.Event()
        self._begun = 0.0
        desk.exchange.when_wanted(self._asked.set)
        self._asked.set()

    def wake(self) -> None:
        """From any thread: somebody should look."""
        self._asked.set()

    def turn(self, until: float = 3_600.0) -> None:
        """Wait at most `until` seconds for a reason to make a round; make it."""
        now = time.monotonic()
        due = self._begun + self.interval - now
        asked = self._asked.wait(max(0.0, min(until, due)))
        if not asked and until < due:
            return
        early = self._begun + self.gap - time.monotonic()
        if early > until:
            time.sleep(max(0.0, until))
            return
        time.sleep(max(0.0, early))
        self._asked.clear()  # before it looks: what comes while it looks asks again
        self._begun = time.monotonic()
        self.desk.exchange.now()


def send(desk: Desk, plan: Plan, orders: Orders) -> list[tuple[int, float]]:
    """Write as told; then go on until everything is confirmed or it is told to end."""
    room, rounds, journal, pace = plan.own["room"], Rounds(desk, *plan.own["rounds"]), Journal(plan.journal), Pace(plan)
    thread = desk.messages.threads(room)[0].id
    orders.told = rounds.wake
    together = plan.own["together"]

    def write(count: int) -> None:
        """So many in one transaction; what is noted has been committed."""
        wrote: list[int] = []
        with desk.together():
            while len(wrote) < count and not pace.over and not pace.wait():
                wrote.append(pace.next())
                desk.messages.send(room, body(wrote[-1], plan.size), thread=thread)
        for one in wrote:
            journal.note(one)

    while not pace.over and not orders.calm.is_set():
        if plan.every:
            rounds.turn(pace.wait())
            while not pace.over and not pace.wait():
                write(1)
        else:
            for _ in range(ROUND // together):
                if pace.over:
                    break
                write(together)
            rounds.turn(0.0)
            while desk.exchange.status().waiting > AHEAD and not orders.calm.is_set():
                rounds.turn(0.05)
    while not orders.end.is_set():
        rounds.turn()
    return pace.begun


def receive(desk: Desk, plan: Plan, orders: Orders) -> list[tuple[int, float]]:
    """Take in; a message counts from when its change was announced, after the commit."""
    rounds, found = Rounds(desk, *plan.own["rounds"]), list[tuple[int, float]]()
    orders.told = rounds.wake
    end = desk.subscribe(watch(desk, found))
    while not orders.end.is_set() and (not plan.count or len(found) < plan.count):
        rounds.turn()
    end()
    if plan.count:
        desk.exchange.now()  # confirms
    return found


def watch(desk: Desk, found: list[tuple[int, float]]) -> Callable[[Changes], None]:
    """Notes every new message from the other, with the time at which it is announced."""
    with desk.context.read() as handle:
        top = int(handle.value("select coalesce(max(n), 0) from message"))

    def look(changes: Changes) -> None:
        nonlocal top
        at = time.monotonic()
        if changes.threads:
            with desk.context.read() as handle:
                rows = handle.rows("select n, substr(body, ?) from message where n > ? order by n", (-NUMBER, top))
            found.extend((number(tail), at) for _, tail in rows)
            top = rows[-1][0] if rows else top

    return look


def main(plan: Plan) -> None:
    orders = Orders()
    desk = worlds.unlock(Path(plan.own["vault"]))
    if plan.own["resend"]:
        desk.exchange.resend = plan.own["resend"]
    orders.numbers = lambda: held(desk)
    connect(desk)
    say(ready=True)
    orders.go.wait()
    cpu = time.process_time()
    at = (send if plan.role == "send" else receive)(desk, plan, orders)
    say(done={"at": at, "cpu": time.process_time() - cpu})
    desk.close()


def connect(desk: Desk) -> None:
    """Rounds until every way there is answers, as the peers are connected before they are said to be ready."""
    deadline = time.monotonic() + CONNECT
    while not all(one.state in ("ready", "off") for one in desk.exchange.ways()):
        if time.monotonic() > deadline:
            raise RuntimeError("a way of exchange does not answer")
        desk.exchange.now()
        time.sleep(0.02)
    desk.exchange.now()


def held(desk: Desk) -> list[int]:
    """The numbers of all messages in a vault, repeats and all."""
    with desk.context.read() as handle:
        return [n for (tail,) in handle.rows("select substr(body, ?) from message", (-NUMBER,)) if (n := number(tail)) >= 0]


if __name__ == "__main__":
    main(Plan.read(sys.argv[1]))
