"""Laptops that are left with nobody to ask: each of these was found by the simulation with several ways."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.hostile import tools as h
from tests.world import PASSPHRASE, World

from valise.desk.desk import Desk
from valise.vault import pages, parcels
from valise.vault.store import DATABASE


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.close()


def count(desk: Desk, sql: str) -> int:
    with desk.context.read() as handle:
        return int(handle.value(sql))


def test_who_left_a_room_still_gives_the_keys_of_what_it_said_there(world: World) -> None:
    """Whoever lacks the key of the farewell can ask nobody else; who joined later, or was stopped, is given none."""
    room = world.room(chair="XB", members=("XG",))
    world["XG"].messages.send(room, "before", for_the_record=True)
    world["XG"].rooms.remove(room, world.id("XG"))
    world["XG"].exchange.now()
    asks = world["XB"].me().device
    desk = world["XG"]
    with desk.context.write() as tx:
        tag = tx.value("select tag from parcel where room = ?", (room,))
        wants = h.said(world["XB"], room, tags=(tag,))
        for stopped, given in ((True, 0), (False, 1)):
            tx.run("update delegation set stopped = ? where id = ?", ("changed" if stopped else "", world.id("XB")))
            tx.run("delete from key_out")
            desk.context.rosters.clear()
            desk.exchange.repair.take(tx, asks, room, wants)
            assert tx.value("select count(*) from key_out where tag = ? and device = ?", (tag, asks)) == given


def test_an_old_copy_that_knows_nothing_of_the_only_room_it_shares(world: World) -> None:
    """XB's vault becomes what it was before XA founded the room: XA, which nobody answers any more, introduces it again."""
    world["XB"].close()
    copy = world.base / "careful"
    shutil.copyfile(world.base / "XB" / DATABASE, copy)
    world.desks["XB"] = world.gate("XB").unlock(bytearray(PASSPHRASE))
    room = world["XA"].rooms.create("bilateral", "", [world.id("XB")])
    world["XA"].messages.send(room, "first", for_the_record=True)
    world.exchange(4, 61_000)
    world["XB"].close()
    for file in world.share.rglob("*"):
        if file.is_file():
            file.unlink()
    shutil.copyfile(copy, world.base / "XB" / DATABASE)
    (world.base / "XB" / pages.SEAL).unlink(missing_ok=True)
    desk = world.desks["XB"] = world.gate("XB").unlock(bytearray(PASSPHRASE))
    assert room not in [one.id for one in desk.rooms.all()]
    world["XA"].messages.send(room, "second", for_the_record=True)
    world.exchange(60, 1_200_000)
    assert {one.body for thread in desk.messages.threads(room) for one in desk.messages.page(room, thread.id, 0, 9)} == {
        "first", "second"}  # fmt: skip
    assert not count(world["XA"], "select count(*) from parcel")


def test_knocking_at_one_door_keeps_nobody_else_waiting(world: World) -> None:
    """What is put over and over for somebody out of reach falls due for the others when it would have."""
    world.room()
    now, resend = 10_000_000, 60_000
    desk = world["XA"]
    with desk.context.write() as tx:
        tx.run(
            "insert into parcel(id, room, klass, first, last, tag, blob, made_at, put_at, due_at, tries)"
            " values (x'01', 'r', 0, 1, 1, x'02', x'03', ?, ?, ?, 3)",
            (now, now, now + 4 * resend),
        )
        for after in (resend, 2 * resend, 3 * resend):
            parcels.put_again(tx, "parcel", [b"\x01"], now + after, resend)
            assert tx.value("select due_at from parcel where id = x'01'") == now + 4 * resend
        parcels.put_again(tx, "parcel", [b"\x01"], now + 9 * resend, resend)
        assert tx.value("select due_at from parcel where id = x'01'") == now + 9 * resend
