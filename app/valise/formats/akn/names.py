"""Names of Akoma Ntoso 1.0 (OASIS, namespace akn/3.0) and of what we add to it."""

from __future__ import annotations

from typing import Any, Final

AKN: Final = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
AKN4UN: Final = "http://un.org/akn4un"
OURS: Final = "urn:valise:text:1"  # in a file we wrote; the schema admits attributes of any other namespace
FORM: Final = "1"  # of such a file: all white space inside its lines counts
XML: Final = "http://www.w3.org/XML/1998/namespace"

# fmt: off
DOCUMENTS: Final = frozenset(
    [
        "act", "amendment", "amendmentList", "bill", "debate", "debateReport", "doc", "documentCollection", "judgment",
        "officialGazette", "portion", "statement",
    ]
)
INLINE: Final = frozenset(
    [
        "a", "abbr", "affectedDocument", "argument", "authorialNote", "b", "br", "change", "concept", "courtType", "date",
        "decoration", "def", "del", "docAuthority", "docCommittee", "docDate", "docIntroducer", "docJurisdiction",
        "docNumber", "docProponent", "docPurpose", "docStage", "docStatus", "docTitle", "docType", "docketNumber",
        "embeddedStructure", "embeddedText", "entity", "eol", "eop", "event", "fillIn", "i", "img", "inline", "ins",
        "judge", "lawyer", "legislature", "location", "marker", "mmod", "mod", "mref", "neutralCitation", "noteRef",
        "object", "omissis", "opinion", "organization", "outcome", "party", "person", "placeholder", "process", "quantity",
        "quotedText", "recordedTime", "ref", "relatedDocument", "remark", "rmod", "role", "rref", "session", "shortTitle",
        "signature", "span", "sub", "subFlow", "sup", "term", "time", "u", "vote",
    ]
)
STRUCTURE: Final = frozenset(
    [
        "address", "adjournment", "administrationOfOath", "akomaNtoso", "alinea", "amendmentBody", "amendmentContent",
        "amendmentHeading", "amendmentJustification", "amendmentReference", "answer", "arguments", "article", "attachment",
        "attachments", "background", "block", "blockContainer", "blockList", "body", "book", "caption", "chapter",
        "citation", "citations", "clause", "collectionBody", "communication", "component", "componentData", "componentRef",
        "components", "conclusions", "container", "content", "coverPage", "crossHeading", "debateBody", "debateSection",
        "decision", "declarationOfVote", "div", "division", "documentRef", "foreign", "formula", "from", "hcontainer",
        "heading", "indent", "interstitial", "intro", "introduction", "item", "judgmentBody", "level", "li", "list",
        "listIntroduction", "listWrapUp", "longTitle", "mainBody", "meta", "ministerialStatements", "motivation",
        "narrative", "nationalInterest", "noticesOfMotion", "num", "ol", "oralStatements", "other", "p", "papers",
        "paragraph", "part", "personalStatements", "petitions", "point", "pointOfOrder", "portionBody", "prayers",
        "preamble", "preface", "proceduralMotions", "proviso", "publication", "question", "questions", "quotedStructure",
        "recital", "recitals", "remedies", "resolutions", "rollCall", "rule", "scene", "section", "speech", "speechGroup",
        "subchapter", "subclause", "subdivision", "subheading", "sublist", "subparagraph", "subpart", "subrule",
        "subsection", "subtitle", "summary", "table", "tblock", "td", "th", "title", "toc", "tocItem", "tome", "tr",
        "transitional", "ul", "wrapUp", "writtenStatements",
    ]
)
# fmt: on
KNOWN: Final = DOCUMENTS | INLINE | STRUCTURE
EMPHASIS: Final = frozenset(["i", "b", "italic", "bold"])  # elements, and classes of a span


def akn(name: str) -> str:
    """The qualified name of an element of Akoma Ntoso."""
    return f"{{{AKN}}}{name}"


def ours(name: str) -> str:
    """The qualified name of an attribute of ours."""
    return f"{{{OURS}}}{name}"


def local(element: Any) -> str:
    """The name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def reference(href: str | None) -> str:
    """The identifier an "#identifier" points to, "" for anything else."""
    return href[1:] if href and href[0] == "#" else ""


def references(hrefs: str | None) -> tuple[str, ...]:
    """The identifiers of a list such as "#XA #XB"."""
    return tuple(found for href in (hrefs or "").split() if (found := reference(href)))
