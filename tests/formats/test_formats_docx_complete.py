"""Nothing tracked is dropped in silence: texts with every mix of marks by three authors, each word its own."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st
from test_formats_docx_build import changed, mark, p, part_of, t, word

from valise.domain.errors import Refused
from valise.formats.abc import TITLE, Document
from valise.formats.docx import Docx

AUTHORS = st.sampled_from([None, None, "Ana", "Ben", "Cleo"])
NAMED = {"docx.struck_insertions", "docx.withdrawn", "docx.changes_within", "docx.label_changes"}


@dataclass(frozen=True)
class Bit:
    """One word of a file, its own; who inserted and who struck it."""

    text: str
    inserted: str | None
    struck: str | None
    moved: bool
    italic: bool

    @property
    def xml(self) -> str:
        made = t(self.text + " ", "<w:i/>" if self.italic else "", "delText" if self.struck else "t")
        for author, name in (
            (self.struck, "moveFrom" if self.moved else "del"),
            (self.inserted, "moveTo" if self.moved else "ins"),
        ):
            if author:
                made = f'<w:{name} w:id="1" w:author="{author}">{made}</w:{name}>'
        return made


@st.composite
def files(draw: st.DrawFn) -> tuple[list[Bit], bytes]:
    numbers = itertools.count()
    bits: list[Bit] = []
    body: list[str] = []
    for _ in range(draw(st.integers(1, 6))):
        author, struck = draw(AUTHORS), draw(AUTHORS)
        end = (mark("ins", author) if author else "") + (mark("del", struck) if struck else "")
        whole = draw(st.sampled_from([None, None, "inserted", "struck"]))
        own: list[Bit] = []
        for _ in range(draw(st.integers(0, 4))):
            inserted, gone = draw(AUTHORS), draw(AUTHORS)
            inserted = author if whole == "inserted" else inserted
            gone = struck if whole == "struck" else gone
            own.append(Bit(f"word{next(numbers)}x", inserted, gone, draw(st.booleans()), draw(st.booleans())))
        bits += own
        made = p(*(bit.xml for bit in own), mark=end)
        body.append(f"<w:tbl><w:tr><w:tc>{made}</w:tc></w:tr></w:tbl>" if draw(st.integers(0, 9)) == 0 else made)
    return bits, word(*body)


def struck_in(document: Document) -> str:
    """Every word that some change takes away."""
    made = []
    for one in document.changes:
        words = document.title if one.paragraph == TITLE else document.paragraphs[one.paragraph].words
        if one.kind == "words":
            made.append(words[slice(*one.span)])
        elif one.kind in ("delete", "move"):
            made.append(words)
    return " ".join(made)


@settings(max_examples=150, database=None, deadline=None)
@given(files())
def test_every_word_and_every_mark_arrives_or_is_named(made: tuple[list[Bit], bytes]) -> None:
    bits, data = made
    try:
        document = Docx().read(data)
    except Refused as refusal:
        assert refusal.code == "format.empty"
        assert not any(bit.inserted is None for bit in bits)
        return
    standing = " ".join([document.title, document.formula, *(para.words for para in document.paragraphs)])
    moved = " ".join(document.paragraphs[one.paragraph].words for one in document.changes if one.kind == "move")
    proposed = " ".join([moved, *(one.words for one in document.changes)])
    remarked = " ".join(one.words for one in document.comments)
    named = bool(NAMED & {note.code for note in document.notes})
    gone = struck_in(document)
    for bit in bits:
        assert (bit.text in standing) is (bit.inserted is None)
        if bit.inserted is not None and bit.struck is None:
            assert bit.text in proposed
            whose = {one.author for one in document.changes if bit.text in one.words}
            assert bit.inserted in whose or named or bit.text in moved
        if bit.inserted is None and bit.struck is not None:
            assert bit.text in gone or named
        if bit.inserted is None and bit.struck is None and bit.text in gone:
            # It goes only where a paragraph is split or joined, and then it stands in what comes instead.
            assert bit.text in proposed
        if bit.inserted is not None and bit.struck is not None:
            assert named
            assert bit.inserted == bit.struck or bit.text in remarked
    assert {one.author for one in document.changes} <= {"Ana", "Ben", "Cleo"}


@settings(max_examples=80, database=None, deadline=None)
@given(files(), st.sampled_from(["Ana", "Ben", "Cleo"]))
def test_by_one_author_all_changes_give_the_accepted_text(made: tuple[list[Bit], bytes], author: str) -> None:
    """Where a single author did it all, the changes applied give the words that accepting all of them would."""
    bits, data = made
    for other in ("Ana", "Ben", "Cleo"):
        data = _as_by(data, other, author)
    try:
        document = Docx().read(data)
    except Refused:
        return
    title = _applied(document, TITLE, document.title)
    body = [_applied(document, at, para.words) for at, para in enumerate(document.paragraphs)]
    news = [one.words for one in document.changes if one.kind == "paragraph"]
    gone = {one.paragraph for one in document.changes if one.kind == "delete"}
    text = " ".join([title, document.formula, *(one for at, one in enumerate(body) if at not in gone), *news]).replace(
        "*", ""
    )
    accepted = sorted(bit.text for bit in bits if bit.struck is None)
    assert sorted(text.split()) == accepted


def _as_by(data: bytes, old: str, new: str) -> bytes:
    name = "word/document.xml"
    return changed(data, name, f'"{old}"', f'"{new}"') if f'"{old}"' in part_of(data, name) else data


def _applied(document: Document, index: int, words: str) -> str:
    edits = [one for one in document.changes if one.kind == "words" and one.paragraph == index]
    for one in sorted(edits, key=lambda change: change.span, reverse=True):
        words = words[: one.span[0]] + one.words + words[one.span[1] :]
    return words
