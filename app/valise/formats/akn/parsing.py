"""From bytes to a tree of elements, for files nobody vouches for: no document type, no entities, no network, bounds."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from valise.formats.abc import refused
from valise.formats.akn.names import AKN, local
from valise.formats.characters import decode

MAX_DEPTH = 100  # of elements; the deepest file of the General Assembly has 13 levels
MAX_ELEMENTS = 300_000  # the largest has some 10,000
_ENCODING = re.compile(r"<\?xml\s[^>]{0,100}?\bencoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_OURS = frozenset(["utf-8", "utf8", "us-ascii", "ascii", "utf-16", "utf-16le", "utf-16be"])
_SPACE = re.compile(r"[ \t\r\n]*+")


def tree(data: bytes) -> Any:
    """The root element. Refused("format.xml" | "format.xml_dtd" | "format.xml_deep" | "format.xml_big" |
    "format.akn_root" | "format.akn_namespace"), or what `decode` refuses.

    Characters are decoded here, so that what is looked at before parsing is what will be parsed.
    """
    text, _ = decode(data)
    if not text.strip():
        raise refused("format.empty")
    _prolog(text)
    try:
        raw = text.encode("utf-8")
    except UnicodeEncodeError:
        raise refused("format.encoding") from None
    root = _bounded(raw)
    if root.getroottree().docinfo.internalDTD is not None:
        raise refused("format.xml_dtd")
    if local(root) != "akomaNtoso":
        raise refused("format.akn_root")
    namespace = etree.QName(root).namespace or ""
    # Drafts of the standard had the same namespace with a suffix (".../akn/3.0/CSD13") and the same elements.
    if namespace != AKN and not namespace.startswith(AKN + "/"):
        raise refused("format.akn_namespace")
    return root


def _bounded(raw: bytes) -> Any:
    """Parse while counting; a declaration of another encoding is overruled, `_prolog` has looked at it."""
    events = etree.iterparse(
        BytesIO(raw), events=("start", "end"), encoding="utf-8", load_dtd=False, dtd_validation=False,
        attribute_defaults=False, resolve_entities=False, no_network=True, huge_tree=False, recover=False,
        remove_comments=True, remove_pis=True, collect_ids=False,
    )  # fmt: skip
    depth = seen = 0
    try:
        for event, _ in events:
            if event == "end":
                depth -= 1
                continue
            depth += 1
            seen += 1
            if depth > MAX_DEPTH:
                raise refused("format.xml_deep")
            if seen > MAX_ELEMENTS:
                raise refused("format.xml_big")
    except etree.XMLSyntaxError:
        raise refused("format.xml") from None
    return events.root


def _prolog(text: str) -> None:
    """What stands before the root element: comments and instructions may, a document type may not."""
    declared = _ENCODING.match(text)
    if declared and declared[1].lower() not in _OURS and not text.isascii():
        raise refused("format.encoding")
    at = 0
    while True:
        space = _SPACE.match(text, at)
        at = space.end() if space else at
        if text.startswith("<!DOCTYPE", at):
            raise refused("format.xml_dtd")
        if text.startswith("<?", at):
            end = text.find("?>", at + 2)
        elif text.startswith("<!--", at):
            end = text.find("-->", at + 4)
        else:
            return
        if end < 0:
            raise refused("format.xml")
        at = end + 2
        if text.startswith(">", at):
            at += 1


def looks_like(data: bytes) -> bool:
    """Whether the beginning of a file is that of ours, or of some XML that is not a web page. Never raises."""
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    head = data[:16_384].decode("utf-16" if wide else "utf-8", "ignore").lstrip("\ufeff \t\r\n")
    if re.search(r"<(?:[\w.-]{1,40}:)?akomaNtoso[\s>/]", head):
        return head.startswith("<")
    return head.startswith("<?xml") and not re.search(r"<html\b", head, re.IGNORECASE)
