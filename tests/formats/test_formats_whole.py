"""A file is written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from valise.formats import whole


def test_it_takes_its_place_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    target = tmp_path / ("n" * 240 + ".docx")
    whole.put(target, b"first")
    whole.put(target, b"second")
    assert target.read_bytes() == b"second" and [one.name for one in tmp_path.iterdir()] == [target.name]
    assert os.name == "nt" or target.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failure_on_the_way_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    target = tmp_path / "a.docx"
    target.write_bytes(b"old")

    def full(*_args: object) -> None:
        raise OSError(28, "no space")

    monkeypatch.setattr(os, step, full)
    with pytest.raises(OSError, match="no space"):
        whole.put(target, b"new")
    assert target.read_bytes() == b"old" and len(list(tmp_path.iterdir())) == 1
