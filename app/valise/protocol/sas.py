"""Short words for a live comparison (a short authentication string with a commitment, as in ZRTP, RFC 6189 section 4.4.1.1).

Who starts commits to a nonce of 32 bytes, who answers gives one in the clear, who started opens the commitment. The words are
44 bits of a hash over the transaction, both nonces, the commitment and, for either side, its root, laptop and certificate: four
words of 2,048, or the places of these words in the list as four groups of four digits. Who stands between the two guesses
right once in 2^44 (17,592,186,044,416) comparisons, and every wrong guess is seen.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Final

from valise.domain.errors import Refused
from valise.protocol import canonical
from valise.protocol.canonical import b64u, digest, unb64u
from valise.protocol.safety import words

NONCE: Final = 32
WORDS: Final = 4
BITS: Final = 11 * WORDS
_COMMIT: Final = "valise/v1/compare/commitment"
_WORDS: Final = "valise/v1/compare/words"
_ROOT: Final = "valise/v1/compare/root"


@dataclass(frozen=True, slots=True)
class Side:
    """One side as the other holds it: root public key (1,984 bytes), device id, certificate hash."""

    root: bytes
    device: str
    certificate: str

    def bound(self) -> list[str]:
        return [b64u(digest(_ROOT, self.root)), self.device, self.certificate]


@dataclass(frozen=True, slots=True)
class Sas:
    """`words`: 4 of 2,048; `digits`: the same as 4 groups of 4."""

    words: tuple[str, ...]
    digits: tuple[str, ...]


def commitment(talk: str, room: str, starter: Side, nonce: str) -> str:
    """43 characters: what who starts says of its nonce before it knows anything. Refused("compare.nonce")."""
    return b64u(digest(_COMMIT, canonical.encode([_ident(talk), _ident(room), *starter.bound(), _ident(nonce)])))


def opens(said: str, talk: str, room: str, starter: Side, nonce: str) -> bool:
    """Whether a nonce is the one committed to."""
    return hmac.compare_digest(said.encode(), commitment(talk, room, starter, nonce).encode())


def compared(talk: str, room: str, starter: Side, answerer: Side, said: str, opening: str, answer: str) -> Sas:
    """The words, the same on both sides whoever computes them.

    Raises Refused("compare.same" | "compare.commitment" | "compare.nonce"): a side is never compared with itself, nor with
    its own nonce given back, nor by a nonce that was not committed to.
    """
    if starter.root == answerer.root or starter.device == answerer.device or opening == answer:
        raise Refused("compare.same", "a delegation is not compared with itself")
    if not opens(said, talk, room, starter, opening):
        raise Refused("compare.commitment", "another nonce than the one committed to")
    sides = sorted((starter.bound(), answerer.bound()))
    held = canonical.encode([_ident(talk), _ident(room), *sides, starter.device, said, _ident(opening), _ident(answer)])
    number = int.from_bytes(digest(_WORDS, held)[:6], "big") >> (48 - BITS)
    places = [(number >> shift) & 2047 for shift in range(BITS - 11, -1, -11)]
    listed = words()
    return Sas(tuple(listed[one] for one in places), tuple(f"{one:04d}" for one in places))


def _ident(value: str) -> str:
    try:
        if len(unb64u(value)) == NONCE:
            return value
    except Refused:
        pass
    raise Refused("compare.nonce", "not 32 bytes")
