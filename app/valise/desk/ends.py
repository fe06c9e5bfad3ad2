"""Rooms we are not in any more: what our laptops hand each other of the end of their record, and what we still answer to whoever
is in them.

Used by desk.repair inside the caller's write transaction. All of it goes to one device at a time, in frames nobody else opens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from valise.desk import departed
from valise.desk import roster as rosters
from valise.desk.context import CHAT, RECORD, Context
from valise.desk.roster import Roster
from valise.protocol import canonical, statement
from valise.protocol.statement import LogLine, Statement
from valise.vault import generation, logs, people
from valise.vault.people import Device
from valise.vault.store import Handle, Tx

if TYPE_CHECKING:
    from valise.desk.repair import Repair

MOST = 2_000
PART = "room = ? and klass = 0 and device = ? and seq > ? and seq <= ?"


def may_hear(context: Context, handle: Handle, roster: Roster, device: Device) -> bool:
    """Whether one who is in a room that we are out of may be given what it has lost there."""
    return (
        roster.blocked == "room.left"
        and device in roster.devices
        and context.own.may_send(roster.state.id)
        and people.stopped(handle, device.delegation) == ""
    )


def named(repair: Repair, tx: Tx, room: str) -> tuple[int, str]:
    """Up to where a statement names our own record, and the operation there. Not what waits to be sealed: another life of this
    vault may have signed there, and whoever holds that has to see that it lacks here. In a room we are out of our laptops hand it
    to each other, and it is named until one of them is found to hold something else."""
    roster = rosters.of(repair.context, tx, room)
    key = (room, RECORD, repair.context.own.device)
    if roster is None or roster.blocked != "room.left" or room in repair.two_lives:
        return logs.given(tx, key)
    return logs.line(tx, key)[:2]


def outside(repair: Repair, tx: Tx, roster: Roster, device: str, said: Statement, data: bytes) -> None:
    """One whose delegation is not in the room: another laptop of ours, should we be out of it too; or one that left since this
    older copy of our vault was made, and is asked what we had said."""
    room = roster.state.id
    if device in {one.id for one in rosters.family(repair.context, tx, roster)}:
        ours(repair, tx, room, device, said)
    elif not roster.blocked and generation.held(tx, room, RECORD):
        if device in {one.id for one in departed.devices(repair.context, tx, roster)}:
            own = [one for one in said.logs if (one.klass, one.device) == (RECORD, repair.context.own.device)]
            repair.acknowledged(tx, room, device, {(RECORD, one.device): one for one in own}, said.at)
            repair.copies.heard(tx, said, data)


def aside(repair: Repair, tx: Tx, one: departed.Aside) -> bytes:
    """A statement for one laptop, on the log of one alone (where it is its own, on its part in the conversation too)."""
    context, room, key = repair.context, one.room, (one.room, RECORD, one.author)
    held, head, top = logs.line(tx, key)
    if one.author == context.own.device:
        held, head = named(repair, tx, room)
    lines = [LogLine(*key[1:], held, repair.mark(tx, room, one.author, held, head), top)] if top else []
    if one.author == one.device.id:
        held, _, top = logs.line(tx, (room, CHAT, one.author))
        lines = [*lines, LogLine(CHAT, one.author, held, b"", top)] if top else lines
    told = repair.copies.said(tx, room)
    told["echo"] = tuple(each for each in told["echo"] if each[0] == one.device.id)
    made = Statement(room, context.own.device, context.clock.now(), tuple(lines), (), (), (), **told)
    return statement.encode(made, context.keys.ed25519)


def ours(repair: Repair, tx: Tx, room: str, device: str, said: Statement) -> None:
    """Another laptop of ours: what it lacks of the record, and whether we lack some. Nobody who is in the room tells us now, so
    that here also goes what waits to be sealed for them and never will be, and what an older copy had signed itself."""
    peer = people.device(tx, device)
    if peer is not None:
        for tag in said.tags:
            repair.keys.again(tx, tag, peer)
    lines = _lines(said)
    known = _known(tx, room)
    for author, (held, head, top) in known.items():
        line = lines.get(author)
        theirs = line.held if line else 0
        unsaid = author == repair.context.own.device and _one_life(repair, tx, room, line)
        if theirs < top:
            values = (room, author, theirs, min(top, theirs + MOST))
            repair.answer(tx, room, device, f"{PART} and state >= 0", values, alone=True, unsaid=unsaid)
        mine = repair.mark(tx, room, author, held, head)
        if line and 0 < line.held <= held and line.head != mine:
            repair.other_history(tx, room, device, line, mine, alone=True)
            if line.held == held:
                repair.behind(tx, room)
    if any(line.held > known.get(author, (0, "", 0))[0] for author, line in lines.items()):
        repair.behind(tx, room)


def theirs(repair: Repair, tx: Tx, roster: Roster, peer: Device, said: Statement) -> None:
    """One who is still in the room. It gets the keys of what we had said, our leaving itself; and all of the record that it
    lacks, should it have lost what it signed itself (or say that it has): an older copy of the vault of whoever removed us may
    have nobody else left to ask, and would count us in for good."""
    room = roster.state.id
    if rosters.leaving(repair.context, tx, roster):
        _parted(repair, tx, room, peer.id, said)
    if not may_hear(repair.context, tx, roster, peer):
        return
    for tag in said.tags:
        repair.keys.again(tx, tag, peer)
    lines = _lines(said)
    if not said.ask and set(lines) == {repair.context.own.device}:
        return  # it confirms what we said, aside
    known = _known(tx, room)
    own = lines.get(peer.id)
    if not said.ask and (own.held if own else 0) >= known.get(peer.id, (0, "", 0))[0]:
        return
    for author, (_, _, top) in known.items():
        line = lines.get(author)
        held = line.held if line else 0
        if held < top:  # not what waits for its past here, but its own: somebody who knew more may have said it without them
            values = (room, author, held, min(top, held + MOST))
            repair.answer(tx, room, peer.id, f"{PART} and state {'>=' if author == peer.id else '>'} 0", values, alone=True)
    if said.ask:
        repair.departed.owe(tx, room, peer, repair.spacing)


def _parted(repair: Repair, tx: Tx, room: str, device: str, said: Statement) -> None:
    """It holds our leaving, and no gap of what we said in conversation before: whatever of that has not reached it is taken in no
    more, and waits for it no longer."""
    own = repair.context.own.device
    lines = {line.klass: line for line in said.logs if line.device == own}
    record, chat = lines.get(RECORD), lines.get(CHAT)
    if record is None or record.held < logs.line(tx, (room, RECORD, own))[2] or (chat is not None and chat.held < chat.top):
        return
    top = logs.line(tx, (room, CHAT, own))[2]
    tx.run("insert or replace into chat_base(room, device, seq) values (?,?,?)", (room, device, top + 1))
    repair.settle(tx, room, CHAT)


def _lines(said: Statement) -> dict[str, LogLine]:
    return {line.device: line for line in said.logs if line.klass == RECORD}


def _known(handle: Handle, room: str) -> dict[str, tuple[int, str, int]]:
    """Device -> (held, head, top) of its record here."""
    rows = handle.rows("select device, held, head, top from log where room = ? and klass = 0 order by device", (room,))
    return {device: (held, head, top) for device, held, head, top in rows}


def _one_life(repair: Repair, tx: Tx, room: str, line: LogLine | None) -> bool:
    """Whether what the other has of our own log is what we have, and nothing of it is in doubt: then what waits here was signed
    once, by this laptop alone."""
    if line is not None and line.held:
        named = (room, repair.context.own.device, line.held, canonical.b64u(line.head))
        if not tx.row("select 1 from op where room = ? and klass = 0 and device = ? and seq = ? and id = ?", named):
            repair.two_lives.add(room)
            return False
    repair.two_lives.discard(room)
    return repair.copies.sealing(tx, room, RECORD)
