"""The actions of a page of rows, bound on the screen it stands on; files in and out."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from valise.ui import actions
from valise.ui.files.places import Places
from valise.ui.language import translate
from valise.ui.registers import keys, said
from valise.ui.registers.exporting import ExportDialog
from valise.ui.registers.importing import ImportDialog
from valise.ui.registers.naming import StateNameDialog
from valise.ui.registers.page import RegisterPage
from valise.ui.text_safe import isolate


class Acts:
    """`made[act]` is the QAction of each act of `keys.ACTS`."""

    def __init__(self, screen: str, owner: QWidget, page: RegisterPage) -> None:
        self.page, self._owner = page, owner
        self._places = Places()
        self.dialog: QWidget | None = None
        slots: dict[str, Callable[[], object]] = {
            "open": page.open_here, "keep": page.keep, "undo": page.undo, "settle": page.settle, "out": page.take_out,
            "history": page.turn_history, "sort": page.sort_here, "filter": page.filters.ask,
            "filters": page.filters.saved.showMenu, "side": page.other_side,
            "import": self.take_in, "export": self.export, "state.name": self.name_state,
            "zoom.out": partial(self._zoom, 1), "zoom.in": partial(self._zoom, -1),
        }  # fmt: skip
        slots |= {f"view{n + 1}": partial(page.use_view, n) for n in range(keys.VIEWS)}
        self.made: dict[str, QAction] = {act: actions.make(f"{screen}.{act}", owner, slots[act]) for act in keys.ACTS}
        for act in ("import", "export", "filter", "settle", "out", "undo", "state.name"):
            page.menu.addAction(self.made[act])

    def _zoom(self, step: int) -> None:
        if self.page.definition is not None and self.page.in_views and self.page.widget() is self.page.matrix:
            self.page.matrix.zoom(step)

    def export(self) -> None:
        """Write rows as a file."""
        page = self.page
        if page.look is None or not page.in_views:
            return
        view = page.view()
        dialog = ExportDialog(page.door, page.runner, page.look, view.id if not view.id.startswith("~") else "", page.widget().ids(),
                              self._places, self._owner, at=page.place())  # fmt: skip
        dialog.saved.connect(self._saved)
        self.dialog = dialog
        dialog.open()

    def _saved(self, path: Path, count: int) -> None:
        self.page.bar.say(translate("registers", "Written: {0}, to {1}").format(said.rows(count), isolate(str(path))),
                          translate("registers", "That file is not protected any more."), tone="good")  # fmt: skip

    def name_state(self) -> None:
        """What a State is called on our own screens; begins at that of the row one is at."""
        page = self.page
        place = page.place()
        about = page.definition.axes_of(place.row) if page.definition is not None and place is not None else {}
        dialog = StateNameDialog(page.door, page.runner, self._owner, state=about.get("state", ""))
        bar = page.bar if page.in_views else page.row_page.bar
        dialog.kept.connect(lambda _code: bar.say(translate("registers", "The name is shown so from now on, in this vault alone."), tone="good"))
        self.dialog = dialog
        dialog.open()

    def take_in(self) -> None:
        """Read rows from a file."""
        page = self.page
        if page.look is None or not page.in_views:
            return
        dialog = ImportDialog(page.door, page.runner, page.look, self._owner)
        dialog.taken.connect(lambda count: page.bar.say(translate("registers", "Taken in: {0}.").format(said.rows(count)), tone="good"))
        self.dialog = dialog
        dialog.open()
