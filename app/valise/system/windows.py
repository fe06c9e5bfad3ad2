"""Windows. Dumps are the error-reporting service's and access is the account's: both are policies of the
machine, none is changed from here, and `harden` says so."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

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

    def replace(self, argv: Sequence[str]) -> NoReturn:
        """No exec that ends the old image there: start the new process with no handle of ours, then end at
        once without running anything else in this one."""
        subprocess.Popen(list(argv), close_fds=True)
        os._exit(0)
