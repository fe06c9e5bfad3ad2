"""Correspondents killed with SIGKILL at random while messages flow: what was promised and lost, what came twice.

The sender writes one message every RHYTHM seconds and notes its number when its own store has taken it: a promise. Either end,
drawn by a seed, is killed with all it started, at a random moment, and started again on what it left. In the end everybody may
deliver what waits; it is over when all promised messages are there, or when nothing has come for PATIENCE seconds.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.measure import Options, Ratios, Table
from benchmarks.peers import environment
from benchmarks.peers.delta_stack import delta
from benchmarks.peers.omemo_stack import omemo
from benchmarks.peers.stack import ROLES, End, Stack, plan
from benchmarks.peers.vault_stack import CONNECTIONS, vaults
from benchmarks.peers.worker import LIFE, promised

SEED, RHYTHM, PATIENCE = 20261122, 0.05, 90.0
LIVES = (0.3, 2.5)  # seconds an end lives at least and at most after it was ready
POLL = 0.5  # seconds between two questions
RESEND = 5_000  # ms; Valise asks again after so long, here sooner than an officer would


@dataclass(frozen=True, slots=True)
class Ending:
    """After all kills: messages promised, those of them not there, those there more than once, sealed ones nobody can open;
    `died` = ends that fell without being killed."""

    kills: int
    promised: int
    lost: int
    doubled: int
    broken: int
    died: int


def run(options: Options) -> Ratios:
    """Ratios "lost" and "doubled": ours, of those promised, over the way asked for."""
    kills = options.size(44, 2)
    pairs: dict[str, Callable[[Path], AbstractContextManager[Any]]] = {
        f"Valise, {name}": partial(vaults, connect=connect) for name, connect in CONNECTIONS.items()
    }
    if not options.quick or options.peers is not None:
        made = environment.find(options.peers)
        pairs |= {
            "OMEMO, stored as its library asks": partial(omemo, made=made),
            "OMEMO, one commit a message": partial(omemo, made=made, grouped=True),
            "Delta Chat": partial(delta, made=made),
        }
    table = Table(
        f"{kills} SIGKILLs of sender or receiver while a message is written every {RHYTHM * 1e3:.0f} ms (seed {SEED})",
        ("correspondents", "kills", "promised", "lost", "doubled", "cannot be decrypted", "fell by themselves"),
    )
    ratios: Ratios = {}
    for name, open_pair in pairs.items():
        with tempfile.TemporaryDirectory(prefix="valise-bench-", dir=options.cache) as base:
            with open_pair(Path(base) / "pair") as stack:
                if hasattr(stack, "resend"):
                    stack.resend = RESEND
                found = tortured(stack, Path(base) / "journal", kills, patience=options.size(PATIENCE, 20.0))
        table.add(name, found.kills, found.promised, found.lost, found.doubled, found.broken, found.died)
        if name == f"Valise, {options.way}":
            ratios = {"lost": found.lost / found.promised, "doubled": found.doubled / found.promised}
    print(table.markdown())
    return ratios


def tortured(stack: Stack, journal: Path, kills: int, *, patience: float = PATIENCE, seed: int = SEED) -> Ending:
    """Kill, start again, let everything arrive, count."""
    draw = random.Random(seed)
    lives = dict.fromkeys(ROLES, 0)

    def start(role: str) -> End:
        lives[role] += 1
        asked = plan(stack, role, every=RHYTHM, first=lives[role] * LIFE, journal=str(journal) if role == "send" else "")
        one = End(stack, asked)
        try:
            one.hear("ready")
        except BaseException:
            one.close()
            raise
        one.tell("go")
        return one

    running = {role: start(role) for role in ROLES}
    died = 0
    try:
        for _ in range(kills):
            time.sleep(draw.uniform(*LIVES))
            role = draw.choice(ROLES)
            died += not running[role].kill()
            running[role].close()
            running[role] = start(role)
        time.sleep(LIVES[0])
        running["send"].tell("calm")
        wait_for_rest(running["receive"], journal, patience)
        for role in reversed(ROLES):
            running[role].tell("end")
            running[role].hear("done")
    finally:
        for one in running.values():
            one.close()
    return counted(promised(journal), stack.held(), kills, died)


def wait_for_rest(receiver: End, journal: Path, patience: float) -> None:
    """Until the receiver has all that was promised, or nothing came for so many seconds."""
    most, since = -1, time.monotonic()
    while time.monotonic() - since < patience:
        have = set(receiver.numbers())
        if have.issuperset(promised(journal)):
            return
        if len(have) > most:
            most, since = len(have), time.monotonic()
        time.sleep(POLL)


def counted(promises: list[int], held: dict[str, Any], kills: int, died: int) -> Ending:
    """What is there against what was promised."""
    there = Counter(held["numbers"])
    doubled = sum(1 for times in there.values() if times > 1)
    return Ending(kills, len(promises), sum(1 for one in promises if one not in there), doubled, held["broken"], died)
