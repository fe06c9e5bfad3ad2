"""Registers in rooms with others: each delegation says what concerns its own State; what we assess is in nothing that leaves."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.hostile import tools as h
from tests.hostile.scan import Scan
from tests.hostile.test_canaries import Words, plaintext
from tests.hostile.test_internal_words import Outgoing
from tests.registered import OWN, SHARED, calm, enrolled, kept
from tests.world import World

from valise.desk.door_registers import Filter, Place
from valise.domain.errors import NotAllowed
from valise.vault import backup_tables


@pytest.fixture
def outgoing(monkeypatch: pytest.MonkeyPatch) -> Outgoing:
    return Outgoing(monkeypatch)


@pytest.fixture
def world(tmp_path: Path, outgoing: Outgoing) -> Iterator[World]:
    made = World(tmp_path, ("XA", "XB"))
    for code in ("XA", "XB"):
        made[code].registers.define(SHARED)
    yield made
    made.close()


def test_each_delegation_says_what_concerns_its_own_state(world: World) -> None:
    room = world.room(members=("XA", "XB"))
    a, b = world["XA"].registers, world["XB"].registers
    place = a.new_row("told", {"status": ["planned"]}, room=room, about={"state": "XA", "item": "a"})
    with pytest.raises(NotAllowed) as caught:
        b.set(place, {"status": ["in_place"]})
    assert caught.value.code == "register.not_own"
    with pytest.raises(NotAllowed):
        b.new_row("told", {"status": ["planned"]}, room=room, about={"state": "XA", "item": "b"})
    for side, register in (("assessed", "told"), ("stated", "norms")):
        with pytest.raises(NotAllowed):
            b.ids(register, side, room=room)  # type: ignore[arg-type]
    b.new_row("told", {"status": ["in_place"]}, room=room, about={"state": "XB", "item": "a"})
    world.exchange(rounds=5, pause=61_000)
    for desk in (a, b):
        rows = desk.page(desk.ids("told", room=room))
        assert [(row.place.row, row.cells["status"].shown, row.changed_by) for row in rows] == [
            ("XA/a", "Planned", "XA, Officer XA"), ("XB/a", "In place", "XB, Officer XB")]  # fmt: skip
        assert list(desk.ids("told", filter=Filter(only={"status": ("planned",)}), room=room)) == [rows[0].id]
        assert all(row < 0 for row in desk.ids("told"))  # nothing of it stands in anybody's own record
    assert not b.row(place).cells["status"].said[0].own and not b.history(place)[0].can_undo
    with pytest.raises(NotAllowed):
        b.undo(b.history(place)[0].op)


def test_evidence_goes_to_the_room_with_the_row(world: World) -> None:
    room = world.room(members=("XA", "XB"))
    a, b = world["XA"].registers, world["XB"].registers
    place = a.new_row("told", {"status": ["planned"]}, room=room, about={"state": "XA", "item": "a"})
    inside = a.attach(Place("told", "XA/a"), "ours.txt", b"for ourselves")
    with pytest.raises(NotAllowed) as caught:
        a.set(place, {"evidence": [inside]})
    assert caught.value.code == "attachment.other_room"
    shown = a.attach(place, "shown.txt", b"for the room")
    a.set(place, {"evidence": [shown]})
    world.exchange(rounds=5, pause=61_000)
    assert b.file(shown) == ("shown.txt", b"for the room") and b.row(place).cells["evidence"].shown == "shown.txt"


def test_a_peer_that_speaks_of_our_state_or_assesses_in_a_room_is_not_heard(world: World) -> None:
    room = h.talk(world, members=("XA", "XB"))
    a, b = world["XA"], world["XB"]
    a.registers.new_row("told", {"status": ["planned"]}, room=room, about={"state": "XA", "item": "a"})
    world.exchange(rounds=4, pause=61_000)
    with a.store.read() as handle:
        stands = [row[0] for row in handle.rows("select id from op where kind = 'register.set' and room = ?", (room,))]
    before = a.registers.row(Place("told", "XA/a", room=room))

    def said(row: str, side: str = "stated", field: str = "status", register: str = "told") -> h.Item:
        change = {"field": field, "values": ["in_place"], "replaces": stands}
        body = {"register": register, "side": side, "row": row, "changes": [change]}
        return h.item(b, h.fields(b, room, "register.set", body))

    for made in (said("XA/a"), said("XB/a", "assessed"), said("XB/a", field="@1"), said("a/XA"), said("XA")):
        h.send(b, a, room, items=(made,))
    assert a.registers.row(before.place) == before
    with a.store.read() as handle:
        spaces = handle.rows("select register, side, key from register_row join register_space on space = register_space.id where register_space.room = ?", (room,))
        entered = handle.value("select count(*) from op where kind = 'register.set' and author = ?", (world.id("XB"),))
    assert spaces == [("told", "stated", "XA/a")] and entered == 5
    a.rebuild()
    assert a.registers.row(before.place).cells == before.cells


def test_nonsense_in_a_lawful_row_is_shown_as_unfit(world: World) -> None:
    room = h.talk(world, members=("XA", "XB"))
    a, b = world["XA"], world["XB"]
    changes = [{"field": "status", "values": ["no such choice", "and another"], "replaces": []},
               {"field": "colour", "values": ["red"], "replaces": []}]  # fmt: skip
    body = {"register": "told", "side": "stated", "row": "XB/no-such-item/x", "changes": changes}
    for row in ("XB/a", "XB/no-such-item/x"):
        h.send(b, a, room, items=(h.item(b, h.fields(b, room, "register.set", {**body, "row": row})),))
        world.exchange(rounds=2, pause=61_000)
    rows = a.registers.page(a.registers.ids("told", room=room))
    assert "XB/a" in [row.place.row for row in rows]
    assert all(row.cells["status"].unfit and row.cells["status"].shown == "no such choice; and another" for row in rows)
    for row in rows:
        a.registers.history(row.place)


def test_what_is_assessed_is_in_nothing_that_leaves(world: World, outgoing: Outgoing, tmp_path: Path) -> None:
    plant = Words(112)
    a, b = world["XA"], world["XB"]
    second = enrolled(world, "XA-2", "Second officer")
    a.registers.define(OWN)
    room = world.room(members=("XA", "XB"))
    calm(world)
    for desk in (a, second):
        registers = desk.registers
        place = registers.new_row("own", {"name": [plant("name")], "confidence": [plant("confidence")]}, side="assessed")
        registers.set(place, {"name": [plant("renamed")]}, note=plant("note"))
        registers.set(Place("norms", "XB/a", "assessed"), {"statement": [plant("statement")], "gaps": [plant("gaps")]})
        file = registers.attach(place, f"{plant('file')}.txt", f"{plant('inside the file')} ".encode() * 500)
        registers.set(place, {"evidence": [file]})
        registers.take_out(registers.new_row("own", {"name": [plant("taken out")]}, side="assessed"), plant("why"))
        registers.undo(registers.set(place, {"confidence": [plant("undone")]}))
        # and beside it what States say of themselves, in the record and to the room
        registers.set(Place("norms", "XB/a"), {"statement": ["Borovia said so in the debate"]})
        registers.set(Place("told", "XA/a", room=room), {"status": ["planned" if desk is a else "in_place"]})
        desk.messages.send(room, "a word to all")
        calm(world)
    assert not b.registers.row(Place("told", "XA/a", room=room)).differs  # they had met
    scan = Scan(plant.planted)
    inside = {desk.rooms.internal() for desk in world.desks.values()}
    sent = [data for name, data in outgoing.frames if name not in inside]
    assert len(sent) > 5 and b"in_place" in b"".join(sent) and not scan.hits(b"".join(sent))
    own = b"".join(data for name, data in outgoing.frames if name in inside)
    assert {"confidence", "statement", "note"} <= {plant.planted[word] for word, _ in scan.hits(own)}
    for form, name in (("csv", "t.csv"), ("docx", "t.docx"), ("list", "t.pdf")):
        a.registers.export("own", "stated", form, tmp_path / name)
        a.registers.export("norms", "stated", "csv" if form == "list" else form, tmp_path / f"norms-{name}")
    written = [path.read_bytes() for path in sorted(tmp_path.glob("*t.*"))]
    for path in sorted(tmp_path.glob("*.docx")):
        with zipfile.ZipFile(path) as packed:
            written += [packed.read(name) for name in packed.namelist()]
    assert len(written) > 6 and not scan.hits(b"".join(written))
    assert not scan.hits(plaintext(b).encode()) and not scan.tree(world.share)[0]
    # our own two laptops do hold it
    assert kept(a) == kept(second) and scan.hits(plaintext(second).encode())


def test_a_travel_vault_takes_a_register_along_only_with_its_room(world: World) -> None:
    room = world.room(members=("XA", "XB"))
    a = world["XA"]
    a.registers.set(Place("norms", "XB/a", "assessed"), {"statement": ["what we hold"]})
    a.registers.new_row("told", {"status": ["planned"]}, room=room, about={"state": "XA", "item": "a"})
    from valise.desk.door_registers import Saved

    a.registers.save(Saved("weak ones", "norms", "assessed", Filter(words="what we hold")))
    for rooms, along in (((room,), False), ((room, a.rooms.internal()), True)):
        with a.store.read() as handle:
            found: dict[str, str] = {}
            for part in backup_tables.parts(handle, backup_tables.Scope(rooms)):
                found[part.table] = repr(handle.rows(part.sql, part.values))
        assert ("what we hold" in "".join(found.values())) is along
        assert ("weak ones" in found["register_saved"]) is along and "planned" in found["op"]
    with a.store.read() as handle:
        assert backup_tables.unsorted(handle) == []
