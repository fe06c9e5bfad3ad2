"""PDF of others: what is read, what is said to be lost, and files made to do harm: bounded, with a clear error."""

from __future__ import annotations

import io
import zlib

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_formats_six import SIX

from valise.domain.errors import Refused
from valise.formats import abc, child, confined
from valise.formats.abc import Document
from valise.formats.pdf import Pdf

PDF = Pdf()
OURS = PDF.write(SIX["en"])


def built(*objects: bytes, root: int = 1, tail: bytes = b"") -> bytes:
    """A file of these objects, numbered from 1."""
    made, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % at for at in places)
    return bytes(made) + b"trailer\n<</Size %d/Root %d 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, root, tail, start)


def pages(*lines: list[tuple[int, str]]) -> bytes:
    """Pages of lines at heights, as a simple program draws them."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * at) for at in range(len(lines)))
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, len(lines)),
               b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"]  # fmt: skip
    for at, page in enumerate(lines):
        drawn = b"".join(b"BT /F 12 Tf 72 %d Td (%s) Tj ET\n" % (y, words.encode("cp1252").replace(b"(", b"\\(").replace(b")", b"\\)"))
                         for y, words in page)  # fmt: skip
        objects.append(b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>/Contents %d 0 R>>" % (5 + 2 * at))
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn))
    return built(*objects)


def code(data: bytes) -> str:
    """The refusal of the confined child."""
    with pytest.raises(Refused) as refusal:
        confined.read("a.pdf", data)
    assert refusal.value.code in abc.LINES
    return refusal.value.code


def test_lines_become_paragraphs_and_running_lines_go() -> None:
    made = confined.read("a.pdf", pages(
        [(800, "A/C.1/99/L.1"), (720, "Draft decision on contacts"), (690, "The Committee,"), (660, "Recalling its long-standing infor-"),
         (646, "mation mandate,"), (616, "1. Decides that information will be sent, and"), (20, "1/2")],
        [(800, "A/C.1/99/L.1"), (720, "that it will be kept;"), (690, "2. Requests a report."), (20, "2/2")],
    ))  # fmt: skip
    assert (made.title, made.formula) == ("Draft decision on contacts", "The Committee,")
    assert [(para.label, para.words) for para in made.paragraphs] == [
        ("PP 1", "Recalling its long-standing information mandate,"),
        ("OP 1", "Decides that information will be sent, and that it will be kept;"),
        ("OP 2", "Requests a report."),
    ]  # fmt: skip
    counted = {note.code: note.count for note in made.notes if note.lossy}
    assert counted["pdf.running"] == 4 and counted["pdf.hyphens"] == 1 and counted["pdf.lines_joined"] == 2


def test_protected_empty_and_painted_files_are_told_apart() -> None:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(OURS))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    assert code(out.getvalue()) == "format.pdf_encrypted"
    assert code(pages([])) == "format.empty"
    picture = b"<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>stream\nx\nendstream"
    painted = built(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
                    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<</XObject<</I 4 0 R>>>>/Contents 5 0 R>>",
                    picture, b"<</Length 5>>stream\n/I Do\nendstream")  # fmt: skip
    assert code(painted) == "format.pdf_pictures"
    assert code(b"%PDF-1.7 nothing") == "format.pdf"


@pytest.mark.parametrize("size", [20, 500, len(OURS) // 2, len(OURS) - 40])
def test_cut_files(size: int) -> None:
    try:
        confined.read("a.pdf", OURS[:size])
    except Refused as refusal:
        assert refusal.code in abc.LINES


def test_bombs_end_in_time() -> None:
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<</Font<</F 5 0 R>>>>/Contents 4 0 R>>"
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    squeezed = zlib.compress(b"BT /F 1 Tf (a) Tj ET " * 20_000_000, 9)
    start = (b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page)
    assert code(built(*start, b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(squeezed), squeezed), font)) in (
        "format.too_hard", "format.pdf")  # fmt: skip
    loop = (b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>")
    assert code(built(*loop)) in ("format.too_hard", "format.pdf", "format.empty")
    deep = [b"<</Type/Catalog/Pages 2 0 R>>", *(b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % at for at in range(3, 20_003)), page]
    assert code(built(*deep)) in ("format.too_hard", "format.pdf", "format.empty")
    again = OURS[: OURS.rindex(b"startxref")] + b"startxref\n%d\n%%%%EOF\n" % OURS.rindex(b"xref\n0")
    looped = again.replace(b"/Root", b"/Prev %d /Root" % OURS.rindex(b"xref\n0"), 1)
    try:
        confined.read("a.pdf", looped)
    except Refused as refusal:
        assert refusal.code in abc.LINES
    assert code(OURS + b" " * abc.MAX_BYTES) == "format.too_big"


def test_a_file_that_only_claims_to_be_ours() -> None:
    claims = built(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
                   b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 5 0 R>>>>/Contents 4 0 R>>",
                   b"<</Length 44>>stream\nBT /F 12 Tf 72 400 Td (1. Decides it.) Tj ET\nendstream",
                   b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>", b"<</Producer(Valise)>>", tail=b"/Info 6 0 R")  # fmt: skip
    assert [para.words for para in confined.read("a.pdf", claims).paragraphs] == ["Decides it."]


@settings(max_examples=60, database=None, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(OURS) - 1), st.binary(min_size=1, max_size=6)), min_size=1, max_size=6))
def test_files_with_some_bytes_changed(changes: list[tuple[int, bytes]]) -> None:
    data = bytearray(OURS)
    for at, new in changes:
        data[at : at + len(new)] = new
    try:
        document = child.read("a.pdf", bytes(data))
    except (Refused, MemoryError, RecursionError) as error:
        assert not isinstance(error, Refused) or error.code in abc.LINES
        return
    assert isinstance(document, Document)
