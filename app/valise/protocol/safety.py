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
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Final, Literal

from valise.domain.errors import Refused
from valise.protocol import signing
from valise.protocol.canonical import b64u
from valise.protocol.card import Card
from valise.protocol.certificate import delegation_id

ROUNDS: Final = 5200
_GROUPS: Final = 6
_WORDS_FROM: Final = 32
_ID: Final = "([A-Za-z0-9_-]{43})"
_CODE: Final = re.compile(rf"VALISE-ID-1:([A-Z][A-Z0-9]{{1,11}}):{_ID}:([1-9][0-9]{{0,15}}):{_ID}:{_ID}:{_ID}", re.ASCII)
_PAIR: Final = re.compile(r"VALISE1:[A-Za-z0-9:_-]{100,400}", re.ASCII)
CODE_LIMIT: Final = 1000

Verdict = Literal["same", "differs", "older", "newer", "own", "other", "pair", "foreign"]


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


def identity_code(card: Card, device: str) -> str:
    """What a delegation's own QR code says: its root (by its id, 256 bits), its card and one laptop on it, each in full."""
    here = card.device(device)
    if here is None:
        raise Refused("safety.key", "the laptop is not on the card")
    return f"VALISE-ID-1:{card.code}:{card.delegation}:{card.number}:{card.hash}:{device}:{here.certificate.hash}"


def judge(read: str, held: Card, own: Card) -> tuple[Verdict, str]:
    """What a code read from somebody's screen says of the delegation whose card we hold; with the delegation id it names.

    "same": root, card and laptop are those we hold. "differs": another root or another list under its code. "older" and
    "newer": the same root with another number of the card. "own": ours, read back. "other": of another delegation.
    "pair": the number both sides show, which proves nothing read from one screen. "foreign": none of ours.
    """
    text = read.strip()
    if _PAIR.fullmatch(text):
        return "pair", ""
    found = _CODE.fullmatch(text) if len(text) <= CODE_LIMIT else None
    if found is None:
        return "foreign", ""
    code, delegation, number, card, device, certificate = found.groups()
    if delegation == own.delegation:
        return "own", delegation
    if delegation != held.delegation:
        return ("differs" if code == held.code else "other"), delegation
    if int(number) != held.number:
        return ("older" if int(number) < held.number else "newer"), delegation
    here = held.device(device)
    fits = (code, card) == (held.code, held.hash)
    fits = fits and here is not None and here.certificate.hash == certificate and not here.revoked_at
    return ("same" if fits else "differs"), delegation
