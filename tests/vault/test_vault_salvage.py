"""A damaged vault gives up what verifies, its last good copy the rest; nothing is erased."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.world import PASSPHRASE, World

from valise.desk.desk import Desk
from valise.domain.errors import Damaged
from valise.vault import checks, generation, good, pages
from valise.vault import connection as cx
from valise.vault.store import DATABASE


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, ("XA", "XB"))
    yield made
    made.close()


def bodies(desk: Desk, room: str) -> set[str]:
    return {one.body for thread in desk.messages.threads(room) for one in desk.messages.page(room, thread.id, 0, 500)}


def unlock(world: World) -> Desk:
    world.desks["XA"] = world.gate("XA").unlock(bytearray(PASSPHRASE))
    return world.desks["XA"]


def spoil(database: Path, *numbers: int) -> None:
    data = bytearray(database.read_bytes())
    for number in numbers:
        data[(number - 1) * pages.PAGE + 999] ^= 0x40
    database.write_bytes(data)


def pages_of_op(world: World, key: str) -> list[int]:
    """Pages without which the table of operations cannot be read to its end."""
    found = []
    database = world.base / "XA" / DATABASE
    scratch = world.base / "scratch.db"
    for number in range(2, database.stat().st_size // pages.PAGE + 1):
        shutil.copyfile(database, scratch)
        spoil(scratch, number)
        try:
            connection = cx.connect(scratch, key)
        except Damaged:
            continue
        try:
            connection.execute("select max(length(raw)) from op not indexed").fetchone()
        except cx.EngineError:
            found.append(number)
        finally:
            connection.close()
    return found


def filled(world: World) -> str:
    room = world.room("bilateral")
    for n in range(60):
        world["XA"].messages.send(room, f"message {n} " + "word " * 60, for_the_record=True)
    world.exchange()
    return room


def test_what_verifies_is_kept_and_the_rest_comes_back_from_the_others(world: World) -> None:
    room = filled(world)
    said = bodies(world["XA"], room)
    key = world["XA"].store._key
    world["XA"].close()
    folder = world.base / "XA"
    whole = (folder / DATABASE).read_bytes()
    leaves = pages_of_op(world, key)[2:]  # the first hold the schema or the way to all the others
    assert len(leaves) > 9
    spoil(folder / DATABASE, *leaves[::4])
    (folder / pages.SEAL).unlink()
    report = world.gate("XA").salvage(bytearray(PASSPHRASE))
    assert {table for table, _, lost in report if lost} == {"op"}
    assert next(kept for table, kept, _ in report if table == "op") > 20
    assert (folder / f"{DATABASE}.damaged-1").exists() and len(whole) == len((folder / f"{DATABASE}.damaged-1").read_bytes())
    desk = unlock(world)
    with desk.context.read() as handle:
        old = generation.old(handle)
    assert old is not None and old.cause == "salvage"
    assert checks.integrity(desk.store, world.clock.now()).sound
    world.exchange(12, 30_000)
    assert bodies(desk, room) == said
    desk.messages.send(room, "and on", for_the_record=True)
    world.exchange(4, 30_000)
    assert "and on" in bodies(world["XB"], room)


def test_the_last_good_copy_fills_what_the_damaged_file_lost(world: World) -> None:
    room = filled(world)
    desk = world["XA"]
    assert good.keep(desk.store) and good.kept_at(desk.store) > 0
    desk.settings.set("exchange.interval_seconds", 60)
    desk.close()
    folder = world.base / "XA"
    spoil(folder / DATABASE, 1)  # nothing of it opens any more
    with pytest.raises(Damaged):
        unlock(world)
    report = world.gate("XA").salvage(bytearray(PASSPHRASE))
    assert not any(lost for _, _, lost in report)
    desk = unlock(world)
    assert len(bodies(desk, room)) == 60
    assert [hit.kind for hit in desk.search("message")] and desk.search("Borovia")


def test_without_a_copy_and_without_a_first_page_nothing_is_touched(world: World) -> None:
    world["XA"].close()
    folder = world.base / "XA"
    spoil(folder / DATABASE, 1)
    before = {one.name: one.read_bytes() for one in folder.iterdir() if one.is_file() and not one.name.endswith("-shm")}
    with pytest.raises(Damaged):
        world.gate("XA").salvage(bytearray(PASSPHRASE))
    after = {one.name: one.read_bytes() for one in folder.iterdir() if one.is_file() and not one.name.endswith("-shm")}
    assert after == before


def test_a_copy_is_only_kept_when_every_page_verifies(world: World) -> None:
    desk = world["XA"]
    assert good.keep(desk.store)
    before = (world.base / "XA" / good.GOOD).read_bytes()
    desk.store.checkpoint()
    spoil(world.base / "XA" / DATABASE, good.count(desk.store))
    with pytest.raises(Damaged):
        good.keep(desk.store)
    assert (world.base / "XA" / good.GOOD).read_bytes() == before
    desk.store.abandon()


def test_a_copy_is_of_one_moment_whatever_is_written_meanwhile(world: World) -> None:
    desk = world["XA"]
    with desk.store.still() as stop:
        assert stop is not None and not stop()
        before = (world.base / "XA" / DATABASE).read_bytes()
        for n in range(40):
            desk.settings.set("exchange.interval_seconds", 60 + n)
        assert not desk.store.checkpoint()
        assert (world.base / "XA" / DATABASE).read_bytes() == before
        with desk.store.still() as second:
            assert second is None
    assert desk.store.checkpoint()
