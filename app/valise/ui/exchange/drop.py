"""Bundles dropped anywhere onto the window: a veil that says so, over everything while they hover."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QDragMoveEvent, QDropEvent, QPainter, QPaintEvent, QPen, QWindow
from PySide6.QtWidgets import QMainWindow, QWidget

from valise.ui import icons, theme
from valise.ui.language import translate
from valise.ui.widgets.labels import named

SUFFIXES = (".valise",)
MOST = 50


def files_of(data: QMimeData) -> list[Path]:
    """The files that are dragged; empty when something else is among them."""
    urls = data.urls()
    if not urls or len(urls) > MOST or not all(one.isLocalFile() for one in urls):
        return []
    return [Path(one.toLocalFile()) for one in urls]


def bundles_of(data: QMimeData) -> list[Path]:
    """Those that are bundles by their name; what they are is seen when they are opened."""
    return [one for one in files_of(data) if one.suffix.lower() in SUFFIXES]


class Veil(QWidget):
    """Over the whole window while bundles hover above it. It takes no mouse and no keyboard."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.words = ""
        self.hide()

    def over(self, count: int) -> None:
        """Show it for so many files."""
        self.words = translate("exchange", "Drop them to open %n bundles", None, count)
        named(self, self.words)
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())
        self.raise_()
        self.show()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, t = QPainter(self), theme.tokens()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(t.surface)
        veil.setAlphaF(0.86)
        painter.fillRect(self.rect(), veil)
        painter.setPen(QPen(QColor(t.accent), 2, Qt.PenStyle.DashLine))
        painter.setBrush(QColor(t.raised))
        box = QRectF(0, 0, min(440, self.width() - 48), 150)
        box.moveCenter(QRectF(self.rect()).center())
        painter.drawRoundedRect(box, 12, 12)
        ratio = self.devicePixelRatioF()
        painter.drawPixmap(int(box.center().x()) - 20, int(box.top()) + 28, icons.pixmap("download", t.accent, 40, ratio))
        painter.setPen(QColor(t.text))
        painter.setFont(theme.font(theme.HEADING_PX, bold=True))
        painter.drawText(box.adjusted(16, 84, -16, -16), int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop), self.words)


class Drops(QObject):
    """Watches what is dragged over a window before any widget in it does; `take(files)` with the bundles that were dropped."""

    def __init__(self, window: QMainWindow, take: Callable[[list[Path]], object]) -> None:
        super().__init__(window)
        self._window, self._take = window, take
        self._handle: QWindow | None = None
        self.veil = Veil(window)
        window.setAcceptDrops(True)  # else the platform offers the window nothing
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if watched is self._window:
            handle = self._window.windowHandle()
            if kind == QEvent.Type.Show and handle is not None and handle is not self._handle:
                self._handle = handle
                handle.installEventFilter(self)
            elif kind == QEvent.Type.Resize and self.veil.isVisible():
                self.veil.setGeometry(self._window.rect())
            return False
        if kind == QEvent.Type.DragLeave and self.veil.isVisible():
            self.veil.hide()
            return True
        if kind in (QEvent.Type.DragEnter, QEvent.Type.DragMove) and isinstance(event, QDragMoveEvent):
            found = bundles_of(event.mimeData())
            if found:
                event.setDropAction(Qt.DropAction.CopyAction)
                event.accept()
                if not self.veil.isVisible():
                    self.veil.over(len(found))
            return bool(found)
        if kind == QEvent.Type.Drop and isinstance(event, QDropEvent):
            self.veil.hide()
            found = bundles_of(event.mimeData())
            if found:
                event.setDropAction(Qt.DropAction.CopyAction)
                event.accept()
                self._take(found)
            return bool(found)
        return False
