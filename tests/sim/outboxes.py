"""What must hold of outboxes after each step: no carrier's word counts as delivery."""

from __future__ import annotations

from collections import defaultdict

from tests.sim.laptop import Laptop
from tests.sim.world import Broken, World


def waits_for_the_statement(world: World, laptop: Laptop) -> None:
    """What no recipient has said it holds is still to be sent, whatever any carrier acknowledged.

    Told of devices an operation was for from the beginning and that were never out of the room since.
    """
    if laptop.rolled or not world.promises[laptop.name]:
        return
    gone = {row[0] for row in laptop.rows("select room from op where kind = 'room.remove'")}
    gone |= {row[0] for row in laptop.rows("select room from suspended")}
    alive = {row[0] for row in laptop.rows("select id from device where revoked_at = 0 and not_after >= ?", (laptop.clock.now(),))}
    said: dict[tuple[str, int], dict[str, int]] = defaultdict(dict)
    for room, klass, device, seq in laptop.rows("select room, klass, device, max(seq) from held group by room, klass, device"):
        said[room, klass][device] = seq
    waiting: set[tuple[str, int, int]] = set(laptop.rows("select room, klass, seq from outbox"))
    for room, klass, first, last in laptop.rows("select room, klass, first, last from parcel"):
        waiting |= {(room, klass, seq) for seq in range(first, last + 1)}
    for one in world.promises[laptop.name]:
        if one.room in gone or (one.room, one.klass, one.seq) in waiting:
            continue
        for device in sorted(one.audience & alive):
            if said[one.room, one.klass].get(device, 0) < one.seq:
                raise Broken(
                    f"{laptop.name} keeps {one.kind} {one.klass}/{one.seq} no more, and {device[:6]} never said that it holds it")
