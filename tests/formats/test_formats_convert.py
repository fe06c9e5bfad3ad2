"""`valise convert IN OUT`: what goes in comes out, and what a format cannot hold is said."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from valise import cli
from valise.formats import abc, child, inspect
from valise.formats.abc import Change, Comment, Document, Para
from valise.formats.convert import LOSSES, READ, REFUSED, USAGE, lost, main

SAMPLE = files("valise.resources").joinpath("reference", "sample_text.md")
DRAFT = Document(
    "Draft decision",
    (
        Para("PP", "PP 1", "*Recalling* its mandate,", "agreed ad ref", number=1),
        Para("OP", "OP 1", "*Requests* States to answer within a day;", "open", number=1),
    ),
    "en",
    changes=(Change("words", 1, (35, 40), "two days", "XB"), Change("paragraph", after=1, words="*Decides* to meet again.",
                                                                      author="XG", section="OP", label="OP 2")),
    comments=(Comment(0, (0, 11), "Which one?", "XA"),),
)  # fmt: skip


def run(*argv: object) -> tuple[int, str]:
    err = io.StringIO()
    return main([str(one) for one in argv], err), err.getvalue()


def written(path: Path, document: Document) -> Path:
    path.write_bytes(abc.by_name({".docx": "docx", ".xml": "akn"}[path.suffix]).write(document))
    return path


def same(one: Document, other: Document) -> bool:
    return lost(one, other) == []


@pytest.mark.parametrize(("first", "second"), [(".docx", ".xml"), (".xml", ".docx")])
def test_changes_stay_changes_where_they_can(tmp_path: Path, first: str, second: str) -> None:
    source = written(tmp_path / f"a{first}", DRAFT)
    code, told = run(source, tmp_path / f"b{second}")
    assert (code, told) == (READ, "2 paragraphs, 2 changes\n")
    back = child.read(f"b{second}", (tmp_path / f"b{second}").read_bytes())
    assert same(DRAFT, back)
    assert run(tmp_path / f"b{second}", tmp_path / f"c{first}")[0] == READ
    assert same(DRAFT, child.read(f"c{first}", (tmp_path / f"c{first}").read_bytes()))


def test_else_they_stand_in_brackets_and_nobodys_words_are_gone(tmp_path: Path) -> None:
    code, told = run(written(tmp_path / "a.docx", DRAFT), tmp_path / "b.md")
    assert code == READ, told
    text = (tmp_path / "b.md").read_text("utf-8")
    for words in ("[a day / two days (XB)]", "[XG: *Decides* to meet again.]", "(XA: Which one?)", "agreed ad ref"):
        assert words in text


def test_the_sample_through_every_format_and_back(tmp_path: Path) -> None:
    with as_file(SAMPLE) as path:
        ours = child.read("a.md", path.read_bytes())
        for ending in (".docx", ".xml"):
            assert run(path, tmp_path / f"b{ending}")[0] == READ
            assert run(tmp_path / f"b{ending}", tmp_path / f"c{ending}.md")[0] == READ
            assert same(replace(ours, frame=()), child.read("c.md", (tmp_path / f"c{ending}.md").read_bytes()))


def test_what_a_format_cannot_hold_is_said(tmp_path: Path) -> None:
    code, told = run(written(tmp_path / "a.docx", DRAFT), tmp_path / "b.txt")
    assert code == LOSSES
    assert "not kept by this format: statuses" in told
    assert "two days" in (tmp_path / "b.txt").read_text("utf-8")


@pytest.mark.parametrize("kind", ["clean", "by-delegation"])
def test_a_kind_can_be_asked_for(tmp_path: Path, kind: str) -> None:
    assert run(written(tmp_path / "a.docx", DRAFT), tmp_path / "b.docx", "--kind", kind)[0] == READ
    back = child.read("b.docx", (tmp_path / "b.docx").read_bytes())
    assert back.changes == ()
    words = " ".join(para.words for para in back.paragraphs)
    assert ("two days" in words) == (kind == "by-delegation")


def test_what_is_there_is_not_replaced_unasked(tmp_path: Path) -> None:
    source, target = written(tmp_path / "a.docx", DRAFT), tmp_path / "b.md"
    target.write_text("mine", "utf-8")
    code, told = run(source, target)
    assert (code, target.read_text("utf-8")) == (USAGE, "mine") and "--overwrite" in told
    assert run(source, target, "--overwrite")[0] == READ
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.docx", "b.md"]


@pytest.mark.parametrize(
    ("source", "target"), [("none.docx", "b.md"), ("broken.docx", "b.md"), ("a.docx", "b.pages"), ("a.docx", "no/folder/b.md")]
)
def test_what_cannot_be_done_changes_nothing(tmp_path: Path, source: str, target: str) -> None:
    written(tmp_path / "a.docx", DRAFT)
    (tmp_path / "broken.docx").write_bytes(b"PK\x03\x04 nothing")
    before = sorted(tmp_path.iterdir())
    code, told = run(tmp_path / source, tmp_path / target)
    assert code == REFUSED and told
    assert sorted(tmp_path.iterdir()) == before


def test_inspect_shows_changes_and_comments(tmp_path: Path) -> None:
    source = written(tmp_path / "a.docx", DRAFT)
    out = io.StringIO()
    assert inspect.main([str(source), "--json"], out, io.StringIO()) == READ
    told = json.loads(out.getvalue())
    assert [one["author"] for one in told["changes"]] == ["XB", "XG"] and told["comments"][0]["words"] == "Which one?"
    out = io.StringIO()
    inspect.main([str(source)], out, io.StringIO())
    assert "  XB, OP 1: words: two days\n" in out.getvalue() and "  XA, PP 1: Which one?\n" in out.getvalue()


def test_the_command_line_knows_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["convert", str(written(tmp_path / "a.docx", DRAFT)), str(tmp_path / "b.xml")]) == READ
    assert "2 paragraphs" in capsys.readouterr().err
