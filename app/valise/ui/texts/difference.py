"""The difference between two wordings as runs to show, and the line that says what would be proposed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import regex
from rapidfuzz.distance import LCSseq

from valise.domain.text.model import Run

_TOKEN = regex.compile(
    r"\p{Han}|[[\p{L}\p{N}\p{M}]--\p{Han}]+(?:['’\u2011-][[\p{L}\p{N}\p{M}]--\p{Han}]+)*|\s+|.", regex.V1 | regex.S
)


@dataclass(frozen=True, slots=True)
class Hunk:
    """Words `old` at code points `start`..`end` would read `new`."""

    start: int
    end: int
    old: str
    new: str


@lru_cache(maxsize=256)
def tokens(text: str) -> tuple[str, ...]:
    """Words, single Han characters, white space and signs; joined again they are the text."""
    return tuple(_TOKEN.findall(text))


@lru_cache(maxsize=256)
def hunks(old: str, new: str) -> tuple[Hunk, ...]:
    """Replacements, in order. Two that are parted by one space only are shown as one."""
    if old == new:
        return ()
    before, after = tokens(old), tokens(new)
    found: list[list[int]] = []
    for tag, i, j, m, n in LCSseq.opcodes(before, after):
        if tag == "equal":
            continue
        if found:
            gap = before[found[-1][1] : i]
            if len(gap) == 0 or (len(gap) == 1 and gap[0].isspace()):
                found[-1][1], found[-1][3] = j, n
                continue
        found.append([i, j, m, n])
    offsets = [0]
    for token in before:
        offsets.append(offsets[-1] + len(token))
    return tuple(Hunk(offsets[i], offsets[j], "".join(before[i:j]), "".join(after[m:n])) for i, j, m, n in found)


def runs_between(old: str, new: str, around: int = 0) -> tuple[Run, ...]:
    """`new` against `old`: plain, delete and insert runs. `around` > 0 keeps that many words beside a change."""
    out: list[Run] = []
    at = 0
    for hunk in hunks(old, new):
        if hunk.start > at:
            out.append(Run(old[at : hunk.start], "plain"))
        if hunk.old:
            out.append(Run(hunk.old, "delete"))
        if hunk.old and hunk.new and not hunk.old[-1].isspace():
            out.append(Run(" ", "separator"))  # so that the old word does not run into the new one
        if hunk.new:
            out.append(Run(hunk.new, "insert"))
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
        parts = tokens(run.text)
        head = parts[: 2 * around] if index else ()
        tail = parts[-2 * around :] if index + 1 < len(runs) else ()
        if len(head) + len(tail) >= len(parts):
            out.append(run)
        else:
            middle = " … " if head and tail else "…"
            out.append(Run("".join(head).rstrip() + middle + "".join(tail).lstrip(), "plain"))
    return out
