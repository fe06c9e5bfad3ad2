"""Windows: session messages (WM_WTSSESSION_CHANGE) and power messages (WM_POWERBROADCAST) of our own window.

Written from the Win32 reference and unrun on Windows; what can be checked elsewhere is: which message means what.
"""

from __future__ import annotations

import ctypes
from typing import Any

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QCoreApplication, QObject, Signal
from PySide6.QtGui import QGuiApplication

WM_POWERBROADCAST = 0x0218
WM_WTSSESSION_CHANGE = 0x02B1
PBT_APMSUSPEND = 0x0004
CONSOLE_DISCONNECT, REMOTE_DISCONNECT, LOGOFF, SESSION_LOCK = 0x2, 0x4, 0x6, 0x7
_AWAY = frozenset((CONSOLE_DISCONNECT, REMOTE_DISCONNECT, LOGOFF, SESSION_LOCK))
_THIS_SESSION = 0
_KINDS = (b"windows_generic_MSG", b"windows_dispatcher_MSG")


class Message(ctypes.Structure):
    """MSG of winuser.h: HWND, UINT, WPARAM, LPARAM, DWORD, POINT."""

    _fields_ = (
        ("window", ctypes.c_void_p),
        ("number", ctypes.c_uint32),
        ("what", ctypes.c_size_t),
        ("more", ctypes.c_ssize_t),
        ("time", ctypes.c_uint32),
        ("x", ctypes.c_int32),
        ("y", ctypes.c_int32),
    )


def reason_of(number: int, what: int) -> str:
    """suspend, session, or "" for a message that is none of ours. Waking, unlocking and coming back are none."""
    if number == WM_POWERBROADCAST and what == PBT_APMSUSPEND:
        return "suspend"
    if number == WM_WTSSESSION_CHANGE and what in _AWAY:
        return "session"
    return ""


class _Filter(QAbstractNativeEventFilter):
    def __init__(self, owner: System) -> None:
        super().__init__()
        self._owner = owner

    def nativeEventFilter(self, kind: QByteArray | bytes | bytearray | memoryview, message: int) -> Any:
        if bytes(kind) in _KINDS:
            given = Message.from_address(int(message))
            reason = reason_of(given.number, given.what)
            if reason:
                # At once, not by a queue: Windows gives two seconds before it sleeps, and returning is our consent.
                self._owner.said.emit(reason)
        return False, 0


class System(QObject):
    """`said(reason)`; see `freedesktop.System`. Sleep waits while the message is handled; there is nothing to release."""

    said = Signal(str)

    def __init__(self, _system: Any = None, _session: Any = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._filter = _Filter(self)
        self.heard = False
        app = QCoreApplication.instance()
        if app is not None:
            app.installNativeEventFilter(self._filter)
        for window in QGuiApplication.topLevelWindows()[:1]:
            self.heard = bool(ctypes.windll.wtsapi32.WTSRegisterSessionNotification(  # type: ignore[attr-defined]
                ctypes.c_void_p(int(window.winId())), _THIS_SESSION))  # fmt: skip

    def release(self) -> None:
        """No longer listen."""
        app = QCoreApplication.instance()
        if app is not None:
            app.removeNativeEventFilter(self._filter)
