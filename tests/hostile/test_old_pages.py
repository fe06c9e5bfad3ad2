"""One old page of the database put back: the engine authenticates each page alone and sees nothing; the vault does."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.world import PASSPHRASE, World

from valise.domain.errors import Damaged
from valise.vault import generation, pages
from valise.vault.store import DATABASE


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, ("XA", "XB"))
    yield made
    made.close()


def unlocked(world: World) -> str:
    """How the vault takes its database as it lies there: what it noticed, or ""."""
    try:
        desk = world.gate("XA").unlock(bytearray(PASSPHRASE))
    except Damaged as error:
        return error.code
    try:
        with desk.context.read() as handle:
            old = generation.old(handle)
            return old.cause if old else ""
    finally:
        desk.store.abandon()


def test_every_old_page_put_back_is_noticed(world: World) -> None:
    """One page after the other, each by its older version: op, log, ratchets and all; not one is missed."""
    room = world.room("bilateral")
    world["XA"].messages.send(room, "before", for_the_record=True)
    world.exchange()
    world["XA"].close()
    folder = world.base / "XA"
    before = (folder / DATABASE).read_bytes()
    desk = world.gate("XA").unlock(bytearray(PASSPHRASE))
    world.desks["XA"] = desk
    for n in range(4):
        desk.messages.send(room, f"after {n}", for_the_record=n % 2 == 0)
        world.exchange(2, 30_000)
    desk.close()
    now = (folder / DATABASE).read_bytes()
    kept = world.base / "kept"
    shutil.copytree(folder, kept)
    changed = [
        n for n in range(len(before) // pages.PAGE)
        if before[n * pages.PAGE : (n + 1) * pages.PAGE] != now[n * pages.PAGE : (n + 1) * pages.PAGE]
    ]
    assert len(changed) > 20
    noticed = {}
    for n in changed:
        shutil.rmtree(folder)
        shutil.copytree(kept, folder)
        mixed = bytearray(now)
        mixed[n * pages.PAGE : (n + 1) * pages.PAGE] = before[n * pages.PAGE : (n + 1) * pages.PAGE]
        (folder / DATABASE).write_bytes(mixed)
        noticed[n + 1] = unlocked(world)
    assert {page: how for page, how in noticed.items() if how not in ("pages", "seal", "vault.damaged")} == {}
    assert "pages" in noticed.values()
    shutil.rmtree(folder)
    shutil.copytree(kept, folder)
    assert unlocked(world) == ""  # and what was left alone is not suspected


def test_the_whole_file_put_back_without_its_seal_is_noticed(world: World) -> None:
    world["XA"].close()
    folder = world.base / "XA"
    before = (folder / DATABASE).read_bytes()
    desk = world.gate("XA").unlock(bytearray(PASSPHRASE))
    desk.settings.set("exchange.interval_seconds", 60)
    desk.close()
    (folder / DATABASE).write_bytes(before)
    assert unlocked(world) == "seal"


def test_a_seal_of_another_vault_says_nothing(world: World) -> None:
    for code in ("XA", "XB"):
        world[code].close()
    shutil.copyfile(world.base / "XB" / pages.SEAL, world.base / "XA" / pages.SEAL)
    assert unlocked(world) == ""
