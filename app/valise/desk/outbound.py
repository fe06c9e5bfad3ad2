"""What leaves: everything due in a round, sealed and gathered inside one transaction, before any of it is put."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product

from valise.carriers.abc import Parcel
from valise.desk import departed, ends
from valise.desk import roster as rosters
from valise.desk.context import CHAT, RECORD, Context
from valise.desk.keys import KeyDesk
from valise.desk.repair import Repair
from valise.desk.roster import Roster
from valise.desk.sealing import PIECES, Loose, Sealing, portions
from valise.protocol import canonical
from valise.protocol.frame import Piece
from valise.vault import parcels, people, sessions
from valise.vault.people import Device
from valise.vault.store import Tx

SEAL = 4_096  # operations sealed a round
CHUNK_FRAMES = 24  # frames of attachment chunks a round
KEY_TRIES = 4  # a key envelope is put this often; after that the recipient asks
LONG = 7  # puts of one parcel, the last pauses between them the longest there are
NAG = 20_000
STUCK = 600_000
INTRODUCE_MOST = 6 * 3600 * 1000
HOUR = 3600 * 1000
DAY = 24 * HOUR


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A parcel with what to note once it was put: table "parcel", "key_out" or "" (loose). A loose one is a "statement", an
    "answer" to one, a "chunk" of an attachment on its way, or the "last" a device hears of us."""

    parcel: Parcel
    table: str
    kind: str = ""


class Outbound:
    """Gathers what is due. Used inside the caller's write transaction; `window` ms is how long a courier may take."""

    def __init__(self, context: Context, sealing: Sealing, keys: KeyDesk, repair: Repair) -> None:
        self.context = context
        self.sealing = sealing
        self.keys = keys
        self.repair = repair
        self.window = 30 * DAY
        self.reached: Callable[[Tx, Iterable[str]], bool] = lambda tx, delegations: True  # whether a carrier serves any of them
        self.resend = 60_000
        self._nagged = 0
        self._swept = 0
        self._offered = (0, STUCK)  # when to offer keys next, how long to wait after that
        self._upto = -1  # the newest operation seen at the last reminder, -1 before the first
        self._reminders: dict[str, tuple[int, int]] = {}  # room -> when to say again what we hold, how long we waited
        self._ends: dict[str, tuple[int, int, int]] = {}  # room we are out of -> its newest operation, when to say it again, wait
        self._unsure: dict[str, tuple[int, int]] = {}  # room -> when to introduce it again, how long to wait after that

    def gather(self, tx: Tx) -> list[Outgoing]:
        """Seal what waits; everything that should be put now."""
        self._nag(tx)
        self._sweep(tx)
        self._clock_set_back(tx)
        self.repair.copies.settle(tx)
        doubted = self.repair.copies.doubt(tx)
        for room in filter(self.repair.copies.silent, doubted):
            self.repair.owe(tx, room)
        for room, klass in parcels.rooms_waiting(tx):
            if room not in doubted and self.repair.copies.sealing(tx, room, klass):
                if self.sealing.queue(tx, room, klass, SEAL) and self.repair.copies.silent(room):
                    self.repair.owe(tx, room)
        loose = self._statements(tx)
        loose += [(one, "answer") for one in self._answers(tx)]
        loose += [(one, "answer") for one in self._asides(tx)]
        loose += [(one, "chunk") for one in self._chunks(tx)]
        for room, name in self.repair.farewells():
            device = people.device(tx, name)
            if device and device.alive(self.context.clock.now()):
                loose += [(one, "last") for one in self.sealing.farewell(tx, room, device)]
                loose += [(one, "answer") for one in self._heard(tx, room, device)]
        outgoing = self._due(tx)
        outgoing += [Outgoing(Parcel(one, (box,), blob), "", "last") for one, box, blob in self.context.last_words(tx)]
        for one, kind in loose:
            routes = self._routes(tx, parcels.recipients(tx, one.tag))
            if routes:
                outgoing.append(Outgoing(Parcel(one.id, routes, one.blob), "", kind))
        return outgoing

    def _statements(self, tx: Tx) -> list[tuple[Loose, str]]:
        made = []
        for room, introduce in self.repair.due(tx):
            roster = rosters.of(self.context, tx, room)
            if roster is None:
                continue
            known, roster = roster, self._ended(tx, roster, introduce)
            alone = roster is not known  # for our other laptops: kept for a courier, who takes nothing else of a room we left
            if roster.blocked or not roster.devices or not (alone or self._served(tx, roster)):
                self.repair.done(tx, room)  # a courier takes a fresh one along
                continue
            klass = self.sealing.any_class(tx, room)
            told = self.sealing.frame(tx, roster, klass, statement=self.repair.make(tx, room), introduce=introduce)
            made.append((told, "answer" if alone else "statement"))
            self.repair.done(tx, room)
        return made

    def _ended(self, tx: Tx, roster: Roster, introduce: bool) -> Roster:
        """Of a room we are not in any more our other laptops alone hear: at once when something of it came, then ever more
        seldom, since nobody else fills what they all lack; and what introduces it to them."""
        family = rosters.family(self.context, tx, roster)
        if not family:
            return roster
        room, now = roster.state.id, self.context.clock.now()
        newest = tx.value("select max(n) from op where room = ?", (room,), 0) or 0
        before, due, wait = self._ends.get(room, (0, now, NAG))
        if before != newest:
            due, wait = now, NAG
        if 0 < due - now <= wait and not introduce:
            return roster
        self._ends[room] = (newest, now + wait, min(2 * wait, INTRODUCE_MOST))
        return replace(roster, devices=family, blocked="")

    def _answers(self, tx: Tx) -> list[Loose]:
        made = []
        for room in self.repair.rooms_answered():
            items, pieces, authors = self.repair.answers(room)
            roster = rosters.of(self.context, tx, room)
            if roster is None or roster.blocked or not roster.devices:
                continue
            # who has gone may have said it, and whoever asks came later: without its card he could not verify it
            gone = [one for one in authors if one not in roster.state.members]
            for klass in (RECORD, CHAT):
                for part in portions([one for one in items if one.klass == klass]):
                    made.append(self.sealing.frame(tx, roster, klass, items=part, vouch=gone))
                    gone = []
            for start in range(0, len(pieces), PIECES):
                some = tuple(pieces[start : start + PIECES])
                made.append(self.sealing.frame(tx, roster, self.sealing.any_class(tx, room), pieces=some))
        for room, name, items, authors in self.repair.answers_alone():
            roster, device = rosters.of(self.context, tx, room), people.device(tx, name)
            if roster is None or device is None:
                continue
            if (
                device in (rosters.family(self.context, tx, roster) if roster.blocked else roster.devices)
                or ends.may_hear(self.context, tx, roster, device)
            ):
                # out of the room, nobody introduces a laptop that was new there: it could not be verified
                made += self.sealing.alone(tx, roster, device, items, vouch=authors if roster.blocked else ())
        return made

    def _asides(self, tx: Tx) -> list[Loose]:
        """What is said to one laptop alone about an older copy of a vault."""
        return [each for one in self.repair.departed.due(tx) for each in self._aside(tx, one)]

    def _heard(self, tx: Tx, room: str, device: Device) -> list[Loose]:
        """For one that took itself out: what we hold of what it said, its leaving too. Our statements do not go to it any more, and
        it would wait for ever."""
        roster = rosters.of(self.context, tx, room)
        if roster is None or roster.blocked or not rosters.left(tx, roster, device.delegation):
            return []
        return self._aside(tx, departed.Aside(room, device, device.id))

    def _aside(self, tx: Tx, one: departed.Aside) -> list[Loose]:
        roster = rosters.of(self.context, tx, one.room)
        if roster is None:
            return []
        return self.sealing.alone(tx, roster, one.device, [], statement=ends.aside(self.repair, tx, one))

    def _chunks(self, tx: Tx) -> list[Loose]:
        """The next chunks of attachments on their way, a bounded number a round."""
        made: list[Loose] = []
        for name, room, start in tx.rows("select attachment, room, next from chunk_out order by attachment"):
            roster = rosters.of(self.context, tx, room)
            total = tx.value("select chunks from attachment where id = ?", (name,), 0)
            if roster is None or roster.blocked or not roster.devices:
                continue
            if not self._served(tx, roster):  # a courier takes along what has not been acknowledged
                tx.run("delete from chunk_out where attachment = ?", (name,))
                continue
            place = start
            while place < total and len(made) < CHUNK_FRAMES:
                rows = tx.rows(
                    "select i, data from chunk where attachment = ? and i >= ? order by i limit ?",
                    (name, place, PIECES),
                )
                pieces = tuple(Piece(canonical.unb64u(name), i, data) for i, data in rows)
                made.append(self.sealing.frame(tx, roster, self.sealing.any_class(tx, room), pieces=pieces))
                place += PIECES
            if place >= total:
                tx.run("delete from chunk_out where attachment = ?", (name,))
            else:
                tx.run("update chunk_out set next = ? where attachment = ?", (place, name))
        return made

    def _due(self, tx: Tx) -> list[Outgoing]:
        """Key envelopes and parcels whose time has come, for the devices that are still in the room and lack them."""
        now = self.context.clock.now()
        outgoing: list[Outgoing] = []
        open_to: dict[str, frozenset[str]] = {}
        held: dict[tuple[str, int], dict[str, int]] = {}
        for name, tag, device, blob, _ in sessions.due_keys(tx, now, 2_000, KEY_TRIES):
            made = sessions.made(tx, tag)
            alone = made is not None and made.recipients == (device,) and not self._stopped(tx, device)
            heard = made is not None and (alone or device in self._open(tx, made.room, open_to))
            routes = self._routes(tx, (device,)) if heard else ()
            if routes:
                outgoing.append(Outgoing(Parcel(name, routes, blob), "key_out"))
            else:
                tx.run("update key_out set due_at = ? where id = ?", (now + NAG, name))
        for row in parcels.due_parcels(tx, now, 256):
            key = (row.room, row.klass)
            if key not in held:
                held[key] = self.repair.holds(tx, *key)
            here = self._open(tx, row.room, open_to)
            lacking = tuple(
                one for one in parcels.recipients(tx, row.tag) if one in here and held[key].get(one, 0) < row.last
            )
            if row.tries >= 2:
                for device in lacking:
                    found = people.device(tx, device)
                    if found:
                        self.keys.again(tx, row.tag, found)
            routes = self._routes(tx, lacking)
            if routes:
                outgoing.append(Outgoing(Parcel(row.id, routes, row.blob), "parcel"))
            else:
                tx.run("update parcel set due_at = ? where id = ?", (now + NAG, row.id))
                self.repair.settle(tx, row.room, row.klass)
        return outgoing

    def _served(self, tx: Tx, roster: Roster) -> bool:
        """Whether a carrier of every round takes anything for somebody in the room."""
        return self.reached(tx, {one.delegation for one in roster.devices})

    def _stopped(self, tx: Tx, device: str) -> bool:
        """Whether sending to this device's delegation is stopped."""
        known = people.device(tx, device)
        return known is None or people.stopped(tx, known.delegation) != ""

    def _open(self, tx: Tx, room: str, known: dict[str, frozenset[str]]) -> frozenset[str]:
        """Devices of the room that may be sent to now; none while sending is stopped."""
        if room not in known:
            roster = rosters.of(self.context, tx, room)
            going = roster is not None and (not roster.blocked or rosters.leaving(self.context, tx, roster))
            here = roster.devices if roster is not None and going else ()
            here += rosters.family(self.context, tx, roster) if roster is not None else ()
            known[room] = frozenset(one.id for one in here)
        return known[room]

    def _routes(self, tx: Tx, devices: Sequence[str]) -> tuple[bytes, ...]:
        return tuple(sorted(people.mailboxes(tx, devices, self.context.clock.now())))

    def _clock_set_back(self, tx: Tx) -> None:
        """What is due later than any delay of ours was put while the clock ran ahead: it is due now."""
        now = self.context.clock.now()
        latest = now + parcels.LONGEST * self.resend + NAG
        for table in ("parcel", "key_out"):
            if tx.row(f"select 1 from {table} where due_at > ? limit 1", (latest,)):
                tx.run(f"update {table} set due_at = ? where due_at > ?", (now, latest))

    def something(self) -> bool:
        """Whether a round has anything to write; an idle one leaves the vault alone."""
        now = self.context.clock.now()
        if (
            not 0 <= now - self._nagged < NAG
            or not 0 <= now - self._swept < 3600 * 1000
            or self.repair.rooms_answered()
        ):
            return True
        with self.context.read() as handle:
            return bool(
                handle.value(
                    "select exists(select 1 from outbox) or exists(select 1 from statement_due)"
                    " or exists(select 1 from chunk_out) or exists(select 1 from parcel where due_at <= ? or due_at > ?)"
                    " or exists(select 1 from key_out where due_at <= ? and tries < ?)",
                    (now, now + parcels.LONGEST * self.resend + NAG, now, KEY_TRIES),
                )
            )

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
        for room in rooms.union(self.repair.copies.asking(tx)):
            self.repair.owe(tx, room)
        self._introduce(tx, now)
        self._remind(tx, now)
        self._offer(tx, now)

    def _remind(self, tx: Tx, now: int) -> None:
        """A statement may be lost, and then nobody knows that another lacks something: after anything new in a room we
        say what we hold once more ten minutes later, an hour after that, and six hours after that."""
        newest = tx.value("select max(n) from op", (), 0) or 0
        for (room,) in tx.rows("select distinct room from op where n > ?", (newest - 500 if self._upto < 0 else self._upto,)):
            self._reminders[room] = (now + STUCK, STUCK)
        self._upto = newest
        for room, (due, wait) in list(self._reminders.items()):
            if 0 <= due - now <= wait:
                continue
            self.repair.owe(tx, room)
            if wait < 6 * HOUR:
                self._reminders[room] = (now + 6 * wait, 6 * wait)
            else:
                del self._reminders[room]

    def _offer(self, tx: Tx, now: int) -> None:
        """Each of two may hold what the other sealed and lack its key, so that no request can be read either.

        Who has waited long for a key therefore sends its own again to whoever has not confirmed them, ever more seldom.
        """
        due, wait = self._offered
        if 0 <= due - now <= wait:
            return
        if not tx.row("select 1 from wanted_tag where at <= ? or at > ? limit 1", (now - STUCK, now)):
            self._offered = (0, STUCK)
            return
        self._offered = (now + wait, min(2 * wait, DAY))
        for tag, name in tx.rows("select tag, device from key_out where tag in (select tag from session_out)"):
            device = people.device(tx, name)
            if device is not None:
                self.keys.again(tx, tag, device)

    def _introduce(self, tx: Tx, now: int) -> None:
        """Who sees another list of members, was never heard in a room, or does not confirm what was put again and again (an
        older copy of its vault may know nothing of the room), is told who is in it: later and later. Of a room we are out of
        these are our other laptops."""
        silent = self._silent(tx)
        for (room,) in tx.rows("select id from room"):
            roster = rosters.of(self.context, tx, room)
            here = () if roster is None else rosters.family(self.context, tx, roster) if roster.blocked else roster.devices
            if roster is None or not here:
                continue
            seen = dict(tx.rows("select device, epoch from roster_seen where room = ?", (room,)))
            if roster.blocked:  # one that was never heard there joined later: such a room is nothing to it (decision 76)
                unheard = [one for one in here if seen.get(one.id, roster.epoch) != roster.epoch]
            else:
                unheard = [one for one in here if seen.get(one.id) != roster.epoch or (room, one.id) in silent]
            if not unheard:
                self._unsure.pop(room, None)
                continue
            due, wait = self._unsure.get(room, (now, NAG))
            if not 0 <= due - now <= wait:
                self.repair.introduce(tx, room)
                if wait > NAG:  # the keys of an introduction may have been lost, and who knows no room asks for none
                    tags = [row[0] for row in tx.rows("select tag from session_out where room = ?", (room,))]
                    for device, tag in product(unheard, tags):
                        self.keys.again(tx, tag, device)
                due, wait = now + wait, min(2 * wait, INTRODUCE_MOST)
            self._unsure[room] = (due, wait)

    def _silent(self, tx: Tx) -> set[tuple[str, str]]:
        """(room, laptop) where something was put `LONG` times and is not confirmed."""
        found = set()
        for room, klass, tag, last in tx.rows(
            "select room, klass, tag, max(last) from parcel where tries >= ? group by room, klass, tag", (LONG,)
        ):
            held = self.repair.holds(tx, room, klass)
            found |= {(room, one) for one in parcels.recipients(tx, tag) if held.get(one, 0) < last}
        return found

    def _sweep(self, tx: Tx) -> None:
        """Once an hour: old keys go, the forward-secrecy window ends; own finished bundles leave the carrier."""
        now = self.context.clock.now()
        if 0 <= now - self._swept < 3600 * 1000:
            return
        self._swept = now
        sessions.forget_in(tx, now - self.window)
        sessions.forget_made(tx, now - self.window)
        tx.run("delete from envelope_seen where at < ?", (now - 3 * self.window,))
        parcels.thin_sealed(tx, now - 2 * self.window)
        tx.run("delete from wanted_tag where at < ?", (now - self.window,))
        tx.run("delete from repaired where at < ?", (now - DAY,))
