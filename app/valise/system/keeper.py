"""The keeper: a small process that never holds a key. It starts the window, waits, and starts it anew after a lock.

Process exit is the only reliable wipe in Python, so locking ends the window's process. Why it ended travels as its
exit code: one number between the two is all there is, and nothing else could come through.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from valise.domain.errors import Unavailable
from valise.system.abc import here

LOCKED = {"asked": 81, "idle": 82, "suspend": 83, "session": 84}  # exit codes of a window that locked
_ONCE = ("DESKTOP_STARTUP_ID", "XDG_ACTIVATION_TOKEN")  # a launcher's word for the first window only

Window = Callable[[str], int]
Command = Callable[[str], Sequence[str]]


def exit_code(reason: str) -> int:
    """What a window ends with: the code of a lock by its reason, 0 for everything else ("quit")."""
    return LOCKED.get(reason, 0)


def reason_of(code: int) -> str:
    """Why a window that ended with `code` locked; "" when it ended for good."""
    return next((reason for reason, number in LOCKED.items() if number == code), "")


def keep(window: Window, command: Command) -> int:
    """Run windows, each in a process of its own, until one ends for good; its exit code, 128 + n for signal n.

    `window(reason)` is called in the new process where that is a copy of this one, `command(reason)` is run where a
    process must be started from a file; reason "" is the first. Raises Unavailable("system.restart")."""
    system = here()
    reason = ""
    while True:
        try:
            code = system.in_process(window, command, reason)
        except (OSError, ValueError, IndexError):
            raise Unavailable("system.restart", "the window could not be started") from None
        reason = reason_of(code)
        if not reason:
            return code
        for name in _ONCE:
            os.environ.pop(name, None)
