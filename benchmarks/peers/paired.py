"""The same messages between two correspondents of each kind, in one run on this machine (P2, and latency at 20 a second).

Each pair runs alone, with its servers, after a few messages that make its sessions. Valise runs 10,000 and, beside the peers,
as many as they; the peers as many as they can in bounded time, which gives their rate. Goals: 2,000/s; 20 times the fastest
durable peer; at 20 messages a second half of them shown within 100 ms.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import measure as m
from benchmarks.measure import Options, Ratios, Table, held, percentile
from benchmarks.peers import environment
from benchmarks.peers.delta_stack import delta
from benchmarks.peers.omemo_stack import omemo
from benchmarks.peers.stack import Correspondence, correspond
from benchmarks.peers.vault_stack import CONNECTIONS, vaults

GOAL, TIMES, SHOWN = 2_000, 20, 0.1
BYTES, PACE = 200, 0.05
WARM = 5
Open = Callable[[Path], AbstractContextManager[Any]]


@dataclass(frozen=True, slots=True)
class Pair:
    """One kind of correspondents: how many messages in one go, and how many in a transaction (Valise only)."""

    name: str
    open: Open
    count: int
    together: int = 0


def run(options: Options) -> Ratios:
    """Ratios "peers" (our rate to the fastest durable peer's), "latency" (median to its goal), and "latency to peers"."""
    if options.set_up:
        made = environment.set_up(options.peers)
        print(f"Set up: {environment.versions(made)}.")
        return {}
    made = environment.find(options.peers)
    few, many = options.size(300, 8), options.size(10_000, 40)
    paced = options.size(400, 6)
    pairs = [
        *(Pair(f"Valise, {name}", partial(vaults, connect=connect), count, together)
          for name, connect in CONNECTIONS.items() for count, together in ((many, 64), (few, 64), (few, 1))),
        Pair("OMEMO, stored as its library asks", partial(omemo, made=made), few),
        Pair("OMEMO, one commit a message", partial(omemo, made=made, grouped=True), few),
        Pair("Delta Chat", partial(delta, made=made), few),
    ]  # fmt: skip
    rates, delays = measured(options, pairs, paced)
    best_peer = max(one.rate for (name, *_), one in rates.items() if not name.startswith("Valise"))
    ours = rates[f"Valise, {options.way}", many, 64].rate
    ratios = {"peers": ours / best_peer, "latency": percentile(delays[f"Valise, {options.way}"], 0.5) / SHOWN}
    quickest = min(percentile(one, 0.5) for name, one in delays.items() if not name.startswith("Valise"))
    ratios["latency to peers"] = ratios["latency"] * SHOWN / quickest
    table = Table(
        f"Messages of {BYTES} bytes, two processes, durable at both ends ({m.filesystem(options.cache)})",
        ("correspondents", "messages", "in a commit", "wall s", "messages/s", "CPU ms a message", "server CPU ms",
         "times the best peer", "goal"),
    )  # fmt: skip
    for (name, count, together), one in rates.items():
        goal = held(one.rate, GOAL, least=True) if together == 64 and count == many else ""
        table.add(name, count, together or "", one.wall, one.rate, one.cpu / count * 1e3, one.between / count * 1e3, one.rate / best_peer, goal)
    goal = held(ratios["peers"], TIMES, least=True)
    table.note(f"Valise over the {options.way} to the fastest durable peer: {ratios['peers']:.1f} times ({goal}).")
    slowest = min(one.rate for (name, *_), one in rates.items() if not name.startswith("Valise"))
    table.note(f"The peers' rates are those of {few:,} messages, carried on: at its rate the slowest would need "
               f"{10_000 / slowest:,.0f} s for 10,000. Peers: {environment.versions(made)}.")  # fmt: skip
    if m.volatile(options.cache):
        table.note("The stores lie in memory: these figures say nothing about durability. Give --cache a folder on a disk.")
    print(table.markdown())
    latency = Table(
        f"One message every {PACE * 1e3:.0f} ms: from begun to shown by the receiver, committed",
        ("correspondents", "messages", "median ms", "p95 ms", "worst ms", "goal, median"),
    )
    for name, each in delays.items():
        half, most = percentile(each, 0.5) * 1e3, percentile(each, 0.95) * 1e3
        goal = held(half, SHOWN * 1e3) if name.startswith("Valise") else ""
        latency.add(name, len(each), half, most, max(each) * 1e3, goal)
    latency.note("Who is slower than the pace has his queue in these figures.")
    print(latency.markdown())
    return ratios


Rates = dict[tuple[str, int, int], Correspondence]


def measured(options: Options, pairs: list[Pair], paced: int) -> tuple[Rates, dict[str, list[float]]]:
    """Every pair in turn, each in a folder of its own that is gone afterwards: rates, and delays in seconds by name."""
    rates: Rates = {}
    delays: dict[str, list[float]] = {}
    for number, pair in enumerate(pairs):
        with tempfile.TemporaryDirectory(prefix="valise-bench-", dir=options.cache) as base:
            with pair.open(Path(base) / str(number)) as stack:
                if pair.together:
                    stack.together = pair.together
                correspond(stack, WARM)
                rates[pair.name, pair.count, pair.together] = correspond(stack, pair.count, size=BYTES)
                if pair.name not in delays:
                    delays[pair.name] = correspond(stack, paced, every=PACE, size=BYTES).delays
    return rates, delays

