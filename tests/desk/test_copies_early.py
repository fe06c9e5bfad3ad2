"""What an older copy signs before anything has reminded it, in places that its later life had used."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.desk.test_copies import bodies, copy_of, old, put_back, suspended
from tests.world import World

from valise.desk.context import RECORD
from valise.desk.desk import Desk
from valise.protocol import canonical, statement
from valise.protocol.statement import NOWHERE, LogLine


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.close()


def own_line(desk: Desk, room: str) -> LogLine:
    """What this laptop names of its own record."""
    with desk.context.write() as tx:
        raw = desk.exchange.repair.make(tx, room)
        public = desk.context.record.certificates.of(tx, desk.me().device).ed25519
    return next(one for one in statement.decode(raw, public).logs if (one.klass, one.device) == (RECORD, desk.me().device))


def test_more_was_signed_too_early_than_had_been_said(world: World) -> None:
    """The others hold less of its record than waits in its outbox, and yet what it lacks. It does not go on before that came."""
    room = world.room()
    copy = copy_of(world, "XA")
    world["XA"].messages.send(room, "said", for_the_record=True)
    world.exchange(4, 30_000)
    desk = put_back(world, "XA", copy)
    early = {f"too early {n}" for n in range(3)}
    for one in sorted(early):
        desk.messages.send(room, one, for_the_record=True)
    for file in world.share.rglob("*"):
        if file.is_file():
            file.unlink()
    for _ in range(3):  # of their rounds: nothing new is there that would name what was said
        world.clock.advance(700_000)
        for code in ("XB", "XG"):
            world[code].exchange.now()
    world.exchange(10, 61_000)
    assert old(desk) is not None and suspended(world) == []
    for code in ("XA", "XB", "XG"):
        assert bodies(world[code], room) == {"said", *early}


def test_what_waits_to_be_sealed_is_not_named_as_held(world: World) -> None:
    room = world.room()
    desk = world["XA"]
    with desk.context.read() as handle:
        before = handle.row("select held, head from log where room = ? and klass = 0 and device = ?", (room, desk.me().device))
    for n in range(2):
        desk.messages.send(room, f"waits {n}", for_the_record=True)
    line = own_line(desk, room)
    assert (line.held, canonical.b64u(line.head), line.top) == (*before, before[0] + 2)
    desk.exchange.now()
    assert own_line(desk, room).held == before[0] + 2


def test_what_waited_in_the_copy_and_has_left_since_holds_nothing_up(world: World) -> None:
    """The very operations that wait in its outbox are with the others: they are no other life's."""
    room = world.room()
    for n in range(2):
        world["XA"].messages.send(room, f"waited {n}", for_the_record=True)
    copy = copy_of(world, "XA")
    world.exchange(4, 30_000)
    world["XA"].messages.send(room, "said since", for_the_record=True)
    world.exchange(4, 30_000)
    desk = put_back(world, "XA", copy)
    world.exchange(10, 61_000)
    assert old(desk) is not None and suspended(world) == []
    desk.messages.send(room, "and on", for_the_record=True)
    world.exchange(4, 30_000)
    for code in ("XA", "XB", "XG"):
        assert bodies(world[code], room) == {"waited 0", "waited 1", "said since", "and on"}


def test_nobody_confirms_what_waits_where_he_holds_something_else(world: World) -> None:
    room = world.room()
    copy = copy_of(world, "XA")
    world["XA"].messages.send(room, "said", for_the_record=True)
    world.exchange(4, 30_000)
    desk = put_back(world, "XA", copy)
    desk.messages.send(room, "too early", for_the_record=True)
    with world["XB"].context.write() as tx:
        said = world["XB"].exchange.repair.make(tx, room)
    with desk.context.write() as tx:
        before = tx.value("select max(seq) from held where room = ? and klass = 0", (room,), 0)
        desk.exchange.repair.take(tx, world["XB"].me().device, room, said)
        assert tx.value("select max(seq) from held where room = ? and klass = 0", (room,), 0) == max(before, 1)


def test_what_came_back_of_a_copys_outbox_is_not_waited_for(world: World) -> None:
    """Seed 426: who is in the room went ahead in an introduction, and what was signed before it waits in the copy. The others hold
    the later one and miss what it stands on, which nobody but the copy has."""
    room = world.room()
    desk = world["XA"]
    desk.messages.send(room, "said before it", for_the_record=True)
    desk.rooms.remove(room, world.id("XG"))
    copy = copy_of(world, "XA")
    world["XA"].exchange.now()
    for file in world.share.rglob("*"):
        if file.is_file():
            file.unlink()
    desk = put_back(world, "XA", copy, seal=False)
    assert old(desk) is not None
    world.exchange(10, 61_000)
    assert bodies(world["XB"], room) == {"said before it"} and suspended(world) == []
    assert desk.exchange.status().waiting == 0 and desk.copies.state().waits == ()


def test_who_is_in_the_room_is_not_told_from_what_was_signed_too_early(world: World) -> None:
    """An introduction, which goes along with the question what had been said, showed them a removal that stands where something
    else had been said: proof of two histories against itself, though it was told in time."""
    room = world.room()
    copy = copy_of(world, "XA")
    world["XA"].messages.send(room, "said", for_the_record=True)
    world.exchange(4, 30_000)
    desk = put_back(world, "XA", copy)
    desk.rooms.remove(room, world.id("XG"))
    for file in world.share.rglob("*"):
        if file.is_file():
            file.unlink()
    for _ in range(3):
        world.clock.advance(700_000)
        for code in ("XB", "XG"):
            world[code].exchange.now()
    world.exchange(10, 61_000)
    assert old(desk) is not None and suspended(world) == []
    assert bodies(desk, room) == {"said"}
    for code in ("XA", "XB"):
        assert world.id("XG") not in world[code].rooms.one(room).members


def test_whom_it_adds_by_what_waits_need_not_answer(world: World) -> None:
    """It has not heard of the room before that leaves, and that leaves when everybody has answered."""
    room = world.room(members=("XB",))
    desk = world["XA"]
    desk.rooms.add(room, world.id("XG"))
    with desk.context.write() as tx:
        desk.copies.begin(tx, NOWHERE, "peer")
    world.exchange(10, 61_000)
    assert desk.copies.state().waits == () and desk.exchange.status().waiting == 0
    assert world.id("XG") in world["XG"].rooms.one(room).members
