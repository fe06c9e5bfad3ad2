"""HPKE base mode (RFC 9180) over X-Wing (draft-connolly-cfrg-xwing-kem), HKDF-SHA256, ChaCha20-Poly1305.

A private key is its 32-byte seed; key objects are rebuilt from it and kept, since building costs more
than opening. Base mode has no associated data here, so whatever must be bound goes into `info`.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from valise.domain.errors import Refused
from valise.protocol.canonical import digest

MLKEM_PUBLIC: Final = 1184
PUBLIC: Final = MLKEM_PUBLIC + 32
ENCAPSULATED: Final = 1120
OVERHEAD: Final = ENCAPSULATED + 16
KEY_ID: Final = 16

_SUITE: Final = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


class XWingKey:
    """A private X-Wing key: 32 bytes of seed. `public` is 1,216 bytes, `key_id` 16."""

    __slots__ = ("key_id", "public", "seed")

    def __init__(self, seed: bytes) -> None:
        if len(seed) != 32:
            raise Refused("hpke.seed", "an X-Wing seed is 32 bytes")
        self.seed = bytes(seed)
        mlkem, x25519, _ = _private(self.seed)
        self.public: bytes = mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()
        self.key_id = key_id(self.public)

    def __repr__(self) -> str:
        return "XWingKey()"


@lru_cache(maxsize=256)
def _private(seed: bytes) -> tuple[MLKEM768PrivateKey, X25519PrivateKey, MLKEM768X25519PrivateKey]:
    expanded = hashlib.shake_256(seed).digest(96)
    mlkem = MLKEM768PrivateKey.from_seed_bytes(expanded[:64])
    x25519 = X25519PrivateKey.from_private_bytes(expanded[64:])
    return mlkem, x25519, MLKEM768X25519PrivateKey(mlkem, x25519)


@lru_cache(maxsize=2048)
def _public(public: bytes) -> MLKEM768X25519PublicKey:
    return MLKEM768X25519PublicKey(
        MLKEM768PublicKey.from_public_bytes(public[:MLKEM_PUBLIC]),
        X25519PublicKey.from_public_bytes(public[MLKEM_PUBLIC:]),
    )


def key_id(public: bytes) -> bytes:
    """The 16 bytes by which an envelope names the key it is sealed to."""
    return digest("valise/v1/xwing", public)[:KEY_ID]


def check_public(public: bytes) -> None:
    """A well-formed X-Wing key (FIPS 203 section 7.2 modulus check). Raises Refused("hpke.key")."""
    try:
        _SUITE.encrypt(b"", _public(public))  # also refuses an X25519 half of small order
    except ValueError:
        raise Refused("hpke.key", "not a usable X-Wing key") from None


def seal(public: bytes, plaintext: bytes, info: bytes) -> bytes:
    """1,120 bytes of encapsulated key, then the ciphertext (16 longer). Raises Refused("hpke.key")."""
    try:
        return _SUITE.encrypt(plaintext, _public(public), info)
    except ValueError:
        raise Refused("hpke.key", "not a usable X-Wing key") from None


def open(key: XWingKey, ciphertext: bytes, info: bytes) -> bytes:
    """The plaintext, or Refused("hpke.closed") whatever is wrong."""
    try:
        return _SUITE.decrypt(ciphertext, _private(key.seed)[2], info)
    except (InvalidTag, ValueError):
        raise Refused("hpke.closed", "does not open with this key") from None


def forget() -> None:
    """Drop the cached private key objects: called after an old private half was destroyed."""
    _private.cache_clear()
