"""What a hostile member of a room can do: everything its own keys allow, past every check its own desk would make."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tests.world import World

from valise.desk import roster as rosters
from valise.desk.desk import Desk
from valise.desk.opening import Tally
from valise.domain import kinds
from valise.protocol import canonical, envelope, frame, keymessage, statement
from valise.protocol.epoch import recipients_hash
from valise.protocol.frame import Frame, Item, Piece
from valise.protocol.hpke import XWingKey
from valise.protocol.keymessage import Outer, SessionKey
from valise.protocol.olm import OlmSession, OutboundGroup
from valise.protocol.statement import LogLine, Statement
from valise.vault import people, sessions
from valise.vault.sessions import SessionOut

RECORD, CHAT = 0, 1
DOMAIN = {RECORD: "valise/v1/op", CHAT: "valise/v1/chat"}
_ids = itertools.count(1)


def give(victim: Desk, *blobs: bytes) -> Tally:
    """Envelopes arrive, each under a carrier's id nobody chose."""
    return victim.exchange.take([(next(_ids).to_bytes(16, "big"), blob) for blob in blobs])


def plain(sender: Desk, room: str, /, **changes: Any) -> Frame:
    """A frame as the sender's desk would make it, with any field changed."""
    with sender.context.write() as tx:
        roster = rosters.of(sender.context, tx, room)
    assert roster is not None
    return replace(Frame(room, roster.epoch, roster.head, sender.context.clock.now()), **changes)


def seal(sender: Desk, room: str, klass: int, data: bytes | Frame) -> bytes:
    """Any bytes in the sender's own live session of (room, class)."""
    with sender.context.write() as tx:
        session = sessions.out(tx, room, klass)
        assert session is not None, "the sender has no session there yet"
        if isinstance(data, Frame):
            data = frame.encode(announced(sender, session.tag, data))
        group = OutboundGroup.load(session.state)
        blob = envelope.seal_content(session.wrap, session.tag, group.encrypt(data))
        sessions.keep_out(tx, room, klass, replace(session, state=group.dump()))
    sender.exchange.forget()
    return blob


def announced(sender: Desk, tag: bytes, made: Frame) -> Frame:
    """The frame with what the sender's own session is announced by."""
    with sender.context.read() as handle:
        session = sessions.made(handle, tag)
    assert session is not None
    return replace(sender.exchange.opening.keys.announce(session, made), epoch=made.epoch)


def send(sender: Desk, victim: Desk, room: str, klass: int = RECORD, /, **parts: Any) -> Tally:
    """One frame with these parts, straight into the victim."""
    return give(victim, seal(sender, room, klass, plain(sender, room, **parts)))


def out(desk: Desk, room: str, klass: int) -> SessionOut:
    with desk.context.read() as handle:
        found = sessions.out(handle, room, klass)
    assert found is not None
    return found


def fields(author: Desk, room: str, kind: str, body: dict[str, Any], klass: int = RECORD, /, **changes: Any) -> dict[str, Any]:
    """The fields of the author's next operation there, with any of them changed. Nothing is entered anywhere."""
    me = author.context.own
    with author.context.read() as handle:
        row = handle.row("select top, head from log where room = ? and klass = ? and device = ?", (room, klass, me.device))
    top, head = row or (0, "")
    at = author.context.clock.now()
    made = {
        "v": 1, "kind": kind, "room": room, "author": me.delegation, "device": me.device, "seq": top + 1,
        "prev": head, "deps": [], "at": at, "tick": 0, "body": body,
    }
    return {**made, **changes}


def item(signer: Desk, made: dict[str, Any], klass: int = RECORD) -> Item:
    """Signed by `signer`, whoever the operation says it is from."""
    raw = canonical.encode(made)
    if klass == CHAT:
        return Item(CHAT, raw, b"")
    digest = canonical.digest(DOMAIN[klass], raw)
    keys = signer.context.keys
    return Item(RECORD, raw, keys.composite.sign(digest) if kinds.kind(made["kind"]).composite else keys.ed25519.sign(digest))


def ident(one: Item) -> str:
    """The id of the operation in an item."""
    return canonical.b64u(canonical.digest(DOMAIN[one.klass], one.raw))


def message(body: str, **changes: Any) -> dict[str, Any]:
    return {"thread": "", "subject": "", "body": body, "marking": "", "attachments": [], **changes}


def said(desk: Desk, room: str, at: int | None = None, /, **changes: Any) -> bytes:
    """A statement signed by this device."""
    me = desk.context.own
    now = desk.context.clock.now() if at is None else at
    return statement.encode(replace(Statement(room, me.device, now, (), (), (), ()), **changes), desk.context.keys.ed25519)


def line(desk: Desk, klass: int, held: int, head: bytes = b"", top: int | None = None) -> LogLine:
    """What somebody claims to hold of this desk's log."""
    return LogLine(klass, desk.context.own.device, held, head, held if top is None else top)


@dataclass(frozen=True, slots=True)
class Session(SessionOut):
    """A session made by `key_to`, with what its frames announce it by."""

    recipients: bytes
    announcement: bytes


def key_to(
    sender: Desk, victim: Desk, room: str, klass: int, /, *, group: OutboundGroup | None = None, epoch: bytes = b"",
    sign_as: Desk | None = None, public: bytes | None = None, count: int | None = None, **changes: Any,
) -> tuple[bytes, Session, OutboundGroup]:
    """A key envelope from sender to victim with any field changed; also the session it brings."""
    context = sender.context
    group = group or OutboundGroup.new()
    wrap = context.entropy(32)
    me = canonical.unb64u(context.own.device)
    with context.write() as tx:
        roster = rosters.of(context, tx, room)
        epoch = epoch or (roster.epoch if roster else bytes(32))
        device, own = people.device(tx, victim.context.own.device), people.device(tx, context.own.device)
        assert device is not None and own is not None
        known = sessions.olm(tx, device.id)
        session = OlmSession.load(known[0][1])
        number = sessions.next_number(tx, device.id) if count is None else count
        made = SessionKey(
            number, me, own.olm, canonical.unb64u(device.id), device.olm, canonical.unb64u(own.certificate_hash),
            XWingKey(context.entropy(32)).public, room, klass, 1 if klass == CHAT else 0, wrap, group.key())
        made = replace(made, **changes)
        recipients, announcement = recipients_hash([device.id]), b""
        if made.klass == RECORD:
            what = keymessage.announced(made.sender, made.room, epoch, made.klass, made.tag, made.key, recipients)
            announcement = (sign_as or sender).context.keys.ed25519.sign(what)
        sealed = session.encrypt(keymessage.encode(made))
        sessions.write_olm(tx, device.id, known[0][0], session.dump())
        target = public or sessions.peer_key(tx, device.id) or device.prekey
    outer = keymessage.encode_outer(Outer(me, number, sealed))
    blob = envelope.seal_key(target, canonical.unb64u(victim.context.own.device), outer)
    return blob, Session(made.tag, epoch, made.wrap, group.dump(), 0, context.clock.now(), recipients, announcement), group


def seal_in(session: SessionOut, group: OutboundGroup, data: bytes | Frame) -> bytes:
    """Any bytes in a session, or a frame, which is announced as the session `key_to` made is."""
    if isinstance(data, Frame):
        if isinstance(session, Session):
            data = replace(data, recipients=session.recipients, announcement=session.announcement)
        data = frame.encode(data)
    return envelope.seal_content(session.wrap, session.tag, group.encrypt(data))


def contents(desk: Desk, without: Collection[str] = ()) -> dict[str, str]:
    """A digest of every row of every table but those in `without`, by table. The search index by its references
    and by what it finds, since it keeps no words of its own."""
    found = {}
    with desk.store.read() as handle:
        tables = [row[0] for row in handle.rows("select name from sqlite_schema where type = 'table' order by name")]
        for table in tables:
            if table in without or (table.startswith("search_") and table != "search_ref") or table.startswith("sqlite_"):
                continue
            rows = handle.rows("select rowid from search") if table == "search" else handle.rows(f'select * from "{table}"')
            digest = hashlib.sha256()
            for row in sorted(map(repr, rows)):
                digest.update(row.encode())
            found[table] = digest.hexdigest()
    return found


def bodies(desk: Desk) -> list[str]:
    """Every message body the vault shows."""
    with desk.store.read() as handle:
        return sorted(row[0] for row in handle.rows("select body from message"))


def events(desk: Desk) -> list[str]:
    with desk.store.read() as handle:
        return [row[0] for row in handle.rows("select code from event order by id")]


def talk(world: World, kind: str = "group", members: Sequence[str] = ()) -> str:
    """A room in which everybody has said something in both classes, all of it acknowledged."""
    room = world.room(kind, (*members, "XA")[0], members=tuple(members))
    for code in members or tuple(world.desks):
        world[code].messages.send(room, f"spoken by {code}")
        world[code].messages.send(room, f"written by {code}", for_the_record=True)
    world.exchange(rounds=6)
    return room


__all__ = [
    "CHAT", "RECORD", "Frame", "Item", "LogLine", "Piece", "Session", "Statement", "announced", "bodies", "contents", "events", "fields",
    "give", "ident", "item", "key_to", "line", "message", "out", "plain", "said", "seal", "seal_in", "send", "talk",
]
