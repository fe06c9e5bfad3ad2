"""The note verbale: what is in it, its marking on every page, and that LibreOffice opens it."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from lxml import etree

from valise.domain.errors import Refused
from valise.domain.message import TLP
from valise.formats import note_verbale
from valise.formats.note_verbale import WORDINGS, Note

OFFICE = shutil.which("soffice") or "soffice"  # of packaging/system-packages.txt; without it these tests fail
NOTE = Note(
    "en", "2026/007", "The delegation of Aurelia", "the Secretariat", "Geneva", "22 November 2026", "TLP:GREEN", "Global directory",
    (("State", "Aurelia"), ("E-mail", "duty@xa.example"), ("Hours", "Mo-Fr 09:00-17:00\nSa 10:00-12:00"), ("Sign", "<w:p>&\"'")),
    "Note 3/2025",
)  # fmt: skip


def body(data: bytes) -> list[str]:
    with zipfile.ZipFile(BytesIO(data)) as made:
        return note_verbale.said(made.read("word/document.xml").decode())


@pytest.mark.parametrize("language", sorted(WORDINGS))
def test_it_says_who_nominates_whom_to_whom(language: str) -> None:
    said = body(note_verbale.written(replace(NOTE, language=language)))
    whole = "\n".join(said)
    for part in ("2026/007", NOTE.sender, NOTE.to, NOTE.directory, NOTE.replaces, NOTE.place, NOTE.date, "duty@xa.example", "<w:p>&\"'"):
        assert part in whole, part
    assert "{" not in whole
    alone = body(note_verbale.written(replace(NOTE, language=language, directory="", replaces="")))
    assert NOTE.replaces not in "\n".join(alone) and NOTE.directory not in "\n".join(alone)
    with zipfile.ZipFile(BytesIO(note_verbale.written(replace(NOTE, language=language)))) as made:
        mirrored = b"w:bidiVisual" in made.read("word/document.xml")
    assert mirrored == (language == "ar")


def test_six_languages_say_the_same_in_their_own_words() -> None:
    assert set(WORDINGS) == {"ar", "zh", "en", "fr", "ru", "es"}
    for one in WORDINGS.values():
        assert "{number}" in one.number and "{sender}" in one.opening and "{to}" in one.opening and "{directory}" in one.to_directory
        assert "{old}" in one.replaces and "{to}" in one.closing
    assert len({one.closing for one in WORDINGS.values()}) == 6


@pytest.mark.parametrize("marking", [*TLP, "RESTRICTED & more", ""])
def test_the_marking_stands_above_and_below_every_page(marking: str) -> None:
    """C14: every marking in the vectors."""
    with zipfile.ZipFile(BytesIO(note_verbale.written(replace(NOTE, marking=marking)))) as made:
        for name in ("word/header1.xml", "word/footer1.xml"):
            assert "".join(etree.fromstring(made.read(name)).itertext()) == marking


def test_the_same_note_gives_the_same_bytes_and_names_no_computer() -> None:
    data = note_verbale.written(NOTE)
    assert data == note_verbale.written(NOTE)
    with zipfile.ZipFile(BytesIO(data)) as made:
        assert all(one.date_time == (1980, 1, 1, 0, 0, 0) for one in made.infolist())


@pytest.mark.parametrize(
    ("note", "code"),
    [
        (replace(NOTE, language="de"), "format.language"), (replace(NOTE, rows=()), "format.empty"),
        (replace(NOTE, to="a\x07b"), "format.control"), (replace(NOTE, rows=(("x", "\ud800"),)), "format.encoding"),
    ],
)  # fmt: skip
def test_what_no_document_can_hold_is_refused(note: Note, code: str) -> None:
    with pytest.raises(Refused) as refused:
        note_verbale.written(note)
    assert refused.value.code == code


def test_libreoffice_opens_it_in_every_language(tmp_path: Path) -> None:
    for language in WORDINGS:
        (tmp_path / f"{language}.docx").write_bytes(note_verbale.written(replace(NOTE, language=language)))
    subprocess.run(
        [OFFICE, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--norestore", "--convert-to",
         "txt:Text (encoded):UTF8", "--outdir", str(tmp_path), *(str(tmp_path / f"{one}.docx") for one in WORDINGS)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    for language in WORDINGS:
        text = (tmp_path / f"{language}.txt").read_text("utf-8-sig")
        wanted = body((tmp_path / f"{language}.docx").read_bytes())
        squeezed = " ".join(text.split())
        for part in wanted:
            assert " ".join(part.split()) in squeezed, (language, part)
