"""Whole delegations for tests: real vaults, real protocol, a fast passphrase function, a clock that obeys."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from valise.carriers import abc
from valise.desk.desk import Desk
from valise.desk.gate import Gate
from valise.vault.slots import Kdf

FAST = Kdf(ops=1, mem=8192, floor_ops=1, floor_mem=8192)
PASSPHRASE = b"correct horse for tests"
NAMES = {
    "XA": "Aurelia",
    "XB": "Borovia",
    "XC": "Castellan Republic",
    "XD": "Dravenia",
    "XE": "Eastmark",
    "XF": "Freeland Islands",
    "XG": "Gallia Minor",
    "XH": "Hesperia",
}
START = 1_796_774_400_000  # 8 December 2026, 12:00 UTC


class Clock:
    """Milliseconds UTC that move a little at each reading and as told."""

    def __init__(self, at: int = START, step: int = 3) -> None:
        self.at = at
        self.step = step

    def now(self) -> int:
        self.at += self.step
        return self.at

    def advance(self, milliseconds: int) -> None:
        self.at += milliseconds


class World:
    """Delegations by code, each with a vault of its own, over one exchange folder (or any carrier)."""

    def __init__(
        self,
        base: Path,
        codes: tuple[str, ...] = ("XA", "XB", "XG"),
        *,
        acquainted: bool = True,
        clock: Clock | None = None,
        entropy: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self.base = base
        self.clock = clock or Clock()
        self.entropy = entropy
        self.share = base / "share"
        self.share.mkdir(parents=True)
        self.desks: dict[str, Desk] = {}
        for code in codes:
            self.found(code)
        if acquainted:
            self.acquaint()

    def gate(self, code: str) -> Gate:
        return Gate(
            self.base / code,
            clock=self.clock,
            make_carrier=lambda place, writer: abc.find("folder")(Path(place), writer),
            parser=_no_parser,
            entropy=self.entropy,
            kdf=FAST,
        )

    def found(self, code: str) -> Desk:
        """A new delegation with its first laptop, using the exchange folder."""
        desk = self.gate(code).create(
            code=code,
            name=NAMES.get(code, code),
            officer=f"Officer {code}",
            role="Delegate",
            passphrase=bytearray(PASSPHRASE),
        )
        desk.exchange.use_folder(self.share)
        desk.exchange.resend = 60_000
        self.desks[code] = desk
        return desk

    def reopen(self, code: str) -> Desk:
        """Close (or abandon, after a simulated crash) and unlock again."""
        self.desks[code].close()
        self.desks[code] = self.gate(code).unlock(bytearray(PASSPHRASE))
        return self.desks[code]

    def acquaint(self) -> None:
        """Everybody imports everybody's card."""
        for one in self.desks.values():
            for other in self.desks.values():
                if one.me().delegation != other.me().delegation:
                    one.contacts.import_card(other.contacts.own_card())

    def __getitem__(self, code: str) -> Desk:
        return self.desks[code]

    def id(self, code: str) -> str:
        return self.desks[code].me().delegation

    def accept_laptops(self) -> int:
        """At every laptop a person looks at laptops that joined, and accepts them; how many decisions that took."""
        taken = 0
        for desk in self.desks.values():
            own = desk.contacts.one(desk.me().delegation)
            for one in (own, *desk.contacts.all()):
                if one.stopped == "added":
                    desk.contacts.decide(one.id, True)
                    taken += 1
        return taken

    def exchange(self, rounds: int = 4, pause: int = 0) -> None:
        """Everybody does some rounds of the exchange, `pause` ms apart."""
        for _ in range(rounds):
            for desk in self.desks.values():
                desk.exchange.now()
            self.clock.advance(pause)

    def room(
        self, kind: str = "group", chair: str = "XA", title: str = "Drafting group", members: tuple[str, ...] = ()
    ) -> str:
        """A room of all (or of `members`), known to all of them."""
        others = [self.id(code) for code in members or tuple(self.desks) if code != chair]
        room = self[chair].rooms.create(kind, title, others)
        self.exchange()
        return room

    def close(self) -> None:
        for desk in self.desks.values():
            desk.close()


def _no_parser(name: str, data: bytes) -> dict[str, object]:
    raise AssertionError("this test reads no file")
