"""Changing rows from where they are seen: a choice with what it asks for, undoing, settling, taking out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QMenu

from valise.desk.door_registers import Place, Row
from valise.domain.errors import ValiseError
from valise.ui.registers import said
from valise.ui.registers.asking import CellDialog
from valise.ui.widgets.labels import named

if TYPE_CHECKING:
    from valise.ui.registers.page import RegisterPage


class Changing(QObject):
    """Of one page of rows. `did` are our own operations of this session, the newest last."""

    def __init__(self, page: RegisterPage) -> None:
        super().__init__(page)
        self._page = page
        self.did: list[str] = []

    def choose(self, place: Place, field: str, choice: str) -> None:
        """Change one field: a choice with what it asks for, in a dialog; anything else in the form."""
        page = self._page
        if page.definition is None:
            return
        column = page.definition.column(field)
        if column is None or column.kind != "choice" or column.many or not column.by_hand:
            page.open_row(place, field)
            return
        try:
            shown = page.door.registers.row(place, said.language())
        except ValiseError as error:
            page.bar.show_error(error)
            return
        page.row_page.evidence.place = place
        dialog = CellDialog(page.definition, column, shown, page.row_page.around, page, chosen=choice)
        dialog.kept.connect(lambda values, note: page.runner.run(
            lambda: page.door.registers.set(place, values, note=note), self._kept, page.bar.show_error, owner=self))  # fmt: skip
        dialog.open()

    def _kept(self, op: str) -> None:
        self.did.append(op)
        self._page.bar.say(self.tr("Kept. Ctrl+Z takes it back."), tone="good")
        self._page.read()

    def undo(self) -> None:
        """Our own last change of this session; on a row what was begun there, and a kept change only where nothing is begun."""
        page = self._page
        if not page.in_views:
            form = page.row_page.form
            if form is None or not (field := form.put_back()):
                page.row_page.undo_last()
                return
            form.focus_field(field)
            title = said.brief(said.term(form.lines[field].column.title))
            page.row_page.bar.say(self.tr("{0}: what was begun is taken back.").format(title), tone="info")
        elif self.did:
            op = self.did.pop()
            page.runner.run(lambda: page.door.registers.undo(op), self._undone, page.bar.show_error, owner=self)
        else:
            words = self.tr("Nothing to take back here. A new row is taken out, and every change of a row can be undone in its history.")
            page.bar.say(words, tone="info")

    def _undone(self, _op: str) -> None:
        self._page.bar.say(self.tr("Undone; both stay in the history."), tone="good")
        self._page.read()

    def settle(self) -> None:
        """The first difference of the row one is at."""
        page = self._page
        place = page.place()
        if place is None:
            return
        if page.in_views:
            page.open_row(place)
        field = page.row_page.differing()
        if field:
            page.row_page.settle(field)
        elif not page.row_page.parted.ask():
            page.row_page.bar.say(self.tr("No different values stand in this row."), tone="info")

    def take_out(self) -> None:
        """The row one is at."""
        page = self._page
        place = page.place()
        if place is not None:
            if page.in_views:
                page.open_row(place)
            page.row_page.take_out()

    def menu(self, found: Row, point: QPoint) -> None:
        """What can be done with a row."""
        page = self._page
        menu = named(QMenu(page), self.tr("What can be done with the row"))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Open")).triggered.connect(lambda _on=False: page.open_row(found.place))
        if found.differs:
            menu.addAction(self.tr("Settle the difference…")).triggered.connect(lambda _on=False: self.settle())
        words = self.tr("Put back") if found.gone else self.tr("Take out…")
        menu.addAction(words).triggered.connect(lambda _on=False: self.take_out())
        menu.popup(point)
