"""Where Valise keeps things on this system."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from valise.domain.errors import Unavailable
from valise.system.abc import Folders, here


def folders() -> Folders:
    """The folders of the current account; nothing is made."""
    return here().folders(os.environ, Path.home())


def own(folder: Path) -> Path:
    """Make it, with what is above it, for the owner only; an existing one is narrowed to that.
    Raises Unavailable("system.folder") when it cannot be made or belongs to somebody else."""
    try:
        folder.mkdir(parents=True, mode=0o700, exist_ok=True)
        status = folder.lstat()
        if not stat.S_ISDIR(status.st_mode):
            raise Unavailable("system.folder", "a folder of ours is a link or a file")
        if hasattr(os, "getuid"):
            if status.st_uid != os.getuid():
                raise Unavailable("system.folder", "a folder of ours belongs to another account")
            if stat.S_IMODE(status.st_mode) & 0o077:
                folder.chmod(0o700)
    except OSError:
        raise Unavailable("system.folder", "a folder of ours cannot be made") from None
    return folder
