"""Windows. Dumps are the error-reporting service's and access is the account's: both are policies of the
machine, none is changed from here, and `harden` says so."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from valise.system import started
from valise.system.abc import MEASURES, Folders, Hardening


class Windows:
    name = "windows"

    def harden(self) -> Hardening:
        return Hardening((), MEASURES)

    def folders(self, environ: Mapping[str, str], home: Path) -> Folders:
        """Local, never roaming: a vault must not travel with a domain profile."""
        given = Path(environ.get("LOCALAPPDATA", ""))
        base = (given if given.is_absolute() else home / "AppData" / "Local") / "Valise"
        return Folders(
            data=base / "Data", config=base / "Config", state=base / "State", cache=base / "Cache", runtime=base / "Run"
        )

    def in_process(self, _window: Callable[[str], int], command: Callable[[str], Sequence[str]], reason: str) -> int:
        """Nothing copies a process there."""
        return started.run(command(reason))
