"""The screen: delegations at the side; beside them one delegation, comparing with it, or our own card."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent
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
from valise.desk.trust_views import Judged
from valise.desk.views import Changes, ContactView
from valise.domain.errors import NotAllowed, Unavailable, ValiseError
from valise.ui import actions, theme
from valise.ui.contacts import keys  # noqa: F401  its actions stand in the table
from valise.ui.contacts.code import verdict
from valise.ui.contacts.comparing import Comparing
from valise.ui.contacts.detail import Detail
from valise.ui.contacts.own import OwnCard
from valise.ui.contacts.rows import ContactDelegate, matches, spoken
from valise.ui.contacts.telling import Telling
from valise.ui.contacts.verify import Verify, after_differing
from valise.ui.language import listed
from valise.ui.messages.files import suggested, write
from valise.ui.messages.listing import ITEM, Listing
from valise.ui.screens import Screen
from valise.ui.tasks import Runner
from valise.ui.text_safe import isolate
from valise.ui.widgets.buttons import SearchBox, action_button, row
from valise.ui.widgets.empty import EmptyState
from valise.ui.widgets.files import pick_file, pick_place
from valise.ui.widgets.labels import heading, named
from valise.ui.widgets.notice import NoticeBar

LARGEST = 1024 * 1024  # bytes of a card file
_LIST, _NARROW = 250, 760  # px


def read_card(path: Path) -> bytes:
    """NotAllowed("card.size") for what cannot be a card, Unavailable("file.read") when unreadable."""
    try:
        if path.stat().st_size > LARGEST:
            raise NotAllowed("card.size", "the file is too large to be a card")
        return path.read_bytes()
    except OSError:
        raise Unavailable("file.read", "the file cannot be read") from None


class ContactsScreen(Screen):
    """Refs are delegation ids; the own one shows our card."""

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(door, runner, parent)
        self.me = door.me()
        self._chosen = ""
        self._following = False
        self._contacts: list[ContactView] = []
        self.setAcceptDrops(True)
        self.notice_bar = NoticeBar(self)
        self._own_action = actions.make("contacts.own", self, self.show_own)
        self._import_action = actions.make("contacts.import", self, self.choose_card)
        self.telling = Telling(door, runner, self)
        self.telling.failed.connect(self._say_error)
        for way in ("words", "code", "eye"):
            actions.make(f"contacts.{way}", self, partial(self.start_verifying, way))
        actions.make("contacts.verify", self, self.start_verifying)
        actions.make("contacts.vouch", self, lambda: self.telling.vouch(self.contact()))
        actions.make("contacts.custodians", self, self.telling.custodians)
        actions.make("contacts.accept", self, self.accept_laptops)
        actions.make("contacts.save", self, self.choose_place)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.notice_bar)
        self.split = split = QSplitter(Qt.Orientation.Horizontal, self)
        split.setChildrenCollapsible(False)
        split.addWidget(self._left(split))
        self.stack = QStackedWidget(split)
        self.stack.setObjectName("page")
        self.empty = EmptyState(
            "contacts", self.tr("No other delegation yet"),
            self.tr("Ask a delegation for its card, then import the file or drop it here."),
            self.tr("Import a card…"), self.choose_card, self.stack,
        )  # fmt: skip
        self.detail, self.verify, self.own = Detail(self.stack), Verify(self.stack), OwnCard(self.stack)
        for page in (self.empty, self.detail, self.verify, self.own):
            self.stack.addWidget(page)
        split.addWidget(self.stack)
        split.setStretchFactor(1, 1)
        split.setSizes([320, 900])
        box.addWidget(split, 1)
        self.list.selectionModel().currentChanged.connect(self._row_chosen)
        self.search.textChanged.connect(lambda _text: self._load())
        self.search.moved.connect(self._step)
        self.detail.verify_asked.connect(self.start_verifying)
        self.detail.decided.connect(self._decide)
        self.detail.vouch_asked.connect(lambda: self.telling.vouch(self.contact()))
        self.comparing = Comparing(door, runner, self.verify)
        self.comparing.verified.connect(self._was_verified)
        self.comparing.stopped.connect(self._was_stopped)
        self.comparing.judged.connect(self._judged)
        self.comparing.failed.connect(self._say_error)
        self.comparing.left.connect(self._show)
        self.verify.left.connect(self._show)
        self.own.decided.connect(self._decide)
        self.own.custodians_asked.connect(self.telling.custodians)
        self.own.save_asked.connect(self.choose_place)
        self._load()
        self._choose_first()

    def _left(self, parent: QWidget) -> QWidget:
        left = QFrame(parent)
        left.setObjectName("pane")
        left.setMinimumWidth(_LIST)
        box = QVBoxLayout(left)
        box.setContentsMargins(0, theme.SPACE.m, 0, 0)
        box.setSpacing(theme.SPACE.s)
        head = row(
            heading(self.tr("Contacts"), left), None,
            action_button(self._own_action, left), action_button(self._import_action, left),
        )  # fmt: skip
        head.setContentsMargins(theme.SPACE.l, 0, theme.SPACE.s, 0)
        box.addLayout(head)
        self.search = SearchBox(self.tr("Find a delegation or an officer"), left)
        line = row(self.search)
        line.setContentsMargins(theme.SPACE.m, 0, theme.SPACE.m, 0)
        box.addLayout(line)
        self.rows = Listing(lambda one: one.id, spoken, self)
        self.list = named(QListView(left), self.tr("Delegations"))
        self.list.setModel(self.rows)
        self.list.setItemDelegate(ContactDelegate(self.list))
        self.list.setMouseTracking(True)
        self.list.setUniformItemSizes(True)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.activated.connect(lambda _index: self.start_verifying())
        box.addWidget(self.list, 1)
        return left

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the list takes no more than it needs."""
        super().resizeEvent(event)
        if self.width() < _NARROW:
            self.split.setSizes([_LIST, self.width() - _LIST])

    # what the window asks

    def refresh(self, changes: Changes) -> None:
        if not changes.contacts:
            return
        self._load()
        page = self.stack.currentWidget()
        self._asked()
        if page is self.verify and (contact := self.contact()) is not None:
            self.comparing.refresh(contact)
            return
        if page is self.own:
            self.show_own()
        elif self.contact() is not None:
            self._show()
        else:
            self._choose_first()

    def focus_first(self) -> None:
        self.list.setFocus()

    def open_ref(self, ref: str) -> None:
        self.search.clear()
        if ref == self.me.delegation:
            self.show_own()
        elif any(one.id == ref for one in self._contacts):
            self._choose(ref)
            if self.door.trust.live(ref).stage in ("asked", "waiting", "ready"):
                self.start_verifying("words")

    def panes(self) -> list[QWidget]:
        page = self.stack.currentWidget()
        way = self.verify.buttons[self.verify.way]
        first = {self.detail: self.detail.verify, self.verify: way, self.own: self.own.save}
        return [self.list, self.search, *([first[page]] if page in first else [])]

    def new(self) -> None:
        self.choose_card()

    def find(self) -> None:
        self.search.setFocus()

    # the list

    def contact(self) -> ContactView | None:
        """The chosen delegation."""
        return next((one for one in self._contacts if one.id == self._chosen), None)

    def _load(self) -> None:
        self._contacts = [one for one in self.door.contacts.all() if one.id != self.me.delegation]
        self._contacts.sort(key=lambda one: (not one.stopped, one.code, one.id))
        self.count.emit(sum(bool(one.stopped) or one.trust in ("received only", "unknown") for one in self._contacts))
        self._following = True
        try:
            self.rows.follow([one for one in self._contacts if matches(one, self.search.text())])
        finally:
            self._following = False
        self._mark(self._chosen)

    def _mark(self, delegation: str) -> None:
        self._following = True
        try:
            place = self.rows.place(delegation)
            self.list.setCurrentIndex(self.rows.index(place) if place >= 0 else QModelIndex())
        finally:
            self._following = False

    def _choose(self, delegation: str) -> None:
        self._chosen = delegation
        self._mark(delegation)
        self._show()

    def _choose_first(self) -> None:
        self._choose(self._contacts[0].id if self._contacts else "")

    def _row_chosen(self, now: QModelIndex, _before: QModelIndex) -> None:
        item = now.data(ITEM) if now.isValid() else None
        if not self._following and isinstance(item, ContactView):
            self._choose(item.id)

    def _step(self, by: int) -> None:
        count = self.rows.rowCount()
        if count:
            here = self.list.currentIndex().row() if self.list.currentIndex().isValid() else -1
            self.list.setCurrentIndex(self.rows.index(max(0, min(count - 1, here + by))))

    def _show(self) -> None:
        contact = self.contact()
        if contact is None:
            self.stack.setCurrentWidget(self.empty)
            return
        try:
            story = self.door.trust.story(contact.id)
        except ValiseError as error:
            self._say_error(error)
            return
        codes = listed(one.code for one in self._contacts if one.id in story.to)
        self.detail.show_contact(contact, story, codes)
        self.stack.setCurrentWidget(self.detail)

    # verifying

    def start_verifying(self, way: str = "") -> None:
        """Compare with the chosen delegation, beginning with one way."""
        contact = self.contact()
        if contact is not None and self.comparing.start(contact, way):
            self.stack.setCurrentWidget(self.verify)
            live = self.verify.live
            (live.begin if way == "words" and live.begin.isEnabled() else self.verify.back).setFocus()

    def _asked(self) -> None:
        """Somebody wants to compare now: say so, with the one button for it."""
        asked = [one for one in self._contacts if one.id in self.door.trust.asked()]
        if not asked or self.stack.currentWidget() is self.verify:
            return
        who, which = isolate(f"{asked[0].code} {asked[0].name}"), asked[0].id
        self.notice_bar.say(
            self.tr("{who} wants to compare words with you now.").format(who=who),
            todo=self.tr("Do it only while you stand together or speak on a line where you know the voice."),
            step=self.tr("Compare"), slot=lambda: self._compare_with(which),
        )  # fmt: skip

    def _compare_with(self, delegation: str) -> None:
        self.notice_bar.close_notice()
        self._choose(delegation)
        self.start_verifying("words")
        self.comparing.compare()

    def _was_verified(self, contact: ContactView, found: str) -> None:
        who = isolate(f"{contact.code} {contact.name}")
        self._load()
        self._choose(found)
        self.list.setFocus()
        self.notice_bar.say(self.tr("{who} is verified in person.").format(who=who), tone="good")

    def _was_stopped(self, contact: ContactView) -> None:
        who = isolate(f"{contact.code} {contact.name}")
        self._load()
        self._show()
        self.list.setFocus()
        happened = self.tr("The numbers differ: nothing more is sent to {who} until you decide.").format(who=who)
        self.notice_bar.say(happened, *after_differing()[1:], tone="bad")

    def _judged(self, contact: ContactView, found: Judged) -> None:
        self._load()
        if found.verdict in ("same", "differs"):
            self._choose(next((one.id for one in self._contacts if one.code == contact.code), contact.id))
            self.list.setFocus()
        happened, means, todo, tone = verdict(found, isolate(f"{contact.code} {contact.name}"))
        self.notice_bar.say(happened, means, todo, tone)

    def _decide(self, accept: bool) -> None:
        own = self.stack.currentWidget() is self.own
        contact = self.door.contacts.one(self.me.delegation) if own else self.contact()
        if contact is not None:
            contacts, which = self.door.contacts, contact.id
            self.runner.run(lambda: contacts.decide(which, accept), lambda _done: self._decided(contact.code, own=own),
                            self._say_error, owner=self)  # fmt: skip

    def _decided(self, code: str, *, own: bool) -> None:
        """An accepted identity is another contact under the same code."""
        self._load()
        if own:
            self.show_own()
        else:
            self._choose(next((one.id for one in self._contacts if one.code == code), ""))

    def accept_laptops(self) -> None:
        """Look at the laptop that was added to the delegation shown."""
        (self.own if self.stack.currentWidget() is self.own else self.detail).laptops.ask()

    # cards

    def choose_card(self) -> None:
        """Ask for the file of a card."""
        pick_file(self, self.tr("Import an identity card"), "", self.import_card)

    def import_card(self, path: Path) -> None:
        """Read and check a card; on success say whose it is."""
        contacts = self.door.contacts
        self.runner.run(lambda: contacts.import_card(read_card(path)), self._imported, self._say_error, owner=self)

    def _imported(self, contact: ContactView) -> None:
        self.search.clear()
        self._load()
        self._choose(contact.id)
        who = isolate(f"{contact.code} {contact.name}")
        if contact.changed:
            self.notice_bar.say(
                self.tr("This card of {who} holds another identity than the one you know.").format(who=who),
                self.tr("Nothing more is sent to it until you decide below."), tone="bad",
            )  # fmt: skip
        elif contact.trust == "received only":
            self.notice_bar.say(
                self.tr("The card of {who} was received.").format(who=who),
                self.tr("It is not verified yet: anybody could have made a card with this name."),
                self.tr("Compare with it, in person or by telephone."), "info",
                self.tr("Verify now"), self.start_verifying,
            )  # fmt: skip
        else:
            self.notice_bar.say(self.tr("The card of {who} is the one you know.").format(who=who), tone="good")

    def show_own(self) -> None:
        """Our own card."""
        contacts = self.door.contacts
        try:
            qr = contacts.own_qr()
            own = contacts.one(self.me.delegation)
            story, custodians = self.door.trust.story(own.id), self.door.trust.custodians().chosen
        except ValiseError as error:
            self._say_error(error)
            return
        self.own.show_card(self.me.code, self.me.name, qr, own.fingerprint)
        self.own.show_story(own, story, listed(one.code for one in self._contacts if one.id in custodians))
        self.stack.setCurrentWidget(self.own)
        self._mark("")

    def choose_place(self) -> None:
        """Ask where to save our card."""
        pick_place(self, self.tr("Save our identity card"), suggested(f"{self.me.code} {self.me.name}.valise-card"), self.save_card)

    def save_card(self, path: Path) -> None:
        """Write our card to a place that was chosen."""
        self.runner.run(
            lambda: write(path, self.door.contacts.own_card()),
            lambda _done: self.notice_bar.say(self.tr("Saved as {file}.").format(file=isolate(path.name)), tone="good"),
            self._say_error,
            owner=self,
        )

    def _say_error(self, error: ValiseError) -> None:
        self.notice_bar.show_error(error)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(one.isLocalFile() for one in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        for one in event.mimeData().urls():
            if one.isLocalFile():
                self.import_card(Path(one.toLocalFile()))
        event.acceptProposedAction()
