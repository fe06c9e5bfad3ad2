"""Cards with a pass, our other laptops, laptops that were lost, backups and journeys: where credentials are and where never."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import laptops_hands as laptops
import pytest
from backups_hands import NEW, key_file, lose, passphrase
from relays_hands import INBOXES, Operator, bodies, joined, rows, secrets_of
from tests.hostile import tools as h
from tests.world import World

from valise.desk.desk import Desk
from valise.desk.door_laptops import Revoke
from valise.desk.relay_line import RelayLine
from valise.domain.errors import NotAllowed, Refused
from valise.domain.relay_given import DAY, PASS_TERM, SETTLED, TERM
from valise.protocol.card import read_card
from valise.vault import relays


@pytest.fixture(autouse=True)
def by_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is given reaches the others by the folder: no relay of these tests exists."""
    monkeypatch.setattr(RelayLine, "tune", lambda self: None)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, ("XA", "XB"), acquainted=False)
    yield made
    made.close()


@pytest.fixture
def pair(world: World) -> World:
    """Two that talk in a room of two, Aurelia with a relay."""
    world.acquaint()
    h.talk(world, "bilateral", members=("XA", "XB"))
    joined(world, "XA")
    world.exchange()
    return world


# cards with a pass


def test_a_card_with_a_pass_is_enough_to_write(world: World) -> None:
    joined(world, "XA")
    file = world["XA"].relays.card_for("  xb ")
    (given,) = world["XA"].relays.grants()
    assert (given.note, given.told, given.code, given.state) == ("xb", "card", "", "active")
    assert given.expires - given.made_at == PASS_TERM
    shown = world["XB"].contacts.import_card(file)
    assert shown.code == "XA"
    address = world["XB"].relays.book()[world.id("XA")]
    assert (address.slot, address.inbox) == (given.slot, INBOXES["XA"])
    world.reopen("XB")
    assert world["XB"].relays.book()[world.id("XA")] == address
    # what is kept and what travels further is the card without it
    card = read_card(file)
    assert card.handed is not None and card.handed.address == address
    (kept,) = rows(world["XB"], "select card from delegation_card where delegation = ?", (world.id("XA"),))
    assert kept[0] == card.data and address.seed.encode() not in card.data and read_card(card.data).handed is None
    world.clock.advance(PASS_TERM)
    assert world["XB"].relays.book() == {} and world["XB"].relays.addresses()[0].state == "expired"


def test_a_room_takes_the_place_of_the_pass(world: World) -> None:
    joined(world, "XA")
    world["XB"].contacts.import_card(world["XA"].relays.card_for("XB"))
    other = world["XA"].relays.card_for("somebody in the corridor")
    world["XA"].contacts.import_card(world["XB"].contacts.own_card())
    world.room("bilateral", members=("XA", "XB"))
    world.exchange(6, SETTLED)
    by_note = {one.note: one for one in world["XA"].relays.grants()}
    assert by_note[""].told == "room" and by_note[""].code == "XB"
    assert (by_note["XB"].state, by_note["XB"].code) == ("revoking", "XB")
    assert by_note["somebody in the corridor"].state == "active" and read_card(other).handed is not None
    assert world["XB"].relays.book()[world.id("XA")].slot == by_note[""].slot


def test_only_who_speaks_for_the_delegation_hands_over_a_pass(pair: World) -> None:
    second = laptops.second(pair)  # may observe, speak and amend
    second.relays.join(Operator("XA").kit(pair.clock.now(), seat="seatbbbb"))
    assert not second.relays.own().may_grant
    with pytest.raises(NotAllowed, match=r"rights\.missing"):
        second.relays.card_for("XB")
    with pytest.raises(NotAllowed, match=r"rights\.missing"):
        second.relays.renew(pair["XA"].relays.grants()[0].slot)


def test_an_old_card_does_not_bring_an_older_address_back(world: World) -> None:
    joined(world, "XA")
    first, second = world["XA"].relays.card_for("XB"), world["XA"].relays.card_for("XB")
    world["XB"].contacts.import_card(second)
    used = world["XB"].relays.book()
    world.clock.advance(SETTLED)
    world["XB"].contacts.import_card(first)
    world["XB"].exchange.now()
    assert world["XB"].relays.book() == used


def test_the_pass_of_an_identity_in_doubt_is_not_taken(world: World) -> None:
    joined(world, "XA")
    file = world["XA"].relays.card_for("XB")
    world["XB"].contacts.import_card(world["XA"].contacts.own_card())
    world["XB"].contacts.differs(world.id("XA"))
    world["XB"].contacts.import_card(file)
    assert world["XB"].relays.book() == {}
    false = World(world.base / "false", ("XA",), alike=False)
    joined(false, "XA")
    world["XB"].contacts.decide(world.id("XA"), True)
    world["XB"].contacts.import_card(false["XA"].relays.card_for("XB"))  # another root under the same code
    assert world["XB"].relays.book() == {} and rows(world["XB"], "select * from relay_pass") == []
    false.close()


def test_a_torn_pass_is_no_card(world: World) -> None:
    joined(world, "XA")
    file = world["XA"].relays.card_for("XB")
    with pytest.raises(Refused, match=r"card\."):
        world["XB"].contacts.import_card(file[:-40])
    assert world["XB"].contacts.all() == []


# our own laptops


def same_operator(desk: Desk) -> Operator:
    """The operator of the relay that this laptop of Aurelia has joined."""
    with desk.store.read() as handle:
        held = relays.own(handle)
    assert held is not None
    return Operator("XA", account=held[0].minting.account, signer=held[0].minting.signer)


def test_another_laptop_of_ours_knows_what_was_given_and_takes_it_back(pair: World) -> None:
    first = pair["XA"]
    (given,) = first.relays.grants()
    second = laptops.second(pair, "observe", "speak", "commit")
    pair.accept_laptops()
    pair.exchange(6, SETTLED)
    (seen,) = second.relays.grants()  # said again, since somebody who had not heard it is in the room
    assert (seen.slot, seen.code, seen.told) == (given.slot, "XB", "room")
    second.relays.join(same_operator(first).kit(pair.clock.now(), seat="seatbbbb"))
    pair.exchange(6, SETTLED)
    assert [one.slot for one in second.relays.grants()] == [given.slot]  # nobody gives twice
    assert [one.slot for one in first.relays.grants()] == [given.slot]
    assert first.relays.book()[pair.id("XA")].slot != second.relays.book()[pair.id("XA")].slot
    assert second.relays.revoke(given.slot).state == "revoking"
    confirmed: list[str] = []
    first.relays.asking.ask = lambda users: confirmed.extend(users) or ""
    pair.exchange(6, SETTLED)
    assert first.relays.grants()[0].state == "revoked" and len(confirmed) == 1
    assert pair["XB"].relays.book() == {} and [one.state for one in first.relays.grants()] == ["revoked"]


def test_when_the_laptop_that_gave_is_gone_another_goes_on(pair: World) -> None:
    second = laptops.second(pair, "observe", "speak", "commit", "enrol")
    pair.accept_laptops()
    pair.exchange(6, SETTLED)
    second.relays.join(same_operator(pair["XA"]).kit(pair.clock.now(), seat="seatbbbb"))
    pair.exchange(2, SETTLED)
    gone = pair.desks.pop("XA")
    pair.clock.advance(TERM * 5 // 6 + DAY)  # the laptop that gave it is in a drawer
    pair.exchange(4, SETTLED)
    assert len(second.relays.grants()) == 2
    assert pair["XB"].relays.book()[second.me().delegation].slot == second.relays.grants()[0].slot
    gone.close()


def test_a_laptop_of_theirs_that_joins_is_told_and_one_that_is_lost_costs_the_credential(pair: World) -> None:
    joined(pair, "XB")
    pair.exchange(4, SETTLED)
    (given,) = pair["XB"].relays.grants()
    second = laptops.second(pair, "observe", "speak")  # of Aurelia
    pair.accept_laptops()
    pair.exchange(6, SETTLED)
    assert second.relays.book()[pair.id("XB")].slot == given.slot  # can write without a mailbox of its own
    laptops.open_root(pair).laptops.perform([Revoke(second.me().device, "lost")])
    pair.desks.pop("XA-2").close()
    pair.exchange(8, SETTLED)
    by_slot = {one.slot: one for one in pair["XB"].relays.grants()}
    assert len(by_slot) == 2 and by_slot[given.slot].state == "revoking"
    (fresh,) = [one for one in by_slot.values() if one.slot != given.slot]
    assert fresh.state == "active" and pair["XA"].relays.book()[pair.id("XB")].slot == fresh.slot


# backups and journeys


def occurs(desk: Desk, what: bytes) -> list[str]:
    """Tables in which these bytes stand."""
    found = []
    for (table,) in rows(desk, "select name from sqlite_schema where type = 'table'"):
        for row in rows(desk, f'select * from "{table}"'):
            if any(what in (cell if isinstance(cell, bytes) else str(cell).encode()) for cell in row):
                found.append(table)
    return sorted(set(found))


def test_no_backup_holds_a_credential_and_what_was_given_is_still_known(pair: World, tmp_path: Path) -> None:
    joined(pair, "XB")
    pair.exchange(4, SETTLED)
    stick = tmp_path / "stick"
    stick.mkdir()
    secrets = secrets_of(pair["XA"])
    assert len(secrets) >= 8
    for one in secrets:
        assert occurs(pair["XA"], one), one
    (given,) = pair["XA"].relays.grants()
    key = key_file(pair)
    old = pair["XA"].me().device
    note = pair["XA"].backups.make(stick, passphrase())
    desk = lose(pair, stick, note)
    for one in secrets:
        assert occurs(desk, one) == [], one
    assert bodies(desk) == [] and desk.relays.mailbox() is None and desk.relays.book() == {}
    (known,) = desk.relays.grants()
    assert (known.slot, known.code) == (given.slot, "XB")
    # it is admitted, and is told again; what the lost one gave can be taken back
    desk.backups.certify(key, passphrase(), [old])
    desk.exchange.use_folder(pair.share)
    # its card has to be handed over: nobody opens what an unknown laptop sends
    pair["XB"].contacts.import_card(desk.contacts.own_card())
    pair.accept_laptops()
    pair.exchange(8, SETTLED)
    assert pair.id("XB") in desk.relays.book()
    assert desk.relays.revoke(given.slot).state == "revoking"


def test_a_vault_for_a_journey_takes_none_along(pair: World, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    secrets = secrets_of(pair["XA"])
    room = next(one.id for one in pair["XA"].rooms.all() if one.kind == "bilateral")
    note = pair["XA"].backups.make_travel(stick, [room], False, bytearray(NEW))
    travel = pair.gate("journey").restore(stick / note.name, bytearray(NEW), bytearray(NEW))
    for one in secrets:
        assert occurs(travel, one) == [], one
    assert [one.code for one in travel.relays.grants()] == ["XB"]
    travel.close()
