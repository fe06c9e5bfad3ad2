"""The page that takes the place of the workbench while one looks at the text from further away."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.domain.errors import ValiseError
from valise.domain.text.model import TextHead
from valise.ui import theme
from valise.ui.seeing.comparing import CompareView
from valise.ui.seeing.convergence import ConvergenceView
from valise.ui.seeing.slips import SlipsView
from valise.ui.seeing.standing import StandingView
from valise.ui.seeing.streamlining import StreamlineView
from valise.ui.seeing.view import SeeingView
from valise.ui.tasks import Runner
from valise.ui.text_safe import shorten
from valise.ui.texts.people import People
from valise.ui.widgets.buttons import button, row
from valise.ui.widgets.labels import ElidedLabel, named
from valise.ui.widgets.notice import NoticeBar

VIEWS = ("compare", "matrix", "convergence", "slips", "bench")
TITLE = 120


class SeeingPage(QWidget):
    """Five views of one text. `went(paragraph)` to go there; `back()` to the text as it was left."""

    went = Signal(str)
    back = Signal()

    def __init__(
        self, door: Door, runner: Runner, people: People, label_of: Callable[[str, str], str],
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setObjectName("pane")
        self.head: TextHead | None = None
        self.compare = CompareView(door, runner, people, self)
        self.matrix = StandingView(door, runner, people, label_of, self)
        self.convergence = ConvergenceView(door, runner, people, self)
        self.slips = SlipsView(door, runner, people, self)
        self.bench = StreamlineView(door, runner, people, self)
        self.bench.sent.connect(self._sent)
        self.bar = NoticeBar(self)
        self.title = ElidedLabel("", self)
        self.title.setFont(theme.font(theme.HEADING_PX, bold=True))
        self.leave = button(self.tr("Back to the text"), self.back.emit, icon="texts", parent=self)
        self.leave.setToolTip(self.tr("Back to the text (Escape)"))
        self.tabs = named(QTabWidget(self), self.tr("Views of the text"))
        named(self.tabs.tabBar(), self.tr("Views of the text"))
        names = (self.tr("Compare"), self.tr("Who stands where"), self.tr("Convergence"), self.tr("Slips"),
                 self.tr("Streamlining"))  # fmt: skip
        for view, name in zip(self.views(), names, strict=True):
            self.tabs.addTab(view, name)
            view.went.connect(self.went)
            view.failed.connect(self._failed)
        top = row(self.title, self.leave, spacing=theme.SPACE.l)
        top.setStretch(0, 1)
        top.setContentsMargins(18, 9, 14, 5)
        notice = row(self.bar)
        notice.setContentsMargins(12, 0, 12, 6)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.tabs, 1)
        column.addLayout(notice)
        self.tabs.currentChanged.connect(lambda _place: self._read())
        self._fresh: set[SeeingView] = set()

    def views(self) -> tuple[SeeingView, ...]:
        return self.compare, self.matrix, self.convergence, self.slips, self.bench

    def view(self) -> SeeingView:
        """The one that is shown."""
        return self.views()[self.tabs.currentIndex()]

    def open(self, head: TextHead, which: str) -> None:
        """Show a view of this text, with the keyboard in it."""
        self.bar.close_notice()
        self.show_head(head)
        self.tabs.setCurrentIndex(VIEWS.index(which))
        self._read()
        self.view().wanted = self.view().progress.isVisibleTo(self.view())
        self.view().first().setFocus()

    def show_head(self, head: TextHead) -> None:
        """The text, or the same after a change; only what is shown is read again."""
        self.head = head
        self.title.setText(shorten(head.title, TITLE))
        self._fresh.clear()

    def follow(self, head: TextHead) -> None:
        """The text changed while one looks at it."""
        self.show_head(head)
        self._read()

    def _read(self) -> None:
        view = self.view()
        if self.head is not None and view not in self._fresh:
            self._fresh.add(view)
            view.open_head(self.head)

    def _sent(self, count: int) -> None:
        self.bar.say(self.tr("Sent. Paragraphs the pen has set: {0}.").format(count), tone="good")

    def _failed(self, error: ValiseError) -> None:
        self.bar.show_error(error)

    def panes(self) -> list[QWidget]:
        """For F6."""
        return [self.tabs.tabBar(), self.view().first(), self.leave]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.back.emit()
            return
        super().keyPressEvent(event)
