"""The bundle format: whole or nothing, one writing for one content, bounded by what it says."""

from __future__ import annotations

import random
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valise.carriers import bundle
from valise.carriers.abc import BLOB_LIMIT, Parcel
from valise.domain.errors import Refused

ident = st.binary(min_size=16, max_size=16)
some_parcels = st.lists(
    st.builds(Parcel, ident, st.lists(ident, min_size=1, max_size=4).map(tuple), st.binary(max_size=600)),
    min_size=1,
    max_size=8,
)


def parcel(seed: int, size: int = 100, routes: int = 1) -> Parcel:
    draw = random.Random(seed)
    return Parcel(draw.randbytes(16), tuple(draw.randbytes(16) for _ in range(routes)), draw.randbytes(size))


def as_read(one: Parcel) -> Parcel:
    return Parcel(one.id, tuple(sorted(set(one.routes))), one.blob)


@given(some_parcels)
def test_read_back(parcels: list[Parcel]) -> None:
    data = bundle.encode(parcels)
    assert len(data) in bundle.CLASSES
    assert bundle.decode(data) == [as_read(one) for one in parcels]
    assert bundle.encode(bundle.decode(data)) == data


@given(st.binary(max_size=200), st.sampled_from(bundle.CLASSES[:3]))
def test_noise_is_refused(noise: bytes, size: int) -> None:
    for data in (noise, (bundle.MAGIC + noise).ljust(size, b"\0")):
        with pytest.raises(Refused) as caught:
            bundle.decode(data)
        assert caught.value.code == "carrier.torn"


def test_cut_at_every_byte() -> None:
    data = bundle.encode([parcel(1), parcel(2)])
    for length in range(len(data)):
        for short in (data[:length], data[:length].ljust(len(data), b"\0")):
            if short == data:
                continue
            with pytest.raises(Refused):
                bundle.decode(short)


def test_every_flipped_bit_is_refused() -> None:
    data = bytearray(bundle.encode([parcel(1, 50), parcel(2, 10, routes=2)]))
    for place in range(len(data)):
        for bit in (1, 128) if place > 400 else (1, 2, 4, 8, 16, 32, 64, 128):
            data[place] ^= bit
            with pytest.raises(Refused):
                bundle.decode(bytes(data))
            data[place] ^= bit
    bundle.decode(bytes(data))


def test_fifty_routes_store_the_blob_once() -> None:
    one = parcel(3, size=200_000, routes=50)
    data = bundle.encode([one])
    assert data.count(one.blob) == 1
    assert len(data) < 1.5 * len(one.blob)
    many = [Parcel(random.Random(n).randbytes(16), one.routes, b"x") for n in range(20)]
    assert bundle.encode(many).count(one.routes[0]) == 1


def test_classes_run_from_4_kib_to_16_mib_and_waste_at_most_a_third() -> None:
    assert bundle.CLASSES[0] == 4096
    assert bundle.CLASSES[-1] == 16 << 20
    for size, following in zip(bundle.CLASSES, bundle.CLASSES[1:], strict=False):
        assert size < following <= size * 3 // 2


def test_size_tells_the_class_only() -> None:
    assert len({len(bundle.encode([parcel(n, size=n * 37)])) for n in range(1, 90)}) == 1


def test_split_keeps_order_and_fits() -> None:
    parcels = [parcel(n, size=BLOB_LIMIT) for n in range(130)]
    groups = list(bundle.split(parcels))
    assert [one for group in groups for one in group] == parcels
    assert len(groups) == 3
    assert all(len(bundle.encode(group)) <= bundle.LARGEST for group in groups[-1:])
    small = [Parcel(n.to_bytes(16, "big"), (bytes(16),), b"") for n in range(bundle.PARCELS_LIMIT + 1)]
    assert [len(group) for group in bundle.split(small)] == [bundle.PARCELS_LIMIT, 1]
    wide = [parcel(n, size=1, routes=4096) for n in range(70)]
    assert [len(group) for group in bundle.split(wide)] == [63, 7]
    assert list(bundle.split([])) == []


def resealed(data: bytes, start: bytes, tables: bytes) -> bytes:
    """The same bundle with another head, its digests made good: what a hostile writer can do."""
    head = start + tables
    head += bundle._digest(bundle._HEAD_PERSON, head)
    whole = (head + data[len(head) : -bundle.DIGEST])[: len(data) - bundle.DIGEST]
    return whole + bundle._digest(bundle._FILE_PERSON, whole)


@pytest.mark.parametrize("what", ["sets", "parcels", "class", "which", "length", "order", "count", "none", "padding"])
def test_a_hostile_head_with_good_digests_is_refused(what: str) -> None:
    data = bundle.encode([parcel(1, 20, routes=2)])
    fields = list(bundle.START.unpack_from(data))
    length = fields[6]
    tables = bytearray(data[bundle.START.size : length - bundle.DIGEST])
    padding = bytearray(data)
    match what:
        case "sets":
            fields[4] = 2**31
        case "parcels":
            fields[5] = 2**31
        case "class":
            fields[2] = 1
        case "which":
            struct.pack_into(">I", tables, len(tables) - 8, 7)
        case "length":
            struct.pack_into(">I", tables, len(tables) - 4, 2**31)
        case "order":
            tables[2:34] = tables[18:34] + tables[2:18]
        case "count":
            struct.pack_into(">H", tables, 0, 9)
        case "none":
            fields[4] = fields[5] = 0
        case "padding":
            padding[2000] = 1
    changed = resealed(bytes(padding), bundle.START.pack(*fields), bytes(tables))
    with pytest.raises(Refused):
        bundle.decode(changed)
    untouched = bundle.START.pack(*bundle.START.unpack_from(data)), data[bundle.START.size : length - bundle.DIGEST]
    assert resealed(data, *untouched) == data


@pytest.mark.parametrize(
    ("ident", "routes", "size"),
    [(15, (16,), 1), (16, (), 1), (16, (15,), 1), (16, (16,), BLOB_LIMIT + 1), (16, (16,) * 4097, 1)],
)
def test_a_parcel_is_as_agreed(ident: int, routes: tuple[int, ...], size: int) -> None:
    with pytest.raises(Refused) as caught:
        Parcel(bytes(ident), tuple(bytes(one) for one in routes), bytes(size))
    assert caught.value.code == "carrier.parcel"
