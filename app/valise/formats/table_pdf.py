"""A table as a PDF: laid out by the process of `pdf.paper`, mended by `pdf.finishing`. Head and foot of every page bear the
marking, the side and the page of how many; the row of headings is repeated; a row too long for a page goes on in the next."""

from __future__ import annotations

import io
from typing import Any, Final

from valise.formats.abc import refused
from valise.formats.pdf import paper
from valise.formats.pdf.finishing import finished
from valise.formats.table import Table, checked, parts, shares, upright

MAX_ROWS: Final = 20_000  # of one file; more is for a spreadsheet
_LIMITS: Final = paper.Limits(cpu=120, wall=180)


def printed(table: Table) -> bytes:
    """The file. Refused("table.ragged" | "table.paper" | "format.encoding" | "format.control" | "format.fonts" |
    "format.paper*"), Unavailable("format.no_paper"). Same table, same fonts, same bytes."""
    checked(table)
    if len(table.rows) > MAX_ROWS:
        raise refused("table.paper")
    raw, aliases = paper.lay_out(request(table), _LIMITS)
    made = finished(raw, table.title, table.language, table.direction == "rtl", aliases)
    _whole(made)
    return made


def request(table: Table) -> dict[str, Any]:
    """What the process is asked to draw."""
    return {
        "table": [
            {"heading": one.heading, "shares": shares(one.columns), "heads": one.heads,
             "rows": [list(row) for row in one.rows], "form": table.layout == "form"}
            for one in parts(table)
        ],
        "title": table.title, "language": table.language, "rtl": table.direction == "rtl", "edge": table.edge,
        "lines": table.lines, "upright": upright(table),
    }  # fmt: skip


def _whole(made: bytes) -> None:
    """It opens, and every page is there. Refused("format.paper")."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        pages = len(PdfReader(io.BytesIO(made), strict=True).pages)
    except (PyPdfError, ValueError, KeyError, TypeError):
        pages = 0
    if not pages:
        raise refused("format.paper")
