"""Norms and measures: a page each, the matrices of States, one key between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from fake_door import FakeDoor
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from registers_hands import ALT, CTRL, SHIFT, Hands, K, open_registers
from walk import nameless

from valise.desk.views import Changes
from valise.ui import theme
from valise.ui.commitments import CommitmentsScreen, said
from valise.ui.registers.asking import CellDialog
from valise.ui.registers.lines import LinePainter

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture
def hands(qtbot: Any, worn: theme.Theme) -> Iterator[Hands]:
    yield from open_registers(qtbot, FakeDoor(), CommitmentsScreen)


def test_every_instrument_has_its_matrix_and_its_items(hands: Hands) -> None:
    rows = hands.screen.list.model.rows
    assert [one.definition.id for one in rows if one.head] == ["norms", "cbm.global"]
    assert sum(one.item is not None for one in rows) == 11 + 8
    assert hands.page.item.id == "a" and hands.screen.stack.currentWidget() is hands.page
    assert nameless(hands.screen) == []


@pytest.mark.parametrize("wide", [200, 248, 420])
def test_every_line_of_the_list_is_read_whole(hands: Hands, wide: int) -> None:
    lines = hands.screen.list
    hands.screen.split.setSizes([wide, 1076 - wide])
    painter = lines.list.itemDelegate()
    assert isinstance(painter, LinePainter)

    def fits(n: int) -> bool:
        said = painter.words(lines.model.rows[n], lines.list.viewport().width(), Qt.LayoutDirection.LeftToRight)
        spare = lines.list.visualRect(lines.model.index(n)).height() - said.tall()
        return not said.cut and 10 <= spare < 20

    hands.qtbot.waitUntil(lambda: all(fits(n) for n in range(lines.model.rowCount())))  # laid out again at that width


def test_a_search_opens_the_page_of_a_norm(hands: Hands) -> None:
    hands.screen.open_ref("norms/f")
    hands.settled()
    page = hands.page
    assert page.symbol.text() == "A/70/174, para. 13 (f)" and "Norm (f)" in page.title.plain()
    assert page.summary.plain() == "What norm (f) asks for, in our own words."
    assert hands.screen.list.current().item.id == "f"
    assert page.isAncestorOf(QApplication.focusWidget())


@pytest.mark.parametrize(("item", "quoted"), [("c", True), ("b", False), ("a", False)])
def test_only_compared_text_stands_as_a_quotation(hands: Hands, item: str, quoted: bool) -> None:
    hands.screen.open_ref(f"norms/{item}")
    hands.settled()
    page = hands.page
    assert ("“" in page.text.plain()) is quoted
    if item == "b":  # from memory: a summary, and it says so
        assert page.text_head.plain() == "Summary of the text" and "not to be quoted" in page.text_note.plain()
    if item == "a":
        assert not page.text.isVisible() and "Import" in page.text_note.plain()
        went: list[tuple[str, str]] = []
        hands.screen.go.connect(lambda screen, ref: went.append((screen, ref)))
        page.text_button.click()
        assert went == [("library", "A/70/174, para. 13 (a)")]


@pytest.mark.parametrize("status", ["recollected", "summary", "", "verified in part", "nobody knows"])
def test_whatever_is_not_verified_is_never_quoted(hands: Hands, status: str) -> None:
    item = replace(hands.door.registers.known["norms"].items[2], text_status=status)
    assert not said.official(item).quoted and "“" not in said.official(item).text


def test_our_own_implementation_by_action_and_office(hands: Hands) -> None:
    hands.screen.open_ref("norms/c")
    hands.settled()
    words = [one.text().strip("\u2068\u2069") for one in hands.page.own.findChildren(QLabel)]
    for wanted in ("Decree on infrastructure", "Cyber office", "Action", "Responsible office"):
        assert wanted in words
    hands.key(K.Key_W, CTRL | SHIFT)
    hands.settled()
    assert hands.screen.rows.row_page.place.row == "XA/c"
    hands.key(K.Key_Escape)
    hands.settled()
    assert hands.screen.stack.currentWidget() is hands.page and hands.page.item.id == "c"


def test_who_has_stated_what_is_in_the_order_of_names(hands: Hands) -> None:
    hands.screen.open_ref("norms/c")
    hands.settled()
    model = hands.page.model
    places = [model.row(n).place.row for n in range(model.rowCount())]
    assert places == sorted(places) and all(one.endswith("/c") for one in places) and len(places) > 5
    hands.page.table.setFocus()
    hands.key(K.Key_Down)
    hands.key(K.Key_Return)
    hands.settled()
    assert hands.screen.rows.row_page.place.row == places[1]


@pytest.mark.parametrize("title", ["Date of the statement", "Date de la déclaration"])
def test_no_heading_is_cut_where_the_window_is_as_it_opens(hands: Hands, title: str) -> None:
    page = hands.page
    hands.screen.open_ref("norms/b")
    hands.settled()
    hands.screen.resize(1076, 772)  # beside the sidebar, in a window of 1280
    table, head = page.table, page.table.horizontalHeader()
    page.model.show(page.model.pages.ids, [replace(one, title=title) if one.id == "date" else one for one in page.model.columns])
    table.lay()
    page._fit()
    hands.settled()
    for place, column in enumerate(page.model.columns):
        if not head.isSectionHidden(place):
            where = QRect(0, 0, head.sectionSize(place) - 12, head.height() - 12)  # the padding of the stylesheet
            needed = head.fontMetrics().boundingRect(where, int(Qt.TextFlag.TextWordWrap), column.title)
            assert where.width() >= needed.width() and where.height() >= needed.height(), column.title
    assert head.textElideMode() == Qt.TextElideMode.ElideNone
    assert page.model.headerData(2, Qt.Orientation.Horizontal, int(Qt.ItemDataRole.TextAlignmentRole)) & Qt.Alignment(Qt.TextFlag.TextWordWrap)


def test_our_assessment_is_another_table_in_a_frame(hands: Hands) -> None:
    hands.screen.open_ref("norms/c")
    hands.settled()
    hands.page.use_side("assessed")
    hands.settled()
    assert hands.page.frame.banner.isVisible() and hands.page.model.rowCount() == 1
    assert hands.page.model.row(0).place.side == "assessed"
    hands.screen.open_ref("norms/d")
    hands.settled()
    assert hands.page.empty.isVisible()


def test_reviews_due_are_one_press_away(hands: Hands) -> None:
    hands.screen.open_ref("norms/c")
    hands.settled()
    assert hands.page.due.isVisible() and "1" in hands.page.due.text()
    hands.page.due.click()
    hands.settled()
    assert [hands.page.model.row(n).place.row for n in range(hands.page.model.rowCount())] == ["XA/c"]


def test_one_key_leads_to_the_matrix_and_back(hands: Hands) -> None:
    hands.screen.open_ref("norms/f")
    hands.settled()
    hands.key(K.Key_M, CTRL)
    hands.settled()
    rows = hands.screen.rows
    assert hands.screen.stack.currentWidget() is rows and rows.widget() is rows.matrix
    assert rows.matrix.place().row == "XA/f" and rows.matrix.first().hasFocus()
    hands.key(K.Key_Right)
    hands.key(K.Key_M, CTRL)
    hands.settled()
    assert hands.screen.stack.currentWidget() is hands.page and hands.page.item.id == "g"


def test_a_status_is_set_from_the_matrix_and_the_page_follows(hands: Hands) -> None:
    hands.screen.open_ref("norms/a")
    hands.settled()
    hands.key(K.Key_M, CTRL)
    hands.settled()
    hands.key(K.Key_Return)
    dialog = hands.dialog(CellDialog)
    dialog.choices["partial"].setChecked(True)
    QTest.keyClicks(dialog.asked["date"].focusProxy(), "2026-11-20")
    QTest.keyClicks(dialog.asked["author"].focusProxy(), "Our ministry")
    dialog.keep.click()
    hands.settled()
    hands.key(K.Key_Escape, widget=hands.screen.rows.matrix.first())
    hands.settled()
    assert hands.page.item.id == "a"
    assert any(one.text().strip("\u2068\u2069") == "◐ In part" for one in hands.page.own.findChildren(QLabel))


def test_keys_go_from_item_to_item_over_instruments(hands: Hands) -> None:
    hands.screen.open_ref("norms/k")
    hands.settled()
    hands.key(K.Key_Down, ALT)
    hands.settled()
    assert (hands.page.definition.id, hands.page.item.id) == ("cbm.global", "UN-CBM-1")
    hands.key(K.Key_Up, ALT)
    hands.settled()
    assert hands.page.item.id == "k"


def test_words_narrow_the_list_by_symbol_and_summary(hands: Hands) -> None:
    hands.screen.find()
    QTest.keyClicks(hands.screen.list.box, "13 (h)")
    assert [one.item.id for one in hands.screen.list.model.rows if one.item] == ["h"]
    hands.key(K.Key_Return, widget=hands.screen.list.box)
    hands.settled()
    assert hands.page.item.id == "h"


def test_a_register_and_a_row_open_by_reference(hands: Hands) -> None:
    hands.screen.open_ref("cbm.global")
    hands.settled()
    assert hands.screen.rows.definition.id == "cbm.global" and hands.screen.rows.widget() is hands.screen.rows.matrix
    hands.screen.open_ref("norms/assessed//XB/c")
    hands.settled()
    assert hands.screen.rows.row_page.place.side == "assessed"
    hands.screen.open_ref("unknown/x")


def test_what_changes_elsewhere_is_shown(hands: Hands) -> None:
    hands.screen.open_ref("norms/a")
    hands.settled()
    before = hands.page.model.rowCount()
    hands.door.registers._put("norms", "XA/a", "stated", status="planned", date="2026-11-01")
    hands.door.touch(Changes(registers=frozenset({"norms"})))
    hands.settled()
    hands.settled()
    assert hands.page.model.rowCount() == before + 1


def test_it_mirrors_and_says_no_word_it_must_not(qtbot: Any, right_to_left: None) -> None:
    for hands in open_registers(qtbot, FakeDoor(), CommitmentsScreen):
        hands.screen.open_ref("norms/c")
        hands.settled()
        left, right = hands.page.scroll, hands.page.frame
        assert left.mapTo(hands.screen, left.rect().center()).x() > right.mapTo(hands.screen, right.rect().center()).x()
        words = " ".join(one.text() for one in hands.screen.findChildren(QLabel)).casefold()
        assert "complian" not in words and "%" not in words and "rank" not in words
