"""Pictures of the directory of points of contact, for the documents: an entry, a round, the plot."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtGui import QImage

from valise.desk.door import Door
from valise.ui.contacts.directory.both import ContactsScreen
from valise.ui.gallery import Scenes, picture

_DAY = 86_400_000  # ms
# State, category, office, zone, minutes until it answered by telephone (0: it did not)
ENTRIES = (
    ("XB", "technical", "National computer emergency team", "Europe/Zurich", 0),
    ("XC", "diplomatic", "Ministry of Foreign Affairs", "Pacific/Auckland", 40),
    ("XD", "technical", "Office for digital security", "America/Lima", 1_560),
    ("XF", "technical", "National computer emergency team", "Asia/Tokyo", 0),
)


def stage(door: Door, now: int) -> None:
    """Entries, and a round of which some is known, unless they are there."""
    if door.pings.entries():
        return
    made: dict[str, int] = {}
    for state, category, office, zone, minutes in ENTRIES:
        row = door.registers.new_row("contacts", {
            "state": [state], "directory": ["UN-Global"], "category": [category], "entry_kind": ["role"], "institution": [office],
            "official_position": ["Duty officer"], "email": [f"{category}@{state.casefold()}.example"], "phone": ["+41 22 555 01 00"],
            "languages": ["en", "fr"], "hours": ["Mo-Fr 09:00-17:00"], "time_zone": [zone], "source_document": ["Note verbale 12/2026"],
            "valid_from": ["2026-01-15"], "review": ["2027-06-15"], "marking": ["TLP:AMBER"], "status": ["active"],
            "preferred_channel": ["telephone"],
        })  # fmt: skip
        made[row.row] = minutes
    round = door.pings.open("Second round 2026", due=now + 14 * _DAY, contacts=list(made), forum="Global directory")
    asked = door.pings.round(round).head.at
    for contact, minutes in made.items():
        if minutes:
            then = asked - 2 * _DAY
            door.pings.record(round, contact, "answered", channel="telephone", asked_at=then, at=then + minutes * 60_000)


def views(scenes: Scenes, now: int) -> Iterator[tuple[str, QImage]]:
    """An entry with the hour it is there, the round, and reachability."""
    window = scenes.window
    stage(window.door, now)
    scenes.rest()
    screen = window.made("contacts")
    assert isinstance(screen, ContactsScreen)
    window.go("contacts", f"contacts/{window.door.pings.entries()[1].contact}")
    scenes.rest()
    for name in ("entry", "rounds", "reach"):
        screen.directory.show_tab(name)
        scenes.rest()
        yield f"directory-{name}", picture(window)
