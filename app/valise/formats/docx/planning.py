"""Which changes a Word file can show as tracked ones. Two authors cannot strike the same words there: the first of
them does, what the others want stands as a comment of theirs, in the notation.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from valise.formats.abc import TITLE, Change, Comment, Document
from valise.formats.kinds import place


@dataclass(slots=True)
class Plan:
    """What is tracked on one paragraph. `moved` and `gone` exclude each other."""

    edits: list[Change] = field(default_factory=list)
    gone: str | None = None
    moved: Change | None = None
    starts: list[int] = field(default_factory=list)  # of the struck spans, which stand apart from each other
    ends: list[int] = field(default_factory=list)

    def takes(self, start: int, end: int) -> bool:
        """Keep a span if none of it is struck yet."""
        if self.moved is not None or (start < end and self.gone is not None):
            return False
        if start == end:
            return True
        at = bisect_right(self.starts, start)
        if (at and self.ends[at - 1] > start) or (at < len(self.starts) and self.starts[at] < end):
            return False
        self.starts.insert(at, start)
        self.ends.insert(bisect_left(self.ends, end), end)
        return True


@dataclass(slots=True)
class Plans:
    """For every paragraph (and TITLE) what is tracked on it, what comes after it, and the remarks beside it."""

    own: dict[int, Plan]
    after: dict[int, list[Change]]
    comments: list[Comment]


def plan(document: Document) -> Plans:
    """Sort the changes of a document. The order of the changes decides who comes first."""
    made = Plans({}, {}, list(document.comments))
    for one in document.changes:
        if one.kind == "paragraph":
            made.after.setdefault(one.after, []).append(one)
            continue
        here = made.own.setdefault(one.paragraph, Plan())
        words = _words(document, one.paragraph)
        if one.kind == "words":
            start, end = one.span[0], min(one.span[1], len(words))
            if here.takes(start, end):
                here.edits.append(one)
                continue
            made.comments.append(Comment(one.paragraph, (start, end), notation(words[start:end], one), one.author))
        elif one.kind == "delete" and words and one.paragraph >= 0 and here.takes(0, len(words)):
            here.gone = one.author
        elif one.kind == "move" and one.paragraph >= 0 and not here.edits and here.gone is None and not here.moved:
            here.moved = one
            made.after.setdefault(one.after, []).append(one)
        elif one.kind == "delete":
            made.comments.append(Comment(one.paragraph, (0, len(words)), notation(words, one), one.author))
        else:
            said = f"({one.author}: move {place(document, one.after)})"
            made.comments.append(Comment(one.paragraph, (0, len(words)), said, one.author))
    return made


def _words(document: Document, paragraph: int) -> str:
    return document.title if paragraph == TITLE else document.paragraphs[paragraph].words


def notation(old: str, one: Change) -> str:
    """A change of words or a deletion as a bracket with its author."""
    if not old:
        return f"[{one.author}: {one.words}]"
    if not one.words:
        return f"[~~{old}~~ – {one.author}: delete]"
    return f"[{old} / {one.words} ({one.author})]"
