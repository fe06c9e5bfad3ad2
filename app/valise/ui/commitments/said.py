"""How the text of a norm or a measure may be shown: as a quotation only where it was compared with the document."""

from __future__ import annotations

from dataclasses import dataclass

from valise.domain.register.definition import Item
from valise.ui.language import translate
from valise.ui.text_safe import clean, isolate

QUOTED = ("verbatim", "verified")  # what may stand as the words of the document


@dataclass(frozen=True, slots=True)
class Official:
    """A heading, the words, and what they are. `quoted`: they are the document's own."""

    head: str
    text: str
    note: str
    quoted: bool


def official(item: Item) -> Official:
    """What can be shown of the document's text."""
    source = isolate(item.symbol) if item.symbol else translate("commitments", "the document")
    if not item.text:
        note = translate("commitments", "The official text is not on this laptop. Import {0} into the library to read it.").format(source)
        return Official(translate("commitments", "Official text"), "", note, False)
    words = clean(item.text)
    if item.text_status in QUOTED:
        return Official(translate("commitments", "Official text"), f"“{words}”", translate("commitments", "From {0}.").format(source), True)
    return Official(
        translate("commitments", "Summary of the text"), words,
        translate("commitments", "From memory, not compared with {0}: not the official wording, and not to be quoted.").format(source), False,
    )  # fmt: skip
