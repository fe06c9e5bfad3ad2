"""Old copies put back: the laptop's file becomes what it was some time ago, with or without a keyring that remembers.

What must come of it: every operation of the record that anybody had taken in is there again, nobody who went on honestly is
suspended, and all agree. What no other laptop had taken in when the old copy came cannot be known to anybody: such an act is
not drawn (docs/decisions/034). The post shows an old copy everything since again; a relay and a stick do not, and so a copy of
which nobody reminds it could sign before it hears of itself: where there are several ways the keyring remembers.
"""

from __future__ import annotations

import random
import shutil

from tests.sim.acts import NOTHING, act
from tests.sim.identities import KEY
from tests.sim.laptop import Laptop
from tests.sim.world import World

from valise.vault import pages
from valise.vault.store import DATABASE, Store

QUIET = frozenset({"copy", "keyring"})


def eligible(world: World) -> list[Laptop]:
    return [one for one in world.honest() if one.name == one.code]


@act("copy", 0.8)
def copy(world: World, rng: random.Random) -> tuple[list[Laptop], str]:
    """Somebody careful copies a closed vault, to be put back one day."""
    laptop = rng.choice(eligible(world)) if eligible(world) else None
    if laptop is None:
        return NOTHING
    laptop.desk.close()
    shutil.copyfile(laptop.folder / DATABASE, laptop.folder / "kept")
    laptop.kept = {row[0] for row in _ids(laptop)}
    laptop.kept_laptops = sum(one.code == laptop.code for one in world.all())
    laptop.open()
    return [laptop], f"{laptop.name} is copied to a stick"


def _ids(laptop: Laptop) -> list[tuple[str]]:
    store = Store.open(laptop.folder, KEY)
    try:
        with store.read() as handle:
            return list(handle.rows("select id from op where device = ?", (laptop.device,)))
    finally:
        store.abandon()


def knowable(world: World, laptop: Laptop) -> bool:
    """Whether everything of the record this laptop said since its copy is with every other honest member's laptop, and no
    laptop joined its delegation since: where its card is with nobody else, it has to be handed over again by hand."""
    if laptop.kept_laptops != sum(one.code == laptop.code for one in world.all()):
        return False
    for room, name in laptop.rows(
        "select room, id from op where device = ? and klass = 0 and room in (select room from room_member where"
        " delegation != ?)", (laptop.device, laptop.delegation)
    ):
        if name in laptop.kept:
            continue
        members = {row[0] for row in laptop.rows("select delegation from room_member where room = ?", (room,))}
        if laptop.delegation not in members:
            return False
        others = [one for one in world.honest() if one.delegation in members and one is not laptop]
        if not others or not all(one.rows("select 1 from op where id = ?", (name,)) for one in others):
            return False
    return not torn(world, laptop)


def torn(world: World, laptop: Laptop) -> bool:
    """Whether somebody who is out of a room holds more of what this laptop said there than anybody holds before it: who is
    removed hears of his removal, and not of what still waited. Then its record there could not go on (seed 1425)."""
    unheld: set[str] = set()  # rooms
    for room, name in laptop.rows("select room, id from op where device = ? and klass = 0 order by room, seq", (laptop.device,)):
        held = name in laptop.kept or any(
            one is not laptop and one.rows("select 1 from op where id = ?", (name,)) for one in world.all())
        if held and room in unheld:
            return True
        if not held:
            unheld.add(room)
    return False


@act("put back", 1.2)
def put_back(world: World, rng: random.Random) -> tuple[list[Laptop], str]:
    """The copy takes the place of the vault; the keyring may have forgotten."""
    found = [one for one in eligible(world) if (one.folder / "kept").exists() and knowable(world, one)]
    if world.crooked or not found:
        return NOTHING
    laptop = rng.choice(found)
    laptop.keyring.gone = rng.random() < 0.5 and not world.ways.several
    laptop.store.abandon()
    for end in ("-wal", "-shm"):
        (laptop.folder / f"{DATABASE}{end}").unlink(missing_ok=True)
    shutil.copyfile(laptop.folder / "kept", laptop.folder / DATABASE)
    (laptop.folder / "kept").unlink()
    (laptop.folder / pages.SEAL).unlink(missing_ok=True)
    world.put_back(laptop)
    laptop.open()
    world.opened_again(laptop)
    how = "nobody remembers" if laptop.keyring.gone else "the keyring remembers"
    return [laptop], f"{laptop.name} is an old copy again: {how}"


def by_post_alone(world: World) -> bool:
    return not world.ways.several


@act("keyring", 0.5, by_post_alone)
def keyring(world: World, rng: random.Random) -> tuple[list[Laptop], str]:
    """The keyring of a laptop comes or goes, and the laptop starts again."""
    laptop = rng.choice(eligible(world)) if eligible(world) else None
    if laptop is None:
        return NOTHING
    laptop.keyring.gone = not laptop.keyring.gone
    laptop.restart()
    return [laptop], f"the keyring of {laptop.name} is {'gone' if laptop.keyring.gone else 'there'}"
