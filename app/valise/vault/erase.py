"""Destroying a vault: first what opens it, then what it held.

A mark is written before anything is touched. From then on there is no way back: whoever finds it (`begun`) goes on where it
stopped, so that a crash between two files leaves nothing that opens. Overwriting is of use on disks that write in place;
on flash storage old blocks live on until the drive reuses them, and only what was never in the clear there helps: the slots.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from valise.domain.errors import Unavailable
from valise.vault import files
from valise.vault.beside import ERASING, HEADERS
from valise.vault.lock import Lock
from valise.vault.store import LOCK

_EVERYTHING: Final = b"and the key file\n"
# What may lie beside a vault: the database with its log and copies of every kind, how the window looks, unfinished writes.
_OURS: Final = ("vault.*", "look.json*", "awaiting-enrolment*", "header.json*", "last-good*")

Fault = Callable[[str], None]


def begun(folder: Path) -> bool:
    """The destruction of this vault was decided."""
    return (folder / ERASING).exists()


def erase(folder: Path, key_file: str = "", fault: Fault = lambda name: None) -> None:
    """Destroy the vault in `folder`; the delegation's key file of that name too, when given. Closed by its caller.

    Going on after a crash needs no `key_file`: the mark knows. Raises Unavailable("vault.busy" | "vault.erasing") when
    something could not be removed; calling it again goes on.
    """
    with _disk():
        mark = folder / ERASING
        if not mark.exists():
            files.replace(mark, _EVERYTHING + key_file.encode("utf-8") if key_file else b"")
        fault("erase.marked")
        told = mark.read_bytes()
        lock = Lock(folder / LOCK)
    try:
        with _disk():
            # both headers before either is removed: one of them is enough to open the vault
            for name in HEADERS:
                _overwrite(folder / name)
                fault("erase.slots")
            for name in HEADERS:
                (folder / name).unlink(missing_ok=True)
            files.sync_folder(folder)
            fault("erase.header")
            if told.startswith(_EVERYTHING):
                name = Path(told[len(_EVERYTHING) :].decode("utf-8")).name  # never beyond this folder
                _overwrite(folder / name)
                (folder / name).unlink(missing_ok=True)
            for one in _left(folder):
                one.unlink(missing_ok=True)
                fault("erase.file")
            files.sync_folder(folder)
            mark.unlink(missing_ok=True)
    finally:
        lock.release()
    with suppress(OSError):
        (folder / LOCK).unlink(missing_ok=True)
        folder.rmdir()  # stays when something of somebody else's lies in it


def _left(folder: Path) -> list[Path]:
    found = {one for pattern in _OURS for one in folder.glob(pattern) if one.is_file() or one.is_symlink()}
    inside = {one for place in folder.glob("last-good*") if place.is_dir() for one in place.iterdir() if one.is_file()}
    return sorted((found | inside) - {folder / LOCK})  # the lock is held until the end


def _overwrite(path: Path) -> None:
    """Write random bytes over a file, in place, and sync them."""
    if not path.is_file() or path.is_symlink():
        return
    size = path.stat().st_size
    with path.open("r+b") as out:
        out.write(secrets.token_bytes(max(size, 512)))
        out.flush()
        os.fsync(out.fileno())


@contextmanager
def _disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unavailable("vault.erasing", "something of the vault could not be removed") from error
