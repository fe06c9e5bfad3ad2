"""A notification on paper: both markings and, for an exercise, that it is one, in head and foot of every page."""

from __future__ import annotations

import io
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import ContentStream

from valise.formats import notice_pdf
from valise.formats.notice_pdf import BANNER, Notice, Part

LONG = "Control stations restart and lose their settings. " * 40


def notice(**more: Any) -> Notice:
    told = {
        "title": "Wiper on control stations", "tlp": "TLP:AMBER+STRICT", "national": "AURELIA CONFIDENTIAL", "exercise": True,
        "lines": ("An acknowledgement accepts no fact.",), "language": "en",
        "parts": tuple(Part(f"Group {n}", [("Factual description", LONG), ("Sectors", "water")]) for n in range(6)), **more,
    }  # fmt: skip
    return Notice(**told)


def placed(page: Any) -> list[tuple[str, float, float, float]]:
    """(words, x, y, size) of every piece of a page, as a reader finds them."""
    found: list[tuple[str, float, float, float]] = []

    def visit(text: str, cm: list[float], tm: list[float], _font: Any, size: float) -> None:
        if text.strip():
            x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
            y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            found.append((text.strip(), x, y, abs(size * tm[3] * cm[3])))

    page.extract_text(visitor_text=visit)
    return found


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_bears_markings_and_the_word_exercise_twice(language: str) -> None:
    pages = PdfReader(io.BytesIO(notice_pdf.printed(notice(language=language)))).pages
    assert len(pages) > 2
    for page in pages:
        words = page.extract_text()
        for said in ("TLP:AMBER+STRICT", "AURELIA CONFIDENTIAL", BANNER):
            assert words.count(said) == 2, said


def test_the_label_is_twelve_points_or_more_and_stands_at_the_right() -> None:
    for page in PdfReader(io.BytesIO(notice_pdf.printed(notice(national="N" * 300)))).pages:
        middle, tall = float(page.mediabox.width) / 2, float(page.mediabox.height)
        labels = [one for one in placed(page) if one[0] == "TLP:AMBER+STRICT"]
        assert len(labels) == 2
        assert all(size >= 12 and x > middle for _, x, _y, size in labels)
        assert sorted(y > tall / 2 for _, _x, y, _size in labels) == [False, True]


@pytest.mark.parametrize("char", ["\U0010ffff", "\u0378", "\ufdd0", "\ue000"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_character_no_font_has_is_printed_as_its_number(char: str, language: str) -> None:
    """What somebody else wrote into a notification must not keep it from being printed."""
    words = PdfReader(io.BytesIO(notice_pdf.printed(notice(title=f"Wiper {char} again", language=language)))).pages[0].extract_text()
    assert f"[U+{ord(char):04X}]" in words and char not in words


def test_one_that_is_no_exercise_never_says_so() -> None:
    data = notice_pdf.printed(notice(exercise=False, national=""))
    reader = PdfReader(io.BytesIO(data))
    assert all("EXERCISE" not in page.extract_text() for page in reader.pages)
    assert str(reader.metadata and reader.metadata.title) == "Wiper on control stations"


def test_the_title_of_the_file_says_exercise_and_the_same_gives_the_same_bytes() -> None:
    one = notice_pdf.printed(notice())
    assert one == notice_pdf.printed(notice())
    reader = PdfReader(io.BytesIO(one))
    assert str(reader.metadata and reader.metadata.title).startswith(BANNER)
    assert ContentStream(reader.pages[0].get_contents(), reader).operations
