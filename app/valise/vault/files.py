"""Files that must survive power loss: written beside, synced, renamed, and the folder synced."""

from __future__ import annotations

import os
import secrets
import shutil
import sys
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Make renames and removals in `folder` durable (POSIX; Windows has no such call and needs none)."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace(path: Path, data: bytes) -> None:
    """Atomically make `path` hold exactly `data`, its owner's only. Raises OSError; `path` is then as before."""
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        os.replace(beside, path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def copy(source: Path, target: Path) -> None:
    """Atomically make `target` a synced copy of `source`. Raises OSError; `target` is then as before."""
    beside = target.with_name(f"{target.name}.tmp")
    try:
        beside.unlink(missing_ok=True)
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with source.open("rb") as data, os.fdopen(handle, "wb") as out:
            shutil.copyfileobj(data, out, 1 << 20)
            out.flush()
            os.fsync(out.fileno())
        os.replace(beside, target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


def set_aside(database: Path) -> None:
    """A database without a header (creation was cut short, or the header was lost) opens for nobody; it is kept."""
    if not database.exists():
        return
    n = next(n for n in range(1, 1 << 20) if not database.with_name(f"{database.name}.headless-{n}").exists())
    for end in ("-wal", ""):
        if (old := database.with_name(database.name + end)).exists():
            old.rename(database.with_name(f"{database.name}.headless-{n}{end}"))
    database.with_name(database.name + "-shm").unlink(missing_ok=True)
