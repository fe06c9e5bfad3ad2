"""Words of a live comparison: what they bind, and that nobody gets a second guess."""

from __future__ import annotations

from dataclasses import replace

import pytest

from valise.domain.errors import Refused
from valise.protocol import sas
from valise.protocol.canonical import b64u, unb64u
from valise.protocol.sas import Side

TALK, ROOM = b64u(b"t" * 32), b64u(b"r" * 32)
OURS, THEIRS = b64u(b"o" * 32), b64u(b"a" * 32)


def side(letter: str) -> Side:
    return Side(letter.encode() * 1984, b64u(letter.lower().encode() * 32), b64u(letter.encode() * 32))


STARTER, ANSWERER = side("S"), side("A")
SAID = sas.commitment(TALK, ROOM, STARTER, OURS)


def words(talk: str = TALK, room: str = ROOM, starter: Side = STARTER, answerer: Side = ANSWERER, opening: str = OURS,
          answer: str = THEIRS) -> tuple[str, ...]:  # fmt: skip
    said = sas.commitment(talk, room, starter, opening)
    return sas.compared(talk, room, starter, answerer, said, opening, answer).words


def flips(value: str) -> list[str]:
    """Every identifier one bit away."""
    raw = unb64u(value)
    return [b64u(bytes(one ^ (1 << bit) if n == at else one for n, one in enumerate(raw))) for at in range(len(raw)) for bit in range(8)]


def test_forty_four_bits_in_words_and_the_same_in_digits() -> None:
    made = sas.compared(TALK, ROOM, STARTER, ANSWERER, SAID, OURS, THEIRS)
    assert sas.BITS == 44 and len(made.words) == len(made.digits) == 4
    assert [sas.words()[int(one)] for one in made.digits] == list(made.words)
    assert all(len(one) == 4 and one.isdigit() for one in made.digits)


def test_the_words_do_not_change_from_version_to_version() -> None:
    assert SAID == "S3M_S1QBjIHFAQEcf0ncSORiWmlvZB9L79qaYHtM6GQ"
    assert words() == ("justify", "sardine", "measure", "lemon")


@pytest.mark.parametrize("what", ["talk", "room", "opening", "answer"])
def test_one_bit_of_what_was_said_gives_other_words(what: str) -> None:
    value = {"talk": TALK, "room": ROOM, "opening": OURS, "answer": THEIRS}[what]
    assert all(words(**{what: one}) != words() for one in flips(value))


@pytest.mark.parametrize("which", ["starter", "answerer"])
def test_roots_laptops_and_certificates_of_both_sides_are_bound(which: str) -> None:
    """Unknown key share: who takes another's words for his own has to have the other's root, laptop and certificate."""
    held = {"starter": STARTER, "answerer": ANSWERER}[which]
    for changed in (replace(held, root=b"X" + held.root[1:]), replace(held, device=b64u(b"x" * 32)),
                    replace(held, certificate=b64u(b"y" * 32))):  # fmt: skip
        assert words(**{which: changed}) != words()
    assert all(words(**{which: replace(held, device=one)}) != words() for one in flips(held.device)[:64])


def test_both_sides_get_the_same_whoever_computes_and_roles_are_bound() -> None:
    """The sides go in sorted, and who started is bound beside them: turned round it is another comparison."""
    assert words() != words(starter=ANSWERER, answerer=STARTER)
    assert words() != words(opening=THEIRS, answer=OURS)


def test_every_other_nonce_than_the_one_committed_to_is_refused() -> None:
    """One guess only: after the answer is known, nothing but the committed nonce opens the commitment."""
    for other in flips(OURS):
        assert not sas.opens(SAID, TALK, ROOM, STARTER, other)
        with pytest.raises(Refused, match=r"compare\.commitment"):
            sas.compared(TALK, ROOM, STARTER, ANSWERER, SAID, other, THEIRS)
    for other in flips(SAID):
        with pytest.raises(Refused, match=r"compare\.commitment"):
            sas.compared(TALK, ROOM, STARTER, ANSWERER, other, OURS, THEIRS)


def test_a_commitment_serves_one_comparison_one_room_and_one_laptop() -> None:
    for talk, room, starter in ((b64u(b"u" * 32), ROOM, STARTER), (TALK, b64u(b"q" * 32), STARTER), (TALK, ROOM, ANSWERER)):
        assert not sas.opens(SAID, talk, room, starter, OURS)


def test_nobody_is_compared_with_himself_or_with_his_own_nonce() -> None:
    for answerer, answer in ((STARTER, THEIRS), (replace(ANSWERER, root=STARTER.root), THEIRS),
                             (replace(ANSWERER, device=STARTER.device), THEIRS), (ANSWERER, OURS)):  # fmt: skip
        with pytest.raises(Refused, match=r"compare\.same"):
            sas.compared(TALK, ROOM, STARTER, answerer, SAID, OURS, answer)


@pytest.mark.parametrize("nonce", ["", "AA", b64u(b"n" * 31), b64u(b"n" * 33), "!" * 43])
def test_a_nonce_has_thirty_two_bytes(nonce: str) -> None:
    with pytest.raises(Refused, match=r"compare\.nonce"):
        sas.commitment(TALK, ROOM, STARTER, nonce)
