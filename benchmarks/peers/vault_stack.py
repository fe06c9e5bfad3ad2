"""Two vaults, over a folder or over a relay."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from benchmarks import worlds
from benchmarks.peers.relay import relay
from benchmarks.peers.stack import text
from benchmarks.peers.vaults import WINDOW, held
from benchmarks.peers.worker import Plan
from valise.desk.desk import Desk

NAMES = {"send": "XA", "receive": "XB"}
Connect = Callable[[Path, Sequence[Desk]], AbstractContextManager[Callable[[], float]]]
"""Takes desks that exchange through a folder over to a way of exchange, as long as it runs; yields what tells the CPU seconds of
what stands between them."""


class VaultStack:
    """`together` = messages in one transaction where they are written as fast as they go; `resend` in ms, 0 = as set;
    `rounds` = gap and interval of vaults.Rounds: a folder says nothing by itself and is looked at all the time."""

    def __init__(self, base: Path, room: str, servers: Callable[[], float], name: str) -> None:
        self.base, self.room, self._servers, self.name = base, room, servers, name
        self.together, self.resend = 64, 0
        self.rounds = (0.0, 0.001) if name.endswith(folder.__name__) else WINDOW

    def command(self, plan: Plan) -> Sequence[str]:
        return [sys.executable, "-m", "benchmarks.peers.vaults", text(plan)]

    def own(self, role: str) -> dict[str, Any]:
        return {
            "vault": str(self.base / NAMES[role]), "room": self.room, "together": self.together, "resend": self.resend,
            "rounds": self.rounds,
        }  # fmt: skip

    def environ(self) -> Mapping[str, str]:
        return {}

    def servers(self) -> float:
        return self._servers()

    def open(self, role: str) -> Desk:
        return worlds.unlock(self.base / NAMES[role])

    def held(self) -> dict[str, Any]:
        desk = self.open("receive")
        try:
            with desk.context.read() as handle:
                broken = int(handle.value("select count(*) from op where state != 1"))
            return {"numbers": held(desk), "broken": broken + desk.exchange.status().sealed_waiting}
        finally:
            desk.close()


@contextmanager
def folder(base: Path, desks: Sequence[Desk]) -> Iterator[Callable[[], float]]:
    """They stay where they are."""
    yield lambda: 0.0


@contextmanager
def vaults(base: Path, connect: Connect = folder) -> Iterator[VaultStack]:
    """Two delegations that know each other, with a room and a thread in it, neither of them unlocked."""
    base.mkdir(parents=True)
    first, second, room = worlds.pair(base)
    first.messages.send(room, "first", subject="Figures")
    with connect(base, (first, second)) as servers:
        worlds.until(lambda: bool(second.messages.threads(room)) and not first.exchange.status().waiting, first, second)
        worlds.close(first, second)
        yield VaultStack(base, room, servers, f"Valise, {connect.__name__}")


CONNECTIONS: dict[str, Connect] = {"relay": relay, "folder": folder}
