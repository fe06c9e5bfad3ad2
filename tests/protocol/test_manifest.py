"""Manifests of courier bundles: what they say, and each check of their reader."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any

import pytest

from valise.domain.errors import Refused
from valise.protocol import canonical, cbor, hpke, manifest, signing
from valise.protocol.hpke import XWingKey
from valise.protocol.manifest import NOTHING, Core

SENDER = signing.DeviceKey(b"\1" * 32)
KEY = XWingKey(b"\2" * 32)
A, B, C = (canonical.b64u(bytes((n,)) * 32) for n in (1, 2, 3))
FIRST = Core(A, B, 1, 0, NOTHING, 1_796_774_400_000, b"t" * 32)
CORE = Core(A, B, 7, 5, b"p" * 32, 1_796_774_400_000, b"t" * 32, ((C, ((1, 3), (5, 9))), (A, ((4, 4),))))


def sealed(core: Core = CORE, since: int = 2, envelopes: int = 40) -> bytes:
    return manifest.seal(core, since, envelopes, SENDER, B, KEY.public)


@pytest.mark.parametrize("core", [FIRST, CORE])
def test_it_says_what_was_said(core: Core) -> None:
    blob = sealed(core, 1)
    assert len(blob) == manifest.SIZE and manifest.key_id_of(blob) == KEY.key_id
    made = manifest.unseal(KEY, B, blob)
    made.verify(SENDER.public)
    assert (made.core, made.since, made.envelopes, made.hash) == (core, 1, 40, manifest.core_hash(core.encode()))


def test_the_largest_that_may_be_said_fits() -> None:
    big = 2**53 - 1
    ranges = tuple((2**52 + 4 * n, 2**52 + 4 * n + 1) for n in range(manifest.MOST_RANGES))
    taken = tuple((canonical.b64u(os.urandom(32)), ranges) for _ in range(manifest.MOST_DEVICES))
    core = Core(A, B, big, big - 1, b"p" * 32, big, b"t" * 32, taken)
    assert manifest.unseal(KEY, B, sealed(core, big, 2**32 - 1)).core == core
    with pytest.raises(Refused, match=r"manifest\.too_large"):
        sealed(replace(core, taken=tuple((canonical.b64u(os.urandom(32)), ranges) for _ in range(25))))


def test_nothing_of_it_can_be_seen() -> None:
    """Alike but for the key's id; the same said twice looks different."""
    one, other = sealed(), sealed(FIRST, 1)
    assert one[:19] == other[:19] and len(one) == len(other)
    assert sealed()[19:] != one[19:]
    for part in (b"t" * 8, b"p" * 8, b"\1" * 8):
        assert part not in one


def test_only_the_laptop_it_is_for_and_only_its_key_opens_it() -> None:
    with pytest.raises(Refused, match=r"manifest\.closed"):
        manifest.unseal(XWingKey(b"\3" * 32), B, sealed())
    with pytest.raises(Refused, match=r"manifest\.closed"):
        manifest.unseal(KEY, C, sealed())


def test_another_key_did_not_sign_it() -> None:
    with pytest.raises(Refused, match=r"signature\.bad"):
        manifest.unseal(KEY, B, sealed()).verify(signing.DeviceKey(b"\x09" * 32).public)


def test_it_is_signed_for_one_laptop_with_its_numbers() -> None:
    """Who got one cannot pass it on as said to another, or with other numbers."""
    said = {
        manifest.unseal(KEY, to, manifest.seal(CORE, since, count, SENDER, to, KEY.public)).said
        for to, since, count in ((B, 2, 40), (C, 2, 40), (B, 3, 40), (B, 2, 41))
    }
    assert len(said) == 4


def bits(step: int) -> None:
    blob = bytearray(sealed())
    for at in range(len(blob)):
        for bit in range(at % step, 8, step):
            blob[at] ^= 1 << bit
            with pytest.raises(Refused):
                manifest.unseal(KEY, B, bytes(blob)).verify(SENDER.public)
            blob[at] ^= 1 << bit
    manifest.unseal(KEY, B, bytes(blob)).verify(SENDER.public)


def test_one_bit_in_every_byte() -> None:
    bits(8)


@pytest.mark.soak
def test_every_bit() -> None:
    bits(1)


@pytest.mark.parametrize("blob", [b"", b"VM\1", sealed()[:-1], sealed() + b"\0", b"VX" + sealed()[2:], b"VM\2" + sealed()[3:]])
def test_what_is_no_manifest(blob: bytes) -> None:
    with pytest.raises(Refused, match=r"manifest\.malformed"):
        manifest.key_id_of(blob)


def inside(plain: bytes) -> bytes:
    """A manifest with this in it, sealed as it has to be."""
    info = b"valise/v1/courier\0" + canonical.unb64u(B) + KEY.key_id
    return b"VM\1" + KEY.key_id + hpke.seal(KEY.public, plain, info)


def payload(core: bytes = CORE.encode(), since: int = 2) -> bytes:
    numbers = since.to_bytes(8, "big") + (3).to_bytes(4, "big")
    made = core + numbers + bytes(64)
    return len(made).to_bytes(2, "big") + made


def filled(data: bytes) -> bytes:
    return data.ljust(manifest.SIZE - 19 - hpke.OVERHEAD, b"\0")


def test_a_sound_inside_is_read() -> None:
    assert manifest.unseal(KEY, B, inside(filled(payload()))).core == CORE


@pytest.mark.parametrize(
    "plain",
    [
        filled(payload() + b"\1"),
        filled(b"\xff\xff" + payload()[2:]),
        filled(b"\0\x4c" + payload()[2:78]),
        filled(b"\0\0"),
        filled(payload(since=0)),
        filled(payload(since=8)),
    ],
)
def test_each_check_of_the_inside(plain: bytes) -> None:
    with pytest.raises(Refused, match=r"manifest\.malformed"):
        manifest.unseal(KEY, B, inside(plain))


GOOD: list[Any] = cbor.decode(CORE.encode())


def changed(place: int, value: Any) -> list[Any]:
    return [*GOOD[:place], value, *GOOD[place + 1 :]]


def taken(*some: Any) -> list[Any]:
    return changed(8, list(some))


N = b"n" * 32


@pytest.mark.parametrize(
    "value",
    [
        {}, 5, [], ["1"], GOOD[:-1], [*GOOD, 0],
        changed(1, N[:-1]), changed(1, "n" * 32), changed(2, N + b"n"), changed(3, 0), changed(3, 2**53), changed(3, True),
        changed(3, "7"), changed(4, -1), changed(4, 7), changed(4, 8), changed(4, 0), changed(5, NOTHING), changed(5, N[1:]),
        changed(6, -1), changed(6, 2**53), changed(7, N[1:]), changed(8, {}),
        taken(*[[bytes((n,)) * 32, [[1, 1]]] for n in range(17)]), taken([N, [[1, 1]]], [N, [[3, 3]]]), taken(5), taken(N), taken([N]), taken([N, 5]),
        taken([N, []]), taken([N, {}]), taken([N, [[1, 1], [3, 3], [5, 5], [7, 7], [9, 9]]]), taken([N, [1]]), taken([N, [[1]]]),
        taken([N, [[2, 1]]]), taken([N, [[0, 1]]]), taken([N, [[1, 2**53]]]), taken([N, [[1, 2], [3, 4]]]),
        taken([N, [[5, 6], [1, 2]]]), taken([N[1:], [[1, 1]]]),
    ],
)  # fmt: skip
def test_each_check_of_the_core(value: Any) -> None:
    with pytest.raises(Refused, match=r"manifest\.malformed"):
        manifest.decode(cbor.encode(value))


def test_another_version_and_another_form() -> None:
    with pytest.raises(Refused, match=r"manifest\.version"):
        manifest.decode(cbor.encode(changed(0, 2)))
    with pytest.raises(Refused, match=r"cbor\."):
        manifest.decode(CORE.encode() + b"\0")
    assert manifest.decode(cbor.encode(GOOD)) == CORE
