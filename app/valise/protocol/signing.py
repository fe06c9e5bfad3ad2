"""Signatures: Ed25519 for ordinary operations, a composite for what must outlive one of the two.

Ed25519 only through libsodium (PyNaCl): it refuses small-order and non-canonical keys and points, which
OpenSSL does not. The composite is id-MLDSA65-Ed25519-SHA512 of draft-ietf-lamps-pq-composite-sigs
(OID 1.3.6.1.5.5.7.6.48; the form without randomizer, prefix "CompositeAlgorithmSignatures2025").
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Final

import nacl.bindings as sodium
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PrivateKey, MLDSA65PublicKey
from nacl.exceptions import CryptoError

from valise.domain.errors import Refused

SIGNATURE: Final = 64
MLDSA_PUBLIC: Final = 1952
MLDSA_SIGNATURE: Final = 3309
COMPOSITE_PUBLIC: Final = MLDSA_PUBLIC + 32
COMPOSITE_SIGNATURE: Final = MLDSA_SIGNATURE + SIGNATURE

_PREFIX: Final = b"CompositeAlgorithmSignatures2025"
_LABEL: Final = b"COMPSIG-MLDSA65-Ed25519-SHA512"


def _bad(line: str) -> Refused:
    return Refused("signature.bad", line)


class DeviceKey:
    """An Ed25519 key from its 32-byte seed."""

    __slots__ = ("_secret", "public")

    def __init__(self, seed: bytes) -> None:
        if len(seed) != 32:
            raise Refused("signature.seed", "an Ed25519 seed is 32 bytes")
        self.public, self._secret = sodium.crypto_sign_seed_keypair(bytes(seed))

    def sign(self, message: bytes) -> bytes:
        """64 bytes, deterministic (RFC 8032)."""
        return sodium.crypto_sign(message, self._secret)[:SIGNATURE]


def verify(public: bytes, message: bytes, signature: bytes) -> None:
    """Ed25519. Raises Refused("signature.bad")."""
    if len(signature) != SIGNATURE:  # libsodium takes signature and message as one string
        raise _bad("the signature has the wrong length")
    try:
        sodium.crypto_sign_open(signature + message, public)
    except CryptoError:
        raise _bad("the signature does not verify") from None


def check_public(public: bytes) -> None:
    """At enrolment: a canonical point of the main subgroup, not of small order. Raises Refused("signature.key")."""
    if len(public) != 32 or not sodium.crypto_core_ed25519_is_valid_point(public):
        raise Refused("signature.key", "not a usable Ed25519 key")


def _representative(message: bytes, context: bytes) -> bytes:
    """M' = Prefix || Label || len(ctx) || ctx || SHA-512(M)."""
    if len(context) > 255:
        raise Refused("signature.context", "a context is at most 255 bytes")
    return _PREFIX + _LABEL + bytes((len(context),)) + context + hashlib.sha512(message).digest()


class CompositeKey:
    """ML-DSA-65 and Ed25519 in one, from 64 bytes: ML-DSA seed 32, Ed25519 seed 32."""

    __slots__ = ("_ed25519", "_mldsa", "public")

    def __init__(self, seed: bytes) -> None:
        self._ed25519 = DeviceKey(seed[32:])  # refuses another length than 64 in all
        self._mldsa = MLDSA65PrivateKey.from_seed_bytes(bytes(seed[:32]))
        self.public: bytes = self._mldsa.public_key().public_bytes_raw() + self._ed25519.public

    def sign(self, message: bytes, context: bytes = b"") -> bytes:
        """3,309 + 64 bytes; the ML-DSA half is hedged, so two signatures differ."""
        whole = _representative(message, context)
        return self._mldsa.sign(whole, _LABEL) + self._ed25519.sign(whole)


@lru_cache(maxsize=512)
def _mldsa_public(public: bytes) -> MLDSA65PublicKey:
    return MLDSA65PublicKey.from_public_bytes(public)


def verify_composite(public: bytes, message: bytes, signature: bytes, context: bytes = b"") -> None:
    """Both halves must verify. Raises Refused("signature.bad")."""
    whole = _representative(message, context)
    # What is too short or too long shows in the Ed25519 halves, whose lengths `verify` insists on.
    verify(public[MLDSA_PUBLIC:], whole, signature[MLDSA_SIGNATURE:])
    try:
        _mldsa_public(public[:MLDSA_PUBLIC]).verify(signature[:MLDSA_SIGNATURE], whole, _LABEL)
    except (InvalidSignature, ValueError):
        raise _bad("the signature does not verify") from None


def check_composite_public(public: bytes) -> None:
    """At enrolment: right length and a usable Ed25519 half. Raises Refused("signature.key")."""
    check_public(public[MLDSA_PUBLIC:])
