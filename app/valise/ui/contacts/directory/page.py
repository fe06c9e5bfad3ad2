"""The directory of points of contact: entries at the side; beside them one entry, the rounds, the plot, questions to us."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QFrame,
    QListView,
    QSplitter,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from valise.desk.door import Door
from valise.desk.door_pings import Entry, RoundHead, RoundRow, Wanted
from valise.desk.door_registers import Place
from valise.desk.views import Changes
from valise.ui import theme
from valise.ui.collating import placed
from valise.ui.contacts.directory import said
from valise.ui.contacts.directory.acting import Acting
from valise.ui.contacts.directory.asked import AskedView
from valise.ui.contacts.directory.detail import EntryDetail
from valise.ui.contacts.directory.reach import ReachView
from valise.ui.contacts.directory.rounds import RoundsView
from valise.ui.contacts.directory.rows import EntryDelegate
from valise.ui.contacts.directory.view import DirectoryView
from valise.ui.language import translate
from valise.ui.messages.listing import ITEM, Listing
from valise.ui.registers.look import Names
from valise.ui.registers.rowpage import RowPage
from valise.ui.tasks import Runner
from valise.ui.widgets.buttons import SearchBox, action_button, icon_button, row
from valise.ui.widgets.empty import EmptyState
from valise.ui.widgets.flow import flowing
from valise.ui.widgets.labels import heading, named, small
from valise.ui.widgets.notice import NoticeBar

REGISTER = "contacts"
TABS = ("entry", "rounds", "reach", "asked")
_LIST = 300


class DirectoryPage(Acting):
    """`count(n)`: questions to us that nobody has answered; `went(screen, ref)` leads elsewhere. `acts` are the actions of its
    keys, by id."""

    count = Signal(int)
    went = Signal(str, str)

    def __init__(self, door: Door, runner: Runner, acts: dict[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(door, runner, parent)
        self.entries: list[Entry] = []
        self._chosen = ""
        self._following = False
        self._form: RowPage | None = None
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.bar = NoticeBar(self)
        self.column.addWidget(self.bar)
        self.column.addWidget(self.progress)
        self.split = QSplitter(Qt.Orientation.Horizontal, self)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self._left(acts))
        self.split.addWidget(self._right())
        self.split.setStretchFactor(1, 1)
        self.split.setSizes([340, 900])
        self.column.addWidget(self.split, 1)
        for part in (self.rounds, self.reach, self.asked):
            part.failed.connect(self.bar.show_error)
            part.said.connect(lambda words: self.bar.say(words, tone="good"))
        self.failed.connect(self.bar.show_error)
        self.said.connect(lambda words: self.bar.say(words, tone="good"))
        self.rounds.round_asked.connect(self.open_round)
        self.asked.count.connect(self._questions)
        for source in (self.rounds, self.reach):
            source.entry_asked.connect(self.choose)
        self.detail.edit_asked.connect(self.edit)
        self.detail.nominate_asked.connect(self.nominate)
        self.detail.card_asked.connect(lambda: self.save_cards([self._chosen]))
        self.detail.round_asked.connect(self.show_round)

    def _left(self, acts: dict[str, QAction]) -> QWidget:
        left = self.left = QFrame(self)
        left.setObjectName("pane")
        left.setMinimumWidth(_LIST)
        box = QVBoxLayout(left)
        box.setContentsMargins(0, theme.SPACE.m, 0, 0)
        box.setSpacing(theme.SPACE.s)
        add = icon_button("plus", self.tr("New point of contact (Ctrl+N)"), self.begin, parent=left)
        shown = [acts[name] for name in ("directory.cards", "directory.import") if name in acts]
        head = row(heading(self.tr("Points of contact"), left), None, *(action_button(one, left) for one in shown), add)
        head.setContentsMargins(theme.SPACE.l, 0, theme.SPACE.s, 0)
        box.addLayout(head)
        self.search = SearchBox(self.tr("Find a State, a role, an office, a language"), left)
        self.search.textChanged.connect(lambda _text: self.read())
        self.search.moved.connect(self._step)
        self.category = self._filter(self.tr("All categories"), left)
        self.attention = self._filter(self.tr("All entries"), left)
        self.attention.addItem(self.tr("Needs attention"), True)
        for line in (row(self.search), flowing(self.category, self.attention)):
            line.setContentsMargins(theme.SPACE.m, 0, theme.SPACE.m, 0)
            box.addLayout(line)
        self.rows = Listing(lambda one: one.contact, said.spoken, self)
        self.list = named(QListView(left), self.tr("Points of contact"))
        self.list.setModel(self.rows)
        self.list.setItemDelegate(EntryDelegate(self.list))
        self.list.setMouseTracking(True)
        self.list.setUniformItemSizes(True)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.selectionModel().currentChanged.connect(self._row_chosen)
        self.list.activated.connect(lambda _index: self.edit())
        box.addWidget(self.list, 1)
        self.counted = small("", left)
        self.counted.setContentsMargins(theme.SPACE.l, 0, theme.SPACE.l, theme.SPACE.s)
        box.addWidget(self.counted)
        return left

    def _filter(self, every: str, parent: QWidget) -> QComboBox:
        made = named(QComboBox(parent), every)
        made.addItem(every, "")
        made.currentIndexChanged.connect(lambda _place: self.read())
        return made

    def _right(self) -> QWidget:
        right = QFrame(self)
        right.setObjectName("pane")
        box = QVBoxLayout(right)
        box.setContentsMargins(0, theme.SPACE.s, 0, 0)
        box.setSpacing(0)
        self.tabs = named(QTabBar(right), self.tr("What is shown beside"))
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        for name in (self.tr("Entry"), self.tr("Ping rounds"), self.tr("Reachability"), self.tr("Asked of us")):
            self.tabs.addTab(name)
        line = row(self.tabs, None)
        line.setContentsMargins(theme.SPACE.m, 0, 0, 0)
        box.addLayout(line)
        self.stack = QStackedWidget(right)
        self.stack.setObjectName("page")
        self.detail = EntryDetail(self.stack)
        self.rounds = RoundsView(self.door, self.runner, self.stack)
        self.reach = ReachView(self.door, self.runner, self.stack)
        self.asked = AskedView(self.door, self.runner, self.stack)
        self.empty = EmptyState(
            "contacts", self.tr("No point of contact yet"),
            self.tr("Enter one, or import contact cards. A role before a person: it stays when people move on."),
            self.tr("Enter a point of contact…"), self.begin, self.stack,
        )  # fmt: skip
        for page in (self.detail, self.rounds, self.reach, self.asked, self.empty):
            self.stack.addWidget(page)
        box.addWidget(self.stack, 1)
        self.tabs.currentChanged.connect(lambda _place: self._tab())
        return right

    # reading

    def read(self) -> None:
        wanted = Wanted(self.search.text(), (str(self.category.currentData()),) if self.category.currentData() else (),
                        attention=bool(self.attention.currentData()))  # fmt: skip
        language = said.language()
        self.ask(lambda: self.door.pings.entries(wanted, language), self.show_entries)

    def refresh(self, changes: Changes) -> None:
        """Entries, and whatever stands beside them."""
        if REGISTER not in changes.registers and not changes.contacts:
            return
        self.read()
        self.asked.read()
        page = self.stack.currentWidget()
        if page is self.rounds or page is self.reach:
            page.read()
        if self._form is not None and page is self._form:
            self._form.follow()

    def show_entries(self, entries: list[Entry]) -> None:
        """The entries a filter lets through."""
        self.entries = entries
        self._categories(entries)
        self._following = True
        try:
            self.rows.follow(entries)
        finally:
            self._following = False
        self.counted.setText(translate("directory", "%n entries", None, len(entries)))
        if not any(one.contact == self._chosen for one in entries) and entries and not self._searching():
            self._chosen = entries[0].contact
        self._mark()
        if self.tabs.currentIndex() == 0 and self.stack.currentWidget() is not self._form:
            self._tab()

    def _searching(self) -> bool:
        return bool(self.search.text().strip() or self.category.currentData() or self.attention.currentData())

    def _categories(self, entries: list[Entry]) -> None:
        """Categories that occur, once the whole directory was seen."""
        if self._searching():
            return
        there = {(one.shown.get("category", ""), one.first("category")) for one in entries if one.first("category")}
        found = sorted(there, key=lambda one: placed(one[0]))
        if [self.category.itemData(n) for n in range(1, self.category.count())] != [value for _, value in found]:
            self.category.blockSignals(True)
            while self.category.count() > 1:
                self.category.removeItem(1)
            for words, value in found:
                self.category.addItem(words, value)
            self.category.blockSignals(False)

    def _mark(self) -> None:
        self._following = True
        try:
            place = self.rows.place(self._chosen)
            self.list.setCurrentIndex(self.rows.index(place) if place >= 0 else QModelIndex())
        finally:
            self._following = False

    # choosing

    def entry(self) -> Entry | None:
        """The chosen one."""
        return next((one for one in self.entries if one.contact == self._chosen), None)

    def choose(self, contact: str) -> None:
        """Show one entry, whatever is filtered."""
        self._chosen = contact
        if not any(one.contact == contact for one in self.entries):
            self.search.clear()
            self.category.setCurrentIndex(0)
            self.attention.setCurrentIndex(0)
        self._mark()
        self.show_tab("entry")

    def show_tab(self, name: str) -> None:
        """One of "entry", "rounds", "reach", "asked"."""
        place = TABS.index(name)
        if self.tabs.currentIndex() == place:
            self._tab()
        self.tabs.setCurrentIndex(place)

    def show_round(self, round: str) -> None:
        """One round with its rows."""
        self.rounds._wanted = round
        self.show_tab("rounds")

    def open_ref(self, ref: str) -> bool:
        """`rounds`, `round:<id>`, `ask:<id>` or `contacts/<row key>`; whether it was one of them."""
        kind, _, name = ref.partition(":")
        if kind == "round" and name:
            self.show_round(name)
        elif kind == "ask":
            self.show_tab("asked")
        elif ref == "rounds":
            self.show_tab("rounds")
        elif ref.startswith(f"{REGISTER}/"):
            self.choose(ref.removeprefix(f"{REGISTER}/"))
        else:
            return False
        return True

    def _row_chosen(self, now: QModelIndex, _before: QModelIndex) -> None:
        item = now.data(ITEM) if now.isValid() else None
        if not self._following and isinstance(item, Entry):
            self._chosen = item.contact
            self.show_tab("entry")

    def _step(self, by: int) -> None:
        if count := self.rows.rowCount():
            here = self.list.currentIndex().row() if self.list.currentIndex().isValid() else -1
            self.list.setCurrentIndex(self.rows.index(max(0, min(count - 1, here + by))))

    def _tab(self) -> None:
        name, here = TABS[self.tabs.currentIndex()], QApplication.focusWidget()
        self.left.setVisible(name == "entry")  # rounds and their plot need the whole width
        if name == "entry":
            self._show_entry()
        else:
            page = {"rounds": self.rounds, "reach": self.reach, "asked": self.asked}[name]
            self.stack.setCurrentWidget(page)
            page.read()
        if here is not None and self.isAncestorOf(here) and not here.isVisibleTo(self):  # the keyboard was in what is gone
            self.first().setFocus()

    def _show_entry(self) -> None:
        one = self.entry()
        if one is None:
            if not self.entries and not self._searching():
                self.stack.setCurrentWidget(self.empty)
            return
        if self.detail.entry != one:
            self.detail.show_entry(one, ())
        self.stack.setCurrentWidget(self.detail)
        self.do(lambda: self.door.pings.past(one.contact, said.language()), lambda past: self._past(one, past))

    def _past(self, one: Entry, past: list[tuple[RoundHead, RoundRow]]) -> None:
        if one == self.entry():
            self.detail.show_entry(one, past)

    def _questions(self, count: int) -> None:
        self.tabs.setTabText(3, self.tr("Asked of us ({n})").format(n=count) if count else self.tr("Asked of us"))
        self.count.emit(count)

    def panes(self) -> list[QWidget]:
        """What F6 cycles through."""
        page = self.stack.currentWidget()
        inner = page.first() if isinstance(page, DirectoryView) else self.detail.edit if page is self.detail else self.empty.step
        beside = [] if self.left.isHidden() else [self.list, self.search]
        return [*beside, self.tabs, *([inner] if inner is not None else [])]

    def first(self) -> QWidget:
        page = self.stack.currentWidget()
        return page.first() if self.left.isHidden() and isinstance(page, DirectoryView) else self.list

    def find(self) -> None:
        """Where an entry is looked for."""
        self.show_tab("entry")
        self.search.setFocus()

    # acting

    def form(self) -> RowPage:
        """The form of the register, made when first needed."""
        if self._form is None:
            self._form = RowPage(self.door, self.runner, Names(self.door), self.stack)
            self._form.closed.connect(self._written)
            self._form.made.connect(self._made)
            self._form.went.connect(self.went)
            self.stack.addWidget(self._form)
        return self._form

    def writing(self) -> RowPage | None:
        """The form, while it is in front."""
        return self._form if self._form is not None and self.stack.currentWidget() is self._form else None

    def edit(self) -> None:
        """The chosen entry as a form."""
        if self.entry() is not None:
            form = self.form()
            form.open_row(self.door.registers.definition(REGISTER), Place(REGISTER, self._chosen))
            self._write(form)

    def begin(self) -> None:
        """A new entry as a form."""
        form = self.form()
        form.begin_row(self.door.registers.definition(REGISTER), Place(REGISTER, ""), {}, self.tr("New point of contact"))
        self._write(form)

    def begin_with(self, values: object) -> None:
        """A new entry as a form, with what a card says; nothing of it is kept before a person keeps it."""
        self.begin()
        form = self.form().form
        if form is not None and isinstance(values, dict):
            for column, given in values.items():
                line = form.lines.get(column)
                if line is not None and line.editor is not None:
                    line.editor.set_values(given)
            form.edited.emit()

    def _write(self, form: RowPage) -> None:
        """A form needs the whole width; the list is back with anything else."""
        self.bar.close_notice()
        self.tabs.blockSignals(True)
        self.tabs.setCurrentIndex(0)  # a form is an entry, wherever it was begun
        self.tabs.blockSignals(False)
        self.left.hide()
        self.stack.setCurrentWidget(form)

    def _written(self) -> None:
        """The form was left: the list is back, and has the keyboard."""
        self.show_tab("entry")
        self.list.setFocus()

    def _made(self, place: object) -> None:
        if isinstance(place, Place):
            self._chosen = place.row
        self.read()

    def save(self) -> None:
        """Nothing is written elsewhere than in the form, which keeps its own drafts."""
