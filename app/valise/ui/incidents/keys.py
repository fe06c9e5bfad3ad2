"""The actions of this screen."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from valise.ui.actions import ActionSpec, register

SCREEN = "incidents"
ACTS = ("acknowledge", "respond", "offer", "choose", "update", "raise", "close", "reopen")  # in the order of the page

register(
    ActionSpec("incident.acknowledge", QT_TRANSLATE_NOOP("actions", "Acknowledge receipt…"), "Ctrl+Shift+A", SCREEN,
               QT_TRANSLATE_NOOP("actions", "Say that it was received; it accepts no fact and agrees with nothing"), "check"),
    ActionSpec("incident.respond", QT_TRANSLATE_NOOP("actions", "Answer…"), "Ctrl+Shift+R", SCREEN,
               QT_TRANSLATE_NOOP("actions", "Say whether you can help and what was done"), "reply"),
    ActionSpec("incident.offer", QT_TRANSLATE_NOOP("actions", "Offer assistance…"), "Ctrl+Shift+O", SCREEN,
               QT_TRANSLATE_NOOP("actions", "Offer help to the delegation that asks"), "hand"),
    ActionSpec("incident.choose", QT_TRANSLATE_NOOP("actions", "Choose offers…"), "Ctrl+Shift+C", SCREEN,
               QT_TRANSLATE_NOOP("actions", "Say which offers your delegation takes"), "support"),
    ActionSpec("incident.update", QT_TRANSLATE_NOOP("actions", "Update…"), "Ctrl+Shift+U", SCREEN,
               QT_TRANSLATE_NOOP("actions", "Correct or add; what stood before stays in the record"), "edit"),
    ActionSpec("incident.raise", QT_TRANSLATE_NOOP("actions", "Take it higher…"), "Ctrl+Shift+H", SCREEN,
               QT_TRANSLATE_NOOP("actions", "Use the next channel of the ladder"), "chevron-up"),
    ActionSpec("incident.close", QT_TRANSLATE_NOOP("actions", "Close…"), "Ctrl+Shift+E", SCREEN,
               QT_TRANSLATE_NOOP("actions", "Say how it ended and close it"), "check-circle"),
    ActionSpec("incident.reopen", QT_TRANSLATE_NOOP("actions", "Open again…"), "Ctrl+Shift+P", SCREEN,
               QT_TRANSLATE_NOOP("actions", "Open a closed incident again"), "undo"),
    ActionSpec("incident.task", QT_TRANSLATE_NOOP("actions", "New task…"), "Ctrl+Shift+T", SCREEN,
               QT_TRANSLATE_NOOP("actions", "A task of your own delegation; it never leaves"), "plus"),
    ActionSpec("incident.note", QT_TRANSLATE_NOOP("actions", "New internal note…"), "Ctrl+Shift+I", SCREEN,
               QT_TRANSLATE_NOOP("actions", "A note of your own delegation; it never leaves"), "note"),
    ActionSpec("incident.send_on", QT_TRANSLATE_NOOP("actions", "Send on to others…"), "Ctrl+Shift+F", SCREEN,
               QT_TRANSLATE_NOOP("actions", "Report it in another room, with its markings, where its source allows that"), "send"),
    ActionSpec("incident.print", QT_TRANSLATE_NOOP("actions", "Save as PDF…"), "Ctrl+P", SCREEN,
               QT_TRANSLATE_NOOP("actions", "Everything the delegations said, both markings on every page"), "print"),
    ActionSpec("incident.stix", QT_TRANSLATE_NOOP("actions", "Save as STIX 2.1…"), "Ctrl+Shift+X", SCREEN,
               QT_TRANSLATE_NOOP("actions", "Incident and indicators as a bundle for technical teams"), "download"),
    ActionSpec("incident.record", QT_TRANSLATE_NOOP("actions", "Save the record…"), "Ctrl+Shift+S", SCREEN,
               QT_TRANSLATE_NOOP("actions", "The record whose SHA-256 is shown; it is the same at every delegation"), "file"),
    ActionSpec("incident.read_stix", QT_TRANSLATE_NOOP("actions", "Read a STIX bundle…"), "Ctrl+O", SCREEN,
               QT_TRANSLATE_NOOP("actions", "Look at a bundle and make a draft of it; nothing is sent"), "upload"),
)  # fmt: skip
