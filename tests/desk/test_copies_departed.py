"""An older copy and whoever left a room since it was made: they may alone hold what it had said there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.desk.test_copies import bodies, copy_of, old, put_back, seen, suspended
from tests.world import World

from valise.desk import departed, ends
from valise.desk import roster as rosters
from valise.desk.context import RECORD
from valise.desk.desk import Desk
from valise.domain.errors import NotAllowed
from valise.protocol import operation, statement
from valise.protocol.operation import Signed
from valise.vault import people


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.close()


def left_since(world: World, room: str, *who: str) -> Desk:
    """XA says something that everybody takes in; these leave, and then XA is an older copy that hears only of that."""
    copy = copy_of(world, "XA")
    world["XA"].messages.send(room, "said", for_the_record=True)
    world.exchange(4, 30_000)
    for code in who:
        world[code].rooms.remove(room, world.id(code))
        world[code].exchange.now()
    desk = put_back(world, "XA", copy, seal=False)
    assert old(desk) is not None and "said" not in bodies(desk, room)
    for code in who:
        hears(world, desk, room, code)
    assert not {world.id(code) for code in who} & set(desk.rooms.one(room).members)
    return desk


def hears(world: World, desk: Desk, room: str, code: str) -> None:
    """That this one has left, as if a frame of its from before had brought it."""
    with world[code].context.read() as handle:
        raw, sig = handle.row("select raw, sig from op where room = ? and kind = 'room.remove' and author = ?", (room, world.id(code)))
    with desk.context.write() as tx:
        desk.context.enter(tx, Signed(operation.read(raw, sig, "record"), raw, sig), RECORD)


def healed(world: World, desk: Desk, room: str) -> None:
    """It goes on where it was, and nobody has seen two histories of it."""
    assert "said" in bodies(desk, room) and not desk.copies.state().waits
    desk.messages.send(room, "and on", for_the_record=True)
    for code in ("XB", "XG"):
        assert all(one.state == "healed" for one in seen(world[code]))
        if world.id(code) not in desk.rooms.one(room).members:
            desk.rooms.add(room, world.id(code))
    world.exchange(6, 30_000)
    assert suspended(world) == []
    for code in ("XB", "XG"):
        assert {"said", "and on"} <= bodies(world[code], room)


def test_who_left_since_gives_an_old_copy_back_what_it_had_said(world: World) -> None:
    """Seed 844: nobody else was in the room any more, so that it went on at once and lost what it had said."""
    room = world.room(chair="XA")
    desk = left_since(world, room, "XB", "XG")
    world.exchange(4, 30_000)
    healed(world, desk, room)


def test_who_is_still_there_need_not_hold_what_who_left_holds(world: World) -> None:
    room = world.room(chair="XA")
    copy = copy_of(world, "XA")
    world["XA"].messages.send(room, "said", for_the_record=True)
    world["XA"].exchange.now()
    world["XB"].exchange.now()
    for file in world.share.rglob("*"):
        if file.is_file():
            file.unlink()  # XG never gets it
    desk = put_back(world, "XA", copy, seal=False)
    world["XB"].rooms.remove(room, world.id("XB"))
    hears(world, desk, room, "XB")
    for _ in range(6):
        for code in ("XG", "XB", "XA"):
            world[code].exchange.now()
        world.clock.advance(30_000)
    healed(world, desk, room)


@pytest.mark.parametrize("decides", [True, False])
def test_one_who_left_and_stays_away_holds_the_room_for_a_night_or_until_a_person_decides(world: World, decides: bool) -> None:
    """Seeds 1 and 1012: one who was removed had never heard of the room, another could not be reached."""
    room = world.room(chair="XA")
    desk = left_since(world, room, "XB", "XG")
    for _ in range(6):  # XG is away
        desk.exchange.now()
        world["XB"].exchange.now()
        world.clock.advance(30_000)
    assert [one.who for one in desk.copies.state().waits] == [("Gallia Minor",)]
    with pytest.raises(NotAllowed, match=r"copy\.old"):
        desk.messages.send(room, "too early", for_the_record=True)
    if decides:
        desk.copies.go_on()
    else:
        world.clock.advance(departed.WAIT)
        desk.exchange.now()
    healed(world, desk, room)


def test_where_nobody_holds_what_was_said_a_person_may_end_the_waiting(world: World) -> None:
    """Seed 1425: what still waited when somebody was removed went to nobody, and the removal to him: no record goes on beyond that."""
    room, other = world.room(chair="XA"), world.room(title="Other")
    world.exchange(4, 30_000)
    copy = copy_of(world, "XA")
    desk = world["XA"]
    desk.messages.send(room, "kept here", for_the_record=True)
    for code in ("XB", "XG"):
        desk.rooms.remove(room, world.id(code))
    desk.messages.send(other, "elsewhere", for_the_record=True)
    world["XB"].messages.send(room, "to whom?", for_the_record=True)  # and so it is told that it is out
    world.exchange(6, 30_000)
    assert "kept here" not in bodies(world["XB"], room) | bodies(world["XG"], room)
    desk = put_back(world, "XA", copy)
    world.exchange(12, 30_000)
    world.clock.advance(departed.WAIT)
    world.exchange(4, 30_000)
    assert [(one.room, one.what) for one in desk.copies.state().waits] == [(room, "history")]
    desk.copies.go_on()
    assert not desk.copies.state().waits and "copy.old" not in {one.line for one in desk.overview().due}
    with pytest.raises(NotAllowed, match=r"op\.own_history"):  # its laptop has to be admitted anew to say something there
        desk.messages.send(room, "more", for_the_record=True)
    desk.messages.send(other, "and on", for_the_record=True)
    world.exchange(4, 30_000)
    assert suspended(world) == [] and {"elsewhere", "and on"} <= bodies(world["XB"], other)


def test_who_was_out_already_or_is_stopped_is_not_asked(world: World) -> None:
    room = world.room(chair="XA")
    world["XG"].rooms.remove(room, world.id("XG"))
    world.exchange(4, 30_000)
    desk = left_since(world, room, "XB")

    def asked() -> list[str]:
        with desk.context.write() as tx:
            roster = rosters.of(desk.context, tx, room)
            assert roster is not None
            return [one.delegation for one in departed.devices(desk.context, tx, roster)]

    assert asked() == [world.id("XB")]
    desk.contacts.differs(world.id("XB"))
    assert asked() == []
    world.exchange(1)
    assert not desk.copies.state().waits


def test_one_who_left_hears_of_no_log_but_the_askers(world: World) -> None:
    """Who is in the room now, what they said, and where their vaults stand is nothing to it."""
    room = world.room(chair="XA")
    desk = left_since(world, room, "XB")
    world["XG"].messages.send(room, "after they left", for_the_record=True)
    for giver, about in ((desk, desk), (world["XB"], desk)):
        with giver.context.write() as tx:
            taker = people.device(tx, (world["XB"] if giver is desk else desk).me().device)
            assert taker is not None
            raw = ends.aside(giver.exchange.repair, tx, departed.Aside(room, taker, about.me().device))
            said = statement.decode(raw, giver.context.record.certificates.of(tx, giver.me().device).ed25519)
        assert [(one.klass, one.device) for one in said.logs] == [(RECORD, desk.me().device)]
        assert {name for name, _ in said.echo} <= {taker.id} and not (said.want or said.tags or said.pieces)


def test_nobody_else_hears_what_an_old_copy_says_aside(world: World) -> None:
    """To all and to some alone, in one transaction: it stays one life of one vault, and a laptop that it does not ask and that
    is not in the room says nothing to it that counts."""
    room = world.room(chair="XA")
    desk = left_since(world, room, "XB")
    world.exchange(4, 30_000)
    with world["XB"].context.write() as tx:
        device = people.device(tx, desk.me().device)
        assert device is not None
        raw = ends.aside(world["XB"].exchange.repair, tx, departed.Aside(room, device, device.id))
    with desk.context.write() as tx:
        before = tx.rows("select * from copy_answer")
        desk.exchange.repair.take(tx, world["XB"].me().device, room, raw)
        assert tx.rows("select * from copy_answer") == before
    healed(world, desk, room)
