"""PDF: pages as others see them (poppler), laid out apart, and the refusals of that process."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import unicodedata
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
from test_formats_six import SAMPLE, SIX

from valise.__main__ import main
from valise.domain.errors import Refused, Unavailable
from valise.formats import abc, confined
from valise.formats.abc import Comment, Document, Para
from valise.formats.convert import LOSSES
from valise.formats.convert import main as convert
from valise.formats.kinds import compilation
from valise.formats.pdf import Pdf, paper

PDF = Pdf()


def seen(tmp_path: Path, data: bytes) -> list[str]:
    """What poppler finds on each page."""
    source = tmp_path / "a.pdf"
    source.write_bytes(data)
    made = subprocess.run(["pdftotext", "-enc", "UTF-8", str(source), "-"], check=True, capture_output=True, timeout=60)
    assert not made.stderr
    return made.stdout.decode().split("\f")[:-1]


def code(document: Document) -> str:
    with pytest.raises(Refused) as refusal:
        PDF.write(document)
    return refusal.value.code


def test_every_page_has_marking_symbol_and_number(tmp_path: Path) -> None:
    pages = seen(tmp_path, PDF.write(compilation(SAMPLE)))
    assert len(pages) > 1
    for number, page in enumerate(pages, 1):
        assert page.count("demo marking TLP:AMBER") >= 2
        assert "FICT/GM/2026/DTG.1/CRP.3/Rev.2" in page
        assert f"\n{number}/{len(pages)}\n" in page


def test_no_line_is_drawn_twice_or_lost_where_pages_turn(tmp_path: Path) -> None:
    paras = tuple(Para("OP", f"OP {at}", f"Decides item number {at} now;", number=at) for at in range(1, 200))
    text = "\n".join(seen(tmp_path, PDF.write(Document("Draft", paras, "en"))))
    assert re.findall(r"item number (\d+) now", text) == [str(at) for at in range(1, 200)]


@pytest.mark.parametrize("language", SIX)
def test_words_can_be_found_and_copied_elsewhere(tmp_path: Path, language: str) -> None:
    found = " ".join("".join(seen(tmp_path, PDF.write(SIX[language]))).split())
    found = "".join(unicodedata.normalize("NFKC", one) if "\ufb50" <= one <= "\ufefc" else one for one in found)
    bare = re.sub("[\u200d\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", found)
    wanted = {
        "ar": ["الاتصالات", "واللاسلكية", "لأعضائها", "والإنسانية", "والآليات", "75/240", "XA, XB"], "zh": ["民用和户外用途", "负责任行为"],
        "fr": ["œuvrant à l’échelle"], "ru": ["ответственного поведения"], "es": ["señalización"],
        "en": ["difficult offices that fill the final affliction", "PP 1"],
    }[language]  # fmt: skip
    assert [one for one in wanted if one not in bare] == []
    assert "\t" not in found


def test_what_it_says_of_itself() -> None:
    reader = pypdf.PdfReader(io.BytesIO(PDF.write(SIX["ar"])))
    assert reader.metadata == {"/Title": SIX["ar"].title, "/Creator": "Valise", "/Producer": "Valise", "/Trapped": "/False"}
    root = reader.root_object
    assert root["/Lang"] == "ar"
    assert root["/ViewerPreferences"]["/Direction"] == "/R2L" and root["/ViewerPreferences"]["/DisplayDocTitle"]
    packet = root["/Metadata"].get_data().decode()
    assert "<pdfaid:part>1</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>" in packet
    assert SIX["ar"].title in packet and "<rdf:li>ar</rdf:li>" in packet
    assert not {"/JavaScript", "/OpenAction", "/AA", "/AcroForm"} & root.keys()
    fonts = {font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object().get("/FontFile2") is not None
             for page in reader.pages for font in page["/Resources"]["/Font"].values()}  # fmt: skip
    assert fonts == {True}


def test_remarks_stand_below_and_their_signs_in_the_text(tmp_path: Path) -> None:
    made = replace(SIX["en"], comments=(Comment(0, (0, 11), "Which mandate?", "XA"),))
    text = "".join(seen(tmp_path, PDF.write(made)))
    assert "Remarks" in text and "1. XA: Which mandate?" in text


@pytest.mark.parametrize("char", ["\u0378", "\U000e8000"])
def test_a_character_no_font_has_is_said_and_not_printed_as_a_box(char: str) -> None:
    assert code(Document("Draft", (Para("other", "", f"so {char}"),), "en")) == "format.fonts"


def test_words_no_paper_can_hold() -> None:
    assert code(Document("a\x07", ())) == "format.control"
    assert code(Document("\ud800", ())) == "format.encoding"


@pytest.mark.parametrize("limits", [paper.Limits(cpu=1), paper.Limits(wall=1), paper.Limits(memory=2**26)], ids=repr)
def test_the_process_is_bounded(monkeypatch: pytest.MonkeyPatch, limits: paper.Limits) -> None:
    many = Document("Draft", tuple(Para("other", "", "word " * 300) for _ in range(3_000)), "en")
    monkeypatch.setattr(paper, "Limits", lambda: limits)
    assert code(many) == "format.paper_too_hard"


@pytest.mark.parametrize("program", ["import sys; sys.exit(0)", "print('nonsense' * 100)",
                                     "import sys; sys.stdout.buffer.write(b'\\0\\0\\0\\x02{}')"])  # fmt: skip
def test_nonsense_is_not_believed(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    monkeypatch.setattr(paper, "command", lambda: [sys.executable, "-c", program])
    assert code(SIX["en"]) in ("format.paper", "format.paper_too_hard")


def test_it_cannot_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper, "command", lambda: ["/no/such/program"])
    with pytest.raises(Unavailable, match="no_paper"):
        PDF.write(SIX["en"])


def test_a_packaged_program_starts_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert paper.command() == [sys.executable, paper.CHILD_FLAG]
    from valise.ui import paper as there

    monkeypatch.setattr(there, "main", lambda: 42)
    assert main([paper.CHILD_FLAG]) == 42
    assert there.__name__ == paper.MODULE


def test_convert_and_inspect(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, target = tmp_path / "a.md", tmp_path / "b.pdf"
    source.write_bytes(abc.by_name("notation").write(SIX["en"]))
    err = io.StringIO()
    assert convert([str(source), str(target)], err) == 0, err.getvalue()
    assert convert([str(target), str(tmp_path / "c.html")], err) == LOSSES
    assert "not read: pdf.text_only" in err.getvalue()
    assert confined.read("c.html", (tmp_path / "c.html").read_bytes()).paragraphs == SIX["en"].paragraphs
    assert main(["inspect", str(target)]) == LOSSES
    assert "lost: pdf.text_only" in capsys.readouterr().out
