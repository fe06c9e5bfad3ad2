"""Several ways at once: who is served by which, one relay out of reach, falling back, a choice, a courier alone."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.world import World

from valise.carriers.abc import Capabilities, Outcome, Parcel, Posted
from valise.carriers.memory import MemoryCarrier, Post
from valise.desk import reaching
from valise.desk.carriage import FALLBACK, LAST_RETRY
from valise.desk.desk import Desk
from valise.domain.errors import NotAllowed, Unavailable


class Relay(MemoryCarrier):
    """A relay for each delegation over one post; those in `down` take nothing."""

    name = "relay"

    def __init__(self, post: Post, down: dict[str, str]) -> None:
        super().__init__(post)
        self.down = down
        self.addresses: Mapping[bytes, Any] = {}
        self.given: list[Parcel] = []
        self.network = False

    def capabilities(self) -> Capabilities:
        return Capabilities(durable=True, prompt=True, network=self.network, collects=False, tells=True)

    def know(self, addresses: Mapping[bytes, Any]) -> None:
        self.addresses = addresses

    def put(self, parcels: Sequence[Parcel]) -> Posted:
        left, why = [], {}
        for parcel in parcels:
            self.given.append(parcel)
            out = frozenset(one for one in parcel.routes if self.addresses.get(one, "") in ("", *self.down))
            why |= {one: self.down.get(self.addresses.get(one, ""), "relay.none") for one in out}
            rest = tuple(one for one in parcel.routes if one not in out)
            if rest:
                super().put([Parcel(parcel.id, rest, parcel.blob)])
            left.append(out)
        outcomes = tuple(Outcome.RETRY if one else Outcome.ACCEPTED for one in left)
        return Posted(outcomes, ("",) * len(outcomes), tuple(left), why)


class Talks(World):
    """Delegations that reach each other by relays."""

    def __init__(self, base: Path, codes: tuple[str, ...] = ("XA", "XB", "XG"), *, folder: bool = False) -> None:
        self.post, self.down, self.lines = Post(1), {}, {}
        super().__init__(base, codes)
        for code, desk in self.desks.items():
            self.join(code, desk, folder=folder)

    def join(self, code: str, desk: Desk, *, folder: bool) -> None:
        if not folder:
            desk.exchange.drop_folder()
        self.lines[code] = Relay(self.post, self.down)
        desk.exchange.add("relay", self.lines[code], "relay.example")
        desk.exchange.carriage.book = lambda: {self.id(one): one for one in self.desks if one != code}

    def round(self, times: int = 4) -> None:
        for _ in range(times):
            for desk in self.desks.values():
                desk.exchange.now()

    def served(self, code: str, other: str) -> Any:
        return next(one for one in self[code].exchange.served() if one.delegation == self.id(other))


def bodies(desk: Desk, room: str) -> list[str]:
    return [row.body for thread in desk.messages.threads(room) for row in desk.messages.page(room, thread.id, 0, 100)]


def test_a_relay_out_of_reach_holds_nobody_else_up(tmp_path: Path) -> None:
    talks = Talks(tmp_path)
    room = talks["XA"].rooms.create("group", "Drafting", [talks.id("XB"), talks.id("XG")])
    talks.round()
    talks.down["XG"] = "carrier.unreachable"
    talks["XA"].messages.send(room, "text of the compromise")
    talks.round()
    assert bodies(talks["XB"], room) == ["text of the compromise"]
    assert bodies(talks["XG"], room) == []
    assert talks["XA"].exchange.status().problem == ""  # the way as such works
    there, away = talks.served("XA", "XB"), talks.served("XA", "XG")
    assert (there.why, there.waiting, there.ways) == ("", 0, ("relay",))
    assert (away.why, away.problem, away.waiting > 0) == ("way.trouble", "carrier.unreachable", True)
    assert 0 < away.oldest <= talks.clock.at

    del talks.down["XG"]
    talks.clock.advance(LAST_RETRY)
    talks.round()
    assert bodies(talks["XG"], room) == ["text of the compromise"]
    assert talks.served("XA", "XG").why == ""
    assert not talks["XA"].exchange.carriage.troubles


def test_while_it_is_out_of_reach_little_is_tried(tmp_path: Path) -> None:
    """Not everything that waits is sealed, read and offered in every round."""
    talks = Talks(tmp_path, ("XA", "XB"))
    room = talks["XA"].rooms.create("bilateral", "", [talks.id("XB")])
    talks.round()
    talks.down["XB"] = "relay.refused"
    for number in range(40):
        talks["XA"].messages.send(room, f"message {number}")
        talks["XA"].exchange.now()
    line = talks.lines["XA"]
    before = len(line.given)
    for _ in range(50):
        talks.clock.advance(1_000)
        talks["XA"].exchange.now()
    assert len(line.given) - before < 100  # 40 wait; each falls due by its own times, and 8 at most ask whether it is back
    del talks.down["XB"]
    talks["XA"].exchange._knocked()
    talks.round(3)
    assert len(bodies(talks["XB"], room)) == 40


def test_it_falls_back_to_the_folder_and_nothing_comes_twice(tmp_path: Path) -> None:
    talks = Talks(tmp_path, ("XA", "XB"), folder=True)
    room = talks["XA"].rooms.create("bilateral", "", [talks.id("XB")])
    talks.round()
    assert talks.served("XA", "XB").ways == ("relay",)
    talks.down["XB"] = talks.down["XA"] = "carrier.unreachable"
    talks["XA"].messages.send(room, "urgent")
    talks.round(2)
    assert bodies(talks["XB"], room) == []
    talks.clock.advance(FALLBACK)
    talks.round(6)
    assert talks.served("XA", "XB").ways == ("relay", "folder")
    assert bodies(talks["XB"], room) == ["urgent"]
    talks.down.clear()
    for _ in range(5):
        talks.clock.advance(LAST_RETRY)
        talks.round()
    assert bodies(talks["XB"], room) == ["urgent"]
    assert talks.served("XA", "XB").ways == ("relay",)
    assert talks.served("XA", "XB").waiting == 0


def test_no_fallback_where_a_person_does_not_want_it(tmp_path: Path) -> None:
    talks = Talks(tmp_path, ("XA", "XB"), folder=True)
    room = talks["XA"].rooms.create("bilateral", "", [talks.id("XB")])
    talks.round()
    talks["XA"].settings.set("exchange.fall_back", False)
    talks["XA"].relay_line.tune()
    talks.join("XA", talks["XA"], folder=True)
    talks.down["XB"] = "carrier.unreachable"
    talks["XA"].messages.send(room, "by the relay or not at all")
    talks.round(1)
    talks.clock.advance(2 * FALLBACK)
    talks.round(6)
    assert talks.served("XA", "XB").ways == ("relay",)
    assert bodies(talks["XB"], room) == []


def test_what_is_held_back_wakes_nobody_again_and_again(tmp_path: Path) -> None:
    """A stopped delegation, or a line out of reach, is no reason for another round at once."""
    talks = Talks(tmp_path, ("XA", "XB"))
    room = talks["XA"].rooms.create("bilateral", "", [talks.id("XB")])
    talks.round()
    talks["XA"].contacts.differs(talks.id("XB"))
    calls: list[int] = []
    talks["XA"].exchange.when_wanted(lambda: calls.append(1))
    talks["XA"].messages.send(room, "not before somebody decides")
    talks["XA"].exchange.now()
    calls.clear()
    for _ in range(5):
        talks["XA"].exchange.now()
    assert calls == []
    with talks["XA"].context.read() as handle:
        assert handle.value("select count(*) from outbox") == 1
    talks["XA"].exchange.close()


def test_a_person_chooses(tmp_path: Path) -> None:
    talks = Talks(tmp_path, ("XA", "XB"), folder=True)
    room = talks["XA"].rooms.create("bilateral", "", [talks.id("XB")])
    talks.round()
    desk, other = talks["XA"], talks.id("XB")
    desk.exchange.choose(other, "courier")
    desk.messages.send(room, "by hand only")
    count = len(talks.lines["XA"].given)
    talks.round()
    talks.clock.advance(3_600_000)
    talks.round()
    assert bodies(talks["XB"], room) == []
    assert len(talks.lines["XA"].given) == count
    shown = talks.served("XA", "XB")
    assert (shown.ways, shown.chosen, shown.why) == (("courier",), "courier", "way.courier")
    assert shown.possible == ("relay", "folder", "courier")
    again = talks.reopen("XA")  # the choice is in the vault
    again.exchange.resend = 60_000
    talks.join("XA", again, folder=True)
    assert talks.served("XA", "XB").chosen == "courier"
    again.exchange.choose(other, "folder")
    talks.round()
    assert bodies(talks["XB"], room) == ["by hand only"]
    again.exchange.choose(other, "")
    assert talks.served("XA", "XB").ways == ("relay",)
    with pytest.raises(NotAllowed) as refused:
        again.exchange.choose("nobody", "folder")
    assert refused.value.code == "way.impossible"
    again.exchange.carriage.take_out("relay")
    with pytest.raises(NotAllowed):
        again.exchange.choose(other, "relay")


def test_nothing_set_up_says_so(tmp_path: Path) -> None:
    talks = Talks(tmp_path, ("XA", "XB"))
    talks["XA"].exchange.carriage.take_out("relay")
    room = talks["XA"].rooms.create("bilateral", "", [talks.id("XB")])
    talks["XA"].messages.send(room, "where to")
    talks["XA"].exchange.now()
    shown = talks.served("XA", "XB")
    assert (shown.ways, shown.why) == ((), "way.none")
    assert [one.state for one in talks["XA"].exchange.ways()] == ["off", "off", "ready"]
    assert talks["XA"].exchange.status().carrier == ""
    talks["XA"].exchange.add("relay", talks.lines["XA"])
    talks["XA"].exchange.lines_changed()
    talks.round()
    assert bodies(talks["XB"], room) == ["where to"]


def test_what_could_not_be_answered_by_a_line_waits_for_the_courier(tmp_path: Path) -> None:
    """Answers to statements would be lost otherwise: nobody repeats them by himself."""
    talks = Talks(tmp_path, ("XA", "XB"))
    room = talks["XA"].rooms.create("bilateral", "", [talks.id("XB")])
    talks["XA"].messages.send(room, "first")
    talks.round()
    talks["XA"].exchange.choose(talks.id("XB"), "courier")
    with talks["XB"].context.write() as tx:  # a laptop that lost what it had, and says so
        tx.run("update log set held = 0 where device = ?", (talks["XA"].me().device,))
        talks["XB"].exchange.repair.owe(tx, room)
    talks.clock.advance(120_000)
    talks["XB"].exchange.now()
    talks["XA"].exchange.now()
    with talks["XA"].context.read() as handle:
        kept = handle.rows("select delegation, length(blob) from courier_loose")
    assert {one[0] for one in kept} == {talks.id("XB")}
    talks.clock.advance(40 * 24 * 3_600_000)
    with talks["XA"].context.write() as tx:
        talks["XA"].exchange.carriage.keep_for_courier(tx, [], talks["XA"].exchange.outbound.window)
        assert tx.value("select count(*) from courier_loose") == 0  # past the courier's window


def test_a_failing_folder_does_not_stop_the_relay(tmp_path: Path) -> None:
    talks = Talks(tmp_path, ("XA", "XB"), folder=True)
    room = talks["XA"].rooms.create("bilateral", "", [talks.id("XB")])
    talks.share.rename(tmp_path / "away")
    talks["XA"].messages.send(room, "anyway")
    talks.round()
    assert bodies(talks["XB"], room) == ["anyway"]
    ways = {one.name: one for one in talks["XA"].exchange.ways()}
    assert (ways["folder"].state, ways["folder"].problem) == ("trouble", "carrier.unreachable")
    assert ways["relay"].state == "ready"
    assert talks["XA"].exchange.try_way("folder").code == "carrier.unreachable"
    (tmp_path / "away").rename(talks.share)
    talks.round(1)
    assert {one.name: one.state for one in talks["XA"].exchange.ways()}["folder"] == "ready"
    assert talks["XA"].exchange.try_way("folder").code == ""


def test_puts_made_aside_hold_no_round_up_and_are_noted(tmp_path: Path) -> None:
    talks = Talks(tmp_path, ("XA", "XB"))
    room = talks["XA"].rooms.create("bilateral", "", [talks.id("XB")])
    talks.round()
    line = talks.lines["XA"]
    go, wanted = threading.Event(), threading.Event()
    slow = line.put

    def waits(parcels: Sequence[Parcel]) -> Posted:
        assert go.wait(30)
        return slow(parcels)

    line.put, line.network = waits, True  # type: ignore[method-assign]
    talks["XA"].exchange.when_wanted(wanted.set)
    talks["XA"].messages.send(room, "no waiting")
    assert wanted.wait(30)  # something of ours is to leave
    wanted.clear()
    talks["XA"].exchange.now()  # returns although nothing has been taken yet
    talks["XB"].exchange.now()
    assert bodies(talks["XB"], room) == []
    assert talks["XA"].exchange.carriage.busy
    talks.down["XB"] = "carrier.unreachable"
    go.set()
    assert wanted.wait(30)
    talks["XA"].exchange.now()
    assert talks.served("XA", "XB").problem == "carrier.unreachable"
    talks.down.clear()
    line.network = False
    talks.clock.advance(LAST_RETRY)
    talks.round()
    assert bodies(talks["XB"], room) == ["no waiting"]
    talks["XA"].exchange.close()


def test_a_line_that_breaks_aside_is_in_trouble(tmp_path: Path) -> None:
    talks = Talks(tmp_path, ("XA", "XB"))
    room = talks["XA"].rooms.create("bilateral", "", [talks.id("XB")])
    talks.round()
    line = talks.lines["XA"]
    wanted = threading.Event()

    def broken(parcels: Sequence[Parcel]) -> Posted:
        raise Unavailable("relay.expired")

    works = line.put
    line.put, line.network = broken, True  # type: ignore[method-assign]
    talks["XA"].exchange.when_wanted(wanted.set)
    talks["XA"].messages.send(room, "later")
    talks["XA"].exchange.now()
    while talks["XA"].exchange.status().problem != "relay.expired":
        assert wanted.wait(30)
        wanted.clear()
        talks["XA"].exchange.putting.note_aside()
    line.put, line.network = works, False  # type: ignore[method-assign]
    talks.clock.advance(10 * 60_000)
    talks.round()
    assert bodies(talks["XB"], room) == ["later"]
    talks["XA"].exchange.close()


def test_how_the_ways_do_is_told_without_reading_every_receipt(tmp_path: Path) -> None:
    talks = Talks(tmp_path, ("XA", "XB"))
    desk = talks["XA"]
    room = desk.rooms.create("bilateral", "", [talks.id("XB")])
    desk.messages.send(room, "one")
    before = talks.served("XA", "XB")
    with desk.context.write() as tx:
        for seq in range(3_000):
            tx.run("insert into held(room, klass, device, seq, at) values ('another room', 1, 'another laptop', ?, 1)", (seq,))
    with desk.context.read() as handle:
        plan = handle.rows(f"explain query plan {reaching._REACHED}", (desk.context.own.device,) * 2)
        assert not [row for row in plan if "SCAN held" in str(row)] and any("SEARCH held" in str(row) for row in plan)
        found = reaching.lacking(handle, desk.context.own.device)
    assert found[talks.id("XB")][0] == before.waiting > 0 and talks.served("XA", "XB") == before
