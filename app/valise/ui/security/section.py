"""The base of every section of the security screen."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from valise.desk.door import Door
from valise.desk.views import Changes
from valise.ui.tasks import Runner
from valise.ui.widgets.buttons import ScrollPage


class Section(ScrollPage):
    """A page of cards in `.box`. `notice(error)` shows an error in the window's notice bar, `go(screen, ref)` leads elsewhere."""

    notice = Signal(object)
    go = Signal(str, str)

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent, width=760)
        self.door = door
        self.runner = runner

    def refresh(self, changes: Changes) -> None:
        """Show again what `changes` names; with everything when the section is made."""

    def focus_first(self) -> None:
        """Put the keyboard where work starts."""
        self.setFocus()

    def open_ref(self, ref: str) -> None:
        """Show one thing of this section."""
