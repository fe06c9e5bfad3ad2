"""Names of States of our own: shown in this vault, in nothing that leaves it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.desk.pings_hands import entry, opened
from tests.world import World

from valise.desk.desk import Desk
from valise.desk.door_pings import Nomination
from valise.desk.door_registers import Filter, Place
from valise.domain.errors import NotAllowed

PLANTED = "Whatchamacallit"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, ("XA", "XB"))
    yield made
    made.close()


@pytest.fixture
def desk(world: World) -> Desk:
    return world["XA"]


def test_a_name_is_shown_wherever_the_state_is(desk: Desk) -> None:
    registers = desk.registers
    place = registers.new_row("capacity.needs", {"state": ["XB"], "need": ["Course"], "topics": ["norms"]})
    registers.name_state("XB", f"  {PLANTED} ")
    assert registers.state_names() == {"XB": PLANTED} and dict(registers.names("state"))["XB"] == PLANTED
    row = registers.row(place)
    assert row.cells["state"].shown == PLANTED and row.title == f"{PLANTED} · Course" and row.cells["state"].values == ("XB",)
    assert dict(registers.matrix("norms", "stated", "status").down)["XB"] == PLANTED
    assert registers.row(Place("norms", "XB/a")).title.startswith(PLANTED)
    assert [one.place for one in registers.page(registers.ids("capacity.needs", filter=Filter(words="whatcham")))] == [place]
    registers.name_state("XB", "")
    assert registers.row(place).cells["state"].shown == "XB" and dict(registers.names("state"))["XB"] == "XB"
    registers.name_state("XB", None)
    assert registers.row(place).cells["state"].shown == "Borovia" and registers.state_names() == {}


def test_what_cannot_be_a_name_changes_nothing(desk: Desk) -> None:
    for code, name, wrong in (("QQ", "Somewhere", "state.unknown"), ("XB", "x" * 101, "state.name"), ("XB", "a\u202eb", "state.name")):
        with pytest.raises(NotAllowed) as caught:
            desk.registers.name_state(code, name)
        assert caught.value.code == wrong and desk.registers.state_names() == {}
    desk.registers.name_state("XB", "Borovia")
    assert desk.registers.state_names() == {}  # as it is called anyway


def test_it_never_leaves(world: World, desk: Desk, tmp_path: Path) -> None:
    registers = desk.registers
    for code in ("XA", "XB"):
        registers.name_state(code, PLANTED)
    need = registers.new_row("capacity.needs", {"state": ["XB"], "need": ["Course"], "topics": ["norms"]})
    link = registers.new_row("consultations", {"subject": ["A call"], "date": ["2026-12-10T15:30Z"], "status": ["planned"]})
    contact = entry(desk, "XB")
    out = tmp_path / "out"
    out.mkdir()
    for register, form in (("capacity.needs", "csv"), ("norms", "csv"), ("contacts", "csv"), ("contacts", "vcard"), ("consultations", "calendar")):
        registers.export(register, "stated", form, out / f"{register}.{form}")
    desk.pings.nominate(Nomination(entry(desk, "XA"), "en", "the Secretariat", "Geneva", "2026-12-01", "TLP:GREEN"), out / "note.docx")
    round = opened(desk, [contact])
    desk.pings.report(round, "csv", out / "round.csv")
    desk.today.export(desk.today.dates("2026-01-01", "2027-12-31"), "All", out / "all.ics")
    world.exchange(rounds=2)
    import zipfile

    for path in out.iterdir():
        if path.suffix == ".docx":
            with zipfile.ZipFile(path) as made:
                assert not any(PLANTED.encode() in made.read(name) for name in made.namelist())
        assert PLANTED.encode() not in path.read_bytes(), path.name
    assert "Borovia" in (out / "capacity.needs.csv").read_text("utf-8-sig")
    with desk.store.read() as handle:
        assert not handle.rows("select id from op where instr(cast(raw as text), ?) > 0", (PLANTED,))
    found = registers.read("capacity.needs", "stated", out / "capacity.needs.csv")
    assert (found.equal, found.total_changes, found.total_faults) == (1, 0, 0)
    assert registers.row(need).title.startswith(PLANTED) and registers.row(link).title


def test_each_vault_has_its_own(world: World) -> None:
    world["XA"].registers.name_state("XC", PLANTED)
    assert dict(world["XA"].registers.names("state"))["XC"] == PLANTED
    assert dict(world["XB"].registers.names("state"))["XC"] == "Castellan Republic"
