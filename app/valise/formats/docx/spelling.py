"""Pieces of a paragraph as words: italics become the asterisks of the notation, tracked pieces become edits.

Places are first counted in the plain letters of the file and then carried to the words with their asterisks.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from valise.formats.docx.flow import Piece


@dataclass(slots=True)
class Edit:
    """`author` wants `words` in place of [start, end) of a line's words; `moved` = it was part of a move."""

    start: int
    end: int
    words: str
    author: str
    moved: bool = False


@dataclass(slots=True)
class _Draft:
    start: int
    end: int
    author: str
    inserted: list[Piece] = field(default_factory=list)
    moved: bool = False


class Spelled:
    """The words of some pieces, and where each place of their letters lies in them."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.stretches = _stretches(pieces)
        letters = "".join(piece.text for piece in pieces)
        parts: list[str] = []
        at = 0
        for start, end in self.stretches:
            parts += (letters[at:start], "*", letters[start:end], "*")
            at = end
        self.length = len(letters)
        self.words = "".join((*parts, letters[at:]))
        self._opens = [start for start, _ in self.stretches]
        self._closes = [end for _, end in self.stretches]

    def place(self, at: int) -> int:
        """Of the letter at `at`: behind a star that opens there or one that closed there."""
        return at + bisect_right(self._opens, at) + bisect_right(self._closes, at)

    def between(self, at: int) -> int:
        """Of the gap before the letter at `at`: outside an emphasis that begins or ends there."""
        return at + bisect_left(self._opens, at) + bisect_right(self._closes, at)

    def inside(self, start: int, end: int) -> bool:
        """Whether [start, end) lies in an emphasis of which more is left."""
        found = bisect_right(self._opens, start) - 1
        if found < 0 or (start == end and self._opens[found] == start):
            return False
        first, last = self.stretches[found]
        return (end < last or (end == last and start < end)) and (first, last) != (start, end)

    def span(self, start: int, end: int) -> tuple[int, int, str, str]:
        """[start, end) of the letters in the words, with the stars that must be written before and after what comes
        in its place so that no emphasis is left half open."""
        if start == end:
            at = self.between(start)
            return at, at, "", ""
        first, last = self.place(start), self.place(end - 1) + 1
        touched = self.stretches[bisect_right(self._closes, start) : bisect_left(self._opens, end)]
        before = after = ""
        for opened, closed in touched:
            if opened >= start and closed <= end:
                first -= opened == start
                last += closed == end
            elif opened < start and closed < end:
                before = "*"
            elif opened > start and closed > end:
                after = "*"
        return first, last, before, after


def _stretches(pieces: Sequence[Piece]) -> list[tuple[int, int]]:
    """Where letters are italic, without the space around them."""
    made: list[tuple[int, int]] = []
    at = 0
    began = -1
    letters: list[str] = []
    for piece in (*pieces, None):
        if piece is not None and not piece.text:
            continue
        if piece is not None and piece.italic:
            began = at if began < 0 else began
            letters.append(piece.text)
        elif began >= 0:
            text = "".join(letters)
            bare = text.strip()
            if bare:
                first = began + len(text) - len(text.lstrip())
                made.append((first, first + len(bare)))
            began = -1
            letters = []
        at += len(piece.text) if piece is not None else 0
    return made


def kept(pieces: Sequence[Piece]) -> list[Piece]:
    """Without the tracked changes: insertions left out, deletions kept."""
    return [piece for piece in pieces if piece.marks.inserted is None]


def final(pieces: Sequence[Piece]) -> list[Piece]:
    """As all changes would leave it."""
    return [piece for piece in pieces if piece.marks.struck is None]


def edits(pieces: Sequence[Piece], spelled: Spelled) -> list[Edit]:
    """What is tracked on these pieces; `spelled` are their kept ones. Neighbouring changes by one author are one."""
    drafts: list[_Draft] = []
    waiting: dict[str, _Draft] = {}  # by author, with no untouched letter since
    at = 0
    for piece in pieces:
        size = len(piece.text)
        marks = piece.marks
        if not size:
            continue
        if marks.inserted is not None:
            if marks.struck != marks.inserted:
                draft = _drafted(drafts, waiting, marks.inserted, at, at)
                draft.inserted.append(piece)
                draft.moved |= marks.move is not None
        elif marks.struck is not None:
            draft = _drafted(drafts, waiting, marks.struck, at, at + size)
            draft.moved |= marks.move is not None
            at += size
        else:
            waiting.clear()
            at += size
    return [_edit(draft, spelled) for draft in drafts]


def _drafted(drafts: list[_Draft], waiting: dict[str, _Draft], author: str, start: int, end: int) -> _Draft:
    found = waiting.get(author)
    if found is None or found.end != start:
        found = waiting[author] = _Draft(start, start, author)
        drafts.append(found)
    found.end = end
    return found


def _edit(draft: _Draft, spelled: Spelled) -> Edit:
    start, end, before, after = spelled.span(draft.start, draft.end)
    if spelled.inside(draft.start, draft.end):
        words = "".join(piece.text for piece in draft.inserted)
    else:
        words = Spelled(draft.inserted).words
    return Edit(start, end, before + words + after, draft.author, draft.moved)
