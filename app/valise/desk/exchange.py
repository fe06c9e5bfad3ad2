"""The exchange: one engine above all carriers.

A round never waits for a carrier inside a transaction: fetch (no lock), take in (one transaction a batch), seal
(one transaction), put (no lock), note what was put. Everything it needs to go on after a crash is in the vault.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from valise.carriers.abc import Carrier, Held, Outcome
from valise.desk import views
from valise.desk.context import Context
from valise.desk.keys import ONLINE_WINDOW
from valise.desk.opening import Opening, Tally
from valise.desk.outbound import DAY, Outbound, Outgoing
from valise.desk.ports import CarrierMaker
from valise.desk.ratchets import RatchetsDesk
from valise.desk.repair import Repair
from valise.desk.sealing import Sealing
from valise.domain.errors import Unavailable, ValiseError
from valise.vault import parcels
from valise.vault.store import Tx

BATCH = 128
BATCH_BYTES = 4 << 20


class ExchangeDesk:
    """Seals, puts, fetches, opens, acknowledges. `use` gives it a carrier; without one everything waits."""

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
        self._carrier: Carrier | None = None
        self._place = ""
        self._problem = ""
        self._last = 0
        self.outbound = Outbound(context, sealing, opening.keys, repair)
        self._kept = 0
        self._collected = 0
        self.after_round: Callable[[views.Changes], None] = lambda changes: None
        self.before_seal: Callable[[], object] = lambda: None  # what this laptop says by itself (checkpoints)
        self.ratchets = RatchetsDesk(context, opening.keys, repair)
        self.ratchets.online = lambda: self._carrier is not None and self._carrier.capabilities().prompt
        self.interval = 2_000
        self.refused: dict[str, int] = {}
        with context.read() as handle:
            row = handle.row("select value from meta where key = 'last_exchange'")
            self._last = int(row[0]) if row else 0
            row = handle.row("select value from setting where key = 'exchange.folder'")
        if row and row[0]:
            self._open_place(str(row[0]))

    @property
    def resend(self) -> int:
        """After so many ms what is not confirmed is put again (then later and later)."""
        return self.outbound.resend

    @resend.setter
    def resend(self, milliseconds: int) -> None:
        self.outbound.resend = milliseconds

    def status(self) -> views.ExchangeStatus:
        """The truth for the status line."""
        with self.context.read() as handle:
            waiting, sealed = parcels.waiting(handle), parcels.sealed_count(handle)
        return views.ExchangeStatus(
            self._carrier.name if self._carrier else "",
            self._place,
            bool(self._carrier) and not self._problem,
            self._problem,
            waiting,
            sealed,
            self._last,
            self._last + self.interval if self._last else 0,
        )

    def use_folder(self, folder: Path) -> None:
        """Exchange through this folder from now on. Unavailable("carrier.unreachable") when it cannot be used."""
        self._open_place(str(folder))
        if self._carrier is None:
            raise self._failure
        try:
            self._carrier.prepare()
        except ValiseError as error:
            self._problem = error.code
            raise
        with self.context.write() as tx:
            tx.run("insert or replace into setting(key, value) values ('exchange.folder', ?)", (str(folder),))
            self.context.touch(status=True, settings=True)

    def use(self, carrier: Carrier) -> None:
        """Exchange through a carrier already made (in memory, in simulation)."""
        self._carrier, self._place, self._problem = carrier, "", ""

    def _open_place(self, place: str) -> None:
        try:
            self._carrier, self._place, self._problem = self._make(place, self._writer), place, ""
        except ValiseError as error:
            self._carrier, self._place, self._problem, self._failure = None, place, error.code, error

    def now(self) -> views.Changes:
        """One round. What peers did wrong is counted; what the carrier could not do shows in the status."""
        gathered: list[views.Changes] = []
        end = self.context.subscribe(gathered.append)
        try:
            if self._carrier is None and self._place:
                self._open_place(self._place)
            try:
                if self._carrier is not None:
                    self.fetch()
                self.before_seal()
                outgoing = self.seal()
                if self._carrier is not None:
                    self.put(outgoing)
                    self._done()
            except ValiseError as error:
                if not error.code.startswith("carrier."):
                    raise
                self._trouble(error.code)
            self.after_round(_together(gathered))
        finally:
            end()
        return _together(gathered)

    def fetch(self) -> Tally:
        """Take in everything the carrier has for us, a transaction a batch."""
        assert self._carrier is not None
        total = Tally()
        routes = frozenset({self.context.own.mailbox})
        while True:
            with self.context.read() as handle:
                row = handle.row("select value from cursor where carrier = ?", (self._carrier.name,))
            batch = self._carrier.fetch(routes, row[0] if row else b"", BATCH, self._bundles_seen)
            if batch.items or batch.seen or batch.cursor != (row[0] if row else b""):
                tally = self.take(batch.items, batch.cursor, batch.seen)
                total.opened += tally.opened
                total.operations += tally.operations
                total.sealed += tally.sealed
                total.refused += tally.refused
            if not batch.more:
                return total

    def take(self, items: Sequence[tuple[bytes, bytes]], cursor: bytes = b"", seen: Sequence[str] = ()) -> Tally:
        """Take a batch of envelopes (id, bytes) in, in one transaction with the place reached on the carrier."""
        try:
            with self.context.write() as tx:
                tally = self.opening.batch(tx, items)
                name = self._carrier.name if self._carrier else ""
                now = self.context.clock.now()
                tx.run("insert or replace into cursor(carrier, value) values (?,?)", (name, cursor))
                tx.many(
                    "insert or ignore into bundle_seen(carrier, name, at) values (?,?,?)",
                    [(name, one, now) for one in seen],
                )
        except BaseException:
            self.forget()
            raise
        for code in tally.refused:
            self.refused[code] = self.refused.get(code, 0) + 1
        return tally

    def seal(self) -> list[Outgoing]:
        """Seal what waits and gather what is due, committed before any of it leaves."""
        if not self.outbound.something():
            return []
        try:
            with self.context.write() as tx:
                destroyed = self.ratchets.due(tx)
                outgoing = self.outbound.gather(tx)
            if destroyed:
                self.context.store.checkpoint()  # destroyed keys leave the write-ahead log too
            return outgoing
        except BaseException:
            self.forget()
            raise

    def put(self, outgoing: Sequence[Outgoing]) -> None:
        """Give parcels to the carrier, then note which it took. Called without a transaction."""
        assert self._carrier is not None
        start = 0
        while start < len(outgoing):
            size, end = 0, start
            while (
                end < len(outgoing)
                and (end == start or size + len(outgoing[end].parcel.blob) <= BATCH_BYTES)
                and end - start < 512
            ):
                size += len(outgoing[end].parcel.blob)
                end += 1
            part = outgoing[start:end]
            posted = self._carrier.put([one.parcel for one in part])
            now = self.context.clock.now()
            taken = [
                one
                for one, outcome in zip(part, posted.outcomes, strict=True)
                if outcome in (Outcome.ACCEPTED, Outcome.DUPLICATE)
            ]
            with self.context.write() as tx:
                for table in ("parcel", "key_out"):
                    ids = [one.parcel.id for one in taken if one.table == table]
                    if ids:
                        parcels.put_done(tx, table, ids, now, self.resend)
                self._lying(tx, part, posted.places, now)
                self.context.touch(status=True)
            full = [outcome for outcome in posted.outcomes if outcome in (Outcome.FULL, Outcome.RETRY)]
            if full:
                raise Unavailable("carrier.full" if Outcome.FULL in full else "carrier.unreachable")
            start = end

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

    def _lying(self, tx: Tx, part: Sequence[Outgoing], places: Sequence[str], now: int) -> None:
        """Remember where our parcels lie, to collect them when nobody waits for them any more."""
        assert self._carrier is not None
        by_place: dict[str, list[bytes]] = {}
        for one, place in zip(part, places, strict=True):
            if place:
                by_place.setdefault(place, []).append(one.parcel.id + (b"\x01" if one.table else b"\x00"))
        tx.many(
            "insert or replace into bundle_own(carrier, name, ids, made_at) values (?,?,?,?)",
            [(self._carrier.name, place, b"".join(ids), now) for place, ids in by_place.items()],
        )

    def collect(self) -> int:
        """Take away own bundles that nobody waits for, or whose window has passed; returns how many."""
        if self._carrier is None:
            return 0
        now = self.context.clock.now()
        own: dict[str, list[Held]] = {}
        ids: set[bytes] = set()
        with self.context.read() as handle:
            for place, blob, made_at in handle.rows(
                "select name, ids, made_at from bundle_own where carrier = ?", (self._carrier.name,)
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
        self._forget_names()
        gone = self._carrier.collect_garbage(own, ids - waiting, now)
        if gone:
            with self.context.write() as tx:
                tx.many("delete from bundle_own where name = ?", [(one,) for one in gone])
        return len(gone)

    def _forget_names(self) -> None:
        """Names of bundles that no longer lie there need not be remembered."""
        assert self._carrier is not None
        name = self._carrier.name
        with self.context.read() as handle:
            known = {row[0] for row in handle.rows("select name from bundle_seen where carrier = ?", (name,))}
        gone = self._carrier.gone(frozenset({self.context.own.mailbox}), known) if known else frozenset()
        if gone:
            with self.context.write() as tx:
                tx.many("delete from bundle_seen where carrier = ? and name = ?", [(name, one) for one in gone])

    def _bundles_seen(self, names: Sequence[str]) -> set[str]:
        found: set[str] = set()
        with self.context.read() as handle:
            for start in range(0, len(names), 500):
                part = names[start : start + 500]
                marks = ",".join("?" * len(part))
                found |= {
                    row[0] for row in handle.rows(f"select name from bundle_seen where name in ({marks})", tuple(part))
                }
        return found

    def _done(self) -> None:
        self._last = self.context.clock.now()
        if self._problem:
            self._problem = ""
        if self._last - self._kept > 60_000:
            self._kept = self._last
            with self.context.write() as tx:
                tx.run("insert or replace into meta(key, value) values ('last_exchange', ?)", (str(self._last),))
        if self._last - self._collected > 600_000:
            self._collected = self._last
            self.collect()

    def _trouble(self, code: str) -> None:
        self._problem = code
        with self.context.write():
            self.context.touch(status=True)


def _together(gathered: Sequence[views.Changes]) -> views.Changes:
    return views.Changes(
        frozenset().union(*(one.rooms for one in gathered)),
        frozenset().union(*(one.texts for one in gathered)),
        frozenset().union(*(one.threads for one in gathered)),
        frozenset().union(*(one.contacts for one in gathered)),
        any(one.status for one in gathered),
        any(one.settings for one in gathered),
    )
