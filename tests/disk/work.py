"""What a delegation does in a short life, step by step; what each step promised stands in `promised` once it is done."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.world import PASSPHRASE, Clock, World

from valise.vault import checks

VICTIM, PEER = "XA", "XB"


@dataclass(slots=True)
class Life:
    """Two delegations in one room over one folder; the disk of XA is the one that fails."""

    world: World
    room: str = ""
    text: str = ""
    promised: list[str] = field(default_factory=list)  # bodies of messages both must hold in the end
    proposals: list[str] = field(default_factory=list)  # ids of proposals both must hold in the end
    own: list[str] = field(default_factory=list)  # those of the victim
    rng: random.Random = field(default_factory=lambda: random.Random("disk"))

    def begin(self) -> None:
        """Before anything fails."""
        self.room = self.world.room("bilateral", VICTIM, "Talks", (PEER,))
        self.text = self.world[VICTIM].texts.open(self.room, "Draft", paragraphs=[
            {"section": "OP", "label": f"OP {n}", "words": f"Paragraph {n} as it was;", "status": "open"} for n in range(1, 5)])
        self.world.exchange()

    def say(self, code: str, record: bool) -> None:
        body = f"{code} {len(self.promised)} {self.rng.getrandbits(64):016x}"
        self.world[code].messages.send(self.room, body, for_the_record=record)
        self.promised.append(body)

    def amend(self, code: str) -> None:
        rows = [row for row in self.world[code].texts.outline(self.text) if row.section == "OP"]
        number = len(self.proposals)
        made = self.world[code].texts.propose_words(self.text, rows[number % len(rows)].id, f"{code} would say {number};")
        self.proposals += made
        self.own += made if code == VICTIM else ()

    def attach(self) -> None:
        desk = self.world[VICTIM]
        file = desk.messages.attach(self.room, "annex.bin", self.rng.randbytes(90_000))
        body = f"annex {len(self.promised)} {self.rng.getrandbits(64):016x}"
        desk.messages.send(self.room, body, attachments=[file.id])
        self.promised.append(body)

    def steps(self) -> list[Callable[[], object]]:
        """In order; each leaves what it promised in `promised` and `proposals`."""
        world = self.world
        mine, other = world[VICTIM], world[PEER]
        return [
            lambda: self.say(VICTIM, True),
            lambda: self.say(PEER, False),
            mine.exchange.now,
            other.exchange.now,
            mine.exchange.now,
            lambda: self.say(VICTIM, False),
            lambda: self.amend(VICTIM),
            lambda: self.amend(PEER),
            lambda: world.exchange(rounds=2, pause=30_000),
            self.attach,
            mine.exchange.now,
            other.exchange.now,
            lambda: world.exchange(rounds=1, pause=61_000),
            lambda: mine.texts.take(self.text, self.own[0]) if self.own else None,
            lambda: mine.texts.revision(self.text, "FICT/1/Rev.1"),
            lambda: world.exchange(rounds=2, pause=10_000),
            lambda: mine.settings.set("lock.idle_minutes", 7),
            lambda: self.say(PEER, True),
            other.exchange.now,
            mine.exchange.now,
            lambda: world.reopen(VICTIM),  # closing and opening write too
        ]


def revive(clock: Clock) -> World:
    """The delegations whose vaults lie in the current folder, unlocked."""
    world = World.__new__(World)
    world._base, world.clock, world.entropy, world._desks, world._to_cast = Path(), clock, os.urandom, {}, ()
    for code in (VICTIM, PEER):
        world._desks[code] = world.gate(code).unlock(bytearray(PASSPHRASE))
        world[code].exchange.resend = 60_000
    return world


def check(life: dict[str, Any], promised: int, proposals: int) -> None:
    """Unlock what lies in the current folder, go on until everybody has everything, and see that every promise holds.

    `promised` and `proposals` say how many of those in `life` had been made when the disk failed.
    """
    world = revive(Clock(life["clock"] + 60_000))
    try:
        room = life["room"]
        for _ in range(16):
            world.exchange(rounds=2, pause=61_000)
            if not any(desk.exchange.status().waiting or desk.exchange.status().sealed_waiting for desk in world.desks.values()):
                break
        held = {}
        for code, desk in world.desks.items():
            status = desk.exchange.status()
            assert not status.sealed_waiting, f"{code} cannot open {status.sealed_waiting}"
            assert not status.waiting, f"{code} still waits for {status.waiting}"
            with desk.store.read() as handle:
                bodies = [row[0] for row in handle.rows("select body from message where room = ?", (room,))]
                held[code] = sorted(row[0] for row in handle.rows("select id from op where room = ?", (room,)))
                assert handle.value("select count(*) from op where room = ? and state != 1", (room,)) == 0
                assert handle.value("select count(*) from suspended") == 0, f"{code} saw two histories"
            assert len(bodies) == len(set(bodies)), f"{code} holds something twice"
            lost = set(life["promised"][:promised]) - set(bodies)
            assert not lost, f"{code} lost {len(lost)} of {promised}"
            known = {one.id for row in desk.texts.outline(life["text"]) for one in desk.texts.paragraph(life["text"], row.id).proposals}
            gone = set(life["proposals"][:proposals]) - known
            assert not gone, f"{code} lost {len(gone)} of {proposals} proposals"
            for body in bodies:
                assert any(hit.kind == "message" for hit in desk.search(body.split()[-1])), f"{code} does not find a message"
            assert checks.integrity(desk.store, world.clock.now()).sound
        assert held[VICTIM] == held[PEER]
        assert len({str(desk.texts.proof(life["text"])) for desk in world.desks.values()}) == 1
    finally:
        for desk in world.desks.values():
            desk.store.abandon()
