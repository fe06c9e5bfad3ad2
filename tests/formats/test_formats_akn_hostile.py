"""Files made to harm: refused in bounded time and memory, with a code of ours."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from valise.domain.errors import Refused
from valise.formats import abc, child, confined
from valise.formats.akn import AkomaNtoso

AKN = AkomaNtoso()
OPEN = b'<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0"><statement name="x"><meta/><mainBody>'
CLOSE = b"</mainBody></statement></akomaNtoso>"
ENTITIES = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 12))


def inside(data: bytes) -> bytes:
    return OPEN + data + CLOSE


HOSTILE = {
    "entities": (b'<!DOCTYPE a [<!ENTITY l0 "l">' + ENTITIES + b"]>" + inside(b"<p>&l11;</p>"), "format.xml_dtd"),
    "entities in an attribute": (
        b'<?xml version="1.0"?><!--x--><!DOCTYPE a [<!ENTITY l0 "l">' + ENTITIES + b"]>" + inside(b'<p class="&l11;"/>'),
        "format.xml_dtd",
    ),
    "entities in UTF-16": (
        ("\ufeff<!DOCTYPE a []>" + inside(b"<p>x</p>").decode()).encode("utf-16-le"),
        "format.xml_dtd",
    ),
    "a parameter entity": (b'<!DOCTYPE a SYSTEM "http://127.0.0.1:1/x.dtd">' + inside(b""), "format.xml_dtd"),
    "an unknown entity": (inside(b"<p>&x;</p>"), "format.xml"),
    "a late document type": (inside(b"<p>x</p><!DOCTYPE a>"), "format.xml"),
    "100,000 levels": (inside(b"<p>" * 100_000 + b"x" + b"</p>" * 100_000), "format.xml_deep"),
    "101 levels": (inside(b"<span>" * 101 + b"x" + b"</span>" * 101), "format.xml_deep"),
    "a million empty elements": (inside(b"<p/>" * 1_000_000), "format.xml_big"),
    "40,000 paragraphs": (inside(b"<p>x</p>" * 40_000), "format.too_many"),
    "a long paragraph": (inside(b"<p>" + b"x" * 20_001 + b"</p>"), "format.too_long"),
    "a huge attribute": (inside(b'<p class="' + b"x" * 12 * 2**20 + b'">x</p>'), "format.xml"),
    "a huge comment": (b"<!--" + b"x" * 15 * 2**20, "format.xml"),
    "100,000 attributes": (
        inside(b"<p " + b" ".join(b'a%d="x"' % n for n in range(100_000)) + b">" + b"x" * 20_001 + b"</p>"),
        "format.too_long",
    ),
    "an attribute twice": (inside(b'<p class="a" class="b">x</p>'), "format.xml"),
    "60,000 insertions": (inside(b"<p>" + b"x<ins>y</ins>" * 19_000 + b"</p>" + b"<p>x<ins>y</ins></p>" * 32_000),
                          "format.too_many"),
    "52,000 notes": (inside((b"<p>x" + b"<authorialNote><p>y</p></authorialNote>" * 5_200 + b"</p>") * 10),
                     "format.changes"),
    "a control character": (inside(b"<p>a\x01</p>"), "format.control"),
    "a control character by number": (inside(b"<p>a&#1;</p>"), "format.xml"),
    "a surrogate by number": (inside(b"<p>a&#xD800;</p>"), "format.xml"),
    "no words": (inside(b"<p> </p>"), "format.empty"),
    "no document": (b'<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0"/>', "format.akn_root"),
    "UTF-7": (b'<?xml version="1.0" encoding="UTF-7"?>' + inside("<p>é</p>".encode()), "format.encoding"),
    "UTF-32": (inside(b"<p>x</p>").decode().encode("utf-32"), "format.control"),
    "UTF-16 without a mark": (inside(b"<p>x</p>").decode().encode("utf-16-le"), "format.control"),
    "17 MiB": (inside(b" " * 17 * 2**20), "format.too_big"),
    "an instruction without an end": (b"<?x " + b"?" * 10**6, "format.xml"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile(name: str) -> None:
    data, code = HOSTILE[name]
    AKN.sniff(data)
    began = time.process_time()
    with pytest.raises(Refused) as refusal:
        AKN.read(data)
    assert refusal.value.code == code
    assert time.process_time() - began < 15


@pytest.mark.parametrize("name", ["entities", "100,000 levels", "a million empty elements", "100,000 attributes"])
def test_the_child_has_memory_enough_to_say_why(name: str) -> None:
    data, code = HOSTILE[name]
    with pytest.raises(Refused) as refusal:
        confined.read("a.xml", data)
    assert refusal.value.code == code


def test_neighbours_are_looked_at_once() -> None:
    """Thousands of paragraphs without numbers, each of which might be an operative one."""
    one = b"<paragraph><content><p><i>Decides</i> so;</p></content></paragraph>"
    began = time.process_time()
    document = AKN.read(inside(one * 15_000))
    assert document.paragraphs[-1].label == "OP 15000"
    assert time.process_time() - began < 30


NAMES = ["p", "paragraph", "num", "content", "list", "point", "sublist", "container", "preamble", "formula", "preface",
         "docTitle", "table", "tr", "td", "span", "i", "ins", "del", "authorialNote", "marker", "blockList", "item",
         "section", "crossHeading", "heading", "doc", "attachments", "statement", "meta", "eol", "what"]  # fmt: skip


@st.composite
def trees(draw: st.DrawFn, depth: int = 0) -> str:
    name = draw(st.sampled_from(NAMES))
    attribute = draw(st.sampled_from(["", ' eId="a"', ' refersTo="#XA"', ' refersTo="#preamble"', ' class="H1"',
                                      ' xmlns="urn:x"', ' xmlns:v="urn:valise:text:1" v:section="PP" v:label="PP 1"']))  # fmt: skip
    parts = draw(st.lists(st.sampled_from(["a", " ", "1.", "(a)", "*", "[", "\n"]), max_size=3))
    if depth < 3:
        parts += draw(st.lists(trees(depth + 1), max_size=2))
    return f"<{name}{attribute}>{''.join(draw(st.permutations(parts)))}</{name}>"


OWN = '<meta><proprietary source="#x"><v:text xmlns:v="urn:valise:text:1" form="1"/></proprietary></meta>'


@settings(max_examples=300, database=None)
@given(st.lists(trees(), max_size=4).map("".join), st.booleans())
def test_any_tree_is_read_or_refused(inner: str, own: bool) -> None:
    """Whatever stands where, also in what claims to be a file of ours; and what was read can be written."""
    data = inside(inner.encode())
    if own:
        data = data.replace(b"<meta/>", OWN.encode(), 1)
    try:
        document = child.read("a.xml", data)
    except Refused as refusal:
        assert refusal.code in abc.LINES
        return
    assert abc.check(document) is document
    again = AKN.read(AKN.write(document))
    assert [para.words for para in again.paragraphs] == [para.words for para in document.paragraphs]


@settings(max_examples=150, database=None)
@given(st.data())
def test_a_damaged_file_is_read_or_refused(data: st.DataObject) -> None:
    raw = bytearray(AKN.write(abc.Document("Title", (abc.Para("OP", "OP 1", "*Decides* [XA: so];"),), "en")))
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    AKN.sniff(bytes(raw))
    try:
        AKN.read(bytes(raw))
    except Refused as refusal:
        assert refusal.code in abc.LINES
