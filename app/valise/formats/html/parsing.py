"""From the bytes of a web page to a tree, for pages nobody vouches for: characters first, then tags, with bounds.

Nothing is fetched and nothing runs: the tree is all that is made, and its addresses are never looked at.
"""

from __future__ import annotations

import re
from typing import Any, Final

from lxml import etree, html  # type: ignore[import-untyped]

from valise.formats.abc import MAX_BYTES, refused

MAX_ELEMENTS: Final = 300_000
MAX_DEPTH: Final = 250  # libxml2 itself stops nesting near this
_BOM = b"\xef\xbb\xbf"
_CHARSET = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_DECLARED = re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})")
# Single-byte and East Asian encodings pages were written in; all of the standard library, none that runs anything.
# Latin-1 means Windows-1252 on the web (WHATWG Encoding, 4.2).
_KNOWN: Final = {
    "utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "ascii", "ascii": "ascii", "iso-8859-1": "cp1252", "latin1": "cp1252",
    "windows-1252": "cp1252", "cp1252": "cp1252", "iso-8859-15": "iso8859-15", "windows-1251": "cp1251",
    "koi8-r": "koi8-r", "iso-8859-5": "iso8859-5", "windows-1256": "cp1256", "iso-8859-6": "iso8859-6",
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5",
}  # fmt: skip
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_TAG = re.compile(r"<(?:!doctype\s+html|html|head|body|p|div|h[1-6]|table|ul|ol|span|title|meta)\b", re.IGNORECASE)
_COMMENT = re.compile(r"\s*(?:<!--.*?-->|<\?xml[^>]*\?>)", re.DOTALL)
_OPENING = re.compile(r"<[A-Za-z]")


def prepare() -> None:
    """Load the encodings: each is a file of the interpreter's."""
    for name in {*_KNOWN.values(), "utf-16"}:
        b"a".decode(name, "replace")


def looks_like(data: bytes) -> bool:
    """Whether a file begins as a web page does. Never raises."""
    if len(data) > MAX_BYTES:
        return False
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    head = data[:16_384].decode("utf-16" if wide else "utf-8", "ignore").lstrip("\ufeff \t\r\n")
    while found := _COMMENT.match(head):
        head = head[found.end() :].lstrip()
    return _TAG.match(head) is not None


def decoded(data: bytes) -> str:
    """The characters, by mark, by what the page declares, else UTF-8. Refused("format.too_big" | "format.encoding" |
    "format.control"). No encoding is guessed."""
    if len(data) > MAX_BYTES:
        raise refused("format.too_big")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        name = "utf-16"
    elif data.startswith(_BOM):
        data, name = data[3:], "utf-8"
    else:
        found = _CHARSET.search(data[:4096]) or _DECLARED.match(data)
        name = _KNOWN.get(found[1].decode("ascii").lower(), "") if found else "utf-8"
    if not name:
        raise refused("format.encoding")
    try:
        text = data.decode(name)
    except (UnicodeDecodeError, ValueError):
        raise refused("format.encoding") from None
    if _CONTROL.search(text):
        raise refused("format.control")
    return text


def tree(text: str) -> Any:
    """The root element. Refused("format.html" | "format.html_big" | "format.html_deep" | "format.empty")."""
    if not text.strip():
        raise refused("format.empty")
    if not looks_like(text[:16_384].encode("utf-8", "replace")):
        raise refused("format.html")
    if sum(1 for _ in _OPENING.finditer(text)) > MAX_ELEMENTS:
        raise refused("format.html_big")
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False,
                             recover=True, collect_ids=False)  # fmt: skip
    try:
        root = html.document_fromstring(text.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, UnicodeEncodeError):
        raise refused("format.html") from None
    if any("depth" in one.message for one in parser.error_log):
        raise refused("format.html_deep")  # the parser gave up: what follows would be missing
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise refused("format.html_deep")
    return root
