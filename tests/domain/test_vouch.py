"""k of n: whose word counts, and how many are enough."""

from __future__ import annotations

import pytest

from valise.domain import vouch
from valise.domain.errors import NotAllowed


def test_one_word_is_never_enough_and_one_who_says_it_twice_is_one() -> None:
    assert vouch.enough([], 2) == vouch.enough(["XB"], 2) == vouch.enough(["XB", "XB"], 2) == ()
    assert vouch.enough(["XB"], 1) == vouch.enough(["XB"], 0) == ()
    assert vouch.enough(["XD", "XB", "XB"], 2) == ("XB", "XD")
    assert vouch.enough(["XD", "XB"], 3) == ()


def test_two_of_three_unless_somebody_says_otherwise() -> None:
    assert [vouch.usual(n) for n in (2, 3, 4, 5, 6)] == [2, 2, 3, 3, 4]


@pytest.mark.parametrize(
    ("chosen", "least", "code"),
    [(["XB", "XC"], 1, "number"), (["XB", "XC"], 3, "number"), (["XB"], 2, "number"), (["XB", "XE"], 2, "not_verified")],
)
def test_who_may_be_chosen(chosen: list[str], least: int, code: str) -> None:
    with pytest.raises(NotAllowed, match=rf"custodian\.{code}"):
        vouch.may_choose(chosen, least, ["XB", "XC", "XD"])
    vouch.may_choose(["XB", "XC", "XD"], 2, ["XB", "XC", "XD"])
    vouch.may_choose([], 2, [])


@pytest.mark.parametrize("trust", ["vouched", "received only", "unknown", "own"])
def test_only_what_we_verified_ourselves_is_vouched_for(trust: str) -> None:
    """Never transitive: who is vouched for to us is not vouched for by us."""
    with pytest.raises(NotAllowed, match=r"vouch\.not_verified"):
        vouch.body("me", "to", "whom", trust, code="XC", card="c", number=1, how="eye", at=1)


@pytest.mark.parametrize(("to", "whom"), [("to", "to"), ("to", "me"), ("me", "whom")])
def test_nobody_vouches_for_himself_or_to_whom_he_vouches_for(to: str, whom: str) -> None:
    with pytest.raises(NotAllowed, match=r"vouch\.whom"):
        vouch.body("me", to, whom, vouch.IN_PERSON, code="XC", card="c", number=1, how="eye", at=1)
