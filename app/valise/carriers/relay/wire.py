"""What one message on a relay is: the mailbox tokens it is for and one sealed envelope, filled up to a declared size.

    octets  0..3   "VRLY"
    octet   4      1, the version
    octet   5      0
    octets  6..7   number of routes, 1 to 4096
    octets  8..11  length of the blob, at most 262,144
    octets 12..27  parcel id, 16 random bytes
    then the routes (16 bytes each, ascending, none twice), the blob, and zeros up to the next class

All numbers big-endian. The classes are eight steps to each doubling, 512, 576, 640, ... 1024, 1152, ...: padding is at most
1/9 (11.2 %) of a message longer than 512 octets, and a capture shows one of 76 sizes. Only the smallest class that fits, with
zeros in it, is taken; everything else is nobody's message and skipped.
"""

from __future__ import annotations

import hashlib
import struct
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from valise.carriers.abc import BLOB_LIMIT, ID_BYTES, ROUTE_BYTES, ROUTES_LIMIT

MAGIC: Final = b"VRLY"
VERSION: Final = 1
_HEAD: Final = struct.Struct(f">4sBBHI{ID_BYTES}s")
_LONGEST: Final = _HEAD.size + ROUTES_LIMIT * ROUTE_BYTES + BLOB_LIMIT
CLASSES: Final = tuple(
    size
    for power in range(9, 19)
    for step in range(8, 16)
    if (size := (1 << power) * step // 8) * 8 // 9 <= _LONGEST
)
SMALL: Final = 32 * 1024
"""Blobs up to here travel on the stream of envelopes, longer ones on that of large envelopes."""
NOBODY: Final = bytes(ROUTE_BYTES)
"""The route of a message that only tests a way."""


def size_class(size: int) -> int:
    """The smallest declared size that holds `size` octets. ValueError beyond the largest."""
    at = bisect_left(CLASSES, size)
    if at == len(CLASSES):
        raise ValueError("longer than any message")
    return CLASSES[at]


MOST_SMALL: Final = size_class(_HEAD.size + ROUTES_LIMIT * ROUTE_BYTES + SMALL)
MOST_LARGE: Final = CLASSES[-1]
"""The longest message on either stream, without the header of NATS."""


def writer_replies(slot: str) -> str:
    """Where answers to the writer of a slot come; it may subscribe to everything below."""
    return f"_W.{slot}"


def reader_replies(seat: str) -> str:
    """Where answers to the laptop of a seat come; it may subscribe to everything below."""
    return f"_D.{seat}"


@dataclass(frozen=True, slots=True)
class Message:
    """What a message held. Unverified."""

    id: bytes
    routes: frozenset[bytes]
    blob: bytes


def pack(ident: bytes, routes: Iterable[bytes], blob: bytes) -> bytes:
    """One message. Sizes as a Parcel has them."""
    listed = sorted(set(routes))
    size = _HEAD.size + len(listed) * ROUTE_BYTES + len(blob)
    head = _HEAD.pack(MAGIC, VERSION, 0, len(listed), len(blob), ident)
    return b"".join((head, *listed, blob, bytes(size_class(size) - size)))


def unpack(data: bytes) -> Message | None:
    """What somebody put into an inbox, None when it is no message of ours."""
    if len(data) < _HEAD.size:
        return None
    magic, version, zero, count, length, ident = _HEAD.unpack_from(data)
    if (magic, version, zero) != (MAGIC, VERSION, 0) or not 0 < count <= ROUTES_LIMIT or length > BLOB_LIMIT:
        return None
    begin = _HEAD.size + count * ROUTE_BYTES
    end = begin + length
    if end > len(data) or size_class(end) != len(data) or data.count(0, end) != len(data) - end:
        return None
    routes = [data[at : at + ROUTE_BYTES] for at in range(_HEAD.size, begin, ROUTE_BYTES)]
    if any(one >= after for one, after in pairwise(routes)):
        return None
    return Message(ident, frozenset(routes), data[begin:end])


def message_id(seed: str, inbox: str, ident: bytes, routes: Iterable[bytes]) -> str:
    """What a relay tells repetitions by (Nats-Msg-Id): the same at every try, for nobody else to foresee, since it holds for
    the whole stream and whoever puts another's id first suppresses his message. `seed` is that of the slot's credential."""
    said = b"".join((ident, inbox.encode(), b"\x00", *sorted(set(routes))))
    return hashlib.blake2b(said, digest_size=16, key=seed.encode(), person=b"valise relay id").hexdigest()
