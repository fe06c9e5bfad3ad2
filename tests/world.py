"""Whole delegations for tests: real vaults, real protocol, a fast passphrase function, a clock that obeys."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable
from itertools import count
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
START = 1_796_774_400_000  # 9 December 2026, 00:00 UTC


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


class _Mould:
    """Worlds made once in this process, closed: those of the same delegations begin as copies of them, since making vaults,
    identities and a first room anew for each test is a third of the time of all tests. They are copies themselves: a world with a
    room of the one without, and that of delegations each of which is founded once."""

    def __init__(self) -> None:
        self._made: dict[tuple[object, ...], tuple[Path, int, str]] = {}
        self._folder: Path | None = None
        self._numbers = count()

    def cast(self, codes: tuple[str, ...], opening: tuple[object, ...], base: Path) -> tuple[int, str]:
        """Put vaults of acquainted delegations under `base`, with a room (World.room's arguments) or () without one; what the
        clock says there, and the room."""
        folder, at, room = self._kept((codes, opening), lambda place: self._world(codes, opening, place))
        shutil.copytree(folder, base, dirs_exist_ok=True)
        return at, room

    def _kept(self, name: tuple[object, ...], make: Callable[[Path], tuple[World, str]]) -> tuple[Path, int, str]:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="valise-worlds-"))
            atexit.register(shutil.rmtree, self._folder, ignore_errors=True)
        if name not in self._made:
            world, room = make(self._folder / str(next(self._numbers)))
            world.close()
            self._made[name] = (world.base, world.clock.at, room)
        return self._made[name]

    def _world(self, codes: tuple[str, ...], opening: tuple[object, ...], place: Path) -> tuple[World, str]:
        if opening:
            world = World(place, codes)
            world.desks  # noqa: B018 - cast without a room, in which one is opened now
            return world, world.room(*opening)  # type: ignore[arg-type]
        world = World(place, (), acquainted=False)
        for code in codes:
            self._enter(world, code)
        world.acquaint()
        return world, ""

    def _enter(self, world: World, code: str) -> None:
        folder, at, _ = self._kept((code,), lambda place: (World(place, (code,), acquainted=False), ""))
        shutil.copytree(folder / code, world.base / code)
        world.clock.at = max(world.clock.at, at)
        world.enter(code)


_MOULD = _Mould()


class World:
    """Delegations by code, each with a vault of its own, over one exchange folder (or any carrier).

    Delegations of the same code in acquainted worlds of one process have the same identity (_Mould; a world is cast when somebody
    first looks at a desk, and with a room where that is the first thing asked for), unless they are not to be `alike`."""

    def __init__(
        self,
        base: Path,
        codes: tuple[str, ...] = ("XA", "XB", "XG"),
        *,
        acquainted: bool = True,
        clock: Clock | None = None,
        entropy: Callable[[int], bytes] = os.urandom,
        alike: bool = True,
    ) -> None:
        self._base = base
        self.clock = clock or Clock()
        self.entropy = entropy
        (base / "share").mkdir(parents=True)
        self._desks: dict[str, Desk] = {}
        self._to_cast: tuple[str, ...] = ()
        if alike and acquainted and codes and clock is None and entropy is os.urandom:
            self._to_cast = codes
            return
        for code in codes:
            self.found(code)
        if acquainted:
            self.acquaint()

    def _there(self) -> None:
        if self._to_cast:
            self._cast(())

    @property
    def desks(self) -> dict[str, Desk]:
        self._there()
        return self._desks

    @property
    def base(self) -> Path:
        """Where the vaults lie, one folder for each code."""
        self._there()
        return self._base

    @property
    def share(self) -> Path:
        return self.base / "share"

    def _cast(self, opening: tuple[object, ...]) -> str:
        codes, self._to_cast = self._to_cast, ()
        at, room = _MOULD.cast(codes, opening, self._base)
        self.clock.at += at - START
        for code in codes:
            self.enter(code)
        return room

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
        return self._enter(code, desk)

    def enter(self, code: str) -> Desk:
        """A delegation whose vault lies there."""
        return self._enter(code, self.gate(code).unlock(bytearray(PASSPHRASE)))

    def _enter(self, code: str, desk: Desk) -> Desk:
        desk.exchange.use_folder(self._base / "share")
        desk.exchange.resend = 60_000
        self._desks[code] = desk
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
        if self._to_cast:
            return self._cast((kind, chair, title, members))
        others = [self.id(code) for code in members or tuple(self.desks) if code != chair]
        room = self[chair].rooms.create(kind, title, others)
        self.exchange()
        return room

    def close(self) -> None:
        for desk in self.desks.values():
            desk.close()


def _no_parser(name: str, data: bytes) -> dict[str, object]:
    raise AssertionError("this test reads no file")
