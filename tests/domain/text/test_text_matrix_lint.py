"""The position matrix and the slips, on texts made for each rule."""

from __future__ import annotations

from typing import Any

import pytest
from negotiation import World

from valise.domain.text import rules
from valise.domain.text.fold import TextState
from valise.domain.text.lint import RULES, Slip, lint
from valise.domain.text.matrix import matrix


@pytest.fixture
def world() -> World:
    return World(3, codes=("XA", "XB", "XC"), devices=1)


def say(world: World, who: int, kind: str, body: dict[str, Any]) -> str:
    device = world.devices[who]
    op = device.act(kind, body)
    world.spread(device, op)
    return op.id


def stand(world: World, who: int, target: str, value: str, behalf: str = "") -> None:
    device = world.devices[who]
    say(world, who, "text.position", rules.position(device.text, device.delegation, target, value, behalf))


def test_what_is_said_of_the_paragraph_comes_first(world: World) -> None:
    text = world.devices[0].text
    par = text.book.order[0]
    mine = world.devices[1]
    prop = say(world, 1, "text.propose", rules.propose_delete(mine.text, mine.delegation, par, ""))
    stand(world, 0, prop, "oppose")
    stand(world, 0, par, "can go along")
    stand(world, 2, prop, "support", "ALP")
    made = matrix(text.book)
    row = next(one for one in made.rows if one.paragraph == par)
    cells = dict(zip(made.delegations, row.cells, strict=True))
    ids = [one.delegation for one in world.devices]
    assert [cells[one].stance for one in ids] == ["can go along", "proposes", "support"]
    assert [(one.value, one.behalf) for one in cells[ids[2]].said] == [("support", "ALP")]
    assert {one.value for one in cells[ids[0]].said} == {"can go along", "oppose"}
    assert row.open
    others = [one for one in made.rows if one.paragraph != par]
    assert others and not any(one.open or any(cell.said for cell in one.cells) for one in others)


def test_the_most_cautious_of_several_stands_and_none_takes_it_back(world: World) -> None:
    text = world.devices[0].text
    par = text.book.order[1]
    mine = world.devices[1]
    first = say(world, 1, "text.propose", rules.propose_alternative(mine.text, mine.delegation, par, "One wording", ""))
    second = say(world, 1, "text.propose", rules.propose_alternative(mine.text, mine.delegation, par, "Another one", ""))
    stand(world, 0, first, "support")
    stand(world, 0, second, "scrutiny reservation")
    asked = [one.delegation for one in (world.devices[0], world.devices[2])]
    made = matrix(text.book, order=asked[::-1])
    assert made.delegations[:2] == tuple(asked[::-1]) and len(made.delegations) == 3
    at = made.delegations.index(asked[0])
    assert next(one for one in made.rows if one.paragraph == par).cells[at].stance == "scrutiny reservation"
    stand(world, 0, second, "none")
    assert next(one for one in matrix(text.book).rows if one.paragraph == par).cells[
        matrix(text.book).delegations.index(asked[0])].stance == "support"  # fmt: skip


def text_of(*paragraphs: tuple[str, str, str], language: str = "en", parts: tuple[str, ...] = ()) -> tuple[TextState, dict[str, str]]:
    """A text whose paragraphs are (label, words, status); returns it with the label of each paragraph id."""
    world = World(1, codes=("XA",), devices=1, paragraphs=0)
    first = world.devices[0]
    body, rest = rules.open_text(
        title="Draft decision", symbol="", organ="", language=language, roster=list(world.codes), pen_device=first.id,
        pen_delegation=first.delegation,
        paragraphs=[{"section": label[:2], "label": label, "words": words, "status": status,
                     "parent": label.split(" (")[0] if " (" in label else ""} for label, words, status in paragraphs],
    )  # fmt: skip
    opening = first.make("text.open", body)
    state = TextState(opening.id)
    for op in (world.founding, *world.ops.values(), opening):
        state.apply(op)
    assert not rest and state.opened
    return state, {par.id: par.label for par in state.book.pars.values()}


def slips(*paragraphs: tuple[str, str, str], language: str = "en") -> list[tuple[str, str, str]]:
    state, labels = text_of(*paragraphs, language=language)
    return [(labels[one.paragraph], one.rule, one.words) for one in lint(state.book)]


CLEAN = (
    ("PP 1", "*Recalling* its decision of last year,", "agreed ad ref"),
    ("PP 2", "*Recalling also* the report of the working group,", "open"),
    ("PP 3", "*Bearing in mind* the needs of small States,", "open"),
    ("OP 1", "*Requests* States to designate points of contact;", "open"),
    ("OP 2", "*Also requests* States:", "open"),
    ("OP 2 (a)", "To answer when they are called; and", "open"),
    ("OP 2 (b)", "To say whom to call;", "open"),
    ("OP 3", "*Decides* to meet again.", "closed"),
)


def test_a_clean_text_has_no_slip() -> None:
    assert slips(*CLEAN) == []


@pytest.mark.parametrize(
    ("at", "label", "words", "status", "rule", "said"),
    [
        (0, "PP 1", "*Recalling* its [decision] of last year,", "agreed ad ref", "agreed but bracketed", ""),
        (2, "PP 2", "*Bearing in mind* the needs,", "open", "number twice", "PP 2"),
        (3, "OP 1", "*Requests* States [XA: to designate;", "open", "unbalanced brackets", ""),
        (1, "PP 2", "*Noting also* the report,", "open", "also before it was said", "Noting also"),
        (4, "OP 2", "*Further invites* States:", "open", "also before it was said", "Further invites"),
        (1, "PP 2", "*Recalling* the report,", "open", "said again without also", "Recalling also"),
        (4, "OP 2", "*Requests* States:", "open", "said again without also", "Also requests"),
        (1, "PP 2", "*Also recalling* the report,", "open", "adverb in the wrong place", "Recalling also"),
        (4, "OP 2", "*Requests also* States:", "open", "adverb in the wrong place", "Also requests"),
        (2, "PP 3", "*Bearing in mind* the needs", "open", "no sign at the end", ""),
        (2, "PP 3", "*Bearing in mind* the needs;", "open", "no sign at the end", ""),
        (3, "OP 1", "*Requests* States to answer,", "open", "no sign at the end", ""),
        (3, "OP 1", "*Requests* Ambassador Smith to report;", "open", "names a person", "Ambassador"),
    ],
)
def test_each_slip_is_found_where_it_is(at: int, label: str, words: str, status: str, rule: str, said: str) -> None:
    paragraphs = list(CLEAN)
    paragraphs[at] = (label, words, status)
    found = slips(*paragraphs)
    assert (label, rule, said) in found
    assert {one for _, one, _ in found} == {rule}
    assert rule in RULES


@pytest.mark.parametrize(
    ("language", "words", "rules_found"),
    [
        ("ar", "وإذ تشير إلى قرارها،", []), ("ar", "وإذ تشير إلى السيد فلان،", ["names a person"]),
        ("zh", "回顾其决定，", []), ("zh", "感谢王先生的报告，", ["names a person"]),
        ("ru", "ссылаясь на свое решение,", []), ("ru", "благодаря г-на Имярека", ["no sign at the end"]),
        ("fr", "*Rappelant* sa décision,", []), ("fr", "*Remerciant* Mme Untel,", ["names a person"]),
        ("es", "*Recordando* su decisión,", []), ("es", "*Recordando también* su decisión,", []),
    ],
)  # fmt: skip
def test_other_languages_are_judged_by_what_holds_in_all(language: str, words: str, rules_found: list[str]) -> None:
    assert [rule for _, rule, _ in slips(("PP 1", words, "open"), language=language)] == rules_found


def test_what_is_proposed_in_an_agreed_paragraph_shows() -> None:
    world = World(5, codes=("XA", "XB"), devices=1)
    pen, other = world.devices
    par = pen.text.book.order[0]
    say(world, 0, "text.agree", rules.agree(pen.text, pen.id, par))
    before = {one.rule for one in lint(pen.text.book) if one.paragraph == par}
    say(world, 0, "text.reopen", rules.reopen(pen.text, pen.id, par))
    say(world, 1, "text.propose", rules.propose_words(other.text, other.delegation, par, "Other words altogether")[0])
    assert "agreed but bracketed" not in before
    assert Slip(par, "agreed but bracketed") not in lint(pen.text.book)  # open: brackets are no slip
