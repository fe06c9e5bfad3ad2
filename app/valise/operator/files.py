"""Writing what an operator keeps: whole or not at all, secrets for nobody else to read, nothing replaced that exists."""

from __future__ import annotations

import os
from pathlib import Path

from valise.domain.errors import Unavailable


def folder(path: Path) -> Path:
    """Made with everything above it, closed to others."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        raise Unavailable("file.unwritable", "a folder cannot be made") from None
    return path


def write(path: Path, data: bytes, *, secret: bool = False) -> None:
    """Replaces the file, durably. Unavailable("file.unwritable")."""
    folder(path.parent)
    draft = path.with_name(f".{path.name}.part")
    try:
        draft.unlink(missing_ok=True)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if secret else 0o644)
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        os.replace(draft, path)
        if os.name == "posix":
            held = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(held)
            finally:
                os.close(held)
    except OSError:
        raise Unavailable("file.unwritable", "a file cannot be written") from None


def once(path: Path, data: bytes, *, secret: bool = False) -> bool:
    """Writes what is not there yet; True if it did."""
    if path.exists():
        return False
    write(path, data, secret=secret)
    return True


def read(path: Path) -> bytes:
    """Unavailable("file.unreadable")."""
    try:
        return path.read_bytes()
    except OSError:
        raise Unavailable("file.unreadable", "a file cannot be read") from None
