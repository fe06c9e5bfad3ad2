"""The ways of exchange: which carriers are in use, which delegation each serves, and what became of what they were given.

Relay and folder are lines: a carrier that every round asks. The courier is none: what only it reaches waits in the vault for
the next bundle. A delegation is served by the way a person chose for it, else by the relay where we have its address, else by
the folder; while its relay has been out of reach for FALLBACK, by the folder too, since recipients drop what they have.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

from valise.carriers.abc import Carrier, Outcome, Parcel, Posted
from valise.desk.context import Context
from valise.desk.door_exchange import WAYS, Way
from valise.desk.outbound import Outgoing
from valise.domain.errors import Unavailable, ValiseError
from valise.vault import parcels
from valise.vault.store import Handle, Tx

FALLBACK = 10 * 60 * 1000
FIRST_RETRY = 5_000
LAST_RETRY = 60_000
LOOSE_KEPT = 2_000  # loose parcels for one delegation, in memory while its relay is out of reach, in the vault for a courier
CANARIES = 8  # what is tried first of all that waits for somebody out of reach
HOUR = 3600 * 1000
TAKEN = frozenset((Outcome.ACCEPTED, Outcome.DUPLICATE))


@dataclass(slots=True)
class Line:
    """One carrier in use. `place` = what a person is shown; `problem` = code of its last failure; times ms UTC."""

    way: Way
    carrier: Carrier
    place: str = ""
    problem: str = ""
    last_put: int = 0
    last_fetch: int = 0
    sender: ThreadPoolExecutor | None = None

    def close(self) -> None:
        """End its threads; what a put under way has not handed over falls due again."""
        self.carrier.when_wanted(None)
        self.carrier.close()
        if self.sender is not None:
            self.sender.shutdown()


@dataclass(slots=True)
class Trouble:
    """A delegation that a line could not reach: since when, why, and when it is tried again (ms UTC)."""

    since: int
    code: str
    due: int
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """What one line is to carry of one parcel."""

    outgoing: Outgoing
    routes: tuple[bytes, ...]
    again: bool = False  # tried for who was out of reach, beside the ordinary times

    @property
    def parcel(self) -> Parcel:
        return replace(self.outgoing.parcel, routes=self.routes)


@dataclass(frozen=True, slots=True)
class Plan:
    """A round's parcels by line; `by_courier` = (delegation, route, parcel) of loose ones that no line takes, `resting` = kept
    ones that no line takes now."""

    lines: tuple[tuple[Line, tuple[Part, ...]], ...]
    by_courier: tuple[tuple[str, bytes, Outgoing], ...]
    resting: tuple[Outgoing, ...]


@dataclass(slots=True)
class _Results:
    """What puts made aside came to, until the next round notes it. Appended to by the lines' threads."""

    done: deque[tuple[Line, tuple[Part, ...], Posted | ValiseError]] = field(default_factory=deque)


class Carriage:
    """Lines, choices and troubles. `book` = delegations whose relay we may write to, with their addresses."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.lines: dict[str, Line] = {}
        self.book: Callable[[], Mapping[str, Any]] = dict
        self.aside = False  # puts on lines that need a network are made on a thread of their own
        self.fall_back = True  # a setting
        self.troubles: dict[str, Trouble] = {}
        self._left: dict[bytes, set[str]] = {}  # kept parcels, and the delegations they did not reach at the last try
        self._loose: dict[str, deque[Outgoing]] = {}
        self._again: deque[Outgoing] = deque()
        self._back: set[str] = set()
        self._recalled: dict[bytes, set[str]] = {}
        self.owner: dict[bytes, str] = {}  # mailbox -> delegation, as of the last round
        self._results = _Results()
        self._under_way = 0

    # -- lines

    def put_in(self, line: Line, wanted: Callable[[], None]) -> None:
        """Use a line in place of the one there was."""
        self.take_out(line.way)
        self.lines[line.way] = line
        if line.carrier.capabilities().tells:
            line.carrier.when_wanted(wanted)

    def take_out(self, way: str) -> None:
        """Use this way no more; what waits is kept."""
        line = self.lines.pop(way, None)
        if line is not None:
            line.close()

    def close(self) -> None:
        for way in list(self.lines):
            self.take_out(way)

    @property
    def busy(self) -> bool:
        """Whether a line is putting aside just now, or has something to tell."""
        return self._under_way > 0 or bool(self._results.done)

    # -- who is served how

    def chosen(self, handle: Handle) -> dict[str, str]:
        return dict(handle.rows("select delegation, chosen from way"))

    def possible(self, delegation: str, book: Mapping[str, Any]) -> tuple[Way, ...]:
        """What a person may choose for it."""
        return tuple(
            way
            for way in WAYS
            if way == "courier" or (way in self.lines and (way != "relay" or delegation in book))
        )

    def ways(self, delegation: str, chosen: Mapping[str, str], book: Mapping[str, Any], now: int) -> tuple[Way, ...]:
        """How it is served now, the first first; () = nothing reaches it, and nobody chose the courier."""
        possible = self.possible(delegation, book)
        wish = chosen.get(delegation, "")
        if wish:
            return tuple(way for way in possible if way == wish)
        lines = tuple(way for way in possible if way != "courier")
        trouble = self.troubles.get(delegation)
        if len(lines) > 1 and (not self.fall_back or trouble is None or 0 <= now - trouble.since < FALLBACK):
            return lines[:1]
        return lines

    def reached(self, handle: Handle, delegations: Iterable[str]) -> bool:
        """Whether a line serves any of them."""
        chosen, book, now = self.chosen(handle), self.book(), self.context.clock.now()
        return any(way in self.lines for one in delegations for way in self.ways(one, chosen, book, now))

    def promptly(self, handle: Handle, delegation: str) -> bool:
        """Whether what is put for it can be fetched at once."""
        chosen, book, now = self.chosen(handle), self.book(), self.context.clock.now()
        return any(
            self.lines[way].carrier.capabilities().prompt
            for way in self.ways(delegation, chosen, book, now)
            if way in self.lines
        )

    # -- a round

    def plan(self, handle: Handle, outgoing: Sequence[Outgoing]) -> Plan:
        """Who carries what. Lines that need addresses are told them."""
        outgoing = [*self._take_again(), *outgoing]
        owner = self.owner = dict(handle.rows("select mailbox, delegation from device"))
        recalled, self._recalled = self._recalled, {}
        chosen, book, now = self.chosen(handle), self.book(), self.context.clock.now()
        served = {one: self.ways(one, chosen, book, now) for one in set(owner.values())}
        if relay := self.lines.get("relay"):
            know = getattr(relay.carrier, "know", None)
            if know is not None:
                know({route: book[one] for route, one in owner.items() if one in book})
        parts: dict[str, list[Part]] = {way: [] for way in self.lines}
        by_courier: list[tuple[str, bytes, Outgoing]] = []
        resting: list[Outgoing] = []
        for one in outgoing:
            routes: dict[str, list[bytes]] = {}
            only = recalled.get(one.parcel.id)
            for route in one.parcel.routes:
                whose = owner.get(route, "")
                ways = [way for way in served.get(whose, tuple(self.lines)) if way in self.lines]
                if not ways and one.kind in ("answer", "last"):
                    by_courier.append((whose, route, one))
                if only is None or whose in only:
                    for way in ways:
                        routes.setdefault(way, []).append(route)
            for way, some in routes.items():
                parts[way].append(Part(one, tuple(some), only is not None))
            if not routes and one.table:
                resting.append(one)
        return Plan(
            tuple((self.lines[way], tuple(some)) for way, some in parts.items() if some), tuple(by_courier), tuple(resting)
        )

    def put(self, line: Line, parts: Sequence[Part], wanted: Callable[[], None]) -> Posted | None:
        """Give parts to a line. None: it is being done aside, `wanted` is called when there is something to note."""
        if not (self.aside and line.carrier.capabilities().network):
            return line.carrier.put([one.parcel for one in parts])
        if line.sender is None:
            line.sender = ThreadPoolExecutor(1, thread_name_prefix=f"put-{line.way}")
        self._under_way += 1
        carried = tuple(parts)

        def work() -> None:
            answer: Posted | ValiseError
            try:
                answer = line.carrier.put([one.parcel for one in carried])
            except ValiseError as error:
                answer = error
            except Exception:
                answer = Unavailable("carrier.unreachable")
            self._results.done.append((line, carried, answer))
            wanted()

        line.sender.submit(work)
        return None

    def results(self) -> list[tuple[Line, tuple[Part, ...], Posted | ValiseError]]:
        """What was put aside and has an answer; empties it."""
        found = []
        while self._results.done:
            found.append(self._results.done.popleft())
            self._under_way -= 1
        return found

    def answered(self, line: Line, parts: Sequence[Part], answer: Posted | ValiseError) -> list[Part]:
        """Note what a line said of these parts; returns those that count as put, with the routes that were taken: what
        one delegation's relay did not take falls due like everything else, and a few parcels knock. The line's own failures
        are on the line, those of one delegation's relay in `troubles`."""
        now = self.context.clock.now()
        if isinstance(answer, ValiseError):
            if not answer.code.startswith(("carrier.", "relay.")):
                raise answer
            line.problem = answer.code
            return []
        by_route = bool(answer.left)
        if not by_route:
            bad = [one for one in answer.outcomes if one in (Outcome.FULL, Outcome.RETRY)]
            line.problem = ("carrier.full" if Outcome.FULL in bad else "carrier.unreachable") if bad else ""
            if not bad:
                line.last_put = now
            return [part for part, one in zip(parts, answer.outcomes, strict=True) if one in TAKEN]
        owner = {route: self.owner.get(route, "") for part in parts for route in part.routes}
        taken: list[Part] = []
        reached: set[str] = set()
        failed: dict[str, str] = {}
        for part, left in zip(parts, answer.left, strict=True):
            here = {owner[route] for route in part.routes if route not in left}
            reached |= here
            taken.append(replace(part, routes=tuple(route for route in part.routes if route not in left)))
            self._leave(part, left, here)
            for route in left:
                failed[owner[route]] = answer.why.get(route, "carrier.unreachable")
        line.last_put = now if reached else line.last_put
        for whose in failed.keys() - reached:
            self._trouble(whose, failed[whose], now)
        for whose in reached & self.troubles.keys():
            del self.troubles[whose]
            self._back.add(whose)
        return taken

    def _leave(self, part: Part, left: Collection[bytes], taken: set[str]) -> None:
        name = part.outgoing.parcel.id
        whose: dict[str, list[bytes]] = {}
        for route in part.routes:
            if route in left:
                whose.setdefault(self.owner.get(route, ""), []).append(route)
        if part.outgoing.table:
            still = (self._left.get(name, set()) | whose.keys()) - (taken - whose.keys())
            if still:
                self._left[name] = still
            else:
                self._left.pop(name, None)
            return
        for one, routes in whose.items():
            waiting = self._loose.setdefault(one, deque(maxlen=LOOSE_KEPT))
            waiting.append(replace(part.outgoing, parcel=replace(part.outgoing.parcel, routes=tuple(routes))))

    def _trouble(self, delegation: str, code: str, now: int) -> None:
        before = self.troubles.get(delegation)
        tries = before.tries + 1 if before else 0
        wait = min(FIRST_RETRY << min(tries, 6), LAST_RETRY)
        self.troubles[delegation] = Trouble(before.since if before else now, code, now + wait, tries)

    def knock(self) -> None:
        """A line can be reached again, or may be: try everybody out of reach in the next round."""
        for trouble in list(self.troubles.values()):
            trouble.due = 0

    def pending(self, now: int) -> bool:
        """Whether a round has something to try again."""
        return bool(self._back or self._again) or any(
            one.due <= now or one.due > now + LAST_RETRY for one in self.troubles.values()
        )

    def recall(self, tx: Tx) -> None:
        """What is to be tried again falls due: a few for who is out of reach, everything for who is back."""
        now = self.context.clock.now()
        for whose in self._back:
            self._due(tx, whose, [name for name, left in self._left.items() if whose in left], now)
            self._again.extend(self._loose.pop(whose, ()))
        self._back.clear()
        for whose, trouble in self.troubles.items():
            if trouble.due > now and trouble.due <= now + LAST_RETRY:
                continue
            trouble.due = now + LAST_RETRY  # until there is an answer
            names = [name for name, left in self._left.items() if whose in left][:CANARIES]
            self._due(tx, whose, names, now)
            loose = self._loose.get(whose)
            while loose and len(names) < CANARIES:
                self._again.append(loose.popleft())
                names.append(b"")

    def settled(self, tx: Tx) -> None:
        """Forget who was left of parcels that are there no more."""
        if len(self._left) > 4_096:
            here = {bytes(row[0]) for row in tx.rows("select id from parcel union select id from key_out")}
            self._left = {name: left for name, left in self._left.items() if name in here}

    def everything_due(self, tx: Tx) -> None:
        """The ways have changed: what rested is tried at once."""
        now = self.context.clock.now()
        for table in ("parcel", "key_out"):
            tx.run(f"update {table} set due_at = ? where due_at > ?", (now, now))

    def restarted(self, tx: Tx) -> None:
        """What was given to a network once and nobody has confirmed may never have left the process that ended."""
        now = self.context.clock.now()
        for table in ("parcel", "key_out"):
            tx.run(f"update {table} set due_at = ? where tries = 1 and due_at > ?", (now, now))

    def rest(self, tx: Tx, outgoing: Sequence[Outgoing], resend: int) -> None:
        """No line takes these now: look again in a while, or when the ways change."""
        due = self.context.clock.now() + min(HOUR, parcels.LONGEST * resend // 2)
        for table in ("parcel", "key_out"):
            tx.many(
                f"update {table} set due_at = ? where id = ?",
                [(due, one.parcel.id) for one in outgoing if one.table == table],
            )

    def keep_for_courier(self, tx: Tx, some: Sequence[tuple[str, bytes, Outgoing]], window: int) -> None:
        """What nobody would repeat by itself goes with the next bundle."""
        now = self.context.clock.now()
        tx.many(
            "insert or ignore into courier_loose(id, delegation, route, blob, made_at) values (?,?,?,?,?)",
            [(self.context.entropy(16), whose, route, one.parcel.blob, now) for whose, route, one in some],
        )
        tx.run("delete from courier_loose where made_at < ?", (now - window,))
        for whose in {one[0] for one in some}:
            tx.run(
                "delete from courier_loose where delegation = ? and id in (select id from courier_loose"
                " where delegation = ? order by made_at desc, id limit -1 offset ?)",
                (whose, whose, LOOSE_KEPT),
            )

    def _due(self, tx: Tx, whose: str, names: Sequence[bytes], now: int) -> None:
        for name in names:
            self._recalled.setdefault(name, set()).add(whose)
        for table in ("parcel", "key_out"):
            tx.many(f"update {table} set due_at = min(due_at, ?) where id = ?", [(now, one) for one in names])

    def _take_again(self) -> list[Outgoing]:
        found = list(self._again)
        self._again.clear()
        return found
