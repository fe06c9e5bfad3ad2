"""Names of WordprocessingML (ISO/IEC 29500-1), in the transitional namespaces; strict ones are turned into these."""

from __future__ import annotations

from functools import cache
from typing import Final

from lxml import etree  # type: ignore[import-untyped]

WORD: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MATH: Final = "http://schemas.openxmlformats.org/officeDocument/2006/math"
COMPATIBILITY: Final = "http://schemas.openxmlformats.org/markup-compatibility/2006"
PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
OURS: Final = "urn:valise:text:1"
_PREFIX: Final = f"{{{WORD}}}"

_STRICT: Final = {
    "http://purl.oclc.org/ooxml/wordprocessingml/main": WORD,
    "http://purl.oclc.org/ooxml/officeDocument/relationships": OFFICE,
    "http://purl.oclc.org/ooxml/officeDocument/math": MATH,
}


@cache
def w(name: str) -> str:
    """A name of WordprocessingML as lxml writes it."""
    return f"{{{WORD}}}{name}"


VAL: Final = w("val")
AUTHOR: Final = w("author")
ID: Final = w("id")
NAME: Final = w("name")


def local(element: etree._Element) -> str:
    """The name without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def word(element: etree._Element) -> str:
    """The name of an element of WordprocessingML, "" for one of any other namespace."""
    tag = element.tag
    return tag[len(_PREFIX) :] if isinstance(tag, str) and tag.startswith(_PREFIX) else ""


def transitional(root: etree._Element) -> etree._Element:
    """The same tree with the strict namespaces replaced (ISO/IEC 29500-4 differs from part 1 in little we read)."""
    for strict, usual in _STRICT.items():
        if not any(strict in spaces.values() for spaces in (root.nsmap,)):
            continue
        prefix = f"{{{strict}}}"
        for element in root.iter(etree.Element):
            if element.tag.startswith(prefix):
                element.tag = f"{{{usual}}}{element.tag[len(prefix) :]}"
            for name, value in list(element.attrib.items()):
                if name.startswith(prefix):
                    del element.attrib[name]
                    element.set(f"{{{usual}}}{name[len(prefix) :]}", value)
    return root


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The first descendant along these names of WordprocessingML."""
    for name in path:
        if element is None:
            return None
        element = element.find(w(name))
    return element


def value(element: etree._Element | None, *path: str) -> str:
    """w:val of that descendant, "" if there is none."""
    found = child(element, *path)
    return found.get(VAL, "") if found is not None else ""


def flag(element: etree._Element | None) -> bool | None:
    """A property that is on or off (17.17.4); None where it is not said."""
    if element is None:
        return None
    return element.get(VAL, "true").lower() not in ("0", "false", "off", "none")


def author(element: etree._Element) -> str:
    """Who made a tracked change or a comment, as written in the file: one line, not longer than a name is, and no
    character that would make it read otherwise."""
    said = " ".join(element.get(AUTHOR, "").split())
    return "".join(char for char in said if char.isprintable())[:MAX_AUTHOR]


MAX_AUTHOR: Final = 120
