"""The screen: the list beside a page, and one page to report."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.desk.door_incidents import Draft, IncidentRow, IncidentView, Place
from valise.desk.door_pings import Entry
from valise.desk.views import Changes
from valise.domain.errors import NotAllowed, ValiseError
from valise.ui import actions
from valise.ui.incidents import keys, said
from valise.ui.incidents.acts import Acts
from valise.ui.incidents.directory import Directory
from valise.ui.incidents.listing import IncidentsList
from valise.ui.incidents.page import IncidentPage
from valise.ui.incidents.report import ReportPage
from valise.ui.screens import Screen
from valise.ui.strings import Tone
from valise.ui.tasks import Latest, Runner
from valise.ui.widgets.buttons import action_button, button, row
from valise.ui.widgets.empty import EmptyState
from valise.ui.widgets.labels import heading
from valise.ui.widgets.notice import NoticeBar

CONTACTS = "contacts"  # the register of points of contact


class IncidentsScreen(Screen):
    """`open_ref(id)` shows an incident."""

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(door, runner, parent)
        self.words = door.incidents.template()
        self.doing = Acts(self)
        self.acts: dict[str, QAction] = {}
        calls = {"raise": self.doing.climb}
        for name in (*keys.ACTS, "task", "note", "send_on", "print", "stix", "record", "read_stix"):
            self.acts[name] = actions.make(f"incident.{name}", self, calls.get(name) or getattr(self.doing, name))
        self.list = IncidentsList(self)
        self.page = IncidentPage(
            self.words, [self.acts[name] for name in keys.ACTS], [self.acts[name] for name in ("send_on", "print", "stix", "record")],
            [self.acts[name] for name in ("task", "note")], self,
        )  # fmt: skip
        self.report = ReportPage(door, runner, self.words, self)
        self.bar = NoticeBar(self)
        self._build()
        self._wanted = ""
        self._focused = False
        self._listing = Latest(runner, self._read, self._came, self.refused, self)
        self.stack.setCurrentWidget(self.split)
        self.list.chosen.connect(self._choose)
        self.list.wanted.connect(self.page.page.setFocus)
        self.page.climb.connect(self.doing.climb)
        self.page.done.connect(self.doing.done)
        self.page.strike.connect(self.doing.strike)
        self.page.take_back.connect(self.doing.take_back)
        self.page.save_file.connect(self.doing.save_file)
        self.page.stale.connect(self._load)
        self.directory = Directory()
        self._read_directory()
        self.report.left.connect(self._back)
        self.report.sent.connect(self._sent)
        self._load()

    def _build(self) -> None:
        self.begin = button(self.tr("Report or ask for help…"), self.new, icon="plus", kind="primary", parent=self)
        self.begin.setToolTip(self.tr("Report an incident or ask for help (Ctrl+N)"))
        self.goes_on = button(self.tr("Go on with a draft"), self._go_on, kind="quiet", icon="edit", parent=self)
        self.goes_on.hide()
        head = heading(self.tr("Incidents"), self)
        head.setWordWrap(False)
        top = row(head, None, self.goes_on, action_button(self.acts["read_stix"], self), self.begin)
        top.setContentsMargins(18, 9, 14, 7)
        self.empty = EmptyState(
            "incidents", self.tr("No incident has been reported"),
            self.tr("Report an incident, or ask for help, to a delegation or to a group. What others report to you stands here too."),
            self.tr("Report or ask for help…"), self.new, self,
        )  # fmt: skip
        self.unchosen = EmptyState("incidents", self.tr("Choose an incident"), self.tr("What needs you stands first."), parent=self)
        self.right = QStackedWidget(self)
        for one in (self.unchosen, self.page):
            self.right.addWidget(one)
        self.split = QSplitter(Qt.Orientation.Horizontal, self)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self.list)
        self.split.addWidget(self.right)
        self.split.setStretchFactor(0, 0)
        self.split.setStretchFactor(1, 1)
        self.list.setMinimumWidth(240)
        self.split.setSizes([340, 900])
        self.stack = QStackedWidget(self)
        for one in (self.empty, self.split, self.report):
            self.stack.addWidget(one)
        self.top = QWidget(self)
        self.top.setLayout(top)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top)
        column.addWidget(self.bar)
        column.addWidget(self.stack, 1)

    # what stands

    def refresh(self, changes: Changes) -> None:
        if CONTACTS in changes.registers:
            self._read_directory()
        if changes.incidents or changes.contacts or changes.rooms or changes.settings:
            self._load()

    def _read_directory(self) -> None:
        """Clocks and names of the other side, beside the window: what they come from is computed."""
        self.runner.run(lambda: self.door.pings.entries(language=said.language()), self._known, owner=self)

    def _known(self, entries: list[Entry]) -> None:
        self.directory.fill(entries)
        self.page.use_directory(self.directory)
        self.report.use_directory(self.directory)

    def _load(self) -> None:
        """What is looked at, at once; the list beside the window: the first time it goes through every operation of each."""
        try:
            self._show(self.door.incidents.one(self._wanted) if self._wanted else None)
        except NotAllowed:
            self._show(None)
        self._listing.ask()

    def _read(self) -> tuple[list[IncidentRow], list[Draft]]:
        """On the writer thread."""
        return self.door.incidents.all(), self.door.incidents.drafts()

    def _came(self, read: tuple[list[IncidentRow], list[Draft]]) -> None:
        rows, drafts = read
        self.list.show_rows(rows, self._wanted)
        self.goes_on.setVisible(bool(drafts))
        self.goes_on.setText(self.tr("Go on with a draft") if len(drafts) == 1 else self.tr("Go on with a draft ({0})").format(len(drafts)))
        self.goes_on.setAccessibleName(self.goes_on.text())
        self.count.emit(sum(bool(one.needs) for one in rows))
        here = QApplication.focusWidget()
        left = bool(rows) and here is not None and self.empty.isAncestorOf(here)  # what had the keyboard goes
        if self.stack.currentWidget() is not self.report:
            self.stack.setCurrentWidget(self.split if rows else self.empty)
        name = self._wanted
        if self.looking() and self.isVisible() and any(one.id == name and one.unseen for one in rows):
            self.runner.run(lambda: self.door.incidents.seen(name), owner=self)
        if self._focused or left:  # the keyboard was to go there before it was known what is there
            self._focused = False
            self.focus_first()

    def _show(self, one: IncidentView | None) -> None:
        self._allow(one)
        if one is not None:
            self.page.show_one(one)
        self.right.setCurrentWidget(self.page if one is not None else self.unchosen)
        if one is not None and self.stack.currentWidget() is self.empty:
            self.stack.setCurrentWidget(self.split)

    def _allow(self, one: IncidentView | None) -> None:
        for name, act in self.acts.items():
            act.setEnabled(name == "read_stix" or (one is not None and (name in one.may if name in keys.ACTS else True)))

    def looking(self) -> bool:
        """Whether an incident is before the eyes."""
        return self.stack.currentWidget() is self.split and self.right.currentWidget() is self.page

    def _choose(self, incident: str) -> None:
        if incident != self._wanted or not self.looking():
            self._wanted = incident
            self.bar.close_notice()
            self._load()

    def open_ref(self, ref: str) -> None:
        if self.stack.currentWidget() is self.report:
            self.report.leave()
        self._wanted = ref
        self._load()

    # reporting

    def new(self) -> None:
        """A new form."""
        self._start(Draft("", form=self.door.incidents.blank()))

    def _go_on(self) -> None:
        drafts = self.door.incidents.drafts()
        if drafts:
            self._start(drafts[0])

    def open_draft(self, draft: str) -> None:
        """A draft just made of a bundle."""
        found = next((one for one in self.door.incidents.drafts() if one.id == draft), None)
        if found is not None:
            self._start(found)

    def _start(self, draft: Draft) -> None:
        if self.stack.currentWidget() is self.report:
            self.report.save()
        self.bar.close_notice()
        places: list[Place] = self.door.incidents.places()
        self.report.start(draft, places)
        self.top.hide()
        self.stack.setCurrentWidget(self.report)
        self.report.room.setFocus()

    def _back(self) -> None:
        self.top.show()
        self.stack.setCurrentWidget(self.split)
        self._load()
        self.focus_first()

    def _sent(self, incident: str) -> None:
        self._wanted = incident
        self._back()
        self.told(self.tr("It is on its way: sealed now, sent with the next exchange."))

    # saying

    def told(self, words: str, *, tone: Tone = "good") -> None:
        """Say something of ours, above the page."""
        self.bar.say(words, tone=tone)

    def refused(self, error: ValiseError) -> None:
        """Say why not."""
        self.bar.show_error(error)

    # the window's

    def focus_first(self) -> None:
        self._focused = self._listing.asking
        if self.stack.currentWidget() is self.report:
            self.report.room.setFocus()
        elif self.stack.currentWidget() is self.empty and self.empty.step is not None:
            self.empty.step.setFocus()
        else:
            self.list.setFocus()

    def panes(self) -> list[QWidget]:
        if self.stack.currentWidget() is self.report:
            return [self.report.room, self.report.go]
        if self.stack.currentWidget() is self.empty:
            return [self.begin]
        return [self.list, self.page.page, self.begin] if self.looking() else [self.list, self.begin]

    def save(self) -> None:
        self.report.save()
