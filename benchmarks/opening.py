"""Opening: the vault against its bare engine; and from the unlocked key to a usable window (P1).

P1: 100,000 messages, 1.0 s at the 95th percentile beside the deliberate passphrase function, at most 200 MB.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as engine

from benchmarks import hundred
from benchmarks.measure import Options, Ratios, Table, child, held, median, percentile
from valise.vault.connection import new_key
from valise.vault.store import DATABASE, Store

GOAL_SECONDS, GOAL_MB = 1.0, 200
QUESTION = "select count(*) from room"
OPEN = (
    "cipher_log_level = NONE", "cipher_memory_security = {memory_security}", "key = \"x'{key}'\"", "cipher_compatibility = 4",
    "temp_store = MEMORY", "secure_delete = ON", "foreign_keys = ON", "trusted_schema = OFF", "journal_mode = WAL",
    "synchronous = FULL",
)  # fmt: skip
STEPS = ("unlocked", "rooms", "threads", "page", "overview", "search", "window")


def run(options: Options) -> Ratios:
    """Ratios "open" (vault against engine) and the figures of P1 against their goals: "usable", "memory"."""
    ratios = engine_alone(options)
    ratios.update(usable(options))
    return ratios


def bare(database: Path, key: str, memory_security: str = "ON") -> Any:
    """A connection of the engine alone with the settings of PROTOCOL.md."""
    connection = engine.connect(str(database), isolation_level=None)
    for pragma in OPEN:
        connection.execute("PRAGMA " + pragma.format(key=key, memory_security=memory_security)).fetchone()
    return connection


def engine_alone(options: Options) -> Ratios:
    """The vault's open and one question, in turn with the engine's open and the same question."""
    ours, engines = [], []
    with tempfile.TemporaryDirectory(dir=options.cache) as base:
        folder, key = Path(base) / "vault", new_key()
        Store.create(folder, key).close()
        for _ in range(options.size(50, 2)):
            start = time.perf_counter()
            connection = bare(folder / DATABASE, key)
            connection.execute(QUESTION).fetchall()
            engines.append(time.perf_counter() - start)
            connection.close()
            start = time.perf_counter()
            store = Store.open(folder, key)
            with store.read() as handle:
                handle.rows(QUESTION)
            ours.append(time.perf_counter() - start)
            store.close()
    ratio = median(ours) / median(engines)
    table = Table("Opening with the raw key, to the answer of one question", ("what", "median ms", "p95 ms", "ratio"))
    table.add("engine with the same settings, one connection", median(engines) * 1e3, percentile(engines, 0.95) * 1e3, 1)
    table.add("vault: lock, schema check, writer and reader connection", median(ours) * 1e3,
              percentile(ours, 0.95) * 1e3, ratio)  # fmt: skip
    print(table.markdown())
    return {"open": ratio}


def usable(options: Options) -> Ratios:
    """Fresh processes that unlock the large vault and ask for what a window shows first."""
    folder, facts = hundred.vault(options)
    environ = {"QT_QPA_PLATFORM": "offscreen", **options.environ()}
    if not options.quick:
        child("benchmarks.unlocked", str(folder / "XA"), environ=environ)  # only warms the disk's cache
    runs = [child("benchmarks.unlocked", str(folder / "XA"), environ=environ) for _ in range(options.size(11, 1))]
    table = Table(
        f"A vault of {facts['messages']:,} messages in {facts['rooms']} rooms, from the passphrase function to a usable window",
        ("until", "median ms", "p95 ms", "MB then"),
    )
    for step in STEPS:
        walls = [one[step]["wall"] for one in runs]
        table.add(step, median(walls) * 1e3, percentile(walls, 0.95) * 1e3, median([one[step]["memory"] for one in runs]))
    whole = percentile([one["window"]["wall"] for one in runs], 0.95)
    size = max(one["window"]["memory"] for one in runs)
    table.note(
        f"P1, window shown with its messages: p95 {whole:.2f} s (goal in s {held(whole, GOAL_SECONDS)}), "
        f"{size:.0f} MB (goal in MB {held(size, GOAL_MB)}). Each line counts from the same start; loading the program's modules "
        "is not in it, they are there while the passphrase is typed."
    )
    print(table.markdown())
    return {"usable": whole / GOAL_SECONDS, "memory": size / GOAL_MB}


