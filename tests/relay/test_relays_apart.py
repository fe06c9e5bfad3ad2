"""Each delegation on a relay of its own, as they will be; and what waits in quantity."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.relay import joined
from tests.relay.generated import Generated, generated
from tests.world import World


@pytest.fixture
def ours(tmp_path: Path) -> Iterator[Generated]:
    with generated(tmp_path / "ours", {"XA": 1}) as relay:
        yield relay


@pytest.fixture
def theirs(tmp_path: Path) -> Iterator[Generated]:
    with generated(tmp_path / "theirs", {"XB": 1}) as relay:
        yield relay


@pytest.fixture
def world(tmp_path: Path, ours: Generated, theirs: Generated) -> Iterator[World]:
    made = joined.founded(tmp_path / "world", ("XA", "XB"))
    made.room()
    joined.join_kits(made, {**ours.kits, **theirs.kits})
    yield made
    made.close()


def room_of(world: World) -> str:
    return next(one.id for one in world["XA"].rooms.all() if one.kind == "group")


def test_while_our_own_relay_is_down_what_we_say_reaches_theirs(world: World, ours: Generated) -> None:
    room = room_of(world)
    world["XA"].messages.send(room, "before", for_the_record=True)
    joined.wait(world, lambda: joined.same(world, room) and joined.acknowledged(world), pause=20_000)
    ours.nodes[0].stop()
    joined.wait(world, lambda: bool(world["XA"].exchange.status().problem))
    world["XA"].messages.send(room, "while ours is down", for_the_record=True)
    joined.wait(world, lambda: "while ours is down" in joined.bodies(world, "XB", room), pause=20_000)
    assert world["XA"].exchange.status().waiting, "their acknowledgement cannot reach us"
    ours.nodes[0].start()
    joined.wait(world, lambda: joined.acknowledged(world), seconds=150, pause=20_000)


def test_much_that_is_large_and_waits_is_read_in_one_go(world: World) -> None:
    """A server gathers what waits for a laptop into frames of megabytes."""
    room = room_of(world)
    files = [bytes([at]) * 1_500_000 for at in range(4)]
    world.desks.pop("XB").close()
    for at, data in enumerate(files):
        held = world["XA"].messages.attach(room, f"annex {at}", data)
        world["XA"].messages.send(room, f"with annex {at}", attachments=[held.id], for_the_record=True)
    for _ in range(12):
        world["XA"].exchange.now()
    desk = world.gate("XB").unlock(bytearray(b"correct horse for tests"))
    world.desks["XB"] = desk
    joined.wait(world, lambda: len(joined.bodies(world, "XB", room)) == len(files), pause=20_000)

    def here() -> bool:
        with desk.store.read() as handle:
            return bool(handle.value("select count(*) from attachment where have = chunks", ()) == len(files))

    joined.wait(world, here, seconds=150, pause=20_000)
    assert not desk.exchange.status().problem
