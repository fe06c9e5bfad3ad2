"""The clipboard for words of a text: clipboard managers are asked to forget, and after ten seconds we do.

Hints: KDE and others x-kde-passwordManagerHint; Windows ExcludeClipboardContentFromMonitorProcessing,
CanIncludeInClipboardHistory, CanUploadToCloudClipboard; macOS org.nspasteboard.ConcealedType.
"""

from __future__ import annotations

import hashlib
import sys

from PySide6.QtCore import QByteArray, QMimeData, QObject, QTimer
from PySide6.QtGui import QGuiApplication

CLEAR_SECONDS = 10


class Clip(QObject):
    """`put(words)`; cleared after CLEAR_SECONDS, on `clear()` (lock, quit), and only while it is still ours."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ours = b""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(CLEAR_SECONDS * 1000)
        self._timer.timeout.connect(self.clear)

    def put(self, words: str) -> None:
        """Words on the clipboard as plain text."""
        data = QMimeData()
        data.setText(words)
        hints = {"x-kde-passwordManagerHint": b"secret"}
        if sys.platform == "win32":
            kind = 'application/x-qt-windows-mime;value="{}"'
            hints = {
                kind.format("ExcludeClipboardContentFromMonitorProcessing"): b"\x01",
                kind.format("CanIncludeInClipboardHistory"): bytes(4),
                kind.format("CanUploadToCloudClipboard"): bytes(4),
            }
        elif sys.platform == "darwin":
            hints = {"application/x-nspasteboard-concealed-type": b"1"}
        for name, value in hints.items():
            data.setData(name, QByteArray(value))
        QGuiApplication.clipboard().setMimeData(data)
        self._ours = self._print(words)
        self._timer.start()

    def clear(self) -> None:
        """Forget it, unless somebody has put something else there."""
        self._timer.stop()
        if self._ours and self._print(QGuiApplication.clipboard().text()) == self._ours:
            QGuiApplication.clipboard().clear()
        self._ours = b""

    @staticmethod
    def _print(words: str) -> bytes:
        return hashlib.sha256(words.encode("utf-8", "surrogatepass")).digest()
