"""The screen: rooms and threads, the conversation, and beside it members or delivery."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from valise.desk.door import Door
from valise.desk.views import Changes, MessageRow, RoomView, ThreadRow
from valise.domain.errors import ValiseError
from valise.ui import actions, theme
from valise.ui.contacts.trust import Names
from valise.ui.messages import keys  # noqa: F401  its actions stand in the table
from valise.ui.messages.conversation import Conversation
from valise.ui.messages.delivery import DeliveryPane
from valise.ui.messages.listing import ITEM, Listing
from valise.ui.messages.members import MembersPane
from valise.ui.messages.new_room import NewRoom
from valise.ui.messages.rooms import (
    Heading,
    RoomDelegate,
    RowDelegate,
    ThreadDelegate,
    grouped,
    spoken_room,
    spoken_thread,
    whole_room,
    whole_thread,
)
from valise.ui.screens import Screen
from valise.ui.tasks import Runner
from valise.ui.widgets.buttons import action_button, row
from valise.ui.widgets.labels import divider, heading, named
from valise.ui.widgets.notice import NoticeBar


class MessagesScreen(Screen):
    """Refs: a room, or a message (the first message of a thread is the thread)."""

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(door, runner, parent)
        self.names = Names(door)
        self._room = ""
        self._thread = ""  # "" = a new thread is being written
        self._following = False
        self.notice_bar = NoticeBar(self)
        make = actions.make
        self._new_thread = make("messages.thread", self, self.new)
        self._new_room = make("messages.room", self, self.new_room)
        self._members = make("messages.members", self, lambda: self._toggle(self.members))
        self._delivery = make("messages.delivery", self, lambda: self._toggle(self.delivery))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.notice_bar)
        self.split = QSplitter(Qt.Orientation.Horizontal, self)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self._left())
        self.talk = Conversation(door, runner, self.names, [self._delivery, self._members], self.split)
        self.split.addWidget(self.talk)
        self.side = self._side()
        self.split.addWidget(self.side)
        self.split.setStretchFactor(1, 1)
        self.split.setSizes([300, 640, 290])
        box.addWidget(self.split, 1)
        make("messages.send", self, self.talk.composer.send)
        make("messages.attach", self, self.talk.composer.choose_files)
        make("messages.files", self, self.talk.save_files)
        make("messages.acknowledge", self, self.talk.acknowledge)
        make("messages.acknowledge.list", self.talk.view, self.talk.acknowledge)
        self._connect()
        self._follow_exchange()
        self._load_rooms()
        self._choose_first()

    # building

    def _left(self) -> QWidget:
        left = QFrame(self.split)
        left.setObjectName("pane")
        left.setMinimumWidth(230)
        box = QVBoxLayout(left)
        box.setContentsMargins(0, theme.SPACE.m, 0, 0)
        box.setSpacing(theme.SPACE.xs)
        self.room_rows = Listing(
            lambda item: f"kind {item.kind}" if isinstance(item, Heading) else item.id,
            lambda item: spoken_room(item, self.names), self, passive=lambda item: isinstance(item, Heading),
            whole=lambda item: whole_room(item, self.names),
        )  # fmt: skip
        self.rooms = self._list(self.tr("Rooms"), self.room_rows, RoomDelegate(self.names, self))
        self.thread_rows = Listing(lambda one: one.id, spoken_thread, self, whole=whole_thread)
        self.threads = self._list(self.tr("Threads"), self.thread_rows, ThreadDelegate(self))
        for name, action, view, share in (
            (self.tr("Rooms"), self._new_room, self.rooms, 5), (self.tr("Threads"), self._new_thread, self.threads, 4),
        ):  # fmt: skip
            line = row(heading(name, left), None, action_button(action, left))
            line.setContentsMargins(theme.SPACE.l, 0, theme.SPACE.s, 0)
            box.addLayout(line)
            box.addWidget(view, share)
            if view is self.rooms:
                box.addWidget(divider(left))
                box.addSpacing(theme.SPACE.s)
        return left

    def _list(self, name: str, rows: Listing, painter: RowDelegate) -> QListView:
        made = named(QListView(self), name)
        made.setModel(rows)
        made.setItemDelegate(painter)
        made.setMouseTracking(True)
        made.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        made.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        made.setWordWrap(True)  # rows are as high as their words at this width: without it only another height lays them out anew
        rows.dataChanged.connect(made.scheduleDelayedItemsLayout)
        return made

    def _side(self) -> QStackedWidget:
        side = QStackedWidget(self.split)
        side.setMinimumWidth(230)
        side.setObjectName("pane")
        self.members = MembersPane(self.door, self.runner, self.names, side)
        self.delivery = DeliveryPane(self.names, side)
        side.addWidget(self.members)
        side.addWidget(self.delivery)
        side.hide()
        return side

    def _connect(self) -> None:
        self.rooms.selectionModel().currentChanged.connect(self._room_chosen)
        self.threads.selectionModel().currentChanged.connect(self._thread_chosen)
        self.talk.view.chosen.connect(self._message_chosen)
        self.talk.view.delivery_asked.connect(lambda _message: self._show_side(self.delivery))
        self.talk.members_asked.connect(lambda: self._show_side(self.members))
        self.talk.failed.connect(self._say_error)
        self.talk.said.connect(self.notice_bar.say)
        self.talk.composer.sent.connect(self._sent)
        self.talk.composer.stopped_asked.connect(self._decide)
        self.members.failed.connect(self._say_error)
        self.members.contact_asked.connect(lambda delegation: self.go.emit("contacts", delegation))

    # what the window asks

    def refresh(self, changes: Changes) -> None:
        if changes.contacts:
            self.names.refresh()
            self.room_rows.repaint_all()
            self.talk.names_changed()
        if changes.status:
            self._follow_exchange()
        if changes.rooms or changes.threads or changes.contacts or changes.status:
            self._load_rooms()
        if self._room in changes.threads | changes.rooms or changes.contacts or changes.status:
            self._load_threads()
            self._show()
        if not self._room:
            self._choose_first()

    def focus_first(self) -> None:
        (self.talk.view if self._thread else self.rooms).setFocus()

    def open_ref(self, ref: str) -> None:
        if self.room_rows.place(ref) < 0:
            try:
                message = self.door.messages.one(ref)
            except ValiseError as error:
                self._say_error(error)
                return
            self._go(message.room, message.thread)
            self.talk.view.show_message(message.id)
        else:
            self._go(ref, None)

    def panes(self) -> list[QWidget]:
        made: list[QWidget] = [self.rooms, self.threads, self.talk.view, self.talk.composer.body]
        if self.side.isVisible():
            made.append(self.members.list if self.side.currentWidget() is self.members else self.delivery.list)
        return made

    def new(self) -> None:
        """A new thread in this room."""
        if self._room:
            self._go(self._room, "")
            self.talk.composer.focus()

    def new_room(self) -> None:
        dialog = NewRoom(self.door, self.runner, self.names, self)
        dialog.created.connect(self._room_made)
        dialog.open()

    def find(self) -> None:
        self.rooms.setFocus()

    def save(self) -> None:
        self.talk.composer.store_now()

    # loading

    def room(self) -> RoomView | None:
        place = self.room_rows.place(self._room)
        found = self.room_rows.items()[place] if place >= 0 else None
        return found if isinstance(found, RoomView) else None

    def thread(self) -> ThreadRow | None:
        place = self.thread_rows.place(self._thread) if self._thread else -1
        return self.thread_rows.items()[place] if place >= 0 else None

    def _load_rooms(self) -> None:
        rooms = self.door.rooms.all()
        self._quietly(self.room_rows, grouped(rooms, self.names))
        self.count.emit(sum(one.unread for one in rooms))
        if self._room and self.room_rows.place(self._room) < 0:
            self._room = ""
        self._mark(self.rooms, self.room_rows.place(self._room))

    def _load_threads(self) -> None:
        found = sorted(self.door.messages.threads(self._room), key=lambda one: -one.newest_at) if self._room else []
        self._quietly(self.thread_rows, found)
        self._mark(self.threads, self.thread_rows.place(self._thread) if self._thread else -1)

    def _quietly(self, rows: Listing, items: list[Heading | RoomView] | list[ThreadRow]) -> None:
        self._following = True
        try:
            rows.follow(items)
        finally:
            self._following = False

    def _mark(self, view: QListView, place: int) -> None:
        self._following = True
        try:
            index = view.model().index(place, 0) if place >= 0 else QModelIndex()
            view.setCurrentIndex(index)
            if place < 0:
                view.clearSelection()
        finally:
            self._following = False

    def _choose_first(self) -> None:
        rooms = [one for one in self.room_rows.items() if isinstance(one, RoomView)]
        if rooms:
            unread = [one for one in rooms if one.unread]
            self._go((unread or rooms)[0].id, None)
        else:
            self._show()

    def _go(self, room: str, thread: str | None) -> None:
        """Show a room; `thread` None = its newest (or first unread) one, "" = a new one."""
        self._room = room
        self._thread = thread or ""
        self._mark(self.rooms, self.room_rows.place(room))
        self._load_threads()
        if thread is None:
            rows: list[ThreadRow] = self.thread_rows.items()
            unread = [one for one in rows if one.unread]
            self._thread = (unread or rows)[0].id if rows else ""
            self._mark(self.threads, self.thread_rows.place(self._thread))
        self._show()

    def _show(self) -> None:
        room, thread = self.room(), self.thread()
        self.talk.show_thread(room, thread)
        self.members.show_room(room)
        self.delivery.show_message(self.talk.view.row() if thread else None)
        self._see()

    def _see(self) -> None:
        """Tell the desk that the thread in sight has been seen."""
        room, thread = self.room(), self.thread()
        if self.isVisible() and room is not None and thread is not None and thread.unread:
            messages = self.door.messages
            self.runner.run(lambda: messages.seen(room.id, thread.id), None, self._say_error, owner=self)

    def _follow_exchange(self) -> None:
        at = self.door.exchange.status().next_exchange
        self.talk.set_next_exchange(at)
        self.delivery.next_exchange = at

    # what happened

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._see()

    def _room_chosen(self, now: QModelIndex, _before: QModelIndex) -> None:
        item = now.data(ITEM) if now.isValid() else None
        if not self._following and isinstance(item, RoomView) and item.id != self._room:
            self._go(item.id, None)

    def _thread_chosen(self, now: QModelIndex, _before: QModelIndex) -> None:
        item = now.data(ITEM) if now.isValid() else None
        if not self._following and isinstance(item, ThreadRow) and item.id != self._thread:
            self._go(self._room, item.id)

    def _message_chosen(self, found: MessageRow | None) -> None:
        self.delivery.show_message(found)

    def _sent(self, message: str, thread: str) -> None:
        if not thread and not self._thread:
            self._load_rooms()
            self._go(self._room, message)
        self.talk.view.newest()

    def _room_made(self, room: str) -> None:
        self._load_rooms()
        self._go(room, "")
        self.talk.composer.focus()

    def _decide(self) -> None:
        room = self.room()
        stopped = self.names.stopped(room.members) if room else []
        self.go.emit("contacts", stopped[0] if stopped else "")

    def _say_error(self, error: ValiseError) -> None:
        self.notice_bar.show_error(error)

    def _toggle(self, pane: QWidget) -> None:
        if self.side.isVisible() and self.side.currentWidget() is pane:
            self.side.hide()
        else:
            self._show_side(pane)

    def _show_side(self, pane: QWidget) -> None:
        self.side.setCurrentWidget(pane)
        self.side.show()
