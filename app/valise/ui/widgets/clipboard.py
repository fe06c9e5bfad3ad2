"""Copying that forgets: clipboard managers are asked not to keep it, and it is cleared after a while if still ours."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QMimeData, QObject, QTimer
from PySide6.QtGui import QClipboard, QGuiApplication

SECONDS = 10
_MARK = "application/x-valise-ours"
# What clipboard managers of KDE, Windows and macOS look for before they keep something.
_HINTS: tuple[tuple[str, bytes], ...] = (
    ("x-kde-passwordManagerHint", b"secret"),
    ('application/x-qt-windows-mime;value="ExcludeClipboardContentFromMonitorProcessing"', b"1"),
    ('application/x-qt-windows-mime;value="CanIncludeInClipboardHistory"', b"\0\0\0\0"),
    ('application/x-qt-windows-mime;value="CanUploadToCloudClipboard"', b"\0\0\0\0"),
    ("org.nspasteboard.ConcealedType", b"1"),
)


class Forgetful(QObject):
    """`copy(text)`; cleared after `SECONDS`, by `clear()` on lock and on quit, and only while the content is ours."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SECONDS * 1000)
        self._timer.timeout.connect(self.clear)
        QGuiApplication.clipboard().dataChanged.connect(self._adopt)

    def _adopt(self) -> None:
        """Qt's own lists and fields copy by themselves: what they copied is forgotten like the rest."""
        board = QGuiApplication.clipboard()
        data = board.mimeData(QClipboard.Mode.Clipboard) if self.owns() else None
        if data is not None and data.hasText() and data.text() and not data.hasFormat(_MARK):
            self.copy(data.text())

    @staticmethod
    def owns() -> bool:
        """Whether what is on the clipboard was put there by this program."""
        return QGuiApplication.clipboard().ownsClipboard()

    def set_seconds(self, seconds: int) -> None:
        """How long what was copied may stay."""
        self._timer.setInterval(seconds * 1000)

    def copy(self, text: str) -> None:
        """Put `text` on the clipboard for a short time."""
        data = QMimeData()
        data.setText(text)
        data.setData(_MARK, QByteArray(b"1"))
        for kind, value in _HINTS:
            data.setData(kind, QByteArray(value))
        QGuiApplication.clipboard().setMimeData(data, QClipboard.Mode.Clipboard)
        self._timer.start()

    def clear(self) -> None:
        """Empty the clipboard if what is on it came from here."""
        self._timer.stop()
        board = QGuiApplication.clipboard()
        data = board.mimeData(QClipboard.Mode.Clipboard)
        if data is not None and data.hasFormat(_MARK):
            board.clear(QClipboard.Mode.Clipboard)


_one: Forgetful | None = None


def clipboard() -> Forgetful:
    """The one of this application."""
    global _one
    if _one is None:
        _one = Forgetful(QGuiApplication.instance())
    return _one
