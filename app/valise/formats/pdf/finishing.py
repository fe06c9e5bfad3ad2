"""What Qt writes, made fit to hand over: no times, no random numbers, our metadata, and words that can be found again.

Qt names the lowest character a glyph has (a tab for every space, U+2F64 for U+7528, presentation forms in Arabic); readers
that search or copy would get those. The tables that say so (ToUnicode, ISO 32000-1 9.10.3) are mended, the pages not.
The file stays what it is: PDF/A-1b (ISO 19005-1), one table of references, no object streams.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from html import escape
from typing import Final

from valise.formats.abc import refused

PRODUCER: Final = "Valise"
_ENTRY = re.compile(rb"([0-9]{10}) ([0-9]{5}) ([nf]) ?\r?\n?")
_OBJECT = re.compile(rb"\s*([0-9]+) 0 obj\b")
_TARGET = re.compile(rb"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]{4,})>(?! <)")
_RANGE = re.compile(rb"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]{4})> (<[0-9A-Fa-f]{4,}>|\[[^\]]*\])")
_JOINER: Final = "\u200d"


def finished(raw: bytes, title: str, language: str, rtl: bool, aliases: Mapping[str, str]) -> bytes:
    """The file. Refused("format.paper") if it is not built as Qt builds one."""
    objects, root, info = _objects(raw)
    arabic = _arabic(objects)
    metadata = _metadata(title, language)
    for number, body in objects.items():
        if number == root:
            objects[number] = _catalog(body, language, rtl)
        elif number == info:
            objects[number] = b"<<\n/Title %s\n/Creator (%s)\n/Producer (%s)\n/Trapped /False\n>>" % (
                _text(title), PRODUCER.encode(), PRODUCER.encode())  # fmt: skip
        elif b"/Type /Metadata" in body[:200]:
            objects[number] = b"<< /Type /Metadata /Subtype /XML /Length %d >>\nstream\n%s\nendstream" % (
                len(metadata), metadata)  # fmt: skip
        elif b"beginbfchar" in body or b"beginbfrange" in body:
            objects[number] = _named(body, aliases, number in arabic)
    return _written(objects, root, info)


def _objects(raw: bytes) -> tuple[dict[int, bytes], int, int]:
    """({number: body}, the root, the information)."""
    try:
        start = int(raw[raw.rindex(b"startxref") + 9 :].split()[0])
        table, _, trailer = raw[start:].partition(b"trailer")
        root, info = (int(_found(rb"/%s ([0-9]+) 0 R" % name, trailer)[1]) for name in (b"Root", b"Info"))
        places = sorted(int(one[1]) for one in _ENTRY.finditer(table) if one[3] == b"n")
        made: dict[int, bytes] = {}
        for at, until in zip(places, [*places[1:], start], strict=True):
            head = _OBJECT.match(raw, at)
            assert head
            made[int(head[1])] = raw[head.end() : raw.rindex(b"endobj", at, until)].strip(b"\r\n ")
    except (ValueError, IndexError, TypeError, AssertionError):
        raise refused("format.paper") from None
    return made, root, info


def _found(pattern: bytes, text: bytes) -> re.Match[bytes]:
    found = re.search(pattern, text)
    if found is None:
        raise ValueError
    return found


def _arabic(objects: Mapping[int, bytes]) -> set[int]:
    """The tables of Arabic faces: spaces stand in another one, so what is a space there is a joiner or a direction mark."""
    made = set()
    for body in objects.values():
        if b"/Subtype /Type0" in body and b"Arabic" in body and (found := re.search(rb"/ToUnicode ([0-9]+) 0 R", body)):
            made.add(int(found[1]))
    return made


def _named(body: bytes, aliases: Mapping[str, str], arabic: bool) -> bytes:
    """A table with the characters that are meant."""
    _, opened, rest = body.partition(b"stream\n")
    if not opened:
        raise refused("format.paper")
    data = rest[: rest.rindex(b"\nendstream")]

    def target(code: bytes) -> bytes:
        said = bytes.fromhex(code.decode("ascii")).decode("utf-16-be", "replace")
        if arabic and said in ("\t", " ", "\u00a0"):
            meant = _JOINER
        elif said == "\t":
            meant = " "
        else:
            meant = aliases.get(said, said)
            if meant == said and any("\ufb00" <= char <= "\ufefc" or "\u2f00" <= char <= "\u2fd5" for char in said):
                plain = unicodedata.normalize("NFKC", said)
                # Two letters for one glyph are turned round by readers that put right-to-left glyphs in order; the one
                # character Unicode has for lam and alef is not, and searching takes it for the two.
                meant = plain if len(plain) == 1 or said < "\ufb50" else said
        return meant.encode("utf-16-be").hex().upper().encode("ascii")

    def one(found: re.Match[bytes]) -> bytes:
        return b"<%s> <%s>" % (found[1], target(found[2]))

    def several(found: re.Match[bytes]) -> bytes:
        """A range is written out: what follows each other in Qt's names need not in ours."""
        first, last = int(found[1], 16), int(found[2], 16)
        if found[3].startswith(b"["):
            named = re.findall(rb"<([0-9A-Fa-f]+)>", found[3])
        else:
            begin = int(found[3][1:-1], 16)
            named = [b"%04X" % (begin + step) for step in range(last - first + 1)]
        return b"<%s> <%s> [%s]" % (found[1], found[2], b" ".join(b"<%s>" % target(name) for name in named))

    parts = re.split(rb"(begin(?:bfchar|bfrange).*?end(?:bfchar|bfrange))", data, flags=re.DOTALL)
    for at, part in enumerate(parts):
        if part.startswith(b"beginbfchar"):
            parts[at] = _TARGET.sub(one, part)
        elif part.startswith(b"beginbfrange"):
            parts[at] = _RANGE.sub(several, part)
    data = b"".join(parts)
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(data), data)


def _text(words: str) -> bytes:
    """A text string (7.9.2.2)."""
    return b"<FEFF%s>" % words.encode("utf-16-be").hex().upper().encode("ascii")


def _catalog(body: bytes, language: str, rtl: bool) -> bytes:
    end = body.rindex(b">>")
    said = b"/Lang (%s)\n" % language.encode("ascii", "ignore") if re.fullmatch(r"[A-Za-z-]{2,20}", language) and (
        language != "und") else b""  # fmt: skip
    side = b"/Direction /R2L " if rtl else b""
    return b"%s\n%s/ViewerPreferences << %s/DisplayDocTitle true >>\n>>" % (body[:end].rstrip(), said, side)


def _metadata(title: str, language: str) -> bytes:
    """XMP: title, language and what PDF/A asks for; no person, no machine, no time."""
    spoken = f"<dc:language><rdf:Bag><rdf:li>{escape(language)}</rdf:li></rdf:Bag></dc:language>" if language != "und" else ""
    return (
        "<?xpacket begin='\ufeff' id='W5M0MpCehiHzreSzNTczkc9d'?>\n"
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" '
        'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">'
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(title)}</rdf:li></rdf:Alt></dc:title>{spoken}'
        f"<pdf:Producer>{PRODUCER}</pdf:Producer><pdf:Trapped>False</pdf:Trapped><xmp:CreatorTool>{PRODUCER}</xmp:CreatorTool>"
        "<pdfaid:part>1</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>"
        "</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end='w'?>"
    ).encode()


def _written(objects: Mapping[int, bytes], root: int, info: int) -> bytes:
    made = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places: dict[int, int] = {}
    for number in sorted(objects):
        places[number] = len(made)
        made += b"%d 0 obj\n%s\nendobj\n" % (number, objects[number])
    size = max(places) + 1
    key = hashlib.sha256(made).hexdigest()[:32].upper().encode("ascii")  # says nothing but that files differ
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        at = places.get(number)
        made += b"0000000000 00000 f \n" if at is None else b"%010d 00000 n \n" % at
    made += b"trailer\n<<\n/Size %d\n/Root %d 0 R\n/Info %d 0 R\n/ID [<%s> <%s>]\n>>\nstartxref\n%d\n%%%%EOF\n" % (
        size, root, info, key, key, start)  # fmt: skip
    return bytes(made)
