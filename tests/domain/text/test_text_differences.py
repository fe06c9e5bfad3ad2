"""The difference of two wordings reads as a delegate would mark it, in the six languages."""

from __future__ import annotations

import re

import pytest
from tables.differences import TABLES

from valise.domain.text import words as w

_MARK = re.compile(r"\[-(?P<gone>.*?)-\]|\{\+(?P<come>.*?)\+\}")
CASES = [pytest.param(marked, id=f"{language}: {name}") for language, table in TABLES.items() for name, marked in table.items()]


def sides(marked: str) -> tuple[str, str]:
    """The two wordings a marked one stands for."""
    old = _MARK.sub(lambda found: found["gone"] or "", marked)
    new = _MARK.sub(lambda found: found["come"] or "", marked)
    return old, new


def mark(old: str, new: str) -> str:
    """The difference, written down."""
    made, at = "", 0
    for hunk in w.difference(old, new):
        gone = old[hunk.start : hunk.end]
        made += old[at : hunk.start] + (f"[-{gone}-]" if gone else "") + (f"{{+{hunk.words}+}}" if hunk.words else "")
        at = hunk.end
    return made + old[at:]


@pytest.mark.parametrize("marked", CASES)
def test_it_reads_as_a_delegate_marks_it(marked: str) -> None:
    old, new = sides(marked)
    assert old != new
    assert mark(old, new) == marked


@pytest.mark.parametrize("marked", CASES)
def test_it_says_the_same_backwards(marked: str) -> None:
    """Struck and inserted words change places, and nothing else does."""
    old, new = sides(marked)
    assert w.apply(old, w.difference(old, new)) == new
    assert w.apply(new, w.difference(new, old)) == old


def test_every_language_has_its_table() -> None:
    assert set(TABLES) == {"en", "fr", "es", "ru", "zh", "ar"} and all(len(table) >= 8 for table in TABLES.values())
