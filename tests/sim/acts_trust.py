"""Persons who look at what stopped the sending, compare, and vouch for one another."""

from __future__ import annotations

import random

from tests.sim.acts import NOTHING, act, anybody, trying
from tests.sim.laptop import Laptop
from tests.sim.world import World

from valise.domain.errors import Refused
from valise.vault import people


def stopped(laptop: Laptop) -> list[str]:
    """Delegations, its own among them, for which a person has to decide at this laptop."""
    with laptop.store.read() as handle:
        found = people.everybody(handle)
    return [one.id for one in sorted(found, key=lambda one: not one.own) if one.stopped and (one.own or one.stopped != "replaced")]


def decide(laptop: Laptop) -> int:
    """A person goes on with everybody; how many decisions that took."""
    waiting = stopped(laptop)
    for one in waiting:
        laptop.desk.contacts.decide(one, True)
    return len(waiting)


@act("look at laptops", 3)
def look_at_laptops(world: World, rng: random.Random) -> tuple[list[Laptop], str]:
    """Somebody is stopped somewhere: a person looks at it, and goes on or not yet."""
    waiting = [(one, who) for one in world.all() for who in stopped(one)]
    if not waiting:
        return NOTHING
    laptop, who = rng.choice(waiting)
    accept = rng.random() < 0.8
    line = f"{laptop.name} {'accepts' if accept else 'does not accept'} {world.delegations().get(who, who[:6])}"
    try:
        laptop.desk.contacts.decide(who, accept)
    except Refused as error:  # a number that differed cannot be kept: it stays stopped as it is
        line += f": {error.code}"
    return [laptop], line


@act("vouch", 1)
def vouch(world: World, rng: random.Random) -> tuple[list[Laptop], str]:
    """Two persons compare; one is chosen as custodian; a word is given for a third, or taken back."""
    laptop = anybody(world, rng)
    names = world.delegations()
    others = sorted(one.id for one in laptop.desk.contacts.all() if not one.stopped and one.id in names)
    if len(others) < 2:
        return NOTHING
    whom, to = rng.sample(others, 2)
    trust = laptop.desk.trust
    what = rng.choice(("compare", "compare", "choose", "vouch", "vouch", "take back"))
    if what == "compare":
        return trying(laptop, f"verifies {names[whom]}", lambda: laptop.desk.contacts.verified(whom, "words"))
    if what == "choose":
        verified = list(trust.custodians().verified)
        return trying(laptop, "chooses custodians", lambda: trust.choose_custodians(verified, max(2, len(verified) - 1)))
    if what == "vouch":
        return trying(laptop, f"vouches for {names[whom]} to {names[to]}", lambda: trust.vouch(whom, [to]))
    return trying(laptop, f"takes back {names[whom]}", lambda: trust.unvouch(whom, [to]))
