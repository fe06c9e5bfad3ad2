"""Capacity-building: which offers go with a need, which needs with an offer, and totals by donor."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from valise.desk.context import Context
from valise.desk.door_registers import Place, Row
from valise.desk.registers import RegistersDesk
from valise.domain.errors import NotAllowed
from valise.domain.register import matching
from valise.domain.register import values as v
from valise.domain.register.matching import Cells, Total

NEEDS: Final = "capacity.needs"
OFFERS: Final = "capacity.offers"
PROJECTS: Final = "projects"
_PAGE: Final = 512


class CapacityDesk:
    """Reads the registers of needs, offers and projects; writes nothing: a person links what goes together."""

    def __init__(self, context: Context, registers: RegistersDesk) -> None:
        self.context = context
        self.registers = registers

    def matches(self, place: Place, language: str = "en") -> list[Row]:
        """The offers that go with a need, or the needs that go with an offer, by title. NotAllowed("register.row")."""
        if place.register not in (NEEDS, OFFERS):
            raise NotAllowed("register.row", "this row is neither a need nor an offer")
        today = datetime.fromtimestamp(self.context.clock.now() / 1000, UTC).date().isoformat()
        ours = _cells(self.registers.row(place, language))
        if place.register == NEEDS:
            found = [one for one in self._rows(OFFERS, language) if matching.fits(ours, _cells(one), today)]
        else:
            found = [one for one in self._rows(NEEDS, language) if matching.fits(_cells(one), ours, today)]
        return sorted(found, key=lambda one: (v.order(v.sort_key(one.title)), one.place.row))

    def totals(self) -> list[Total]:
        """What each donor gives, by currency, over the projects that were not given up."""
        return matching.totals(_cells(one) for one in self._rows(PROJECTS, "en"))

    def _rows(self, register: str, language: str) -> Iterator[Row]:
        ids = self.registers.ids(register)
        for start in range(0, len(ids), _PAGE):
            yield from self.registers.page(ids[start : start + _PAGE], language)


def _cells(row: Row) -> Cells:
    return {name: cell.values for name, cell in row.cells.items()}
