"""An exception nobody caught may hold a text, a name or a path: its words go neither to the terminal nor to the journal
of the desktop, where an uncaught one would be printed. The log is loaded when there is something to write."""

from __future__ import annotations

import contextlib
import sys
import threading
from pathlib import Path
from types import TracebackType

from valise.domain.errors import ValiseError


def install(folder: Path) -> None:
    """From now on uncaught exceptions are noted in the log under `folder`: where they happened, and no word of them."""

    def first(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        from valise.system import log

        with contextlib.suppress(ValiseError):  # then in silence, but never in words
            log.start(folder)
        log.guard_exceptions()
        sys.excepthook(kind, error or kind(), trace)

    def in_thread(failed: threading.ExceptHookArgs) -> None:
        if failed.exc_type is not SystemExit:
            first(failed.exc_type, failed.exc_value, failed.exc_traceback)

    sys.excepthook = first
    threading.excepthook = in_thread
    sys.unraisablehook = lambda failed: first(failed.exc_type, failed.exc_value, failed.exc_traceback)
