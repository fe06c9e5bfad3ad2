"""macOS. Keeping a debugger of the same account away is left to the hardened runtime of a signed build;
run from source it is not done, and said so."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from valise.system import posix, started
from valise.system.abc import MEASURES, Folders, Hardening, Measure


class Darwin:
    name = "darwin"

    def harden(self) -> Hardening:
        results = (posix.no_core_dumps(), False, posix.owner_only())
        done: tuple[Measure, ...] = tuple(what for what, ok in zip(MEASURES, results, strict=True) if ok)
        return Hardening(done, tuple(what for what in MEASURES if what not in done))

    def folders(self, environ: Mapping[str, str], home: Path) -> Folders:
        support = home / "Library" / "Application Support" / "Valise"
        return Folders(
            data=support,
            config=support / "config",
            state=support / "state",
            cache=home / "Library" / "Caches" / "Valise",
            runtime=support / "run",
        )

    def in_process(self, _window: Callable[[str], int], command: Callable[[str], Sequence[str]], reason: str) -> int:
        """Cocoa does not live in a copied process."""
        return started.run(command(reason))
