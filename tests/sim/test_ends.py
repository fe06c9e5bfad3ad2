"""What seeds have found of rooms that are over for a delegation: what its laptops hand each other, and what it still answers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.hostile import tools as h
from tests.sim.posted import Posted, bodies, record
from tests.world import PASSPHRASE

from valise.desk.context import RECORD
from valise.desk.desk import Desk
from valise.protocol import canonical, operation
from valise.protocol.operation import Signed
from valise.vault import pages
from valise.vault.store import DATABASE


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Posted]:
    made = Posted(tmp_path)
    yield made
    made.close()


def rounds(world: Posted, *desks: Desk, many: int = 8, pause: int = 61_000) -> None:
    """Rounds of these laptops alone; the others say nothing any more."""
    for _ in range(many):
        for desk in desks:
            desk.exchange.now()
        world.clock.advance(pause)
        world.post.advance(pause)


def copied(world: Posted, code: str) -> Path:
    """The vault as it is now, for `put_back`."""
    world[code].close()
    copy = world.base / "copy"
    shutil.copyfile(world.base / code / DATABASE, copy)
    world.plug(code, world.gate(code).unlock(bytearray(PASSPHRASE)))
    return copy


def put_back(world: Posted, code: str, copy: Path) -> Desk:
    """The copy takes the place of the vault, and nothing beside it tells it so."""
    world[code].close()
    shutil.copyfile(copy, world.base / code / DATABASE)
    (world.base / code / pages.SEAL).unlink(missing_ok=True)
    return world.plug(code, world.gate(code).unlock(bytearray(PASSPHRASE)))


def enter(desk: Desk, raw: bytes, sig: bytes) -> None:
    """As if somebody's frame had brought it."""
    with desk.context.write() as tx:
        desk.context.enter(tx, Signed(operation.read(raw, sig, "record"), raw, sig), RECORD)


def removed(world: Posted, room: str) -> None:
    """XB, in the chair, removes XA, whose first laptop hears of it."""
    world["XB"].rooms.remove(room, world.id("XA"))
    world["XA"].messages.send(room, "are we in it?")
    for code in ("XA", "XB"):
        world[code].exchange.now()


def test_the_laptops_of_a_delegation_that_was_removed_hand_each_other_the_end(world: Posted) -> None:
    """One had heard of the removal, the other could not: nobody in the room sends anything to a delegation that is gone."""
    room = world.room(chair="XB")
    second = world.enrol("XA")
    world.calm(4)
    world["XB"].messages.send(room, "heard by one", for_the_record=True)
    for code in ("XB", "XA"):
        world[code].exchange.now()
    world.post.lose_disk()
    world["XB"].rooms.remove(room, world.id("XA"))
    world["XB"].exchange.now()
    world["XA"].messages.send(room, "are we in it?")
    for code in ("XA", "XB", "XA"):
        world[code].exchange.now()
    assert world.id("XA") not in world["XA"].rooms.one(room).members
    assert world.id("XA") in second.rooms.one(room).members and bodies(second, room) == []
    world.post.lose_disk()
    for _ in range(8):  # XB says nothing any more
        for desk in (world["XA"], second):
            desk.exchange.now()
        world.clock.advance(61_000)
        world.post.advance(61_000)
    assert world.id("XA") not in second.rooms.one(room).members
    assert record(second, room) == record(world["XA"], room) and "heard by one" in bodies(second, room)
    asked = []
    for _ in range(20):  # and then they are silent: nothing new is there, and nobody else can say more
        world["XA"].exchange.now()
        with world["XA"].context.read() as handle:
            asked.append(handle.value("select used from session_out where room = ?", (room,)))
        second.exchange.now()
        world.clock.advance(61_000)
        world.post.advance(61_000)
    assert asked[-1] - asked[0] <= 6


def test_the_end_of_a_room_goes_by_courier_too(world: Posted) -> None:
    """Seed 29: a delegation left, and its laptops are reached by a courier alone."""
    room = world.room(chair="XB")
    second = world.enrol("XA")
    world.calm(4)
    desk = world["XA"]
    for one in (desk, second):
        one.exchange.choose(world.id("XA"), "courier")
    desk.rooms.remove(room, world.id("XA"))
    desk.exchange.now()
    assert world.id("XA") in second.rooms.one(room).members
    for n, (giver, taker) in enumerate(((desk, second), (second, desk), (desk, second))):
        world.clock.advance(61_000)
        giver.exchange.now()
        stick = world.base / f"stick {n}"
        stick.mkdir()
        taker.courier.take(giver.courier.export(stick, [world.id("XA")]).place)
    assert world.id("XA") not in second.rooms.one(room).members and record(second, room) == record(desk, room)

def test_what_was_never_sealed_for_a_room_that_is_over_goes_to_our_other_laptop(world: Posted) -> None:
    """Seeds 172, 233, 242, 444, 498, 549 and 577: signed before the removal was heard of, and sealed for nobody since."""
    room = world.room(chair="XB")
    second = world.enrol("XA")
    world.calm(4)
    removed(world, room)
    world["XA"].messages.send(room, "written, and never gone", for_the_record=True)
    second.messages.send(room, "nor this", for_the_record=True)
    rounds(world, world["XA"], second)
    assert record(second, room) == record(world["XA"], room)
    assert {"written, and never gone", "nor this"} <= set(bodies(second, room)) & set(bodies(world["XA"], room))
    world["XB"].rooms.add(room, world.id("XA"))  # should we come back, everybody gets it, once
    world.calm(12)
    for code in ("XB", "XG"):
        assert bodies(world[code], room).count("written, and never gone") == bodies(world[code], room).count("nor this") == 1


def test_an_old_copy_hands_nothing_over_that_it_had_said_otherwise(world: Posted) -> None:
    """What it signs in a place it had used would be a second history: our other laptop, which holds the first, is not given it,
    and gives the first back."""
    room = world.room(chair="XB")
    second = world.enrol("XA")
    world.calm(4)
    copy = copied(world, "XA")
    removed(world, room)
    world["XA"].messages.send(room, "the first life", for_the_record=True)
    rounds(world, world["XA"], second)
    assert "the first life" in bodies(second, room)
    desk = put_back(world, "XA", copy)
    desk.messages.send(room, "the second life", for_the_record=True)
    desk.messages.send(room, "and more of it", for_the_record=True)
    with second.context.read() as handle:
        raw, sig = handle.row("select raw, sig from op where room = ? and kind = 'room.remove'", (room,))
    enter(desk, raw, sig)
    world.post.lose_disk()
    with second.context.write() as tx:
        asks = second.exchange.repair.make(tx, room)
    with desk.context.write() as tx:
        desk.exchange.repair.take(tx, second.me().device, room, asks)
    given = [item.raw for _, _, items, _ in desk.exchange.repair.answers_alone() for item in items]
    assert not any(b"life" in one or b"more" in one for one in given)
    rounds(world, second, desk, many=20)
    assert "the first life" in bodies(desk, room) and record(second, room) == record(desk, room)
    with second.context.read() as handle:
        assert handle.value("select count(*) from suspended") == 0


def test_who_was_new_in_a_room_and_has_left_is_verified_by_our_other_laptop(world: Posted) -> None:
    """Seed 339: what a laptop had said that one of ours never met, and whose delegation is gone, so that no list names it."""
    room = world.room(chair="XB")
    second = world.enrol("XA")
    world.calm(4)
    late = joined_late(world, room)
    late.messages.send(room, "said by one who was new", for_the_record=True)
    world["XB"].rooms.remove(room, world.id("XG"))
    removed(world, room)
    rounds(world, world["XA"], second)
    world["XA"].contacts.import_card(world["XG"].contacts.own_card())
    world.accept_laptops()
    world["XA"].exchange.now()
    world.post.lose_disk()  # the introduction that the card sets off does not arrive
    with late.context.read() as handle:
        raw, sig = handle.row("select raw, sig from op where device = ? and kind = 'message.send'", (late.me().device,))
    enter(world["XA"], raw, sig)
    rounds(world, world["XA"], second)
    assert "said by one who was new" in bodies(second, room)


def test_our_laptops_see_the_same_laptops_in_a_room_that_is_over(world: Posted) -> None:
    """Seeds 360, 370 and 528: one met a laptop that joined late elsewhere. Whoever is in the room introduces it to neither."""
    room = world.room(chair="XB")
    second = world.enrol("XA")
    world.calm(4)
    removed(world, room)
    rounds(world, world["XA"], second)
    joined_late(world, room)
    world["XA"].contacts.import_card(world["XG"].contacts.own_card())
    world.accept_laptops()
    world["XA"].exchange.now()
    world.post.lose_disk()
    assert second.rooms.one(room).epoch != world["XA"].rooms.one(room).epoch
    rounds(world, world["XA"], second, pause=600_000)
    assert second.rooms.one(room).epoch == world["XA"].rooms.one(room).epoch


def joined_late(world: Posted, room: str) -> Desk:
    """A second laptop of XG, of which only XG hears."""
    late = world.enrol("XG")
    for _ in range(4):
        world.accept_laptops()
        rounds(world, world["XG"], late, many=1)
    assert late.rooms.one(room).members
    world.post.lose_disk()
    return late


def test_whoever_removed_us_and_forgot_it_hears_of_it_from_us(world: Posted) -> None:
    """Seed 481: an older copy of the vault in the chair, and nobody else was ever in the room."""
    room = world.room(chair="XB", members=("XA",))
    world["XA"].messages.send(room, "before", for_the_record=True)
    world.calm(4)
    copy = copied(world, "XB")
    removed(world, room)
    world.calm(4)
    assert world.id("XA") not in world["XA"].rooms.one(room).members
    chair = put_back(world, "XB", copy)
    world.post.lose_disk()
    assert world.id("XA") in chair.rooms.one(room).members
    world.calm(20)
    assert chair.rooms.one(room).members == (world.id("XB"),) and record(chair, room) == record(world["XA"], room)


def test_what_is_told_to_who_is_still_in_a_room_we_are_out_of(world: Posted) -> None:
    """What it lacks of the record, where it says that it lost something; nothing that only we signed and never sealed, nothing
    whose past we do not know but what it signed itself, and nothing to anybody whom sending is stopped to, or who is out as well."""
    room = world.room(chair="XB")
    world["XG"].messages.send(room, "heard", for_the_record=True)
    world.calm(4)
    world["XG"].messages.send(room, "not heard by XA", for_the_record=True)
    world["XG"].exchange.now()
    world["XB"].exchange.now()
    world.post.lose_disk()
    world["XG"].messages.send(room, "stands on what was not heard", for_the_record=True)
    world["XG"].exchange.now()
    removed(world, room)
    desk, chair = world["XA"], world["XB"]
    desk.messages.send(room, "never sealed", for_the_record=True)
    desk.exchange.now()
    with desk.context.read() as handle:
        waits = {row[0] for row in handle.rows(
            "select id from op where room = ? and klass = 0 and state = 0 and device != ?", (room, chair.me().device))}
        unsaid = {row[0] for row in handle.rows("select op from outbox where room = ? and klass = 0", (room,))}
        every = {row[0] for row in handle.rows("select id from op where room = ? and klass = 0", (room,))}
    assert waits and unsaid

    def told(asks: Desk, **said: object) -> set[str]:
        """The ids of what it is told."""
        repair = desk.exchange.repair
        repair.forget()
        with desk.context.write() as tx:
            tx.run("delete from repaired")
            desk.context.rosters.clear()
            repair.take(tx, asks.me().device, room, h.said(asks, room, **said))
            assert not repair.answers(room)[0]
            items = [item for _, _, some, _ in repair.answers_alone() for item in some]
            return {row[0] for item in items for row in tx.rows("select id from op where raw = ?", (item.raw,))}

    lost = told(chair, ask=True)
    assert lost == every - waits - unsaid and lost
    assert told(chair) == lost  # its own log is not there: it was an older copy's word, whether it knows it or not
    with desk.context.read() as handle:
        held, head = handle.row("select held, head from log where room = ? and klass = 0 and device = ?", (room, chair.me().device))
    assert told(chair, logs=(h.line(chair, RECORD, held, canonical.unb64u(head)),)) == set()
    desk.contacts.differs(world.id("XB"))
    assert told(chair, ask=True) == set()
    desk.contacts.decide(world.id("XB"), True)
    chair.rooms.remove(room, world.id("XG"))
    with chair.context.read() as handle:
        raw, sig = handle.row("select raw, sig from op where room = ? and kind = 'room.remove' order by n desc limit 1", (room,))
    enter(desk, raw, sig)
    assert told(world["XG"], ask=True) == set()
