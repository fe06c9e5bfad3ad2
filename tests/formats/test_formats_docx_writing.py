"""What is written: equal when read again, the same bytes every time, nobody named, and the four kinds."""

from __future__ import annotations

import json
import re
import zipfile
from dataclasses import replace
from importlib.resources import files
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_formats_docx_build import changed, part_of, repacked

from valise.domain.errors import Refused
from valise.domain.text.inline import parse
from valise.domain.text.kinds import Words
from valise.formats import abc, wire
from valise.formats.abc import TITLE, Change, Comment, Document, Para
from valise.formats.docx import Docx
from valise.formats.docx.package import Package
from valise.formats.docx.reading import see
from valise.formats.kinds import KINDS, by_delegation, clean, compilation, tracked
from valise.formats.labels import Label
from valise.formats.notation import Notation
from valise.formats.storable import storable

WORDFILE = Docx()
SAMPLE = files("valise.resources").joinpath("reference", "sample_text.md").read_bytes()
PARAS = (
    Para("PP", "PP 1", "*Recalling* its mandate,", "closed", number=1),
    Para("PP", "PP 2", "*Noting* that the Group met,", "open", number=2),
    Para("OP", "OP 1", "*Decides* that each State:", "open", number=1),
    Para("OP", "OP 1 (a)", "answers in time;", "open", "OP 1", number=1),
    Para("OP", "OP 2", "*Requests* a report.", "parked", number=2),
)
CHANGES = (
    Change("words", 1, (14, 17), "an Open", "XA"),
    Change("words", 1, (28, 28), " twice", "XB"),
    Change("paragraph", words="*Noting also* more,", author="XC", after=1, section="PP", label="PP 2 bis"),
    Change("delete", 3, author="XD"),
    Change("move", 4, author="XE", after=1),
    Change("words", TITLE, (0, 5), "Draft new", "XA"),
)
COMMENTS = (Comment(2, (10, 14), "Which?\nAll of them?", "XF"), Comment(TITLE, (0, 0), "a", "XA"))
FULL = Document("Draft decision on contacts", PARAS, "en", formula="The Global Mechanism,",
                header=("Symbol: FICT/1", "Handling: TLP:AMBER", "Date: 2026-12-08"), changes=CHANGES, comments=COMMENTS)  # fmt: skip


def same(made: Document, document: Document) -> None:
    paragraphs = tuple(replace(para, shape=None, wraps=()) for para in document.paragraphs)
    assert made.paragraphs == paragraphs
    assert (made.title, made.formula, made.language) == (document.title, document.formula, document.language)
    assert (made.changes, made.comments) == (document.changes, document.comments)


def test_read_again_it_is_the_same() -> None:
    data = WORDFILE.write(FULL)
    for made in (WORDFILE.read(data), WORDFILE.read(repacked(data))):
        same(made, FULL)
        assert (made.header, made.notes, made.lossy) == (FULL.header, (), False)


def test_also_without_our_own_part() -> None:
    """What is seen says all of it: labels, statuses, words, changes, comments."""
    seen = see(Package(WORDFILE.write(FULL))).document
    plain = [(para.section, para.label, para.words, para.status, para.parent) for para in seen.paragraphs]
    assert plain == [(para.section, para.label, para.words, para.status, para.parent) for para in PARAS]
    assert set(seen.changes) == set(CHANGES)
    assert set(seen.comments) == set(COMMENTS)


def test_the_sample_text() -> None:
    sample = Notation().read(SAMPLE)
    same(WORDFILE.read(WORDFILE.write(sample)), sample)
    seen = see(Package(WORDFILE.write(sample))).document
    assert [para.words for para in seen.paragraphs] == [para.words for para in sample.paragraphs]
    assert [para.label for para in seen.paragraphs] == [para.label for para in sample.paragraphs]


PIECES = ["Noting", "*so*", "*a b* c", "*", "[XA: x]", "[a (XA) / b (XB)]", "1. ", "(a)", "OP 2", "é", "国际", "نص", "\u00a0", "\u2011",
          "&<>\"'", "\t", "\n", " ", "(open)", "*(open)*", "~~", "\u2068XA\u2069", "_V1", "\r", "]]>"]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=6).map("".join)
AUTHORS = st.sampled_from(["XA", "XB", "XC", "XA, XB", ""])


@st.composite
def documents(draw: st.DrawFn) -> Document:
    paragraphs: list[Para] = []
    for kind in ("PP", "OP"):
        for number in range(1, draw(st.integers(0, 3)) + 1):
            alt = draw(st.booleans())
            label = Label("PP" if kind == "PP" else "OP", number, draw(st.sampled_from(["", "bis"])), alt, 1 if alt else 0,
                          "XB" if alt else "")  # fmt: skip
            top = replace(label.para(draw(TEXTS)), status=draw(st.sampled_from(["", *abc.STATUSES])))
            paragraphs.append(top)
            for mark in "ab"[: draw(st.integers(0, 2))]:
                sub = Label(label.kind, number).para(draw(TEXTS))
                paragraphs.append(replace(sub, label=f"{top.label} ({mark})", parent=top.label))
    paragraphs += [
        Para(draw(st.sampled_from(["other", "annex"])), "", draw(TEXTS)) for _ in range(draw(st.integers(0, 2)))
    ]
    title = draw(TEXTS)
    places = st.integers(TITLE, len(paragraphs) - 1)

    def span(place: int) -> tuple[int, int]:
        size = len(title if place == TITLE else paragraphs[place].words)
        first, last = sorted((draw(st.integers(0, size)), draw(st.integers(0, size))))
        return first, last

    changes: list[Change] = []
    for _ in range(draw(st.integers(0, 5))):
        kind = draw(st.sampled_from(abc.CHANGES))
        place, after = draw(places), draw(places)
        if kind == "words":
            changes.append(Change("words", place, span(place), draw(TEXTS), draw(AUTHORS)))
        elif kind == "paragraph":
            changes.append(
                Change("paragraph", words=draw(TEXTS), author=draw(AUTHORS), after=after, section="PP", label="PP 9")
            )
        elif place != TITLE:
            changes.append(Change(kind, place, author=draw(AUTHORS), after=after if kind == "move" else TITLE))
    remarks = tuple(
        Comment(place, span(place), draw(TEXTS), draw(AUTHORS)) for place in draw(st.lists(places, max_size=2))
    )
    return Document(title, tuple(paragraphs), "en", formula=draw(st.sampled_from(["", "The Committee,"])),
                    changes=tuple(changes), comments=remarks)  # fmt: skip


@settings(max_examples=120, database=None, deadline=None)
@given(documents())
def test_any_document_is_read_as_it_was_written(document: Document) -> None:
    data = WORDFILE.write(document)
    assert WORDFILE.write(document) == data
    if not (document.title or document.formula or document.paragraphs):
        return
    try:
        made = WORDFILE.read(data)
    except Refused as refusal:  # only where nothing at all can be seen
        assert refusal.code == "format.empty"
        return
    same(made, document)
    same(WORDFILE.read(repacked(data)), document)
    assert wire.unpacked(json.loads(json.dumps(wire.packed(made)))) == made
    assert WORDFILE.write(made) == data


@settings(max_examples=80, database=None, deadline=None)
@given(documents())
def test_what_is_seen_can_be_kept(document: Document) -> None:
    """Without our part: whatever is read fits the operations, and every span lies in its words."""
    try:
        seen = abc.check(see(Package(WORDFILE.write(document))).document)
    except Refused as refusal:
        assert refusal.code == "format.empty"
        return
    assert wire.unpacked(json.loads(json.dumps(wire.packed(seen)))) == seen
    for one in (*seen.changes, *seen.comments):
        words = seen.title if one.paragraph == TITLE else seen.paragraphs[one.paragraph].words
        assert 0 <= one.span[0] <= one.span[1] <= len(words)
    kept = storable(seen)
    Words(abc.MAX_TITLE).check(kept.title)
    for para in kept.paragraphs:
        Words(abc.MAX_WORDS).check(para.words)
    for change in kept.changes:
        Words(abc.MAX_WORDS).check(change.words)


def test_nothing_that_varies_and_nobody_is_named() -> None:
    person = "Person"
    document = replace(
        FULL, changes=(*CHANGES, Change("delete", 0, author=person)), comments=(Comment(0, (0, 1), "x", person),)
    )
    data = WORDFILE.write(document)
    with zipfile.ZipFile(BytesIO(data)) as found:
        assert all(one.date_time == (1980, 1, 1, 0, 0, 0) for one in found.infolist())
        everything = b"".join(found.read(name) for name in found.namelist()).decode()
    assert person not in everything
    assert WORDFILE.read(data).changes[-1].author == "Author 1"
    assert set(re.findall(r'w:author="([^"]*)"', everything)) == {"XA", "XB", "XC", "XD", "XE", "Author 1"}
    assert set(re.findall(r'w:date="([^"]*)"', everything)) == {"2026-12-08T00:00:00Z"}
    for word in ("rsid", "creator", "lastModifiedBy", "paraId", "created", "modified", "Application", "Company"):
        assert word not in everything
    planted = WORDFILE.write(replace(FULL, header=(*FULL.header, "Room notes: red line", "red line")))
    assert not any("red line" in part_of(planted, name) for name in zipfile.ZipFile(BytesIO(planted)).namelist())
    undated = "".join(part_of(WORDFILE.write(replace(FULL, header=())), "word/document.xml"))
    assert set(re.findall(r'w:date="([^"]*)"', undated)) == {"2000-01-01T00:00:00Z"}


def test_look_and_languages() -> None:
    data = WORDFILE.write(FULL)
    header, body = part_of(data, "word/header1.xml"), part_of(data, "word/document.xml")
    assert "FICT/1" in header
    assert "TLP:AMBER" in header
    assert "PAGE" in part_of(data, "word/footer1.xml")
    assert "*" not in body
    assert '<w:pStyle w:val="ValisePP"/>' in body
    assert "<w:bidi/>" not in body
    assert "<w:trackRevisions/>" in part_of(data, "word/settings.xml")
    arabic = WORDFILE.write(Document("قرار", (Para("OP", "OP 1", "تقرر ذلك؛", number=1),), "ar", "rtl"))
    assert part_of(arabic, "word/document.xml").count("<w:bidi/>") == 4
    assert "<w:rtl/>" in part_of(arabic, "word/document.xml")
    assert 'w:bidi="ar-SA"' in part_of(arabic, "word/styles.xml")
    chinese = part_of(WORDFILE.write(Document("决定", (), "zh")), "word/styles.xml")
    assert 'w:eastAsia="SimSun"' in chinese
    assert 'w:eastAsia="zh-CN"' in chinese


def test_a_settled_text_looks_adopted() -> None:
    made = clean(FULL)
    body = part_of(WORDFILE.write(made), "word/document.xml")
    assert "PP 1" not in body
    assert ">1.</w:t>" in body
    assert ">(a)</w:t>" in body
    same(WORDFILE.read(WORDFILE.write(made)), made)


@pytest.mark.parametrize(
    ("words", "code"), [("\ud800", "format.encoding"), ("a\x0bb", "format.control"), ("\uffff", "format.control")]
)
def test_what_xml_cannot_hold(words: str, code: str) -> None:
    for document in (Document(words, ()), replace(FULL, comments=(Comment(0, (0, 0), words, "XA"),))):
        with pytest.raises(Refused) as refusal:
            WORDFILE.write(document)
        assert refusal.value.code == code


def test_what_was_edited_wins_and_the_rest_is_known_again() -> None:
    """Words of one paragraph typed over: its label and status stay, every other paragraph is exactly ours."""
    odd = (*PARAS, Para("other", "", "Literal * star and 3. number"))
    document = replace(FULL, paragraphs=odd, changes=(*CHANGES, Change("words", 0, (0, 11), "*Stressing*", "XA"),
                                                      Change("words", 0, (0, 11), "*Noting*", "XB")))  # fmt: skip
    data = changed(WORDFILE.write(document), "word/document.xml", " its mandate,", " its new mandate,")
    made = WORDFILE.read(data)
    assert made.paragraphs[0] == replace(PARAS[0], words="*Recalling* its new mandate,")
    assert made.paragraphs[1:] == odd[1:]
    assert {one for one in made.changes if one.paragraph} >= {one for one in CHANGES if one.paragraph}
    moved = changed(data, "word/document.xml", ">OP 2<", ">OP 3<")
    assert WORDFILE.read(moved).paragraphs[4].label == "OP 3"


def test_overlapping_changes_are_all_seen() -> None:
    """Word lets one author strike a word: the others' wishes stand as comments in the notation."""
    rivals = (
        Change("words", 1, (0, 8), "*Stressing*", "XA"),
        Change("words", 1, (0, 13), "", "XB"),
        Change("delete", 1, author="XC"),
    )
    data = WORDFILE.write(replace(FULL, changes=rivals, comments=()))
    assert WORDFILE.read(data).changes == rivals
    seen = see(Package(data)).document
    assert [(one.author, one.words) for one in seen.comments] == [
        ("XB", "[~~*Noting* that~~ – XB: delete]"),
        ("XC", "[~~*Noting* that the Group met,~~ – XC: delete]"),
    ]


def test_clean_and_tracked() -> None:
    made = clean(FULL)
    assert (made.changes, made.comments, {para.status for para in made.paragraphs}) == ((), (), {""})
    assert [para.words for para in made.paragraphs] == [para.words for para in PARAS]
    assert not any(word in str(part_of(WORDFILE.write(made), name)) for word in ("XA", "XC", "w:ins", "twice")
                   for name in ("word/document.xml", "customXml/item1.xml"))  # fmt: skip
    assert tracked(FULL).changes == CHANGES


def test_compilation() -> None:
    made = compilation(FULL)
    assert made.title == "[Draft / Draft new (XA)] decision on contacts (XA: a)"
    assert [(para.label, para.words) for para in made.paragraphs] == [
        ("PP 1", "*Recalling* its mandate,"),
        ("PP 2", "*Noting* that [the / an Open (XA)] Group met, [XB: twice]"),
        ("PP 2 bis", "[XC: *Noting also* more,]"),
        ("OP 1", "*Decides* that each State: (XF: Which? All of them?)"),
        ("OP 1 (a)", "[~~answers in time;~~ – XD: delete]"),
        ("OP 2", "*Requests* a report. (XE: move after PP 2)"),
    ]
    assert (made.changes, made.comments) == ((), ())
    rival = replace(FULL, comments=(), changes=(
        Change("words", 4, (0, 10), "*Invites*", "XA"), Change("words", 4, (0, 10), "*Invites*", "XB"),
        Change("words", 4, (11, 19), "", "XC"), Change("words", 0, (11, 11), " [fully]", "XA"), Change("words", 0, (11, 11), " well", "XB"),
        Change("words", 2, (10, 14), "", "XA"), Change("words", 2, (5, 19), "all", "XB")))  # fmt: skip
    words = [para.words for para in compilation(rival).paragraphs]
    assert words[4] == "[*Requests* / *Invites* (XA, XB)] [~~a report~~ – XC: delete]."
    assert words[0] == "*Recalling* [[fully] (XA) / well (XB)] its mandate,"
    assert all(not parse(one).unbalanced for one in words)
    assert parse(words[2]).attributed == ("XA", "XB")
    same(WORDFILE.read(WORDFILE.write(compilation(rival))), compilation(rival))


def test_by_delegation() -> None:
    made = by_delegation(FULL)
    assert [para.words for para in made.paragraphs] == [
        "XA", "[Draft / Draft new (XA)] decision on contacts", "PP 2 *Noting* that [the / an Open (XA)] Group met,",
        "XB", "PP 2 *Noting* that the Group met, [XB: twice]",
        "XC", "PP 2 bis [XC: *Noting also* more,]",
        "XD", "OP 1 (a) [~~answers in time;~~ – XD: delete]",
        "XE", "OP 2 *Requests* a report. (XE: move after PP 2)",
    ]  # fmt: skip
    same(WORDFILE.read(WORDFILE.write(made)), made)


@settings(max_examples=60, database=None, deadline=None)
@given(documents())
def test_every_kind_of_any_document_can_be_written(document: Document) -> None:
    for kind in KINDS.values():
        made = kind(document)
        assert WORDFILE.write(made) == WORDFILE.write(kind(document))
        if kind is clean:
            assert [para.words for para in made.paragraphs] == [para.words for para in document.paragraphs]
