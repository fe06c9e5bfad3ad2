"""One laptop: a vault folder, a clock, a stream of randomness, and the desk over them while it is running."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.sim.clock import SimClock
from tests.sim.identities import FLOOR, KEY, no_carrier, no_parser

from valise.desk.desk import Desk
from valise.domain.errors import Unavailable
from valise.vault.store import DATABASE, Store

RESEND = 60_000


class Crash(BaseException):
    """The power goes, at some statement or commit. Not an Exception: nothing may swallow it."""


class Keyring:
    """A keyring in memory, which may be gone for a while."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.gone = False

    def available(self) -> bool:
        return not self.gone

    def keep(self, name: str, value: bytes) -> None:
        self._ask()
        self.kept[name] = value

    def look(self, name: str) -> bytes | None:
        self._ask()
        return self.kept.get(name)

    def forget(self, name: str) -> None:
        self._ask()
        self.kept.pop(name, None)

    def _ask(self) -> None:
        if self.gone:
            raise Unavailable("custodian.unavailable")


class Laptop:
    """`name` is its code ("XA"), with a number for a further one ("XA-2") and "'" for a copy that should not exist.

    `crooked`: this device acts twice over, as itself and as its copy; nothing is promised for it. `attach` gives it its
    carriers at each start.
    """

    def __init__(
        self, name: str, code: str, folder: Path, clock: SimClock, rng: random.Random, attach: Callable[[Laptop], None]
    ) -> None:
        self.name = name
        self.code = code
        self.folder = folder
        self.clock = clock
        self._attach = attach
        self.rng = rng  # a stream of its own that no restart rewinds
        self.crooked = False
        self.rolled = False  # an old copy of its vault was put back once
        self.kept: set[str] = set()  # its operations in the copy on the stick
        self.kept_laptops = 0  # how many laptops its delegation had then
        self.keyring = Keyring()
        self.crashes = 0
        self._left = 0
        self.struck = ""
        self.open()

    def open(self) -> None:
        """Start: the vault, the desk, the carriers."""
        self.store = Store.open(self.folder, KEY, fault=self._fault)
        self.desk = Desk(
            self.store, clock=self.clock, entropy=self.rng.randbytes, make_carrier=no_carrier, parser=no_parser,
            root_floor=FLOOR, custodian=self.keyring)
        self.desk.exchange.resend = RESEND
        self.delegation = self.desk.me().delegation
        self.device = self.desk.me().device
        self.mailbox = self.desk.context.own.mailbox
        self._attach(self)

    def restart(self) -> None:
        """Close in order and start again."""
        self.desk.close()
        self.open()

    def arm(self, statements: int) -> None:
        """Crash at that many fault points from now."""
        self._left = statements

    def disarm(self) -> None:
        self._left = 0

    def recover(self) -> None:
        """After a crash: what lay in memory is gone, the file is as it was left."""
        self._left = 0
        self.crashes += 1
        self.store.abandon()
        self.open()

    def copy_to(self, folder: Path) -> None:
        """The vault as somebody would copy it who has the laptop for an hour."""
        self.store.checkpoint()
        folder.mkdir()
        shutil.copyfile(self.folder / DATABASE, folder / DATABASE)

    def rows(self, sql: str, values: tuple[object, ...] = ()) -> list[Any]:
        with self.store.read() as handle:
            return handle.rows(sql, values)

    def count(self, sql: str, values: tuple[object, ...] = ()) -> int:
        return int(self.rows(sql, values)[0][0])

    def _fault(self, name: str) -> None:
        if self._left:
            self._left -= 1
            if not self._left:
                self.struck = name
                raise Crash(name)
