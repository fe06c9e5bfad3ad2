"""The keys of the fake door: one delegation connected, one by courier, one that has not answered."""

from __future__ import annotations

from dataclasses import replace

import fake_data as d
from fake_door import FakeDoor, Part, recorded

from valise.desk import views as v
from valise.desk.door_ratchets import CardKeys, DelegationKeys, DeviceKeys


class FakeRatchets(Part):
    part = "ratchets"

    def __init__(self, desk: FakeDoor) -> None:
        super().__init__(desk)
        now = desk.now
        self.card_keys = CardKeys(now - 3 * d.DAY, 2, now - 17 * d.DAY, now + 27 * d.DAY, 0)
        self.rows = [] if desk.empty else [
            self._one("XB", "online", DeviceKeys(
                d.device("XB"), "Attaché", now - 90 * d.DAY, now - 2 * d.HOUR, now - d.HOUR, now - 3 * d.DAY, now + 3 * d.DAY)),
            self._one("XC", "courier", DeviceKeys(
                d.device("XC"), "Counsellor", now - 40 * d.DAY, now - 12 * d.DAY, now - 12 * d.DAY, now - 28 * d.DAY,
                now + 18 * d.DAY)),
            self._one("XD", "courier", DeviceKeys(d.device("XD"), "Second Secretary", now - d.DAY, 0, 0, now - d.DAY, 0)),
            self._one("XE", "courier", DeviceKeys(d.device("XE"), "Adviser", 0, 0, 0, 0, 0)),
        ]  # fmt: skip

    def _one(self, code: str, way: str, *devices: DeviceKeys) -> DelegationKeys:
        window = 72 * d.HOUR if way == "online" else 30 * d.DAY
        return DelegationKeys(d.delegation(code), code, d.NAMES[code], way, window, devices)  # type: ignore[arg-type]

    @recorded
    def all(self) -> list[DelegationKeys]:
        return list(self.rows)

    @recorded
    def card(self) -> CardKeys:
        return self.card_keys

    @recorded
    def move_on(self) -> None:
        self.card_keys = replace(self.card_keys, made_at=self.desk.now, kept=self.card_keys.kept + 1)
        self.desk.touch(v.Changes(status=True))
