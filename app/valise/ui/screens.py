"""The registry of screens: name -> where its class is, imported when first shown."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP, Signal
from PySide6.QtWidgets import QWidget

from valise.desk.door import Door
from valise.desk.views import Changes
from valise.ui.language import translate
from valise.ui.tasks import Runner


class Screen(QWidget):
    """Base of every screen. `go(screen, ref)` asks the window to show something elsewhere; `notice(error)` shows an
    error in the window's notice bar; `count(n)` sets the number beside the screen's name (only what needs a person)."""

    go = Signal(str, str)
    notice = Signal(object)
    count = Signal(int)

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.door = door
        self.runner = runner
        self.setObjectName("pane")

    def refresh(self, changes: Changes) -> None:
        """Repaint what `changes` names. Called only while the screen exists; also with everything after unlocking."""

    def focus_first(self) -> None:
        """Put the keyboard where work starts."""
        self.setFocus()

    def open_ref(self, ref: str) -> None:
        """Show one thing (the `ref` of a Hit or a Due)."""

    def panes(self) -> list[QWidget]:
        """What F6 cycles through, in order."""
        return []

    def new(self) -> None:
        """Ctrl+N."""

    def find(self) -> None:  # type: ignore[override]  # QWidget.find looks for window handles; nobody needs it here
        """Ctrl+F."""

    def save(self) -> None:
        """Store drafts in the vault at once (called on the UI thread before locking)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One screen of the sidebar, in order; its key is Ctrl+`number`."""

    name: str
    text: str
    icon: str
    number: int
    factory: str  # "package:Class", "" = not built yet and not shown

    @property
    def label(self) -> str:
        """Its name in the language of the window."""
        return translate("screens", self.text)


ENTRIES: tuple[Entry, ...] = (
    Entry("overview", QT_TRANSLATE_NOOP("screens", "Overview"), "overview", 1, "valise.ui.overview:OverviewScreen"),
    Entry("texts", QT_TRANSLATE_NOOP("screens", "Texts"), "texts", 2, "valise.ui.texts:TextsScreen"),
    Entry("commitments", QT_TRANSLATE_NOOP("screens", "Commitments"), "commitments", 3,
          "valise.ui.commitments:CommitmentsScreen"),
    Entry("contacts", QT_TRANSLATE_NOOP("screens", "Contacts"), "contacts", 4, "valise.ui.contacts:ContactsScreen"),
    Entry("messages", QT_TRANSLATE_NOOP("screens", "Messages"), "messages", 5, "valise.ui.messages:MessagesScreen"),
    Entry("incidents", QT_TRANSLATE_NOOP("screens", "Incidents"), "incidents", 6, "valise.ui.incidents:IncidentsScreen"),
    Entry("library", QT_TRANSLATE_NOOP("screens", "Library"), "library", 7, "valise.ui.library:LibraryScreen"),
    Entry("registers", QT_TRANSLATE_NOOP("screens", "Registers"), "registers", 8, "valise.ui.registers:RegistersScreen"),
    Entry("settings", QT_TRANSLATE_NOOP("screens", "Settings"), "settings", 9, "valise.ui.settings:SettingsScreen"),
    Entry("security", QT_TRANSLATE_NOOP("screens", "Security"), "shield", 0, "valise.ui.security:SecurityScreen"),
)


def shown() -> list[Entry]:
    """The screens that are built, in their order and with their numbers."""
    return [one for one in ENTRIES if one.factory and find_spec(one.factory.split(":")[0]) is not None]


def load(entry: Entry) -> Any:
    """Import and return the class of a screen."""
    module, name = entry.factory.split(":")
    return getattr(import_module(module), name)


def load_actions() -> None:
    """Import every screen and every part that is made late, so that all actions stand in the table (for the keys)."""
    for entry in shown():
        load(entry)
    for part in import_module("valise.ui.security.sections").shown():
        part.load()
