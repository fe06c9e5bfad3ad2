"""The screen: what needs a person today, every date as a calendar, and in a vault for practice its tasks."""

from __future__ import annotations

from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.desk.views import Changes
from valise.ui import actions
from valise.ui.overview import keys, terms
from valise.ui.overview.calendar import CalendarPage
from valise.ui.overview.practice import PracticePage
from valise.ui.overview.today import TodayPage
from valise.ui.screens import Screen
from valise.ui.tasks import Runner
from valise.ui.widgets.labels import named
from valise.ui.widgets.notice import NoticeBar

Page = TodayPage | CalendarPage | PracticePage


class OverviewScreen(Screen):
    """`open_ref`: "calendar", "calendar:YYYY-MM-DD" or "practice"."""

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(door, runner, parent)
        self.setObjectName("page")
        terms.learn(lambda: _titles(door))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self.notice_bar = NoticeBar(self)
        outer.addWidget(self.notice_bar)
        self.tabs = named(QTabWidget(self), self.tr("Views of the overview"))
        self.tabs.setDocumentMode(True)
        outer.addWidget(self.tabs, 1)
        self.today = TodayPage(door, runner, self.tabs)
        self.calendar = CalendarPage(door, runner, self.tabs)
        self.tabs.addTab(self.today, self.tr("Today"))
        self.tabs.addTab(self.calendar, self.tr("Calendar"))
        self.practice: PracticePage | None = None
        if door.training.on():
            self.practice = PracticePage(door, runner, self.tabs)
            self.tabs.addTab(self.practice, self.tr("Practice"))
        named(self.tabs.tabBar(), self.tr("Views of the overview"))
        for page in self.pages():
            page.go.connect(self.go)
            page.failed.connect(self.notice_bar.show_error)
        self.today.count.connect(self.count)
        self.tabs.currentChanged.connect(lambda _place: self.shown().load())
        slots = {
            keys.TODAY: lambda: self._turn(self.today), keys.CALENDAR: lambda: self._turn(self.calendar),
            keys.EXPORT: self.calendar.export, keys.IMPORT: self.calendar.take,
        }  # fmt: skip
        for name, slot in slots.items():
            actions.make(name, self, slot)
        self.today.load()

    def pages(self) -> list[Page]:
        """The pages there are, in their order."""
        return [self.today, self.calendar, *([self.practice] if self.practice is not None else [])]

    def shown(self) -> Page:
        """The page one sees."""
        return self.pages()[self.tabs.currentIndex()]

    def refresh(self, changes: Changes) -> None:
        if changes.settings:
            terms.forget()
        self.today.refresh(changes)
        if self.shown() is not self.today and changes != Changes():
            self.shown().refresh(changes)

    def focus_first(self) -> None:
        self.shown().focus_first()

    def open_ref(self, ref: str) -> None:
        name, _, rest = ref.partition(":")
        page = {"calendar": self.calendar, "practice": self.practice}.get(name, self.today)
        if page is not None:
            self._turn(page)
            if rest and page is self.calendar:
                self.calendar.show_day(rest)

    def panes(self) -> list[QWidget]:
        return [self.tabs.tabBar(), *self.shown().panes()]

    def _turn(self, page: Page) -> None:
        self.tabs.setCurrentWidget(page)
        page.focus_first()


def _titles(door: Door) -> dict[str, str]:
    """Of registers and their columns, and of States, in the language of the window."""
    language = terms.language()
    made = {f"@{code}": name for code, name in door.registers.names("state", language)}
    for one in door.registers.definitions():
        made[one.id] = one.title.in_(language)
        made |= {f"{one.id}:{column.id}": column.title.in_(language) for column in one.columns}
    return made
