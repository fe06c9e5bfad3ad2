"""A second, lonely run forgives haste only: never what fails by itself, nor many failures."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests import again

HASTE = """
import os, pathlib
def test_first_time_only():
    seen = pathlib.Path({seen!r})
    known = seen.exists()
    seen.write_text("")
    assert known
def test_holds():
    assert True
"""
WRONG = "import pytest\n@pytest.mark.parametrize('n', range({n}))\ndef test_wrong(n):\n    assert n < 0\n"


def told(folder: Path, body: str, capfd: pytest.CaptureFixture[str]) -> tuple[int, str]:
    (folder / "pytest.ini").write_text("[pytest]\n")
    (folder / "test_it.py").write_text(body)
    code = again.run(["-q", "--rootdir", str(folder), "-c",
                      str(folder / "pytest.ini"), str(folder)])  # fmt: skip
    return code, capfd.readouterr().out


@pytest.fixture(autouse=True)
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p xdist")


def test_haste_is_forgiven_and_told(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code, out = told(tmp_path, HASTE.format(seen=str(tmp_path / "seen")), capfd)
    assert code == 0
    assert out.count("test_it.py::test_first_time_only") >= 2
    assert "FAILED BESIDE OTHERS, HELD ALONE" in out


def test_what_fails_alone_fails(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code, out = told(tmp_path, WRONG.format(n=1), capfd)
    assert code == 1
    assert "now alone" in out
    assert "HELD ALONE" not in out


def test_many_are_not_asked_again(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code, out = told(tmp_path, WRONG.format(n=again.MOST + 1), capfd)
    assert code == 1
    assert "alone" not in out


def test_what_is_no_failure_of_a_test_is_not_asked_again(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code, out = told(tmp_path, "import nothing_of_this_name\n", capfd)
    assert code == 2
    assert "alone" not in out
