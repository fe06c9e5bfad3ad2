"""Registers: what a delegation keeps to itself, of both sides, and what each says of its own State in a room with others."""

from __future__ import annotations

import random
from collections.abc import Iterable
from functools import partial
from typing import Any

from tests.registered import ROWS
from tests.sim.acts import NOTHING, act, anybody, rooms_of, saying, trying
from tests.sim.laptop import Laptop
from tests.sim.world import CANARY, Broken, World

from valise.desk.door_registers import Filter, Place
from valise.domain.errors import NotAllowed
from valise.domain.register.definition import Side
from valise.vault import registers

Acted = tuple[list[Laptop], str]
SHARED = "told"
QUIET = frozenset({"register looked at"})
TOML = f"""
id = "{SHARED}"
title = "What States tell each other"
rows = ["state", "item"]
shared = true
[[column]]
id = "status"
kind = "choice"
title = "Status"
choices = "status"
[[column]]
id = "statement"
kind = "long"
title = "Statement"
[[item]]
id = "a"
title = "First"
[[item]]
id = "b"
title = "Second"
"""


def states(world: World) -> list[str]:
    return sorted(world.identities)


def somewhere(world: World, laptop: Laptop, rng: random.Random) -> Place | None:
    """A row of the norms on either side, or the laptop's own row of the shared register in a room."""
    item, chance = rng.choice("ab"), rng.random()
    if chance < 0.7:
        side: Side = "assessed" if chance < 0.25 else "stated"
        return Place("norms", f"{rng.choice(states(world))}/{item}", side)
    rooms = rooms_of(laptop)
    if not rooms or not defined(laptop):
        return None
    return Place(SHARED, f"{laptop.code}/{item}", "stated", rng.choice(rooms))


# a laptop without the right to commit, a withdrawn one, an older copy: the rules forbid it to write, whatever it is
STOPPED = ("rights.missing", "device.revoked", "copy.old", "op.own_history")


def defined(laptop: Laptop) -> bool:
    """Whether its delegation has the shared register, which a laptop with the right to makes where it is missing."""
    desk = laptop.desk.registers
    try:
        desk.definition(SHARED)
    except NotAllowed:
        try:
            desk.define(TOML)
        except NotAllowed as error:
            if error.code not in STOPPED:
                raise
            return False
    return True


def written(world: World, laptop: Laptop, rng: random.Random) -> list[Place]:
    """Rows somebody wrote in, of those this laptop may write: its own record, and its own State in rooms it is in. Words may
    come before the definition of their register, which the delegation's other laptop made: nobody is shown them until then."""
    rooms, known = set(rooms_of(laptop)), {one.id for one in laptop.desk.registers.definitions()}
    rows = laptop.rows(
        "select register, key, side, room from register_row join register_space on register_space.id = space"
        " order by register, side, room, key")
    return [Place(register, key, side, room) for register, key, side, room in rows
            if register in known and (not room or (room in rooms and key.split("/")[0] == laptop.code))]


def values(place: Place, laptop: Laptop, rng: random.Random, step: int) -> dict[str, list[str]]:
    choices = laptop.desk.registers.definition(place.register).column("status").choices  # type: ignore[union-attr]
    made: dict[str, list[str]] = {}
    if rng.random() < 0.7:
        made["status"] = [rng.choice(choices).id]
        if place.register == "norms":
            made["date"] = [f"2026-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}"]
    if not made or rng.random() < 0.5:
        words = saying(rng, f"w{step}")
        made["statement"] = [f"{CANARY}{laptop.code.lower()}{step} {words}" if place.side == "assessed" else words]
    return made


@act("register", 5)
def register(world: World, rng: random.Random) -> Acted:
    laptop = anybody(world, rng)
    place = somewhere(world, laptop, rng)
    if place is None:
        return NOTHING
    told = values(place, laptop, rng, world.step)
    note = saying(rng, "") if rng.random() < 0.2 and place.side == "stated" else ""
    return trying(laptop, f"writes {sorted(told)} in {name(place)}", lambda: laptop.desk.registers.set(place, told, note=note))


@act("register settled", 1)
def settled(world: World, rng: random.Random) -> Acted:
    """A person sees that two values stand, and chooses one."""
    laptop = anybody(world, rng)
    desk = laptop.desk.registers
    for place in written(world, laptop, rng):
        row = desk.row(place)
        field = next((one for one, cell in sorted(row.cells.items()) if cell.differs), "")
        if field and not row.gone:
            told = {field: rng.choice(row.cells[field].said).values}
            return trying(laptop, f"settles {field} of {name(place)}", partial(desk.set, row.place, told))
    return NOTHING


@act("register undone", 1)
def undone(world: World, rng: random.Random) -> Acted:
    laptop = anybody(world, rng)
    every = written(world, laptop, rng)
    if not every:
        return NOTHING
    place = rng.choice(every)
    events = laptop.desk.registers.history(place)
    if not events:
        return NOTHING
    op = rng.choice(events).op
    return trying(laptop, f"undoes {op[:6]} of {name(place)}", lambda: laptop.desk.registers.undo(op))


@act("register out", 0.8)
def out(world: World, rng: random.Random) -> Acted:
    laptop = anybody(world, rng)
    every = written(world, laptop, rng)
    if not every:
        return NOTHING
    place, desk = rng.choice(every), laptop.desk.registers
    if desk.row(place).gone:
        return trying(laptop, f"puts {name(place)} back", lambda: desk.put_back(place))
    return trying(laptop, f"takes {name(place)} out", lambda: desk.take_out(place))


@act("register looked at", 0.5)
def looked_at(world: World, rng: random.Random) -> Acted:
    """Every list, page and matrix a window would ask for."""
    laptop = anybody(world, rng)
    desk, seen = laptop.desk.registers, 0
    for side in ("stated", "assessed"):
        ids = desk.ids("norms", side, filter=Filter(differs=rng.random() < 0.2), sort=rng.choice(("", "-date", "status")))
        seen += len(desk.page(ids[:64]))
        desk.matrix("norms", side, "status")
    for place in written(world, laptop, rng):
        seen += len(desk.history(place))
    return [laptop], f"{laptop.name} looks at {seen} rows"


def name(place: Place) -> str:
    return f"{place.register}/{place.side}/{place.room[:6]}/{place.row}"


# -- what must hold


def rows_in(laptop: Laptop, room: str) -> list[list[Any]]:
    """Everything kept of the rows of one room, "" for the delegation's own record."""
    return [sorted((row for row in laptop.rows(sql) if str(row[0]).split("/")[2] == room), key=repr) for sql in ROWS[:4]]


def same_rows(room: str, kind: str, here: Iterable[Laptop]) -> None:
    """Whoever is in a room has the same rows of it; the laptops of a delegation the same record of their own."""
    seen = {one.name: rows_in(one, "" if kind == "internal" else room) for one in here}
    if len({str(rows) for rows in seen.values()}) > 1:
        raise Broken(f"rows of {room[:6]} differ: {sorted(seen)}")


def findable(laptop: Laptop) -> list[tuple[tuple[str, str], str]]:
    """What of rows the search must find, by a scan over what stands."""
    import json

    rows = laptop.rows("select register, side, register_space.room, key, cells from register_row"
                       " join register_space on register_space.id = space where gone = 0")
    return [(("register", registers.ref(*row[:4])), registers.words_of(json.loads(row[4]))) for row in rows]
