"""The difference of two wordings as runs to show: the same hunks the proposal will be made of."""

from __future__ import annotations

from functools import lru_cache

from valise.domain.text import words as w
from valise.domain.text.model import Run

NEAR = 3  # as valise.domain.text.saying.NEAR (a test holds them equal)


@lru_cache(maxsize=256)
def hunks(old: str, new: str) -> tuple[w.Hunk, ...]:
    """Changes, left to right; those with fewer than NEAR words between them are one, as when proposing."""
    return tuple(w.difference(old, new, w.fewer_than(NEAR)))


def runs_between(old: str, new: str, around: int = 0) -> tuple[Run, ...]:
    """`new` against `old`: plain, delete and insert runs. `around` > 0 keeps that many words beside a change."""
    out: list[Run] = []
    at = 0
    for hunk in hunks(old, new):
        if hunk.start > at:
            out.append(Run(old[at : hunk.start], "plain"))
        gone = old[hunk.start : hunk.end]
        if gone:
            out.append(Run(gone, "delete"))
        if gone and hunk.words and not gone[-1].isspace():
            out.append(Run(" ", "separator"))  # so that the old word does not run into the new one
        if hunk.words:
            out.append(Run(hunk.words, "insert"))
        at = hunk.end
    if at < len(old):
        out.append(Run(old[at:], "plain"))
    return tuple(_shortened(out, around)) if around else tuple(out)


def _shortened(runs: list[Run], around: int) -> list[Run]:
    """Plain stretches cut to `around` words at the side of a change, an ellipsis where words are left out."""
    out: list[Run] = []
    for index, run in enumerate(runs):
        if run.style != "plain":
            out.append(run)
            continue
        parts = w.tokens(run.text)
        head = parts[: 2 * around] if index else []
        tail = parts[-2 * around :] if index + 1 < len(runs) else []
        if len(head) + len(tail) >= len(parts):
            out.append(run)
        else:
            middle = " … " if head and tail else "…"
            out.append(Run("".join(head).rstrip() + middle + "".join(tail).lstrip(), "plain"))
    return out
