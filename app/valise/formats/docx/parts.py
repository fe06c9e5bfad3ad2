"""The parts of a Word file around its body: styles in the look of United Nations documents, header, footer, archive."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO

from valise.formats.abc import Document
from valise.formats.docx.markup import escaped, quoted
from valise.formats.docx.names import OFFICE, OURS, PACKAGE, TYPES, WORD

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SPOKEN = {"en": "en-GB", "fr": "fr-FR", "es": "es-ES", "ru": "ru-RU", "ar": "ar-SA", "zh": "zh-CN"}
_MARKINGS = ("Marking", "Handling", "Classification")
_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_PARTS = {  # part -> content type, kind of its relationship
    "word/document.xml": (_KIND + "document.main+xml", ""),
    "word/styles.xml": (_KIND + "styles+xml", "styles"),
    "word/settings.xml": (_KIND + "settings+xml", "settings"),
    "word/comments.xml": (_KIND + "comments+xml", "comments"),
    "word/header1.xml": (_KIND + "header+xml", "header"),
    "word/footer1.xml": (_KIND + "footer+xml", "footer"),
    "docProps/core.xml": ("application/vnd.openxmlformats-package.core-properties+xml", ""),
    "customXml/itemProps1.xml": ("application/vnd.openxmlformats-officedocument.customXmlProperties+xml", ""),
}
_IDS = {"styles": 1, "settings": 2, "comments": 3, "header": 10, "footer": 11}
_STORE = "{5B0B7E3C-6F0A-4D52-9C55-0B6C1E7A3D10}"  # of our custom part, the same in every file


def styles(document: Document) -> str:
    """Times New Roman 10 point as in the documents of the General Assembly; the East Asian face is Song, simplified."""
    spoken = _SPOKEN.get(document.language, document.language if document.language != "und" else "")
    east = spoken if document.language == "zh" else "zh-CN"
    bidi = spoken if document.direction == "rtl" else "ar-SA"
    lang = f'<w:lang w:val="{quoted(spoken)}" w:eastAsia="{quoted(east)}" w:bidi="{quoted(bidi)}"/>' if spoken else ""
    fonts = (
        '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="SimSun" w:cs="Traditional Arabic"/>'
    )
    rows = [
        f'{_XML}<w:styles xmlns:w="{WORD}"><w:docDefaults><w:rPrDefault><w:rPr>{fonts}<w:sz w:val="20"/>'
        f'<w:szCs w:val="28"/>{lang}</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="120" w:line="260" '
        'w:lineRule="atLeast"/></w:pPr></w:pPrDefault></w:docDefaults>',
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>',
        _style("Title", "Title", '<w:spacing w:before="240" w:after="240"/>', "<w:b/><w:bCs/><w:sz w:val=\"28\"/>"),
        _style("ValiseFormula", "Valise Formula", '<w:ind w:left="1267"/>', ""),
        _style("ValisePP", "Valise PP", '<w:ind w:left="1267"/>'),
        _style("ValiseOP", "Valise OP", '<w:ind w:left="1267"/>'),
        _style("ValiseSub", "Valise Sub", '<w:ind w:left="1742"/>'),
        _style("ValiseSubSub", "Valise Sub Sub", '<w:ind w:left="2218"/>'),
        _style("ValiseAnnex", "Valise Annex", ""),
        _style("ValiseOther", "Valise Other", ""),
        _style("ValiseEnd", "Valise End", '<w:jc w:val="center"/>'),
        _style("ValiseRunning", "Valise Running", '<w:tabs><w:tab w:val="center" w:pos="4535"/><w:tab w:val="right" '
               'w:pos="9070"/></w:tabs>', '<w:sz w:val="17"/>'),
        _style("ValiseRemark", "Valise Remark", ""),
        '<w:style w:type="character" w:customStyle="1" w:styleId="ValiseLabel"><w:name w:val="Valise Label"/></w:style>',
        '<w:style w:type="character" w:customStyle="1" w:styleId="ValiseStatus"><w:name w:val="Valise Status"/></w:style>',
    ]  # fmt: skip
    return "".join((*rows, "</w:styles>"))


def _style(key: str, name: str, block: str, run: str = "") -> str:
    own = "" if key == "Title" else ' w:customStyle="1"'
    return (
        f'<w:style w:type="paragraph"{own} w:styleId="{key}"><w:name w:val="{name}"/><w:basedOn w:val="Normal"/>'
        f"<w:qFormat/>{f'<w:pPr>{block}</w:pPr>' if block else ''}{f'<w:rPr>{run}</w:rPr>' if run else ''}</w:style>"
    )


def header(document: Document) -> str:
    """Running header: the marking in the middle, the symbol at the end."""
    fields = document.fields
    marking = next((fields[name] for name in _MARKINGS if name in fields), "")
    return _running("hdr", f"{_words('')}{_tab()}{_words(marking)}{_tab()}{_words(document.symbol)}", document)


def footer(document: Document) -> str:
    """The page and how many there are."""
    page = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    pages = '<w:fldSimple w:instr=" NUMPAGES "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    return _running("ftr", f"{_tab()}{page}{_words('/')}{pages}", document)


def _running(name: str, inner: str, document: Document) -> str:
    bidi = "<w:bidi/>" if document.direction == "rtl" else ""
    return (
        f'{_XML}<w:{name} xmlns:w="{WORD}"><w:p><w:pPr><w:pStyle w:val="ValiseRunning"/>{bidi}</w:pPr>{inner}</w:p>'
        f"</w:{name}>"
    )


def _words(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escaped(text)}</w:t></w:r>' if text else ""


def _tab() -> str:
    return "<w:r><w:tab/></w:r>"


def settings(document: Document) -> str:
    """Whoever goes on working in a file with tracked changes goes on tracking."""
    tracking = "<w:trackRevisions/>" if document.changes else ""
    return (
        f'{_XML}<w:settings xmlns:w="{WORD}">{tracking}<w:compat><w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>'
    )


def core(document: Document) -> str:
    """Title and language; no person, no time."""
    title = f"<dc:title>{escaped(document.title)}</dc:title>" if document.title else ""
    spoken = f"<dc:language>{escaped(document.language)}</dc:language>" if document.language != "und" else ""
    return (
        f'{_XML}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/">{title}{spoken}</cp:coreProperties>'
    )


def archive(document: Document, body: str, comments: str, structure: str) -> bytes:
    """The whole file. Names, times and order of the members never vary, so the same document gives the same bytes."""
    parts = {
        "word/document.xml": body,
        "word/styles.xml": styles(document),
        "word/settings.xml": settings(document),
        "word/comments.xml": comments,
        "word/header1.xml": header(document),
        "word/footer1.xml": footer(document),
        "docProps/core.xml": core(document),
        "customXml/itemProps1.xml": f'{_XML}<ds:datastoreItem ds:itemID="{_STORE}" xmlns:ds="http://schemas.'
        'openxmlformats.org/officeDocument/2006/customXml"><ds:schemaRefs><ds:schemaRef ds:uri="'
        f'{OURS}"/></ds:schemaRefs></ds:datastoreItem>',
    }
    if not comments:
        del parts["word/comments.xml"]
    overrides = "".join(f'<Override PartName="/{name}" ContentType="{_PARTS[name][0]}"/>' for name in parts)
    types = (
        f'{_XML}<Types xmlns="{TYPES}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
        f'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )
    inner = [(f"rId{_IDS[_PARTS[name][1]]}", f"{OFFICE}/{_PARTS[name][1]}", name.removeprefix("word/"))
             for name in parts if _PARTS[name][1]]  # fmt: skip
    members = {
        "[Content_Types].xml": types,
        "_rels/.rels": links(
            [
                ("rId1", f"{OFFICE}/officeDocument", "word/document.xml"),
                ("rId2", PACKAGE + "/metadata/core-properties", "docProps/core.xml"),
            ]
        ),
        **parts,
        "word/_rels/document.xml.rels": links([*inner, ("rId20", f"{OFFICE}/customXml", "../customXml/item1.xml")]),
        "customXml/item1.xml": structure,
        "customXml/_rels/item1.xml.rels": links([("rId1", f"{OFFICE}/customXmlProps", "itemProps1.xml")]),
    }
    return zipped(members)


def links(several: list[tuple[str, str, str]]) -> str:
    """A part of relationships: (id, type, target)."""
    rows = "".join(f'<Relationship Id="{key}" Type="{kind}" Target="{to}"/>' for key, kind, to in several)
    return f'{_XML}<Relationships xmlns="{PACKAGE}">{rows}</Relationships>'


def zipped(members: Mapping[str, str]) -> bytes:
    """An archive whose times and order never vary, and that tells nothing of the system it was made on."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as made:
        for name, text in members.items():
            one = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            one.compress_type = zipfile.ZIP_DEFLATED
            one.create_system = 0  # otherwise it tells which system wrote it
            one.external_attr = 0
            made.writestr(one, text.encode("utf-8"))
    return stream.getvalue()
