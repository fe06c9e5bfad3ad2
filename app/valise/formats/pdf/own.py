"""The pieces of a page that `ui/paper.py` drew: Qt writes every glyph with its place, in the order of the words.

Nothing is believed but what is drawn; a file that only claims to be ours and is built otherwise gives no pieces here.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Final

from valise.formats.pdf.geometry import Piece, unslanted

Matrix = tuple[float, float, float, float, float, float]
_NUMBER: Final = rb"-?[0-9]{0,9}\.?[0-9]{1,10}"
_TOKEN = re.compile(
    rb"(?P<move>%(n)s) (?P<down>%(n)s) Td <(?P<glyph>[0-9A-Fa-f]{4,400})> Tj|(?P<open>\bq\b)|(?P<close>\bQ\b)|(?P<end>\bET\b)"
    rb"|(?P<cm>(?:%(n)s ){6})cm|/(?P<font>F[0-9]{1,5}) (?P<size>%(n)s) Tf (?P<tm>(?:%(n)s ){6})Tm" % {b"n": _NUMBER}
)
_SINGLE = re.compile(rb"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]{4,40})>\s*\n")
_RANGE = re.compile(rb"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]{4})> \[([^\]]*)\]")
_ARABIC = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]")
_MOST: Final = 2**16


class Fonts:
    """The tables of the fonts met so far, by object."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Any, str, dict[int, str]]] = {}

    def of(self, page: Any) -> dict[bytes, tuple[str, dict[int, str]]]:
        """{name on the page: (face, {glyph: characters})}."""
        made = {}
        for name, one in page["/Resources"]["/Font"].items():
            font = one.get_object()
            if id(font) not in self._known:
                table = _table(font["/ToUnicode"].get_object().get_data()) if "/ToUnicode" in font else {}
                self._known[id(font)] = (font, str(font.get("/BaseFont", "")), table)
            _, face, table = self._known[id(font)]
            made[name[1:].encode("ascii", "replace")] = (face, table)
        return made


def _table(data: bytes) -> dict[int, str]:
    made: dict[int, str] = {}
    for first, last, named in _RANGE.findall(data):
        start, end = int(first, 16), int(last, 16)
        for code, one in zip(range(start, min(end, _MOST) + 1), re.findall(rb"<([0-9A-Fa-f]+)>", named), strict=False):
            made[code] = _words(one)
    for code, one in _SINGLE.findall(data):
        made[int(code, 16)] = _words(one)
    return made


def _words(named: bytes) -> str:
    return bytes.fromhex(named.decode("ascii")).decode("utf-16-be", "replace") if len(named) % 4 == 0 else ""


def pieces(page: Any, fonts: Fonts) -> list[Piece]:
    """In the order of the file."""
    try:
        known = fonts.of(page)
        data = page.get_contents().get_data()
    except (KeyError, AttributeError, TypeError, ValueError):
        return []
    made: list[Piece] = []
    matrix: Matrix = (1, 0, 0, 1, 0, 0)
    stack: list[Matrix] = []
    text: Matrix = matrix
    face, size, x, y = "", 0.0, 0.0, 0.0
    table: dict[int, str] = {}
    drawn: list[tuple[str, float]] = []
    for found in _TOKEN.finditer(data):
        if (glyph := found["glyph"]) is not None:
            x, y = x + float(found["move"]), y + float(found["down"])
            codes = [int(glyph[at : at + 4], 16) for at in range(0, len(glyph) - 3, 4)]
            drawn.append(("".join(table.get(code, "\ufffd") for code in codes), x))
        elif found["open"]:
            stack.append(matrix)
        elif found["close"]:
            matrix = stack.pop() if stack else matrix
        elif found["cm"]:
            matrix = _times(_matrix(found["cm"]), matrix)
        elif found["tm"]:
            face, table = known.get(found["font"], ("", {}))
            size, text, x, y = float(found["size"]), _times(_matrix(found["tm"]), matrix), 0.0, 0.0
            drawn = []
        elif drawn:
            made.append(_piece(drawn, text, y, size, face))
            drawn = []
    return made


def _piece(drawn: list[tuple[str, float]], text: Matrix, y: float, size: float, face: str) -> Piece:
    def place(x: float) -> tuple[float, float]:
        return x * text[0] + y * text[2] + text[4], x * text[1] + y * text[3] + text[5]

    words = []
    for at, (said, x) in enumerate(drawn):
        still = at + 1 < len(drawn) and abs(drawn[at + 1][1] - x) < 0.01
        if said != " " or not still:  # a space without width is a mark of direction
            words.append(said)
    joined = _ARABIC.sub(lambda one: unicodedata.normalize("NFKC", one[0]), "".join(words).replace("\u200d", ""))
    start, end = place(drawn[0][1]), place(drawn[-1][1])
    slanted = "Italic" in face or ("Bold" in face and unslanted(joined))
    return Piece(joined, start[0], start[1], end[0], abs(size * text[3]), slanted)


def _matrix(said: bytes) -> Matrix:
    a, b, c, d, e, f = map(float, said.split())
    return a, b, c, d, e, f


def _times(one: Matrix, other: Matrix) -> Matrix:
    """ISO 32000-1, 8.3.4."""
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m
