"""Titles in a file: a row, a contact, a State, a delegation or an item by its name, as the screen shows it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.world import World

from valise.desk.door_registers import Place, Preview
from valise.desk.registers import RegistersDesk

LINKS = """
id = "links"
title = { en = "Links" }
rows = ["record"]
title_columns = ["name"]
[[column]]
id = "name"
kind = "text"
title = { en = "Name" }
[[column]]
id = "row"
kind = "record"
title = { en = "Row" }
[[column]]
id = "rows"
kind = "record"
many = true
title = { en = "Rows" }
[[column]]
id = "contact"
kind = "contact"
title = { en = "Contact" }
[[column]]
id = "state"
kind = "state"
title = { en = "State" }
[[column]]
id = "delegation"
kind = "delegation"
title = { en = "Delegation" }
"""
ITEMS = """
id = "mine"
title = { en = "Mine" }
rows = ["item"]
[[column]]
id = "said"
kind = "text"
title = { en = "Said" }
[[item]]
id = "one"
title = { en = "First", fr = "Premier" }
symbol = "A/1/1"
[[item]]
id = "two"
title = { en = "Second", fr = "First" }
symbol = "A/1/1"
[[item]]
id = "three"
title = { en = "Third", fr = "Deux" }
[[item]]
id = "four"
title = { en = "Fourth", es = "Deux" }
"""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[RegistersDesk]:
    world = World(tmp_path, ("XA", "XB"))
    made = world["XA"].registers
    for toml in (LINKS, ITEMS):
        made.define(toml)
    yield made
    world.close()


def written(tmp_path: Path, *lines: list[str]) -> Path:
    file = tmp_path / "in.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(lines)
    return file


def contact(desk: RegistersDesk, who: str) -> str:
    """A row of the directory; its key."""
    definition, special = desk.definition("contacts"), {"email": f"{who.lower()}@example.org", "state": "XB", "review": "2027-01-01"}
    plain = {"date": "2026-01-01", "phone": "+41 58 000 00 00", "zone": "Europe/Zurich", "language": "en", "marking": "TLP:GREEN"}
    return desk.new_row("contacts", {
        one.id: [special.get(one.id) or (one.choices[0].id if one.choices else plain.get(one.kind, who))]
        for one in definition.columns if one.by_hand and (one.required or one.id in ("institution", "email"))
    }).row  # fmt: skip


def row_titled(desk: RegistersDesk, name: str) -> Place:
    return desk.new_row("links", {"name": [name]})


def title(desk: RegistersDesk, register: str, key: str) -> str:
    return desk.row(Place(register, key)).title


def faults(found: Preview) -> list[tuple[int, str, str]]:
    return [(one.line, one.column, one.code) for one in found.faults]


def test_titles_turn_back_into_keys(desk: RegistersDesk, tmp_path: Path) -> None:
    first, odd, person = row_titled(desk, "A first one"), row_titled(desk, "Two; in one"), contact(desk, "Agency")
    delegation = next(value for value, name in desk.names("delegation") if name.startswith("XB"))
    told = dict(desk.names("delegation"))[delegation]
    file = written(
        tmp_path, ["Name", "Row", "Rows", "Contact", "State", "Delegation"],
        ["new", "a FIRST  one", "Two; in one; A first one", title(desk, "contacts", person), "Borovia", told],
        ["by key", f"links/{first.row}", f"links/{odd.row}", person, "xb", delegation],
    )  # fmt: skip
    found = desk.read("links", "stated", file)
    assert faults(found) == [] and desk.take(found.token) == 2
    rows = {one.title: one.cells for one in desk.page(desk.ids("links"))}
    assert rows["new"]["row"].values == rows["by key"]["row"].values == (f"links/{first.row}",)
    assert rows["new"]["rows"].values == (f"links/{odd.row}", f"links/{first.row}")
    for name in ("contact", "state", "delegation"):
        assert rows["new"][name].values == rows["by key"][name].values
    assert rows["new"]["contact"].values == (person,) and rows["new"]["state"].values == ("XB",)
    desk.export("links", "stated", "csv", file)
    again = desk.read("links", "stated", file)
    assert (again.equal, again.total_changes, again.total_faults) == (4, 0, 0)


@pytest.mark.parametrize(("column", "cell", "code"), [
    ("Row", "Twin", "import.ambiguous"), ("Rows", "Alone; Twin", "import.ambiguous"), ("Row", "Nobody", "import.unknown"),
    ("Row", "links/nothing", "import.unknown"), ("Contact", "Nobody", "import.unknown"), ("Contact", "Gone", "import.unknown"),
    ("State", "Atlantis", "register.value"),
])  # fmt: skip
def test_a_title_that_is_nobodys_or_of_several_is_a_fault(
    desk: RegistersDesk, tmp_path: Path, column: str, cell: str, code: str
) -> None:
    for name in ("Twin", "Twin", "Alone", "Gone"):
        row_titled(desk, name)
    found = desk.read("links", "stated", written(tmp_path, ["Name", column], ["fine", ""], ["new", cell]))
    assert faults(found) == [(3, column, code)] and found.total_changes == 1


def test_what_was_taken_out_is_not_meant_by_its_title(desk: RegistersDesk, tmp_path: Path) -> None:
    gone, stays = row_titled(desk, "Twin"), row_titled(desk, "Twin")
    desk.take_out(gone)
    found = desk.read("links", "stated", written(tmp_path, ["Name", "Row"], ["new", "Twin"]))
    assert [one.after for one in found.changes if one.field == "row"] == ["Twin"] and not found.faults
    desk.take(found.token)
    assert desk.page(desk.ids("links", sort="name"))[0].cells["row"].values == (f"links/{stays.row}",)


def test_an_item_by_its_title_in_the_language_of_the_file(desk: RegistersDesk, tmp_path: Path) -> None:
    lines = [["Item", "Said"], ["First", "x"], ["two", "y"], ["A/1/1", "z"], ["Deux", "w"], ["Fifth", "v"]]
    found = desk.read("mine", "stated", written(tmp_path, *lines))
    assert faults(found) == [(4, "Item", "import.ambiguous"), (5, "Item", "import.ambiguous"), (6, "Item", "import.about")]
    assert {one.place.row: one.after for one in found.changes} == {"one": "x", "two": "y"}
