"""Recovery shares: the published vectors of SLIP-0039, m of n, and everything that is refused in words that tell nothing."""

from __future__ import annotations

import itertools
import random
from pathlib import Path
from typing import Any

import pytest

from valise.domain.errors import Refused
from valise.protocol import shares

from .made import vectors

SECRET = bytes(range(32))
VECTORS = vectors("slip39.json")
_SOURCE = Path(shares.__file__).read_text("utf-8")


@pytest.fixture(scope="module")
def three_of_five() -> tuple[str, ...]:
    return shares.split(SECRET, 3, 5)


def code(call: Any, *given: Any) -> str:
    with pytest.raises(Refused) as caught:
        call(*given)
    assert f'"{caught.value.line}"' in _SOURCE  # a fixed sentence: nothing of a share is put into it
    assert caught.value.__context__ is None or not isinstance(caught.value.__context__, shares.MnemonicError)
    return caught.value.code


@pytest.mark.parametrize("case", VECTORS["vectors"], ids=lambda case: case["comment"].split(".")[0])
def test_published_vectors(case: dict[str, Any]) -> None:
    passphrase = VECTORS["passphrase"].encode()
    if case["secret"]:
        assert shares.combine(case["shares"], passphrase).hex() == case["secret"]
    else:
        with pytest.raises(Refused):
            shares.combine(case["shares"], passphrase)


def test_all_published_vectors_are_there() -> None:
    assert len(VECTORS["vectors"]) == 45
    assert sum(bool(case["secret"]) for case in VECTORS["vectors"]) == 15


def test_any_three_of_five_give_the_secret_and_no_two_do(three_of_five: tuple[str, ...]) -> None:
    for some in itertools.permutations(three_of_five, 3):
        assert shares.join(some) == SECRET
    assert shares.join(three_of_five) == SECRET
    for some in itertools.combinations(three_of_five, 2):
        assert code(shares.join, some) == "shares.few"
    assert code(shares.join, ()) == "shares.few"


@pytest.mark.parametrize(("need", "total"), [(2, 2), (2, 16), (16, 16)])
def test_the_ends_of_the_range(need: int, total: int) -> None:
    made = shares.split(SECRET, need, total)
    assert len(set(made)) == total
    assert shares.join(made[-need:]) == SECRET


@pytest.mark.parametrize(("need", "total"), [(1, 1), (1, 2), (0, 3), (3, 2), (2, 17), (-1, 3)])
def test_what_is_no_sharing_is_refused(need: int, total: int) -> None:
    assert code(shares.split, SECRET, need, total) == "shares.number"


@pytest.mark.parametrize("size", [0, 16, 31, 33])
def test_only_32_bytes_are_split(size: int) -> None:
    assert code(shares.split, bytes(size), 2, 3) == "shares.secret"


def test_a_share_says_what_it_is(three_of_five: tuple[str, ...]) -> None:
    seen = [shares.look(one) for one in three_of_five]
    assert {one.need for one in seen} == {3}
    assert [one.index for one in seen] == [0, 1, 2, 3, 4]
    assert len({one.identifier for one in seen}) == 1
    assert all(len(one.split()) == shares.LENGTH for one in three_of_five)


def test_the_same_secret_twice_gives_other_shares(three_of_five: tuple[str, ...]) -> None:
    again = shares.split(SECRET, 3, 5)
    assert not set(again) & set(three_of_five)


def test_however_it_is_written(three_of_five: tuple[str, ...]) -> None:
    loose = ["\n ".join(one.upper().split(" ")) + " " for one in three_of_five]
    assert shares.join(loose) == SECRET


def test_every_single_wrong_word_is_found(three_of_five: tuple[str, ...]) -> None:
    words = three_of_five[0].split()
    pick = random.Random(39)
    for place in range(len(words)):
        for other in pick.sample([one for one in shares.WORDS if one != words[place]], 30):
            changed = " ".join([*words[:place], other, *words[place + 1 :]])
            assert code(shares.look, changed) in ("shares.checksum", "shares.foreign")


def test_two_words_in_the_wrong_order_are_found(three_of_five: tuple[str, ...]) -> None:
    words = three_of_five[1].split()
    for place in range(len(words) - 1):
        if words[place] != words[place + 1]:
            turned = [*words[:place], words[place + 1], words[place], *words[place + 2 :]]
            assert code(shares.look, " ".join(turned)) in ("shares.checksum", "shares.foreign")


def test_a_word_that_is_not_in_the_list(three_of_five: tuple[str, ...]) -> None:
    words = three_of_five[0].split()
    for strange in ("valise", "acadèmic", "ACİD", "\u2066acid", "acid\u200b"):
        changed = [*words[:7], strange, *words[8:]]
        assert shares.unknown(shares.tidy(" ".join(changed))) == 7
        assert code(shares.look, " ".join(changed)) == "shares.word"
        assert code(shares.join, (" ".join(changed), *three_of_five[1:])) == "shares.word"
        assert code(shares.combine, (" ".join(changed), *three_of_five[1:])) == "shares.word"


@pytest.mark.parametrize("size", [0, 1, 19, 20, 32, 34, 66])
def test_a_share_cut_or_doubled(three_of_five: tuple[str, ...], size: int) -> None:
    cut = " ".join((three_of_five[0].split() * 2)[:size])
    assert code(shares.look, cut) == "shares.length"


def test_one_share_twice(three_of_five: tuple[str, ...]) -> None:
    assert code(shares.join, (three_of_five[0], three_of_five[1], three_of_five[0])) == "shares.twice"


def test_shares_of_two_sets(three_of_five: tuple[str, ...]) -> None:
    other = shares.split(bytes(32), 3, 5)
    assert code(shares.join, (three_of_five[0], three_of_five[1], other[2])) == "shares.mixed"


def test_two_sets_of_one_identifier_do_not_join_to_a_third_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """The 15-bit identifier can collide; the digest inside the sharing then says no."""
    monkeypatch.setattr("shamir_mnemonic.shamir._random_identifier", lambda: 7)
    one, two = shares.split(SECRET, 2, 3), shares.split(bytes(32), 2, 3)
    assert code(shares.join, (one[0], two[1])) == "shares.mixed"


def test_shares_of_others_are_named_as_such() -> None:
    for case in VECTORS["vectors"]:
        if case["secret"] and case["comment"].startswith(("20.", "36.")):
            assert code(shares.join, case["shares"]) == "shares.foreign"


def test_a_last_word_that_is_another(three_of_five: tuple[str, ...]) -> None:
    broken = " ".join([*three_of_five[0].split()[:-1], "academic"])
    for call, given in ((shares.look, broken), (shares.join, [broken] * 3), (shares.combine, [broken] * 3)):
        assert code(call, given) in ("shares.checksum", "shares.twice")


def test_the_list_of_words_completes_from_four_letters() -> None:
    assert len(shares.WORDS) == 1024
    assert len({word[:4] for word in shares.WORDS}) == 1024
    assert list(shares.WORDS) == sorted(shares.WORDS)
