"""Cold start: from the start of the process to the painted unlock page, against a bare window of the same toolkit.

Each run is a process of its own, the two kinds in turn. Goal (UI.md): at most 1.5 times the bare window.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import worlds
from benchmarks.measure import Options, Ratios, Table, child, held, median, percentile

GOAL = 1.5


def run(options: Options) -> Ratios:
    """Ratio of the medians per platform: "offscreen", "xcb"."""
    table = Table(
        "From process start to the first painted window",
        ("platform", "runs", "bare ms", "unlock page ms", "p95 ms", "ratio of medians", "CPU ratio", "MB bare", "MB", "goal"),
    )
    ratios: Ratios = {}
    with tempfile.TemporaryDirectory(dir=options.cache) as base:
        home = Path(base)
        worlds.found(home / "vault").close()
        for platform in ("offscreen",) if options.quick else ("offscreen", "xcb"):
            with screen(platform) as environ:
                if environ is None:
                    table.note(f"{platform}: no screen here, left out.")
                    continue
                places = dict.fromkeys(("HOME", "XDG_RUNTIME_DIR", "XDG_DATA_HOME", "XDG_STATE_HOME"), str(home))
                bare, ours = alternate({**environ, **places, **options.environ()}, home / "vault", options.size(15, 1))
            walls = [[one["wall"] for one in kind] for kind in (bare, ours)]
            cpus = [[one["cpu"] for one in kind] for kind in (bare, ours)]
            sizes = [median([one["memory"] for one in kind]) for kind in (bare, ours)]
            ratio = ratios[platform] = median(walls[1]) / median(walls[0])
            table.add(
                platform, len(bare), median(walls[0]) * 1e3, median(walls[1]) * 1e3, percentile(walls[1], 0.95) * 1e3,
                ratio, median(cpus[1]) / median(cpus[0]), sizes[0], sizes[1], held(ratio, GOAL),
            )  # fmt: skip
    print(table.markdown())
    return ratios


def alternate(environ: dict[str, str], vault: Path, runs: int) -> tuple[list[dict[str, float]], list[dict[str, float]]]:
    """Bare and ours in turn; of many, the first pair only warms the disk's cache."""
    found: dict[str, list[dict[str, float]]] = {"bare": [], "ours": []}
    for _ in range(runs + (runs > 1)):
        for kind, made in found.items():
            start = time.monotonic()
            told = child("benchmarks.first_paint", kind, str(vault), environ=environ)
            made.append({**told, "wall": told["at"] - start})
    return found["bare"][-runs:], found["ours"][-runs:]


@contextlib.contextmanager
def screen(platform: str) -> Iterator[dict[str, str] | None]:
    """The environment in which the platform plugin works; None when there is no screen for it."""
    environ = {"QT_QPA_PLATFORM": platform}
    if platform == "offscreen" or os.environ.get("DISPLAY"):
        yield environ
        return
    server = shutil.which("Xvfb")
    if server is None or sys.platform == "win32":
        yield None
        return
    reading, writing = os.pipe()
    running = subprocess.Popen(
        [server, "-displayfd", str(writing), "-screen", "0", "1360x900x24", "-nolisten", "tcp"],
        pass_fds=(writing,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        yield {**environ, "DISPLAY": f":{number}"} if number else None
    finally:
        running.terminate()
        running.wait()
