"""Whether anything in the window may move by itself: not where the desktop or the settings ask for stillness.

What could move: lines that run while something of unknown length is under way, opening menus and lists, a blinking cursor.
The desktop is asked over the session bus, where a portal or GNOME answers; without an answer nothing is held back.
"""

from __future__ import annotations

import sys
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

PORTAL, PLACE, SETTINGS = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop", "org.freedesktop.portal.Settings"
# (namespace, key, the value that asks for stillness); 1 of the first is "reduce" (org.freedesktop.appearance)
KEYS: tuple[tuple[str, str, Any], ...] = (
    ("org.freedesktop.appearance", "reduced-motion", 1),
    ("org.gnome.desktop.interface", "enable-animations", False),
)
EFFECTS = (
    Qt.UIEffect.UI_General, Qt.UIEffect.UI_AnimateMenu, Qt.UIEffect.UI_FadeMenu, Qt.UIEffect.UI_AnimateCombo,
    Qt.UIEffect.UI_AnimateTooltip, Qt.UIEffect.UI_FadeTooltip, Qt.UIEffect.UI_AnimateToolBox,
)  # fmt: skip


class Motion(QObject):
    """`changed` when movement begins or ends to be wanted. `bus` is a connection of QtDBus, or None for the usual."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._choice = "system"
        self._asked: dict[str, bool] = {}  # key of the desktop -> whether it asks for stillness
        self._still = False
        self._before: tuple[dict[Qt.UIEffect, bool], int] | None = None
        self._calls: dict[QObject, tuple[str, Any]] = {}
        self._bus: Any = None

    @property
    def still(self) -> bool:
        """Whether nothing may move."""
        return self._still

    def choose(self, choice: str) -> None:
        """As the setting has it: "system" or "none"."""
        self._choice = choice
        self._settle()

    def asked(self, key: str, still: bool) -> None:
        """What the desktop says."""
        self._asked[key] = still
        self._settle()

    def listen(self, bus: Any = None) -> None:
        """Ask the desktop, and hear when it changes its mind."""
        if not sys.platform.startswith("linux"):
            return
        from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher

        self._bus = QDBusConnection.sessionBus() if bus is None else bus
        if not self._bus.isConnected():
            return
        self._bus.connect(PORTAL, PLACE, SETTINGS, "SettingChanged", self, b"1heard(QDBusMessage)")
        for space, key, value in KEYS:
            message = QDBusMessage.createMethodCall(PORTAL, PLACE, SETTINGS, "Read")
            message.setArguments([space, key])
            call = QDBusPendingCallWatcher(self._bus.asyncCall(message), self)
            self._calls[call] = (key, value)
            call.finished.connect(self._answered)

    @Slot("QDBusPendingCallWatcher*")
    def _answered(self, call: Any) -> None:
        key, value = self._calls.pop(call, ("", None))
        message = call.reply()
        call.deleteLater()
        if key and message.type() == message.MessageType.ReplyMessage and message.arguments():
            self.asked(key, _plain(message.arguments()[0]) == value)

    @Slot("QDBusMessage")
    def heard(self, message: Any) -> None:
        """The desktop changed a setting."""
        parts = message.arguments()
        for space, key, value in KEYS if len(parts) == 3 else ():
            if parts[0] == space and parts[1] == key:
                self.asked(key, _plain(parts[2]) == value)

    def _settle(self) -> None:
        still = self._choice == "none" or any(self._asked.values())
        if still == self._still:
            return
        self._still = still
        hints = QGuiApplication.styleHints()
        if still:
            self._before = ({one: QApplication.isEffectEnabled(one) for one in EFFECTS}, hints.cursorFlashTime())
            for one in EFFECTS:
                QApplication.setEffectEnabled(one, False)
            QApplication.setCursorFlashTime(0)
        elif self._before is not None:
            for one, on in self._before[0].items():
                QApplication.setEffectEnabled(one, on)
            QApplication.setCursorFlashTime(self._before[1])
        self.changed.emit()


def _plain(value: Any) -> Any:
    """What is within the variants of the bus: `Read` wraps its answer twice."""
    for _ in range(3):
        if not hasattr(value, "variant"):
            break
        value = value.variant()
    return value


_one: Motion | None = None


def current() -> Motion:
    """The one of this application."""
    global _one
    if _one is None:
        _one = Motion(QGuiApplication.instance())
    return _one
