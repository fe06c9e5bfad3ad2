"""The Word files of tests/corpus, and exactly what becomes of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from valise.domain.errors import Refused
from valise.formats import child, confined
from valise.formats.abc import Change, Comment

CORPUS = Path(__file__).parents[1] / "corpus"
REFUSED = {
    "docx_laughs.docx": "format.xml_dtd",
    "docx_bomb.docx": "format.unpacked",
    "docx_climbing.docx": "format.zip",
    "docx_cut.docx": "format.zip",
    "docx_old.doc": "format.old_word",
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    data = (CORPUS / name).read_bytes()
    for read in (child.read, confined.read):
        with pytest.raises(Refused) as refusal:
            read(name, data)
        assert refusal.value.code == REFUSED[name]


def test_macros_are_named_and_not_read() -> None:
    document = confined.read("docx_macros.docx", (CORPUS / "docx_macros.docx").read_bytes())
    assert [note.code for note in document.notes if note.lossy] == ["docx.macros"]
    assert [para.words for para in document.paragraphs] == ["Decides it;"]


def test_three_authors_arrive_complete() -> None:
    document = confined.read("docx_three_authors.docx", (CORPUS / "docx_three_authors.docx").read_bytes())
    assert (document.title, document.formula) == ("Draft decision on contacts", "The Global Mechanism,")
    assert [(para.label, para.words) for para in document.paragraphs] == [
        ("PP 1", "*Recalling* its mandate,"), ("PP 2", "*Noting* the report Group,"),
        ("OP 1", "Decides:"), ("OP 1 (a)", "one;"), ("OP 1 (b)", "two;"), ("OP 2", "Requests it;"),
        ("OP 3", "Invites it."), ("", "In a cell"),
    ]  # fmt: skip
    assert document.changes == (
        Change("words", 1, (9, 13), "", "Author A"), Change("words", 1, (13, 13), "a ", "Author B"),
        Change("words", 1, (19, 19), " of the ", "Author A"),
        Change("paragraph", words="Noting also more,", author="Author C", after=1, section="PP"),
        Change("delete", 5, author="Author B"),
    )  # fmt: skip
    assert document.comments == (
        Comment(1, (19, 19), "[Author A: [~~the~~ – Author C: delete]]", "Author C"),
        Comment(4, (0, 3), "Why two?", "Author A"),
        Comment(6, (7, 7), "Footnote: See A/RES/1.", ""),
    )
    assert [note.code for note in document.notes] == [
        "docx.tables", "docx.footnotes", "docx.struck_insertions", "docx.labels_made",
    ]  # fmt: skip
