"""What Linux, macOS and the BSDs have in common."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

# A terminal that closes, Ctrl+C, and what a system sends before it ends: the vault is closed, then the process ends.
ENDING = tuple(getattr(signal, one) for one in ("SIGHUP", "SIGINT", "SIGTERM") if hasattr(signal, one))


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


def heeded() -> list[signal.Signals]:
    """Those of ENDING that whoever started us does not want ignored (nohup, a shell's background job)."""
    return [one for one in ENDING if signal.getsignal(one) is not signal.SIG_IGN]


def _close_handles() -> None:
    """Everything but the three standard streams, whoever left it open."""
    for listing in ("/proc/self/fd", "/dev/fd"):
        try:
            handles = [int(name) for name in os.listdir(listing) if name.isdigit()]
            break
        except OSError:
            continue
    else:
        handles = list(range(3, min(os.sysconf("SC_OPEN_MAX"), 65_536)))
    for handle in handles:
        if handle > 2:
            with contextlib.suppress(OSError):  # the listing's own handle is closed already
                os.close(handle)


def flush() -> None:
    """What was printed is out."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            if stream is not None:
                stream.flush()


def _become(work: Callable[[], int]) -> NoReturn:
    """In the child: nothing of the parent but the standard streams, then `work`, then the end and nothing after it."""
    code = 1
    try:
        _close_handles()
        for one in heeded():
            signal.signal(one, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        code = work()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        flush()
        os._exit(code)


@contextmanager
def handing_on(child: Callable[[], int]) -> Iterator[list[int]]:
    """While waiting for a child: a signal that asks us to end is handed on to it (`child()` is its id). Yields those
    that came."""
    came: list[int] = []

    def hand_on(number: int, _frame: FrameType | None) -> None:
        came.append(number)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child(), number)

    before = {one: signal.signal(one, hand_on) for one in heeded()}
    try:
        yield came
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def said(status: int, came: list[int]) -> int:
    """The exit code of a child that ended so (negative = by a signal), as a shell gives it."""
    if came:
        return 128 + came[0]
    return 128 - status if status < 0 else status


def in_fork(work: Callable[[], int]) -> int:
    """Run `work` in a copy of this process and wait for its end; its exit code, 128 + n when signal n ended it or asked
    us to end. The caller has one thread and nothing to hide. Raises OSError when no process can be made."""
    flush()
    child = 0
    # No signal may come between the two: it would end the wrong one of them.
    masked = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        child = os.fork()
        if child == 0:
            _become(work)
        with handing_on(lambda: child) as came:
            signal.pthread_sigmask(signal.SIG_SETMASK, masked - set(ENDING))
            _, status = os.waitpid(child, 0)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, masked)
    return said(os.waitstatus_to_exitcode(status), came)
