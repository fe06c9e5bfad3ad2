"""Silence over the real exchange, and a text seen from further away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.world import World

from valise.domain.errors import NotAllowed, NotYet

PARAGRAPHS = [
    {"section": "PP", "label": "PP 1", "words": "*Recalling* its decision of last year,", "status": "open"},
    {"section": "OP", "label": "OP 1", "words": "*Requests* States to designate points of contact;", "status": "open"},
    {"section": "OP", "label": "OP 2", "words": "*Decides* to meet again.", "status": "open"},
]
HOUR = 3_600_000


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, ("XA", "XB", "XG"))
    yield made
    made.close()


@pytest.fixture
def text(world: World) -> str:
    made = world["XA"].texts.open(world.room(), "Draft decision", paragraphs=PARAGRAPHS)
    world["XA"].texts.revision(made, "FICT/1/Rev.1")
    world.exchange()
    return made


def silence(world: World, text: str, hours: int = 48) -> str:
    desk = world["XA"]
    revision = desk.texts.head(text).revisions[-1].id
    made = desk.silence.open(text, revision, world.clock.now() + hours * HOUR, "all of it")
    world.exchange()
    return made


def states(world: World, text: str) -> set[tuple[str, bool]]:
    return {(one.state, one.closed) for desk in world.desks.values() for one in desk.texts.head(text).silences[-1:]}


def due(world: World, code: str) -> list[str]:
    return [one.line for one in world[code].overview().due if one.line.startswith("silence")]


def test_silence_kept_closes_by_itself_at_the_pen(world: World, text: str) -> None:
    silence(world, text)
    assert states(world, text) == {("running", False)}
    assert due(world, "XB") == ["silence.running"]
    assert world["XB"].silence.close_due() == 0
    world.clock.advance(49 * HOUR)
    world["XB"].exchange.now()
    assert states(world, text) == {("running", False)}  # not its to close
    world.exchange()
    assert states(world, text) == {("kept", True)}
    assert due(world, "XA") == due(world, "XB") == []
    assert world["XA"].silence.close_due() == 0


def test_a_break_reaches_everybody_and_nothing_closes_as_kept(world: World, text: str) -> None:
    made = silence(world, text)
    world["XG"].silence.break_(text, made, "OP 1 is not agreed")
    world.exchange()
    assert states(world, text) == {("broken", False)}
    assert due(world, "XA") == ["silence.broken"]
    world.clock.advance(49 * HOUR)
    world.exchange()
    assert states(world, text) == {("broken", True)}
    (one,) = world["XB"].texts.head(text).silences
    assert [(each.delegation, each.reason) for each in one.breaks] == [(world.id("XG"), "OP 1 is not agreed")]


def test_a_break_that_was_under_way_is_contested_until_the_pen_decides(world: World, text: str) -> None:
    made = silence(world, text)
    world["XG"].silence.break_(text, made, "not on our side")  # its laptop has no network
    world.clock.advance(49 * HOUR)
    world["XA"].exchange.now()
    world["XA"].exchange.now()
    assert world["XA"].texts.head(text).silences[-1].state == "kept"
    world.exchange()
    assert states(world, text) == {("contested", True)}
    assert due(world, "XA") == ["silence.contested"] and due(world, "XB") == []
    world["XA"].silence.confirm(text, made, "broken")
    world.exchange()
    assert states(world, text) == {("broken", True)}


def test_extending_and_what_is_refused(world: World, text: str) -> None:
    made = silence(world, text, 24)
    with pytest.raises(NotAllowed, match="silence-runs"):
        silence(world, text)
    world["XA"].silence.extend(text, made, world.clock.now() + 72 * HOUR)
    with pytest.raises(NotAllowed, match="silence-not-over"):
        world["XA"].silence.close(text, made)
    with pytest.raises(NotAllowed, match="not-pen"):
        world["XB"].silence.extend(text, made, world.clock.now() + 96 * HOUR)
    world.clock.advance(30 * HOUR)
    world.exchange()
    assert states(world, text) == {("running", False)}


def test_it_survives_a_rebuild_and_a_restart(world: World, text: str) -> None:
    made = silence(world, text)
    world["XB"].silence.break_(text, made, "a reason")
    before = world["XB"].texts.head(text)
    world["XB"].rebuild()
    assert world["XB"].texts.head(text) == before
    assert world.reopen("XB").texts.head(text) == before


def amended(world: World, text: str) -> str:
    desk = world["XB"]
    par = desk.texts.outline(text)[2].id
    words = desk.texts.paragraph(text, par).paragraph.words.replace("points of contact", "points of contact by June")
    (prop,) = desk.texts.propose_words(text, par, words, "a date helps")
    world["XG"].texts.position(text, par, "reserve")
    world.exchange()
    return prop


def test_two_revisions_side_by_side(world: World, text: str) -> None:
    prop = amended(world, text)
    world["XA"].texts.take(text, prop)
    world["XA"].texts.revision(text, "FICT/1/Rev.2")
    world.exchange()
    first, second = (one.id for one in world["XG"].texts.head(text).revisions)
    rows = world["XG"].seeing.compare(text, first, second)
    assert [(row.fate, row.by) for row in rows] == [
        ("same", ()), ("same", ()), ("changed", (world.id("XB"),)), ("same", ())]  # fmt: skip
    assert rows == world["XA"].seeing.compare(text, first, second)
    assert not any(row.altered for row in world["XG"].seeing.compare(text, second))
    assert [row.fate for row in world["XG"].seeing.compare(text, second, first)].count("changed") == 1
    with pytest.raises(NotYet):
        world["XG"].seeing.compare(text, first, "nothing")


def test_convergence_over_revisions(world: World, text: str) -> None:
    prop = amended(world, text)
    world["XA"].texts.revision(text, "FICT/1/Rev.2")
    world["XA"].texts.take(text, prop)
    shown = world["XA"].seeing.convergence(text)
    assert [one.symbol for one in shown] == ["FICT/1/Rev.1", "FICT/1/Rev.2", ""]
    assert [one.unbracketed < one.words for one in shown] == [False, True, False]


def test_who_stands_where_and_what_happened(world: World, text: str) -> None:
    prop = amended(world, text)
    seeing = world["XA"].seeing
    made = seeing.matrix(text)
    assert made.delegations[0] == world.id("XA") and set(made.delegations) == {world.id(one) for one in ("XA", "XB", "XG")}
    row = next(one for one in made.rows if one.label == "OP 1")
    assert dict(zip(made.delegations, (cell.stance for cell in row.cells), strict=True)) == {
        world.id("XA"): "", world.id("XB"): "proposes", world.id("XG"): "reserve"}  # fmt: skip
    before = seeing.matrix(text, world["XA"].texts.head(text).revisions[0].id)
    assert not any(cell.said for one in before.rows for cell in one.cells)
    world["XA"].texts.take(text, prop)
    world["XA"].texts.agree(text, row.paragraph)
    told = [(one.what, one.delegation, one.detail) for one in seeing.history(text, row.paragraph)]
    assert told == [
        ("brought", world.id("XA"), ""), ("revision", world.id("XA"), "FICT/1/Rev.1"), ("proposed", world.id("XB"), "words"),
        ("position", world.id("XG"), "reserve"), ("words", world.id("XA"), ""), ("disposed", world.id("XA"), "accepted"),
        ("agreed ad ref", world.id("XA"), ""),
    ]  # fmt: skip


def test_slips_are_found_in_the_text_as_it_stands(world: World, text: str) -> None:
    assert world["XA"].seeing.lint(text) == ()
    desk = world["XA"]
    par = desk.texts.outline(text)[2]
    desk.texts.merge(text, [{"op": "words", "paragraph": par.id, "words": "*Also requests* States to answer"}], [])
    assert {one.rule for one in desk.seeing.lint(text)} == {"also before it was said", "no sign at the end"}
