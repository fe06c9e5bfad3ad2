"""Putting: parcels go to the lines that serve their recipients; what was taken, what was left behind, and where it lies."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from valise.carriers.abc import Carrier, Held, Posted
from valise.desk.carriage import Carriage, Line, Part, Plan
from valise.desk.context import Context
from valise.desk.keys import ONLINE_WINDOW
from valise.desk.outbound import DAY, Outbound, Outgoing
from valise.domain.errors import ValiseError
from valise.vault import parcels
from valise.vault.store import Tx

BATCH_BYTES = 4 << 20
BATCH_PARCELS = 512


class Putting:
    """What the exchange does with a gathered round. Called without a transaction."""

    def __init__(self, context: Context, carriage: Carriage, outbound: Outbound) -> None:
        self.context = context
        self.carriage = carriage
        self.outbound = outbound
        self.wanted: Callable[[], None] = lambda: None

    def put(self, outgoing: Sequence[Outgoing]) -> None:
        """Give parcels to the lines, then note which were taken. Called without a transaction."""
        with self.context.read() as handle:
            plan = self.carriage.plan(handle, outgoing)
        if not self.carriage.lines:
            plan = Plan((), plan.by_courier, plan.resting)
        if plan.by_courier or plan.resting:
            with self.context.write() as tx:
                self.carriage.keep_for_courier(tx, plan.by_courier, self.outbound.window)
                self.carriage.rest(tx, plan.resting, self.outbound.resend)
        for line, parts in plan.lines:
            for some in _portions(parts):
                if not self._put(line, some):
                    break

    def _put(self, line: Line, parts: Sequence[Part]) -> bool:
        """One portion on one line; False when there is no use in giving it more now."""
        try:
            posted = self.carriage.put(line, parts, self.wanted)
        except ValiseError as error:
            self.trouble(line, error)
            return False
        if posted is None:  # being done: it counts as put, and whatever is left behind is tried again
            self._note(line, parts, Posted((), ("",) * len(parts)))
            return True
        self._note(line, self.carriage.answered(line, parts, posted), posted, parts)
        if line.problem:
            self.show()
        return not line.problem or bool(posted.left)  # who is out of reach among many is no trouble of the line

    def note_aside(self) -> None:
        for line, parts, answer in self.carriage.results():
            before = line.problem
            self.carriage.answered(line, parts, answer)
            if line.problem != before or self.carriage.troubles:
                self.show()

    def _note(
        self, line: Line, taken: Sequence[Part], posted: Posted, parts: Sequence[Part] | None = None
    ) -> None:
        """What was put falls due again later; where it lies is remembered, to collect it one day."""
        now = self.context.clock.now()
        with self.context.write() as tx:
            for table in ("parcel", "key_out"):
                first = [one.outgoing.parcel.id for one in taken if one.outgoing.table == table and not one.again]
                again = [one.outgoing.parcel.id for one in taken if one.outgoing.table == table and one.again]
                if first:
                    parcels.put_done(tx, table, first, now, self.outbound.resend)
                if again:
                    parcels.put_again(tx, table, again, now, self.outbound.resend)
            whose = {self.carriage.owner.get(route, "") for one in taken for route in one.routes}
            tx.many("insert or replace into way_met(delegation, put_at) values (?,?)", [(one, now) for one in whose if one])
            self._lying(tx, line, parts if parts is not None else taken, posted.places, now)
            self.carriage.settled(tx)
            self.context.touch(status=True)

    def _lying(self, tx: Tx, line: Line, parts: Sequence[Part], places: Sequence[str], now: int) -> None:
        """Remember where our parcels lie, to collect them when nobody waits for them any more."""
        by_place: dict[str, list[bytes]] = {}
        for one, place in zip(parts, places, strict=True):
            if place:
                by_place.setdefault(place, []).append(one.outgoing.parcel.id + (b"\x01" if one.outgoing.table else b"\x00"))
        tx.many(
            "insert or replace into bundle_own(carrier, name, ids, made_at) values (?,?,?,?)",
            [(line.carrier.name, place, b"".join(ids), now) for place, ids in by_place.items()],
        )

    def collect(self) -> int:
        """Take away own bundles that nobody waits for, or whose window has passed; returns how many."""
        return sum(self._collect(line) for line in list(self.carriage.lines.values()) if line.carrier.capabilities().collects)

    def _collect(self, line: Line) -> int:
        now = self.context.clock.now()
        own: dict[str, list[Held]] = {}
        ids: set[bytes] = set()
        with self.context.read() as handle:
            for place, blob, made_at in handle.rows(
                "select name, ids, made_at from bundle_own where carrier = ?", (line.carrier.name,)
            ):
                kept = [blob[i : i + 17] for i in range(0, len(blob), 17)]
                own[place] = [Held(one[:16], made_at + (self.outbound.window if one[16] else DAY)) for one in kept]
                ids |= {one[:16] for one in kept if one[16]}
            waiting = {bytes(row[0]) for row in handle.rows("select id from parcel")}
            # a session that carries no parcels is never confirmed: its keys lie there as long as one may be offline
            waiting |= {
                bytes(row[0])
                for row in handle.rows(
                    "select id from key_out where made_at > ? or tag in (select tag from parcel)",
                    (now - ONLINE_WINDOW,),
                )
            }
        if not own:
            return 0
        self._forget_names(line.carrier)
        gone = line.carrier.collect_garbage(own, ids - waiting, now)
        if gone:
            with self.context.write() as tx:
                tx.many("delete from bundle_own where name = ?", [(one,) for one in gone])
        return len(gone)

    def _forget_names(self, carrier: Carrier) -> None:
        """Names of bundles that no longer lie there need not be remembered."""
        with self.context.read() as handle:
            known = {row[0] for row in handle.rows("select name from bundle_seen where carrier = ?", (carrier.name,))}
        gone = carrier.gone(frozenset({self.context.own.mailbox}), known) if known else frozenset()
        if gone:
            with self.context.write() as tx:
                tx.many("delete from bundle_seen where carrier = ? and name = ?", [(carrier.name, one) for one in gone])

    def trouble(self, line: Line, error: ValiseError) -> None:
        """Note on the line what it could not do; anything else is raised."""
        if not error.code.startswith(("carrier.", "relay.")):
            raise error
        line.problem = error.code
        self.show()

    def show(self) -> None:
        """The status is another one."""
        with self.context.write():
            self.context.touch(status=True)


def _portions(parts: Sequence[Part]) -> Iterator[Sequence[Part]]:
    """As many at a time as a carrier is given at once."""
    start = 0
    while start < len(parts):
        size, end = 0, start
        while (
            end < len(parts)
            and (end == start or size + len(parts[end].outgoing.parcel.blob) <= BATCH_BYTES)
            and end - start < BATCH_PARCELS
        ):
            size += len(parts[end].outgoing.parcel.blob)
            end += 1
        yield parts[start:end]
        start = end
