"""The bases of dialogs. `Dialog` is that of every one of them; `Asking` has a heading, a column and a row of buttons. Opened by
`open()`, never `exec()`."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QPushButton, QVBoxLayout, QWidget

from valise.ui import theme, zoom
from valise.ui.tabbing import ReadingOrder
from valise.ui.widgets.buttons import row
from valise.ui.widgets.labels import Words, heading

WIDTH = 540


class Dialog(ReadingOrder, QDialog):
    """Tab goes as one reads in it, also to what was made after it opened."""


class Asking(Dialog):
    """`begin` once, then fill `.column`, `end` with the buttons: the harmless one first. Deleted when it is closed."""

    def __init__(self, parent: QWidget | None = None, *, width: int = WIDTH) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(width)
        self._as_needed = False
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(theme.SPACE.xl, theme.SPACE.l, theme.SPACE.xl, theme.SPACE.l)
        self.column.setSpacing(theme.SPACE.s)

    def begin(self, name: str, title: str = "") -> None:
        """The title of the window, and the heading where it says more."""
        self.setWindowTitle(name)
        self.title = heading(title or name, self)
        self.column.addWidget(self.title)

    def say(self, words: str, role: str = "muted") -> Words:
        """A sentence of ours."""
        made = Words(words, role, self)
        self.column.addWidget(made)
        return made

    def end(self, *buttons: QPushButton) -> None:
        """The row of buttons."""
        self.column.addSpacing(theme.SPACE.xs)
        self.column.addLayout(row(None, *buttons))

    def fit(self) -> None:
        """As large as its words need: by itself Qt gives a dialog two thirds of a low screen and squeezes it, and looks no further
        than the least width it was given."""
        if zoom.scrolls(self):
            return
        self.column.activate()
        width = max(self.width(), self.minimumWidth(), self.column.totalMinimumSize().width())
        height = max(self.height(), self.column.totalHeightForWidth(width))
        if (width, height) != (self.width(), self.height()):
            self.resize(width, height)

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self.fit()  # something came that was not there when it opened
        return done

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous() and self._as_needed:
            self.resize(self.minimumWidth(), 0)  # nothing asked for another size: no more than it needs
        self.fit()

    def setVisible(self, visible: bool) -> None:
        self._as_needed = visible and not self.testAttribute(Qt.WidgetAttribute.WA_Resized)
        super().setVisible(visible)


def threatens(one: QPushButton, danger: bool) -> None:
    """Let a button look dangerous, or like any other while it cannot be pressed."""
    one.setProperty("kind", "danger" if danger else "")
    one.style().unpolish(one)
    one.style().polish(one)
