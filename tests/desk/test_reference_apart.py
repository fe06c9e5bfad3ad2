"""Every shipped register on two laptops that change the same row unseen by each other: all that was said stands, a person
settles it, and what comes of it leaves as a table, is read back equal and is there after a restart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.desk.reference_hands import EVERY, PLACES, REGISTERS, Filled, about, first_contact, whole
from tests.registered import calm, enrolled, kept
from tests.world import World

from valise.desk.door_registers import Place, Row
from valise.domain.register.definition import LANGUAGES, Side

Values = Mapping[str, tuple[str, ...]]
Key = tuple[str, str]


@dataclass
class Apart:
    """What each laptop said of each row, and the rows as both showed them before a person decided, and after."""

    filled: Filled
    base: dict[Key, Values] = field(default_factory=dict)
    said: dict[Key, tuple[Values, Values]] = field(default_factory=dict)
    differing: dict[Key, tuple[Row, Row]] = field(default_factory=dict)
    settled: dict[Key, tuple[Row, Row]] = field(default_factory=dict)


def cells(row: Row) -> dict[str, tuple[str, ...]]:
    return {name: cell.values for name, cell in row.cells.items() if not name.startswith("@")}


def differ(held: Apart, key: Key) -> set[str]:
    """Columns that both changed, each to something else."""
    one, other = held.said[key]
    base = held.base[key]
    return {name for name in one if one[name] != base.get(name, ()) != other[name] and one[name] != other[name]}


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Apart]:
    base = tmp_path_factory.mktemp("apart")
    world = World(base, ("XA",))
    filled = Filled(world, first_contact(world["XA"]), base)
    held = Apart(filled)
    enrolled(world, "XA-2", "Second officer")
    calm(world)
    first, second = (world[one].registers for one in ("XA", "XA-2"))
    for key in PLACES:
        register, side = key
        definition = REGISTERS[register]
        values, files = whole(world["XA"], definition, side, filled.contact, 0)
        if "record" in definition.rows:
            place = first.new_row(register, values, side=side, about=about(definition))
        else:
            place = Place(register, "/".join(about(definition).values()), side)
            first.set(place, values, files=files)
        filled.rows[key] = place
    calm(world)
    for key, place in filled.rows.items():
        held.base[key] = cells(second.row(place))
        both = []
        for turn, desk in ((1, world["XA"]), (2, world["XA-2"])):
            made, _ = whole(desk, REGISTERS[key[0]], key[1], filled.contact, turn)
            chosen = {name: values or held.base[key].get(name, ()) for name, values in made.items()}
            desk.registers.set(place, chosen)
            both.append(chosen)
        held.said[key] = both[0], both[1]
    calm(world)
    for key, place in filled.rows.items():
        held.differing[key] = first.row(place), second.row(place)
        second.set(place, {name: held.said[key][0][name] for name in differ(held, key)}, note="as the first officer had it")
    calm(world)
    world.reopen("XA")
    for key, place in filled.rows.items():
        held.settled[key] = world["XA"].registers.row(place), second.row(place)
    yield held
    world.close()


@EVERY
def test_what_both_said_stands_until_a_person_settles_it(apart: Apart, register: str, side: Side) -> None:
    key = register, side
    one, other = apart.said[key]
    wanted = differ(apart, key)
    assert len(wanted) >= 2  # else nothing was tried
    for row in apart.differing[key]:
        assert row.differs and {name for name, cell in row.cells.items() if cell.differs} == wanted
        for name in wanted:
            assert {(said.officer, said.values) for said in row.cells[name].said} == {
                ("Officer XA", one[name]), ("Second officer", other[name])}  # fmt: skip
    for row in apart.settled[key]:
        assert not row.differs and not any(cell.differs for cell in row.cells.values())
        assert {name: row.cells[name].values for name in wanted} == {name: one[name] for name in wanted}
        assert all(said.officer == "Second officer" for name in wanted for said in row.cells[name].said)
    assert cells(apart.settled[key][0]) == cells(apart.settled[key][1])


@EVERY
def test_what_leaves_one_laptop_as_a_table_is_equal_on_the_other(apart: Apart, tmp_path: Path, register: str, side: Side) -> None:
    world, place = apart.filled.world, apart.filled.rows[register, side]
    first, second = (world[one].registers for one in ("XA", "XA-2"))
    every = second.ids(register, side)
    mine = [one for one, row in zip(every, second.page(every), strict=True) if row.place.row == place.row]
    file = tmp_path / "table INTERNAL.csv"
    assert second.export(register, side, "csv", file, ids=mine, language=LANGUAGES[PLACES.index((register, side)) % 6]) == 1
    found = first.read(register, side, file)
    assert (found.rows, found.equal, found.total_changes, found.faults) == (1, 1, 0, ())
    officers = {event.officer for event in first.history(place)}
    assert officers == {"Officer XA", "Second officer"} and len(first.history(place)) > len(differ(apart, (register, side))) * 3


def test_both_laptops_keep_the_same_of_all_of_it(apart: Apart) -> None:
    world = apart.filled.world
    assert kept(world["XA"]) == kept(world["XA-2"])
    before = kept(world["XA"])
    world["XA"].rebuild()
    assert kept(world["XA"]) == before
