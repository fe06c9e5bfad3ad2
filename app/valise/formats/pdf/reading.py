"""What a PDF says, in paragraphs: text only. Pictures, tables, colours and strokes through words are not seen.

Read in the confined child (`formats.confined`) only: the library is written for files that mean well.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import logging
import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from types import ModuleType
from typing import Any, Final

from valise.domain.errors import Refused
from valise.formats.abc import MAX_BYTES, MAX_NOTES, MAX_WORDS, Document, Note, refused
from valise.formats.html.ordering import document_of
from valise.formats.html.sheet import CARRIED
from valise.formats.languages import languages
from valise.formats.pdf import own
from valise.formats.pdf.finishing import PRODUCER
from valise.formats.pdf.geometry import Line, Piece, han, lines, logical, strong

MAX_PAGES: Final = 2_000
MAX_PIECES: Final = 400_000
_MASTHEAD: Final = (15.0, 11.0, 9.5)  # sizes of letters in ui/paper.py: organ, symbol, fields
_BESIDE: Final = (*_MASTHEAD, 8.5)  # and remarks, key and edges
_EDGE_TOP, _EDGE_BOTTOM = 26 / 25.4 * 72, 24 / 25.4 * 72  # where ui/paper.py has heads and feet
_PAGE_NUMBER = re.compile(r"\W{0,3}(?:page |p\. ?)?[0-9]{1,4}(?:\s?(?:/|of|de|sur|из)\s?[0-9]{1,4})?\W{0,3}", re.IGNORECASE)
_LEADS = re.compile(r"(?:PP|OP) ?[0-9]{1,4}\b|\([^\W\d_A-Z]{1,4}\)\s|[0-9]{1,3}\.\s")
_DELETE = re.compile(r"\[([^\[\]~]+?)( [–—-] [A-Z0-9][A-Za-z0-9]{1,6}(?:, [A-Z0-9][A-Za-z0-9]{1,6})*: delete\])")
_SINGLE: Final = {b"06440627": b"FEFB", b"06440623": b"FEF7", b"06440625": b"FEF9", b"06440622": b"FEF5",
                  b"0627064406440647": b"FDF2"}  # fmt: skip
_JOINED = re.compile(rb"<((?:0644062[2357])|0627064406440647)>")
# Encodings the library asks the interpreter for, each a file of its own.
_CODECS: Final = (
    "utf-8", "utf-16", "utf-16-be", "utf-16-le", "utf-32-be", "ascii", "latin-1", "cp1250", "cp1252", "cp1254", "cp1257",
    "iso8859-15", "charmap", "gbk", "gb2312", "gb18030", "big5", "big5hkscs", "cp950", "cp932", "shift-jis", "euc-jp", "cp949",
    "euc-kr", "mac-roman", "unicode-escape", "hz", "johab",
)  # fmt: skip
# A page with one word, to be read before any other.
_SMALL: Final = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica"
    b">>>>>>/Contents 4 0 R>>endobj\n4 0 obj<</Length 34>>stream\nBT /F 9 Tf 9 9 Td (Words) Tj ET    \nendstream endobj\n"
    b"trailer<</Root 1 0 R/Size 5>>\nstartxref\n0\n%%EOF\n"
)
_HYPHEN = re.compile(r"(\w+)-\Z")
_WORD = re.compile(r"\w+(?:-\w+)*")


def looks_like(data: bytes) -> bool:
    """Whether a file says it is a PDF. Never raises."""
    return b"%PDF-" in data[:1024] and len(data) <= MAX_BYTES


def prepare() -> None:
    """Load the library, and what it loads only when it reads."""
    for name in _CODECS:
        with contextlib.suppress(LookupError):
            b"a".decode(name, "replace")
            "a".encode(name, "replace")
    with contextlib.suppress(Refused):
        read(_SMALL)


def _library() -> ModuleType:
    """pypdf, without the ciphers and the pictures it would load if they are there: this process reads words."""
    absent = [name for name in ("cryptography", "Crypto", "PIL") if name not in sys.modules]
    for name in absent:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        return importlib.import_module("pypdf")
    finally:
        for name in absent:
            sys.modules.pop(name, None)


def read(data: bytes) -> Document:
    """The document of a PDF. Refused("format.pdf*" | "format.too_big" | "format.empty")."""
    if len(data) > MAX_BYTES:
        raise refused("format.too_big")
    if not looks_like(data):
        raise refused("format.pdf")
    try:
        return _read(data)
    except (Refused, MemoryError, RecursionError):
        raise
    except Exception:  # whatever the library meets in a damaged file
        raise refused("format.pdf") from None


def _read(data: bytes) -> Document:
    pypdf = _library()
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted:
        raise refused("format.pdf_encrypted")
    if len(reader.pages) > MAX_PAGES:
        raise refused("format.pdf_pages")
    ours = _producer(reader) == PRODUCER
    found: Counter[str] = Counter()
    pages: list[list[Line]] = []
    masthead: list[Piece] = []
    fonts = own.Fonts()
    seen = pictures = 0
    for page in reader.pages:
        pieces = own.pieces(page, fonts) if ours else []
        pieces = pieces or _pieces(page)
        seen += len(pieces)
        if seen > MAX_PIECES:
            raise refused("format.pdf_pages")
        height = float(page.mediabox.height)
        if ours:
            masthead += [one for one in pieces if not pages and _is(one.size, _MASTHEAD)]
            pieces = [one for one in pieces if _EDGE_BOTTOM <= one.y - float(page.mediabox.bottom) <= height - _EDGE_TOP
                      and not _is(one.size, _BESIDE) and one.size > 8.4]  # fmt: skip
        pages.append(lines(pieces, spaced=ours))
        here = _pictures(page)
        pictures += here
        found["pdf.pages_without_words"] += bool(here and not pages[-1])
    if not any(pages):
        raise refused("format.pdf_pictures" if pictures else "format.empty")
    found["pdf.pictures"] = pictures
    found["pdf.running"] = 0 if ours else _without_edges(pages)
    blocks = _blocks(pages, found, ours)
    made = document_of("pdf", [_DELETE.sub(r"[~~\1~~\2", block) if ours else block for block in blocks])
    made = _in_language(made, str(reader.root_object.get("/Lang", "")))
    if made.direction == "rtl":
        found["pdf.order"] = 1
    notes = [Note("pdf.text_only", lossy=True)]
    notes += [Note(code, count=count, lossy=True) for code, count in sorted(found.items()) if count]
    return replace(made, notes=(*notes, *made.notes)[:MAX_NOTES], header=_header(masthead))


def _producer(reader: Any) -> str:
    said = reader.metadata
    return str(said.get("/Producer", "")) if said else ""


def _in_language(made: Document, said: str) -> Document:
    code = said.partition("-")[0].lower()
    if made.language == "und" and code in languages():
        return replace(made, language=code, direction=languages()[code].direction)
    return made


@dataclass(slots=True)
class _Pen:
    """Where the last text began, to see on which side its pen went, and the direction of the letters before it."""

    piece: Piece | None = None
    raw: str = ""
    before: str = ""


def _pieces(page: Any) -> list[Piece]:
    made: list[Piece] = []
    pen = _Pen()

    def place(cm: Sequence[float], tm: Sequence[float]) -> tuple[float, float, float]:
        x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
        y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        scale = abs(tm[3] * cm[3] - tm[1] * cm[1]) or abs(tm[0] * cm[0]) or 1.0
        return x, y, scale

    def close(x: float | None) -> None:
        piece = pen.piece
        if piece is None:
            return
        piece.end = piece.x if x is None else x
        leftwards = x is not None and x < piece.x - 0.01
        own = strong(pen.raw)
        piece.text = logical(pen.raw, leftwards, not own and pen.before == "rtl")
        pen.before = own or pen.before
        made.append(piece)
        pen.piece = None

    def visit(text: str, cm: Sequence[float], tm: Sequence[float], font: Any, size: float) -> None:
        x, y, scale = place(cm, tm)
        if not text.strip("\n"):
            if pen.piece is not None and text == "" and abs(y - pen.piece.y) < 0.5 and tuple(tm[:4]) != (1.0, 0.0, 0.0, 1.0):
                close(x)
            return
        close(None)
        name = str(font.get("/BaseFont", "")) if font else ""
        raw = text.replace("\n", " ").replace("\t", " ").replace("\u200d", "").replace("\u00ad\n", "")
        slanted = "Italic" in name or "Oblique" in name
        pen.piece, pen.raw = Piece("", x, y, x, abs(size) * scale, slanted), raw

    _single_letters(page)
    page.extract_text(visitor_text=visit)
    close(None)
    return made


def _single_letters(page: Any) -> None:
    """Lam and alef as one character where one glyph stands for both: two would be taken apart when the order is turned."""
    try:
        fonts = [one.get_object() for one in page["/Resources"]["/Font"].values()]
    except (KeyError, AttributeError, TypeError):
        return
    for font in fonts:
        table = font.get("/ToUnicode")
        if table is None:
            continue
        table = table.get_object()
        data = table.get_data()
        new = _JOINED.sub(lambda found: b"<%s>" % _SINGLE[found[1].upper()], data)
        if new != data:
            table.set_data(new)


def _pictures(page: Any) -> int:
    try:
        drawn = page["/Resources"]["/XObject"]
        return sum(1 for one in drawn.values() if one.get_object().get("/Subtype") == "/Image")
    except (KeyError, AttributeError, TypeError):
        return 0


def _without_edges(pages: list[list[Line]]) -> int:
    """Take away page numbers and what stands at the same place on most pages; how many lines went."""
    places: Counter[tuple[bool, str]] = Counter()
    for page in pages:
        places.update({(top, _shape(line.text)) for top, line in _outer(page)})
    gone = 0
    for page in pages:
        for top, line in _outer(page):
            often = places[top, _shape(line.text)] >= max(2, len(pages) // 2 + 1)
            repeated = len(pages) > 1 and often and len(line.text) <= 200
            if repeated or (_PAGE_NUMBER.fullmatch(line.text) and (len(page) > 1 or len(pages) > 1)):
                page.remove(line)
                gone += 1
    return gone


def _outer(page: list[Line]) -> list[tuple[bool, Line]]:
    """The three lines at either end of a page."""
    head = page[:3]
    return [(True, line) for line in head] + [(False, line) for line in page[-3:] if not any(line is one for one in head)]


def _shape(text: str) -> str:
    """Figures do not count: pages are numbered."""
    return re.sub(r"[0-9]+", "0", text).strip()


def _blocks(pages: list[list[Line]], found: Counter[str], ours: bool) -> list[str]:
    """Lines rejoined to paragraphs, by the room between them, by where they begin, by how they begin."""
    known = Counter(word.lower() for page in pages for line in page for word in _WORD.findall(line.text))
    steps = [a.y - b.y for page in pages for a, b in pairwise(page) if 0 < a.y - b.y < 6 * a.size]
    sizes = sorted(line.size for page in pages for line in page)
    usual = 0.0 if ours or not steps else min(sorted(steps)[len(steps) // 3], 1.5 * sizes[len(sizes) // 2])
    made: list[list[Line]] = []
    previous: Line | None = None
    for page in pages:
        fresh = True  # of a new page
        for line in page:
            if previous is None or _begins(line, previous, made[-1], usual, fresh):
                made.append([line])
            else:
                made[-1].append(line)
            previous, fresh = line, False
    found["pdf.lines_joined"] = sum(len(block) - 1 for block in made)
    words = [_joined(block, known, found) for block in made]
    if any(len(one) > MAX_WORDS for one in words):
        raise refused("format.too_long")
    return words


def _begins(line: Line, previous: Line, block: list[Line], usual: float, fresh: bool) -> bool:
    if _LEADS.match(line.text):
        return True
    if abs(line.size - previous.size) > 0.12 * previous.size:
        return True
    if not usual:  # a file of ours: lines of a paragraph stand nearer than this in every script
        return not fresh and previous.y - line.y > (1.85 if line.rtl else 1.8) * line.size
    if not fresh and previous.y - line.y > 1.25 * usual and previous.y - line.y > 1.45 * line.size:
        return True
    first = block[0]
    if fresh:
        return previous.text.endswith((".", ";", ":", "؛", "。", "；")) and line.x <= first.x + 2
    return len(block) == 1 and bool(previous.text.endswith((".", ";", "؛", "。", "；"))) and abs(line.x - first.x) < 1 and (
        not fresh and previous.y - line.y > 1.12 * usual)  # fmt: skip


def _joined(block: list[Line], known: Counter[str], found: Counter[str]) -> str:
    """One paragraph, its italic words in asterisks. A hyphen at the end of a line goes if the word is known without it."""
    text = ""
    slanted = all(_slanted(line) for line in block)  # a look of the whole, not an emphasis
    for line in block:
        new = line.text if slanted else _starred(line)
        if not text:
            text = new
        elif text.endswith("\u00ad"):
            text = text[:-1] + new
        elif hyphen := _HYPHEN.search(text):
            rest = _WORD.match(new)
            whole = f"{hyphen[1]}{rest[0] if rest else ''}".lower()
            split = f"{hyphen[1]}-{rest[0] if rest else ''}".lower()
            drop = bool(rest) and new[:1].islower() and known[whole] > 0 and not known[split]
            found["pdf.hyphens"] += 1
            text = (text[:-1] if drop else text) + new
        elif han(text[-1:]) and han(new[:1]):
            text += new
        else:
            text += " " + new
    if block[0].rtl:  # a mark of direction at a bracket leaves a space behind
        text = re.sub(r"(?<=[(\[]) +| +(?=[)\]])", "", text)
    return re.sub(r"(?<=\w)\* \*(?=\w)", " ", re.sub(" {2,}", " ", text)).strip()


def _slanted(line: Line) -> bool:
    return sum(len(line.text[start:end].split()) for start, end in line.italic) >= len(line.text.split())


def _starred(line: Line) -> str:
    spans: list[tuple[int, int]] = []
    for start, end in line.italic:
        if spans and not line.text[spans[-1][1] : start].strip():
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    spans = [span for span in spans if "*" not in line.text[slice(*span)]]
    parts, at = [], 0
    for start, end in spans:
        parts += [line.text[at:start], "*", line.text[start:end], "*"]
        at = end
    return "".join((*parts, line.text[at:]))



def _is(size: float, sizes: Sequence[float]) -> bool:
    return any(abs(size - one) < 0.1 for one in sizes)


def _header(pieces: list[Piece]) -> tuple[str, ...]:
    """The lines of a masthead of ours, as the header of a document has them."""
    symbol = " ".join(line.text for line in lines([one for one in pieces if _is(one.size, _MASTHEAD[1:2])], True))
    made = [f"Symbol: {symbol}"] if symbol else []
    for line in lines([one for one in pieces if _is(one.size, _MASTHEAD[2:])], True):
        if line.text.partition(":")[0] in CARRIED:
            made.append(line.text)
        elif len(made) == bool(symbol):
            made.append(f"Handling: {line.text}")
        else:
            made[-1] += f" {line.text}"
    return tuple(made)
