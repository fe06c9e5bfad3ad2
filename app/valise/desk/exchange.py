"""The exchange: one engine above all carriers.

A round never waits for a carrier inside a transaction: fetch (no lock), take in (one transaction a batch), seal
(one transaction), put (no lock), note what was put. Everything it needs to go on after a crash is in the vault.
Several carriers may be in use at once; who is served by which is in desk.carriage.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from valise.carriers.abc import Carrier
from valise.desk import practice, reaching, views
from valise.desk.carriage import Carriage, Line
from valise.desk.context import Context
from valise.desk.door_exchange import Served, Tried, Way, WayView
from valise.desk.opening import Opening, Tally
from valise.desk.outbound import Outbound, Outgoing
from valise.desk.ports import CarrierMaker
from valise.desk.putting import Putting
from valise.desk.ratchets import RatchetsDesk
from valise.desk.repair import Repair
from valise.desk.sealing import Sealing
from valise.domain.errors import ValiseError
from valise.vault import parcels
from valise.vault.store import Tx

BATCH = 128


class ExchangeDesk:
    """Seals, puts, fetches, opens, acknowledges, over every line there is; without one everything waits."""

    def __init__(
        self,
        context: Context,
        sealing: Sealing,
        opening: Opening,
        repair: Repair,
        make_carrier: CarrierMaker,
        writer: bytes = b"",
    ) -> None:
        self.context = context
        self.sealing = sealing
        self.opening = opening
        self.repair = repair
        self._make = make_carrier
        self._writer = writer
        self._place = ""  # the folder that was chosen, whether it can be used or not
        self._problem = ""  # of a round as a whole, or of a folder that cannot be used
        self._last = 0
        self._kept = 0
        self._collected = 0
        self._wanted: Callable[[], None] | None = None
        self._turn = threading.RLock()
        self._rounds = 0
        self.carriage = Carriage(context)
        self.outbound = Outbound(context, sealing, opening.keys, repair)
        self.outbound.reached = self.carriage.reached
        self.putting = Putting(context, self.carriage, self.outbound)
        self.putting.wanted = self.wanted
        self.after_round: Callable[[views.Changes], None] = lambda changes: None
        self.before_seal: Callable[[], object] = lambda: None  # what this laptop says by itself (checkpoints)
        self.tune: Callable[[], None] = lambda: None  # lines that come and go with what is in the vault (the relay)
        self.ratchets = RatchetsDesk(context, opening.keys, repair)
        self.ratchets.online = self.carriage.promptly
        self.interval = 2_000
        self.refused: dict[str, int] = {}
        with context.read() as handle:
            row = handle.row("select value from meta where key = 'last_exchange'")
            self._last = int(row[0]) if row else 0
            row = handle.row("select value from setting where key = 'exchange.folder'")
        if row and row[0]:
            self._open_place(str(row[0]))
        self._forget_me = context.subscribe(self._changed)

    @property
    def resend(self) -> int:
        """After so many ms what is not confirmed is put again (then later and later)."""
        return self.outbound.resend

    @resend.setter
    def resend(self, milliseconds: int) -> None:
        self.outbound.resend = milliseconds

    # -- the ways

    def status(self) -> views.ExchangeStatus:
        """The truth for the status line."""
        with self.context.read() as handle:
            waiting, sealed = parcels.waiting(handle), parcels.sealed_count(handle)
        lines = list(self.carriage.lines.values())
        problem = self._problem or next((one.problem for one in lines if one.problem), "")
        return views.ExchangeStatus(
            lines[0].way if lines else "",
            self._place,
            any(not one.problem for one in lines) and not self._problem,
            problem,
            waiting,
            sealed,
            self._last,
            self._last + self.interval if self._last else 0,
        )

    def ways(self) -> list[WayView]:
        """Relay, folder, courier: set up or not, and how they are doing."""
        return reaching.every(self.context, self.carriage, self._place, self._problem)

    def served(self) -> list[Served]:
        """How each delegation is reached, what waits for it and why."""
        return reaching.served(self.context, self.carriage)

    def choose(self, delegation: str, way: Literal["", "relay", "folder", "courier"]) -> None:
        """NotAllowed("way.impossible"). What waits is tried on the new way at once."""
        reaching.choose(self.context, self.carriage, delegation, way)
        self.wanted()

    def try_way(self, way: Way) -> Tried:
        """Whether it works just now. Never raises for what is outside."""
        return reaching.try_way(self.carriage, way)

    def use_folder(self, folder: Path) -> None:
        """Exchange through this folder from now on. Unavailable("carrier.unreachable") when it cannot be used."""
        practice.check_place(self.context, folder)
        self._open_place(str(folder))
        line = self.carriage.lines.get("folder")
        if line is None:
            raise self._failure
        try:
            line.carrier.prepare()
        except ValiseError as error:
            line.problem = error.code
            raise
        with self.context.write() as tx:
            tx.run("insert or replace into setting(key, value) values ('exchange.folder', ?)", (str(folder),))
            self.carriage.everything_due(tx)
            self.context.touch(status=True, settings=True)

    def drop_folder(self) -> None:
        """No exchange folder any more; what lies there stays there."""
        self.carriage.take_out("folder")
        self._place = self._problem = ""
        with self.context.write() as tx:
            tx.run("delete from setting where key = 'exchange.folder'")
            self.context.touch(status=True, settings=True)

    def use(self, carrier: Carrier) -> None:
        """Exchange through a carrier already made, in place of the folder (in memory, in simulation)."""
        self._place = self._problem = ""
        self.add("folder", carrier)

    def add(self, way: Way, carrier: Carrier, place: str = "") -> None:
        """One more line, or another one in its place."""
        practice.check_way(self.context, way)
        self.carriage.put_in(Line(way, carrier, place), self._knocked)

    def when_wanted(self, call: Callable[[], None] | None) -> None:
        """`call` is made, from any thread, when a round is worth making at once; puts that need a network are then made on
        a thread of their own, so that nobody waits for them."""
        self._wanted = call
        self.carriage.aside = call is not None

    def wanted(self) -> None:
        """Somebody should make a round."""
        if self._wanted is not None:
            self._wanted()

    def _knocked(self) -> None:
        """A line has something for us, or can be reached again."""
        self.carriage.knock()
        self.wanted()

    def _changed(self, changes: views.Changes) -> None:
        if changes.status and not self._rounds and self.carriage.lines:
            self.wanted()

    def close(self) -> None:
        """End connections and threads."""
        self._forget_me()
        self._wanted = None
        self.carriage.close()

    def _open_place(self, place: str) -> None:
        self._place = place
        try:
            practice.check_place(self.context, Path(place))
            self.add("folder", self._make(place, self._writer), place)
            self._problem = ""
        except ValiseError as error:
            self.carriage.take_out("folder")
            self._problem, self._failure = error.code, error

    # -- a round

    def now(self) -> views.Changes:
        """One round. What peers did wrong is counted; what a carrier could not do shows in the status."""
        gathered: list[views.Changes] = []
        with self._turn:
            end = self.context.subscribe(gathered.append)
            self._rounds += 1
            try:
                if "folder" not in self.carriage.lines and self._place:
                    self._open_place(self._place)
                    self.lines_changed()
                self.tune()
                self.putting.note_aside()
                self.fetch()
                reached, before = self._reached(), self._unsaid()
                if reached:
                    self.before_seal()
                    self.put(self.seal())
                    self._done()
                self.after_round(_together(gathered))
                again = reached and self._unsaid() not in (before, (0, ()))
            finally:
                self._rounds -= 1
                end()
        if again:
            self.wanted()
        return _together(gathered)

    def _reached(self) -> bool:
        """Whether there is a line that answers, or one to many relays of which only our own does not, or none at all: then
        what can be said is kept for a courier."""
        lines = self.carriage.lines.values()
        return any(not one.problem or one.carrier.capabilities().tells for one in lines) or (not lines and not self._place)

    def lines_changed(self) -> None:
        """What rested for want of a line is tried at once."""
        with self.context.write() as tx:
            self.carriage.everything_due(tx)
            self.context.touch(status=True)

    def _unsaid(self) -> tuple[int, tuple[tuple[str, int], ...]]:
        """What has not been sealed: where it is another thing after a round than before, another round is worth making at once.
        What a stopped delegation holds back stays the same."""
        if not self.carriage.lines or self._wanted is None:
            return 0, ()
        with self.context.read() as handle:
            newest = int(handle.value("select max(n) from outbox", (), 0) or 0)
            return newest, tuple(handle.rows("select attachment, next from chunk_out order by attachment"))

    def fetch(self) -> Tally:
        """Take in everything the lines have for us, a transaction a batch. What one line cannot do is noted on it."""
        total = Tally()
        for line in list(self.carriage.lines.values()):
            try:
                self._fetch(line, total)
            except ValiseError as error:
                self.putting.trouble(line, error)
            else:
                if line.problem:
                    line.problem = ""
                    self.putting.show()
                line.last_fetch = self.context.clock.now()
        return total

    def _fetch(self, line: Line, total: Tally) -> None:
        routes = frozenset({self.context.own.mailbox})
        name = line.carrier.name
        while True:
            with self.context.read() as handle:
                row = handle.row("select value from cursor where carrier = ?", (name,))
            cursor = bytes(row[0]) if row else b""
            batch = line.carrier.fetch(routes, cursor, BATCH, lambda names: self._bundles_seen(name, names))
            if batch.items or batch.seen or batch.cursor != cursor:
                tally = self.take(batch.items, batch.cursor, batch.seen, carrier=name)
                total.opened += tally.opened
                total.operations += tally.operations
                total.sealed += tally.sealed
                total.refused += tally.refused
                line.carrier.done(batch.cursor)
            if not batch.more:
                return

    def take(
        self, items: Sequence[tuple[bytes, bytes]], cursor: bytes = b"", seen: Sequence[str] = (), *, carrier: str = ""
    ) -> Tally:
        """Take a batch of envelopes (id, bytes) in, in one transaction with the place reached on the `carrier` ("" = none)."""
        try:
            with self.context.write() as tx:
                tally = self.opening.batch(tx, items)
                now = self.context.clock.now()
                if carrier:
                    tx.run("insert or replace into cursor(carrier, value) values (?,?)", (carrier, cursor))
                    tx.many(
                        "insert or ignore into bundle_seen(carrier, name, at) values (?,?,?)",
                        [(carrier, one, now) for one in seen],
                    )
        except BaseException:
            self.forget()
            raise
        for code in tally.refused:
            self.refused[code] = self.refused.get(code, 0) + 1
        return tally

    def seal(self) -> list[Outgoing]:
        """Seal what waits and gather what is due, committed before any of it leaves."""
        again = self.carriage.pending(self.context.clock.now())
        if not again and not self.outbound.something():
            return []
        self.repair.copies.leaving()
        try:
            with self.context.write() as tx:
                destroyed = self.ratchets.due(tx)
                if again:
                    self.carriage.recall(tx)
                outgoing = self.outbound.gather(tx)
            if destroyed:
                self.context.store.checkpoint()  # destroyed keys leave the write-ahead log too
            return outgoing
        except BaseException:
            self.forget()
            raise

    def put(self, outgoing: Sequence[Outgoing]) -> None:
        """Give parcels to the lines, then note which were taken. Called without a transaction."""
        self.putting.put(outgoing)

    def forget(self) -> None:
        """Drop what is cached in memory after a transaction that did not happen."""
        self.ratchets.forget()
        self.sealing.forget()
        self.opening.forget()
        self.repair.forget()

    def somebody_joins(self, tx: Tx, room: str) -> None:
        """Before the list of members may grow: what was said so far is for those who are here, and for nobody else."""
        self.repair.copies.joins(tx, room)
        self.sealing.so_far(tx, room)
        self.repair.somebody_joins(room)

    def card_came(self, tx: Tx, devices: list[str]) -> None:
        """Devices became known: open what they sent before, and let every shared room hear from us."""
        self.opening.after_card(tx, devices)
        for (room,) in list(tx.rows("select distinct room from room_member")):
            self.repair.introduce(tx, room)

    def collect(self) -> int:
        """Take away own bundles that nobody waits for, or whose window has passed; returns how many."""
        return self.putting.collect()

    def _bundles_seen(self, carrier: str, names: Sequence[str]) -> set[str]:
        found: set[str] = set()
        with self.context.read() as handle:
            for start in range(0, len(names), 500):
                part = names[start : start + 500]
                marks = ",".join("?" * len(part))
                rows = handle.rows(
                    f"select name from bundle_seen where carrier = ? and name in ({marks})", (carrier, *part)
                )
                found |= {row[0] for row in rows}
        return found

    def _done(self) -> None:
        if not any(not one.problem for one in self.carriage.lines.values()):
            return
        self._last = self.context.clock.now()
        if self._last - self._kept > 60_000:
            self._kept = self._last
            with self.context.write() as tx:
                tx.run("insert or replace into meta(key, value) values ('last_exchange', ?)", (str(self._last),))
        if self._last - self._collected > 600_000:
            self._collected = self._last
            try:
                self.collect()
            except ValiseError as error:
                if not error.code.startswith("carrier."):
                    raise


def _together(gathered: Sequence[views.Changes]) -> views.Changes:
    return views.Changes(
        frozenset().union(*(one.rooms for one in gathered)),
        frozenset().union(*(one.texts for one in gathered)),
        frozenset().union(*(one.threads for one in gathered)),
        frozenset().union(*(one.contacts for one in gathered)),
        frozenset().union(*(one.registers for one in gathered)),
        frozenset().union(*(one.incidents for one in gathered)),
        any(one.status for one in gathered),
        any(one.settings for one in gathered),
    )
