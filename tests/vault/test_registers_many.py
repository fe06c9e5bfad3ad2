"""A peer that lets as many words as it likes stand in one field: what stands is told right, and no more is read for it than a little."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.registered import SHARED
from tests.world import World

from valise.desk.desk import Desk
from valise.desk.door_registers import Place
from valise.vault import registers

MANY = 60


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, ("XA", "XB"))
    for code in ("XA", "XB"):
        made[code].registers.define(SHARED)
    yield made
    made.close()


def say(desk: Desk, room: str, values: list[str], replaces: list[str] | None = None, field: str = "status") -> str:
    change = {"field": field, "values": values, "replaces": replaces or []}
    with desk.context.write() as tx:
        body = {"register": "told", "side": "stated", "row": "XB/a", "changes": [change]}
        return desk.context.author(tx, room, "register.set", body).op.id


def test_of_many_that_stand_the_newest_is_shown_and_few_are_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    room = world.room(members=("XA", "XB"))
    a, b = world["XA"], world["XB"]
    said = [say(b, room, [f"word {n}"]) for n in range(MANY)]
    read: list[str] = []
    loads = json.loads

    class Counting:
        dumps = json.dumps

        @staticmethod
        def loads(text: str) -> Any:
            read.append(text)
            return loads(text)

    monkeypatch.setattr(registers, "json", Counting)
    world.exchange()
    place = Place("told", "XB/a", room=room)
    assert 0 < len([one for one in read if one.startswith('["word')]) <= 2 * MANY  # at XA: not MANY for each of them
    cell = a.registers.row(place).cells["status"]
    assert cell.differs and cell.values == (f"word {MANY - 1}",) and len(cell.said) == MANY
    # the newest replaced: the one before it is what the row shows; all but one replaced: that one, and no difference
    say(b, room, ["word 0"], said[1:-1])
    world.exchange()
    cell = a.registers.row(place).cells["status"]
    assert cell.differs and cell.values == ("word 0",) and len(cell.said) == 3
    say(b, room, ["word 0"], [said[-1]])
    world.exchange()
    cell = a.registers.row(place).cells["status"]
    assert not cell.differs and cell.values == ("word 0",) and len(cell.said) == 3  # they say the same
    a.rebuild()
    assert a.registers.row(place).cells["status"] == cell


def test_a_row_is_out_only_when_all_of_many_words_say_so(world: World) -> None:
    room = world.room(members=("XA", "XB"))
    b = world["XB"]
    say(b, room, ["planned"])
    outs = [say(b, room, ["yes"] if n % 2 else [], field=registers.GONE) for n in range(8)]
    world.exchange()
    place = Place("told", "XB/a", room=room)
    for desk in world.desks.values():
        assert not desk.registers.row(place).gone and desk.registers.row(place).differs
    say(b, room, ["yes"], outs[::2], field=registers.GONE)
    world.exchange()
    for desk in world.desks.values():  # what was said of the status stands unseen by who took it out, so a person decides
        assert not desk.registers.row(place).gone and desk.registers.row(place).differs
    b.registers.take_out(place, "enough")
    world.exchange()
    assert all(desk.registers.row(place).gone for desk in world.desks.values())


def test_nobody_sorts_the_many_that_stand(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    room = world.room(members=("XA", "XB"))
    a, b = world["XA"], world["XB"]
    said = [say(b, room, [f"word {n}"]) for n in range(6)]
    world.exchange()
    several = "select count(*) from register_several"
    with a.context.write() as tx:
        assert tx.value(several) == 6
        tx.run("delete from register_several")  # as in a vault of before there was this table
    say(b, room, ["word 6"])
    world.exchange()
    asked: list[tuple[str, tuple[object, ...]]] = []
    with a.context.write() as tx:
        assert tx.value(several) == 7
        row, field = tx.row("select row, field from register_several")
        stands = registers._standing(tx, row, field)
        assert len(stands) == 2 and stands[1] == ("word 6",)
        rows = tx.rows
        monkeypatch.setattr(type(tx), "rows", lambda self, sql, values=(): (asked.append((sql, values)), rows(sql, values))[1])
        assert registers._standing(tx, row, field) == stands
        monkeypatch.undo()
        plans = [str(rows("explain query plan " + sql, values)) for sql, values in asked]
    assert any("order by" in sql for sql, _ in asked) and not any("TEMP B-TREE" in one for one in plans), plans
    say(b, room, ["word 9"], said)
    world.exchange()
    with a.context.read() as handle:
        assert handle.value(several) == 2  # the last two
