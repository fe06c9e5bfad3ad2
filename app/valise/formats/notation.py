"""The notation of a rolling text as a Markdown file: "**OP 3 bis** words *(open)*", one paragraph to a block.

Reading keeps the whole file, so that writing gives the same bytes back. resources/reference/sample_text.md is the
example; the marks inside a paragraph are read by valise.domain.text.inline.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from valise.domain.errors import Refused
from valise.domain.text.model import Status
from valise.formats import abc, labels
from valise.formats.abc import FORMULA, TITLE, Document, Format, Newline, Note, Para, refused, register
from valise.formats.characters import decode, encode, observations
from valise.formats.labels import loose_brackets
from valise.formats.languages import direction, language, languages, recognise

_LEAD = re.compile(rf"[ \r]{{0,3}}\*\*{labels.LABEL}\*\*(?=\s|\Z)")
_SUB = re.compile(rf"[ \r]{{0,3}}{labels.MARK}(?=\s|\Z)")
_HEADING = re.compile(r"(#{1,6})[ \t]+")
_SNIFF = re.compile(rf"^[ \r]{{0,3}}\*\*{labels.LABEL}\*\*(?=\s|\Z)".replace("?P<", "?P<_"), re.MULTILINE)
_STATUS_SPELLINGS: dict[str, Status] = {
    "closed": "closed",
    "agreed ad ref": "agreed ad ref",
    "agreed ad ref.": "agreed ad ref",
    "agreed ad referendum": "agreed ad ref",
    "ad ref": "agreed ad ref",
    "open": "open",
    "parked": "parked",
}
_LONGEST_STATUS = max(map(len, _STATUS_SPELLINGS))
Zone = Literal["header", "title", "front", "body", "annex", "aside"]


@register
class Notation(Format):
    name = "notation"
    extensions = (".md", ".markdown")
    media_type = "text/markdown"

    def sniff(self, data: bytes) -> bool:
        try:
            text, _ = decode(data)
        except Refused:
            return False
        return bool(_SNIFF.search(text.replace("\r", "\n")))

    def read(self, data: bytes) -> Document:
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise refused("format.encoding")
        text, mark = decode(data)
        newline: Newline = "\n"
        if "\r\n" in text and text.count("\r\n") == text.count("\n") == text.count("\r"):
            newline, text = "\r\n", text.replace("\r\n", "\n")
        elif "\r" in text and "\n" not in text:
            newline, text = "\r", text.replace("\r", "\n")
        return abc.check(_Reading(text).document(newline, mark))

    def write(self, document: Document) -> bytes:
        """The file as read, with whatever changed since in its place; a plain layout for other documents."""
        text = "".join(_framed(document) if _fits(document) else _laid_out(document))
        if document.newline != "\n":
            text = text.replace("\r\n", "\n").replace("\n", document.newline)
        return encode(text, document.mark)


class _Reading:
    """One pass over the lines. `pieces` always joins to the text read so far."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = text.split("\n")
        self.zone: Zone = "header"
        self.pieces: list[str | int] = []
        self.paragraphs: list[Para] = []
        self.notes: list[Note] = []
        self.title = self.heading = self.formula = ""
        self.heading_piece = -1
        self.header: list[str] = []
        self.siblings = labels.Siblings()

    def document(self, newline: Newline, mark: bool) -> Document:
        at = 0
        while at < len(self.lines):
            at = self._take(at)
        self._title_from_heading()
        found = tuple(self.paragraphs)
        made = Document(
            self.title, found, formula=self.formula, header=tuple(self.header), frame=_joined(self.pieces),
            newline=newline, mark=mark, format=Notation.name,
        )  # fmt: skip
        body = "\n".join([self.title, *(para.words for para in found)])
        spoken = _language(made, body)
        self._observe(found)
        notes = tuple((self.notes + observations(self.text))[: abc.MAX_NOTES])
        return replace(made, language=spoken, direction=direction(body, spoken), notes=notes)

    def _take(self, at: int) -> int:
        """Read the block that begins at line `at`; returns the line after it."""
        line = self.lines[at]
        lead = _LEAD.match(line) if self.zone != "aside" else None
        if lead:
            return self._paragraph(at, lead.end(), labels.taken(lead).para(""))
        if not line.strip():
            return self._keep(at)
        if heading := _HEADING.match(line):
            return self._heading(at, heading)
        if self.zone == "title":
            return self._title(at)
        sub = _SUB.match(line) if self.zone in ("body", "annex") else None
        if sub and (para := self.siblings.place(sub["mark"], labels.taken(sub), "")):
            return self._paragraph(at, sub.end(), para)
        if self.zone in ("front", "body", "annex"):
            return self._unlabelled(at)
        if self.zone == "header":
            self.header.append(line.strip())
        return self._keep(at)

    def _heading(self, at: int, found: re.Match[str]) -> int:
        said = self.lines[at][found.end() :].strip()
        name = said.lower()
        if name == "title":
            self.zone = "title"
        elif self.zone == "header":
            if not self.heading and len(said) <= abc.MAX_TITLE:
                self.heading, self.heading_piece = said, len(self.pieces)
            self.header.append(self.lines[at].strip())
        elif name.startswith("annex"):
            self.zone = "annex"
        elif "not part of the text" in name or "notes" in name.split():
            self.zone = "aside"
        return self._keep(at)

    def _title(self, at: int) -> int:
        line = self.lines[at]
        self.title = line.strip()
        before, _, after = line.partition(self.title)
        self.pieces += [before, TITLE, after]
        self.zone = "front"
        return self._end(at)

    def _title_from_heading(self) -> None:
        """Without a section "Title" the first heading is the title."""
        if self.title or not self.heading:
            return
        piece = self.pieces[self.heading_piece]
        assert isinstance(piece, str)
        before, _, after = piece.partition(self.heading)
        self.title = self.heading
        self.pieces[self.heading_piece : self.heading_piece + 1] = [before, TITLE, after]
        self.header = [line for line in self.header if line.lstrip("# \t") != self.heading]

    def _paragraph(self, at: int, begins: int, para: Para) -> int:
        """The block of a labelled paragraph: this line and those that follow without a blank line or a new mark."""
        if self.zone in ("header", "title", "front"):
            self.zone = "body"
        after = self._block_end(at)
        block = "\n".join(self.lines[at:after])
        label, rest = block[:begins], block[begins:]
        words, status, tail = _without_status(rest)
        gap = words[: len(words) - len(words.lstrip())]
        words = words[len(gap) :]
        shape = (label + gap, tail)
        made = replace(para, words=words.replace("\n", " "), status=status, wraps=_breaks(words))
        if shape != _shape(made):
            made = replace(made, shape=shape)
        if not para.parent:
            self.siblings.begin(made)
        return self._add(made, after)

    def _unlabelled(self, at: int) -> int:
        """A line of the text without a label: the enacting formula, or a paragraph of its own."""
        after = self._block_end(at)
        block = "\n".join(self.lines[at:after])
        said = block.strip()
        if self.zone == "front" and not self.formula and "\n" not in said and said.endswith((",", "،", "，")):
            self.formula = said
            before, _, rest = block.partition(said)
            self.pieces += [before, FORMULA, rest]
            return self._end(after - 1)
        words = block.strip()
        start = block.index(words)
        shape = (block[:start], block[start + len(words) :])
        section: Literal["annex", "other"] = "annex" if self.zone == "annex" else "other"
        made = Para(section, "", words.replace("\n", " "), shape=shape if any(shape) else None, wraps=_breaks(words))
        self.notes.append(Note("notation.unlabelled"))
        return self._add(made, after)

    def _block_end(self, at: int) -> int:
        after = at + 1
        while after < len(self.lines) and self.lines[after].strip():
            line = self.lines[after]
            if _LEAD.match(line) or _SUB.match(line) or _HEADING.match(line):
                break
            after += 1
        return after

    def _add(self, para: Para, after: int) -> int:
        if len(para.words) > abc.MAX_WORDS:
            raise refused("format.too_long")
        if len(self.paragraphs) >= abc.MAX_PARAGRAPHS:
            raise refused("format.too_many")
        self.pieces.append(len(self.paragraphs))
        self.paragraphs.append(para)
        return self._end(after - 1)

    def _keep(self, at: int) -> int:
        self.pieces.append(self.lines[at])
        return self._end(at)

    def _end(self, last: int) -> int:
        if last + 1 < len(self.lines):
            self.pieces.append("\n")
        return last + 1

    def _observe(self, found: tuple[Para, ...]) -> None:
        unlabelled = len(self.notes)
        self.notes = [Note("notation.unlabelled", count=unlabelled)] if unlabelled else []
        self.notes += [Note("text.duplicate_label", label) for label in labels.duplicates(found)]
        self.notes += loose_brackets(self.title, found)
        if not self.title:
            self.notes.append(Note("text.no_title"))


def _language(document: Document, body: str) -> str:
    """What the header says ("Original: English"), else what the words look like."""
    said = document.fields.get("Original") or document.fields.get("Language") or ""
    try:
        return language(said).code if said else recognise(body)
    except Refused:
        return recognise(body)


def _breaks(words: str) -> tuple[int, ...]:
    return tuple(at for at, char in enumerate(words) if char == "\n") if "\n" in words else ()


def _without_status(rest: str) -> tuple[str, Status | Literal[""], str]:
    """(words, status, what follows the words: spaces and the status mark)."""
    body = rest.rstrip()
    start = body.rfind("*(", max(0, len(body) - _LONGEST_STATUS - 4)) if body.endswith(")*") else -1
    if start >= 0 and (start == 0 or body[start - 1].isspace()):
        status = _STATUS_SPELLINGS.get(body[start + 2 : -2].lower())
        if status:
            words = body[:start].rstrip()
            return words, status, rest[len(words) :]
    return body, "", rest[len(body) :]


def _shape(para: Para) -> tuple[str, str]:
    """What stands before and after the words in a file of ours."""
    before = ""
    if para.parent:
        before = para.label.removeprefix(para.parent).lstrip() + " "
    elif para.label:
        before = f"**{para.label}** "
    return before, f" *({para.status})*" if para.status else ""


def _line(para: Para) -> str:
    before, after = _shape(para)
    words = para.words
    if para.shape and _still(para):
        before, after = para.shape
    if para.wraps:
        characters = list(words)
        for at in para.wraps:
            if at < len(characters) and characters[at] == " ":
                characters[at] = "\n"
        words = "".join(characters)
    return before + words + after


def _still(para: Para) -> bool:
    """Whether the spelling found in the file still says what the paragraph's label and status are."""
    assert para.shape
    before, after = para.shape
    if _without_status(" " + after)[1] != para.status:
        return False
    if not para.label:
        return not before.strip()
    lead = _LEAD.match(before)
    if lead:
        return labels.taken(lead).text == para.label
    sub = _SUB.match(before)
    if not sub:
        return False
    return f"{para.parent} ({sub['mark']}){labels.taken(sub).tail}" == para.label


def _joined(pieces: list[str | int]) -> tuple[str | int, ...]:
    """Neighbouring strings as one."""
    made: list[str | int] = []
    waiting: list[str] = []
    for piece in [*pieces, TITLE]:
        if isinstance(piece, str):
            waiting.append(piece)
            continue
        if joined := "".join(waiting):
            made.append(joined)
        waiting.clear()
        made.append(piece)
    return tuple(made[:-1])


def _fits(document: Document) -> bool:
    """The frame still has a place for everything, and for nothing else."""
    placed = [piece for piece in document.frame if isinstance(piece, int)]
    wanted = set(range(len(document.paragraphs)))
    wanted |= {TITLE} if document.title else set()
    wanted |= {FORMULA} if document.formula else set()
    return bool(document.frame) and len(placed) == len(wanted) and set(placed) == wanted


def _framed(document: Document) -> list[str]:
    own = {TITLE: document.title, FORMULA: document.formula}
    return [
        piece if isinstance(piece, str) else own[piece] if piece in own else _line(document.paragraphs[piece])
        for piece in document.frame
    ]


def _laid_out(document: Document) -> list[str]:
    made: list[str] = []
    if document.header:
        made.append("\n".join(document.header) + "\n\n")
    elif document.language in languages():
        made.append(f"Original: {languages()[document.language].names[0]}\n\n")
    made.append("## Title\n\n")
    made += [" ".join(part.split("\n")) + "\n\n" for part in (document.title, document.formula) if part]
    for para in document.paragraphs:
        flat = replace(para, words=para.words.replace("\n", " "), shape=None, wraps=())
        made.append(_line(flat) + "\n\n")
    return [*made[:-1], made[-1][:-1]]
