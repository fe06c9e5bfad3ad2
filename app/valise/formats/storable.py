"""A document as a text of the vault can hold it: for opening a text from a file."""

from __future__ import annotations

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
        if not barred(words):
            return words
        kept = "".join(" " if char.isspace() else "" if barred(char) else char for char in words)
        removed += sum(barred(char) and not char.isspace() for char in words)
        return kept

    formula = (Para("other", "", document.formula),) if document.formula else ()
    paragraphs = tuple(
        replace(para, words=clean(para.words), shape=None, wraps=()) for para in (*formula, *document.paragraphs)
    )
    title = clean(document.title)
    notes = document.notes
    if removed:
        notes = (*notes, Note("text.barred_characters", count=removed, lossy=True))
    return replace(document, title=title, paragraphs=paragraphs, formula="", notes=notes, frame=())
