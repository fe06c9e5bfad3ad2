"""The command line where no other test has been."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from tests.world import PASSPHRASE, World

from valise import bootstrap, cli


@pytest.mark.parametrize("harm", [False, True])
def test_doctor_says_what_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], harm: bool) -> None:
    world = World(tmp_path, ("XA",))
    world["XA"].messages.send(world["XA"].rooms.internal(), "word " * 4_000)
    world.close()
    if harm:
        file = tmp_path / "XA" / "vault.db"
        data = bytearray(file.read_bytes())
        data[-2_000] ^= 1
        file.write_bytes(data)
    monkeypatch.setattr(bootstrap, "gate", lambda folder: world.gate("XA"))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(PASSPHRASE + b"\n")))
    assert cli.run(["--vault", str(tmp_path / "XA"), "--passphrase-stdin", "doctor"]) == int(harm)
    said = capsys.readouterr().out
    assert ("do not verify" in said) if harm else ("Everything verifies" in said)


def test_doctor_without_a_vault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--vault", str(tmp_path / "none"), "doctor"]) == 2
    assert "no vault" in capsys.readouterr().err
