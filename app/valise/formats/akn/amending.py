"""What a file proposes: insertions and deletions in its text, grouped by the modifications its analysis names."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from valise.domain.text.inline import GROUPS
from valise.domain.text.model import Section
from valise.formats.abc import Change, Comment
from valise.formats.akn.lines import Added, Line, Struck
from valise.formats.akn.names import local, reference

TITLE_ID = "title"
NOBODY = "unnamed"  # the reference of a change whose author is not known
MAX_AUTHOR = 200  # code points
_CODE = re.compile(rf"(?:{'|'.join(GROUPS)}|[A-Z]{{2,3}})")
_NUMBERED = re.compile(r"note_([0-9]{1,9})")


def codes(author: str) -> tuple[str, ...]:
    """The delegations and groups an author is ("XA", "XA, ALP"); empty for anything that may be a person's name."""
    named = tuple(author.split(", ")) if author else ()
    return named if all(_CODE.fullmatch(code) for code in named) else ()


@dataclass(frozen=True, slots=True)
class _Modification:
    """One textualMod: identifiers without "#"."""

    type: str
    sources: tuple[str, ...]
    at: str
    upto: str
    after: bool
    old: tuple[str, ...]
    new: tuple[str, ...]


class Amendments:
    """Collects while the text is read, then tells the changes and comments."""

    def __init__(self, root: Any) -> None:
        self.names = {
            one.get("eId"): one.get("showAs", "")
            for one in root.iter("{*}TLCOrganization", "{*}TLCRole", "{*}TLCConcept", "{*}TLCPerson")
        }
        self._modifications = [_modification(one) for one in root.iter("{*}textualMod")]
        self.proposed_ids = {id for one in self._modifications for id in one.new}
        self.places: dict[str, int] = {}
        self.unplaced = 0
        self._proposed: dict[str, tuple[Section, str, str]] = {}
        self._struck: dict[str, tuple[int, Struck]] = {}
        self._added: dict[str, tuple[int, Added]] = {}
        self._lines: list[tuple[int, Line]] = []
        self._paragraphs: list[Change] = []
        self._noted: list[tuple[int, Comment]] = []

    def author(self, refs: tuple[str, ...]) -> str:
        """Who stands behind references: what the file shows for them."""
        return ", ".join(self.names.get(one, one) for one in refs if one != NOBODY)[:MAX_AUTHOR]

    def take(self, place: int, line: Line, id: str = "") -> None:
        """The marks on a line that became the title or a paragraph."""
        if id:
            self.places.setdefault(id, place)
        for note in line.asides:
            number = _NUMBERED.fullmatch(note.id)
            made = Comment(place, (note.start, note.end), note.words, self.author(note.refs))
            self._noted.append((int(number[1]) if number else len(self._noted) + 1, made))
        if line.struck or line.added:
            self._lines.append((place, line))
        self._struck.update((one.id, (place, one)) for one in line.struck if one.id)
        self._added.update((one.id, (place, one)) for one in line.added if one.id)

    def propose(self, id: str, section: Section, label: str, words: str) -> None:
        """A paragraph that a modification puts in."""
        self._proposed[id] = (section, label, words)

    def propose_after(self, after: int, section: Section, label: str, line: Line) -> None:
        """A paragraph that holds nothing but an insertion, with no modification naming it."""
        words = "".join(one.words for one in line.added)
        author = self.author(line.added[0].refs)
        self._paragraphs.append(
            Change("paragraph", words=words, author=author, after=after, section=section, label=label)
        )

    def comments(self) -> tuple[Comment, ...]:
        return tuple(made for _, made in sorted(self._noted, key=lambda one: one[0]))

    def changes(self) -> tuple[Change, ...]:
        """Those the modifications name, in their order, then whatever else is marked, in the order of the text."""
        made = []
        for one in self._modifications:
            change = self._change(one)
            if change is None:
                self.unplaced += 1
            else:
                made.append(change)
        return (*made, *self._paragraphs, *self._others(made))

    def _change(self, one: _Modification) -> Change | None:
        author = self.author(one.sources)
        new = one.new[0] if one.new else ""
        place = self.places.get(one.at)
        if one.old and one.after and place is not None and one.old[0] in self.places:
            return Change("move", self.places[one.old[0]], author=author, after=place)
        if one.after and place is not None and new in self._proposed:
            section, label, words = self._proposed[new]
            return Change("paragraph", words=words, author=author, after=place, section=section, label=label)
        if one.type == "repeal" and place is not None:
            return Change("delete", place, author=author)
        if new and new not in self._added:
            return None
        words = self._added[new][1].words if new else ""
        first, last = self._struck.get(one.at), self._struck.get(one.upto or one.at)
        if first and last and first[0] == last[0] and first[1].start <= last[1].end:
            return Change("words", first[0], (first[1].start, last[1].end), words, author)
        if new:
            where, added = self._added[new]
            return Change("words", where, (added.at, added.at), words, author)
        return None

    def _others(self, made: list[Change]) -> Iterator[Change]:
        """Marks no modification accounts for. A deletion and the insertion at its end by the same hand are one."""
        named = {id for one in self._modifications for id in one.new}
        whole = {one.paragraph for one in made if one.kind in ("delete", "move")}
        spans: dict[int, list[tuple[int, int]]] = {}
        for one in made:
            if one.kind == "words":
                spans.setdefault(one.paragraph, []).append(one.span)
        merged = {place: _union(found) for place, found in spans.items()}
        for place, line in self._lines:
            added = [one for one in line.added if one.id not in named]
            if place in whole:
                continue
            marks: list[tuple[int, int, Struck | Added]] = [(one.at, 1, one) for one in added]
            marks += [(one.end, 0, one) for one in line.struck if not _inside(one, merged.get(place, []))]
            waiting: Struck | None = None
            for at, _, mark in sorted(marks, key=lambda one: one[:2]):
                if isinstance(mark, Added):
                    start = at
                    if waiting and waiting.end == at and waiting.refs == mark.refs:
                        start, waiting = waiting.start, None
                    elif waiting:
                        yield Change("words", place, (waiting.start, waiting.end), "", self.author(waiting.refs))
                        waiting = None
                    yield Change("words", place, (start, at), mark.words, self.author(mark.refs))
                    continue
                if waiting:
                    yield Change("words", place, (waiting.start, waiting.end), "", self.author(waiting.refs))
                waiting = mark
            if waiting:
                yield Change("words", place, (waiting.start, waiting.end), "", self.author(waiting.refs))


def _modification(element: Any) -> _Modification:
    found: dict[str, list[Any]] = {}
    for child in element:
        found.setdefault(local(child), []).append(child)

    def ids(name: str) -> tuple[str, ...]:
        return tuple(id for one in found.get(name, ()) if (id := reference(one.get("href"))))

    destination = found.get("destination", [{}])[0]
    return _Modification(
        element.get("type", ""),
        ids("source"),
        reference(destination.get("href")),
        reference(destination.get("upTo")),
        destination.get("pos") == "after",
        ids("old"),
        ids("new"),
    )


def _union(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    made: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if made and start <= made[-1][1]:
            made[-1] = (made[-1][0], max(end, made[-1][1]))
        else:
            made.append((start, end))
    return made


def _inside(one: Struck, spans: list[tuple[int, int]]) -> bool:
    at = bisect_right(spans, (one.start, float("inf"))) - 1
    return at >= 0 and one.end <= spans[at][1]
