"""Vaults of tests/world.py with mailboxes on a real relay: the way an officer does it, the file of the operator taken in, the
addresses told over the folder, and then the folder given up."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.relay.generated import Generated
from tests.world import Clock, World

from valise.domain.relay import Kit
from valise.protocol import relaykit


def clock() -> Clock:
    """As of now: servers look at the real time when a credential ends."""
    return Clock(time.time_ns() // 1_000_000)


def founded(base: Path, codes: Sequence[str]) -> World:
    return World(base, tuple(codes), clock=clock())


def join(world: World, relay: Generated, change: Callable[[Kit], Kit] = lambda kit: kit) -> None:
    """Every laptop of the world takes its kit, every two delegations tell each other their addresses, and from then on only
    the relay is in use. Laptops are named XA, XA-2, ...; each has a kit in that order."""
    join_kits(world, {code: [change(one) for one in kits] for code, kits in relay.kits.items()})


def join_kits(world: World, kits: Mapping[str, Sequence[Kit]]) -> None:
    codes = list(kits)
    for at, one in enumerate(codes):
        for other in codes[at + 1 :]:
            if not _has_bilateral(world, one, other):
                world[one].rooms.create("bilateral", f"{one} and {other}", [world.id(other)])
    world.exchange(3, 70_000)
    for code, held in kits.items():
        for number, kit in enumerate(held, 1):
            desk = world.desks.get(code if number == 1 else f"{code}-{number}")
            if desk is not None:
                desk.relays.join(relaykit.encode(kit))
    wait(world, lambda: all(_knows(world, name, codes) for name in world.desks), pause=70_000)
    for desk in world.desks.values():
        desk.exchange.drop_folder()


def _has_bilateral(world: World, one: str, other: str) -> bool:
    both = {world.id(one), world.id(other)}
    return any(room.kind == "bilateral" and set(room.members) == both for room in world[one].rooms.all())


def _knows(world: World, name: str, codes: Sequence[str]) -> bool:
    mine = world[name].me().delegation
    there = {one.delegation for one in world[name].relays.addresses() if one.state == "active"}
    return {world.id(code) for code in codes} - {mine} <= there


def wait(world: World, done: Callable[[], bool], *, seconds: float = 150.0, pause: int = 0) -> int:
    """Rounds of everybody until it is so, `pause` ms of their clock apart; how many. A relay is in real time, so that the end
    is one too."""
    end, rounds = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        world.exchange(1, pause)
        rounds += 1
        if done():
            return rounds
    raise AssertionError(f"it does not come to pass: {told(world)}")


def acknowledged(world: World) -> bool:
    """Nothing waits for anybody."""
    return not any(desk.exchange.status().waiting for desk in world.desks.values())


def quiet(world: World) -> bool:
    """And nothing is kept sealed for want of a key."""
    return acknowledged(world) and not any(desk.exchange.status().sealed_waiting for desk in world.desks.values())


def told(world: World) -> dict[str, tuple[int, int, str]]:
    stati = {name: desk.exchange.status() for name, desk in world.desks.items()}
    return {name: (one.waiting, one.sealed_waiting, one.problem) for name, one in stati.items()}


def bodies(world: World, name: str, room: str) -> list[str]:
    """Every message this laptop holds in a room, sorted; one that came in twice is there twice."""
    with world[name].store.read() as handle:
        return sorted(row[0] for row in handle.rows("select body from message where room = ?", (room,)))


def record(world: World, name: str, room: str) -> list[str]:
    """Ids of the operations of a room's record that are in force."""
    with world[name].store.read() as handle:
        return sorted(row[0] for row in handle.rows("select id from op where room = ? and klass = 0 and state = 1", (room,)))


def same(world: World, room: str, names: Sequence[str] = ()) -> bool:
    """All hold the same messages and the same record."""
    held = [(bodies(world, one, room), record(world, one, room)) for one in names or world.desks]
    return all(one == held[0] for one in held)
