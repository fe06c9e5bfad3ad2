"""Sessions end when they must, and laptops that cannot read each other any more find back and come to rest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.hostile import tools as h
from tests.world import PASSPHRASE, World

from valise.desk import sealing
from valise.desk.context import CHAT, RECORD
from valise.desk.desk import Desk
from valise.desk.gate import KEY_FILE
from valise.protocol.olm import OlmAccount
from valise.vault import people, prekeys, sessions

HOUR = 3600 * 1000
DAY = 24 * HOUR


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, ("XA", "XB"))
    yield made
    made.close()


@pytest.fixture
def room(world: World) -> str:
    return h.talk(world)


def rows(desk: Desk, sql: str, *values: object) -> list[Any]:
    with desk.store.read() as handle:
        return handle.rows(sql, values)


def count(desk: Desk, table: str, where: str = "1", *values: object) -> int:
    return int(rows(desk, f"select count(*) from {table} where {where}", *values)[0][0])


def generation(desk: Desk) -> prekeys.PrekeyRow:
    with desk.store.read() as handle:
        found = prekeys.present(handle)
    assert found is not None
    return found


def read(desk: Desk, room: str) -> list[str]:
    return [row[0] for row in rows(desk, "select body from message where room = ? order by at, id", room)]


def say(world: World, code: str, room: str, body: str, *, record: bool = False, rounds: int = 4, pause: int = 0) -> None:
    world[code].messages.send(room, body, for_the_record=record)
    world.exchange(rounds=rounds, pause=pause)


def both_ways(world: World, room: str, mark: str) -> None:
    """A round trip: each says something in a new session."""
    say(world, "XA", room, f"{mark} from XA")
    say(world, "XB", room, f"{mark} from XB")
    say(world, "XA", room, f"{mark} again from XA")


# -- sessions end


def tag(world: World, room: str, klass: int = CHAT) -> bytes:
    return h.out(world["XA"], room, klass).tag


def test_a_session_goes_on_while_nothing_ends_it(world: World, room: str) -> None:
    before = tag(world, room)
    for n in range(5):
        world.clock.advance(4 * HOUR)
        say(world, "XA", room, str(n), rounds=1)
    assert tag(world, room) == before


def test_a_session_ends_after_a_hundred_frames(world: World, room: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sealing.MAX_USED == 100
    used = h.out(world["XA"], room, CHAT).used
    monkeypatch.setattr(sealing, "MAX_USED", used + 2)
    before = tag(world, room)
    tags = []
    for n in range(3):
        say(world, "XA", room, str(n), rounds=1)
        tags.append(tag(world, room))
    assert tags[:2] == [before, before] and tags[2] != before


@pytest.mark.parametrize("by", [24 * HOUR, -HOUR])
def test_a_session_ends_after_a_day_or_when_the_clock_goes_back(world: World, room: str, by: int) -> None:
    before = tag(world, room)
    world.clock.advance(by)
    say(world, "XA", room, "later", rounds=2)
    assert tag(world, room) != before


def test_a_session_ends_when_the_list_of_members_changes(world: World, room: str) -> None:
    """The same laptops, another history of members: another epoch."""
    before = tag(world, room)
    world["XA"].rooms.remove(room, world.id("XB"))
    world["XA"].rooms.add(room, world.id("XB"), True)
    say(world, "XA", room, "after it", rounds=2)
    assert tag(world, room) != before


def second_laptop(world: World) -> None:
    """XB certifies another one, and XA, having been asked, goes on writing to XB."""
    request = world.gate("XB-2").ask_enrolment(officer="Second", role="Adviser", passphrase=bytearray(PASSPHRASE))
    key_file = (world.base / "XB" / KEY_FILE).read_bytes()
    world["XB"].grant_enrolment(request, key_file, bytearray(PASSPHRASE), ("observe", "speak"))
    world.exchange(rounds=4)
    if world["XA"].contacts.one(world.id("XB")).stopped:
        world["XA"].contacts.decide(world.id("XB"), True)


def test_a_session_ends_when_a_member_has_another_laptop(world: World, room: str) -> None:
    before = tag(world, room)
    second_laptop(world)
    say(world, "XA", room, "to one more", rounds=2)
    with world["XA"].store.read() as handle:
        made = sessions.made(handle, tag(world, room))
    assert made is not None and len(made.recipients) == 2 and made.tag != before


def test_a_session_ends_when_a_certificate_runs_out(world: World, room: str) -> None:
    """The epoch stays the same, whom it is sealed for does not."""
    before = tag(world, room)
    second_laptop(world)
    say(world, "XA", room, "to both", rounds=2)
    between = tag(world, room)
    with world["XA"].context.write() as tx:
        tx.run("update device set not_after = ? where id = ?", (world.clock.at, world["XB"].me().device))
    say(world, "XA", room, "to the one that is left", rounds=1)
    assert len({before, between, tag(world, room)}) == 3


def test_a_session_ends_after_a_restore_and_when_told_to_move_on(world: World, room: str) -> None:
    desk = world["XA"]
    before = {klass: tag(world, room, klass) for klass in (RECORD, CHAT)}
    first = generation(desk).number
    desk.ratchets.move_on()
    assert generation(desk).number > first
    olm = {row[0] for row in rows(desk, "select id from olm")}
    for klass in (RECORD, CHAT):
        say(world, "XA", room, f"moved on {klass}", record=klass == RECORD, rounds=2)
        assert tag(world, room, klass) != before[klass]
    assert {row[0] for row in rows(desk, "select id from olm")} - olm, "and their keys went in a new Olm session"
    assert read(world["XB"], room)[-2:] == ["moved on 0", "moved on 1"]
    moved = tag(world, room)
    with desk.context.write() as tx:
        desk.ratchets.begin_anew(tx)
    say(world, "XA", room, "restored", rounds=6, pause=61_000)
    assert tag(world, room) != moved and read(world["XB"], room)[-1] == "restored"


# -- unwedging


def sent(desk: Desk, device: str) -> int:
    """How many key messages went to a device."""
    return count(desk, "reply_key", "device = ?", device)


def test_a_key_is_asked_for_once_a_minute_and_opens_one_session_a_minute(world: World, room: str) -> None:
    desk = world["XA"]
    keys = desk.exchange.opening.keys
    with desk.context.write() as tx:
        peer = people.device(tx, world["XB"].me().device)
        assert peer is not None
        tags = [h.out(desk, room, klass).tag for klass in (RECORD, CHAT)]
        before = len(sessions.olm(tx, peer.id))
        assert keys.again(tx, tags[0], peer)
        assert not keys.again(tx, tags[0], peer), "at most once a minute"
        assert len(sessions.olm(tx, peer.id)) == before + 1
        assert keys.again(tx, tags[1], peer)
        assert len(sessions.olm(tx, peer.id)) == before + 1, "however many sessions are asked for at once"
        world.clock.advance(61_000)
        assert keys.again(tx, tags[0], peer) and len(sessions.olm(tx, peer.id)) == before + 2
        for _ in range(20):
            world.clock.advance(61_000)
            assert keys.again(tx, tags[0], peer)
        assert len(sessions.olm(tx, peer.id)) == 5


def wedge(desk: Desk, other: Desk) -> None:
    """The pairwise ratchet is not the other's any more, nor can anything sealed to a reply key be opened."""
    stranger = OlmAccount.new()
    with desk.context.write() as tx:
        session = OlmAccount.new().outbound(stranger.identity, stranger.fallback())
        for name, _ in sessions.olm(tx, other.me().device):
            sessions.write_olm(tx, other.me().device, name, session.dump())
        tx.run("delete from reply_key")


def test_two_that_are_stuck_at_once_get_loose_and_come_to_rest(world: World, room: str) -> None:
    wedge(world["XA"], world["XB"])
    wedge(world["XB"], world["XA"])
    world.clock.advance(25 * HOUR)  # so that both need a new session, whose keys neither can read
    world["XA"].messages.send(room, "from XA, stuck")
    world["XB"].messages.send(room, "from XB, stuck")
    world.exchange(rounds=15, pause=61_000)
    for code in ("XA", "XB"):
        assert {"from XA, stuck", "from XB, stuck"} <= set(read(world[code], room))
        assert world[code].exchange.status().waiting == 0
        assert count(world[code], "wanted_tag") == 0
    went = {one: sent(world[one], world[other].me().device) for one, other in (("XA", "XB"), ("XB", "XA"))}
    assert max(went.values()) <= 15
    world.exchange(rounds=15, pause=61_000)
    assert went == {one: sent(world[one], world[other].me().device) for one, other in (("XA", "XB"), ("XB", "XA"))}
