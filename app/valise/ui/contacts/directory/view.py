"""What every part of the directory has in common: it reads beside the window, and shows what came last."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Signal
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from valise.desk.door import Door
from valise.domain.errors import ValiseError
from valise.ui import actions, theme
from valise.ui.tasks import Runner
from valise.ui.widgets.buttons import ProgressLine
from valise.ui.widgets.labels import named

_PAD = 4  # px on either side of the words of a cell


class DirectoryView(QWidget):
    """`failed(ValiseError)`, `said(words)` for what was done. `read` asks the desk; an answer no longer wanted is let go."""

    failed = Signal(object)
    said = Signal(str)

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pane")
        self.door, self.runner = door, runner
        self._asked = 0
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(theme.SPACE.l, theme.SPACE.m, theme.SPACE.l, theme.SPACE.m)
        self.column.setSpacing(theme.SPACE.s)
        self.progress = ProgressLine(self)

    def read(self) -> None:
        """Ask again."""

    def first(self) -> QWidget:
        """Where the keyboard goes."""
        return self

    def ask(self, call: Callable[[], Any], show: Callable[[Any], object]) -> None:
        """Run `call` beside the window; only the newest answer is shown."""
        self._asked += 1
        number = self._asked
        self.progress.wait()

        def done(answer: Any) -> None:
            if number == self._asked:
                self.progress.rest()
                show(answer)

        def failed(error: ValiseError) -> None:
            if number == self._asked:
                self.progress.rest()
                self.failed.emit(error)

        self.runner.run(call, done, failed, owner=self)

    def do(self, call: Callable[[], Any], done: Callable[[Any], object] | None = None) -> None:
        """Run a command; what fails is said."""
        self.runner.run(call, done, self.failed.emit, owner=self)


def press_with(dialog: QWidget, go: QAbstractButton) -> None:
    """Ctrl+Enter presses what a dialog is for, from any of its fields; not while it cannot be pressed."""
    for key in ("Ctrl+Return", "Ctrl+Enter"):
        QShortcut(actions.portable(key), dialog).activated.connect(go.click)


class _Padded(QStyledItemDelegate):
    """Words wrap in what the padding leaves: Qt counts their lines in the whole width."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        inside = QStyleOptionViewItem(option)
        inside.rect = option.rect.adjusted(0, 0, -2 * _PAD, 0)  # type: ignore[attr-defined]
        return super().sizeHint(inside, index)


def plain_table(parent: QWidget, name: str) -> QTableView:
    """A table that is read: one row at a time, every part of it named."""
    made = named(QTableView(parent), name)
    made.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
    made.setSelectionMode(QTableView.SelectionMode.SingleSelection)
    made.setTabKeyNavigation(False)
    made.setCornerButtonEnabled(False)
    made.setWordWrap(True)
    made.setStyleSheet(f"QTableView::item {{ padding: 3px {_PAD}px; }}")
    made.setItemDelegate(_Padded(made))
    for header in (made.horizontalHeader(), made.verticalHeader()):
        named(header, name)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    for corner in made.findChildren(QAbstractButton):
        named(corner, name)
    return made
