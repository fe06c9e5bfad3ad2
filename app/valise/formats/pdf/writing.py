"""A document as a PDF: the sheet of formats/html, laid out by the process of `paper.py`, mended by `finishing.py`."""

from __future__ import annotations

from typing import Any, Final

from valise.formats.abc import Document
from valise.formats.html.legend import LEGENDS
from valise.formats.html.sheet import Block, Run, Sheet, sheet
from valise.formats.pdf import paper
from valise.formats.pdf.finishing import finished

_BOLD, _EMPHASIS, _INSERTED, _STRUCK = 1, 2, 4, 8  # as ui/paper.py reads them
ISOLATED: Final = ("\u2066", "\u2069")


def printed(document: Document) -> bytes:
    """The file. Refused("format.encoding" | "format.control" | "format.fonts" | "format.paper*")."""
    made = sheet(document)
    raw, aliases = paper.lay_out(request(made))
    return finished(raw, made.title, made.language, made.rtl, aliases)


def request(made: Sheet) -> dict[str, Any]:
    """What the process is asked to draw."""
    heads = LEGENDS.get(made.language, LEGENDS["en"])
    after: list[tuple[str, list[str]]] = []
    if made.remarks:
        after.append((heads.remarks, [f"{number}. {one}" for number, one in enumerate(made.remarks, 1)]))
    if made.legend:
        after.append((made.legend.head, list(made.legend.lines)))
    return {
        "title": made.title, "language": made.language, "rtl": made.rtl, "organ": made.organ, "symbol": made.symbol,
        "running": made.running, "marking": made.marking, "fields": made.fields,
        "blocks": [_block(block, made.rtl) for block in made.blocks], "after": after,
    }  # fmt: skip


def _block(block: Block, rtl: bool) -> dict[str, Any]:
    label = "".join((ISOLATED[0], block.label, ISOLATED[1])) if rtl and block.label[:2] in ("PP", "OP") else block.label
    return {
        "kind": block.kind, "label": label, "status": block.status,
        "runs": [(run.text, _flags(run), run.remarks) for run in block.runs],
    }  # fmt: skip


def _flags(run: Run) -> int:
    return run.bold * _BOLD | run.emphasis * _EMPHASIS | run.inserted * _INSERTED | run.struck * _STRUCK
