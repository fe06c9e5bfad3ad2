"""Buttons, the search box, the progress line and cards."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QStyleOptionButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from valise.ui import icons, motion, theme
from valise.ui.widgets.labels import named


class PushButton(QPushButton):
    """Enter does what the button with the keyboard says; by itself Qt knows only Space outside dialogs, and inside
    them Enter would press another button than the one that has the keyboard. Words that have no room go on in a second line
    where there is one (`heightForWidth`), else they end in an ellipsis; the accessible name keeps them all."""

    _measured = False  # the hint of the size asks for the same option

    def initStyleOption(self, option: QStyleOptionButton) -> None:
        super().initStyleOption(option)
        if self._measured:
            return
        self._measured = True
        lacks = self.sizeHint().width() - self.width()
        self._measured = False
        if lacks > 0:
            metrics = self.fontMetrics()
            room = metrics.horizontalAdvance(self.text()) - lacks
            shown = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
            if self.height() >= self.heightForWidth(self.width()):
                from valise.ui.text_lines import broken  # seldom

                shown = "\n".join(broken(self.text(), self.font(), room))
            option.text = shown  # type: ignore[attr-defined]

    def heightForWidth(self, width: int) -> int:
        """Pixels; asked by who has no room for all of it on one line (`Flow`)."""
        hint = self.sizeHint()
        return hint.height() + (self.fontMetrics().lineSpacing() if width < hint.width() else 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        ):
            self.click()
            return
        super().keyPressEvent(event)


def button(
    text: str,
    slot: Callable[[], object] | None = None,
    *,
    kind: str = "",
    icon: str = "",
    parent: QWidget | None = None,
) -> QPushButton:
    """A push button. `kind` is "" | primary | danger | quiet; `slot` is called without arguments."""
    made = PushButton(text, parent)
    made.setAutoDefault(False)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    if kind:
        made.setProperty("kind", kind)
    if icon:
        icons.bind(made, icon, {"primary": "on_accent", "danger": "on_accent", "quiet": "accent"}.get(kind, "muted"))
    named(made, text)
    if slot is not None:
        made.clicked.connect(lambda _checked=False: slot())
    return made


def icon_button(
    icon: str,
    name: str,
    slot: Callable[[], object] | None = None,
    *,
    token: str = "muted",  # noqa: S107
    parent: QWidget | None = None,
) -> QToolButton:
    """A button that shows only an icon; `name` is its accessible name and its tooltip."""
    made = QToolButton(parent)
    icons.bind(made, icon, token)
    made.setIconSize(QSize(18, 18))
    made.setToolTip(name)
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    named(made, name)
    if slot is not None:
        made.clicked.connect(lambda _checked=False: slot())
    return made


def action_button(action: QAction, parent: QWidget | None = None) -> QToolButton:
    """An icon button for an action of the table."""
    made = QToolButton(parent)
    made.setDefaultAction(action)
    made.setIconSize(QSize(18, 18))
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    named(made, action.text(), action.statusTip())
    return made


class SearchBox(QLineEdit):
    """A search field: magnifier, clear button, Escape empties it; `moved(step)` for Up and Down to steer a list."""

    moved = Signal(int)
    left = Signal()

    def __init__(self, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(hint)
        named(self, hint)
        lens = QAction(self)
        icons.bind(lens, "search")
        self.addAction(lens, QLineEdit.ActionPosition.LeadingPosition)
        clear = QAction(self.tr("Clear"), self)
        icons.bind(clear, "cross", size=14)
        clear.triggered.connect(self.clear)
        clear.changed.connect(self._offer_clear)  # Qt shows it whenever its icon changes, also while nobody sees the field
        self.addAction(clear, QLineEdit.ActionPosition.TrailingPosition)
        for inner in self.findChildren(QToolButton):
            inner.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            named(inner, self.tr("Clear") if inner.defaultAction() is clear else self.tr("Search"))
            if inner.defaultAction() is clear:
                inner.hide()  # an action hidden before the first show would come back with its parent
                self._clear = inner
        self.textChanged.connect(self._offer_clear)

    def _offer_clear(self) -> None:
        """Nothing to clear, no button: Qt brings it back with another style, direction or size."""
        self._clear.setVisible(bool(self.text()))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if hasattr(self, "_clear"):
            self._offer_clear()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._offer_clear()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if self.text():
                self.clear()
            else:
                self.left.emit()
            return
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.moved.emit(1 if event.key() == Qt.Key.Key_Down else -1)
            return
        super().keyPressEvent(event)


class ProgressLine(QProgressBar):
    """A thin line: busy (`wait()`), measured (`show_progress(done, total)`) or gone (`rest()`)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextVisible(False)
        self.setFixedHeight(4)
        named(self, self.tr("Progress"))
        self._waits = False
        motion.current().changed.connect(self._move)
        keep = self.sizePolicy()
        keep.setRetainSizeWhenHidden(True)
        self.setSizePolicy(keep)
        self.hide()

    def wait(self) -> None:
        """Under way, length unknown: a line that runs, or one that stands where nothing may move."""
        self._waits = True
        self._move()
        self.show()

    def _move(self) -> None:
        if self._waits:
            still = motion.current().still
            self.setRange(0, int(still))
            self.setValue(int(still))

    def show_progress(self, done: int, total: int) -> None:
        """`done` of `total`; any unit."""
        self._waits = False
        self.setRange(0, max(1, total))
        self.setValue(done)
        self.show()

    def rest(self) -> None:
        """Nothing under way."""
        self._waits = False
        self.setRange(0, 1)
        self.hide()


class Card(QFrame):
    """A raised box with rounded corners; add to `.box`."""

    def __init__(self, parent: QWidget | None = None, *, margin: int = theme.SPACE.l) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(margin, margin, margin, margin)
        self.box.setSpacing(theme.SPACE.m)


class ScrollPage(QScrollArea):
    """A page that scrolls up and down; add to `.box`. Its content is at most `width` pixels wide and centred."""

    def __init__(self, parent: QWidget | None = None, *, width: int = 720) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outer = QWidget()
        outer.setObjectName("scrolled")
        outer_row = QHBoxLayout(outer)
        outer_row.setContentsMargins(theme.SPACE.xl, theme.SPACE.xl, theme.SPACE.xl, theme.SPACE.xl)
        inner = QWidget(outer)
        inner.setMaximumWidth(width)
        outer_row.addStretch(1)
        outer_row.addWidget(inner, 100)
        outer_row.addStretch(1)
        self.box = QVBoxLayout(inner)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(theme.SPACE.l)
        self.setWidget(outer)


def row(*parts: QWidget | QLayout | None, spacing: int = theme.SPACE.s) -> QHBoxLayout:
    """Widgets side by side; None is a stretch."""
    made = QHBoxLayout()
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(spacing)
    for part in parts:
        if part is None:
            made.addStretch(1)
        elif isinstance(part, QLayout):
            made.addLayout(part)
        else:
            made.addWidget(part)
    return made
