"""A 32-byte secret as n sheets of words, of which any m give it back: SLIP-0039, one group, 33 words a share.

For recovery ceremonies only: what sets shares again is Python text, which cannot be wiped, and the library below calls
itself unhardened against somebody measuring time on the same computer.

No SLIP-39 passphrase is used. A wrong one yields another secret in silence, and it would be one more thing to lose.
Without one the PBKDF2 rounds protect nothing (the secret is random and whoever has m shares has it), so the iteration
exponent is 0. The extendable flag is set: with it the identifier is not mixed into the secret, so a share is checked and
joined by the sharing alone, and newer tools write the same form. Whether the joined secret is the right one is for the
slot's tag to say.
"""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol, cast

import shamir_mnemonic  # type: ignore[import-untyped]
from shamir_mnemonic import MnemonicError
from shamir_mnemonic.share import Share  # type: ignore[import-untyped]
from shamir_mnemonic.wordlist import WORDLIST  # type: ignore[import-untyped]

from valise.domain.errors import Refused

WORDS: Final[tuple[str, ...]] = tuple(WORDLIST)
LENGTH: Final = 33  # words of a share of ours
SECRET: Final = 32  # bytes
LEAST: Final = 2
MOST: Final = 16
_SHORTEST = 20  # words; SLIP-0039: 128 bits
_KNOWN = frozenset(WORDS)
_LETTERS = frozenset(string.ascii_letters)


class _Share(Protocol):
    """What is read of the library's untyped Share."""

    identifier: int
    group_count: int
    group_threshold: int
    index: int
    member_threshold: int
    value: bytes


@dataclass(frozen=True, slots=True)
class ShareInfo:
    """What a share says about itself: its set (15 bits), how many are needed, and which of them it is (from 0)."""

    identifier: int
    need: int
    index: int


def split(secret: bytes, need: int, total: int) -> tuple[str, ...]:
    """`total` shares of which any `need` give `secret` (32 bytes) back; 2 <= need <= total <= 16.

    Raises Refused("shares.secret" | "shares.number").
    """
    if len(secret) != SECRET:
        raise Refused("shares.secret", "only a secret of 32 bytes is split")
    if not LEAST <= need <= total <= MOST:
        raise Refused("shares.number", "two to sixteen shares, of which at least two are needed")
    made = shamir_mnemonic.generate_mnemonics(1, [(need, total)], secret, extendable=True, iteration_exponent=0)
    shares = tuple(cast(str, one) for one in made[0])
    if join(shares[:need]) != secret or join(shares[-need:]) != secret:
        raise Refused("shares.secret", "the shares made do not give the secret back")
    return shares


def join(shares: Sequence[str]) -> bytes:
    """The 32-byte secret of a set made by `split`; of more shares than needed the first are taken.

    Raises what `look` raises and Refused("shares.few" | "shares.twice" | "shares.mixed"). Two shares of one number are
    refused even when they are the same: one of them was meant to be another.
    """
    known = [look(one) for one in shares]
    if not known:
        raise Refused("shares.few", "no share was given")
    if len({(one.identifier, one.need) for one in known}) != 1:
        raise Refused("shares.mixed", "these shares are not of one set")
    if len({one.index for one in known}) != len(known):
        raise Refused("shares.twice", "one share was given twice")
    need = known[0].need
    if len(known) < need:
        raise Refused("shares.few", "more shares are needed")
    secret = combine(shares[:need])
    if len(secret) != SECRET:
        raise Refused("shares.foreign", "these shares were not made by Valise")
    return secret


def look(share: str) -> ShareInfo:
    """Check one share by itself: its words, its length, its checksum (which finds any three wrong words).

    Raises Refused("shares.word" | "shares.length" | "shares.checksum" | "shares.foreign"); the last for a share that is
    right but of another shape than `split` makes.
    """
    words = tidy(share)
    if unknown(words) is not None:
        raise Refused("shares.word", "something typed is not in the list")
    if len(words) != LENGTH:
        raise Refused("shares.length", "a share has thirty-three words")
    one = _read(words)
    if one.group_count != 1 or one.group_threshold != 1 or one.member_threshold < LEAST or len(one.value) != SECRET:
        raise Refused("shares.foreign", "this share was not made by Valise")
    return ShareInfo(one.identifier, one.member_threshold, one.index)


def combine(shares: Sequence[str], passphrase: bytes = b"") -> bytes:
    """SLIP-0039 whole, groups and passphrases too, as its published vectors need it. Everything else calls `join`.

    Raises Refused("shares.word" | "shares.length" | "shares.checksum" | "shares.mixed").
    """
    told = [tidy(one) for one in shares]
    for words in told:
        _read(words)
    try:
        return bytes(shamir_mnemonic.combine_mnemonics([" ".join(words) for words in told], passphrase))
    except (MnemonicError, ValueError):
        pass  # the library's message quotes words
    raise Refused("shares.mixed", "these shares do not belong together")


def tidy(share: str) -> list[str]:
    """The words of a share in small letters, whatever stood between them."""
    return [word.lower() if _LETTERS.issuperset(word) else word for word in share.split()]


def unknown(words: Sequence[str]) -> int | None:
    """The place of the first word that is not in the list, None when all are."""
    return next((place for place, word in enumerate(words) if word not in _KNOWN), None)


def _read(words: Sequence[str]) -> _Share:
    """The library's own reading of one share; its messages quote words and go no further."""
    if unknown(words) is not None:
        raise Refused("shares.word", "something typed is not in the list")
    if len(words) < _SHORTEST:
        raise Refused("shares.length", "a share is longer")
    try:
        return cast(_Share, Share.from_mnemonic(" ".join(words)))
    except (MnemonicError, ValueError):
        pass
    raise Refused("shares.checksum", "the words of this share do not fit together")
