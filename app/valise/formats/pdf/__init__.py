"""PDF: pages in the look of United Nations documents (PDF/A-1b); text only on the way in."""

from __future__ import annotations

from valise.formats.abc import Document, Format, register
from valise.formats.pdf.reading import looks_like, prepare, read
from valise.formats.pdf.writing import printed


@register
class Pdf(Format):
    """Changes stand in the words, in brackets with their delegations, as on paper."""

    name = "pdf"
    extensions = (".pdf",)
    media_type = "application/pdf"

    def prepare(self) -> None:
        prepare()

    def sniff(self, data: bytes) -> bool:
        return looks_like(data)

    def read(self, data: bytes) -> Document:
        """Refused("format.pdf*" | "format.too_big" | "format.empty"). For the confined child only."""
        return read(data)

    def write(self, document: Document) -> bytes:
        """Refused("format.encoding" | "format.control" | "format.fonts" | "format.paper*"),
        Unavailable("format.no_paper"). Same document, same fonts, same bytes."""
        return printed(document)
