"""Deterministic CBOR."""

from __future__ import annotations

import time

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from valise.protocol import cbor

from .made import refused

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
VALUES = st.recursive(
    st.integers(-(2**63), 2**64 - 1) | st.binary(max_size=40) | TEXT | st.booleans(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.integers(-(2**63), 2**64 - 1) | TEXT, inner, max_size=4)
    ),
    max_leaves=20,
)


@settings(deadline=None, max_examples=200)
@given(VALUES)
def test_round_trip(value: object) -> None:
    data = cbor.encode(value)
    assert cbor.decode(data) == value
    assert cbor2.loads(data) == value


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=60))
def test_whatever_is_read_is_written_the_same(data: bytes) -> None:
    try:
        value = cbor.decode(data)
    except cbor.Refused as error:
        assert error.code.startswith("cbor.")
    else:
        assert cbor.encode(value) == data


@settings(deadline=None, max_examples=100)
@given(st.dictionaries(st.integers(-(2**63), 2**64 - 1) | TEXT, st.just(0), max_size=12))
def test_keys_are_in_the_order_of_their_bytes(value: dict[object, int]) -> None:
    # RFC 8949 section 4.2.1, compared by encoding each key: not the length-first order of RFC 7049.
    keys = [cbor2.dumps(key) for key in cbor2.loads(cbor.encode(value))]
    assert keys == sorted(keys)


def test_example_of_rfc_8949() -> None:
    # Section 4.2.1 lists 10, 100, -1, "z", "aa" in this order.
    assert list(cbor2.loads(cbor.encode({"aa": 0, "z": 0, -1: 0, 100: 0, 10: 0}))) == [10, 100, -1, "z", "aa"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("", "malformed"),
        ("41", "malformed"),
        ("61ff", "malformed"),  # not UTF-8
        ("63eda080", "malformed"),  # half a character
        ("9fff", "malformed"),  # indefinite list
        ("bfff", "malformed"),
        ("5f4100ff", "malformed"),
        ("7f6161ff", "malformed"),
        ("a201010102", "malformed"),  # duplicate key
        ("1c", "malformed"),
        ("ff", "malformed"),
        ("9b7fffffffffffffff", "malformed"),  # a list of 2**63 that is not there
        ("5b7fffffffffffffff", "malformed"),
        ("c24101", "malformed"),  # tags, each of them
        ("c100", "malformed"),
        ("c074323031332d30332d32315432303a30343a30305a", "malformed"),
        ("d81c80", "malformed"),
        ("d81d00", "malformed"),
        ("d9010280", "malformed"),
        ("d9d9f700", "malformed"),
        ("da0001000001", "malformed"),
        ("d8236161", "malformed"),
        ("f6", "type"),
        ("f7", "type"),
        ("e0", "type"),
        ("f93c00", "type"),
        ("fb3ff0000000000000", "type"),
        ("3bffffffffffffffff", "type"),
        ("a1f500", "type"),  # a key of another type
        ("a1410000", "type"),
        ("1801", "other_form"),
        ("1900ff", "other_form"),
        ("580100", "other_form"),
        ("780161", "other_form"),
        ("980100", "other_form"),
        ("b8010000", "other_form"),
        ("0000", "other_form"),
        ("a202000100", "other_form"),  # keys out of order
        ("a262616100616200", "other_form"),
        ("a220000000", "other_form"),
        ("81" * 33 + "00", "deep"),
        ("81" * 5000 + "00", "malformed"),
        ("a100" * 400 + "00", "malformed"),
    ],
)
def test_other_forms_are_refused(data: str, code: str) -> None:
    assert refused(lambda: cbor.decode(bytes.fromhex(data))) == f"cbor.{code}"


@pytest.mark.parametrize("tag", range(0, 300))
def test_no_tag_is_interpreted(tag: int) -> None:
    for inside in (b"\x00", b"\x41\x01", b"\x61\x31", b"\x80", b"\x82\x01\x02"):
        data = cbor2.dumps(cbor2.CBORTag(tag, 0))[:-1] + inside
        assert refused(lambda data=data: cbor.decode(data)) == "cbor.malformed"


def test_a_number_that_would_cost_a_day_is_not_computed() -> None:
    began = time.process_time()
    for data in ("c5821b00000000ffffffff01", "c4821b00000000ffffffff01"):  # 2**4294967295, 10**4294967295
        refused(lambda data=data: cbor.decode(bytes.fromhex(data)), "cbor.")
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    "value",
    [
        None,
        1.5,
        (1,),
        {b"x": 1},
        {True: 1},
        {2**64: 1},
        2**64,
        -(2**63) - 1,
        "\ud800",
        {"\ud800": 1},
        set(),
        bytearray(1),
    ],
)
def test_values_that_do_not_travel(value: object) -> None:
    assert refused(lambda: cbor.encode(value)) == "cbor.type"


def test_limits() -> None:
    assert cbor.decode(b"\x41\x00", limit=2) == b"\x00"
    assert refused(lambda: cbor.decode(b"\x41\x00", limit=1)) == "cbor.too_large"
    loop: list[object] = []
    loop.append(loop)
    assert refused(lambda: cbor.encode(loop)) == "cbor.deep"
    assert cbor.decode(bytes.fromhex("81" * 32 + "00"))
