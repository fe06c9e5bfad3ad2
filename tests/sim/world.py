"""A seed as a whole world: delegations, laptops, clocks, disks and what carries between them, in one process."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from tests.sim.clock import SimClock, Time
from tests.sim.identities import CODES, KEY, Identity, blank, copy_vault, identities, keep_secret
from tests.sim.laptop import Laptop
from tests.sim.seeded import SeededSodium
from tests.sim.sticks import Sticks
from tests.sim.ways import Ways

from valise.carriers.abc import Outcome, Parcel
from valise.carriers.courier_writing import Filler
from valise.carriers.memory import Faults, Post
from valise.desk import enrolment
from valise.desk import roster as rosters
from valise.desk.cards import RECEIVED
from valise.desk.sealing import Sealing
from valise.protocol import attachment, envelope, operation
from valise.protocol.grant import read_grant
from valise.protocol.request import make_request
from valise.vault import people
from valise.vault.store import Store

CANARY = "rotelinie"  # every internal remark holds it, and nothing else does
DAY = 24 * 3600 * 1000
INTERNAL = (b'"remark.', b'"release.', b'"register.define"', b'"ping.round"', b'"ping.record"', b'"ping.close"', b'"incident.note"',
            b'"incident.task"', b'"incident.done"', b'"incident.strike"', b'"incident.passed"')  # kinds that never leave
PARAGRAPHS = (
    ("PP", "PP 1", "Recalling its mandate,", "closed"),
    ("OP", "OP 1", "States should designate points of contact within twelve months;", "open"),
    ("OP", "OP 2", "Invites States to test them every year and to report on the results;", "open"),
    ("OP", "OP 3", "Requests the secretariat to keep the directory.", "open"),
)


class Broken(AssertionError):
    """Something that must hold does not."""


@dataclass(frozen=True, slots=True)
class Promise:
    """An operation a laptop has committed. `audience` = devices it was for then; `outside` = delegations it was not."""

    id: str
    room: str
    klass: int
    seq: int
    kind: str
    audience: frozenset[str]
    outside: frozenset[str]


class Watch:
    """Notes which envelopes are genuine, and that none shows a word of an internal remark, whatever carries them."""

    def __init__(self) -> None:
        self.tags: set[bytes] = set()
        self.keys: set[bytes] = set()

    def __call__(self, blob: bytes) -> None:
        if CANARY.encode() in blob:
            raise Broken("a canary under way in plain sight")
        if envelope.kind_of(blob) == "key":
            self.keys.add(blob)
        else:
            self.tags.add(envelope.tag_of(blob))


class WatchedPost(Post):
    """The post, watched."""

    def __init__(self, seed: int, watch: Watch) -> None:
        super().__init__(seed)
        self._watch = watch

    def take(self, parcel: Parcel) -> Outcome:
        self._watch(parcel.blob)
        return super().take(parcel)


@dataclass
class World:
    """`stream` decides everything; `trace` has a line for each step."""

    seed: int
    folder: Path
    stream: random.Random = field(init=False)
    time: Time = field(init=False)
    watch: Watch = field(init=False, default_factory=Watch)
    post: WatchedPost = field(init=False)
    ways: Ways = field(init=False)
    sticks: Sticks = field(init=False)
    laptops: dict[str, Laptop] = field(init=False, default_factory=dict)
    identities: dict[str, Identity] = field(init=False, default_factory=dict)
    promises: dict[str, list[Promise]] = field(init=False, default_factory=dict)
    trace: list[str] = field(init=False, default_factory=list)
    step: int = field(init=False, default=0)
    rooms: list[str] = field(init=False, default_factory=list)
    texts: list[str] = field(init=False, default_factory=list)
    crooked: set[str] = field(init=False, default_factory=set)
    acts: dict[str, int] = field(init=False, default_factory=dict)
    _upto: dict[str, int] = field(init=False, default_factory=dict)
    _pulled: dict[str, set[str]] = field(init=False, default_factory=dict)
    _before: dict[str, tuple[int, dict[str, tuple[frozenset[str], frozenset[str]]]]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.stream = random.Random(f"world {self.seed}")
        self.time = Time()
        self.post = WatchedPost(self.seed, self.watch)
        known = identities()
        for code in sorted(self.stream.sample(CODES, self.stream.randrange(3, 6))):
            self.identities[code] = known[code]
        self.ways = Ways(self.seed, list(self.identities), self.folder, self.post, self.watch)
        self.sticks = Sticks(self.folder / "sticks", CANARY.encode())

    # -- the beginning

    def begin(self) -> None:
        """Start every laptop, found a drafting group with a text, and let most of them hear of it."""
        for code, identity in self.identities.items():
            self._start(code, code, identity.image)
        chair = self.stream.choice(self.honest())
        others = [one.delegation for one in self.laptops.values() if one is not chair]
        some = others if self.stream.random() < 0.7 else self.stream.sample(others, max(1, len(others) - 1))
        room = chair.desk.rooms.create("group", "Drafting group", some)
        self.rooms.append(room)
        self.texts.append(chair.desk.texts.open(
            room, "Draft decision on points of contact", symbol="FICT/CRP.1",
            paragraphs=[dict(zip(("section", "label", "words", "status"), one, strict=True)) for one in PARAGRAPHS]))
        for one in self.laptops.values():
            self.harvest(one, {})
        for _ in range(self.stream.randrange(0, 4)):
            for one in self.laptops.values():
                one.desk.exchange.now()
        self.note(f"{' '.join(self.laptops)}; {chair.name} in the chair of {len(some) + 1}; by {self.ways.words()}")

    def _start(self, name: str, code: str, image: Path) -> Laptop:
        folder = self.folder / name
        copy_vault(image, folder)
        return self.plug_in(name, code, folder)

    def plug_in(self, name: str, code: str, folder: Path) -> Laptop:
        """Open a vault folder as a laptop of the world, with a clock as wrong as clocks are."""
        rng = random.Random(f"{self.seed} {name}")
        skew = rng.choice((0, 0, rng.randrange(-5_000, 5_000), rng.randrange(-3_600_000, 3_600_000)))
        self.ways.advance(0)
        laptop = Laptop(name, code, folder, SimClock(self.time, skew, rng.randrange(-100, 101)), rng, self._attach)
        self.laptops[name] = laptop
        self.promises[name] = []
        self._upto[name] = laptop.count("select coalesce(max(n), 0) from op")
        return laptop

    def _attach(self, laptop: Laptop) -> None:
        self.ways.attach(laptop, self.codes())

    def close(self) -> None:
        for one in self.laptops.values():
            one.store.abandon()

    # -- who is there

    def honest(self) -> list[Laptop]:
        """Laptops whose device is itself alone, in the order they came."""
        return [one for one in self.laptops.values() if not one.crooked]

    def all(self) -> list[Laptop]:
        return list(self.laptops.values())

    def delegations(self) -> dict[str, str]:
        """Delegation id -> code."""
        return {one.delegation: code for code, one in self.identities.items()}

    def codes(self) -> dict[str, str]:
        """Code -> delegation id."""
        return {code: one.delegation for code, one in self.identities.items()}

    # -- what happens to laptops

    def enrol(self, first: Laptop, rights: tuple[str, ...]) -> Laptop:
        """A second laptop of a delegation, certified by the first with the delegation key."""
        name = f"{first.code}-2"
        rng = random.Random(f"{self.seed} device {name}")
        secret = enrolment.new_device(rng.randbytes)
        request = make_request(secret, f"Second officer {first.code}", "Adviser", first.clock.now())
        from tests.sim.identities import PASSPHRASE

        answer = first.desk.grant_enrolment(
            request.data, self.identities[first.code].key_file, bytearray(PASSPHRASE), rights)
        folder = self.folder / name
        copy_vault(blank(), folder)
        store = Store.open(folder, KEY)
        keep_secret(store, secret)
        grant = read_grant(answer, secret)
        with store.write() as tx:
            now = first.clock.now()
            people.store_card(tx, grant.card, trust="own", now=now, own=True)
            for card in grant.contacts:
                people.store_card(tx, card, trust=RECEIVED, now=now)
            tx.run("insert or replace into meta(key, value) values ('enrolled', 1)")
        store.close()
        return self.plug_in(name, first.code, folder)

    def double(self, victim: Laptop) -> Laptop:
        """Somebody copies a vault and acts with it as the same device."""
        name = f"{victim.name}'"
        folder = self.folder / f"{victim.name}-copy"
        victim.copy_to(folder)
        self.make_crooked(victim)
        made = self.plug_in(name, victim.code, folder)
        made.crooked = True
        return made

    def put_back(self, laptop: Laptop) -> None:
        """An older copy of its vault takes the place of this one, which is closed. What it said on the record since then was
        taken in by others and has to come back; its part of conversations since then is with those who heard it alone."""
        laptop.rolled = True
        others = set().union(*({row[0] for row in one.rows("select id from op")} for one in self.honest() if one is not laptop))
        self.promises[laptop.name] = [
            one for one in self.promises[laptop.name]
            if one.id in laptop.kept or (one.klass == 0 and one.id in others)]

    def opened_again(self, laptop: Laptop) -> None:
        """After `put_back`: what it makes from here on is new. What waited in the copy of a room where nobody else is any more
        was signed anew while it opened."""
        there = {row[0]: row[1] for row in laptop.rows("select id, raw from op where device = ?", (laptop.device,))}
        anew = {operation.stored(name, raw).body.get("again") for name, raw in there.items()}
        anew |= {row[0] for row in laptop.rows("select id from copy_aside")}
        self._pulled.setdefault(laptop.name, set()).update((laptop.kept - there.keys()) & anew)
        self._upto[laptop.name] = laptop.count("select coalesce(max(n), 0) from op")
        self._before.pop(laptop.name, None)

    def make_crooked(self, laptop: Laptop) -> None:
        laptop.crooked = True
        self.crooked.add(laptop.device)

    def advance(self, milliseconds: int) -> None:
        self.time.advance(milliseconds)
        self.ways.advance(milliseconds)

    # -- what is written down

    def note(self, line: str) -> None:
        self.trace.append(f"{self.step:4d} {line}")

    def before(self, laptop: Laptop) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
        """Room -> (devices a frame of this laptop is for, delegations it is not for), as it knows them now."""
        written = laptop.store.generation()
        if self._before.get(laptop.name, (-1, {}))[0] == written:
            return self._before[laptop.name][1]
        found = {}
        everybody = self.delegations()
        with laptop.store.read() as handle:
            for (room,) in handle.rows("select id from room order by id"):
                roster = rosters.of(laptop.desk.context, handle, room)
                if roster is not None:
                    found[room] = (
                        frozenset(one.id for one in roster.devices), frozenset(everybody.keys() - set(roster.state.members)))
        self._before[laptop.name] = written, found
        return found

    def harvest(self, laptop: Laptop, seen: dict[str, tuple[frozenset[str], frozenset[str]]]) -> None:
        """What the laptop has committed of its own since it was last asked is promised from here on."""
        known = {one.id for one in self.promises[laptop.name]} if laptop.rolled else set()
        rows = [row for row in laptop.rows(
            "select n, id, room, klass, seq, kind from op where n > ? and device = ? order by n",
            (self._upto[laptop.name], laptop.device)) if row[1] not in known]
        for n, name, room, klass, seq, kind in rows:
            audience, outside = seen.get(room, (frozenset(), frozenset()))
            self.promises[laptop.name].append(Promise(name, room, klass, seq, kind, audience, outside))
            self._upto[laptop.name] = n
        if laptop.rolled:  # what never left was signed anew, under another id
            there = {row[0] for row in laptop.rows("select id from op where device = ?", (laptop.device,))}
            here = self._pulled.setdefault(laptop.name, set())
            here |= there & {one.id for one in self.promises[laptop.name]}
            aside = {one for one in here if one not in there}
            self.promises[laptop.name] = [one for one in self.promises[laptop.name] if one.id not in aside]

    # -- watching

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Seeded attachments, and an eye on every frame before it is sealed."""
        real = Sealing.frame

        def frame(self_: Sealing, tx: Any, roster: Any, klass: int, **rest: Any) -> Any:
            for item in rest.get("items", ()):
                if roster.state.kind != "internal" and (CANARY.encode() in item.raw or any(one in item.raw for one in INTERNAL)):
                    raise Broken("an internal remark was about to leave")
            return real(self_, tx, roster, klass, **rest)

        fill = Filler.add

        def add(self_: Filler, parcel: Parcel) -> list[Parcel]:
            self.watch(parcel.blob)
            return fill(self_, parcel)

        sodium = SeededSodium(random.Random(f"{self.seed} attachments"))
        patches = (Sealing, "frame", frame), (Filler, "add", add), (attachment, "sodium", sodium)
        with ExitStack() as stack:
            for one in patches:
                stack.enter_context(mock.patch.object(*one))
            yield

    def draw_faults(self) -> Faults:
        """How bad the post is for a while."""
        rng = self.stream

        def some(most: float) -> float:
            return rng.random() * most if rng.random() < 0.5 else 0.0

        late = rng.choice((0, 0, 2_000, 60_000, 2 * 3_600_000))
        return Faults(
            lost=some(0.4), repeated=some(0.5), delay=(0, late), flipped=some(0.05), cut=some(0.05),
            relabelled=some(0.1), busy=some(0.1))
