"""`valise registers check`: the words of a person who writes a register, and exit codes for a script."""

from __future__ import annotations

from pathlib import Path

import pytest

from valise import cli

ROOT = Path(__file__).resolve().parents[1]


def check(*files: Path) -> int:
    return cli.run(["registers", "check", *map(str, files)])


def test_the_example_of_the_handbook_is_a_register(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (ROOT / "docs" / "registers.md").read_text("utf-8")
    file = tmp_path / "visits.toml"
    file.write_text(text.split("```toml\n", 1)[1].split("```", 1)[0], "utf-8")
    assert check(file) == 0
    said = capsys.readouterr().out
    assert "visits, rows about a record: 4 columns" in said and "terms have no ar" in said


def test_every_shipped_register_is_complete(capsys: pytest.CaptureFixture[str]) -> None:
    files = [one for one in sorted((ROOT / "resources" / "registers").glob("*.toml")) if not one.name.startswith("_")]
    assert len(files) == 25 and check(*files) == 0
    said = capsys.readouterr()
    assert len(said.out.splitlines()) == 25 and said.err == ""


def test_a_mistake_is_told_with_its_file_line_and_column(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "wrong.toml"
    file.write_text('id = "a"\r\nrows = ["record"]\r\ntitel = "A"\r\n', "utf-8", newline="")
    assert check(file) == 4
    assert capsys.readouterr().err == f'{file}: line 3, column 1: there is no key "titel" here; did you mean title?\n'


def test_what_is_no_text_and_what_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "bytes.toml"
    file.write_bytes(b"id = \xff\xfe")
    assert check(file) == 4 and "UTF-8" in capsys.readouterr().err
    assert check(tmp_path / "none.toml") == 1 and "cannot be read" in capsys.readouterr().err
    assert check(tmp_path) == 1
    file.write_bytes(b"#" * 5_000_000)
    assert check(file) == 4 and "longer than" in capsys.readouterr().err


def test_a_register_that_takes_an_id_of_the_program_is_told_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "norms.toml"
    file.write_text('id = "norms"\nrows = ["record"]\ntitle = "Ours"\n[[column]]\nid = "a"\nkind = "text"\ntitle = "A"\n', "utf-8")
    assert check(file) == 0 and "choose another id" in capsys.readouterr().out
