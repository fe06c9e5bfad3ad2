"""Four delegations with an incident between them."""

from __future__ import annotations

from typing import Any

from tests.world import World

from valise.desk.desk import Desk

HOUR = 3_600_000
DAY = 24 * HOUR


def form(desk: Desk, **more: Any) -> dict[str, Any]:
    """A form that can be sent, as a careful officer fills it in."""
    made = desk.incidents.blank() | {
        "message_type": "request for assistance",
        "title": "Wiper on control stations of a water utility",
        "status": "ongoing",
        "sectors": ["water"],
        "critical_infrastructure": "yes",
        "impact": "Two districts get water by tank lorry.",
        "description": "Control stations restart and lose their settings since 03:10 UTC.",
        "requested_actions": ["information", "expert assistance"],
    }
    return made | more


def report(world: World, room: str, code: str = "XA", **more: Any) -> str:
    """Somebody reports it in a room, and everybody hears of it."""
    desk = world[code]
    made = desk.incidents.open(room, form(desk, **more))
    world.exchange()
    return made


def hashes(world: World, incident: str, *codes: str) -> set[str]:
    return {world[code].incidents.one(incident).hash for code in codes or tuple(world.desks)}
