"""Laptops whose term ends, that are revoked, travel or change hands; and what a wrong clock does to them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import pytest
from tests.desk.laptops_hands import WRITER, asked, code_of, joined, laptop, open_root, said, second, terms, words
from tests.world import PASSPHRASE, Clock, World

from valise.desk import views
from valise.desk.ceremony import DAY
from valise.desk.door_laptops import Admit, Renew, Revoke
from valise.domain.kinds import RIGHTS

YEAR = 365 * DAY


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, ("XA", "XB", "XG"))
    for desk in made.desks.values():
        desk.settings.set("contacts.new_laptop", "tell")
    yield made
    made.close()


# expired


def test_a_certificate_expired_on_the_way(world: World) -> None:
    """Nothing is sealed for a laptop after its term; what it says is judged by no clock, so it is heard."""
    room = world.room()
    two = second(world, *WRITER)
    open_root(world).laptops.perform([Renew(two.me().device, terms(*WRITER, days=31))])
    world.exchange(4, 70_000)
    device = two.me().device
    assert laptop(world["XA"], device).state == "in use"
    world.clock.advance(2 * DAY)
    assert laptop(world["XA"], device).state == "expiring"
    assert "laptop.expiring" in [one.line for one in world["XA"].overview().due]
    said(two, room, "sent in time")
    two.exchange.now()
    world.clock.advance(40 * DAY)
    assert laptop(world["XA"], device).state == "expired"
    world.exchange(6, 70_000)
    assert all("sent in time" in words(desk, room) for desk in world.desks.values())
    said(world["XB"], room, "after its term")
    world.exchange(6, 70_000)
    assert "after its term" not in words(two, room) and "after its term" in words(world["XG"], room)
    open_root(world).laptops.perform([Renew(device, terms(*WRITER))])
    world.exchange(12, 70_000)
    assert "after its term" in words(two, room)


def test_a_clock_five_years_back_locks_nobody_out(world: World) -> None:
    """A term never begins before the last thing the root signed, and a beginning in the future stops nothing."""
    room = world.room()
    desk = world["XA"]
    real = world.clock.at
    desk.context.clock = Clock(real - 5 * YEAR)
    gate, ask = asked(world, "XA-2")
    done = open_root(world).laptops.perform([ask])
    desk.context.clock = world.clock
    two = joined(world, "XA-2", gate, done.answers[0])
    view = laptop(desk, two.me().device)
    assert view.not_before >= desk.laptops.all()[0].not_before > real - YEAR and view.state == "in use"
    desk.context.clock = Clock(real + 5 * YEAR)
    open_root(world).laptops.perform([Renew(two.me().device, terms(*WRITER))])
    desk.context.clock = world.clock
    assert laptop(desk, two.me().device).not_before > world.clock.now()
    world.exchange(8, 70_000)
    said(two, room, "from the future")
    said(world["XB"], room, "to the future")
    world.exchange(4, 70_000)
    assert all({"from the future", "to the future"} <= words(one, room) for one in world.desks.values())


# revoked


def test_a_revoked_laptop_is_told_stops_and_keeps_what_it_holds(world: World) -> None:
    room = world.room()
    two = second(world, *RIGHTS)
    said(two, room, "before")
    world.exchange(3, 70_000)
    open_root(world).laptops.perform([Revoke(two.me().device, "replaced")])
    shown = world["XA"].laptops.all()[-1]
    assert (shown.state, shown.reason) == ("revoked", "replaced")
    assert b"replaced" not in world["XA"].contacts.own_card()
    world.exchange(2, 70_000)
    assert two.context.own.revoked and two.me().rights == ()
    assert two.overview().due[-1].line == "laptop.this_revoked"
    assert code_of(said, two, room, "after") == "device.revoked"
    assert "before" in words(two, room) and two.rooms.one(room).blocked == "device.revoked"
    said(world["XB"], room, "not for it")
    world.exchange(6, 70_000)
    assert "not for it" not in words(two, room)
    honest = [desk for name, desk in world.desks.items() if name != "XA-2"]
    assert all({"before", "not for it"} <= words(desk, room) for desk in honest)
    assert len({desk.rooms.one(room).epoch for desk in honest}) == 1
    world.reopen("XB")
    assert world["XB"].context.own.revoked is False
    two.close()
    again = world.gate("XA-2").unlock(bytearray(PASSPHRASE))
    world.desks["XA-2"] = again
    assert again.context.own.revoked


def test_a_revocation_holds_within_one_batch(world: World) -> None:
    """What a laptop said before and after the card that revokes it, fetched at once: nothing remembered of it outlives the card."""
    room = world.room()
    two, peer = second(world, *WRITER), world["XB"]
    said(two, room, "known")
    world.exchange(3, 70_000)
    two.context.revoked_writes = lambda tx, device: None
    came: list[tuple[bytes, bytes]] = []
    for step in ("before", "card", "after"):
        if step == "card":
            open_root(world).laptops.perform([Revoke(two.me().device, "lost")])
        desk = world["XA"] if step == "card" else two
        said(desk, room, step)
        # of the first no statement: that would end what is remembered by itself
        sealed = [one.parcel for one in desk.exchange.seal() if one.kind != "statement" or step != "before"]
        came += [(one.id, one.blob) for one in sealed if peer.context.own.mailbox in one.routes]
    tally = peer.exchange.take(came)
    assert {"known", "before", "card"} <= words(peer, room) and "after" not in words(peer, room)
    assert "device.revoked" in tally.refused


EVENTS = ("card to B", "card to G", "words to B", "words to G")


# the other half of the orders is the same with B and G exchanged
@pytest.mark.parametrize("order", [one for one in permutations(EVENTS) if one[0].endswith("B")])
def test_a_revoked_laptop_that_goes_on_writing(tmp_path: Path, order: tuple[str, ...]) -> None:
    """Whatever comes first to whom: in the end the others hold one and the same record."""
    world = World(tmp_path, ("XA", "XB", "XG"))
    for desk in world.desks.values():
        desk.settings.set("contacts.new_laptop", "tell")
    room = world.room()
    two = second(world, *WRITER)
    open_root(world).laptops.perform([Revoke(two.me().device, "lost")])
    two.context.revoked_writes = lambda tx, device: None
    words_of = said(two, room, "from a lost laptop")
    two.exchange.now()
    card = world["XA"].contacts.own_card()
    heard = {"B": False, "G": False}
    knows = {"B": False, "G": False}
    for event in order:
        what, _, who = event.split()
        desk = world[f"X{who}"]
        if what == "card":
            desk.contacts.import_card(card)
            knows[who] = True
        else:
            desk.exchange.fetch()
            heard[who] = not knows[who]
            assert ("from a lost laptop" in words(desk, room)) is heard[who]
    del world.desks["XA-2"]
    two.close()
    world.exchange(7, 130_000)
    found = {name: "from a lost laptop" in words(desk, room) for name, desk in world.desks.items()}
    assert len(set(found.values())) == 1, (order, found)
    assert found["XB"] is (heard["B"] or heard["G"])
    heads = set()
    for desk in world.desks.values():
        with desk.context.read() as handle:
            heads.add(tuple(handle.rows("select id from op where room = ? and klass = 0 and state > 0 order by id", (room,))))
    assert len(heads) == 1 and ((words_of,) in next(iter(heads))) is found["XB"]
    world.close()


# travel


def test_a_travel_laptop_is_in_its_rooms_only(world: World) -> None:
    inside = world.room(title="Inside")
    outside = world.room(title="Outside")
    two = second(world, *WRITER, rooms=(inside,))
    assert laptop(world["XA"], two.me().device).rooms == (inside,)
    said(world["XB"], inside, "for the traveller")
    said(world["XB"], outside, "for those at home")
    world.exchange(6, 70_000)
    assert "for the traveller" in words(two, inside)
    assert outside not in {one.id for one in two.rooms.all()} or "for those at home" not in words(two, outside)
    assert world["XB"].rooms.one(inside).devices == 1 + world["XB"].rooms.one(outside).devices
    said(two, inside, "from abroad")
    world.exchange(4, 70_000)
    assert "from abroad" in words(world["XG"], inside)
    assert code_of(said, two, outside, "not there") in ("device.scope", "room.unknown")
    assert code_of(two.rooms.create, "bilateral", "", [world.id("XB")]) == "device.scope"


# handover


def test_an_office_is_handed_over(world: World) -> None:
    room = world.room()
    old = second(world, *RIGHTS, name="XA-2")
    said(old, room, "by the officer who leaves")
    world.exchange(3, 70_000)
    gate, ask = asked(world, "XA-3")
    to = Admit(ask.request, terms(*RIGHTS, officer="Successor"), ask.check_code)
    before = world["XA"].laptops.root()
    assert not before.open
    done = open_root(world).laptops.hand_over(old.me().device, to)
    assert done.card == 3
    new = joined(world, "XA-3", gate, done.answers[0])
    world.exchange(8, 70_000)
    (shown,) = world["XA"].laptops.handovers()
    assert (shown.old, shown.new, set(shown.rights)) == ("Second officer", "Successor", set(RIGHTS))
    assert (shown.rooms, shown.reached) == (2, 2)
    assert old.context.own.revoked and "by the officer who leaves" in words(new, room)
    said(new, room, "by the successor")
    world.exchange(4, 70_000)
    assert "by the successor" in words(world["XB"], room) and "by the successor" not in words(old, room)
    open_root(world)
    assert code_of(world["XA"].laptops.hand_over, new.me().device, Renew("A" * 43, terms())) == "laptop.unknown"
    assert len(world["XA"].laptops.handovers()) == 1


def test_cards_of_our_own_brought_as_files(world: World) -> None:
    two = second(world, *WRITER)
    old = world["XA"].contacts.own_card()
    open_root(world).laptops.perform([Revoke(two.me().device, "lost")])
    assert code_of(two.laptops.take_card, world["XB"].contacts.own_card()) == "card.not_ours"
    two.laptops.take_card(world["XA"].contacts.own_card())
    assert two.context.own.revoked
    assert code_of(two.laptops.take_card, old) == "card.older"
    assert isinstance(two.overview(), views.Overview)
