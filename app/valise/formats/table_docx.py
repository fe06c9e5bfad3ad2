"""A table as a Word document (WordprocessingML, ISO/IEC 29500-1): a real table whose row of headings is repeated on every
page (17.4.49), mirrored in right-to-left (17.4.1), with marking and side in header and footer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from lxml import etree  # type: ignore[import-untyped]

from valise.formats.abc import refused
from valise.formats.docx.markup import escaped
from valise.formats.docx.names import OFFICE, PACKAGE, TYPES, WORD, w
from valise.formats.docx.parts import links, zipped
from valise.formats.table import Part, Table, checked, parts, shares, upright

MAX_ROWS: Final = 20_000  # of one file; a word processor does not open more
_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_KIND: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_SPOKEN: Final = {"en": "en-GB", "fr": "fr-FR", "es": "es-ES", "ru": "ru-RU", "ar": "ar-SA", "zh": "zh-CN"}
_SHORT, _LONG, _SIDE = 11906, 16838, 850  # A4 and its margin, in twentieths of a point
_NAMES: Final = (
    f'xmlns:w="{WORD}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)


def written(table: Table) -> bytes:
    """The file. Refused("table.ragged" | "table.paper" | "format.encoding" | "format.control"). Same table, same bytes."""
    checked(table)
    if len(table.rows) > MAX_ROWS:
        raise refused("table.paper")
    body = _Body(table).xml()
    if _read(body) != _expected(table):
        raise refused("table.written")
    return _archive(table, body)


class _Body:
    def __init__(self, table: Table) -> None:
        self.table = table
        self.rtl = table.direction == "rtl"
        self.across = (_SHORT if upright(table) else _LONG) - 2 * _SIDE

    def xml(self) -> str:
        made = [f"{_XML}<w:document {_NAMES}><w:body>", self._para("Title", self.table.title)]
        made += [self._para("ValiseSmall", line) for line in self.table.lines]
        for part in parts(self.table):
            if part.heading:
                made.append(self._para("ValiseHead", part.heading))
            made.append(self._table(part))
        made.append(f"{self._para('ValiseSmall', '')}{self._section()}</w:body></w:document>")
        return "".join(made)

    def _table(self, part: Part) -> str:
        widths = [max(200, round(share * self.across)) for share in shares(part.columns)]
        mirrored = "<w:bidiVisual/>" if self.rtl else ""
        edges = "".join(
            f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="808080"/>'
            for side in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        made = [
            f'<w:tbl><w:tblPr>{mirrored}<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>{edges}</w:tblBorders>'
            '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="80" w:type="dxa"/><w:right w:w="80" w:type="dxa"/>'
            f'</w:tblCellMar></w:tblPr><w:tblGrid>{"".join(f"<w:gridCol w:w={chr(34)}{one}{chr(34)}/>" for one in widths)}'
            "</w:tblGrid>"
        ]
        if part.heads:
            made.append(f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{self._cells(part.heads, widths, True)}</w:tr>")
        form = self.table.layout == "form"
        made += [f"<w:tr>{self._cells(row, widths, False, form)}</w:tr>" for row in part.rows]
        if not part.heads and not part.rows:  # a table has a row
            made.append(f"<w:tr>{self._cells([''] * len(widths), widths, False)}</w:tr>")
        return "".join((*made, "</w:tbl>"))

    def _cells(self, cells: Sequence[str], widths: Sequence[int], head: bool, form: bool = False) -> str:
        shade = '<w:shd w:val="clear" w:color="auto" w:fill="ECECEC"/>' if head else ""
        return "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{wide}" w:type="dxa"/>{shade}</w:tcPr>'
            f'{self._para("ValiseCell", cell, head or (form and not at))}</w:tc>'
            for at, (cell, wide) in enumerate(zip(cells, widths, strict=True))
        )

    def _para(self, style: str, text: str, bold: bool = False) -> str:
        bidi = "<w:bidi/>" if self.rtl else ""
        return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{bidi}</w:pPr>{_run(text, bold, self.rtl)}</w:p>'

    def _section(self) -> str:
        wide, high = (_SHORT, _LONG) if upright(self.table) else (_LONG, _SHORT)
        turned = "" if upright(self.table) else ' w:orient="landscape"'
        bidi = "<w:bidi/>" if self.rtl else ""
        return (
            '<w:sectPr><w:headerReference w:type="default" r:id="rId10"/><w:footerReference w:type="default" r:id="rId11"/>'
            f'<w:pgSz w:w="{wide}" w:h="{high}"{turned}/><w:pgMar w:top="1134" w:right="{_SIDE}" w:bottom="1134" '
            f'w:left="{_SIDE}" w:header="567" w:footer="567" w:gutter="0"/>{bidi}</w:sectPr>'
        )


def _run(text: str, bold: bool = False, rtl: bool = False) -> str:
    if not text:
        return ""
    look = ("<w:b/><w:bCs/>" if bold else "") + ("<w:rtl/>" if rtl else "")
    made = []
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")):
        made += ["<w:br/>"] if number else []
        for place, piece in enumerate(line.split("\t")):
            made += ["<w:tab/>"] if place else []
            made += [f'<w:t xml:space="preserve">{escaped(piece)}</w:t>'] if piece else []
    return f"<w:r>{f'<w:rPr>{look}</w:rPr>' if look else ''}{''.join(made)}</w:r>"


def _read(body: str) -> list[list[str]]:
    """Title, lines, headings and rows as a reader of the file finds them."""
    made: list[list[str]] = []
    for one in etree.fromstring(body.encode("utf-8"))[0]:
        if one.tag == w("p"):
            made.append([_said(one)])
        elif one.tag == w("tbl"):
            made += [[_said(cell) for cell in row.iterchildren(w("tc"))] for row in one.iterchildren(w("tr"))]
    return made


def _said(one: etree._Element) -> str:
    signs = {w("br"): "\n", w("tab"): "\t"}
    return "".join(signs.get(part.tag, part.text or "") for part in one.iter(w("t"), w("br"), w("tab")))


def _expected(table: Table) -> list[list[str]]:
    made: list[Sequence[str]] = [[table.title], *([line] for line in table.lines)]
    for part in parts(table):
        rows = [*([part.heads] if part.heads else []), *part.rows]
        made += [*([[part.heading]] if part.heading else []), *(rows or [[""] * len(part.columns)])]
    return [[cell.replace("\r\n", "\n").replace("\r", "\n") for cell in row] for row in (*made, [""])]


def _styles(table: Table) -> str:
    spoken = _SPOKEN.get(table.language, "")
    bidi = spoken if table.direction == "rtl" else "ar-SA"
    east = spoken if table.language == "zh" else "zh-CN"
    lang = f'<w:lang w:val="{spoken}" w:eastAsia="{east}" w:bidi="{bidi}"/>' if spoken else ""
    fonts = '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="SimSun" w:cs="Traditional Arabic"/>'
    end = 9070 if upright(table) else 14000
    own = {
        "ValiseCell": ('<w:spacing w:before="20" w:after="20"/>', ""),
        "ValiseHead": ('<w:keepNext/><w:spacing w:before="240" w:after="60"/>', '<w:b/><w:bCs/><w:sz w:val="22"/>'),
        "ValiseSmall": ('<w:spacing w:after="60"/>', '<w:sz w:val="17"/><w:szCs w:val="22"/>'),
        "ValiseRunning": (f'<w:tabs><w:tab w:val="center" w:pos="{end // 2}"/></w:tabs>', '<w:b/><w:bCs/><w:sz w:val="17"/>'),
    }
    rows = "".join(
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{key}"><w:name w:val="{key}"/><w:basedOn '
        f'w:val="Normal"/><w:pPr>{block}</w:pPr>{f"<w:rPr>{run}</w:rPr>" if run else ""}</w:style>'
        for key, (block, run) in own.items()
    )
    return (
        f'{_XML}<w:styles xmlns:w="{WORD}"><w:docDefaults><w:rPrDefault><w:rPr>{fonts}<w:sz w:val="19"/><w:szCs w:val="26"/>'
        f'{lang}</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults><w:style w:type="paragraph" w:default="1" '
        'w:styleId="Normal"><w:name w:val="Normal"/></w:style><w:style w:type="paragraph" w:styleId="Title"><w:name '
        'w:val="Title"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr><w:spacing w:after="120"/></w:pPr><w:rPr><w:b/><w:bCs/>'
        f'<w:sz w:val="28"/></w:rPr></w:style>{rows}</w:styles>'
    )


def _running(table: Table, name: str) -> str:
    """The marking in the middle; below also the page and how many there are."""
    bidi = "<w:bidi/>" if table.direction == "rtl" else ""
    inner = f"<w:r><w:tab/></w:r>{_run(table.edge)}"
    if name == "ftr":
        page, pages = (f'<w:fldSimple w:instr=" {one} "><w:r><w:t>1</w:t></w:r></w:fldSimple>' for one in ("PAGE", "NUMPAGES"))
        inner += f'{_run("   ")}{page}{_run("/")}{pages}'
    return (
        f'{_XML}<w:{name} xmlns:w="{WORD}"><w:p><w:pPr><w:pStyle w:val="ValiseRunning"/>{bidi}</w:pPr>{inner}</w:p></w:{name}>'
    )


def _archive(table: Table, body: str) -> bytes:
    parted = {
        "word/document.xml": ("document.main+xml", "", body),
        "word/styles.xml": ("styles+xml", "rId1", _styles(table)),
        "word/header1.xml": ("header+xml", "rId10", _running(table, "hdr")),
        "word/footer1.xml": ("footer+xml", "rId11", _running(table, "ftr")),
    }
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{_KIND}{kind}"/>' for name, (kind, _, _) in parted.items()
    )
    core = "application/vnd.openxmlformats-package.core-properties+xml"
    return zipped(
        {
            "[Content_Types].xml": f'{_XML}<Types xmlns="{TYPES}"><Default Extension="rels" ContentType="application/vnd.'
            f'openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>{overrides}'
            f'<Override PartName="/docProps/core.xml" ContentType="{core}"/></Types>',
            "_rels/.rels": links(
                [
                    ("rId1", f"{OFFICE}/officeDocument", "word/document.xml"),
                    ("rId2", f"{PACKAGE}/metadata/core-properties", "docProps/core.xml"),
                ]
            ),
            **{name: text for name, (_, _, text) in parted.items()},
            "docProps/core.xml": f'{_XML}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
            f'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escaped(table.title)}</dc:title>'
            f"<dc:language>{escaped(table.language)}</dc:language></cp:coreProperties>",
            "word/_rels/document.xml.rels": links(
                [
                    (key, f"{OFFICE}/{kind.partition('+')[0]}", name.removeprefix("word/"))
                    for name, (kind, key, _) in parted.items()
                    if key
                ]
            ),
        }
    )
