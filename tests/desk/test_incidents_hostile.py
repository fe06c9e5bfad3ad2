"""Peers that say what they should not, and words of ours that must not leave."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.desk.incidents_hands import form, hashes, report
from tests.hostile import tools as h
from tests.hostile.test_internal_words import Outgoing
from tests.world import World

from valise.domain.errors import NotAllowed

PLANTED = ("zebrafish doubts the vendor", "quokka thinks it was them", "ocelot asks the cabinet", "platypus could not wait")


@pytest.fixture
def outgoing(monkeypatch: pytest.MonkeyPatch) -> Outgoing:
    return Outgoing(monkeypatch)


@pytest.fixture
def world(tmp_path: Path, outgoing: Outgoing) -> Iterator[World]:
    made = World(tmp_path, ("XA", "XB", "XC"))
    yield made
    made.close()


def test_internal_notes_tasks_and_reasons_are_in_no_byte_that_leaves(world: World, outgoing: Outgoing) -> None:
    room = world.room()
    other = world.room("bilateral", members=("XA", "XC"))
    a, b = world["XA"], world["XB"]
    incident = a.incidents.open(room, form(a, tlp="TLP:GREEN"), embargo=world.clock.at + 10**9)
    world.exchange()
    a.incidents.note(incident, f"Between us: {PLANTED[0]}.")
    a.incidents.note(incident, PLANTED[1])
    a.incidents.task(incident, PLANTED[2], officer="Somebody")
    made = a.incidents.send_on(incident, other, reason=PLANTED[3])
    a.incidents.update(incident, {"status": "contained"})
    b.incidents.acknowledge(incident, "CSIRT")
    world.exchange()
    files = [a.incidents.record(incident), a.incidents.stix(made, reason=PLANTED[3]), a.incidents.printed(incident)]
    internal = a.rooms.internal()
    leaving = [data for place, data in outgoing.frames if place != internal]
    assert len(leaving) > 4
    for word in PLANTED:
        assert not any(word.encode() in data for data in (*leaving, *files)), word
        assert b.search(word) == world["XC"].search(word) == []
        assert [one.kind for one in a.search(word)][:1] == ["incident"]
    for desk, subject in ((b, incident), (world["XC"], made)):
        with desk.store.read() as handle:
            assert handle.value("select count(*) from op where kind in ('incident.note', 'incident.task', 'incident.passed')") == 0
        assert desk.incidents.one(subject).inside.notes == ()


def enter(author: Any, victim: Any, room: str, kind: str, body: dict[str, Any]) -> str:
    """An operation past every check of the author's own desk; returns its id."""
    one = h.item(author, h.fields(author, room, kind, body))
    h.send(author, victim, room, items=(one,))
    return h.ident(one)


def test_what_belongs_inside_means_nothing_from_a_peer(world: World) -> None:
    room = world.room()
    incident = report(world, room)
    world["XB"].incidents.acknowledge(incident, "CSIRT")
    world.exchange()
    before = world["XA"].incidents.one(incident)
    enter(world["XB"], world["XA"], room, "incident.task", {
        "incident": incident, "words": "Pay the invoice", "officer": "You", "due": 1, "replaces": "",
    })  # fmt: skip
    assert world["XA"].incidents.one(incident) == before
    assert [one for one in world["XA"].incidents.due() if one.line == "incident.task"] == []
    assert world["XA"].search("invoice") == []


def test_what_is_ours_to_say_is_not_said_by_others(world: World) -> None:
    room = world.room()
    incident = report(world, room)
    world["XB"].incidents.acknowledge(incident, "CSIRT")
    world.exchange()
    head = {"reference": "XB/1", "from_entry": "CSIRT", "languages": "en", "tlp": "TLP:CLEAR", "attribution_disclaimer": 0}
    body = {"incident": incident, "form": {**head, "record_copy": "x"}, "seen": []}
    enter(world["XB"], world["XA"], room, "incident.close", body)
    one = world["XA"].incidents.one(incident)
    assert one.row.state == "acknowledged" and one.row.tlp == "TLP:AMBER"
    assert [line.kind for line in one.timeline if not line.counts] == ["incident.close"]


@pytest.mark.parametrize("change", [
    {"exercise": 7}, {"title": "x" * 400}, {"sectors": {"a": 1}}, {"unheard_of": "x"}, {"tlp": None}, {"sectors": ["water"] * 500},
    {"message_type": "ping"}, {"to_entries": [["nested"]]},
], ids=lambda one: next(iter(one)))  # fmt: skip
def test_forms_that_are_not_forms_never_enter_and_harm_nobody(world: World, change: dict[str, Any]) -> None:
    room = world.room()
    incident = report(world, room, "XB")
    b = world["XB"]
    bad = {key: one for key, one in {**form(b), **change}.items() if one is not None}
    tally = h.send(b, world["XA"], room, items=(h.item(b, h.fields(
        b, room, "incident.open", {"form": bad, "embargo": 0, "files": []})),))  # fmt: skip
    assert tally.operations == 0 and any("op.body" in code for code in tally.refused)
    assert [one.id for one in world["XA"].incidents.all()] == [incident]
    world["XA"].rebuild()
    assert [one.id for one in world["XA"].incidents.all()] == [incident]


def test_what_comes_before_its_opening_waits_and_a_stranger_to_the_room_hears_nothing(world: World) -> None:
    pair = world.room("bilateral", members=("XA", "XB"))
    incident = report(world, pair)
    with pytest.raises(NotAllowed, match=r"incident.unknown"):
        world["XC"].incidents.one(incident)
    assert world["XC"].incidents.all() == [] and world["XC"].incidents.due() == []
    assert len(hashes(world, incident, "XA", "XB")) == 1
    with pytest.raises(NotAllowed):
        world["XC"].incidents.acknowledge(incident, "CSIRT")


def test_lawful_nonsense_of_an_opener_still_shows_everywhere(world: World) -> None:
    """A member with every right says odd things in the right form: pages, lists, files and what is due still come."""
    room = world.room()
    b = world["XB"]
    odd = {"title": "\u2067<b>&amp;\u2069", "description": "\x00\u202e=1+1\n" * 400, "reply_requested_by": 2**45, "first_observed": 2**45,
           "infrastructure_in_recipient_territory": [{"what": "'; drop", "from": 9, "to": 3}], "severity": {"level": "", "scale": "x"},
           "indicators": [incident_id] if (incident_id := b.me().device) else []}  # fmt: skip
    body = {"form": {**form(b), **odd}, "embargo": 2**45, "files": []}
    with b.context.write() as tx:
        name = b.context.author(tx, room, "incident.open", body).op.id
        head = {"reference": "x", "from_entry": "x", "languages": "xx", "tlp": "TLP:RED", "attribution_disclaimer": 0}
        for over in ([name], [], [b.me().device]):
            b.context.author(tx, room, "incident.update", {
                "incident": name, "form": {**head, "sectors": [], "requested_actions": [], "title": f"other {len(over)}{over[:1] == [name]}"}, "over": over, "files": [],
            })  # fmt: skip
        b.context.author(tx, room, "incident.choose", {"incident": name, "offers": [name], "words": ""})
        b.context.author(tx, room, "incident.reopen", {"incident": name, "closes": [name], "words": ""})
    world.exchange()
    for code in ("XA", "XB", "XC"):
        desk = world[code].incidents
        assert desk.one(name).differs >= {"title"} and desk.all() and isinstance(desk.due(), list)
        assert desk.printed(name).startswith(b"%PDF")
        assert desk.stix(name, reason="looking").startswith(b"{")
        assert world[code].overview().due is not None
    assert len(hashes(world, name)) == 1


def test_a_form_that_cannot_be_repeated_bars_no_answer(world: World) -> None:
    """A language of two code points that NFC makes one, and a reference that grows beyond what a reference can be."""
    room = world.room()
    a, b = world["XA"], world["XB"]
    report(world, room, "XB")  # so that it has a session there
    odd = form(b) | {"languages": "e\u0301", "reference": "\ufb2c" * 100}
    name = enter(b, a, room, "incident.open", {"form": odd, "embargo": 0, "files": []})
    a.incidents.acknowledge(name, "CSIRT")
    a.incidents.respond(name, {"capacity": "no", "refusal_reason": "capacity"})
    (said,) = (one for one in a.incidents.one(name).timeline if one.kind == "incident.acknowledge")
    assert said.form["languages"] == "en" and not said.form.get("their_reference")


def test_what_an_opener_took_back_is_in_no_file_and_stops_none(world: World) -> None:
    room = world.room()
    b = world["XB"]
    name = b.incidents.open(room, form(b))
    head = {"reference": "x", "from_entry": "x", "languages": "en", "tlp": "TLP:AMBER", "attribution_disclaimer": 1}
    with b.context.write() as tx:
        b.context.author(tx, room, "incident.update", {
            "incident": name, "form": {**head, "description": "", "impact": ""}, "over": [name], "files": [],
        })  # fmt: skip
    world.exchange()
    for code in ("XA", "XB"):
        bundle = json.loads(world[code].incidents.stix(name))
        (told,) = (one for one in bundle["objects"] if one["type"] == "incident")
        assert "description" not in told and world[code].incidents.printed(name).startswith(b"%PDF")
