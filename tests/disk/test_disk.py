"""Power loss, killed processes, full and failing disks under the real vault: nothing acknowledged lost, nothing that cannot
be opened, nothing doubled, the index equal to the data. A slice here, ten thousand distinct points with `make soak`.

What the shim sees and what not: shim.c; what a crash may lose: model.py.
"""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.disk import model, shim, work

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the shim is made for Linux")
FAST = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 - what is tried is not the disk of this machine
TORN = 9


@dataclass(frozen=True, slots=True)
class Recorded:
    shim: Path
    base: Path
    image: Path
    life_file: Path
    log: Path

    @property
    def life(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.life_file.read_text())
        return found


@pytest.fixture(scope="module")
def recorded() -> Iterator[Recorded]:
    """A life of two delegations with every change of their disks written down."""
    with tempfile.TemporaryDirectory(dir=FAST) as folder:
        base = Path(folder)
        (base / "root").mkdir()
        made = Recorded(shim.build(base), base, base / "image", base / "life.json", base / "log")
        shim.run(made.shim, base / "root", "tests.disk.record", str(base / "root"), str(made.image), str(made.life_file),
                 log=made.log)  # fmt: skip
        yield made


def crashes(recorded: Recorded, stride: int, first: int, torn: int) -> tuple[int, list[str]]:
    """Every `stride`th point from the `first`: killed, all that was not synced lost, and `torn` mixtures of it. Returns how
    many different disks were tried and what went wrong."""
    steps, life = model.read(recorded.log), recorded.life
    wanted = set(list(model.points(steps, work.VICTIM))[first::stride])
    disk = model.Disk(recorded.image, work.VICTIM)
    tried: set[bytes] = set()
    failures: list[str] = []
    mark = 0
    for number in range(len(steps) + 1):
        if number:
            step = steps[number - 1]
            disk.take(step)
            mark = step.at if step.kind == model.MARK else mark
        if number not in wanted:
            continue
        states = {"killed": disk.killed(), "lost": disk.lost()}
        states |= {f"torn {n}": disk.torn(random.Random(f"{number}/{n}")) for n in range(torn)}
        for name, files in states.items():
            key = model.digest(files, work.VICTIM)
            if key in tried:
                continue
            tried.add(key)
            if failed := attempt(files, life, mark):
                failures.append(f"after change {number}, {name}: {failed}")
    return len(tried), failures


def attempt(files: dict[str, bytes], life: dict[str, Any], mark: int) -> str:
    """What goes wrong when life goes on from this disk, "" for nothing."""
    here = Path.cwd()
    with tempfile.TemporaryDirectory(dir=FAST) as folder:
        model.write(files, Path(folder))
        os.chdir(folder)
        try:
            work.check(life, *life["marks"][mark])
        except Exception as error:
            return f"{error!r}"[:400]
        finally:
            os.chdir(here)
    return ""


def test_a_recorded_disk_is_the_one_that_was_written(recorded: Recorded) -> None:
    """The model, told everything, ends with the bytes that lie on the disk."""
    disk = model.Disk(recorded.image, work.VICTIM)
    for step in model.read(recorded.log):
        disk.take(step)
    found = {str(path.relative_to(recorded.base / "root")): path.read_bytes() for path in (recorded.base / "root").rglob("*")
             if path.is_file() and not path.name.endswith("-shm")}  # fmt: skip
    assert disk.killed() == found


def test_power_loss_and_kill_lose_nothing(recorded: Recorded) -> None:
    tried, failures = crashes(recorded, 127, 5, 1)
    assert failures == []
    assert tried > 10


def test_a_disk_that_lies_about_syncing_is_noticed(recorded: Recorded, monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests can fail: without a single sync, promises break."""
    monkeypatch.setattr(model.Disk, "_sync", lambda self, path: None)
    _, failures = crashes(recorded, 401, 300, 2)
    assert failures


@pytest.mark.parametrize("mode", ["full", "error", "errors", "kill"])
def test_a_failing_disk_is_said_so_and_loses_nothing(recorded: Recorded, mode: str) -> None:
    points, failures = fail(recorded, mode, 7, 97, 4)
    assert failures == []
    assert points >= 4


def fail(recorded: Recorded, mode: str, first: int, stride: int, most: int) -> tuple[int, list[str]]:
    with tempfile.TemporaryDirectory(dir=FAST) as root:
        said = shim.run(recorded.shim, Path(root), "tests.disk.fail", str(recorded.image), str(recorded.life_file), mode,
                        str(first), str(stride), str(most))  # fmt: skip
    found = json.loads(said.splitlines()[-1])
    return found["points"], found["failures"]


@pytest.mark.soak
def test_ten_thousand_points(recorded: Recorded) -> None:
    """Twenty slices of the crashes and every failing change, on two cores."""
    jobs, total, failures = 20, 0, []
    with ProcessPoolExecutor(2) as pool:
        waiting = [pool.submit(crashes, recorded, jobs, first, TORN) for first in range(jobs)]
        waiting += [pool.submit(fail, recorded, mode, first, 4, 1 << 30) for mode in ("full", "error", "errors", "kill") for first in (1, 3)]
        for one in waiting:
            tried, wrong = one.result()
            total += tried
            failures += wrong
            print(f"{total} distinct points, {len(failures)} failed so far", flush=True)
    print(f"{total} distinct points, {len(failures)} failed")
    assert failures == []
    assert total >= 10_000


