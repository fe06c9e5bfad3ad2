"""Web pages (.html): a text to look at and to print, in the look of United Nations documents; text only on the way in."""

from __future__ import annotations

from valise.formats.abc import Document, Format, register
from valise.formats.html.parsing import decoded, looks_like, prepare, tree
from valise.formats.html.reading import read
from valise.formats.html.sheet import sheet
from valise.formats.html.writing import page


@register
class Html(Format):
    """Changes stand in the words, in brackets with their delegations: a page keeps words, not proposals."""

    name = "html"
    extensions = (".html", ".htm", ".xhtml")
    media_type = "text/html"

    def prepare(self) -> None:
        prepare()

    def sniff(self, data: bytes) -> bool:
        return looks_like(data)

    def read(self, data: bytes) -> Document:
        """Refused("format.*")."""
        return read(tree(decoded(data)))

    def write(self, document: Document) -> bytes:
        """Refused("format.encoding" | "format.control"). Same document, same bytes."""
        return page(sheet(document)).encode("utf-8")
