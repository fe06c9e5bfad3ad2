"""Rows of registers at the desk: written, found, sorted, undone, taken out; what two laptops changed apart is settled by a person."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.registered import OWN, calm, enrolled, kept
from tests.world import World

from valise.desk.door_registers import Filter, Place, Saved
from valise.desk.registers import RegistersDesk
from valise.domain.errors import NotAllowed, NotYet, Refused

ROW = Place("norms", "XB/a")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, ("XA", "XB"))
    yield made
    made.close()


@pytest.fixture
def own(world: World) -> RegistersDesk:
    """XA's registers, with one of its own."""
    made = world["XA"].registers
    made.define(OWN)
    return made


def refused(code: str, call: object, *given: object, **named: object) -> str:
    with pytest.raises((NotAllowed, Refused)) as caught:
        call(*given, **named)  # type: ignore[operator]
    assert caught.value.code == code
    return caught.value.line


def add(desk: RegistersDesk, name: str, **more: str | list[str]) -> Place:
    values = {key: one if isinstance(one, list) else [one] for key, one in more.items()}
    return desk.new_row("own", {"name": [name], **values})


def names(desk: RegistersDesk, **more: object) -> list[str]:
    return [row.title for row in desk.page(desk.ids("own", **more))]  # type: ignore[arg-type]


def test_a_row_is_written_shown_and_there_after_a_restart(world: World, own: RegistersDesk) -> None:
    place = add(own, "First  letter", status="open", date="2026-12-01", states=["xb", "XC"], urgent="yes", amount="007")
    row = own.row(place, "fr")
    shown = {name: cell.shown for name, cell in row.cells.items() if cell.shown}
    assert shown == {
        "@record": place.row, "name": "First letter", "number": "2026/001", "status": "Ouvert", "date": "2026-12-01", "amount": "7",
        "states": "Borovie; République castellane", "urgent": "oui", "review": "2027-06-09",
    }  # fmt: skip
    assert (row.title, row.changed_by, row.differs, row.gone) == ("First letter", "XA, Officer XA", False, False)
    (said,) = row.cells["status"].said
    assert (said.values, said.code, said.officer, said.own) == (("open",), "XA", "Officer XA", True)
    (again,) = own.page([row.id], "fr")
    assert {name: cell.shown for name, cell in again.cells.items() if cell.shown} == shown
    before = kept(world["XA"])
    desk = world.reopen("XA")
    assert kept(desk) == before and desk.registers.row(place, "fr").title == row.title
    desk.rebuild()
    assert kept(desk) == before and desk.registers.row(place).id == row.id


def test_rules_of_a_row_hold_at_the_door(own: RegistersDesk) -> None:
    assert refused("register.required", own.new_row, "own", {"date": ["2026-01-01"]}) == "name"
    assert refused("register.value", own.new_row, "own", {"name": ["x"], "date": ["tomorrow"]}) == "date"
    assert refused("register.asks", own.new_row, "own", {"name": ["x"], "status": ["open"]}) == "date"
    assert refused("register.internal", own.new_row, "own", {"name": ["x"], "confidence": ["low"]}) == "confidence"
    assert refused("register.value", own.new_row, "own", {"name": ["x"], "states": ["QQ"]}) == "states"
    assert refused("register.value", own.new_row, "own", {"name": ["x"], "evidence": ["e" * 43]}) == "evidence"
    refused("register.unknown", own.ids, "no such register")
    refused("register.row", own.row, Place("own", "nobody"))
    refused("register.row", own.row, Place("norms", "XA/zz"))
    refused("register.row", own.new_row, "norms", {}, about={"state": "XA", "item": "zz"})
    refused("register.about", own.new_row, "norms", {}, about={"state": "XA"})
    refused("register.side", own.ids, "contacts", "assessed")
    assert list(own.ids("own")) == []
    place = add(own, "There")
    assert refused("register.required", own.set, place, {"name": [""]}) == "name"
    assert refused("register.by_hand", own.set, place, {"number": ["9"]}) == "number"
    assert own.set(place, {"name": ["There"]}) == ""
    assert own.put(place, {"number": ["2026/050"]})
    assert own.row(add(own, "Next")).cells["number"].values == ("2026/051",)


def test_a_row_nobody_wrote_in_is_there_and_may_be_written(own: RegistersDesk) -> None:
    ids = own.ids("norms")
    states, items = len(own.book.states(own.definition("norms"))), len(own.definition("norms").items)
    assert len(ids) == states * items == 132
    (row,) = own.page(ids[:1])
    assert row.id < 0 and row.place == Place("norms", "XA/a") and row.cells["@state"].shown == "Aurelia"
    assert own.row(ROW).changed_at == 0 and own.history(ROW) == []
    own.set(ROW, {"status": ["in_place"], "date": ["2026-01-02"]}, note="said in the debate")
    assert len(own.ids("norms")) == 132
    (event, *_) = own.history(ROW, "status")
    assert (event.before, event.after, event.note) == ("", "In place", "said in the debate")
    refused("register.exists", own.new_row, "norms", {}, about={"state": "XB", "item": "a"})
    assert own.row(ROW).cells["status"].said[0].note == "said in the debate"


def test_sides_never_share_a_cell(own: RegistersDesk) -> None:
    theirs = Place("norms", "XB/a", "assessed")
    own.set(ROW, {"status": ["in_place"], "date": ["2026-01-02"]})
    own.set(theirs, {"status": ["partial"], "date": ["2026-01-03"]})
    assert own.row(ROW).cells["status"].values == ("in_place",)
    assert own.row(theirs).cells["status"].values == ("partial",)
    assert len(own.history(ROW, "status")) == len(own.history(theirs, "status")) == 1
    for side, value in (("stated", "in_place"), ("assessed", "partial")):
        found = own.ids("norms", side, filter=Filter(only={"status": (value,)}))  # type: ignore[arg-type]
        assert [(row.place.side, row.place.row) for row in own.page(found)] == [(side, "XB/a")]


def test_filters_and_orders(own: RegistersDesk) -> None:
    add(own, "beta", amount="10", status="closed", date="2026-02-01", states=["XB"])
    add(own, "Álpha", amount="9", status="open", date="2026-03-01", urgent="no")
    add(own, "gamma", states=["XC", "XB"])
    assert names(own) == ["beta", "Álpha", "gamma"] and names(own, sort="-") == ["gamma", "Álpha", "beta"]
    assert names(own, sort="name") == ["Álpha", "beta", "gamma"]
    assert names(own, sort="amount") == ["Álpha", "beta", "gamma"]  # by size; without an amount last
    assert names(own, sort="-amount") == ["beta", "Álpha", "gamma"]
    assert names(own, sort="status") == ["Álpha", "beta", "gamma"]  # in the order of the definition
    assert names(own, sort="-date") == ["Álpha", "beta", "gamma"]
    assert names(own, sort="states") == ["beta", "gamma", "Álpha"]  # by the names of States
    assert names(own, filter=Filter(only={"status": ("open", "closed"), "states": ("XB",)})) == ["beta"]
    assert names(own, filter=Filter(only={"states": ()})) == ["Álpha"]
    assert names(own, filter=Filter(words="alph")) == ["Álpha"]
    assert names(own, filter=Filter(words="Borovia")) == ["beta", "gamma"]  # what the cell shows
    assert names(own, filter=Filter(words="clos")) == ["beta"] and names(own, filter=Filter(words="borovia clos")) == ["beta"]
    assert names(own, filter=Filter(words="ouvert")) == ["Álpha"]
    assert names(own, filter=Filter(due="2027-06-10")) == ["beta", "Álpha", "gamma"] and not names(own, filter=Filter(due="2027-06-09"))
    assert own.counts("own", "stated", "status") == {"": 1, "open": 1, "closed": 1}
    assert own.counts("own", "stated", "status", filter=Filter(words="borovia")) == {"": 1, "open": 0, "closed": 1}


def test_filters_on_rows_that_exist_by_themselves_are_the_same(own: RegistersDesk) -> None:
    own.set(ROW, {"status": ["in_place"], "date": ["2026-01-02"]})
    own.set(Place("norms", "XC/b"), {"statement": ["about exercises"]})

    def keys(**more: object) -> list[str]:
        return [row.place.row for row in own.page(own.ids("norms", **more))]  # type: ignore[arg-type]

    assert keys(filter=Filter(only={"status": ("in_place",)})) == ["XB/a"]
    assert keys(filter=Filter(words="borovia in place")) == ["XB/a"]
    assert keys(filter=Filter(words="exercis")) == ["XC/b"]
    assert keys(filter=Filter(only={"@state": ("XB",), "status": ()})) == [f"XB/{item}" for item in "bcdefghijk"]
    assert len(keys(filter=Filter(only={"@item": ("a",)}))) == 12
    assert keys(sort="-date")[0] == "XB/a" and keys()[:2] == ["XA/a", "XA/b"]
    assert keys(sort="@item")[:2] == ["XA/a", "XB/a"]
    counts = own.counts("norms", "stated", "status")
    assert (counts["in_place"], counts[""]) == (1, 131)
    matrix = own.matrix("norms", "stated", "status")
    assert len(matrix.down) == 12 and len(matrix.across) == 11 and matrix.cells[1][0].value == "in_place"
    some = own.matrix("norms", "stated", "status", filter=Filter(only={"@item": ("a",), "@state": ("XB",)}))
    assert (some.down, len(some.across), some.cells[0][0].value) == ((("XB", "Borovia"),), 1, "in_place")


def test_undoing_leaves_a_trace(own: RegistersDesk) -> None:
    place = add(own, "Row", status="open", date="2026-01-01")
    first = own.history(place, "status")[0].op
    second = own.set(place, {"status": ["closed"], "date": ["2026-02-01"]})
    refused("register.moved_on", own.undo, first)
    undone = own.undo(second)
    assert (own.row(place).cells["status"].values, own.row(place).cells["date"].values) == (("open",), ("2026-01-01",))
    refused("register.undone", own.undo, second)
    newest, middle, oldest = own.history(place, "status")
    assert (newest.undoes, newest.before, newest.after, newest.can_undo) == (second, "Closed", "Open", True)
    assert (middle.op, middle.can_undo, oldest.op, oldest.can_undo) == (second, False, first, False)
    own.undo(undone)
    assert own.row(place).cells["status"].values == ("closed",)
    refused("register.operation", own.undo, "x" * 43)


def test_a_row_taken_out_is_kept_and_put_back(world: World, own: RegistersDesk) -> None:
    place = add(own, "Out of it", date="2026-01-01")
    assert [hit.title for hit in world["XA"].search("out of it")] == ["Out of it"]
    own.take_out(place, "entered twice")
    assert names(own) == [] and names(own, filter=Filter(gone=True)) == ["Out of it"]
    assert world["XA"].search("out of it") == [] and own.row(place).gone
    refused("register.gone", own.set, place, {"date": ["2026-02-01"]})
    assert own.take_out(place) == ""
    own.put_back(place)
    assert names(own) == ["Out of it"] and not own.row(place).gone
    assert [event.note for event in own.history(place, "~gone")] == ["", "entered twice"]
    own.take_out(ROW)
    assert len(own.ids("norms")) == 131 and own.matrix("norms", "stated", "status").cells[1][0].value == ""
    with pytest.raises(NotAllowed):
        own.new_row("norms", {}, about={"state": "XB", "item": "a"})


def test_search_leads_to_the_row(world: World, own: RegistersDesk) -> None:
    own.set(ROW, {"statement": ["Points of contact were named in 2025"]})
    (hit,) = world["XA"].search("named contact")
    assert (hit.kind, hit.ref) == ("register", "norms/stated//XB/a")
    assert hit.title.startswith("Borovia") and hit.excerpt == "Points of contact were named in 2025"


def test_evidence_is_a_file_in_the_vault(world: World, own: RegistersDesk) -> None:
    place = add(own, "With a file")
    name = own.attach(place, "statement.pdf", b"%PDF what was said")
    own.set(place, {"evidence": [name]})
    assert own.file(name) == ("statement.pdf", b"%PDF what was said")
    assert own.row(place).cells["evidence"].shown == "statement.pdf"
    second = enrolled(world, "XA-2", "Second officer")
    calm(world)
    assert second.registers.file(name) == ("statement.pdf", b"%PDF what was said")
    assert second.registers.row(place).cells["evidence"].shown == "statement.pdf"
    with pytest.raises((NotAllowed, NotYet)):
        world["XB"].registers.file(name)


def test_what_two_laptops_changed_apart_stands_until_a_person_settles_it(world: World, own: RegistersDesk) -> None:
    second = enrolled(world, "XA-2", "Second officer")
    calm(world)
    place = add(own, "Common", status="open", date="2026-01-01")
    calm(world)
    other = second.registers
    assert other.definition("own").id == "own" and other.row(place).title == "Common"
    own.set(place, {"date": ["2026-02-02"]})
    other.set(place, {"date": ["2026-03-03"], "amount": ["5"]})
    calm(world)
    for desk in (own, other):
        row = desk.row(place)
        assert row.differs and row.cells["date"].differs and not row.cells["amount"].differs
        assert {(one.values, one.officer) for one in row.cells["date"].said} == {
            (("2026-02-02",), "Officer XA"), (("2026-03-03",), "Second officer")}  # fmt: skip
        assert row.cells["date"].values == ("2026-03-03",)
        assert list(desk.ids("own", filter=Filter(differs=True))) == [row.id]
    other.set(place, {"date": ["2026-02-02"]})
    calm(world)
    assert kept(world["XA"]) == kept(second)
    for desk in (own, other):
        row = desk.row(place)
        assert not row.differs and row.cells["date"].values == ("2026-02-02",) and len(row.cells["date"].said) == 1
    assert len(own.history(place, "date")) == 4


def test_undoing_a_settlement_brings_the_difference_back_and_what_is_due_says_so(world: World, own: RegistersDesk) -> None:
    """Nobody's value may win because somebody took a decision back."""
    second = enrolled(world, "XA-2", "Second officer")
    calm(world)
    place = add(own, "Common", status="open", date="2026-01-01", amount="1")
    calm(world)
    own.set(place, {"status": ["closed"], "date": ["2026-02-02"]})
    second.registers.set(place, {"status": ["open"], "date": ["2026-03-03"], "amount": ["5"]})
    calm(world)

    def told() -> list[tuple[str, ...]]:
        return [one.values for one in world["XA"].overview().due if one.line == "register.differs"]

    assert told() == [("own", "1")]
    settled = own.set(place, {"status": ["closed"], "date": ["2026-02-02"]}, note="by telephone")
    assert not own.row(place).differs and told() == []
    undone = own.undo(settled)
    calm(world)
    for desk in (own, second.registers):
        row = desk.row(place)
        dates, states = row.cells["date"], row.cells["status"]
        assert dates.differs and {one.values for one in dates.said} == {("2026-02-02",), ("2026-03-03",)}
        assert not states.differs and states.values == ("closed",) and row.cells["amount"].values == ("5",)
        refused("register.undone", desk.undo, settled)
    assert kept(world["XA"]) == kept(second) and told() == [("own", "1")]
    (events,) = [[one for one in own.history(place) if one.undoes]]
    assert {one.undoes for one in events} == {settled} and len({one.op for one in events}) == 2  # both are there, by who undid
    own.undo(undone)
    assert not own.row(place).differs and own.row(place).cells["date"].values == ("2026-02-02",)


def test_a_row_taken_out_here_and_changed_there_stays_until_a_person_decides(world: World, own: RegistersDesk) -> None:
    second = enrolled(world, "XA-2", "Second officer")
    calm(world)
    place, other = add(own, "Common", date="2026-01-01"), second.registers
    calm(world)
    own.take_out(place, "no longer needed")
    other.set(place, {"date": ["2026-03-03"]})
    calm(world)
    for desk in (own, other):
        row = desk.row(place)
        assert not row.gone and row.differs and row.cells["date"].values == ("2026-03-03",) and not row.cells["date"].differs
    other.take_out(place)
    calm(world)
    assert kept(world["XA"]) == kept(second)
    assert all(desk.row(place).gone and not desk.row(place).differs for desk in (own, other))


def test_the_same_change_on_both_is_no_difference_and_choosing_what_is_shown_settles_one(world: World, own: RegistersDesk) -> None:
    second = enrolled(world, "XA-2", "Second officer")
    calm(world)
    place = add(own, "Common")
    calm(world)
    for desk in (own, second.registers):
        desk.set(place, {"date": ["2026-02-02"], "amount": ["1" if desk is own else "2"]})
    calm(world)
    row = own.row(place)
    assert not row.cells["date"].differs and len(row.cells["date"].said) == 2 and row.cells["amount"].differs
    assert own.set(place, {"amount": list(row.cells["amount"].values)})
    calm(world)
    assert not second.registers.row(place).differs


def test_a_number_given_twice_is_shown_on_both(world: World, own: RegistersDesk) -> None:
    second = enrolled(world, "XA-2", "Second officer")
    calm(world)
    one, two = add(own, "Here"), add(second.registers, "There")
    calm(world)
    for place in (one, two):
        cell = own.row(place).cells["number"]
        assert cell.values == ("2026/001",) and cell.unfit
    own.put(two, {"number": ["2026/002"]})
    assert not own.row(one).cells["number"].unfit


def test_filters_are_kept_on_this_laptop(world: World, own: RegistersDesk) -> None:
    kept_one = Saved("  Open  ones ", "own", "assessed", Filter("word", {"status": ("open",), "date": ()}, "2026-01-01", True), "table", "-date")
    own.save(kept_one)
    own.save(Saved("Other", "norms", "stated", Filter()))
    (found,) = own.saved("own")
    assert found == Saved("Open ones", "own", "assessed", kept_one.filter, "table", "-date") and len(own.saved()) == 2
    refused("register.name", own.save, Saved(" ", "own", "stated", Filter()))
    desk = world.reopen("XA")
    desk.rebuild()
    assert desk.registers.saved("own") == [found]
    desk.registers.drop("own", "Open ones")
    assert desk.registers.saved("own") == []


def test_a_register_of_ones_own_is_renewed_and_never_takes_the_place_of_one_of_the_program(world: World, own: RegistersDesk) -> None:
    place = add(own, "Row", amount="5")
    own.define(OWN.replace('kind = "number"\ntitle = "Amount"', 'kind = "date"\ntitle = "When"'))
    cell = own.row(place).cells["amount"]
    assert cell.unfit and cell.values == ("5",) and own.definition("own").column("amount").title.in_("en") == "When"  # type: ignore[union-attr]
    refused("register.taken", own.define, OWN.replace('id = "own"', 'id = "norms"'))
    line = refused("register.toml", own.define, OWN.replace('kind = "number"', 'kind = "nothing"'))
    assert line.startswith("line ")
    assert [one.id for one in own.definitions()].count("own") == 1
    assert "own" not in [one.id for one in world["XB"].registers.definitions()]
    calm(world)
    assert "own" not in [one.id for one in world["XB"].registers.definitions()]
