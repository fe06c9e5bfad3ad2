"""Hostile and lawful cases of Project Wycheproof (tests/vectors/wycheproof.json names its commit) through our own doors
where there is one, else through the very library calls behind it."""

from __future__ import annotations

from typing import Any

import nacl.bindings as sodium
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from nacl.exceptions import CryptoError

from valise.domain.errors import Refused
from valise.protocol import signing

from .made import vectors

CASES: dict[str, Any] = vectors("wycheproof.json")


def raw(case: dict[str, Any], name: str) -> bytes:
    return bytes.fromhex(case[name])


def test_ed25519_by_our_verification() -> None:
    seen = {True: 0, False: 0}
    for case in CASES["ed25519"]:
        try:
            signing.verify(raw(case, "public"), raw(case, "msg"), raw(case, "sig"))
            held = True
        except Refused as error:
            assert error.code == "signature.bad"
            held = False
        assert held == case["valid"], case["id"]
        seen[held] += 1
    assert min(seen.values()) > 50


def test_x25519_gives_the_published_secret_or_none_for_a_point_of_low_order() -> None:
    low = 0
    for case in CASES["x25519"]:
        mine = X25519PrivateKey.from_private_bytes(raw(case, "private"))
        if case["shared"].strip("0") == "":
            with pytest.raises(ValueError, match="computing"):
                mine.exchange(X25519PublicKey.from_public_bytes(raw(case, "public")))
            low += 1
        else:
            assert mine.exchange(X25519PublicKey.from_public_bytes(raw(case, "public"))) == raw(case, "shared"), case["id"]
    assert low >= 10


def test_xchacha20_poly1305_opens_what_is_whole_and_nothing_else() -> None:
    seen = {True: 0, False: 0}
    for case in CASES["xchacha20poly1305"]:
        if len(raw(case, "iv")) != sodium.crypto_aead_xchacha20poly1305_ietf_NPUBBYTES:
            continue  # another nonce size cannot be asked for at all
        sealed = raw(case, "ct") + raw(case, "tag")
        try:
            got = sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(sealed, raw(case, "aad"), raw(case, "iv"), raw(case, "key"))
            held = got == raw(case, "msg")
        except CryptoError:
            held = False
        assert held == case["valid"], case["id"]
        seen[held] += 1
    assert min(seen.values()) > 20


def test_hkdf_sha256() -> None:
    for case in CASES["hkdf_sha256"]:
        if case["valid"]:
            made = HKDF(SHA256(), case["size"], raw(case, "salt"), raw(case, "info")).derive(raw(case, "ikm"))
            assert made == raw(case, "okm"), case["id"]
        else:
            with pytest.raises(ValueError, match="larger"):
                HKDF(SHA256(), case["size"], raw(case, "salt"), raw(case, "info"))


def test_mldsa_65() -> None:
    held = CASES["mldsa65"]
    seen = {True: 0, False: 0}
    for case in held["cases"]:
        try:
            public = MLDSA65PublicKey.from_public_bytes(bytes.fromhex(held["publics"][case["public"]]))
            public.verify(raw(case, "sig"), raw(case, "msg"), raw(case, "ctx"))
            valid = True
        except (InvalidSignature, ValueError):
            valid = False
        assert valid == case["valid"], case["id"]
        seen[valid] += 1
    assert min(seen.values()) >= 5


def test_mlkem_768_keys_out_of_range_are_refused_and_ciphertexts_opened() -> None:
    for public in CASES["mlkem768_encaps_refused"]:
        with pytest.raises(ValueError, match=r".+"):
            MLKEM768PublicKey.from_public_bytes(bytes.fromhex(public)).encapsulate()
    for case in CASES["mlkem768_decaps"]:
        key = MLKEM768PrivateKey.from_seed_bytes(raw(case, "seed"))
        if case["valid"]:
            assert key.decapsulate(raw(case, "c")) == raw(case, "shared")
        else:
            with pytest.raises(ValueError, match=r".+"):
                key.decapsulate(raw(case, "c"))
