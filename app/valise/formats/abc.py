"""The port of all formats: what a file becomes when it is read, and the registry of who can read it.

A format is one module with one class under `@register`. Reading is for the confined child (`confined.py`); nothing
here touches a vault, a key or the network. Errors are Refused("format.*"), listed in `LINES`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import ClassVar, Literal, TypeVar

from valise.domain.errors import Refused
from valise.domain.text.model import Section, Status

Direction = Literal["ltr", "rtl"]
Newline = Literal["\n", "\r\n", "\r"]
STATUSES: tuple[Status, ...] = ("closed", "agreed ad ref", "open", "parked")
SECTIONS: tuple[Section, ...] = ("title", "PP", "OP", "annex", "other")

MAX_BYTES = 16 * 2**20  # of a file
MAX_PARAGRAPHS = 20_000
MAX_WORDS = 20_000  # code points of one paragraph, as in the operations that will carry it
MAX_TITLE = 2_000
MAX_LABEL = 80
MAX_NOTES = 1_000
MAX_CHANGES = 50_000

LINES: dict[str, str] = {
    "format.unknown": "no format of ours reads this file",
    "format.empty": "the file holds no words",
    "format.too_big": "the file is larger than 16 MiB",
    "format.too_long": "one paragraph is longer than 20,000 characters",
    "format.long_label": "one label is longer than 80 characters",
    "format.too_many": "the file has more than 20,000 paragraphs",
    "format.encoding": "the file is not valid UTF-8 text",
    "format.control": "the file holds control characters that no text has",
    "format.changes": "the file has more than 50,000 tracked changes and comments",
    "format.language": "this language is not one of the six official languages of the United Nations",
    "format.structure": "the parts of the text are not built as expected",
    "format.too_hard": "reading the file took more time or memory than is allowed",
    "format.child": "the separate process that reads files gave no usable answer",
    "format.no_file": "the file cannot be opened",
    "format.not_a_file": "this is not an ordinary file",
    "format.xml": "the file is not well-formed XML",
    "format.zip": "the archive is damaged or its members are named as no document names them",
    "format.unpacked": "the archive unpacks to more than is allowed",
    "format.encrypted": "the file is protected with a password; save it without one and try again",
    "format.old_word": "this is an Office file of the old kind (.doc); save it as .docx and try again",
    "format.no_document": "the archive holds no Word document",
    "format.xml_dtd": "the file declares a document type, which no text needs and which can do harm",
    "format.xml_deep": "the parts of the file are nested more than 100 levels deep",
    "format.xml_big": "the file has more than 300,000 elements",
    "format.html": "the file is not a web page",
    "format.html_deep": "the parts of the page are nested deeper than those of any text",
    "format.html_big": "the page has more than 300,000 elements",
    "format.pdf": "the file is not a PDF, or a damaged one",
    "format.pdf_encrypted": "the PDF is protected with a password; save it without one and try again",
    "format.pdf_pages": "the PDF has more pages than can be read at once",
    "format.pdf_pictures": "the pages of the PDF are pictures and hold no words",
    "format.fonts": "a font for the script of this text is missing on this computer",
    "format.paper_too_hard": "laying out the pages took more time or memory than is allowed",
    "format.paper": "the separate process that lays out pages gave no usable answer",
    "format.akn_root": "this XML file is not a document in Akoma Ntoso",
    "format.akn_namespace": "this file is in a version of Akoma Ntoso that is not known",
    "format.records_big": "the file is larger than 256 MiB",
    "table.ragged": "a row has more or fewer cells than there are columns",
    "table.paper": "the table has more rows than are printed in one file",
    "table.written": "the table could not be read back as it was written",
}


def refused(code: str) -> Refused:
    """The error for a code of LINES; its line is ours, never the file's."""
    return Refused(code, LINES[code])


@dataclass(frozen=True, slots=True)
class Note:
    """What a person should know about how a file was read. `where` is a label or "", never words of the file.

    `lossy` = something of the file is not in the document; otherwise it is only an observation.
    """

    code: str
    where: str = ""
    count: int = 1
    lossy: bool = False


@dataclass(frozen=True, slots=True)
class Para:
    """One paragraph. `label` as in the text model ("OP 3 bis", "OP 6 (a)", "PP 5 alt 1 (XI)"), "" for section other.

    `words` keep the inline notation (`domain.text.inline` reads it). `status` "" = the file says none. `parent` is
    the label of the paragraph it is part of. `number` 0 and `alt_number` 0 = none. `shape` (text before and after
    the words) and `wraps` (offsets of line breaks, spaces in `words`) only serve to write a file back unchanged.
    """

    section: Section
    label: str
    words: str
    status: Status | Literal[""] = ""
    parent: str = ""
    number: int = 0
    suffix: str = ""
    alt: bool = False
    alt_number: int = 0
    alt_by: str = ""
    shape: tuple[str, str] | None = None
    wraps: tuple[int, ...] = ()


TITLE, FORMULA = -1, -2  # in a frame: the title, the enacting formula; TITLE also in a change or a comment
ChangeKind = Literal["words", "paragraph", "delete", "move"]
CHANGES: tuple[ChangeKind, ...] = ("words", "paragraph", "delete", "move")


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody wants otherwise, as marked in a file: to be proposed by whoever imports it, or shown by an export.

    "words": `words` in place of `span` of paragraph `paragraph` (an index, or TITLE; code points, end exclusive).
    "paragraph": a new one with `words`, `section` and `label` after paragraph `after` (TITLE = at the start), in the order
    of the changes where several go after the same. "delete": all of `paragraph` goes. "move": it goes after `after`.
    `author` is a delegation's code where we wrote the file, else the name found in it.
    """

    kind: ChangeKind
    paragraph: int = TITLE
    span: tuple[int, int] = (0, 0)
    words: str = ""
    author: str = ""
    after: int = TITLE
    section: Section = "other"
    label: str = ""


@dataclass(frozen=True, slots=True)
class Comment:
    """A remark beside the text: on `span` of a paragraph (as in a change)."""

    paragraph: int
    span: tuple[int, int]
    words: str
    author: str


@dataclass(frozen=True, slots=True)
class Document:
    """A text as read from a file.

    `language` is BCP 47 ("und" = not recognised). `formula` is the line "The General Assembly," if there is one.
    `paragraphs` are the words without the marked `changes`, which speak of them. `header` are the lines above the text, as
    found. `frame` is the whole file as pieces: a string stands as it is, a
    number is the paragraph of that index, TITLE or FORMULA; empty where the format keeps none.
    """

    title: str
    paragraphs: tuple[Para, ...]
    language: str = "und"
    direction: Direction = "ltr"
    formula: str = ""
    notes: tuple[Note, ...] = ()
    header: tuple[str, ...] = ()
    frame: tuple[str | int, ...] = ()
    newline: Newline = "\n"
    mark: bool = False  # the file began with a byte order mark
    format: str = ""
    changes: tuple[Change, ...] = ()
    comments: tuple[Comment, ...] = ()

    @property
    def fields(self) -> dict[str, str]:
        """The "Name: value" lines of the header ("Symbol", "Original", ...), the first of each name."""
        made: dict[str, str] = {}
        for line in self.header:
            name, colon, value = line.partition(":")
            if colon and 0 < len(name) <= 40 and name[0].isalpha() and value.strip():
                made.setdefault(name.strip(), value.strip())
        return made

    @property
    def symbol(self) -> str:
        """The document symbol, without what follows it in parentheses; "" if there is none."""
        return self.fields.get("Symbol", "").split(" ")[0]

    @property
    def lossy(self) -> bool:
        return any(note.lossy for note in self.notes)


class Format:
    """One format. `sniff` may be called with anything and never raises; `read` raises only Refused("format.*");
    `write` raises Refused("format.encoding") for words that are no Unicode text."""

    name: ClassVar[str]
    extensions: ClassVar[tuple[str, ...]]  # lower case, with the dot
    media_type: ClassVar[str]
    marks: ClassVar[bool] = False  # holds changes as changes; the others can have them in brackets

    def prepare(self) -> None:
        """Load what reading needs beyond this module; afterwards no file can be opened."""

    def sniff(self, data: bytes) -> bool:
        raise NotImplementedError

    def read(self, data: bytes) -> Document:
        raise NotImplementedError

    def write(self, document: Document) -> bytes:
        raise NotImplementedError


_FORMATS: dict[str, Format] = {}
_F = TypeVar("_F", bound=type[Format])


def register(cls: _F) -> _F:
    """Class decorator: one instance enters the registry under its name; a second of the same name fails."""
    if cls.name in _FORMATS:
        raise ValueError(f"format {cls.name} is defined twice")
    _FORMATS[cls.name] = cls()
    return cls


def all_formats() -> tuple[Format, ...]:
    """Every format, the more particular first (plain text reads nearly anything and comes last)."""
    from valise.formats import akn, docx, html, notation, pdf, plain  # noqa: F401  the only list of modules; a packager sees it too

    return tuple(sorted(_FORMATS.values(), key=lambda one: (one.name == "plain", one.name)))


def by_name(name: str) -> Format:
    """The format of this name, or Refused("format.unknown")."""
    for one in all_formats():
        if one.name == name:
            return one
    raise refused("format.unknown")


def detect(file_name: str, data: bytes) -> Format:
    """Who reads this file: by extension if the content agrees, else by content. Refused("format.unknown")."""
    extension = PurePath(file_name).suffix.lower()
    known = all_formats()
    ordered: Sequence[Format] = [*(f for f in known if extension in f.extensions), *known]
    for one in ordered:
        if one.sniff(data):
            return one
    if not data.strip(b" \t\r\n\xef\xbb\xbf"):
        raise refused("format.empty")
    for one in known:
        if extension in one.extensions:
            return one  # it claims to be this, so reading it says best what is wrong
    raise refused("format.unknown")


def check(document: Document) -> Document:
    """The document itself if it keeps to the caps. Refused("format.too_*" | "format.long_label" | "format.empty")."""
    if len(document.paragraphs) > MAX_PARAGRAPHS:
        raise refused("format.too_many")
    if len(document.title) > MAX_TITLE or any(len(para.words) > MAX_WORDS for para in document.paragraphs):
        raise refused("format.too_long")
    if any(len(para.label) > MAX_LABEL for para in document.paragraphs):
        raise refused("format.long_label")
    if len(document.changes) + len(document.comments) > MAX_CHANGES:
        raise refused("format.changes")
    said = [one.words for one in document.changes] + [one.words for one in document.comments]
    if any(len(words) > MAX_WORDS for words in said):
        raise refused("format.too_long")
    if any(len(one.label) > MAX_LABEL for one in document.changes):
        raise refused("format.long_label")
    if not (document.title or document.formula or document.paragraphs):
        raise refused("format.empty")
    return document
