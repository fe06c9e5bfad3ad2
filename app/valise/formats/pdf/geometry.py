"""Pieces of text where they stand on a page, as lines in the order they are read.

A page of a PDF knows places, not lines. Pieces on one height are a line; in a right-to-left line they are read from the
right, runs of Latin words and figures within it from the left (the other way round of Unicode UAX 9, and as far as that
can be undone without knowing what was typed).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

_RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LTR = re.compile("[A-Za-z\u00c0-\u024f\u0370-\u052f]")
_MIRRORED: Final = str.maketrans("()[]{}<>«»‹›", ")(][}{><»«›‹")
_HAN: Final = re.compile("[\u2e80-\u303f\u3400-\u4dbf\u4e00-\u9fff\uff00-\uffef]")
_WIDE: Final = "[\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uff00-\uffef]"
_BETWEEN_HAN: Final = re.compile(f"(?<={_WIDE}) +(?={_WIDE})")


@dataclass(slots=True)
class Piece:
    """Text drawn at once, from `x` to `end` (points; `end` as far as the file says); `y` grows upwards."""

    text: str
    x: float
    y: float
    end: float
    size: float
    italic: bool = False


@dataclass(slots=True)
class Line:
    """`x` is where it begins, on the side it is read from."""

    y: float
    size: float
    pieces: list[Piece] = field(default_factory=list)
    text: str = ""
    x: float = 0.0
    italic: tuple[tuple[int, int], ...] = ()

    @property
    def rtl(self) -> bool:
        return bool(_RTL.search("".join(piece.text for piece in self.pieces)))


def lines(pieces: Sequence[Piece], spaced: bool = False) -> list[Line]:
    """From top to bottom. `spaced` = the file draws every space; else some are only room between pieces."""
    made: list[Line] = []
    for piece in sorted(pieces, key=lambda one: (-one.y, one.x)):
        if not piece.text:
            continue
        last = made[-1] if made else None
        if last and abs(last.y - piece.y) <= 0.35 * max(last.size, piece.size, 1.0):
            last.pieces.append(piece)
            if piece.text.strip():
                last.size = max(last.size, piece.size)
        else:
            made.append(Line(piece.y, piece.size, [piece]))
    for line in made:
        _order(line, spaced)
    return [line for line in made if line.text.strip()]


def _order(line: Line, spaced: bool) -> None:
    seen = [piece for piece in line.pieces if piece.text.strip()]
    if not seen:
        return
    if line.rtl:
        line.x = -max(max(piece.x, piece.end) for piece in seen)
        ordered = _right_to_left(line.pieces)
    else:
        line.x = min(min(piece.x, piece.end) for piece in seen)
        ordered = sorted(line.pieces, key=lambda one: one.x)
    parts: list[str] = []
    spans: list[tuple[int, int]] = []
    length = 0
    before: Piece | None = None
    for piece in ordered:
        text = piece.text
        if before is not None and not spaced and _gap(before, piece, line.rtl) and not (parts[-1:] and parts[-1].endswith(" ")):
            text = " " + text.lstrip(" ")
        if parts and parts[-1].endswith(" "):
            text = text.lstrip(" ")
        if not text:
            continue
        start = length + len(text) - len(text.lstrip(" "))
        if piece.italic and text.strip():
            spans.append((start, length + len(text.rstrip(" "))))
        parts.append(text)
        length += len(text)
        before = piece
    line.text = "".join(parts).rstrip(" ")
    line.italic = tuple(spans)


def _gap(before: Piece, after: Piece, rtl: bool) -> bool:
    """Whether there is room for a space between two pieces. Where a piece ends is known as far as the place of its last
    letter at most; the rest is reckoned by the usual width of letters."""
    if rtl:
        return True
    letters = sum(1.0 if _HAN.fullmatch(char) else 0.5 for char in before.text) * before.size
    end = max(before.end + 0.3 * before.size, before.x + 0.8 * letters)
    return after.x - end > 0.2 * max(before.size, after.size)


def _right_to_left(pieces: Sequence[Piece]) -> list[Piece]:
    """Read from the right; what goes from left to right within, the other way."""
    ordered = sorted(pieces, key=lambda one: -max(one.x, one.end))
    made: list[Piece] = []
    run: list[Piece] = []
    waiting: list[Piece] = []  # signs and spaces after a run, of which is not known yet whether it goes on

    def close() -> None:
        made.extend(reversed(run))
        made.extend(_turned(one) for one in waiting)
        run.clear()
        waiting.clear()

    for piece in ordered:
        if _LTR.search(piece.text) or (re.search(r"\d", piece.text) and not _RTL.search(piece.text)):
            if run and waiting and not (_LTR.search(piece.text) and _LTR.search(run[-1].text)):
                spaced = any(not one.text.strip() for one in waiting)
                if spaced or not (_LTR.search(piece.text) or _LTR.search(run[-1].text)):
                    joined = bool(_LTR.search(piece.text)) and spaced and len(waiting) == 1
                    if not joined:
                        close()
            run += [*waiting, piece]
            waiting.clear()
        elif _RTL.search(piece.text):
            close()
            made.append(piece)
        elif run:
            waiting.append(piece)
        else:
            made.append(_turned(piece))
    close()
    return made


def _turned(piece: Piece) -> Piece:
    """A sign of a right-to-left run is drawn as its mirror image."""
    piece.text = piece.text.translate(_MIRRORED)
    return piece


def logical(text: str, leftwards: bool, turned: bool) -> str:
    """The letters of one piece in the order they are read.

    The library takes right-to-left letters to be drawn from left to right and turns them round, with the signs that follow
    (`turned`). Where the file drew from right to left, `leftwards`, that is undone.
    """
    if (leftwards and _RTL.search(text)) or (turned and not _RTL.search(text)):
        text = text[::-1]
    if any("\ufb00" <= char <= "\ufefc" or "\u2e80" <= char <= "\u2fdf" for char in text):
        text = "".join(
            unicodedata.normalize("NFKC", char) if "\ufb00" <= char <= "\ufefc" or "\u2e80" <= char <= "\u2fdf" else char
            for char in text
        )
    return _BETWEEN_HAN.sub("", text)


def strong(text: str) -> str:
    """The direction of the last letter or figure that has one: "rtl", "ltr", "" if none has."""
    for char in reversed(text):
        if _RTL.match(char):
            return "rtl"
        if char.isalnum():
            return "ltr"
    return ""


def unslanted(text: str) -> bool:
    """Whether these are letters of Arabic or Chinese."""
    return bool(_RTL.search(text) or re.search("[\u2e80-\u2fdf\u3400-\u4dbf\u4e00-\u9fff]", text))


def han(text: str) -> bool:
    return bool(_HAN.fullmatch(text))
