"""What reads and lays out documents for us holds their words, and a command that waits for it keeps the vault open:
both end before the vault is closed."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path

# How such a process was started: its module, or the flag of a packaged program (formats.process.command).
DOCUMENTS = frozenset((b"valise.formats.child", b"valise.ui.paper", b"--read-one-file", b"--lay-out-one-text"))
_PROC = Path("/proc")


def end_documents() -> int:
    """Kill those of our children that work on a document; how many there were. Linux; elsewhere they end by their own
    limits of time. Never raises."""
    ours, count = os.getpid(), 0
    with contextlib.suppress(OSError):
        for name in os.listdir(_PROC):
            if not name.isdigit():
                continue
            with contextlib.suppress(OSError, ValueError, IndexError):
                # proc(5): the name in brackets may hold anything, the parent is the second field after it.
                if int((_PROC / name / "stat").read_bytes().rpartition(b")")[2].split()[1]) != ours:
                    continue
                if DOCUMENTS & set((_PROC / name / "cmdline").read_bytes().split(b"\0")):
                    os.kill(int(name), signal.SIGKILL)  # still ours: nobody else waits for it
                    count += 1
    return count
