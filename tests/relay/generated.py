"""A running relay exactly as `valise relay config` and `provision` make it, on free ports of this computer, with its kits."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.relay.servers import HOST, Node, free_port

from valise.domain.relay import Kit
from valise.operator import making, provisioning
from valise.operator import plan as plans
from valise.operator.plan import Plan
from valise.protocol import relaykit

SMALL = 1 << 30


@dataclass
class Generated:
    """`folder` is the operator's; `nodes` run; `kits` by delegation, one for each of its laptops in order."""

    folder: Path
    nodes: list[Node]
    kits: dict[str, list[Kit]] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)

    @property
    def plan(self) -> Plan:
        return plans.load(self.folder)

    def add(self, delegations: Mapping[str, int]) -> None:
        """Ask for more delegations or laptops, as the operator does: config again, provision again."""
        making.make(self.folder, self.plan, delegations, os.urandom, time.time_ns() // 1_000_000, etc="here")
        self.provision()

    def provision(self) -> list[str]:
        """What it said it did."""
        said: list[str] = []
        provisioning.provision(self.folder, said.append)
        for code, one in self.plan.real.items():
            files = [self.folder / "kits" / f"{code}-{n}{making.KIT}" for n in range(1, len(one.laptops) + 1)]
            self.kits[code] = [relaykit.decode(file.read_bytes()) for file in files if file.exists()]
        self.said = said
        return said


def written(
    tmp_path: Path, delegations: Mapping[str, int], *, cluster: bool = False, capacity: int = SMALL, label: str = "Test relay"
) -> Generated:
    """As `generated`, not yet started."""
    count = 3 if cluster else 1
    nodes = tuple(
        plans.Node(
            f"n{n}", HOST, port=free_port(), local=free_port(), routes=free_port(), monitor=free_port(), bind=HOST,
            state=str(tmp_path / f"state{n}"),
        )
        for n in range(count)
    )  # fmt: skip
    folder = tmp_path / "relay"
    asked = Plan(nodes, target="2.9", capacity=capacity, label=label)
    making.make(folder, asked, delegations, os.urandom, time.time_ns() // 1_000_000, etc="here")
    running = []
    for one in nodes:
        (Path(one.state) / "accounts").mkdir(parents=True, exist_ok=True)
        place = folder / "servers" / one.name
        text = (place / "nats-server.conf").read_text("utf-8")
        running.append(Node(place, text, one.local, one.monitor, websocket=one.port))
    return Generated(folder, running)


@contextmanager
def generated(
    tmp_path: Path,
    delegations: Mapping[str, int],
    *,
    cluster: bool = False,
    capacity: int = SMALL,
    label: str = "Test relay",
) -> Iterator[Generated]:
    """A running, provisioned relay; nothing runs any more afterwards.

        with generated(tmp_path, {"XA": 2, "XB": 1}) as relay:
            kit = relay.kits["XA"][0]   # domain.relay.Kit: kit.mailbox, kit.minting

    `delegations`: laptops by code. `cluster`: three nodes, streams on all of them (about 5 s more). `capacity`: octets for each
    delegation; one writer may fill 1/16 of a stream (half the capacity): 312 waiting envelopes and 92 large ones with 1 GiB.
    Urls are wss:// on 127.0.0.1 with an authority of its own in the kit. `relay.add({...})` adds delegations or laptops
    while it runs; `relay.nodes[i].stop()/.kill()/.start()` as in servers.py.
    """
    made = written(tmp_path, delegations, cluster=cluster, capacity=capacity, label=label)
    try:
        for one in made.nodes:
            one.start(wait=False)
        for one in made.nodes:
            one.ready()
        made.provision()
        yield made
    finally:
        for one in made.nodes:
            one.kill()
