"""Padme."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valise.protocol import padding

from .made import all_refused, flips, refused


# From the definition: the last E - S bits are zero, E = floor(log2 L), S = floor(log2 E) + 1.
@pytest.mark.parametrize(
    ("size", "padded"), [(2, 2), (8, 8), (9, 10), (100, 104), (512, 512), (513, 544), (1000, 1024), (262_084, 262_144)]
)
def test_known_sizes(size: int, padded: int) -> None:
    assert padding.padme(size) == padded


@given(st.integers(2, 1 << 40))
def test_padme_is_the_least_of_its_class(size: int) -> None:
    padded = padding.padme(size)
    assert size <= padded <= size * 1.12 + 1
    assert padding.padme(padded) == padded
    exponent = padded.bit_length() - 1
    assert padded % (1 << (exponent - exponent.bit_length())) == 0 if exponent else True


@given(st.binary(max_size=3000), st.sampled_from([2, 16, 512]))
def test_round_trip(data: bytes, floor: int) -> None:
    padded = padding.pad(data, floor)
    assert len(padded) == padding.padded_size(len(data), floor) >= floor
    assert padding.unpad(padded, floor) == data


def test_floor() -> None:
    assert {len(padding.pad(bytes(size))) for size in range(512)} == {512}
    assert len(padding.pad(bytes(512))) == 544


@pytest.mark.parametrize(
    "data",
    [b"", b"\0" * 512, b"x" * 512, b"x\x80" + bytes(509), b"x\x80" + bytes(511), b"x\x80" + bytes(1022), b"\x80"],
)
def test_other_padding(data: bytes) -> None:
    assert refused(lambda: padding.unpad(data)) == "padding.bad"


def test_bits_of_the_mark() -> None:
    padded = padding.pad(b"word")
    assert all_refused((one for one in flips(padded) if one[4] != padded[4]), padding.unpad) == 8
