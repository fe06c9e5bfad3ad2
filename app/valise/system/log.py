"""A log that cannot leak: event codes and numbers, nothing else.

`note("exchange.round", items=12)` is the only way in. What other libraries log, and what exceptions say,
is reduced to where it came from: their words may hold names, paths or a peer's text.
"""

from __future__ import annotations

import contextlib
import logging
import logging.handlers
import os
import re
import sys
import threading
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from valise.domain.errors import Unavailable, ValiseError
from valise.system.paths import own

MOST_OCTETS = 256 * 1024
KEPT = 3
_LOGGER = logging.getLogger("valise")
_CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*\Z")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,79}\Z")


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the log: a code written in our source, and numbers."""

    code: str
    numbers: tuple[tuple[str, int | float], ...]


def note(code: str, level: int = logging.INFO, **numbers: int | float) -> None:
    """Write an event. `code` is a literal of ours or the `code` of a ValiseError, values are numbers (bool
    included). Anything else is a mistake of ours and raises ValueError rather than reach the file."""
    if not _CODE.match(code) or len(code) > 80:
        raise ValueError("an event code is lower case words with dots")
    if any(not isinstance(value, (int, float)) for value in numbers.values()):
        raise ValueError("an event carries numbers only")
    _LOGGER.log(level, Event(code, tuple(numbers.items())))


def _word(text: str) -> str:
    return text if _WORD.match(text) else "unnamed"


def _failure(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> str:
    """An exception without its words: our code or its class, and the places in our own modules."""
    what = error.code if isinstance(error, ValiseError) and _CODE.match(error.code) else _word(kind.__name__)
    places = []
    for frame, line in traceback.walk_tb(trace):
        module = str(frame.f_globals.get("__name__", ""))
        if module == "valise" or module.startswith("valise."):
            places.append(f"{_word(module)}:{line}")
    return " ".join([f"failed={what}", *(["at=" + ",".join(places[-8:])] if places else [])])


class Formatter(logging.Formatter):
    """Prints an Event as it is; of any other record the level and where it came from, no word of it."""

    def format(self, record: logging.LogRecord) -> str:
        clock = time.gmtime(record.created)
        parts = [f"{time.strftime('%Y-%m-%dT%H:%M:%S', clock)}.{int(record.msecs):03d}Z", record.levelname]
        if isinstance(record.msg, Event):
            parts.append(record.msg.code)
            parts.extend(f"{name}={value:g}" if isinstance(value, float) else f"{name}={int(value)}"
                         for name, value in record.msg.numbers)
        else:
            parts.append(f"foreign from={_word(record.name.partition('.')[0])}")
        if record.exc_info and record.exc_info[0]:
            parts.append(_failure(*record.exc_info))
        return " ".join(parts)


class _Handler(logging.handlers.RotatingFileHandler):
    """A rotated file for the owner only, never written through a link; when it cannot be written, silence."""

    def _open(self):  # type: ignore[no-untyped-def]
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
        handle = os.open(self.baseFilename, flags, 0o600)
        if hasattr(os, "fchmod"):
            os.fchmod(handle, 0o600)
        return os.fdopen(handle, "a", encoding="ascii", errors="replace")

    def handleError(self, record: logging.LogRecord) -> None:
        """The standard one prints the record and the exception to stderr."""


def start(folder: Path, level: int = logging.INFO) -> Path:
    """Log to `folder`/valise.log, at most (1 + KEPT) x 256 KiB, and nowhere else. A second call moves it.
    Raises Unavailable("system.folder"). Returns the file."""
    path = own(folder) / "valise.log"
    try:
        handler = _Handler(path, maxBytes=MOST_OCTETS, backupCount=KEPT, encoding="ascii")
    except OSError:
        raise Unavailable("system.folder", "the log cannot be written") from None
    handler.setFormatter(Formatter())
    stop()
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(max(level, logging.WARNING))  # of others only what is serious, and only that it happened
    _LOGGER.setLevel(level)
    logging.captureWarnings(True)
    return path


def stop() -> None:
    """Close the file."""
    root = logging.getLogger()
    for handler in [one for one in root.handlers if isinstance(one, _Handler)]:
        root.removeHandler(handler)
        with contextlib.suppress(OSError, ValueError):
            handler.close()
    logging.captureWarnings(False)


def guard_exceptions() -> None:
    """Uncaught exceptions go to the log without their words, and not to the terminal."""

    def uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        _LOGGER.error(Event("program.failed", ()), exc_info=(kind, error or kind(), trace))

    def in_thread(failed: threading.ExceptHookArgs) -> None:
        if failed.exc_type is not SystemExit:
            uncaught(failed.exc_type, failed.exc_value, failed.exc_traceback)

    sys.excepthook = uncaught
    threading.excepthook = in_thread
    sys.unraisablehook = lambda failed: uncaught(failed.exc_type, failed.exc_value, failed.exc_traceback)
