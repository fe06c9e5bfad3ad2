"""What the search finds without a vault: norms and measures by their citation, documents by their symbol, and both by title."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

from valise.desk import reference
from valise.desk.views import Hit
from valise.domain.register.citation import Citations
from valise.domain.register.definition import Item
from valise.vault import registers

COMMITMENTS: Final = ("norms", "cbm.global", "cbm.osce", "cbm.oas", "cbm.asean-arf", "treaties")
"""Registers of the screen of commitments, whose items have a page: hits of kind "item"."""
ROWS: Final = ("documents", "forums", "organizations")
"""Registers whose items are rows of their own: found as the rows somebody wrote are."""


@cache
def _citations() -> Citations:
    items = reference.lists()[1]
    return Citations({register: items[register] for register in (*COMMITMENTS, *ROWS)})


def cited(words: str, language: str = "en") -> list[Hit]:
    """What these words cite, the one that is meant first. An item has the `ref` "norms/f"."""
    return [_hit(register, item, language) for register, item in _citations().cited(words)]


def titled(words: str, language: str = "en") -> list[Hit]:
    """A few items in whose title every word begins a word, in any of the six languages."""
    return [_hit(register, item, language) for register, item in _citations().titled(words)]


def around(held: Sequence[Hit], words: str, language: str = "en") -> list[Hit]:
    """What is cited, then what the vault holds, then, where nothing is cited, what has such a title; nothing twice."""
    first = cited(words, language)
    told = {(one.kind, one.ref): one for one in held}
    made: dict[tuple[str, str], Hit] = {}
    for one in (*first, *held, *(() if first else titled(words, language))):
        made.setdefault((one.kind, one.ref), told.get((one.kind, one.ref), one))
    return list(made.values())


def _hit(register: str, item: Item, language: str) -> Hit:
    summary = item.summary.in_(language) if item.summary else ""
    title = item.title.in_(language)
    if register == "norms":
        title = f"({item.id}) {title}"
    elif register == "documents":
        title = f"{item.symbol}: {title}"
    if register in COMMITMENTS:
        excerpt = f"{item.symbol}. {summary}" if summary else item.symbol
        return Hit("item", f"{register}/{item.id}", "", title, excerpt, 0)
    return Hit(registers.KIND, registers.ref(register, "stated", "", item.id), "", title, summary, 0)
