"""A document as a statement in AKN4UN, valid against the schema of Akoma Ntoso 1.0, with what is proposed in place.

Proposals stand in the text as <del> and <ins> by reference to the delegation; the analysis says, modification by
modification, which of them belong together. Labels, sections, statuses and parents are attributes of our namespace,
which the schema admits. Nothing of the person or the machine that writes goes in, no time either.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from valise.domain.text.model import Section
from valise.formats import labels
from valise.formats.abc import TITLE, Change, Document, Para, refused
from valise.formats.akn import frbr
from valise.formats.akn.amending import NOBODY, TITLE_ID, codes
from valise.formats.akn.names import AKN, AKN4UN, FORM, OURS, akn, ours
from valise.formats.akn.overlay import Amended, Marks, Pen, Remarked, Traces, lay, preserve
from valise.formats.characters import encode

MAX_NESTED = 8  # sub-paragraphs in sub-paragraphs; deeper ones stand flat and say whose part they are
_TAGS = {"preamble": ("container", "item"), "body": ("paragraph", "point"), "annex": ("paragraph", "point")}
_PLAIN = re.compile(r"[0-9]+")
_BARRED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")  # XML 1.0, 2.2, and DEL
_LEAVES = frozenset(akn(name) for name in ("p", "num", "docTitle"))


@dataclass(slots=True)
class _Node:
    """A paragraph of the document (`at` its index), or one that change `change` puts in, with its sub-paragraphs."""

    para: Para
    at: int = TITLE
    change: int = TITLE
    subs: list[_Node] = field(default_factory=list)


def written(document: Document) -> bytes:
    """The file. Refused("format.encoding") for words that are no Unicode text, Refused("format.control") for
    characters XML cannot hold."""
    return bytes(etree.tostring(_Writing(document).root(), xml_declaration=True, encoding="UTF-8")) + b"\n"


class _Writing:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.check()
        self.counters: dict[str, int] = {}
        self.authors: dict[str, str] = {}  # reference without "#" -> what is shown
        self.anonymous: dict[str, str] = {}
        self.traces = Traces()
        places = range(TITLE, len(document.paragraphs))
        self.changes = {
            number: one for number, one in enumerate(document.changes) if one.paragraph in places and one.after in places
            and (one.kind != "move" or one.paragraph != TITLE)
        }  # fmt: skip
        self.marks = self.collect()
        self.moved: dict[int, str] = {}  # change -> identifier of the paragraph it puts in
        self.ids: dict[int, str] = {TITLE: TITLE_ID}

    def check(self) -> None:
        """Every character must be one that XML can hold and that we would read again."""
        one = self.document
        parts = [one.title, one.formula, *one.header, *(said.words + said.author for said in one.comments)]
        parts += [para.words + para.label + para.parent for para in one.paragraphs]
        parts += [change.words + change.author + change.label for change in one.changes]
        encode("".join(parts))
        if any(_BARRED.search(part) for part in parts):
            raise refused("format.control")

    def name(self, kind: str) -> str:
        """A new identifier: "para_3"."""
        self.counters[kind] = self.counters.get(kind, 0) + 1
        return f"{kind}_{self.counters[kind]}"

    def known(self, code: str) -> str:
        """The reference to a delegation or group."""
        self.authors.setdefault(code, code)
        return f"#{code}"

    def by(self, author: str) -> tuple[str, ...]:
        """References to whoever made a change: delegations by their codes, anybody else by a number."""
        if not author:
            return ()
        if found := codes(author):
            return tuple(self.known(code) for code in found)
        if author not in self.anonymous:
            number = len(self.anonymous) + 1
            self.anonymous[author] = f"author_{number}"
            self.authors[f"author_{number}"] = f"Author {number}"
        return (f"#{self.anonymous[author]}",)

    def collect(self) -> dict[int, Marks]:
        """The marks of each paragraph."""
        made: dict[int, Marks] = {}
        for number, one in self.changes.items():
            if one.kind == "paragraph":
                continue
            here = made.setdefault(one.paragraph, Marks())
            if one.kind == "words":
                here.amended.append(Amended(number, *one.span, one.words, self.by(one.author)))
            else:
                here.whole = tuple(dict.fromkeys((*here.whole, *(self.by(one.author) or (f"#{NOBODY}",)))))
        for number, note in enumerate(self.document.comments, 1):
            here = made.setdefault(note.paragraph, Marks())
            here.remarked.append(Remarked(number, *note.span, note.words, self.by(note.author)))
        return made

    def root(self) -> Any:
        root = etree.Element(akn("akomaNtoso"), nsmap={None: AKN, "akn4un": AKN4UN, "valise": OURS})
        statement = etree.SubElement(root, akn("statement"), {"name": "resolutionDraft", "contains": "originalVersion"})
        identity = frbr.identity(self.document)
        meta = frbr.identification(statement, identity, "")
        self.cover(statement)
        self.preface(statement)
        preamble, body, annex = _areas(_forest(self.document.paragraphs, self.changes))
        self.preamble(statement, preamble)
        self.body(statement, body, "body")
        if annex:
            attachment = etree.SubElement(etree.SubElement(statement, akn("attachments")), akn("attachment"))
            doc = etree.SubElement(attachment, akn("doc"), {"name": "annex"})
            frbr.identification(doc, identity, "annex")
            self.body(doc, annex, "annex")
        self.analysis(meta)
        frbr.references(meta, self.authors)
        own = etree.SubElement(meta, akn("proprietary"), {"source": f"#{frbr.SOURCE}"})
        etree.SubElement(own, ours("text"), {"form": FORM})
        _indent(root)
        return root

    # The parts of the statement

    def cover(self, statement: Any) -> None:
        if not self.document.header:
            return
        cover = etree.SubElement(statement, akn("coverPage"))
        symbol = self.document.symbol
        for line in self.document.header:
            pen = Pen(cover)
            preserve(pen.start("p"))
            before, found, after = line.partition(symbol) if symbol and line.startswith("Symbol") else (line, "", "")
            pen.text(before)
            if found:
                pen.start("docNumber", refersTo="#symbol")
                pen.text(found)
                pen.end()
            pen.text(after)

    def preface(self, statement: Any) -> None:
        if not self.document.title and TITLE not in self.marks:
            return
        line = preserve(etree.SubElement(etree.SubElement(statement, akn("preface")), akn("p")))
        title = etree.SubElement(line, akn("docTitle"), {"eId": TITLE_ID})
        lay(title, self.document.title, self.marks.get(TITLE, Marks()), self.traces, self.name, self.known)

    def preamble(self, statement: Any, nodes: Sequence[_Node]) -> None:
        if not nodes and not self.document.formula:
            return
        preamble = etree.SubElement(statement, akn("preamble"))
        if self.document.formula:
            pen = Pen(preamble)
            pen.start("formula", name="enactingFormula", eId=self.name("formula"))
            preserve(pen.start("p"))
            pen.text(self.document.formula)
        for node in nodes:
            self.node(preamble, node, "preamble", 0)

    def body(self, parent: Any, nodes: Sequence[_Node], area: str) -> None:
        body = etree.SubElement(parent, akn("mainBody"))
        for node in nodes:
            self.node(body, node, area, 0)
        if not nodes:
            etree.SubElement(body, akn("p"))  # the schema wants something here

    def node(self, parent: Any, node: _Node, area: str, depth: int) -> None:
        """One paragraph and its sub-paragraphs."""
        para = node.para
        tag = _TAGS[area][depth > 0]
        id = self.name("new" if node.change >= 0 else "para" if tag == "paragraph" else tag)
        element = etree.SubElement(parent, akn(tag), {"eId": id})
        if tag == "container":
            element.set("name", "preambularPhrase" if para.section == "PP" else "paragraph")
        for key, value in (("section", para.section), ("label", para.label), ("parent", para.parent)):
            if value:
                element.set(ours(key), value)
        if para.status:
            element.set(ours("status"), para.status)
        if tag != "container" and (number := _number(para)):
            Pen(etree.SubElement(element, akn("num"))).text(number)
        if tag in ("container", "item"):
            self.words(element, node, id)
            inside = etree.SubElement(element, akn("blockList")) if node.subs else None
        elif node.subs:
            inside = etree.SubElement(element, akn("list"))
            self.words(etree.SubElement(inside, akn("intro")), node, id)
        else:
            inside = None
            self.words(etree.SubElement(element, akn("content")), node, id)
        for sub in node.subs:
            self.node(inside, sub, area, depth + 1)

    def words(self, parent: Any, node: _Node, id: str) -> None:
        line = preserve(etree.SubElement(parent, akn("p")))
        if node.change < 0:
            self.ids[node.at] = id
            lay(line, node.para.words, self.marks.get(node.at, Marks()), self.traces, self.name, self.known)
            return
        self.moved[node.change] = id
        pen = Pen(line)
        by = " ".join(self.by(self.changes[node.change].author))
        pen.start("ins", eId=self.name("ins"), refersTo=by)
        pen.text(node.para.words)

    def analysis(self, meta: Any) -> None:
        """Each change as a modification, in their order."""
        if not self.changes:
            return
        analysis = etree.SubElement(meta, akn("analysis"), {"source": f"#{frbr.SOURCE}"})
        all_ = etree.SubElement(analysis, akn("passiveModifications"))
        for number, one in self.changes.items():
            made = etree.SubElement(all_, akn("textualMod"), {"eId": f"mod_{number + 1}"})
            place = f"#{self.ids.get(one.paragraph, TITLE_ID)}"
            destination = {"href": place}
            old, new = "", ""
            if one.kind == "delete":
                kind = "repeal"
            elif one.kind in ("move", "paragraph"):
                kind = "insertion" if one.kind == "paragraph" else "substitution"
                destination = {"href": f"#{self.ids.get(one.after, TITLE_ID)}", "pos": "after"}
                old = "" if one.kind == "paragraph" else place
                new = f"#{self.moved[number]}"
            else:
                struck, added = self.traces.struck.get(number), self.traces.added.get(number, "")
                kind = "substitution" if struck and added else "repeal" if struck else "insertion"
                destination = (
                    {"href": f"#{struck[0]}", "upTo": f"#{struck[1]}"} if struck else {**destination, "pos": "inside"}
                )
                new = f"#{added}" if added else ""
            made.set("type", kind)
            for ref in self.by(one.author) or (self.nobody(),):
                etree.SubElement(made, akn("source"), {"href": ref})
            etree.SubElement(made, akn("destination"), destination)
            if old:
                etree.SubElement(made, akn("old"), {"href": old})
            if new:
                etree.SubElement(made, akn("new"), {"href": new})

    def nobody(self) -> str:
        self.authors.setdefault(NOBODY, "")
        return f"#{NOBODY}"


def _forest(paragraphs: Sequence[Para], changes: Mapping[int, Change]) -> list[_Node]:
    """The paragraphs as trees, what is to be put in after each of them included."""
    extra: dict[int, list[_Node]] = {}
    for number, one in changes.items():
        if one.kind == "paragraph":
            extra.setdefault(one.after, []).append(_Node(Para(one.section, one.label, one.words), change=number))
        elif one.kind == "move":
            moved = paragraphs[one.paragraph]
            extra.setdefault(one.after, []).append(_Node(Para(moved.section, moved.label, moved.words), change=number))
    top: list[_Node] = []
    above: list[_Node] = []
    for at, para in enumerate(paragraphs):
        while above and not (para.parent and above[-1].para.label == para.parent and len(above) < MAX_NESTED):
            above.pop()
        node = _Node(para, at)
        (above[-1].subs if above else top).append(node)
        above.append(node)
    return [*extra.get(TITLE, ()), *_with(top, extra)]


def _with(nodes: Sequence[_Node], extra: dict[int, list[_Node]]) -> list[_Node]:
    made: list[_Node] = []
    for node in nodes:
        node.subs = _with(node.subs, extra)
        made += [node, *extra.get(node.at, ())]
    return made


def _areas(nodes: list[_Node]) -> tuple[list[_Node], list[_Node], list[_Node]]:
    """Preamble, main body and annex: the order of the paragraphs is kept, whatever their sections."""
    sections: list[Section] = [node.para.section for node in nodes]
    first = next((at for at, one in enumerate(sections) if one in ("OP", "annex")), len(nodes))
    split = 1 + max((at for at in range(first) if sections[at] == "PP"), default=-1)
    last = len(nodes)
    while last > split and sections[last - 1] == "annex":
        last -= 1
    return nodes[:split], nodes[split:last], nodes[last:]


def _number(para: Para) -> str:
    """What stands before a paragraph: "3.", "3 bis.", "(a)"."""
    own = para.label.removeprefix(para.parent).strip() if para.parent else re.sub(r"\A(OP|PP|Annex) ", "", para.label)
    return f"{own}." if _PLAIN.match(own) and re.fullmatch(rf"[0-9]+(?: (?:{labels.ORDINALS}))?", own) else own


def _indent(element: Any, depth: int = 1) -> None:
    """Line breaks for people, nowhere near the words."""
    if element.tag in _LEAVES or not len(element):
        return
    element.text = "\n" + "  " * depth
    for child in element:
        _indent(child, depth + 1)
        child.tail = "\n" + "  " * depth
    element[-1].tail = "\n" + "  " * (depth - 1)
