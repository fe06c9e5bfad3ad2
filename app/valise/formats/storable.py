"""A document as a text of the vault can hold it: for opening a text from a file."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from valise.domain.text.kinds import barred
from valise.formats.abc import Document, Note, Para


def storable(document: Document) -> Document:
    """The document without the characters a paragraph may not hold (`domain.text.kinds.barred`: controls, direction
    overrides), with a lossy note where any were left out, and with the enacting formula as a paragraph of its own.

    Such a document is not for writing back: it keeps no frame.
    """
    removed = 0

    def clean(words: str) -> str:
        nonlocal removed
        removed += sum(barred(char) and not char.isspace() for char in words) if barred(words) else 0
        return _kept(words)

    def span(paragraph: int, found: tuple[int, int]) -> tuple[int, int]:
        words = document.title if paragraph < 0 else document.paragraphs[paragraph].words
        return len(_kept(words[: found[0]])), len(_kept(words[: found[1]]))

    formula = (Para("other", "", document.formula),) if document.formula else ()
    ahead = len(formula)  # places move on where the formula becomes a paragraph

    def place(at: int) -> int:
        return at + ahead if at >= 0 else at

    def follows(at: int) -> int:
        return place(at) if at >= 0 or not ahead else 0  # at the start is after the formula

    return replace(
        document,
        title=clean(document.title),
        paragraphs=tuple(
            replace(para, words=clean(para.words), shape=None, wraps=()) for para in (*formula, *document.paragraphs)
        ),
        changes=tuple(
            replace(
                one, paragraph=place(one.paragraph), after=follows(one.after), span=span(one.paragraph, one.span),
                words=clean(one.words),
            )
            for one in document.changes
        ),
        comments=tuple(
            replace(one, paragraph=place(one.paragraph), span=span(one.paragraph, one.span), words=clean(one.words))
            for one in document.comments
        ),
        formula="",
        frame=(),
        notes=(*document.notes, *((Note("text.barred_characters", count=removed, lossy=True),) if removed else ())),
    )


def _kept(words: str) -> str:
    """As a paragraph holds it: in NFC, so that places counted in it stay right; any white space barred there a space."""
    if barred(words):
        words = "".join(" " if barred(char) and char.isspace() else "" if barred(char) else char for char in words)
    return unicodedata.normalize("NFC", words)
