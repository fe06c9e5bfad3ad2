"""Entries of the directory and rounds for tests, over real vaults."""

from __future__ import annotations

from typing import Any

from valise.desk.desk import Desk
from valise.desk.door_pings import RoundRow

HOUR = 3_600_000
DAY = 24 * HOUR
MARKING = "TLP:AMBER"


def fields(state: str, category: str = "technical", **more: str | list[str]) -> dict[str, list[str]]:
    """Values of a whole entry; `more` in their place."""
    given: dict[str, Any] = {
        "state": state, "directory": "UN-Global", "category": category, "entry_kind": "role", "institution": f"{category} office of {state}",
        "official_position": "Duty officer", "email": f"{category}@{state.casefold()}.example", "phone": "+41225550100",
        "languages": ["en", "fr"], "hours": "Mo-Fr 09:00-17:00", "time_zone": "Europe/Zurich", "source_document": "Note 12/2026",
        "valid_from": "2026-01-15", "review": "2027-01-15", "marking": MARKING, "status": "active",
        "preferred_channel": "telephone",
    }  # fmt: skip
    given |= more
    return {name: [value] if isinstance(value, str) else value for name, value in given.items() if value}


def entry(desk: Desk, state: str, category: str = "technical", **more: str | list[str]) -> str:
    """A new entry; its row key."""
    return desk.registers.new_row("contacts", fields(state, category, **more)).row


def opened(desk: Desk, contacts: list[str], title: str = "First round 2026", days: int = 7, **more: Any) -> str:
    return desk.pings.open(title, due=desk.context.clock.now() + days * DAY, contacts=contacts, **more)


def rows(desk: Desk, round: str) -> dict[str, RoundRow]:
    """Rows of a round by State."""
    return {one.state: one for one in desk.pings.round(round).rows}
