"""From a tree of elements to a document: the resolutions the United Nations publish, and the files we write.

What is not recognised is kept as a paragraph without a label, and a note tells of it. No word is dropped.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Literal, cast

from valise.domain.errors import Refused
from valise.domain.text.model import Section, Status
from valise.formats import abc, labels
from valise.formats.abc import SECTIONS, STATUSES, TITLE, Document, Note, Para, refused
from valise.formats.akn.amending import TITLE_ID
from valise.formats.akn.front import Front, lines_of
from valise.formats.akn.lines import Line, is_line
from valise.formats.akn.names import DOCUMENTS, FORM, akn, local, ours
from valise.formats.akn.numbers import LEADING, MARK, NUMBER, has_number, labelled
from valise.formats.characters import observations
from valise.formats.labels import Label, Siblings, loose_brackets
from valise.formats.languages import direction, language, languages, recognise, side

Zone = Literal["preamble", "body", "annex", "other"]

_SUBJECT = frozenset(["heading", "subheading", "crossHeading"])
_NUMBERED = frozenset(["paragraph", "point", "indent", "item", "subparagraph", "li"])
_SECTIONS: dict[str, Section] = {"preamble": "PP", "body": "OP", "annex": "annex"}
_OLD_CODES = {"fre": "fr", "chi": "zh", "deu": "de", "ger": "de"}  # ISO 639-2, where our own list has no name for it
_CODE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3}")


class Reading(Front):
    """One pass over the tree."""

    def __init__(self, root: Any) -> None:
        self.root = root
        self.main = next((child for child in root if local(child) in DOCUMENTS), None)
        if self.main is None:
            raise refused("format.akn_root")
        own = self.main.find(f"{akn('meta')}/{akn('proprietary')}/{ours('text')}")
        self.exact = own is not None and own.get("form") == FORM
        super().__init__(root, self.exact)
        self.amendments.places[TITLE_ID] = TITLE
        self.paragraphs: list[Para] = []
        self.zone: Zone = "other"
        self.siblings = Siblings()
        self.last = {"PP": 0, "OP": 0}
        self.numbering: tuple[Any, bool] = (None, False)  # an element, and whether its paragraphs have numbers

    def document(self) -> Document:
        for child in self.root:
            self.walk(child)
        title = self.title
        if not title and self.cover_title in self.header:
            title = self.cover_title
            self.header.remove(title)
        found = tuple(self.paragraphs)
        body = "\n".join([title, self.formula, *(para.words for para in found)])
        spoken = self.language(body)
        changes, comments = self.amendments.changes(), self.amendments.comments()
        made = Document(
            title, found, spoken, direction(body, spoken), self.formula, header=tuple(self.header), format="akn",
            changes=changes, comments=comments,
        )  # fmt: skip
        return abc.check(replace(made, notes=self.notes(made, body)))

    def notes(self, made: Document, body: str) -> tuple[Note, ...]:
        if self.amendments.unplaced:
            self.census["akn.modification_unplaced"] = self.amendments.unplaced
        if not self.exact and (count := sum(not one.author for one in made.comments)):
            self.census["akn.footnotes"] = count
        lossy = {"akn.table", "akn.picture", "akn.note_reference", "akn.modification_unplaced"}
        notes = [Note(code, count=count, lossy=code in lossy) for code, count in sorted(self.census.items()) if count]
        notes += [] if made.title else [Note("text.no_title")]
        notes += [] if made.language != "und" else [Note("text.language_unknown")]
        notes += [Note("text.duplicate_label", label) for label in labels.duplicates(made.paragraphs)]
        notes += loose_brackets(made.title, made.paragraphs) + observations(body)
        return tuple(notes[: abc.MAX_NOTES])

    def language(self, body: str) -> str:
        """What the file says, unless the words plainly are of another language (some are filed wrongly)."""
        said = next((one.get("language", "") for one in self.root.iter("{*}FRBRlanguage")), "")
        seen = "" if self.exact else recognise(body)
        try:
            code = language(said).code
        except Refused:
            code = _OLD_CODES.get(said.lower(), said if _CODE.fullmatch(said) else "und")
        if seen and code == "und":
            return seen
        if code in languages() and seen not in ("", "und", code):
            self.census["akn.language_differs"] += 1
            return seen
        return code

    # What stands where

    def walk(self, element: Any) -> None:
        """Any element that holds further ones, or a line."""
        name = self.reader.see(element)
        if self.exact and element.get(ours("section")) in SECTIONS:
            self.own(element)
        elif name == "meta":
            return
        elif name in DOCUMENTS:
            self.part(element, name)
        elif name == "coverPage":
            self.cover(element)
        elif name == "preface":
            self.preface(element)
        elif name in ("preamble", "attachments"):
            self.zoned(element, "preamble" if name == "preamble" else "annex")
        elif name == "conclusions":
            self.conclusions(element)
        elif name == "formula":
            self.opening(element)
        elif name == "table":
            self.table(element)
        elif (name in ("container", "recital", "citation") and self.zone == "preamble") or (
            name == "crossHeading" and element.get("refersTo") == "#preamble"
        ):
            self.preambular(element)
        elif name == "blockList" and self.zone == "preamble":
            self.parts(element)
        elif name in _NUMBERED:
            self.numbered(element)
        elif is_line(element):
            self.add("other", "", self.reader.line([element]))
        else:
            self.inner(element)

    def part(self, element: Any, name: str) -> None:
        """A statement, an annex, a collection: each counts its paragraphs anew."""
        before, counted, top = self.zone, self.last, self.siblings
        within = any(local(one) == "attachment" for one in element.iterancestors())
        self.zone = "annex" if within else "body" if name == "statement" else "other"
        self.last, self.siblings = {"PP": 0, "OP": 0}, Siblings()
        self.inner(element)
        self.zone, self.last, self.siblings = before, counted, top

    def zoned(self, element: Any, zone: Zone) -> None:
        before, self.zone = self.zone, zone
        self.inner(element)
        self.zone = before

    def inner(self, element: Any) -> None:
        """The parts of an element; a number or letter of its own goes with the heading that follows."""
        children = list(element)
        at = 0
        while at < len(children):
            child, after = children[at], children[at + 1 : at + 2]
            if local(child) == "num" and after and local(after[0]) in _SUBJECT and after[0].get("refersTo") is None:
                self.add("other", "", self.reader.line([child, *after]))
                at += 2
                continue
            self.walk(child)
            at += 1

    def table(self, element: Any) -> None:
        """One paragraph for each row, its cells divided by bars."""
        self.census["akn.table"] += 1
        for row in element.iter("{*}tr"):
            cells = [cell for cell in row if local(cell) in ("td", "th")]
            line = self.reader.line(cells, gap=" | ")
            if line.words.strip(" |"):
                self.add("other", "", line)
        for caption in element.iter("{*}caption"):
            self.add("other", "", self.reader.line([caption]))

    # Paragraphs

    def preambular(self, element: Any) -> None:
        lines = [element] if is_line(element) else []
        rest: list[Any] = []
        for child in element if not lines else ():
            intro = next((one for one in child if local(one) == "listIntroduction"), None)
            if not lines and not rest and intro is not None:
                lines = [intro]
                rest += [one for one in child if one is not intro]
            elif not lines and not rest and local(child) == "p" and is_line(child):
                lines = [child]
            else:
                rest.append(child)
        if lines:
            self.last["PP"] += 1
            self.begin(Label("PP", self.last["PP"]).para(""), self.reader.line(lines, stars=True))
        for child in rest:
            self.parts(child)

    def numbered(self, element: Any) -> None:
        """A paragraph with its number, or one of its points."""
        children = list(element)
        number = next((one for one in children if local(one) == "num"), None)
        headings = [one for one in children if local(one) in _SUBJECT]
        lines: list[Any] = []
        rest: list[Any] = []
        for child in children:
            if child is number or child in headings:
                continue
            if local(child) in ("list", "blockList"):
                for one in child:
                    (lines if local(one) in ("intro", "listIntroduction") and not lines else rest).append(one)
            elif local(child) in ("content", "intro", "p") and not lines and not rest:
                inner = [child] if is_line(child) else list(child)
                taken = inner[:1] if inner and is_line(inner[0]) and local(inner[0]) == "p" else []
                lines += taken
                rest += inner[len(taken) :]
            else:
                rest.append(child)
        lines = [line for one in lines for line in lines_of(one)]
        if headings:
            self.add("other", "", self.reader.line([number, *headings] if number is not None else headings))
            number = None
        if lines or number is not None:
            self.label(element, number, lines)
        for child in rest:
            self.parts(child)

    def label(self, element: Any, number: Any, lines: list[Any]) -> None:
        """Give a paragraph its label from its number; where that says nothing, it stays part of the words."""
        heading = (element.get("class") or "").startswith("H")
        said = self.reader.words(number) if number is not None else ""
        words = self.reader.line(lines, stars=not heading)
        inside = 0
        if not said and not heading and (found := LEADING.match(words.words)):  # Arabic files have it in the words
            said, inside = found[1], found.end()
        if not heading and self.labelled(element, said, words, inside):
            return
        if said and number is not None:
            # "I." and ". Establishment" are the halves of one heading
            if said.endswith(".") and words.words.startswith("."):
                words.drop(len(words.words) - len(words.words[1:].lstrip()))
            words.lead(f"{said} " if words.words else said)
        self.siblings = Siblings()  # what follows is not part of an earlier paragraph
        self.add("other", "", words)

    def labelled(self, element: Any, said: str, words: Line, inside: int) -> bool:
        """Whether the number says where the paragraph belongs; `inside` of the words spell it."""
        if self.zone not in ("body", "annex", "preamble"):
            return False
        main = local(element) == "paragraph" and self.zone != "preamble"
        if main and (found := NUMBER.fullmatch(said)):
            words.drop(inside)
            self.begin(self.top(int(found[1]), found[2] or ""), words)
            return True
        if found := MARK.fullmatch(said):
            made = self.sub(element, found[1], found[2] or "")
            if made is not None:
                words.drop(inside)
                self.put(made, words, element)
            return made is not None
        if not said and main and self.zone == "body" and self.alone(element, words):
            self.census["akn.labels_made"] += 1
            self.begin(self.top(self.last["OP"] + 1, ""), words)
            return True
        return False

    def top(self, number: int, suffix: str) -> Para:
        if self.zone == "annex":
            tail = f" {suffix}" if suffix else ""
            return Para("annex", f"Annex {number}{tail}", "", number=number, suffix=suffix)
        self.last["OP"] = max(self.last["OP"], number)
        return Label("OP", number, suffix).para("")

    def sub(self, element: Any, mark: str, suffix: str) -> Para | None:
        """The paragraph "(mark)" below the one it is part of; None if there is none."""
        if self.siblings.top is None:
            return None
        above = element.getparent()
        if local(above) == "sublist" and (parent := self.parent(above)):
            tail = f" {suffix}" if suffix else ""
            return replace(parent, label=f"{parent.label} ({mark}){tail}", parent=parent.label, suffix=suffix, words="")
        made = self.siblings.place(mark, Label(suffix=suffix), "")
        return made and replace(made, section=self.siblings.top.section)

    def parent(self, sublist: Any) -> Para | None:
        """The point just before a list of sub-points, which the United Nations' files put beside it, not into it."""
        level = sum(local(one) == "sublist" for one in (sublist, *sublist.iterancestors()))
        for para in reversed(self.paragraphs):
            if not para.label or not para.parent:
                return None
            if para.label.count("(") <= level:
                return para
        return None

    def alone(self, element: Any, line: Line) -> bool:
        """Whether a paragraph without a number is an operative one: it opens like one, and its neighbours have none."""
        above = element.getparent()
        if self.numbering[0] is not above:
            self.numbering = (above, any(map(has_number, above.iterchildren("{*}paragraph"))))
        if self.numbering[1]:
            return False
        return line.words.startswith("*") or side(line.words, recognise(line.words)) == "OP"

    def parts(self, element: Any) -> None:
        """What follows the words of a paragraph inside it."""
        if local(element) in ("list", "sublist", "blockList"):
            for child in element:
                self.parts(child)
        else:
            self.walk(element)

    def begin(self, para: Para, line: Line) -> None:
        self.siblings.begin(para)
        self.put(para, line)

    def own(self, element: Any) -> None:
        """A paragraph of a file we wrote."""
        section = cast(Section, element.get(ours("section")))
        label, parent = element.get(ours("label"), ""), element.get(ours("parent"), "")
        status = element.get(ours("status"), "")
        words = _words_of(element)
        line = self.reader.line([] if words is None else [words])
        id = element.get("eId", "")
        if id in self.amendments.proposed_ids:
            self.amendments.propose(id, section, label, "".join(one.words for one in line.added))
        else:
            para = labelled(section, label, parent)
            known = cast("Status | Literal['']", status if status in STATUSES else "")
            self.put(replace(para, status=known), line, element)
        self.below(element, words)

    def below(self, element: Any, words: Any) -> None:
        """What else stands in a paragraph of ours: its sub-paragraphs, and whatever others put there."""
        for child in element:
            name = local(child)
            if name in ("content", "intro", "list", "blockList"):
                self.below(child, words)
            elif child is not words and name != "num":
                self.walk(child)

    def add(self, section: Section, label: str, line: Line) -> None:
        """A paragraph without a place in the numbering."""
        self.put(Para("annex" if self.zone == "annex" else section, label, ""), line)

    def put(self, para: Para, line: Line, element: Any = None) -> None:
        own = self.exact and element is not None
        if not line.words and not own:
            if line.added and "".join(one.words for one in line.added).strip():
                section = _SECTIONS.get(self.zone, para.section)
                self.amendments.propose_after(len(self.paragraphs) - 1, section, para.label, line)
                line.added = []
                if not line.asides:
                    return
            elif not line.asides and not para.label:
                return
        if len(line.words) > abc.MAX_WORDS:
            raise refused("format.too_long")
        if len(self.paragraphs) >= abc.MAX_PARAGRAPHS:
            raise refused("format.too_many")
        self.amendments.take(len(self.paragraphs), line, "" if element is None else element.get("eId", ""))
        self.paragraphs.append(replace(para, words=line.words))


def _words_of(element: Any) -> Any:
    """The line with the words of a paragraph of ours."""
    for path in ("p", "content/p", "list/intro/p"):
        if (found := element.find("/".join(akn(name) for name in path.split("/")))) is not None:
            return found
    return None
