"""What a courier's bundle takes along for some delegations: everything of ours that they have not acknowledged.

Not what is due, as a round of the exchange has it, but all that is lacking, whatever other ways have been tried: a stick that
was lost costs another stick and nothing else. Sealing is done by the exchange's own parts, and each transaction is over before
what it sealed is written anywhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from valise.carriers.abc import Parcel
from valise.carriers.courier import LARGEST
from valise.desk import roster as rosters
from valise.desk.context import CHAT, RECORD, Context
from valise.desk.exchange import ExchangeDesk
from valise.desk.outbound import SEAL
from valise.desk.roster import Roster
from valise.desk.sealing import PIECES, Loose, portions
from valise.domain.errors import Refused, ValiseError
from valise.protocol import canonical, envelope, hpke, statement
from valise.protocol.frame import Piece
from valise.vault import courier, generation, parcels, people, sessions
from valise.vault.people import Device
from valise.vault.store import Handle, Tx

FRAMES = 24  # frames of chunks sealed in one transaction
FETCH = 64  # parcels read at once
CHUNK = 66_000  # octets of a chunk as it travels, about

Tell = Callable[[int, int], None]
Names = dict[str, frozenset[str]]  # room -> laptops of those the bundle is for that may be sent to there


@dataclass(frozen=True, slots=True)
class Lacking:
    """A sealed parcel and the laptops that lack it; `size` in octets."""

    id: bytes
    tag: bytes
    devices: tuple[str, ...]
    size: int


@dataclass(slots=True)
class File:
    """Chunks of an attachment that go along; `upto` = how far they went in this bundle."""

    name: str
    room: str
    numbers: Sequence[int]
    upto: int = 0


@dataclass(slots=True)
class Plan:
    """What one bundle is to hold. `devices` of the delegations it is for, `keys` to seal their manifests to."""

    delegations: tuple[str, ...]
    devices: dict[str, Device]
    keys: dict[str, bytes]
    rooms: Names
    loose: list[bytes] = field(default_factory=list)  # rows of courier_loose that go along
    first: list[Parcel] = field(default_factory=list)  # keys, what the engine kept, statements: held in memory
    parcels: list[Lacking] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    keyed: set[bytes] = field(default_factory=set)
    octets: int = 0

    def routes(self, devices: Iterable[str]) -> tuple[bytes, ...]:
        return tuple(sorted({self.devices[one].mailbox for one in devices if one in self.devices}))


class Gatherer:
    """Gathers for the courier with the parts of the exchange. Called without a transaction."""

    def __init__(self, context: Context, exchange: ExchangeDesk) -> None:
        self.context = context
        self.exchange = exchange
        self.repair = exchange.repair
        self.sealing = exchange.sealing

    # -- what there would be

    def open_rooms(self, handle: Handle) -> dict[str, Roster]:
        """Rooms of which something may be sent to somebody just now."""
        found = {}
        for (room,) in handle.rows("select id from room order by n"):
            roster = rosters.of(self.context, handle, room)
            if roster is not None and roster.devices:
                if not roster.blocked or rosters.leaving(self.context, handle, roster):
                    found[room] = roster
        return found

    def amounts(self, handle: Handle, whose: Mapping[str, str]) -> dict[str, tuple[int, int]]:
        """Delegation -> (attachments, octets about) that a bundle for it would hold; `whose` = laptop -> delegation."""
        octets: dict[str, int] = {}
        files: dict[str, int] = {}
        rooms = {room: [one.id for one in roster.devices] for room, roster in self.open_rooms(handle).items()}
        for parcel in self._lacking(handle, {room: frozenset(here) for room, here in rooms.items()}):
            for delegation in {whose[one] for one in parcel.devices if one in whose}:
                octets[delegation] = octets.get(delegation, 0) + parcel.size
        queued = dict(
            handle.rows(
                "select outbox.room, sum(length(op.raw) + length(op.sig)) from outbox join op on op.id = outbox.op"
                " group by outbox.room"
            )
        )
        for room, here in rooms.items():
            for delegation in {whose[one] for one in here if one in whose}:
                mine = frozenset(one for one in here if whose.get(one) == delegation)
                wanted = self._wanted(handle, {room: mine})
                chunks = sum(len(one.numbers) for one in wanted)
                files[delegation] = files.get(delegation, 0) + len(wanted)
                octets[delegation] = octets.get(delegation, 0) + queued.get(room, 0) + CHUNK * chunks
        return {one: (files.get(one, 0), octets[one]) for one in octets}

    # -- gathering

    def plan(self, delegations: Sequence[str], tell: Tell) -> Plan:
        """Seal what waits in the rooms shared with these delegations; what is to be carried. An empty plan when nobody of
        them shares a room with us."""
        with self.context.read() as handle:
            now = self.context.clock.now()
            devices = {
                one.id: one
                for delegation in delegations
                for one in people.devices(handle, delegation)
                if one.alive(now) and one.id != self.context.own.device
            }
        try:
            self._seal(devices, tell)
            with self.context.write() as tx:
                return self._plan(tx, tuple(delegations), devices)
        except BaseException:
            self.exchange.forget()
            raise

    def _rooms(self, handle: Handle, devices: Mapping[str, Device]) -> Names:
        found = {}
        for room, roster in self.open_rooms(handle).items():
            here = frozenset(one.id for one in roster.devices if one.id in devices)
            if here:
                found[room] = here
        return found

    def _seal(self, devices: Mapping[str, Device], tell: Tell) -> None:
        """The queue becomes parcels, a bounded number a transaction."""
        self.repair.copies.leaving()
        total = done = 0
        while True:
            with self.context.write() as tx:
                doubted = self.repair.copies.doubt(tx)
                rooms = {room: here for room, here in self._rooms(tx, devices).items() if room not in doubted}
                total = max(total, done + int(tx.value("select count(*) from outbox")))
                some = 0
                for room, klass in parcels.rooms_waiting(tx):
                    if room in rooms and some < SEAL and self.repair.copies.sealing(tx, room, klass):
                        some += self.sealing.queue(tx, room, klass, SEAL - some)
            done += some
            tell(done, total)
            if not some:
                return

    def _plan(self, tx: Tx, delegations: tuple[str, ...], devices: dict[str, Device]) -> Plan:
        rooms = self._rooms(tx, devices)
        here = {one: devices[one] for one in sorted(frozenset[str]().union(*rooms.values()))}
        keys = {}
        for name in here:
            public = sessions.peer_key(tx, name) or people.prekey(tx, name)
            try:
                hpke.check_public(public)
            except Refused:
                continue  # unusable keys on its card: the others are not made to wait for it
            keys[name] = public
        plan = Plan(delegations, here, keys, rooms)
        if not plan.keys:
            return plan
        words = self._kept(tx, plan)
        for room in rooms:
            roster = rosters.of(self.context, tx, room)
            if roster is not None and not roster.blocked:
                words += self._parcel(tx, plan, self._answers(tx, roster))
                words += self._parcel(tx, plan, [self._statement(tx, roster, rooms[room])])
        plan.parcels = self._lacking(tx, rooms)
        total = sum(one.size for one in plan.parcels)
        if total > LARGEST // 2:  # more than one bundle holds: what has never gone comes first
            put = dict(tx.rows("select id, put_at from parcel"))
            plan.parcels.sort(key=lambda one: int(put.get(one.id, 0)))
        plan.files = self._files(tx, plan)
        tags = {envelope.tag_of(one.blob) for one in words if envelope.kind_of(one.blob) == "content"}
        tags |= {one.tag for one in plan.parcels}
        plan.first = self._keys(tx, plan, tags, courier.counts(tx)) + words
        plan.octets = total + sum(len(one.blob) for one in plan.first)
        plan.octets += sum(CHUNK * len(one.numbers) for one in plan.files)
        return plan

    def _kept(self, tx: Tx, plan: Plan) -> list[Parcel]:
        """What the engine kept for them since nobody would repeat it by himself, each envelope once."""
        found: dict[bytes, tuple[bytes, set[bytes]]] = {}
        boxes = {one.mailbox for one in plan.devices.values()}
        for name, route, blob in courier.loose(tx, plan.delegations):
            plan.loose.append(name)
            if route in boxes:
                found.setdefault(hashlib.sha256(blob).digest(), (blob, set()))[1].add(route)
        return [Parcel(self.context.entropy(16), tuple(sorted(routes)), blob) for blob, routes in found.values()]

    def _answers(self, tx: Tx, roster: Roster) -> list[Loose]:
        """What statements made us owe the room and no round has taken since: those who are not for this bundle ask again."""
        items, pieces, authors = self.repair.answers(roster.state.id)
        made = []
        gone = [one for one in authors if one not in roster.state.members]
        for klass in (RECORD, CHAT):
            for part in portions([one for one in items if one.klass == klass]):
                made.append(self.sealing.frame(tx, roster, klass, items=part, vouch=gone))
                gone = []
        for start in range(0, len(pieces), PIECES):
            klass = self.sealing.any_class(tx, roster.state.id)
            made.append(self.sealing.frame(tx, roster, klass, pieces=tuple(pieces[start : start + PIECES])))
        return made

    def _statement(self, tx: Tx, roster: Roster, here: frozenset[str]) -> Loose:
        """What we hold, said anew; with who is in the room, where one of these laptops was never heard or sees another list."""
        room = roster.state.id
        seen = dict(tx.rows("select device, epoch from roster_seen where room = ?", (room,)))
        introduce = any(seen.get(one) != roster.epoch for one in here)
        klass = self.sealing.any_class(tx, room)
        return self.sealing.frame(tx, roster, klass, statement=self.repair.make(tx, room), introduce=introduce)

    def _parcel(self, tx: Tx, plan: Plan, some: Iterable[Loose]) -> list[Parcel]:
        made = []
        for one in some:
            routes = plan.routes(parcels.recipients(tx, one.tag))
            if routes:
                made.append(Parcel(one.id, routes, one.blob))
        return made

    def _keys(
        self, tx: Tx, plan: Plan, tags: set[bytes], since: Mapping[str, tuple[int, int, int]] | None = None
    ) -> list[Parcel]:
        """Key envelopes of these sessions for these laptops, in the order they were made: Olm is a chain. With `since` (when
        the last bundle for a delegation was made) also those made after it: what was asked for again may hold no parcel."""
        made, now = [], self.context.clock.now()
        for name, tag, device, blob, at in tx.each("select id, tag, device, blob, made_at from key_out order by rowid"):
            if device not in plan.devices or name in plan.keyed:
                continue
            last = (since or {}).get(plan.devices[device].delegation)
            if tag in tags or (last is not None and (at >= last[0] or last[0] > now)):
                plan.keyed.add(name)
                made.append(Parcel(name, plan.routes((device,)), blob))
        return made

    def _lacking(self, handle: Handle, rooms: Names) -> list[Lacking]:
        """Every sealed parcel that one of these laptops lacks, the oldest first."""
        held: dict[tuple[str, int], dict[str, int]] = {}
        sealed_for: dict[bytes, tuple[str, ...]] = {}
        found = []
        for name, room, klass, last, tag, size in handle.each(
            "select id, room, klass, last, tag, length(blob) from parcel order by made_at, last, id"
        ):
            if room not in rooms:
                continue
            if (room, klass) not in held:
                held[room, klass] = self._held(handle, room, klass)
            if tag not in sealed_for:
                sealed_for[tag] = tuple(one for one in parcels.recipients(handle, tag) if one in rooms[room])
            lacking = tuple(one for one in sealed_for[tag] if held[room, klass].get(one, 0) < last)
            if lacking:
                found.append(Lacking(name, tag, lacking, size))
        return found

    def _held(self, handle: Handle, room: str, klass: int) -> dict[str, int]:
        """Laptop -> up to where it has our log, or has no part in it (see Repair.holds)."""
        found = parcels.holds(handle, room, klass)
        if klass == CHAT:
            for device, seq in handle.rows("select device, seq from chat_base where room = ?", (room,)):
                found[device] = max(found.get(device, 0), seq - 1)
        return found

    # -- attachments

    def _files(self, tx: Tx, plan: Plan) -> list[File]:
        """What goes along of attachments. Where one bundle could not hold all, the next goes on, and then begins anew."""
        every = self._wanted(tx, {room: here for room, here in plan.rooms.items() if not self._blocked(tx, room)})
        rest = []
        for one in every:
            start = courier.chunk_from(tx, plan.delegations, one.name)
            rest.append(File(one.name, one.room, [n for n in one.numbers if n >= start], start))
        return [one for one in rest if one.numbers] or every

    def _blocked(self, handle: Handle, room: str) -> bool:
        roster = rosters.of(self.context, handle, room)
        return roster is None or bool(roster.blocked)

    def _wanted(self, handle: Handle, rooms: Names) -> list[File]:
        """Attachments of our messages that were not acknowledged, whole; of others, what was asked for last."""
        found: dict[tuple[str, str], set[int]] = {}
        for room, here in rooms.items():
            for klass in (RECORD, CHAT):
                held = self._held(handle, room, klass)
                least = min(held.get(one, 0) for one in here)
                for (names,) in handle.rows(
                    "select attachments from message where room = ? and klass = ? and device = ? and seq > ?"
                    " and attachments != '[]' order by n",
                    (room, klass, self.context.own.device, least),
                ):
                    for name in json.loads(names):
                        chunks = self._whole(handle, room, name)
                        found.setdefault((room, name), set()).update(range(chunks))
            for device in sorted(here):
                for name, numbers in self._asked(handle, room, device):
                    found.setdefault((room, name), set()).update(numbers)
        return [File(name, room, sorted(numbers)) for (room, name), numbers in found.items() if numbers]

    def _whole(self, handle: Handle, room: str, name: str) -> int:
        """How many chunks there are, when all are here."""
        row = handle.row("select chunks, have from attachment where id = ? and room = ?", (name, room))
        return int(row[0]) if row and row[0] == row[1] else 0

    def _asked(self, handle: Handle, room: str, device: str) -> Iterator[tuple[str, set[int]]]:
        """What the newest statement of a laptop lacks. It names so many chunks and no more: then all that follow as well."""
        heard = generation.heard(handle, room, device)
        if heard is None:
            return
        try:
            said = statement.decode(heard.raw, self.context.record.certificates.of(handle, device).ed25519)
        except ValiseError:  # its key was replaced since; it will say it again
            return
        for name, numbers in said.pieces:
            chunks = self._whole(handle, room, canonical.b64u(name))
            wanted = {one for one in numbers if one < chunks}
            if wanted and len(numbers) >= statement.MAX_WANT:
                wanted |= set(range(max(wanted), chunks))
            if wanted:
                yield canonical.b64u(name), wanted

    # -- carrying

    def carry(self, plan: Plan) -> Iterator[list[Parcel]]:
        """The envelopes, some at a time; chunks are sealed as they go, each portion committed before it is given out."""
        for start in range(0, len(plan.first), FETCH):
            yield plan.first[start : start + FETCH]
        for start in range(0, len(plan.parcels), FETCH):
            some = plan.parcels[start : start + FETCH]
            with self.context.read() as handle:
                blobs = [handle.value("select blob from parcel where id = ?", (one.id,)) for one in some]
            # what was acknowledged meanwhile is not there any more
            yield [
                Parcel(one.id, plan.routes(one.devices), blob) for one, blob in zip(some, blobs, strict=True) if blob
            ]
        for file in plan.files:
            for start in range(0, len(file.numbers), FRAMES * PIECES):
                numbers = file.numbers[start : start + FRAMES * PIECES]
                yield self._chunks(plan, file, numbers)
                file.upto = numbers[-1] + 1

    def _chunks(self, plan: Plan, file: File, numbers: Sequence[int]) -> list[Parcel]:
        try:
            with self.context.write() as tx:
                roster = rosters.of(self.context, tx, file.room)
                if roster is None or roster.blocked or not roster.devices:
                    return []
                made = []
                for start in range(0, len(numbers), PIECES):
                    some = numbers[start : start + PIECES]
                    marks = ",".join("?" * len(some))
                    rows = tx.rows(
                        f"select i, data from chunk where attachment = ? and i in ({marks}) order by i", (file.name, *some)
                    )
                    pieces = tuple(Piece(canonical.unb64u(file.name), i, data) for i, data in rows)
                    klass = self.sealing.any_class(tx, file.room)
                    made.append(self.sealing.frame(tx, roster, klass, pieces=pieces))
                return self._keys(tx, plan, {one.tag for one in made}) + self._parcel(tx, plan, made)
        except BaseException:
            self.exchange.forget()
            raise
