"""A text that goes no further: a copied laptop writes with the pen twice, and the delegations decide together."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.world import PASSPHRASE, World

from valise.domain.errors import NotAllowed

PARAGRAPHS = [{"section": "OP", "label": "OP 1", "words": "States should answer within a day;", "status": "open"}]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, ("XA", "XB", "XG"))
    yield made
    made.close()


def doubled(world: World) -> tuple[str, str, str]:
    """XA's laptop is copied and both write: (text, one operation of the pen, the other)."""
    text = world["XA"].texts.open(world.room(), "Draft decision", symbol="FICT/1", paragraphs=PARAGRAPHS)
    world.exchange()
    world["XA"].close()
    shutil.copytree(world.base / "XA", world.base / "copy")
    world.desks["XA"] = world.gate("XA").unlock(bytearray(PASSPHRASE))
    world.desks["copy"] = world.gate("copy").unlock(bytearray(PASSPHRASE))
    world["copy"].exchange.use_folder(world.share)
    one = world["XA"].texts.outline(text)[1].id
    made = [
        world[code].texts.merge(text, [{"op": "words", "paragraph": one, "words": words}], [])
        for code, words in (("XA", "States shall answer within a day;"), ("copy", "States may answer within a day;"))
    ]
    for code in ("XA", "copy"):  # both have sent before either can hear of the other
        world[code].exchange.now()
    world.exchange(rounds=6, pause=61_000)
    return text, made[0], made[1]


def words(world: World, code: str, text: str) -> str:
    return world[code].texts.paragraph(text, world[code].texts.outline(text)[1].id).paragraph.words


def test_two_of_three_say_which_history_stands(world: World) -> None:
    text, first, second = doubled(world)
    for code in ("XB", "XG"):
        seen = world[code].frozen.look(text)
        assert (seen.code, seen.quorum, len(seen.roster)) == ("text.pen-suspended", 2, 3)
        (one,) = seen.doubled
        assert {side.id: side.wrote for side in one.sides} == {
            first: (("OP 1", "States shall answer within a day;"),), second: (("OP 1", "States may answer within a day;"),)}  # fmt: skip
        assert words(world, code, text) == "States should answer within a day;"
    world["XB"].frozen.stands(text, second, "as said in the room")
    with pytest.raises(NotAllowed, match=r"text\.said"):
        world["XB"].frozen.stands(text, second)
    world.exchange(rounds=6, pause=61_000)
    seen = world["XG"].frozen.look(text)
    assert {side.id: side.voices for side in seen.doubled[0].sides}[second] == (world.id("XB"),)
    world["XG"].frozen.stands(text, second)
    world.exchange(rounds=6, pause=61_000)
    for code in ("XB", "XG"):
        assert words(world, code, text) == "States may answer within a day;"
        assert world[code].frozen.look(text).doubled == () or world[code].frozen.look(text).code == ""


def test_the_pen_goes_to_another_delegation_from_the_last_common_position(world: World) -> None:
    text, _, _ = doubled(world)
    b, g = world["XB"], world["XG"]
    b.frozen.recover(text, world.id("XB"), "the laptop was copied")
    with pytest.raises(NotAllowed, match=r"text\.said"):
        b.frozen.recover(text, world.id("XB"))
    world.exchange(rounds=6, pause=61_000)
    (asked,) = g.frozen.look(text).recoveries
    assert (asked.delegation, asked.voices) == (world.id("XB"), (world.id("XB"),))
    assert not b.texts.holds_pen(text)
    g.frozen.recover(text, world.id("XB"))
    world.exchange(rounds=6, pause=61_000)
    assert b.texts.holds_pen(text) and not b.frozen.look(text).code
    paragraph = b.texts.outline(text)[1].id
    b.texts.merge(text, [{"op": "words", "paragraph": paragraph, "words": "States will answer;"}], [])
    world.exchange(rounds=6, pause=61_000)
    assert words(world, "XG", text) == words(world, "XB", text) == "States will answer;"


def test_a_pen_that_is_lost_goes_on_elsewhere_though_nothing_is_frozen(world: World) -> None:
    text = world["XA"].texts.open(world.room(), "Draft decision", symbol="FICT/1", paragraphs=PARAGRAPHS)
    world.exchange()
    b, g = world["XB"], world["XG"]
    assert b.frozen.look(text).code == ""
    for desk in (b, g):
        desk.frozen.recover(text, world.id("XG"), "the laptop fell into the lake")
        world.exchange(rounds=4, pause=61_000)
    assert g.texts.holds_pen(text)
