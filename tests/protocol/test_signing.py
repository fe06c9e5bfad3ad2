"""Ed25519 and the composite: published vectors, strange points, every flipped bit."""

from __future__ import annotations

import base64
from functools import cache
from itertools import islice
from typing import Any

import cryptography_vectors
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from valise.protocol import signing

from .made import all_refused, flips, refused, vectors

IDENTITY = b"\x01" + bytes(31)
SMALL_ORDER = (
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
)


def lines(name: str, limit: int) -> list[list[bytes]]:
    with cryptography_vectors.open_vector_file(name, "r") as held:
        return [[bytes.fromhex(part) for part in line.split(":")[:4]] for line in islice(held, limit)]


def records(name: str) -> list[dict[str, str]]:
    out: list[dict[str, str]] = []
    with cryptography_vectors.open_vector_file(name, "r") as held:
        for line in held:
            key, _, value = line.strip().partition(" = ")
            if key == "count":
                out.append({})
            elif key and out:
                out[-1][key] = value
    return out


def test_ed25519_vectors() -> None:
    for secret, public, message, signed in lines("asymmetric/Ed25519/sign.input", 200):
        key = signing.DeviceKey(secret[:32])
        assert key.public == public
        assert key.sign(message) == signed[:64]
        signing.verify(public, message, signed[:64])
        assert refused(lambda p=public, m=message, s=signed: signing.verify(p, m + b"x", s[:64])) == "signature.bad"


def test_mldsa_vectors() -> None:
    found = records("asymmetric/MLDSA/kat_MLDSA_65_det_pure.rsp")[:10]
    assert found
    for one in found:
        key = MLDSA65PrivateKey.from_seed_bytes(bytes.fromhex(one["xi"]))
        assert key.public_key().public_bytes_raw() == bytes.fromhex(one["pk"])
        signature = bytes.fromhex(one["sm"])[: signing.MLDSA_SIGNATURE]
        signing._mldsa_public(bytes.fromhex(one["pk"])).verify(
            signature, bytes.fromhex(one["msg"]), bytes.fromhex(one["ctx"])
        )


# What libsodium says to the twelve cases (table of ed25519-speccheck): only 3 passes.
@pytest.mark.parametrize(("number", "passes"), [(n, n == 3) for n in range(12)])
def test_speccheck(number: int, passes: bool) -> None:
    case = vectors("ed25519_speccheck.json")["tests"][number]
    message, public, signature = (bytes.fromhex(case[name]) for name in ("message", "pub_key", "signature"))
    if passes:
        signing.verify(public, message, signature)
    else:
        assert refused(lambda: signing.verify(public, message, signature)) == "signature.bad"


def test_one_signature_for_every_message_is_refused() -> None:
    # A = identity, R = identity, S = 0 satisfies the equation for any message; OpenSSL accepts it.
    signature = IDENTITY + bytes(32)
    for message in (b"", b"one", b"another"):
        Ed25519PublicKey.from_public_bytes(IDENTITY).verify(signature, message)
        assert refused(lambda message=message: signing.verify(IDENTITY, message, signature)) == "signature.bad"


@pytest.mark.parametrize("point", SMALL_ORDER)
def test_small_order_keys_are_not_enrolled(point: str) -> None:
    assert refused(lambda: signing.check_public(bytes.fromhex(point))) == "signature.key"


@pytest.mark.parametrize("point", [b"", bytes(31), bytes(33), b"\xff" * 32, b"\x02" + bytes(31)])
def test_other_bytes_are_no_key(point: bytes) -> None:
    assert refused(lambda: signing.check_public(point)) == "signature.key"


def test_mixed_order_key_is_not_enrolled() -> None:
    mixed = bytes.fromhex(vectors("ed25519_speccheck.json")["tests"][3]["pub_key"])
    assert refused(lambda: signing.check_public(mixed)) == "signature.key"


@settings(deadline=None, max_examples=30)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=100))
def test_device_keys_sign(seed: bytes, message: bytes) -> None:
    key = signing.DeviceKey(seed)
    signing.check_public(key.public)
    signing.verify(key.public, message, key.sign(message))


def test_every_bit_of_an_ed25519_signature() -> None:
    key, message = signing.DeviceKey(bytes(32)), b"\x5a" * 32
    signature = key.sign(message)
    assert all_refused(flips(signature), lambda one: signing.verify(key.public, message, one)) == 512
    assert all_refused(flips(message), lambda one: signing.verify(key.public, one, signature)) == 256
    assert all_refused(flips(key.public), lambda one: signing.verify(one, message, signature)) == 256
    for size in (0, 63, 65):
        assert refused(lambda size=size: signing.verify(key.public, message, signature.ljust(65, b"\0")[:size]))
    assert refused(lambda: signing.verify(key.public[:31], message, signature)) == "signature.bad"


def test_a_signature_does_not_reach_into_the_message() -> None:
    """libsodium verifies signature || message: bytes moved from one to the other must not pass."""
    key = signing.DeviceKey(bytes(32))
    signature = key.sign(b"agreed")
    assert refused(lambda: signing.verify(key.public, b"greed", signature + b"a")) == "signature.bad"
    assert refused(lambda: signing.verify(key.public, signature[-1:] + b"agreed", signature[:-1])) == "signature.bad"
    composite = signing.CompositeKey(bytes(64))
    signed = composite.sign(b"agreed")
    for bad in (signed + b"\0", signed[:-1], b"\0" + signed, signed[1:]):
        assert refused(lambda bad=bad: signing.verify_composite(composite.public, b"agreed", bad)) == "signature.bad"


@cache
def lamps() -> dict[str, Any]:
    held = vectors("lamps_composite.json")
    return {name: base64.b64decode(held[name]) for name in ("m", "ctx", "pk", "sk", "s", "sWithContext")}


def test_lamps_vector() -> None:
    v = lamps()
    key = signing.CompositeKey(v["sk"])
    assert key.public == v["pk"]
    signing.verify_composite(v["pk"], v["m"], v["s"])
    signing.verify_composite(v["pk"], v["m"], v["sWithContext"], v["ctx"])
    assert refused(lambda: signing.verify_composite(v["pk"], v["m"], v["sWithContext"])) == "signature.bad"
    assert refused(lambda: signing.verify_composite(v["pk"], v["m"], v["s"], v["ctx"])) == "signature.bad"
    # Ed25519 is deterministic, so that half must come out as published.
    assert key.sign(v["m"])[signing.MLDSA_SIGNATURE :] == v["s"][signing.MLDSA_SIGNATURE :]
    signing.verify_composite(v["pk"], v["m"], key.sign(v["m"]))


def test_both_halves_are_needed() -> None:
    one, two = signing.CompositeKey(bytes(64)), signing.CompositeKey(bytes(32) + b"\1" * 32)
    three = signing.CompositeKey(b"\1" * 32 + bytes(32))
    message = b"agreed"
    signed = one.sign(message)
    assert len(one.public) == signing.COMPOSITE_PUBLIC
    assert len(signed) == signing.COMPOSITE_SIGNATURE
    cut = signing.MLDSA_SIGNATURE
    signing.verify_composite(one.public, message, signed)
    for forged in (signed[:cut] + two.sign(message)[cut:], three.sign(message)[:cut] + signed[cut:]):
        assert refused(lambda forged=forged: signing.verify_composite(one.public, message, forged)) == "signature.bad"


def test_every_bit_of_a_composite_signature() -> None:
    """Exhaustive: 26,984 signatures."""
    v = lamps()
    refuse = lambda one: signing.verify_composite(v["pk"], v["m"], one)  # noqa: E731
    assert all_refused(flips(v["s"]), refuse) == 8 * signing.COMPOSITE_SIGNATURE


def test_bits_of_a_composite_key_and_message() -> None:
    v = lamps()
    all_refused(flips(v["pk"], 16, 1), lambda one: signing.verify_composite(one, v["m"], v["s"]))
    all_refused(flips(v["m"]), lambda one: signing.verify_composite(v["pk"], one, v["s"]))
    for bad in (v["s"][:-1], v["s"] + b"\0", b""):
        assert refused(lambda bad=bad: signing.verify_composite(v["pk"], v["m"], bad)) == "signature.bad"
    assert refused(lambda: signing.verify_composite(v["pk"][:-1], v["m"], v["s"])) == "signature.bad"


def test_composite_keys_at_enrolment() -> None:
    public = lamps()["pk"]
    signing.check_composite_public(public)
    assert refused(lambda: signing.check_composite_public(public[:-32] + IDENTITY)) == "signature.key"
    assert refused(lambda: signing.check_composite_public(public[:-1])) == "signature.key"


def test_seeds_and_contexts_have_their_lengths() -> None:
    assert refused(lambda: signing.DeviceKey(bytes(31))) == "signature.seed"
    assert refused(lambda: signing.CompositeKey(bytes(63))) == "signature.seed"
    assert refused(lambda: signing.CompositeKey(bytes(64)).sign(b"", bytes(256))) == "signature.context"


def test_the_domain_of_the_composite_is_not_a_device_signature() -> None:
    """The Ed25519 half signs the prefixed representative, never the bare message."""
    key = signing.CompositeKey(bytes(64))
    signed = key.sign(b"x" * 32)
    plain = signing.DeviceKey(bytes(32))
    assert plain.public == key.public[signing.MLDSA_PUBLIC :]
    assert refused(lambda: signing.verify(plain.public, b"x" * 32, signed[signing.MLDSA_SIGNATURE :]))
