"""The screen: delegations at the side; beside them one delegation, comparing with it, or our own card."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QFrame,
    QListView,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from valise.desk.door import Door
from valise.desk.views import Changes, ContactView
from valise.domain.errors import NotAllowed, Unavailable, ValiseError
from valise.ui import actions, theme
from valise.ui.contacts import (
    keys,  # noqa: F401  its actions stand in the table
    said,
)
from valise.ui.contacts.detail import Detail
from valise.ui.contacts.own import OwnCard
from valise.ui.contacts.rows import ContactDelegate, matches, spoken
from valise.ui.contacts.verify import Verify, after_differing
from valise.ui.messages.files import suggested, write
from valise.ui.messages.listing import ITEM, Listing
from valise.ui.screens import Screen
from valise.ui.tasks import Runner
from valise.ui.text_safe import isolate
from valise.ui.widgets.buttons import SearchBox, action_button, row
from valise.ui.widgets.empty import EmptyState
from valise.ui.widgets.files import home
from valise.ui.widgets.labels import heading, named
from valise.ui.widgets.notice import NoticeBar

LARGEST = 1024 * 1024  # bytes of a card file


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
        actions.make("contacts.verify", self, self.start_verifying)
        actions.make("contacts.save", self, self.choose_place)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.notice_bar)
        split = QSplitter(Qt.Orientation.Horizontal, self)
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
        self.verify.matched.connect(self._matched)
        self.verify.differed.connect(self._differed)
        self.verify.left.connect(self._show)
        self.own.save_asked.connect(self.choose_place)
        self._load()
        self._choose_first()

    def _left(self, parent: QWidget) -> QWidget:
        left = QFrame(parent)
        left.setObjectName("pane")
        left.setMinimumWidth(250)
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

    # what the window asks

    def refresh(self, changes: Changes) -> None:
        if not changes.contacts:
            return
        self._load()
        page = self.stack.currentWidget()
        if page is self.verify and self.contact() is not None:
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

    def panes(self) -> list[QWidget]:
        page = self.stack.currentWidget()
        first = {self.detail: self.detail.verify, self.verify: self.verify.differ, self.own: self.own.save}
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
        self._contacts.sort(key=lambda one: (not one.changed, one.code, one.id))
        self.count.emit(sum(one.changed or one.trust in ("received only", "unknown") for one in self._contacts))
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
        self.detail.show_contact(contact)
        self.stack.setCurrentWidget(self.detail)

    # verifying

    def start_verifying(self) -> None:
        """Show the safety number of the chosen delegation."""
        contact = self.contact()
        if contact is None:
            return
        try:
            number = self.door.contacts.safety(contact.id)
        except ValiseError as error:
            self._say_error(error)
            return
        self.verify.show_number(contact, number)
        self.stack.setCurrentWidget(self.verify)
        self.verify.back.setFocus()

    def _matched(self) -> None:
        contact = self.contact()
        if contact is not None:
            contacts, which = self.door.contacts, contact.id
            changed = said.reason(contact) == "changed"

            def work() -> str:
                found = which
                if changed:  # the number compared is that of the new identity
                    contacts.decide(which, True)
                    found = next((one.id for one in contacts.all() if one.code == contact.code), which)
                contacts.verified(found)
                return found

            self.runner.run(work, lambda found: self._was_verified(contact, found), self._say_error, owner=self)

    def _was_verified(self, contact: ContactView, found: str) -> None:
        who = isolate(f"{contact.code} {contact.name}")
        self._load()
        self._choose(found)
        self.list.setFocus()
        self.notice_bar.say(self.tr("{who} is verified in person.").format(who=who), tone="good")

    def _differed(self) -> None:
        contact = self.contact()
        if contact is not None:
            contacts, which = self.door.contacts, contact.id
            self.runner.run(lambda: contacts.differs(which), lambda _done: self._was_stopped(contact),
                            self._say_error, owner=self)  # fmt: skip

    def _was_stopped(self, contact: ContactView) -> None:
        who = isolate(f"{contact.code} {contact.name}")
        self._load()
        self._show()
        self.list.setFocus()
        _, again, then = after_differing()
        happened = self.tr("The numbers differ: nothing more is sent to {who} until you decide.").format(who=who)
        self.notice_bar.say(happened, again, then, tone="bad")

    def _decide(self, accept: bool) -> None:
        contact = self.contact()
        if contact is not None:
            contacts, which = self.door.contacts, contact.id
            self.runner.run(lambda: contacts.decide(which, accept), lambda _done: self._decided(contact.code),
                            self._say_error, owner=self)  # fmt: skip

    def _decided(self, code: str) -> None:
        """An accepted identity is another contact under the same code."""
        self._load()
        self._choose(next((one.id for one in self._contacts if one.code == code), ""))

    # cards

    def choose_card(self) -> None:
        """Ask for the file of a card."""
        dialog = QFileDialog(self, self.tr("Import a card"), home())
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda chosen: self.import_card(Path(chosen)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

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
                self.tr("Compare the safety number, in person or by telephone."), "info",
                self.tr("Verify now"), self.start_verifying,
            )  # fmt: skip
        else:
            self.notice_bar.say(self.tr("The card of {who} is the one you know.").format(who=who), tone="good")

    def show_own(self) -> None:
        """Our own card."""
        contacts = self.door.contacts
        try:
            qr = contacts.own_qr()
            fingerprint = contacts.one(self.me.delegation).fingerprint
        except ValiseError as error:
            self._say_error(error)
            return
        self.own.show_card(self.me.code, self.me.name, qr, fingerprint)
        self.stack.setCurrentWidget(self.own)
        self._mark("")

    def choose_place(self) -> None:
        """Ask where to save our card."""
        dialog = QFileDialog(self, self.tr("Save our card"), home())
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(suggested(f"{self.me.code} {self.me.name}.valisecard"))
        dialog.fileSelected.connect(lambda chosen: self.save_card(Path(chosen)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save_card(self, path: Path) -> None:
        """Write our card to a place that was chosen."""
        contacts = self.door.contacts
        self.runner.run(
            lambda: write(path, contacts.own_card()),
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
