"""Messages through one folder between two vaults, durable at both ends (P2).

10,000 messages of 200 bytes: in one process, in two, and beside the bare parts (signature, Megolm, one row at either
end) in the same groups in the same run. Then one message every 10 ms and how long each takes. P2: 2,000/s; at 100/s the
99th percentile within 50 ms. The window asks for a round every two seconds; here the next round follows at once, so
what is measured is the engine.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import measure as m
from benchmarks import worlds
from benchmarks.measure import Options, Ratios, Spent, Table, held, percentile, spent
from benchmarks.opening import bare
from valise.desk.desk import Desk
from valise.protocol import signing
from valise.protocol.olm import InboundGroup, OutboundGroup
from valise.vault.connection import new_key
from valise.vault.store import DATABASE, Store

GOAL, GOAL_SECONDS, EVERY = 2_000, 0.05, 0.01
BYTES, TOGETHER, ROUND = 200, 64, 16  # a round of the exchange after so many groups


def run(options: Options) -> Ratios:
    """Ratios to the bare parts, CPU against CPU: "one process", "one process, record"; "latency" to its goal."""
    count, seconds = options.size(10_000, 20), options.size(20, 0.1)
    table = Table(
        f"{count:,} messages of {BYTES} bytes, {TOGETHER} a transaction, durable at both ends ({m.filesystem(options.cache)})",
        ("how", "wall s", "CPU s", "messages/s", "CPU ratio to the parts", "wall ratio", "goal"),
    )
    if m.volatile(options.cache):
        table.note("The vaults lie in memory: these figures say nothing about durability. Give --cache a folder on a disk.")
    ratios: Ratios = {}
    with tempfile.TemporaryDirectory(dir=options.cache) as base:
        parts = bare_parts(Path(base) / "parts", count)
        table.add("bare parts: sign, verify, Megolm, a row at either end", parts.wall, parts.cpu, count / parts.wall, 1, 1)
        for name, record in (("one process", False), ("one process, record", True)):
            took, half = one_process(Path(base) / name.replace(", ", "-"), count, record)
            ratios[name] = took.cpu / parts.cpu
            kind = "signed, for the record" if record else "conversation"
            table.add(f"one process, {kind}", took.wall, took.cpu, count / took.wall, ratios[name], took.wall / parts.wall,
                      held(count / took.wall, GOAL, least=True))  # fmt: skip
            table.add("- of it written by the sender", half.wall, half.cpu, count / half.wall, half.cpu / parts.cpu)
        wall, cpu = two_processes(Path(base) / "two", count, 0.0)[:2]
        table.add("two processes, conversation", wall, cpu, count / wall, cpu / parts.cpu, wall / parts.wall,
                  held(count / wall, GOAL, least=True))  # fmt: skip
        print(table.markdown())
        latency = Table(
            "One message every 10 ms, two processes: from `send` to committed by the receiver",
            ("messages", "reached a second", "median ms", "p99 ms", "worst ms", "goal p99"),
        )
        number = int(seconds / EVERY)
        wall, _, delays = two_processes(Path(base) / "paced", number, EVERY)
        late = percentile(delays, 0.99)
        ratios["latency"] = late / GOAL_SECONDS
        latency.add(number, number / wall, percentile(delays, 0.5) * 1e3, late * 1e3, max(delays) * 1e3,
                    held(late * 1e3, GOAL_SECONDS * 1e3))  # fmt: skip
        print(latency.markdown())
    return ratios


def bodies(count: int) -> list[str]:
    """Messages of BYTES bytes that differ."""
    speech = worlds.Speech(3)
    return [speech.of_bytes(BYTES - 8) + f"{n:8d}" for n in range(count)]


def bare_parts(folder: Path, count: int) -> Spent:
    """Each message signed, sealed by Megolm, kept; opened, verified, kept elsewhere; TOGETHER a commit on both sides."""
    ends = []
    for side in ("from", "to"):
        key = new_key()
        Store.create(folder / side, key).close()
        connection = bare(folder / side / DATABASE, key)
        connection.execute("create table said(n integer primary key, body blob not null, sig blob not null)")
        ends.append(connection)
    texts = [one.encode() for one in bodies(count)]
    group = OutboundGroup.new()
    into = InboundGroup.from_key(group.key())
    device = signing.DeviceKey(b"\x07" * 32)
    sender, receiver = ends
    with spent() as took:
        for part in worlds.grouped(count, TOGETHER):
            moved = []
            sender.execute("begin immediate")
            for n in part:
                sig = device.sign(texts[n])
                sender.execute("insert into said(body, sig) values (?,?)", (texts[n], sig))
                moved.append((group.encrypt(texts[n]), sig))
            sender.execute("commit")
            receiver.execute("begin immediate")
            for sealed, sig in moved:
                body, _ = into.decrypt(sealed)
                signing.verify(device.public, body, sig)
                receiver.execute("insert into said(body, sig) values (?,?)", (body, sig))
            receiver.execute("commit")
    for connection in ends:
        connection.close()
    return took


def one_process(base: Path, count: int, record: bool) -> tuple[Spent, Spent]:
    """(until the receiver holds all and the sender knows it, the part in which the sender only wrote)."""
    first, second, room = worlds.pair(base)
    texts = bodies(count)
    thread = first.messages.send(room, "first", subject="Figures", for_the_record=record)
    worlds.settle(first, second)
    wrote = Spent()
    with spent() as took:
        for turn, part in enumerate(worlds.grouped(count, TOGETHER), 1):
            wall, cpu = time.perf_counter(), time.process_time()
            with first.together():
                for n in part:
                    first.messages.send(room, texts[n], thread=thread, for_the_record=record)
            wrote.wall += time.perf_counter() - wall
            wrote.cpu += time.process_time() - cpu
            if turn % ROUND == 0:
                first.exchange.now()
                second.exchange.now()
        while holds(second) < count + 1 or first.exchange.status().waiting:
            first.exchange.now()
            second.exchange.now()
    worlds.close(first, second)
    return took, wrote


def holds(desk: Desk) -> int:
    """How many messages are in the vault."""
    with desk.context.read() as handle:
        return int(handle.value("select count(*) from message"))


def two_processes(base: Path, count: int, every: float) -> tuple[float, float, list[float]]:
    """(seconds from the first word to the last commit, CPU of both, delays), one process writes, another receives."""
    first, second, room = worlds.pair(base)
    first.messages.send(room, "first", subject="Figures")
    worlds.settle(first, second)
    worlds.close(first, second)
    plan = json.dumps({"count": count, "every": every, "room": room, "bytes": BYTES, "together": TOGETHER, "round": ROUND})
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "benchmarks.correspondent", role, str(base / code), plan],
            env=m.surroundings(), cwd=m.ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for role, code in (("receive", "XB"), ("send", "XA"))
    ]  # fmt: skip
    try:
        for one in running:
            assert one.stdout is not None
            one.stdout.readline()  # it is ready
        for one in running:
            assert one.stdin is not None
            one.stdin.write("go\n")
            one.stdin.flush()
        told = [json.loads(one.communicate(timeout=900)[0]) for one in running]
    finally:
        for one in running:
            one.kill()
            one.wait()
    received, sent = told
    begun = dict(zip(itertools.count(), sent["at"], strict=False))
    delays = [at - begun[n] for n, at in received["at"]]
    if len(delays) != count:
        raise RuntimeError("messages are missing")
    return max(at for _, at in received["at"]) - sent["at"][0], received["cpu"] + sent["cpu"], delays
