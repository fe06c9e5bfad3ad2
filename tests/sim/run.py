"""One seed from beginning to end."""

from __future__ import annotations

import tempfile
import time
import traceback
from dataclasses import dataclass
from pathlib import Path

from tests.quick import quick
from tests.sim import (
    acts_copies,
    acts_courier,
    acts_incidents,
    acts_pings,
    acts_registers,
    acts_trust,
    acts_ways,
    invariants,
    settling,
)
from tests.sim.acts import NOTHING, choose
from tests.sim.identities import memory_folder
from tests.sim.world import Broken, World

STEPS = 200
ROUNDS = 80


@dataclass(frozen=True, slots=True)
class Outcome:
    """`failure` = "" or what did not hold. `simulated` ms of world time, `real` seconds; `ways`: what carried."""

    seed: int
    steps: int
    failure: str
    trace: tuple[str, ...]
    operations: int
    crashes: int
    rounds: int
    simulated: int
    real: float
    acts: dict[str, int]
    ways: str = ""


def run(seed: int, steps: int = STEPS) -> Outcome:
    """Live through one world. Never raises for what does not hold: that is in the outcome, with the trace."""
    began = time.perf_counter()
    failure = ""
    rounds = 0
    quick()
    with tempfile.TemporaryDirectory(prefix="valise-sim-", dir=memory_folder()) as folder:
        world = World(seed, Path(folder))
        try:
            with world.watched():
                world.begin()
                for step in range(1, steps + 1):
                    world.step = step
                    take_step(world)
                rounds = heal(world)
                invariants.at_end(world)
                world.note(f"ends as {invariants.state_line(world)}")
        except Broken as error:
            failure = f"step {world.step}: {error}"
        except Exception as error:
            last = traceback.extract_tb(error.__traceback__)[-1]
            failure = f"step {world.step}: {type(error).__name__} {error} at {Path(last.filename).name}:{last.lineno}"
            world.trace.append("".join(traceback.format_exception(error)))
        finally:
            operations = sum(len(one) for one in world.promises.values())
            crashes = sum(one.crashes for one in world.laptops.values())
            world.close()
    return Outcome(
        seed, world.step, failure, tuple(world.trace), operations, crashes, rounds, world.time.now,
        time.perf_counter() - began, world.acts, world.ways.kind)


def take_step(world: World) -> None:
    rng = world.stream
    chosen = choose(world, rng)
    seen = {one.name: world.before(one) for one in world.all()} if chosen.name not in QUIET else {}
    acted, line = chosen.act(world, rng)
    world.note(line)
    world.acts[chosen.name] = world.acts.get(chosen.name, 0) + (acted is not NOTHING[0])
    for one in acted:
        world.harvest(one, seen.get(one.name, {}))
    invariants.after_step(world, acted)
    world.advance(rng.randrange(50, 3_000))


# acts that write no operation, so that nobody need be asked who is in which room
QUIET = frozenset({"time", "clock", "partition", "rejoin", "faults", "withhold", "release", "lost disk", "restart", "look", "card",
                   "rebuild", "doubt", "enrol", "double", *acts_copies.QUIET, *acts_courier.QUIET, *acts_incidents.QUIET,
                   *acts_pings.QUIET, *acts_registers.QUIET, *acts_ways.QUIET})


def heal(world: World) -> int:
    """All that carries is good again and reached by everybody, doubts are settled; until nothing is under way any more."""
    world.ways.heal()
    for one in world.all():
        world.ways.choose(one)
        world.post.release(one.mailbox)
    line = ""
    for n in range(1, ROUNDS + 1):
        for one in world.all():
            acts_trust.decide(one)
            seen = world.before(one)
            one.desk.exchange.now()
            world.harvest(one, seen)
        acts_courier.carried_at_last(world)
        world.advance(21_000 if n < 12 else 61_000 if n < 40 else 1_800_000)
        if n >= 3:
            line = settling.settled(world)
            undecided = [one.name for one in world.all() if acts_trust.stopped(one)]
            line = line or (f"{' '.join(undecided)} have to decide" if undecided else "")
            if not line:
                invariants.after_step(world, world.all())
                return n
    raise Broken(f"not settled after {ROUNDS} rounds: {line}")
