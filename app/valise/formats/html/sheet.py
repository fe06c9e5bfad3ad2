"""A document as a sheet to be printed: masthead, blocks of runs, remarks, legend. Shared by web pages and PDF.

Both show the notation of the words with what a printer has: emphasis instead of asterisks, a stroke instead of tildes.
Nobody's words are left out: changes that are not written into the words yet are written into them first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Literal

from valise.domain.text.inline import ROUND, SQUARE, parse
from valise.formats.abc import TITLE, Comment, Document, Para, refused
from valise.formats.html.legend import LEGENDS, Legend
from valise.formats.kinds import compilation

Kind = Literal["title", "formula", "pp", "op", "sub", "subsub", "annex", "head", "other"]
KINDS: Final[tuple[Kind, ...]] = ("title", "formula", "pp", "op", "sub", "subsub", "annex", "head", "other")
# Of the lines above a text only these go along: a reader must not find what he would not expect.
CARRIED: Final = ("Symbol", "Original", "Language", "Date", "Status", "Session", "Marking", "Handling", "Classification")
MARKINGS: Final = ("Marking", "Handling", "Classification")
_CODE = re.compile(r"(?:[A-Z]{2,3}|[A-Z][A-Za-z0-9]{2,7})(?:, (?:[A-Z]{2,3}|[A-Z][A-Za-z0-9]{2,7}))*")
_BARRED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one look. `bold` are brackets and attributions, `emphasis` what stood between asterisks."""

    text: str
    emphasis: bool = False
    bold: bool = False
    inserted: bool = False
    struck: bool = False
    by: str = ""  # who inserts or strikes
    remarks: tuple[int, ...] = ()  # numbers of the remarks whose sign stands after this run


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph. `label` is as printed, `para` what it is of (None for title and formula)."""

    kind: Kind
    runs: tuple[Run, ...]
    label: str = ""
    status: str = ""
    para: Para | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """`marking` "" = none. `fields` are the further lines of the masthead, name and value."""

    title: str
    language: str
    rtl: bool
    organ: str
    symbol: str
    running: str  # the symbol as the head of every page has it
    marking: str
    fields: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...]
    remarks: tuple[str, ...]
    legend: Legend | None  # of the notation, if it is used


def sheet(document: Document) -> Sheet:
    """What is to be printed. Refused("format.encoding" | "format.control")."""
    for text in _texts(document):
        if _SURROGATE.search(text):
            raise refused("format.encoding")
        if _BARRED.search(text):
            raise refused("format.control")
    if document.changes:
        document = compilation(document)
    fields = document.fields
    marked = next((name for name in MARKINGS if fields.get(name)), "")
    remarks: dict[int, list[tuple[int, Comment]]] = {}
    for number, one in enumerate(document.comments, 1):
        remarks.setdefault(one.paragraph, []).append((number, one))
    plainly = settled(document)
    blocks: list[Block] = []
    if document.title or TITLE in remarks:
        blocks.append(Block("title", dressed(document.title, remarks.get(TITLE, []))))
    if document.formula:
        blocks.append(Block("formula", (Run(document.formula),)))
    for index, para in enumerate(document.paragraphs):
        runs = dressed(para.words, remarks.get(index, []))
        blocks.append(Block(kind_of(para), runs, shown_label(para, plainly), para.status, para))
    used = any(block.status or any(run.bold for run in block.runs) for block in blocks)
    legend = LEGENDS.get(document.language, LEGENDS["en"])
    return Sheet(
        plain(document.title), document.language, document.direction == "rtl",
        document.formula.rstrip(" ,،，"), fields.get("Symbol", ""), document.symbol,
        fields.get(marked, ""),
        tuple((name, fields[name]) for name in CARRIED if fields.get(name) and name not in ("Symbol", marked)),
        tuple(blocks), tuple(f"{one.author}: {one.words}" if one.author else one.words for one in document.comments),
        legend if used else None,
    )  # fmt: skip


def _texts(document: Document) -> list[str]:
    made = [document.title, document.formula, document.language, *document.header]
    for para in document.paragraphs:
        made += (para.words, para.label, para.parent, para.suffix, para.alt_by)
    for change in document.changes:
        made += (change.words, change.author, change.label)
    for comment in document.comments:
        made += (comment.words, comment.author)
    return made


def plain(words: str) -> str:
    """Without the asterisks of emphasis and the tildes of deletions."""
    return "".join(run.text for run in dressed(words, []))


def settled(document: Document) -> bool:
    """Whether the text is numbered as an adopted one is: its paragraphs count through and bear no status."""
    last = {"PP": 0, "OP": 0}
    for para in document.paragraphs:
        if para.status or para.alt or para.suffix:
            return False
        if para.parent or not para.label:
            continue
        if para.section not in last or para.label != f"{para.section} {last[para.section] + 1}":
            return False
        last[para.section] += 1
        if para.section == "PP" and last["OP"]:
            return False
    return not document.comments and not any(parse(para.words).bracket_pairs for para in document.paragraphs)


def shown_label(para: Para, plainly: bool) -> str:
    """The label as printed: "(a)" under its paragraph, "3." or nothing in a settled text, else in full."""
    if para.parent and para.label.startswith(para.parent):
        return para.label.removeprefix(para.parent).lstrip()
    if plainly and para.section in ("PP", "OP") and para.label:
        return f"{para.label.rpartition(' ')[2]}." if para.section == "OP" else ""
    return para.label


def kind_of(para: Para) -> Kind:
    if para.parent:
        return "subsub" if para.parent.count("(") > para.alt_by.count("(") else "sub"
    if para.section in ("PP", "OP"):
        return "pp" if para.section == "PP" else "op"
    if not para.label and _CODE.fullmatch(para.words):
        return "head"  # a delegation, in the list by delegation
    return "annex" if para.section == "annex" else "other"


_HIDDEN, _EMPHASIS, _BOLD, _INSERTED, _STRUCK = range(5)


def dressed(words: str, remarks: list[tuple[int, Comment]]) -> tuple[Run, ...]:
    """The runs of words in the notation, in their order; with the signs of remarks at the ends of their spans."""
    inline = parse(words)
    edges: list[tuple[int, int, int, str]] = []

    def paint(what: int, start: int, end: int, by: str = "") -> None:
        if start < end:
            edges.append((start, what, 1, by))
            edges.append((end, what, -1, by))

    for at, _ in inline.unbalanced:
        paint(_BOLD, at, at + 1)
    for node in inline.nodes:
        first, stop = node.body
        if node.kind == "emphasis":
            paint(_HIDDEN, node.start, first)
            paint(_EMPHASIS, first, stop)
            paint(_HIDDEN, stop, node.end)
        elif node.kind in ROUND:
            paint(_BOLD, node.start, first)
            paint(_BOLD, node.end - 1, node.end)
        elif node.kind in SQUARE:
            paint(_BOLD, node.start, node.start + 1)
            paint(_BOLD, node.end - 1, node.end)
            if node.kind == "delete":
                paint(_BOLD, node.start + 1, first - 2)
                paint(_HIDDEN, first - 2, first)
                paint(_STRUCK, first, stop, ", ".join(node.by))
                paint(_HIDDEN, stop, stop + 2)
                paint(_BOLD, stop + 2, node.end - 1)
            elif node.by:
                paint(_BOLD, node.start + 1, first)
                paint(_INSERTED, first, stop, ", ".join(node.by))
            for option, following in zip(node.options, node.options[1:], strict=False):
                paint(_BOLD, following.start - 3, following.start)
                paint(_BOLD, *option.mark)
            if node.options:
                paint(_BOLD, *node.options[-1].mark)
    signs: dict[int, list[int]] = {}
    for number, one in remarks:
        signs.setdefault(min(one.span[1], len(words)), []).append(number)
    made = _runs(words, edges, signs)
    if spelled(made) == words:
        return made
    # Marks within marks of their kind could not be told apart on paper: these words are shown with every sign.
    return _runs(words, [edge for edge in edges if edge[1] in (_BOLD, _INSERTED)], signs)


def spelled(runs: Iterable[Run]) -> str:
    """The words of runs in the notation again."""
    parts: list[str] = []
    emphasis = struck = False
    for run in (*(one for one in runs if one.text), Run("")):
        if emphasis and not run.emphasis:
            parts.append("*")
        if struck != run.struck:
            parts.append("~~")
        if run.emphasis and not emphasis:
            parts.append("*")
        emphasis, struck = run.emphasis, run.struck
        parts.append(run.text)
    return "".join(parts)


def _runs(words: str, edges: list[tuple[int, int, int, str]], signs: dict[int, list[int]]) -> tuple[Run, ...]:
    edges.sort(key=lambda edge: (edge[0], edge[2]))
    live = [0] * 5
    by: list[str] = []
    made: list[Run] = []
    began = index = 0
    cuts = sorted({0, len(words), *(edge[0] for edge in edges), *signs})
    for at in cuts:
        if at > began and not live[_HIDDEN]:
            made.append(
                Run(words[began:at], live[_EMPHASIS] > 0, live[_BOLD] > 0, live[_INSERTED] > 0, live[_STRUCK] > 0,
                    by[-1] if by else "")
            )  # fmt: skip
        if at in signs:
            made.append(Run("", remarks=tuple(signs[at])))
        while index < len(edges) and edges[index][0] == at:
            _, what, step, who = edges[index]
            live[what] += step
            if what in (_INSERTED, _STRUCK):
                if step > 0:
                    by.append(who)
                elif who in by:
                    by.reverse()
                    by.remove(who)
                    by.reverse()
            index += 1
        began = at
    return tuple(_joined(made))


def _joined(runs: list[Run]) -> list[Run]:
    """Neighbours of one look as one."""
    made: list[Run] = []
    for run in runs:
        last = made[-1] if made else None
        if last and not run.remarks and not last.remarks and replace(last, text="") == replace(run, text=""):
            made[-1] = replace(last, text=last.text + run.text)
        else:
            made.append(run)
    return made
