"""python -m tests.sim SEED [--steps N] [--trace]: replay one seed.
python -m tests.sim --seeds A..B [--jobs N] [--log FILE]: run many; with a log, a restart goes on where it was.
python -m tests.sim --nightly [--log FILE] [--shard I/N] [--hours H]: a million seeds, this machine's share of them, for a night."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from functools import partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from tests.sim.log import Log, Total
from tests.sim.run import STEPS, Outcome, run

NIGHTLY = range(1, 1_000_001)
HOURS = 8.0


def many(seeds: Iterable[int], steps: int, jobs: int, until: float = float("inf")) -> Iterator[Outcome]:
    """Outcomes as they come; `jobs` processes, each with its own pool of identities. After `until` (time.monotonic) no
    further seed is begun."""
    waiting = iter(seeds)
    if jobs <= 1:
        for seed in waiting:
            if time.monotonic() >= until:
                return
            yield run(seed, steps)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), max_tasks_per_child=500) as pool:
        live = partial(run, steps=steps)
        under_way = {pool.submit(live, seed) for seed in islice(waiting, 2 * jobs)}
        while under_way:
            done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
            for one in done:
                if time.monotonic() < until:
                    under_way |= {pool.submit(live, seed) for seed in islice(waiting, 1)}
                yield one.result()


def summary(outcomes: Iterable[Outcome], seconds: float) -> str:
    """The line that a long run ends with."""
    total = Total()
    for one in outcomes:
        total.add(one)
    return total.line(seconds)


def command(one: Outcome, steps: int) -> str:
    return f"python -m tests.sim {one.seed} --steps {steps} --trace"


def run_many(seeds: Iterable[int], steps: int, jobs: int, log: Log, hours: float) -> int:
    """Run what the log does not hold yet; print every failing seed with the command that replays it, then the summary."""
    began = time.monotonic()
    left = (seed for seed in seeds if seed not in log.done)
    for one in many(left, steps, jobs, began + hours * 3600):
        log.add(one)
        if one.failure:
            print(f"FAILED {one.seed}: {one.failure}\n  {command(one, steps)}", flush=True)
    if log.before:
        print(f"{log.before} seeds were in the log")
    print(log.total.line(log.seconds + time.monotonic() - began))
    log.close(time.monotonic() - began)
    return int(log.total.failed > 0)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.sim", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seed", nargs="?", type=int)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--trace", action="store_true", help="print every step")
    parser.add_argument("--seeds", help="A..B, both included")
    parser.add_argument("--nightly", action="store_true", help=f"the seeds {NIGHTLY.start}..{NIGHTLY.stop - 1}, {HOURS:.0f} hours of them")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--log", type=Path, help="a line for each seed; seeds in it are not run again")
    parser.add_argument("--shard", default="1/1", help="I/N: every Nth seed, beginning with the Ith")
    parser.add_argument("--hours", type=float, help="begin no further seed after so long")
    given = parser.parse_args(arguments)
    if given.seeds or given.nightly:
        first, last = (int(one) for one in given.seeds.split("..")) if given.seeds else (NIGHTLY.start, NIGHTLY.stop - 1)
        which, of = (int(one) for one in given.shard.split("/"))
        if not 1 <= which <= of:
            parser.error("a shard is I/N with I from 1 to N")
        hours = given.hours or (HOURS if given.nightly else float("inf"))
        log = Log(given.log or (Path(f"sim-{which}-of-{of}.log") if given.nightly else None), given.steps)
        return run_many(range(first + which - 1, last + 1, of), given.steps, given.jobs, log, hours)
    if given.seed is None:
        parser.error("a seed, --seeds A..B, or --nightly")
    one = run(given.seed, given.steps)
    if given.trace:
        print("\n".join(one.trace))
    print(f"FAILED {one.failure}" if one.failure else f"holds, healed in {one.rounds} rounds")
    print(summary([one], one.real))
    return int(bool(one.failure))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
