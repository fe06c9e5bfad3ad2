"""What was changed in a row, newest first, with what stood before and after; one's own changes can be undone."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from valise.desk.door_registers import Event
from valise.domain.register.definition import Definition
from valise.domain.register.kinds import GONE
from valise.ui import theme
from valise.ui.language import listed
from valise.ui.registers import said
from valise.ui.text_safe import isolate
from valise.ui.widgets.buttons import ScrollPage, icon_button, row
from valise.ui.widgets.labels import SafeLabel, Words, heading, hint, muted, named
from valise.ui.widgets.layouts import clear
from valise.ui.widgets.times import moment

MOST = 200  # events shown


class EventCard(QFrame):
    """One change."""

    undo = Signal(str)

    def __init__(self, event: Event, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tile")
        box = QVBoxLayout(self)
        box.setContentsMargins(10, 7, 10, 7)
        box.setSpacing(2)
        if event.field == GONE:
            words = self.tr("Taken out") if event.after else self.tr("Put back")
        else:
            words = title
        top = row(Words(self.tr("{0} (undone)").format(words) if event.undoes else words, "strong", self), None)
        box.addLayout(top)
        if event.field != GONE:
            for sign, role, value in (("−", "muted", event.before), ("+", "", event.after)):
                words = said.brief(value, 200) if value else self.tr("nothing")
                box.addWidget(Words(f"{sign} {words}", role, self))
        if event.note:
            box.addWidget(SafeLabel(event.note, "muted", self))
        by = listed(isolate(part) for part in (event.code, event.officer) if part)
        box.addWidget(Words(f"{by} · {moment(event.at)}", "small", self))
        if event.can_undo:
            self.button = icon_button("undo", self.tr("Undo: {0}").format(words), lambda: self.undo.emit(event.op), parent=self)
            hint(self.button, self.button.accessibleName())
            top.addWidget(self.button)


class HistoryPane(QFrame):
    """`undo(operation)`: it leaves its trace, as a further change."""

    undo = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pane")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.SPACE.m, 0, 0)
        head = row(heading(self.tr("History"), self))
        head.setContentsMargins(theme.SPACE.l, 0, theme.SPACE.l, 0)
        column.addLayout(head)
        self.page = named(ScrollPage(self, width=520), self.tr("History of the row"))
        outer = self.page.widget().layout()
        if outer is not None:
            outer.setContentsMargins(theme.SPACE.m, theme.SPACE.s, theme.SPACE.m, theme.SPACE.m)
        self.page.box.setSpacing(theme.SPACE.s)
        column.addWidget(self.page, 1)
        self.events: Sequence[Event] = ()
        self.cards: list[EventCard] = []

    def show_events(self, events: Sequence[Event], definition: Definition) -> None:
        """Newest first."""
        self.events = events
        clear(self.page.box)
        self.cards = []
        for event in events[:MOST]:
            column = definition.column(event.field)
            card = EventCard(event, said.term(column.title) if column is not None else isolate(event.field), self)
            card.undo.connect(self.undo)
            self.cards.append(card)
            self.page.box.addWidget(card)
        if not events:
            self.page.box.addWidget(muted(self.tr("Nothing was changed here yet."), self))
        self.page.box.addStretch(1)

    def last_own(self) -> str:
        """The newest change that can be undone, "" for none."""
        return next((one.op for one in self.events if one.can_undo), "")
