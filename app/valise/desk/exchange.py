"""The exchange: one engine above all carriers.

A round never waits for a carrier inside a transaction: fetch (no lock), take in (one transaction a batch), seal
(one transaction), put (no lock), note what was put. Everything it needs to go on after a crash is in the vault.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from valise.carriers.abc import Carrier, Held, Outcome, Parcel
from valise.desk import roster as rosters
from valise.desk import views
from valise.desk.context import CHAT, RECORD, Context
from valise.desk.opening import Opening, Tally
from valise.desk.ports import CarrierMaker
from valise.desk.repair import Repair
from valise.desk.sealing import PIECES, Loose, Sealing
from valise.domain.errors import Unavailable, ValiseError
from valise.protocol import canonical
from valise.protocol.frame import Item, Piece
from valise.vault import parcels, people, sessions
from valise.vault.store import Tx

BATCH = 128
BATCH_BYTES = 4 << 20
SEAL = 4_096
CHUNK_FRAMES = 24
NAG = 20_000
DAY = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A parcel with what to note once it was put: table "parcel", "key_out" or "" (loose)."""

    parcel: Parcel
    table: str


class ExchangeDesk:
    """Seals, puts, fetches, opens, acknowledges. `use` gives it a carrier; without one everything waits."""

    def __init__(
        self, context: Context, sealing: Sealing, opening: Opening, repair: Repair, make_carrier: CarrierMaker, writer: bytes = b"",
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
        self._nagged = 0
        self._swept = 0
        self._kept = 0
        self._collected = 0
        self.after_round: Callable[[views.Changes], None] = lambda changes: None
        self.resend = 60_000
        self.interval = 2_000
        self.window = 30 * DAY
        self.refused: dict[str, int] = {}
        with context.read() as handle:
            row = handle.row("select value from meta where key = 'last_exchange'")
            self._last = int(row[0]) if row else 0
            row = handle.row("select value from setting where key = 'exchange.folder'")
        if row and row[0]:
            self._open_place(str(row[0]))

    def status(self) -> views.ExchangeStatus:
        """The truth for the status line."""
        with self.context.read() as handle:
            waiting, sealed = parcels.waiting(handle), parcels.sealed_count(handle)
        return views.ExchangeStatus(
            self._carrier.name if self._carrier else "", self._place, bool(self._carrier) and not self._problem,
            self._problem, waiting, sealed, self._last, self._last + self.interval if self._last else 0,
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
                tx.many("insert or ignore into bundle_seen(carrier, name, at) values (?,?,?)", [(name, one, now) for one in seen])
        except BaseException:
            self.forget()
            raise
        for code in tally.refused:
            self.refused[code] = self.refused.get(code, 0) + 1
        return tally

    def seal(self) -> list[Outgoing]:
        """Seal what waits and gather what is due, committed before any of it leaves."""
        if not self._something():
            return []
        try:
            with self.context.write() as tx:
                self._nag(tx)
                self._sweep(tx)
                for room, klass in parcels.rooms_waiting(tx):
                    self.sealing.queue(tx, room, klass, SEAL)
                loose = self._statements(tx) + self._answers(tx) + self._chunks(tx)
                outgoing = self._due(tx)
                for one in loose:
                    routes = self._routes(tx, parcels.recipients(tx, one.tag))
                    if routes:
                        outgoing.append(Outgoing(Parcel(one.id, routes, one.blob), ""))
        except BaseException:
            self.forget()
            raise
        return outgoing

    def put(self, outgoing: Sequence[Outgoing]) -> None:
        """Give parcels to the carrier, then note which it took. Called without a transaction."""
        assert self._carrier is not None
        start = 0
        while start < len(outgoing):
            size, end = 0, start
            while end < len(outgoing) and (end == start or size + len(outgoing[end].parcel.blob) <= BATCH_BYTES) and end - start < 512:
                size += len(outgoing[end].parcel.blob)
                end += 1
            part = outgoing[start:end]
            posted = self._carrier.put([one.parcel for one in part])
            now = self.context.clock.now()
            taken = [one for one, outcome in zip(part, posted.outcomes, strict=True)
                     if outcome in (Outcome.ACCEPTED, Outcome.DUPLICATE)]
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
        self.sealing.forget()
        self.opening.forget()
        self.repair.forget()

    def card_came(self, tx: Tx, devices: list[str]) -> None:
        """Devices became known: open what they sent before, and let every shared room hear from us."""
        self.opening.after_card(tx, devices)
        for (room,) in list(tx.rows("select distinct room from room_member")):
            self.repair.introduce(tx, room)

    def _statements(self, tx: Tx) -> list[Loose]:
        made = []
        for room, introduce in self.repair.due(tx):
            roster = rosters.of(self.context, tx, room)
            if roster is None:
                continue
            if roster.blocked or not roster.devices:
                self.repair.done(tx, room)
                continue
            klass = self.sealing.any_class(tx, room)
            made.append(self.sealing.frame(tx, roster, klass, statement=self.repair.make(tx, room), introduce=introduce))
            self.repair.done(tx, room)
        return made

    def _answers(self, tx: Tx) -> list[Loose]:
        made = []
        for room in self.repair.rooms_answered():
            items, pieces = self.repair.answers(room)
            roster = rosters.of(self.context, tx, room)
            if roster is None or roster.blocked or not roster.devices:
                continue
            for klass in (RECORD, CHAT):
                made += self._frames(tx, room, klass, [one for one in items if one.klass == klass])
            for start in range(0, len(pieces), PIECES):
                part = tuple(pieces[start : start + PIECES])
                made.append(self.sealing.frame(tx, roster, self.sealing.any_class(tx, room), pieces=part))
        return made

    def _frames(self, tx: Tx, room: str, klass: int, items: list[Item]) -> list[Loose]:
        roster = rosters.of(self.context, tx, room)
        assert roster is not None
        made, part, size = [], [], 0
        for item in [*items, None]:
            weight = len(item.raw) + len(item.sig) + 16 if item else 0
            if part and (item is None or size + weight > 150_000 or len(part) >= 256):
                made.append(self.sealing.frame(tx, roster, klass, items=tuple(part)))
                part, size = [], 0
            if item:
                part.append(item)
                size += weight
        return made

    def _chunks(self, tx: Tx) -> list[Loose]:
        """The next chunks of attachments on their way, a bounded number a round."""
        made: list[Loose] = []
        for name, room, following in list(tx.rows("select attachment, room, next from chunk_out order by attachment")):
            roster = rosters.of(self.context, tx, room)
            total = tx.row("select chunks from attachment where id = ?", (name,))
            if roster is None or roster.blocked or not roster.devices or total is None:
                continue
            while following < total[0] and len(made) < CHUNK_FRAMES:
                rows = list(tx.rows("select i, data from chunk where attachment = ? and i >= ? order by i limit ?", (name, following, PIECES)))
                pieces = tuple(Piece(canonical.unb64u(name), i, data) for i, data in rows)
                made.append(self.sealing.frame(tx, roster, self.sealing.any_class(tx, room), pieces=pieces))
                following += len(rows)
            if following >= total[0]:
                tx.run("delete from chunk_out where attachment = ?", (name,))
            else:
                tx.run("update chunk_out set next = ? where attachment = ?", (following, name))
        return made

    def _due(self, tx: Tx) -> list[Outgoing]:
        now = self.context.clock.now()
        outgoing: list[Outgoing] = []
        for name, _, device, blob, tries in sessions.due_keys(tx, now, 2_000):
            if tries < 4:
                routes = self._routes(tx, (device,))
                if routes:
                    outgoing.append(Outgoing(Parcel(name, routes, blob), "key_out"))
        for row in parcels.due_parcels(tx, now, 2_000):
            held = parcels.holds(tx, row.room, row.klass)
            lacking = tuple(one for one in parcels.recipients(tx, row.tag) if held.get(one, 0) < row.last)
            if row.tries >= 2:
                for device in lacking:
                    found = people.device(tx, device)
                    if found:
                        self.opening.keys.again(tx, row.tag, found)
            routes = self._routes(tx, lacking)
            if routes:
                outgoing.append(Outgoing(Parcel(row.id, routes, row.blob), "parcel"))
            else:
                self.repair.settle(tx, row.room, row.klass)
        return outgoing

    def _routes(self, tx: Tx, devices: Sequence[str]) -> tuple[bytes, ...]:
        now = self.context.clock.now()
        found = (people.device(tx, one) for one in devices)
        return tuple(sorted({one.mailbox for one in found if one is not None and one.alive(now)}))

    def _something(self) -> bool:
        """Whether a round has anything to write; an idle one leaves the vault alone."""
        now = self.context.clock.now()
        if not 0 <= now - self._nagged < NAG or not 0 <= now - self._swept < 3600 * 1000 or self.repair.rooms_answered():
            return True
        with self.context.read() as handle:
            return handle.row(
                "select exists(select 1 from outbox) or exists(select 1 from statement_due) or exists(select 1 from chunk_out)"
                " or exists(select 1 from parcel where due_at <= ?) or exists(select 1 from key_out where due_at <= ? and tries < 4)",
                (now, now))[0] == 1

    def _nag(self, tx: Tx) -> None:
        """Where something is missing, say so again from time to time."""
        now = self.context.clock.now()
        if 0 <= now - self._nagged < NAG:
            return
        self._nagged = now
        rooms = {row[0] for row in tx.rows("select distinct room from log where top > held")}
        rooms |= {row[0] for row in tx.rows("select distinct op.room from op_missing join op on op.id = op_missing.op")}
        rooms |= {row[0] for row in tx.rows("select distinct room from attachment where have < chunks")}
        if sessions.wanted_tags(tx, 1):
            rooms |= {row[0] for row in tx.rows("select id from room")}
        for room in rooms:
            self.repair.owe(tx, room)

    def _sweep(self, tx: Tx) -> None:
        """Once an hour: old keys go, the forward-secrecy window ends; own finished bundles leave the carrier."""
        now = self.context.clock.now()
        if 0 <= now - self._swept < 3600 * 1000:
            return
        self._swept = now
        sessions.forget_in(tx, now - self.window)
        sessions.forget_made(tx, now - self.window)
        tx.run("delete from envelope_seen where at < ?", (now - 3 * self.window,))
        tx.run("delete from wanted_tag where at < ?", (now - self.window,))
        tx.run("delete from repaired where at < ?", (now - DAY,))

    def _lying(self, tx: Tx, part: Sequence[Outgoing], places: Sequence[str], now: int) -> None:
        """Remember where our parcels lie, to collect them when nobody waits for them any more."""
        assert self._carrier is not None
        by_place: dict[str, list[bytes]] = {}
        for one, place in zip(part, places, strict=True):
            if place:
                by_place.setdefault(place, []).append(one.parcel.id + (b"\x01" if one.table else b"\x00"))
        tx.many(
            "insert or replace into bundle_own(carrier, name, ids, made_at) values (?,?,?,?)",
            [(self._carrier.name, place, b"".join(ids), now) for place, ids in by_place.items()])

    def collect(self) -> int:
        """Take away own bundles that nobody waits for, or whose window has passed; returns how many."""
        if self._carrier is None:
            return 0
        now = self.context.clock.now()
        own: dict[str, list[Held]] = {}
        ids: set[bytes] = set()
        with self.context.read() as handle:
            for place, blob, made_at in handle.rows("select name, ids, made_at from bundle_own where carrier = ?", (self._carrier.name,)):
                kept = [blob[i : i + 17] for i in range(0, len(blob), 17)]
                own[place] = [Held(one[:16], made_at + (self.window if one[16] else DAY)) for one in kept]
                ids |= {one[:16] for one in kept if one[16]}
            waiting = {bytes(row[0]) for row in handle.rows("select id from parcel")}
            waiting |= {bytes(row[0]) for row in handle.rows("select id from key_out where tag in (select tag from parcel)")}
        if not own:
            return 0
        gone = self._carrier.collect_garbage(own, ids - waiting, now)
        if gone:
            with self.context.write() as tx:
                tx.many("delete from bundle_own where name = ?", [(one,) for one in gone])
        return len(gone)

    def _bundles_seen(self, names: Sequence[str]) -> set[str]:
        found: set[str] = set()
        with self.context.read() as handle:
            for start in range(0, len(names), 500):
                part = names[start : start + 500]
                marks = ",".join("?" * len(part))
                found |= {row[0] for row in handle.rows(f"select name from bundle_seen where name in ({marks})", tuple(part))}  # noqa: S608
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
        frozenset().union(*(one.rooms for one in gathered)), frozenset().union(*(one.texts for one in gathered)),
        frozenset().union(*(one.threads for one in gathered)), frozenset().union(*(one.contacts for one in gathered)),
        any(one.status for one in gathered), any(one.settings for one in gathered),
    )


