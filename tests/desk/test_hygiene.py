"""The hygiene page's points on real vaults: each fails for its reason, and passes once it is mended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.desk import relays_hands as kits
from tests.world import FAST, PASSPHRASE, World

from valise.desk import hygiene
from valise.desk.desk import Desk
from valise.desk.door_hygiene import POINTS, Checked
from valise.vault.slots import Kdf

DAY = hygiene.DAY


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, ("XA", "XB"))
    yield made
    made.close()


@pytest.fixture
def desk(world: World) -> Desk:
    return world["XA"]


def point(desk: Desk, name: str) -> Checked:
    return next(one for one in desk.hygiene.state() if one.point == name)


def test_every_point_in_order_with_a_place_to_go(desk: Desk) -> None:
    state = desk.hygiene.state()
    assert [one.point for one in state] == [name for name in POINTS if name != "relay"]  # there is none
    assert all(one.screen for one in state)
    assert {one.point: one.doubt for one in state} == {
        "lock": "", "passphrase": "", "recovery": "never", "backup": "never", "contacts": "some", "scrub": "never", "version": "",
        "laptops": "one", "key": "beside",
    }  # fmt: skip


def test_lock(desk: Desk) -> None:
    desk.settings.set("lock.idle_minutes", 30)
    assert (point(desk, "lock").doubt, point(desk, "lock").number) == ("late", 30)
    desk.settings.set("lock.idle_minutes", 10)
    assert point(desk, "lock").passes


def test_passphrase(desk: Desk, world: World) -> None:
    world.clock.advance((hygiene.PASSPHRASE_DAYS + 1) * DAY)
    assert point(desk, "passphrase").doubt == "old"
    desk.slots.change_passphrase(bytearray(PASSPHRASE), bytearray(b"another long phrase for tests"))
    assert point(desk, "passphrase").passes
    desk.hygiene._floor = Kdf()  # what the house asks for outside of tests
    assert point(desk, "passphrase").doubt == "weak"
    assert FAST.ops < Kdf().floor_ops


def test_recovery(desk: Desk, world: World) -> None:
    shares = desk.slots.make_shares(bytearray(PASSPHRASE), 2, 3)
    assert point(desk, "recovery").doubt == "untried"
    desk.slots.rehearse(shares[:2])
    assert point(desk, "recovery").passes
    world.clock.advance((hygiene.REHEARSAL_DAYS + 1) * DAY)
    assert point(desk, "recovery").doubt == "late"


def test_backup(desk: Desk, world: World, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    desk.backups.make(stick, bytearray(PASSPHRASE))
    assert point(desk, "backup").passes
    world.clock.advance((hygiene.BACKUP_DAYS + 1) * DAY)
    assert point(desk, "backup").passes  # nothing came since
    room = desk.rooms.create("bilateral", "", [world.id("XB")])
    desk.messages.send(room, "news")
    assert point(desk, "backup").doubt == "late"


def test_contacts(desk: Desk, world: World) -> None:
    assert (point(desk, "contacts").number, point(desk, "contacts").ref) == (1, world.id("XB"))
    desk.contacts.verified(world.id("XB"))
    assert point(desk, "contacts").passes


def test_scrub(desk: Desk, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.copies.check_now()
    assert point(desk, "scrub").passes
    wrong = replace(desk.copies.state(), problems=("pages",))
    with monkeypatch.context() as told:
        told.setattr(desk.copies, "state", lambda: wrong)
        assert point(desk, "scrub").doubt == "wrong"
    world.clock.advance((hygiene.SCRUB_DAYS + 1) * DAY)
    assert point(desk, "scrub").doubt == "late"


def test_version(desk: Desk, world: World) -> None:
    assert point(desk, "version").text == hygiene.VERSION
    world.clock.advance((hygiene.VERSION_DAYS + 20) * DAY)
    assert point(desk, "version").doubt == "old"


def test_the_version_is_that_of_the_program() -> None:
    import tomllib

    from valise.cli import VERSION

    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    assert hygiene.VERSION == VERSION == project["version"]


def test_relay(desk: Desk, world: World) -> None:
    operator = kits.Operator("XA")
    desk.relays.join(operator.kit(world.clock.now(), expires=world.clock.now() + 20 * DAY))
    assert point(desk, "relay").passes
    world.clock.advance(10 * DAY)
    assert point(desk, "relay").doubt == "ending"
    world.clock.advance(11 * DAY)
    assert point(desk, "relay").doubt == "ended"


def test_the_key_file(desk: Desk) -> None:
    copy = desk.laptops.key_file()
    desk.laptops.remove_key_file(copy)
    assert point(desk, "key").passes
