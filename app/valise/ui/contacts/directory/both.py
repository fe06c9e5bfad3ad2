"""The screen of contacts: the delegations we exchange with, and beside them the directory of points of contact."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.desk.views import Changes
from valise.ui import actions, theme
from valise.ui.contacts.directory import keys  # noqa: F401  its actions stand in the table
from valise.ui.contacts.directory.page import TABS, DirectoryPage
from valise.ui.contacts.screen import ContactsScreen as Delegations
from valise.ui.registers.rowpage import RowPage
from valise.ui.tasks import Runner
from valise.ui.widgets.buttons import row
from valise.ui.widgets.labels import named


class ContactsScreen(Delegations):
    """Refs of delegations as before; those of the directory: see DirectoryPage.open_ref."""

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        self._directory: DirectoryPage | None = None
        super().__init__(door, runner, parent)
        self.acts: dict[str, QAction] = {}
        acts: dict[str, Callable[[DirectoryPage], object]] = {
            "directory.edit": DirectoryPage.edit, "directory.nominate": DirectoryPage.nominate,
            "directory.cards": DirectoryPage.save_cards, "directory.import": DirectoryPage.import_cards,
            "directory.round": DirectoryPage.open_round,
            "directory.mail": lambda page: page.copy(("email", "email_alternative")),
            "directory.phone": lambda page: page.copy(("phone_24x7", "phone")),
            **{f"directory.{tab}": partial(_tab, tab) for tab in TABS},
        }  # fmt: skip
        acts |= {
            "directory.undo": partial(_in_form, RowPage.undo_last), "directory.history": partial(_in_form, RowPage.turn_history),
            "directory.out": partial(_in_form, RowPage.take_out),
        }  # fmt: skip
        for name, act in acts.items():
            self.acts[name] = actions.make(name, self, partial(self._act, act))
        self.acts["directory.show"] = actions.make("directory.show", self, self.toggle)
        self.which = named(QTabBar(self), self.tr("Delegations or points of contact"))
        self.which.setExpanding(False)
        self.which.setDrawBase(False)
        self.which.addTab(self.tr("Delegations"))
        self.which.addTab(self.tr("Points of contact"))
        self.pages = QStackedWidget(self)
        box = self.layout()
        assert isinstance(box, QVBoxLayout)
        box.removeWidget(self.split)
        line = row(self.which, None)
        line.setContentsMargins(theme.SPACE.m, theme.SPACE.s, 0, 0)
        box.addLayout(line)
        box.addWidget(self.pages, 1)
        self.pages.addWidget(self.split)
        self.which.currentChanged.connect(self._shown)
        self._count_asked()

    @property
    def directory(self) -> DirectoryPage:
        """Made when it is first looked at."""
        if self._directory is None:
            self._directory = DirectoryPage(self.door, self.runner, self.acts, self.pages)
            self._directory.went.connect(self.go)
            self._directory.count.connect(self._asks)
            self.pages.addWidget(self._directory)
        return self._directory

    def looking(self) -> bool:
        """Whether the directory is in front."""
        return self._directory is not None and self.pages.currentWidget() is self._directory

    def toggle(self) -> None:
        """The other page."""
        self.which.setCurrentIndex(1 - self.which.currentIndex())
        self.focus_first()

    def show_directory(self) -> None:
        self.which.setCurrentIndex(1)

    def choose_place(self) -> None:
        """Ctrl+S keeps the form that is open; elsewhere it saves our card."""
        form = self.directory.writing() if self.looking() else None
        if form is not None:
            form.keep()
        else:
            super().choose_place()

    def _act(self, act: Callable[[DirectoryPage], object]) -> None:
        """A key of the directory leads there first."""
        self.show_directory()
        act(self.directory)

    def _shown(self, place: int) -> None:
        if place == 0:
            self.pages.setCurrentWidget(self.split)
            return
        page = self.directory
        self.pages.setCurrentWidget(page)
        page.read()
        page.asked.read()

    def _asks(self, count: int) -> None:
        name = self.tr("Points of contact")
        self.which.setTabText(1, self.tr("{name} ({n})").format(name=name, n=count) if count else name)

    # what the window asks

    def refresh(self, changes: Changes) -> None:
        super().refresh(changes)
        if self._directory is not None:
            self._directory.refresh(changes)
        elif "contacts" in changes.registers:
            self._count_asked()

    def _count_asked(self) -> None:
        """What others ask us stands on the tab before anybody has looked there."""
        pings = self.door.pings
        self.runner.run(lambda: sum(not one.says for one in pings.questions()), self._asks, owner=self)

    def focus_first(self) -> None:
        (self.directory.first() if self.looking() else self.list).setFocus()

    def open_ref(self, ref: str) -> None:
        if ref.startswith(("round:", "ask:", "contacts/")) or ref == "rounds":
            self.show_directory()
            self.directory.open_ref(ref)
            return
        self.which.setCurrentIndex(0)
        super().open_ref(ref)

    def panes(self) -> list[QWidget]:
        return self.directory.panes() if self.looking() else super().panes()

    def new(self) -> None:
        if self.looking():
            self.directory.begin()
        else:
            super().new()

    def find(self) -> None:
        if self.looking():
            self.directory.find()
        else:
            self.search.setFocus()

    def save(self) -> None:
        super().save()
        if self._directory is not None:
            self._directory.save()


def _in_form(act: Callable[[RowPage], object], page: DirectoryPage) -> None:
    form = page.writing()
    if form is not None:
        act(form)


def _tab(name: str, page: DirectoryPage) -> None:
    page.show_tab(name)
