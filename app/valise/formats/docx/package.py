"""The archive around a Word document, opened with care: nothing is inflated that is not asked for, nothing beyond a
limit, no document type, no entity, no address is ever followed.
"""

from __future__ import annotations

import codecs
import posixpath
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO

from lxml import etree  # type: ignore[import-untyped]

from valise.formats.abc import MAX_BYTES, refused
from valise.formats.docx.names import PACKAGE, transitional

MAX_MEMBERS = 2_000
MAX_NAME = 260
MAX_PART = 32 * 2**20  # bytes of one part, inflated
MAX_TOTAL = 64 * 2**20  # of all parts that are read
MAX_RATIO = 500  # deflate reaches 1,032 (RFC 1951); prose stays below 30
RATIO_FROM = 4 * 2**20
MAX_TAGS = 3_000_000  # "<" in one part
MAX_LINKS = 20_000

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ENTRY = b"PK\x01\x02"
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_DECLARED = re.compile(r"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_MAIN = re.compile(r"(?i)word/document[0-9]*\.xml")

codecs.lookup("cp437")  # zipfile needs it for member names, and the confined child can load nothing later


@dataclass(frozen=True, slots=True)
class Link:
    """A relationship of a part: `kind` is the end of its type ("comments"), `target` a member, or an address."""

    kind: str
    target: str
    external: bool


class Package:
    """An open archive. Refused("format.zip" | "format.too_big" | "format.encrypted" | "format.old_word")."""

    def __init__(self, data: bytes) -> None:
        if len(data) > MAX_BYTES:
            raise refused("format.too_big")
        if not data:
            raise refused("format.empty")
        if data.startswith(_OLE):
            raise refused("format.encrypted" if _ENCRYPTED in data else "format.old_word")
        if data.count(_ENTRY) > MAX_MEMBERS:
            raise refused("format.unpacked")
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
            members = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, OSError, struct.error, NotImplementedError, OverflowError):
            raise refused("format.zip") from None
        if len(members) > MAX_MEMBERS:
            raise refused("format.unpacked")
        self._members: dict[str, zipfile.ZipInfo] = {}
        for one in members:
            self._admit(one)
        self._read = 0
        self._links: dict[str, tuple[Link, ...]] = {}

    def _admit(self, one: zipfile.ZipInfo) -> None:
        """A member has a plain relative name, stands once, and claims no more than a part may hold."""
        name = one.orig_filename.replace("\\", "/")
        if one.flag_bits & 1:
            raise refused("format.encrypted")
        if (
            len(name) > MAX_NAME
            or not name
            or name.startswith("/")
            or ":" in name
            or any(ord(char) < 32 for char in name)
            or ".." in name.split("/")
            or name.lower() in self._members
        ):
            raise refused("format.zip")
        self._members[name.lower()] = one

    @property
    def names(self) -> tuple[str, ...]:
        """Lower case, as part names are compared (ISO/IEC 29500-2, 6.2.2)."""
        return tuple(self._members)

    def bytes(self, name: str) -> bytes | None:
        """A member inflated, None if there is none. Refused("format.unpacked" | "format.zip")."""
        one = self._members.get(name.lower())
        if one is None:
            return None
        most = min(MAX_PART, MAX_TOTAL - self._read)
        if one.file_size > most or one.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise refused("format.unpacked")
        try:
            with self._zip.open(one) as stream:
                data = stream.read(most + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, struct.error):
            raise refused("format.zip") from None
        self._read += len(data)
        if len(data) > most or (len(data) > RATIO_FROM and len(data) > MAX_RATIO * max(one.compress_size, 1)):
            raise refused("format.unpacked")
        return data

    def tree(self, name: str) -> etree._Element | None:
        """A part as a tree, None if there is none. Refused as `parsed`."""
        data = self.bytes(name)
        return None if data is None else parsed(data)

    def links(self, part: str = "") -> tuple[Link, ...]:
        """The relationships of a part, or of the whole package."""
        if part not in self._links:
            folder, name = posixpath.split(part)
            root = self.tree(posixpath.join(folder, "_rels", name + ".rels"))
            self._links[part] = () if root is None else tuple(_links(root, folder))
        return self._links[part]

    def linked(self, part: str, kind: str) -> tuple[str, ...]:
        """The members of this kind that a part names, in its order."""
        return tuple(
            one.target for one in self.links(part) if one.kind == kind and not one.external and one.target in self
        )

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._members

    def main(self) -> str:
        """The name of the document's own part. Refused("format.no_document")."""
        named = [*self.linked("", "officeDocument"), *(name for name in self.names if _MAIN.fullmatch(name))]
        if not named:
            raise refused("format.no_document")
        return named[0]


def sniff(data: bytes) -> bool:
    """Whether this is a Word document, or an old or an encrypted one (which reading then says). Never raises."""
    if data.startswith(_OLE):
        return True
    if not data.startswith(b"PK") or not 0 < len(data) <= MAX_BYTES or data.count(_ENTRY) > MAX_MEMBERS:
        return False
    try:
        with zipfile.ZipFile(BytesIO(data)) as found:
            return any(_MAIN.fullmatch(name) for name in found.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, struct.error, NotImplementedError, OverflowError):
        return False


def parsed(data: bytes) -> etree._Element:
    """XML of a part. Refused("format.encoding" | "format.xml_dtd" | "format.xml" | "format.unpacked")."""
    data = _utf8(data)
    if _DOCTYPE.search(data):
        raise refused("format.xml_dtd")
    if data.count(b"<") > MAX_TAGS:
        raise refused("format.unpacked")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError):
        raise refused("format.xml") from None
    if root is None or root.getroottree().docinfo.doctype:
        raise refused("format.xml_dtd" if root is not None else "format.xml")
    return transitional(root)


def _utf8(data: bytes) -> bytes:
    """The part as UTF-8: no other encoding may stand in a package but UTF-16 (ISO/IEC 29500-2, 6.2.5)."""
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        text = data.decode("utf-16" if wide else "utf-8")
    except UnicodeDecodeError:
        raise refused("format.encoding") from None
    declared = _DECLARED.match(text.lstrip("\ufeff")[:300])
    if declared and declared[1].lower() not in (("utf-16",) if wide else ("utf-8", "utf8", "us-ascii")):
        raise refused("format.encoding")
    return text.encode("utf-8") if wide else data


def _links(root: etree._Element, folder: str) -> list[Link]:
    made: list[Link] = []
    for one in root.iterchildren(f"{{{PACKAGE}}}Relationship"):
        if len(made) >= MAX_LINKS:
            raise refused("format.unpacked")
        kind = one.get("Type", "").rpartition("/")[2]
        target = one.get("Target", "")
        external = one.get("TargetMode", "") == "External"
        if not external:
            target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        made.append(Link(kind, target, external))
    return made
