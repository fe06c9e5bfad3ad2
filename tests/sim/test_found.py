"""What seeds have found, each reduced to the few acts that show it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.sim.posted import Posted, bodies, record

from valise.desk.context import CHAT, RECORD
from valise.desk.desk import Desk
from valise.desk.sealing import Sealing
from valise.domain.errors import NotAllowed
from valise.protocol import operation
from valise.protocol.operation import Signed
from valise.vault.store import Tx

PARAGRAPHS = [{"section": "OP", "label": "OP 1", "words": "States should designate points of contact;", "status": "open"}]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Posted]:
    made = Posted(tmp_path)
    yield made
    made.close()


def forget(tx: Tx, delegations: tuple[str, ...]) -> None:
    """As if their cards had never come."""
    for name in delegations:
        tx.run("delete from certificate where device in (select id from device where delegation = ?)", (name,))
        tx.run("delete from device where delegation = ?", (name,))
        tx.run("delete from delegation where id = ?", (name,))


def test_who_leaves_is_heard_to_leave(world: Posted) -> None:
    """The operation by which a delegation leaves was never sealed, since it was no member any more."""
    room = world.room()
    world["XG"].messages.send(room, "before we go", for_the_record=True)
    world["XG"].rooms.remove(room, world.id("XG"))
    world.calm(4)
    for code in ("XA", "XB"):
        assert world.id("XG") not in world[code].rooms.one(room).members
        assert bodies(world[code], room) == ["before we go"]
        assert world[code].exchange.status().waiting == 0


def test_a_rebuild_finds_the_same_heads_whatever_came_first(world: Posted) -> None:
    """Operations folded again in order of arrival may stand before their own past: their past became heads again."""
    room = world.room()
    first = world["XA"].messages.send(room, "one", for_the_record=True)
    second = world["XA"].messages.send(room, "two", for_the_record=True)
    desk = world["XG"]
    with world["XA"].store.read() as handle:
        raws = {row[0]: (row[1], row[2]) for row in handle.rows("select id, raw, sig from op where id in (?, ?)", (first, second))}
    for name in (second, first):
        with desk.context.write() as tx:
            desk.context.enter(tx, operation.receive(*raws[name], "record"), RECORD)
    with desk.store.read() as handle:
        before = sorted(handle.rows("select id from head where room = ?", (room,)))
    desk.rebuild()
    with desk.store.read() as handle:
        assert sorted(handle.rows("select id from head where room = ?", (room,))) == before == [(second,)]


def test_a_revision_of_a_room_that_was_left_does_not_stop_the_exchange(world: Posted) -> None:
    """Who was removed wanted to confirm the revision in every round, was refused, and exchanged no more."""
    room = world.room()
    text = world["XA"].texts.open(room, "T", paragraphs=PARAGRAPHS)
    world.calm(2)
    world.post.cut_off("XG")
    world["XA"].texts.revision(text, "T/Rev.1")
    world["XG"].rooms.remove(room, world.id("XG"))
    world["XA"].exchange.now()
    world.post.rejoin()
    world.calm(4)
    other = world["XB"].rooms.create("bilateral", "", [world.id("XG")])
    world["XB"].messages.send(other, "still there?")
    world.calm(2)
    assert bodies(world["XG"], other) == ["still there?"]


def test_what_was_said_before_somebody_joined_is_not_sealed_for_him(world: Posted) -> None:
    """A conversation that waited to be sealed went to whoever had joined meanwhile."""
    room = world.room(members=("XA", "XB"))
    world.post.cut_off("XA")
    world["XA"].messages.send(room, "between us two")
    world["XA"].rooms.add(room, world.id("XG"))
    world["XA"].messages.send(room, "to all three")
    world.post.rejoin()
    world.calm()
    assert bodies(world["XG"], room) == ["to all three"]
    assert bodies(world["XB"], room) == ["between us two", "to all three"]


def test_what_was_said_while_somebody_was_away_is_not_for_him(world: Posted) -> None:
    """Coming back, a delegation asked for the gap in the conversation and got it."""
    room = world.room()
    world["XA"].messages.send(room, "all")
    world.calm(2)
    world["XA"].rooms.remove(room, world.id("XG"))
    world["XA"].messages.send(room, "without him")
    world.calm(2)
    world["XA"].rooms.add(room, world.id("XG"))
    world["XA"].messages.send(room, "all again")
    world.calm()
    assert bodies(world["XG"], room) == ["all", "all again"]


def test_an_answer_does_not_repeat_the_conversation_to_who_joined_later(world: Posted) -> None:
    """An answer to one is sealed for all: an old statement of a member brought the joiner everything."""
    room = world.room(members=("XA", "XB"))
    world["XB"].exchange.now()
    old = _statement(world["XB"], room)
    world["XA"].messages.send(room, "between us two")
    world.calm(3)
    world["XA"].rooms.add(room, world.id("XG"))
    world.calm(3)
    desk = world["XA"]
    with desk.context.write() as tx:
        desk.exchange.opening.repair.take(tx, world["XB"].me().device, room, old)
    world.calm()
    assert bodies(world["XG"], room) == []
    assert bodies(world["XB"], room) == ["between us two"]


def _statement(desk: Desk, room: str) -> bytes:
    with desk.context.write() as tx:
        return desk.exchange.opening.repair.make(tx, room)


def test_a_new_laptop_learns_of_its_rooms_though_the_first_word_is_lost(world: Posted) -> None:
    """The introduction of a room was put once; lost, a room where nobody spoke stayed unknown."""
    text = world["XA"].texts.open(world.room(), "T", paragraphs=PARAGRAPHS)
    world["XA"].internal.write(text, world["XA"].texts.outline(text)[-1].id, "our red line")
    world.calm(2)
    second = world.enrol("XA")
    world["XA"].exchange.now()
    world.post.lose_disk()
    world.calm()
    assert [one.words for one in second.internal.notes(text)] == ["our red line"]


def test_who_was_heard_too_early_is_heard_again(world: Posted) -> None:
    """A frame with what could not be accepted yet was marked as seen; it came again and again and was not looked at."""
    room = world.room()
    world.post.cut_off("XG")
    world["XA"].rooms.remove(room, world.id("XG"))
    world["XA"].exchange.now()
    world["XG"].messages.send(room, "said in ignorance")
    world.post.rejoin("XG")
    world.post.withhold(world["XG"].context.own.mailbox)
    world["XG"].exchange.now()
    world["XA"].exchange.now()
    world["XA"].rooms.add(room, world.id("XG"))
    world.post.release(world["XG"].context.own.mailbox)
    world.calm(14)
    assert bodies(world["XA"], room) == ["said in ignorance"]
    assert world["XG"].exchange.status().waiting == 0


def test_members_follow_when_a_device_turns_out_to_have_two_histories(world: Posted) -> None:
    """What it had said of members counted no more, but the list on the screen stayed as it was."""
    room = world.room()
    chair, desk = world["XA"], world["XB"]
    chair.rooms.remove(room, world.id("XG"))
    world.calm(3)
    assert len(desk.rooms.one(room).members) == 2
    with chair.store.read() as handle:
        head, seq, prev = handle.row("select id, seq, prev from op where room = ? and device = ? order by seq desc limit 1", (room, chair.me().device))
    rival = operation.make(
        kind="message.send", room=room, author=world.id("XA"), device=chair.me().device, seq=seq, prev=prev, deps=[], at=1, tick=0,
        body={"thread": "", "subject": "", "body": "another history", "marking": "", "attachments": []},
        device_key=chair.context.keys.ed25519, composite_key=chair.context.keys.composite, klass="record")
    with desk.context.write() as tx:
        assert desk.context.enter(tx, Signed(rival.op, rival.raw, rival.sig), RECORD).state == "rival"
    with desk.store.read() as handle:
        shown = [row[0] for row in handle.rows("select delegation from room_member where room = ? order by delegation", (room,))]
    assert shown == list(desk.rooms.one(room).members) and len(shown) == 3
    assert head != rival.op.id


def test_keys_wait_on_the_carrier_for_who_is_offline(world: Posted) -> None:
    """Keys of a session that carried statements alone were taken away after ten minutes, read or not."""
    room = world.room()
    world.post.cut_off("XG")
    desk = world["XB"]
    with desk.context.write() as tx:
        tx.run("delete from session_out")
        desk.exchange.opening.repair.owe(tx, room)
    desk.exchange.now()
    with desk.store.read() as handle:
        tag = handle.value("select tag from session_out where room = ? and klass = 0", (room,))
    for _ in range(4):
        world.clock.advance(700_000)
        desk.exchange.now()
    world.post.rejoin()
    world["XG"].exchange.now()
    with world["XG"].store.read() as handle:
        assert handle.row("select 1 from session_in where tag = ?", (tag,)) is not None


def test_two_who_cannot_read_each_other_find_back(world: Posted) -> None:
    """Both had lost the other's key, and so neither could read the other's request for it."""
    room = world.room("bilateral", title="", members=("XA", "XB"))
    world.calm(4)
    for desk in (world["XA"], world["XB"]):
        with desk.context.write() as tx:
            tx.run("delete from session_in where room = ?", (room,))
            tx.run("update key_out set tries = 99 where tag in (select tag from session_out)")
        desk.exchange.forget()
        with desk.context.write() as tx:  # the resent keys of a parcel would heal it as well: not so of a statement
            desk.exchange.opening.repair.owe(tx, room)
    world.calm(30)
    for desk in (world["XA"], world["XB"]):
        assert desk.exchange.status().sealed_waiting == 0


def test_who_comes_late_can_verify_who_has_gone(tmp_path: Path) -> None:
    """Cards of members alone went to a newcomer: what a former member had said could not be verified."""
    world = Posted(tmp_path, ("XA", "XB", "XG"))
    room = world.room(members=("XA", "XB"))
    with world["XG"].context.write() as tx:
        name = world.id("XB")
        forget(tx, (name,))
    world["XB"].messages.send(room, "for the record", for_the_record=True)
    world.calm(3)
    world["XA"].rooms.remove(room, world.id("XB"))
    world["XA"].rooms.add(room, world.id("XG"))
    world.calm(14)
    assert bodies(world["XG"], room) == ["for the record"]
    assert record(world["XG"], room) == record(world["XA"], room)
    world.close()


def test_a_newcomer_to_a_large_room_gets_every_card(tmp_path: Path) -> None:
    """A frame holds four cards; it was always the same four."""
    codes = ("XA", "XB", "XC", "XD", "XE", "XF", "XG", "XH")
    world = Posted(tmp_path, codes)
    room = world.room(members=codes[:-1])
    with world["XH"].context.write() as tx:
        forget(tx, tuple(world.id(code) for code in codes if code not in ("XH", "XA")))
    world["XA"].rooms.add(room, world.id("XH"))
    world.calm(12)
    assert len(world["XH"].contacts.all()) == 7
    assert world["XH"].rooms.one(room).disagreement == ""
    world.close()


def test_a_clock_that_was_wrong_by_days_does_not_silence_anybody(world: Posted) -> None:
    """Put while the clock was days ahead, a parcel fell due again only days later; keys were not asked for either."""
    room = world.room()
    world.post.lose_disk()
    world.clock.advance(5 * 24 * 3600 * 1000)
    world["XA"].messages.send(room, "from the future")
    for _ in range(3):
        world["XA"].exchange.now()
        world.clock.advance(61_000)
    world.post.lose_disk()
    world.clock.advance(-5 * 24 * 3600 * 1000)
    world.calm(12)
    assert bodies(world["XB"], room) == bodies(world["XG"], room) == ["from the future"]
    assert world["XA"].exchange.status().waiting == 0


def test_an_acknowledgement_that_was_lost_is_given_again(world: Posted) -> None:
    """What came again was dropped as seen before anybody thought of saying that it is here."""
    room = world.room("bilateral", title="", members=("XA", "XB"))
    world["XA"].messages.send(room, "heard?")
    world["XA"].exchange.now()
    world["XB"].exchange.now()
    world.post.lose_disk()
    world.calm(6)
    assert world["XA"].exchange.status().waiting == 0


def test_what_was_said_between_two_removals_counts(world: Posted) -> None:
    """Removed, added, heard, removed again: everything after the first removal was refused to later readers."""
    room = world.room()
    world["XG"].rooms.remove(room, world.id("XG"))
    world.calm(4)
    world["XA"].rooms.add(room, world.id("XG"))
    world.calm(6)
    said = world["XG"].messages.send(room, "back again", for_the_record=True)
    world.calm(3)
    world["XG"].rooms.remove(room, world.id("XG"))
    world.calm(4)
    second = world.enrol("XB")
    world.calm(14)
    assert said in record(second, room)
    assert record(second, room) == record(world["XB"], room) == record(world["XA"], room)


def test_what_a_gone_delegation_told_only_one_reaches_the_others(world: Posted) -> None:
    """Nobody lacked anything he knew of, so nobody asked, and the author was not there to send it."""
    room = world.room()
    world.post.cut_off("XB")
    said = world["XG"].messages.send(room, "only one hears it", for_the_record=True)
    world["XG"].exchange.now()
    world["XA"].exchange.now()
    world.post.lose_disk()
    world.post.cut_off("XG")
    world["XA"].rooms.remove(room, world.id("XG"))
    world.post.rejoin("XB")
    world.calm(20)
    assert said in record(world["XB"], room)


def test_a_thread_is_named_by_its_first_message_alone(world: Posted) -> None:
    """Without its first message a thread was named by whichever answer came first."""
    room = world.room(members=("XA", "XB"))
    first = world["XA"].messages.send(room, "first", subject="the subject")
    world.calm(2)
    world["XA"].rooms.add(room, world.id("XG"))
    world.calm(3)
    world["XB"].messages.send(room, "an answer", thread=first, subject="something else")
    world.calm()
    assert [one.subject for one in world["XG"].messages.threads(room)] == [""]
    assert [one.subject for one in world["XA"].messages.threads(room)] == ["the subject"]


def test_what_a_copied_device_said_is_neither_found_nor_said_again(world: Posted) -> None:
    """After a fold from the beginning the words of operations that count no more stayed in the search; and the device
    itself confirmed each revision anew in every round, since no confirmation of its own counted."""
    room = world.room()
    pen, desk = world["XA"], world["XB"]
    text = pen.texts.open(room, "T", paragraphs=PARAGRAPHS)
    (proposal,) = pen.texts.propose_paragraph(text, pen.texts.outline(text)[-1].id, "OP", "unverwechselbar soll es heissen")
    pen.texts.take(text, proposal)
    pen.texts.revision(text, "T/Rev.1")
    world.calm(3)
    assert {one.kind for one in desk.search("unverwechselbar")} == {"proposal", "text"}
    with pen.store.read() as handle:
        seq, prev = handle.row("select seq, prev from op where id = ?", (proposal,))
    rival = operation.make(
        kind="message.send", room=room, author=world.id("XA"), device=pen.me().device, seq=seq, prev=prev, deps=[], at=1, tick=0,
        body={"thread": "", "subject": "", "body": "another history", "marking": "", "attachments": []},
        device_key=pen.context.keys.ed25519, composite_key=pen.context.keys.composite, klass="record")
    for one in (desk, pen):
        with one.context.write() as tx:
            one.context.enter(tx, rival, RECORD)
    found = {(one.kind, one.ref) for one in desk.search("unverwechselbar")}
    desk.rebuild()
    assert {(one.kind, one.ref) for one in desk.search("unverwechselbar")} == found and not {kind for kind, _ in found} & {"text"}
    world.calm(2)
    before = len(record(pen, room))
    world.calm(4)
    assert len(record(pen, room)) == before


def test_nothing_may_be_sealed_in_the_wrong_class(world: Posted, monkeypatch: pytest.MonkeyPatch) -> None:
    """The eye the simulation keeps on frames sees chat and record apart: no chat travels in a record frame."""
    seen: list[tuple[int, int]] = []
    real = Sealing.frame

    def frame(self: Sealing, tx, roster, klass, **rest):  # type: ignore[no-untyped-def]
        seen.extend((klass, item.klass) for item in rest.get("items", ()))
        return real(self, tx, roster, klass, **rest)

    monkeypatch.setattr(Sealing, "frame", frame)
    room = world.room()
    world["XA"].messages.send(room, "said")
    world["XA"].messages.send(room, "written", for_the_record=True)
    world.calm(3)
    assert (CHAT, CHAT) in seen and (RECORD, RECORD) in seen and (RECORD, CHAT) not in seen
    with pytest.raises(NotAllowed):
        world["XB"].rooms.remove(room, world.id("XA"))


def rival_of(desk: Desk, room: str, seq: int, prev: str) -> Signed:
    """A second operation at one of the device's own places, which its vault knows nothing of."""
    return operation.make(
        kind="message.send", room=room, author=desk.me().delegation, device=desk.me().device, seq=seq, prev=prev, deps=[],
        at=1, tick=0, body={"thread": "", "subject": "", "body": "another history", "marking": "", "attachments": []},
        device_key=desk.context.keys.ed25519, composite_key=desk.context.keys.composite, klass="record")


def shown_twice(desk: Desk, other: Desk, room: str, seq: int) -> None:
    """`other` gets a second operation of `desk` at `seq`."""
    with desk.store.read() as handle:
        prev = handle.value("select prev from op where room = ? and device = ? and klass = 0 and seq = ?",
                            (room, desk.me().device, seq))
    rival = rival_of(desk, room, seq, prev)
    with other.context.write() as tx:
        assert other.context.enter(tx, rival, RECORD).state == "rival"


def test_who_was_removed_by_a_device_with_two_histories_hears_of_the_proof(world: Posted) -> None:
    """Removed as far as it knew, a delegation asked nobody for anything, and nobody thought of sending it the proof."""
    room = world.room()
    world["XA"].rooms.remove(room, world.id("XG"))
    world["XG"].messages.send(room, "is anybody there", for_the_record=True)
    world.calm(4)
    assert world["XG"].rooms.one(room).blocked == "room.left"
    shown_twice(world["XA"], world["XB"], room, 1)
    world.post.cut_off("XA")
    world.calm(6)
    for code in ("XB", "XG"):
        assert world.id("XG") in world[code].rooms.one(room).members
    assert record(world["XB"], room) == record(world["XG"], room)


def test_who_was_added_by_a_device_with_two_histories_hears_of_the_proof(world: Posted) -> None:
    """Seed 725: for those who had the proof it was out of the room as before, and they told it that it had left, which it knew; it
    counted itself in for good, and what it said waited for ever."""
    room = world.room()
    world["XG"].rooms.remove(room, world.id("XG"))
    world.calm(4)
    world["XA"].rooms.add(room, world.id("XG"))
    world.calm(4)
    assert world["XG"].rooms.one(room).blocked == ""
    shown_twice(world["XA"], world["XB"], room, 2)
    assert world.id("XG") not in world["XB"].rooms.one(room).members
    world.post.cut_off("XA")
    world["XB"].messages.send(room, "not for Gallia Minor", for_the_record=True)
    world["XG"].messages.send(room, "is anybody there", for_the_record=True)
    world.calm(6)
    assert world["XG"].rooms.one(room).blocked == "room.left"
    assert bodies(world["XG"], room) == ["another history", "is anybody there"]  # the proof, and nothing else
    assert "is anybody there" in bodies(world["XB"], room)  # seed 468: some may have heard it before they knew
    proofs = []
    for code in ("XB", "XG"):
        with world[code].store.read() as handle:
            proofs.append(handle.rows("select device, seq, first, second from suspended where room = ?", (room,)))
    assert len(proofs[0]) == 1 and proofs[0] == proofs[1]


def test_what_was_said_while_somebody_counted_as_removed_is_not_for_him(world: Posted) -> None:
    """The removal turned out not to count before our words were sealed, and so they were sealed for him too."""
    room = world.room()
    world["XA"].rooms.remove(room, world.id("XG"))
    world.calm(3)
    world["XB"].messages.send(room, "not for Gallia Minor")
    shown_twice(world["XA"], world["XB"], room, 1)
    world["XB"].messages.send(room, "for everybody")
    world.calm(6)
    assert "for everybody" in bodies(world["XG"], room)
    assert "not for Gallia Minor" not in bodies(world["XG"], room)
    assert {"not for Gallia Minor", "for everybody"} <= set(bodies(world["XA"], room))


def test_a_text_that_is_not_in_memory_follows_too_when_a_device_has_two_histories(world: Posted) -> None:
    """Its row stayed in the list of texts, and opening it failed."""
    room = world.room()
    world["XA"].messages.send(room, "first", for_the_record=True)
    text = world["XA"].texts.open(room, "Draft", paragraphs=PARAGRAPHS)
    world.calm(3)
    world["XB"].context.record.forget()
    assert [one.id for one in world["XB"].texts.all()] == [text]
    shown_twice(world["XA"], world["XB"], room, 2)
    assert world["XB"].texts.all() == []
    due = next(one for one in world["XB"].overview().due if one.line == "device.two_histories")
    assert due.values == ("Aurelia", world["XA"].me().officer, world["XB"].rooms.one(room).title)


def test_a_second_laptop_says_that_the_first_was_copied(world: Posted) -> None:
    """A device with two histories was frozen, and no line of the window said so."""
    room = world.room()
    second = world.enrol("XA")
    world["XA"].messages.send(room, "first", for_the_record=True)
    world.calm(6)
    shown_twice(world["XA"], second, room, 2)
    own = next(one for one in second.overview().due if one.line == "device.copied")
    assert own.values == (world["XA"].me().officer, second.rooms.one(room).title)


def test_a_farewell_names_nobody_who_came_later(tmp_path: Path) -> None:
    """Who was removed and did not know of it was told everything about members, also who was added after it had gone."""
    world = Posted(tmp_path, ("XA", "XB", "XD", "XG"))
    room = world["XA"].rooms.create("group", "Room", [world.id("XB"), world.id("XG")])
    world.calm(3)
    world["XA"].rooms.remove(room, world.id("XG"))
    world["XA"].rooms.add(room, world.id("XD"))
    world["XG"].messages.send(room, "is anybody there")
    world.calm(6)
    gone = world["XG"].rooms.one(room)
    assert gone.blocked == "room.left"
    assert world.id("XD") not in gone.members
    world.close()


def test_a_room_with_a_long_history_of_members_still_fits_a_frame(world: Posted, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every operation on members went into the first frame, however many: too many, and nothing could be sealed at all."""
    monkeypatch.setattr("valise.desk.sealing.MEMBERSHIP_BYTES", 3_000)
    room = world["XA"].rooms.create("group", "Room", [world.id("XB")])
    for _ in range(8):
        world["XA"].rooms.add(room, world.id("XG"))
        world["XA"].rooms.remove(room, world.id("XG"))
    world["XA"].rooms.add(room, world.id("XG"))
    world["XA"].messages.send(room, "welcome", for_the_record=True)
    world.calm(10)
    assert record(world["XG"], room) == record(world["XB"], room) == record(world["XA"], room)
    assert bodies(world["XG"], room) == ["welcome"]


def test_who_comes_back_is_asked_for_what_he_said_before(world: Posted) -> None:
    """Removed, it dropped what it had still to deliver; back again, it answered nobody who asked, since a third had been
    away meanwhile, and an answer went to all or to none."""
    room = world.room()
    world["XA"].messages.send(room, "welcome")
    world.calm(3)
    world["XA"].rooms.remove(room, world.id("XG"))
    world.calm(3)
    world.post.cut_off("XB")
    world["XB"].messages.send(room, "to Aurelia alone")
    world.calm(1)
    world["XA"].rooms.remove(room, world.id("XB"))
    with world["XA"].store.read() as handle:
        raw, sig = handle.row("select raw, sig from op where kind = 'room.remove' and room = ? order by n desc limit 1", (room,))
    with world["XB"].context.write() as tx:
        world["XB"].context.enter(tx, operation.receive(raw, sig, "record"), RECORD)
    world.calm(3)
    world.post.rejoin("XB")
    assert world["XB"].rooms.one(room).blocked == "room.left"
    world["XA"].rooms.add(room, world.id("XG"))
    world["XA"].rooms.add(room, world.id("XB"))
    world.calm(3)
    world["XB"].messages.send(room, "to both again")
    world.calm(8)
    assert bodies(world["XG"], room)[-1] == "to both again"
    assert "to Aurelia alone" not in bodies(world["XG"], room)
    assert [one for one in bodies(world["XA"], room) if one != "welcome"] == ["to Aurelia alone", "to both again"]



def test_a_new_laptop_learns_of_its_room_though_the_keys_are_lost(world: Posted) -> None:
    """Keys of an introduction were put four times; all lost, the laptop knew of no room in which to ask for them."""
    world["XA"].rooms.internal()
    world.calm(2)  # nobody else is there: nothing is kept for anybody
    second = world.enrol("XA")
    world.post.cut_off("XA-2")
    world.calm(30, 300_000)
    world.post.lose_disk()
    world.post.rejoin("XA-2")
    world.calm(20, 1_800_000)
    assert [one.kind for one in second.rooms.all()] == ["internal"]


def test_an_answer_under_way_is_not_for_who_joins_meanwhile(world: Posted) -> None:
    """Gathered while two were in the room and sealed when a third had come in the same round, it reached him too."""
    room = world.room(members=("XA", "XB"))
    world["XB"].exchange.now()
    old = _statement(world["XB"], room)
    world["XA"].messages.send(room, "between us two")
    world.calm(3)
    desk = world["XA"]
    with desk.context.write() as tx:
        desk.exchange.opening.repair.take(tx, world["XB"].me().device, room, old)
    desk.rooms.add(room, world.id("XG"))
    world.calm()
    assert bodies(world["XG"], room) == []
    assert bodies(world["XB"], room) == ["between us two"]


def test_a_laptop_whose_copy_acts_is_told_so_when_it_signs(world: Posted) -> None:
    """With a gap in its own log its next operation named a place and a predecessor that do not fit: a fault, not a sentence."""
    room = world.room()
    desk = world["XB"]
    first = rival_of(desk, room, 1, "")
    second = rival_of(desk, room, 2, first.op.id)
    with desk.context.write() as tx:
        desk.context.enter(tx, second, RECORD)
    with pytest.raises(NotAllowed, match=r"own_history|copy\.old"):
        desk.messages.send(room, "anything", for_the_record=True)


def test_keys_that_were_asked_for_go_with_the_next_bundle(world: Posted, tmp_path: Path) -> None:
    """A bundle took along the keys of what was in it. Those of a session that is over, of which a statement lies sealed at the
    other end, were asked for with every stick and made each time, and never travelled."""
    room = world.room("bilateral", title="", members=("XA", "XB"))
    world["XA"].messages.send(room, "for the record", for_the_record=True)
    world.calm(6)
    here, there = world["XA"], world["XB"]
    for one, other in ((here, "XB"), (there, "XA")):
        one.exchange.choose(world.id(other), "courier")

    def carry(source: Desk, target: Desk, to: str, name: str) -> None:
        folder = tmp_path / f"stick {name}"
        folder.mkdir()
        target.courier.take(source.courier.export(folder, [world.id(to)]).place)

    with there.context.write() as tx:  # as after an old copy was put back
        tx.run("delete from session_in where room = ?", (room,))
    there.exchange.forget()
    carry(here, there, "XB", "1")
    with here.context.write() as tx:  # a day later
        tx.run("delete from session_out where room = ?", (room,))
    here.exchange.forget()
    for n in range(3):
        world.clock.advance(3_600_000)
        carry(there, here, "XA", f"{n} back")
        carry(here, there, "XB", f"{n} there")
    assert there.exchange.status().sealed_waiting == 0


def test_a_founder_with_two_first_words_is_seen_whichever_came_first(world: Posted) -> None:
    """The founding of a room was never held against what its founder had signed in the same place, where that came before it."""
    chair = world["XA"]
    room = chair.rooms.create("group", "Small group", [world.id("XB"), world.id("XG")])
    with chair.store.read() as handle:
        founding = operation.receive(*handle.row("select raw, sig from op where id = ?", (room,)), "record")
    rival = operation.make(
        kind="message.send", room=room, author=world.id("XA"), device=chair.me().device, seq=1, prev="", deps=[], at=1, tick=0,
        body={"thread": "", "subject": "", "body": "another history", "marking": "", "attachments": []},
        device_key=chair.context.keys.ed25519, composite_key=chair.context.keys.composite, klass="record")
    second = Signed(rival.op, rival.raw, rival.sig)
    kept = []
    for code, came in (("XB", (founding, second)), ("XG", (second, founding))):
        desk = world[code]
        with desk.context.write() as tx:
            for one in came:
                desk.context.enter(tx, one, RECORD)
        assert len(desk.rooms.one(room).members) == 3
        with desk.store.read() as handle:
            proof = handle.rows("select device, seq, first, second from suspended where room = ?", (room,))
            kept.append((proof, handle.rows("select id from head where room = ?", (room,))))
    assert kept[0] == kept[1] and kept[0][0] == [(chair.me().device, 1, *sorted((room, rival.op.id)))]
