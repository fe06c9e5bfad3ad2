"""What a message is, to the octet, and what is not one."""

from __future__ import annotations

import hashlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valise.carriers.abc import BLOB_LIMIT, ROUTES_LIMIT
from valise.carriers.relay import wire

ID = bytes(range(16))
A, B = b"a" * 16, b"b" * 16
routes = st.sets(st.binary(min_size=16, max_size=16), min_size=1, max_size=8)


@given(st.binary(min_size=16, max_size=16), routes, st.binary(max_size=3000))
def test_what_is_packed_is_unpacked(ident: bytes, some: set[bytes], blob: bytes) -> None:
    data = wire.pack(ident, some, blob)
    assert len(data) in wire.CLASSES
    assert wire.unpack(data) == wire.Message(ident, frozenset(some), blob)


def test_the_layout_is_the_one_in_the_description() -> None:
    data = wire.pack(ID, {B, A, A}, b"blob")
    assert data == b"VRLY\x01\x00" + struct.pack(">HI", 2, 4) + ID + A + B + b"blob" + bytes(512 - 28 - 32 - 4)


@given(st.integers(512, wire.MOST_LARGE))
def test_padding_is_at_most_a_ninth(size: int) -> None:
    found = wire.size_class(size)
    assert found >= size
    assert found - size <= found / 9


def test_the_classes_are_declared() -> None:
    assert wire.CLASSES[:9] == (512, 576, 640, 704, 768, 832, 896, 960, 1024)
    assert len(wire.CLASSES) == 76
    assert list(wire.CLASSES) == sorted(set(wire.CLASSES))
    many = [bytes([n // 256, n % 256]) * 8 for n in range(ROUTES_LIMIT)]
    assert len(wire.pack(ID, many, bytes(BLOB_LIMIT))) == wire.MOST_LARGE == wire.CLASSES[-1]
    assert len(wire.pack(ID, many, bytes(wire.SMALL))) == wire.MOST_SMALL
    with pytest.raises(ValueError, match="longer"):
        wire.size_class(wire.MOST_LARGE + 1)


GOOD = wire.pack(ID, {A, B}, b"x" * 700)


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
def test_a_changed_octet_is_another_message_or_none(at: int, change: int) -> None:
    data = bytearray(GOOD)
    data[at] ^= change
    found = wire.unpack(bytes(data))
    inside = 6 <= at < 28 + 32 + 700  # numbers, id, routes, blob; nothing else may differ
    assert found is None or (inside and found != wire.unpack(GOOD))


@given(st.integers(0, len(GOOD)), st.binary(max_size=200))
def test_cut_or_longer_is_none(at: int, more: bytes) -> None:
    data = GOOD[:at] + more
    assert data == GOOD or wire.unpack(data) is None or (len(data) == len(GOOD) and GOOD.startswith(data.rstrip(b"\0")[:28]))


@given(st.binary(max_size=1200))
def test_anything_is_taken_without_an_error(data: bytes) -> None:
    assert wire.unpack(data) is None
    wire.unpack(b"VRLY\x01\x00" + data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        GOOD[:27],
        b"VRLZ" + GOOD[4:],
        GOOD[:4] + b"\x02" + GOOD[5:],
        GOOD + bytes(64),  # zeros up to another class
        GOOD[:28] + B + A + GOOD[60:],  # not ascending
        GOOD[:28] + A + A + GOOD[60:],  # twice
        GOOD[:6] + b"\x00\x00" + GOOD[8:],  # no route
        GOOD[:6] + b"\xff\xff" + GOOD[8:],
        GOOD[:8] + b"\xff\xff\xff\xff" + GOOD[12:],
        GOOD[:-1] + b"\x01",  # not only zeros
    ],
)  # fmt: skip
def test_what_is_nearly_one_is_none(data: bytes) -> None:
    assert wire.unpack(data) is None


def test_the_id_of_a_repetition_is_the_same_and_nobody_elses() -> None:
    one = wire.message_id("SU" + "A" * 56, "abcdefgh", ID, {A, B})
    assert one == wire.message_id("SU" + "A" * 56, "abcdefgh", ID, [B, A, A])
    assert len(one) == 32
    others = {
        wire.message_id("SU" + "B" * 56, "abcdefgh", ID, {A, B}),
        wire.message_id("SU" + "A" * 56, "abcdefgi", ID, {A, B}),
        wire.message_id("SU" + "A" * 56, "abcdefgh", bytes(16), {A, B}),
        wire.message_id("SU" + "A" * 56, "abcdefgh", ID, {A}),  # for other laptops it is another message
        hashlib.blake2b(ID, digest_size=16).hexdigest(),
    }
    assert len(others) == 5
    assert one not in others
