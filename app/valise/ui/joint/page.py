"""The page in the place of the text: the statements, and the one that is looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from valise.desk.views import JointRow
from valise.ui import theme
from valise.ui.joint import said
from valise.ui.joint.listing import StatementsList
from valise.ui.joint.pane import StatementPane
from valise.ui.joint.style import sheet
from valise.ui.seeing import deadline
from valise.ui.texts.people import People
from valise.ui.widgets.buttons import button, row
from valise.ui.widgets.empty import EmptyState
from valise.ui.widgets.labels import heading
from valise.ui.widgets.notice import NoticeBar


@dataclass(frozen=True, slots=True)
class Read:
    """What was read: the statements, the names of rooms, and the symbols of revisions whose text is here."""

    rows: tuple[JointRow, ...] = ()
    rooms: dict[str, str] = field(default_factory=dict)
    symbols: dict[str, str] = field(default_factory=dict)


class JointPage(QWidget):
    """`back()` to the texts; `looked()` after another statement came before the eyes; `admit(delegation)`."""

    back = Signal()
    looked = Signal()
    admit = Signal(str)
    copy_hash = Signal()

    def __init__(
        self, people: People, actions: Sequence[QAction], opening: Callable[[], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("pane")
        self.read = Read()
        self.may_sign = True
        self.bar = NoticeBar(self)
        self.new = button(self.tr("Open a joint statement…"), opening, icon="plus", parent=self)
        self.new.setToolTip(self.tr("Open a joint statement (Ctrl+N)"))
        self.leave = button(self.tr("Back to the texts"), self.back.emit, icon="texts", parent=self)
        self.leave.setToolTip(self.tr("Back to the texts (Escape)"))
        head = heading(self.tr("Joint statements and co-sponsors"), self)
        top = row(head, self.new, self.leave)
        top.setStretch(0, 1)
        top.setContentsMargins(18, 9, 14, 7)
        self.list = StatementsList(self)
        self.pane = StatementPane(people, actions, self)
        self.split = QSplitter(Qt.Orientation.Horizontal, self)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self.list)
        self.split.addWidget(self.pane)
        self.split.setStretchFactor(0, 0)
        self.split.setStretchFactor(1, 1)
        self.list.setMinimumWidth(210)
        self.split.setSizes([330, 890])
        self.empty = EmptyState(
            "support", self.tr("No joint statement yet"),
            self.tr("Open a joint statement for the delegations of a room to sign on to, all of them to the same words. A list of "
                    "co-sponsors is opened beside a revision of a text (Ctrl+Shift+N)."),
            self.tr("Open a joint statement…"), opening, self,
        )  # fmt: skip
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.split)
        notice = row(self.bar)
        notice.setContentsMargins(12, 0, 12, 6)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.stack, 1)
        column.addLayout(notice)
        self.list.chosen.connect(lambda _id: self._look())
        self.list.wanted.connect(lambda: self._body().setFocus())
        self.pane.admit.connect(self.admit)
        self.pane.copy_hash.connect(self.copy_hash)
        self._tick = QTimer(self)
        self._tick.setSingleShot(True)
        self._tick.timeout.connect(self._later)
        theme.current().changed.connect(self._restyle)
        self._restyle()

    def _restyle(self) -> None:
        self.setStyleSheet(sheet())

    def show_read(self, read: Read, chosen: str = "") -> None:
        """What stands now; `chosen` is looked at, else the one that was."""
        held = self.list.current()
        self.read = read
        self.list.show_rows(read.rows, read.rooms, chosen or (held.id if held is not None else ""))
        self.stack.setCurrentWidget(self.split if read.rows else self.empty)
        self.new.setVisible(bool(read.rows))
        self._look()

    def row(self) -> JointRow | None:
        """The statement that is looked at."""
        return self.list.current()

    def room(self, statement: JointRow) -> str:
        """The name of its room."""
        return self.read.rooms.get(statement.room, "") or self.tr("its room")

    def _look(self) -> None:
        one = self.row()
        if one is not None:
            symbol = self.read.symbols.get(one.revision, "")
            here = (
                self.tr("Co-sponsors sign the plain text of this revision. Look at the text in the workbench, or save the "
                        "revision as a file.") if symbol
                else self.tr("The text of this revision is not on this laptop, so it cannot be looked at or signed here.")
            )  # fmt: skip
            forbidden = "" if self.may_sign or not said.signable(one) else self.tr(
                "This laptop has no right to sign on for the delegation; another officer may have it."
            )  # fmt: skip
            self.pane.show_row(one, self.read.rooms.get(one.room, ""), symbol or one.title, here, forbidden)
        self._wait()
        self.looked.emit()

    def _wait(self) -> None:
        """What is said of a date is said again when it would read otherwise, while one looks."""
        one = self.row()
        self._tick.stop()
        if one is not None and one.sound and not one.closed and not one.newer and self.isVisible():
            pause = deadline.next_tick(one.until - deadline.now())
            if pause:
                self._tick.start(pause)

    def _later(self) -> None:
        self._look()
        self.list.viewport().update()

    def ticking(self) -> bool:
        """Whether the time that is left is being followed."""
        return self._tick.isActive()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._wait()

    def hideEvent(self, event: QHideEvent) -> None:
        self._tick.stop()
        super().hideEvent(event)

    def offer(self) -> None:
        """The actions were allowed or forbidden."""
        self.pane.offer()

    def _body(self) -> QWidget:
        """What there is to read of the statement."""
        return self.pane.words if self.pane.words.isVisible() else self.pane.signers

    def first(self) -> QWidget:
        """Where the keyboard goes."""
        if not self.read.rows and self.empty.step is not None:
            return self.empty.step
        return self.list

    def panes(self) -> list[QWidget]:
        """For F6."""
        if not self.read.rows:
            return [self.first(), self.leave]
        shown = [one for one in self.pane.buttons if one.isVisible()][:1]
        return [self.list, *shown, self.pane.words, self.pane.signers, self.leave]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.back.emit()
            return
        super().keyPressEvent(event)
