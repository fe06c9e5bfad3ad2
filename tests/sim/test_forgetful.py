"""A relay that forgets, hides and shows two histories, and nothing else is broken: what comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.sim import invariants, settling
from tests.sim.acts import ACTS
from tests.sim.laptop import Laptop
from tests.sim.relay import Mood, Relay
from tests.sim.ways import Means
from tests.sim.world import World

from valise.carriers.abc import Parcel
from valise.desk import roster as rosters
from valise.desk.carriage import FALLBACK
from valise.protocol import operation
from valise.protocol.frame import Item

MINUTE = 60_000
ROUND = 70 * MINUTE  # a round: longer than the longest pause between two puts of one parcel (64 times a minute)
EVERY = 7 * MINUTE  # in a round every laptop exchanges so often
WORK = frozenset(
    ("message", "acknowledge", "open text", "propose", "position", "sponsor", "pen", "joint", "room", "members", "remark"))


class Relayed(World):
    """A world in which everybody is reached by one relay (and, `folder`, by the post as well)."""

    folder_too = False

    def __post_init__(self) -> None:
        super().__post_init__()
        self.relay = Relay(self.seed)
        self.ways.several = True
        self.ways.folders = None
        self.ways.relays = [self.relay]
        self.ways.means = dict.fromkeys(self.identities, Means(self.relay, online=True, folder=self.folder_too))

    def round(self) -> None:
        """Every laptop exchanges every seven minutes, for a little more than an hour."""
        for _ in range(ROUND // EVERY):
            self.exchange()
            self.advance(EVERY)

    def exchange(self) -> None:
        for one in self.all():
            seen = self.before(one)
            one.desk.exchange.now()
            self.harvest(one, seen)


class Either(Relayed):
    folder_too = True


@contextmanager
def relayed(seed: int, folder: Path, kind: type[Relayed] = Relayed) -> Iterator[Relayed]:
    made = kind(seed, folder)
    try:
        with made.watched():
            made.begin()
            yield made
    finally:
        made.close()


def work(world: Relayed, steps: int, mood: Mood) -> None:
    """Acts of everybody's daily work, exchanges between them, and a relay in this mood."""
    world.relay.mood = mood
    every = [one for one in ACTS if one.name in WORK]
    for world.step in range(1, steps + 1):
        if world.stream.random() < 0.4:
            world.exchange()
        else:
            chosen = world.stream.choices(every, [one.weight for one in every])[0]
            seen = {one.name: world.before(one) for one in world.all()}
            acted, line = chosen.act(world, world.stream)
            world.note(line)
            for one in acted:
                world.harvest(one, seen[one.name])
        invariants.after_step(world, world.all())
        world.advance(world.stream.randrange(500, 4 * MINUTE))


@pytest.mark.parametrize("seed", range(1, 3))
def test_two_rounds_after_a_forgetful_relay_has_healed_everybody_is_equal(seed: int, tmp_path: Path) -> None:
    """Half of what it acknowledges is gone, it replays, shuffles, delays and hides things from single laptops."""
    equal_in_two_rounds(seed, tmp_path)


@pytest.mark.soak
def test_two_rounds_are_enough_in_a_hundred_worlds(tmp_path: Path) -> None:
    for seed in range(100, 200):
        equal_in_two_rounds(seed, tmp_path / str(seed))


def equal_in_two_rounds(seed: int, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    with relayed(seed, folder) as world:
        work(world, 60, Mood(lost=0.5, mute=0.1, replayed=0.3, shuffled=0.5, delay=(0, MINUTE), one_sided=0.2))
        assert world.relay.dropped > 0.35 * world.relay.taken > 20
        assert settling.settled(world), "nothing was missing: the relay was not forgetful at all"
        world.relay.mood = Mood()
        world.round()
        world.round()
        line = settling.settled(world)
        assert line == "", f"seed {seed}: {line}"
        invariants.at_end(world)


# -- what it hides


def three(world: World) -> tuple[Laptop, Laptop, Laptop, str]:
    """Three laptops, and a new room of their delegations that all of them know."""
    first, second, third = world.all()[:3]
    room = first.desk.rooms.create("group", "Three", [second.delegation, third.delegation])
    return first, second, third, room


def waiting(laptop: Laptop, other: Laptop) -> tuple[int, str]:
    """How many items of the laptop the other has not said it holds, as its officer sees it, and why."""
    found = next(one for one in laptop.desk.exchange.served() if one.delegation == other.delegation)
    return found.waiting, found.why


def bodies(laptop: Laptop, room: str) -> list[str]:
    return sorted(row[0] for row in laptop.rows("select body from message where room = ?", (room,)))


def test_who_sends_sees_that_a_relay_withholds(tmp_path: Path) -> None:
    """It acknowledged everything; only one of two recipients has said that it holds it, and nothing is forgotten meanwhile."""
    with relayed(1, tmp_path) as world:
        first, second, third, room = three(world)
        world.round()
        world.relay.blind(second.code, second.name)
        first.desk.messages.send(room, "for the record", for_the_record=True)
        first.desk.messages.send(room, "said")
        world.round()
        assert waiting(first, third) == (0, "") and waiting(first, second) == (2, "unconfirmed")
        assert bodies(second, room) == [] and bodies(third, room) == ["for the record", "said"]
        assert first.count("select count(*) from parcel where room = ?", (room,)) == 2
        world.relay.see()
        world.round()
        assert waiting(first, second) == (0, "") and bodies(second, room) == ["for the record", "said"]
        assert first.count("select count(*) from parcel where room = ?", (room,)) == 0


def test_who_receives_learns_of_a_gap_from_somebody_else(tmp_path: Path) -> None:
    """The relay keeps one delegation's words from another: a third's statement names them, and its copy of the record comes. What
    was only said nobody can repeat but its author, who sees that it waits."""
    with relayed(2, tmp_path) as world:
        first, second, third, room = three(world)
        world.round()
        world.relay.blind(second.code, second.name, first.code)
        first.desk.messages.send(room, "for the record", for_the_record=True)
        first.desk.messages.send(room, "said")
        world.round()
        assert bodies(third, room) == ["for the record", "said"]
        assert bodies(second, room) == ["for the record"]
        assert waiting(first, second) == (1, "unconfirmed")
        world.relay.see()
        world.round()
        assert bodies(second, room) == ["for the record", "said"] and waiting(first, second) == (0, "")


def test_two_histories_shown_by_a_relay_prove_themselves(tmp_path: Path) -> None:
    """A device signs twice at one place, and the relay helps it: each of the others is shown one history alone."""
    with relayed(3, tmp_path) as world:
        first, second, third, room = three(world)
        world.round()
        world.relay.blind(third.code, third.name, first.code)
        first.desk.messages.send(room, "one thing to you", for_the_record=True)
        world.exchange()
        raw, sig = first.rows("select raw, sig from op where room = ? and kind = 'message.send'", (room,))[0]
        shown = operation.read(raw, sig, "record")
        keys = first.desk.context.keys
        rival = operation.make(
            kind="message.send", room=room, author=first.delegation, device=first.device, seq=shown.seq, prev=shown.prev,
            deps=list(shown.deps), at=shown.at, tick=shown.tick + 1, body={**shown.body, "body": "another to them"},
            device_key=keys.ed25519, composite_key=keys.composite, klass="record")
        with first.desk.context.write() as tx:
            roster = rosters.of(first.desk.context, tx, room)
            loose = first.desk.exchange.outbound.sealing.frame(tx, roster, 0, items=(Item(0, rival.raw, rival.sig),))
        world.make_crooked(first)
        world.relay.publish(third.code, second.code, loose.id, frozenset({third.mailbox}), loose.blob)  # past its own blindness
        third.desk.exchange.now()
        world.round()
        world.round()
        for one in (second, third):
            assert one.rows("select device from suspended where room = ?", (room,)) == [(first.device,)]
            proofs = {row[0] for row in one.rows("select id from op where room = ? and device = ? and seq = ?",
                                                 (room, first.device, shown.seq))}
            assert proofs == {shown.id, rival.op.id}


# -- from one way to another


def puts(world: Either) -> tuple[int, int]:
    """Envelopes the relay and the post have taken so far."""
    return world.relay.taken, world.posted


class Counted(Either):
    """Counts what the post takes."""

    posted = 0

    def begin(self) -> None:
        real = self.post.take

        def take(parcel: Parcel):  # type: ignore[no-untyped-def]
            self.posted += 1
            return real(parcel)

        self.post.take = take  # type: ignore[method-assign]
        super().begin()


def test_the_folder_takes_over_and_gives_back(tmp_path: Path) -> None:
    """A relay out of reach: after a while the folder carries too; when it is back, the relay alone; nothing comes twice."""
    with relayed(4, tmp_path, Counted) as world:
        first, second, _, room = three(world)
        world.round()
        assert world.posted == 0
        world.relay.cut_off(*[one.name for one in world.all()])
        first.desk.messages.send(room, "over the folder", for_the_record=True)
        world.exchange()
        world.advance(FALLBACK // 2)
        world.exchange()
        assert world.posted == 0 and bodies(second, room) == []
        world.round()
        assert bodies(second, room) == ["over the folder"] and waiting(first, second) == (0, "")
        world.relay.rejoin()
        world.round()
        taken, posted = puts(world)
        second.desk.messages.send(room, "over the relay", for_the_record=True)
        world.round()
        assert puts(world)[0] > taken and puts(world)[1] == posted
        for one in (first, second):
            assert bodies(one, room) == ["over the folder", "over the relay"]
        assert settling.settled(world) == ""
        invariants.at_end(world)


def test_a_person_sends_another_way_and_back(tmp_path: Path) -> None:
    """Chosen while something is under way: it arrives once, by whatever way, and confirmations by the other."""
    with relayed(5, tmp_path, Counted) as world:
        first, second, third, room = three(world)
        world.round()
        world.relay.mood = Mood(lost=1.0)
        first.desk.messages.send(room, "lost on the relay", for_the_record=True)
        world.exchange()
        assert bodies(second, room) == []
        first.desk.exchange.choose(second.delegation, "folder")
        world.exchange()
        assert bodies(second, room) == ["lost on the relay"] and bodies(third, room) == []
        world.relay.mood = Mood()
        world.round()
        assert bodies(third, room) == ["lost on the relay"]
        first.desk.exchange.choose(second.delegation, "")
        taken, posted = puts(world)
        first.desk.messages.send(room, "over the relay again")
        world.round()
        assert bodies(second, room) == bodies(third, room) == ["lost on the relay", "over the relay again"]
        assert puts(world)[0] > taken and puts(world)[1] == posted
        assert settling.settled(world) == ""
