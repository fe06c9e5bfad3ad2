"""What a list may show: a marking of a list admits entries no stricter than itself (TLP 2.0, first.org/tlp)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from valise.domain.message import TLP

USUAL: Final = "TLP:AMBER+STRICT"  # of an entry nobody has marked: directory data is not public
RANK: Final = {one: place for place, one in enumerate(reversed(TLP))}


def of(marking: str) -> str:
    """The marking of an entry, the usual one where there is none."""
    return marking.strip() or USUAL


def within(entry: str, listed: str) -> bool:
    """Whether an entry of this marking may stand in a list of that one. A national marking is in no order with any other:
    it is admitted by the same one alone."""
    own, whole = of(entry), of(listed)
    if own in RANK and whole in RANK:
        return RANK[own] <= RANK[whole]
    return own == whole


def strictest(markings: Iterable[str]) -> str:
    """The marking that admits all of these, "" where none does: national markings that differ, or beside TLP."""
    every = {of(one) for one in markings} or {USUAL}
    national = {one for one in every if one not in RANK}
    if national:
        return next(iter(national)) if len(every) == 1 else ""
    return max(every, key=lambda one: RANK[one])
