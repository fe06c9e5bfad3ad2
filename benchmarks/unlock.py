"""Unlocking: from the passphrase to an open store, against Argon2id alone with the same cost.

What is beside Argon2id (header, checks, tag, seal, lock, SQLCipher) should not be felt: goal 1.2. The ways without a
passphrase are shown for comparison, each against the same Argon2id.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from nacl import pwhash

from benchmarks.measure import Options, Ratios, Table, held, median, percentile
from valise.protocol import shares as sharing
from valise.vault import header, slots
from valise.vault.connection import new_key
from valise.vault.slots import KEYRING, PASSPHRASE, RECOVERY, Given, Kdf
from valise.vault.store import Store

GOAL = 1.2
WORDS = b"quince ledger nobody says"
SECRET = bytes(range(32))


def run(options: Options) -> Ratios:
    """Ratios of medians: "passphrase", "keyring", "shares" against Argon2id alone."""
    least = Kdf()
    kdf = options.size(least.ops, 1), options.size(least.mem, 8192)
    cost = Kdf(*kdf, *kdf)
    with tempfile.TemporaryDirectory(dir=options.cache) as base:
        folder = Path(base) / "vault"
        shares = found(folder, cost)
        ways: dict[str, Callable[[], object]] = {
            "Argon2id alone": lambda: pwhash.argon2id.kdf(64, WORDS, bytes(slots.kdf.SALT), cost.ops, cost.mem),
            "passphrase": lambda: opened(folder, lambda: Given(passphrase=bytearray(WORDS)), cost),
            "keyring": lambda: opened(folder, lambda: Given(keyring=bytearray(SECRET)), cost),
            "shares": lambda: opened(folder, lambda: Given(recovery=bytearray(sharing.join(shares[:3]))), cost),
        }
        times: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(options.size(15, 2)):
            for name, act in ways.items():
                start = time.perf_counter()
                act()
                times[name].append(time.perf_counter() - start)
    alone = median(times["Argon2id alone"])
    table = Table(
        f"From what opens a vault to the open store; Argon2id with {cost.ops} passes over {cost.mem >> 20} MiB",
        ("way", "median ms", "p95 ms", "ratio", "goal"),
    )
    ratios: Ratios = {}
    for name, took in times.items():
        ratio = median(took) / alone
        goal = held(ratio, GOAL) if name == "passphrase" else ""
        table.add(name, median(took) * 1e3, percentile(took, 0.95) * 1e3, ratio, goal)
        if name in ("passphrase", "keyring", "shares"):
            ratios[name] = ratio
    print(table.markdown())
    return ratios


def found(folder: Path, cost: Kdf) -> tuple[str, ...]:
    """An empty vault with a slot of each kind; its recovery shares, three of five."""
    key = new_key()
    Store.create(folder, key).close()
    shares = sharing.split(SECRET, 3, 5)
    head = header.new("", 1)
    told = {"need": 3, "total": 5, "set": sharing.look(shares[0]).identifier}
    for kind, given, numbers in (
        (PASSPHRASE, Given(passphrase=bytearray(WORDS)), {}),
        (KEYRING, Given(keyring=bytearray(SECRET)), {}),
        (RECOVERY, Given(recovery=bytearray(SECRET)), told),
    ):
        head = slots.with_slot(head, slots.seal(kind, given, key, head.vault, cost=cost, **numbers))
    header.save(folder, slots.lawful(head))
    return shares


def opened(folder: Path, given: Callable[[], Given], cost: Kdf) -> None:
    """All of it: the header's file, the slots, the lock, the database."""
    brought = given()
    made = slots.open_with(header.load(folder).header, brought, cost)
    brought.wipe()
    Store.open(folder, made.key).close()
