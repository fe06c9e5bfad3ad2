"""One table of cases for every registered format: add a format, add its row."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from valise.domain.errors import Refused
from valise.formats import abc
from valise.formats.abc import Document, Para
from valise.formats.akn import AkomaNtoso
from valise.formats.docx import Docx
from valise.formats.html import Html
from valise.formats.pdf import Pdf

PARAS = (
    Para("PP", "PP 1", "*Recalling* its mandate,", number=1),
    Para("PP", "PP 1 bis", "[XA: *Noting* more,]", number=1, suffix="bis"),
    Para("OP", "OP 1", "*Decides* that each point of contact:", number=1),
    Para("OP", "OP 1 (a)", "answers;", parent="OP 1", number=1),
    Para("OP", "OP 1 (b)", "asks;", parent="OP 1", number=1),
    Para("OP", "OP 2 alt 1 (XB)", "*Invites* nobody.", number=2, alt=True, alt_number=1, alt_by="XB"),
)
FULL = Document("Draft decision on contacts", PARAS, "en", formula="The Global Mechanism,")


@dataclass(frozen=True)
class Case:
    data: bytes
    labels: tuple[str, ...]
    title: str
    keeps_status: bool
    same_bytes: bool
    text_only: bool = False  # says of every file that more than words was lost


CASES = {
    "notation": Case(
        b"## Title\n\nDraft\n\n**PP 1** *Noting* it, *(open)*\n\n**OP 1** *Decides* it; *(closed)*\n",
        ("PP 1", "OP 1"), "Draft", True, True,
    ),
    "plain": Case(b"Draft\n\nNoting it,\n\n1. Decides it;\n", ("PP 1", "OP 1"), "Draft", False, False),
}  # fmt: skip
DRAFT = Document(
    "Draft",
    (
        Para("PP", "PP 1", "*Noting* it,", "open", number=1),
        Para("OP", "OP 1", "*Decides* it;", "closed", number=1),
    ),
    "en",
)
CASES["docx"] = Case(Docx().write(DRAFT), ("PP 1", "OP 1"), "Draft", True, True)
CASES["akn"] = Case(AkomaNtoso().write(DRAFT), ("PP 1", "OP 1"), "Draft", True, True)
CASES["html"] = Case(Html().write(DRAFT), ("PP 1", "OP 1"), "Draft", True, True, True)
CASES["pdf"] = Case(Pdf().write(DRAFT), ("PP 1", "OP 1"), "Draft", True, True, True)
TEXTS = [one for one in abc.all_formats() if one.name in ("notation", "plain")]  # whose bytes are the words themselves
FORMATS = [pytest.param(one, id=one.name) for one in abc.all_formats()]


def test_every_format_has_a_case() -> None:
    assert {one.name for one in abc.all_formats()} == set(CASES)


@pytest.mark.parametrize("one", FORMATS)
def test_names(one: abc.Format) -> None:
    assert one.extensions
    assert all(extension.startswith(".") and extension.islower() for extension in one.extensions)
    assert one.media_type.count("/") == 1
    assert abc.by_name(one.name) is one


@pytest.mark.parametrize("one", FORMATS)
def test_reads_its_case_and_finds_it_by_content(one: abc.Format) -> None:
    case = CASES[one.name]
    assert one.sniff(case.data)
    document = one.read(case.data)
    assert document.title == case.title
    assert tuple(para.label for para in document.paragraphs) == case.labels
    assert document.format == one.name
    assert abc.detect("file" + one.extensions[0], case.data) is one
    assert abc.detect("file", case.data) is one
    if case.same_bytes:
        assert one.write(document) == case.data


@pytest.mark.parametrize("one", FORMATS)
def test_what_is_written_reads_as_the_same_text(one: abc.Format) -> None:
    again = one.read(one.write(FULL))
    assert again.title == FULL.title
    assert again.formula == FULL.formula
    assert again.language == "en"
    assert tuple(replace(para, shape=None) for para in again.paragraphs) == PARAS
    assert again.lossy == CASES[one.name].text_only


@pytest.mark.parametrize("one", FORMATS)
def test_status_is_kept_where_the_format_can_say_it(one: abc.Format) -> None:
    closed = replace(FULL, paragraphs=tuple(replace(para, status="closed") for para in PARAS))
    kept = {para.status for para in one.read(one.write(closed)).paragraphs}
    assert kept == ({"closed"} if CASES[one.name].keeps_status else {""})


@pytest.mark.parametrize("one", FORMATS)
@pytest.mark.parametrize("data", [b"", b"\0", b"\xff", b"\xff\xfe\0\xd8", b"PK\x03\x04\x14\0\0\0"])
def test_what_is_no_text_is_not_sniffed_and_refused(one: abc.Format, data: bytes) -> None:
    assert not one.sniff(data)
    with pytest.raises(Refused) as refusal:
        one.read(data)
    assert refusal.value.code in abc.LINES


@pytest.mark.parametrize("one", TEXTS, ids=lambda one: one.name)
def test_caps(one: abc.Format) -> None:
    def code(data: bytes) -> str:
        with pytest.raises(Refused) as refusal:
            one.read(data)
        return refusal.value.code

    assert code(b"a" * (abc.MAX_BYTES + 1)) == "format.too_big"
    assert not one.sniff(b"a" * (abc.MAX_BYTES + 1))
    assert code(b"**OP 1** " + b"a" * (abc.MAX_WORDS + 1)) == "format.too_long"
    assert one.read(b"**OP 1** " + b"a" * abc.MAX_WORDS).paragraphs[0].words == "a" * abc.MAX_WORDS
    assert code(b"**OP 1** a;\n\n" * (abc.MAX_PARAGRAPHS + 3)) == "format.too_many"
    long = b"**OP 1 alt 1 (" + b", ".join([b"CARICOM"] * 9) + b")** a;\n"
    assert code(long) == "format.long_label"


@pytest.mark.parametrize("one", FORMATS)
def test_words_that_are_no_unicode_are_not_written(one: abc.Format) -> None:
    with pytest.raises(Refused, match=r"format\.encoding"):
        one.write(Document("\ud800", ()))


def test_a_name_is_registered_once() -> None:
    class Again(abc.Format):
        name = "plain"

    with pytest.raises(ValueError, match="defined twice"):
        abc.register(Again)


def test_refusals_have_our_own_lines() -> None:
    with pytest.raises(Refused, match=r"format\.unknown"):
        abc.by_name("docx of the future")
    for code, line in abc.LINES.items():
        assert code.split(".")[0] in ("format", "table")
        assert line
