"""Locking ends the process that held the keys: process exit is the only reliable wipe in Python."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NoReturn

from valise.domain.errors import Unavailable
from valise.system.abc import here


def own_command(*arguments: str) -> list[str]:
    """How to start Valise anew with these arguments. They can be seen by every process: never a secret."""
    if getattr(sys, "frozen", False):
        return [sys.executable, *arguments]
    return [sys.executable, "-m", "valise", *arguments]


def reexec(argv: Sequence[str]) -> NoReturn:
    """End this process image and run `argv` (usually `own_command()`, into the unlock screen), inheriting
    nothing but the standard streams. The caller has closed the database and joined its threads.
    Raises Unavailable("system.restart") when that cannot be done; the caller must then exit."""
    try:
        here().replace(argv)
    except (OSError, ValueError, IndexError):
        raise Unavailable("system.restart", "the unlock screen could not be started") from None
