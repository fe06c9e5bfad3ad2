"""The command line where no other test has been."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from tests.world import PASSPHRASE, World

from valise import bootstrap, cli
from valise.system import harden


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


@pytest.mark.parametrize(
    ("argv", "asked"),
    [
        ([], (None, False, "")),
        (["--vault", "a b"], (Path("a b"), False, "")),
        (["--window", "idle", "--vault", "v", "--passphrase-stdin"], (Path("v"), True, "idle")),
    ],
)
def test_a_window_needs_no_parser(monkeypatch: pytest.MonkeyPatch, argv: list[str], asked: tuple[Path | None, bool, str]) -> None:
    opened: list[tuple[Path | None, bool, str]] = []
    monkeypatch.setattr(cli, "_window", lambda *given: opened.append(given) or 0)
    monkeypatch.setattr(cli, "_parser", lambda: pytest.fail("the parser of all commands was made"))
    monkeypatch.setattr(harden, "harden", lambda: None)
    assert cli.run(argv) == 0
    assert opened == [asked]


@pytest.mark.parametrize("argv", [["--vault"], ["--nothing"], ["--vault", "v", "nothing"], ["--vault", "--window"], ["v"]])
def test_what_is_no_command_is_told(capsys: pytest.CaptureFixture[str], argv: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.run(argv)
    assert ended.value.code == 2
    assert "usage: valise" in capsys.readouterr().err
