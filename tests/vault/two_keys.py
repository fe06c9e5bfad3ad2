"""Builds one XChaCha20-Poly1305 ciphertext that verifies under two keys (Len, Grubbs, Ristenpart 2021, section 3).

Poly1305 is a polynomial over 2^130 - 5 in a key that comes of the cipher; with one free block the two tags are a linear
equation, solvable about one time in four.
"""

from __future__ import annotations

import secrets
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms

_P = (1 << 130) - 5
_CLAMP = 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF


def both(first: bytes, second: bytes, nonce: bytes, aad: bytes, size: int) -> bytes:
    """Ciphertext with tag; `size` octets of plaintext, a multiple of 16."""
    (r1, s1), (r2, s2) = (_one_time(key, nonce) for key in (first, second))
    lengths = struct.pack("<QQ", len(aad), size)
    while True:
        blocks = [secrets.token_bytes(16) for _ in range(size // 16)]
        blocks[-1] = bytes(16)
        whole = _padded(aad) + b"".join(blocks) + lengths
        place = 2  # the free block is followed by the lengths: its power is two
        slope = (pow(r1, place, _P) - pow(r2, place, _P)) % _P
        for wrap in range(-8, 9):
            apart = (s2 - s1 + (wrap << 128) - _sum(whole, r1) + _sum(whole, r2)) % _P
            free = apart * pow(slope, -1, _P) % _P
            if free < 1 << 128:
                blocks[-1] = free.to_bytes(16, "little")
                whole = _padded(aad) + b"".join(blocks) + lengths
                tags = {(_sum(whole, r) + s) % (1 << 128) for r, s in ((r1, s1), (r2, s2))}
                if len(tags) == 1:
                    return b"".join(blocks) + tags.pop().to_bytes(16, "little")
                blocks[-1] = bytes(16)
                whole = _padded(aad) + b"".join(blocks) + lengths


def _sum(data: bytes, r: int) -> int:
    found = 0
    for at in range(0, len(data), 16):
        found = (found + int.from_bytes(data[at : at + 16], "little") + (1 << 128)) * r % _P
    return found


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 16)


def _one_time(key: bytes, nonce: bytes) -> tuple[int, int]:
    """The one-time key of Poly1305: the first block of XChaCha20 (draft-irtf-cfrg-xchacha, RFC 8439 section 2.6)."""
    inner = Cipher(algorithms.ChaCha20(_hchacha20(key, nonce[:16]), bytes(8) + nonce[16:]), None)
    block = inner.encryptor().update(bytes(32))
    return int.from_bytes(block[:16], "little") & _CLAMP, int.from_bytes(block[16:], "little")


def _hchacha20(key: bytes, nonce: bytes) -> bytes:
    state = [*struct.unpack("<4I", b"expand 32-byte k"), *struct.unpack("<8I", key), *struct.unpack("<4I", nonce)]

    def turn(value: int, by: int) -> int:
        value &= 0xFFFFFFFF
        return (value << by | value >> (32 - by)) & 0xFFFFFFFF

    def quarter(a: int, b: int, c: int, d: int) -> None:
        for (x, y, z), by in (((a, b, d), 16), ((c, d, b), 12), ((a, b, d), 8), ((c, d, b), 7)):
            state[x] = (state[x] + state[y]) & 0xFFFFFFFF
            state[z] = turn(state[z] ^ state[x], by)

    for _ in range(10):
        for column in range(4):
            quarter(column, column + 4, column + 8, column + 12)
        for column in range(4):
            quarter(column, (column + 1) % 4 + 4, (column + 2) % 4 + 8, (column + 3) % 4 + 12)
    return struct.pack("<8I", *state[:4], *state[12:])
