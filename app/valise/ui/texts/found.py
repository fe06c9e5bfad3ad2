"""What an importer noticed in a document, as sentences: one for each of its codes."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

_NOTES: dict[str, str] = {
    "notation.unlabelled": QT_TRANSLATE_NOOP("texts", "Some paragraphs carry no number."),
    "plain.no_structure": QT_TRANSLATE_NOOP("texts", "No numbered paragraphs were recognised."),
    "plain.labels_made": QT_TRANSLATE_NOOP("texts", "Numbers were given to paragraphs that had none."),
    "plain.page_breaks": QT_TRANSLATE_NOOP("texts", "Page breaks were left out."),
    "plain.lines_joined": QT_TRANSLATE_NOOP("texts", "Broken lines were joined into paragraphs."),
    "text.no_title": QT_TRANSLATE_NOOP("texts", "No title was found: give one."),
    "text.language_unknown": QT_TRANSLATE_NOOP("texts", "The language was not recognised: choose it."),
    "text.duplicate_label": QT_TRANSLATE_NOOP("texts", "A number stands at two paragraphs."),
    "text.unbalanced_brackets": QT_TRANSLATE_NOOP("texts", "A bracket is opened or closed without its partner."),
    "text.barred_characters": QT_TRANSLATE_NOOP("texts", "Hidden control characters were taken out."),
    "text.bidi_override": QT_TRANSLATE_NOOP(
        "texts", "Characters that reverse the order of reading were found: read closely."
    ),
    "text.bidi_isolate": QT_TRANSLATE_NOOP("texts", "Marks for right-to-left words were kept."),
}
_OTHER: str = QT_TRANSLATE_NOOP(
    "texts", "Something in the document was read differently than it was written: read closely."
)


def found_notes(codes: Iterable[str]) -> list[str]:
    """One sentence for each kind of note, in the order they came."""
    said = [QCoreApplication.translate("texts", _NOTES.get(code, _OTHER)) for code in codes]
    return list(dict.fromkeys(said))


def known(code: str) -> bool:
    """Whether this code has a sentence of its own (tests hold every importer to it)."""
    return code in _NOTES
