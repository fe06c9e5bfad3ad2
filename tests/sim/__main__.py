"""python -m tests.sim SEED [--steps N] [--trace]: replay one seed. python -m tests.sim --seeds A..B --jobs 2: run many."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

from tests.sim.run import STEPS, Outcome, run


def many(seeds: Iterable[int], steps: int, jobs: int) -> Iterator[Outcome]:
    """Outcomes in the order of the seeds; `jobs` processes, each with its own pool of identities."""
    if jobs <= 1:
        yield from map(partial(run, steps=steps), seeds)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        yield from pool.map(partial(run, steps=steps), seeds, chunksize=4)


def summary(outcomes: list[Outcome], seconds: float) -> str:
    """The line that a long run ends with."""
    simulated = sum(one.simulated for one in outcomes) / 1000
    return (
        f"{len(outcomes)} seeds, {sum(one.steps for one in outcomes)} steps, {sum(one.operations for one in outcomes)} operations, "
        f"{sum(one.crashes for one in outcomes)} crashes, {sum(bool(one.failure) for one in outcomes)} failed; "
        f"{seconds:.0f} s real, {simulated / 86400:.1f} days simulated, {simulated / max(seconds, 0.001):.0f} : 1")


def command(one: Outcome, steps: int) -> str:
    return f"python -m tests.sim {one.seed} --steps {steps} --trace"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.sim", description=__doc__)
    parser.add_argument("seed", nargs="?", type=int)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--trace", action="store_true", help="print every step")
    parser.add_argument("--seeds", help="A..B, both included")
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args(arguments)
    if given.seeds:
        first, last = (int(one) for one in given.seeds.split(".."))
        began = time.perf_counter()
        outcomes = []
        for one in many(range(first, last + 1), given.steps, given.jobs):
            outcomes.append(one)
            if one.failure:
                print(f"FAILED {one.seed}: {one.failure}\n  {command(one, given.steps)}", flush=True)
        print(summary(outcomes, time.perf_counter() - began))
        return int(any(one.failure for one in outcomes))
    if given.seed is None:
        parser.error("a seed, or --seeds A..B")
    one = run(given.seed, given.steps)
    if given.trace:
        print("\n".join(one.trace))
    print(f"FAILED {one.failure}" if one.failure else f"holds, healed in {one.rounds} rounds")
    print(summary([one], one.real))
    return int(bool(one.failure))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
