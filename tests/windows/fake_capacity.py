"""Needs, offers and totals of the fake door."""

from __future__ import annotations

from decimal import Decimal

from fake_door import FakeDoor, Part, recorded

from valise.desk.door_registers import Cell, Place, Row
from valise.domain.register.matching import Total


def row(register: str, key: str, title: str) -> Row:
    return Row(1, Place(register, key), title, {"name": Cell((title,), title)}, False, False, 0, "")


class FakeCapacity(Part):
    part = "capacity"

    def __init__(self, desk: FakeDoor) -> None:
        super().__init__(desk)
        self.given: list[Total] = []
        self.found: list[Row] = []

    @recorded
    def matches(self, place: Place, language: str = "en") -> list[Row]:
        return list(self.found)

    @recorded
    def totals(self) -> list[Total]:
        return list(self.given)

    def some(self) -> None:
        """For the tests: two offers that go with any need, and what two donors give."""
        self.found = [row("capacity.offers", "o1", "Course <b>one</b>"), row("capacity.offers", "o2", "Training")]
        self.given = [Total("Aurelia", "CHF", Decimal("7"), 1), Total("Aurelia", "EUR", Decimal("1000.75"), 2), Total("Borovia", "EUR", Decimal("9000"), 1)]
