"""The last good copy, and pages looked at while the vault is open."""

from __future__ import annotations

from typing import Final

from valise.domain.errors import Unavailable
from valise.vault import connection as cx
from valise.vault import pages
from valise.vault.store import DATABASE, Store

GOOD: Final = "vault.db.good"


def keep(store: Store) -> bool:
    """Make `vault.db.good` a copy of this moment, every page verified; others write meanwhile.

    False when something is in the way. Raises Damaged("vault.damaged"), Unavailable("vault.*"); the older copy is kept then.
    """
    with store.unwritten() as key:
        pass
    with store.still() as stop:
        if stop is None:
            return False
        try:
            return pages.copy(store.folder / DATABASE, store.folder / GOOD, key, stop)
        except OSError as error:
            raise cx.failure(error) or Unavailable("vault.io") from error


def kept_at(store: Store) -> int:
    """When the last good copy was made, ms UTC by the clock of the disk; 0 when there is none."""
    try:
        return int((store.folder / GOOD).stat().st_mtime * 1000)
    except OSError:
        return 0


def count(store: Store) -> int:
    """Pages of the database file."""
    try:
        return pages.count(store.folder / DATABASE)
    except OSError as error:
        raise cx.failure(error) or Unavailable("vault.io") from error


def bad(store: Store, first: int) -> list[int]:
    """Of a slice of the database file from page `first` on: pages that do not verify.

    Looked at beside whoever writes; one that fails is read once more while nobody does, since it may just have been written.
    """
    with store.unwritten() as key:
        pass
    found = pages.bad(first, _slice(store, first), key)
    if found:
        with store.unwritten():
            found = pages.bad(first, _slice(store, first), key)
    return found


def _slice(store: Store, first: int) -> bytes:
    try:
        with (store.folder / DATABASE).open("rb") as data:
            data.seek((first - 1) * pages.PAGE)
            return data.read(pages.SLICE * pages.PAGE)
    except OSError as error:
        raise cx.failure(error) or Unavailable("vault.io") from error
