"""Hands for the tests of the courier: delegations that share nothing but a stick, and what a vault holds."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from tests.world import PASSPHRASE, World

from valise.desk.desk import Desk
from valise.desk.door_exchange import CourierExport, CourierImport

CONTENT = ("op", "log", "message", "attachment", "chunk", "session_in", "replay", "sealed", "envelope_seen", "room", "room_member",
           "text", "suspended", "event", "acknowledgement")  # fmt: skip
UNTOLD = frozenset({"generation", "meta"})


class Gap(World):
    """A world without any other way. `stick` is what is carried."""

    def __init__(self, base: Path, codes: tuple[str, ...] = ("XA", "XB"), *, acquainted: bool = True) -> None:
        founded = base.parent / f"founded-{'-'.join(codes)}-{acquainted}"
        if not founded.exists():  # founding takes longer than most tests: once, then copied
            first = World(founded, codes, acquainted=acquainted)
            for desk in first.desks.values():
                desk.exchange.drop_folder()
            first.close()
        super().__init__(base, (), acquainted=False)
        for code in codes:
            shutil.copytree(founded / code, base / code)
            self.desks[code] = self.gate(code).unlock(bytearray(PASSPHRASE))
        self.stick = base / "stick"
        self.stick.mkdir()

    def write(self, code: str, *to: str) -> CourierExport:
        return self[code].courier.export(self.stick, [self.id(one) for one in to])

    def carry(self, code: str, *to: str, rounds: bool = False) -> list[CourierImport]:
        """One bundle from one to others; everybody takes it in."""
        made = self.write(code, *to)
        came = [self[one].courier.take(made.place) for one in to]
        if rounds:
            for desk in self.desks.values():
                desk.exchange.now()
        return came

    def bilateral(self, rounds: bool = False) -> str:
        room = self["XA"].rooms.create("bilateral", "", [self.id("XB")])
        assert [one.kind for one in self.carry("XA", "XB", rounds=rounds)] == ["new"]
        assert [one.kind for one in self.carry("XB", "XA", rounds=rounds)] == ["new"]
        for path in self.stick.iterdir():
            path.unlink()
        return room


def kept(desk: Desk, *tables: str) -> dict[str, str]:
    """A digest of every row of these tables; of all of them when none are named."""
    with desk.context.read() as handle:
        every = [
            row[0]
            for row in handle.rows("select name from sqlite_schema where type = 'table' and sql not like 'create virtual%'")
            if row[0] not in UNTOLD
        ]
        found = {}
        for name in tables or every:
            rows = sorted(repr(row) for row in handle.rows(f'select * from "{name}"'))
            found[name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def bodies(desk: Desk, room: str) -> list[str]:
    return sorted(one.body for row in desk.messages.threads(room) for one in desk.messages.page(room, row.id, 0, 1_000))
