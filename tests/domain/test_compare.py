"""The conversation of a live comparison, folded: first word counts, nothing is replayed, what is void stays void."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from valise.domain import compare
from valise.domain.compare import Talk, fold, fresh
from valise.domain.op import Op


def ident(seed: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(seed.encode()).digest()).decode().rstrip("=")


US, THEM, THEIRS_TOO = ident("our laptop"), ident("their laptop"), ident("their second laptop")
OF = {US: ident("we"), THEM: ident("they"), THEIRS_TOO: ident("they"), ident("ours too"): ident("we")}
NONCE, ANSWER, TALK = ident("nonce"), ident("answer"), ident("talk")


def said(device: str, what: str, talk: str = TALK, **body: Any) -> Op:
    said.count = getattr(said, "count", 0) + 1  # type: ignore[attr-defined]
    return Op(ident(f"op {said.count}"), f"compare.{what}", ident("room"), OF[device], device, 1, "", (), 0, 0,  # type: ignore[attr-defined]
              {"talk": talk, **body})  # fmt: skip


def offer(device: str = US, talk: str = TALK) -> Op:
    return said(device, "offer", talk, commitment=ident(f"of {NONCE}"), certificate=ident("c"))


def answer(device: str = THEM, nonce: str = ANSWER) -> Op:
    return said(device, "answer", nonce=nonce, certificate=ident("d"))


def reveal(device: str = US, nonce: str = NONCE, to: str = ANSWER) -> Op:
    return said(device, "reveal", nonce=nonce, answer=to)


def opens(talk: Talk, nonce: str) -> bool:
    return talk.commitment == ident(f"of {nonce}")


def last(*ops: Op) -> Talk:
    return fold(ops, opens)[TALK]


def test_offer_answer_reveal() -> None:
    assert [last(*ops).stage for ops in ((offer(),), (offer(), answer()), (offer(), answer(), reveal()))] == [
        "offered", "answered", "open"]
    talk = last(offer(), answer(), reveal())
    assert (talk.starter, talk.answerer, talk.opening, talk.answer) == (US, THEM, NONCE, ANSWER)


def test_another_nonce_after_the_commitment_makes_it_void_for_good() -> None:
    talk = last(offer(), answer(), reveal(nonce=ident("better")), reveal())
    assert (talk.stage, talk.why) == ("void", "commitment")
    assert last(offer(), answer(), reveal(), reveal(nonce=ident("better"))).why == "commitment"


def test_nothing_is_opened_before_an_answer_nor_by_another_laptop() -> None:
    assert last(offer(), reveal()).stage == "offered"
    assert last(offer(), answer(), reveal(THEM)).stage == "answered"
    assert last(offer(), answer(), reveal(ident("ours too"))).stage == "answered"


def test_a_second_answer_ends_it() -> None:
    for second in (answer(THEIRS_TOO), answer(nonce=ident("another")), answer(THEIRS_TOO, ident("another"))):
        for ops in ((offer(), answer(), second), (offer(), answer(), reveal(), second)):
            assert (last(*ops).stage, last(*ops).why) == ("void", "second answer")
    assert last(offer(), answer(), answer(), reveal()).stage == "open"  # said twice, not changed
    assert last(offer(), answer(), reveal(to=ident("another"))).why == "second answer"


def test_what_we_said_given_back_is_no_answer() -> None:
    assert last(offer(), answer(nonce=ident(f"of {NONCE}"))).why == "reflected"
    assert last(offer(), answer(nonce=TALK)).why == "reflected"
    assert last(offer(), answer(nonce=NONCE), reveal(to=NONCE)).why == "reflected"
    assert last(offer(), answer(ident("ours too"))).stage == "offered"  # our own second laptop answers nothing


def test_an_offer_is_never_replayed() -> None:
    """Another offer under an id that was used is as if it were not there, whoever makes it."""
    talk = last(offer(), answer(), offer(THEM), reveal(THEM))
    assert (talk.starter, talk.stage) == (US, "answered")
    assert last(offer(), said(US, "cancel"), offer(), answer()).stage == "void"


def test_cancelling_is_for_who_takes_part() -> None:
    assert last(offer(), said(US, "cancel")).why == "cancelled"
    assert last(offer(), answer(), said(THEM, "cancel"), reveal()).why == "cancelled"
    assert last(offer(), said(ident("ours too"), "cancel")).stage == "offered"


def test_what_belongs_to_nothing_is_nothing() -> None:
    assert fold([answer(), reveal(), said(US, "cancel")], opens) == {}
    other = ident("other talk")
    found = fold([offer(), offer(THEM, other), answer()], opens)
    assert list(found) == [TALK, other] and found[other].stage == "offered"


def test_ten_minutes_by_our_own_clock_and_not_one_set_back() -> None:
    start = 1_000_000
    assert fresh(start, start) and fresh(start, start + compare.TERM - 1)
    assert not fresh(start, start + compare.TERM)
    assert not fresh(start, start - 1)
