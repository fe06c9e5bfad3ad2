"""Word files made by hand for the other tests, and that they are what they seem."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO

from valise.formats.docx.names import OFFICE, PACKAGE, TYPES, WORD

BY = 'w:author="{}" w:date="2026-01-01T00:00:00Z"'
NUMBERING = f"""<w:numbering xmlns:w="{WORD}"><w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="(%2)"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerRoman"/><w:lvlText w:val="(%3)"/></w:lvl>
</w:abstractNum><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="\uf0b7"/>
<w:rPr><w:rFonts w:ascii="Symbol"/></w:rPr></w:lvl></w:abstractNum><w:abstractNum w:abstractNumId="2">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="Part %1"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num><w:num w:numId="4"><w:abstractNumId w:val="0"/>
<w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride></w:num></w:numbering>"""


def t(text: str, properties: str = "", name: str = "t") -> str:
    """A run."""
    inner = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{inner}<w:{name} xml:space="preserve">{text}</w:{name}></w:r>'


def p(*inner: str, style: str = "", mark: str = "", number: tuple[int, int] | None = None, more: str = "") -> str:
    """A paragraph; `mark` is what stands in the run properties of its end."""
    listed = f'<w:numPr><w:ilvl w:val="{number[1]}"/><w:numId w:val="{number[0]}"/></w:numPr>' if number else ""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    end = f"<w:rPr>{mark}</w:rPr>" if mark else ""
    body = "".join(one if one.startswith("<") else t(one) for one in inner)
    return f"<w:p><w:pPr>{named}{listed}{more}{end}</w:pPr>{body}</w:p>"


def ins(author: str, *inner: str) -> str:
    body = "".join(one if one.startswith("<") else t(one) for one in inner)
    return f'<w:ins w:id="1" {BY.format(author)}>{body}</w:ins>'


def gone(author: str, *inner: str) -> str:
    body = "".join(one if one.startswith("<") else t(one, name="delText") for one in inner)
    return f'<w:del w:id="1" {BY.format(author)}>{body}</w:del>'


def mark(kind: str, author: str) -> str:
    return f'<w:{kind} w:id="1" {BY.format(author)}/>'


def package(parts: Mapping[str, bytes | str], compress: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", compress) as made:
        for name, data in parts.items():
            made.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, compress)
    return stream.getvalue()


def parts(*body: str, links: str = "", **more: str) -> dict[str, bytes | str]:
    """The parts of a file; `more` are further parts of word/ by name, `links` further relationships."""
    rows = "".join(
        f'<Relationship Id="r{name}" Type="{OFFICE}/{name}" Target="{name}.xml"/>'
        for name in more
        if name != "document"
    )
    spaces = f'xmlns:w="{WORD}" xmlns:r="{OFFICE}" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    spaces += ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    spaces += ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    return {
        "[Content_Types].xml": f'<Types xmlns="{TYPES}"><Default Extension="rels" ContentType="application/vnd.'
        'openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="a" Type="{OFFICE}/officeDocument" '
        'Target="word/document.xml"/></Relationships>',
        "word/document.xml": f"<w:document {spaces}><w:body>{''.join(body)}</w:body></w:document>",
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{PACKAGE}">{rows}{links}</Relationships>',
        **{f"word/{name}.xml": text for name, text in more.items()},
    }


def word(*body: str, links: str = "", **more: str) -> bytes:
    """A file with this body."""
    return package(parts(*body, links=links, **more))


def comments(*rows: tuple[str, str, str]) -> str:
    """comments.xml of (id, author, words)."""
    made = "".join(f'<w:comment w:id="{key}" {BY.format(author)}>{p(words)}</w:comment>' for key, author, words in rows)
    return f'<w:comments xmlns:w="{WORD}">{made}</w:comments>'


def part_of(data: bytes, name: str) -> str:
    with zipfile.ZipFile(BytesIO(data)) as found:
        return found.read(name).decode()


def repacked(data: bytes) -> bytes:
    """The same parts in another archive, as if another program had saved them."""
    with zipfile.ZipFile(BytesIO(data)) as found:
        return package({one: found.read(one) for one in found.namelist()}, zipfile.ZIP_STORED)


def changed(data: bytes, name: str, old: str, new: str) -> bytes:
    """The file with `old` replaced in one of its parts (it must be there)."""
    with zipfile.ZipFile(BytesIO(data)) as found:
        held = {one: found.read(one) for one in found.namelist()}
    assert old.encode() in held[name], old
    held[name] = held[name].replace(old.encode(), new.encode())
    return package(held)


def test_they_are_archives() -> None:
    assert "hello" in part_of(word(p("hello")), "word/document.xml")
    assert "hallo" in part_of(changed(word(p("hello")), "word/document.xml", "hello", "hallo"), "word/document.xml")
