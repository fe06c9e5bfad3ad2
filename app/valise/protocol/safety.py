"""The safety number: what two people compare when they stand together, the same on both screens.

Each root's fingerprint is SHA-512 iterated 5,200 times over its public key (in the manner of Signal's numeric
fingerprint: h = SHA-512(h || key)), 64 bytes. The two fingerprints are put in the order of the delegation ids.
Digits: from each, six groups of five (5 bytes modulo 100,000), twelve groups in all; whoever wants to stand
between the two must find a key for 100 bits of it, 5,200 hashes a try. Words: from each, 66 bits as six of
2,048 words. The QR code carries ids and fingerprints whole.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Final

from valise.domain.errors import Refused
from valise.protocol import signing
from valise.protocol.canonical import b64u
from valise.protocol.certificate import delegation_id

ROUNDS: Final = 5200
_GROUPS: Final = 6
_WORDS_FROM: Final = 32


@dataclass(frozen=True, slots=True)
class Safety:
    """`digits`: 12 groups of 5; `words`: 12; `qr`: VALISE1:<id>:<id>:<fingerprint>:<fingerprint>, ids sorted."""

    digits: tuple[str, ...]
    words: tuple[str, ...]
    qr: str


@lru_cache(maxsize=1024)
def fingerprint(root_public: bytes) -> bytes:
    """64 bytes of one root. About 10 ms, on purpose."""
    if len(root_public) != signing.COMPOSITE_PUBLIC:
        raise Refused("safety.key", "a root key has the wrong length")
    sha512 = hashlib.sha512
    held = b"valise/v1/fingerprint\0" + root_public
    for _ in range(ROUNDS):
        held = sha512(held + root_public).digest()
    return held


@cache
def words() -> tuple[str, ...]:
    """The 2,048 words."""
    text = resources.files("valise.resources").joinpath("reference/words.txt").read_text("ascii")
    return tuple(text.split())


def _digits(held: bytes) -> list[str]:
    groups = (held[start : start + 5] for start in range(0, 5 * _GROUPS, 5))
    return [f"{int.from_bytes(group, 'big') % 100_000:05d}" for group in groups]


def _words(held: bytes) -> list[str]:
    number = int.from_bytes(held[_WORDS_FROM : _WORDS_FROM + 9], "big") >> 6  # the first 66 of 72 bits
    listed = words()
    return [listed[(number >> shift) & 2047] for shift in range(11 * (_GROUPS - 1), -1, -11)]


def safety_number(root_public_a: bytes, root_public_b: bytes) -> Safety:
    """Symmetric in its arguments. Raises Refused("safety.key" | "safety.same")."""
    if root_public_a == root_public_b:
        raise Refused("safety.same", "a delegation has no safety number with itself")
    sides = sorted((delegation_id(one), fingerprint(one)) for one in (root_public_a, root_public_b))
    (id_a, print_a), (id_b, print_b) = sides
    return Safety(
        digits=(*_digits(print_a), *_digits(print_b)),
        words=(*_words(print_a), *_words(print_b)),
        qr=f"VALISE1:{id_a}:{id_b}:{b64u(print_a)}:{b64u(print_b)}",
    )


def same_qr(scanned: str, root_public_a: bytes, root_public_b: bytes) -> bool:
    """Whether a scanned text is exactly the one we would show (white space around it aside)."""
    ours = safety_number(root_public_a, root_public_b).qr
    return hmac.compare_digest(scanned.strip().encode("utf-8", "replace"), ours.encode("ascii"))


def readable_fingerprint(root_public: bytes) -> str:
    """The delegation id's 32 bytes as upper-case hex in groups of four, for the contact page."""
    text = hashlib.sha256(b"valise/v1/root\0" + root_public).hexdigest().upper()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))
