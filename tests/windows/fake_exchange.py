"""The exchange of the fake door: a relay and a folder in use, one delegation by courier, one that nothing reaches."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import fake_data as d
from fake_door import FakeDoor, Part, recorded

from valise.desk import door_exchange as x
from valise.desk import views as v
from valise.domain.errors import NotAllowed, Refused, Unavailable

HOST = "relay.aurelia.example"
NAMES = {**d.NAMES, "XI": "Isonia", "XJ": "Jorvik Federation", "XL": "Lysandria", "XM": "Meridia"}


class FakeExchange(Part):
    part = "exchange"

    def __init__(self, desk: FakeDoor) -> None:
        super().__init__(desk)
        now, minute = desk.now, d.MINUTE
        self.view = v.ExchangeStatus("folder", "/media/exchange", True, "", 4, 1, now - 6 * minute, now + 4 * minute)
        self.lines = {
            "relay": x.WayView("relay", HOST, "ready", "", now - 6 * minute, now - minute, 0, 3),
            "folder": x.WayView("folder", "/media/exchange", "ready", "", now - 9 * minute, now - 6 * minute, 0, 1),
            "courier": x.WayView("courier", "", "ready", "", now - 2 * d.DAY, now - 5 * d.DAY, 0, 7),
        }
        self.rows = {one.delegation: one for one in self._delegations(now)}
        if desk.empty:
            self.view = v.ExchangeStatus("", "", False, "", 0, 0, 0, 0)
            self.lines = {one: x.WayView(one, "", "ready" if one == "courier" else "off") for one in x.WAYS}
            self.rows = {}
        self.incoming: list[v.Changes] = []
        self.tried: dict[str, x.Tried] = {
            "relay": x.Tried("", 84, "2.12.12", ("connected", "wrote", "read back")),
            "folder": x.Tried("", 6, "", ("reached", "wrote", "read back")),
            "courier": x.Tried("", 0),
        }
        self.wanted: Callable[[], None] | None = None
        self.held: threading.Event | None = None  # a round waits for it

    @staticmethod
    def _delegations(now: int) -> list[x.Served]:
        def one(code: str, ways: tuple[x.Way, ...], **more: Any) -> x.Served:
            possible = more.pop("possible", ("relay", "folder", "courier"))
            return x.Served(d.delegation(code), code, NAMES[code], ways, more.pop("chosen", ""), possible, **more)

        return [
            one("XA", ("relay",), own=True, heard=now - 20 * d.MINUTE, put=now - d.HOUR),
            one("XB", ("relay",), waiting=2, oldest=now - 6 * d.MINUTE, why="unconfirmed", heard=now - 2 * d.HOUR, put=now - 6 * d.MINUTE),
            one("XC", ("relay",), waiting=1, oldest=now - 3 * d.HOUR, why="stopped", heard=now - 3 * d.HOUR, put=now - d.DAY),
            one("XD", ("folder",), possible=("folder", "courier"), waiting=1, oldest=now - d.HOUR, why="unconfirmed", heard=now - d.DAY,
                put=now - 9 * d.MINUTE),
            one("XE", ("courier",), chosen="courier", possible=("folder", "courier"), waiting=7, oldest=now - 2 * d.DAY, why="way.courier",
                heard=now - 5 * d.DAY, put=now - 2 * d.DAY),
            one("XF", (), possible=("courier",), waiting=3, oldest=now - 4 * d.DAY, why="way.none"),
            one("XG", ("relay", "folder"), waiting=4, oldest=now - 2 * d.HOUR, why="way.trouble", problem="relay.expired",
                heard=now - 3 * d.HOUR, put=now - 2 * d.HOUR),
            one("XJ", ("folder",), chosen="folder", heard=now - 30 * d.MINUTE, put=now - 40 * d.MINUTE),
        ]  # fmt: skip

    def way(self, name: x.Way, **changes: Any) -> None:
        """Another state of one way, announced as the desk does."""
        self.lines[name] = replace(self.lines[name], **changes)
        self.desk.touch(v.Changes(status=True))

    @recorded
    def status(self) -> v.ExchangeStatus:
        return self.view

    @recorded
    def use_folder(self, folder: Path) -> None:
        if not folder.is_dir():
            raise Unavailable("carrier.unreachable", "the folder is not there")
        self.view = replace(self.view, carrier="folder", place=str(folder), reachable=True, problem="")
        self.lines["folder"] = replace(self.lines["folder"], place=str(folder), state="ready", problem="")
        self.desk.touch(v.Changes(status=True, settings=True))

    @recorded
    def drop_folder(self) -> None:
        self.lines["folder"] = x.WayView("folder", "", "off")
        self.desk.touch(v.Changes(status=True, settings=True))

    @recorded
    def now(self) -> v.Changes:
        if self.held is not None:
            self.held.wait(10)
        self.view = replace(self.view, waiting=0, last_exchange=self.desk.now)
        changes = self.incoming.pop(0) if self.incoming else v.Changes(status=True)
        self.desk.touch(changes)
        return changes

    @recorded
    def ways(self) -> list[x.WayView]:
        return [self.lines[one] for one in x.WAYS]

    @recorded
    def served(self) -> list[x.Served]:
        return list(self.rows.values())

    @recorded
    def choose(self, delegation: str, way: Any) -> None:
        one = self.rows[delegation]
        if way and way not in one.possible:
            raise NotAllowed("way.impossible", "this way does not lead there")
        self.rows[delegation] = replace(one, chosen=way, ways=(way,) if way else one.possible[:1])
        self.desk.touch(v.Changes(status=True))

    @recorded
    def try_way(self, way: x.Way) -> x.Tried:
        return self.tried[way]

    @recorded
    def when_wanted(self, call: Callable[[], None] | None) -> None:
        self.wanted = call


class FakeRelays(Part):
    part = "relays"

    def __init__(self, desk: FakeDoor) -> None:
        super().__init__(desk)
        now = desk.now
        self.mine = x.RelayView(
            HOST, (f"wss://{HOST}",), "Relay of the foreign ministry", now + 61 * d.DAY, now - 30 * d.DAY, True, True
        )
        self.given = {one.slot: one for one in (
            x.GrantView("slotborovia", d.delegation("XB"), "XB", NAMES["XB"], now - 30 * d.DAY, now + 150 * d.DAY, "active", "room"),
            x.GrantView("slotcastellan", d.delegation("XC"), "XC", NAMES["XC"], now - 30 * d.DAY, now + 150 * d.DAY, "active", "room"),
            x.GrantView("slotgallia", d.delegation("XG"), "XG", NAMES["XG"], now - 140 * d.DAY, now + 40 * d.DAY, "ending", "room"),
            x.GrantView("slotcard", "", "", "", now - 2 * d.DAY, now + 178 * d.DAY, "active", "card", "XL"),
            x.GrantView("slothesperia", d.delegation("XH"), "XH", NAMES["XH"], now - 60 * d.DAY, now + 90 * d.DAY, "revoking", "room"),
        )}  # fmt: skip
        self.held = [
            x.AddressView(d.delegation("XB"), "XB", NAMES["XB"], "relay.borovia.example", now + 100 * d.DAY, "active"),
            x.AddressView(d.delegation("XC"), "XC", NAMES["XC"], HOST, now + 100 * d.DAY, "active"),
            x.AddressView(d.delegation("XG"), "XG", NAMES["XG"], "relay.gallia.example", now - 2 * d.HOUR, "expired"),
        ]
        if desk.empty:
            self.mine, self.given, self.held = x.RelayView(""), {}, []

    def _set(self, one: x.GrantView) -> x.GrantView:
        self.given[one.slot] = one
        self.desk.touch(v.Changes(status=True))
        return one

    @recorded
    def own(self) -> x.RelayView:
        return self.mine

    @recorded
    def join(self, kit: bytes) -> x.RelayView:
        if not kit.startswith(b"VALISE-RELAY-1"):
            raise Refused("relay.kit", "not the file of a relay")
        self.mine = x.RelayView(HOST, (f"wss://{HOST}",), "Relay", self.desk.now + 90 * d.DAY, self.desk.now, True)
        self.desk.exchange.lines["relay"] = x.WayView("relay", HOST, "connecting")
        self.desk.touch(v.Changes(status=True, settings=True))
        return self.mine

    @recorded
    def leave(self) -> None:
        self.mine, self.given = x.RelayView(""), {}
        self.desk.exchange.lines["relay"] = x.WayView("relay", "", "off")
        self.desk.touch(v.Changes(status=True, settings=True))

    @recorded
    def grants(self) -> list[x.GrantView]:
        return list(self.given.values())

    @recorded
    def grant(self, delegation: str) -> x.GrantView:
        contact = self.desk.contacts.rows[delegation]
        now = self.desk.now
        return self._set(x.GrantView(
            f"slot{contact.code.lower()}", delegation, contact.code, contact.name, now, now + 180 * d.DAY, "active", "room"
        ))  # fmt: skip

    @recorded
    def renew(self, slot: str) -> x.GrantView:
        return self._set(replace(self.given[slot], made_at=self.desk.now, expires=self.desk.now + 180 * d.DAY, state="active"))

    @recorded
    def revoke(self, slot: str) -> x.GrantView:
        return self._set(replace(self.given[slot], state="revoking"))

    @recorded
    def revocation_file(self) -> bytes:
        return b"VALISE-RELAY-REVOCATION-1 fictional"

    @recorded
    def card_for(self, note: str) -> bytes:
        now = self.desk.now
        self._set(x.GrantView("slotnew", "", "", "", now, now + 180 * d.DAY, "active", "card", note))
        return b"valise card of XA with a permission"

    @recorded
    def addresses(self) -> list[x.AddressView]:
        return list(self.held)


class FakeCourier(Part):
    part = "courier"

    def __init__(self, desk: FakeDoor) -> None:
        super().__init__(desk)
        now = desk.now
        self.rows = [] if desk.empty else [
            x.CourierWaiting(d.delegation("XE"), "XE", NAMES["XE"], 7, 1, 412_000, now - 2 * d.DAY, 3, 4),
            x.CourierWaiting(d.delegation("XG"), "XG", NAMES["XG"], 4, 0, 61_000, 0, 0, 0),
            x.CourierWaiting(d.delegation("XF"), "XF", NAMES["XF"], 3, 0, 48_000, 0, 0, 0),
            x.CourierWaiting(d.delegation("XB"), "XB", NAMES["XB"], 2, 0, 31_000, now - 20 * d.DAY, 1, 1),
            x.CourierWaiting(d.delegation("XJ"), "XJ", NAMES["XJ"], 0, 0, 0, 0, 0, 0),
        ]  # fmt: skip
        self.found: dict[str, x.CourierImport] = {}  # by the file's name; else "new"
        self.hold: threading.Event | None = None  # export and take wait for it between their steps
        self.wiped: list[Path] = []

    def new(self, **changes: Any) -> x.CourierImport:
        """A bundle from Borovia."""
        made = x.CourierImport(
            "new", d.delegation("XB"), "XB", NAMES["XB"], "First Secretary", 3, self.desk.now - d.DAY, 12, 12, 31, 0, (), "", True
        )
        return replace(made, **changes)

    def _steps(self, progress: Any) -> None:
        for done in range(5) if progress is not None else ():
            progress(done, 4)
            if self.hold is not None and done == 1:
                self.hold.wait(10)

    @recorded
    def waiting(self) -> list[x.CourierWaiting]:
        return list(self.rows)

    @recorded
    def export(self, folder: Path, delegations: Sequence[str], progress: Any = None) -> x.CourierExport:
        if not delegations:
            raise NotAllowed("courier.nobody", "for nobody")
        self._steps(progress)
        place = folder / "3f9a1c07.valise"
        place.write_bytes(b"fictional bundle")
        self.desk.touch(v.Changes(status=True))
        return x.CourierExport(place, 524_288, 18, tuple(delegations), 5, True, "ab" * 32)

    @recorded
    def look(self, file: Path) -> x.CourierImport:
        return self.found.get(file.name, self.new())

    @recorded
    def take(self, file: Path, progress: Any = None) -> x.CourierImport:
        if not file.exists():
            raise Unavailable("carrier.unreachable", "the file cannot be read")
        self._steps(progress)
        self.desk.touch(v.Changes(status=True))
        return self.found.get(file.name, self.new())

    @recorded
    def wipe(self, file: Path) -> None:
        self.wiped.append(file)
        file.unlink()
