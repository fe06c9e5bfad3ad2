"""A document as the body of a Word file: what stands, what is tracked, what is remarked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from valise.domain.text.inline import GROUPS
from valise.formats.abc import TITLE, Change, Comment, Document, Para
from valise.formats.docx.markup import Dressed, Ink, Look, admissible, quoted
from valise.formats.docx.names import WORD
from valise.formats.docx.planning import Plan, Plans, plan

_CODE = rf"(?:{'|'.join(GROUPS)}|[A-Z]{{2,3}})"
_AUTHOR = re.compile(rf"{_CODE}(?:, {_CODE}){{0,31}}")
_DATE = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")
LABEL, STATUS = Look(bold=True, style="ValiseLabel"), Look(italic=True, style="ValiseStatus")


def nameless(document: Document) -> Document:
    """The document with authors as codes of delegations only; whoever is no code becomes "Author 1", "Author 2"."""
    known: dict[str, str] = {}

    def code(author: str) -> str:
        if not author or _AUTHOR.fullmatch(author):
            return author
        return known.setdefault(author, f"Author {len(known) + 1}")

    changes = tuple(replace(one, author=code(one.author)) for one in document.changes)
    comments = tuple(replace(one, author=code(one.author)) for one in document.comments)
    return replace(document, changes=changes, comments=comments)


def dated(document: Document) -> str:
    """The date all marks of a file bear: the header's, if it names one as YYYY-MM-DD, else none."""
    found = _DATE.search(document.fields.get("Date", ""))
    return f"{found[0]}T00:00:00Z" if found else ""


def settled(document: Document) -> bool:
    """Whether the text looks like one that was adopted: nothing marked on it, plainly numbered."""
    if document.changes or document.comments:
        return False
    last = {"PP": 0, "OP": 0}
    for para in document.paragraphs:
        if para.status or para.alt or para.suffix:
            return False
        if para.parent or not para.label:
            continue
        if para.section not in last or para.label != f"{para.section} {last[para.section] + 1}":
            return False
        last[para.section] += 1
    return True


def shown_label(para: Para, plainly: bool) -> str:
    """The label as printed: "(a)" under its paragraph, "3." or nothing in a settled text, else in full."""
    if para.parent and para.label.startswith(para.parent):
        return para.label.removeprefix(para.parent).lstrip()
    if plainly and para.section in ("PP", "OP") and para.label:
        return f"{para.label.rpartition(' ')[2]}." if para.section == "OP" else ""
    return para.label


class Body:
    """Writes document.xml and comments.xml. Refused("format.encoding" | "format.control") for what XML cannot hold."""

    def __init__(self, document: Document) -> None:
        for text in texts_of(document):
            admissible(text)
        self.document = document
        self.ink = Ink(document.direction == "rtl", dated(document))
        self.plans: Plans = plan(document)
        self.plainly = settled(document)
        self._remarks: dict[int, list[tuple[int, Comment]]] = {}
        for number, one in enumerate(self.plans.comments):
            self._remarks.setdefault(one.paragraph, []).append((number, one))
        self._names: dict[int, int] = {}  # change -> number of its move

    def document_xml(self) -> str:
        made = [
            f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:document xmlns:w="{WORD}" xmlns:r='
            '"http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body>',
            self._title(),
        ]
        if self.document.formula:
            made.append(self._plain("ValiseFormula", "_VF", self.document.formula))
        made += self._after(TITLE)
        for index, para in enumerate(self.document.paragraphs):
            made.append(self._paragraph(index, para))
            made += self._after(index)
        made.append(f"<w:p>{self.ink.block('ValiseEnd')}</w:p>{self._section()}</w:body></w:document>")
        return "".join(made)

    def comments_xml(self) -> str:
        made = [f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:comments xmlns:w="{WORD}">']
        for number, one in enumerate(self.plans.comments):
            made.append(f'<w:comment w:id="{number}" w:author="{quoted(one.author)}" w:date="{self.ink.date}">')
            made += [
                f"<w:p>{self.ink.block('ValiseRemark')}{self.ink.run(line)}</w:p>" for line in one.words.split("\n")
            ]
            made.append("</w:comment>")
        return "".join((*made, "</w:comments>"))

    def _title(self) -> str:
        """Also where there is none, if something hangs on it."""
        if not (self.document.title or TITLE in self.plans.own or TITLE in self._remarks):
            return ""
        words = self._tracked(TITLE, self.document.title, self.plans.own.get(TITLE, Plan()))
        return f"<w:p>{self.ink.block('Title')}{self._marked('_VT', words)}</w:p>"

    def _plain(self, style: str, name: str, words: str) -> str:
        return f"<w:p>{self.ink.block(style)}{self._marked(name, self.ink.run(words, Look(italic=True)))}</w:p>"

    def _marked(self, name: str, runs: str) -> str:
        """Runs within a bookmark, by which a paragraph is known again whatever becomes of its words."""
        number = self.ink.number()
        return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{runs}<w:bookmarkEnd w:id="{number}"/>'

    def _paragraph(self, index: int, para: Para) -> str:
        found = self.plans.own.get(index, Plan())
        label = shown_label(para, self.plainly)
        style = style_of(para)
        name = f"_V{index}"
        if found.moved is not None:
            return self._moved(found.moved, style, name, self._simple(label, Dressed(para.words), para.status), "From")
        if found.gone is not None:
            lead, tail = self._lead(label, True), self._tail(para.status, True)
            by = found.gone
            body = self._tracked(index, para.words, found)
            runs = self.ink.around("del", by, lead) + body + self.ink.around("del", by, tail)
            return f"<w:p>{self.ink.block(style, 'del', by)}{self._marked(name, runs)}</w:p>"
        runs = self._lead(label) + self._tracked(index, para.words, found) + self._tail(para.status)
        return f"<w:p>{self.ink.block(style)}{self._marked(name, runs)}</w:p>"

    def _lead(self, label: str, struck: bool = False) -> str:
        return self.ink.run(label, LABEL, struck) + self.ink.run("\t", struck=struck) if label else ""

    def _tail(self, status: str, struck: bool = False) -> str:
        return self.ink.run(" ", struck=struck) + self.ink.run(f"({status})", STATUS, struck) if status else ""

    def _simple(self, label: str, words: Dressed, status: str) -> str:
        return self._lead(label) + words.runs(self.ink, 0, len(words.words)) + self._tail(status)

    def _tracked(self, index: int, words: str, found: Plan) -> str:
        """The words with their edits and the ends of their comments, left to right."""
        dressed = Dressed(words)
        size = len(words)
        struck = sorted(
            (one.span[0], min(one.span[1], size), one.author) for one in found.edits if one.span[0] < one.span[1]
        )
        if found.gone is not None:
            struck = [(0, size, found.gone)]
        coming: dict[int, list[Change]] = {}
        for one in found.edits:
            if one.words:
                coming.setdefault(min(one.span[1], size), []).append(one)
        opening, closing = self._ranges(index, size)
        cuts = sorted({0, size, *coming, *opening, *closing, *(at for one in struck for at in one[:2])})
        made: list[str] = []
        which = 0
        for at, until in zip(cuts, [*cuts[1:], size], strict=True):
            made += [closing.get(at, "")] if at else []
            made += [self._insert(one) for one in coming.get(at, ())]
            made.append(opening.get(at, ""))
            made += [closing.get(at, "")] if not at else []
            while which < len(struck) and struck[which][1] <= at:
                which += 1
            by = struck[which][2] if which < len(struck) and struck[which][0] <= at else None
            if by is None:
                made.append(dressed.runs(self.ink, at, until))
            else:
                made.append(self.ink.around("del", by, dressed.runs(self.ink, at, until, True)))
        return "".join(made)

    def _insert(self, one: Change) -> str:
        new = Dressed(one.words)
        return self.ink.around("ins", one.author, new.runs(self.ink, 0, len(one.words)))

    def _ranges(self, index: int, size: int) -> tuple[dict[int, str], dict[int, str]]:
        """What opens and what closes the comments of a paragraph, by place; an empty range opens and closes at once."""
        opening: dict[int, str] = {}
        closing: dict[int, str] = {}
        for number, one in self._remarks.get(index, ()):
            start, end = min(one.span[0], size), min(one.span[1], size)
            first = f'<w:commentRangeStart w:id="{number}"/>'
            last = f'<w:commentRangeEnd w:id="{number}"/><w:r><w:commentReference w:id="{number}"/></w:r>'
            if start == end:
                opening[start] = opening.get(start, "") + first + last
            else:
                opening[start] = opening.get(start, "") + first
                closing[end] = closing.get(end, "") + last
        return opening, closing

    def _after(self, index: int) -> list[str]:
        made = []
        for one in self.plans.after.get(index, ()):
            if one.kind == "move":
                para = self.document.paragraphs[one.paragraph]
                runs = self._simple(shown_label(para, self.plainly), Dressed(para.words), para.status)
                made.append(self._moved(one, style_of(para), "", runs, "To"))
                continue
            runs = self._simple(one.label, Dressed(one.words), "")
            style = style_of(Para(one.section, one.label, one.words))
            made.append(
                f"<w:p>{self.ink.block(style, 'ins', one.author)}{self.ink.around('ins', one.author, runs)}</w:p>"
            )
        return made

    def _moved(self, one: Change, style: str, name: str, runs: str, side: str) -> str:
        """One of the two places of a moved paragraph; both bear the same name (17.13.5.22)."""
        number = self._names.setdefault(one.paragraph, len(self._names) + 1)
        start = self.ink.tag(f"move{side}RangeStart", one.author, f' w:name="move{number}"')
        key = re.search(r'w:id="([0-9]+)"', start)
        inner = f'<{start}/>{self.ink.around(f"move{side}", one.author, runs)}<w:move{side}RangeEnd w:id="{key[1] if key else 0}"/>'
        comments = ""
        if side == "From":
            opening, closing = self._ranges(one.paragraph, 0)
            comments = "".join(opening.values()) + "".join(closing.values())
        body = self._marked(name, inner + comments) if name else inner
        return f"<w:p>{self.ink.block(style, f'move{side}', one.author)}{body}</w:p>"

    def _section(self) -> str:
        bidi = "<w:bidi/>" if self.ink.right_to_left else ""
        return (
            '<w:sectPr><w:headerReference w:type="default" r:id="rId10"/><w:footerReference w:type="default" r:id="rId11"/>'
            '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1701" w:right="1418" w:bottom="1418" w:left="1418" '
            f'w:header="720" w:footer="720" w:gutter="0"/>{bidi}</w:sectPr>'
        )


def style_of(para: Para) -> str:
    """The paragraph style of a paragraph."""
    if para.parent:
        return "ValiseSubSub" if para.parent.count("(") > para.alt_by.count("(") else "ValiseSub"
    return {"PP": "ValisePP", "OP": "ValiseOP", "annex": "ValiseAnnex"}.get(para.section, "ValiseOther")


def texts_of(document: Document) -> Iterable[str]:
    """Everything of a document that is written into a file."""
    yield from (document.title, document.formula, document.language, *document.header)
    for para in document.paragraphs:
        yield from (para.words, para.label, para.parent, para.suffix, para.alt_by)
    for change in document.changes:
        yield from (change.words, change.author, change.label)
    for comment in document.comments:
        yield from (comment.words, comment.author)
