"""The difference of two wordings as runs to show: the same hunks the proposal will be made of."""

from __future__ import annotations

from functools import lru_cache

from valise.domain.text import words as w
from valise.domain.text.inline import parse
from valise.domain.text.model import Run, RunStyle
from valise.ui.texts.runs import Piece

NEAR = 3  # as valise.domain.text.saying.NEAR (a test holds them equal)
Spans = tuple[tuple[int, int], ...]


@lru_cache(maxsize=256)
def hunks(old: str, new: str) -> tuple[w.Hunk, ...]:
    """Changes, left to right; those with fewer than NEAR words between them are one, as when proposing."""
    return tuple(w.difference(old, new, w.fewer_than(NEAR)))


@lru_cache(maxsize=256)
def emphasis(text: str) -> Spans:
    """Where words are emphasised, their asterisks included."""
    if "*" not in text:
        return ()
    return tuple((node.start, node.end) for node in parse(text).nodes if node.kind == "emphasis")


def piece(text: str, start: int, end: int, style: RunStyle, spans: Spans) -> list[Run]:
    """text[start:end] in one style; emphasised words in italics, their asterisks left out."""
    out: list[Run] = []
    at = start
    for first, last in spans:
        if last <= start or first >= end:
            continue
        if first > at:
            out.append(Run(text[at:first], style))
        inner = text[max(first + 1, start) : min(last - 1, end)]
        if inner:
            out.append(Run(inner, "emphasis") if style == "plain" else Piece(inner, style, (), True))
        at = min(last, end)
    if at < end:
        out.append(Run(text[at:end], style))
    return out


def runs_between(old: str, new: str, around: int = 0) -> tuple[Run, ...]:
    """`new` against `old`: plain, delete and insert runs. `around` > 0 keeps that many words beside a change."""
    was, now = emphasis(old), emphasis(new)
    changes = hunks(old, new)
    out: list[Run] = []
    at = place = 0  # in old, in new
    for number, hunk in enumerate(changes):
        same = hunk.start - at
        out += _stretch(new, place, place + same, now, around, head=number > 0, tail=True)
        place += same
        gone = piece(old, hunk.start, hunk.end, "delete", was)
        come = piece(new, place, place + len(hunk.words), "insert", now)
        if "".join(run.text for run in gone) == "".join(run.text for run in come):
            # only the marks of emphasis differ: then they are what is to be seen
            gone, come = _raw(old[hunk.start : hunk.end], "delete"), _raw(hunk.words, "insert")
        out += gone
        if gone and come and not gone[-1].text[-1:].isspace():
            out.append(Run(" ", "separator"))  # so that the old word does not run into the new one
        out += come
        at, place = hunk.end, place + len(hunk.words)
    out += _stretch(new, place, len(new), now, around, head=bool(changes), tail=False)
    return tuple(out)


def _raw(text: str, style: RunStyle) -> list[Run]:
    return [Piece(text, style, (), False, raw=True)] if text else []


def _stretch(text: str, start: int, end: int, spans: Spans, around: int, *, head: bool, tail: bool) -> list[Run]:
    """Words that stay, cut to `around` words at the side of a change, an ellipsis where words are left out."""
    if start == end:
        return []
    parts = w.tokens(text[start:end]) if around else []
    first = parts[: 2 * around] if head else []
    last = parts[-2 * around :] if tail else []
    if not around or len(first) + len(last) >= len(parts):
        return piece(text, start, end, "plain", spans)
    shown = "".join(first).rstrip(), "".join(last).lstrip()
    return [
        *piece(text, start, start + len(shown[0]), "plain", spans),
        Run(" … " if first and last else "…", "plain"),
        *piece(text, end - len(shown[1]), end, "plain", spans),
    ]
