"""Exporting a text: everything the room said on it under its delegation, and nothing that is internal."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from tests.world import World

from valise.bootstrap import read_document
from valise.domain.errors import NotAllowed
from valise.formats import child

RED = "wainscot persimmon quarrel"
PARAGRAPHS = [
    {"section": "PP", "label": "PP 1", "words": "*Recalling* its decision of last year,", "status": "open"},
    {"section": "OP", "label": "OP 1", "words": "*Requests* States to answer within a day;", "status": "open"},
    {"section": "OP", "label": "OP 1 (a)", "words": "By telephone;", "status": "open", "parent": "OP 1"},
    {"section": "OP", "label": "OP 2", "words": "*Decides* to meet again.", "status": "open"},
]
FORMATS = ("docx", "akn", "notation", "plain")
KINDS = ("clean", "tracked", "compilation", "by-delegation")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, ("XA", "XB", "XG"))
    yield made
    made.close()


@pytest.fixture
def text(world: World) -> str:
    made = world["XA"].texts.open(world.room(), "Draft decision", symbol="FICT/1", organ="The Global Mechanism,", paragraphs=PARAGRAPHS)
    world["XA"].texts.revision(made, "FICT/1/Rev.1")
    world.exchange()
    ids = {row.label: row.id for row in world["XA"].texts.outline(made)}
    two = world["XB"].texts.propose_words(made, ids["OP 1"], "*Requests* States to answer within two days;")[0]
    world["XG"].texts.propose_paragraph(made, ids["OP 2"], "OP", "*Invites* States to say whom to call;")
    world["XG"].texts.propose_delete(made, ids["PP 1"], "not needed")
    world["XB"].texts.propose_move(made, ids["OP 2"], "")
    world.exchange()
    world["XG"].texts.cosponsor(made, two)
    world["XA"].texts.position(made, two, "reserve")
    world["XA"].texts.comment(made, ids["OP 2"], "When?")
    world["XA"].internal.write(made, ids["OP 1"], RED)
    world["XA"].texts.agree(made, ids["OP 1 (a)"])
    world.exchange()
    return made


def test_a_word_file_holds_every_wish_under_its_delegation(world: World, text: str) -> None:
    back = child.read("a.docx", world["XA"].export.file(text, "docx", "tracked", marking="TLP:AMBER"))
    assert (back.title, back.formula, back.symbol) == ("Draft decision", "The Global Mechanism,", "FICT/1/Rev.1")
    assert [(one.label, one.status, one.parent) for one in back.paragraphs] == [
        ("PP 1", "open", ""), ("OP 1", "open", ""), ("OP 1 (a)", "agreed ad ref", "OP 1"), ("OP 2", "open", "")]  # fmt: skip
    assert sorted((one.kind, one.author) for one in back.changes) == [
        ("delete", "XG"), ("move", "XB"), ("paragraph", "XG"), ("words", "XB, XG")]  # fmt: skip
    assert {(one.author, one.words) for one in back.comments} == {("XA", "reserve (XB/1)"), ("XA", "When?")}
    assert back.fields.get("Handling") == "TLP:AMBER"


def test_the_same_file_from_every_laptop(world: World, text: str) -> None:
    for format_name in FORMATS:
        assert len({world[code].export.file(text, format_name, "tracked") for code in ("XA", "XB", "XG")}) == 1


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize("kind", KINDS)
def test_no_internal_word_is_in_any_export(world: World, text: str, format_name: str, kind: str) -> None:
    data = world["XA"].export.file(text, format_name, kind)
    plain = data
    if format_name == "docx":
        with zipfile.ZipFile(BytesIO(data)) as archive:
            plain = b"".join(archive.read(name) for name in archive.namelist())
    assert not any(word.encode() in plain for word in RED.split())
    assert b"Officer" not in plain  # nor anybody's name
    assert (b"two days" in plain) == (kind != "clean")


def test_a_revision_is_exported_as_it_was(world: World, text: str) -> None:
    first = world["XA"].texts.head(text).revisions[0].id
    assert child.read("a.docx", world["XA"].export.file(text, "docx", "tracked", first)).changes == ()


def test_what_comes_back_untouched_changes_nothing(world: World, text: str) -> None:
    told = read_document("a.docx", world["XA"].export.file(text, "docx", "tracked"))
    again = world["XB"].texts.open(
        world.room(), told["title"], symbol="FICT/1", organ="The Global Mechanism,",
        paragraphs=[one for one in told["paragraphs"] if one["words"] != "The Global Mechanism,"])  # fmt: skip
    def words(desk: str, name: str) -> list[str]:
        rows = world[desk].texts.outline(name)
        return [world[desk].texts.paragraph(name, row.id).paragraph.words for row in rows]

    assert words("XB", again) == words("XA", text)


def test_an_unknown_kind_is_refused(world: World, text: str) -> None:
    with pytest.raises(NotAllowed, match=r"text\.export-kind"):
        world["XA"].export.file(text, "docx", "nice")
