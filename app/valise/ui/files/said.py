"""Formats, kinds of export, what a format loses and why a change cannot be proposed, in words."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from PySide6.QtCore import QT_TRANSLATE_NOOP

from valise.desk.export import Leaving, Made, Offer
from valise.ui.language import colon, listed, translate
from valise.ui.text_safe import isolate, shorten

NAME = 80  # characters of a suggested file name, without its ending
KINDS = ("tracked", "compilation", "by-delegation", "clean")
_FORMATS: dict[str, str] = {  # the order in which they are offered
    "docx": QT_TRANSLATE_NOOP("files", "Word document"),
    "pdf": QT_TRANSLATE_NOOP("files", "PDF, to print and to read"),
    "html": QT_TRANSLATE_NOOP("files", "Web page"),
    "akn": QT_TRANSLATE_NOOP("files", "UN XML (Akoma Ntoso)"),
    "notation": QT_TRANSLATE_NOOP("files", "Notation of negotiation, as text"),
    "plain": QT_TRANSLATE_NOOP("files", "Plain text"),
}
_KINDS: dict[str, tuple[str, str]] = {
    "tracked": (
        QT_TRANSLATE_NOOP("files", "Tracked changes"),
        QT_TRANSLATE_NOOP("files", "Every proposed change under its delegation; positions and remarks beside the text."),
    ),
    "compilation": (
        QT_TRANSLATE_NOOP("files", "Compilation"),
        QT_TRANSLATE_NOOP("files", "Every proposed change written into the words, in brackets with its delegations."),
    ),
    "by-delegation": (
        QT_TRANSLATE_NOOP("files", "By delegation"),
        QT_TRANSLATE_NOOP("files", "Under each delegation the paragraphs it wants otherwise, with its own changes."),
    ),
    "clean": (
        QT_TRANSLATE_NOOP("files", "Clean"),
        QT_TRANSLATE_NOOP("files", "The words as they stand: no proposed change, no status, no remark."),
    ),
}
_LOST: dict[str, str] = {
    "title": QT_TRANSLATE_NOOP("files", "the title"),
    "words": QT_TRANSLATE_NOOP("files", "where some paragraphs begin and end"),
    "labels": QT_TRANSLATE_NOOP("files", "the numbers of paragraphs"),
    "statuses": QT_TRANSLATE_NOOP("files", "what is agreed and what is open"),
    "changes": QT_TRANSLATE_NOOP("files", "proposed changes"),
    "comments": QT_TRANSLATE_NOOP("files", "remarks"),
    "language": QT_TRANSLATE_NOOP("files", "the language"),
}
_HELD: dict[str, str] = {
    "returned.changed": QT_TRANSLATE_NOOP(
        "files", "Cannot be proposed: the pen has changed this paragraph since the file was made."
    ),
    "returned.agreed": QT_TRANSLATE_NOOP("files", "Cannot be proposed: this paragraph is agreed or closed."),
    "returned.gone": QT_TRANSLATE_NOOP("files", "Cannot be proposed: this paragraph is no longer in the text."),
}
_HELD_OTHERWISE = QT_TRANSLATE_NOOP("files", "Cannot be proposed on the text as it stands now.")
_RESERVED = {"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10))}


def offered(offers: Iterable[Offer]) -> list[Offer]:
    """Formats in the order people look for them."""
    order = list(_FORMATS)
    return sorted(offers, key=lambda one: order.index(one.name) if one.name in order else len(order))


def format_name(offer: Offer) -> str:
    """ "Word document (.docx)"."""
    words = translate("files", _FORMATS[offer.name]) if offer.name in _FORMATS else translate("files", "Another format")
    return f"{words} ({offer.ending})"


def kind_name(kind: str) -> str:
    """ "Tracked changes"."""
    return translate("files", _KINDS[kind][0])


def kind_means(kind: str) -> str:
    """What a kind holds, in one line."""
    return translate("files", _KINDS[kind][1])


def held(code: str) -> str:
    """Why a change cannot be proposed."""
    return translate("files", _HELD.get(code, _HELD_OTHERWISE))


def lost(made: Made) -> str:
    """What a program that reads the file back does not find as it was; "" for nothing."""
    if not made.lost:
        return ""
    return translate("files", "A program that reads the file back does not find exactly: {0}.").format(
        listed(translate("files", _LOST.get(one, one)) for one in made.lost)
    )


def contents(leaving: Leaving, kind: str) -> list[str]:
    """What a file of this kind holds, line by line."""
    changes, comments = sum(n for _, n in leaving.changes), sum(n for _, n in leaving.comments)
    told = [translate("files", "Paragraphs: {0}").format(leaving.paragraphs)] if kind != "by-delegation" else []
    if kind == "clean":
        told.append(translate("files", "Proposed changes left out: {0}").format(changes))
        told.append(translate("files", "Positions and remarks left out: {0}").format(comments))
        return told
    codes = {code for authors, _ in leaving.changes for code in authors.split(", ")}
    if changes:
        told.append(translate("files", "Proposed changes: {0}, by delegations: {1}").format(changes, len(codes)))
    else:
        told.append(translate("files", "No proposed change"))
    told += [f"    {isolate(authors)}{colon()}{count}" for authors, count in leaving.changes]
    if kind == "by-delegation":
        told.append(translate("files", "Positions and remarks left out: {0}").format(comments))
    else:
        told.append(translate("files", "Positions and remarks: {0}").format(comments))
    return told


def file_name(symbol: str, title: str, words: str, ending: str) -> str:
    """A file name that every system takes, from the symbol or else the title: "FICT-CRP.1-Rev.2 tracked changes.docx"."""
    stem = "".join(_safe(c) for c in unicodedata.normalize("NFC", symbol or shorten(title, 60)))
    stem = " ".join(stem.split()).strip(". -")[: NAME - len(words)] or "text"
    if stem.partition(".")[0].casefold() in _RESERVED:
        stem = f"_{stem}"
    tail = " ".join("".join(_safe(c) for c in words).split()).lower()
    return f"{stem} {tail}".strip(". ") + ending


def _safe(character: str) -> str:
    if character in "/\\:|":
        return "-"
    kind = unicodedata.category(character)
    return character if kind[0] in "LN" or kind in ("Mn", "Mc") or character in " -._()," else ""
