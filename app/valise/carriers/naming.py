"""Names in the exchange folder, and the engine's place in the round (the cursor)."""

from __future__ import annotations

import hashlib
import os
import re
import struct
from collections.abc import Iterator

IDENT = 16
_SHARD = re.compile(r"[0-9a-f]{2}\Z")
_BUNDLE = re.compile(r"[0-9a-f]{32}\.vb\Z")
_INSIDE = re.compile(r"[0-9a-f]{32}")
_CURSOR = struct.Struct(">B16sBI")  # form 1, the routes it is for, shard, entry; then the name of the bundle


def digest(*parts: bytes) -> bytes:
    """16 bytes for a name; where it matters each part has a fixed length or stands last."""
    return hashlib.blake2b(b"".join(parts), digest_size=IDENT, person=b"valise/folder/1").digest()


def shards(names: list[str]) -> list[str]:
    """The folders that hold bundles, in order."""
    return sorted(name for name in names if _SHARD.match(name))


def salt(routes: frozenset[bytes]) -> bytes:
    """Binds cursors and seen names to the routes they are for."""
    return digest(b"routes", *sorted(routes))


def candidates(shard: str, names: list[str]) -> Iterator[tuple[str, bytes]]:
    """Names that may be bundles, with 16 bytes that stand for each. A conflict copy ("<32 hex> (2).vb",
    "<32 hex>.sync-conflict-....vb") keeps our random name and the ending; anything else is foreign."""
    for name in names:
        if not name.endswith(".vb"):
            continue
        if _BUNDLE.match(name) and name.startswith(shard):
            yield name, bytes.fromhex(name[:32])
        elif _INSIDE.search(name):
            yield name, digest(b"copy", shard.encode(), os.fsencode(name))


def parse(cursor: bytes, routes_salt: bytes) -> tuple[str, str, int]:
    """Shard, name and entry to go on at; a cursor for other routes, or of another form, starts over."""
    if len(cursor) <= _CURSOR.size or cursor[0] != 1:
        return "", "", 0
    _, bound, shard, entry = _CURSOR.unpack_from(cursor)
    if bound != routes_salt:
        return "", "", 0
    return f"{shard:02x}", os.fsdecode(cursor[_CURSOR.size :]), entry


def cursor(bound: bytes, shard: str, name: str, entry: int) -> bytes:
    return _CURSOR.pack(1, bound, int(shard, 16), entry) + os.fsencode(name)
