"""A plain table on its way into a file: what every writer of tables takes (table_csv, table_pdf, table_docx)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from valise.formats.abc import Direction, refused

Layout = Literal["table", "form"]
_SURROGATE = re.compile("[\ud800-\udfff]")
_BARRED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")  # XML 1.0, 2.2, and what no cell has
CONTROL: Final = _BARRED


@dataclass(frozen=True, slots=True)
class Head:
    """One column. `kind` is a register's kind of column ("text", "number", "date", "moment", ...); `wide` letters."""

    title: str
    kind: str = "text"
    wide: int = 16


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells as the screen shows them, in its order.

    `marking` and `side` stand above and below every page ("TLP:AMBER"; "Assessed by us: internal"), `lines` under the title
    on the first. "form" prints each row under its own heading, one line for each column: for many columns or long cells; the
    first cell is the heading. CSV holds the heads and the rows alone, so that it equals the screen cell by cell.
    """

    title: str
    columns: tuple[Head, ...]
    rows: Sequence[Sequence[str]]
    language: str = "en"
    direction: Direction = "ltr"
    marking: str = ""
    side: str = ""
    lines: tuple[str, ...] = ()
    layout: Layout = "table"

    @property
    def edge(self) -> str:
        """What stands above and below every page."""
        return " · ".join(part for part in (self.marking, self.side) if part)


@dataclass(frozen=True, slots=True)
class Part:
    """A table as it is printed: a form is one of two columns for each row. `heads` () = without a head."""

    heading: str
    columns: tuple[Head, ...]
    heads: tuple[str, ...]
    rows: Sequence[Sequence[str]]


def checked(table: Table) -> Table:
    """The table itself. Refused("table.ragged" | "format.encoding" | "format.control") for what no file should hold."""
    for text in (table.title, table.marking, table.side, *table.lines, *(head.title for head in table.columns)):
        _admissible(text)
    for row in table.rows:
        if len(row) != len(table.columns):
            raise refused("table.ragged")
        for cell in row:
            _admissible(cell)
    return table


def _admissible(text: str) -> None:
    if text.isascii() and text.isprintable():
        return
    if _SURROGATE.search(text):
        raise refused("format.encoding")
    if _BARRED.search(text):
        raise refused("format.control")


def parts(table: Table) -> list[Part]:
    """What is printed, in its order."""
    if table.layout == "table":
        return [Part("", table.columns, tuple(head.title for head in table.columns), table.rows)]
    columns = (Head("", wide=22), Head("", wide=50))
    return [
        Part(row[0], columns, (), [(head.title, cell) for head, cell in zip(table.columns[1:], row[1:], strict=True)])
        for row in table.rows
    ]


def upright(table: Table) -> bool:
    """Whether a portrait page is wide enough."""
    return table.layout == "form" or (len(table.columns) <= 6 and sum(head.wide for head in table.columns) <= 100)


def shares(columns: Sequence[Head]) -> list[float]:
    """The part of the width each column gets; together 1. No column less than 4 letters or a hundredth."""
    wide = [max(4, min(head.wide, 60)) for head in columns]
    return [one / sum(wide) for one in wide]
