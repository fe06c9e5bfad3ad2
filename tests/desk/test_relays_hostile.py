"""What a correspondent can do with the addresses it names, past every check its own desk would make."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from laptops_hands import second
from relays_hands import INBOXES, Operator, bodies, joined, rows
from tests.hostile import tools as h
from tests.world import START, World

from valise.desk.opening import Tally
from valise.desk.relay_line import RelayLine
from valise.domain.errors import Refused
from valise.domain.relay import address_body
from valise.domain.relay_given import DAY, SETTLED
from valise.protocol import relaykit

CHAT = h.CHAT


@pytest.fixture(autouse=True)
def by_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is given reaches the others by the folder: no relay of these tests exists."""
    monkeypatch.setattr(RelayLine, "tune", lambda self: None)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, ("XA", "XB"))
    yield made
    made.close()


@pytest.fixture
def room(world: World) -> str:
    """The room of Aurelia and Borovia, in which Borovia has told where its relay is."""
    made = h.talk(world, "bilateral", members=("XA", "XB"))
    joined(world, "XB")
    world.exchange()
    return made


def address(**changed: Any) -> dict[str, Any]:
    """Another one of Borovia."""
    box = relaykit.decode(Operator("XB").kit(START)).mailbox
    held = {"server": to("wss://elsewhere.example"), "inbox": box.inbox, "slot": "elsewhere2", "jwt": box.jwt, "seed": box.seed}
    return held | {"expires": START + 1_000 * DAY} | changed


def to(url: str) -> dict[str, Any]:
    return {"urls": [url], "ca": "", "pin": ""}


class Liar:
    """Borovia's laptop, saying what its own desk would not."""

    def __init__(self, world: World, room: str, kind: str = "relay.address") -> None:
        self.world, self.room, self.kind = world, room, kind
        self.said: list[dict[str, Any]] = []

    def says(self, body: dict[str, Any], klass: int = CHAT, **changed: Any) -> Tally:
        after = {"seq": self.said[-1]["seq"] + 1, "prev": h.ident(h.item(self.world["XB"], self.said[-1], klass))} if self.said else {}
        made = h.fields(self.world["XB"], self.room, self.kind, body, klass, **(after | changed))
        self.said.append(made)
        return h.send(self.world["XB"], self.world["XA"], self.room, klass, items=(h.item(self.world["XB"], made, klass),))


def used(world: World) -> str:
    """The slot Aurelia uses at Borovia's."""
    world["XA"].exchange.now()
    found = world["XA"].relays.book().get(world.id("XB"))
    return found.slot if found else ""


def test_an_address_in_a_larger_room_is_refused_and_not_kept(world: World, room: str) -> None:
    group = h.talk(world)
    before = used(world)
    tally = Liar(world, group).says(address())
    assert tally.refused == ["op.not_here"] and used(world) == before
    assert all(one["slot"] != "elsewhere2" for one in bodies(world["XA"]))
    desk = world["XB"]
    with pytest.raises(Refused, match=r"op\.not_here"), desk.context.write() as tx:  # nor does our own desk say it there
        desk.context.author(tx, group, "relay.address", address(), klass=CHAT)
    assert Liar(world, group, "relay.withdraw").says({}).refused == ["op.not_here"]


def test_it_is_said_in_conversation_alone(world: World, room: str) -> None:
    assert Liar(world, room).says(address(), h.RECORD).refused == ["op.kind"]


def test_a_laptop_that_may_not_commit_names_no_address(world: World, room: str) -> None:
    desk = second(world, "observe", "speak")  # of Aurelia
    world.accept_laptops()
    desk.messages.send(room, "a session of its own")
    world.exchange(4, SETTLED)
    made = h.fields(desk, room, "relay.address", address(), CHAT)
    assert h.send(desk, world["XB"], room, CHAT, items=(h.item(desk, made, CHAT),)).refused == ["op.rights"]
    assert world.id("XA") not in world["XB"].relays.book()


def test_it_does_not_lead_us_into_our_own_network(world: World, room: str) -> None:
    assert used(world)
    liar = Liar(world, room)
    for url in ("wss://10.0.0.1", "wss://intranet", "wss://169.254.169.254", "ws://localhost", "wss://127.0.0.1:9"):
        world.clock.advance(2 * SETTLED)
        assert liar.says(address(server=to(url))).refused == []
        assert used(world) == "" and world["XA"].relays.addresses() == []  # its last word holds, and leads nowhere
    world["XA"].relays.join(Operator("XA").kit(world.clock.now(), url="ws://127.0.0.1:4222"))
    assert used(world) == "elsewhere2"
    world["XA"].relays.leave()
    assert used(world) == ""


def test_what_is_no_address_changes_nothing(world: World, room: str) -> None:
    before, liar = used(world), Liar(world, room)
    for spoilt in (
        {"server": to("http://relay.example")}, {"server": to("ws://relay.example")}, {"server": to("wss://relay.example/path")},
        {"server": {"urls": [], "ca": "", "pin": ""}}, {"slot": "UPPERCASE"}, {"inbox": "a.b.c.d.e.f"}, {"jwt": "x"},
        {"seed": "SA" + "A" * 56}, {"expires": 0}, {"server": {"urls": ["wss://relay.example"], "ca": "x", "pin": ""}},
    ):  # fmt: skip
        world.clock.advance(2 * SETTLED)
        assert liar.says(address(**spoilt)).refused == []
        assert used(world) == before != "", spoilt
    for huge in (
        {"server": {"urls": ["wss://relay.example"], "ca": "c" * 20_001, "pin": ""}}, {"jwt": "j" * 4_001}, {"more": 1},
        {"server": {"urls": ["wss://relay.example"] * 7, "ca": "", "pin": ""}}, {"expires": "1"}, {"server": 7},
    ):  # fmt: skip
        assert liar.says(address(**huge)).refused == ["op.body"], huge
    world["XA"].rebuild()
    assert used(world) == before


def test_who_moves_all_the_time_is_followed_once_a_minute(world: World, room: str) -> None:
    calls: list[int] = []
    world["XA"].relays.changed = lambda: calls.append(world.clock.at)
    world.clock.advance(2 * SETTLED)
    liar = Liar(world, room)
    began = world.clock.at
    for n in range(60):
        liar.says(address(slot=f"elsewhere{'abcdefghij'[n % 10]}{'abcdef'[n // 10]}"))
        world["XA"].exchange.now()
        world.clock.advance(3_000)
    minutes = (world.clock.at - began) // SETTLED + 1
    assert 2 <= len(calls) <= minutes
    assert len(rows(world["XA"], "select * from relay_word where author = ?", (world.id("XB"),))) == 1
    world.clock.advance(SETTLED)
    assert used(world) == "elsewherejf"  # and in the end it is the last word that holds


def test_taking_back_and_naming_anew_does_not_make_it_faster(world: World, room: str) -> None:
    calls: list[int] = []
    world["XA"].relays.changed = lambda: calls.append(world.clock.at)
    world.clock.advance(2 * SETTLED)
    liar = Liar(world, room)
    for n in range(20):
        liar.kind = ("relay.address", "relay.withdraw")[n % 2]
        liar.says({} if n % 2 else address(slot=f"elsewhere{'abcdefghij'[n % 10]}"))
        world["XA"].exchange.now()
        world.clock.advance(2_000)
    assert len(calls) <= 3


def test_a_clock_led_astray_does_not_hold_for_ever(world: World, room: str) -> None:
    world.clock.advance(2 * SETTLED)
    liar = Liar(world, room)
    liar.says(address(slot="fromfuture"), at=world.clock.now() + 3_000 * DAY)
    assert used(world) == "fromfuture"
    world.clock.advance(2 * SETTLED)
    liar.says(address(slot="backagain"))  # the same laptop, its clock put right
    assert used(world) == "backagain"


def test_what_one_says_is_about_itself_alone(world: World, room: str) -> None:
    """Borovia repeats what Castellan gave it: it can send us nowhere but to its own."""
    third = world.found("XC")
    third.contacts.import_card(world["XB"].contacts.own_card())
    world["XB"].contacts.import_card(third.contacts.own_card())
    h.talk(world, "bilateral", members=("XB", "XC"))
    joined(world, "XC")
    world.exchange()
    theirs = address_body(world["XB"].relays.book()[world.id("XC")])
    world.clock.advance(2 * SETTLED)
    Liar(world, room).says(theirs)
    assert used(world) == theirs["slot"] and world.id("XC") not in world["XA"].relays.book()
    assert theirs["inbox"] == INBOXES["XC"]


def test_an_address_given_before_the_room_was_known_waits_for_it(world: World) -> None:
    """The operation overtakes the founding of its room."""
    joined(world, "XB")
    room = world["XB"].rooms.create("bilateral", "", [world.id("XA")])
    world["XB"].exchange.now()
    world.exchange(6, SETTLED)
    assert used(world) and world["XB"].relays.grants()[0].told == "room" and room
