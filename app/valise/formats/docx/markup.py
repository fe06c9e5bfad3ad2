"""Small pieces of WordprocessingML as strings: runs, tracked runs, paragraph ends. Order as the schema wants it."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from valise.domain.text import inline_runs
from valise.domain.text.inline import parse
from valise.formats.abc import refused

_BARRED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML 1.0, 2.2
_SURROGATE = re.compile("[\ud800-\udfff]")
_BREAKS = re.compile("([\t\n])")
UNDATED = "2000-01-01T00:00:00Z"


def admissible(text: str) -> None:
    """Refused("format.encoding" | "format.control") for what no XML document can hold."""
    if _SURROGATE.search(text):
        raise refused("format.encoding")
    if _BARRED.search(text):
        raise refused("format.control")


def escaped(text: str) -> str:
    """Between tags."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


def quoted(text: str) -> str:
    """In an attribute: white space would become a space there."""
    return escaped(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")


@dataclass(frozen=True, slots=True)
class Look:
    """How a run looks; `style` is a character style."""

    italic: bool = False
    bold: bool = False
    style: str = ""


PLAIN = Look()


class Ink:
    """Writes runs and tracked marks of one file, with its direction, its date and its running number."""

    def __init__(self, right_to_left: bool, date: str) -> None:
        self.right_to_left = right_to_left
        self.date = date or UNDATED
        self._number = 0

    def number(self) -> int:
        """Ids of tracked changes, bookmarks and comments need only differ within their kind."""
        self._number += 1
        return self._number

    def run(self, text: str, look: Look = PLAIN, struck: bool = False) -> str:
        """A run; `struck` = it stands in w:del."""
        if not text:
            return ""
        said = [f'<w:rStyle w:val="{look.style}"/>'] if look.style else []
        said += ["<w:b/><w:bCs/>"] if look.bold else []
        said += ["<w:i/><w:iCs/>"] if look.italic else []
        said += ["<w:rtl/>"] if self.right_to_left else []
        properties = f"<w:rPr>{''.join(said)}</w:rPr>" if said else ""
        name = "delText" if struck else "t"
        parts = []
        for part in _BREAKS.split(text):
            if part == "\t":
                parts.append("<w:tab/>")
            elif part == "\n":
                parts.append("<w:br/>")
            elif part:
                parts.append(f'<w:{name} xml:space="preserve">{escaped(part)}</w:{name}>')
        return f"<w:r>{properties}{''.join(parts)}</w:r>"

    def tag(self, name: str, author: str, more: str = "") -> str:
        """The attributes every tracked thing has, after its name."""
        return f'w:{name} w:id="{self.number()}" w:author="{quoted(author)}" w:date="{self.date}"{more}'

    def around(self, name: str, author: str, runs: str) -> str:
        """Runs within w:ins, w:del, w:moveFrom or w:moveTo."""
        return f"<{self.tag(name, author)}>{runs}</w:{name}>" if runs else ""

    def block(self, style: str, mark: str = "", author: str = "") -> str:
        """Paragraph properties; `mark` is what is tracked on the paragraph's end."""
        bidi = "<w:bidi/>" if self.right_to_left else ""
        tracked = f"<w:rPr><{self.tag(mark, author)}/></w:rPr>" if mark else ""
        return f'<w:pPr><w:pStyle w:val="{style}"/>{bidi}{tracked}</w:pPr>'


class Dressed:
    """Words as they are printed: the asterisks of emphasis become italics, attributions bold."""

    def __init__(self, words: str) -> None:
        self.words = words
        inline = parse(words)
        edges: list[tuple[int, int, int]] = []  # place, which of (hidden, italic, bold), begins or ends
        for node in inline.nodes:
            if node.kind == "emphasis":
                edges += ((node.start, 1, 1), (node.end, 1, -1))
                for star in (node.start, node.end - 1):
                    edges += ((star, 0, 1), (star + 1, 0, -1))
        at = 0
        for text, style in inline_runs.styled(inline):
            if style == "attribution":
                edges += ((at, 2, 1), (at + len(text), 2, -1))
            at += len(text)
        self._stretches = _stretches(len(words), sorted(edges))
        self._starts = [start for start, _, _ in self._stretches]

    def runs(self, ink: Ink, start: int, end: int, struck: bool = False) -> str:
        """The runs of [start, end)."""
        made: list[str] = []
        for first, last, look in self._stretches[max(bisect_right(self._starts, start) - 1, 0) :]:
            if first >= end:
                break
            if last > start:
                made.append(ink.run(self.words[max(first, start) : min(last, end)], look, struck))
        return "".join(made)


def _stretches(size: int, edges: list[tuple[int, int, int]]) -> list[tuple[int, int, Look]]:
    """[start, end) and look of everything that is not hidden, left to right; neighbours differ."""
    made: list[tuple[int, int, Look]] = []
    live = [0, 0, 0]
    began = 0
    for at, which, step in (*edges, (size, 0, 0)):
        if at > began:
            if not live[0]:
                look = Look(live[1] > 0, live[2] > 0)
                if made and made[-1][1] == began and made[-1][2] == look:
                    began = made.pop()[0]
                made.append((began, at, look))
            began = at
        live[which] += step
    return made
