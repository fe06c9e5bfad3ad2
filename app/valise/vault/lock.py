"""One process holds a vault: an exclusive lock on a file beside it, let go by the system when the process ends."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from valise.domain.errors import Unavailable

if sys.platform == "win32":  # pragma: no cover - exercised on Windows only
    import msvcrt

    def _take(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(handle: int) -> None:
        # flock belongs to the open file, so a second opener in this same process is refused too; the
        # per-process kind of lock would not do that, and would vanish when any other handle is closed.
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Lock:
    """Held from construction until `release`. Raises Unavailable("vault.busy") when somebody else holds it."""

    def __init__(self, path: Path) -> None:
        # The file stays when the lock is let go: removing it would let two openers lock two different files.
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _take(self._handle)
        except OSError as error:
            os.close(self._handle)
            self._handle = -1
            raise Unavailable("vault.busy", "another window holds this vault") from error

    def release(self) -> None:
        """Let go. May be called twice."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1
