"""The actions of the overview."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP

from valise.ui.actions import ActionSpec, register

TODAY: Final = "overview.today"
CALENDAR: Final = "overview.calendar"
EXPORT: Final = "overview.export"
IMPORT: Final = "overview.import"

register(
    ActionSpec(TODAY, QT_TRANSLATE_NOOP("actions", "Today"), "Ctrl+T", "overview", icon="overview",
               help=QT_TRANSLATE_NOOP("actions", "Show what needs you now")),
    ActionSpec(CALENDAR, QT_TRANSLATE_NOOP("actions", "Calendar"), "Ctrl+G", "overview", icon="clock",
               help=QT_TRANSLATE_NOOP("actions", "Show every date as a calendar; in the month: arrows, Page Up, Page Down, Home")),
    ActionSpec(EXPORT, QT_TRANSLATE_NOOP("actions", "Export the calendar"), "Ctrl+E", "overview", icon="upload",
               help=QT_TRANSLATE_NOOP("actions", "Write the dates that are shown as a calendar file (.ics)")),
    ActionSpec(IMPORT, QT_TRANSLATE_NOOP("actions", "Read a calendar"), "Ctrl+I", "overview", icon="download",
               help=QT_TRANSLATE_NOOP("actions", "Take events or consultations from a calendar file (.ics)")),
)  # fmt: skip
