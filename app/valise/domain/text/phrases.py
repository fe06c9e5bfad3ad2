"""Phrases two wordings have in common. Display only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import LCSseq

from valise.domain.text import words as w

LEAST = 6  # words a common phrase has at least


@dataclass(frozen=True, slots=True)
class Common:
    """[start, end) in code points of the first wording; `source` names the other one."""

    start: int
    end: int
    source: int


def common(text: str, others: Sequence[tuple[int, str]], fold: Callable[[str], str], least: int = LEAST) -> tuple[Common, ...]:
    """Runs of at least `least` words that stand alike in `text` and in one of `others` (its number, its words), left to
    right, the longest where they overlap. `fold` makes words comparable (case, accents)."""
    tokens = w.tokens(text)
    starts = [0]
    for token in tokens:
        starts.append(starts[-1] + len(token))
    places = [at for at, token in enumerate(tokens) if w.is_word(token)]
    mine = [fold(tokens[at]) for at in places]
    found: list[tuple[int, int, int]] = []  # first word, words, source
    for number, other in others:
        theirs = [fold(token) for token in w.tokens(other) if w.is_word(token)]
        for block in LCSseq.opcodes(mine, theirs):
            if block.tag == "equal" and block.src_end - block.src_start >= least:
                found.append((block.src_start, block.src_end - block.src_start, number))
    found.sort(key=lambda one: (-one[1], one[0], one[2]))
    taken: list[tuple[int, int, int]] = []
    for first, count, number in found:
        if all(first + count <= start or first >= start + length for start, length, _ in taken):
            taken.append((first, count, number))
    return tuple(
        Common(starts[places[first]], starts[places[first + count - 1] + 1], number)
        for first, count, number in sorted(taken)
    )
