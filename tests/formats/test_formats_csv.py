"""Tables as CSV: what a spreadsheet would run does not run, what was written reads back, and bad files say where."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from valise.domain.errors import Refused
from valise.formats import records, table_csv, wire
from valise.formats.records import Misread
from valise.formats.table import Head, Table

HEADS = (Head("State"), Head("Summary", "long", 40))
RUNS = ("=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "\ufeff=1", "＝1", "＋1", "－1", "＠a", "'=1", "''+1",
        "=cmd|' /C calc'!A0", "-", "+41 22 000 00 00")  # fmt: skip
CELLS = st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufffe\uffff"), max_size=20)


def table(*rows: tuple[str, str]) -> Table:
    return Table("Norms", HEADS, rows)


def back(data: bytes) -> list[tuple[str, ...]]:
    return [one.cells for one in table_csv.read(data)][1:]


@pytest.mark.parametrize("cell", RUNS)
def test_nothing_runs_and_everything_reads_back(cell: str) -> None:
    data = table_csv.written(table(("XA", cell)))
    plain = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert plain[1][1] == "'" + cell  # as a spreadsheet sees it
    assert back(data) == [("XA", cell)]


@pytest.mark.parametrize("cell", ["-5", "3.25", "-0,5", "", "'", "'a", "a=1", "’=1", "x;y", 'say "so"', "a\nb", "a\r\nb", " edge "])
def test_harmless_cells_stay_as_they_are(cell: str) -> None:
    data = table_csv.written(table(("XA", cell)))
    assert list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))[1][1] == cell
    assert back(data) == [("XA", cell)]


@settings(max_examples=150)
@given(st.lists(st.tuples(st.one_of(CELLS, st.sampled_from(RUNS)), CELLS), max_size=6))
def test_any_cells_are_the_same_again(rows: list[tuple[str, str]]) -> None:
    assert all(table_csv.restored(table_csv.defused(cell)) == cell for row in rows for cell in row)
    data = table_csv.written(table(*rows))
    lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert [tuple(table_csv.restored(cell) for cell in line) for line in lines[1:]] == rows
    assert not any(table_csv._RUNS.match(cell) and not cell.startswith("'") and not table_csv._NUMBER.fullmatch(cell)
                   for line in lines for cell in line)  # fmt: skip


def test_cells_with_other_separators_are_quoted_too() -> None:
    """A spreadsheet that parts at semicolons or tabs must not find a formula behind one."""
    assert b'"a;=1+1"' in table_csv.written(table(("XA", "a;=1+1")))
    assert table_csv.written(table(("ID", "x")), mark=False).splitlines()[1] == b'"ID",x'


@pytest.mark.parametrize(("cell", "code"), [("\ud800", "format.encoding"), ("a\0b", "format.control"), ("\x1b", "format.control")])
def test_what_no_cell_holds_is_not_written(cell: str, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        table_csv.written(table(("XA", cell)))
    assert refusal.value.code == code


def test_a_ragged_table_is_not_written() -> None:
    with pytest.raises(Refused) as refusal:
        table_csv.written(Table("T", HEADS, [("one",)]))
    assert refusal.value.code == "table.ragged"


@pytest.mark.parametrize(
    ("data", "code", "row"),
    [
        (b"", "table.empty", 1),
        (b"a,b\r\n\xff,1\r\n", "table.encoding", 1),
        (b"a,b\r\n1,2\r\n3,x\x00\r\n", "table.control", 3),
        (b'a,b\r\n1,"2"3\r\n', "table.quotes", 2),
        (b'a,b\r\n1,2\r\n"open,3\r\n', "table.quotes", 3),
        (b"a,b\r\n" + b"x" * 200_001 + b",1\r\n", "table.long_cell", 2),
        (b"a" * (4 * 2**20 + 2), "table.long_line", 1),
        (b"a,b\r\n" + b"," * 500 + b"\r\n", "table.too_wide", 2),
    ],
)
def test_bad_files_say_where(data: bytes, code: str, row: int) -> None:
    with pytest.raises(Misread) as refusal:
        list(table_csv.read(data))
    assert (refusal.value.code, refusal.value.row) == (code, row)


@pytest.mark.parametrize("data", [
    b"a;b\r\n1;2\r\n", "a\tb\n1\t2\n".encode("utf-16"), b"\xef\xbb\xbfa,b\n\n1,2", b'"a","b"\r1,2\r', b'"a;x",b\r\n1,2\r\n',
])  # fmt: skip
def test_what_spreadsheets_save_is_read(data: bytes) -> None:
    lines = list(table_csv.read(data))
    assert lines[-1].cells == ("1", "2") and len(lines[0].cells) == 2


def test_rows_are_counted_as_a_spreadsheet_counts() -> None:
    lines = list(table_csv.read(b'a,b\r\n"x\r\ny",2\r\n\r\n3,4\r\n'))
    assert [one.number for one in lines] == [1, 2, 4]


def test_more_rows_than_allowed_stop_at_once(tmp_path: Path) -> None:
    """Streamed: what came before the limit is told, and nothing after it is read."""
    file = tmp_path / "many.csv"
    with file.open("wb") as out:
        out.write(b"a,b\r\n")
        for _ in range(200):
            out.write(b"1,2\r\n" * 1_000)
    seen = 0
    with pytest.raises(Misread) as refusal:
        for one in table_csv.read(file, most=2_001):
            seen = one.number
    assert (refusal.value.code, refusal.value.row) == ("table.too_many", 2_002)
    assert seen <= 2_001


@pytest.mark.soak
def test_a_million_rows(tmp_path: Path) -> None:
    file = tmp_path / "million.csv"
    with file.open("wb") as out:
        out.write(b"a,b,c\r\n")
        for _ in range(1_000):
            out.write(b"XA,2026-12-01,words of a row\r\n" * 1_000)
    assert sum(1 for _ in table_csv.read(file)) == 1_000_001


def test_only_ordinary_files(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    for path, code in ((tmp_path / "none.csv", "format.no_file"), (pipe, "format.not_a_file"), (tmp_path, "format.not_a_file")):
        with pytest.raises(Refused) as refusal:
            list(table_csv.read(path))
        assert refusal.value.code == code


@pytest.mark.parametrize("value", [
    None, [], [[1, []]], [[0, ["a"]]], [["1", ["a"]]], [[1, [1]]], [[1, ["a\0"]]], [[1, ["a"]], [1, ["b"]]], [[1, ["\ud800"]]],
    [[1, ["a"], 2]], [[2**40, ["a"]]],
])  # fmt: skip
def test_a_child_that_lies_is_not_believed(value: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty batch is a table without headings; everything else is no answer of ours."""

    def lies(*_args: object) -> object:
        yield value

    monkeypatch.setattr(records, "read", lies)
    with pytest.raises(Refused) as refusal:
        list(table_csv.read(b"a\r\n"))
    assert refusal.value.code == ("table.empty" if value == [] else "format.child")


@pytest.mark.parametrize(("answer", "code"), [
    ({"refused": "table.quotes", "row": 3, "column": 0}, "table.quotes"), ({"refused": "made up", "row": 0, "column": 0}, "format.child"),
    ({"refused": "table.quotes", "row": -1, "column": 0}, "format.child"), ({"refused": 1, "row": 0, "column": 0}, "format.child"),
    ("value", "format.child"), ({}, "format.child"),
])  # fmt: skip
def test_only_our_own_refusals_are_passed_on(answer: object, code: str) -> None:
    assert records._refusal(answer, table_csv.LINES).code == code


def test_the_child_can_open_nothing_while_it_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    from valise.formats import confined

    foul = (
        "import sys\nfrom valise.formats import child, wire\nrequest = wire.get(sys.stdin.buffer)\n"
        "child.confine(request['memory'], request['cpu'], request['wall'])\n"
        "try:\n    open('/etc/hostname')\n    wire.put(sys.stdout.buffer, {'value': [[1, ['opened']]]})\n"
        "except OSError:\n    wire.put(sys.stdout.buffer, {'value': [[1, ['refused']]]})\n"
        "wire.put(sys.stdout.buffer, {'end': True})\n"
    )
    import sys

    monkeypatch.setattr(confined, "command", lambda: [sys.executable, "-I", "-c", foul])
    assert [one.cells for one in table_csv.read(b"a\r\n")] == [("refused",)]
    assert wire.MAX_FRAME > table_csv._BATCH_SIZE + table_csv.MAX_LINE
