"""Two moments at which a crash loses or doubles messages in systems that keep ratchet and message apart."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.world import PASSPHRASE, World

from valise.carriers.abc import Parcel


class Crash(BaseException):
    """The process ends here; nothing may swallow it."""


def after_crash(world: World, code: str) -> None:
    world.desks[code].store.abandon()
    world.desks[code] = world.gate(code).unlock(bytearray(PASSPHRASE))


def bodies(world: World, code: str, room: str) -> list[str]:
    with world[code].store.read() as handle:
        return [row[0] for row in handle.rows("select body from message where room = ? order by at, tick", (room,))]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, ("XA", "XB"))


def test_crash_between_sealing_and_sending(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is put again after the crash is the very envelope that may already have left: the ratchet was kept with it, so no
    key is used for two texts."""
    room = world.room("bilateral", members=("XB",))
    world["XA"].messages.send(room, "before")
    left: list[Parcel] = []
    carrier = world["XA"].exchange.carriage.lines["folder"].carrier
    assert carrier is not None

    def put(parcels: Sequence[Parcel]) -> list[object]:
        left.extend(parcels)
        raise Crash

    monkeypatch.setattr(carrier, "put", put)
    with pytest.raises(Crash):
        world["XA"].exchange.now()
    assert left
    after_crash(world, "XA")
    with world["XA"].store.read() as handle:
        sealed = {row[0] for row in handle.rows("select blob from parcel")} & {one.blob for one in left}
    assert sealed, "what left was not kept before it left"
    world["XA"].messages.send(room, "after")
    again: list[Parcel] = []
    carrier = world["XA"].exchange.carriage.lines["folder"].carrier
    assert carrier is not None
    really = carrier.put
    monkeypatch.setattr(carrier, "put", lambda parcels: (again.extend(parcels), really(parcels))[1])
    world.exchange(rounds=6, pause=61_000)
    assert sealed <= {one.blob for one in again}, "what was sealed before the crash was sealed anew"
    assert bodies(world, "XB", room) == ["before", "after"]
    world.exchange(rounds=4, pause=61_000)
    assert world["XB"].exchange.status().sealed_waiting == 0


@pytest.mark.parametrize("moment", ["begin", "statement", "commit.before", "commit.after"])
def test_crash_between_receiving_and_storing(world: World, moment: str) -> None:
    """Ratchet, text, index and replay row are one transaction: what was not stored is opened again, what was is not doubled."""
    room = world.room("bilateral", members=("XB",))
    for n in range(3):
        world["XA"].messages.send(room, f"word {n}")
    world["XA"].exchange.now()
    store = world["XB"].store
    passed = [0]

    def fault(name: str) -> None:
        if name == moment and store.in_transaction:
            passed[0] += 1
            if passed[0] == (40 if moment == "statement" else 1):
                raise Crash

    store._fault = fault
    with pytest.raises(Crash):
        for _ in range(6):
            world["XB"].exchange.now()
            world.clock.advance(61_000)
    after_crash(world, "XB")
    world.exchange(rounds=8, pause=61_000)
    assert bodies(world, "XB", room) == ["word 0", "word 1", "word 2"]
    for n in range(3):
        assert [hit.kind for hit in world["XB"].search(f"word {n}")] == ["message"]
    assert world["XB"].exchange.status().sealed_waiting == 0
    assert world["XA"].exchange.status().waiting == 0
