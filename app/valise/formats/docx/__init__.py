"""Word documents (.docx, WordprocessingML, ISO/IEC 29500): tracked changes in, four kinds of text out."""

from __future__ import annotations

from valise.formats.abc import MAX_BYTES, Document, Format, check, refused, register
from valise.formats.docx.package import Package, sniff
from valise.formats.docx.parts import archive
from valise.formats.docx.reading import see
from valise.formats.docx.structure import reconciled, structure_of, structure_xml
from valise.formats.docx.writing import Body, nameless


@register
class Docx(Format):
    """`write` gives every document as it is; the kind of text is chosen in formats/kinds."""

    name = "docx"
    marks = True
    extensions = (".docx",)
    media_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

    def sniff(self, data: bytes) -> bool:
        return sniff(data)

    def read(self, data: bytes) -> Document:
        if len(data) > MAX_BYTES:
            raise refused("format.too_big")
        package = Package(data)
        known = structure_of(package)
        if known is None:
            return check(see(package).document)
        known = nameless(known)  # we never wrote other authors
        again = printed(known)
        if again == data:  # untouched: nothing can be seen in it that is not known
            return check(known)
        return check(reconciled(see(package), known, see(Package(again))))

    def write(self, document: Document) -> bytes:
        """Refused("format.encoding" | "format.control") for what no XML can hold. Same document, same bytes."""
        return printed(nameless(document))


def printed(document: Document) -> bytes:
    """The file of a document whose authors are delegations."""
    body = Body(document)
    text = body.document_xml()
    comments = body.comments_xml() if body.plans.comments else ""
    return archive(document, text, comments, structure_xml(document))
