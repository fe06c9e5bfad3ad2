"""A sheet as one web page that stands alone: no script, nothing fetched, nothing that runs when it is opened."""

from __future__ import annotations

import re
from html import escape
from typing import Final

from valise.formats.html.legend import LEGENDS
from valise.formats.html.sheet import Block, Run, Sheet

GENERATOR: Final = "Valise"
# Latin words and numbers within a right-to-left line; alone, figures find their place by themselves.
_LATIN: Final = re.compile(r"[A-Za-zÀ-ɏ0-9](?:[A-Za-zÀ-ɏ0-9./:&’'\u00a0 -]*[A-Za-zÀ-ɏ0-9])?")
_LETTER: Final = re.compile(r"[A-Za-zÀ-ɏ]")
_STYLE: Final = """\
@page { size: A4; margin: 18mm 24mm 20mm;
  @bottom-center { content: counter(page) "/" counter(pages); font: 8.5pt "Times New Roman", serif; } }
* { box-sizing: border-box; }
html { background: #e9e9e6; color: #000; }
body { max-width: 210mm; margin: 8mm auto; padding: 14mm 24mm 18mm; background: #fff; overflow-wrap: anywhere;
  font: 11.5pt/1.4 "Times New Roman", "Noto Serif", "Liberation Serif", serif; }
:lang(ar) body, body:lang(ar) { font-family: "Traditional Arabic", "Noto Naskh Arabic", serif; font-size: 14pt; line-height: 1.6; }
:lang(zh) body, body:lang(zh) { font-family: "Times New Roman", SimSun, "Noto Serif CJK SC", "Noto Sans CJK SC", serif; }
table.page { width: 100%; border-collapse: collapse; table-layout: fixed; }
table.page > * > tr > td { padding: 0; }
.running { display: flex; justify-content: space-between; font-size: 8.5pt; line-height: 1.3; }
.running > * { flex: 1; }
.running > .marking { flex: 2; text-align: center; font-weight: bold; }
.running > .end { text-align: end; }
thead .running { padding-bottom: 6mm; }
tfoot .running { padding-top: 6mm; justify-content: center; }
.masthead { display: flex; justify-content: space-between; align-items: flex-end; gap: 6mm; border-bottom: 1.2pt solid #000;
  padding-bottom: 2mm; }
.masthead .organ { font-size: 17pt; font-weight: bold; line-height: 1.15; }
.masthead .symbol { font-size: 12pt; font-weight: bold; text-align: end; }
.handling { display: flex; justify-content: space-between; gap: 6mm; font-size: 10pt; margin: 2mm 0 8mm; }
.handling .marking { font-weight: bold; }
.handling .fields { text-align: end; }
.handling .fields div { margin: 0; }
h1 { font-size: 14.5pt; line-height: 1.25; font-weight: bold; margin: 5mm 0 5mm; }
p { margin: 0 0 2.6mm; orphans: 2; widows: 2; }
.words { white-space: pre-wrap; }
.formula, .pp, .op { margin-inline-start: 14mm; }
.sub { margin-inline-start: 22mm; }
.subsub { margin-inline-start: 30mm; }
.annex { margin-inline-start: 0; }
.formula .words { font-style: italic; }
:lang(ar) .formula .words, :lang(zh) .formula .words { font-style: normal; }
.head { font-size: 13pt; font-weight: bold; margin-top: 5mm; break-after: avoid; }
.label { font-weight: bold; margin-inline-end: .7em; }
.settled .label { font-weight: normal; }
em { font-style: italic; }
:lang(ar) em, :lang(zh) em { font-style: normal; font-weight: bold; }
ins { text-decoration: underline; color: #0b3d91; }
del { text-decoration: line-through; color: #8a1c1c; }
.status { font-style: italic; }
:lang(ar) .status, :lang(zh) .status { font-style: normal; }
.ref { font-size: 70%; line-height: 0; }
.end-rule { width: 30mm; border: 0; border-top: .6pt solid #000; margin: 8mm auto 6mm; }
.remarks, .legend { font-size: 9.5pt; line-height: 1.35; }
.remarks h2, .legend h2 { font-size: 10pt; margin: 0 0 1.5mm; }
.remarks li { white-space: pre-wrap; }
.legend { border-top: .4pt solid #000; padding-top: 2mm; margin-top: 6mm; break-inside: avoid; }
.legend ul { margin: 0; padding-inline-start: 5mm; }
@media print { html { background: none; } body { margin: 0; padding: 0; max-width: none; }
  ins, del { color: #000; } }
"""


def page(sheet: Sheet) -> str:
    """The whole file."""
    language = f' lang="{_quoted(sheet.language)}"' if sheet.language != "und" else ""
    body = "".join((
        _masthead(sheet),
        f'<main class="text{_settled(sheet)}">',
        *(_block(block, sheet.rtl) for block in sheet.blocks),
        "</main>",
        _remarks(sheet),
        _legend(sheet),
    ))  # fmt: skip
    # The head and the foot of a table are printed again on every page, in every browser.
    return (
        f'<!DOCTYPE html>\n<html{language} dir="{"rtl" if sheet.rtl else "ltr"}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="generator" content="{GENERATOR}">\n<meta name="referrer" content="no-referrer">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src \'unsafe-inline\'">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{escape(_title(sheet))}</title>\n'
        f"<style>\n{_STYLE}</style>\n</head>\n<body>\n"
        f'<table class="page" role="presentation"><thead aria-hidden="true"><tr><td>{_running(sheet, True)}</td></tr></thead>\n'
        f'<tfoot aria-hidden="true"><tr><td>{_running(sheet, False)}</td></tr></tfoot>\n'
        f"<tbody><tr><td>\n{body}</td></tr></tbody></table>\n</body>\n</html>\n"
    )


def _title(sheet: Sheet) -> str:
    return " ".join((sheet.title or sheet.symbol or sheet.organ).split())


def _settled(sheet: Sheet) -> str:
    return "" if any(block.label.startswith(("PP", "OP")) for block in sheet.blocks) else " settled"


def _running(sheet: Sheet, top: bool) -> str:
    marking = f'<span class="marking">{_lines(sheet.marking, sheet.rtl)}</span>'
    if not top:
        return f'<div class="running">{marking}</div>'
    return f'<div class="running"><span></span>{marking}<span class="end">{_lines(sheet.running, sheet.rtl)}</span></div>'


def _masthead(sheet: Sheet) -> str:
    fields = "".join(
        f'<div data-field="{_quoted(name)}">{_lines(f"{name}: {value}", sheet.rtl)}</div>' for name, value in sheet.fields
    )
    if not (sheet.organ or sheet.symbol or sheet.marking or fields):
        return ""
    return (
        f'<header><div class="masthead"><span class="organ">{_lines(sheet.organ, sheet.rtl)}</span>'
        f'<span class="symbol" data-field="Symbol">{_lines(sheet.symbol, sheet.rtl)}</span></div>'
        f'<div class="handling"><span class="marking" data-field="Handling">{_lines(sheet.marking, sheet.rtl)}</span>'
        f'<div class="fields">{fields}</div></div></header>\n'
    )


def _block(block: Block, rtl: bool) -> str:
    words = f'<span class="words">{"".join(_run(run, rtl) for run in block.runs)}</span>'
    if block.kind == "title":
        return f'<h1 class="title">{words}</h1>\n'
    para = block.para
    if para is None:
        return f'<p class="formula">{words}</p>\n'
    told = {"section": para.section, "label": para.label, "parent": para.parent}
    data = "".join(f' data-{name}="{_quoted(value)}"' for name, value in told.items() if value)
    label = f'<span class="label">{_lines(block.label, rtl)}</span> ' if block.label else ""
    status = f' <span class="status">({escape(block.status)})</span>' if block.status else ""
    if rtl and status:
        status = f' <span class="status">(<bdi dir="ltr">{escape(block.status)}</bdi>)</span>'
    return f'<p class="{block.kind}"{data}>{label}{words}{status}</p>\n'


def _run(run: Run, rtl: bool) -> str:
    made = _lines(run.text, rtl)
    if made and run.bold:
        made = f"<b>{made}</b>"
    if made and run.emphasis:
        made = f"<em>{made}</em>"
    by = f' data-by="{_quoted(run.by)}" title="{_quoted(run.by)}"' if run.by else ""
    if made and run.struck:
        made = f"<del{by}>{made}</del>"
    elif made and run.inserted:
        made = f"<ins{by}>{made}</ins>"
    signs = "".join(f'<sup class="ref" id="to-{one}"><a href="#remark-{one}">{one}</a></sup>' for one in run.remarks)
    return made + signs


def _lines(text: str, rtl: bool) -> str:
    """Escaped; in a right-to-left text Latin words stand isolated, so that they turn nothing around them."""
    if not rtl:
        return _escaped(text)
    made, at = [], 0
    for found in _LATIN.finditer(text):
        if _LETTER.search(found[0]):
            made += [_escaped(text[at : found.start()]), f'<bdi dir="ltr">{_escaped(found[0])}</bdi>']
            at = found.end()
    return "".join((*made, _escaped(text[at:])))


def _escaped(text: str) -> str:
    return escape(text, quote=False).replace("\r", "&#13;")


def _quoted(text: str) -> str:
    return escape(text, quote=True).replace("\r", "&#13;").replace("\n", "&#10;")


def _remarks(sheet: Sheet) -> str:
    if not sheet.remarks:
        return ""
    head = LEGENDS.get(sheet.language, LEGENDS["en"]).remarks
    items = "".join(
        f'<li id="remark-{number}"><span class="words">{_lines(one, sheet.rtl)}</span></li>\n'
        for number, one in enumerate(sheet.remarks, 1)
    )
    return f'<section class="remarks"><h2>{head}</h2><ol>\n{items}</ol></section>\n'


def _legend(sheet: Sheet) -> str:
    if sheet.legend is None:
        return ""
    items = "".join(f"<li>{escape(line)}</li>" for line in sheet.legend.lines)
    return f'<footer class="legend"><h2>{escape(sheet.legend.head)}</h2><ul>{items}</ul></footer>\n'
