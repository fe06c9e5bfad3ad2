"""Three delegations with a relay, made once for a file of tests; each test opens their vaults for itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from tests.relay import joined, power
from tests.relay.generated import Generated, generated
from tests.relay.power import Operator
from tests.world import PASSPHRASE, Clock, World

CODES = ("XA", "XB", "XG")


@dataclass
class Talks:
    """A drafting group of all on a relay that somebody else operates."""

    world: World
    room: str
    relay: Generated
    _operators: dict[str, Operator] = field(default_factory=dict)

    def operator(self, code: str) -> Operator:
        if code not in self._operators:
            self._operators[code] = power.of(self.relay, code)
        return self._operators[code]

    def stream(self, code: str) -> str:
        """Where envelopes for a delegation wait."""
        return self.relay.plan.delegation(code).streams[0]

    def seat(self, code: str) -> str:
        return self.relay.plan.delegation(code).laptops[0].seat

    def away(self, code: str) -> None:
        """The laptop is closed: what comes for it waits at the relay."""
        self.world.desks.pop(code).close()

    def back(self, code: str) -> None:
        desk = self.world.gate(code).unlock(bytearray(PASSPHRASE))
        desk.exchange.resend = 60_000
        self.world.desks[code] = desk

    def say(self, code: str, *words: str) -> None:
        """One message for the record and one between us, in turn."""
        for at, one in enumerate(words):
            self.world[code].messages.send(self.room, one, for_the_record=at % 2 == 0)

    def put(self, *codes: str) -> None:
        """A round of these: what they said lies at the relay then."""
        for code in codes:
            self.world[code].exchange.now()

    def healed(self, *words: str, seconds: float = 150.0) -> None:
        """Rounds until all hold these words, everything is acknowledged and all records are equal; nothing is there twice. What
        the operator made up or put into another inbox may stay sealed: nobody can know that its key will never come."""

        def done() -> bool:
            held = joined.bodies(self.world, CODES[-1], self.room)
            return set(words) <= set(held) and joined.same(self.world, self.room) and joined.acknowledged(self.world)

        joined.wait(self.world, done, seconds=seconds, pause=20_000)
        for code in CODES:
            held = joined.bodies(self.world, code, self.room)
            assert len(held) == len(set(held)), "something is there twice"
            with self.world[code].store.read() as handle:
                assert handle.value("select count(*) from op where state != 1 and room = ?", (self.room,)) == 0

    def refused(self, code: str) -> int:
        return sum(self.world[code].exchange.refused.values())

    def open(self) -> None:
        for code in CODES:
            if code not in self.world.desks:
                self.back(code)

    def close(self) -> None:
        for code in list(self.world.desks):
            self.away(code)


@pytest.fixture(scope="module")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Talks]:
    base = tmp_path_factory.mktemp("talks")
    with generated(base / "relay", dict.fromkeys(CODES, 1)) as relay:
        world = joined.founded(base / "world", CODES)
        room = world.room()
        joined.join(world, relay)
        made = Talks(world, room, relay)
        made.close()
        for code in CODES:
            # Accounts are changed while nobody is connected: requests under way are lost when they are. And what went to a
            # laptop that had just been closed comes again soon.
            for stream in relay.plan.delegation(code).streams:
                made.operator(code).rewrite(stream, list, ack_wait=2.0)
        yield made


@pytest.fixture
def talks(_made: Talks) -> Iterator[Talks]:
    """All three at their desks."""
    _made.world.clock = Clock(max(_made.world.clock.at, joined.clock().at))
    _made.open()
    try:
        yield _made
    finally:
        _made.close()
