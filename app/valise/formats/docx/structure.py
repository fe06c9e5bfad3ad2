"""What a Word file cannot say by its looks: labels, statuses, parents and exact words, in a custom XML part of ours.

The part is believed only as far as the visible document agrees: it is printed again in thought, and where what is
seen is what that would look like, the part's own words are taken; where somebody changed what is seen, that wins.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import Any, cast

from lxml import etree  # type: ignore[import-untyped]

from valise.domain.errors import Refused
from valise.domain.text.model import Section
from valise.formats import abc, wire
from valise.formats.abc import TITLE, Change, Comment, Document, Note, Para
from valise.formats.docx.markup import escaped, quoted
from valise.formats.docx.names import OURS
from valise.formats.docx.package import Package, parsed
from valise.formats.docx.reading import Seen
from valise.formats.labels import duplicates

_BOOKMARK = re.compile(r"_V[0-9]{1,5}", re.ASCII)
# Of the lines above a text only these go along: what a reader cannot see should be nothing he would not expect.
_CARRIED = frozenset(("Symbol", "Original", "Language", "Date", "Status", "Session", "Marking", "Handling",
                      "Classification"))  # fmt: skip
_MAKES = frozenset(("docx.labels_made", "docx.no_structure", "text.language_unknown", "docx.headers_footers",
                    "docx.fields"))  # fmt: skip


def structure_xml(document: Document) -> str:
    """The custom part: title, formula, paragraphs, changes and comments exactly; of the header what is in _CARRIED."""
    head = {"language": document.language, "direction": document.direction}
    made = [f'<?xml version="1.0" encoding="UTF-8"?>\n<v:text xmlns:v="{OURS}"{_attributes(head)}>']
    made += [_element("title", {}, document.title), _element("formula", {}, document.formula)]
    made += [_element("header", {}, f"{name}: {value}") for name, value in document.fields.items() if name in _CARRIED]
    for para in document.paragraphs:
        made.append(_element("paragraph", {
            "section": para.section, "label": para.label, "status": para.status, "parent": para.parent,
            "number": para.number, "suffix": para.suffix, "alt": int(para.alt), "altNumber": para.alt_number,
            "altBy": para.alt_by,
        }, para.words))  # fmt: skip
    for one in document.changes:
        made.append(_element("change", {
            "kind": one.kind, "paragraph": one.paragraph, "start": one.span[0], "end": one.span[1],
            "author": one.author, "after": one.after, "section": one.section, "label": one.label,
        }, one.words))  # fmt: skip
    for remark in document.comments:
        made.append(_element("comment", {
            "paragraph": remark.paragraph, "start": remark.span[0], "end": remark.span[1], "author": remark.author,
        }, remark.words))  # fmt: skip
    return "".join((*made, "</v:text>"))


def _attributes(values: dict[str, Any]) -> str:
    return "".join(f' {name}="{quoted(str(value))}"' for name, value in values.items() if value not in ("", 0))


def _element(name: str, values: dict[str, Any], words: str) -> str:
    return f"<v:{name}{_attributes(values)}>{escaped(words)}</v:{name}>"


def structure_of(package: Package) -> Document | None:
    """The document our part tells of, None if there is none or it does not hold together."""
    for name in package.names:
        if not name.startswith("customxml/item") or not name.endswith(".xml"):
            continue
        data = package.bytes(name)
        if data is None or OURS.encode() not in data:
            continue  # another program's, and none of our business
        try:
            root = parsed(data)
            if root.tag == f"{{{OURS}}}text":
                return wire.unpacked(json.loads(json.dumps(wire.packed(_document(root)))))
        except (Refused, ValueError, OverflowError):
            return None
    return None


def _document(root: etree._Element) -> Document:
    def all_of(name: str) -> list[etree._Element]:
        return list(root.iterchildren(f"{{{OURS}}}{name}"))

    def text(name: str) -> str:
        return next((one.text or "" for one in all_of(name)), "")

    return Document(
        text("title"),
        tuple(_para(one) for one in all_of("paragraph")),
        root.get("language", "und"),
        cast(abc.Direction, root.get("direction", "ltr")),
        text("formula"),
        header=tuple(one.text or "" for one in all_of("header")),
        format="docx",
        changes=tuple(_change(one) for one in all_of("change")),
        comments=tuple(
            Comment(_number(one, "paragraph"), (_number(one, "start"), _number(one, "end")), one.text or "",
                    one.get("author", ""))
            for one in all_of("comment")
        ),
    )  # fmt: skip


def _para(one: etree._Element) -> Para:
    return Para(
        cast(Section, one.get("section", "other")), one.get("label", ""), one.text or "",
        cast(Any, one.get("status", "")), one.get("parent", ""), _number(one, "number"), one.get("suffix", ""),
        one.get("alt") == "1", _number(one, "altNumber"), one.get("altBy", ""),
    )  # fmt: skip


def _change(one: etree._Element) -> Change:
    return Change(
        cast(Any, one.get("kind", "")), _number(one, "paragraph"), (_number(one, "start"), _number(one, "end")),
        one.text or "", one.get("author", ""), _number(one, "after"), cast(Section, one.get("section", "other")),
        one.get("label", ""),
    )  # fmt: skip


def _number(one: etree._Element, name: str) -> int:
    said = one.get(name, "0")
    if len(said) > 9:
        raise ValueError
    return int(said)


def reconciled(seen: Seen, known: Document, printed: Seen) -> Document:
    """What is seen, with what is `known` of it; `printed` is how `known` looks."""
    now, then = seen.document, printed.document
    notes = tuple(note for note in now.notes if note.code not in _MAKES)
    if _same(now, then):
        # Whatever the printed form loses is in the part; only what came with the file itself is worth a note.
        inherent = set(then.notes)
        return replace(known, notes=tuple(note for note in notes if note not in inherent))
    return _Together(seen, printed, known, notes).document()


def _same(now: Document, then: Document) -> bool:
    return (now.title, now.formula, now.paragraphs, now.changes, now.comments) == (
        then.title, then.formula, then.paragraphs, then.changes, then.comments,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Place:
    """One paragraph in the three documents: as seen, as printed, as known."""

    seen: int
    printed: int
    known: int


class _Together:
    """Paragraph by paragraph: the part's where the visible one is untouched, else the visible one."""

    def __init__(self, seen: Seen, printed: Seen, known: Document, notes: tuple[Note, ...]) -> None:
        self.now, self.then, self.known, self.notes = seen.document, printed.document, known, notes
        self.places = {one.seen: one for one in _places(seen, printed, len(known.paragraphs))}
        # Changes can be taken over only where every paragraph stands where it stood.
        self.still = [*self.places] == list(range(len(self.then.paragraphs))) == list(range(len(self.now.paragraphs)))
        self.still = self.still and all(one.seen == one.printed for one in self.places.values())
        now, then = _by_place(self.now), _by_place(self.then)
        self.exact = {
            index for index in (TITLE, *self.places)
            if self.still and now.get(index) == then.get(index) and _words(self.now, index) == _words(self.then, index)
        }  # fmt: skip

    def document(self) -> Document:
        changes, comments = self._marks()
        # Places of these are counted in the visible words.
        counting = {one.paragraph for one in changes[1]} | {one.paragraph for one in comments[1]}
        paragraphs = tuple(self._para(index, para, index in counting) for index, para in enumerate(self.now.paragraphs))
        keeps = self.now.title == self.then.title and TITLE not in counting
        notes = (*(note for note in self.notes if note.code != "text.duplicate_label"),
                 *(Note("text.duplicate_label", label) for label in duplicates(paragraphs)))  # fmt: skip
        return replace(
            self.now,
            title=self.known.title if keeps else self.now.title,
            paragraphs=paragraphs,
            formula=self.known.formula if self.now.formula == self.then.formula else self.now.formula,
            header=self.known.header,
            language=self.known.language,
            direction=self.known.direction,
            notes=notes,
            changes=(*changes[0], *changes[1]),
            comments=(*comments[0], *comments[1]),
        )

    def _marks(self) -> tuple[tuple[list[Change], list[Change]], tuple[list[Comment], list[Comment]]]:
        """(from the part, from the visible document) of the changes, and of the comments."""
        index = {one.known: one.seen for one in self.places.values()} | {TITLE: TITLE}
        told = [
            replace(one, paragraph=index[one.paragraph], after=index[one.after])
            for one in self.known.changes
            if one.paragraph in index and one.after in index and index[_hangs(one)] in self.exact
        ]
        said = [
            replace(one, paragraph=index[one.paragraph])
            for one in self.known.comments
            if one.paragraph in index and index[one.paragraph] in self.exact
        ]
        seen = [one for one in self.now.changes if _hangs(one) not in self.exact]
        heard = [one for one in self.now.comments if one.paragraph not in self.exact]
        return (told, seen), (said, heard)

    def _para(self, index: int, para: Para, counting: bool) -> Para:
        place = self.places.get(index)
        if place is None:
            return para
        printed, known = self.then.paragraphs[place.printed], self.known.paragraphs[place.known]
        untouched = para.words == printed.words and (not counting or para.words == known.words)
        told = known if para.label == printed.label and para.section == printed.section else para
        status = known.status if para.status == printed.status else para.status
        return replace(told, words=known.words if untouched else para.words, status=status)


def _places(seen: Seen, printed: Seen, most: int) -> list[_Place]:
    """By our bookmarks; one that stands twice counts where it stands first."""
    before = {name: index for index, ids in enumerate(printed.ids) for name in ids}
    made: list[_Place] = []
    taken: set[str] = set()
    for index, ids in enumerate(seen.ids):
        name = next((one for one in ids if one in before and one not in taken and _BOOKMARK.fullmatch(one)), None)
        if name is not None and int(name[2:]) < most:
            taken.add(name)
            made.append(_Place(index, before[name], int(name[2:])))
    return made


def _hangs(one: Change) -> int:
    """The paragraph whose place in the file a change takes."""
    return one.after if one.kind == "paragraph" else one.paragraph


def _words(document: Document, index: int) -> str:
    return document.title if index == TITLE else document.paragraphs[index].words


def _by_place(document: Document) -> dict[int, list[Change | Comment]]:
    made: dict[int, list[Change | Comment]] = {}
    for change in document.changes:
        made.setdefault(_hangs(change), []).append(change)
    for comment in document.comments:
        made.setdefault(comment.paragraph, []).append(comment)
    return made
