"""The words of one paragraph as elements: what the notation means, and what is proposed and remarked on them.

The characters of the words all stay where they are ("[XA: text]" keeps its brackets), elements only say what they
are; the stars of an emphasis alone become an element. So whoever shows the file shows the text as negotiated, and
reading the characters gives the words back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from valise.domain.text.inline import SQUARE, Node, parse
from valise.formats.akn.names import XML, akn

MAX_NESTED = 16  # elements for brackets in brackets; deeper ones stay characters only


@dataclass(frozen=True, slots=True)
class Amended:
    """A change of words: `number` tells it from others; `refs` are references to its authors ("#XA")."""

    number: int
    start: int
    end: int
    words: str
    refs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Remarked:
    """A comment on [start, end)."""

    number: int
    start: int
    end: int
    words: str
    refs: tuple[str, ...]


@dataclass(slots=True)
class Marks:
    """Everything marked on one paragraph; `whole` are references to those who want all of it gone."""

    amended: list[Amended] = field(default_factory=list)
    remarked: list[Remarked] = field(default_factory=list)
    whole: tuple[str, ...] = ()


@dataclass(slots=True)
class Traces:
    """Identifiers given to the marks, by the number of the change: first and last deletion, insertion."""

    struck: dict[int, tuple[str, str]] = field(default_factory=dict)
    added: dict[int, str] = field(default_factory=dict)


class Pen:
    """Writes elements and characters one after the other."""

    def __init__(self, root: Any) -> None:
        self.at = root

    def start(self, element: str, /, **attributes: str) -> Any:
        """Open an element; those attributes that are "" are left out."""
        self.at = etree.SubElement(self.at, akn(element), {key: value for key, value in attributes.items() if value})
        return self.at

    def end(self) -> None:
        self.at = self.at.getparent()

    def text(self, words: str) -> None:
        """Characters here."""
        if not words:
            return
        if len(self.at):
            self.at[-1].tail = (self.at[-1].tail or "") + words
        else:
            self.at.text = (self.at.text or "") + words


def preserve(element: Any) -> Any:
    """Say that every space of an element counts."""
    element.set(f"{{{XML}}}space", "preserve")
    return element


def lay(
    parent: Any, words: str, marks: Marks, traces: Traces, name: Callable[[str], str], known: Callable[[str], str]
) -> None:
    """Write `words` into `parent`. `name` gives a new identifier for a kind of element, `known` the reference to a
    delegation's code. What the marks were called goes into `traces`."""
    _Layer(Pen(parent), words, marks, traces, name, known).run()


class _Layer:
    def __init__(
        self,
        pen: Pen,
        words: str,
        marks: Marks,
        traces: Traces,
        name: Callable[[str], str],
        known: Callable[[str], str],
    ) -> None:
        self.pen, self.words, self.marks, self.traces, self.name, self.known = pen, words, marks, traces, name, known
        self.size = len(words)
        self.edges = {self.size}
        for start, end in self.spans():
            self.edges |= {start, end}
        self.nodes = _nested(parse(words).nodes, self.edges)
        self.silent: set[int] = set()  # stars that an element stands for
        for node in self.nodes:
            self.edges |= {node.start, node.end}
            if node.kind == "emphasis":
                self.silent |= {node.start, node.end - 1}
        self.active: Counter[tuple[str, ...]] = Counter()
        self.fresh: list[int] = []
        self.latest = ""

    def spans(self) -> list[tuple[int, int]]:
        """Where marks begin and end."""
        amended = [(self.clip(one.start), self.clip(one.end)) for one in self.marks.amended]
        return amended + [(self.clip(note.start), self.clip(note.end)) for note in self.marks.remarked]

    def clip(self, at: int) -> int:
        return max(0, min(at, self.size))

    def run(self) -> None:
        open_: list[Node] = []
        waiting = iter(self.nodes)
        upcoming = next(waiting, None)
        begins, ends, notes, stops = self.sorted()
        last = 0
        for at in sorted(self.edges):
            self.stretch(last, at)
            last = at
            while open_ and open_[-1].end == at:
                open_.pop()
                self.pen.end()
            self.boundary(at, ends.get(at, ()), stops.get(at, ()))
            for note in notes.get(at, ()):
                self.remark(note)
            for one in begins.get(at, ()):
                self.active[one.refs] += 1
                self.fresh.append(one.number)
            while upcoming and upcoming.start == at:
                self.open(upcoming)
                open_.append(upcoming)
                upcoming = next(waiting, None)

    def sorted(
        self,
    ) -> tuple[
        dict[int, list[Amended]], dict[int, list[Amended]], dict[int, list[Remarked]], dict[int, list[Remarked]]
    ]:
        """What begins and ends at each place; a change without a stretch only ends."""
        begins: dict[int, list[Amended]] = {}
        ends: dict[int, list[Amended]] = {}
        for one in self.marks.amended:
            if self.clip(one.start) < self.clip(one.end):
                begins.setdefault(self.clip(one.start), []).append(one)
            ends.setdefault(self.clip(one.end), []).append(one)
        notes: dict[int, list[Remarked]] = {}
        stops: dict[int, list[Remarked]] = {}
        for note in self.marks.remarked:
            notes.setdefault(self.clip(note.start), []).append(note)
            if self.clip(note.start) < self.clip(note.end):
                stops.setdefault(self.clip(note.end), []).append(note)
        return begins, ends, notes, stops

    def stretch(self, start: int, end: int) -> None:
        """Words between two edges, under one deletion if anybody wants them gone."""
        shown = "".join(self.words[at] for at in range(start, end) if at not in self.silent) if self.silent else (
            self.words[start:end]
        )  # fmt: skip
        if not shown:
            return
        if not self.active and not self.marks.whole:
            self.pen.text(shown)
            return
        refs = dict.fromkeys(ref for by in (self.marks.whole, *self.active) for ref in by)
        self.latest = self.name("del")
        self.pen.start("del", eId=self.latest, refersTo=" ".join(refs))
        self.pen.text(shown)
        self.pen.end()
        for number in self.fresh:
            self.traces.struck[number] = (self.latest, self.latest)
        self.fresh.clear()

    def boundary(self, at: int, ends: Sequence[Amended], stops: Sequence[Remarked]) -> None:
        """What is over here: comments, and changes with the words they put in place."""
        for note in stops:
            self.pen.start("marker", eId=f"note_{note.number}__end", name="end", refersTo=f"#note_{note.number}")
            self.pen.end()
        for one in ends:
            if self.clip(one.start) < at:
                self.active[one.refs] -= 1
                if not self.active[one.refs]:
                    del self.active[one.refs]
                first, _ = self.traces.struck[one.number]
                self.traces.struck[one.number] = (first, self.latest)
            if one.words or self.clip(one.start) == at:
                self.traces.added[one.number] = self.name("ins")
                self.pen.start("ins", eId=self.traces.added[one.number], refersTo=" ".join(one.refs))
                self.pen.text(one.words)
                self.pen.end()

    def remark(self, note: Remarked) -> None:
        self.pen.start(
            "authorialNote", eId=f"note_{note.number}", refersTo=" ".join(note.refs), marker=str(note.number)
        )
        preserve(self.pen.start("p"))
        self.pen.text(note.words)
        self.pen.end()
        self.pen.end()

    def open(self, node: Node) -> None:
        if node.kind == "emphasis":
            self.pen.start("span", **{"class": "italic"})
            return
        by = " ".join(dict.fromkeys(self.known(code) for code in node.by))
        kind = "bracket" if node.kind in SQUARE else "remark"
        self.pen.start("inline", name=kind, refersTo=by, **{"class": node.kind})


def _nested(found: Sequence[Node], edges: set[int]) -> list[Node]:
    """The nodes that lie wholly in one another; an emphasis only where no mark begins or ends beside its stars, and
    none inside another."""
    made: list[Node] = []
    around: list[int] = []
    emphasis_until = 0
    for node in found:
        while around and around[-1] <= node.start:
            around.pop()
        if (around and node.end > around[-1]) or len(around) >= MAX_NESTED:
            continue
        if node.kind == "emphasis":
            if {node.start + 1, node.end - 1} & edges or node.start < emphasis_until:
                continue
            emphasis_until = node.end
        around.append(node.end)
        made.append(node)
    return made
