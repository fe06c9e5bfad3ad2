"""Paragraph labels: frozen between revisions, so what comes between gets bis, ter, quater.

A label is never given twice, not even one of a paragraph that was dropped. Renumbering only in a revision.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from valise.domain.text.book import Book, Par

SUFFIXES = (
    "bis", "ter", "quater", "quinquies", "sexies", "septies", "octies", "novies", "decies", "undecies", "duodecies",
    "terdecies", "quaterdecies", "quindecies", "sexdecies", "septdecies", "octodecies", "novodecies", "vicies",
)
_PREFIX = {"PP": "PP", "OP": "OP", "annex": "Annex"}
_LABEL = re.compile(
    rf"(?P<prefix>PP|OP|Annex) (?P<number>[0-9]+)(?: (?P<suffix>{'|'.join(SUFFIXES)}))?"
    r"(?P<sub> \((?P<letter>[a-z]|[ivx]+)\)(?: (?P<sub_suffix>[a-z]+))?)?(?P<alt> alt.*)?\Z",
    re.ASCII,
)
_ALT = re.compile(r" alt(?: [0-9]+)?(?P<by> \(.*\))?\Z")


def with_suffix(stem: str, taken: Collection[str]) -> str:
    """The stem with the first of bis, ter, quater ... that is not taken; numbers when they run out."""
    for suffix in SUFFIXES:
        if f"{stem} {suffix}" not in taken:
            return f"{stem} {suffix}"
    number = len(SUFFIXES) + 2
    while f"{stem} {number}" in taken:
        number += 1
    return f"{stem} {number}"


def between(section: str, before: Sequence[str], after: Sequence[str], taken: Collection[str]) -> str:
    """The label of a paragraph put after the labels `before` and ahead of `after` (those of its section, in
    order). At the end the next number; at the very start number 0, as in "PP 0"; else bis, ter, quater."""
    prefix = _PREFIX.get(section)
    if prefix is None:
        return ""
    known = [match for label in before if (match := _LABEL.match(label))]
    if not known:
        first = f"{prefix} 0" if any(_LABEL.match(label) for label in after) else f"{prefix} 1"
        return first if first not in taken else with_suffix(first, taken)
    stem = f"{prefix} {known[-1]['number']}"
    if not any(_LABEL.match(label) for label in after):
        number = 1 + max(int(match["number"]) for match in known)
        while f"{prefix} {number}" in taken:
            number += 1
        return f"{prefix} {number}"
    return with_suffix(stem, taken)


def sub_label(parent: str, before: Sequence[str], after: Sequence[str], taken: Collection[str]) -> str:
    """The label of a sub-paragraph: the next letter at the end, else bis, ter, quater of the one before it."""
    if not after:
        for at in range(len(before), 26):
            label = f"{parent} ({chr(ord('a') + at)})"
            if label not in taken:
                return label
    return with_suffix(before[-1] if before else f"{parent} (a)", taken)


def for_new(book: Book, after: str, section: str, parent: str = "") -> str:
    """The label a new paragraph of this section gets after the paragraph `after` ("" = at the start)."""
    at = book.order.index(after) + 1 if after else 0
    standing = [(index, par) for index, id in enumerate(book.order) if (par := book.pars[id]).gone < 0]
    if parent:
        mine = [(index, par.label) for index, par in standing if par.parent == parent]
        before, behind = ([label for index, label in mine if (index < at) is side] for side in (True, False))
        return sub_label(book.pars[parent].label, before, behind, book.labels)
    peers = [(index, par.label) for index, par in standing if par.section == section and not par.parent]
    before, behind = ([label for index, label in peers if (index < at) is side] for side in (True, False))
    return between(section, before, behind, book.labels)


def renumbered(book: Book) -> list[tuple[str, str]]:
    """(paragraph, new label) of a text numbered through again, only those that change. Alternatives keep the
    number of the paragraph they stand for, sub-paragraphs follow their parent."""
    numbers: dict[str, int] = {}
    alts: dict[str, int] = {}
    subs: dict[str, int] = {}
    given: dict[str, str] = {}
    last: dict[str, str] = {}
    for par in book.standing():
        given[par.id] = _renumber(par, numbers, alts, subs, given, last)
    return [(id, label) for id, label in given.items() if label != book.pars[id].label]


def _renumber(
    par: Par, numbers: dict[str, int], alts: dict[str, int], subs: dict[str, int], given: dict[str, str],
    last: dict[str, str],
) -> str:
    prefix = _PREFIX.get(par.section)
    if prefix is None or not _LABEL.match(par.label):
        return par.label
    if par.parent in given:
        at = subs[par.parent] = subs.get(par.parent, -1) + 1
        return f"{given[par.parent]} ({chr(ord('a') + at)})" if at < 26 else par.label
    alt = _ALT.search(par.label)
    if alt and prefix in last:
        stem = last[prefix]
        at = alts[stem] = alts.get(stem, 0) + 1
        numbered = f" {at}" if re.search(r" alt [0-9]", par.label) else ""
        return f"{stem} alt{numbered}{alt['by'] or ''}"
    numbers[prefix] = numbers.get(prefix, 0) + 1
    last[prefix] = f"{prefix} {numbers[prefix]}"
    return last[prefix]
