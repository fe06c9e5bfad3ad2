"""A Word document as it is seen, without what we may have hidden in it ourselves (that is `structure`)."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from lxml import etree  # type: ignore[import-untyped]

from valise.domain.text.model import Section
from valise.formats import abc, labels
from valise.formats.abc import TITLE, Change, Comment, Document, Note, Para, refused
from valise.formats.characters import observations
from valise.formats.docx.flow import NOTES, Flow
from valise.formats.docx.names import ID, author, child, w
from valise.formats.docx.package import Package
from valise.formats.docx.sorting import Block, annex, block, sub
from valise.formats.docx.styles import Numbering, Styles
from valise.formats.docx.tracked import Line, lines
from valise.formats.labels import Label, loose_brackets
from valise.formats.languages import direction, recognise

_STOPS = tuple(",;.:،؛，；。：")
_COMMAS = (",", "،", "，")
FORMULA_LONGEST = 200
_TRACKED = frozenset((w("ins"), w("del"), w("moveFrom"), w("moveTo")))


@dataclass(frozen=True, slots=True)
class Seen:
    """What is seen, and the bookmarks of ours that each paragraph (and the title, and the formula) carries."""

    document: Document
    ids: tuple[tuple[str, ...], ...]
    title_ids: tuple[str, ...] = ()
    formula_ids: tuple[str, ...] = ()


def see(package: Package) -> Seen:
    """Read the visible document. Refused("format.*")."""
    main = package.main()
    root = package.tree(main)
    body = child(root, "body")
    if root is None or body is None:
        raise refused("format.no_document")
    styles = Styles(_part(package, main, "styles"))
    flow = Flow(styles)
    flow.take(body)
    counted = flow.counted
    _around(package, main, counted)
    found = lines(flow.paragraphs, counted)
    remarks = {kind: _texts(package, main, kind, styles, counted) for kind in ("comments", "footnotes", "endnotes")}
    return _Sorting(found, Numbering(_part(package, main, "numbering")), remarks, counted).seen()


def _part(package: Package, main: str, kind: str) -> etree._Element | None:
    names = package.linked(main, kind)
    return package.tree(names[0]) if names else None


def _around(package: Package, main: str, counted: Counter[str]) -> None:
    """What belongs to the document but is no text of it: counted, and not one byte of it read."""
    counted["docx.macros"] += sum(name.endswith(("vbaproject.bin", "vbadata.xml")) for name in package.names)
    embedded = sum(name.startswith(("word/embeddings/", "word/activex/")) for name in package.names)
    counted["docx.objects"] = max(counted["docx.objects"], embedded)
    parts = [main, *(name for kind in ("settings", "header", "footer", "footnotes", "endnotes", "comments")
                     for name in package.linked(main, kind))]  # fmt: skip
    for part in parts:
        for link in package.links(part):
            if link.external:
                counted["docx.links" if link.kind == "hyperlink" else "docx.outside"] += 1
    for kind in ("header", "footer"):
        for name in package.linked(main, kind):
            root = package.tree(name)
            if root is not None and any((one.text or "").strip() for one in root.iter(w("t"), w("delText"))):
                counted["docx.headers_footers"] += 1
                counted["docx.note_changes"] += sum(1 for _ in root.iter(*_TRACKED))


def _texts(package: Package, main: str, kind: str, styles: Styles, counted: Counter[str]) -> dict[str, tuple[str, str]]:
    """Notes or comments by their id: (words, author)."""
    root = _part(package, main, kind)
    made: dict[str, tuple[str, str]] = {}
    for one in root.iterchildren(w(kind.removesuffix("s"))) if root is not None else ():
        if one.get(w("type"), "normal") not in ("normal", ""):
            continue  # separators of notes
        flow = Flow(styles)
        flow.take(one)
        counted["docx.note_changes"] += sum(1 for _ in one.iter(*_TRACKED))
        for code in ("docx.formatting_changes", "docx.hidden_text", "docx.pictures", "docx.objects", "docx.unknown"):
            counted[code] += flow.counted[code]
        words = "\n".join(
            "".join(piece.text for piece in raw.pieces if piece.marks.inserted is None) for raw in flow.paragraphs
        )
        made.setdefault(one.get(ID, ""), (words.strip(), author(one)))
        if len(made) > abc.MAX_CHANGES:
            raise refused("format.changes")
    return made


class _Sorting:
    """Lines become the paragraphs of a text."""

    def __init__(
        self,
        found: list[Line],
        numbering: Numbering,
        remarks: dict[str, dict[str, tuple[str, str]]],
        counted: Counter[str],
    ) -> None:
        self.text = "\n".join(line.words for line in found)
        self.code = recognise(self.text)
        self.counted = counted
        self.remarks = remarks
        self.notes: list[Note] = []
        self.blocks: list[Block] = []
        for line in found:
            auto = numbering.label(line.raw.list_place, line.new_by is None) if line.words or line.new_by else ""
            self.blocks.append(block(line, auto if line.words else "", self.code))
        self.paragraphs: list[Para] = []
        self.index: dict[int, int] = {}  # place among the blocks -> paragraph
        self.title: Block | None = None
        self.formula: Block | None = None
        self.proposed: dict[int, tuple[Section, str]] = {}  # for new paragraphs: section and label

    def seen(self) -> Seen:
        standing = [at for at, one in enumerate(self.blocks) if one.line.new_by is None and one.words]
        first = next((at for at in standing if self._begins(at)), None)
        front = [at for at in standing if first is None or at < first]
        self._front(front, first is not None)
        self._body([at for at in range(len(self.blocks)) if first is not None and at >= first])
        for at, one in enumerate(self.blocks):
            if one.line.new_by is not None and one.words and at not in self.proposed:
                self.proposed[at] = ("other", "")
        if first is None:
            self.notes.append(Note("docx.no_structure"))
        changes = self._changes()
        comments = self._comments()
        self.counted["docx.label_changes"] += sum(one.lost for one in self.blocks)
        title = self.title.words if self.title else ""
        found = tuple(self.paragraphs)
        if not title:
            self.notes.append(Note("text.no_title"))
        if self.code == "und":
            self.notes.append(Note("text.language_unknown"))
        self.notes += [Note("text.duplicate_label", label) for label in labels.duplicates(found)]
        self.notes += loose_brackets(title, found) + observations(self.text)
        counted = [Note(code, count=self.counted[code], lossy=lossy) for code, lossy in NOTES.items()
                   if self.counted[code]]  # fmt: skip
        document = Document(
            title, found, self.code, direction(self.text, self.code), self.formula.words if self.formula else "",
            notes=tuple((counted + self.notes)[: abc.MAX_NOTES]), format="docx", changes=tuple(changes),
            comments=tuple(comments),
        )  # fmt: skip
        ids: list[tuple[str, ...]] = [()] * len(found)
        for at, number in self.index.items():
            if number >= 0:
                ids[number] = self.blocks[at].line.ids
        return Seen(
            document, tuple(ids), self.title.line.ids if self.title else (),
            self.formula.line.ids if self.formula else (),
        )  # fmt: skip

    def _begins(self, at: int) -> bool:
        one = self.blocks[at]
        raw = one.line.raw
        return raw.where == "body" and not raw.heading and not _titled(one) and one.kind not in ("", "mark")

    def _front(self, places: Sequence[int], follows: bool) -> None:
        """Title, formula, and whatever else stands before the first paragraph."""
        rest = [at for at in places if self.blocks[at].line.raw.where == "body"]
        if rest and (follows or "_VF" in self.blocks[rest[-1]].line.ids) and self._is_formula(rest[-1]):
            self.formula = _bare(self.blocks[rest.pop()])
        likely = [at for at in rest if len(self.blocks[at].words) <= abc.MAX_TITLE and not self.blocks[at].mark]
        styled = [at for at in likely if _titled(self.blocks[at])]
        headed = [at for at in likely if not self.blocks[at].words.rstrip("*").endswith(_STOPS)] or likely
        chosen = styled[0] if styled else (headed[-1] if follows else headed[0]) if headed else None
        formula = next((at for at in places if self.formula and self.blocks[at].line is self.formula.line), None)
        for at in places:
            if at == chosen:
                self.title = self.blocks[at] = _bare(self.blocks[at])
                self.index[at] = TITLE
            elif at != formula:
                self._keep(at, "other")

    def _is_formula(self, at: int) -> bool:
        one = self.blocks[at]
        return (
            (one.words.strip("*").endswith(_COMMAS) or "_VF" in one.line.ids)
            and len(one.words) <= FORMULA_LONGEST
            and not one.line.placed
            and not one.edits
            and one.line.gone_by is None
            and not one.mark
            and not _titled(one)
        )

    def _keep(self, at: int, section: Literal["annex", "other"]) -> None:
        """A paragraph without a label keeps whatever number or mark it has among its words."""
        one = self.blocks[at]
        if one.kind in ("label", "number", "mark"):
            one = self.blocks[at] = _whole(one)
        self._add(at, Para(section, "", one.words, one.status))

    def _add(self, at: int, para: Para) -> None:
        if len(self.paragraphs) >= abc.MAX_PARAGRAPHS:
            raise refused("format.too_many")
        self.index[at] = len(self.paragraphs)
        self.paragraphs.append(para)

    def _body(self, places: Sequence[int]) -> None:
        siblings = labels.Siblings()
        operative = next((at for at in places if self._begins(at) and _operative(self.blocks[at])), len(self.blocks))
        last = {"PP": 0, "OP": 0}
        annexed = made = False
        for at in places:
            one = self.blocks[at]
            kind: Literal["PP", "OP"] = "PP" if at < operative else "OP"
            if not one.words:
                continue
            if one.line.new_by is not None:
                self.proposed[at] = self._propose(one, kind, annexed, siblings)
                continue
            annexed = annexed or (one.line.raw.where == "body" and annex(one.words))
            if annexed or one.line.raw.where != "body" or (one.line.raw.heading and one.kind != "label"):
                self._keep(at, "annex" if annexed else "other")
                continue
            para = self._sub(one, siblings)
            if para is None:
                given = one.label if one.kind in ("label", "number") else None
                made |= given is None
                if one.kind == "mark":
                    one = self.blocks[at] = _whole(one)
                label = given or Label(kind, last[kind] + 1)
                last[label.kind] = max(last[label.kind], label.number)
                para = label.para(one.words)
                siblings.begin(para)
            self._add(at, replace(para, status=one.status))
        if made:
            self.notes.append(Note("docx.labels_made"))

    def _sub(self, one: Block, siblings: labels.Siblings) -> Para | None:
        if one.kind == "mark" and one.label is not None:
            return siblings.place(one.mark, one.label, one.words)
        if one.kind == "label" and one.subs and one.label is not None:
            return sub(one.label, one.subs, one.words)
        return None

    def _propose(
        self, one: Block, kind: Literal["PP", "OP"], annexed: bool, siblings: labels.Siblings
    ) -> tuple[Section, str]:
        if annexed or one.line.raw.where != "body":
            return "annex" if annexed else "other", ""
        if para := self._sub(one, copy.copy(siblings)):
            return para.section, para.label
        if one.kind in ("label", "number") and one.label is not None:
            return one.label.kind, one.label.text
        return kind, ""

    def _changes(self) -> list[Change]:
        moves = self._moves()
        arrived = {to: start for start, to in moves.items()}
        made: list[Change] = []
        after = TITLE
        for at, one in enumerate(self.blocks):
            line = one.line
            if line.new_by is not None:
                if not one.words:
                    continue
                if at in arrived:
                    made.append(Change("move", self.index[arrived[at]], author=line.new_by, after=after))
                    continue
                section, label = self.proposed[at]
                self.counted["docx.moves_within"] += line.move is not None
                made.append(Change("paragraph", words=one.words, author=line.new_by, after=after, section=section,
                                   label=label))  # fmt: skip
                continue
            if at not in self.index:
                continue
            here = self.index[at]
            self.counted["docx.moves_within"] += sum(edit.moved for edit in one.edits)
            for edit in one.edits:
                made.append(Change("words", here, (edit.start, edit.end), edit.words, edit.author))
            if line.gone_by is not None and at not in moves:
                if here == TITLE:
                    made.append(Change("words", TITLE, (0, len(one.words)), "", line.gone_by))
                else:
                    made.append(Change("delete", here, author=line.gone_by))
            after = here
        return made

    def _moves(self) -> dict[int, int]:
        """Whole paragraphs that one author strikes in one place and inserts in another with the same words: from -> to,
        by the name of the move, else (LibreOffice keeps no names, nor that it was a move) in their order."""
        gone = [at for at, one in enumerate(self.blocks)
                if one.line.gone_by is not None and self.index.get(at, TITLE) >= 0]  # fmt: skip
        come: dict[tuple[str, str], list[int]] = {}
        for at, one in enumerate(self.blocks):
            if one.line.new_by is not None and one.words:
                come.setdefault((one.line.new_by, one.words), []).append(at)
        made: dict[int, int] = {}
        for named in (True, False):
            for at in gone:
                one = self.blocks[at]
                among = come.get((one.line.gone_by or "", one.words), [])
                named_so = [to for to in among if one.line.move and self.blocks[to].line.move == one.line.move]
                found = next(iter(named_so if named else among), None)
                if at not in made and found is not None:
                    made[at] = found
                    among.remove(found)
        return made

    def _comments(self) -> list[Comment]:
        texts = self.remarks["comments"]
        begun: dict[str, tuple[int, int]] = {}
        made: dict[str, Comment] = {}
        order: list[str] = []
        here, length = TITLE, 0
        notes = 0
        for at, one in enumerate(self.blocks):
            known = at in self.index
            if known:
                here, length = self.index[at], len(one.words)
            for placed in one.line.placed:
                place = one.place(placed.at) if known else length
                if placed.sign is None or placed.sign.kind in ("footnote", "endnote"):
                    notes += 1
                    words, by = placed.words, placed.author
                    if placed.sign is not None:
                        said, _ = self.remarks[f"{placed.sign.kind}s"].get(placed.sign.id, ("", ""))
                        words = f"{placed.sign.kind.capitalize()}: {said}"
                    key = f"\0{notes}"
                    made[key] = Comment(here, (place, place), words, by)
                    order.append(key)
                    continue
                key = placed.sign.id
                if key not in texts or (key in made and placed.sign.kind != "end"):
                    continue
                words, by = texts[key]
                if placed.sign.kind == "start":
                    begun[key] = (here, place)
                    made[key] = Comment(here, (place, length), words, by)
                    order.append(key)
                elif placed.sign.kind == "end" and key in begun:
                    start_at, start = begun.pop(key)
                    end = max(start, place) if start_at == here else made[key].span[1]
                    made[key] = replace(made[key], span=(start, end))
                elif placed.sign.kind == "reference":
                    made[key] = Comment(here, (place, place), words, by)
                    order.append(key)
        for key, (words, by) in texts.items():
            if key not in made:
                self.counted["docx.loose_comments"] += 1
                made[key] = Comment(TITLE, (0, 0), words, by)
                order.append(key)
        return [made[key] for key in order if made[key].words]


def _titled(one: Block) -> bool:
    return "_VT" in one.line.ids or any(style.name == "title" for style in one.line.raw.styles)


def _operative(one: Block) -> bool:
    if one.label is not None and one.kind != "mark":
        return one.label.kind == "OP"
    return one.kind == "OP"


def _whole(one: Block) -> Block:
    """The block with its number or mark among the words again."""
    if one.shift < 0:
        cut = -one.shift
        words = one.line.words[:cut] + one.words
        edits = [replace(edit, start=edit.start + cut, end=edit.end + cut) for edit in one.edits]
        return Block(one.line, words, status=one.status, edits=edits, shift=0, lost=one.lost)
    lead = f"({one.mark}) " if one.mark else f"{one.label.text} " if one.label and one.kind == "label" else ""
    if one.kind == "number" and one.label is not None:
        lead = f"{one.label.number}{f' {one.label.suffix}' if one.label.suffix else ''}. "
    edits = [replace(edit, start=edit.start + len(lead), end=edit.end + len(lead)) for edit in one.edits]
    return Block(one.line, lead + one.words, status=one.status, edits=edits, shift=one.shift + len(lead), lost=one.lost)


def _bare(one: Block) -> Block:
    """A title or formula that is italic as a whole stands without its asterisks."""
    if one.kind in ("label", "number", "mark"):
        one = _whole(one)
    words = one.words
    if len(words) < 3 or words[0] != "*" or words[-1] != "*" or "*" in words[1:-1] or one.edits:
        return one
    return replace(one, words=words[1:-1], shift=one.shift - 1)
