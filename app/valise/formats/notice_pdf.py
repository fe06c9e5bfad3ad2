"""A notification as a PDF: fields under headings, both markings and, for an exercise, that it is one, on every page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from valise.formats.pdf import paper
from valise.formats.pdf.finishing import finished
from valise.formats.table import Head, Table, checked, shares

BANNER: Final = "EXERCISE EXERCISE EXERCISE"
_COLUMNS: Final = (Head("", wide=20), Head("", wide=52))


@dataclass(frozen=True, slots=True)
class Part:
    """One group: (label, value) in its order."""

    heading: str
    fields: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Notice:
    """`tlp` a label of TLP 2.0, `national` the other marking or "". `lines` stand under the title on the first page."""

    title: str
    tlp: str
    national: str
    exercise: bool
    lines: tuple[str, ...]
    parts: tuple[Part, ...]
    language: str = "en"

    @property
    def rtl(self) -> bool:
        return self.language == "ar"


def printed(notice: Notice) -> bytes:
    """The file. Refused("format.encoding" | "format.control" | "format.fonts" | "format.paper*"), Unavailable("format.no_paper").
    The same notice gives the same bytes."""
    rows = [row for part in notice.parts for row in part.fields]
    headings = tuple(part.heading for part in notice.parts)
    checked(Table(notice.title, _COLUMNS, rows, notice.language, "ltr", notice.national, "", (*notice.lines, *headings)))
    raw, aliases = paper.lay_out(request(notice))
    title = f"{BANNER}: {notice.title}" if notice.exercise else notice.title
    return finished(raw, title, notice.language, notice.rtl, aliases)


def request(notice: Notice) -> dict[str, Any]:
    """What the process is asked to draw."""
    return {
        "table": [
            {"heading": one.heading, "shares": shares(_COLUMNS), "heads": (), "rows": [list(row) for row in one.fields], "form": True}
            for one in notice.parts
        ],
        "title": notice.title, "language": notice.language, "rtl": notice.rtl, "edge": "", "lines": notice.lines, "upright": True,
        "notice": {"tlp": notice.tlp, "national": notice.national, "banner": BANNER if notice.exercise else ""},
    }  # fmt: skip
