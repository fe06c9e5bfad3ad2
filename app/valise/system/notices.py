"""The desktop's own notifications (org.freedesktop.Notifications) on Linux and its like.

Everything on the session bus can be read by every program of the session, so a notification here is a number in a fixed
sentence (C7). QtDBus cannot say an unsigned number, which this interface wants; hence jeepney, and a thread of its own,
since a bus that hangs must not keep the window from anything.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Callable

SECONDS = 3.0
NAME = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"


def possible() -> bool:
    """Whether there is a session bus to speak to."""
    return sys.platform.startswith("linux") and bool(os.environ.get("DBUS_SESSION_BUS_ADDRESS"))


def say(sentence: str, instead_of: int, told: Callable[[int], object]) -> threading.Thread:
    """Show `sentence` in place of notification number `instead_of` (0 = a new one); `told(number)` is called on another
    thread, with 0 when nobody shows notifications. Returns the thread."""

    def work() -> None:
        number = _say(sentence, instead_of)
        with contextlib.suppress(RuntimeError):  # the window is gone meanwhile
            told(number)

    thread = threading.Thread(target=work, name="notification", daemon=True)
    thread.start()
    return thread


def _say(sentence: str, instead_of: int) -> int:
    from jeepney import DBusAddress, MessageType, new_method_call  # type: ignore[import-untyped]
    from jeepney.io.blocking import open_dbus_connection  # type: ignore[import-untyped]

    hints = {"desktop-entry": ("s", "valise"), "transient": ("b", True)}
    message = new_method_call(
        DBusAddress(PATH, bus_name=NAME, interface=NAME), "Notify", "susssasa{sv}i",
        ("Valise", instead_of, "valise", sentence, "", [], hints, -1),
    )  # fmt: skip
    try:
        with open_dbus_connection("SESSION") as bus:
            reply = bus.send_and_get_reply(message, timeout=SECONDS)
    except Exception:  # no bus, one that hangs, one of another kind: whatever it is, nothing of ours has failed
        return 0
    if reply.header.message_type != MessageType.method_return:
        return 0
    number = reply.body[0] if reply.body else 0
    return number if isinstance(number, int) else 0
