"""Padme padding (Nikitin and others, PETS 2019): lengths leak at most log2 log2 of themselves, 12 % at worst.

What is padded is `data`, one byte 0x80, then zeros (ISO/IEC 7816-4), so the length needs no field of its own.
"""

from __future__ import annotations

from typing import Final

from valise.domain.errors import Refused

FLOOR: Final = 512


def padme(size: int) -> int:
    """The Padme length for `size` >= 2 bytes."""
    exponent = size.bit_length() - 1
    mask = (1 << (exponent - exponent.bit_length())) - 1
    return (size + mask) & ~mask


def padded_size(size: int, floor: int = FLOOR) -> int:
    """Bytes that `size` bytes become. `floor` is the least, itself at least 2."""
    return max(floor, padme(max(size + 1, 2)))


def pad(data: bytes, floor: int = FLOOR) -> bytes:
    """`data` padded to `padded_size(len(data), floor)` bytes."""
    return (data + b"\x80").ljust(padded_size(len(data), floor), b"\0")


def unpad(data: bytes, floor: int = FLOOR) -> bytes:
    """The only `x` with pad(x, floor) == data, or Refused("padding.bad")."""
    marked = data.rstrip(b"\0")
    if not marked.endswith(b"\x80") or padded_size(len(marked) - 1, floor) != len(data):
        raise Refused("padding.bad", "the padding is not the one our senders write")
    return marked[:-1]
