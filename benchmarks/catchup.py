"""After a long absence: what waits on the relay is fetched, decrypted, verified, kept and searchable (P3), and what of that is
verifying and keeping alone.

A delegation writes 100,000 signed messages while the other is away; then the other comes, and the sender is gone. Goal: at most
3 times entering the same operations, verified, into the same vault from memory in as large transactions. P3: 10,000 in 10 s.
Not in it: unlocking, and the absence itself (nothing has expired, no key was changed meanwhile).
"""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

from benchmarks import measure as m
from benchmarks import worlds
from benchmarks.measure import Options, Ratios, Spent, Table, held, spent
from benchmarks.peers import relay
from benchmarks.peers.worker import body
from valise.desk.desk import Desk
from valise.protocol import operation
from valise.vault.append import KLASS, RECORD

GOAL, P3_ITEMS, P3_SECONDS = 3.0, 10_000, 10.0
BYTES, TOGETHER, AHEAD, ENTERED = 200, 64, 2_048, 2_048
PATIENCE = 120.0  # seconds without anything new until something is wrong


def run(options: Options) -> Ratios:
    """Ratios "catch-up" (wall, to entering alone), "catch-up, CPU", "P3" (seconds for 10,000 to its goal)."""
    count = options.size(100_000, 150)
    with tempfile.TemporaryDirectory(prefix="valise-bench-", dir=options.cache) as name:
        base = Path(name)
        with relay.serving(base, {"XA": 1, "XB": 1}) as running:
            first, second, room = relay.pair(base, running)
            worlds.close(second)
            shutil.copytree(base / "XB", base / "plain" / "XB")
            with spent() as wrote:
                write(first, room, count)
            waiting = running.lying()
            made = operations(first, room)[-count:]
            worlds.close(first)
            second = worlds.unlock(base / "XB")
            took, came = catch_up(second, room, count)
            missing = count + 1 - messages(second, room)
            found = bool(second.search(second_last(made)))
            worlds.close(second)
        plain = worlds.unlock(base / "plain" / "XB")
        alone = entered(plain, made)
        missing += count + 1 - messages(plain, room)
        checked = verified(plain, made)
        worlds.close(plain)
    if missing or not found:
        raise RuntimeError("operations are missing")
    ratios = {"catch-up": took.wall / alone.wall, "catch-up, CPU": took.cpu / alone.cpu}
    table = Table(
        f"{count:,} signed messages of {BYTES} bytes, {waiting / 1e6:,.0f} MB on the relay ({m.filesystem(options.cache)})",
        ("what", "wall s", "CPU s", "a second", "wall ratio", "CPU ratio", "goal"),
    )
    table.add("read strictly and verified", checked.wall, checked.cpu, count / checked.wall, checked.wall / alone.wall, checked.cpu / alone.cpu)
    table.add(f"verified and entered, {ENTERED:,} a transaction", alone.wall, alone.cpu, count / alone.wall, 1, 1)
    table.add("caught up from the relay", took.wall, took.cpu, count / took.wall, *ratios.values(), held(ratios["catch-up"], GOAL))
    table.add("written and put by the other, before", wrote.wall, wrote.cpu, count / wrote.wall)
    table.note(f"The first were shown after {came[0][1]:.2f} s ({came[0][0]:,} of them).")
    upto = next((at for there, at in came if there >= P3_ITEMS), None)
    if upto is not None:
        ratios["P3"] = upto / P3_SECONDS
        table.note(f"{P3_ITEMS:,} were there and searchable after {upto:.1f} s ({held(upto, P3_SECONDS)}).")
    print(table.markdown())
    return ratios


def write(desk: Desk, room: str, count: int) -> None:
    """Sign so many for the record, and give all of it to the relay."""
    thread = desk.messages.threads(room)[0].id
    for part in worlds.grouped(count, AHEAD):
        for some in worlds.grouped(len(part), TOGETHER):
            with desk.together():
                for n in some:
                    desk.messages.send(room, body(part[n], BYTES), thread=thread, for_the_record=True)
        desk.exchange.now()
    worlds.until(lambda: relay.all_put(desk), desk, rounds=1_000)


def operations(desk: Desk, room: str) -> list[tuple[bytes, bytes]]:
    """(bytes, signature) of the room's record in order."""
    with desk.context.read() as handle:
        return [(raw, sig) for raw, sig in handle.rows("select raw, sig from op where room = ? and klass = 0 order by n", (room,))]


def messages(desk: Desk, room: str) -> int:
    with desk.context.read() as handle:
        return int(handle.value("select count(*) from message where room = ?", (room,)))


def second_last(made: list[tuple[bytes, bytes]]) -> str:
    """Two words of a message that came late, to search for."""
    said = operation.receive(*made[-2], KLASS[RECORD]).op.body["body"]
    return " ".join(str(said).split()[:2])


def catch_up(desk: Desk, room: str, count: int) -> tuple[Spent, list[tuple[int, float]]]:
    """Rounds until all is here: what it took, and (how many were there, after so many seconds) at every announced change."""
    came: list[tuple[int, float]] = []
    before = messages(desk, room)
    with spent() as took:
        start = time.perf_counter()
        end = desk.subscribe(
            lambda changes: came.append((messages(desk, room) - before, time.perf_counter() - start)) if changes.threads else None
        )
        last = start
        while not came or came[-1][0] < count:
            had = len(came)
            desk.exchange.now()
            if len(came) > had:
                last = time.perf_counter()
            elif time.perf_counter() - last > PATIENCE:
                raise RuntimeError(f"{came[-1][0] if came else 0} of {count} came")
        end()
    return took, came


def entered(desk: Desk, made: list[tuple[bytes, bytes]]) -> Spent:
    """The same operations verified and entered, with projection and search index, from memory."""
    with spent() as took:
        for part in worlds.grouped(len(made), ENTERED):
            with desk.context.write() as tx:
                for n in part:
                    desk.context.enter(tx, operation.receive(*made[n], KLASS[RECORD]), RECORD)
    return took


def verified(desk: Desk, made: list[tuple[bytes, bytes]]) -> Spent:
    """Read strictly and verified alone."""
    with desk.context.read() as handle, spent() as took:
        for raw, sig in made:
            signed = operation.receive(raw, sig, KLASS[RECORD])
            operation.verify(signed, KLASS[RECORD], *desk.record.certificates.every(handle, signed.op.device))
    return took
