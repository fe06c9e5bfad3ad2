"""Tables as CSV (RFC 4180): comma, CRLF, quotation marks doubled, UTF-8.

A spreadsheet runs a cell that begins with "=", "+", "-", "@" (also their wide forms), a tab or a line end, white space before
it or not. The rule, both ways exact: such a cell, and one that would look like it once its leading apostrophes were
gone, gets one apostrophe before it when written, and loses one when read. Plain numbers such as -5 or 3.25 stay as they
are. Cells with ";" or a tab are quoted too, since some spreadsheets part cells there.

Read are comma, semicolon and tab, UTF-8 with or without mark, and UTF-16 with one (what spreadsheets save); any number of
rows up to `MAX_ROWS`, streamed. The reading runs in the confined child (`records`); its parent is `read`.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

from valise.formats import records
from valise.formats.abc import refused
from valise.formats.confined import Limits
from valise.formats.records import Misread
from valise.formats.table import CONTROL, Table, checked

MAX_ROWS: Final = 1_000_001  # with the header
MAX_COLUMNS: Final = 500
MAX_CELL: Final = 200_000  # characters
MAX_LINE: Final = 4 * 2**20
DELIMITERS: Final = (",", ";", "\t")
LINES: Final[Mapping[str, str]] = {
    "table.encoding": "the table is not UTF-8 text, nor UTF-16 with its mark",
    "table.control": "the table holds control characters that no cell has",
    "table.quotes": "quotation marks of the table do not match, or stand in the middle of a cell",
    "table.long_cell": "one cell is longer than 200,000 characters",
    "table.long_line": "one line of the table is longer than any table has",
    "table.too_wide": "the table has more than 500 columns",
    "table.too_many": "the table has more rows than are read at once",
    "table.empty": "the table has no row of headings",
}
_MARK: Final = b"\xef\xbb\xbf"
_RUNS = re.compile(r"'*[\s\ufeff\u200b-\u200f\u2060]*[=+\-@\t\r\n＝＋－＠﹢﹣﹦﹫−]")
_NUMBER = re.compile(r"-?[0-9]{1,18}(?:[.,][0-9]{1,18})?")
_QUOTED = re.compile('[",;\t\r\n]')
_BATCH: Final = 500
_BATCH_SIZE: Final = 2**20  # characters, and one row more


class Line(NamedTuple):
    """One row of a file. `number` as a spreadsheet counts, the header is 1."""

    number: int
    cells: tuple[str, ...]


def defused(cell: str) -> str:
    """The cell as it is written."""
    if cell and _RUNS.match(cell) and not _NUMBER.fullmatch(cell):
        return "'" + cell
    return cell


def restored(cell: str) -> str:
    """The cell as it was before `defused`."""
    return cell[1:] if cell[:1] == "'" and _RUNS.match(cell) else cell


def written(table: Table, mark: bool = True) -> bytes:
    """The file; `mark` = with the byte order mark by which spreadsheets know UTF-8. It was read back and equals the table.

    Refused("table.ragged" | "format.encoding" | "format.control" | "table.too_many" | "table.too_wide" |
    "table.long_cell").
    """
    checked(table)
    if len(table.rows) >= MAX_ROWS:
        raise misread("table.too_many")
    heads = tuple(head.title for head in table.columns)
    made = io.StringIO()
    made.write(_row(heads))
    for row in table.rows:
        made.write(_row(row))
    data = (_MARK if mark else b"") + made.getvalue().encode("utf-8")
    back = _cells(io.BytesIO(data), MAX_ROWS)
    ours = iter((heads, *table.rows))
    for line in back:
        if line.cells != tuple(next(ours, ())):
            raise refused("table.written")
    if next(ours, None) is not None:
        raise refused("table.written")
    return data


def _row(cells: Any) -> str:
    made = ",".join(_field(cell) for cell in cells)
    return (made or '""') + "\r\n"  # an empty line would be no row


def _field(cell: str) -> str:
    cell = defused(cell)
    # A file that begins with ID is taken for another format by a spreadsheet; spaces at an edge are dropped by some.
    if _QUOTED.search(cell) or cell[:1].isspace() or cell[-1:].isspace() or cell.startswith("ID"):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def read(source: Path | bytes, most: int = MAX_ROWS, limits: Limits | None = None) -> Iterator[Line]:
    """The rows of a file, the headings first, empty lines left out; read apart, believed after every check.

    Misread("table.*") with its place, and the refusals of `records.read`. More than `most` rows: Misread("table.too_many").
    """
    number = 0
    with closing(records.read("csv", source, {"most": most}, limits)) as values:
        for batch in values:
            for line in _believed(batch):
                if line.number <= number or line.number > most:
                    raise refused("format.child")
                number = line.number
                yield line
    if not number:
        raise misread("table.empty", 1)


def _believed(batch: Any) -> Iterator[Line]:
    if not isinstance(batch, list) or len(batch) > _BATCH:
        raise refused("format.child")
    for one in batch:
        if not (isinstance(one, list) and len(one) == 2 and type(one[0]) is int and isinstance(one[1], list)):
            raise refused("format.child")
        number, cells = one
        if not 0 < len(cells) <= MAX_COLUMNS:
            raise refused("format.child")
        for cell in cells:
            if type(cell) is not str or len(cell) > MAX_CELL or CONTROL.search(cell) or not _whole(cell):
                raise refused("format.child")
        yield Line(number, tuple(cells))


def _whole(cell: str) -> bool:
    return cell.isascii() or not any("\ud800" <= char <= "\udfff" for char in cell)


# what runs in the child


def prepare() -> None:
    """Load the encodings while files can be opened."""
    for name in ("utf-8-sig", "utf-16"):
        codecs.lookup(name)


def frames(stream: Any, options: Mapping[str, Any]) -> Iterator[list[list[Any]]]:
    """Batches of [number, cells]."""
    batch: list[list[Any]] = []
    size = 0
    for line in _cells(io.BufferedReader(stream, 2**16), min(int(options.get("most", MAX_ROWS)), MAX_ROWS)):
        batch.append([line.number, list(line.cells)])
        size += sum(map(len, line.cells))
        if len(batch) == _BATCH or size > _BATCH_SIZE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _cells(stream: BinaryIO, most: int) -> Iterator[Line]:
    """Misread("table.*")."""
    head = stream.peek(4)[:4] if isinstance(stream, io.BufferedReader) else stream.read(4)
    if not isinstance(stream, io.BufferedReader):
        stream.seek(0)
    wide = head[:2] in (b"\xff\xfe", b"\xfe\xff")
    text = io.TextIOWrapper(stream, "utf-16" if wide else "utf-8-sig", newline="")
    before = csv.field_size_limit(MAX_CELL)
    number = 0
    try:
        lines = _lines(text)
        first = next(lines, "")
        reader = csv.reader(_again(first, lines), delimiter=_delimiter(first), strict=True)
        for cells in reader:
            number += 1
            if number > most:
                raise misread("table.too_many", number)
            if len(cells) > MAX_COLUMNS:
                raise misread("table.too_wide", number)
            if len(cells) > 5 and sum(map(len, cells)) > MAX_LINE:
                raise misread("table.long_line", number)
            if cells:
                yield Line(number, tuple(cell if cell[:1] != "'" else restored(cell) for cell in cells))
    except UnicodeError:
        raise misread("table.encoding", number + 1) from None
    except csv.Error as error:
        raise misread("table.long_cell" if "field limit" in str(error) else "table.quotes", number + 1) from None
    except _Bad as bad:
        raise misread(bad.code, number + 1) from None
    finally:
        csv.field_size_limit(before)
        text.detach()


class _Bad(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(MAX_LINE + 1):
        if len(line) > MAX_LINE:
            raise _Bad("table.long_line")
        if CONTROL.search(line):
            raise _Bad("table.control")
        yield line


def _again(first: str, rest: Iterator[str]) -> Iterator[str]:
    if first:
        yield first
    yield from rest


def _delimiter(first: str) -> str:
    """What parts the headings: the first of comma, semicolon and tab that stands outside quotation marks, in this order."""
    bare = re.sub(r'"(?:[^"]|"")*"?', "", first)
    return next((one for one in DELIMITERS if one in bare), ",")


def misread(code: str, row: int = 0, column: int = 0) -> Misread:
    """The refusal for a code of LINES."""
    return Misread(code, LINES[code], row, column)
