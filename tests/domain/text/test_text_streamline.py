"""The streamlining bench: like proposals stand together, and what becomes of each is said before anything is sent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from negotiation import Table

from valise.domain.errors import NotAllowed
from valise.domain.text import rules, streamline

BASE = "States should designate points of contact within twelve months of the adoption;"


def table() -> Table:
    made = Table(BASE, "Invites States to test them every year;")
    for who, words in (
        ("XB", BASE.replace("twelve months", "a year")),
        ("XC", BASE.replace("twelve months", "a year")),
        ("XD", BASE.replace("twelve months", "one year")),
        ("XE", BASE.replace("twelve months", "due course")),
        ("XB2", BASE.replace("should", "shall")),
    ):
        made.propose(who, 0, words)
    made.propose("XC", 1, "Invites all States to test them every year;")
    return made


def test_equal_outcomes_are_one_option_and_like_ones_carry_a_number() -> None:
    made = table()
    first, second, third = streamline.choices(made.state)
    assert (first.quote, second.quote, second.label, third.quote) == ("should", "twelve months", "OP 1", "")
    by = {one.words: one for one in second.options}
    assert set(by) == {"a year", "one year", "due course"}
    assert len(by["a year"].proposals) == 2 and len(by["a year"].sponsors) == 2
    assert by["a year"].like == by["one year"].like > 0 == by["due course"].like


def test_what_was_picked_makes_the_words_and_an_answer_for_each() -> None:
    made = table()
    shall, when, _ = streamline.choices(made.state)
    words = streamline.chosen(BASE, {(shall.start, shall.end): "shall", (when.start, when.end): "a year"})
    assert words == BASE.replace("should", "shall").replace("twelve months", "a year")
    told = {one.proposal: one for one in streamline.answers(made.state, made.pars[0], words)}
    by = {option.words: option.proposals for choice in (shall, when) for option in choice.options}
    assert {told[id].outcome for id in (*by["a year"], *by["shall"])} == {"accepted"}
    assert {told[id].outcome for id in (*by["one year"], *by["due course"])} == {""}
    assert (told[by["one year"][0]].kept, told[by["one year"][0]].total) == (1, 2)
    assert (told[by["due course"][0]].kept, told[by["due course"][0]].total) == (0, 2)
    # only the verb: what is asked about the time stays open, where it now stands
    only = streamline.answers(made.state, made.pars[0], BASE.replace("should", "shall"))
    stays = {one.proposal: one for one in only if one.outcome == "rebased"}
    assert set(stays) == {id for words in ("a year", "one year", "due course") for id in by[words]}
    assert all(one.span == (when.start - 1, when.end - 1) for one in stays.values())


def test_the_answers_are_such_as_the_pen_may_send() -> None:
    made = table()
    shall, when, _ = streamline.choices(made.state)
    words = streamline.chosen(BASE, {(when.start, when.end): "one year"})
    told = streamline.answers(made.state, made.pars[0], words)
    given = [
        {"proposal": one.proposal, "outcome": one.outcome or "superseded", **({"span": list(one.span)} if one.span else {})}
        for one in told
    ]
    body = rules.merge(made.state, made["XA"].id, [{"op": "words", "paragraph": made.pars[0], "words": words}], given)
    made.do("XA", "text.merge", body)
    assert made.words(0) == words
    states = {one: made.standing(one) for option in when.options for one in option.proposals}
    assert sorted(states.values()) == ["accepted", "superseded", "superseded", "superseded"]
    assert made.standing(shall.options[0].proposals[0]) == "rebased"
    assert [one.quote for one in streamline.choices(made.state)] == ["should", ""]


def test_a_whole_paragraph_asked_otherwise_or_away_waits_for_an_answer() -> None:
    made = table()
    state, who = made["XD"].text, made["XD"].delegation
    other = made.do("XD", "text.propose", rules.propose_alternative(state, who, made.pars[0], "Nothing else;"))
    away = made.do("XD", "text.propose", rules.propose_delete(made["XD"].text, who, made.pars[0]))
    told = {one.proposal: one for one in streamline.answers(made.state, made.pars[0], "Nothing else;")}
    assert told[other].outcome == "accepted" and told[away].outcome == ""
    told = {one.proposal: one for one in streamline.answers(made.state, made.pars[0], BASE)}
    assert {one.outcome for one in told.values()} == {"rebased"}
    with pytest.raises(NotAllowed):
        streamline.answers(made.state, "nowhere", BASE)


@given(st.lists(st.sampled_from(BASE.split()), max_size=12))
def test_any_words_give_every_live_proposal_one_answer(words: list[str]) -> None:
    made = table()
    told = streamline.answers(made.state, made.pars[0], " ".join(words))
    assert len({one.proposal for one in told}) == len(told) == 5
    assert all(0 <= one.kept <= one.total and one.outcome in ("", "accepted", "rebased") for one in told)
