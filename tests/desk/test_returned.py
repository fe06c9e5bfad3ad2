"""A Word file that comes back: what was changed in it becomes proposals, and nothing is guessed."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from tests.world import World

from valise.domain.errors import NotAllowed
from valise.formats import child
from valise.formats.abc import Change, Comment, Document, by_name

PARAGRAPHS = [
    {"section": "PP", "label": "PP 1", "words": "*Recalling* its decision of last year,", "status": "open"},
    {"section": "OP", "label": "OP 1", "words": "*Requests* States to answer within a day;", "status": "open"},
    {"section": "OP", "label": "OP 2", "words": "*Invites* States to test their points of contact;", "status": "open"},
    {"section": "OP", "label": "OP 3", "words": "*Decides* to meet again.", "status": "closed"},
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
    return made


def sent(world: World, text: str, kind: str = "tracked") -> Document:
    return child.read("a.docx", world["XB"].export.file(text, "docx", kind))


def written(document: Document, author: str = "Author 1") -> bytes:
    """The file as Word would leave it: we write no person's name, somebody's Word does."""
    data, made = BytesIO(by_name("docx").write(document)), BytesIO()
    with zipfile.ZipFile(data) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"Author 1", author.encode()))
    return made.getvalue()


def typed(document: Document, place: int, words: str) -> Document:
    paras = list(document.paragraphs)
    paras[place] = replace(paras[place], words=words)
    return replace(document, paragraphs=tuple(paras))


def test_an_untouched_file_changes_nothing(world: World, text: str) -> None:
    world["XA"].texts.propose_words(text, world["XA"].texts.outline(text)[2].id, "*Requests* States to answer at once;")
    world.exchange()
    for kind in ("tracked", "clean"):
        read = world["XB"].returned.read(text, "a.docx", world["XB"].export.file(text, "docx", kind))
        assert (read.changes, read.comments) == ((), ())


def test_what_was_typed_over_or_tracked_is_proposed_as_far_as_chosen(world: World, text: str) -> None:
    back = typed(sent(world, text), 1, "*Requests* States to answer within two days;")
    back = replace(
        back,
        changes=(Change("words", 2, (9, 16), " all States", "Somebody in the capital"),
                 Change("paragraph", words="*Thanks* the Chair;", after=2, author="Somebody in the capital")),
        comments=(Comment(2, (0, 0), "Why only test?", "Somebody in the capital"),),
    )  # fmt: skip
    b = world["XB"]
    read = b.returned.read(text, "a.docx", written(back, "Somebody in the capital"))
    assert read.base in ("", b.texts.head(text).revisions[0].id) and not any(one.held for one in read.changes)
    told = {(one.label, one.kind, one.author) for one in read.changes}
    assert told == {("OP 1", "words", ""), ("OP 2", "words", "Somebody in the capital"), ("OP 2", "paragraph", "Somebody in the capital")}
    assert [(one.words, one.author) for one in read.comments] == [("Why only test?", "Somebody in the capital")]
    named = {"Somebody in the capital": "found in the file, by XB", "": "found in the file"}
    every = [one.n for one in read.changes if one.kind != "paragraph"]
    brought = b.returned.bring(text, read, every, [0], lambda author: named[author])
    assert (len(brought.proposals), brought.drafts, brought.remarks) == (2, (), 1)
    world.exchange()
    a = world["XA"]
    ids = {row.label: row.id for row in a.texts.outline(text)}
    (first,) = a.texts.paragraph(text, ids["OP 1"]).proposals
    assert (first.reason, first.quote, first.words) == ("found in the file", "a day", "two days")
    (second,) = a.texts.paragraph(text, ids["OP 2"]).proposals
    assert second.reason == "found in the file, by XB"
    assert "Somebody" not in repr(a.texts.comments(text, ids["OP 2"])) + a.texts.notation(text)


def test_words_the_pen_changed_meanwhile_are_shown_and_not_touched(world: World, text: str) -> None:
    back = typed(typed(sent(world, text), 1, "*Requests* States to answer within two days;"), 3, "*Decides* to end.")
    back = typed(back, 2, "*Invites* all States to test their points of contact;")
    ids = [row.id for row in world["XA"].texts.outline(text)]
    edit = {"op": "words", "paragraph": ids[2], "words": "*Requests* States to answer within one working day;"}
    world["XA"].texts.merge(text, [edit], [])
    world.exchange()
    b = world["XB"]
    read = b.returned.read(text, "a.docx", written(back))
    assert read.symbol == "FICT/1/Rev.1"  # found to be what the file was made from
    assert {one.label: one.held for one in read.changes} == {
        "OP 1": "returned.changed", "OP 2": "", "OP 3": "returned.agreed"}  # fmt: skip
    brought = b.returned.bring(text, read, [one.n for one in read.changes], [])
    assert len(brought.proposals) == 1
    world.exchange()
    shown = world["XA"].texts.paragraph(text, ids[3])
    assert [one.words for one in shown.proposals] == [" all"] or "all" in shown.proposals[0].words
    # and when the pen is faster than the officer, nothing is proposed at all
    again = b.returned.read(text, "a.docx", written(typed(sent(world, text), 0, "*Recalling* its decision,")))
    edit = {"op": "words", "paragraph": ids[1], "words": "*Recalling* its decisions,"}
    world["XA"].texts.merge(text, [edit], [])
    world.exchange()
    with pytest.raises(NotAllowed, match=r"returned\.changed"):
        b.returned.bring(text, again, [one.n for one in again.changes], [])


def test_who_an_author_is_is_remembered_and_forgotten(world: World) -> None:
    b = world["XB"].returned
    b.remember({"Somebody": world.id("XA"), "Another": world.id("XB")})
    assert b.authors() == {"Somebody": world.id("XA"), "Another": world.id("XB")}
    b.remember({"Another": ""})
    world.reopen("XB")
    assert world["XB"].returned.authors() == {"Somebody": world.id("XA")}
    assert world["XA"].returned.authors() == {}


def test_the_opening_line_is_not_missed_and_remarks_keep_their_paragraph(world: World) -> None:
    """The reader takes the opening line for the enacting formula; in our text it is a paragraph."""
    paragraphs = [{"section": "other", "label": "", "words": "The General Assembly,", "status": "open"}, *PARAGRAPHS]
    text = world["XA"].texts.open(world.room(), "Draft decision", symbol="FICT/2", paragraphs=paragraphs)
    world.exchange()
    data = world["XB"].export.file(text, "docx", "clean")
    back = child.read("a.docx", data)
    back = typed(back, 2 if back.paragraphs[0].section == "other" else 1, "*Requests* States to answer within two days;")
    place = next(n for n, one in enumerate(back.paragraphs) if one.label == "OP 2")
    new = replace(back.paragraphs[place], label="", words="*Thanks* the Chair for her patience with all of us;")
    back = replace(back, paragraphs=(*back.paragraphs[:1], new, *back.paragraphs[1:]),
                   comments=(Comment(place + 1, (0, 0), "Why only test?", "Author 1"),))  # fmt: skip
    stripped = BytesIO()
    with zipfile.ZipFile(BytesIO(by_name("docx").write(back))) as old, zipfile.ZipFile(stripped, "w") as made:
        for name in old.namelist():
            if not name.startswith("customXml"):
                made.writestr(name, old.read(name).replace(b'Target="../customXml', b'Target="../gone'))
    read = world["XB"].returned.read(text, "a.docx", stripped.getvalue())
    told = sorted((one.kind, one.label) for one in read.changes)
    assert ("delete", "") not in told and ("words", "OP 1") in told
    (comment,) = read.comments
    rows = {row.id: row.label for row in world["XB"].texts.outline(text)}
    assert rows[comment.target] == "OP 2"
