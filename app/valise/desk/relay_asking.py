"""Asking our relay to take back what we took back, until it confirms: later and later, and beside the rounds where those must
not wait for a network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from valise.desk.context import Context
from valise.domain.errors import ValiseError
from valise.vault import relays
from valise.vault.relays import REVOKING, Grant
from valise.vault.store import Handle

FIRST_AGAIN, LAST_AGAIN = 30_000, 3_600_000  # ms between two times


class Asking:
    """`ask` asks for these users and returns "" once the relay confirmed, else an error code; `aside`: whether it has to be done
    on a thread of its own; `wake` then asks for a round. All three are the exchange's."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.ask: Callable[[Sequence[str]], str] = lambda users: "relay.none"
        self.aside: Callable[[], bool] = lambda: False
        self.wake: Callable[[], None] = lambda: None
        self.problem = ""  # why the relay did not confirm, an error code
        self._at = self._tries = 0
        self._under_way: tuple[list[str], Future[str]] | None = None
        self._pool: ThreadPoolExecutor | None = None

    def soon(self) -> None:
        """A person took something back: ask after the next round."""
        self._at = 0

    def open(self, handle: Handle) -> list[Grant]:
        """What no relay has confirmed, and could still be used."""
        now = self.context.clock.now()
        return [one for one in relays.grants(handle) if one.state == REVOKING and one.user and one.expires > now]

    def attend(self) -> None:
        """After a round, without a transaction."""
        if self._under_way is not None:
            users, answer = self._under_way
            if answer.done():
                self._under_way = None
                self._came(users, answer.result())
            return
        now = self.context.clock.now()
        if 0 <= self._at - now <= LAST_AGAIN:
            return
        with self.context.read() as handle:
            held = relays.own(handle)
            account = held[0].minting.account if held else ""
            users = [one.user for one in self.open(handle) if account and one.account == account]
        if not users:
            self._tries, self._at = 0, now + FIRST_AGAIN
            self._told("")
        elif self.aside():
            self._pool = self._pool or ThreadPoolExecutor(1, "relay-asking")
            self._under_way = users, self._pool.submit(self._asked, users)
            self._under_way[1].add_done_callback(lambda _done: self.wake())
        else:
            self._came(users, self._asked(users))

    def close(self) -> None:
        """After the exchange has ended its connections: what is under way then ends at once, and is asked again another day."""
        if self._pool is not None:
            self._pool.shutdown()

    def _asked(self, users: Sequence[str]) -> str:
        try:
            return self.ask(users)
        except ValiseError as error:
            return error.code

    def _came(self, users: Sequence[str], problem: str) -> None:
        now = self.context.clock.now()
        self._told(problem)
        if problem:
            self._at = now + min(LAST_AGAIN, FIRST_AGAIN << min(self._tries, 10))
            self._tries += 1
            return
        self._tries = self._at = 0
        with self.context.write() as tx:
            relays.taken_back(tx, users)
            self.context.touch(settings=True, status=True)

    def _told(self, problem: str) -> None:
        """Keep it; who looks at it hears of a change at once, for it is in no table."""
        if problem != self.problem:
            self.problem = problem
            with self.context.write():
                self.context.touch(status=True)
