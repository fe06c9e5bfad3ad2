"""Tables on paper: PDF as poppler sees it, Word documents as LibreOffice does."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from lxml import etree
from pypdf import PdfReader

from valise.domain.errors import Refused
from valise.domain.message import TLP
from valise.formats import table_docx, table_pdf
from valise.formats.pdf import paper
from valise.formats.table import Head, Table

OFFICE = shutil.which("soffice") or "soffice"  # of packaging/system-packages.txt; without it these tests fail
HEADS = (Head("State"), Head("Summary", "long", 40), Head("Review", "date", 12))
NORMS = Table(
    "Norms", HEADS, tuple((f"XA {n}", f"Entry number {n} of many", "2026-12-08") for n in range(1, 90)), marking="TLP:AMBER",
    side="Assessed by us: internal", lines=("As of 8 December 2026",),
)  # fmt: skip
ARABIC = Table("سجل", (Head("الدولة"), Head("ملخص", "long", 40)), (("أوريليا", "إذ تشير إلى ولايتها"), ("XB", "=1+1")), "ar", "rtl")


def seen(tmp_path: Path, data: bytes) -> list[str]:
    """What poppler finds on each page."""
    source = tmp_path / "a.pdf"
    source.write_bytes(data)
    made = subprocess.run(
        ["pdftotext", "-layout", "-enc", "UTF-8", str(source), "-"], check=True, capture_output=True, timeout=60
    )
    assert not made.stderr
    return made.stdout.decode().split("\f")[:-1]


def test_every_page_has_marking_side_headings_and_number(tmp_path: Path) -> None:
    pages = seen(tmp_path, table_pdf.printed(NORMS))
    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        assert page.count("TLP:AMBER · Assessed by us: internal") == 2
        assert re.search(r"State\s+Summary\s+Review", page)
        assert f"{number}/{len(pages)}" in page
    assert re.findall(r"Entry number (\d+) of", "".join(pages)) == [str(n) for n in range(1, 90)]


@pytest.mark.parametrize("marking", [*TLP, "Hochvertraulich · sensible"])
def test_every_marking_stands_whole_on_every_page(tmp_path: Path, marking: str) -> None:
    table = replace(NORMS, rows=NORMS.rows[:40], marking=marking, side="")
    for page in seen(tmp_path, table_pdf.printed(table)):
        assert len(re.findall(rf"^\s*{re.escape(marking)}\s*$", page, re.MULTILINE)) == 2
    with zipfile.ZipFile(BytesIO(table_docx.written(table))) as made:
        for part in ("word/header1.xml", "word/footer1.xml"):
            assert f">{marking}<" in made.read(part).decode()


def test_a_row_longer_than_a_page_goes_on_and_loses_nothing(tmp_path: Path) -> None:
    words = [f"word{n}" for n in range(3_000)]
    made = table_pdf.printed(replace(NORMS, rows=[("XA", " ".join(words), ""), ("XB", "after it", "")]))
    pages = seen(tmp_path, made)
    assert len(pages) > 2
    assert re.findall(r"word\d+", " ".join(pages)) == words
    assert "after it" in pages[-1]


@pytest.mark.parametrize("layout", ["table", "form"])
def test_the_same_table_gives_the_same_bytes(layout: str) -> None:
    one = replace(NORMS, rows=NORMS.rows[:5], layout=layout)  # type: ignore[arg-type]
    assert table_pdf.printed(one) == table_pdf.printed(one)
    assert table_docx.written(one) == table_docx.written(one)


def test_forms_name_each_row_and_each_line(tmp_path: Path) -> None:
    text = "\n".join(seen(tmp_path, table_pdf.printed(replace(NORMS, rows=NORMS.rows[:3], layout="form"))))
    assert text.count("Summary") == 3 and text.count("XA 2") == 1


def test_right_to_left_on_paper(tmp_path: Path) -> None:
    source = tmp_path / "a.pdf"
    source.write_bytes(table_pdf.printed(ARABIC))
    boxes = subprocess.run(["pdftotext", "-bbox", str(source), "-"], check=True, capture_output=True, timeout=60).stdout.decode()
    places = {word: float(left) for left, word in re.findall(r'<word xMin="([0-9.]+)"[^>]*>([^<]+)</word>', boxes)}
    assert places["XB"] > places["=1+1"]  # the first column is at the right


def test_an_empty_table_is_a_page_with_its_headings(tmp_path: Path) -> None:
    assert "Summary" in seen(tmp_path, table_pdf.printed(replace(NORMS, rows=())))[0]


@pytest.mark.parametrize("write", [table_pdf.printed, table_docx.written])
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"rows": [("one",)]}, "table.ragged"), ({"title": "a\0"}, "format.control"), ({"marking": "\ud800"}, "format.encoding"),
        ({"rows": [("a", "b", "c")] * 20_001}, "table.paper"),
    ],
)  # fmt: skip
def test_what_is_not_written(write: object, change: dict[str, object], code: str) -> None:
    with pytest.raises(Refused) as refusal:
        write(replace(NORMS, **change))  # type: ignore[operator, arg-type]
    assert refusal.value.code == code


def test_too_little_time_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_pdf, "_LIMITS", paper.Limits(wall=0))
    with pytest.raises(Refused) as refusal:
        table_pdf.printed(NORMS)
    assert refusal.value.code == "format.paper_too_hard"


def test_libreoffice_opens_it_as_a_real_table(tmp_path: Path) -> None:
    for name, table in (("norms", NORMS), ("arabic", ARABIC), ("form", replace(NORMS, rows=NORMS.rows[:2], layout="form"))):
        (tmp_path / f"{name}.docx").write_bytes(table_docx.written(table))
    subprocess.run(
        [OFFICE, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--norestore", "--convert-to", "fodt",
         "--outdir", str(tmp_path), *(str(tmp_path / f"{name}.docx") for name in ("norms", "arabic", "form"))],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    names = {"table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0", "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0"}
    norms = etree.parse(tmp_path / "norms.fodt").getroot()
    cells = [
        ["".join(cell.itertext("{*}p")) for cell in line.iterfind("table:table-cell", names)]
        for line in norms.iterfind(".//table:table-row", names)
    ]
    assert len(cells) == 90
    assert len(norms.findall(".//table:table-header-rows/table:table-row", names)) == 1
    raw = etree.tostring(norms).decode()
    assert raw.count("TLP:AMBER") >= 2 and "text:page-number" in raw and "text:page-count" in raw
    whole = etree.tostring(etree.parse(tmp_path / "arabic.fodt")).decode()
    assert "rl-tb" in whole and "=1+1" in whole and "table:formula" not in whole
    form = etree.parse(tmp_path / "form.fodt").getroot()
    assert len(form.findall(".//table:table", names)) == 2


def test_headings_without_words_leave_no_band() -> None:
    """A record of tasks has none: its first line stands directly below the title."""

    def top(*heads: str) -> float:
        made = table_pdf.printed(Table("Record", tuple(Head(one, wide=20) for one in heads), [("Task", "done")]))
        found: list[float] = []

        def visit(text: str, cm: list[float], tm: list[float], _font: object, _size: float) -> None:
            if text.strip() == "Task":
                found.append(tm[4] * cm[1] + tm[5] * cm[3] + cm[5])

        PdfReader(BytesIO(made)).pages[0].extract_text(visitor_text=visit)
        return found[0]

    assert top("", "") > top("What", "When")
