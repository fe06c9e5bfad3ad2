"""Vaults to measure: real ones by the real path, with a cheap passphrase function, which is never what is measured."""

from __future__ import annotations

import itertools
import json
import random
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from valise.carriers import abc
from valise.desk.context import CHAT
from valise.desk.desk import Desk
from valise.desk.gate import Gate
from valise.protocol import operation
from valise.protocol.operation import Signed
from valise.system.clock import SystemClock
from valise.vault import header, slots
from valise.vault.slots import Kdf

FAST = Kdf(ops=1, mem=8192, floor_ops=1, floor_mem=8192)
PASSPHRASE = b"a passphrase for measuring"
NAMES = ("Aurelia", "Borovia", "Castellan Republic", "Dravenia", "Eastmark", "Freeland Islands", "Gallia Minor")
CODES = ("XA", "XB", "XC", "XD", "XE", "XF", "XG")
SETTLED = "made.json"


def gate(folder: Path) -> Gate:
    """The gate of a vault with the system's clock and the folder carrier."""
    return Gate(
        folder,
        clock=SystemClock(),
        make_carrier=lambda place, writer: abc.find("folder")(Path(place), writer),
        parser=lambda name, data: {},
        kdf=FAST,
    )


def found(folder: Path, code: str = "XA") -> Desk:
    """A new delegation."""
    name = NAMES[CODES.index(code)]
    return gate(folder).create(
        code=code, name=name, officer=f"Officer {code}", role="Delegate", passphrase=bytearray(PASSPHRASE)
    )


def unlock(folder: Path) -> Desk:
    """Open what `found` made."""
    return gate(folder).unlock(bytearray(PASSPHRASE))


def raw_key(folder: Path) -> str:
    """The database key behind the passphrase, for measuring below the desk."""
    return slots.open_slots(header.load(folder).header, bytearray(PASSPHRASE), FAST)


def acquaint(*desks: Desk) -> None:
    """Everybody holds everybody's card."""
    for one, other in itertools.permutations(desks, 2):
        one.contacts.import_card(other.contacts.own_card())


def pair(base: Path) -> tuple[Desk, Desk, str]:
    """Two delegations over one exchange folder, with a room both know."""
    first, second = found(base / "XA"), found(base / "XB", "XB")
    share = base / "share"
    share.mkdir()
    for desk in (first, second):
        desk.exchange.use_folder(share)
    acquaint(first, second)
    room = first.rooms.create("bilateral", "", [second.me().delegation])
    settle(first, second)
    return first, second, room


def settle(*desks: Desk, rounds: int = 5) -> None:
    """Rounds of the exchange for everybody."""
    for _ in range(rounds):
        for desk in desks:
            desk.exchange.now()


def until(done: Callable[[], bool], *desks: Desk, rounds: int = 200) -> None:
    """Rounds of the exchange for everybody until it is so; a way that has nothing to show yet is given a moment.
    RuntimeError when it never is."""
    for turn in range(rounds):
        settle(*desks, rounds=1)
        if done():
            return
        time.sleep(0.0 if turn < 5 else 0.02)
    raise RuntimeError("it does not come to pass")


def close(*desks: Desk) -> None:
    for desk in desks:
        desk.close()


def cached(cache: Path, name: str, make: Callable[[Path], dict[str, Any]]) -> tuple[Path, dict[str, Any]]:
    """The folder `name` under `cache` and what `make` said when it made it. What was left half made is made anew."""
    folder = cache / name
    if not (folder / SETTLED).exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        facts = make(folder)
        (folder / SETTLED).write_text(json.dumps(facts), "utf-8")
    known: dict[str, Any] = json.loads((folder / SETTLED).read_text("utf-8"))
    return folder, known


class Peer:
    """Another delegation that speaks into a vault without one of its own: operations as they come out of an envelope."""

    def __init__(self, desk: Desk) -> None:
        self.own, self.keys, self.clock = desk.context.own, desk.context.keys, desk.context.clock
        self._last: dict[tuple[str, int], tuple[int, str]] = {}

    def say(self, room: str, kind: str, body: dict[str, Any], deps: tuple[str, ...] = (), klass: int = CHAT) -> Signed:
        """The next operation of this device in the room."""
        seq, prev = self._last.get((room, klass), (0, ""))
        signed = operation.make(
            kind=kind,
            room=room,
            author=self.own.delegation,
            device=self.own.device,
            seq=seq + 1,
            prev=prev,
            deps=sorted(one for one in deps if one != prev),
            at=self.clock.now(),
            tick=0,
            body=body,
            device_key=self.keys.ed25519,
            composite_key=self.keys.composite,
            klass="chat" if klass == CHAT else "record",
        )
        self._last[room, klass] = (seq + 1, signed.op.id)
        return signed

    def went_on(self, room: str, klass: int, seq: int, head: str) -> None:
        """Begin after what the vault holds of us already."""
        self._last[room, klass] = (seq, head)


class Speech:
    """Words as a language has them: a few very often, most seldom (Zipf). Everything follows from the seed."""

    def __init__(self, seed: int, words: int = 20_000) -> None:
        self.random = random.Random(seed)
        made: dict[str, None] = {}
        while len(made) < words:
            made["".join(self._syllable() for _ in range(self.random.choice((1, 2, 2, 3, 3, 4))))] = None
        self.words = list(made)
        self._weights = list(itertools.accumulate(1 / (rank + 2) for rank in range(words)))

    def _syllable(self) -> str:
        return self.random.choice("bcdfghjklmnprstvz") + self.random.choice(("a", "e", "i", "o", "u", "an", "er", "on"))

    def some(self, count: int) -> list[str]:
        return self.random.choices(self.words, cum_weights=self._weights, k=count)

    def sentence(self, count: int) -> str:
        return " ".join(self.some(count))

    def of_bytes(self, size: int) -> str:
        """Words of exactly `size` bytes."""
        return " ".join(self.some(size // 2 + 1))[:size].strip().ljust(size, "x")


def grouped(count: int, size: int) -> Iterator[range]:
    """0 to `count` in groups of `size`."""
    for start in range(0, count, size):
        yield range(start, min(start + size, count))
