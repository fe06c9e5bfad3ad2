"""The base of every section of the security screen."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from valise.desk.door import Door
from valise.desk.views import Changes
from valise.ui.tasks import Runner
from valise.ui.widgets.buttons import ScrollPage
from valise.ui.widgets.labels import named, title


class Section(ScrollPage):
    """A page of cards in `.box`. `notice(error)` shows an error in the window's notice bar, `go(screen, ref)` leads elsewhere."""

    notice = Signal(object)
    go = Signal(str, str)

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent, width=760)
        self.door = door
        self.runner = runner
        self._place: QWidget | None = None

    def head(self, name: str) -> None:
        """Its name above everything, and for whoever listens."""
        named(self, name)
        self.box.insertWidget(0, title(name, self))

    def refresh(self, changes: Changes) -> None:
        """Show again what `changes` names; with everything when the section is made."""

    def focus_first(self) -> None:
        """Put the keyboard where work starts."""
        self.setFocus()

    def open_ref(self, ref: str) -> None:
        """Show one thing of this section."""

    def show_at(self, one: QWidget) -> None:
        """Put the keyboard there, in sight, once the page is laid out."""
        self._place = one
        QTimer.singleShot(0, self, self._to_place)

    def _to_place(self) -> None:
        one, self._place = self._place, None
        if one is not None and one.isVisible() and one.isEnabled():
            card = one.parentWidget()
            self.ensureWidgetVisible(card if card is not None else one)
            self.ensureWidgetVisible(one)
            one.setFocus(Qt.FocusReason.TabFocusReason)
