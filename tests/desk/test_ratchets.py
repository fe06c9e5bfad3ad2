"""Keys that move on: prekeys turn, replaced keys are destroyed in time, and what is shown is what is kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.hostile import tools as h
from tests.world import PASSPHRASE, World

from valise.desk.desk import Desk
from valise.domain.errors import Refused
from valise.protocol.card import read_card, refresh
from valise.protocol.certificate import DeviceSecret
from valise.protocol.hpke import key_id
from valise.protocol.olm import OlmAccount
from valise.vault import people, prekeys

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


def prekey_of(desk: Desk, device: str) -> bytes:
    with desk.store.read() as handle:
        return people.prekey(handle, device)


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


# -- prekeys


def test_prekeys_turn_after_a_week_and_everybody_learns(world: World, room: str) -> None:
    first = generation(world["XA"])
    me = world["XA"].me().device
    assert prekey_of(world["XB"], me) == prekey_of(world["XA"], me)
    world.clock.advance(8 * DAY)
    world.exchange(rounds=4)
    second = generation(world["XA"])
    assert second.number > first.number and second.seed != first.seed
    assert prekey_of(world["XB"], me) == prekey_of(world["XA"], me) and key_id(prekey_of(world["XB"], me)) == second.id
    # the card stays the one the root signed, and the prekeys on it are signed by the laptop
    card = read_card(world["XA"].contacts.own_card())
    assert card.number == 1 and card.devices[0].prekeys is not None and card.devices[0].prekeys.number == second.number


def test_prekeys_that_were_used_turn_the_next_day(world: World, room: str) -> None:
    used = [code for code in ("XA", "XB") if generation(world[code]).used_at]
    assert used, "somebody made first contact"
    before = {code: generation(world[code]).number for code in ("XA", "XB")}
    world.clock.advance(DAY + HOUR)
    world.exchange(rounds=2)
    for code in ("XA", "XB"):
        assert (generation(world[code]).number > before[code]) == (code in used)


def test_a_card_that_gets_lost_on_its_way_comes_with_the_next_words(world: World, room: str) -> None:
    world.clock.advance(8 * DAY)
    world["XA"].exchange.seal()  # never put: the frame nobody confirms is lost
    assert count(world["XA"], "card_due", "room = ? and said = 1", room) == 1
    say(world, "XA", room, "new words")
    assert count(world["XA"], "card_due", "room = ?", room) == 0
    assert key_id(prekey_of(world["XB"], world["XA"].me().device)) == generation(world["XA"]).id


def test_an_old_card_opens_within_the_window_and_not_after(tmp_path: Path) -> None:
    world = World(tmp_path, ("XA", "XD", "XE"), acquainted=False)
    old = world["XA"].contacts.own_card()
    world.exchange(rounds=1)
    for days in (8, 8):  # two turns: a library keeps one fallback key before the present, and that would not do
        world.clock.advance(days * DAY)
        world.exchange(rounds=1)
    assert count(world["XA"], "prekey", "retired_at != 0") == 2
    for code in ("XD", "XE"):
        world["XA"].contacts.import_card(world[code].contacts.own_card())
        world[code].contacts.import_card(old)
    met = world["XD"].rooms.create("bilateral", "", [world.id("XA")])
    say(world, "XD", met, "in time", rounds=3)
    assert read(world["XA"], met) == ["in time"]
    assert not world["XA"].ratchets.card().asked_at
    for _ in range(2):
        world.clock.advance(31 * DAY)
        world["XA"].exchange.now()
    late = world["XE"].rooms.create("bilateral", "", [world.id("XA")])
    say(world, "XE", late, "too late", rounds=3)
    assert read(world["XA"], late) == []
    assert world["XA"].exchange.refused["key.destroyed"] >= 1
    assert world["XA"].ratchets.card().asked_at, "and an officer can see that somebody holds a card that is too old"
    world.close()


def test_destroyed_prekeys_are_in_no_table(world: World, room: str) -> None:
    """A replaced fallback key is in one place only, and when that is gone nothing opens what was sealed to it; nor is the
    seed of X-Wing anywhere."""
    desk = world["XA"]
    first = generation(desk)
    old_card = read_card(desk.contacts.own_card()).devices[0]
    stranger = OlmAccount.new()
    message = stranger.outbound(old_card.certificate.olm, old_card.fallback).encrypt(b"sealed to the old card")

    def opened() -> list[str]:
        with desk.context.write() as tx:
            places = {"live": desk.exchange.opening.keys.account(tx)}
        places["device"] = DeviceSecret.from_bytes(rows(desk, "select value from secret where name = 'device'")[0][0]).account
        for number, account in rows(desk, "select number, account from prekey where retired_at != 0"):
            places["first" if number == first.number else str(number)] = OlmAccount.load(account)
        found = []
        for name, account in places.items():
            try:
                account.inbound(stranger.identity, message)
            except Refused:
                continue
            found.append(name)
        return found

    assert opened() == ["live", "device"]
    world.clock.advance(8 * DAY)
    world.exchange(rounds=2)
    assert opened() == ["first"], "the live account has forgotten it at once"
    for _ in range(4):
        world.clock.advance(8 * DAY)
        world.exchange(rounds=2)
    assert opened() == [] and count(desk, "prekey") > 2
    assert not rows(desk, "select 1 from prekey where id = ? or seed = ?", first.id, first.seed)
    assert rows(desk, "select 1 from key_gone where id = ?", first.id)
    kept = DeviceSecret.from_bytes(rows(desk, "select value from secret where name = 'device'")[0][0])
    assert kept.prekey.key_id == generation(desk).id


def test_opening_ids_are_remembered_while_a_key_lives_that_they_could_open(world: World, room: str) -> None:
    desk = next(world[code] for code in ("XA", "XB") if count(world[code], "prekey_seen"))
    world.clock.advance(8 * DAY)
    world.exchange(rounds=2)
    assert count(desk, "prekey_seen")
    for _ in range(5):
        world.clock.advance(8 * DAY)
        world.exchange(rounds=2)
    assert count(desk, "prekey_seen", "prekey < (select min(number) from prekey)") == 0


def test_a_vault_that_was_put_back_does_not_count_again(world: World, room: str, tmp_path: Path) -> None:
    """Numbers of prekeys and key messages that peers have seen are never given to other keys."""
    world["XA"].close()
    kept = (world.base / "XA" / "vault.db").read_bytes()
    world.desks["XA"] = world.gate("XA").unlock(bytearray(PASSPHRASE))
    for n in range(3):
        world.clock.advance(8 * DAY)
        both_ways(world, room, str(n))
    device = world["XA"].me().device
    seen = rows(world["XB"], "select n from peer_key where device = ?", device)[0][0]
    shown = generation(world["XA"]).number
    world["XA"].close()
    (world.base / "XA" / "vault.db").write_bytes(kept)
    desk = world.desks["XA"] = world.gate("XA").unlock(bytearray(PASSPHRASE))
    with desk.context.write() as tx:
        desk.ratchets.begin_anew(tx)
    assert generation(desk).number > shown and count(desk, "olm") == count(desk, "session_out") == 0
    world.exchange(rounds=8, pause=61_000)
    say(world, "XB", room, "do you hear us?", rounds=8, pause=61_000)
    assert "do you hear us?" in read(desk, room)
    assert rows(world["XB"], "select n from peer_key where device = ?", device)[0][0] > seen
    assert key_id(prekey_of(world["XB"], device)) == generation(desk).id


def test_prekeys_that_a_peer_shows_and_we_never_made_are_replaced(world: World, room: str) -> None:
    """Our vault was put back and nobody noticed: peers would seal first contact to keys that are nowhere."""
    desk = world["XA"]
    with desk.context.write() as tx:
        secret = desk.ratchets._secret(tx)
        secret.renew_prekeys(bytes(32), 2_000_000_000_000)
        stranger = refresh(read_card(people.card(tx, world.id("XA"))), secret.prekeys(world.clock.now()))
        people.store_card(tx, stranger, trust="own", now=world.clock.now(), own=True)
    world.clock.advance(DAY + HOUR)
    world.exchange(rounds=3)
    assert generation(desk).number > 2_000_000_000_000
    assert key_id(prekey_of(world["XB"], desk.me().device)) == generation(desk).id


# -- windows


def reply_ids(desk: Desk) -> set[bytes]:
    return {row[0] for row in rows(desk, "select id from reply_key")}


@pytest.mark.parametrize("way", ["online", "courier"])
def test_every_replaced_key_goes_when_its_window_ends(world: World, room: str, way: str) -> None:
    desk = world["XA"]
    desk.ratchets.online = lambda *_: way == "online"
    window = 72 * HOUR if way == "online" else 30 * DAY
    session = min(window + DAY, 30 * DAY)
    tables = {
        "reply_key": reply_ids(desk),
        "session_in": {row[0] for row in rows(desk, "select tag from session_in")},
        "session_made": {row[0] for row in rows(desk, "select tag from session_made")},
    }
    assert all(tables.values())
    world.clock.advance(25 * HOUR)
    both_ways(world, room, "next day")  # the peer uses newer ones
    passed = world.clock.at
    names = {"reply_key": "id", "session_in": "tag", "session_made": "tag"}

    def left(table: str) -> set[bytes]:
        return tables[table] & {row[0] for row in rows(desk, f"select {names[table]} from {table}")}

    while world.clock.at < passed + window - 3 * HOUR:
        world.clock.advance(min(12 * HOUR, passed + window - 2 * HOUR - world.clock.at))
        both_ways(world, room, "meanwhile") if way == "online" else world.exchange(rounds=1)
    assert left("reply_key"), "within its window a replaced key opens what is under way"
    world.clock.advance(session - window + 26 * HOUR)
    world.exchange(rounds=2)
    assert not left("reply_key") and not left("session_in") and not left("session_made")
    assert not rows(desk, "select 1 from replay where tag not in (select tag from session_in)")
    view = next(one for one in desk.ratchets.all() if one.code == "XB")
    assert view.window == window and view.way == way


def test_a_delegation_that_was_not_heard_lately_counts_as_reached_by_courier(world: World, room: str) -> None:
    desk = world["XA"]
    assert desk.ratchets.all()[-1].way == "online"
    world.clock.advance(73 * HOUR)
    assert desk.ratchets.all()[-1].way == "courier"
    assert desk.ratchets.all()[-1].window == 30 * DAY
    desk.settings.set("exchange.courier_days", 10)
    assert desk.ratchets.all()[-1].window == 10 * DAY
    say(world, "XB", room, "here we are")
    assert desk.ratchets.all()[-1].way == "online"
    desk.settings.set("exchange.online_hours", 5)
    assert desk.ratchets.all()[-1].window == 5 * HOUR


def test_a_reply_key_that_was_never_answered_goes_after_a_way_out_and_back(world: World, room: str) -> None:
    desk = world["XA"]
    first = reply_ids(desk)
    for _ in range(4):
        world.clock.advance(29 * DAY)
        desk.messages.send(room, "is anybody there?")
        desk.exchange.now()
    assert not first & reply_ids(desk)
    assert count(desk, "reply_key") >= 1, "the newest always stays"


def test_keys_of_a_revoked_laptop_go(world: World, room: str) -> None:
    desk, device = world["XA"], world["XB"].me().device
    with desk.context.write() as tx:
        tx.run("update device set revoked_at = ? where id = ?", (world.clock.at, device))
        desk.context.rosters.clear()
    world.clock.advance(31 * DAY)
    desk.exchange.now()
    for table in ("reply_key", "olm", "peer_key", "session_in"):
        assert count(desk, table, "device = ?", device) == 0, table


def test_the_clock_set_back_keeps_nothing_for_ever(world: World, room: str) -> None:
    desk = world["XA"]
    world.clock.advance(400 * DAY)
    both_ways(world, room, "in times to come")
    there = reply_ids(desk)
    world.clock.advance(-400 * DAY)
    for n in range(4):
        world.clock.advance(25 * DAY)
        both_ways(world, room, f"back {n}")
    assert not there & reply_ids(desk)
    assert count(desk, "prekey", "made_at > ? or retired_at > ?", world.clock.at, world.clock.at) == 0


def test_what_is_shown_is_what_is_kept(world: World, room: str) -> None:
    view = next(one for one in world["XA"].ratchets.all() if one.code == "XB").devices[0]
    assert view.since and view.heard_at and view.kept_since
    oldest = rows(world["XA"], "select min(made_at) from session_in where device = ?", view.device)[0][0]
    replies = rows(world["XA"], "select min(made_at) from reply_key where device = ?", view.device)[0][0]
    assert view.kept_since == min(oldest, replies)
    before = view.moved_at
    world.clock.advance(25 * HOUR)
    both_ways(world, room, "next day")
    again = next(one for one in world["XA"].ratchets.all() if one.code == "XB").devices[0]
    assert again.moved_at > before and again.kept_until > world.clock.at
