"""What happens to relays, to the copied folder, and to who is reached by what. Only in worlds that have them."""

from __future__ import annotations

import random

from tests.sim.acts import NOTHING, act, anybody, trying
from tests.sim.folders import Weather, draw_weather
from tests.sim.laptop import Laptop
from tests.sim.relay import Mood, Relay, draw_mood
from tests.sim.ways import FULL_ROOM
from tests.sim.world import World

from valise.desk.door_exchange import WAYS

Acted = tuple[list[Laptop], str]
QUIET = frozenset({
    "relay mood", "relay disk", "relay old", "relay cut off", "relay again", "relay credential", "relay renewed", "relay full",
    "relay hides", "relay shows", "folder weather", "folder tidied", "folder away", "folder back", "way", "relay moves"})


def relayed(world: World) -> bool:
    return bool(world.ways.relays)


def copied(world: World) -> bool:
    return world.ways.folders is not None


def several(world: World) -> bool:
    return world.ways.several


def one_of(world: World, rng: random.Random) -> tuple[Relay, str]:
    n = rng.randrange(len(world.ways.relays))
    return world.ways.relays[n], f"relay {n}"


def inboxes(world: World, relay: Relay) -> list[str]:
    return [code for code, one in world.ways.means.items() if one.relay is relay]


@act("relay mood", 4, relayed)
def relay_mood(world: World, rng: random.Random) -> Acted:
    relay, name = one_of(world, rng)
    relay.mood = draw_mood(rng) if rng.random() < 0.75 else Mood()
    return [], f"{name}: {relay.mood}"


@act("relay disk", 0.8, relayed)
def relay_disk(world: World, rng: random.Random) -> Acted:
    """Everything, or what was acknowledged and not yet synced."""
    relay, name = one_of(world, rng)
    if rng.random() < 0.4:
        relay.lose_disk()
        return [], f"{name} loses its disk"
    tail = rng.randrange(1, 20)
    relay.lose_tail(tail)
    return [], f"{name} loses the last {tail} of each inbox"


@act("relay old", 1.6, relayed)
def relay_old(world: World, rng: random.Random) -> Acted:
    relay, name = one_of(world, rng)
    if rng.random() < 0.5:
        relay.back_up()
        return [], f"{name} is backed up"
    return [], f"{name} comes back from its backup" if relay.restore() else "nothing to do"


@act("relay cut off", 1.5, relayed)
def relay_cut_off(world: World, rng: random.Random) -> Acted:
    relay, name = one_of(world, rng)
    some = sorted(rng.sample([one.name for one in world.all()], rng.randrange(1, len(world.laptops) + 1)))
    relay.cut_off(*some)
    return [], f"{' '.join(some)} cut off from {name}"


@act("relay again", 3, relayed)
def relay_again(world: World, rng: random.Random) -> Acted:
    relay, name = one_of(world, rng)
    relay.rejoin()
    return [], f"all reach {name}"


@act("relay credential", 0.8, relayed)
def relay_credential(world: World, rng: random.Random) -> Acted:
    """A credential ends before anybody renewed it."""
    relay, name = one_of(world, rng)
    boxes = inboxes(world, relay)
    if not boxes:
        return NOTHING
    inbox = rng.choice(boxes)
    if rng.random() < 0.6:
        slot = rng.choice(list(world.identities))
        relay.end_slot(inbox, slot)
        return [], f"{slot} may write to {inbox} on {name} no more"
    seat = rng.choice([one.name.rstrip("'") for one in world.all() if one.code == inbox])
    relay.end_seat(inbox, seat)
    return [], f"{seat} may read on {name} no more"


@act("relay renewed", 1, relayed)
def relay_renewed(world: World, rng: random.Random) -> Acted:
    relay, name = one_of(world, rng)
    relay.renew()
    return [], f"credentials of {name} are renewed"


@act("relay full", 0.8, relayed)
def relay_full(world: World, rng: random.Random) -> Acted:
    relay, name = one_of(world, rng)
    relay.room = rng.choice((0, 3, 20, FULL_ROOM, FULL_ROOM))
    relay.per_slot = rng.choice((2, FULL_ROOM))
    return [], f"{name} has room for {relay.room}, {relay.per_slot} of each writer"


@act("relay hides", 1.2, relayed)
def relay_hides(world: World, rng: random.Random) -> Acted:
    """It shows one laptop a history that ends here, or has a delegation silent, and the others another one."""
    relay, name = one_of(world, rng)
    seats = [(one.code, one.name) for one in world.all() if world.ways.means[one.code].relay is relay]
    if not seats:
        return NOTHING
    inbox, seat = rng.choice(seats)
    slot = rng.choice(("", *world.identities))
    relay.blind(inbox, seat.rstrip("'"), slot)
    return [], f"{name} hides {f'what {slot} writes' if slot else 'everything'} from {seat}"


@act("relay shows", 1.5, relayed)
def relay_shows(world: World, rng: random.Random) -> Acted:
    relay, name = one_of(world, rng)
    relay.see()
    return [], f"{name} shows what it hid"


@act("folder weather", 3, copied)
def folder_weather(world: World, rng: random.Random) -> Acted:
    assert world.ways.folders is not None
    world.ways.folders.weather = draw_weather(rng) if rng.random() < 0.75 else Weather()
    return [], f"{world.ways.folders.weather}"


@act("folder tidied", 0.5, copied)
def folder_tidied(world: World, rng: random.Random) -> Acted:
    assert world.ways.folders is not None
    return [], f"{world.ways.folders.lose(rng.choice((0.2, 1.0)))} files of the folder are lost"


@act("folder away", 0.8, copied)
def folder_away(world: World, rng: random.Random) -> Acted:
    assert world.ways.folders is not None
    some = [one for one in world.all() if world.ways.means[one.code].folder]
    if not some:
        return NOTHING
    laptop = rng.choice(some)
    world.ways.folders.take_away(laptop.name)
    return [], f"the folder of {laptop.name} is not there"


@act("folder back", 1, copied)
def folder_back(world: World, rng: random.Random) -> Acted:
    assert world.ways.folders is not None
    world.ways.folders.give_back()
    return [], "every folder is there"


@act("way", 2, several)
def way(world: World, rng: random.Random) -> Acted:
    """A person chooses how one delegation is served, wisely or not, or leaves it to the exchange again."""
    laptop = anybody(world, rng)
    codes = world.delegations()
    name = rng.choice(sorted(codes))
    wish = rng.choice(("", "", *WAYS))
    return trying(laptop, f"chooses {wish or 'nothing'} for {codes[name]}", lambda: laptop.desk.exchange.choose(name, wish))


@act("relay moves", 0.8, relayed)
def relay_moves(world: World, rng: random.Random) -> Acted:
    """A delegation gets an inbox, goes to another relay, or has none from now on; everybody hears of it by other means."""
    code = rng.choice(list(world.identities))
    relay = rng.choice([None, *world.ways.relays])
    if not world.ways.move(code, relay):
        return NOTHING
    for one in world.all():
        if one.code == code:
            world.ways.attach(one, world.codes())
        else:
            world.ways.choose(one)
    return [], f"{code} has {'an inbox on another relay' if relay else 'no inbox any more'}"
