"""Needs and offers of capacity-building that go together, and what donors give in all. Nothing is weighed or ranked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from valise.domain.register.values import order, sort_key

Cells = Mapping[str, tuple[str, ...]]
OPEN: Final = ("", "open")  # statuses of an offer that can still be taken up
EVERYWHERE: Final = "global"
COUNTED: Final = ("", "planned", "under_way", "done")  # statuses of a project whose amount counts


@dataclass(frozen=True, slots=True)
class Total:
    """What one donor gives in one currency (ISO 4217), over so many projects."""

    donor: str
    currency: str
    amount: Decimal
    projects: int


def fits(need: Cells, offer: Cells, today: str) -> bool:
    """Whether an offer answers a need: a topic in common, and no region or form that says otherwise; not closed, not past.
    `today` YYYY-MM-DD. Where nobody named a region or a form, any will do."""
    until = _one(offer, "until")
    return (
        _one(offer, "status") in OPEN
        and not (until and until < today)
        and bool(set(need.get("topics", ())) & set(offer.get("topics", ())))
        and _meet(need.get("regions", ()), offer.get("regions", ()))
        and _meet(need.get("form", ()), offer.get("form", ()))
    )


def totals(projects: Iterable[Cells]) -> list[Total]:
    """By donor and currency, in the order in which rows are sorted by name; sums of several currencies are never put together."""
    made: dict[tuple[str, str], Total] = {}
    for one in projects:
        donor, currency = _one(one, "donor"), _one(one, "currency").upper()
        try:
            amount = Decimal(_one(one, "amount"))
        except InvalidOperation:
            continue
        if not donor or _one(one, "status") not in COUNTED:
            continue
        key = " ".join(donor.casefold().split()), currency
        before = made.get(key, Total(donor, currency, Decimal(0), 0))
        made[key] = Total(before.donor, currency, before.amount + amount, before.projects + 1)
    return [made[key] for key in sorted(made, key=lambda one: (order(sort_key(one[0])), *one))]


def _one(cells: Cells, column: str) -> str:
    return next(iter(cells.get(column, ())), "")


def _meet(wanted: tuple[str, ...], given: tuple[str, ...]) -> bool:
    return not wanted or not given or EVERYWHERE in (*wanted, *given) or bool(set(wanted) & set(given))
