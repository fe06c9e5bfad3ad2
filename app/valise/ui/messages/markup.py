"""The body of a message: *emphasis*, **strong** and lines starting "- ". Never HTML, never a link.

What a peer wrote is cut into blocks and runs here, in one linear pass, and drawn as plain characters; nothing in it
can become an instruction to Qt.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QTextBlockFormat, QTextCharFormat, QTextCursor, QTextDocument, QTextOption

from valise.ui.text_safe import clean

_BREAKS = str.maketrans({"\u2028": "\n", "\u2029": "\n", "\x0b": "\n", "\x0c": "\n", "\x85": "\n", "\ufffc": None})
# Marks and controls of direction: harmless in prose, but they can hide what a file is ("cod.exe" as "exe.doc").
_STEERING = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_RTL = frozenset(("R", "AL"))


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one weight and slant."""

    text: str
    strong: bool = False
    emphasis: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """One line. `bullet` = it began with "- "."""

    runs: tuple[Run, ...]
    bullet: bool = False
    right_to_left: bool = False


def safe(text: str) -> str:
    """What a peer wrote, fit to be laid out: every line break is \\n, nothing steers direction or draws an object."""
    return clean(text.translate(_BREAKS))


def one_line(text: str) -> str:
    """`safe` on one line, for names, titles and subjects painted on their own."""
    return clean(text.translate(_BREAKS), lines=False)


def right_to_left(text: str) -> bool:
    """By the first strong character (UAX 9, P2); False when there is none."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind == "L":
            return False
        if kind in _RTL:
            return True
    return False


def parse(body: str) -> list[Block]:
    """Blocks in order; a line's signs that have no partner stay as written."""
    blocks = []
    for line in safe(body).rstrip("\n").split("\n"):
        bullet = line.startswith("- ")
        words = line[2:] if bullet else line
        blocks.append(Block(_runs(words), bullet, right_to_left(words)))
    return blocks


def plain(body: str) -> str:
    """The words without the signs, for previews and for assistive technology."""
    return "\n".join("".join(run.text for run in block.runs) for block in parse(body))


def _runs(line: str) -> tuple[Run, ...]:
    tokens = _tokens(line)
    pairs: dict[int, bool] = {}  # token start -> True; both ends of a pair
    open_at: dict[int, int] = {}  # width -> start
    for start, width, opens, closes in tokens:
        if closes and width in open_at and open_at[width] + width < start:
            pairs[open_at.pop(width)] = pairs[start] = True
        elif opens:
            open_at.setdefault(width, start)
    runs: list[Run] = []
    strong = emphasis = False
    held: list[str] = []

    def close() -> None:
        if held:
            runs.append(Run("".join(held), strong, emphasis))
            held.clear()

    at = 0
    for start, width, _, _ in tokens:
        held.append(line[at:start])
        if pairs.get(start):
            close()
            if width == 2:
                strong = not strong
            else:
                emphasis = not emphasis
        else:
            held.append(line[start : start + width])
        at = start + width
    held.append(line[at:])
    close()
    return tuple(run for run in runs if run.text)


def _tokens(line: str) -> list[tuple[int, int, bool, bool]]:
    """(start, width, may open, may close) of every * and **; longer rows of stars are words."""
    tokens = []
    at = line.find("*")
    while at != -1:
        end = at
        while end < len(line) and line[end] == "*":
            end += 1
        width = end - at
        if width <= 2:
            before, after = line[at - 1 : at], line[end : end + 1]
            tokens.append((at, width, bool(after) and not after.isspace(), bool(before) and not before.isspace()))
        at = line.find("*", end)
    return tokens


def document(body: str, font: QFont, width: float) -> QTextDocument:
    """The body laid out at `width` px, each line in its own direction. Built from characters only."""
    made = QTextDocument()
    made.setUndoRedoEnabled(False)
    made.setDocumentMargin(0)
    made.setDefaultFont(font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    made.setDefaultTextOption(option)
    cursor = QTextCursor(made)
    for number, block in enumerate(parse(body)):
        shape = QTextBlockFormat()
        if block.right_to_left:
            shape.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
            shape.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute)
        else:
            shape.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
            shape.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute)
        shape.setLineHeight(118.0, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        if block.bullet:
            (shape.setRightMargin if block.right_to_left else shape.setLeftMargin)(14.0)
            shape.setTextIndent(-12.0)
        if number:
            cursor.insertBlock(shape)
        else:
            cursor.setBlockFormat(shape)
        if block.bullet:
            cursor.insertText("\u2022 ", QTextCharFormat())
        for run in block.runs:
            look = QTextCharFormat()
            look.setFontWeight(QFont.Weight.Bold if run.strong else QFont.Weight.Normal)
            look.setFontItalic(run.emphasis)
            cursor.insertText(run.text, look)
    made.setTextWidth(width)
    return made


def file_name(name: str) -> str:
    """A file's name as shown: one line, and what would turn it round made visible."""
    return " ".join("".join("\ufffd" if c in _STEERING or not c.isprintable() else c for c in name).split()) or "?"
