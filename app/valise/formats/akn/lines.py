"""What stands inside a paragraph: its words, and what is marked on them (footnotes, insertions, deletions)."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from valise.formats.akn.names import EMPHASIS, INLINE, KNOWN, local, references

_BLANK = re.compile(r"[ \t\r\n]+")  # white space of XML only: a no-break space is a character of the text
_BESIDE = " \u00a0\u202f-–"  # not emphasised at either end: "35 - Urges" may be italic from the dash on
_SUPER = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_SUB = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_DIGITS = re.compile(r"[ \t\r\n]*[0-9]+[ \t\r\n]*")


@dataclass(slots=True)
class Aside:
    """A footnote or a comment at [start, end); `refs` are the identifiers of who makes it."""

    start: int
    end: int
    words: str
    refs: tuple[str, ...]
    id: str


@dataclass(slots=True)
class Struck:
    """Words [start, end) marked as deleted."""

    start: int
    end: int
    refs: tuple[str, ...]
    id: str


@dataclass(slots=True)
class Added:
    """`words` marked as inserted at `at`; they are not among the words of the paragraph."""

    at: int
    words: str
    refs: tuple[str, ...]
    id: str


@dataclass(slots=True)
class Line:
    """Words in code points, and the marks on them."""

    words: str = ""
    asides: list[Aside] = field(default_factory=list)
    struck: list[Struck] = field(default_factory=list)
    added: list[Added] = field(default_factory=list)

    def lead(self, words: str) -> None:
        """Put words before all others."""
        self.words = words + self.words
        self._move(len(words))

    def drop(self, count: int) -> None:
        """Take away the first characters."""
        self.words = self.words[count:]
        self._move(-count)

    def _move(self, by: int) -> None:
        marks: list[Aside | Struck] = [*self.asides, *self.struck]
        for one in marks:
            one.start, one.end = max(0, one.start + by), max(0, one.end + by)
        for added in self.added:
            added.at = max(0, added.at + by)


def is_line(element: Any) -> bool:
    """Whether an element holds words rather than further parts."""
    children = list(element)
    if element.text and element.text.strip():
        return True
    if any(child.tail and child.tail.strip() for child in children):
        return True
    if not children:
        return True
    return all(local(child) in INLINE for child in children)


class Reader:
    """Makes lines. `exact`: every character counts, as in a file we wrote; otherwise runs of white space are one space,
    as XML is laid out. `census` counts what a person should be told of (unknown elements, pictures, note references).
    """

    def __init__(self, exact: bool, census: Counter[str], namespace: str) -> None:
        self.exact, self.census, self.namespace = exact, census, namespace

    def line(self, elements: Iterable[Any], *, stars: bool = False, gap: str = " ") -> Line:
        """The elements as one line, `gap` between them. `stars`: italic and bold become the notation's emphasis."""
        made = _Line(self, stars or self.exact)
        for at, element in enumerate(elements):
            if at:
                made.put(gap)
            made.inside(element)
        return made.finish()

    def words(self, element: Any) -> str:
        """The words alone."""
        return self.line([element]).words

    def see(self, element: Any) -> str:
        """The name of an element, counted if it is none of the standard's."""
        name = local(element)
        if name not in KNOWN or element.tag != f"{{{self.namespace}}}{name}":
            self.census["akn.unknown_element"] += 1
            return ""
        return name


class _Line:
    def __init__(self, reader: Reader, stars: bool) -> None:
        self.reader, self.exact, self.stars = reader, reader.exact, stars
        self.out: list[str] = []
        self.length = 0
        self.blank = True  # the last character was a space, or there is none yet
        self.emphasis: list[tuple[int, int]] = []
        self.within = False
        self.line = Line()
        self.ends: dict[str, int] = {}

    def put(self, text: str | None) -> None:
        if not text:
            return
        if not self.exact:
            text = _BLANK.sub(" ", text)
            if self.blank and text[0] == " ":
                text = text[1:]
            if not text:
                return
            self.blank = text[-1] == " "
        self.out.append(text)
        self.length += len(text)

    def inside(self, element: Any) -> None:
        """Everything in an element."""
        name = local(element)
        text = element.text
        if name in ("sup", "sub") and not len(element) and _DIGITS.fullmatch(text or ""):
            # "report<sup>2</sup>" must not read "report2"
            self.put(text.translate(_SUPER if name == "sup" else _SUB))
            return
        self.put(text)
        before = ""
        for child in element:
            name = local(child)
            if before.startswith("doc") and name.startswith("doc") and not self.exact:
                self.put(" ")  # "A" and the title beside it are not one word
            self.child(child)
            self.put(child.tail)
            before = name

    def child(self, element: Any) -> None:
        name = self.reader.see(element)
        if name in ("authorialNote", "subFlow"):
            self.aside(element)
        elif name == "ins":
            self.insertion(element)
        elif name == "del":
            start = self.length
            self.inside(element)
            self.line.struck.append(
                Struck(start, self.length, references(element.get("refersTo")), element.get("eId", ""))
            )
        elif name == "marker":
            for id in references(element.get("refersTo")):
                self.ends[id] = self.length
        elif name in ("eol", "br", "eop"):
            self.put(" ")
        elif name == "img":
            self.reader.census["akn.picture"] += 1
        elif name == "noteRef":
            self.reader.census["akn.note_reference"] += 1
        elif self.stars and not self.within and _emphasised(name, element):
            start, self.within = self.length, True
            self.inside(element)
            self.within = False
            self.emphasis.append((start, self.length))
        elif name in INLINE or self.exact:
            self.inside(element)
        else:
            self.put(" ")
            self.inside(element)
            self.put(" ")

    def aside(self, element: Any) -> None:
        blocks = [child for child in element if local(child) not in INLINE]
        loose = (element.text or "").strip() or len(blocks) != len(element)
        words = self.reader.line([element] if loose else blocks).words
        if words or self.exact:
            refs = references(element.get("refersTo"))
            self.line.asides.append(Aside(self.length, self.length, words, refs, element.get("eId", "")))

    def insertion(self, element: Any) -> None:
        inner = _Line(self.reader, False)
        inner.blank = False
        inner.inside(element)
        at = self.length
        words = "".join(inner.out)
        self.line.added.append(Added(at, words, references(element.get("refersTo")), element.get("eId", "")))
        self.line.asides += [Aside(at, at, one.words, one.refs, one.id) for one in inner.line.asides]

    def finish(self) -> Line:
        words = "".join(self.out)
        if not self.exact:
            words = words.rstrip(" ")
        spans = self.emphasis if self.exact else _tidied(self.emphasis, words)
        opens, closes = [start for start, _ in spans], [end for _, end in spans]

        def place(at: int) -> int:
            at = min(at, len(words))
            return at + bisect_left(opens, at) + bisect_right(closes, at)

        made = self.line
        made.words = _starred(words, spans)
        for note in made.asides:
            note.start, note.end = place(note.start), place(max(note.end, self.ends.get(note.id, 0)))
        for struck in made.struck:
            struck.start, struck.end = place(struck.start), place(struck.end)
        for added in made.added:
            added.at = place(added.at)
        return made


def _emphasised(name: str, element: Any) -> bool:
    return name in ("i", "b") or (name == "span" and not EMPHASIS.isdisjoint((element.get("class") or "").split()))


def _tidied(found: list[tuple[int, int]], words: str) -> list[tuple[int, int]]:
    """Neighbouring stretches as one, without the spaces at their ends; none where the notation could not hold them."""
    joined: list[tuple[int, int]] = []
    for start, end in found:
        if joined and not words[joined[-1][1] : start].strip(" "):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    made = []
    for start, end in joined:
        inner = words[start:end]
        core = inner.strip(_BESIDE)
        first = start + len(inner) - len(inner.lstrip(_BESIDE))
        if core and len(core) < len(words) and not set("*[]") & set(core):
            made.append((first, first + len(core)))
    return made


def _starred(words: str, spans: list[tuple[int, int]]) -> str:
    if not spans:
        return words
    parts, last = [], 0
    for start, end in spans:
        parts += [words[last:start], "*", words[start:end], "*"]
        last = end
    return "".join([*parts, words[last:]])
