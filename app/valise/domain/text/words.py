"""Words of any script, the difference of two wordings, and where a span of the old one lies in the new one.

Help for authors and readers only: nothing here takes part in the fold or in a hash.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

import regex  # type: ignore[import-untyped]
from rapidfuzz.distance import LCSseq

# One token per Han character (with its variation selector); letters, digits and their marks together, joined by
# ZWNJ, ZWJ and apostrophes; white space; anything else alone with its marks. Every code point is in one token.
_TOKEN = regex.compile(
    r"\p{Han}\p{M}*|[[\p{L}\p{N}\p{M}]--\p{Han}](?:[[\p{L}\p{N}\p{M}\u200c\u200d]--\p{Han}]|['’](?=[\p{L}--\p{Han}]))*"
    r"|\s+|.\p{M}*",
    regex.V1 | regex.DOTALL,
)
_WORD = regex.compile(r"[\p{L}\p{N}]", regex.V1)
SHORT = 3  # letters of a word so short that two changes around it read as one


@dataclass(frozen=True, slots=True)
class Hunk:
    """old[start:end] (code points) becomes `words`."""

    start: int
    end: int
    words: str


def tokens(text: str) -> list[str]:
    """The text cut into words, Han characters, spaces and signs; ''.join(tokens(text)) == text."""
    return cast("list[str]", _TOKEN.findall(text))


def is_word(token: str) -> bool:
    """Whether a token is a word (or a Han character) rather than space or punctuation."""
    return _WORD.search(token) is not None


def count(text: str) -> int:
    """How many words."""
    return sum(map(is_word, tokens(text)))


def _slight(gap: Sequence[str]) -> bool:
    """Nothing but signs, or one short word, stands between two changes."""
    said = [token for token in gap if is_word(token)]
    return not said or (len(said) == 1 and len(said[0]) <= SHORT)


def fewer_than(number: int) -> Callable[[Sequence[str]], bool]:
    """Join changes with fewer than `number` words between them."""
    return lambda gap: sum(map(is_word, gap)) < number


def difference(old: str, new: str, joined: Callable[[Sequence[str]], bool] | None = _slight) -> list[Hunk]:
    """What became of the old words, left to right. `joined` says whether two changes with these tokens between
    them read as one (None = never)."""
    was, now = tokens(old), tokens(new)
    spots: list[list[int]] = []
    for change in LCSseq.opcodes(was, now):
        if change.tag == "equal":
            continue
        a, b, c, d = change.src_start, change.src_end, change.dest_start, change.dest_end
        if spots and (spots[-1][1] == a or (joined is not None and joined(was[spots[-1][1] : a]))):
            spots[-1][1], spots[-1][3] = b, d
        else:
            spots.append([a, b, c, d])
    for n, spot in enumerate(spots):
        _tidy(spot, was, now, spots[n + 1][0] if n + 1 < len(spots) else len(was) + 1)
    starts = [0]
    for token in was:
        starts.append(starts[-1] + len(token))
    return [Hunk(starts[a], starts[b], "".join(now[c:d])) for a, b, c, d in spots]


def _tidy(spot: list[int], was: Sequence[str], now: Sequence[str], limit: int) -> None:
    """Leave out what stands on both sides at either end; words put in or struck begin with a word, not with the space
    before it, where the next space is as good. `limit`: where the next change begins."""
    a, b, c, d = spot
    while a < b and c < d and was[a] == now[c]:
        a, c = a + 1, c + 1
    while a < b and c < d and was[b - 1] == now[d - 1]:
        b, d = b - 1, d - 1
    said = was[a:b] or now[c:d]
    if (a == b) != (c == d) and said[0].isspace() and b + 1 < limit and b < len(was) and was[b] == said[0]:
        a, b, c, d = a + 1, b + 1, c + 1, d + 1
    spot[:] = a, b, c, d


def apply(old: str, hunks: Sequence[Hunk]) -> str:
    """The old words with these hunks in place (left to right, apart from each other)."""
    parts: list[str] = []
    at = 0
    for hunk in hunks:
        parts += (old[at : hunk.start], hunk.words)
        at = hunk.end
    return "".join((*parts, old[at:]))


def merge(base: str, mine: str, theirs: str) -> str | None:
    """Both changes to `base` in one wording, or None when they touch each other and are not the same.
    merge(b, a, b) = a, merge(b, a, a) = a, and it does not matter which side is mine."""
    pool = sorted(
        {*difference(base, mine, None), *difference(base, theirs, None)}, key=lambda hunk: (hunk.start, hunk.end)
    )
    if any(after.start <= before.end for before, after in pairwise(pool)):
        return None  # changes of one side never touch each other, so these are rivals
    return apply(base, pool)


def _slide(old: str, hunk: Hunk) -> tuple[int, int]:
    """All places at which these words could have been put with the same result."""
    first = last = hunk.start
    said = hunk.words
    while first and old[first - 1] == said[(first - hunk.start - 1) % len(said)]:
        first -= 1
    while last < len(old) and old[last] == said[(last - hunk.start) % len(said)]:
        last += 1
    return first, last


def rebase(span: tuple[int, int], old: str, new: str) -> tuple[int, int] | None:
    """Where old[start:end] lies in `new`; None when its words were changed or, for a place between words,
    something else was put at that very place. Never guessed."""
    start, end = span
    shift = 0
    for hunk in difference(old, new, None):
        if start == end and hunk.start == hunk.end:
            first, last = _slide(old, hunk)
            if first <= start <= last:
                return None
        if hunk.end <= start:
            shift += len(hunk.words) - (hunk.end - hunk.start)
        elif hunk.start < end or (start == end == hunk.start):
            return None
        else:
            break
    return (start + shift, end + shift)
