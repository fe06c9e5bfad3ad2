"""What differs by operating system, as one small interface. `here()` is the one of this machine."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple, Protocol

Measure = Literal["no core dumps", "not readable by other processes", "files for the owner only"]
MEASURES: tuple[Measure, ...] = ("no core dumps", "not readable by other processes", "files for the owner only")


class Hardening(NamedTuple):
    """What was done to this process and, just as important, what was not (shown by the hygiene page)."""

    done: tuple[Measure, ...]
    not_done: tuple[Measure, ...]


class Folders(NamedTuple):
    """Where things are kept. `runtime` holds sockets and locks and may vanish when the session ends."""

    data: Path
    config: Path
    state: Path
    cache: Path
    runtime: Path


class System(Protocol):
    """One operating system."""

    name: str

    def harden(self) -> Hardening:
        """Protect this process. Never raises: what cannot be done is in `not_done`."""
        ...

    def folders(self, environ: Mapping[str, str], home: Path) -> Folders:
        """Pure: nothing is made or looked at."""
        ...

    def in_process(self, window: Callable[[str], int], command: Callable[[str], Sequence[str]], reason: str) -> int:
        """Run the window in a process of its own and wait for its end; its exit code (see `keeper.keep`). It inherits
        nothing but the standard streams and the environment. Raises OSError when there can be none."""
        ...


def here() -> System:
    """The operating system we run on."""
    if sys.platform == "win32":
        from valise.system.windows import Windows

        return Windows()
    if sys.platform == "darwin":
        from valise.system.darwin import Darwin

        return Darwin()
    from valise.system.linux import Linux

    return Linux()
