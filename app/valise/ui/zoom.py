"""The size of everything, and what does not fit on a screen then: it scrolls, nothing is cut."""

from __future__ import annotations

import os
from collections.abc import Mapping, MutableMapping

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt
from PySide6.QtGui import QGuiApplication, QResizeEvent, QWindow
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFrame,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from valise import settings

FACTOR = "QT_SCALE_FACTOR"
FRAME = QSize(16, 48)  # px around a window, for its title and edges
LEAST = QSize(480, 300)  # px of the main window where the screen has no more
SCREEN = QSize(420, 500)  # px a screen of the main window has at least, or what its parts need; in less it scrolls
QWIDGETSIZE_MAX = (1 << 24) - 1  # Qt's own limit
_SCROLLS = "valiseScrolls"


def prepare(look: Mapping[str, str], environment: MutableMapping[str, str] | None = None) -> None:
    """Before the application is made: letters, signs and spaces grow by the setting, over what the system has."""
    where = os.environ if environment is None else environment
    size = int(settings.get(look, "look.size"))
    if size == 100:
        return
    try:
        before = float(where.get(FACTOR, "1"))
    except ValueError:
        before = 1.0
    where[FACTOR] = f"{before * size / 100:g}"


def room(widget: QWidget) -> QSize:
    """What a window may take of the screen it is on; anything where it is drawn in memory, on no screen."""
    if QGuiApplication.platformName() == "offscreen":
        return QSize(QWIDGETSIZE_MAX, QWIDGETSIZE_MAX)
    return widget.screen().availableSize() - FRAME


class Reach(QScrollArea):
    """Holds a widget that needs at least `least`; in less room it scrolls, and follows the keyboard. It takes no more room than the
    least its words and lists can do with: Qt by itself gives a page whose words wrap all the height it would like."""

    def __init__(self, inner: QWidget, least: QSize, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        if not least.isEmpty():
            inner.setMinimumSize(least)
        self.setWidget(inner)
        inner.installEventFilter(self)
        if isinstance(inner, QStackedWidget):
            inner.currentChanged.connect(self._fit)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._follow)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.widget() and event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self, *_page: object) -> None:
        """The size of what is held: all the room there is, or more where it needs that."""
        inner = self.widget()
        if inner is None:
            return
        room, bar = self.maximumViewportSize(), self.verticalScrollBar().sizeHint().width()
        width = max(room.width(), _least_width(inner))
        height = _least_height(inner, width)
        if height > room.height() - (bar if width > room.width() else 0):
            width = max(room.width() - bar, _least_width(inner))
            height = _least_height(inner, width)
        inner.resize(width, max(height, room.height() - (bar if width > room.width() else 0)))

    def _follow(self, _old: QWidget | None, new: QWidget | None) -> None:
        inner = self.widget()
        # What has the keyboard is shown; a whole page that has it is in sight already.
        if new is None or inner is None or not inner.isAncestorOf(new) or self._whole():
            return
        if new.height() > self.viewport().height() or new.width() > self.viewport().width():
            self.verticalScrollBar().setValue(new.mapTo(inner, QPoint()).y() - 8)  # a whole list: where it begins
        else:
            self.ensureWidgetVisible(new, 8, 8)

    def _whole(self) -> bool:
        """Whether nothing scrolls. Not asked of the viewport: PySide makes every kind of widget known to say what it is."""
        inner, room = self.widget(), self.maximumViewportSize()
        return inner.width() <= room.width() and inner.height() <= room.height()


def _shown(widget: QWidget) -> QWidget:
    page = widget.currentWidget() if isinstance(widget, QStackedWidget) else None
    return page or widget


def _least_width(widget: QWidget) -> int:
    return max(widget.minimumWidth(), _shown(widget).minimumSizeHint().width(), _shown(widget).minimumWidth())


def _least_height(widget: QWidget, width: int) -> int:
    """px that it needs at this width, with its lists as low as they can be."""
    page = _shown(widget)
    layout = page.layout()
    words = layout.totalMinimumHeightForWidth(width) if layout is not None and layout.hasHeightForWidth() else 0
    return max(widget.minimumHeight(), page.minimumHeight(), words or page.minimumSizeHint().height())


def watch(app: QGuiApplication) -> None:
    """Dialogs that are larger than the screen scroll from now on."""
    app.focusWindowChanged.connect(_look)


def _look(window: QWindow | None) -> None:
    for one in () if window is None else QApplication.topLevelWidgets():
        if isinstance(one, QDialog) and one.isVisible() and one.windowHandle() == window:
            fit(one, room(one))


def fit(dialog: QDialog, most: QSize) -> None:
    """Let a dialog that needs more than `most` scroll in it. A dialog that fits is left alone."""
    from PySide6.QtWidgets import QFileDialog  # its enumerations cost the first window milliseconds

    layout = dialog.layout()
    if layout is None or isinstance(dialog, QFileDialog) or dialog.property(_SCROLLS):
        return
    if dialog.width() <= most.width() and dialog.height() <= most.height():
        return
    focus = dialog.focusWidget()
    dialog.setProperty(_SCROLLS, True)
    inner = QWidget()
    inner.setObjectName("scrolled")
    inner.setLayout(layout)  # taken from the dialog, with everything in it
    scroll = QScrollArea(dialog)
    scroll.setWidgetResizable(True)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setWidget(inner)
    outer = QVBoxLayout(dialog)
    outer.setContentsMargins(0, 0, 0, 0)
    outer.addWidget(scroll)
    dialog.setMinimumSize(0, 0)
    dialog.resize(dialog.size().boundedTo(most))
    place = dialog.screen().availableGeometry()
    corner = dialog.pos()
    dialog.move(
        max(place.left(), min(corner.x(), place.right() - dialog.width())),
        max(place.top(), min(corner.y(), place.bottom() - dialog.height())),
    )
    if focus is not None:
        focus.setFocus()
        scroll.ensureWidgetVisible(focus)


def scrolls(dialog: QDialog) -> bool:
    """Whether it was too large for the screen."""
    return bool(dialog.property(_SCROLLS))
