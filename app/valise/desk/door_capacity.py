"""The door to capacity-building: which offers go with a need, which needs with an offer, and totals by donor."""

from __future__ import annotations

from typing import Protocol

from valise.desk.door_registers import Place, Row
from valise.domain.register.matching import Total


class Capacity(Protocol):
    """Queries that go through whole registers: run beside the window. Nothing is weighed or ranked; a person links what goes
    together."""

    def matches(self, place: Place, language: str = "en") -> list[Row]:
        """Open offers that go with a need (`capacity.needs`), or needs that go with an offer (`capacity.offers`), by title.
        NotAllowed("register.row")."""
        ...

    def totals(self) -> list[Total]:
        """What each donor gives over the `projects` that were not given up, by donor and currency in the order of their letters;
        sums of several currencies are never put together."""
        ...
