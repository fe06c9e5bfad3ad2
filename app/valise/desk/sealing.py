"""Outbound: what waits is packed into frames and sealed once for everybody in the room.

The advanced ratchet and the sealed parcel are committed together before anything leaves (the caller puts
parcels on a carrier only after its transaction), so a crash costs an index, never a key used twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from valise.desk import roster as rosters
from valise.desk.cards import notice
from valise.desk.context import CHAT, RECORD, Context
from valise.desk.keys import KeyDesk
from valise.desk.roster import Roster
from valise.domain.errors import Refused
from valise.protocol import canonical, envelope, frame, keymessage, operation
from valise.protocol.frame import Frame, Item, Piece
from valise.protocol.olm import OutboundGroup
from valise.vault import parcels, people, prekeys, sessions
from valise.vault.parcels import ParcelRow
from valise.vault.people import Device
from valise.vault.sessions import SessionMade, SessionOut
from valise.vault.store import Tx

FRAME_BYTES = 170_000
FRAME_ITEMS = 256
MEMBERSHIP_BYTES = 60_000
CARD_BYTES = 70_000
AROUND = 1_000  # what else a frame holds
MAX_USED = 100
MAX_AGE = 24 * 3600 * 1000
PIECES = 2


@dataclass(frozen=True, slots=True)
class Loose:
    """An envelope that is put once and not kept: statements, repairs and attachment chunks are asked for again."""

    id: bytes
    tag: bytes
    blob: bytes


class Sealing:
    """Seals for rooms; used inside the caller's write transaction."""

    def __init__(self, context: Context, keys: KeyDesk) -> None:
        self.context = context
        self.keys = keys
        self._groups: dict[bytes, OutboundGroup] = {}

    def forget(self) -> None:
        """Drop cached ratchets (after a rolled-back transaction)."""
        self._groups.clear()

    def so_far(self, tx: Tx, room: str) -> None:
        """Somebody may join: what was said before is sealed for those who are here now, and for nobody else.

        Also while sending is stopped; nothing of it leaves before a person has decided.
        """
        roster = rosters.of(self.context, tx, room)
        if roster is not None:
            sessions.keep_bases(tx, room, [one.id for one in roster.devices])
        if not tx.row("select 1 from outbox where room = ? and klass = ? limit 1", (room, CHAT)):
            return
        if roster is not None and roster.state.members == (self.context.own.delegation,) and not roster.devices:
            tx.run("delete from outbox where room = ? and klass = ?", (room, CHAT))  # nobody was there to hear it
        elif roster is not None and roster.blocked == "room.left":
            # nothing is sealed for a room we are not in; should we come back, whoever it was said to asks for it
            for one in roster.devices:
                sessions.chat_base(tx, room, one.id, self.context.own.device)
            tx.run("delete from outbox where room = ? and klass = ?", (room, CHAT))
        else:
            self.queue(tx, room, CHAT, 1 << 30, stopped=True)

    def queue(self, tx: Tx, room: str, klass: int, budget: int, *, stopped: bool = False) -> int:
        """Seal up to about `budget` queued operations of (room, class); returns how many. `stopped`: even while
        nothing may be sent to a delegation of the room."""
        roster = rosters.of(self.context, tx, room)
        if roster is None:
            return 0
        if roster.blocked and not (stopped and roster.blocked != "room.left") and not rosters.leaving(self.context, tx, roster):
            return 0
        if not roster.devices:
            if roster.state.kind == "internal":
                tx.run("delete from outbox where room = ? and klass = ?", (room, klass))
            return 0
        done = 0
        while done < budget:
            rows = parcels.queued(tx, room, klass, FRAME_ITEMS)
            items = next(portions([Item(klass, one.raw, one.sig) for one in rows]), ())
            take = rows[: len(items)]
            if not take:
                break
            loose = self.frame(tx, roster, klass, items=items, kept=True)
            parcels.keep_parcel(
                tx,
                ParcelRow(loose.id, room, klass, take[0].seq, take[-1].seq, loose.tag, loose.blob, 0),
                self.context.clock.now(),
                [one.n for one in take],
            )
            done += len(take)
        return done

    def frame(
        self,
        tx: Tx,
        roster: Roster,
        klass: int,
        *,
        items: tuple[Item, ...] = (),
        statement: bytes = b"",
        pieces: tuple[Piece, ...] = (),
        introduce: bool = False,
        vouch: Sequence[str] = (),
        kept: bool = False,
    ) -> Loose:
        """One sealed frame for the room. A new session's first frame also says who is in the room; the cards of the
        delegations in `vouch` come along, and ours when its prekeys are new. `kept`: it is put until everybody holds it."""
        session, made, fresh = self._session(tx, roster, klass)
        due = prekeys.card_due(tx, roster.state.id)
        if due is not None and (kept or (statement and not due)):
            vouch = (self.context.own.delegation, *vouch)
            prekeys.card_said(tx, roster.state.id, for_good=kept)
        cards: tuple[bytes, ...] = ()
        if fresh or introduce or vouch:
            left = envelope.MAX_INNER - AROUND - len(statement) - _size(items) - sum(len(one.data) + 64 for one in pieces)
            who: tuple[Item, ...] = ()
            if (fresh or introduce) and left > 0:
                who = self._membership(tx, roster, items, min(MEMBERSHIP_BYTES, left))
            cards = self._cards(tx, roster, left - _size(who), vouch, everybody=fresh or introduce)
            items = who + items
        body = Frame(
            roster.state.id, roster.epoch, roster.head, self.context.clock.now(), items, statement, cards, pieces
        )
        group = self._groups.get(session.tag)
        if group is None:
            group = self._groups[session.tag] = OutboundGroup.load(session.state)
        data = frame.encode(self.keys.announce(made, body))
        blob = envelope.seal_content(session.wrap, session.tag, group.encrypt(data))
        sessions.keep_out(
            tx,
            roster.state.id,
            klass,
            SessionOut(session.tag, session.epoch, session.wrap, group.dump(), session.used + 1, session.made_at),
        )
        return Loose(self.context.entropy(16), session.tag, blob)

    def farewell(self, tx: Tx, room: str, device: Device) -> list[Loose]:
        """For a device whose delegation was removed and does not know: who was in the room until then, and why it is not in it
        again, no more."""
        roster = rosters.of(self.context, tx, room)
        if roster is None or roster.blocked:
            return []
        items = (*self._until_removed(tx, roster, device.delegation), *self._void(tx, room, device.delegation))
        return self._alone(tx, roster, RECORD, device, list(portions(items)))

    def alone(
        self, tx: Tx, roster: Roster, device: Device, items: list[Item], vouch: Sequence[str] = (), statement: bytes = b""
    ) -> list[Loose]:
        """Operations for one device of the room, or a statement, in frames that nobody else can open, with the cards of those
        in `vouch`."""
        return self._alone(tx, roster, CHAT, device, [()] if statement else list(portions(items)), vouch, statement)

    def _alone(
        self,
        tx: Tx,
        roster: Roster,
        klass: int,
        device: Device,
        parts: Sequence[tuple[Item, ...]],
        vouch: Sequence[str] = (),
        statement: bytes = b"",
    ) -> list[Loose]:
        """Frames of a session that this device alone gets; none when its card holds no usable keys."""
        now, room = self.context.clock.now(), roster.state.id
        group, wrap = OutboundGroup.new(), self.context.entropy(32)
        tag = keymessage.tag_of(canonical.unb64u(self.context.own.device), wrap)
        made = SessionMade(tag, room, klass, wrap, group.key(), roster.epoch, (device.id,), now)
        sessions.keep_made(tx, made)
        try:
            self.keys.send_session(tx, device, made)
        except Refused:
            return []
        found = []
        for items in parts:
            left = envelope.MAX_INNER - AROUND - _size(items)
            cards = self._cards(tx, roster, left, vouch, everybody=False) if vouch else ()
            vouch = ()
            body = Frame(room, roster.epoch, roster.head, now, items, statement, cards)
            data = frame.encode(self.keys.announce(made, body))
            found.append(Loose(self.context.entropy(16), tag, envelope.seal_content(wrap, tag, group.encrypt(data))))
        return found

    def any_class(self, tx: Tx, room: str) -> int:
        """The class whose live session can carry a statement without making a new one."""
        for klass in (RECORD, CHAT):
            if sessions.out(tx, room, klass) is not None:
                return klass
        return RECORD

    def _session(self, tx: Tx, roster: Roster, klass: int) -> tuple[SessionOut, SessionMade, bool]:
        now = self.context.clock.now()
        room = roster.state.id
        session = sessions.out(tx, room, klass)
        if (
            session
            and session.epoch == roster.epoch
            and session.used < MAX_USED
            and 0 <= now - session.made_at < MAX_AGE
        ):
            made = sessions.made(tx, session.tag)
            if made and set(made.recipients) == {one.id for one in roster.devices}:
                return session, made, False
        group = OutboundGroup.new()
        wrap = self.context.entropy(32)
        tag = keymessage.tag_of(canonical.unb64u(self.context.own.device), wrap)
        ids = tuple(one.id for one in roster.devices)
        made = SessionMade(tag, room, klass, wrap, group.key(), roster.epoch, ids, now)
        sessions.keep_made(tx, made)
        for device in roster.devices:
            try:
                self.keys.send_session(tx, device, made)
            except Refused:  # unusable keys on its card: the others are not made to wait for it
                notice(self.context, tx, "device.unusable", device.id)
        self._groups[tag] = group
        changed = session is None or session.epoch != roster.epoch
        return SessionOut(tag, roster.epoch, wrap, group.dump(), 0, now), made, changed

    def _membership(
        self, tx: Tx, roster: Roster, items: tuple[Item, ...], most: int
    ) -> tuple[Item, ...]:
        """Who is in the room: its founding, then as many of the newest operations on members as fit in `most` bytes (who
        lacks older ones asks for them), and the pairs that prove a device has two histories, since what it said of
        members from there on does not count."""
        room = roster.state.id
        here = {item.raw for item in items}
        rows = self._named(tx, room)
        rows += tx.rows(
            "select op.n, op.id, raw, sig from suspended join op on op.id in (first, second)"
            " where suspended.room = ? and suspended.klass = 0 order by op.n",
            (room,),
        )
        found: dict[int, Item] = {}
        for n, _, raw, sig in rows:
            item = Item(RECORD, raw, sig)
            weight = _size((item,))
            if raw not in here and n not in found and weight <= most:
                found[n] = item
                most -= weight
        return tuple(item for _, item in sorted(found.items()))

    def _named(self, tx: Tx, room: str) -> list[tuple[int, str, bytes, bytes]]:
        """What was said of members, the founding first, then the newest. Not what waits to be sealed while it may stand where
        another life of this vault has signed: the founding stands nowhere else."""
        waits = "" if self.context.may_name(tx, room) else " and (id = room or id not in (select op from outbox))"
        return list(
            tx.rows(f"select n, id, raw, sig from op where room = ? and membership = 1{waits} order by id != room, n desc", (room,)))

    def _until_removed(self, tx: Tx, roster: Roster, delegation: str) -> tuple[Item, ...]:
        """The removals of a delegation with the operations on members they stand on: nobody who came later."""
        rows = sorted(self._named(tx, roster.state.id))
        every = {name: (raw, sig) for _, name, raw, sig in rows}
        todo = [removal for gone, removal in roster.state.removals if gone == delegation]
        wanted = {roster.state.id}
        while todo:
            one = todo.pop()
            if one in every and one not in wanted:
                wanted.add(one)
                todo += operation.stored(one, every[one][0]).body.get("heads", ())
        return tuple(Item(RECORD, raw, sig) for name, (raw, sig) in every.items() if name in wanted)

    def _void(self, tx: Tx, room: str, delegation: str) -> tuple[Item, ...]:
        """The pairs that prove two histories of a device which had added the delegation from there on: whoever knows them does not
        count it in, and it cannot know before it has them."""
        added = [
            (one.device, one.seq)
            for one in self.context.record.ops(tx, "room = ? and membership = 1 and kind = 'room.add'", (room,))
            if one.body["delegation"] == delegation
        ]
        found: list[Item] = []
        for device, seq, *pair in tx.rows("select device, seq, first, second from suspended where room = ? and klass = 0", (room,)):
            if any(one == device and at >= seq for one, at in added):
                found += [Item(RECORD, *row) for row in tx.rows("select raw, sig from op where id in (?, ?) order by n", tuple(pair))]
        return tuple(found)

    def _cards(
        self, tx: Tx, roster: Roster, most: int, first: Sequence[str], *, everybody: bool
    ) -> tuple[bytes, ...]:
        """Those of `first`; and to say who is in the room: our card and, from a place drawn anew each time, those of others, as
        many as fit beside the items.

        Also of who was removed: who comes later has to verify what it said. Whoever lacks one more disagrees, and is
        introduced again. The card of a delegation with many laptops may be larger than all others may be together: then it
        goes alone.
        """
        whole, most = most, min(CARD_BYTES, most)
        own = self.context.own.delegation
        others = sorted(roster.state.ever - {own}) if everybody else []
        start = int.from_bytes(self.context.entropy(4), "big") % max(1, len(others))
        found: list[bytes] = []
        all_of_us = (own, *others[start:], *others[:start]) if everybody else ()
        for member in dict.fromkeys((*first, *all_of_us)):
            if people.stopped(tx, member) != "":
                continue
            card = people.card(tx, member)
            if len(card) <= (most if found else whole):
                found.append(card)
                most -= len(card)
        return tuple(found)


def portions(items: Sequence[Item]) -> Iterator[tuple[Item, ...]]:
    """The items in order, as many at a time as one frame takes."""
    part: list[Item] = []
    size = 0
    for item in items:
        weight = _size((item,))
        if part and (size + weight > FRAME_BYTES or len(part) >= FRAME_ITEMS):
            yield tuple(part)
            part, size = [], 0
        part.append(item)
        size += weight
    if part:
        yield tuple(part)


def _size(items: Iterable[Item]) -> int:
    """Bytes the items take in a frame, at most."""
    return sum(len(one.raw) + len(one.sig) + 16 for one in items)
