"""Who a room is sealed for: the devices of its members, the epoch, and why sending may be stopped."""

from __future__ import annotations

from dataclasses import dataclass

from valise.desk.context import Context
from valise.domain.room import RoomState
from valise.protocol import epoch as epochs
from valise.vault import people
from valise.vault.people import Device
from valise.vault.store import Handle


@dataclass(frozen=True, slots=True)
class Roster:
    """`devices` without our own, sorted by id; `blocked` = "" or the reason nothing may be sent;
    `unknown` = members whose card we do not have."""

    state: RoomState
    devices: tuple[Device, ...]
    epoch: bytes
    head: bytes
    blocked: str
    unknown: tuple[str, ...]


def of(context: Context, handle: Handle, room: str) -> Roster | None:
    """The roster as this device computes it, or None while the room is not known here.

    Inside a write transaction it is computed once a room, and again when members, cards or trust change.
    """
    if not context.writing(handle):
        return _compute(context, handle, room)
    known = context.rosters
    if room not in known:
        known[room] = _compute(context, handle, room)
    found: Roster | None = known[room]
    return found


def leaving(context: Context, handle: Handle, roster: Roster) -> bool:
    """We left by ourselves: the others still have to hear of it, and of what we said before."""
    return roster.blocked == "room.left" and left(handle, roster, context.own.delegation)


def left(handle: Handle, roster: Roster, delegation: str) -> bool:
    """Whether a delegation that is not in the room took itself out, and was not only removed by another."""
    by_itself = "select 1 from op where room = ? and membership = 1 and kind = 'room.remove' and author = ?"
    rows = handle.rows(by_itself, (roster.state.id, delegation))
    return delegation not in roster.state.members and bool(rows)


def family(context: Context, handle: Handle, roster: Roster) -> tuple[Device, ...]:
    """Our other laptops, of a room that our delegation is not in any more: whoever is still there tells us nothing now, so that
    they hand each other the end of its record. Nobody while a person has to decide about one of them."""
    own = context.own
    if roster.blocked != "room.left" or not own.may_send(roster.state.id) or own.delegation not in roster.state.ever:
        return ()
    if people.stopped(handle, own.delegation) != "":
        return ()
    now, room = context.clock.now(), roster.state.id
    return tuple(
        one
        for one in people.devices(handle, own.delegation)
        if one.id != own.device and not one.revoked_at and one.alive(now) and (not one.rooms or room in one.rooms)
    )


def _compute(context: Context, handle: Handle, room: str) -> Roster | None:
    state = context.record.room(handle, room)
    if state is None:
        return None
    now = context.clock.now()
    devices: list[Device] = []
    pairs: list[tuple[str, str]] = []
    unknown: list[str] = []
    blocked = "" if context.own.delegation in state.members else "room.left"
    blocked = blocked or ("" if context.own.may_send(room) else "device.revoked" if context.own.revoked else "device.scope")
    for member in state.members:
        why = people.stopped(handle, member)
        if why is None:
            unknown.append(member)
            continue
        if why and not blocked:
            blocked = "contact.own_added" if member == context.own.delegation else f"contact.{why}"
        for device in people.devices(handle, member):
            if device.revoked_at or (device.rooms and room not in device.rooms):
                continue
            pairs.append((device.id, device.certificate_hash))
            if device.id != context.own.device and device.alive(now):
                devices.append(device)
    head = epochs.membership_head(state.heads)
    devices.sort(key=lambda one: one.id)
    return Roster(state, tuple(devices), epochs.epoch(pairs, head), head, blocked, tuple(unknown))
