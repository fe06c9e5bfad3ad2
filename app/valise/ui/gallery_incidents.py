"""Pictures of the screen of incidents, for the documents: a request, an exercise, the form, and what leaves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from PySide6.QtGui import QImage

from valise.desk.door import Door
from valise.ui.gallery import Scenes, picture, until
from valise.ui.incidents import IncidentsScreen

_HOURS = 3_600_000
REPORTED: dict[str, Any] = {
    "message_type": "request for assistance", "title": "Control stations of a water utility lose their settings", "status": "ongoing",
    "sectors": ["water"], "critical_infrastructure": "yes", "impact": "Two districts get water by tank lorry.",
    "description": "Control stations restart and lose their settings since 03:10 UTC. The vendor's updates are not involved.",
    "requested_actions": ["information", "expert assistance"], "national_marking": "AURELIA OFFICIAL", "urgency": "priority",
}  # fmt: skip


def stage(door: Door) -> tuple[str, str]:
    """(a request of ours, an exercise), reported in the first room there is, unless they are there."""
    there = {one.exercise: one.id for one in door.incidents.all() if one.own}
    room = door.incidents.places()[0].room
    for exercise in (False, True):
        if exercise not in there:
            form = door.incidents.blank() | REPORTED | {"exercise": int(exercise)}
            if exercise:
                form |= {"title": "Ferry terminals cannot sell tickets", "sectors": ["transport"], "national_marking": ""}
            there[exercise] = door.incidents.open(room, form)
    task = there[False]
    if not door.incidents.one(task).inside.tasks:
        door.incidents.task(task, "Ask the utility for its logs", due=door.incidents.one(task).row.at + 6 * _HOURS)
    return there[False], there[True]


def views(scenes: Scenes) -> Iterator[tuple[str, QImage]]:
    """The page, an exercise, the form, and the look before it leaves."""
    window = scenes.window
    request, exercise = stage(window.door)
    for name, incident in (("incident", request), ("exercise", exercise)):
        window.go("incidents", incident)
        scenes.rest()
        yield name, picture(window)
    screen = window.made("incidents")
    assert isinstance(screen, IncidentsScreen)
    screen.new()
    for key, value in REPORTED.items():
        screen.report.fields[key].set_value(value)
    scenes.rest()
    yield "incident-form", picture(window)
    screen.report.look()
    until(lambda: screen.report._dialog is not None and screen.report._dialog.isVisible())
    dialog = screen.report._dialog
    assert dialog is not None
    scenes.rest()
    yield "incident-leaves", picture(window, dialog)
    dialog.reject()
    screen.report.drop.click()
    scenes.rest()
