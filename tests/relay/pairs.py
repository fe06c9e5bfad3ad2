"""Delegations of two laptops each, acquainted and with a drafting group of all, over a folder: what the tests of the relay
begin with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from tests.world import PASSPHRASE, Clock, World

from valise.desk.door_laptops import Admit, Terms
from valise.desk.gate import KEY_FILE

CODES = ("XA", "XB", "XG", "XH")
RIGHTS = ("observe", "speak", "amend", "pen", "commit")


def founded(base: Path, codes: Sequence[str] = CODES, *, clock: Clock | None = None) -> World:
    """A world whose desks are named XA, XA-2, XB, XB-2, ...; everybody knows everybody's both laptops."""
    world = World(base, tuple(codes), clock=clock)
    for code in codes:
        gate = world.gate(f"{code}-2")
        request = gate.ask_enrolment(officer=f"Second of {code}", role="Adviser", passphrase=bytearray(PASSPHRASE))
        first = world[code]
        first.laptops.open_key((world.base / code / KEY_FILE).read_bytes(), bytearray(PASSPHRASE))
        ask = Admit(request, Terms(f"Second of {code}", "Adviser", RIGHTS, 730, ()), first.laptops.asked(request).check_code)
        answer = first.laptops.perform([ask]).answers[0]
        desk = gate.finish_enrolment(answer, bytearray(PASSPHRASE))
        world.desks[f"{code}-2"] = desk
        desk.exchange.use_folder(world.share)
        desk.exchange.resend = 60_000
    for desk in world.desks.values():
        desk.settings.set("contacts.new_laptop", "tell")
    world.acquaint()  # with the cards that list both
    assert all(_knows_all(world, name, codes) for name in world.desks)
    return world


def _knows_all(world: World, name: str, codes: Sequence[str]) -> bool:
    with world[name].store.read() as handle:
        return bool(handle.value("select count(*) from device where revoked_at = 0", ()) == 2 * len(codes))


def group(world: World, codes: Sequence[str] = CODES, title: str = "Drafting group") -> str:
    """A room of all delegations, known on every laptop."""
    chair = codes[0]
    room = world[chair].rooms.create("group", title, [world.id(one) for one in codes[1:]])
    until(world, lambda: all(room in {one.id for one in desk.rooms.all()} for desk in world.desks.values()))
    return room


def until(world: World, done: Callable[[], bool], rounds: int = 80, pause: int = 70_000) -> None:
    """Rounds of everybody until it is so."""
    for _ in range(rounds):
        world.exchange(1, pause)
        if done():
            return
    raise AssertionError("it does not come to pass")


def quiet(world: World) -> bool:
    """Nothing waits for anybody, and nothing waits for a key."""
    stati = [desk.exchange.status() for desk in world.desks.values()]
    return not any(one.waiting or one.sealed_waiting for one in stati)
