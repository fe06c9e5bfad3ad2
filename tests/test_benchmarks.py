"""Every benchmark runs, with tiny sizes; what it finds is asserted only where it is no matter of time."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))


EXACT = {
    "text": {"proof": (0.01, 1.0)},
    "search": {"differs": (0.0, 0.0)},
    "devices": {"ciphertext": (1.0, 1.0), "rows": (1.0, 1.0)},
    "size": {"wire together": (1.0, 4.0)},
    "library": {"differs": (0.0, 0.0), "lost": (0.0, 0.1)},
    "registers": {"differs": (0.0, 0.0)},
}
NAMES = ("start", "opening", "unlock", "messages", "text", "search", "devices", "memory", "size", "security",
         "library", "workbench", "documents", "keys", "courier", "registers", "pings")  # fmt: skip


# A process of its own, as a benchmark has; how long it takes is nobody's concern here.
RUN = """
import json, sys
from importlib import import_module
from pathlib import Path
from benchmarks.measure import Options
from tests.quick import quick
quick()
print(json.dumps(import_module("benchmarks." + sys.argv[1]).run(Options(Path(sys.argv[2]), quick=True))))
"""


@pytest.mark.parametrize("name", NAMES)
def test_a_benchmark_runs_and_prints_what_it_found(name: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", RUN, name, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    printed, _, found = done.stdout.strip().rpartition("\n")
    ratios = json.loads(found)
    assert ratios and all(value >= 0 for value in ratios.values())
    for figure, (least, most) in EXACT.get(name, {}).items():
        assert least <= ratios[figure] <= most, figure
    assert printed.startswith("### ") and "\n|---|" in printed


def test_every_benchmark_is_known_to_the_command() -> None:
    from benchmarks.__main__ import NAMES as known
    from benchmarks.__main__ import WAYS

    assert known == NAMES
    files = {path.stem: path for path in (ROOT / "benchmarks").glob("*.py")}
    files |= {path.parent.name: path for path in (ROOT / "benchmarks").glob("*/__init__.py")}
    with_run = {name for name, path in files.items() if "\ndef run(options" in path.read_text("utf-8")}
    assert with_run == {*NAMES, *WAYS}


def test_the_command_refuses_a_name_it_does_not_know() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "haste"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2 and "haste" in done.stderr


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [([1.0], 0.99, 1.0), ([3.0, 1.0, 2.0], 0.5, 2.0), ([4.0, 1.0, 3.0, 2.0], 0.5, 2.0), (list(range(1, 101)), 0.95, 95), ([1, 2], 0.95, 2)],
)  # fmt: skip
def test_a_percentile_is_a_value_that_was_measured(values: list[float], share: float, expected: float) -> None:
    from benchmarks.measure import percentile

    assert percentile(values, share) == expected


def test_a_goal_says_whether_it_is_met() -> None:
    from benchmarks.measure import held

    assert held(1.4, 1.5) == "<= 1.5: met" and held(1.6, 1.5) == "<= 1.5: NOT MET"
    assert held(2_000.0, 2_000, least=True).endswith(": met") and held(1_999.0, 2_000, least=True).endswith("NOT MET")
