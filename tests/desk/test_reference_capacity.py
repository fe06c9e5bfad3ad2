"""Needs and offers that go together, and totals by donor, in a real vault."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

import pytest
from tests.world import World

from valise.desk.capacity import CapacityDesk
from valise.desk.door_registers import Place
from valise.domain.errors import NotAllowed
from valise.domain.register.matching import Total, totals


@pytest.fixture
def capacity(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CapacityDesk]:
    world = World(tmp_path_factory.mktemp("capacity"), ("XA",))
    yield world["XA"].capacity
    world.close()


def need(desk: CapacityDesk, name: str, **cells: Sequence[str]) -> Place:
    return desk.registers.new_row("capacity.needs", {"state": ["XB"], "need": [name], "topics": ["norms"], **cells})


def offer(desk: CapacityDesk, name: str, **cells: Sequence[str]) -> Place:
    return desk.registers.new_row("capacity.offers", {"provider": ["Institute"], "offer": [name], "topics": ["norms", "law"], **cells})


def names(desk: CapacityDesk, place: Place) -> list[str]:
    return [row.title.split(" · ")[-1] for row in desk.matches(place)]


def test_what_has_a_topic_and_a_region_in_common_goes_together_both_ways(capacity: CapacityDesk) -> None:
    africa = need(capacity, "Course", regions=["africa"], form=["training"])
    anywhere = need(capacity, "Advice")
    crime = need(capacity, "Forensics", topics=["crime"])
    everywhere = offer(capacity, "Everywhere", regions=["global"])
    europe = offer(capacity, "Europe", regions=["europe"])
    offer(capacity, "Equipment", regions=["africa"], form=["equipment"])
    offer(capacity, "Closed", status=["closed"])
    offer(capacity, "Past", until=["2026-12-08"])
    offer(capacity, "Today", until=["2026-12-09"])
    assert names(capacity, africa) == ["Everywhere", "Today"]
    assert names(capacity, anywhere) == ["Equipment", "Europe", "Everywhere", "Today"]
    assert names(capacity, crime) == []
    assert names(capacity, europe) == ["Advice"] and names(capacity, everywhere) == ["Advice", "Course"]
    capacity.registers.take_out(everywhere)
    assert names(capacity, africa) == ["Today"]
    with pytest.raises(NotAllowed) as caught:
        capacity.matches(Place("forums", "gm"))
    assert caught.value.code == "register.row"


def test_totals_are_by_donor_and_currency_and_leave_out_what_was_given_up(capacity: CapacityDesk) -> None:
    for name, donor, amount, currency, status in (
        ("A", "Aurelia", "1000.50", "EUR", "done"), ("B", " aurelia", "0.25", "eur", "planned"), ("C", "Aurelia", "7", "CHF", "under_way"),
        ("D", "Aurelia", "9000", "EUR", "dropped"), ("E", "Borovia", "3", "EUR", "done"),
    ):  # fmt: skip
        capacity.registers.new_row(
            "projects", {"name": [name], "donor": [donor], "amount": [amount], "currency": [currency], "status": [status]}
        )
    capacity.registers.new_row("projects", {"name": ["F"], "donor": ["Borovia"], "status": ["done"]})
    assert capacity.totals() == [
        Total("Aurelia", "CHF", Decimal(7), 1), Total("Aurelia", "EUR", Decimal("1000.75"), 2), Total("Borovia", "EUR", Decimal(3), 1),
    ]  # fmt: skip
    assert totals([{"donor": ("X",), "amount": ("many",)}, {}]) == []


def test_totals_and_matches_stand_as_rows_are_sorted_accents_aside(capacity: CapacityDesk) -> None:
    given = [{"donor": (one,), "currency": ("EUR",), "amount": ("1",)} for one in ("Zeta", "Écho", "Fonds", "eastmark")]
    assert [one.donor for one in totals(given)] == ["eastmark", "Écho", "Fonds", "Zeta"]
    for name in ("Zeta", "Écho", "Fonds"):
        offer(capacity, name)
    assert names(capacity, need(capacity, "Course")) == ["Écho", "Fonds", "Zeta"]
