"""Delegations made once per process: their keys and a vault image each, copied into every world that needs one.

An identity depends on its number alone, never on the seed of a world or on what was made before it, except for the
Olm keys, which come from the library. Nothing is derived from a passphrase: vaults open with their raw key.
"""

from __future__ import annotations

import random
import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.sim.clock import SimClock, Time
from tests.world import NAMES, START

from valise.desk import enrolment
from valise.desk.desk import Desk
from valise.protocol.card import Card
from valise.protocol.certificate import DeviceSecret
from valise.protocol.rootfile import seal_root
from valise.vault import people
from valise.vault.store import DATABASE, Store

KEY = "5a" * 80
CODES = tuple(sorted(NAMES))
PASSPHRASE = b"a delegation in simulation"
FLOOR = (1, 8192)


@dataclass(frozen=True, slots=True)
class Identity:
    """A founded delegation. `image` is the closed vault of its first laptop, which knows every other card."""

    code: str
    delegation: str
    card: Card
    key_file: bytes
    image: Path


def memory_folder() -> Path | None:
    """A disk in memory where there is one: nothing here is about the speed of a disk."""
    place = Path("/dev/shm")  # noqa: S108 - a folder of our own is made inside it
    return place if place.is_dir() else None


@cache
def pool_folder() -> Path:
    """Where this process keeps its images; removed at its end."""
    folder = tempfile.TemporaryDirectory(prefix="valise-sim-pool-", dir=memory_folder())
    _kept.append(folder)
    return Path(folder.name)


_kept: list[tempfile.TemporaryDirectory[str]] = []


@cache
def blank() -> Path:
    """A vault with all tables and nothing in it."""
    folder = pool_folder() / "blank"
    store = Store.create(folder, KEY)
    store.close()
    return folder


def copy_vault(source: Path, target: Path) -> None:
    """A closed vault as another one."""
    target.mkdir(parents=True)
    shutil.copyfile(source / DATABASE, target / DATABASE)


def keep_secret(store: Store, secret: DeviceSecret) -> None:
    with store.write() as tx:
        tx.run("insert into secret(name, value) values ('device', ?)", (secret.to_bytes(),))
        tx.run("insert into secret(name, value) values ('olm', ?)", (secret.account.dump(),))


@cache
def identities() -> dict[str, Identity]:
    """Every delegation of the pool by code."""
    made = {}
    for code in CODES:
        rng = random.Random(f"identity {code}")
        made[code] = enrolment.found(code, NAMES[code], f"Officer {code}", "Delegate", START, rng.randbytes)
    found = {}
    for code, one in made.items():
        folder = pool_folder() / code
        copy_vault(blank(), folder)
        store = Store.open(folder, KEY)
        keep_secret(store, one.secret)
        with store.write() as tx:
            people.store_card(tx, one.card, trust="own", now=START, own=True)
            for other in made.values():
                if other is not one:
                    people.store_card(tx, other.card, trust="received only", now=START)
            tx.run("insert or replace into meta(key, value) values ('enrolled', 1)")
        desk = Desk(
            store, clock=SimClock(Time()), entropy=random.Random(f"internal {code}").randbytes, make_carrier=no_carrier,
            parser=no_parser)
        desk.rooms.internal()
        desk.close()
        key_file = seal_root(one.root, bytearray(PASSPHRASE), *FLOOR, FLOOR)
        found[code] = Identity(code, one.card.delegation, one.card, key_file, folder)
    return found


def no_parser(name: str, data: bytes) -> dict[str, object]:
    raise AssertionError("no file is read in simulation")


def no_carrier(place: str, writer: bytes) -> object:
    raise AssertionError("the carrier is handed in")
