"""Opening a text from a Word file with tracked changes: nothing marked there is lost, and every author is named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.world import World

from valise.bootstrap import read_document
from valise.formats.abc import TITLE, Change, Comment, Document, Para
from valise.formats.docx import Docx

DRAFT = Document(
    "Draft decision",
    (
        Para("PP", "PP 1", "*Recalling* its mandate,", "agreed ad ref", number=1),
        Para("OP", "OP 1", "*Requests* States to answer within a day;", "open", number=1),
        Para("OP", "OP 2", "*Decides* to meet again.", "open", number=2),
    ),
    "en",
    changes=(
        Change("words", TITLE, (0, 5), "Revised draft", "XB"), Change("words", 1, (35, 40), "two days", "XB"),
        Change("words", 0, (16, 23), "work", "XG"), Change("delete", 2, author="XG"),
        Change("paragraph", after=1, words="*Invites* States to say whom to call;", author="XC", section="OP", label="OP 1 bis"),
        Change("move", 2, after=0, author="XC"),
    ),
    comments=(Comment(1, (0, 10), "Is this realistic?", "XD"),),
)  # fmt: skip


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, ("XA", "XB"))
    yield made
    made.close()


def test_every_change_is_a_proposal_or_a_remark_that_says_it(world: World) -> None:
    room = world.room(members=("XA", "XB"))
    told = read_document("draft.docx", Docx().write(DRAFT))
    assert len(told["changes"]) == 6 and len(told["comments"]) == 1
    desk = world["XA"]
    text = desk.texts.open(
        room, told["title"], language=told["language"], paragraphs=told["paragraphs"], changes=told["changes"],
        comments=told["comments"], named=lambda author: f"As found in the file, by {author}.",
    )  # fmt: skip
    world.exchange()
    for one in (desk, world["XB"]):
        title, pp, op1, op2 = (one.texts.paragraph(text, row.id) for row in one.texts.outline(text))
        assert [(each.kind, each.reason[-3:]) for each in title.proposals] == [("title", "XB.")]
        assert [(each.words, each.quote) for each in op1.proposals if each.kind == "words"] == [("two days", "a day")]
        assert [each.words for each in op1.proposals if each.kind == "paragraph"] == ["*Invites* States to say whom to call;"]
        assert sorted(each.kind for each in op2.proposals) == ["delete", "move"]
        assert all(each.author == world.id("XA") for view in (title, op1, op2) for each in view.proposals)
        assert not pp.proposals  # agreed: what somebody wants otherwise there stays in sight as a remark
        assert [each.words for each in one.texts.comments(text, pp.paragraph.id)] == ["As found in the file, by XG. [work]"]
        assert [each.words for each in one.texts.comments(text, op1.paragraph.id)] == [
            "As found in the file, by XD. Is this realistic?"]  # fmt: skip
    assert "".join(run.text for run in desk.texts.paragraph(text, desk.texts.outline(text)[2].id).runs).startswith(
        "*Requests* States to answer within [a day / two days (XA)]")  # fmt: skip


def test_a_text_without_changes_opens_as_before(world: World) -> None:
    told = read_document("draft.docx", Docx().write(Document(DRAFT.title, DRAFT.paragraphs, "en")))
    text = world["XA"].texts.open(world.room(members=("XA", "XB")), told["title"], paragraphs=told["paragraphs"])
    assert world["XA"].texts.head(text).open_proposals == 0


def test_places_are_counted_in_the_words_as_they_are_kept(world: World) -> None:
    """A file may spell its accents in two characters; the text keeps one, and a change behind it must not slip."""
    words = "*De\u0301cide* d’e\u0301tudier la question;"
    at = words.index("question")
    marked = Document(
        "Projet", (Para("OP", "OP 1", words, "open", number=1),), "fr",
        changes=(Change("words", 0, (at, at + len("question")), "proposition", "XB"),),
    )  # fmt: skip
    told = read_document("a.docx", Docx().write(marked))
    text = world["XA"].texts.open(
        world.room(members=("XA", "XB")), told["title"], language="fr", paragraphs=told["paragraphs"], changes=told["changes"])  # fmt: skip
    (one,) = world["XA"].texts.paragraph(text, world["XA"].texts.outline(text)[1].id).proposals
    assert (one.quote, one.words) == ("question", "proposition")
