"""The bundle: many parcels in one file whose size, name and time tell nothing.

Everything is big-endian. A head that can be checked alone, so that a bundle for others is passed over
without reading its body; then the blobs, zeros up to a size class, and a trailer over all of it::

    magic 4 "VLSB" | version 1 | class 1 | zero 2 | sets u32 | parcels u32 | head bytes u32 | body bytes u32
    sets times      count u16, then count routes of 16 bytes, strictly ascending
    parcels times   id 16 | set u32 | blob bytes u32
    BLAKE2b-256 of all before it        (this ends the head)
    the blobs, in the order of the parcels | zeros
    BLAKE2b-256 of all before it        (the last 32 bytes of the file)

The digests are keyed with nothing: they notice tearing and decay. Forgery is noticed inside the envelopes.
Parcels with the same routes share one set, a parcel to fifty devices is stored once.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from valise.carriers.abc import BLOB_LIMIT, ID_BYTES, ROUTE_BYTES, ROUTES_LIMIT, Parcel
from valise.domain.errors import Refused

MAGIC = b"VLSB"
VERSION = 1
DIGEST = 32
START = struct.Struct(">4sBBHIIII")
ENTRY = struct.Struct(f">{ID_BYTES}sII")
SET = struct.Struct(">H")
# From 4 KiB to 16 MiB, each half as large again or a third larger than the one before: at most a third is padding.
CLASSES: tuple[int, ...] = tuple(
    size for power in range(12, 25) for size in (1 << power, 3 << (power - 1)) if size <= 16 << 20
)
LARGEST = CLASSES[-1]
PARCELS_LIMIT = 16_384
HEAD_LIMIT = 4 << 20  # bounds what a hostile head can make of our memory
_HEAD_PERSON = b"valise/head/1"
_FILE_PERSON = b"valise/bundle/1"


def _torn(line: str) -> Refused:
    return Refused("carrier.torn", line)


def _digest(person: bytes, data: bytes | memoryview) -> bytes:
    return hashlib.blake2b(data, digest_size=DIGEST, person=person).digest()


@dataclass(frozen=True, slots=True)
class Entry:
    """A parcel as the head announces it: where its blob lies in the whole file."""

    id: bytes
    routes: frozenset[bytes]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Head:
    """A verified head. `size` is the size of the whole file, `length` that of the head with its digest."""

    entries: tuple[Entry, ...]
    size: int
    length: int

    def wanted(self, routes: frozenset[bytes]) -> tuple[Entry, ...]:
        """The entries for any of `routes`, in order."""
        return tuple(entry for entry in self.entries if not routes.isdisjoint(entry.routes))


def split(parcels: Sequence[Parcel]) -> Iterator[tuple[Parcel, ...]]:
    """The same parcels in order, in as few groups as fit into one bundle each."""
    group: list[Parcel] = []
    sets: set[tuple[bytes, ...]] = set()
    head = empty = START.size + DIGEST
    body = 0
    for parcel in parcels:
        key = _key(parcel)
        more = ENTRY.size + (0 if key in sets else _set_size(key))
        full = head + more > HEAD_LIMIT or head + more + body + len(parcel.blob) + DIGEST > LARGEST
        if group and (full or len(group) == PARCELS_LIMIT):
            yield tuple(group)
            group, sets, head, body = [], set(), empty, 0
            more = ENTRY.size + _set_size(key)
        group.append(parcel)
        sets.add(key)
        head += more
        body += len(parcel.blob)
    if group:
        yield tuple(group)


def _key(parcel: Parcel) -> tuple[bytes, ...]:
    return tuple(sorted(set(parcel.routes)))


def _set_size(key: tuple[bytes, ...]) -> int:
    return SET.size + ROUTE_BYTES * len(key)


def encode(parcels: Sequence[Parcel]) -> bytes:
    """The whole file for one group of `split`. Raises Refused("carrier.parcel") when there are too many."""
    sets: dict[tuple[bytes, ...], int] = {}
    entries = bytearray()
    for parcel in parcels:
        number = sets.setdefault(_key(parcel), len(sets))
        entries += ENTRY.pack(parcel.id, number, len(parcel.blob))
    table = b"".join(SET.pack(len(key)) + b"".join(key) for key in sets)
    length = START.size + len(table) + len(entries) + DIGEST
    body = b"".join(parcel.blob for parcel in parcels)
    total = length + len(body) + DIGEST
    if not parcels or len(parcels) > PARCELS_LIMIT or length > HEAD_LIMIT or total > LARGEST:
        raise Refused("carrier.parcel", "these parcels do not make one bundle")
    size_class = next(index for index, size in enumerate(CLASSES) if size >= total)
    head = START.pack(MAGIC, VERSION, size_class, 0, len(sets), len(parcels), length, len(body)) + table + entries
    head += _digest(_HEAD_PERSON, head)
    whole = head + body + bytes(CLASSES[size_class] - total)
    return whole + _digest(_FILE_PERSON, whole)


def head_length(start: bytes, size: int) -> int:
    """How many bytes of a file of `size` bytes the head takes, from its first START.size bytes.
    Raises Refused("carrier.torn") for what is not (yet) a bundle of this version."""
    if len(start) < START.size or start[: len(MAGIC)] != MAGIC:
        raise _torn("no bundle starts here")
    _, version, size_class, zero, _, _, length, body = START.unpack_from(start)
    if version != VERSION or zero or size_class >= len(CLASSES) or CLASSES[size_class] != size:
        raise _torn("the version or the size class does not fit")
    smallest = length + body + DIGEST
    least = CLASSES[size_class - 1] if size_class else 0  # a larger class than needed would be another writing
    if not START.size + DIGEST <= length <= HEAD_LIMIT or not least < smallest <= size:
        raise _torn("the lengths do not fit the size class")
    return int(length)


def read_head(data: bytes, size: int) -> Head:
    """Verify a head. `data` starts at the file's first byte and holds the head at least."""
    length = head_length(data, size)
    view = memoryview(data)[:length]
    if len(view) < length or _digest(_HEAD_PERSON, view[:-DIGEST]) != view[-DIGEST:]:
        raise _torn("the head does not verify")
    _, _, _, _, sets, parcels, _, body = START.unpack_from(view)
    end = length - DIGEST
    if not 0 < sets <= parcels <= PARCELS_LIMIT or START.size + parcels * ENTRY.size + sets * SET.size > end:
        raise _torn("the head is too short for its tables")
    at = START.size
    table: list[frozenset[bytes]] = []
    for _ in range(sets):
        found, at = _read_set(view, at, end - parcels * ENTRY.size)
        table.append(found)
    if at + parcels * ENTRY.size != end:
        raise _torn("the tables do not fill the head")
    entries: list[Entry] = []
    blob = length
    for number in range(parcels):
        ident, which, count = ENTRY.unpack_from(view, at + number * ENTRY.size)
        if which >= sets or count > BLOB_LIMIT:
            raise _torn("an entry points outside the bundle")
        entries.append(Entry(ident, table[which], blob, blob + count))
        blob += count
    if blob != length + body:
        raise _torn("the blobs do not fill the body")
    return Head(tuple(entries), size, length)


def _read_set(view: memoryview, at: int, end: int) -> tuple[frozenset[bytes], int]:
    if at + SET.size > end:
        raise _torn("the table of routes is too short")
    (count,) = SET.unpack_from(view, at)
    at += SET.size
    after = at + count * ROUTE_BYTES
    if not 0 < count <= ROUTES_LIMIT or after > end:
        raise _torn("a set of routes is too short or too long")
    routes = [bytes(view[place : place + ROUTE_BYTES]) for place in range(at, after, ROUTE_BYTES)]
    if any(one >= other for one, other in pairwise(routes)):
        raise _torn("a set of routes is not in order")
    return frozenset(routes), after


def verify(data: bytes, head: Head) -> None:
    """Check the whole file against its trailer. Raises Refused("carrier.torn")."""
    view = memoryview(data)
    if len(data) != head.size or _digest(_FILE_PERSON, view[:-DIGEST]) != view[-DIGEST:]:
        raise _torn("the trailer does not verify")
    used = head.entries[-1].end
    if data.count(0, used, head.size - DIGEST) != head.size - DIGEST - used:
        raise _torn("the padding is not zero")


def decode(data: bytes) -> list[Parcel]:
    """Every parcel of a whole bundle. Raises Refused("carrier.torn")."""
    head = read_head(data, len(data))
    verify(data, head)
    return [Parcel(one.id, tuple(sorted(one.routes)), data[one.start : one.end]) for one in head.entries]
