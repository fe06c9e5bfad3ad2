"""Keeping every window out of screen captures where the system can, and saying truthfully where it cannot."""

from __future__ import annotations

import sys
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtWidgets import QApplication, QWidget

from valise.ui.language import translate

_EXCLUDE, _SHOW = 0x11, 0x0  # WDA_EXCLUDEFROMCAPTURE, WDA_NONE
_KEPT_OUT, _READABLE = 0, 1  # NSWindowSharingNone, NSWindowSharingReadOnly
Apply = Callable[[QWindow, bool], bool]


def protect(window: QWindow, on: bool = True) -> bool:
    """Ask the system to leave this window out of captures, or no longer; whether it agreed.

    Windows 10 2004 and later (SetWindowDisplayAffinity) and macOS (NSWindow.sharingType); unrun on both.
    """
    if sys.platform == "win32":
        import ctypes

        return bool(ctypes.windll.user32.SetWindowDisplayAffinity(int(window.winId()), _EXCLUDE if on else _SHOW))
    if sys.platform == "darwin":
        import ctypes

        from valise.ui.locking import cocoa

        owner = cocoa.send(int(window.winId()), "window")
        if owner:
            given = _KEPT_OUT if on else _READABLE
            cocoa.send(owner, "setSharingType:", given, kinds=[ctypes.c_ulong], result=None)
        return bool(owner)
    return False


def possible() -> bool:
    """Whether this system knows how to leave a window out."""
    return sys.platform in ("win32", "darwin")


class Guard(QObject):
    """Asks for every top-level window and dialog of the application, at each showing (a window hidden and shown again may
    be a new one for the system). `apply` can be given instead (tests)."""

    def __init__(self, parent: QObject | None = None, apply: Apply | None = None) -> None:
        super().__init__(parent)
        self._apply = apply or protect
        self._on = False
        self.agreed: bool | None = None  # what the system said last; None before it was asked

    def use(self, on: bool) -> None:
        """As the setting has it; windows that are shown follow at once."""
        if on == self._on:
            return
        self._on = on
        app = QApplication.instance()
        if not isinstance(app, QApplication):
            return
        if on:
            app.installEventFilter(self)
        else:
            app.removeEventFilter(self)
        for widget in QApplication.topLevelWidgets():
            if widget.isVisible():
                self._ask(widget)

    def _ask(self, widget: QWidget) -> None:
        handle = widget.windowHandle()
        if handle is not None:
            self.agreed = self._apply(handle, self._on)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self._ask(watched)
        return False


_one: Guard | None = None


def guard() -> Guard | None:
    """The one of this application; None where the system can do nothing of the kind."""
    global _one
    if _one is None and possible():
        _one = Guard(QCoreApplication.instance())
    return _one


def truth() -> str:
    """What screen-capture protection does on this system, in a sentence."""
    if sys.platform == "win32":
        return translate(
            "capture",
            "Windows leaves these windows out of screenshots and recordings while the setting is on (version 2004 or "
            "later). A camera is not kept out.",
        )
    if sys.platform == "darwin":
        return translate(
            "capture",
            "macOS is asked to leave these windows out of captures while the setting is on; newer versions let some "
            "programs capture them all the same. A camera is not kept out.",
        )
    if QGuiApplication.platformName().startswith("wayland"):
        return translate("capture", "The desktop asks you before a program may capture the screen; Valise cannot forbid it.")
    return translate("capture", "Nothing keeps other programs of this session from capturing this window (X11 cannot do so).")
