"""Slots of the fake door: rows in memory, real shares of an invented secret."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import fake_data as d
from fake_door import GOOD, FakeDoor, Part, recorded

from valise.desk import views as v
from valise.desk.door_slots import SlotKind, SlotView
from valise.domain.errors import NotAllowed, WrongPassphrase
from valise.protocol import shares as sharing


class FakeSlots(Part):
    part = "slots"

    def __init__(self, desk: FakeDoor) -> None:
        super().__init__(desk)
        self.rows = [SlotView("passphrase", d.NOW - 40 * d.DAY, 4, 256)]
        self.here = True
        self.shares: tuple[str, ...] = ()
        self.given: list[bytearray] = []

    def put(self, *rows: SlotView) -> None:
        """For the tests: these are the ways in."""
        self.rows = list(rows)
        self.desk.touch(v.Changes(settings=True))

    def all(self) -> tuple[SlotView, ...]:
        return tuple(self.rows)

    def _passphrase(self, given: bytearray) -> None:
        self.given.append(given)
        held = bytes(given)
        given[:] = bytes(len(given))
        if held != GOOD.encode():
            raise WrongPassphrase("vault.passphrase")

    def _row(self, *kinds: SlotKind) -> SlotView | None:
        return next((one for one in self.rows if one.kind in kinds), None)

    def _swap(self, new: SlotView | None, *gone: SlotKind) -> None:
        self.put(*([new] if new else []), *(one for one in self.rows if one.kind not in gone))

    @recorded
    def keyring_here(self) -> bool:
        return self.here

    @recorded
    def change_passphrase(self, old: bytearray, new: bytearray) -> None:
        self.given.append(new)
        self._passphrase(old)
        new[:] = bytes(len(new))
        self.put(*(replace(one, made=self.desk.now) if one.kind.startswith("passphrase") else one for one in self.rows))

    @recorded
    def keyring_on(self, passphrase: bytearray) -> None:
        self._passphrase(passphrase)
        self.put(*self.rows, SlotView("keyring", self.desk.now))

    @recorded
    def keyring_off(self) -> None:
        self._swap(None, "keyring")

    @recorded
    def second_on(self, passphrase: bytearray) -> None:
        self._passphrase(passphrase)
        recovery = self._row("recovery")
        if recovery is None or not recovery.rehearsed:
            raise NotAllowed("slot.not_rehearsed")
        self._swap(SlotView("passphrase+keyring", self.desk.now, 4, 256), "passphrase", "keyring")

    @recorded
    def second_off(self, passphrase: bytearray) -> None:
        self._passphrase(passphrase)
        self._swap(SlotView("passphrase", self.desk.now, 4, 256), "passphrase+keyring")

    @recorded
    def make_shares(self, passphrase: bytearray, need: int, total: int) -> tuple[str, ...]:
        self._passphrase(passphrase)
        self.shares = sharing.split(bytes(range(32)), need, total)
        rows = [one for one in self.rows if one.kind != "recovery"]
        self.put(*rows, SlotView("recovery", self.desk.now, need=need, total=total))
        return self.shares

    @recorded
    def drop_shares(self, passphrase: bytearray) -> None:
        self._passphrase(passphrase)
        self._swap(None, "recovery")

    @recorded
    def rehearse(self, shares: Sequence[str]) -> int:
        sharing.join(shares)
        if not set(shares) <= set(self.shares):
            raise WrongPassphrase("slot.shares_other")
        self.put(*(replace(one, rehearsed=self.desk.now) if one.kind == "recovery" else one for one in self.rows))
        return self.desk.now
