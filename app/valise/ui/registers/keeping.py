"""Filters that a person keeps under a name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from valise.desk.door_registers import Saved
from valise.domain.errors import ValiseError
from valise.ui.registers.asking import TextDialog
from valise.ui.text_safe import isolate

if TYPE_CHECKING:
    from valise.ui.registers.page import RegisterPage


class Keeping(QObject):
    """Of one page of rows."""

    def __init__(self, page: RegisterPage) -> None:
        super().__init__(page)
        self._page = page

    def read(self) -> None:
        """Show those of the register and side one is at."""
        page = self._page
        if page.look is None:
            return
        side = page.look.side
        try:
            page.filters.show_saved([one for one in page.door.registers.saved(page.look.id) if one.side == side])
        except ValiseError as error:
            page.bar.show_error(error)

    def ask(self) -> None:
        """Keep the filter that is on."""
        page = self._page
        look, view = page.look, page.view()
        if look is None:
            return
        dialog = TextDialog(self.tr("Keep this filter"), self.tr("Under which name?"), page)
        dialog.kept.connect(lambda name: self._run(
            lambda: page.door.registers.save(Saved(name, look.id, look.side, look.filter, view.id, look.sort)),
            self.tr("The filter is kept.")))  # fmt: skip
        dialog.open()

    def drop(self, name: str) -> None:
        """Take one out."""
        page = self._page
        if page.look is not None:
            id = page.look.id
            self._run(lambda: page.door.registers.drop(id, name), self.tr("The filter {0} was taken out.").format(isolate(name)))

    def take(self, saved: Saved) -> None:
        """Use one."""
        self._page.use(saved.filter, saved.sort, saved.view)

    def _run(self, call: Callable[[], object], words: str) -> None:
        def done(_none: object) -> None:
            self.read()
            self._page.bar.say(words, tone="good")

        self._page.runner.run(call, done, self._page.bar.show_error, owner=self)
