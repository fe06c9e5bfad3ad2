"""A note verbale that nominates a point of contact, as a Word document (WordprocessingML, ISO/IEC 29500), in six languages.

The wording is ours and says no more than the fields do. It was read back before anybody gets it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from lxml import etree  # type: ignore[import-untyped]

from valise.formats.abc import refused
from valise.formats.docx.markup import escaped, quoted
from valise.formats.docx.names import OFFICE, TYPES, WORD
from valise.formats.docx.parts import links, zipped
from valise.formats.table import CONTROL

_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_KIND: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_SPOKEN: Final = {"en": "en-GB", "fr": "fr-FR", "es": "es-ES", "ru": "ru-RU", "ar": "ar-SA", "zh": "zh-CN"}
_NAMES: Final = f'xmlns:w="{WORD}" xmlns:r="{OFFICE}"'


@dataclass(frozen=True, slots=True)
class Wording:
    """The sentences of one language. {sender}, {to}, {directory} and {old} stand for what is named."""

    number: str
    head: str
    opening: str
    to_directory: str
    replaces: str
    until: str
    closing: str


WORDINGS: Final[Mapping[str, Wording]] = {
    "en": Wording(
        "No. {number}", "Note verbale",
        "{sender} presents its compliments to {to} and has the honour to inform it that the following point of contact is nominated:",
        "{sender} presents its compliments to {to} and has the honour to inform it that the following point of contact is nominated"
        " for this directory: {directory}.",
        "This nomination takes the place of the one before: {old}.",
        "The nomination remains in force until another note changes it.",
        "{sender} avails itself of this opportunity to renew to {to} the assurances of its highest consideration.",
    ),
    "fr": Wording(
        "N° {number}", "Note verbale",
        "{sender} présente ses compliments à {to} et a l’honneur de porter à sa connaissance la désignation du point de contact"
        " ci-après :",
        "{sender} présente ses compliments à {to} et a l’honneur de porter à sa connaissance la désignation du point de contact"
        " ci-après, pour le répertoire suivant : {directory}.",
        "Cette désignation remplace la précédente : {old}.",
        "La désignation reste valable jusqu’à ce qu’une autre note la modifie.",
        "{sender} saisit cette occasion pour renouveler à {to} les assurances de sa très haute considération.",
    ),
    "es": Wording(
        "Núm. {number}", "Nota verbal",
        "{sender} presenta sus atentos saludos a {to} y tiene el honor de comunicar la designación del siguiente punto de contacto:",
        "{sender} presenta sus atentos saludos a {to} y tiene el honor de comunicar la designación del siguiente punto de contacto"
        " para este directorio: {directory}.",
        "La presente designación sustituye a la anterior: {old}.",
        "La designación seguirá en vigor hasta que otra nota la modifique.",
        "{sender} aprovecha la oportunidad para reiterar a {to} las seguridades de su más alta consideración.",
    ),
    "ru": Wording(
        "№ {number}", "Вербальная нота",
        "{sender} свидетельствует свое уважение ({to}) и имеет честь сообщить о назначении следующего контактного пункта:",
        "{sender} свидетельствует свое уважение ({to}) и имеет честь сообщить о назначении следующего контактного пункта для"
        " реестра: {directory}.",
        "Настоящее назначение заменяет предыдущее: {old}.",
        "Назначение остается в силе, пока оно не изменено другой нотой.",
        "{sender} пользуется случаем, чтобы возобновить ({to}) уверения в своем весьма высоком уважении.",
    ),
    "ar": Wording(
        "الرقم {number}", "مذكرة شفوية",
        "تهدي الجهة المرسلة ({sender}) تحياتها إلى {to} وتتشرف بإبلاغها بتسمية جهة الاتصال التالية:",
        "تهدي الجهة المرسلة ({sender}) تحياتها إلى {to} وتتشرف بإبلاغها بتسمية جهة الاتصال التالية في الدليل الآتي: {directory}.",
        "تحل هذه التسمية محل التسمية السابقة: {old}.",
        "تظل هذه التسمية سارية إلى أن تعدلها مذكرة أخرى.",
        "وتغتنم الجهة المرسلة ({sender}) هذه الفرصة لتعرب مجدداً إلى {to} عن فائق تقديرها.",
    ),
    "zh": Wording(
        "第 {number} 号", "普通照会",
        "{sender}谨向{to}致意，并谨通知提名以下联络人：",
        "{sender}谨向{to}致意，并谨通知为下列名录提名以下联络人：{directory}。",
        "本次提名取代先前的提名：{old}。",
        "本提名在另一照会予以更改之前一直有效。",
        "{sender}借此机会再次向{to}表示最崇高的敬意。",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Note:
    """What stands in it. `sender`, `to` as they are named in the sentence; `rows` (heading, value) in their order; `date` as it is
    written in the language."""

    language: str
    number: str
    sender: str
    to: str
    place: str
    date: str
    marking: str
    directory: str
    rows: tuple[tuple[str, str], ...]
    replaces: str = ""


def written(note: Note) -> bytes:
    """The file. Refused("format.language" | "format.empty" | "format.control" | "format.encoding" | "table.written").
    The same note gives the same bytes."""
    if note.language not in WORDINGS:
        raise refused("format.language")
    if not note.rows:
        raise refused("format.empty")
    for text in (note.number, note.sender, note.to, note.place, note.date, note.marking, note.directory, note.replaces,
                 *(cell for row in note.rows for cell in row)):  # fmt: skip
        if any("\ud800" <= char <= "\udfff" for char in text):
            raise refused("format.encoding")
        if CONTROL.search(text):
            raise refused("format.control")
    body = _Body(note).xml()
    if said(body) != [*_before(note), *(cell.replace("\r", "\n") for row in note.rows for cell in row), *_after(note)]:
        raise refused("table.written")
    return _archive(note, body)


def said(body: str) -> list[str]:
    """The paragraphs and cells of a body, in their order."""
    root = etree.fromstring(body.encode("utf-8"))
    names = {f"{{{WORD}}}br": "\n", f"{{{WORD}}}tab": "\t"}
    return [
        "".join(names.get(part.tag, part.text or "") for part in para.iter(f"{{{WORD}}}t", *names))
        for para in root.iter(f"{{{WORD}}}p")
    ]


def _before(note: Note) -> list[str]:
    words = WORDINGS[note.language]
    opening = words.to_directory if note.directory else words.opening
    made = [words.number.format(number=note.number), words.head]
    return [*made, opening.format(sender=note.sender, to=note.to, directory=note.directory)]


def _after(note: Note) -> list[str]:
    words = WORDINGS[note.language]
    made = ["", words.replaces.format(old=note.replaces)] if note.replaces else [""]
    made += [words.until, words.closing.format(sender=note.sender, to=note.to)]
    return [*made, "，".join(one for one in (note.place, note.date) if one) if note.language == "zh"
            else ", ".join(one for one in (note.place, note.date) if one), note.to]  # fmt: skip


class _Body:
    def __init__(self, note: Note) -> None:
        self.note = note
        self.rtl = note.language == "ar"

    def xml(self) -> str:
        number, head, opening = _before(self.note)
        after = _after(self.note)
        made = [f"{_XML}<w:document {_NAMES}><w:body>", self._para(number, "ValiseNumber"), self._para(head, "Title"), self._para(opening)]
        made.append(self._table(self.note.rows))
        made += [self._para(text) for text in after[:-2]]
        made += [self._para(after[-2], "ValiseEnd"), self._para(after[-1], "ValiseTo")]
        bidi = "<w:bidi/>" if self.rtl else ""
        made.append(
            '<w:sectPr><w:headerReference w:type="default" r:id="rId10"/><w:footerReference w:type="default" r:id="rId11"/>'
            '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1701" w:right="1418" w:bottom="1418" w:left="1418" w:header="709"'
            f' w:footer="709" w:gutter="0"/>{bidi}</w:sectPr></w:body></w:document>'
        )
        return "".join(made)

    def _para(self, text: str, style: str = "", bold: bool = False) -> str:
        named = f'<w:pStyle w:val="{style}"/>' if style else ""
        bidi = "<w:bidi/>" if self.rtl else ""
        return f"<w:p><w:pPr>{named}{bidi}</w:pPr>{_run(text, bold, self.rtl)}</w:p>"

    def _table(self, rows: Sequence[tuple[str, str]]) -> str:
        mirrored = "<w:bidiVisual/>" if self.rtl else ""
        widths = (3_000, 6_070)
        made = [
            f'<w:tbl><w:tblPr>{mirrored}<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/><w:tblCellMar>'
            '<w:left w:w="80" w:type="dxa"/><w:right w:w="80" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>'
            f'{"".join(f"""<w:gridCol w:w="{one}"/>""" for one in widths)}</w:tblGrid>'
        ]
        for name, value in rows:
            cells = (
                f'<w:tc><w:tcPr><w:tcW w:w="{wide}" w:type="dxa"/></w:tcPr>{self._para(text, "ValiseCell", bold)}</w:tc>'
                for text, wide, bold in ((name, widths[0], True), (value, widths[1], False))
            )
            made.append(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(cells)}</w:tr>")
        return "".join((*made, "</w:tbl>"))


def _run(text: str, bold: bool, rtl: bool) -> str:
    if not text:
        return ""
    look = ("<w:b/><w:bCs/>" if bold else "") + ("<w:rtl/>" if rtl else "")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    made = "<w:br/>".join(
        "<w:tab/>".join(f'<w:t xml:space="preserve">{escaped(piece)}</w:t>' if piece else "" for piece in line.split("\t"))
        for line in lines
    )
    return f"<w:r>{f'<w:rPr>{look}</w:rPr>' if look else ''}{made}</w:r>"


def _styles(note: Note) -> str:
    spoken = _SPOKEN[note.language]
    rtl = note.language == "ar"
    lang = f'<w:lang w:val="{"en-GB" if rtl else spoken}" w:eastAsia="zh-CN" w:bidi="{spoken if rtl else "ar-SA"}"/>'
    fonts = '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="SimSun" w:cs="Traditional Arabic"/>'

    def style(key: str, name: str, block: str, run: str = "") -> str:
        own = "" if key == "Title" else ' w:customStyle="1"'
        return (
            f'<w:style w:type="paragraph"{own} w:styleId="{key}"><w:name w:val="{name}"/><w:basedOn w:val="Normal"/>'
            f"<w:pPr>{block}</w:pPr>{f'<w:rPr>{run}</w:rPr>' if run else ''}</w:style>"
        )

    return "".join((
        f'{_XML}<w:styles xmlns:w="{WORD}"><w:docDefaults><w:rPrDefault><w:rPr>{fonts}<w:sz w:val="24"/><w:szCs w:val="30"/>{lang}'
        '</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="160" w:line="300" w:lineRule="atLeast"/></w:pPr>'
        '</w:pPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>',
        style("Title", "Title", '<w:spacing w:before="240" w:after="320"/><w:jc w:val="center"/>', '<w:b/><w:bCs/><w:sz w:val="28"/>'),
        style("ValiseNumber", "Valise Number", '<w:spacing w:after="0"/>'),
        style("ValiseCell", "Valise Cell", '<w:spacing w:before="30" w:after="30" w:line="260" w:lineRule="atLeast"/>', '<w:sz w:val="21"/>'),
        style("ValiseEnd", "Valise End", '<w:spacing w:before="480" w:after="480"/><w:jc w:val="end"/>'),
        style("ValiseTo", "Valise To", '<w:spacing w:before="480"/>'),
        style("ValiseEdge", "Valise Edge", '<w:spacing w:after="0"/><w:jc w:val="center"/>', '<w:b/><w:bCs/><w:sz w:val="18"/>'),
        "</w:styles>",
    ))  # fmt: skip


def _edge(note: Note, name: str) -> str:
    """The marking stands above and below every page."""
    text = f'<w:r><w:t xml:space="preserve">{escaped(note.marking)}</w:t></w:r>' if note.marking else ""
    return f'{_XML}<w:{name} {_NAMES}><w:p><w:pPr><w:pStyle w:val="ValiseEdge"/></w:pPr>{text}</w:p></w:{name}>'


def _archive(note: Note, body: str) -> bytes:
    parts = {
        "word/document.xml": (body, _KIND + "document.main+xml"),
        "word/styles.xml": (_styles(note), _KIND + "styles+xml"),
        "word/header1.xml": (_edge(note, "hdr"), _KIND + "header+xml"),
        "word/footer1.xml": (_edge(note, "ftr"), _KIND + "footer+xml"),
    }
    overrides = "".join(f'<Override PartName="/{name}" ContentType="{quoted(kind)}"/>' for name, (_, kind) in parts.items())
    types = (
        f'{_XML}<Types xmlns="{TYPES}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
        f'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )
    return zipped({
        "[Content_Types].xml": types,
        "_rels/.rels": links([("rId1", f"{OFFICE}/officeDocument", "word/document.xml")]),
        **{name: text for name, (text, _) in parts.items()},
        "word/_rels/document.xml.rels": links([
            ("rId1", f"{OFFICE}/styles", "styles.xml"), ("rId10", f"{OFFICE}/header", "header1.xml"),
            ("rId11", f"{OFFICE}/footer", "footer1.xml"),
        ]),
    })  # fmt: skip
