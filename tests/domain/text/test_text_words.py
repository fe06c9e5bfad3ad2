"""Words of any script, their difference, three-way and rebase."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from valise.domain.text import words as w

PARTS = ["a", "b", "the", "states", "should", ",", " ", " ", "é", "中", "سَلام"]
TEXTS = st.lists(st.sampled_from(PARTS), max_size=14).map("".join)


@given(st.text())
def test_tokens_lose_nothing(text: str) -> None:
    assert "".join(w.tokens(text)) == text


def test_tokens() -> None:
    assert w.tokens("It's 4 years") == ["It's", " ", "4", " ", "years"]
    assert w.tokens("2025年信息安全") == ["2025", "年", "信", "息", "安", "全"]
    assert w.tokens("السَّلامُ عليكم") == ["السَّلامُ", " ", "عليكم"]
    assert w.tokens("e\u0301tat") == ["e\u0301tat"]
    assert w.tokens("می‌شود.") == ["می‌شود", "."]
    assert w.tokens("ICT\u2011enabled") == ["ICT", "\u2011", "enabled"]
    assert w.count("States’ 信息, 12 (a)") == 5


@given(TEXTS, TEXTS)
def test_the_difference_makes_the_new_words(old: str, new: str) -> None:
    for joined in (None, w.fewer_than(3), w.fewer_than(1)):
        hunks = w.difference(old, new, joined)
        assert w.apply(old, hunks) == new
        assert all(before.end < after.start for before, after in pairwise(hunks))
    assert w.apply(old, w.difference(old, new)) == new
    assert w.difference(old, old) == []


def test_hunks_split_by_one_short_token_are_one_for_reading() -> None:
    old, new = "the use of force", "a threat of violence"
    assert w.difference(old, new) == [w.Hunk(0, 16, "a threat of violence")]
    assert len(w.difference(old, new, None)) > 1
    assert len(w.difference("States should hold talks", "Nations should hold meetings")) == 2


@given(TEXTS, TEXTS, TEXTS)
def test_laws_of_three_way(base: str, a: str, b: str) -> None:
    assert w.merge(base, a, base) == a
    assert w.merge(base, base, a) == a
    assert w.merge(base, a, a) == a
    assert w.merge(base, a, b) == w.merge(base, b, a)


def test_three_way_keeps_both_or_says_it_cannot() -> None:
    assert w.merge("one two three four", "ONE two three four", "one two three FOUR") == "ONE two three FOUR"
    assert w.merge("one two three", "one TWO three", "one deux three") is None


@given(TEXTS, TEXTS, st.data())
def test_a_rebased_span_holds_the_same_words(old: str, new: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(old)))
    end = data.draw(st.integers(start, len(old)))
    found = w.rebase((start, end), old, new)
    if found is not None:
        assert new[found[0] : found[1]] == old[start:end]
    assert w.rebase((start, end), old, old) == (start, end)


def test_rebase_never_guesses() -> None:
    assert w.rebase((4, 7), "one two three", "zero one two three") == (9, 12)
    assert w.rebase((4, 7), "one two three", "one deux three") is None
    assert w.rebase((3, 3), "one two", "one new two") is None, "something else was put at that very place"
    assert w.rebase((4, 4), "one two", "one new two") is None
    assert w.rebase((0, 0), "one two", "one new two") == (0, 0)
    assert w.rebase((7, 7), "one two", "one new two") == (11, 11)
    assert w.rebase((4, 8), "和平利用信息通信", "为了和平利用信息通信") == (6, 10)
