"""`valise inspect FILE`."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from valise.formats import child
from valise.formats.inspect import LOSSES, READ, REFUSED, USAGE, as_json, as_text, describe, main

SAMPLE = files("valise.resources").joinpath("reference", "sample_text.md")
EXPECTED = json.loads(Path(__file__).with_name("sample_expected.json").read_text("utf-8"))


def run(*argv: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    return main(argv, out, err), out.getvalue(), err.getvalue()


def test_the_sample_whole() -> None:
    """Every number, status, label, alternative and attribution, through the command and its child."""
    with as_file(SAMPLE) as path:
        code, out, err = run(str(path), "--json")
    assert (code, err) == (READ, "")
    found = json.loads(out)
    assert found["title"] == EXPECTED["title"]
    assert found["summary"] == EXPECTED["summary"]
    known = EXPECTED["paragraphs"][0].keys()
    assert [{name: one[name] for name in known} for one in found["paragraphs"]] == EXPECTED["paragraphs"]
    key = lambda one: one["paragraph"]  # noqa: E731
    assert sorted(found["slips"], key=key) == sorted(EXPECTED["slips"], key=key)
    assert found["notes"] == []
    assert found["paragraphs"][0]["section"] == "PP"
    assert found["paragraphs"][-1]["words"] == "*Decides* to revert to the matter at its next session."
    assert (found["language"], found["direction"], found["formula"]) == ("en", "ltr", "The Global Mechanism,")


def test_for_a_person() -> None:
    text = as_text(describe(child.read("a.md", SAMPLE.read_bytes())))
    assert "27 paragraphs (12 PP, 15 OP), 4 sub-paragraphs, 3 alternatives, 3 bis or ter" in text
    assert "OP 9 alt (ALP) (open)" in text
    assert "  ALP: scrutiny reservation\n" in text
    assert "  OP 11: agreed ad ref but brackets remain\n" in text


def test_losses_have_their_own_code(tmp_path: Path) -> None:
    path = tmp_path / "draft.txt"
    path.write_text("Draft\n\nRecalling its\nmandate,\n\nDecides.\n", "utf-8")
    code, out, _ = run(str(path))
    assert code == LOSSES
    assert "lost: plain.lines_joined" in out


def test_wrong_calls() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stderr", io.StringIO())
        assert run()[0] == USAGE
        assert run("a", "--nonsense")[0] == USAGE
        patch.setattr(sys, "stdout", io.StringIO())
        assert run("--help")[0] == READ


def test_refusals_say_their_code_and_nothing_of_the_file(tmp_path: Path) -> None:
    secret = tmp_path / "draft.md"
    secret.write_bytes(b"**OP 1** our red line \xff")
    code, out, err = run(str(secret), "--json")
    assert (code, out) == (REFUSED, "")
    assert err.startswith("format.encoding: ")
    assert "red line" not in err
    assert run(str(tmp_path / "none"))[::2] == (REFUSED, "format.no_file: the file cannot be opened\n")
    assert run(str(tmp_path))[0] == REFUSED
    assert run("a\0b")[0] == REFUSED


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_does_not_hold_us(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    code, _, err = run(str(tmp_path / "pipe"))
    assert (code, err.split(":")[0]) == (REFUSED, "format.not_a_file")


def test_a_big_file_reports_progress_on_the_error_stream(tmp_path: Path) -> None:
    path = tmp_path / "big.md"
    path.write_text("\n\n".join(f"**OP {at}** *Decides* {'word ' * 100};" for at in range(1, 1201)), "utf-8")
    code, out, err = run(str(path), "--json")
    assert code == READ
    assert err.splitlines() == ["reading 0.6 MiB", "1000 of 1200 paragraphs", "1200 of 1200 paragraphs"]
    assert json.loads(out)["summary"]["OP"] == 1200


def test_nothing_a_file_says_moves_the_cursor(tmp_path: Path) -> None:
    path = tmp_path / "tricky.md"
    path.write_text("## Title\n\nT\u202eitle\n\n**OP 1** a\u009b2J\u2066b *(open)*\n", "utf-8")
    _, text, _ = run(str(path))
    assert "T<U+202E>itle" in text
    assert not {"\u202e", "\u009b", "\u2066"} & set(text)
    _, out, _ = run(str(path), "--json")
    assert not {"\u202e", "\u009b", "\u2066"} & set(out)
    assert json.loads(out)["paragraphs"][0]["words"] == "a\u009b2J\u2066b"


def test_right_to_left_words_are_isolated() -> None:
    text = as_text(describe(child.read("a.txt", "مشروع\n\nإذ تشير إلى ذلك،\n\nتقرر ذلك؛\n".encode())))
    assert "\u2067تقرر ذلك؛\u2069\n" in text


def test_json_is_json_for_every_file_of_the_corpus() -> None:
    corpus = Path(__file__).parents[1] / "corpus"
    described = describe(child.read("a.md", (corpus / "deep.md").read_bytes()))
    assert json.loads(as_json(described)) == described


def test_no_vault_is_opened() -> None:
    script = (
        "import sys, valise.formats.inspect as i\n"
        "with_file = i.main([sys.argv[1]], err=sys.stderr)\n"
        "bad = [m for m in sys.modules if m.split('.')[0] in ('PySide6', 'vodozemac', 'cryptography', 'sqlcipher3',"
        " 'nacl')"
        " or m.startswith(('valise.vault', 'valise.protocol', 'valise.desk', 'valise.ui', 'valise.carriers'))]\n"
        "sys.exit(f'{with_file} {bad}' if bad or with_file else 0)"
    )
    with as_file(SAMPLE) as path:
        told = subprocess.run(
            [sys.executable, "-I", "-c", script, str(path)], capture_output=True, timeout=60, check=False
        )
    assert told.returncode == 0, told.stderr
