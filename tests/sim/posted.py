"""Delegations on a post in memory, for what seeds have found."""

from __future__ import annotations

from pathlib import Path

from tests.world import PASSPHRASE, World

from valise.carriers.memory import MemoryCarrier, Post
from valise.desk.desk import Desk
from valise.desk.gate import KEY_FILE


class Posted(World):
    """The usual delegations on a post in memory that loses and withholds as told."""

    def __init__(self, base: Path, codes: tuple[str, ...] = ("XA", "XB", "XG"), *, acquainted: bool = True) -> None:
        self.post = Post(1)
        super().__init__(base, codes, acquainted=acquainted)

    def _enter(self, code: str, desk: Desk) -> Desk:
        return self.plug(code, super()._enter(code, desk))

    def plug(self, code: str, desk: Desk) -> Desk:
        desk.exchange.use(MemoryCarrier(self.post, code))
        self.desks[code] = desk
        return desk

    def enrol(self, code: str, rights: tuple[str, ...] = ("observe", "speak", "amend")) -> Desk:
        gate = self.gate(f"{code}-2")
        request = gate.ask_enrolment(officer="Second officer", role="Adviser", passphrase=bytearray(PASSPHRASE))
        key_file = (self.base / code / KEY_FILE).read_bytes()
        answer = self[code].grant_enrolment(request, key_file, bytearray(PASSPHRASE), rights)
        desk = self.plug(f"{code}-2", gate.finish_enrolment(answer, bytearray(PASSPHRASE)))
        desk.exchange.resend = 60_000
        return desk

    def calm(self, rounds: int = 10, pause: int = 61_000) -> None:
        """Rounds with time between them, which the post sees pass too; persons accept laptops that joined."""
        for _ in range(rounds):
            self.accept_laptops()
            self.exchange(rounds=1, pause=pause)
            self.post.advance(pause)


def bodies(desk: Desk, room: str) -> list[str]:
    with desk.store.read() as handle:
        return [row[0] for row in handle.rows("select body from message where room = ? order by at, id", (room,))]


def record(desk: Desk, room: str) -> list[str]:
    with desk.store.read() as handle:
        return [row[0] for row in handle.rows("select id from op where room = ? and klass = 0 and state > 0 order by id", (room,))]
