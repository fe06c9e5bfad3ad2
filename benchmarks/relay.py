"""Through a real relay on this computer: messages as fast as they go (P2), paced, octets on the wire (P5), and what a message costs
its sender with 1 to 50 laptops on the other side (P6).

nats-server with accounts and kits as `valise relay config` makes them, WebSocket over TLS on loopback; durable are the two ends,
which need nothing of the relay for it. The octets are those of the TCP connections, everything in them: TLS, WebSocket, subjects,
requests and confirmations.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import devices as laptops
from benchmarks import measure as m
from benchmarks import worlds
from benchmarks.measure import Options, Ratios, Table, held, percentile
from benchmarks.peers import relay
from benchmarks.peers.relay import Relay
from benchmarks.peers.stack import correspond
from benchmarks.peers.vault_stack import vaults
from benchmarks.peers.worker import body
from valise.carriers.relay import credentials
from valise.desk.desk import Desk
from valise.domain.relay import Address
from valise.protocol import relaykit
from valise.system.clock import SystemClock

GOAL, BYTES, WARM = 2_000, 200, 5
PACES = ((0.05, 0.5, 0.100), (0.01, 0.99, 0.050))  # seconds between messages; share of messages; goal in seconds
WIRE, WIRE_BYTES = 1.6, (200, 1_000, 4_000)
YEAR = 365 * 24 * 3600 * 1000


def run(options: Options) -> Ratios:
    """Ratios to goals "latency" (median at 20/s), "p99" (at 100/s); "rate" (goal to ours); "wire", "wire together" (1 KB, what the
    sender puts); and of 50 laptops to one, as devices.py."""
    ratios = fast(options)
    ratios.update(wire(options))
    ratios.update(laptops.flat(options, by_relay, "bytes on the relay"))
    return ratios


def fast(options: Options) -> Ratios:
    """Two processes: as fast as it goes, and one by one."""
    many, few, seconds = options.size(10_000, 40), options.size(300, 8), options.size(20.0, 0.3)
    table = Table(
        f"Messages of {BYTES} bytes through the relay, two processes, durable at both ends ({m.filesystem(options.cache)})",
        ("messages", "in a commit", "wall s", "messages/s", "CPU ms a message", "server CPU ms", "goal"),
    )
    latency = Table(
        "One by one: from begun to shown by the receiver, committed",
        ("every ms", "messages", "median ms", "p95 ms", "p99 ms", "worst ms", "goal"),
    )
    ratios: Ratios = {}
    with tempfile.TemporaryDirectory(prefix="valise-bench-", dir=options.cache) as base:
        with vaults(Path(base) / "fast", relay.relay) as stack:
            correspond(stack, WARM)
            for together, count in ((64, many), (1, few)):
                stack.together = together
                one = correspond(stack, count, size=BYTES)
                goal = held(one.rate, GOAL, least=True) if together > 1 else ""
                table.add(count, together, one.wall, one.rate, one.cpu / count * 1e3, one.between / count * 1e3, goal)
                ratios.setdefault("rate", GOAL / one.rate)
            for (every, share, most), name in zip(PACES, ("latency", "p99"), strict=True):
                found = correspond(stack, int(seconds / every), every=every, size=BYTES).delays
                at = percentile(found, share)
                ratios[name] = at / most
                shown = [percentile(found, one) * 1e3 for one in (0.5, 0.95, 0.99)]
                latency.add(int(every * 1e3), len(found), *shown, max(found) * 1e3, f"p{share * 100:.0f} {held(at * 1e3, most * 1e3)}")
    print(table.markdown())
    print(latency.markdown())
    return ratios


def wire(options: Options) -> Ratios:
    """What the sender's connections carry while the receiver is away, then the receiver's while the sender is."""
    table = Table(
        "On the wire, to one laptop",
        ("messages", "sent", "bytes said", "sealed", "sender puts", "ratio", "hears", "receiver gets", "says", "goal, puts"),
    )
    ratios: Ratios = {}
    one, many = options.size(40, 5), options.size(2_000, 20)
    for size in options.size(WIRE_BYTES, WIRE_BYTES[1:2]):
        for together, count in ((False, one), (True, many)):
            with tempfile.TemporaryDirectory(prefix="valise-bench-", dir=options.cache) as name:
                sealed, put, got = travelled(Path(name), size, count, together)
            said = size * count
            if size == WIRE_BYTES[1]:
                ratios["wire together" if together else "wire"] = put[0] / said
            goal = held(put[0] / said, WIRE) if size == WIRE_BYTES[1] else ""
            table.add(f"{count:,} of {size:,} bytes", "together" if together else "one by one", said, sealed, put[0], put[0] / said,
                      put[1], got[1], got[0], goal)  # fmt: skip
    table.note("Measured with the other away. The receiver's figures have its two connections in them and what it says when it comes")
    table.note("back: confirmations and, as a new session, what it holds.")
    print(table.markdown())
    return ratios


def travelled(base: Path, size: int, count: int, together: bool) -> tuple[int, tuple[int, int], tuple[int, int]]:
    """(bytes of sealed parcels, octets the sender put and heard, octets the receiver said and got)."""
    with relay.serving(base, {"XA": 1, "XB": 1}, tapped=True) as running:
        first, second, room = relay.pair(base, running)
        thread = first.messages.threads(room)[0].id
        worlds.close(second)
        first.exchange.now()
        put = counted(running, lambda: write(first, room, thread, size, count, together))
        with first.context.read() as handle:
            sealed = int(handle.value("select sum(length(blob)) from parcel"))
        worlds.close(first)
        second = worlds.unlock(base / "XB")
        second.exchange.tune()  # the line is there, nothing asked of it yet
        got = counted(running, lambda: worlds.until(lambda: arrived(second, room) >= count + 1, second))
        worlds.close(second)
    return sealed, put, got


def counted(running: Relay, act: Callable[[], object]) -> tuple[int, int]:
    """Octets (up, down) that went through the tap meanwhile."""
    assert running.tap is not None
    before = running.tap.both
    act()
    up, down = running.tap.both
    return up - before[0], down - before[1]


def write(desk: Desk, room: str, thread: str, size: int, count: int, together: bool) -> None:
    """Said and taken by the relay, all in one round or each by itself."""
    if together:
        with desk.together():
            for n in range(count):
                desk.messages.send(room, body(n, size), thread=thread)
        worlds.until(lambda: relay.all_put(desk), desk)
        return
    for n in range(count):
        desk.messages.send(room, body(n, size), thread=thread)
        worlds.until(lambda: relay.all_put(desk), desk)


def arrived(desk: Desk, room: str) -> int:
    with desk.context.read() as handle:
        return int(handle.value("select count(*) from message where room = ?", (room,)))


@contextmanager
def by_relay(base: Path, desk: Desk, devices: int) -> Iterator[Callable[[], int]]:
    """See devices.Connect: a delegation that exists as a card, with as many seats on the relay as laptops; bytes of its streams."""
    with relay.serving(base, {"XA": 1, "XB": min(devices, 32)}) as running:
        desk.relays.join(running.kit("XA"))
        desk.contacts.import_card(laptops.delegation(devices, address=address(running)))
        yield running.lying


def address(running: Relay) -> Address:
    """Where to write to XB, as its own laptop would say."""
    kit = relaykit.decode(running.kit("XB"))
    now, slot = SystemClock().now(), "abcdefgh"
    jwt, seed, _ = credentials.mint(kit.minting, kit.mailbox.inbox, slot, now + YEAR, now, os.urandom)
    return Address(kit.mailbox.server, kit.mailbox.inbox, slot, jwt, seed, now + YEAR)
