"""What stands above the text: title, symbol, revision, who holds the pen, and a warning where one is due."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from valise.domain.text.model import TextHead
from valise.ui import icons, theme
from valise.ui.text_safe import isolate, shorten
from valise.ui.texts import terms
from valise.ui.texts.people import People
from valise.ui.widgets.buttons import action_button, button, icon_button, row
from valise.ui.widgets.labels import SafeLabel, Words, divider, hint, named

TITLE = 160  # characters shown; about two lines


def revision_name(symbol: str, of: str) -> str:
    """ "Rev.2" of "A/C.1/L.5/Rev.2"; the whole symbol where it does not end so."""
    tail = symbol.removeprefix(of).lstrip("/") or symbol.rpartition("/")[2]
    return tail if tail.startswith("Rev.") else symbol


class Headline(QFrame):
    """Title over the whole width; below it the facts, the acts of everybody as icons, and menus of what is `leaving` as a
    file or copy and of what looks `further`."""

    def __init__(
        self, groups: list[list[QAction]], leaving: list[QAction], further: list[QAction], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("headline")
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 9, 10, 5)
        column.setSpacing(0)
        self.title = SafeLabel("", "", self)
        self.title.setFont(theme.font(theme.HEADING_PX, bold=True))
        column.addWidget(self.title)
        self._mark = QLabel(self)
        self._mark.setFixedSize(14, 14)
        icons.bind(self._mark, "pen", "muted", 14)
        self.facts = Words("", "", self)
        self.facts.setFont(theme.font(theme.SMALL_PX))
        said = row(self._mark, self.facts, spacing=theme.SPACE.xs)
        said.setStretch(1, 1)
        self._acts = QHBoxLayout()
        self._acts.setSpacing(2)
        for number, group in enumerate(groups):
            if number:
                line_between = divider(self, vertical=True)
                line_between.setFixedHeight(22)
                self._acts.addSpacing(4)
                self._acts.addWidget(line_between)
                self._acts.addSpacing(4)
            for action in group:
                self._acts.addWidget(action_button(action, self))
        self.leaving = self._menu("file", self.tr("Files and copies of the text"), leaving)
        self.further = self._menu("chart", self.tr("The text from further away"), further)
        self._acts.addWidget(self.leaving)
        self._acts.addWidget(self.further)
        self._acts.addStretch(1)  # where they have a line of their own
        self._below = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._below.setSpacing(2)
        self._below.addLayout(said, 1)
        self._below.addLayout(self._acts)
        column.addLayout(self._below)

    def _settle(self) -> None:
        """Facts and acts beside each other where both have room."""
        facts = self.facts.fontMetrics().horizontalAdvance(self.facts.text()) + self._mark.width() + 2 * theme.SPACE.xs
        room = self.contentsRect().width() - self._acts.sizeHint().width()
        way = QBoxLayout.Direction.LeftToRight if facts <= room else QBoxLayout.Direction.TopToBottom
        if self._below.direction() != way:
            self._below.setDirection(way)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._settle()

    def _menu(self, icon: str, name: str, actions: list[QAction]) -> QToolButton:
        made = icon_button(icon, name, parent=self)
        menu = named(QMenu(made), name)
        menu.addActions(actions)
        made.setMenu(menu)
        made.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return made

    def show_head(self, head: TextHead, people: People, *, pen: bool) -> None:
        """The facts of this text."""
        self.title.setText(shorten(head.title, TITLE))
        hint(self.title, head.title if len(head.title) > TITLE else "")
        self._mark.setVisible(not pen)
        if pen:
            holder = ""  # the bench below says so
        elif head.pen_delegation == people.own:
            holder = self.tr("your delegation holds the pen on another computer")
        else:
            holder = self.tr("{0} holds the pen").format(isolate(people.name(head.pen_delegation)))
        parts = [holder] if holder else []
        if head.revisions:
            parts.append(isolate(revision_name(head.revisions[-1].symbol, head.symbol)))
        parts.append(self.tr("{0} of {1} open").format(head.open_paragraphs, head.paragraphs))
        if head.open_proposals:
            parts.append(self.tr("amendments: {0}").format(head.open_proposals))
        if head.waiting:
            parts.append(self.tr("not complete yet, waiting for {0}").format(head.waiting))
        base = head.symbol.partition("/Rev.")[0]
        if base:
            parts.append(isolate(base))
        self.facts.setText(" · ".join(parts))
        self._settle()


class FrozenStrip(QFrame):
    """Said plainly, above the text, for as long as it lasts: frozen, or a device with two histories. `wanted()`: somebody
    wants to say how it goes on."""

    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("frozen")
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 8, 14, 8)
        row.setSpacing(10)
        mark = QLabel(self)
        mark.setFixedSize(20, 20)
        icons.bind(mark, "snow", "warn", 20)
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(2)
        self.what = Words("", "strong", self)
        self.more = Words("", "", self)
        column.addWidget(self.what)
        column.addWidget(self.more)
        row.addLayout(column, 1)
        self.decide = button(self.tr("Decide…"), self.wanted.emit, parent=self)
        row.addWidget(self.decide, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def show_head(self, head: TextHead, people: People) -> None:
        """Show what stops this text, or nothing."""
        if head.frozen:
            self.what.setText(terms.frozen(head.frozen))
            self.more.setText(
                self.tr(
                    "Everybody sees the last common state. Nothing is lost and nothing leaks; the delegations decide "
                    "together how it goes on."
                )
            )
        elif head.suspended:
            self.what.setText(self.tr("A computer of a delegation has signed two different histories."))
            self.more.setText(
                self.tr(
                    "What it sent since then is not counted until its delegation has settled it. "
                    "Computers concerned: {0}."
                ).format(len(head.suspended))
            )
        self.setVisible(bool(head.frozen or head.suspended))
