"""Each file of tests/corpus, and exactly what becomes of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from valise.domain.errors import Refused
from valise.formats import child, confined
from valise.formats.notation import Notation

CORPUS = Path(__file__).parents[1] / "corpus"

# file -> refusal code, or (format, labels, codes of notes)
TABLE: dict[str, str | tuple[str, list[str], list[str]]] = {
    "unbalanced.md": ("notation", ["PP 1", "OP 1", "OP 2"], ["text.unbalanced_brackets"] * 3),
    "deep.md": ("notation", ["OP 1", "OP 2"], ["text.unbalanced_brackets"]),
    "huge_line.md": "format.too_long",
    "huge_line.txt": "format.too_long",
    "nul.md": "format.control",
    "escape.txt": "format.control",
    "bom.md": ("notation", ["OP 1"], []),
    "crlf.md": ("notation", ["PP 1", "OP 1", "OP 1 (a)", "OP 1 (b)"], []),
    "mixed_ends.md": ("notation", ["PP 1", "OP 1", "OP 2"], ["text.no_title"]),
    "lone_cr.md": ("notation", ["OP 1"], []),
    "bidi.md": ("notation", ["OP 1", "OP 2"], ["text.bidi_override", "text.bidi_isolate"]),
    "bidi.txt": ("plain", ["PP 1", "OP 1"], ["plain.labels_made", "text.bidi_override"]),
    "invalid_utf8.md": "format.encoding",
    "latin1.txt": "format.encoding",
    "surrogate.md": "format.encoding",
    "overlong.txt": "format.encoding",
    "utf16.txt": ("plain", ["PP 1", "OP 1"], ["plain.labels_made"]),
    "utf16.md": "format.encoding",
    "utf16_half.txt": "format.encoding",
    "empty.md": "format.empty",
    "blank.txt": "format.empty",
    "bom_only.txt": "format.empty",
    "labels.md": (
        "notation",
        ["PP 2 bis", "OP 3 alt (XA, ALP)", "OP 3 alt 2 (XB)", "OP 4", "OP 4", "", "OP 5", "OP 5 (a)", "OP 5 (a) (i)",
         "OP 5 (a) (ii)", "OP 5 (b)", "OP 5 (b) bis", ""],
        ["notation.unlabelled", "text.duplicate_label"],
    ),
    "signs.txt": ("plain", ["PP 1", "OP 1", "OP 2", "OP 3"], ["plain.labels_made"]),
    "notation_in_disguise.bin": ("notation", ["OP 1"], ["text.no_title"]),
    "picture.png": "format.unknown",
    "stars.md": ("notation", ["PP 1", "OP 1"], ["text.no_title"]),
    "slashes.md": ("notation", ["OP 1", "OP 2"], ["text.no_title"]),
    "pages.txt": ("plain", ["", "PP 1", "OP 1"], ["plain.page_breaks", "plain.lines_joined", "plain.labels_made"]),
}  # fmt: skip


def test_every_file_has_its_line() -> None:
    assert {path.name for path in CORPUS.iterdir() if path.is_file() and path.name[0] != "."} >= set(TABLE)


@pytest.mark.parametrize("name", TABLE)
def test_what_becomes_of_it(name: str) -> None:
    data, expected = (CORPUS / name).read_bytes(), TABLE[name]
    if isinstance(expected, str):
        with pytest.raises(Refused) as refusal:
            child.read(name, data)
        assert refusal.value.code == expected
        return
    document = child.read(name, data)
    assert document.format == expected[0]
    assert [para.label for para in document.paragraphs] == expected[1]
    assert [note.code for note in document.notes] == expected[2]
    if document.format == "notation":
        assert Notation().write(document) == data


@pytest.mark.parametrize("name", ["deep.md", "nul.md", "crlf.md", "bidi.txt", "stars.md"])
def test_the_child_agrees(name: str) -> None:
    data = (CORPUS / name).read_bytes()
    try:
        here: object = child.read(name, data)
    except Refused as refusal:
        here = refusal.code
    try:
        there: object = confined.read(name, data)
    except Refused as refusal:
        there = refusal.code
    assert here == there
