"""The keys of NATS: Ed25519 in letters, so that what a key is for is read from its first letter.

base32 without padding of: prefix byte, 32 bytes of public key, CRC-16 little-endian; a seed has two prefix bytes, the first 5
bits "S", the next 8 the kind (docs.nats.io "NKeys"; README of nats-io/nkeys). Signatures and checks are those of PyNaCl.
"""

from __future__ import annotations

import base64
import binascii
from enum import IntEnum
from typing import Final

from nacl.bindings import crypto_core_ed25519_is_valid_point
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from valise.domain.errors import Refused

_SEED: Final = 18 << 3
RAW: Final = 32
SIGNATURE: Final = 64


class Kind(IntEnum):
    """Whose key it is: the prefix byte of its public half."""

    ACCOUNT = 0
    OPERATOR = 14 << 3
    USER = 20 << 3


def _refuse(line: str) -> Refused:
    return Refused("relay.key", line)


def _letters(raw: bytes) -> str:
    whole = raw + binascii.crc_hqx(raw, 0).to_bytes(2, "little")
    return base64.b32encode(whole).decode("ascii").rstrip("=")


def _raw(letters: str, size: int) -> bytes:
    """The bytes before the checksum. Only what encodes to the same letters again is taken."""
    if len(letters) != -(-(size + 2) * 8 // 5) or not letters.isascii():
        raise _refuse("not the length of a key")
    try:
        whole = base64.b32decode(letters + "=" * (-len(letters) % 8))
    except binascii.Error:
        raise _refuse("not the letters of a key") from None
    raw = whole[:-2]
    if _letters(raw) != letters:
        raise _refuse("the checksum of a key is wrong")
    return raw


def seed(kind: Kind, raw: bytes) -> str:
    """The seed, "SO...", "SA..." or "SU...", of 32 random bytes."""
    if len(raw) != RAW:
        raise ValueError("a seed is 32 bytes")
    return _letters(bytes((_SEED | kind >> 5, (kind & 31) << 3)) + raw)


def read_seed(letters: str, kind: Kind | None = None) -> tuple[Kind, bytes]:
    """Kind and 32 bytes. Refused("relay.key")."""
    raw = _raw(letters, RAW + 2)
    found = (raw[0] & 7) << 5 | raw[1] >> 3
    if raw[0] & 248 != _SEED or raw[1] & 7 or found not in tuple(Kind) or kind not in (None, found):
        raise _refuse("not a seed of this kind")
    return Kind(found), raw[2:]


def read_public(letters: str, kind: Kind | None = None) -> tuple[Kind, bytes]:
    """Kind and the 32 bytes of the Ed25519 key, a point of the group. Refused("relay.key")."""
    raw = _raw(letters, RAW + 1)
    if raw[0] not in tuple(Kind) or kind not in (None, raw[0]):
        raise _refuse("not a public key of this kind")
    if not crypto_core_ed25519_is_valid_point(raw[1:]):
        raise _refuse("a key that verifies anything")
    return Kind(raw[0]), raw[1:]


def public(letters: str) -> str:
    """The public half of a seed. Refused("relay.key")."""
    kind, raw = read_seed(letters)
    return _letters(bytes((kind,)) + bytes(SigningKey(raw).verify_key))


def sign(letters: str, data: bytes) -> bytes:
    """64 bytes, made with a seed. Refused("relay.key")."""
    return SigningKey(read_seed(letters)[1]).sign(data).signature


def verify(letters: str, data: bytes, signature: bytes) -> None:
    """Refused("relay.key") unless the holder of this public key signed exactly this."""
    _, raw = read_public(letters)
    try:
        VerifyKey(raw).verify(data, signature)
    except (BadSignatureError, ValueError):
        raise _refuse("the signature is wrong") from None
