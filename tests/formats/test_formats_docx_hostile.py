"""Files made to harm: a clear refusal, in bounded time and memory, also in the confined child."""

from __future__ import annotations

import os
import time
import tracemalloc
import zipfile
from dataclasses import replace
from io import BytesIO

import pytest
from test_formats_docx_build import OFFICE, PACKAGE, WORD, changed, p, package, parts, t, word

from valise.domain.errors import Refused
from valise.formats import abc, child, confined
from valise.formats.docx import Docx
from valise.formats.docx.package import MAX_PART, Package

GOOD = parts(p("Draft"), p("Noting it,"), p("1. Decides it;"))
LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(10))
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 500
SECONDS = 5.0
MEGABYTES = 200


def body(xml: str | bytes) -> bytes:
    return package(GOOD | {"word/document.xml": xml})


def named(name: str) -> bytes:
    return package(GOOD | {name: b"x"})


def twice() -> bytes:
    return package(GOOD | {"WORD/DOCUMENT.XML": b"x"})


def locked() -> bytes:
    """The flag of an encrypted member set in both its headers."""
    data = bytearray(package(GOOD, zipfile.ZIP_STORED))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    return bytes(data)


def lying() -> bytes:
    """A bomb whose directory claims that it unpacks to little."""
    data = bytearray(body(b" " * (MAX_PART + 2**20)))
    entry = data.index(b"PK\x01\x02", data.index(b"word/document.xml"))
    while data[entry + 46 : entry + 63] != b"word/document.xml":
        entry = data.index(b"PK\x01\x02", entry + 4)
    data[entry + 24 : entry + 28] = (100).to_bytes(4, "little")
    return bytes(data)


def document(inner: str) -> str:
    return f'<w:document xmlns:w="{WORD}"><w:body>{inner}</w:body></w:document>'


HOSTILE = {
    "bomb": (lambda: body(b" " * (MAX_PART + 1)), "format.unpacked"),
    "bomb with a false size": (lying, "format.zip"),
    "a part that repeats itself": (lambda: body(document(p(t("a" * 30 * 2**20)))), "format.unpacked"),
    "many elements": (lambda: body(document("<w:p/>" * 3_500_000)), "format.unpacked"),
    "billion laughs": (lambda: body(f"<!DOCTYPE w [{LAUGHS}]>" + document(p("&a9;"))), "format.xml_dtd"),
    "laughs in UTF-16": (lambda: body((f"<!DOCTYPE w [{LAUGHS}]>" + document(p("&a9;"))).encode("utf-16")), "format.xml_dtd"),
    "outer entity": (lambda: body('<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + document(p("&x;"))), "format.xml_dtd"),
    "type without entities": (lambda: body('<!DOCTYPE html>' + document(p("a"))), "format.xml_dtd"),
    "unknown entity": (lambda: body(document(p("&x;"))), "format.xml"),
    "broken": (lambda: body(document(p("a"))[:-9]), "format.xml"),
    "not XML": (lambda: body("Draft"), "format.xml"),
    "empty part": (lambda: body(""), "format.xml"),
    "deep": (lambda: body(document("<w:sdt>" * 5_000 + "</w:sdt>" * 5_000)), "format.xml"),
    "control character": (lambda: body(document(p("&#1;"))), "format.xml"),
    "Latin 1": (lambda: body(document(p("caf\xe9")).encode("latin-1")), "format.encoding"),
    "declared otherwise": (lambda: body('<?xml version="1.0" encoding="utf-7"?>' + document(p("a"))), "format.encoding"),
    "no body": (lambda: body(f'<w:document xmlns:w="{WORD}"/>'), "format.no_document"),
    "another format": (lambda: package({"mimetype": "application/vnd.oasis.opendocument.text"}), "format.no_document"),
    "no words": (lambda: word(p("")), "format.empty"),
    "climbing": (lambda: named("../../out.xml"), "format.zip"),
    "absolute": (lambda: named("/etc/x"), "format.zip"),
    "drive": (lambda: named("c:x"), "format.zip"),
    "back slashes": (lambda: named("word\\..\\..\\x"), "format.zip"),
    "one name twice": (twice, "format.zip"),
    "many members": (lambda: package(GOOD | {f"word/m{n}": "" for n in range(2_100)}), "format.unpacked"),
    "cut": (lambda: package(GOOD)[:-30], "format.zip"),
    "flipped": (lambda: bytes(byte ^ (200 < at < 400) for at, byte in enumerate(package(GOOD))), "format.zip"),
    "encrypted member": (locked, "format.encrypted"),
    "old Word": (lambda: OLE, "format.old_word"),
    "password": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "format.encrypted"),
    "500 MB": (lambda: bytes(500 * 2**20), "format.too_big"),
    "nothing": (lambda: b"", "format.empty"),
    "long paragraph": (lambda: word(p("a" * 20_001)), "format.too_long"),
    "many paragraphs": (lambda: word(p("a") * 20_002), "format.too_many"),
    "many comments": (lambda: word(p("a"), comments=f'<w:comments xmlns:w="{WORD}">' + "".join(
        f'<w:comment w:id="{n}">{p("b")}</w:comment>' for n in range(50_002)) + "</w:comments>"), "format.changes"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_refused_in_bounded_time(name: str) -> None:
    make, code = HOSTILE[name]
    data = make()
    began = time.process_time()
    with pytest.raises(Refused) as refusal:
        Docx().read(data)
    assert refusal.value.code == code
    assert refusal.value.code in abc.LINES
    assert time.process_time() - began < SECONDS
    Docx().sniff(data)


@pytest.mark.parametrize("name", ["bomb", "bomb with a false size", "billion laughs", "deep"])
def test_refused_in_bounded_memory(name: str) -> None:
    make, _ = HOSTILE[name]
    data = make()
    tracemalloc.start()
    try:
        with pytest.raises(Refused):
            Docx().read(data)
        assert tracemalloc.get_traced_memory()[1] < MEGABYTES * 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "name", ["bomb", "billion laughs", "many elements", "deep", "broken", "old Word", "password", "500 MB", "Latin 1"]
)
def test_the_child_says_the_same(name: str) -> None:
    make, code = HOSTILE[name]
    with pytest.raises(Refused) as refusal:
        confined.read("a.docx", make())
    assert refusal.value.code == code


def test_the_child_reads_a_whole_file() -> None:
    data = word(p("Draft"), p("Noting it,"), p("1. Decides it;"))
    assert confined.read("a.docx", data) == child.read("a.docx", data)
    # Member names that are not UTF-8 are decoded by a codec that could not be loaded any more in the child.
    odd = package(parts(p("1. a;"))).replace(b"[Content_Types].xml", b"[Content\xffTypes].xml")
    assert confined.read("a.docx", odd).paragraphs[0].words == "a;"


def test_many_small_tables_in_each_other() -> None:
    depth = 50
    table = "<w:tbl><w:tr><w:tc>" * depth + p("deepest") + "</w:tc></w:tr></w:tbl>" * depth
    assert Docx().read(word(table, p("1. a;"))).paragraphs[0].words == "deepest"


def test_one_paragraph_of_many_pieces() -> None:
    """Nothing is quadratic: as many tracked pieces and comments as are allowed, in one paragraph."""
    pieces = "".join(
        f'<w:commentRangeStart w:id="{n}"/><w:ins w:author="A{n}"><w:r><w:t>x</w:t></w:r></w:ins>'
        f'<w:del w:author="B"><w:r><w:delText>y</w:delText></w:r></w:del><w:r><w:t>z</w:t></w:r><w:commentRangeEnd w:id="{n}"/>'
        for n in range(8_000)
    )
    rows = "".join(f'<w:comment w:id="{n}" w:author="C">{p("b")}</w:comment>' for n in range(8_000))
    data = word(p("1. ", pieces), comments=f'<w:comments xmlns:w="{WORD}">{rows}</w:comments>')
    began = time.process_time()
    made = Docx().read(data)
    assert time.process_time() - began < 2 * SECONDS
    assert (len(made.changes), len(made.comments)) == (16_000, 8_000)


def test_nothing_outside_is_followed(tmp_path: os.PathLike[str]) -> None:
    """A member of the archive named outside of it is not looked for, nor is any address."""
    secret = os.path.join(tmp_path, "secret.xml")
    with open(secret, "w") as out:
        out.write(document(p("red line")))
    for target in (f"file://{secret}", secret, "../../../../../../../../.." + secret):
        links = f'<Relationships xmlns="{PACKAGE}"><Relationship Id="a" Type="{OFFICE}/officeDocument" Target="{target}"/></Relationships>'
        data = package(GOOD | {"_rels/.rels": links})
        assert "red line" not in str(Docx().read(data))
    include = document(f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{secret}"/>' + p("1. a;"))
    assert "red line" not in str(Docx().read(body(include)))


def test_only_what_is_needed_is_inflated() -> None:
    """A bomb in a picture costs nothing."""
    data = package(GOOD | {"word/media/image1.png": bytes(3 * MAX_PART)})
    assert Docx().read(data).paragraphs


def test_a_forged_structure_does_not_change_what_is_read() -> None:
    """The hidden part says other words, labels and statuses than are seen: what is seen wins."""
    written = Docx().write(Docx().read(package(GOOD)))
    forged = changed(written, "customXml/item1.xml", "Decides it;", "Decides nothing;")
    assert [para.words for para in Docx().read(forged).paragraphs] == ["Noting it,", "Decides it;"]
    forged = changed(
        written, "customXml/item1.xml", 'section="OP" label="OP 1"', 'section="OP" label="OP 9" status="closed"'
    )
    assert [(para.label, para.status) for para in Docx().read(forged).paragraphs][1] == ("OP 1", "")
    torn = changed(written, "customXml/item1.xml", 'number="1"', 'number="one"')
    assert [para.words for para in Docx().read(torn).paragraphs] == ["Noting it,", "Decides it;"]


def test_a_damaged_file_is_never_more_than_refused() -> None:
    """Every byte of a small file flipped, one after the other: a document or a refusal of ours."""
    data = package(GOOD)
    for at in range(0, len(data), 7):
        try:
            Docx().read(data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :])
        except Refused as refusal:
            assert refusal.code in abc.LINES


def test_sniffing_never_raises() -> None:
    for data in (b"", b"PK", b"PK\x03\x04" * 100, OLE, package(GOOD)[:200], BytesIO(package(GOOD)).getvalue()):
        assert Docx().sniff(data) is (data in (OLE, package(GOOD)))
    assert Package(package(GOOD)).main() == "word/document.xml"


def test_parts_of_other_programs_are_left_alone() -> None:
    """Broken or hostile custom parts that are not ours do not matter; one that says it is ours is then no part."""
    for foreign in (
        b"<broken",
        f"<!DOCTYPE a [{LAUGHS}]><a>&a9;</a>".encode(),
        b"<v:text xmlns:v='urn:valise:text:1'>",
    ):
        document = Docx().read(package(GOOD | {"customXml/item1.xml": foreign}))
        assert [para.words for para in document.paragraphs] == ["Noting it,", "Decides it;"]


def test_a_forged_author_is_no_name() -> None:
    change = abc.Change("delete", 0, author="XA")
    made = Docx().write(replace(Docx().read(package(GOOD)), changes=(change,)))
    forged = changed(made, "customXml/item1.xml", 'author="XA"', 'author="A\u202ePerson"')
    forged = changed(forged, "word/document.xml", 'w:author="XA"', 'w:author="Author 1"')
    assert [one.author for one in Docx().read(forged).changes] == ["Author 1"]
