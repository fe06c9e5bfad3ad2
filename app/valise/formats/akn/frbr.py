"""Who and what a statement is: its identification (FRBR, Akoma Ntoso 1.0 part 1) and the list of those it names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from valise.formats.abc import Document
from valise.formats.akn.amending import codes
from valise.formats.akn.names import akn
from valise.formats.languages import languages

SOURCE = "delegations"  # who stands behind the identification: those who negotiate, no person
UNDATED = "0001-01-01"  # as the United Nations' own files say it; a rolling text has no date of its own
_SLUG = re.compile(r"[^A-Za-z0-9._]+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3}")


@dataclass(frozen=True, slots=True)
class Identity:
    """The symbol as written, the name of the work made of it, the language as ISO 639-2 has it."""

    symbol: str
    work: str
    language: str


def identity(document: Document) -> Identity:
    """From the header and the language of a document."""
    symbol = document.symbol
    slug = _SLUG.sub("-", symbol).strip("-").lower() or "draft"
    spoken = document.language
    if spoken in languages():
        spoken = next(name for name in languages()[spoken].names if len(name) == 3 and name.isascii())
    elif not _LANGUAGE.fullmatch(spoken):
        spoken = "und"
    return Identity(symbol, f"/akn/un/statement/deliberation/{UNDATED}/{slug}", spoken)


def identification(parent: Any, of: Identity, part: str) -> Any:
    """Add the meta element of a statement, or of its `part`."""
    meta = etree.SubElement(parent, akn("meta"))
    made = etree.SubElement(meta, akn("identification"), {"source": f"#{SOURCE}"})
    inside = f"/!{part or 'main'}"
    expression = f"{of.work}/{of.language}@"
    for name, this, uri, author in (
        ("FRBRWork", of.work + inside, of.work, "author"),
        ("FRBRExpression", expression + inside, expression, "author"),
        ("FRBRManifestation", f"{expression}{inside}.xml", f"{expression}.xml", "editor"),
    ):
        level = etree.SubElement(made, akn(name))
        etree.SubElement(level, akn("FRBRthis"), {"value": this})
        etree.SubElement(level, akn("FRBRuri"), {"value": uri})
        etree.SubElement(level, akn("FRBRdate"), {"date": UNDATED, "name": "undated"})
        etree.SubElement(level, akn("FRBRauthor"), {"href": f"#{SOURCE}", "as": f"#{author}"})
        if name == "FRBRWork":
            etree.SubElement(level, akn("FRBRcountry"), {"value": "un"})
            etree.SubElement(level, akn("FRBRsubtype"), {"value": "deliberation"})
            if of.symbol:
                etree.SubElement(level, akn("FRBRnumber"), {"value": of.symbol})
        elif name == "FRBRExpression":
            etree.SubElement(level, akn("FRBRlanguage"), {"language": of.language})
    return meta


def references(meta: Any, authors: Mapping[str, str]) -> None:
    """Add the list of those referred to: delegations and groups as organizations, others as roles."""
    made = etree.SubElement(meta, akn("references"), {"source": f"#{SOURCE}"})

    def refer(kind: str, id: str, path: str, shown: str) -> None:
        etree.SubElement(made, akn(kind), {"eId": id, "href": f"/akn/ontology/{path}", "showAs": shown})

    refer("TLCOrganization", SOURCE, f"organization/{SOURCE}", "Delegations")
    refer("TLCConcept", "symbol", "reference/un/symbol", "Symbol")
    refer("TLCRole", "author", "role/un/author", "Author")
    refer("TLCRole", "editor", "role/un/editor", "Editor")
    for id, shown in authors.items():
        if codes(shown):
            refer("TLCOrganization", id, f"organization/{id}", shown)
        else:
            refer("TLCRole", id, f"role/{id}", shown)
