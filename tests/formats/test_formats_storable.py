"""What a file brings must fit the operations that will carry it."""

from __future__ import annotations

from pathlib import Path

import pytest

from valise.domain.errors import Refused
from valise.domain.text.kinds import LONGEST, Words
from valise.formats import abc, child
from valise.formats.storable import storable

CORPUS = sorted(path for path in (Path(__file__).parents[1] / "corpus").iterdir() if path.name[0] != ".")


def test_the_caps_are_those_of_the_operations() -> None:
    assert abc.MAX_WORDS == LONGEST


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name)
def test_every_readable_file_of_the_corpus_can_be_opened_as_a_text(path: Path) -> None:
    try:
        document = storable(child.read(path.name, path.read_bytes()))
    except Refused as refusal:
        assert refusal.code in abc.LINES
        return
    Words(abc.MAX_TITLE).check(document.title)
    for para in document.paragraphs:
        Words(abc.MAX_WORDS).check(para.words)
        Words(abc.MAX_LABEL).check(para.label)


def test_what_is_left_out_is_said() -> None:
    data = "## Title\n\nT\u202eitle\n\nThe Assembly,\n\n**OP 1** a\u202eb\u202cc\vd *(open)*\n".encode()
    document = storable(child.read("a.md", data))
    assert document.title == "Title"
    assert [(para.section, para.words) for para in document.paragraphs] == [
        ("other", "The Assembly,"),
        ("OP", "ab\u202cc d"),
    ]
    assert abc.Note("text.barred_characters", count=2, lossy=True) in document.notes
    assert document.lossy


def test_what_needs_no_change_is_kept() -> None:
    read = child.read("a.md", b"## Title\n\nT\n\n**OP 1** a *(open)*\n")
    assert storable(read).paragraphs == read.paragraphs
    assert storable(read).notes == read.notes
