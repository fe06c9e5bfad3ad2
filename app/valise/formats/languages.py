"""The six official languages: names, direction, and the openings that tell preambular from operative paragraphs.

The lists are in resources/reference/verbs.json.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from valise.formats.abc import Direction, refused

Side = Literal["PP", "OP", ""]
_SAMPLE = 20_000  # code points looked at to recognise a language

_WORDS = {
    "en": frozenset(["the", "of", "and", "to", "in", "that", "for", "its", "on", "by", "with"]),
    "fr": frozenset(["le", "la", "les", "des", "et", "du", "que", "une", "dans", "pour", "aux"]),
    "es": frozenset(["el", "la", "los", "las", "y", "del", "que", "una", "en", "para", "por"]),
}
_HARAKAT = re.compile("[\u0640\u064b-\u065f\u0670]")
_ENDS: dict[str, Side] = {",": "PP", "،": "PP", "，": "PP", ";": "OP", "؛": "OP", "；": "OP", ".": "OP", "。": "OP"}


@dataclass(frozen=True, slots=True)
class Language:
    """`openings` and `adverbs` are folded as by `fold`; `labels` are written-out names of a PP and an OP."""

    code: str
    names: tuple[str, ...]
    direction: Direction
    openings: dict[str, frozenset[str]]  # "PP", "OP"
    adverbs: tuple[str, ...]
    labels: dict[str, tuple[str, ...]]


def fold(words: str) -> str:
    """For comparison only: case, Arabic vowel signs, no-break spaces and typographic apostrophes do not count."""
    return _HARAKAT.sub("", words).replace("\u00a0", " ").replace("’", "'").casefold()


@cache
def languages() -> dict[str, Language]:
    """By BCP 47 code."""
    raw = json.loads(files("valise.resources").joinpath("reference", "verbs.json").read_text("utf-8"))
    return {
        code: Language(
            code,
            tuple(one["names"]),
            one["direction"],
            {side: frozenset(map(fold, one[side])) for side in ("PP", "OP")},
            tuple(sorted(map(fold, one["adverbs"]), key=len, reverse=True)),
            {side: tuple(map(fold, one["labels"][side])) for side in ("PP", "OP")},
        )
        for code, one in raw["languages"].items()
    }


def language(name: str) -> Language:
    """By code or by a name of it ("ar", "ara", "Arabic", "العربية"). Refused("format.language")."""
    wanted = name.strip().casefold()
    for one in languages().values():
        if wanted == one.code or wanted in (known.casefold() for known in one.names):
            return one
    raise refused("format.language")


def recognise(words: str) -> str:
    """The language most of these words are in, "und" if that cannot be told."""
    sample = words[:_SAMPLE]
    scripts = {
        "ar": len(re.findall("[\u0600-\u06ff\u0750-\u077f]", sample)),
        "zh": 2 * len(re.findall("[\u4e00-\u9fff\u3400-\u4dbf]", sample)),
        "ru": len(re.findall("[\u0400-\u04ff]", sample)),
        "": len(re.findall("[A-Za-z\u00c0-\u024f]", sample)),
    }
    script = max(scripts, key=lambda one: scripts[one])
    if script:
        return script if scripts[script] else "und"
    plain = fold(sample)
    found = re.findall(r"[^\W\d_]+", plain)
    score = {code: sum(word in common for word in found) for code, common in _WORDS.items()}
    for line in plain.splitlines():
        for code in score:
            score[code] += 3 * bool(_opens(line.lstrip(" *[("), languages()[code]))
    best = sorted(score.values())
    if best[-1] == 0 or best[-1] == best[-2]:
        return "und"
    return max(score, key=lambda one: score[one])


def direction(words: str, code: str = "und") -> Direction:
    """By language if it is one of ours, else by what most letters are (Unicode UAX 9 classes R and AL)."""
    if code in languages():
        return languages()[code].direction
    classes = [unicodedata.bidirectional(char) for char in words[:_SAMPLE]]
    return "rtl" if sum(one in ("R", "AL") for one in classes) > classes.count("L") else "ltr"


def side(words: str, code: str) -> Side:
    """Whether a paragraph opens as preambular or operative; "" if its opening says nothing.

    Where an opening serves both (as in Chinese), the ending decides: a comma for the preamble, a semicolon or a full
    stop for the operative part.
    """
    if code not in languages():
        return ""
    sides = _opens(fold(words), languages()[code])
    if len(sides) == 1:
        return next(iter(sides))
    return _ENDS.get(words.rstrip()[-1:], "") if sides else ""


def _opens(folded: str, of: Language) -> set[Side]:
    """The sides whose longest opening stands at the beginning, adverbs before the verb left out."""
    longest: dict[Side, int] = {"PP": 0, "OP": 0}
    rest = folded
    for _ in range(3):
        for name in ("PP", "OP"):
            longest[name] = max((len(one) for one in of.openings[name] if _begins(rest, one, of)), default=0)
        most = max(longest.values())
        if most:
            return {name for name, length in longest.items() if length == most}
        adverb = next((one for one in of.adverbs if _begins(rest, one, of)), "")
        if not adverb:
            return set()
        rest = rest[len(adverb) :].lstrip()
    return set()


def _begins(words: str, opening: str, of: Language) -> bool:
    """Chinese writes no spaces, elsewhere the opening must end with a word."""
    if not words.startswith(opening):
        return False
    return of.code == "zh" or not words[len(opening) : len(opening) + 1].isalnum()
