"""Inbound: envelopes become operations, or stay sealed until they can.

Ratchet, operation, projection, index and replay row share the caller's transaction. What a peer sends wrong is
dropped and counted, never raised: one bad envelope must not hold up the good ones beside it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from valise.desk import roster as rosters
from valise.desk.cards import accept_card
from valise.desk.context import CHAT, Context
from valise.desk.keys import NOTED, KeyDesk, Opened
from valise.desk.repair import Repair
from valise.domain.errors import NotYet, Refused
from valise.protocol import canonical, envelope, frame, operation
from valise.protocol.frame import Frame, Item, Piece
from valise.protocol.identity import read_card
from valise.protocol.olm import InboundGroup
from valise.protocol.operation import Signed
from valise.vault import parcels, people, prekeys, sessions
from valise.vault.append import KLASS, Touched
from valise.vault.sessions import SessionIn
from valise.vault.store import Tx

# Refusals that a membership or a card still to come may lift: such a frame is opened again when it comes again.
LATER = frozenset({"op.not_member", "op.removed", "op.rights", "device.unknown"})


@dataclass(slots=True)
class Tally:
    """What a batch came to. `refused` = our error codes, for the hygiene page and tests; `later` counts items that
    may be accepted another time."""

    opened: int = 0
    operations: int = 0
    sealed: int = 0
    refused: list[str] = field(default_factory=list)
    later: int = 0


@dataclass(slots=True)
class _Run:
    """What frame after frame of one batch would ask anew. Ends with whatever may change an answer: cards, statements, and all
    that is said but messages."""

    sessions: dict[bytes, SessionIn] = field(default_factory=dict)
    heard: set[str] = field(default_factory=set)  # devices, none of them revoked
    sees: set[tuple[str, str, bytes]] = field(default_factory=set)  # room, device, epoch: written down already
    owed: set[str] = field(default_factory=set)  # rooms


class Opening:
    """Opens envelopes; used inside the caller's write transaction."""

    def __init__(self, context: Context, keys: KeyDesk, repair: Repair) -> None:
        self.context = context
        self.keys = keys
        self.repair = repair
        self._groups: dict[bytes, InboundGroup] = {}
        self._run = _Run()

    def forget(self) -> None:
        """Drop cached ratchets (after a rolled-back transaction)."""
        self._groups.clear()

    def batch(self, tx: Tx, envelopes: Iterable[tuple[bytes, bytes]]) -> Tally:
        """Take envelopes (carrier's id, bytes) in. Keys first, sorted by sender and count, then content."""
        tally = Tally()
        self._run = _Run()
        # by content, not by the carrier's id: whoever sees an id could send other bytes under it first
        every = [(hashlib.sha256(blob).digest()[:16], blob) for _, blob in envelopes]
        seen = parcels.seen(tx, [name for name, _ in every])
        fresh: dict[bytes, bytes] = {}
        for name, blob in every:
            if name not in seen:
                fresh.setdefault(name, blob)
            else:
                self._repeated(tx, blob)
        parcels.mark_seen(tx, fresh, self.context.clock.now())
        keys: list[tuple[bytes, bytes]] = []
        contents: list[tuple[bytes, bytes]] = []
        for name, blob in fresh.items():
            try:
                (keys if envelope.kind_of(blob) == "key" else contents).append((name, blob))
            except Refused as error:
                tally.refused.append(error.code)
        tags = self._keys(tx, keys, tally)
        for name, blob in self._last_words_first(tx, contents):
            self._content(tx, name, blob, tally)
        self._retry(tx, tags, tally)
        self.context.touch(status=bool(fresh))
        return tally

    def _last_words_first(self, tx: Tx, contents: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        """What members say in conversation before what is for the record: nothing tells whether it was said before somebody's
        leaving that came with it, and after that it would be refused."""
        talk: dict[bytes, bool] = {}
        for _, blob in contents:
            tag = envelope.tag_of(blob)
            if tag not in talk:
                session = sessions.into(tx, tag)
                talk[tag] = session is not None and session.klass == CHAT and self._member(tx, session.device, session.room)
        return sorted(contents, key=lambda one: not talk[envelope.tag_of(one[1])])

    def _repeated(self, tx: Tx, blob: bytes) -> None:
        """What comes again may come because its sender has not heard that we hold it."""
        try:
            session = sessions.into(tx, envelope.tag_of(blob)) if envelope.kind_of(blob) == "content" else None
        except Refused:
            return
        if session is None:
            return
        self.repair.repeated(tx, session.room)
        if not self._member(tx, session.device, session.room) and self._member(tx, session.device, session.room, ever=True):
            self.repair.removed_talks(tx, session.room, session.device)

    def after_card(self, tx: Tx, devices: Iterable[str]) -> Tally:
        """A card came: what its devices sent before can be opened now."""
        tally = Tally()
        self._run = _Run()
        rows = [row for device in devices for row in parcels.sealed_by(tx, canonical.unb64u(device))]
        for name, _, _ in rows:
            parcels.drop_sealed(tx, name)
        tags = self._keys(tx, [(name, blob) for name, _, blob in rows], tally)
        self._retry(tx, tags, tally)
        return tally

    def _keys(self, tx: Tx, rows: list[tuple[bytes, bytes]], tally: Tally) -> list[bytes]:
        opened: list[Opened] = []
        for name, blob in rows:
            try:
                opened.append(self.keys.outer(tx, name, blob))
            except NotYet:
                self.keys.keep_for_later(tx, name, blob, envelope.key_id_of(blob))
                tally.sealed += 1
            except Refused as error:
                tally.refused.append(error.code)
        tags = []
        for one in sorted(opened, key=lambda each: (each.outer.device, each.outer.number, each.id)):
            try:
                tags.append(self.keys.take(tx, one))
                tally.opened += 1
            except NotYet:
                self.keys.keep_for_later(tx, one.id, one.blob, one.outer.device)
                tally.sealed += 1
            except Refused as error:
                tally.refused.append(error.code)
        return tags

    def _retry(self, tx: Tx, tags: Iterable[bytes], tally: Tally) -> None:
        for tag in tags:
            for name, _, blob in parcels.sealed_by(tx, tag):
                parcels.drop_sealed(tx, name)
                self._content(tx, name, blob, tally)

    def _content(self, tx: Tx, name: bytes, blob: bytes, tally: Tally) -> None:
        try:
            tag = envelope.tag_of(blob)
            run = self._run
            session = run.sessions.get(tag) or sessions.into(tx, tag)
            if session is None:
                if sessions.made(tx, tag) is None:
                    parcels.keep_sealed(tx, name, "content", tag, blob, self.context.clock.now())
                    sessions.want_tag(tx, tag, self.context.clock.now())
                    tally.sealed += 1
                return
            if session.device not in run.heard and self._revoked(tx, session.device):
                raise Refused("device.revoked")
            inner = envelope.open_content(session.wrap, blob)
            group = self._groups.get(tag)
            if group is None:
                if len(self._groups) > 256:
                    self._groups.clear()
                group = self._groups[tag] = InboundGroup.load(session.state)
            plain, index = group.decrypt(inner)
            digest = hashlib.sha256(plain).digest()
            before = sessions.replayed(tx, tag, index)
            if before is not None:
                if before != digest:
                    self._notice(tx, "session.two_bodies", session.device)
                    raise Refused("frame.two_bodies")
                self.repair.repeated(tx, session.room)
            made = frame.decode(plain)
            self.keys.check_announced(tx, session, group, made)
            if before is None:
                sessions.keep_replay(tx, tag, index, digest)
                if session.device not in run.heard:
                    prekeys.heard(tx, session.device, self.context.clock.now(), NOTED)
                    run.heard.add(session.device)
                if session.epoch:  # its first frame begins it
                    run.sessions[tag] = session
                tally.opened += 1
            later = tally.later
            self._frame(tx, session.device, session.klass, made, tally)
            if tally.later > later:
                parcels.unsee(tx, name)
        except Refused as error:
            tally.refused.append(error.code)

    def _frame(self, tx: Tx, device: str, klass: int, made: Frame, tally: Tally) -> None:
        for card in made.cards:
            self._card(tx, card, tally)
        if made.cards:
            self._run = _Run()
        news = False
        items = made.items
        if klass == CHAT and len(items) > 1 and self._member(tx, device, made.room):  # as in _last_words_first
            items = tuple(sorted(items, key=lambda one: one.klass != CHAT))
        for item in items:
            news |= self._item(tx, device, klass, made.room, item, tally)
        if self._member(tx, device, made.room):  # after the items: they may be what makes it one
            for piece in made.pieces:
                news |= self._piece(tx, made.room, piece)
            self._compare(tx, device, made)
        elif self._member(tx, device, made.room, ever=True):  # never to one who was no member: it would learn who is
            self.repair.removed_talks(tx, made.room, device)
            self._family(tx, device, made)
        if made.statement:
            try:
                self.repair.take(tx, device, made.room, made.statement)
            except (Refused, NotYet) as error:
                tally.refused.append(error.code)
            self._run = _Run()
        if (made.items or made.pieces) and made.room not in self._run.owed:
            self.repair.owe(tx, made.room)
            self._run.owed.add(made.room)

    def _card(self, tx: Tx, data: bytes, tally: Tally) -> None:
        if people.holds_card(tx, data):
            return  # the very card we hold: verified when it came
        try:
            accept_card(self.context, tx, read_card(data), imported=False)
        except Refused as error:
            tally.refused.append(error.code)

    def _member(self, tx: Tx, device: str, room: str, *, ever: bool = False) -> bool:
        state = self.context.record.room(tx, room)
        if state is None:
            return False
        return self.context.record.certificates.of(tx, device).delegation in (state.ever if ever else state.members)

    def _revoked(self, tx: Tx, device: str) -> bool:
        """Nothing is taken from a revoked device itself; what others had from it before they knew stands (decision 31)."""
        if not tx.value("select revoked_at from device where id = ?", (device,), 0):
            return False
        now = self.context.clock.now()
        last = tx.value("select max(at) from event where code = 'device.revoked_writes' and ref = ?", (device,))
        if last is None or not 0 <= now - last < 24 * 3600 * 1000:
            self._notice(tx, "device.revoked_writes", device)
        self.context.revoked_writes(tx, device)
        return True

    def _item(self, tx: Tx, device: str, klass: int, room: str, item: Item, tally: Tally) -> bool:
        try:
            op = operation.read(item.raw, item.sig, KLASS[item.klass])
            if not op.kind.startswith("message."):
                self._run = _Run()
            if op.room_id != room:
                raise Refused("op.other_room")
            founds = op.kind == "room.create" and op.body["kind"] != "group"
            if founds and self.context.own.delegation not in op.body["members"]:
                raise Refused("op.not_for_us")  # nobody can be added to such a room later
            if item.klass == CHAT and (klass != CHAT or op.device != device):
                raise Refused("op.chat_not_own")
            if item.klass == CHAT:
                certificate = self.context.record.certificates.of(tx, device)
                if op.author != certificate.delegation:
                    raise Refused("op.certificate")
            done = self.context.enter(tx, Signed(op, item.raw, item.sig), item.klass)
        except NotYet as error:
            tally.sealed += 1  # its author's card is not here; the gap stays visible and is asked for again
            tally.later += error.code in LATER
            return False
        except Refused as error:
            tally.refused.append(error.code)
            tally.later += error.code in LATER
            return False
        if done.state != "duplicate":
            tally.operations += 1
        return done.state != "duplicate"

    def _piece(self, tx: Tx, room: str, piece: Piece) -> bool:
        name = canonical.b64u(piece.attachment)
        row = tx.row("select chunks, have, params from attachment where id = ? and room = ?", (name, room))
        if row is None or piece.index >= row[0] or row[1] >= row[0]:
            return False
        if tx.row("select 1 from chunk where attachment = ? and i = ?", (name, piece.index)):
            return True
        tx.run("insert into chunk(attachment, i, data) values (?,?,?)", (name, piece.index, piece.data))
        have = row[1] + 1
        if have == row[0] and not self._whole(tx, name, json.loads(row[2])):
            tx.run("delete from chunk where attachment = ?", (name,))  # somebody sent another chunk: ask for all again
            have = 0
        tx.run("update attachment set have = ? where id = ?", (have, name))
        if have == row[0]:
            self.context.touch(Touched(threads={room}))
        return True

    def _whole(self, tx: Tx, name: str, params: dict[str, Any]) -> bool:
        """Whether the chunks are those the message announced."""
        sealed = hashlib.sha256()
        for (data,) in tx.each("select data from chunk where attachment = ? order by i", (name,)):
            sealed.update(data)
        return canonical.b64u(sealed.digest()) == str(params["sealed_hash"])

    def _compare(self, tx: Tx, device: str, made: Frame) -> None:
        """Does the sender see the same members on the same devices as we do?"""
        mine = rosters.of(self.context, tx, made.room)
        if mine is None:
            return
        self._sees(tx, device, made)
        if made.epoch != mine.epoch:
            self.repair.introduce(tx, made.room)

    def _family(self, tx: Tx, device: str, made: Frame) -> None:
        """One of our laptops, of a room we are out of, says which list it sees: where it is another, it hears of ours (desk.outbound)."""
        mine = rosters.of(self.context, tx, made.room)
        if mine is not None and device in {one.id for one in rosters.family(self.context, tx, mine)}:
            self._sees(tx, device, made)

    def _sees(self, tx: Tx, device: str, made: Frame) -> None:
        if (made.room, device, made.epoch) in self._run.sees:
            return
        self._run.sees.add((made.room, device, made.epoch))
        old = tx.row("select epoch from roster_seen where room = ? and device = ?", (made.room, device))
        if old is None or old[0] != made.epoch:
            tx.run(
                "insert or replace into roster_seen(room, device, epoch, at) values (?,?,?,?)",
                (made.room, device, made.epoch, self.context.clock.now()),
            )
            self.context.touch(Touched(rooms={made.room}))

    def _notice(self, tx: Tx, code: str, device: str) -> None:
        tx.run("insert into event(at, code, ref) values (?,?,?)", (self.context.clock.now(), code, device))
