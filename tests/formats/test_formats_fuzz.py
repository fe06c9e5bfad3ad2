"""Generated files: nothing but our refusals comes out, and the notation always gives the same bytes back."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import example, given, settings
from hypothesis import strategies as st

from valise.domain.errors import Refused
from valise.formats import abc, child, wire
from valise.formats.abc import Document, Para
from valise.formats.inspect import as_json, as_text, describe
from valise.formats.labels import Label
from valise.formats.notation import Notation
from valise.formats.plain import Plain

NOTATION = Notation()
PIECES = [
    "**PP 1** ", "**OP 2 bis** ", "**OP 3 alt 1 (XA)** ", "**OP3**", "(a) ", "(i)", "(b) bis ", " *(open)*",
    "*(ad ref)*",
    " *(closed)* ", "## Title", "# Head", "## Annex", "## Notes", "\n", "\n\n", "\r\n", "\r", "\t", "  ",
    "Original: French",
    "The Assembly,", "Noting", "Decides", "[XA: x]", "[", "]", "~~", " / ", "\u00a0", "\u2028", "\u0085", "\u202e",
    "\f", "\v", "é", "نص،", "国；", "1. ", "|", "\ufeff", ",", ";",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@settings(max_examples=400, database=None)
@given(TEXTS)
@example("**OP 1**\r\n\r\n*(open)*\r\n")
@example("## Title\n \u2028x\n**PP 1** *(open)* *(open)*")
def test_the_notation_gives_back_the_same_bytes(text: str) -> None:
    data = text.encode()
    try:
        document = NOTATION.read(data)
    except Refused as refusal:
        assert refusal.code in abc.LINES
        return
    assert NOTATION.write(document) == data
    assert wire.unpacked(json.loads(json.dumps(wire.packed(document)))) == document
    described = describe(document)
    assert json.loads(as_json(described)) == described
    as_text(described)


@settings(max_examples=200, database=None)
@given(TEXTS)
def test_plain_text_is_stable_once_written(text: str) -> None:
    plain = Plain()
    try:
        document = plain.read(text.encode())
    except Refused as refusal:
        assert refusal.code in abc.LINES
        return
    assert wire.unpacked(json.loads(json.dumps(wire.packed(document)))) == document
    as_text(describe(document))
    plain.write(document)


@settings(max_examples=200, database=None)
@given(st.binary(max_size=200), st.sampled_from(["a.md", "a.txt", "a", "a.bin"]))
def test_any_bytes(data: bytes, name: str) -> None:
    try:
        document = child.read(name, data)
    except Refused as refusal:
        assert refusal.code in abc.LINES
        return
    if document.format == "notation":
        assert NOTATION.write(document) == data


WORDS = st.lists(
    st.sampled_from(["Noting", "that", "[XA: x]", "[a (XA) / b (XB)]", "A/70/174", "é", "(XC: reserves)", "国", ";",
                     "*so*"]),
    min_size=1, max_size=8,
).map(" ".join)  # fmt: skip


@st.composite
def documents(draw: st.DrawFn) -> Document:
    made: list[Para] = []
    for kind in ("PP", "OP"):
        for number in range(1, draw(st.integers(0, 4)) + 1):
            alt = draw(st.booleans())
            label = Label(
                "PP" if kind == "PP" else "OP", number, draw(st.sampled_from(["", "bis", "ter"])), alt,
                draw(st.integers(0, 3)) if alt else 0, draw(st.sampled_from(["", "XA", "XB, ALP"])) if alt else "",
            )  # fmt: skip
            top = replace(label.para(draw(WORDS)), status=draw(st.sampled_from(["", *abc.STATUSES])))
            made.append(top)
            for mark in "abc"[: draw(st.integers(0, 3))]:
                sub = replace(
                    Label(label.kind, number).para(draw(WORDS)), label=f"{top.label} ({mark})", parent=top.label
                )
                made.append(replace(sub, status=draw(st.sampled_from(["", *abc.STATUSES]))))
    return Document(draw(WORDS), tuple(made), "en", formula=draw(st.sampled_from(["", "The Committee,"])))


@settings(max_examples=200, database=None)
@given(documents())
def test_a_generated_document_is_read_as_it_was_written(document: Document) -> None:
    again = NOTATION.read(NOTATION.write(document))
    assert again.paragraphs == document.paragraphs
    assert (again.title, again.formula, again.language) == (document.title, document.formula, "en")
    assert NOTATION.write(again) == NOTATION.write(document)
