"""Clocks, percentiles, memory, tables, and what this machine is."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

ROOT = Path(__file__).parents[1]
Ratios = dict[str, float]
Size = TypeVar("Size", int, float, tuple[Any, ...])


@dataclass(frozen=True, slots=True)
class Options:
    """`quick`: tiny sizes, only to see that a benchmark runs. `cache`: where made vaults are kept between runs. `way`: the way
    of exchange that goals are held against, where several can be measured. `peers`: where the peers' environment lies, None =
    where it is made unless told otherwise; `set_up`: make it first. `installed`: the program of a package that was installed."""

    cache: Path
    quick: bool = False
    way: str = "relay"
    peers: Path | None = None
    set_up: bool = False
    installed: Path | None = None

    def environ(self) -> dict[str, str]:
        """For children whose start is measured: compiled modules as an installed program has them, beside the tree."""
        if self.quick:
            return {}
        return {"PYTHONPYCACHEPREFIX": str(self.cache / "compiled"), "PYTHONDONTWRITEBYTECODE": ""}

    def size(self, real: Size, quick: Size) -> Size:
        return quick if self.quick else real


@dataclass
class Table:
    """A table that grows, printed as Markdown. `holds` of a row compares a value with its goal (at most, or at least)."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, *cells: object) -> None:
        self.rows.append(tuple(shown(cell) for cell in cells) + ("",) * (len(self.columns) - len(cells)))

    def note(self, line: str) -> None:
        self.notes.append(line)

    def markdown(self) -> str:
        lines = [f"### {self.title}", "", "| " + " | ".join(self.columns) + " |", "|" + "---|" * len(self.columns)]
        lines += ["| " + " | ".join(row) + " |" for row in self.rows]
        return "\n".join([*lines, *(["", *self.notes] if self.notes else []), ""])


def shown(value: object) -> str:
    """A figure with three significant digits; words as they are."""
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def held(value: float, goal: float, *, least: bool = False) -> str:
    """The goal beside whether it is met, for a cell."""
    met = value >= goal if least else value <= goal
    return f"{'>=' if least else '<='} {shown(goal)}: {'met' if met else 'NOT MET'}"


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value with at least `share` (0 to 1) of all values at or below it."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 1) - 1))]


def median(values: Sequence[float]) -> float:
    return percentile(values, 0.5)


@dataclass
class Spent:
    """Seconds, wall and CPU of this process."""

    wall: float = 0.0
    cpu: float = 0.0


@contextmanager
def spent() -> Iterator[Spent]:
    """Fills in what the block took."""
    made = Spent()
    wall, cpu = time.perf_counter(), time.process_time()
    try:
        yield made
    finally:
        made.wall, made.cpu = time.perf_counter() - wall, time.process_time() - cpu


def timed(act: Callable[[], object]) -> float:
    """Wall seconds of one call."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def memory() -> float:
    """Resident memory of this process in MB (10^6 bytes); 0.0 where the system does not tell it this way."""
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            line = next(line for line in status if line.startswith("VmRSS"))
    except OSError:
        return 0.0
    return int(line.split()[1]) * 1024 / 1e6


def child(module: str, *arguments: str, environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Run `python -m module` and return the JSON on its last line. RuntimeError when it failed."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env=surroundings(environ),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        timeout=1800,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{module} ended with {done.returncode}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def surroundings(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a child: this tree importable, no colour of the desktop it happens to run on."""
    path = os.pathsep.join([str(ROOT), str(ROOT / "app"), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    # compiled modules are kept, as where it is installed: an environment that forbids it would measure the compiler
    return {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "", **(more or {})}


def machine() -> str:
    """One line: cores, processor, system, Python, load."""
    name = platform.processor() or "unknown"
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as info:
            name = next((line.split(":", 1)[1].strip() for line in info if line.startswith("model name")), name)
    except OSError:
        pass
    load = f", load {os.getloadavg()[0]:.1f} before the run" if hasattr(os, "getloadavg") else ""
    return (
        f"{os.cpu_count()} cores, {name}, {platform.system()} {platform.release().split('-')[0]}, "
        f"Python {platform.python_version()}{load}"
    )


def filesystem(folder: Path) -> str:
    """The kind of file system `folder` lies on; "unknown" where the system does not tell it this way."""
    try:
        with open("/proc/mounts", encoding="utf-8") as mounts:
            places = [line.split()[1:3] for line in mounts]
    except OSError:
        return "unknown"
    inside = [(place, kind) for place, kind in places if folder.resolve().is_relative_to(place)]
    return max(inside, key=lambda one: len(one[0]))[1] if inside else "unknown"


def volatile(folder: Path) -> bool:
    """True when `folder` lies in memory, where durability costs nothing and proves nothing."""
    return filesystem(folder) in ("tmpfs", "ramfs")
