"""Slips a drafter would want pointed out before the Secretariat does. They explain, and never block anything.

Openings follow the practice of General Assembly resolutions: in the preamble the verb comes first ("Recalling",
"Recalling also", "Recalling further"), in the operative part the adverb does ("Requests", "Also requests", "Further
requests").
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import regex  # type: ignore[import-untyped]

from valise.domain.text import brackets, inline
from valise.domain.text.book import AGREED, Book, Par

Rule = Literal[
    "agreed but bracketed", "number twice", "unbalanced brackets", "also before it was said", "said again without also",
    "adverb in the wrong place", "no sign at the end", "names a person",
]  # fmt: skip
RULES: tuple[Rule, ...] = (
    "agreed but bracketed", "number twice", "unbalanced brackets", "also before it was said", "said again without also",
    "adverb in the wrong place", "no sign at the end", "names a person",
)  # fmt: skip

_PP = re.compile(r"(?P<verb>[A-Z][a-z]+ing)(?: (?P<again>also|further))?\b")
_OP = re.compile(r"(?:(?P<again>Also|Further) (?P<after>[a-z]+s)|(?P<verb>[A-Z][a-z]+s))\b")
_PP_TURNED = re.compile(r"(?P<again>Also|Further) (?P<verb>[a-z]+ing)\b")
_OP_TURNED = re.compile(r"(?P<verb>[A-Z][a-z]+s) (?P<again>also|further)\b")
_ENDS = {"PP": ",،，", "OP": ";؛；.。"}
_ANY_END = ",،，;؛；:：.。"
_LAST = ".。"
_AND = re.compile(r"[,،;؛] (?:and|or|et|ou|y|o|и|или|و|أو)\Z")  # after the part before the last
# what stands before a person's name, in the six languages; a function ("the Chair") is no person
_PERSON = regex.compile(
    r"\b(?:Mr|Ms|Mrs|Dr|Prof|H\.E|S\.E|Sr|Sra|Mme|Mlle)\.? ?(?=\p{Lu})|\b(?:M\.|Ambassador) (?=\p{Lu}\p{Ll})"
    r"|\bг-(?:н|жа) |السيدة? |\p{Han}(?:先生|女士)"
)


@dataclass(frozen=True, slots=True)
class Slip:
    """`words` = the few words it is about, or what would be usual instead; "" where the rule says it all."""

    paragraph: str
    rule: Rule
    words: str = ""


def lint(book: Book) -> tuple[Slip, ...]:
    """Every slip of a text as it stands, in the order of its paragraphs."""
    pars = book.standing()
    twice = {label for label, count in Counter(par.label for par in pars if par.label).items() if count > 1}
    parents = {par.parent for par in pars}
    english = book.genesis is not None and book.genesis.body["language"].split("-")[0] == "en"
    found: list[Slip] = []
    if book.genesis is not None:
        title = book.pars[book.title_id]
        found += (Slip(title.id, rule, words) for rule, words in _words(title))
    said: dict[str, set[str]] = {"PP": set(), "OP": set()}
    last = next((par.id for par in reversed(pars) if par.section == "OP"), "")
    for par in pars:
        if par.label in twice:
            found.append(Slip(par.id, "number twice", par.label))
        found += (Slip(par.id, rule, words) for rule, words in _words(par))
        if english and par.section in said and not par.parent and " alt" not in par.label:
            found += (Slip(par.id, rule, words) for rule, words in _opening(par, said[par.section]))
        if par.section in _ENDS and not _ended(par, par.id in parents, par.id == last):
            found.append(Slip(par.id, "no sign at the end"))
    return tuple(found)


def _words(par: Par) -> Iterable[tuple[Rule, str]]:
    if par.status in AGREED and brackets.open_brackets(par):
        yield "agreed but bracketed", ""
    if inline.parse(par.words).unbalanced:
        yield "unbalanced brackets", ""
    person = _PERSON.search(par.words)
    if person:
        yield "names a person", person[0].strip()


def _opening(par: Par, said: set[str]) -> Sequence[tuple[Rule, str]]:
    """What is wrong with how the paragraph begins; `said` = the verbs that opened one before it, in lower case."""
    words = par.words.lstrip("*[ ").replace("*", "")
    turned = (_PP_TURNED if par.section == "PP" else _OP_TURNED).match(words)
    if turned:
        verb, again = turned["verb"].lower(), turned["again"].lower()
        usual = f"{verb.capitalize()} {again}" if par.section == "PP" else f"{again.capitalize()} {verb}"
        said.add(verb)
        return [("adverb in the wrong place", usual)]
    match = (_PP if par.section == "PP" else _OP).match(words)
    if match is None:
        return []
    verb = (match["verb"] or match["after"]).lower()
    before = verb in said
    said.add(verb)
    if match["again"] and not before:
        return [("also before it was said", match[0])]
    if not match["again"] and before:
        return [("said again without also", f"{verb.capitalize()} also" if par.section == "PP" else f"Also {verb}")]
    return []


def _ended(par: Par, has_parts: bool, last: bool) -> bool:
    """Whether the paragraph ends as its place asks: a comma in the preamble, a semicolon in the operative part, a full
    stop at the very end; a paragraph with parts, and its parts, by any sign."""
    words = par.words.rstrip(" *]~")
    end = words[-1:]
    if not end:
        return True
    if has_parts or par.parent:
        return end in _ANY_END or _AND.search(words) is not None
    return end in (_LAST if last else _ENDS[par.section])
