"""A real relay between the vaults of a benchmark: nats-server as `valise relay config` and `provision` make it, on loopback."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import worlds
from benchmarks.peers.daemons import Daemon, free_port, program
from valise.desk.desk import Desk
from valise.operator import agent, making, plan, provisioning

HOST = "127.0.0.1"
CAPACITY = 64 << 30  # octets a delegation: what waits is never refused for want of room


@dataclass(frozen=True, slots=True)
class Relay:
    """`folder` = the operator's; `node` as it was asked for; `daemons` the server and
    its agent, which takes credentials back; `tap` what counts octets, None = nothing."""

    folder: Path
    node: plan.Node
    daemons: tuple[Daemon, ...]
    tap: Tap | None = None

    def kit(self, code: str, laptop: int = 1) -> bytes:
        """What the operator hands to a laptop."""
        return (self.folder / "kits" / f"{code}-{laptop}{making.KIT}").read_bytes()

    @property
    def cpu(self) -> float:
        """CPU seconds so far."""
        return sum(one.cpu for one in self.daemons)

    def lying(self) -> int:
        """Octets of all streams, as the server's monitoring counts them."""
        line = http.client.HTTPConnection(HOST, self.node.monitor, timeout=10)
        try:
            line.request("GET", "/jsz")
            return int(json.loads(line.getresponse().read())["bytes"])
        finally:
            line.close()


class Tap:
    """Stands before the server's port and counts what goes through, TLS, WebSocket and all: `up` to the relay, `down` from it."""

    def __init__(self, port: int, to: int) -> None:
        self.up = self.down = 0
        self._to = to
        self._lock = threading.Lock()
        self._listening = socket.create_server((HOST, port), backlog=64)
        self._running = threading.Thread(target=self._accept)
        self._running.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                threading.Thread(target=self._between, args=(near,), daemon=True).start()

    def _between(self, near: socket.socket) -> None:
        with near, contextlib.suppress(OSError), socket.create_connection((HOST, self._to)) as far:
            for one in (near, far):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            back = threading.Thread(target=self._pump, args=(far, near, False), daemon=True)
            back.start()
            self._pump(near, far, True)
            back.join()

    def _pump(self, source: socket.socket, sink: socket.socket, up: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 16):
                with self._lock:
                    if up:
                        self.up += len(data)
                    else:
                        self.down += len(data)
                sink.sendall(data)
        for one in (source, sink):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    @property
    def both(self) -> tuple[int, int]:
        with self._lock:
            return self.up, self.down

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)  # else nobody wakes who accepts
        self._running.join()
        self._listening.close()


@contextmanager
def serving(base: Path, laptops: dict[str, int], *, tapped: bool = False) -> Iterator[Relay]:
    """A running, provisioned relay with its agent, and kits for so many laptops of each delegation."""
    node = plan.Node(
        "n0", HOST, port=free_port(), local=free_port(), routes=free_port(), monitor=free_port(), bind=HOST,
        state=str(base / "relay-state"),
    )  # fmt: skip
    (base / "relay-state" / "accounts").mkdir(parents=True)
    folder = base / "relay"
    asked = plan.Plan((node,), target="2.9", capacity=CAPACITY, label="Relay of a measurement")
    making.make(folder, asked, laptops, os.urandom, time.time_ns() // 1_000_000, etc="here")
    config = folder / "servers" / node.name / "nats-server.conf"
    listens, tap = node.port, None
    if tapped:  # the kits name the tap's port, and the server listens elsewhere
        listens = free_port()
        config.write_text(config.read_text("utf-8").replace(f'"{HOST}:{node.port}"', f'"{HOST}:{listens}"'), "utf-8")
        tap = Tap(node.port, listens)
    with contextlib.ExitStack() as stack:
        if tap is not None:
            stack.callback(tap.close)
        server = Daemon([program("nats-server"), "-c", str(config)], base / "relay.log", [listens, node.local], ours=True)
        stack.callback(server.stop)
        provisioning.provision(folder, lambda line: None)
        beside = [sys.executable, "-m", "benchmarks.peers.relay", str(folder)]
        taking_back = Daemon(beside, base / "agent.log", [], ours=True, says="Listening.")
        stack.callback(taking_back.stop)
        yield Relay(folder, node, (server, taking_back), tap)


def pair(base: Path, running: Relay) -> tuple[Desk, Desk, str]:
    """Two delegations that met over a folder and went over to the relay, with a room and a thread that both know."""
    first, second, room = worlds.pair(base)
    first.messages.send(room, "first", subject="Figures")
    move(running, first, second)
    worlds.until(lambda: bool(second.messages.threads(room)) and not first.exchange.status().waiting, first, second)
    return first, second, room


def move(running: Relay, *desks: Desk) -> None:
    """From the folder to the relay: each joins it, which tells everybody it shares a room with where to write; then the folder
    is dropped."""
    for desk in desks:
        desk.relays.join(running.kit(desk.me().code))
    worlds.until(lambda: all(len(desk.relays.addresses()) == len(desks) - 1 for desk in desks), *desks)
    for desk in desks:
        desk.exchange.drop_folder()


def all_put(desk: Desk) -> bool:
    """Whether everything written has been sealed and taken by a carrier once."""
    with desk.context.read() as handle:
        asked = "select (select count(*) from outbox) + (select count(*) from parcel where tries = 0)"
        return not handle.value(f"{asked} + (select count(*) from key_out where tries = 0)")


@contextmanager
def relay(base: Path, desks: Sequence[Desk]) -> Iterator[Callable[[], float]]:
    """See vault_stack.Connect."""
    with serving(base, {desk.me().code: 1 for desk in desks}) as running:
        move(running, *desks)
        yield lambda: running.cpu


if __name__ == "__main__":
    agent.agent(Path(sys.argv[1]), lambda line: print(line, flush=True))
