"""Who may do what: a member that lies with its own keys is refused, or caught with proof, and never believed."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.hostile import tools as h
from tests.hostile.tools import CHAT, RECORD
from tests.world import PASSPHRASE, World

from valise.carriers import abc
from valise.desk.gate import KEY_FILE
from valise.desk.opening import Tally
from valise.domain.errors import NotAllowed, Refused
from valise.protocol import canonical, card, certificate, envelope, identity, keymessage, rootfile
from valise.protocol.frame import Item, Piece
from valise.protocol.olm import OutboundGroup
from valise.protocol.statement import LogLine
from valise.vault import sessions

PARAGRAPH = {"section": "OP", "label": "OP 1", "words": "States should test them;", "status": "open"}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """XB is the hostile one, XG the one it tries to deceive; XD knows everybody and is in no room."""
    made = World(tmp_path, ("XA", "XB", "XG", "XD"))
    yield made
    made.close()


@pytest.fixture
def room(world: World) -> str:
    return h.talk(world, members=("XA", "XB", "XG"))


def refused(tally: object, code: str) -> None:
    assert tally.refused == [code] and tally.operations == 0  # type: ignore[attr-defined]


# -- operations


def test_without_the_right_nothing_is_signed_for(world: World, room: str) -> None:
    gate = world.gate("XB-2")
    request = gate.ask_enrolment(officer="Second", role="Observer", passphrase=bytearray(b"another one"))
    key_file = (world.base / "XB" / KEY_FILE).read_bytes()
    answer = world["XB"].grant_enrolment(request, key_file, bytearray(PASSPHRASE), ("observe",))
    second = gate.finish_enrolment(answer, bytearray(b"another one"))
    world.exchange(rounds=4)
    made = h.item(second, h.fields(second, room, "message.send", h.message("no right to speak")))
    refused(h.send(world["XB"], world["XG"], room, items=(made,)), "op.rights")
    second.close()


def test_who_is_no_member_is_not_heard(world: World, room: str) -> None:
    made = h.item(world["XD"], h.fields(world["XD"], room, "message.send", h.message("uninvited")))
    refused(h.send(world["XB"], world["XG"], room, items=(made,)), "op.not_member")


def test_who_was_removed_is_not_heard_with_what_follows(world: World, room: str) -> None:
    world["XA"].rooms.remove(room, world.id("XB"))
    world.exchange(rounds=4)
    with world["XA"].store.read() as handle:
        removal = handle.row("select id from op where kind = 'room.remove'")[0]
    late = h.item(world["XB"], h.fields(world["XB"], room, "message.send", h.message("after all"), deps=[removal]))
    refused(h.send(world["XA"], world["XG"], room, items=(late,)), "op.removed")
    chat = h.item(world["XB"], h.fields(world["XB"], room, "message.send", h.message("after all"), CHAT), CHAT)
    refused(h.send(world["XB"], world["XG"], room, CHAT, items=(chat,)), "op.removed")


def test_what_was_said_before_the_removal_is_still_heard(world: World, room: str) -> None:
    early = h.item(world["XB"], h.fields(world["XB"], room, "message.send", h.message("said in time")))
    world["XA"].rooms.remove(room, world.id("XB"))
    world.exchange(rounds=4)
    assert h.send(world["XA"], world["XG"], room, items=(early,)).operations == 1
    assert "said in time" in h.bodies(world["XG"])


@pytest.mark.parametrize("klass", [RECORD, CHAT])
def test_nothing_of_one_room_comes_in_through_another(world: World, room: str, klass: int) -> None:
    other = h.talk(world, "bilateral", members=("XB", "XG"))
    made = h.item(world["XB"], h.fields(world["XB"], room, "message.send", h.message("through the side door"), klass), klass)
    refused(h.send(world["XB"], world["XG"], other, klass, items=(made,)), "op.other_room")


@pytest.mark.parametrize("cold", [False, True], ids=["the fold is in memory", "the fold is read for it"])
def test_a_text_hears_nothing_from_another_room(world: World, room: str, cold: bool) -> None:
    """XD is not in the room of the text, but shares another one with XG, and knows the text's id."""
    text = world["XA"].texts.open(room, "Draft", paragraphs=[PARAGRAPH])
    world.exchange()
    (par,) = [row.id for row in world["XG"].texts.outline(text)][1:]
    with world["XG"].store.read() as handle:
        version = handle.row("select id from op where kind = 'text.open'")[0]
    side = world["XG"].rooms.create("bilateral", "", [world.id("XD")])
    world.exchange(rounds=6)
    world["XD"].messages.send(side, "to have a session")  # chat: XD's first operation of the record is the forged one
    world.exchange(rounds=4)
    before = world["XA"].texts.proof(text)
    if cold:
        world.reopen("XG")
    body = {
        "text": text, "number": 1, "what": "words", "paragraph": par, "ver": version, "span": [0, 6], "quote": "States",
        "words": "Nobody", "reason": "",
    }
    made = h.item(world["XD"], h.fields(world["XD"], side, "text.propose", body, seq=1, prev="", deps=[]))
    assert h.send(world["XD"], world["XG"], side, CHAT, items=(made,)).operations == 1  # it is XD's to say, in that room
    assert world["XG"].texts.proof(text) == before
    world["XG"].rebuild()
    assert world["XG"].texts.proof(text) == before
    assert world["XG"].texts.paragraph(text, par).proposals == ()


def test_another_ones_number_is_no_place_for_ours(world: World, room: str) -> None:
    """Signed by XB, said to be of XA's laptop, at XA's next place."""
    made = h.item(world["XB"], h.fields(world["XA"], room, "message.send", h.message("in your place")))
    refused(h.send(world["XB"], world["XG"], room, items=(made,)), "op.signature")


@pytest.mark.parametrize("field", ["author", "device"])
def test_a_forged_author_is_noticed(world: World, room: str, field: str) -> None:
    other = {"author": world.id("XA"), "device": world["XA"].me().device}[field]
    made = h.item(world["XB"], h.fields(world["XB"], room, "message.send", h.message("not I"), **{field: other}))
    tally = h.send(world["XB"], world["XG"], room, items=(made,))
    assert tally.operations == 0 and tally.refused[0] in ("op.certificate", "op.signature")


def test_nobody_speaks_in_anothers_name(world: World, room: str) -> None:
    """A conversation is unsigned: only the session it comes in says whose it is."""
    for author, device in ((world["XA"], world["XA"]), (world["XA"], world["XB"]), (world["XB"], world["XA"])):
        made = h.item(
            world["XB"],
            h.fields(device, room, "message.send", h.message("words put into a mouth"), CHAT, author=author.me().delegation),
            CHAT)
        tally = h.send(world["XB"], world["XG"], room, CHAT, items=(made,))
        assert tally.operations == 0 and tally.refused[0] in ("op.chat_not_own", "op.certificate")
    assert "words put into a mouth" not in h.bodies(world["XG"])


def test_a_conversation_needs_its_own_session(world: World, room: str) -> None:
    made = h.item(world["XB"], h.fields(world["XB"], room, "message.send", h.message("wrong door"), CHAT), CHAT)
    refused(h.send(world["XB"], world["XG"], room, RECORD, items=(made,)), "op.chat_not_own")


def test_the_record_stands_on_its_signature_whatever_session_brings_it(world: World, room: str) -> None:
    made = h.fields(world["XB"], room, "message.send", h.message("for the record"))
    unsigned = Item(RECORD, canonical.encode(made), b"")
    refused(h.send(world["XB"], world["XG"], room, CHAT, items=(unsigned,)), "op.signature")
    assert h.send(world["XB"], world["XG"], room, CHAT, items=(h.item(world["XB"], made),)).operations == 1


def test_a_simple_signature_is_not_enough_for_a_revision(world: World, room: str) -> None:
    text = world["XB"].texts.open(room, "Draft", paragraphs=[PARAGRAPH])
    world.exchange()
    body = {
        "text": text, "pen_prev": text, "symbol": "FICT/1/Rev.1", "text_hash": "0" * 64, "state_hash": "0" * 64,
        "log_size": 0, "log_root": "0" * 64, "heads": [],
    }
    raw = canonical.encode(h.fields(world["XB"], room, "text.revision", body))
    sig = world["XB"].context.keys.ed25519.sign(canonical.digest("valise/v1/op", raw))
    refused(h.send(world["XB"], world["XG"], room, items=(Item(RECORD, raw, sig),)), "op.signature")


@pytest.mark.parametrize("which", ["the lower id", "the higher id"])
def test_two_histories_of_one_laptop_are_kept_as_proof(world: World, room: str, which: str) -> None:
    pair = [h.item(world["XB"], h.fields(world["XB"], room, "message.send", h.message(words))) for words in ("to you", "to them")]
    one, other = sorted(pair, key=h.ident, reverse=which == "the lower id")  # `other` is the one XA gets
    h.send(world["XB"], world["XG"], room, items=(one,))
    h.send(world["XB"], world["XG"], room, items=(other,))
    with world["XG"].store.read() as handle:
        row = handle.row("select device, first, second from suspended where room = ? and klass = 0", (room,))
        kept = handle.rows("select raw, sig from op where id in (?, ?)", row[1:])
    assert row[0] == world["XB"].me().device and set(row[1:]) == {h.ident(one), h.ident(other)}
    assert {tuple(map(bytes, pair)) for pair in kept} == {(one.raw, one.sig), (other.raw, other.sig)}
    # whoever got only one of them learns of the other from a member, and holds the same proof
    h.send(world["XB"], world["XA"], room, items=(other,))
    world.exchange(rounds=8, pause=61_000)
    with world["XA"].store.read() as handle:
        assert handle.row("select device, first, second from suspended where room = ?", (room,)) == row


def test_a_clock_from_the_end_of_time_stops_nobody(world: World, room: str) -> None:
    """The highest clock there is must not become the victim's, who could then sign nothing more."""
    last = 2**53 - 1
    made = h.item(world["XB"], h.fields(world["XB"], room, "message.send", h.message("late"), at=last, tick=last))
    h.send(world["XB"], world["XG"], room, items=(made,))
    for _ in range(2):
        sent = world["XG"].messages.send(room, "still here", for_the_record=True)
        assert abs(world["XG"].messages.one(sent).sent_at - world.clock.at) < 3_600_000
        world.reopen("XG")


@pytest.mark.parametrize("where", ["body", "deps of nothing", "deps of a conversation", "deps of another room"])
def test_what_names_nothing_of_this_record_holds_up_nobody(world: World, room: str, where: str) -> None:
    """It waits; and nobody else's operation is made to stand on it, or the text would stop for everybody."""
    text = world["XA"].texts.open(room, "Draft", paragraphs=[PARAGRAPH])
    side = h.talk(world, "bilateral", members=("XB", "XG"))
    world.exchange()
    par = world["XG"].texts.outline(text)[1].id
    with world["XG"].store.read() as handle:
        chat = handle.row("select id from op where room = ? and klass = 1 order by n", (room,))[0]
        other = handle.row("select id from op where room = ? and klass = 0 order by n desc", (side,))[0]
    nothing = "A" * 43
    deps = {"body": [], "deps of nothing": [nothing], "deps of a conversation": [chat], "deps of another room": [other]}[where]
    body = {"text": text, "target": nothing if where == "body" else par, "words": "on nothing"}
    made = h.item(world["XB"], h.fields(world["XB"], room, "text.comment", body, deps=deps))
    for code in ("XA", "XG"):
        h.send(world["XB"], world[code], room, items=(made,))
    proposal = world["XG"].texts.propose_words(text, par, "States shall test them;")[0]
    world.exchange(rounds=4)
    world["XA"].texts.take(text, proposal)
    world.exchange(rounds=4)
    for code in ("XA", "XG"):
        view = world[code].texts.paragraph(text, par)
        assert view.paragraph.words == "States shall test them;"
        assert world[code].texts.comments(text, par) == []
    assert world["XA"].texts.proof(text) == world["XG"].texts.proof(text)


def test_nobody_founds_our_internal_room(world: World, room: str) -> None:
    """A room "internal" of somebody else is none of ours: it is not shown, and no remark goes there."""
    body = {"kind": "internal", "title": "", "members": [world.id("XB")], "chair": world.id("XB"), "nonce": "A" * 22}
    made = h.item(world["XB"], h.fields(world["XB"], "", "room.create", body, seq=1, prev="", deps=[]))
    before = [one.id for one in world["XG"].rooms.all()]
    refused(h.send(world["XB"], world["XG"], room, items=(made,)), "op.other_room")
    refused(founded(world, made), "op.not_for_us")
    assert [one.id for one in world["XG"].rooms.all()] == before
    assert world["XG"].rooms.internal() in before


def test_a_room_we_were_never_asked_into_is_not_shown(world: World, room: str) -> None:
    body = {
        "kind": "group", "title": "Look at me", "members": sorted((world.id("XA"), world.id("XB"))), "chair": world.id("XB"),
        "nonce": "A" * 22,
    }
    made = h.item(world["XB"], h.fields(world["XB"], "", "room.create", body, seq=1, prev="", deps=[]))
    before = [one.id for one in world["XG"].rooms.all()]
    assert founded(world, made).operations == 1  # kept: we may be added later
    assert [one.id for one in world["XG"].rooms.all()] == before
    body = {"delegation": world.id("XG"), "heads": [h.ident(made)], "history": "record"}
    added = h.item(world["XB"], h.fields(world["XB"], h.ident(made), "room.add", body, seq=2, prev=h.ident(made)))
    assert founded(world, made, added).operations == 1
    assert [one.title for one in world["XG"].rooms.all()][-1] == "Look at me"


def founded(world: World, made: Item, *more: Item) -> Tally:
    """XG hears from XB of a room XB founded, in a session of that room."""
    frame = h.plain(world["XB"], world["XB"].rooms.internal(), items=(made, *more), room=h.ident(made))
    blob, session, group = h.key_to(world["XB"], world["XG"], h.ident(made), RECORD, epoch=frame.epoch)
    assert h.give(world["XG"], blob).opened == 1
    return h.give(world["XG"], h.seal_in(session, group, frame))


# -- sessions


def test_a_frame_under_anothers_tag_opens_for_nobody(world: World, room: str) -> None:
    """XB has XA's session key, as every member does: with it, XB still is not XA."""
    stolen = h.out(world["XA"], room, CHAT)
    made = h.item(world["XB"], h.fields(world["XA"], room, "message.send", h.message("as if from XA"), CHAT), CHAT)
    frame = h.plain(world["XB"], room, items=(made,))
    blob = h.seal_in(stolen, OutboundGroup.new(), frame)
    refused(h.give(world["XG"], blob), "olm.decrypt")


def test_a_tag_cannot_be_taken_before_its_owner_uses_it(world: World, room: str) -> None:
    """XB sees the tag of XA's new session (the carrier shows it) and writes under it, being faster."""
    world.clock.advance(25 * 3600 * 1000)  # a day later a new session is due
    sent = world["XA"].messages.send(room, "in a new session")
    outgoing = world["XA"].exchange.seal()
    tag = h.out(world["XA"], room, CHAT).tag
    blob, session, group = h.key_to(world["XB"], world["XG"], room, CHAT)
    tally = h.give(world["XG"], blob, h.seal_in(replace(session, tag=tag), group, h.plain(world["XB"], room)))
    assert (tally.opened, tally.sealed) == (1, 1), "a tag follows from its sender: the key XB gave is not the one of this tag"
    world["XA"].exchange.put(outgoing)
    world.exchange(rounds=6, pause=61_000)
    assert [one.body for one in world["XG"].messages.page(room, sent, 0, 9)] == ["in a new session"]


def test_a_record_session_is_announced_by_its_own_device(world: World, room: str) -> None:
    item = h.item(world["XB"], h.fields(world["XB"], room, "message.send", h.message("not announced")))
    for signer, spoilt in ((world["XA"], {}), (world["XB"], {"announcement": b""}), (world["XB"], {"recipients": bytes(32)})):
        blob, session, group = h.key_to(world["XB"], world["XG"], room, RECORD, sign_as=signer)
        assert h.give(world["XG"], blob).opened == 1
        frame = h.plain(world["XB"], room, items=(item,))
        refused(h.give(world["XG"], h.seal_in(replace(session, **spoilt), group, frame)), "signature.bad")
    with world["XG"].context.read() as handle:
        assert sessions.into(handle, session.tag).epoch == b"", "it has not begun"  # type: ignore[union-attr]
    assert h.give(world["XG"], h.seal_in(session, group, frame)).operations == 1


def test_a_conversation_is_announced_under_no_signature(world: World, room: str) -> None:
    blob, session, group = h.key_to(world["XB"], world["XG"], room, CHAT)
    assert h.give(world["XG"], blob).opened == 1
    signed = replace(session, announcement=world["XB"].context.keys.ed25519.sign(bytes(32)))
    refused(h.give(world["XG"], h.seal_in(signed, group, h.plain(world["XB"], room))), "frame.binding")
    assert h.give(world["XG"], h.seal_in(session, group, h.plain(world["XB"], room))).refused == []


def test_two_devices_under_one_tag_is_no_session(world: World, room: str) -> None:
    """It cannot come about any more, a tag being a hash of its sender; if it did, the first one would stand."""
    blob, session, _ = h.key_to(world["XB"], world["XG"], room, CHAT)
    with world["XG"].context.write() as tx:
        tx.run(
            "insert into session_in(tag, device, room, klass, epoch, wrap, state, made_at) values (?,?,?,1,?,?,?,0)",
            (session.tag, world["XA"].me().device, room, session.epoch, session.wrap, b""))
    refused(h.give(world["XG"], blob), "key.tag_taken")


@pytest.mark.parametrize("name", ["sender", "sender_olm", "recipient", "recipient_olm"])
def test_a_key_message_binds_both_ends(world: World, room: str, name: str) -> None:
    blob, *_ = h.key_to(world["XB"], world["XG"], room, CHAT, **{name: bytes(32)})
    refused(h.give(world["XG"], blob), "key.binding")
    blob, *_ = h.key_to(world["XB"], world["XG"], room, CHAT, number=10**6)
    refused(h.give(world["XG"], blob), "key.binding")


def test_a_key_message_under_a_certificate_not_yet_known_waits(world: World, room: str) -> None:
    """With nothing of it kept; its card may still be on its way."""
    before = h.contents(world["XG"])
    blob, *_ = h.key_to(world["XB"], world["XG"], room, CHAT, certificate=bytes(32))
    tally = h.give(world["XG"], blob)
    assert (tally.opened, tally.sealed, tally.refused) == (0, 1, [])
    after = h.contents(world["XG"])
    assert all(after[name] == before[name] for name in ("olm", "peer_key", "prekey_seen", "session_in"))


def test_a_frame_stays_in_its_room_and_epoch(world: World, room: str) -> None:
    for changes in ({"room": "A" * 43}, {"epoch": bytes(32)}):
        refused(h.give(world["XG"], h.seal(world["XB"], room, RECORD, h.plain(world["XB"], room, **changes))), "frame.binding")


def test_an_unusable_reply_key_does_not_silence_us(world: World, room: str) -> None:
    """What a peer wants to be answered with is checked when it comes, not when we answer."""
    blob, *_ = h.key_to(world["XB"], world["XG"], room, CHAT, reply_key=b"\xff" * 1216)
    tally = h.give(world["XG"], blob)
    assert tally.refused == ["hpke.key"]
    world.clock.advance(25 * 3600 * 1000)  # new sessions, so keys to everybody
    sent = world["XG"].messages.send(room, "heard by all")
    world.exchange(rounds=6)
    assert world["XG"].messages.one(sent).delivery_line == "2/2"


def test_a_device_that_cannot_be_sealed_to_does_not_silence_the_others(world: World, room: str) -> None:
    with world["XG"].context.write() as tx:
        device = world["XB"].me().device
        tx.run("delete from olm where device = ?", (device,))
        tx.run("update device set olm = ?, fallback = ? where id = ?", (bytes(32), bytes(32), device))
    world.clock.advance(25 * 3600 * 1000)
    sent = world["XG"].messages.send(room, "heard by the others")
    world.exchange(rounds=6)
    assert [one.body for one in world["XA"].messages.page(room, sent, 0, 9)] == ["heard by the others"]


# -- replays


def test_old_envelopes_again_change_nothing(world: World, room: str) -> None:
    batch = abc.find("folder")(world.share).fetch(frozenset({world["XG"].context.own.mailbox}), b"", 10_000, lambda names: ())
    assert len(batch.items) > 10
    aside = ("generation", "meta", "cursor", "statement_due", "repaired")  # who repeats himself is told what we hold
    before = h.contents(world["XG"], aside)
    world["XG"].exchange.take(batch.items)
    assert h.contents(world["XG"], aside) == before
    # and when they are so old that their ids are forgotten, as the reply keys they were sealed to have been for long
    with world["XG"].context.write() as tx:
        tx.run("delete from envelope_seen")
        tx.run("delete from reply_key")
    tally = world["XG"].exchange.take(batch.items)
    assert tally.operations == 0
    shown = ("message", "op", "acknowledgement", "log", "room_member", "held", "suspended", "session_in", "olm", "device")
    after = h.contents(world["XG"])
    assert {name: after[name] for name in shown} == {name: before[name] for name in shown}


def test_one_index_with_two_bodies_is_noticed(world: World, room: str) -> None:
    desk = world["XB"]
    with desk.context.read() as handle:
        session = sessions.out(handle, room, CHAT)
    assert session is not None
    blobs = [h.seal_in(session, OutboundGroup.load(session.state), h.plain(desk, room, at=at)) for at in (1, 2)]
    assert h.give(world["XG"], blobs[0]).refused == []
    refused(h.give(world["XG"], blobs[1]), "frame.two_bodies")
    assert "session.two_bodies" in h.events(world["XG"])


def test_a_key_message_opens_once(world: World, room: str) -> None:
    """The same Olm message in a fresh outer layer, even when its session has long been forgotten."""
    victim = world["XG"]
    with victim.context.write() as tx:
        tx.run("delete from olm where device = ?", (world["XB"].me().device,))
    with world["XB"].context.write() as tx:
        made = sessions.made(tx, h.out(world["XB"], room, CHAT).tag)
        assert made is not None
        from valise.vault import people

        device = people.device(tx, victim.me().device)
        assert device is not None
        world["XB"].exchange.opening.keys.send_session(tx, device, made, renew=True)
        blob = tx.row("select blob from key_out where device = ? order by made_at desc limit 1", (device.id,))[0]
    me = canonical.unb64u(victim.me().device)
    keys = victim.exchange.opening.keys
    inner = envelope.open_key(keys._prekey, me, blob)
    assert h.give(victim, blob).opened == 1
    again = [envelope.seal_key(keys._prekey.public, me, inner) for _ in range(2)]
    assert h.give(victim, again[0]).refused[0].startswith("olm.")
    with victim.context.write() as tx:
        tx.run("delete from olm where device = ?", (world["XB"].me().device,))
    refused(h.give(victim, again[1]), "olm.replayed")
    outer = keymessage.decode_outer(inner)
    renumbered = keymessage.encode_outer(replace(outer, number=outer.number + 1))
    refused(h.give(victim, envelope.seal_key(keys._prekey.public, me, renumbered)), "olm.replayed")


# -- statements


def test_nobody_acknowledges_what_was_never_sent(world: World, room: str) -> None:
    sender = world["XA"]
    with sender.store.read() as handle:
        top = handle.row("select top from log where room = ? and klass = 1 and device = ?", (room, sender.me().device))[0]
    h.send(world["XB"], sender, room, statement=h.said(world["XB"], room, logs=(h.line(sender, CHAT, 10**9),)))
    later = sender.messages.send(room, "not held by anybody yet")
    sender.exchange.now()
    with sender.store.read() as handle:
        held = handle.row("select max(seq) from held where room = ? and klass = 1 and device = ?", (room, world["XB"].me().device))
    assert held[0] == top
    assert sender.messages.one(later).delivery_line == "0/2"
    world.exchange(rounds=4)
    assert sender.messages.one(later).delivery_line == "2/2"


def test_an_acknowledgement_from_the_year_zero_is_one(world: World, room: str) -> None:
    sender = world["XA"]
    later = sender.messages.send(room, "held by one")
    sender.exchange.now()
    world["XB"].exchange.fetch()
    with sender.store.read() as handle:
        top = handle.row("select top from log where room = ? and klass = 1 and device = ?", (room, sender.me().device))[0]
    h.send(world["XB"], sender, room, statement=h.said(world["XB"], room, 0, logs=(h.line(sender, CHAT, top),)))
    assert sender.messages.one(later).delivery_line == "1/2"


def test_a_statement_speaks_for_its_own_device_and_room(world: World, room: str) -> None:
    other = h.talk(world, "bilateral", members=("XB", "XG"))
    forged = h.said(world["XG"], room)
    for statement, code in (
        (forged, "signature.bad"),  # brought along by somebody else
        (h.said(world["XB"], room, device=world["XG"].me().device), "statement.binding"),
        (h.said(world["XB"], other), "statement.binding"),
    ):
        assert h.send(world["XB"], world["XA"], room, statement=statement).refused == [code]


def test_an_old_statement_takes_nothing_back(world: World, room: str) -> None:
    sender = world["XA"]
    old = h.said(world["XB"], room, logs=(h.line(sender, RECORD, 1),))
    before = h.contents(sender)["held"]
    assert h.send(world["XB"], sender, room, statement=old).refused == []
    assert h.contents(sender)["held"] == before


def test_who_left_the_room_learns_nothing_by_asking(world: World, room: str) -> None:
    world["XA"].rooms.remove(room, world.id("XB"))
    world["XA"].messages.send(room, "not for XB any more", for_the_record=True)
    world.exchange(rounds=4)
    world["XG"].exchange.repair.spacing = 0
    lines = tuple(LogLine(RECORD, world[code].me().device, 0, b"", 0) for code in ("XA", "XG"))
    tags = (h.out(world["XA"], room, RECORD).tag,)
    h.send(world["XB"], world["XG"], room, statement=h.said(world["XB"], room, logs=lines, tags=tags))
    assert world["XG"].exchange.repair.answers(room) == ([], [], [])


def test_who_was_never_a_member_is_told_nothing_of_the_room(world: World, room: str) -> None:
    """XD heard of the room's id and writes to it: no answer says who is in it, or that it is there at all."""
    h.talk(world, "bilateral", members=("XD", "XG"))
    with world["XG"].store.read() as handle:
        before = handle.row("select count(*) from session_made")[0]
    blob, session, group = h.key_to(world["XD"], world["XG"], room, CHAT)
    assert h.give(world["XG"], blob).opened == 1
    frame = h.plain(world["XB"], room, epoch=session.epoch, statement=h.said(world["XD"], room))
    assert h.give(world["XG"], h.seal_in(session, group, frame)).opened == 1
    world.exchange(rounds=4, pause=61_000)
    with world["XG"].store.read() as handle:
        made = handle.rows("select room, recipients from session_made")
    assert len(made) == before and not [one for one in made if one[0] == room and world["XD"].me().device in one[1]]
    assert room not in [one.id for one in world["XD"].rooms.all()]


def test_who_was_removed_and_has_unusable_keys_stops_nobody(world: World, room: str) -> None:
    late = h.item(world["XB"], h.fields(world["XB"], room, "message.send", h.message("not knowing yet")))
    blob = h.seal(world["XB"], room, RECORD, h.plain(world["XB"], room, items=(late,)))
    world["XA"].rooms.remove(room, world.id("XB"))
    world.exchange(rounds=4)
    device = world["XB"].me().device
    with world["XG"].context.write() as tx:
        tx.run("delete from olm where device = ?", (device,))
        tx.run("update device set olm = ?, fallback = ? where id = ?", (bytes(32), bytes(32), device))
    h.give(world["XG"], blob)
    sent = world["XG"].messages.send(room, "we go on")
    world.exchange(rounds=4, pause=61_000)
    assert [one.body for one in world["XA"].messages.page(room, sent, 0, 9)] == ["we go on"]


def test_a_key_is_sent_again_only_to_whom_it_was_made_for(world: World, room: str) -> None:
    private = h.talk(world, "bilateral", members=("XA", "XG"))
    tag = h.out(world["XA"], private, CHAT).tag
    with world["XA"].store.read() as handle:
        before = handle.row("select count(*) from key_out where device = ?", (world["XB"].me().device,))
    h.send(world["XB"], world["XA"], room, statement=h.said(world["XB"], room, tags=(tag,)))
    with world["XA"].store.read() as handle:
        assert handle.row("select count(*) from key_out where device = ?", (world["XB"].me().device,)) == before


def test_nothing_of_another_room_is_fetched_by_its_id(world: World, room: str) -> None:
    private = h.talk(world, "bilateral", members=("XA", "XG"))
    with world["XA"].store.read() as handle:
        secrets = tuple(row[0] for row in handle.rows("select id from op where room = ? order by n", (private,)))
    h.send(world["XB"], world["XA"], room, statement=h.said(world["XB"], room, want=secrets))
    items, _, _ = world["XA"].exchange.repair.answers(room)
    assert items and not {h.ident(one) for one in items} & set(secrets)
    assert world["XA"].exchange.repair.rooms_answered() == []


# -- attachments


def attached(world: World, room: str) -> tuple[str, bytes, list[bytes]]:
    """A message of XA with a file that has reached XG by name but not yet by content."""
    data = os.urandom(150_000)
    file = world["XA"].messages.attach(room, "annex.bin", data)
    world["XA"].messages.send(room, "see annex", attachments=[file.id])
    with world["XA"].context.write() as tx:
        tx.run("delete from chunk_out")
        chunks = [bytes(row[0]) for row in tx.rows("select data from chunk where attachment = ? order by i", (file.id,))]
    world["XA"].exchange.now()
    world["XG"].exchange.fetch()
    return file.id, data, chunks


def test_a_spoilt_chunk_does_not_spoil_the_file_for_good(world: World, room: str) -> None:
    name, data, chunks = attached(world, room)
    bad = tuple(Piece(canonical.unb64u(name), i, b"spoilt" + bytes(len(one) - 6)) for i, one in enumerate(chunks) if i < 2)
    h.send(world["XB"], world["XG"], room, pieces=bad)
    world.exchange(rounds=12, pause=30_000)
    assert world["XG"].messages.attachment(name) == data


def test_chunks_come_from_the_room_of_the_file(world: World, room: str) -> None:
    side = h.talk(world, "bilateral", members=("XD", "XG"))
    name, data, chunks = attached(world, room)
    whole = tuple(Piece(canonical.unb64u(name), i, one) for i, one in enumerate(chunks))
    h.send(world["XD"], world["XG"], side, pieces=whole)
    assert not world["XG"].messages.attachment_view(name).ready
    world.exchange(rounds=8, pause=30_000)
    assert world["XG"].messages.attachment(name) == data


def test_who_is_no_member_brings_no_chunk_and_no_roster(world: World, room: str) -> None:
    """XD has no place in the room, but may of course say "room" in a session of its own."""
    name, _, chunks = attached(world, room)
    epoch = h.out(world["XA"], room, CHAT).epoch
    h.talk(world, "bilateral", members=("XD", "XG"))  # so that there is a ratchet between the two
    with world["XG"].context.write() as tx:
        tx.run("delete from chunk where attachment = ?", (name,))
        tx.run("update attachment set have = 0 where id = ?", (name,))
    blob, session, group = h.key_to(world["XD"], world["XG"], room, CHAT, epoch=epoch)
    assert h.give(world["XG"], blob).opened == 1
    pieces = tuple(Piece(canonical.unb64u(name), i, one) for i, one in enumerate(chunks))
    frame = h.plain(world["XB"], room, epoch=epoch, pieces=pieces)
    assert h.give(world["XG"], h.seal_in(session, group, frame)).opened == 1
    assert not world["XG"].messages.attachment_view(name).ready
    with world["XG"].store.read() as handle:
        assert handle.row("select 1 from roster_seen where device = ? and room = ?", (world["XD"].me().device, room)) is None


def test_a_file_cannot_be_announced_under_anothers_id(world: World, room: str) -> None:
    """XB, being faster, tells XG of the file XA is about to send, with another key and size."""
    data = os.urandom(100_000)
    file = world["XA"].messages.attach(room, "annex.bin", data)
    sent = world["XA"].messages.send(room, "see annex", attachments=[file.id])
    with world["XA"].store.read() as handle:
        told = json.loads(handle.row("select params from attachment where id = ?", (file.id,))[0])
    for changes in ({"key": "A" * 43}, {"sealed_hash": "A" * 43}, {"chunks": 900}, {"name": "other.bin"}):
        body = h.message("mine", attachments=[{**told, **changes}])
        made = h.item(world["XB"], h.fields(world["XB"], room, "message.send", body, CHAT), CHAT)
        assert h.send(world["XB"], world["XG"], room, CHAT, items=(made,)).operations == 1
        assert world["XG"].messages.one(h.ident(made)).attachments == ()
    world.exchange(rounds=6)
    (shown,) = world["XG"].messages.one(sent).attachments
    assert (shown.name, shown.size, shown.ready) == ("annex.bin", 100_000, True)
    assert world["XG"].messages.attachment(file.id) == data


def test_a_file_of_one_room_is_not_sent_to_another(world: World, room: str) -> None:
    file = world["XA"].messages.attach(world["XA"].rooms.internal(), "red lines.txt", b"ours alone")
    with pytest.raises(NotAllowed, match=r"attachment\.other_room"):
        world["XA"].messages.send(room, "by mistake", attachments=[file.id])


def test_a_file_name_is_what_was_signed(world: World, room: str) -> None:
    for name in ("re\u0301sume\u0301.txt", "..\\..\\annex.bin", "torn \udc80.bin"):
        file = world["XA"].messages.attach(room, name, b"words")
        sent = world["XA"].messages.send(room, "see file", attachments=[file.id])
        world.exchange(rounds=4)
        assert [one.name for one in world["XG"].messages.one(sent).attachments] == [file.name]
        assert world["XG"].messages.attachment(file.id) == b"words"


def test_no_room_writes_into_the_threads_of_another(world: World, room: str) -> None:
    thread = world["XA"].messages.send(room, "the first line", subject="OP 2")
    side = h.talk(world, "bilateral", members=("XB", "XG"))
    body = h.message("words of somebody else", thread=thread, subject="Something else")
    for at in (0, world.clock.now() + 10**9):
        made = h.item(world["XB"], h.fields(world["XB"], side, "message.send", body, CHAT, at=at), CHAT)
        h.send(world["XB"], world["XG"], side, CHAT, items=(made,))
    world.exchange(rounds=4)
    row = next(one for one in world["XG"].messages.threads(room) if one.id == thread)
    assert (row.subject, row.first_line, row.messages) == ("OP 2", "the first line", 1)


# -- identities


def root_of(world: World, code: str) -> rootfile.Root:
    return rootfile.open_root((world.base / code / KEY_FILE).read_bytes(), bytearray(PASSPHRASE), (1, 8192))


def own_card(world: World, code: str) -> card.Card:
    return card.read_card(world[code].contacts.own_card())


def next_card(world: World, code: str, /, **changes: object) -> card.Card:
    old, root = own_card(world, code), root_of(world, code)
    named = {
        "code": old.code, "name": old.name, "devices": list(old.devices), "number": old.number + 1, "prev": old.hash,
        "issued_at": world.clock.now(), **changes,
    }
    return card.make_card(root, **named)  # type: ignore[arg-type]


def grafted(world: World) -> card.Card:
    """XB's card that lists XA's laptop as XB's own, revoked and with XB's mailbox. All its keys are public."""
    theirs = own_card(world, "XA").devices[0]
    cert = theirs.certificate
    request = identity.Request(
        cert.officer, cert.role, cert.ed25519, cert.composite, cert.olm, bytes(16), theirs.prekeys, b"", b"")  # type: ignore[arg-type]
    forged = certificate.make_certificate(
        root_of(world, "XB"), request, rights=cert.rights, not_before=cert.not_before, not_after=cert.not_after, number=2)
    return next_card(world, "XB", devices=[*own_card(world, "XB").devices, card.CardDevice(forged, theirs.prekeys, bytes(16), 1)])


@pytest.mark.parametrize("by_person", [False, True])
def test_a_card_takes_nobody_elses_laptop(world: World, room: str, by_person: bool) -> None:
    made = grafted(world)
    before = world["XG"].contacts.one(world.id("XA")), world["XG"].contacts.one(world.id("XB"))
    if by_person:
        with pytest.raises(Refused, match=r"card\.device_taken"):
            world["XG"].contacts.import_card(made.file)
    else:
        assert h.send(world["XB"], world["XG"], room, cards=(made.data,)).refused == ["card.device_taken"]
    after = world["XG"].contacts.one(world.id("XA")), world["XG"].contacts.one(world.id("XB"))
    assert [one.devices for one in after] == [one.devices for one in before]
    sent = world["XG"].messages.send(room, "to all")
    world.exchange(rounds=4)
    assert world["XG"].messages.one(sent).delivery_line == "2/2"


@pytest.mark.parametrize("by_person", [False, True])
def test_a_card_takes_nobody_elses_code(world: World, room: str, by_person: bool) -> None:
    world["XG"].contacts.verified(world.id("XB"))
    made = next_card(world, "XB", code="XA", name="Aurelia")
    if by_person:
        with pytest.raises(Refused, match=r"card\.conflict"):
            world["XG"].contacts.import_card(made.file)
    else:
        assert h.send(world["XB"], world["XG"], room, cards=(made.data,)).refused == ["card.conflict"]
    assert {one.code for one in world["XG"].contacts.all()} == {"XA", "XB", "XD"}
    assert by_person or "card.conflict" in h.events(world["XG"])


def test_no_member_can_make_us_doubt_a_third(world: World, room: str) -> None:
    """XB brings along a card of a new delegation that calls itself XA. Only a person may bring that up."""
    secret, root = identity.DeviceSecret.new(), identity.Root.new()
    now = world.clock.now()
    request = identity.make_request(secret, "Officer", "Delegate", now)
    made = identity.make_certificate(root, request, rights=("speak",), not_before=now, not_after=now + 10**10, number=1)
    device = card.CardDevice(made, request.prekeys, secret.mailbox)
    forged = card.make_card(root, code="XA", name="Aurelia", devices=[device], number=1, prev="", issued_at=now)
    assert h.send(world["XB"], world["XG"], room, cards=(forged.data,)).refused == ["card.conflict"]
    assert world["XG"].contacts.one(world.id("XA")).stopped == ""
    assert "card.conflict" in h.events(world["XG"])
    assert world["XG"].contacts.import_card(forged.file).stopped == "changed"


def test_two_lists_at_one_place_stop_sending(world: World, room: str) -> None:
    made = [next_card(world, "XB", name=name) for name in ("Borovia", "Greater Borovia")]
    h.send(world["XB"], world["XG"], room, cards=(made[0].data,))
    h.send(world["XB"], world["XG"], room, cards=(made[1].data,))
    assert world["XG"].contacts.one(world.id("XB")).stopped == "forked"
    assert "card.forked" in h.events(world["XG"])
    assert world["XG"].rooms.one(room).blocked == "contact.forked"


def test_an_old_card_takes_nothing_back(world: World, room: str) -> None:
    old, new = own_card(world, "XB"), next_card(world, "XB")
    h.send(world["XB"], world["XG"], room, cards=(new.data,))
    before = h.contents(world["XG"])["delegation"]
    assert h.send(world["XB"], world["XG"], room, cards=(old.data,)).refused == []
    assert h.contents(world["XG"])["delegation"] == before
    with pytest.raises(Refused, match=r"card\.older"):
        world["XG"].contacts.import_card(old.file)
