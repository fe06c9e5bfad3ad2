"""The notation inside a paragraph's words."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from valise.domain.text.inline import QUOTED_DEPTH, SQUARE, Inline, parse
from valise.domain.text.inline_runs import runs

WORDS = st.lists(
    st.sampled_from(
        ["[", "]", "(", ")", "~~", "*", "**", " / ", "/", "XA", "ALP", ", ", ": ", " – ", "delete", "retain",
         "reserves", "[XA: ", "[XB, LSG: ", "(XD: ", "[~~", "~~ – XC: delete]", " (XA)", "A/70/174", "word", " ",
         "\n", "é", "نص", "国"]
    ),
    max_size=60,
).map("".join)  # fmt: skip


def kinds(words: str) -> list[str]:
    return [node.kind for node in parse(words).nodes]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("[text]", ["bracket"]),
        ("[XA: text]", ["insert"]),
        ("[XA,XB ,LSG : text]", ["insert"]),
        ("[\u2068XA\u2069: نص]", ["insert"]),
        ("[XA：文本]", ["insert"]),
        ("[GRULAC, G77: text]", ["insert"]),
        ("[Xa: text]", ["bracket"]),
        ("[XABC: text]", ["bracket"]),
        ("[A: text]", ["bracket"]),
        ("[PP: text]", ["bracket"]),
        ("[see A/70/174: text]", ["bracket"]),
        ("[~~text~~ – XC: delete]", ["delete"]),
        ("[~~text~~ XA: delete]", ["delete"]),
        ("[~~text~~]", ["delete"]),
        ("[XC: ~~text~~]", ["delete"]),
        ("[~~text~~ and more]", ["bracket"]),
        ("~~text~~", []),
        ("(XD: retain)", ["retain"]),
        ("(XE, XF: reserve)", ["reservation"]),
        ("(ALP: scrutiny reservation)", ["reservation"]),
        ("(XA: can go along)", ["remark"]),
        ("(ICT)", []),
        ("(NB: not a delegation)", []),
        ("(see: below)", []),
        ("[a (XA) / b (XB)]", ["alternatives"]),
        ("[encourages / calls upon / urges]", ["alternatives"]),
        ("[XA: a / b]", ["insert"]),
        ("[and/or A/70/174]", ["bracket"]),
        ("a / b", []),
        ("[a (b / c) d]", ["bracket"]),
        ("*Recalling* that", ["emphasis"]),
        ("2 * 3 * 4", []),
        ("**bold**", []),
        ("*Recalling [XA: also]* that", ["emphasis", "insert"]),
    ],
)
def test_what_each_mark_means(words: str, found: list[str]) -> None:
    assert kinds(words) == found
    assert "".join(text for text, _ in runs(words)) == words


def test_supporters_belong_to_their_alternative_only_at_its_end() -> None:
    (node,) = parse("[digital (ICT) means (XA, LSG) / other / third (XB) ]").nodes
    assert [option.by for option in node.options] == [("XA", "LSG"), (), ("XB",)]
    assert parse("[digital (ICT) means (XA, LSG) / other / third (XB) ]").attributed == ("LSG", "XA", "XB")


def test_a_deletion_inside_an_insertion_keeps_both_authors() -> None:
    inline = parse("[XA: one [~~two~~ – XB: delete] three] (XC: retain)")
    assert inline.insertions == (("XA",),)
    assert inline.deletions == (("two", ("XB",)),)
    assert inline.retain == (("XC",),)
    assert (inline.bracket_pairs, inline.max_depth) == (2, 2)
    assert [node.parent for node in inline.nodes] == [-1, 0, -1]


def test_a_remark_may_hold_parentheses_and_counts_once() -> None:
    inline = parse("(XE: notes its position (see PP 2) and (XA: that of XA))")
    assert inline.remarks == ((("XE",), "notes its position (see PP 2) and (XA: that of XA)"),)


def test_unbalanced_brackets_are_reported_and_do_not_count() -> None:
    inline = parse("a ] [ b [c] (d [e)] f")
    assert inline.unbalanced == ((2, "]"), (4, "["))
    assert (inline.bracket_pairs, inline.max_depth) == (2, 1)


def test_a_parenthesis_left_open_does_not_hide_alternatives() -> None:
    assert parse("[a ( b / c (XB)]").slash_separators == 1


def test_runs_say_what_each_stretch_is() -> None:
    assert runs("*Urges* [XA: all] [~~some~~ – XB: delete] [six (XA) / ten] (XC: reserves)") == [
        ("*Urges*", "emphasis"), (" ", "plain"), ("[", "bracket"), ("XA: ", "attribution"), ("all", "insert"),
        ("]", "bracket"), (" ", "plain"), ("[", "bracket"), ("~~some~~", "delete"), (" – XB: delete", "attribution"),
        ("]", "bracket"), (" ", "plain"), ("[", "bracket"), ("six ", "plain"), ("(XA)", "attribution"),
        (" / ", "separator"), ("ten", "plain"), ("]", "bracket"), (" ", "plain"), ("(XC: reserves)", "remark"),
    ]  # fmt: skip


def test_a_mark_of_emphasis_inside_an_insertion_can_be_left_out_by_a_view() -> None:
    styled = runs("[XA: *Recalling* it]")
    assert [text for text, style in styled if style == "emphasis"] == ["*", "*"]
    assert [text for text, style in styled if style == "insert"] == ["Recalling", " it"]


@settings(max_examples=400, database=None, deadline=None)
@given(WORDS)
def test_laws(words: str) -> None:
    inline = parse(words)
    assert "".join(text for text, _ in runs(words)) == words
    assert all(text for text, _ in runs(words))
    pairs = inline.bracket_pairs
    assert words.count("[") == pairs + sum(sign == "[" for _, sign in inline.unbalanced)
    assert words.count("]") == pairs + sum(sign == "]" for _, sign in inline.unbalanced)
    assert inline.max_depth <= pairs
    for at, node in enumerate(inline.nodes):
        assert node.parent < at
        assert node.start < node.body[0] <= node.body[1] < node.end
        if node.kind in SQUARE:
            assert words[node.start] == "["
            assert words[node.end - 1] == "]"
        if node.parent >= 0:
            outer = inline.nodes[node.parent]
            assert outer.start <= node.start
            assert node.end <= outer.end
        for before, after in zip(node.options, node.options[1:], strict=False):
            assert before.end <= after.start
    assert parse(words) == inline


@settings(max_examples=200, database=None, deadline=None)
@given(st.text(max_size=200))
def test_any_characters_parse(words: str) -> None:
    assert "".join(text for text, _ in runs(words)) == words


HOSTILE: dict[str, Callable[[int], str]] = {
    "open": lambda n: "[" * n,
    "nested": lambda n: "[" * n + "]" * n,
    "attributed": lambda n: "[XA: " * (n // 5) + "]" * (n // 5),
    "round": lambda n: "(" * n + "]" * n,
    "struck": lambda n: "[~~" * (n // 3) + "~~]" * (n // 3),
    "struck late": lambda n: "[ " * (n // 2) + "~~] " * (n // 2),
    "remarks": lambda n: "(XA: " * (n // 5) + ")" * (n // 5),
    "slashes": lambda n: "[ / " * (n // 4) + "]" * (n // 4),
    "slashes in parentheses": lambda n: "[" + "( / " * (n // 4) + "]",
    "codes": lambda n: "[" + "XA, " * (n // 4) + "]",
    "spaces": lambda n: "[XA" + " " * n + "]",
    "stars": lambda n: "*a" * n,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_words_take_linear_time(name: str) -> None:
    """Eight times the words: about eight times the work. Quadratic would be sixty-four.

    The collector walks whatever the tests before left behind, which is not this work: it rests.
    """

    def work(size: int) -> float:
        words = HOSTILE[name](size)
        began = time.process_time()
        made: Inline = parse(words)
        made.counts()
        assert "".join(text for text, _ in runs(words)) == words
        return time.process_time() - began

    gc.collect()
    gc.disable()
    try:
        work(1_000)
        small, large = min(work(4_000) for _ in range(3)), min(work(32_000) for _ in range(3))
    finally:
        gc.enable()
    assert large < 24 * small + 0.05


def test_a_hundred_thousand_brackets() -> None:
    inline = parse("[" * 100_000)
    assert (len(inline.unbalanced), inline.bracket_pairs, inline.max_depth) == (100_000, 0, 0)
    assert parse("[" * 100_000 + "]" * 100_000).max_depth == 100_000


def test_deep_deletions_cost_no_memory() -> None:
    inline = parse("[~~x " * 20_000 + "~~]" * 20_000)
    assert len(inline.deletions) == 20_000
    assert sum(len(text) for text, _ in inline.deletions) < (QUOTED_DEPTH + 1) * len(inline.words)
