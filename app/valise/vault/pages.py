"""The pages of the database file, looked at from outside the engine.

Each page of 4,096 bytes ends with its IV (16) and HMAC-SHA512 (64) over what stands before it and its number
(zetetic.net/sqlcipher/design). The engine authenticates each page alone: an older version of one page, put back in its
place, verifies. So at a clean close a fingerprint over the ends of all pages is kept beside the file, under the key.
"""

from __future__ import annotations

import hashlib
import hmac
import mmap
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from valise.domain.errors import Damaged, Unavailable
from valise.vault import files

PAGE: Final = 4096
SALT: Final = 16  # the first page begins with it, in the clear
MAC: Final = 64
END: Final = 80  # IV and MAC
SLICE: Final = 1024  # pages read at a time
SEAL: Final = "vault.seal"
_SEAL_BYTES = 1 + 8 + 16 + 16 + 32
Progress = Callable[[int, int], None]


class Marks(NamedTuple):
    """What the seal of the last close says that the database does not: a later point (generation, root), or other pages."""

    later: tuple[int, bytes] | None = None
    pages: bool = False


class Seal(NamedTuple):
    """The database as the last clean close left it: generation, root (16), fingerprint of its pages (16)."""

    generation: int
    root: bytes
    fingerprint: bytes

    def against(self, generation: int, root: bytes, found: bytes) -> Marks:
        """Beside a database that stands at this point, whose file had this fingerprint before it was opened."""
        if (generation, bytes(root)) == (self.generation, self.root):
            return Marks(pages=found not in (b"", self.fingerprint))
        if generation > self.generation:
            return Marks()  # it was written since, and not closed
        return Marks(later=(self.generation, self.root))


def count(database: Path) -> int:
    """Pages of the file; a last one that is cut counts."""
    return -(-database.stat().st_size // PAGE)


def slices(database: Path) -> Iterator[tuple[int, bytes]]:
    """(number of the first page, from 1; bytes of at most SLICE pages), in order. OSError."""
    with database.open("rb") as data:
        number = 1
        while part := data.read(SLICE * PAGE):
            yield number, part
            number += SLICE


def fingerprint(database: Path) -> bytes:
    """16 bytes that differ when any page does. OSError."""
    made = hashlib.blake2b(digest_size=16)
    size = database.stat().st_size
    made.update(size.to_bytes(8, "big"))
    if size:
        with database.open("rb") as data, mmap.mmap(data.fileno(), size, access=mmap.ACCESS_READ) as mapped:
            made.update(b"".join([mapped[end - END : end] for end in range(PAGE, size + 1, PAGE)]))
    return made.digest()


def bad(number: int, part: bytes, key: str) -> list[int]:
    """Numbers of the pages in `part`, which begins with page `number`, that do not verify."""
    mac_key = bytes.fromhex(key)[32:64]
    found = []
    for place in range(0, len(part), PAGE):
        page = part[place : place + PAGE]
        here = number + place // PAGE
        start = SALT if here == 1 else 0
        whole = page[start : PAGE - MAC] + here.to_bytes(4, "little")
        if len(page) != PAGE or not hmac.compare_digest(hmac.digest(mac_key, whole, "sha512"), page[PAGE - MAC :]):
            found.append(here)
    return found


def copy(database: Path, target: Path, key: str, stop: Callable[[], bool]) -> bool:
    """Make `target` a synced copy of a database nobody writes to, each page verified on the way. False when `stop` said so.

    Raises Damaged("vault.damaged") and OSError; `target` is then as before.
    """
    beside = target.with_name(f"{target.name}.tmp")
    try:
        beside.unlink(missing_ok=True)
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(handle, "wb") as out:
            for number, part in slices(database):
                if stop():
                    return False
                if bad(number, part, key):
                    raise Damaged("vault.damaged", "a page does not verify")
                out.write(part)
            out.flush()
            os.fsync(out.fileno())
        os.replace(beside, target)
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
    files.sync_folder(target.parent)
    return True


def _mac(body: bytes, key: str) -> bytes:
    return hashlib.blake2b(b"valise/v1/seal" + body, digest_size=32, key=bytes.fromhex(key)[:64]).digest()


def write_seal(folder: Path, key: str, made: Seal) -> None:
    """Keep what a clean close left. OSError."""
    body = b"\x01" + made.generation.to_bytes(8, "big") + made.root + made.fingerprint
    files.replace(folder / SEAL, body + _mac(body, key))


def read_seal(folder: Path, key: str) -> Seal | None:
    """The seal, None when there is none or it was not made with this key."""
    try:
        data = (folder / SEAL).read_bytes()
    except FileNotFoundError:
        return None
    except OSError:
        raise Unavailable("vault.io", "the seal beside the database could not be read") from None
    body, mac = data[:-32], data[-32:]
    if len(data) != _SEAL_BYTES or not hmac.compare_digest(_mac(body, key), mac):
        return None
    return Seal(int.from_bytes(body[1:9], "big"), body[9:25], body[25:41])


def sealed(folder: Path, database: Path, key: str) -> tuple[Seal | None, bytes]:
    """The seal of the last close, and the fingerprint of the file as it is found; b"" while something is in its log."""
    seal = read_seal(folder, key)
    log = database.with_name(f"{database.name}-wal")
    if seal is None or not database.exists() or (log.exists() and log.stat().st_size):
        return seal, b""
    return seal, fingerprint(database)
