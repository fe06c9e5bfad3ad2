"""What Linux, macOS and the BSDs have in common."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from typing import NoReturn


def no_core_dumps() -> bool:
    """RLIMIT_CORE to zero, hard and soft. True when it is so now."""
    import resource

    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        return resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)
    except (OSError, ValueError):
        return False


def owner_only() -> bool:
    """umask 077: what this process makes is for its owner only."""
    os.umask(0o077)
    return True


def _open_handles() -> list[int]:
    for listing in ("/proc/self/fd", "/dev/fd"):
        try:
            return [int(name) for name in os.listdir(listing) if name.isdigit()]
        except OSError:
            continue
    return list(range(3, min(os.sysconf("SC_OPEN_MAX"), 65_536)))


def replace(argv: Sequence[str]) -> NoReturn:
    """execv with nothing inherited but the three standard streams. All memory of this process goes with it."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    # Marked, not closed: if the program cannot be run, we still have what we need to say so.
    for handle in _open_handles():
        if handle > 2:
            try:
                os.set_inheritable(handle, False)
            except OSError:
                continue  # the listing's own handle
    # A blocked signal stays blocked across exec; the new process begins with none.
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    os.execv(argv[0], list(argv))  # noqa: S606 - no shell is wanted
