"""The workbench's side of it: export, a file that comes back, and a paragraph on the clipboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from valise.desk.export import Made
from valise.desk.views import Brought
from valise.ui.files import said
from valise.ui.files.export import ExportDialog
from valise.ui.files.places import Places
from valise.ui.files.returned import ReturnedDialog, taken_back
from valise.ui.language import sentences
from valise.ui.text_safe import isolate
from valise.ui.texts import terms
from valise.ui.widgets.clipboard import clipboard

if TYPE_CHECKING:
    from valise.ui.texts.screen import TextsScreen


class FilesBench(QObject):
    """`slots` serve the actions of the screen."""

    def __init__(self, screen: TextsScreen) -> None:
        super().__init__(screen)
        self._screen = screen
        self._places = Places()

    def slots(self) -> dict[str, Callable[[], object]]:
        """One callable per name in the table of actions."""
        return {"export": self.export, "returned": self.returned, "passage": self.copy}

    def export(self) -> None:
        """Ask how the text leaves (Ctrl+S)."""
        screen = self._screen
        if screen.head is not None:
            dialog = ExportDialog(screen.door, screen.head, self._places, screen)
            dialog.saved.connect(self._saved)
            dialog.open()

    def _saved(self, name: str, made: Made) -> None:
        lost = said.lost(made)
        self._screen.bar.say(
            self.tr("Saved: {0}.").format(isolate(name)),
            self.tr("It is not encrypted: whoever has the file can read it."), lost, tone="warn" if lost else "good",
        )  # fmt: skip

    def returned(self) -> None:
        """Ask which file comes back (Ctrl+O)."""
        screen = self._screen
        if screen.head is not None:
            text = screen.head.id
            dialog = ReturnedDialog(screen.door, screen.runner, screen.head, screen.people, screen)
            dialog.brought.connect(lambda done: self._brought(text, done))
            dialog.open()

    def _brought(self, text: str, done: Brought) -> None:
        screen = self._screen
        told, more = [], []
        if done.proposals:
            told.append(self.tr("Proposed from the file: {0}.").format(len(done.proposals)))
            more.append(self.tr("They leave with the next exchange."))
        if done.drafts:
            told.append(self.tr("Proposals from the file that wait: {0}.").format(len(done.drafts)))
            more.append(self.tr("A second officer of your delegation releases them, paragraph by paragraph."))
        if done.remarks:
            told.append(self.tr("Remarks to the room: {0}.").format(done.remarks))
            more.append(self.tr("Remarks stay: they cannot be taken back."))

        def back() -> None:
            screen.bar.close_notice()
            screen.runner.run(
                lambda: taken_back(screen.door, text, done),
                lambda _none: screen.bar.say(self.tr("Taken back."), tone="info"), screen.bar.show_error, owner=screen,
            )  # fmt: skip

        may = bool(done.proposals or done.drafts)
        screen.bar.say(
            sentences(told), "", sentences(more), tone="good", step=self.tr("Take back") if may else "",
            slot=back if may else None,
        )  # fmt: skip

    def copy(self) -> None:
        """The paragraph one is at, with its brackets and attributions, on the clipboard."""
        view = self._screen.view()
        if view is None:
            return
        words = "".join(run.text for run in view.runs)
        label = view.paragraph.label
        clipboard().copy(f"**{label}** {words} *({view.paragraph.status})*" if label else words)
        self._screen.bar.say(
            self.tr("Copied with brackets and attributions: {0}.").format(isolate(terms.name(view.paragraph))),
            self.tr("The clipboard is emptied in ten seconds."), tone="info",
        )  # fmt: skip
