"""Keeping the window out of screen captures where the system can, and saying truthfully where it cannot."""

from __future__ import annotations

import sys

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication, QWindow

_EXCLUDE = 0x11  # WDA_EXCLUDEFROMCAPTURE


def protect(window: QWindow) -> bool:
    """Ask the system to leave this window out of captures; whether it agreed. Windows 10 2004 and later only."""
    if sys.platform != "win32":
        return False
    import ctypes

    return bool(ctypes.windll.user32.SetWindowDisplayAffinity(int(window.winId()), _EXCLUDE))


def truth() -> str:
    """What screen-capture protection does on this system, in a sentence."""
    tr = QCoreApplication.translate
    if sys.platform == "win32":
        return tr("capture", "Windows leaves this window out of screenshots and recordings. A camera is not kept out.")
    if sys.platform == "darwin":
        return tr("capture", "Nothing keeps other programs from capturing this window on this system.")
    if QGuiApplication.platformName().startswith("wayland"):
        return tr("capture", "The desktop asks you before a program may capture the screen; Valise cannot forbid it.")
    return tr("capture", "Nothing keeps other programs of this session from capturing this window (X11 cannot do so).")
