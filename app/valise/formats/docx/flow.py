"""The body of a Word document as a row of paragraphs, each a row of pieces with what was tracked on them.

Every element with words is taken, or counted under a code of NOTES.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Literal

from lxml import etree  # type: ignore[import-untyped]

from valise.formats import abc
from valise.formats.abc import refused
from valise.formats.docx.names import COMPATIBILITY, ID, MATH, NAME, author, child, local, value, w, word
from valise.formats.docx.styles import Style, Styles, numbered
from valise.formats.docx.symbols import symbol

# code -> whether something of the file is then not in the document
NOTES: dict[str, bool] = {
    "docx.formatting_changes": True,  # tracked changes of look only
    "docx.fields": False,  # taken by the result they show
    "docx.broken_fields": False,  # a field without its end; all its letters are kept
    "docx.links": True,  # addresses behind words; the words are kept
    "docx.tables": True,  # their text stands as paragraphs
    "docx.table_changes": True,  # tracked rows and cells; their text is proposed
    "docx.text_boxes": True,  # their text stands as paragraphs
    "docx.pictures": True,
    "docx.objects": True,  # embedded files, controls; never opened
    "docx.macros": True,  # never read
    "docx.outside": True,  # templates, pictures and parts elsewhere; never followed
    "docx.imported_parts": True,  # w:altChunk, w:subDoc
    "docx.footnotes": False,  # kept as comments
    "docx.endnotes": False,
    "docx.note_changes": True,  # tracked changes inside notes, headers and comments
    "docx.headers_footers": True,
    "docx.hidden_text": True,
    "docx.formulas": True,  # their letters are kept, their shape is not
    "docx.symbols": True,  # a sign of a symbol font that has no character
    "docx.phonetic": True,  # the guide above East Asian characters
    "docx.unknown": True,  # elements with words that are not of this format
    "docx.struck_insertions": True,  # words one author inserted and another struck; kept as a comment
    "docx.withdrawn": True,  # words inserted and struck by the same author
    "docx.splits": False,  # a paragraph cut in two, proposed as a deletion and a new paragraph
    "docx.joins": False,  # two paragraphs made one, proposed as words and a deletion
    "docx.changes_within": True,  # changes by others inside words that a split, a join or a move carries along
    "docx.moves_within": False,  # moved words inside paragraphs, proposed as deletion and insertion
    "docx.label_changes": True,  # tracked changes inside a label or a status
    "docx.loose_comments": False,  # comments that stand at no words
}

_FORMATTING = frozenset(
    w(name)
    for name in ("rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "tblPrExChange", "trPrChange", "tcPrChange",
                 "tblGridChange", "numberingChange")
)  # fmt: skip
_THROUGH = frozenset(("hyperlink", "smartTag", "customXml", "dir", "bdo", "fldSimple", "sdtContent", "rubyBase", "rt"))
_SKIPPED = frozenset((
    "pPr", "rPr", "tblPr", "tblGrid", "trPr", "tcPr", "tblPrEx", "sdtPr", "sdtEndPr", "smartTagPr", "customXmlPr",
    "proofErr", "permStart", "permEnd", "lastRenderedPageBreak", "annotationRef", "footnoteRef", "endnoteRef",
    "separator", "continuationSeparator", "sectPr", "instrText", "delInstrText", "rubyPr", "bookmarkEnd",
    "customXmlInsRangeStart", "customXmlInsRangeEnd", "customXmlDelRangeStart",
    "customXmlDelRangeEnd", "customXmlMoveFromRangeStart", "customXmlMoveFromRangeEnd", "customXmlMoveToRangeStart",
    "customXmlMoveToRangeEnd", "fldData", "contentPart",
))  # fmt: skip
_MARKED = frozenset(("ins", "del", "moveFrom", "moveTo"))
_VERBATIM = {"tab": "\t", "ptab": "\t", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}
Where = Literal["body", "table", "box"]


@dataclass(frozen=True, slots=True)
class Marks:
    """Who inserted and who struck a stretch (None = nobody); `move` is the name of the move it is part of."""

    inserted: str | None = None
    struck: str | None = None
    move: str | None = None


NONE = Marks()


@dataclass(slots=True)
class Piece:
    text: str
    italic: bool
    marks: Marks


@dataclass(frozen=True, slots=True)
class Sign:
    """A comment's start, end or bare reference, or a note, before the piece of this index."""

    kind: Literal["start", "end", "reference", "footnote", "endnote"]
    id: str
    at: int


@dataclass(slots=True)
class Raw:
    """A paragraph as it stands. `mark` is what was tracked on its end; `last` = nothing of its container follows."""

    pieces: list[Piece] = field(default_factory=list)
    styles: list[Style] = field(default_factory=list)
    list_place: tuple[str, int] | None = None
    heading: bool = False
    mark: Marks = NONE
    where: Where = "body"
    ids: tuple[str, ...] = ()
    signs: list[Sign] = field(default_factory=list)
    last: bool = False


class Flow:
    """Walks a part once. `paragraphs` and `counted` are the result."""

    def __init__(self, styles: Styles) -> None:
        self.styles = styles
        self.paragraphs: list[Raw] = []
        self.counted: Counter[str] = Counter()
        self._boxes: list[etree._Element] = []
        self._fields: list[bool] = []  # per open field: whether its result has begun
        self._held: list[Piece] = []  # letters between a field's beginning and its result
        self._ids: list[str] = []
        self._signs: list[tuple[Literal["start", "end", "reference"], str]] = []
        self._moves: dict[str, str] = {}

    def take(self, root: etree._Element) -> None:
        """The blocks of a body, a header, a note or a comment."""
        self.counted["docx.formatting_changes"] += sum(1 for _ in root.iter(*_FORMATTING))
        self._blocks(root, NONE, "body")
        self._close()
        if self._signs and self.paragraphs:
            here = self.paragraphs[-1]
            here.signs += [Sign(kind, key, len(here.pieces)) for kind, key in self._signs]

    def _close(self) -> None:
        if self.paragraphs:
            self.paragraphs[-1].last = True

    def _blocks(self, parent: etree._Element, marks: Marks, where: Where) -> None:
        for one in parent.iterchildren(etree.Element):
            name = word(one)
            if name == "p":
                self._paragraph(one, marks, where)
            elif name == "tbl":
                self._table(one, marks)
            elif name in _MARKED:
                self._blocks(one, self._marked(one, marks), where)
            elif name in ("sdt", "sdtContent", "customXml", "smartTag"):
                self._blocks(one, marks, where)
            elif name in ("altChunk", "subDoc"):
                self.counted["docx.imported_parts"] += 1
            elif one.tag == f"{{{COMPATIBILITY}}}AlternateContent":
                if (chosen := self._chosen(one)) is not None:
                    self._blocks(chosen, marks, where)
            elif not self._sign(one, None):
                self._unknown(one, name)

    def _table(self, table: etree._Element, marks: Marks) -> None:
        self.counted["docx.tables"] += 1
        self._close()
        for row in table.iter(w("tr")):
            if next((up for up in row.iterancestors(w("tbl"))), None) is not table:
                continue  # a table within a cell is met there
            tracked = self._tracked(child(row, "trPr"), marks)
            for cell in _cells(row):
                self._blocks(cell, self._tracked(child(cell, "tcPr"), tracked), "table")
                self._close()

    def _tracked(self, properties: etree._Element | None, marks: Marks) -> Marks:
        """Rows and cells that were inserted or deleted take their text with them."""
        for name, of in (("ins", "inserted"), ("cellIns", "inserted"), ("del", "struck"), ("cellDel", "struck")):
            found = child(properties, name)
            if found is not None:
                self.counted["docx.table_changes"] += 1
                marks = replace(marks, inserted=author(found)) if of == "inserted" else replace(
                    marks, struck=author(found)
                )  # fmt: skip
        return marks

    def _marked(self, one: etree._Element, marks: Marks) -> Marks:
        name = word(one)
        if name == "ins":
            return replace(marks, inserted=author(one))
        if name == "del":
            return replace(marks, struck=author(one))
        if name == "moveFrom":
            return replace(marks, struck=author(one), move=self._moves.get("from", ""))
        return replace(marks, inserted=author(one), move=self._moves.get("to", ""))

    def _paragraph(self, one: etree._Element, marks: Marks, where: Where) -> None:
        if len(self.paragraphs) > 2 * abc.MAX_PARAGRAPHS:
            raise refused("format.too_many")
        block = child(one, "pPr")
        styles = self.styles.paragraph(value(block, "pStyle"))
        made = Raw(styles=styles, where=where, ids=tuple(self._ids))
        self._ids.clear()
        made.signs = [Sign(kind, key, 0) for kind, key in self._signs]
        self._signs.clear()
        own = numbered(block)
        made.list_place = own or next((style.numbered for style in styles if style.numbered), None)
        level = value(block, "outlineLvl")
        made.heading = (level.isdecimal() and int(level) < 9) or any(style.outline for style in styles)
        mark = marks
        end = child(block, "rPr")
        for tracked in end if end is not None else ():
            if word(tracked) in _MARKED:
                mark = self._marked(tracked, mark)
        made.mark = mark
        self.paragraphs.append(made)
        boxes, self._boxes = self._boxes, []
        self._inline(one, marks, made)
        if self._held:
            made.pieces += self._held
            self._held = []
            self.counted["docx.broken_fields"] += 1
            self._fields = [True] * len(self._fields)
        found, self._boxes = self._boxes, boxes
        for box in found:
            self.counted["docx.text_boxes"] += 1
            fields, self._fields = self._fields, []
            self._blocks(box, NONE, "box")
            self._fields = fields
        if found:
            self._close()

    def _inline(self, parent: etree._Element, marks: Marks, into: Raw) -> None:
        for one in parent.iterchildren(etree.Element):
            name = word(one)
            if name == "r":
                self._run(one, marks, into)
            elif name in _MARKED:
                self._inline(one, self._marked(one, marks), into)
            elif name == "ruby":
                self.counted["docx.phonetic"] += 1
                for base in one.iterchildren(w("rubyBase")):
                    self._inline(base, marks, into)
            elif name in _THROUGH or name == "sdt":
                if name == "fldSimple":
                    self.counted["docx.fields"] += 1
                self._inline(one, marks, into)
            elif name == "subDoc":
                self.counted["docx.imported_parts"] += 1
            elif one.tag == f"{{{COMPATIBILITY}}}AlternateContent":
                if (chosen := self._chosen(one)) is not None:
                    self._inline(chosen, marks, into)
            elif one.tag in (f"{{{MATH}}}oMath", f"{{{MATH}}}oMathPara"):
                self.counted["docx.formulas"] += 1
                self._add("".join(one.itertext(f"{{{MATH}}}t")), False, marks, into)
            elif not self._sign(one, into):
                self._unknown(one, name)

    def _run(self, run: etree._Element, marks: Marks, into: Raw) -> None:
        italic, hidden = self.styles.letters(into.styles, child(run, "rPr"))
        self._letters(run, italic, hidden, marks, into)

    def _letters(self, run: etree._Element, italic: bool, hidden: bool, marks: Marks, into: Raw) -> None:
        for one in run.iterchildren(etree.Element):
            name = word(one)
            text = ""
            if name in ("t", "delText"):
                text = _text(one)
            elif name in _VERBATIM:
                text = _VERBATIM[name]
            elif name == "br":
                text = "\n" if one.get(w("type"), "textWrapping") == "textWrapping" else ""
            elif name == "sym":
                text, known = symbol(one.get(w("font"), ""), one.get(w("char"), ""))
                self.counted["docx.symbols"] += not known
            elif name == "fldChar":
                self._field(one.get(w("fldCharType"), ""), into)
            elif name in ("footnoteReference", "endnoteReference"):
                self.counted["docx.footnotes" if name == "footnoteReference" else "docx.endnotes"] += 1
                kind: Literal["footnote", "endnote"] = "footnote" if name == "footnoteReference" else "endnote"
                into.signs.append(Sign(kind, one.get(ID, ""), len(into.pieces)))
            elif name in ("drawing", "pict", "object"):
                self._drawing(one, name)
            elif name == "ruby":
                self.counted["docx.phonetic"] += 1
                for base in one.iterchildren(w("rubyBase")):
                    self._inline(base, marks, into)
            elif one.tag == f"{{{COMPATIBILITY}}}AlternateContent":
                if (chosen := self._chosen(one)) is not None:
                    self._letters(chosen, italic, hidden, marks, into)
            elif not self._sign(one, into):
                self._unknown(one, name)
            if text and hidden:
                self.counted["docx.hidden_text"] += 1
            elif text:
                self._add(text, italic, marks, into)

    def _add(self, text: str, italic: bool, marks: Marks, into: Raw) -> None:
        held = self._fields and not all(self._fields)
        pieces = self._held if held else into.pieces
        last = pieces[-1] if pieces else None
        signs = into.signs[-1].at if into.signs else 0
        if last is not None and last.italic == italic and last.marks == marks and (held or signs < len(pieces)):
            last.text += text
        elif text:
            pieces.append(Piece(text, italic, marks))

    def _field(self, kind: str, into: Raw) -> None:
        if kind == "begin":
            self.counted["docx.fields"] += 1
            self._fields.append(False)
        elif kind == "separate" and self._fields:
            self._fields[-1] = True
        elif kind == "end" and self._fields:
            self._fields.pop()
        if all(self._fields):
            self._held = []  # it was the instruction, as results of fields within it

    def _drawing(self, one: etree._Element, name: str) -> None:
        boxes = [box for box in one.iter(w("txbxContent")) if not _fallback(box, one) and not _boxed(box, one)]
        self._boxes += boxes
        if name == "object":
            self.counted["docx.objects"] += 1
        elif not boxes:
            self.counted["docx.pictures"] += 1

    def _chosen(self, one: etree._Element) -> etree._Element | None:
        """One branch of alternate content: the first whose namespaces are of the format's maker, else the fallback."""
        for branch in one.iterchildren(f"{{{COMPATIBILITY}}}Choice"):
            needed = [branch.nsmap.get(prefix) or "" for prefix in branch.get("Requires", "").split()]
            if all(space.startswith("http://schemas.microsoft.com/office/") for space in needed):
                return branch
        fallback = one.find(f"{{{COMPATIBILITY}}}Fallback")
        if fallback is None:
            self._unknown(one, "")
        return fallback

    def _sign(self, one: etree._Element, into: Raw | None) -> bool:
        """Marks without width: comments, bookmarks of ours, names of moves. Whether it was one."""
        name = word(one)
        if name in ("commentRangeStart", "commentRangeEnd", "commentReference"):
            kind: Literal["start", "end", "reference"]
            kind = "start" if name.endswith("Start") else "end" if name.endswith("End") else "reference"
            key = one.get(ID, "")
            if into is None:
                self._signs.append((kind, key))
            else:
                into.signs.append(Sign(kind, key, len(into.pieces)))
        elif name == "bookmarkStart":
            key = one.get(NAME, "")
            if key.startswith("_V") and into is None:
                self._ids.append(key)
            elif key.startswith("_V") and into is not None:
                into.ids = (*into.ids, key)
        elif name in ("moveFromRangeStart", "moveToRangeStart"):
            self._moves["from" if name == "moveFromRangeStart" else "to"] = one.get(NAME, "")
        elif name in ("moveFromRangeEnd", "moveToRangeEnd"):
            self._moves["from" if name == "moveFromRangeEnd" else "to"] = ""
        else:
            return False
        return True

    def _unknown(self, one: etree._Element, name: str) -> None:
        """Not read: counted if there are words in it."""
        if name not in _SKIPPED and any(text.strip() for text in one.itertext()):
            self.counted["docx.unknown"] += 1


def _cells(row: etree._Element) -> list[etree._Element]:
    """The cells of a row, also those within content controls."""
    return [cell for cell in row.iter(w("tc")) if next((up for up in cell.iterancestors(w("tr"))), None) is row]


def _text(one: etree._Element) -> str:
    """Letters as Word shows them: space around them only where it is marked to be kept (XML 1.0, 2.10)."""
    text = one.text or ""
    if one.get("{http://www.w3.org/XML/1998/namespace}space") != "preserve":
        text = text.strip(" \t\r\n")
    return text.replace("\r\n", " ").replace("\n", " ").replace("\t", " ").replace("\r", " ")


def _fallback(box: etree._Element, top: etree._Element) -> bool:
    """Whether a text box stands in the second telling of alternate content."""
    for up in box.iterancestors():
        if up is top:
            return False
        if up.tag == f"{{{COMPATIBILITY}}}Fallback":
            return any(local(one) == "Choice" for one in (up.getparent() if up.getparent() is not None else ()))
    return False


def _boxed(box: etree._Element, top: etree._Element) -> bool:
    """Whether it stands in another text box, where it will be met."""
    for up in box.iterancestors():
        if up is top:
            return False
        if up.tag == box.tag:
            return True
    return False
