"""Membership, identities and devices through the real path."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.desk.courier_hands import bodies
from tests.world import FAST, PASSPHRASE, World

from valise.desk.gate import KEY_FILE
from valise.domain.errors import NotAllowed, WrongPassphrase


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.close()


def test_who_was_removed_gets_nothing_more(world: World) -> None:
    room = world.room()
    world["XA"].rooms.remove(room, world.id("XG"))
    later = world["XA"].messages.send(room, "after the removal")
    world.exchange(rounds=6)
    assert [one.body for one in world["XB"].messages.page(room, later, 0, 9)] == ["after the removal"]
    assert world["XG"].messages.page(room, later, 0, 9) == []
    assert world["XG"].exchange.status().sealed_waiting == 0
    assert world["XB"].rooms.one(room).members == world["XA"].rooms.one(room).members
    with pytest.raises(NotAllowed):
        world["XB"].rooms.remove(room, world.id("XA"))


def test_an_added_delegation_gets_the_record_and_not_the_conversation(world: World) -> None:
    room = world.room(members=("XA", "XB"))
    note = world["XA"].messages.send(room, "on the record", for_the_record=True)
    talk = world["XA"].messages.send(room, "just talk")
    text = world["XA"].texts.open(
        room, "T", paragraphs=[{"section": "OP", "label": "OP 1", "words": "A", "status": "open"}]
    )
    world.exchange()
    world["XA"].rooms.add(room, world.id("XG"))
    world.exchange(rounds=10, pause=61_000)
    assert [one.body for one in world["XG"].messages.page(room, note, 0, 9)] == ["on the record"]
    assert world["XG"].messages.page(room, talk, 0, 9) == []
    assert world["XG"].texts.outline(text) == world["XA"].texts.outline(text)
    assert {world["XG"].rooms.one(room).disagreement, world["XA"].rooms.one(room).disagreement} == {""}
    proposal = world["XG"].texts.propose_words(text, world["XG"].texts.outline(text)[-1].id, "B")[0]
    world.exchange(rounds=4, pause=61_000)
    states = [
        one.state
        for one in world["XB"].texts.paragraph(text, world["XB"].texts.outline(text)[-1].id).proposals
        if one.id == proposal
    ]
    assert states == ["open"]


def test_the_safety_number_is_the_same_on_both_sides(world: World) -> None:
    one, other = world["XA"].contacts.safety(world.id("XB")), world["XB"].contacts.safety(world.id("XA"))
    assert one == other and len(one.digits) == 12 and len(one.words) == 12
    assert world["XA"].contacts.one(world.id("XB")).trust == "received only"
    world["XA"].contacts.verified(world.id("XB"))
    assert world["XA"].contacts.one(world.id("XB")).trust == "verified in person"


def test_a_changed_identity_stops_sending_until_a_person_decides(world: World, tmp_path: Path) -> None:
    room = world.room("bilateral", title="", members=("XA", "XB"))
    world["XA"].contacts.verified(world.id("XB"))
    impostor = World(tmp_path / "other", ("XB",), acquainted=False)
    world["XA"].contacts.import_card(impostor["XB"].contacts.own_card())
    contact = world["XA"].contacts.one(world.id("XB"))
    assert contact.changed and contact.stopped == "changed"
    sent = world["XA"].messages.send(room, "must wait")
    world.exchange(rounds=4)
    assert world["XA"].messages.one(sent).delivery == "waiting"
    assert world["XA"].rooms.one(room).blocked == "contact.changed"
    world["XB"].messages.send(room, "still heard")
    world.exchange(rounds=4)
    assert [hit for hit in world["XA"].search("still heard")]
    world["XA"].contacts.decide(world.id("XB"), False)
    world.exchange(rounds=4)
    assert world["XA"].messages.one(sent).delivery == "delivered"
    impostor.close()


def test_a_second_laptop_joins_and_reads_the_record(world: World) -> None:
    room = world.room()
    note = world["XA"].messages.send(room, "on the record", for_the_record=True)
    world.exchange()
    gate = world.gate("XA-2")
    request = gate.ask_enrolment(officer="Second officer", role="Adviser", passphrase=bytearray(b"another one"))
    assert gate.awaiting_enrolment()
    with pytest.raises(NotAllowed, match=r"vault\.not_enrolled"):
        gate.unlock(bytearray(b"another one"))
    key_file = (world.base / "XA" / KEY_FILE).read_bytes()
    with pytest.raises(WrongPassphrase):
        world["XA"].grant_enrolment(request, key_file, bytearray(b"wrong"), ("observe", "speak"))
    answer = world["XA"].grant_enrolment(request, key_file, bytearray(PASSPHRASE), ("observe", "speak", "amend"))
    second = gate.finish_enrolment(answer, bytearray(b"another one"))
    assert second.me().code == "XA" and second.me().officer == "Second officer" and not gate.awaiting_enrolment()
    second.exchange.use_folder(world.share)
    second.exchange.resend = 60_000
    world.desks["XA-2"] = second
    world.exchange(rounds=2)
    assert world["XB"].rooms.one(room).blocked == "contact.added"
    assert world.accept_laptops() == 2  # at XB and XG; XA admitted it itself
    world.exchange(rounds=10, pause=61_000)
    assert [one.body for one in second.messages.page(room, note, 0, 9)] == ["on the record"]
    sent = second.messages.send(room, "from the second laptop")
    world.exchange(rounds=4, pause=61_000)
    for code in ("XA", "XB", "XG"):
        assert [one.body for one in world[code].messages.page(room, sent, 0, 9)] == ["from the second laptop"]
    with pytest.raises(NotAllowed, match=r"rights\.missing"):
        second.texts.open(room, "T", paragraphs=[])
    assert [line for line in world["XB"].contacts.one(world.id("XA")).notices if line.startswith("device.new")]
    assert FAST.ops == 1


def test_strangers_are_kept_sealed_until_their_card_comes(tmp_path: Path) -> None:
    world = World(tmp_path, ("XA", "XB"), acquainted=False)
    world["XA"].contacts.import_card(world["XB"].contacts.own_card())
    room = world["XA"].rooms.create("bilateral", "", [world.id("XB")])
    sent = world["XA"].messages.send(room, "do you know me")
    world.exchange()
    assert world["XB"].rooms.all()[1:] == [] and world["XB"].exchange.status().sealed_waiting > 0
    world["XB"].contacts.import_card(world["XA"].contacts.own_card())
    world.exchange()
    assert [one.body for one in world["XB"].messages.page(room, sent, 0, 9)] == ["do you know me"]
    assert world["XB"].exchange.status().sealed_waiting == 0
    world.close()


@pytest.mark.parametrize("lost", [False, True])
def test_who_leaves_hears_that_it_was_heard(world: World, lost: bool) -> None:
    """Statements of the room do not go to it any more; without an answer its leaving would wait for ever. `lost`: the first answer
    does not arrive."""
    room = world.room()
    world.exchange(3, 70_000)
    desk = world["XB"]
    desk.messages.send(room, "and one word more")
    desk.rooms.remove(room, world.id("XB"))
    desk.exchange.now()
    assert desk.exchange.status().waiting == 2
    if lost:
        for code in ("XA", "XG"):
            world[code].exchange.now()
        for file in world.share.rglob("*"):
            if file.is_file():
                file.unlink()
    world.exchange(8, 70_000)
    assert desk.exchange.status().waiting == 0
    assert {one.kind for desk in world.desks.values() for one in desk.exchange.seal() if one.table != "key_out"} == set()  # none answers answers
    world["XA"].messages.send(room, "among ourselves")
    world.exchange(3, 70_000)
    assert "among ourselves" not in bodies(desk, room) and "and one word more" in bodies(world["XA"], room)
