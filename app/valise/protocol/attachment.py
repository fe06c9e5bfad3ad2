"""Attachments: libsodium secretstream in chunks of 64 KiB, the last one marked as final.

The signed operation carries the `Seal`: random key, both sizes, SHA-256 of ciphertext and of plaintext (one
ciphertext can be built to open under two keys, so the hash of the ciphertext alone would not say which
file it is). Sealed bytes = header 24, then chunks of 65,536 + 17 bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hmac import compare_digest
from typing import Final

import nacl.bindings as sodium
from nacl.exceptions import CryptoError

from valise.domain.errors import Refused

CHUNK: Final = 64 * 1024
HEADER: Final = sodium.crypto_secretstream_xchacha20poly1305_HEADERBYTES
OVERHEAD: Final = sodium.crypto_secretstream_xchacha20poly1305_ABYTES
MAX_SIZE: Final = 1 << 30
_FINAL: Final = sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL
_MORE: Final = sodium.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE


@dataclass(frozen=True, slots=True, repr=False)
class Seal:
    """What opens and proves one attachment. Sizes in bytes, hashes SHA-256."""

    key: bytes
    size: int
    sealed_size: int
    sealed_hash: bytes
    plain_hash: bytes


def sealed_size(size: int) -> int:
    """Bytes that a file of `size` bytes becomes."""
    return HEADER + size + OVERHEAD * max(1, -(-size // CHUNK))


def _regroup(pieces: Iterable[bytes], size: int) -> Iterator[tuple[bytes, bool]]:
    """Pieces of any length as blocks of `size`, each with whether it is the last; at least one block."""
    held = bytearray()
    for piece in pieces:
        if len(held) + len(piece) <= size:  # the last block is known only at the end, so a full one waits
            held += piece
            continue
        start = 0
        if held:
            start = size - len(held)
            yield bytes(held + piece[:start]), False
            held.clear()
        while len(piece) - start > size:
            yield piece[start : start + size], False
            start += size
        held += piece[start:]
    yield bytes(held), True


def seal(pieces: Iterable[bytes]) -> tuple[list[bytes], Seal]:
    """Seal a file given in pieces of any length. Returns [header, chunk, chunk, ...] and its Seal."""
    out: list[bytes] = []
    return out, seal_to(pieces, out.append)


def seal_to(pieces: Iterable[bytes], put: Callable[[bytes], object]) -> Seal:
    """The same, handing header and chunks to `put` as they come. Raises Refused("attachment.too_large")."""
    key = sodium.crypto_secretstream_xchacha20poly1305_keygen()
    state = sodium.crypto_secretstream_xchacha20poly1305_state()
    header = sodium.crypto_secretstream_xchacha20poly1305_init_push(state, key)
    sealed, plain = hashlib.sha256(header), hashlib.sha256()
    put(header)
    size, total = 0, len(header)
    for block, last in _regroup(pieces, CHUNK):
        size += len(block)
        if size > MAX_SIZE:
            raise Refused("attachment.too_large", "the file is larger than an attachment may be")
        chunk = sodium.crypto_secretstream_xchacha20poly1305_push(state, block, tag=_FINAL if last else _MORE)
        plain.update(block)
        sealed.update(chunk)
        total += len(chunk)
        put(chunk)
    return Seal(key, size, total, sealed.digest(), plain.digest())


def open(seal: Seal, pieces: Iterable[bytes]) -> bytes:
    """The plaintext, verified as a whole, from sealed bytes cut in any way. Raises Refused("attachment.*")."""
    out: list[bytes] = []
    open_to(seal, pieces, out.append)
    return b"".join(out)


def open_to(seal: Seal, pieces: Iterable[bytes], put: Callable[[bytes], object]) -> None:
    """The same, chunk by chunk. What `put` got may be used only after this has returned.

    Raises Refused("attachment.seal" | "attachment.torn" | "attachment.closed" | "attachment.differs").
    """
    if len(seal.key) != 32 or not 0 <= seal.size <= MAX_SIZE or seal.sealed_size != sealed_size(seal.size):
        raise Refused("attachment.seal", "key or sizes are impossible")
    head, body = _split_header(pieces)
    state = sodium.crypto_secretstream_xchacha20poly1305_state()
    sodium.crypto_secretstream_xchacha20poly1305_init_pull(state, head, seal.key)
    sealed, plain = hashlib.sha256(head), hashlib.sha256()
    total, size = len(head), 0
    for chunk, last in _regroup(body, CHUNK + OVERHEAD):
        total += len(chunk)
        if total > seal.sealed_size:
            raise Refused("attachment.torn", "more sealed bytes than announced")
        try:
            block, tag = sodium.crypto_secretstream_xchacha20poly1305_pull(state, chunk)
        except (CryptoError, ValueError):
            raise Refused("attachment.closed", "a chunk does not open") from None
        if tag != (_FINAL if last else _MORE):
            raise Refused("attachment.torn", "the end is missing or something follows it")
        sealed.update(chunk)
        plain.update(block)
        size += len(block)
        put(block)
    if size != seal.size:  # and with it the sealed size, which follows from it
        raise Refused("attachment.torn", "not as long as announced")
    if not compare_digest(sealed.digest(), seal.sealed_hash) or not compare_digest(plain.digest(), seal.plain_hash):
        raise Refused("attachment.differs", "not the file that was announced")


def _split_header(pieces: Iterable[bytes]) -> tuple[bytes, Iterator[bytes]]:
    source = iter(pieces)
    held = b""
    for piece in source:
        held += piece
        if len(held) >= HEADER:
            break
    if len(held) < HEADER:
        raise Refused("attachment.torn", "shorter than its header")

    def rest() -> Iterator[bytes]:
        yield held[HEADER:]
        yield from source

    return held[:HEADER], rest()
