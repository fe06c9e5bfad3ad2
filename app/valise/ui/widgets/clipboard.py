"""Copying that forgets: clipboard managers are asked not to keep it, and it is cleared after a while if still ours."""

from __future__ import annotations

import os
import sys

from PySide6.QtCore import QByteArray, QMimeData, QObject, QTimer
from PySide6.QtGui import QClipboard, QGuiApplication

SECONDS = 10
_MARK = "application/x-valise-ours"
# What clipboard managers of KDE and Windows look for (those of macOS: `_conceal`) before they keep something.
_HINTS: tuple[tuple[str, bytes], ...] = (
    ("x-kde-passwordManagerHint", b"secret"),
    ('application/x-qt-windows-mime;value="ExcludeClipboardContentFromMonitorProcessing"', b"1"),
    ('application/x-qt-windows-mime;value="CanIncludeInClipboardHistory"', b"\0\0\0\0"),
    ('application/x-qt-windows-mime;value="CanUploadToCloudClipboard"', b"\0\0\0\0"),
)


_BOARDS = (QClipboard.Mode.Clipboard, QClipboard.Mode.Selection)  # the second: X11's PRIMARY, what is selected anywhere


class Forgetful(QObject):
    """`copy(text)`; cleared after `SECONDS`, by `clear()` on lock and on quit, and only while the content is ours.

    What is merely selected goes to X11's primary selection by itself, in every field and view: the same holds for it.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._token = QByteArray(os.urandom(8))  # another window of ours clears its own
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SECONDS * 1000)
        self._timer.timeout.connect(self.clear)
        board = QGuiApplication.clipboard()
        board.dataChanged.connect(lambda: self._adopt(QClipboard.Mode.Clipboard))
        board.selectionChanged.connect(lambda: self._adopt(QClipboard.Mode.Selection))

    def _adopt(self, mode: QClipboard.Mode) -> None:
        """Qt's own lists and fields copy by themselves: what they copied is forgotten like the rest."""
        data = QGuiApplication.clipboard().mimeData(mode) if self._owned(mode) else None
        if data is not None and data.hasText() and data.text() and not data.hasFormat(_MARK):
            self.copy(data.text(), mode)

    @staticmethod
    def owns() -> bool:
        """Whether what is on the clipboard was put there by this program."""
        return QGuiApplication.clipboard().ownsClipboard()

    def _owned(self, mode: QClipboard.Mode) -> bool:
        if mode == QClipboard.Mode.Selection:
            board = QGuiApplication.clipboard()
            return board.supportsSelection() and board.ownsSelection()
        return self.owns()

    def set_seconds(self, seconds: int) -> None:
        """How long what was copied may stay."""
        self._timer.setInterval(seconds * 1000)

    def copy(self, text: str, mode: QClipboard.Mode = QClipboard.Mode.Clipboard) -> None:
        """Put `text` on the clipboard for a short time."""
        data = QMimeData()
        data.setText(text)
        data.setData(_MARK, self._token)
        for kind, value in _HINTS:
            data.setData(kind, QByteArray(value))
        QGuiApplication.clipboard().setMimeData(data, mode)
        if sys.platform == "darwin" and mode == QClipboard.Mode.Clipboard:
            _conceal()
        self._timer.start()

    def clear(self) -> None:
        """Empty the clipboard, and the selection, if what is on them came from here."""
        self._timer.stop()
        board = QGuiApplication.clipboard()
        for mode in _BOARDS:
            if mode == QClipboard.Mode.Selection and not board.supportsSelection():
                continue
            data = board.mimeData(mode)
            if data is not None and (data.data(_MARK) == self._token or (self._owned(mode) and data.formats())):
                board.clear(mode)


def _conceal() -> None:
    """Qt gives our own kinds names of its own there; the one managers look for is added by hand. Unrun on macOS."""
    from valise.ui.locking import cocoa

    board = cocoa.send(cocoa.known("NSPasteboard"), "generalPasteboard")
    kind = cocoa.string("org.nspasteboard.ConcealedType")
    cocoa.send(board, "addTypes:owner:", cocoa.send(cocoa.known("NSArray"), "arrayWithObject:", kind), 0)
    cocoa.send(board, "setString:forType:", cocoa.string(""), kind)


_one: Forgetful | None = None


def clipboard() -> Forgetful:
    """The one of this application."""
    global _one
    if _one is None:
        _one = Forgetful(QGuiApplication.instance())
    return _one
