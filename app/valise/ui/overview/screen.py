"""The screen: what needs a person, the exchange in a line, and who has received what. Nothing else."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.desk.views import Changes, Due, RoomView
from valise.domain.errors import ValiseError
from valise.ui import theme
from valise.ui.contacts.trust import Names
from valise.ui.messages.listing import Listing
from valise.ui.messages.rooms import room_name
from valise.ui.overview import lines
from valise.ui.overview.rows import AnswerDelegate, DueDelegate, TallList
from valise.ui.screens import Screen
from valise.ui.tasks import Runner
from valise.ui.text_safe import isolate
from valise.ui.widgets.buttons import Card, ScrollPage, button, row
from valise.ui.widgets.empty import EmptyState
from valise.ui.widgets.labels import Words, heading, muted, title
from valise.ui.widgets.notice import NoticeBar


class OverviewScreen(Screen):
    """Every row leads to where it is settled, with one click or Enter."""

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(door, runner, parent)
        self.setObjectName("page")
        self.names = Names(door)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self.notice_bar = NoticeBar(self)
        outer.addWidget(self.notice_bar)
        self.page = ScrollPage(self, width=860)
        outer.addWidget(self.page, 1)
        box = self.page.box
        self.who = muted("", self)
        box.addWidget(self.who)
        self.head = title("", self)
        box.addWidget(self.head)
        self.due_rows = Listing(lambda one: (one.screen, one.ref, one.line), self._spoken_due, self)
        self.due_card = Card(self, margin=theme.SPACE.xs)
        self.due = TallList(
            self.tr("What needs you"), self.due_rows, DueDelegate(self.due_card), DueDelegate.TALL, self.due_card
        )
        self.due_card.box.addWidget(self.due)
        box.addWidget(self.due_card)
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
            self.tr("Choose a folder"), lambda: self.go.emit("settings", ""), parent=self.exchange_card
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
            self.tr("Rooms and what they have received"), self.room_rows, AnswerDelegate(self.names, self.room_card),
            AnswerDelegate.TALL, self.room_card,
        )  # fmt: skip
        self.room_card.box.addWidget(self.rooms)
        box.addWidget(self.room_card)
        box.addStretch(1)
        self.due.opened.connect(self._settle)
        self.rooms.opened.connect(lambda room: self.go.emit("messages", room.id))
        self._load()

    def refresh(self, changes: Changes) -> None:
        if changes != Changes():
            if changes.contacts:
                self.names.refresh()
                self.room_rows.repaint_all()
            self._load()

    def focus_first(self) -> None:
        first = self.due if self.due_rows.rowCount() else self.rooms if self.room_rows.rowCount() else self.now
        first.setFocus()
        if first is self.due and not self.due.currentIndex().isValid():
            self.due.setCurrentIndex(self.due_rows.index(0))

    def panes(self) -> list[QWidget]:
        made: list[QWidget] = [self.due] if self.due_rows.rowCount() else []
        made.append(self.choose if self.choose.isVisibleTo(self) else self.now)
        return [*made, self.rooms] if self.room_rows.rowCount() else made

    def exchange(self) -> None:
        """One round now."""
        self.now.setEnabled(False)
        self.runner.run(self.door.exchange.now, lambda _changes: self._exchanged(), self._refused, owner=self)

    def _exchanged(self) -> None:
        self.now.setEnabled(True)
        self._load()

    def _refused(self, error: ValiseError) -> None:
        self.now.setEnabled(True)
        self.notice_bar.show_error(error)

    def _load(self) -> None:
        view = self.door.overview()
        due = sorted(view.due, key=lines.order)
        self.due_rows.follow(due)
        self.due_card.setVisible(bool(due))
        self.nothing.setVisible(not due)
        self.count.emit(len(due))
        me = self.names.me
        self.who.setText(isolate(f"{me.code} {me.name} · {me.officer}"))
        if not due:
            self.head.setText(self.tr("Today"))
        elif len(due) == 1:
            self.head.setText(self.tr("1 thing needs you"))
        else:
            self.head.setText(self.tr("{count} things need you").format(count=len(due)))
        when, what = lines.exchange(view.status)
        self.when.setText(when)
        self.what.setText(what)
        self.what.setVisible(bool(what))
        carrier = bool(view.status and view.status.carrier)
        self.now.setVisible(carrier)
        self.choose.setVisible(not carrier)
        rooms = [one for one in self.door.rooms.all() if one.kind != "internal"]
        rooms.sort(key=self._room_order)
        self.room_rows.follow(rooms)
        self.answers_head.setVisible(bool(rooms))
        self.room_card.setVisible(bool(rooms))

    def _room_order(self, room: RoomView) -> tuple[bool, bool, int, str, str]:
        name = room_name(room, self.names).casefold()
        return (not room.blocked, not room.disagreement, -room.waiting, name, room.id)

    def _settle(self, due: Due) -> None:
        self.go.emit(due.screen, due.ref)

    @staticmethod
    def _spoken_due(due: Due) -> str:
        return f"{lines.sentence(due)}, {lines.step(due)}"

    def _spoken_room(self, room: RoomView) -> str:
        return f"{isolate(room_name(room, self.names))}, {lines.answers(room)}"
