"""What the window asks before a text leaves: the formats there are, how much is in it, what a format loses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.world import World

from valise.domain.errors import NotAllowed, NotYet, Unavailable

PARAGRAPHS = [
    {"section": "PP", "label": "PP 1", "words": "*Recalling* its decision of last year,", "status": "open"},
    {"section": "OP", "label": "OP 1", "words": "*Requests* States to answer within a day;", "status": "open"},
]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, ("XA", "XB"))
    yield made
    made.close()


@pytest.fixture
def text(world: World) -> str:
    made = world["XA"].texts.open(world.room(), "Draft decision", symbol="FICT/1", paragraphs=PARAGRAPHS)
    world["XA"].texts.revision(made, "FICT/1/Rev.1")
    world.exchange()
    two = world["XB"].texts.propose_words(made, world["XB"].texts.outline(made)[2].id, "*Requests* States to answer within two days;")[0]
    world.exchange()
    world["XA"].texts.cosponsor(made, two)
    world["XA"].texts.propose_delete(made, world["XA"].texts.outline(made)[1].id)
    world["XB"].texts.comment(made, two, "Or three?")
    world.exchange()
    return made


def test_every_format_is_offered_with_what_it_can_hold(world: World) -> None:
    offers = {one.name: (one.ending, one.marks) for one in world["XA"].export.offers()}
    assert offers == {
        "docx": (".docx", True), "akn": (".xml", True), "html": (".html", False), "notation": (".md", False),
        "pdf": (".pdf", False), "plain": (".txt", False),
    }  # fmt: skip


def test_what_would_leave_is_counted_by_delegation_and_revision(world: World, text: str) -> None:
    leaving = world["XA"].export.leaving(text)
    assert (leaving.paragraphs, leaving.changes, leaving.comments) == (2, (("XA", 1), ("XB, XA", 1)), (("XB", 1),))
    first = world["XA"].texts.head(text).revisions[0].id
    assert world["XA"].export.leaving(text, first).changes == ()
    with pytest.raises(NotYet):
        world["XA"].export.leaving(text, "no revision")
    with pytest.raises(NotAllowed, match=r"text\.unknown"):
        world["XA"].export.leaving("no text")


def test_what_a_format_loses_is_told(world: World, text: str) -> None:
    export = world["XA"].export
    made = export.made(text, "docx", "tracked")
    assert (made.kind, made.lost) == ("tracked", ()) and made.data == export.file(text, "docx", "tracked")
    made = export.made(text, "plain", "tracked")
    assert made.kind == "compilation" and "statuses" in made.lost


def test_a_place_that_cannot_be_written_is_an_error_of_ours(world: World, tmp_path: Path) -> None:
    world["XA"].export.save(tmp_path / "a.docx", b"words")
    assert (tmp_path / "a.docx").read_bytes() == b"words"
    with pytest.raises(Unavailable, match=r"file\.unwritable"):
        world["XA"].export.save(tmp_path / "absent" / "a.docx", b"words")
