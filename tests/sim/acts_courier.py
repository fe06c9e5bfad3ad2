"""What happens to sticks: written, carried for days, lost, copied, spoilt, given twice, out of order and to the wrong ones."""

from __future__ import annotations

import random

from tests.sim.acts import act, anybody
from tests.sim.acts_ways import Acted, several
from tests.sim.laptop import Crash, Laptop
from tests.sim.sticks import Stick
from tests.sim.world import World

from valise.domain.errors import NotAllowed

QUIET = frozenset({"stick lost", "stick copied"})


def needed(world: World) -> bool:
    """Somebody is reached by a stick alone."""
    codes = list(world.identities)
    return several(world) and any(not world.ways.line(one, other) for one in codes for other in codes if one != other)


def spare(world: World) -> bool:
    return several(world) and not needed(world)


def lying_about(world: World) -> bool:
    return bool(world.sticks.all)


def by_courier(world: World, laptop: Laptop) -> dict[str, str]:
    """Delegations (code -> id) in a room with this laptop, or that have still to hear why it left, and that only a stick
    reaches from it."""
    there = {one.code for one in world.all() if one is not laptop}
    rooms = "select room from room_member where delegation = ? union select room from outbox union select room from parcel"
    shared = {row[0] for row in laptop.rows(f"select delegation from room_member where room in ({rooms})", (laptop.delegation,))}
    return {
        code: name for code, name in world.codes().items()
        if code in there and name in shared and not world.ways.line(laptop.code, code)}


def drawn(world: World, laptop: Laptop, rng: random.Random) -> dict[str, str]:
    """Whom a bundle is made for: mostly those who need one, at times others, or one alone."""
    whom = by_courier(world, laptop)
    if not whom or rng.random() < 0.2:
        codes = sorted(world.codes())
        some = rng.sample(codes, rng.randrange(1, len(codes) + 1))
        whom = {code: world.codes()[code] for code in some}
    elif len(whom) > 1 and rng.random() < 0.3:
        code = rng.choice(sorted(whom))
        whom = {code: whom[code]}
    return whom


def hand_over(world: World, stick: Stick, laptop: Laptop) -> str:
    """What became of it, in one line."""
    found = world.sticks.read(stick, laptop)
    problem = f" {found.problem}" if found.problem else ""
    return (
        f"{laptop.name} is given {stick.words()}: {found.kind}{problem}, {found.taken} of {found.envelopes},"
        f" {found.operations} new, {len(found.missing)} missing")


@act("stick written", 11, needed)
@act("stick written", 2, spare)
def stick_written(world: World, rng: random.Random) -> Acted:
    needy = [one for one in world.all() if by_courier(world, one)]
    laptop = rng.choice(needy) if needy and rng.random() < 0.9 else anybody(world, rng)
    whom = drawn(world, laptop, rng)
    made = world.sticks.write(laptop, whom)
    return [laptop], f"{laptop.name} writes for {' '.join(sorted(whom))}: {made}" if isinstance(made, str) else (
        f"{laptop.name} writes {made.words()}")


@act("stick given", 14, lying_about)
def stick_given(world: World, rng: random.Random) -> Acted:
    """Any stick that lies about: new or days old, read already or not, to whom it is for or to somebody else."""
    fresh = [one for one in world.sticks.all if not one.read_by]
    stick = rng.choice(fresh if fresh and rng.random() < 0.7 else world.sticks.all)
    meant = [one for one in world.all() if one.code in stick.to and one.name != stick.maker]
    laptop = rng.choice(meant) if meant and rng.random() < 0.85 else anybody(world, rng)
    return [laptop], hand_over(world, stick, laptop)


@act("stick lost", 0.8, lying_about)
def stick_lost(world: World, rng: random.Random) -> Acted:
    stick = rng.choice(world.sticks.all)
    world.sticks.lose(stick)
    return [], f"{stick.words()} is lost"


@act("stick copied", 1.5, lying_about)
def stick_copied(world: World, rng: random.Random) -> Acted:
    made = world.sticks.copy(rng.choice(world.sticks.all), rng)
    return [], f"a copy: {made.words()}"


@act("stick wiped", 0.8, lying_about)
def stick_wiped(world: World, rng: random.Random) -> Acted:
    """Only what is here may be deleted, and only by whom alone it was for."""
    stick, laptop = rng.choice(world.sticks.all), anybody(world, rng)
    try:
        laptop.desk.courier.wipe(stick.file)
    except NotAllowed as error:
        return [laptop], f"{laptop.name} would wipe {stick.words()}: {error.code}"
    world.sticks.lose(stick)
    return [laptop], f"{laptop.name} wipes {stick.words()}"


@act("stick crash", 1.5, several)
def stick_crash(world: World, rng: random.Random) -> Acted:
    """The power goes while a bundle is written or taken in."""
    laptop = anybody(world, rng)
    at = int(10 ** rng.uniform(0, 2.6))
    meant = [one for one in world.sticks.all if laptop.code in one.to]
    stick = rng.choice(meant) if meant and rng.random() < 0.6 else None
    whom = drawn(world, laptop, rng)
    what = "reading" if stick else "writing"
    laptop.arm(at)
    try:
        if stick:
            world.sticks.read(stick, laptop)
        else:
            world.sticks.write(laptop, whom)
    except Crash:
        where = laptop.struck
        laptop.recover()
        return [laptop], f"{laptop.name} crashes {what} a stick at {where} {at}"
    finally:
        laptop.disarm()
    return [laptop], f"{laptop.name} does not reach {at} {what} a stick"


def carried_at_last(world: World) -> None:
    """After healing: everybody writes for all whom only a courier reaches, and it is carried there whole and at once."""
    for one in world.all():
        whom = by_courier(world, one)
        stopped = {other.delegation for other in one.desk.exchange.served() if other.why == "stopped"} if whom else set()
        for code, name in sorted(whom.items()):
            if name in stopped:
                continue
            seen = world.before(one)
            made = world.sticks.write(one, {code: name})
            world.harvest(one, seen)
            if isinstance(made, str):
                continue
            for other in world.all():
                if other.code == code and other is not one:
                    seen = world.before(other)
                    world.sticks.read(made, other)
                    world.harvest(other, seen)
            world.sticks.lose(made)
