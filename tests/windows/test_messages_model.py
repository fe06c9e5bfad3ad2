"""Markup that cannot become anything else, and a model that holds a window of any number of messages."""

from __future__ import annotations

from dataclasses import replace

import fake_data as d
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QAbstractListModel, QPersistentModelIndex
from PySide6.QtGui import QFont

from valise.desk.views import MessageRow
from valise.ui.messages import markup
from valise.ui.messages.files import suggested
from valise.ui.messages.listing import ITEM, Listing
from valise.ui.messages.model import KEPT, LEAST, NEW_DAY, PAGE, ROW, WINDOW, MessageModel


def styles(line: str) -> list[tuple[str, str]]:
    return [
        (run.text, "strong" * run.strong + "emphasis" * run.emphasis)
        for block in markup.parse(line)
        for run in block.runs
    ]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("a *b* c", [("a ", ""), ("b", "emphasis"), (" c", "")]),
        ("**b**", [("b", "strong")]),
        ("**a *b* c**", [("a ", "strong"), ("b", "strongemphasis"), (" c", "strong")]),
        ("2 * 3 * 4", [("2 * 3 * 4", "")]),
        ("*open", [("*open", "")]),
        ("a** b **c", [("a** b **c", "")]),
        ("***", [("***", "")]),
        ("****", [("****", "")]),
        ("**x*", [("**x*", "")]),
        ("<b>x</b> &amp; [a](https://example.org)", [("<b>x</b> &amp; [a](https://example.org)", "")]),
    ],
)
def test_only_stars_in_pairs_mean_anything(line: str, wanted: list[tuple[str, str]]) -> None:
    assert styles(line) == wanted


@given(st.text(alphabet="ab *-\n<>&א", max_size=80))
def test_no_character_is_lost_except_paired_stars(body: str) -> None:
    kept = markup.plain(body).replace("*", "")
    expected = "\n".join(line[2:] if line.startswith("- ") else line for line in body.rstrip("\n").split("\n"))
    assert kept == expected.replace("*", "")


def test_the_document_holds_what_was_written_and_no_markup(qapp: object) -> None:
    body = "<b>bold?</b> <img src='file:///etc/passwd'>\n- نقطة **اتصال**\nplain"
    made = markup.document(body, QFont(), 300)
    lines = made.toPlainText().split("\n")
    assert lines == ["<b>bold?</b> <img src='file:///etc/passwd'>", "• نقطة اتصال", "plain"]
    block = made.firstBlock().next()
    assert block.textDirection().name == "RightToLeft"
    assert made.firstBlock().textDirection().name == "LeftToRight"
    assert not made.firstBlock().begin().fragment().charFormat().isAnchor()


def test_direction_cannot_be_steered_from_inside() -> None:
    assert markup.safe("a\u202eb\u2067c\u2028d") == "abc\nd"
    assert markup.file_name("annex\u202excod.exe") == "annex\ufffdxcod.exe"
    assert suggested("../../etc/passwd") == "_.._etc_passwd"
    assert suggested("\u202e") == "_"
    assert suggested("...") == "file"


class Source:
    """A thread of `count` messages that counts what is read."""

    def __init__(self, count: int) -> None:
        self.rows = [
            d._message(f"n{n}", d.GROUP, d.THREAD, "XB", f"Message {n}", (count - n) * 60_000) for n in range(count)
        ]
        self.reads: list[tuple[int, int]] = []

    def __call__(self, offset: int, limit: int) -> list[MessageRow]:
        self.reads.append((offset, limit))
        return self.rows[offset : offset + limit]


class Endless(Source):
    """100,000 messages made when asked for."""

    def __init__(self) -> None:
        super().__init__(0)
        self.count = 100_000

    def __call__(self, offset: int, limit: int) -> list[MessageRow]:
        self.reads.append((offset, limit))
        last = min(self.count, offset + limit)
        return [
            d._message(f"n{n}", d.GROUP, d.THREAD, "XB", f"Message {n}", (self.count - n) * 60_000)
            for n in range(offset, last)
        ]


def body(model: MessageModel, row: int) -> str:
    found = model.data(model.index(row), ROW)
    return found.body if found is not None else ""


def test_a_hundred_thousand_messages_are_read_a_page_at_a_time(qapp: object) -> None:
    source, model = Endless(), MessageModel(lambda row: row.body)
    model.open(source, source.count)
    assert LEAST <= model.rowCount() < LEAST + PAGE
    assert body(model, model.rowCount() - 1) == "Message 99999"
    start = model.first
    assert source.reads == [(start, PAGE)]
    for _ in range(6):
        assert model.earlier() == PAGE
        assert model.rowCount() <= WINDOW
    assert model.first == start - 6 * PAGE
    assert body(model, 0) == f"Message {start - 6 * PAGE}"
    assert all(limit == PAGE for _, limit in source.reads)
    assert len(model._pages) <= KEPT
    before = len(source.reads)
    model.to_start()
    assert (model.first, model.earlier(), body(model, 0)) == (0, 0, "Message 0")
    assert len(source.reads) - before <= 2
    while model.last < 4 * PAGE:
        assert 0 < model.later() <= PAGE
    assert model.rowCount() == WINDOW
    assert model.first == PAGE
    assert model.locate(d.ident("n99000")) == 99_000


def test_only_what_changed_is_announced(qapp: object) -> None:
    source, model = Source(10), MessageModel(lambda row: row.body)
    model.open(source, 10)
    assert [body(model, n) for n in range(10)] == [f"Message {n}" for n in range(10)]
    changed: list[int] = []
    inserted: list[tuple[int, int]] = []
    resets: list[bool] = []
    model.dataChanged.connect(lambda top, _bottom: changed.append(top.row()))
    model.rowsInserted.connect(lambda _parent, first, last: inserted.append((first, last)))
    model.modelReset.connect(lambda: resets.append(True))
    source.rows[4] = replace(source.rows[4], delivery="acknowledged")
    source.rows.append(d._message("new", d.GROUP, d.THREAD, "XC", "New", 0))
    assert model.refresh(11) is False
    assert (changed, inserted, resets) == ([4], [(10, 10)], [])
    assert body(model, 10) == "New"
    source.rows.insert(2, d._message("late", d.GROUP, d.THREAD, "XC", "Late", 60_000 * 8))
    assert model.refresh(12) is True
    assert body(model, 2) == "Late"
    assert model.find(d.ident("late")) == 2


def test_a_day_is_announced_once(qapp: object) -> None:
    rows = d.messages()[:5]
    model = MessageModel(lambda row: row.body)
    model.open(lambda offset, limit: rows[offset : offset + limit], 5)
    assert [model.data(model.index(n), NEW_DAY) for n in range(5)] == [True, False, True, False, False]


def test_a_listing_keeps_rows_that_stay(qapp: object) -> None:
    rows = Listing(lambda one: one[0], lambda one: one[1])
    assert isinstance(rows, QAbstractListModel)
    rows.follow([("a", "1"), ("b", "2"), ("c", "3")])
    kept = rows.index(2)
    persistent = QPersistentModelIndex(kept)
    changed: list[int] = []
    rows.dataChanged.connect(lambda top, _bottom: changed.append(top.row()))
    rows.follow([("x", "0"), ("a", "1"), ("c", "9")])
    assert [rows.data(rows.index(n), ITEM) for n in range(3)] == [("x", "0"), ("a", "1"), ("c", "9")]
    assert persistent.row() == 2
    assert changed == [2]
    rows.follow([])
    assert rows.rowCount() == 0
