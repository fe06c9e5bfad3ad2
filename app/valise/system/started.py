"""A window in a process started from its file: where a process cannot simply be copied (Windows), or where the system's
own libraries forbid going on in a copy (macOS)."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Sequence

from valise.system import posix


def run(argv: Sequence[str]) -> int:
    """Run `argv` with our standard streams and environment and nothing else of ours, and wait; its exit code as
    `posix.in_fork` gives it. Raises OSError when it cannot be started."""
    posix.flush()
    child = subprocess.Popen(list(argv), close_fds=True)
    if sys.platform == "win32":
        # Ctrl+C goes to every process of a console; what the window makes of it decides.
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            return child.wait()
        finally:
            signal.signal(signal.SIGINT, before)
    with posix.handing_on(lambda: child.pid) as came:
        status = child.wait()
    return posix.said(status, came)
