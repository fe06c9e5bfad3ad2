"""Every one-bit change of every signed or sealed structure: tried one by one, none left out.

    python -m tests.hostile.bits [--jobs 2] [--only NAME ...] [--every 1]

The structures are in the table of `bits_signed.py` and `bits_sealed.py`. A change is named by the structure and the number
of the bit; with `--every n` only each n-th bit is tried. Processes share the work in slices and print how far they are.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from valise.domain.errors import ValiseError
from valise.evidence.reading import Bad
from valise.protocol import hpke, signing

SLICE = 8192  # bits a worker tries before it says so


def _never(changed: bytes) -> bool:
    return False


@dataclass(frozen=True)
class Structure:
    """`takes` answers whether bytes pass as the good ones: False, one of our errors, or Bad for evidence, is a refusal.
    The bits in question are those of `data[start:]`, up to `end`. `same`: a change that says the same in another spelling
    (white space in a text file), which is no change of what is signed."""

    name: str
    data: bytes
    takes: Callable[[bytes], object]
    start: int = 0
    end: int = 0
    same: Callable[[bytes], bool] = _never

    @property
    def bits(self) -> int:
        return 8 * ((self.end or len(self.data)) - self.start)

    def changed(self, bit: int) -> bytes:
        spoilt = bytearray(self.data)
        spoilt[self.start + bit // 8] ^= 1 << bit % 8
        return bytes(spoilt)


@dataclass
class Tally:
    """What came of it: bits tried, those that only spell the same differently, and what must not be."""

    tried: int = 0
    same: int = 0
    wrong: tuple[tuple[str, int, str], ...] = ()

    def add(self, other: Tally) -> None:
        self.tried, self.same, self.wrong = self.tried + other.tried, self.same + other.same, self.wrong + other.wrong


@contextmanager
def remembered() -> Iterator[None]:
    """A check that passed is not made again for exactly the same bytes: a whole file holds dozens of signatures, and one
    bit changes one of them. What failed is never remembered."""
    with _remembering(signing, "verify_composite"), _remembering(signing, "verify"), _remembering(hpke, "check_public"):
        yield


@contextmanager
def _remembering(module: Any, name: str) -> Iterator[None]:
    real = getattr(module, name)
    passed: set[tuple[bytes, ...]] = set()

    def check(*given: bytes) -> None:
        if given not in passed:
            real(*given)
            if len(passed) < 4096:
                passed.add(given)

    setattr(module, name, check)
    try:
        yield
    finally:
        setattr(module, name, real)


@cache
def table() -> dict[str, Structure]:
    """Every structure by its name, made from fixed seeds (but for what the libraries draw themselves)."""
    from tests.hostile import bits_sealed, bits_signed

    found = [*bits_signed.structures(), *bits_sealed.structures()]
    named = {one.name: one for one in found}
    assert len(named) == len(found)
    return named


def taken(one: Structure, data: bytes) -> bool:
    """Whether `data` passes. Any other error than ours comes through: it is a defect."""
    try:
        return one.takes(data) is not False
    except (ValiseError, Bad):
        return False


def attempt(name: str, start: int, stop: int, every: int = 1) -> Tally:
    """Bits `start` to `stop` of one structure. The untouched structure must pass before and after."""
    one = table()[name]
    made = Tally()
    assert taken(one, one.data), f"{name}: the good one is refused"
    for bit in range(start, min(stop, one.bits), every):
        changed = one.changed(bit)
        made.tried += 1
        try:
            passed = taken(one, changed)
        except BaseException as error:  # also a panic, which is no Exception
            if isinstance(error, (KeyboardInterrupt, MemoryError)):
                raise
            made.wrong += ((name, bit, type(error).__name__),)
            continue
        if one.same(changed):
            made.same += 1
            passed = not passed
        if passed:
            made.wrong += ((name, bit, "accepted"),)
    assert taken(one, one.data), f"{name}: the good one is refused afterwards"
    return made


def _work(task: tuple[str, int, int, int]) -> tuple[str, Tally, float]:
    began = time.process_time()
    with remembered():
        made = attempt(*task)
    return task[0], made, time.process_time() - began


def run(names: list[str], jobs: int, every: int, say: Callable[[str], object]) -> Tally:
    """All of `names` in `jobs` processes, told to `say` structure by structure."""
    tasks = [
        (name, start, start + SLICE * every, every) for name in names for start in range(0, table()[name].bits, SLICE * every)
    ]
    left = {name: sum(task[0] == name for task in tasks) for name in names}
    each = {name: Tally() for name in names}
    spent = dict.fromkeys(names, 0.0)
    whole, began = Tally(), time.monotonic()
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        for name, made, seconds in pool.imap_unordered(_work, tasks):
            each[name].add(made)
            whole.add(made)
            spent[name] += seconds
            left[name] -= 1
            if not left[name]:
                done = each[name]
                say(
                    f"{time.monotonic() - began:6.0f} s  {name}: {done.tried:,} bits, {len(done.wrong)} wrong"
                    f"{f', {done.same} spelt otherwise' if done.same else ''}, {spent[name]:.1f} s CPU"
                )
    say(f"{whole.tried:,} bits of {len(names)} structures, {len(whole.wrong)} wrong, {sum(spent.values()):.0f} s CPU")
    return whole


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", nargs="*", default=[], help="structures whose name holds one of these words")
    parser.add_argument("--every", type=int, default=1)
    chosen = parser.parse_args(arguments)
    names = [name for name in table() if not chosen.only or any(word in name for word in chosen.only)]
    made = run(names, chosen.jobs, chosen.every, lambda line: print(line, flush=True))
    for name, bit, what in made.wrong[:50]:
        print(f"{name}, bit {bit}: {what}")
    return 1 if made.wrong or not made.tried else 0


if __name__ == "__main__":
    sys.exit(main())
