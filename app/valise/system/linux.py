"""Linux, and the freedesktop.org base directories that other free systems share."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from valise.system import posix
from valise.system.abc import MEASURES, Folders, Hardening, Measure

PR_SET_PDEATHSIG = 1
PR_GET_DUMPABLE = 3
PR_SET_DUMPABLE = 4


def not_dumpable() -> bool:
    """prctl(PR_SET_DUMPABLE, 0): no core file, no ptrace and no /proc/<pid>/mem for others of the same
    account (prctl(2), ptrace(2)). A copy of the process keeps it, exec undoes it. True when it is so now."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        prctl = ctypes.CDLL(None, use_errno=True).prctl
    except (OSError, AttributeError):
        return False
    nothing = [ctypes.c_ulong(0)] * 3
    prctl(PR_SET_DUMPABLE, ctypes.c_ulong(0), *nothing)
    return bool(prctl(PR_GET_DUMPABLE, ctypes.c_ulong(0), *nothing) == 0)


def end_with(parent: int) -> None:
    """Ask for SIGTERM when the parent is gone, and so for a closed vault: PR_SET_PDEATHSIG, prctl(2)."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, ctypes.c_ulong(signal.SIGTERM), *[ctypes.c_ulong(0)] * 3)
    if os.getppid() != parent:
        os._exit(128 + signal.SIGTERM)  # it went before we could ask


class Linux:
    name = "linux"

    def harden(self) -> Hardening:
        results = (posix.no_core_dumps(), not_dumpable(), posix.owner_only())
        done: tuple[Measure, ...] = tuple(what for what, ok in zip(MEASURES, results, strict=True) if ok)
        return Hardening(done, tuple(what for what in MEASURES if what not in done))

    def folders(self, environ: Mapping[str, str], home: Path) -> Folders:
        """XDG Base Directory Specification 0.8; a relative path in a variable is ignored, as it demands."""

        def base(variable: str, default: str) -> Path:
            given = Path(environ.get(variable, ""))
            return (given if given.is_absolute() else home / default) / "valise"

        state = base("XDG_STATE_HOME", ".local/state")
        runtime = Path(environ.get("XDG_RUNTIME_DIR", ""))
        return Folders(
            data=base("XDG_DATA_HOME", ".local/share"),
            config=base("XDG_CONFIG_HOME", ".config"),
            state=state,
            cache=base("XDG_CACHE_HOME", ".cache"),
            runtime=runtime / "valise" if runtime.is_absolute() else state / "run",
        )

    def in_process(self, window: Callable[[str], int], _command: Callable[[str], Sequence[str]], reason: str) -> int:
        """A copy of this process, made before anything is loaded: no second start of Python, shared pages, 1 ms."""
        keeper = os.getpid()

        def work() -> int:
            end_with(keeper)
            return window(reason)

        return posix.in_fork(work)
