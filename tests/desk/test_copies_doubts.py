"""An older copy that cannot read what is written to it now: it doubts itself, asks with keys of its own, and hears within a round."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.desk.test_copies import Keyring, bodies, copy_of, old, put_back, suspended, with_keyring
from tests.hostile import tools as h
from tests.world import World

from valise.desk.desk import Desk
from valise.desk.doubts import PROOF
from valise.protocol import canonical, envelope
from valise.protocol.hpke import XWingKey
from valise.protocol.statement import NOWHERE
from valise.vault import generation, sessions

HOUR = 3_600_000


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.close()


def empty(share: Path) -> None:
    for file in share.rglob("*"):
        if file.is_file():
            file.unlink()


def copied(world: World, keyring: Keyring) -> Path:
    """A copy of XA's vault, which has a keyring from here on."""
    with_keyring(world, "XA", keyring).close()
    copy = world.base / "careful"
    shutil.copytree(world.base / "XA", copy)
    with_keyring(world, "XA", keyring)
    return copy


def stranger(desk: Desk) -> bytes:
    """An envelope for this laptop that nobody can open."""
    return envelope.seal_key(XWingKey(os.urandom(32)).public, canonical.unb64u(desk.me().device), b"made up")


def waits(desk: Desk) -> bool:
    with desk.context.read() as handle:
        return bool(handle.value("select count(*) from outbox"))


def test_a_copy_put_back_after_its_peers_had_started_again_hears_of_it_at_once(world: World) -> None:
    """Their new sessions were keyed to a life that is over, and its request was in an Olm session they had left behind: each
    lacked the other's key, for ten minutes."""
    room = world.room()
    world.reopen("XB")
    world.reopen("XG")
    copy = copy_of(world, "XA")
    world["XA"].messages.send(room, "said", for_the_record=True)
    world.exchange(3, 30_000)
    desk = put_back(world, "XA", copy)
    world.exchange(1, 30_000)
    desk.exchange.now()
    assert old(desk) is not None
    world.exchange(3, 30_000)
    desk.messages.send(room, "and on", for_the_record=True)
    world.exchange(3, 30_000)
    assert suspended(world) == [] and {"said", "and on"} <= bodies(world["XG"], room) & bodies(desk, room)


def test_an_officer_who_signs_in_doubt_makes_no_second_history_though_the_others_are_away(world: World) -> None:
    """Nobody answers for four minutes; what is signed meanwhile waits, and is signed again in its place."""
    room = world.room()
    world.reopen("XB")
    world.reopen("XG")
    copy = copy_of(world, "XA")
    world["XA"].messages.send(room, "said", for_the_record=True)
    world.exchange(3, 30_000)
    desk = put_back(world, "XA", copy)
    desk.exchange.now()
    desk.messages.send(room, "signed in doubt", for_the_record=True)
    for _ in range(8):
        desk.exchange.now()
        world.clock.advance(30_000)
    assert waits(desk)
    world.exchange(6, 30_000)
    assert old(desk) is not None and suspended(world) == []
    for code in ("XA", "XB", "XG"):
        assert {"said", "signed in doubt"} <= bodies(world[code], room), code


def test_a_copy_that_its_keyring_does_not_know_for_one_asks_with_new_keys(world: World) -> None:
    """The keyring was put back with it, so that its ratchets go on at places that were used."""
    room, keyring = world.room(), Keyring()
    copy = copied(world, keyring)
    kept = dict(keyring.kept)
    world["XA"].messages.send(room, "said", for_the_record=True)
    world.exchange(2, 30_000)
    for code in ("XB", "XG"):
        world.reopen(code)
        world[code].messages.send(room, f"{code} answers", for_the_record=True)
    world.exchange(3, 30_000)
    put_back(world, "XA", copy).close()
    keyring.kept = kept
    desk = with_keyring(world, "XA", keyring)
    assert old(desk) is None
    with desk.context.read() as handle:
        before = set(handle.rows("select device, id from olm"))
    assert before
    desk.exchange.now()
    with desk.context.read() as handle:
        assert handle.value("select count(*) from key_out") and not before & set(handle.rows("select device, id from olm"))
    world.exchange(1, 30_000)
    desk.exchange.now()
    assert old(desk) is not None
    world.exchange(6, 30_000)
    assert {"said", "XB answers", "XG answers"} <= bodies(desk, room) and suspended(world) == []


def test_who_writes_in_a_session_left_behind_is_given_our_keys(world: World) -> None:
    """Nothing is there that the copy could wonder about; it learns of itself from those who cannot read it."""
    room, keyring = world.room("bilateral", members=("XB",)), Keyring()
    copy = copied(world, keyring)
    kept = dict(keyring.kept)
    for n in range(2):
        world.clock.advance(25 * HOUR)
        for code in ("XA", "XB"):
            world[code].messages.send(room, f"{code} {n}", for_the_record=True)
        world.exchange(3, 30_000)
    empty(world.share)
    put_back(world, "XA", copy).close()
    keyring.kept = kept
    desk = with_keyring(world, "XA", keyring)
    assert old(desk) is None
    world["XB"].messages.send(room, "a word")
    world["XB"].exchange.now()
    world.exchange(3, 30_000)
    assert old(desk) is not None
    world.exchange(6, 30_000)
    assert {"XA 0", "XB 0", "XA 1", "XB 1", "a word"} <= bodies(desk, room) and suspended(world) == []


def test_an_envelope_that_somebody_made_up_holds_nothing_once_the_others_have_answered(world: World) -> None:
    room = world.room()
    desk = world["XA"]
    h.give(desk, stranger(desk))
    desk.messages.send(room, "a word")
    desk.exchange.now()
    assert waits(desk)
    world["XB"].exchange.now()
    desk.exchange.now()
    assert waits(desk), "XG may know more"
    world["XG"].exchange.now()
    desk.exchange.now()
    world.exchange(2, 30_000)
    assert not waits(desk) and old(desk) is None
    assert "a word" in bodies(world["XB"], room) & bodies(world["XG"], room)


def test_who_makes_up_envelopes_stops_nobody_for_longer_than_some_minutes(world: World) -> None:
    """The others are away; one such envelope after the other, and the laptop started again, hold nothing any longer."""
    room = world.room()
    desk = world["XA"]
    h.give(desk, stranger(desk))
    desk.messages.send(room, "a word")
    desk.exchange.now()
    assert waits(desk)
    desk = world.reopen("XA")
    for _ in range(3):
        h.give(desk, stranger(desk))
        desk.exchange.now()
        assert waits(desk)
        world.clock.advance(PROOF // 3)
    desk.exchange.now()
    assert not waits(desk)
    h.give(desk, stranger(desk))
    desk.messages.send(room, "another")
    desk.exchange.now()
    assert not waits(desk), "a vault that has just asked does not ask again"
    world.exchange(2, 30_000)
    assert {"a word", "another"} <= bodies(world["XB"], room)


def test_a_room_without_anybody_else_waits_for_nobody(world: World) -> None:
    desk = world["XA"]
    inside = desk.rooms.internal()
    h.give(desk, stranger(desk))
    desk.messages.send(inside, "for ourselves", for_the_record=True)
    desk.exchange.now()
    assert not waits(desk)


def test_a_doubt_of_another_day_is_over_and_stands_in_the_way_of_no_other(world: World) -> None:
    """The laptop was closed, or copied, in the middle of one."""
    room = world.room()
    for again in (False, True):
        desk = world["XA"]
        h.give(desk, stranger(desk))
        desk.exchange.now()
        world.clock.advance(24 * HOUR)
        desk = world.reopen("XA")
        if again:
            h.give(desk, stranger(desk))
        desk.messages.send(room, f"the next day {again}")
        desk.exchange.now()
        assert waits(desk) is again
        world.reopen("XA")


def test_a_vault_that_has_healed_once_doubts_itself_again(world: World) -> None:
    """Put back, healed, and put back a second time."""
    room = world.room()
    copy = copy_of(world, "XA")
    world["XA"].messages.send(room, "said", for_the_record=True)
    world.exchange(3, 30_000)
    desk = put_back(world, "XA", copy)
    world.exchange(8, 30_000)
    healed = old(desk)
    assert healed is not None and not desk.copies.state().waits
    desk = world.reopen("XA")
    h.give(desk, stranger(desk))
    desk.messages.send(room, "waits")
    desk.exchange.now()
    assert waits(desk)
    world.exchange(4, 30_000)
    assert "waits" in bodies(world["XB"], room) and old(desk) == healed


def olm(desk: Desk, peer: Desk) -> list[tuple[bytes, bytes, int]]:
    with desk.context.read() as handle:
        where = "select id, state, used_at from olm where device = ? order by id"
        return list(handle.rows(where, (peer.me().device,)))


def test_a_laptop_without_a_keyring_uses_no_place_again_at_a_start(world: World) -> None:
    """An older copy that starts writes to each laptop in an Olm session of its own, once a start."""
    room = world.room()
    before = olm(world["XA"], world["XB"])
    assert before
    desk = world.reopen("XA")
    desk.messages.send(room, "one", for_the_record=True)
    desk.exchange.now()
    after = olm(desk, world["XB"])
    assert set(before) < set(after) and len(after) == len(before) + 1, "the old ones have not moved"
    with desk.context.read() as handle:
        assert not handle.rows("select 1 from ratchet where renew != 0 and device = ?", (world["XB"].me().device,))


def test_what_cannot_be_read_though_it_came_by_our_reply_key_is_answered_with_our_keys(world: World) -> None:
    """Only the laptop that was given the reply key can write with it, so nobody else makes us answer."""
    room, keyring = world.room("bilateral", members=("XB",)), Keyring()
    desk, peer = with_keyring(world, "XA", keyring), world["XB"]
    stale: list[tuple[bytes, bytes, int]] = []
    for n in range(3):
        stale = olm(desk, peer) if n == 1 else stale
        world.clock.advance(25 * HOUR)
        for one in (desk, peer):
            one.messages.send(room, f"{n}", for_the_record=True)
        world.exchange(3, 30_000)
    with desk.context.write() as tx:  # as an older copy has it
        tx.run("delete from olm")
        tx.many("insert into olm(device, id, state, used_at) values (?,?,?,?)", [(peer.me().device, *one) for one in stale])
        tx.run("delete from session_out")
    made = world.clock.now()
    desk.messages.send(room, "in a session left behind", for_the_record=True)
    desk.exchange.now()
    peer.exchange.now()
    assert any(code.startswith("olm.") for code in peer.exchange.refused)
    with peer.context.read() as handle:
        assert handle.value("select count(*) from key_out where device = ? and made_at > ?", (desk.me().device, made))
    world.exchange(3, 30_000)
    assert "in a session left behind" in bodies(peer, room)


def test_the_session_last_heard_on_is_the_newest_whatever_the_clock_says(world: World) -> None:
    """With a clock set back, a second key went in the session before it, which whoever asked anew had lost."""
    desk, device = world["XA"], world["XB"].me().device
    with desk.context.write() as tx:
        tx.run("delete from olm")
        for name, at in ((b"first", 5_000), (b"second", 9_000), (b"third", 1_000)):
            sessions.keep_olm(tx, device, name, b"", at)
        assert [row[0] for row in sessions.olm(tx, device)] == [b"third", b"second", b"first"]
        sessions.keep_olm(tx, device, b"first", b"", 2_000)
        assert [row[0] for row in sessions.olm(tx, device)] == [b"first", b"third", b"second"]


def test_a_room_founded_in_the_last_moment_that_is_known_is_held_too(world: World) -> None:
    """With a clock set back everything that we sign bears one time, that of the founding among it."""
    room = world.room()
    desk = world["XA"]
    world.clock.advance(-30 * 24 * HOUR)
    desk = world.reopen("XA")
    with desk.context.write() as tx:
        founded = tx.value("select at from op where id = ?", (room,))
        desk.context._last = (founded, 1)
        desk.copies.begin(tx, NOWHERE, "pages")
        assert generation.held(tx, room, 0)
