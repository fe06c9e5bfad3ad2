"""The notation file: exact reading, the same bytes back."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files

import pytest

from valise.formats.abc import Document
from valise.formats.notation import Notation

SAMPLE = files("valise.resources").joinpath("reference", "sample_text.md").read_bytes()
NOTATION = Notation()
HEAD = "## Title\n\nDraft\n\n"


def read(text: str) -> Document:
    document = NOTATION.read(text.encode())
    assert NOTATION.write(document) == text.encode()
    return document


def test_the_sample_comes_back_byte_for_byte() -> None:
    document = NOTATION.read(SAMPLE)
    assert NOTATION.write(document) == SAMPLE
    assert document.formula == "The Global Mechanism,"
    assert (document.language, document.direction) == ("en", "ltr")
    assert document.symbol == "FICT/GM/2026/DTG.1/CRP.3/Rev.2"
    assert document.notes == ()
    assert [para.shape for para in document.paragraphs] == [None] * 31


def test_the_sample_says_that_it_is_invented() -> None:
    first, _, third = SAMPLE.decode().splitlines()[:3]
    assert first.startswith("# FICTIONAL SAMPLE")
    assert "Everything below is invented." in third


def test_a_change_touches_its_own_line_only() -> None:
    document = NOTATION.read(SAMPLE)
    at = next(at for at, para in enumerate(document.paragraphs) if para.label == "OP 8")
    changed = replace(document.paragraphs[at], words="*Encourages* restraint;", status="agreed ad ref")
    paragraphs = (*document.paragraphs[:at], changed, *document.paragraphs[at + 1 :])
    before = SAMPLE.decode().splitlines()
    after = NOTATION.write(replace(document, paragraphs=paragraphs)).decode().splitlines()
    assert [line for line in after if line not in before] == ["**OP 8** *Encourages* restraint; *(agreed ad ref)*"]
    assert len(before) == len(after)


def test_a_new_title_and_formula_take_their_places() -> None:
    document = replace(NOTATION.read(SAMPLE), title="Another title", formula="The Committee,")
    text = NOTATION.write(document).decode()
    assert "## Title\n\nAnother title\n\nThe Committee,\n\n**PP 1**" in text


def test_a_document_with_another_number_of_paragraphs_is_laid_out_afresh() -> None:
    document = NOTATION.read(SAMPLE)
    shorter = replace(document, paragraphs=document.paragraphs[:3])
    again = NOTATION.read(NOTATION.write(shorter))
    assert again.paragraphs == shorter.paragraphs
    assert again.title == shorter.title
    assert again.symbol == shorter.symbol


@pytest.mark.parametrize(
    ("line", "label", "words", "status"),
    [
        ("**PP2bis** a", "PP 2 bis", "a", ""),
        ("  **OP 3** a  *(open)*  ", "OP 3", "a", "open"),
        ("**OP 3 alt** a", "OP 3 alt", "a", ""),
        ("**OP 3 alt 2(XA, ALP)** a", "OP 3 alt 2 (XA, ALP)", "a", ""),
        ("**OP 3 ter alt 1 (XA)** a", "OP 3 ter alt 1 (XA)", "a", ""),
        ("**OP 3** *(Agreed ad referendum)*", "OP 3", "", "agreed ad ref"),
        ("**OP 3** a *(agreed)*", "OP 3", "a *(agreed)*", ""),
        ("**OP 3** a*(open)*", "OP 3", "a*(open)*", ""),
        ("**OP 3**", "OP 3", "", ""),
        ("**OP 3**\na\nb *(open)*", "OP 3", "a b", "open"),
        ("**OP 3** a  \n  b\t", "OP 3", "a     b", ""),
    ],
)
def test_spellings_of_label_and_status(line: str, label: str, words: str, status: str) -> None:
    (para,) = read(HEAD + line).paragraphs
    assert (para.label, para.words, para.status) == (label, words, status)


def test_a_spelling_gives_way_when_the_status_changes() -> None:
    document = read(HEAD + "**OP3** a   *(ad ref)* ")
    (para,) = document.paragraphs
    changed = NOTATION.write(replace(document, paragraphs=(replace(para, status="closed"),)))
    assert changed.decode() == HEAD + "**OP 3** a *(closed)*"


def test_lists_of_two_levels_and_the_letter_i() -> None:
    marks = ["(a)", "(i)", "(ii)", "(b)", "(b) bis", *[f"({letter})" for letter in "cdefghijk"], "(i)", "(ii)"]
    document = read(HEAD + "**OP 1** list:\n\n" + "".join(f"{mark} x\n\n" for mark in marks))
    placed = [(para.label, para.parent) for para in document.paragraphs[1:]]
    assert placed[:5] == [
        ("OP 1 (a)", "OP 1"), ("OP 1 (a) (i)", "OP 1 (a)"), ("OP 1 (a) (ii)", "OP 1 (a)"), ("OP 1 (b)", "OP 1"),
        ("OP 1 (b) bis", "OP 1"),
    ]  # fmt: skip
    assert [label for label, _ in placed[5:14]] == [f"OP 1 ({letter})" for letter in "cdefghijk"]
    assert placed[14:] == [("OP 1 (k) (i)", "OP 1 (k)"), ("OP 1 (k) (ii)", "OP 1 (k)")]


def test_what_has_no_label_is_kept_and_said() -> None:
    document = read(
        HEAD + "A line,\n\n**OP 1** a\n\nAnother\nline.\n\n## Annex I\n\nAnnexed.\n\n## Notes\n\n**OP 1** is hard.\n"
    )
    assert document.formula == "A line,"
    assert [(para.section, para.words) for para in document.paragraphs] == [
        ("OP", "a"), ("other", "Another line."), ("annex", "Annexed."),
    ]  # fmt: skip
    assert [(note.code, note.count, note.lossy) for note in document.notes] == [("notation.unlabelled", 2, False)]


def test_the_first_heading_serves_as_title() -> None:
    document = read("# Draft  \n\nSymbol: FICT/1\n\n**OP 1** a\n")
    assert document.title == "Draft"
    assert document.symbol == "FICT/1"
    assert NOTATION.write(replace(document, title="New")).startswith(b"# New  \n")


def test_the_language_is_what_the_header_says() -> None:
    document = read("Original: Arabic\n\n" + HEAD + "**OP 1** a\n")
    assert (document.language, document.direction) == ("ar", "rtl")


def test_observations_name_paragraphs_never_words() -> None:
    document = read(HEAD + "**OP 1** [a\n\n**OP 1** \u202eb\u202c ]]\n")
    assert [(note.code, note.where, note.count) for note in document.notes] == [
        ("text.duplicate_label", "OP 1", 1), ("text.unbalanced_brackets", "OP 1", 1),
        ("text.unbalanced_brackets", "OP 1", 2), ("text.bidi_override", "", 2),
    ]  # fmt: skip
    assert not document.lossy
