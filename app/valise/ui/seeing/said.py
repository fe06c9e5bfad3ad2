"""The words of the views: fates of paragraphs, stances, events of a history, slips. Outside words come out isolated."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from valise.domain.text.compare import Compared
from valise.domain.text.history import Entry
from valise.domain.text.lint import Rule
from valise.ui.language import listed, translate
from valise.ui.text_safe import isolate, shorten
from valise.ui.texts import terms
from valise.ui.texts.people import People

LABEL = 40  # characters of a label or symbol that stand inside a sentence


def brief(text: str, limit: int = LABEL) -> str:
    """Outside words inside a sentence of ours: shortened and isolated."""
    return isolate(shorten(text, limit))


def label(name: str, section: str = "") -> str:
    """What a paragraph is called."""
    return brief(name) if name else translate("seeing", "Title") if section == "title" else translate("seeing", "Paragraph without number")


# comparing: sign, token of the colour that adds to it

FATES: dict[str, tuple[str, str]] = {
    "changed": ("±", "info"), "new": ("+", "good"), "dropped": ("−", "bad"), "same": ("=", "muted"),
}  # fmt: skip
_FATE = {
    "changed": QT_TRANSLATE_NOOP("seeing", "changed"),
    "new": QT_TRANSLATE_NOOP("seeing", "new"),
    "dropped": QT_TRANSLATE_NOOP("seeing", "dropped"),
    "same": QT_TRANSLATE_NOOP("seeing", "same words"),
}


def compared(row: Compared, people: People) -> str:
    """What became of a paragraph and who brought it about, on one line."""
    parts = [translate("seeing", _FATE[row.fate])]
    if row.moved:
        parts.append(translate("seeing", "moved"))
    if row.fate not in ("new", "dropped"):
        if row.label_before != row.label_after:
            parts.append(translate("seeing", "number: {0}, was {1}").format(brief(row.label_after or "–"), brief(row.label_before or "–")))
        if row.status_before != row.status_after:
            parts.append(translate("seeing", "{0}, was {1}").format(terms.status(row.status_after), terms.status(row.status_before)))
    if row.by:
        parts.append(translate("seeing", "from {0}").format(listed(isolate(people.code(one)) for one in row.by)))
    if row.pen:
        parts.append(translate("seeing", "also written by the pen itself") if row.by else translate("seeing", "written by the pen itself"))
    return " · ".join(parts)


# the history of a paragraph: sign, token

EVENTS: dict[str, tuple[str, str]] = {
    "brought": ("+", "good"), "words": ("±", "info"), "moved": ("↕", "info"), "dropped": ("−", "bad"),
    "label": ("#", "muted"), "agreed ad ref": ("✓", "good"), "closed": ("✓", "good"), "reopened": ("[ ]", "warn"),
    "parked": ("=", "muted"), "proposed": ("✎", "accent"), "cosponsored": ("✎", "accent"), "withdrew": ("↶", "muted"),
    "disposed": ("→", "info"), "admitted": ("→", "info"), "position": ("·", "muted"), "comment": ("“", "muted"),
    "revision": ("§", "muted"),
}  # fmt: skip
_EVENT = {
    "brought": QT_TRANSLATE_NOOP("seeing", "came into the text"),
    "words": QT_TRANSLATE_NOOP("seeing", "the pen set new words"),
    "moved": QT_TRANSLATE_NOOP("seeing", "the pen moved it"),
    "dropped": QT_TRANSLATE_NOOP("seeing", "the pen took it out"),
    "label": QT_TRANSLATE_NOOP("seeing", "its number became {0}"),
    "agreed ad ref": QT_TRANSLATE_NOOP("seeing", "agreed ad ref"),
    "closed": QT_TRANSLATE_NOOP("seeing", "closed"),
    "reopened": QT_TRANSLATE_NOOP("seeing", "reopened"),
    "parked": QT_TRANSLATE_NOOP("seeing", "parked"),
    "proposed": QT_TRANSLATE_NOOP("seeing", "proposed: {0}"),
    "cosponsored": QT_TRANSLATE_NOOP("seeing", "became a sponsor of an amendment"),
    "withdrew": QT_TRANSLATE_NOOP("seeing", "withdrew from an amendment"),
    "disposed": QT_TRANSLATE_NOOP("seeing", "the pen on an amendment: {0}"),
    "admitted": QT_TRANSLATE_NOOP("seeing", "the pen admitted an amendment"),
    "comment": QT_TRANSLATE_NOOP("seeing", "remarked"),
    "revision": QT_TRANSLATE_NOOP("seeing", "stands in revision {0}"),
}


def event(entry: Entry) -> str:
    """What happened, without who and when."""
    if entry.what == "position":
        value = terms.position(entry.detail)
        on = (
            translate("seeing", "{0}, on an amendment").format(value)
            if entry.proposal
            else translate("seeing", "{0}, on the paragraph").format(value)
        )
        return translate("seeing", "{0}, for {1}").format(on, brief(entry.words)) if entry.words else on
    words = translate("seeing", _EVENT[entry.what])
    if entry.what == "proposed":
        return words.format(terms.kind(entry.detail))
    if entry.what == "disposed":
        return words.format(terms.outcome(entry.detail))
    return words.format(brief(entry.detail)) if "{0}" in words else words


# slips: (what it is, why it matters and what is usual)

_SLIPS: dict[Rule, tuple[str, str]] = {
    "agreed but bracketed": (
        QT_TRANSLATE_NOOP("seeing", "Agreed, but a bracket is still open in it"),
        QT_TRANSLATE_NOOP("seeing", "What stands in brackets is not agreed, so the two contradict each other. Usually the "
                          "brackets are decided first, or the paragraph is reopened."),
    ),
    "number twice": (
        QT_TRANSLATE_NOOP("seeing", "Another paragraph has the same number: {0}"),
        QT_TRANSLATE_NOOP("seeing", "Delegations refer to paragraphs by number and would speak of different ones. Usually "
                          "the later one becomes “bis”, or the next revision numbers anew."),
    ),
    "unbalanced brackets": (
        QT_TRANSLATE_NOOP("seeing", "A bracket is opened or closed without its other half"),
        QT_TRANSLATE_NOOP("seeing", "Nobody can tell which words are still open. Usually the missing bracket is put where "
                          "the disputed words begin or end."),
    ),
    "also before it was said": (
        QT_TRANSLATE_NOOP("seeing", "“{0}” although the verb has not opened a paragraph before"),
        QT_TRANSLATE_NOOP("seeing", "“Also” and “further” refer back to an earlier paragraph with the same verb. Usually "
                          "the first such paragraph has the verb alone."),
    ),
    "said again without also": (
        QT_TRANSLATE_NOOP("seeing", "The verb has opened a paragraph before; usual would be “{0}”"),
        QT_TRANSLATE_NOOP("seeing", "Repeating the bare verb reads as if the earlier paragraph had been forgotten. The "
                          "second time “also” is usual, from the third “further”."),
    ),
    "adverb in the wrong place": (
        QT_TRANSLATE_NOOP("seeing", "The adverb stands in the wrong place; usual would be “{0}”"),
        QT_TRANSLATE_NOOP("seeing", "Usually the verb comes first in the preamble (“Recalling also”), and in the operative part the "
                          "adverb does (“Also requests”). Editors change it anyway, and later than one would like."),
    ),
    "no sign at the end": (
        QT_TRANSLATE_NOOP("seeing", "The usual sign at its end is missing"),
        QT_TRANSLATE_NOOP("seeing", "A resolution is one sentence. Usually a preambular paragraph ends with a comma, an "
                          "operative one with a semicolon, and the last with a full stop."),
    ),
    "names a person": (
        QT_TRANSLATE_NOOP("seeing", "It seems to name a person: {0}"),
        QT_TRANSLATE_NOOP("seeing", "Texts speak of functions, which outlast those who hold them. Usual are “the Chair”, "
                          "“the Special Rapporteur” or “the delegation of …”."),
    ),
}  # fmt: skip


def slip(rule: Rule, words: str) -> tuple[str, str]:
    """(what was found, why it matters and what is usual)."""
    what, why = _SLIPS[rule]
    return translate("seeing", what).format(brief(words)), translate("seeing", why)
