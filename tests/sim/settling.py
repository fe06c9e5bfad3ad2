"""Whether anything is still under way between honest laptops, and what is true of each room by all that any of them holds."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from tests.sim.laptop import Laptop
from tests.sim.world import World

from valise.domain import room as rooms
from valise.domain.room import RoomState
from valise.protocol import envelope, operation
from valise.protocol.canonical import unb64u

CHAT = 1


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
            left = one.rows("select 1 from op where room = ? and kind = 'room.remove' and author = ? and device = ?",
                            (room, one.delegation, one.device))
            # where there are several ways, whoever heard of it through others may have none to whoever left
            out = bool(left) and state is not None and one.delegation not in state.members and not world.ways.several
            if out and lacking(world, one, state):
                return f"{one.name} has left {room[:6]} and waits for {count}"
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
            # nor what such a device gave only to who has left since: the two that share its seat at a relay hear half each
            lost |= device in world.crooked and state is not None and not any(
                other.rows("select 1 from op where room = ? and klass = ? and device = ? and seq = ?", (room, klass, device, held + 1))
                for other in members(world, state))
            if state is not None and one.delegation in state.members and not lost:
                return f"{one.name} has a gap in {room[:6]} {klass} {device[:6]}: {held} of {top}"
        for room, device in one.rows("select distinct room, device from op where state = 0 order by room, device"):
            state = truths.get(room)
            author = next((other.delegation for other in world.all() if other.device == device), "")
            if state is not None and {one.delegation, author} <= set(state.members) and device not in world.crooked:
                return f"{one.name} has operations of {room[:6]} by {device[:6]} whose past is not here"
        for asks in one.desk.copies.state().waits:
            state = truths.get(asks.room)
            # not where it was acquainted with delegations that this world does not have
            if state is not None and one.delegation in state.members and state.ever <= {other.delegation for other in world.all()}:
                return f"{one.name} is an older copy and waits for {asks.what} {asks.who} in {asks.room[:6]}"
    for room, state in truths.items():
        held = {one.name: digest(one.rows("select id, state > 0 from op where room = ? and klass = 0 order by id", (room,)))
                for one in members(world, state)}
        if len(set(held.values())) > 1:
            return f"records of {room[:6]} differ: {_counts(world, room, state)}"
        views = {one.name: view_of(one, room) for one in members(world, state)}
        right = str([one[:6] for one in state.members])
        if len(set(views.values())) > 1 or any(not view.startswith(right) for view in views.values()):
            return f"lists of members of {room[:6]} differ: {views} from {right}"
        for gone in sorted({one.delegation for one in world.honest()} - set(state.members)):
            ends = {one.name: f"{digest(_record(one, room))} {view_of(one, room)}"
                    for one in world.honest() if one.delegation == gone and one.rows("select 1 from room where id = ?", (room,))}
            if len(set(ends.values())) > 1:
                return f"the end of {room[:6]} differs: {ends} {[(name, len(_record(world.laptops[name], room))) for name in ends]}"
    return ""


def _record(laptop: Laptop, room: str) -> list[Any]:
    return list(laptop.rows("select id, state > 0 from op where room = ? and klass = 0 order by id", (room,)))


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

    Who left a room does not get the keys of what it had not opened; what a carrier has spoilt opens for nobody.
    """
    if kind == "key":
        sender = [one for one in world.all() if unb64u(one.device) == hint]
        if sender:  # its card is not here: it comes with a room both are in, and not otherwise
            both = {sender[0].delegation, laptop.delegation}
            return not sender[0].crooked and any(both <= set(state.members) for state in truths.values())
        return blob in world.watch.keys
    tag = envelope.tag_of(blob)
    for one in world.honest():
        for (room,) in one.rows("select room from session_made where tag = ?", (tag,)):
            state = truths.get(room)
            return state is not None and {one.delegation, laptop.delegation} <= set(state.members)
    return False


def truth(world: World) -> dict[str, RoomState]:
    """Every room as all membership operations any honest laptop holds give it. That a device has two histories counts where
    somebody in the room can prove it: who has left before he saw the second tells nobody there any more."""
    ops: dict[str, dict[str, Any]] = defaultdict(dict)
    proofs: list[tuple[Laptop, str, str, int]] = []
    for one in world.honest():
        for raw, sig in one.rows("select raw, sig from op where kind like 'room.%' and klass = 0"):
            op = operation.read(raw, sig, "record")
            ops[op.room_id][op.id] = op
        for room, device, seq in one.rows("select room, device, seq from suspended where klass = 0"):
            proofs.append((one, room, device, seq))
    found = {}
    for room, every in sorted(ops.items()):
        here = [one for one in proofs if one[1] == room]
        state = _folded(every.values(), here)
        if state is not None and any(one[0].delegation not in state.members for one in here):
            # whom a history added that does not count is in the room until it has the proof itself
            before = _folded(every.values(), [])
            inside = {*state.members, *(before.members if before else ())}
            state = _folded(every.values(), [one for one in here if one[0].delegation in inside])
        if state is not None:
            found[room] = state
    return found


def _folded(every: Iterable[Any], proofs: list[tuple[Laptop, str, str, int]]) -> RoomState | None:
    stopped: dict[str, int] = {}
    for _, _, device, seq in proofs:
        stopped[device] = min(seq, stopped.get(device, seq))
    return rooms.fold(op for op in every if not op.room or op.seq < stopped.get(op.device, op.seq + 1))


def members(world: World, state: RoomState) -> list[Laptop]:
    return [one for one in world.honest() if one.delegation in state.members]


def view_of(laptop: Laptop, room: str) -> str:
    try:
        seen = laptop.desk.rooms.one(room)
    except Exception as error:
        return str(error)
    return f"{[one[:6] for one in seen.members]} {seen.chair[:6]} {seen.epoch[:8]}"


def digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:16]
