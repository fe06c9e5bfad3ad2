"""One row of every shipped register in a real vault, with something in each column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.world import World

from valise.desk import reference
from valise.desk.desk import Desk
from valise.desk.door_registers import Place, Row
from valise.domain.register.definition import Column, Definition, Side

Values = Mapping[str, tuple[str, ...]]
REGISTERS = {one.id: one for one in reference.registers()}
PLACES = [(one.id, side) for one in REGISTERS.values() for side in one.sides]
EVERY = pytest.mark.parametrize(("register", "side"), PLACES, ids=[f"{one}-{side}" for one, side in PLACES])


@dataclass
class Filled:
    """A vault with one row of each register, on each of its sides, and what was written there."""

    world: World
    contact: Place
    folder: Path
    rows: dict[tuple[str, str], Place] = field(default_factory=dict)
    told: dict[tuple[str, str], Values] = field(default_factory=dict)

    @property
    def desk(self) -> Desk:
        return self.world["XA"]

    def row(self, register: str, side: str, language: str = "en") -> Row:
        return self.desk.registers.row(self.rows[register, side], language)


def first_contact(desk: Desk) -> Place:
    plain = {
        "text": ("Ministry",), "state": ("XB",), "email": ("desk@example.int",), "phone": ("+41 22 000 00 00",), "zone": ("Europe/Zurich",),
        "language": ("en",), "date": ("2026-12-01",), "marking": ("TLP:AMBER",),
    }  # fmt: skip
    values = {
        one.id: (one.choices[0].id,) if one.choices else plain[one.kind] for one in REGISTERS["contacts"].columns if one.required
    }
    return desk.registers.new_row("contacts", values)


def values_of(desk: Desk, column: Column, contact: Place, turn: int, evidence: str) -> tuple[str, ...]:
    """What a column holds: one value, or two where it takes many; other ones at the next `turn`."""
    day = f"2026-12-{10 + turn}"
    by: dict[str, tuple[str, ...]] = {
        "text": (f'Words {turn}, "quoted"', f"=SUM(A{turn})"),
        "long": (f"First line {turn}\n- second, with a comma\n\nThird: Ñandú, 规范, المعيار", "Another"),
        "date": (day, "2027-01-31"), "moment": (f"{day}T08:30Z", f"{day}T23:59Z"), "number": (f"-{turn + 1}250.5", "3"), "yesno": ("no" if turn else "yes",),
        "choice": tuple(one.id for one in column.choices[turn : turn + 2]),
        "state": (*("XB", "XG")[turn:], "XC"), "delegation": (desk.me().delegation,), "contact": (contact.row,),
        "paragraph": (f"{'A' * 42}{turn}#p{turn}", f"{'B' * 43}#p2"), "record": ("forums/gm", "documents/a-80-257")[turn:],
        "evidence": (evidence,), "marking": ("TLP:GREEN" if turn else "TLP:AMBER+STRICT",), "language": ("fr", "pt-BR")[turn:],
        "email": (f"first{turn}@example.int", "second@example.int"), "phone": (f"+41 22 000 00 0{turn}", "+41 22 111 11 11"),
        "url": (f"https://example.int/a?b={turn}", "https://example.int/c"), "symbol": (f"A/80/257, para. {turn + 3}", "A/RES/80/16"),
        "zone": ("America/New_York" if turn else "Asia/Singapore",),
    }  # fmt: skip
    return by[column.kind][: 2 if column.many else 1]


def whole(desk: Desk, definition: Definition, side: Side, contact: Place, turn: int) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """Values for every column of a side, and the files among them."""
    place = Place(definition.id, "", side)
    files: list[str] = []
    values: dict[str, tuple[str, ...]] = {}
    for column in definition.columns_of(side):
        if not column.by_hand:
            continue
        evidence = desk.registers.attach(place, f"{column.id} {turn}.txt", f"{column.id} {turn}".encode()) if column.kind == "evidence" else ""
        files += [evidence] if evidence else []
        values[column.id] = values_of(desk, column, contact, turn, evidence)
    return values, files


def about(definition: Definition) -> dict[str, str]:
    chosen = {"state": "XB", "delegation": "", "item": definition.items[-1].id if definition.items else ""}
    return {one: chosen[one] for one in definition.rows if one != "record"}


def fill(base: Path) -> Filled:
    """A vault of XA, closed and opened again."""
    world = World(base, ("XA",))
    held = Filled(world, first_contact(world["XA"]), base)
    for register, side in PLACES:
        definition = REGISTERS[register]
        values, files = whole(held.desk, definition, side, held.contact, 0)
        if "record" in definition.rows:
            place = held.desk.registers.new_row(register, values, side=side, about=about(definition))
        else:  # the rows of States and items are there already: one of them is written in
            place = Place(register, "/".join(about(definition).values()), side)
            held.desk.registers.set(place, values, files=files)
        held.rows[register, side], held.told[register, side] = place, values
    world.reopen("XA")
    return held
