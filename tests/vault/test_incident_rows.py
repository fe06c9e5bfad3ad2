"""Rows of incidents: which operations belong to which, what is nobody's, what a backup holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.desk.incidents_hands import form, report
from tests.world import World

from valise.desk.door_incidents import Draft
from valise.vault import backup_tables, incidents, search


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, ("XA", "XB"))
    yield made
    made.close()


def test_every_operation_stands_under_its_incident_and_once(world: World) -> None:
    room = world.room("bilateral")
    one, other = report(world, room), report(world, room)
    world["XB"].incidents.acknowledge(one, "CSIRT")
    world["XA"].incidents.note(one, "inside")
    world.exchange()
    with world["XA"].store.read() as handle:
        assert incidents.opened(handle) == [one, other]
        assert len(incidents.names(handle, one)) == 2 and len(incidents.names(handle, one, inside=True)) == 1
        assert incidents.mark(handle, other)[0] == 1 and incidents.mark(handle, "nobody") == (0, 0)
        ack = incidents.names(handle, one)[1]
        assert incidents.incident_of(handle, ack) == one and incidents.incident_of(handle, "x") == ""
        found = search.find(handle, "inside", 10)
    assert [row[0] for row in found] == [incidents.FOUND]


def test_dropping_the_rows_drops_what_is_found_with_them(world: World) -> None:
    desk = world["XA"]
    report(world, world.room("bilateral"))
    with desk.context.write() as tx:
        incidents.clear(tx)
        assert tx.value("select count(*) from incident_op") == 0 and search.find(tx, "wiper", 10) == []
    desk.rebuild()
    assert [one.kind for one in desk.search("wiper")] == ["incident"]


def test_rooms_where_it_means_nothing_leave_no_row(world: World) -> None:
    desk = world["XA"]
    with desk.context.write() as tx:
        body = {"form": form(desk), "embargo": 0, "files": []}
        desk.context.author(tx, desk.rooms.internal(), "incident.open", body)
        assert tx.value("select count(*) from incident_op") == 0
    assert desk.incidents.all() == []


def test_a_backup_takes_drafts_along_and_a_journey_only_those_of_its_rooms(world: World) -> None:
    desk = world["XA"]
    room, other = world.room("bilateral"), world.room("bilateral", title="Another")
    for place in (room, other):
        desk.incidents.save_draft(Draft("", place, form(desk)))
    incident = report(world, room)
    desk.incidents.seen(incident)
    with desk.store.read() as handle:
        def rows(table: str, scope: backup_tables.Scope | None = None) -> int:
            part = next(one for one in backup_tables.parts(handle, scope) if one.table == table)
            return len(handle.rows(part.sql, part.values))

        assert rows("incident_draft") == 2 and rows("incident_seen") == 1
        journey = backup_tables.Scope((other,))
        assert rows("incident_draft", journey) == 1 and rows("incident_seen", journey) == 0
        assert "incident_op" in backup_tables.DERIVED
        assert [one for one in backup_tables.unsorted(handle) if one.startswith("incident")] == []
