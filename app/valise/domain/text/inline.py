"""The notation inside a paragraph's words: brackets, attributions, deletions, alternatives, remarks, emphasis.

    [text]  [XA, XB: text]  [~~text~~ – XC: delete]  (XD: retain)  [a (XA) / b (XB)]
    (XE: reserves)  (ALP: scrutiny reservation)  (XA: can go along)  *Recalling*

Pure and tolerant: any string parses, nothing raises, what does not balance is reported and stays in the words.
Time is linear in the words (sorting apart) and nothing recurses, because the words come from outside. All
positions count code points.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

NodeKind = Literal["bracket", "insert", "delete", "alternatives", "retain", "reservation", "remark", "emphasis"]

SQUARE: frozenset[NodeKind] = frozenset({"bracket", "insert", "delete", "alternatives"})
ROUND: frozenset[NodeKind] = frozenset({"retain", "reservation", "remark"})
QUOTED_DEPTH = 64  # a deletion nested deeper is listed without its words, so that hostile nesting costs no memory

# Codes are two or three capital letters; of the speaking groups some are longer or carry a digit. Isolates around a
# code (U+2068, U+2069 in right-to-left text) belong to the attribution. Possessive: no backtracking on hostile input.
GROUPS = ("CARICOM", "JUSCANZ", "GRULAC", "ASEAN", "AOSIS", "CANZ", "ArabG", "G77", "NB8")
_CODE = rf"(?:{'|'.join(GROUPS)}|[A-Z]{{2,3}})"
_HID = "[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]*+"
_CODES = rf"{_HID}{_CODE}{_HID}(?:\s*+(?:[,;+&،、]|and\b)\s*+{_HID}{_CODE}{_HID})*+"
_FIND_CODE = re.compile(_CODE)
_SAYS = re.compile(rf"\s*+({_CODES})\s*+[:：]\s*+")
_ONLY = re.compile(rf"\s*+({_CODES})\s*+")
_STRIKE = re.compile(r"\s*+~~")
_STRUCK = re.compile(rf"\s*+[–—‐‑-]?\s*+(?:({_CODES})\s*+[:：]\s*+(?:[Dd]elet(?:es?|ion)))?\s*+")
_BLANK = re.compile(r"\s*+")
_TOKEN = re.compile("[\\[\\]()]|~~|\\*++|(?<=[ \u00a0\u202f])/(?=[ \u00a0\u202f])")
_NOT_CODES = frozenset({"PP", "OP", "NB"})  # "(OP: ...)" and "(NB: ...)" name nobody

_SAID: dict[str, tuple[NodeKind, str]] = {
    "retain": ("retain", ""),
    "retains": ("retain", ""),
    "keep": ("retain", ""),
    "reserve": ("reservation", "reserves"),
    "reserves": ("reservation", "reserves"),
    "reservation": ("reservation", "reserves"),
    "scrutiny reservation": ("reservation", "scrutiny reservation"),
    "scrutiny reserve": ("reservation", "scrutiny reservation"),
}
_LONGEST_SAID = max(map(len, _SAID))


@dataclass(frozen=True, slots=True)
class Option:
    """One alternative of a group: its words [start, end) and who supports it; `mark` is where that is written."""

    start: int
    end: int
    by: tuple[str, ...]
    mark: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Node:
    """A stretch [start, end) with a meaning; `body` its words without brackets and attribution.

    `parent` is an index into `Inline.nodes` (-1: the paragraph itself), `depth` how many square brackets it stands
    in, itself included. `value` is the kind of a reservation.
    """

    kind: NodeKind
    start: int
    end: int
    body: tuple[int, int]
    by: tuple[str, ...] = ()
    value: str = ""
    options: tuple[Option, ...] = ()
    parent: int = -1
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Inline:
    """A paragraph's words, read. `nodes` stand in the order they begin, outer before inner; a flat tree."""

    words: str
    nodes: tuple[Node, ...]
    unbalanced: tuple[tuple[int, str], ...] = ()  # position and "[" or "]"

    @property
    def bracket_pairs(self) -> int:
        return sum(node.kind in SQUARE for node in self.nodes)

    @property
    def max_depth(self) -> int:
        return max((node.depth for node in self.nodes if node.kind in SQUARE), default=0)

    @property
    def insertions(self) -> tuple[tuple[str, ...], ...]:
        return tuple(node.by for node in self._of("insert"))

    @property
    def deletions(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """(struck words, who asks for it); beyond QUOTED_DEPTH the words are left out."""
        return tuple(
            (self.words[slice(*node.body)] if node.depth <= QUOTED_DEPTH else "", node.by)
            for node in self._of("delete")
        )

    @property
    def retain(self) -> tuple[tuple[str, ...], ...]:
        return tuple(node.by for node in self._of("retain"))

    @property
    def reservations(self) -> tuple[tuple[tuple[str, ...], str], ...]:
        """(who, "reserves" or "scrutiny reservation")."""
        return tuple((node.by, node.value) for node in self._of("reservation"))

    @property
    def remarks(self) -> tuple[tuple[tuple[str, ...], str], ...]:
        """(who, what they say)."""
        return tuple((node.by, self.words[slice(*node.body)].strip()) for node in self._of("remark"))

    @property
    def slash_separators(self) -> int:
        """Alternatives minus one, over all groups."""
        return sum(len(node.options) - 1 for node in self.nodes if node.options)

    @property
    def attributed(self) -> tuple[str, ...]:
        """Everybody named anywhere in the words, sorted."""
        named = {code for node in self.nodes for code in node.by}
        named.update(code for node in self.nodes for option in node.options for code in option.by)
        return tuple(sorted(named))

    @property
    def plain_length(self) -> int:
        return len(self.words)

    def counts(self) -> dict[str, Any]:
        """All of the above as plain lists and dicts, ready for JSON."""
        return {
            "bracket_pairs": self.bracket_pairs,
            "max_depth": self.max_depth,
            "insertions": [list(by) for by in self.insertions],
            "deletions": [{"text": text, "by": list(by)} for text, by in self.deletions],
            "retain": [list(by) for by in self.retain],
            "reservations": [{"by": list(by), "kind": kind} for by, kind in self.reservations],
            "remarks": [{"by": list(by), "text": text} for by, text in self.remarks],
            "slash_separators": self.slash_separators,
            "attributed": list(self.attributed),
            "plain_length": self.plain_length,
        }

    def _of(self, kind: NodeKind) -> Iterator[Node]:
        return (node for node in self.nodes if node.kind == kind)


@dataclass(slots=True)
class _Open:
    """A bracket or parenthesis not closed yet, with what stands directly in it."""

    sign: str
    at: int
    slashes: list[int] = field(default_factory=list)
    strikes: list[int] = field(default_factory=list)
    supporters: list[tuple[int, int, tuple[str, ...]]] = field(default_factory=list)


def codes(said: str) -> tuple[str, ...]:
    """The delegation and group codes of an attribution such as "XA, ALP"; empty if one of them is not a code."""
    found = tuple(_FIND_CODE.findall(said))
    return () if _NOT_CODES.intersection(found) else found


def parse(words: str) -> Inline:
    """Read the notation in `words`. Never raises."""
    reader = _Reader(words)
    for token in _TOKEN.finditer(words):
        reader.take(token[0], token.start())
    return reader.finish()


class _Reader:
    """One pass over the tokens with an explicit stack. A ")" only closes a "(" opened since the last "[";
    a "]" closes the nearest "[" and gives up any "(" in between: square brackets are the notation, round ones prose."""

    def __init__(self, words: str) -> None:
        self.words = words
        self.stack = [_Open("", 0)]
        self.stars = [-1]  # where emphasis began, per open square bracket
        self.nodes: list[Node] = []
        self.unbalanced: list[tuple[int, str]] = []

    def take(self, sign: str, at: int) -> None:
        top = self.stack[-1]
        if sign == "[":
            self.stack.append(_Open("[", at))
            self.stars.append(-1)
        elif sign == "(":
            self.stack.append(_Open("(", at))
        elif sign == ")":
            if top.sign == "(":
                self.stack.pop()
                self._round(top.at, at)
        elif sign == "]":
            self._square_end(at)
        elif sign == "~~":
            top.strikes.append(at)
        elif sign == "/":
            top.slashes.append(at)
        elif sign == "*":
            self._star(at)

    def finish(self) -> Inline:
        self.unbalanced.extend((open_.at, "[") for open_ in self.stack if open_.sign == "[")
        return Inline(self.words, _tree(self.nodes), tuple(sorted(self.unbalanced)))

    def _star(self, at: int) -> None:
        began, words = self.stars[-1], self.words
        if began >= 0 and at > began + 1 and not words[at - 1].isspace():
            self.nodes.append(Node("emphasis", began, at + 1, (began + 1, at)))
            self.stars[-1] = -1
        elif at + 1 < len(words) and not words[at + 1].isspace():
            self.stars[-1] = at

    def _round(self, start: int, stop: int) -> None:
        """A closed "(...)": a statement by delegations, the supporters of an alternative, or prose."""
        says = _SAYS.match(self.words, start + 1, stop)
        if says and (by := codes(says[1])):
            body = (says.end(), stop)
            short = stop - says.end() <= _LONGEST_SAID + 8
            kind, value = _SAID.get(self.words[slice(*body)].strip().lower() if short else "", ("remark", ""))
            self.nodes.append(Node(kind, start, stop + 1, body, by, value))
            return
        only = _ONLY.fullmatch(self.words, start + 1, stop)
        if only and (by := codes(only[1])):
            self.stack[-1].supporters.append((start, stop + 1, by))

    def _square_end(self, at: int) -> None:
        if len(self.stars) == 1:
            self.unbalanced.append((at, "]"))
            return
        given_up: list[_Open] = []
        while self.stack[-1].sign == "(":
            given_up.append(self.stack.pop())
        here = self.stack.pop()
        for prose in reversed(given_up):
            here.slashes.extend(prose.slashes)
            here.strikes.extend(prose.strikes)
            here.supporters.extend(prose.supporters)
        self.stars.pop()
        self.nodes.append(self._square(here, at))

    def _square(self, here: _Open, stop: int) -> Node:
        kind: NodeKind = "bracket"
        by: tuple[str, ...] = ()
        first = here.at + 1
        says = _SAYS.match(self.words, first, stop)
        if says and (by := codes(says[1])):
            kind, first = "insert", says.end()
        struck = self._struck(here, first, stop, kind)
        if struck:
            body, asked = struck
            return Node("delete", here.at, stop + 1, body, by or asked)
        options = self._options(here, first, stop)
        if options and kind == "bracket":
            kind = "alternatives"
        return Node(kind, here.at, stop + 1, (first, stop), by, options=options)

    def _struck(
        self, here: _Open, first: int, stop: int, kind: NodeKind
    ) -> tuple[tuple[int, int], tuple[str, ...]] | None:
        """[~~text~~ – XA: delete], [~~text~~] or [XA: ~~text~~]: the struck stretch and who asks for it."""
        opening = _STRIKE.match(self.words, first, stop)
        if not opening or len(here.strikes) < 2 or here.strikes[0] != opening.end() - 2:
            return None
        close = here.strikes[-1]
        tail = _STRUCK.fullmatch(self.words, close + 2, stop)
        if not tail or (kind == "insert" and tail[1]):
            return None
        return (opening.end(), close), codes(tail[1]) if tail[1] else ()

    def _options(self, here: _Open, first: int, stop: int) -> tuple[Option, ...]:
        """The alternatives between " / " of this bracket itself; supporters count only at an alternative's end."""
        slashes = [at for at in here.slashes if at > first]
        if not slashes:
            return ()
        made: list[Option] = []
        waiting = iter(here.supporters)
        supporter = next(waiting, None)
        for end in [*(at - 1 for at in slashes), stop]:
            last: tuple[int, int, tuple[str, ...]] | None = None
            while supporter and supporter[1] <= end:
                last, supporter = supporter, next(waiting, None)
            if last and _BLANK.fullmatch(self.words, last[1], end):
                made.append(Option(first, last[0], last[2], (last[0], last[1])))
            else:
                made.append(Option(first, max(first, end), ()))
            first = end + 3
        return tuple(made)


def _tree(found: list[Node]) -> tuple[Node, ...]:
    """Order the nodes, give each its parent and depth. What is said inside somebody's remark stays part of it."""
    found.sort(key=lambda node: (node.start, -node.end))
    placed: list[Node] = []
    around: list[int] = []
    remark_until = -1
    for node in found:
        while around and placed[around[-1]].end < node.end:
            around.pop()
        while around and placed[around[-1]].end <= node.start:
            around.pop()
        if node.kind in ROUND:
            if node.start < remark_until:
                continue
            remark_until = node.end
        parent = around[-1] if around else -1
        depth = (placed[parent].depth if parent >= 0 else 0) + (node.kind in SQUARE)
        around.append(len(placed))
        placed.append(
            Node(node.kind, node.start, node.end, node.body, node.by, node.value, node.options, parent, depth)
        )
    return tuple(placed)
