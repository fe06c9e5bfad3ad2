"""`valise courier` on the command line: the whole way of a stick, and what anybody can learn from one."""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.desk.courier_hands import Gap, bodies
from tests.world import PASSPHRASE

from valise import bootstrap, cli

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def gap(tmp_path: Path) -> Iterator[Gap]:
    made = Gap(tmp_path)
    yield made
    made.close()


@pytest.fixture
def run(gap: Gap, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command with one delegation's vault; (exit code, output, errors)."""

    def command(code: str, *words: str | Path) -> tuple[int, str, str]:
        gap[code].close()
        monkeypatch.setattr(bootstrap, "gate", lambda folder: gap.gate(code))
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(PASSPHRASE + b"\n")))
        given = ["--vault", str(gap.base / code), "--passphrase-stdin", "courier", *map(str, words)]
        try:
            done = cli.run(given)
        finally:
            gap.desks[code] = gap.gate(code).unlock(bytearray(PASSPHRASE))
        said = capsys.readouterr()
        return done, said.out, said.err

    return command


def test_there_and_back(gap: Gap, run: Run) -> None:
    room = gap["XA"].rooms.create("bilateral", "", [gap.id("XB")])
    sent = gap["XA"].messages.send(room, "hello")
    code, out, _ = run("XA", "export", gap.stick, "--to", "xb")
    assert code == 0
    (path,) = gap.stick.iterdir()
    assert path.name in out and "bundle 1, " in out and re.search(r"SHA-256 [0-9a-f]{64}\n", out)
    code, out, _ = run("XB", "import", path)
    assert code == 0 and "new; bundle 1 of XA Aurelia; " in out and path.exists()
    assert bodies(gap["XB"], room) == ["hello"]
    code, out, _ = run("XB", "import", path, "--wipe")
    assert code == 0 and "came before" in out and "deleted" in out and not path.exists()
    assert run("XB", "export", gap.stick, "--to", "XA")[0] == 0
    (back,) = gap.stick.iterdir()
    assert run("XA", "import", back)[0] == 0
    assert gap["XA"].messages.one(sent).delivery == "delivered"


def test_what_goes_wrong_is_said_and_has_its_number(gap: Gap, run: Run) -> None:
    room = gap["XA"].rooms.create("bilateral", "", [gap.id("XB")])
    gap["XA"].messages.send(room, "hello")
    code, _, err = run("XA", "export", gap.stick, "--to", "XB", "--to", "XZ")
    assert code == 2 and "XZ" in err and list(gap.stick.iterdir()) == []
    code, _, err = run("XA", "export", gap.stick / "none", "--to", "XB")
    assert code == 4 and "carrier.unreachable" in err
    assert run("XA", "export", gap.stick, "--to", "XB")[0] == 0
    (path,) = gap.stick.iterdir()
    code, out, err = run("XA", "import", path, "--wipe")
    assert code == 3 and "made here" in out and "courier.not_taken" in err and path.exists()
    picture = gap.stick / "picture"
    picture.write_bytes(os.urandom(9_000))
    code, out, _ = run("XB", "import", picture, path)
    assert code == 4 and "no bundle" in out and "new; bundle" in out  # the others are taken in all the same
    code, _, err = run("XB", "import", gap.stick / "none")
    assert code == 4 and "carrier.unreachable" in err
    second = gap.write("XA", "XB").place
    os.truncate(second, second.stat().st_size - 1)
    code, out, _ = run("XB", "import", second)
    assert code == 3 and "damaged or cut" in out and "(carrier.torn)" in out


def test_without_a_vault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--vault", str(tmp_path / "none"), "courier", "import", "x"]) == 2
    assert "no vault" in capsys.readouterr().err


def test_a_wrong_passphrase(gap: Gap, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    gap["XA"].close()
    monkeypatch.setattr(bootstrap, "gate", lambda folder: gap.gate("XA"))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"not this\n")))
    assert cli.run(["--passphrase-stdin", "courier", "import", "x"]) == 4
    assert "vault.passphrase" in capsys.readouterr().err
    gap.desks["XA"] = gap.gate("XA").unlock(bytearray(PASSPHRASE))


def test_anybody_may_look_and_learns_little(gap: Gap, capsys: pytest.CaptureFixture[str]) -> None:
    room = gap["XA"].rooms.create("bilateral", "", [gap.id("XB")])
    gap["XA"].messages.send(room, "hello")
    made = gap.write("XA", "XB")
    assert cli.run(["courier", "inspect", str(made.place)]) == 0
    out = capsys.readouterr().out
    assert f"{made.envelopes} sealed envelopes for 1 mailboxes, 1 sealed manifests" in out and "Every byte of it verifies" in out
    assert "Aurelia" not in out and "Borovia" not in out and "XB" not in out
    data = bytearray(made.place.read_bytes())
    data[-1] ^= 1
    made.place.write_bytes(data)
    assert cli.run(["courier", "inspect", str(made.place)]) == 3
    assert "0 parts do not verify" in capsys.readouterr().out
    data[20] ^= 1
    made.place.write_bytes(data)
    assert cli.run(["courier", "inspect", str(made.place)]) == 4
    assert "neither its beginning nor its end" in capsys.readouterr().out
    (gap.stick / "x").write_bytes(b"x")
    assert cli.run(["courier", "inspect", str(gap.stick / "x")]) == 4
    assert "no bundle" in capsys.readouterr().out
    assert cli.run(["courier", "inspect", str(gap.stick)]) == 4
    assert "courier.not_bundle" in capsys.readouterr().err
