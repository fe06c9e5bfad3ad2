"""The packages themselves, built twice: some minutes each."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.soak
def test_two_builds_are_the_same_and_run(tmp_path: Path) -> None:
    base = sys.base_prefix + "/bin/python3"
    made = subprocess.run(
        [base, ROOT / "packaging/build.py", "--reproduce", tmp_path], check=False, capture_output=True, text=True, cwd=ROOT
    )
    assert made.returncode == 0, made.stdout + made.stderr
    program = tmp_path / "one/work/dist/valise/valise"
    told = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout
    assert told.startswith("valise ")
    text = tmp_path / "text.docx"
    sample = program.parent / "_internal/valise/resources/reference/sample_text.md"
    subprocess.run([program, "convert", sample, text], check=True)
    subprocess.run([program, "inspect", text], check=True, stdout=subprocess.DEVNULL)
    assert subprocess.run([program, "release", "verify", text], check=False, capture_output=True).returncode == 4
    words = program.parent / "_internal/valise/resources/i18n"
    assert len(list(words.glob("*.qm"))) == 6
    support = program.parent / "_internal/shiboken6/files.dir"  # else Qt's binding compiles its own modules at every start
    sources = list(support.rglob("*.py"))
    assert len(sources) > 10
    assert all((one.parent / "__pycache__" / f"{one.stem}.{sys.implementation.cache_tag}.pyc").exists() for one in sources)
    bill = json.loads((program.parent / "licences/bill-of-materials.cdx.json").read_text("utf-8"))
    assert {"sqlcipher3", "pyside6-essentials", "vodozemac"} <= {one["name"] for one in bill["components"]}
    sums = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], check=True, capture_output=True, text=True, cwd=tmp_path / "one/out").stdout
    assert sums.count(": OK") == 4
