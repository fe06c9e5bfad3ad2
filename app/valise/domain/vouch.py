"""Vouching: a delegation says to one other that it has verified a third. k of n such words are a level of trust.

Whose words count each delegation decides for itself, among those it has verified in person; a word never travels on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Final

from valise.domain.errors import NotAllowed
from valise.domain.kinds import Ident, Text, Whole, operation
from valise.domain.op import Op

HOW: Final = ("code", "words", "eye")  # a QR code read, words compared live, the number compared by eye or voice
MOST: Final = 20
IN_PERSON: Final = "verified in person"


@operation(
    "contact.vouch",
    {
        "about": Ident(),
        "code": Text(12, least=2),
        "card": Ident(),
        "number": Whole(1),
        "how": Text(8, HOW),
        "verified_at": Whole(),
    },
    right="commit",
    composite=True,
)
def about(op: Op) -> str:
    """The delegation vouched for."""
    return str(op.body["about"])


@operation("contact.unvouch", {"vouch": Ident()}, right="commit", composite=True)
def taken_back(op: Op) -> str:
    """The word that no longer stands; only its own delegation can take it back."""
    return str(op.body["vouch"])


def body(me: str, to: str, whom: str, trust: str, *, code: str, card: str, number: int, how: str, at: int) -> dict[str, Any]:
    """Body of a word given to `to` for `whom`. NotAllowed("vouch.not_verified" | "vouch.whom"): only what we verified
    ourselves, never ourselves, never somebody to itself."""
    if trust != IN_PERSON:
        raise NotAllowed("vouch.not_verified")
    if whom in (me, to) or to == me:
        raise NotAllowed("vouch.whom")
    return {"about": whom, "code": code, "card": card, "number": number, "how": how, "verified_at": at}


def may_choose(chosen: Collection[str], least: int, verified: Collection[str]) -> None:
    """NotAllowed("custodian.not_verified" | "custodian.number") unless everybody chosen was verified in person here and
    `least` of them can ever agree. Nobody chosen: nobody's word counts. One word alone is never enough."""
    if not set(chosen) <= set(verified):
        raise NotAllowed("custodian.not_verified")
    if len(chosen) > MOST or (chosen and not 2 <= least <= len(chosen)):
        raise NotAllowed("custodian.number")


def usual(custodians: int) -> int:
    """How many words are enough unless somebody says otherwise: 2 of 3, always more than half."""
    return max(2, custodians // 2 + 1)


def enough(authors: Iterable[str], least: int) -> tuple[str, ...]:
    """The custodians that say the same, each once; () while they are fewer than `least` (never fewer than 2)."""
    found = tuple(sorted(set(authors)))
    return found if len(found) >= max(2, least) else ()
