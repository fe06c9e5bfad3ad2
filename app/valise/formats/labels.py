"""Labels of paragraphs: "PP 2 bis", "OP 6 (a)", "PP 5 alt 1 (XI)", read in the spellings found in files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from valise.domain.text.inline import parse
from valise.formats.abc import Note, Para

ORDINALS = "bis|ter|quater|quinquies|sexies|septies|octies|nonies|decies"
_GAP = "[ \u00a0]?"
_BY = r"\((?P<alt_by>[A-Z][A-Za-z0-9]{1,6}(?:, ?[A-Z][A-Za-z0-9]{1,6}){0,15})\)"
TAIL = (
    rf"(?:{_GAP}(?P<suffix>{ORDINALS})\b)?"
    rf"(?:{_GAP}(?P<alt>alt)\b\.?(?:{_GAP}(?P<alt_number>[0-9]{{1,3}})\b)?(?:{_GAP}{_BY})?)?"
)
LABEL = rf"(?P<kind>PP|OP){_GAP}(?P<number>[0-9]{{1,4}}){TAIL}"
# Small letters of any script, small roman and Chinese numerals, digits; capitals in parentheses are delegations.
ONE_MARK = r"(?:(?:(?![A-Z])[^\W\d_]){1,2}|[ivx]{1,5}|[一二三四五六七八九十]{1,3}|[0-9]{1,2})"
MARK = rf"\((?P<mark>{ONE_MARK})\){TAIL}"
_ROMAN = [""]
_ROMAN += [tens + ones for tens in ("", "x") for ones in ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")]


@dataclass(frozen=True, slots=True)
class Label:
    """A label taken apart. "alt" and "alt 1" are written apart but both have the number 1."""

    kind: Literal["PP", "OP"] = "OP"
    number: int = 0
    suffix: str = ""
    alt: bool = False
    alt_number: int = 0  # 0 = none written
    alt_by: str = ""

    @property
    def text(self) -> str:
        """As the text model writes it."""
        return f"{self.kind} {self.number}{self.tail}"

    @property
    def tail(self) -> str:
        """What follows the number or the mark."""
        suffix = f" {self.suffix}" if self.suffix else ""
        alt = f" alt{f' {self.alt_number}' if self.alt_number else ''}" if self.alt else ""
        return suffix + alt + (f" ({self.alt_by})" if self.alt_by else "")

    def para(self, words: str) -> Para:
        """A paragraph with this label."""
        return Para(
            self.kind,
            self.text,
            words,
            number=self.number,
            suffix=self.suffix,
            alt=self.alt,
            alt_number=(self.alt_number or 1) if self.alt else 0,
            alt_by=self.alt_by,
        )


def taken(found: re.Match[str]) -> Label:
    """From a match of LABEL or MARK (then without kind and number)."""
    parts = found.groupdict()
    return Label(
        "PP" if parts.get("kind") == "PP" else "OP",
        int(parts.get("number") or 0),
        parts["suffix"] or "",
        bool(parts["alt"]),
        int(parts["alt_number"] or 0),
        parts["alt_by"] or "",
    )


def bare(para: Para) -> str:
    """The label without the delegation in it: "PP 5 alt 1" of "PP 5 alt 1 (XI)"."""
    return para.label.removesuffix(f" ({para.alt_by})") if para.alt_by else para.label


class Siblings:
    """Where sub-paragraphs belong: gives each mark its label and parent, in the order they are met."""

    def __init__(self) -> None:
        self.top: Para | None = None
        self._letter = ""
        self._letter_label = ""
        self._roman = 0

    def begin(self, para: Para) -> None:
        """A new paragraph; sub-paragraphs that follow are part of it."""
        self.top, self._letter, self._letter_label, self._roman = para, "", "", 0

    def place(self, mark: str, tail: Label, words: str) -> Para | None:
        """The sub-paragraph "(mark)" here, or None if there is no paragraph it could be part of.

        "(i)" after "(h)" is a letter; after any other letter it begins a list one level below.
        """
        if self.top is None:
            return None
        if self._below(mark, tail):
            parent = self._letter_label
        else:
            parent = self.top.label
            self._letter, self._letter_label, self._roman = mark, f"{parent} ({mark}){tail.tail}", 0
        made = replace(tail, kind="PP" if self.top.section == "PP" else "OP", number=self.top.number).para(words)
        return replace(made, label=f"{parent} ({mark}){tail.tail}", parent=parent)

    def _below(self, mark: str, tail: Label) -> bool:
        if not self._letter or mark not in _ROMAN:
            return False
        value = _ROMAN.index(mark)
        if value == self._roman and (tail.suffix or tail.alt):
            return True
        follows = len(mark) == len(self._letter) == 1 and ord(mark) == ord(self._letter) + 1
        again = mark == self._letter and (tail.suffix != "" or tail.alt)
        if value != self._roman + 1 or again or (follows and not self._roman):
            return False
        self._roman = value
        return True


def duplicates(paragraphs: Iterable[Para]) -> list[str]:
    """Labels that stand more than once, each once, in the order they first stand."""
    counted = Counter(para.label for para in paragraphs if para.label)
    return [label for label, count in counted.items() if count > 1]


def loose_brackets(title: str, paragraphs: Sequence[Para]) -> list[Note]:
    """A note for each paragraph (and the title) whose square brackets do not balance."""
    counted = [("", len(parse(title).unbalanced))]
    counted += [(para.label, len(parse(para.words).unbalanced)) for para in paragraphs]
    return [Note("text.unbalanced_brackets", label, count) for label, count in counted if count]
