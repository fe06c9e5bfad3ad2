"""The first page of the overview: what needs a person by urgency, the exchange in a line, and who has received what."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.desk.views import Changes, Due, Overview, RoomView
from valise.domain.errors import ValiseError
from valise.ui import theme
from valise.ui.collating import placed
from valise.ui.contacts.trust import Names
from valise.ui.language import translate
from valise.ui.messages.listing import Listing
from valise.ui.messages.rooms import room_name
from valise.ui.overview import lines, terms
from valise.ui.overview.rows import AnswerDelegate, DueDelegate, TallList
from valise.ui.tasks import Latest, Runner
from valise.ui.text_safe import isolate
from valise.ui.widgets.buttons import Card, ScrollPage, button, row
from valise.ui.widgets.empty import EmptyState
from valise.ui.widgets.labels import Words, heading, muted, title


class DueGroup(QWidget):
    """What is due of one urgency, under its heading; gone while there is nothing."""

    opened = Signal(object)

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.SPACE.s)
        box.addWidget(heading(name, self))
        self.rows = Listing(lambda one: (one.screen, one.ref, one.line), spoken, self)
        self.card = Card(self, margin=theme.SPACE.xs)
        self.list = TallList(name, self.rows, DueDelegate(self.card), self.card)
        self.card.box.addWidget(self.list)
        box.addWidget(self.card)
        self.list.opened.connect(self.opened)

    def follow(self, due: list[Due]) -> None:
        """Show these."""
        self.rows.follow(due)
        self.setVisible(bool(due))


def spoken(due: Due) -> str:
    """What a screen reader says of a row."""
    return f"{lines.sentence(due)}, {lines.step(due)}"


class TodayPage(ScrollPage):
    """Every row leads to where it is settled, with one click or Enter."""

    go = Signal(str, str)
    failed = Signal(object)
    count = Signal(int)

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent, width=860)
        self.door = door
        self.runner = runner
        self.names = Names(door)
        box = self.box
        self.who = muted("", self)
        box.addWidget(self.who)
        self.head = title("", self)
        box.addWidget(self.head)
        self.groups = {
            "now": DueGroup(self.tr("Cannot wait"), self),
            "today": DueGroup(self.tr("Today"), self),
            "soon": DueGroup(self.tr("In the next days"), self),
        }
        for one in self.groups.values():
            one.opened.connect(self._settle)
            one.hide()  # until it is known what is due
            box.addWidget(one)
        self.nothing = EmptyState(
            "check-circle", self.tr("Nothing needs you now"),
            self.tr("What arrives at the next exchange and needs you is shown here."), parent=self,
        )  # fmt: skip
        box.addWidget(self.nothing)
        box.addSpacing(theme.SPACE.s)
        box.addWidget(heading(self.tr("Exchange"), self))
        self.exchange_card = Card(self)
        self.when = Words("", parent=self.exchange_card)
        self.what = Words("", "muted", self.exchange_card)
        self.now = button(self.tr("Exchange now"), self.exchange, icon="refresh", parent=self.exchange_card)
        self.choose = button(
            self.tr("Ways of exchange…"), lambda: self.go.emit("settings", "exchange"), parent=self.exchange_card
        )
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addWidget(self.when)
        words.addWidget(self.what)
        line = row(words, self.now, self.choose)
        line.setStretch(0, 1)
        self.exchange_card.box.addLayout(line)
        box.addWidget(self.exchange_card)
        self.answers_head = heading(self.tr("Who answers"), self)
        box.addSpacing(theme.SPACE.s)
        box.addWidget(self.answers_head)
        self.room_rows = Listing(lambda one: one.id, self._spoken_room, self)
        self.room_card = Card(self, margin=theme.SPACE.xs)
        self.rooms = TallList(
            self.tr("Rooms and what they have received"), self.room_rows, AnswerDelegate(self.names, self.room_card), self.room_card,
        )  # fmt: skip
        self.room_card.box.addWidget(self.rooms)
        box.addWidget(self.room_card)
        box.addStretch(1)
        self.rooms.opened.connect(lambda room: self.go.emit("messages", room.id))
        self._asking = Latest(runner, self._ask, self._came, self.failed.emit, self)
        self._loaded = self._focused = False
        self.nothing.hide()
        self.load()

    def shown(self) -> list[Due]:
        """What is due, in the order it is shown."""
        return [due for one in self.groups.values() for due in one.rows.items()]

    def refresh(self, changes: Changes) -> None:
        """Show again what `changes` names."""
        if changes != Changes():
            if changes.contacts:
                self.names.refresh()
                self.room_rows.repaint_all()
            self.load()

    def focus_first(self) -> None:
        """The first thing due, else the first room, else the exchange."""
        self._focused = not self._loaded
        for one in self.groups.values():
            if one.rows.rowCount():
                one.list.setFocus()
                if not one.list.currentIndex().isValid():
                    one.list.setCurrentIndex(one.rows.index(0))
                return
        (self.rooms if self.room_rows.rowCount() else self.now if self.now.isVisibleTo(self) else self.choose).setFocus()

    def panes(self) -> list[QWidget]:
        """What F6 cycles through."""
        made: list[QWidget] = [one.list for one in self.groups.values() if one.rows.rowCount()]
        made.append(self.now if self.now.isVisibleTo(self) else self.choose)
        return [*made, self.rooms] if self.room_rows.rowCount() else made

    def exchange(self) -> None:
        """One round now."""
        self.now.setEnabled(False)
        self.runner.run(self.door.exchange.now, lambda _changes: self._exchanged(), self._refused, owner=self)

    def _exchanged(self) -> None:
        self.now.setEnabled(True)
        self.load()

    def _refused(self, error: ValiseError) -> None:
        self.now.setEnabled(True)
        self.failed.emit(error)

    def load(self) -> None:
        """Ask the door again; what is shown stays until it answers."""
        self._asking.ask()

    def _ask(self) -> Overview:
        """On the writer thread: it looks through every register and round."""
        return self.door.overview(terms.language())

    def _came(self, view: Overview) -> None:
        due = sorted(view.due, key=lines.order)
        for name, one in self.groups.items():
            one.follow([each for each in due if lines.group(each) == name])
        self.nothing.setVisible(not due)
        self.count.emit(len(due))
        me = self.names.me
        self.who.setText(isolate(f"{me.code} {me.name} · {me.officer}"))
        if not due:
            self.head.setText(self.tr("Today"))
        else:
            self.head.setText(translate("overview", "%n things need you", None, len(due)))
        when, what = lines.exchange(view.status)
        self.when.setText(when)
        self.what.setText(what)
        self.what.setVisible(bool(what))
        self.now.setVisible(bool(view.status and view.status.carrier))
        rooms = [one for one in self.door.rooms.all() if one.kind != "internal"]
        rooms.sort(key=self._room_order)
        self.room_rows.follow(rooms)
        self.answers_head.setVisible(bool(rooms))
        self.room_card.setVisible(bool(rooms))
        self._loaded = True
        if self._focused:  # the keyboard was to go there before it was known what is there; not if it has gone elsewhere since
            self._focused = False
            now = QApplication.focusWidget()
            if self.isVisible() and (now is None or self.isAncestorOf(now)):
                self.focus_first()

    def _room_order(self, room: RoomView) -> tuple[object, ...]:
        return (not room.blocked, not room.disagreement, -room.waiting, placed(room_name(room, self.names)), room.id)

    def _settle(self, due: Due) -> None:
        self.go.emit(due.screen, lines.place(due))

    def _spoken_room(self, room: RoomView) -> str:
        return f"{isolate(room_name(room, self.names))}, {lines.answers(room)}"
