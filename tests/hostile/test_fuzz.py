"""Coverage-guided spoilt bytes at every parser: a fixed slice here, a million with `make soak` (fuzz.py)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("atheris", reason="the fuzzer is made for Linux")
ROOT = Path(__file__).resolve().parents[2]


def fuzz(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # Through a shell that forks: on Linux a program counts the peak memory of the process that started it as its own.
    start = [sys.executable, "-m", "tests.hostile.fuzz", "--failures", str(tmp_path), *arguments]
    command = ["/bin/sh", "-c", '"$@"; exit $?', "fuzz", *start]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=3600)


@pytest.mark.parametrize("runs", [12_000, pytest.param(1_000_000, marks=pytest.mark.soak)])
def test_no_input_breaks_a_parser(tmp_path: Path, runs: int) -> None:
    done = fuzz(tmp_path, "--runs", str(runs))
    print(done.stderr[-600:])
    found = [(one.name, one.read_bytes()[:200].hex()) for one in tmp_path.iterdir()]
    assert done.returncode == 0, f"{found}\n{done.stderr[-3000:]}"
    assert not found
    assert f"number_of_executed_units: {runs}" in done.stderr


def test_a_parser_that_breaks_is_found(tmp_path: Path) -> None:
    done = fuzz(tmp_path, "--runs", "200000", "--planted")
    assert done.returncode != 0
    (found,) = tmp_path.iterdir()
    again = fuzz(tmp_path, "--planted", "--replay", str(found))
    assert again.returncode != 0
    assert "KeyError" in again.stderr
    assert fuzz(tmp_path, "--replay", str(found)).returncode == 0
