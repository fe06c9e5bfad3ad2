"""HPKE over X-Wing: published vectors, round trips, what does not open."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import cryptography_vectors
from cryptography.hazmat.bindings._rust import openssl as rust
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from valise.protocol import hpke
from valise.protocol.canonical import digest

from .made import all_refused, flips, refused, vectors


def test_x_wing_vectors() -> None:
    for case in vectors("xwing.json")["tests"]:
        v = {name: bytes.fromhex(text) for name, text in case.items()}
        key = hpke.XWingKey(v["seed"])
        assert key.public == v["pk"]
        assert v["sk"] == v["seed"]
        # The key objects that HPKE gets must give the published secret: the combiner, written out.
        mlkem, x25519, _ = hpke._private(key.seed)
        ct_m, ct_x = v["ct"][:1088], v["ct"][1088:]
        shared = mlkem.decapsulate(ct_m) + x25519.exchange(X25519PublicKey.from_public_bytes(ct_x))
        label = b"\\.//^\\"
        assert hashlib.sha3_256(shared + ct_x + key.public[hpke.MLKEM_PUBLIC :] + label).digest() == v["ss"]


def _hpke_cases() -> list[dict[str, Any]]:
    with cryptography_vectors.open_vector_file("HPKE/hpke-pq-test-vectors.json", "r") as held:
        return [one for one in json.load(held) if (one["kem_id"], one["kdf_id"], one["aead_id"]) == (0x647A, 1, 3)]


def test_hpke_vector_of_exactly_our_suite() -> None:
    (case,) = _hpke_cases()
    key = hpke.XWingKey(bytes.fromhex(case["skRm"]))
    assert key.public == bytes.fromhex(case["pkRm"])
    first = case["encryptions"][0]
    opened = rust.hpke._decrypt_with_aad(
        hpke._SUITE,
        bytes.fromhex(case["enc"]) + bytes.fromhex(first["ct"]),
        hpke._private(key.seed)[2],
        bytes.fromhex(case["info"]),
        bytes.fromhex(first["aad"]),
    )
    assert opened == bytes.fromhex(first["pt"])


def test_mlkem_vectors() -> None:
    one: dict[str, str] = {}
    seen = 0
    with cryptography_vectors.open_vector_file("asymmetric/MLKEM/kat_MLKEM_768.rsp", "r") as held:
        for line in held:
            name, _, value = line.strip().partition(" = ")
            one[name] = value
            if name == "ss":
                key = MLKEM768PrivateKey.from_seed_bytes(bytes.fromhex(one["d"] + one["z"]))
                assert key.public_key().public_bytes_raw() == bytes.fromhex(one["pk"])
                assert key.decapsulate(bytes.fromhex(one["ct"])) == bytes.fromhex(one["ss"])
                assert key.decapsulate(bytes.fromhex(one["ct_n"])) == bytes.fromhex(one["ss_n"])
                seen += 1
            if seen == 20:
                break
    assert seen == 20


def test_x25519_vectors_of_rfc_7748() -> None:
    one: dict[str, str] = {}
    seen = 0
    with cryptography_vectors.open_vector_file("asymmetric/X25519/rfc7748.txt", "r") as held:
        for line in held:
            name, _, value = line.strip().partition(" = ")
            one[name] = value
            if name == "OUTPUT_U" and seen < 2:  # the third is the iterated one
                key = X25519PrivateKey.from_private_bytes(bytes.fromhex(one["INPUT_SCALAR"]))
                public = X25519PublicKey.from_public_bytes(bytes.fromhex(one["INPUT_U"]))
                assert key.exchange(public).hex() == value
                seen += 1
    assert seen == 2


@settings(deadline=None, max_examples=25)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=300), st.binary(max_size=60))
def test_round_trip(seed: bytes, plaintext: bytes, info: bytes) -> None:
    key = hpke.XWingKey(seed)
    hpke.check_public(key.public)
    sealed = hpke.seal(key.public, plaintext, info)
    assert len(sealed) == len(plaintext) + hpke.OVERHEAD
    assert hpke.open(key, sealed, info) == plaintext
    assert refused(lambda: hpke.open(key, sealed, info + b"x")) == "hpke.closed"


def test_every_bit_of_a_sealed_text() -> None:
    key = hpke.XWingKey(bytes(32))
    sealed = hpke.seal(key.public, b"one word", b"info")
    assert all_refused(flips(sealed), lambda one: hpke.open(key, one, b"info")) == 8 * len(sealed)
    for size in (0, 1, 1120, 1135, len(sealed) - 1):
        assert refused(lambda size=size: hpke.open(key, sealed[:size], b"info")) == "hpke.closed"
    assert refused(lambda: hpke.open(hpke.XWingKey(b"\1" * 32), sealed, b"info")) == "hpke.closed"


def test_bad_public_keys() -> None:
    good = hpke.XWingKey(bytes(32)).public
    unreduced = b"\xff" * hpke.MLKEM_PUBLIC + good[hpke.MLKEM_PUBLIC :]
    small = good[: hpke.MLKEM_PUBLIC] + bytes(32)
    for bad in (b"", good[:-1], good + b"\0", unreduced, small):
        assert refused(lambda bad=bad: hpke.check_public(bad)) == "hpke.key"
        assert refused(lambda bad=bad: hpke.seal(bad, b"", b"")) == "hpke.key"


def test_key_ids_and_what_is_shown_of_a_key() -> None:
    key = hpke.XWingKey(b"\7" * 32)
    assert key.key_id == digest("valise/v1/xwing", key.public)[:16]
    assert b"\7".hex() not in repr(key)
    assert refused(lambda: hpke.XWingKey(bytes(31))) == "hpke.seed"


def test_forgetting_leaves_no_built_key() -> None:
    hpke.XWingKey(b"\x09" * 32)
    assert hpke._private.cache_info().currsize
    hpke.forget()
    assert hpke._private.cache_info().currsize == 0
