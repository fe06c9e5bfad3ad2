"""What must hold: a little after every step, everything once the world has healed (`settling` says when)."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from tests.registered import ROWS
from tests.sim import outboxes
from tests.sim.acts import WORDS
from tests.sim.acts_incidents import REPORTED, same_incidents, stays_inside, told
from tests.sim.acts_pings import PINGED, no_false_answer, same_pings
from tests.sim.acts_registers import findable, same_rows
from tests.sim.laptop import Laptop
from tests.sim.settling import digest, members, truth
from tests.sim.world import CANARY, Broken, World

from valise.domain.room import RoomState
from valise.protocol import operation
from valise.vault import search

RECORD = 0
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
    *ROWS,
    *PINGED,
    *REPORTED,
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
            outboxes.waits_for_the_statement(world, one)


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
        same_rows(room, state.kind, here)
        same_pings(room, here)
        same_incidents(room, state.kind, here)
    for one in world.honest():
        promised(world, truths, one)
        alone_with_remarks(world, one)
        no_false_answer(one)
        stays_inside(one)
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
        bodies = [row[0] for row in one.rows("select body from message where room = ?", (room,))]
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
    every += findable(laptop) + told(laptop)
    every += [(("contact", name), f"{code} {title}") for name, code, title in laptop.rows("select id, code, name from delegation")]
    words = [*WORDS, "OP 2", "points of contact", f"m{world.step // 2}", "m1", "aurelia"]
    for query, found in zip(words, hits(laptop, words), strict=True):
        scan = search.scan(query)
        expected = {ref for ref, words_ in every if scan(words_)}
        need(found == expected, f"{laptop.name} searching {query!r}: misses {len(expected - found)}, too many {len(found - expected)}")


def state_line(world: World) -> str:
    """One digest over what everybody holds, for the trace."""
    return digest([[one.name, one.rows("select id, klass, state from op order by id")] for one in world.all()])
