"""Needs and offers that go together, and totals by donor, on a fake door."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from fake_capacity import row
from fake_door import FakeDoor
from fake_registers import w
from PySide6.QtCore import QLocale
from registers_hands import Hands, K, open_registers
from walk import nameless

from valise.desk.door_registers import Place
from valise.domain.errors import NotAllowed
from valise.domain.register.definition import Column, Definition
from valise.domain.register.matching import Total
from valise.ui import theme
from valise.ui.registers import said

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)
NEEDS, OFFERS, PROJECTS = "capacity.needs", "capacity.offers", "projects"


@pytest.fixture
def hands(qtbot: Any, worn: theme.Theme) -> Iterator[Hands]:
    door = FakeDoor()
    for register in (NEEDS, OFFERS, PROJECTS):
        door.registers.known[register] = Definition(
            register, w(register), ("record",), (Column("name", "text", w("Name")),), title_columns=("name",)
        )
        door.registers._put(register, "o1", "stated", name=f"One of {register}")
    door.capacity.some()
    yield from open_registers(qtbot, door)


@pytest.mark.parametrize(("register", "words"), [(NEEDS, "Offers that go with this need: 2"), (OFFERS, "Needs that go with this offer: 2")])
def test_under_a_row_stands_what_goes_with_it(hands: Hands, register: str, words: str) -> None:
    hands.register(register)
    hands.page.open_row(Place(register, "o1"))
    hands.settled()
    matches = hands.page.row_page.matches
    assert matches.isVisible() and matches.head.plain() == words and nameless(hands.page.row_page) == []
    assert [matches.list.item(n).text().strip("\u2068\u2069") for n in range(2)] == ["Course <b>one</b>", "Training"]
    went: list[tuple[str, str]] = []
    hands.page.went.connect(lambda screen, ref: went.append((screen, ref)))
    matches.list.setFocus()
    matches.list.setCurrentRow(1)
    hands.key(K.Key_Return)
    assert went == [("registers", "capacity.offers/stated//o2")]


def test_what_goes_together_stands_in_the_order_of_the_language(hands: Hands) -> None:
    titles = ["Zambie · Cours", "École · Cours", "Eau 10", "Eau 9", "Étude · Cours"]
    hands.door.capacity.found = [row(OFFERS, f"o{n}", title) for n, title in enumerate(titles)]
    hands.door.capacity.given = [Total(one, "EUR", Decimal(1), 1) for one in ("Zambie", "Égypte", "Fidji")]
    before = QLocale()
    QLocale.setDefault(QLocale("fr"))
    try:
        hands.register(NEEDS)
        hands.page.open_row(Place(NEEDS, "o1"))
        hands.settled()
        there = hands.page.row_page.matches.list
        assert [there.item(n).text().strip("\u2068\u2069") for n in range(there.count())] == [
            "Eau 9", "Eau 10", "École · Cours", "Étude · Cours", "Zambie · Cours",
        ]  # fmt: skip
        hands.page.back()
        hands.register(PROJECTS)
        table = hands.page.totals.table
        assert [table.item(n, 0).text().strip("\u2068\u2069") for n in range(3)] == ["Égypte", "Fidji", "Zambie"]
    finally:
        QLocale.setDefault(before)


def test_nothing_that_goes_with_it_is_said_and_other_rows_have_none_of_it(hands: Hands) -> None:
    hands.door.capacity.found = []
    hands.register(NEEDS)
    hands.page.open_row(Place(NEEDS, "o1"))
    hands.settled()
    matches = hands.page.row_page.matches
    assert matches.none.isVisible() and not matches.list.isVisible()
    hands.page.back()
    hands.register("correspondence")
    hands.page.open_row(Place("correspondence", "r0"))
    hands.settled()
    assert not matches.isVisible() and len(hands.door.called("capacity.matches")) == 1


@pytest.mark.parametrize("register", [OFFERS, PROJECTS])
def test_totals_stand_in_the_order_of_letters(hands: Hands, register: str) -> None:
    hands.register(register)
    table = hands.page.totals.table
    assert hands.page.totals.isVisible() and nameless(hands.page) == []
    lines = [[table.item(n, m).text().strip("\u2068\u2069") for m in range(4)] for n in range(table.rowCount())]
    assert lines == [["Aurelia", "CHF", "7", "1"], ["Aurelia", "EUR", "1,000.75", "2"], ["Borovia", "EUR", "9,000", "1"]]
    assert table.verticalScrollBar().maximum() == 0  # three lines have room
    hands.register("correspondence")
    assert not hands.page.totals.isVisible()
    hands.door.capacity.given = []
    hands.register(register)
    assert not hands.page.totals.isVisible()


def test_what_the_desk_refuses_is_said(hands: Hands) -> None:
    hands.door.fail("capacity.matches", NotAllowed("register.row"))
    hands.register(NEEDS)
    hands.page.open_row(Place(NEEDS, "o1"))
    hands.settled()
    assert hands.page.row_page.bar.isVisible() and not hands.page.row_page.matches.isVisible()


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("en_US", "1000.75", "1,000.75"), ("fr_FR", "1234567.5", "1\u202f234\u202f567,5"), ("es_ES", "-0.05", "-0,05"),
        ("ru_RU", "7", "7"), ("en_US", "12345678901234567890.1", "12345678901234567890.1"),
    ],
)  # fmt: skip
def test_an_amount_is_written_as_the_language_writes_numbers(name: str, value: str, words: str) -> None:
    before = QLocale()
    try:
        QLocale.setDefault(QLocale(name))
        assert said.amount(Decimal(value)) == words
    finally:
        QLocale.setDefault(before)
