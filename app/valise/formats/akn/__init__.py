"""Akoma Ntoso 1.0 (OASIS), as the United Nations use it (AKN4UN): resolutions in, drafts with their proposals out."""

from __future__ import annotations

from valise.formats.abc import Document, Format, register
from valise.formats.akn import parsing
from valise.formats.akn.reading import Reading
from valise.formats.akn.writing import written


@register
class AkomaNtoso(Format):
    name = "akn"
    marks = True
    extensions = (".xml", ".akn")
    media_type = "application/akn+xml"

    def sniff(self, data: bytes) -> bool:
        return parsing.looks_like(data)

    def read(self, data: bytes) -> Document:
        return Reading(parsing.tree(data)).document()

    def write(self, document: Document) -> bytes:
        """A statement that is valid against the schema. Names that are no codes of delegations are not written: who
        made such a change or comment becomes "Author 1"."""
        return written(document)
