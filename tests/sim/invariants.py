"""What must hold: a little after every step, everything once the world has healed."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from tests.sim.acts import WORDS
from tests.sim.laptop import Laptop
from tests.sim.world import CANARY, Broken, Promise, World

from valise.domain import room as rooms
from valise.domain.room import RoomState
from valise.protocol import envelope, operation
from valise.protocol.canonical import unb64u
from valise.vault import search

RECORD, CHAT = 0, 1
# What rebuilding derives again, as it is asked for; columns that only say in which order rows came are left out.
PROJECTIONS = (
    "select id, kind, title, chair, head, n from room",
    "select room, delegation, since from room_member",
    "select id, n, room, thread, author, device, klass, seq, subject, body, marking, attachments, at, tick, received_at from message",
    "select id, room, subject, first_line, newest_at, messages from thread",
    "select message, device, delegation, at from acknowledgement",
    "select id, room, title, symbol, paragraphs, open_paragraphs, open_proposals, revision, pen_delegation, changed_at,"
    " silence, silence_until from text",
    "select id, text, paragraph, words, sort, replaces, device, at, tick from remark",
    "select remark, id from remark_struck",
    "select id, device, wanted, at, tick from release_rule",
    "select id, text, proposals, replaces, device, at, tick from release_ask",
    "select id, ask, device, outcome, words, at, tick from release_decision",
    "select id, statement, room from joint",
    "select id, room, author, device, seq, about, code, card, number, how, verified_at, at from vouch",
    "select id, vouch, author from unvouch",
    "select room, id from head",
    "select kind, ref, room, at, title from search_ref where kind != 'contact'",
)


def need(holds: object, line: str) -> None:
    if not holds:
        raise Broken(line)


# -- after a step


def after_step(world: World, acted: Iterable[Laptop]) -> None:
    """What was committed is there, and whoever was said to hold something holds it."""
    for one in acted:
        if not one.crooked:
            kept(world, one)
            told_truly(world, one)


def kept(world: World, laptop: Laptop) -> None:
    """Own operations that were committed once are there after whatever happened since."""
    if laptop.rolled:
        return  # what comes back from the others is asked for in the end
    promised = len(world.promises[laptop.name])
    there = laptop.count("select count(*) from op where device = ?", (laptop.device,))
    need(there >= promised, f"{laptop.name} had {promised} operations of its own and has {there}")


def told_truly(world: World, laptop: Laptop) -> None:
    """Delivery is what the other side says it holds; it must hold it."""
    said: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
    for room, klass, device, seq in laptop.rows("select room, klass, device, max(seq) from held group by room, klass, device"):
        said[device].append((room, klass, seq))
    for other in world.honest():
        if other.rolled:
            continue  # it said so in a life that is over
        for room, klass, seq in said.get(other.device, ()):
            held = other.rows(
                "select held from log where room = ? and klass = ? and device = ?", (room, klass, laptop.device))
            need(held and held[0][0] >= seq, f"{laptop.name} believes that {other.name} holds {klass}/{seq}: {held}")


# -- at the end


def settled(world: World) -> str:
    """"" when nothing is under way between honest laptops any more, else what is."""
    truths = truth(world)
    for one in world.honest():
        waiting = one.rows(
            "select room, count(*) from (select room from outbox union all select room from parcel) group by room")
        for room, count in waiting:
            state = truths.get(room)
            if state is not None and one.delegation in state.members and lacking(world, one, state):
                return f"{one.name} waits for {count} of {room[:6]}"
        sealed = [row for row in one.rows("select kind, hint, blob from sealed order by id") if due(world, truths, one, *row)]
        if sealed:
            return f"{one.name} keeps {len(sealed)} sealed: {sealed[0][0]}"
        gaps = one.rows(
            "select room, klass, device, held, top from log where top > held order by room, klass, device")
        for room, klass, device, held, top in gaps:
            state = truths.get(room)
            author = next((other.delegation for other in world.all() if other.device == device), "")
            # what a device with two histories, or a delegation that is gone, never got to anybody is not filled up
            # nor is a conversation for one who was away in between, before its author speaks again
            lost = (device in world.crooked and klass == CHAT) or (state is not None and author not in state.members)
            lost |= klass == CHAT and state is not None and one.delegation in {name for name, _ in state.removals}
            if state is not None and one.delegation in state.members and not lost:
                return f"{one.name} has a gap in {room[:6]} {klass} {device[:6]}: {held} of {top}"
        for room, device in one.rows("select distinct room, device from op where state = 0 order by room, device"):
            state = truths.get(room)
            author = next((other.delegation for other in world.all() if other.device == device), "")
            if state is not None and {one.delegation, author} <= set(state.members) and device not in world.crooked:
                return f"{one.name} has operations of {room[:6]} by {device[:6]} whose past is not here"
    for room, state in truths.items():
        held = {one.name: digest(one.rows("select id, state > 0 from op where room = ? and klass = 0 order by id", (room,)))
                for one in members(world, state)}
        if len(set(held.values())) > 1:
            return f"records of {room[:6]} differ: {_counts(world, room, state)}"
        views = {one.name: view_of(one, room) for one in members(world, state)}
        right = str([one[:6] for one in state.members])
        if len(set(views.values())) > 1 or any(not view.startswith(right) for view in views.values()):
            return f"lists of members of {room[:6]} differ: {views} from {right}"
    return ""


def lacking(world: World, laptop: Laptop, state: RoomState) -> bool:
    """Whether something waits for another member, one whose device does not act twice over."""
    room = state.id
    others = {one.device for one in members(world, state)} - {laptop.device}
    if not others:
        return False
    if laptop.rows("select 1 from outbox where room = ? limit 1", (room,)):
        return True
    for tag, klass, last in laptop.rows("select tag, klass, last from parcel where room = ?", (room,)):
        with laptop.desk.context.write() as tx:
            held = laptop.desk.exchange.opening.repair.holds(tx, room, klass)
        for (devices,) in laptop.rows("select recipients from session_made where tag = ?", (tag,)):
            if any(held.get(one, 0) < last and one in others for one in devices.split(",")):
                return True
    return False


def _counts(world: World, room: str, state: RoomState) -> str:
    every: dict[str, set[str]] = {
        one.name: {row[0] for row in one.rows("select id from op where room = ? and klass = 0 and state > 0", (room,))}
        for one in members(world, state)}
    union = set().union(*every.values())
    lines = []
    for name, have in every.items():
        lacks = sorted(union - have)
        where = next(one for one in world.all() if one.name != name and lacks and lacks[0] in every.get(one.name, ())) if lacks else None
        what = where.rows("select device, seq, kind from op where id = ?", (lacks[0],))[0] if where else ()
        lines.append(f"{name} {len(have)} lacks {len(lacks)} {what[0][:6] + ' ' + str(what[1:]) if what else ''}")
    return "; ".join(lines)


def due(world: World, truths: dict[str, RoomState], laptop: Laptop, kind: str, hint: bytes, blob: bytes) -> bool:
    """Whether an envelope kept sealed should have been opened: one that an honest device sent to a room both are in.

    Who left a room does not get the keys of what it had not opened; what the post has spoilt opens for nobody.
    """
    if kind == "key":
        sender = [one for one in world.all() if unb64u(one.device) == hint]
        if sender:  # its card is not here: it comes with a room both are in, and not otherwise
            both = {sender[0].delegation, laptop.delegation}
            return not sender[0].crooked and any(both <= set(state.members) for state in truths.values())
        return blob in world.post.keys
    tag = envelope.tag_of(blob)
    for one in world.honest():
        for (room,) in one.rows("select room from session_made where tag = ?", (tag,)):
            state = truths.get(room)
            return state is not None and {one.delegation, laptop.delegation} <= set(state.members)
    return False


def truth(world: World) -> dict[str, RoomState]:
    """Every room as all membership operations any honest laptop holds give it."""
    ops: dict[str, dict[str, Any]] = defaultdict(dict)
    stopped: dict[tuple[str, str], int] = {}
    for one in world.honest():
        for raw, sig in one.rows("select raw, sig from op where kind like 'room.%' and klass = 0"):
            op = operation.read(raw, sig, "record")
            ops[op.room_id][op.id] = op
        for room, device, seq in one.rows("select room, device, seq from suspended where klass = 0"):
            stopped[room, device] = min(seq, stopped.get((room, device), seq))
    found = {}
    for room, every in sorted(ops.items()):
        state = rooms.fold(
            op for op in every.values() if not op.room or op.seq < stopped.get((room, op.device), op.seq + 1))
        if state is not None:
            found[room] = state
    return found


def members(world: World, state: RoomState) -> list[Laptop]:
    return [one for one in world.honest() if one.delegation in state.members]


def view_of(laptop: Laptop, room: str) -> str:
    try:
        seen = laptop.desk.rooms.one(room)
    except Exception as error:
        return str(error)
    return f"{[one[:6] for one in seen.members]} {seen.chair[:6]} {seen.epoch[:8]}"


def at_end(world: World) -> None:
    """Everything that must hold between honest laptops once nothing is under way."""
    truths = truth(world)
    for room, state in truths.items():
        here = members(world, state)
        if not here:
            continue
        same_list(world, room, state, here)
        same_record(world, room, here)
        same_texts(room, here)
        same_statements(room, here)
    for one in world.honest():
        promised(world, truths, one)
        alone_with_remarks(world, one)
        rebuilds(one)
        finds(world, one)


def same_list(world: World, room: str, state: RoomState, here: list[Laptop]) -> None:
    views = [one.desk.rooms.one(room) for one in here]
    for one, view in zip(here, views, strict=True):
        need(view.members == state.members, f"{one.name} sees {len(view.members)} members of {room[:6]}, there are {len(state.members)}")
        need(view.blocked == "", f"{one.name} is stopped in {room[:6]}: {view.blocked}")
    need(len({view.epoch for view in views}) == 1, f"epochs of {room[:6]} differ")
    stopped = {
        one.name: one.rows("select device, seq from suspended where room = ? and klass = 0 order by device", (room,))
        for one in here}
    need(len({str(rows) for rows in stopped.values()}) == 1, f"suspensions in {room[:6]} differ: {stopped}")
    for rows in stopped.values():
        need({row[0] for row in rows} <= world.crooked, f"an honest device is suspended in {room[:6]}")


def same_statements(room: str, here: list[Laptop]) -> None:
    """Everybody sees the same names on the same words."""
    seen = {
        one.name: sorted(
            (each.id, each.hash, each.closed, sorted((sign.delegation, sign.state) for sign in each.signs))
            for each in one.desk.joint.all() if each.room == room)
        for one in here}
    need(len({str(rows) for rows in seen.values()}) == 1, f"statements in {room[:6]} differ: {seen}")


def same_record(world: World, room: str, here: list[Laptop]) -> None:
    held = {}
    for one in here:
        rows = one.rows("select id, device, seq from op where room = ? and klass = 0 and state > 0 order by id", (room,))
        waiting = {row[0] for row in one.rows(
            "select device from op where room = ? and klass = 0 and state = 0 and author in"
            " (select delegation from room_member where room_member.room = op.room)", (room,))}
        need(waiting <= world.crooked,
             f"{one.name} has operations of {room[:6]} whose past never came")
        said = one.rows(
            "select id, thread, author, subject, body, attachments, at, tick from message where room = ? and klass = 0 order by id", (room,))
        acks = one.rows(
            "select message, device from acknowledgement where message in (select id from message where room = ? and klass = 0)"
            " order by message, device", (room,))
        bodies = [row[4] for row in said]
        need(len(set(bodies)) == len(bodies), f"{one.name} holds a message of {room[:6]} twice")
        held[one.name] = digest([rows, said, acks])
    need(len(set(held.values())) == 1, f"records of {room[:6]} differ: {held}")


def same_texts(room: str, here: list[Laptop]) -> None:
    texts = [one.rows("select id from text where room = ? order by id", (room,)) for one in here]
    need(all(rows == texts[0] for rows in texts), f"texts of {room[:6]} differ")
    for (text,) in texts[0]:
        seen = {}
        for one in here:
            desk = one.desk.texts
            head = desk.head(text)
            need(not [edition for edition in head.revisions if edition.alarm], f"{one.name} raises an alarm over {text[:6]}")
            need(head.waiting == 0, f"{head.waiting} operations of {text[:6]} wait at {one.name}")
            with one.desk.context.lock, one.store.read() as handle:
                state = one.desk.record.shelf.state(handle, text)
                seen[one.name] = digest([
                    desk.proof(text), desk.plain(text), desk.notation(text), sorted(state.void.items()),
                    hashlib.sha256(state.dump()).hexdigest(), head.suspended, head.frozen, head.rivals,
                    [(edition.id, edition.text_hash, edition.state_hash) for edition in head.revisions]])
        need(len(set(seen.values())) == 1, f"the text {text[:6]} differs: {seen}")


def taken_for_gone(laptop: Laptop, room: str) -> set[str]:
    """Delegations this laptop once saw removed, even if the removal was by a device with two histories and counts no more:
    what was said to them before and had not reached them by then is not said again."""
    rows = laptop.rows("select id, raw from op where room = ? and kind = 'room.remove'", (room,))
    return {str(operation.stored(name, raw).body["delegation"]) for name, raw in rows}


def promised(world: World, truths: dict[str, RoomState], author: Laptop) -> None:
    """Everything committed has reached everybody it was for, once, and nobody it was not for."""
    holds = {one.name: {row[0] for row in one.rows("select id from op")} for one in world.all()}
    for one in world.promises[author.name]:
        need(one.id in holds[author.name], f"{author.name} lost its own {one.kind}")
        state = truths.get(one.room)
        if state is None:
            continue
        gone = taken_for_gone(author, one.room)
        for other in world.honest():
            there = one.id in holds[other.name]
            if one.klass == RECORD:
                if author.delegation in state.members and other.delegation in state.members:
                    need(there, f"{other.name} never got {one.kind} {one.id[:6]} of {author.name}")
                elif other.delegation in one.outside and other.delegation not in state.ever and not twice(world, state.chair):
                    need(not there, f"{other.name} got {one.kind} of {author.name} from a room it was never in")
                continue
            if other.delegation in one.outside:
                need(not there, f"{other.name} got chat {one.id[:6]} of {author.name} and was not in the room")
            elif {author.delegation, other.delegation} - set(state.members):
                continue  # one whose joining turned out not to count speaks to nobody
            elif other.device in one.audience and {author.delegation, other.delegation}.isdisjoint(gone):
                need(there, f"{other.name} never got chat {one.id[:6]} ({one.seq}) of {author.name}")


def twice(world: World, delegation: str) -> bool:
    """A device of the delegation acts twice over: what it says of members counts for whoever has not heard of it."""
    return any(one.crooked for one in world.all() if one.delegation == delegation)


def alone_with_remarks(world: World, laptop: Laptop) -> None:
    """No word of another delegation's remarks is anywhere in this vault."""
    authors = {row[0] for row in laptop.rows("select author from op where kind = 'remark.write' or instr(raw, ?) > 0", (CANARY.encode(),))}
    need(authors <= {laptop.delegation}, f"{laptop.name} holds another delegation's remarks")
    other = [code for code in world.identities if code != laptop.code]
    for code in other:
        need(not laptop.desk.search(f"{CANARY}{code.lower()}"), f"{laptop.name} finds a remark of {code}")


def projections(laptop: Laptop) -> list[list[Any]]:
    return [sorted(laptop.rows(sql)) for sql in PROJECTIONS]


def rebuilds(laptop: Laptop) -> None:
    """What was kept step by step is what the operations alone give."""
    before, found = projections(laptop), hits(laptop, WORDS[:4])
    laptop.desk.rebuild()
    after = projections(laptop)
    for sql, one, other in zip(PROJECTIONS, before, after, strict=True):
        need(one == other, f"{laptop.name} rebuilds another {sql}: {[row for row in one if row not in other][:2]} {[row for row in other if row not in one][:2]}")
    need(found == hits(laptop, WORDS[:4]), f"{laptop.name} finds other things after a rebuild")


def hits(laptop: Laptop, words: Iterable[str]) -> list[set[tuple[str, str]]]:
    with laptop.store.read() as handle:
        return [{(row[0], row[1]) for row in search.find(handle, one, 100_000)} for one in words]


def finds(world: World, laptop: Laptop) -> None:
    """The index finds what reading everything finds, no more and no less."""
    every: list[tuple[tuple[str, str], str]] = []
    for name, subject, body, files in laptop.rows("select id, subject, body, attachments from message"):
        names = " ".join(laptop.rows("select name from attachment where id = ?", (one,))[0][0] for one in json.loads(files))
        every.append((("message", name), f"{subject}\n{body}\n{names}"))
    for (text,) in laptop.rows("select id from text"):
        with laptop.desk.context.lock, laptop.store.read() as handle:
            book = laptop.desk.record.shelf.state(handle, text).book
        every += [(("text", f"{text}#{one.id}"), f"{one.label}\n{one.words}") for one in book.pars.values() if one.gone < 0]
        every += [(("proposal", f"{text}#{name}"), f"{one.node.body['words']}\n{one.node.body['reason']}") for name, one in book.props.items()]
    gone = {row[0] for row in laptop.rows("select remark from remark_struck")} | {row[0] for row in laptop.rows("select replaces from remark")}
    every += [(("note", name), words_) for name, words_ in laptop.rows("select id, words from remark") if name not in gone]
    for name, raw in laptop.rows("select id, raw from op where kind = 'joint.open' and state > 0"):
        body = json.loads(raw)["body"]
        every.append((("joint", name), f"{body['title']}\n{body['words']}"))
    every += [(("contact", name), f"{code} {title}") for name, code, title in laptop.rows("select id, code, name from delegation")]
    words = [*WORDS, "OP 2", "points of contact", f"m{world.step // 2}", "m1", "aurelia"]
    for query, found in zip(words, hits(laptop, words), strict=True):
        scan = search.scan(query)
        expected = {ref for ref, words_ in every if scan(words_)}
        need(found == expected, f"{laptop.name} searching {query!r}: misses {len(expected - found)}, too many {len(found - expected)}")


def digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:16]


def state_line(world: World) -> str:
    """One digest over what everybody holds, for the trace."""
    return digest([[one.name, one.rows("select id, klass, state from op order by id")] for one in world.all()])


__all__ = ["Promise", "after_step", "at_end", "settled", "state_line"]
