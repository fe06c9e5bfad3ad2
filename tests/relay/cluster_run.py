"""Three servers, four delegations of two laptops each in processes of their own, and everything that can break, broken: run in a
network of its own (apart.py), it prints what it did and ends with 1 when anything was lost, doubled or different.

    python -m tests.relay.cluster_run BASE --envelopes 20000 --leaders 5 --clients 20 --cut 60 --all 1
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path

from tests.relay import apart, joined, pairs, power, servers
from tests.relay.generated import Generated, written
from tests.relay.laptop import RESEND, SPEED, Fast
from tests.relay.servers import PATIENCE, Node
from tests.world import PASSPHRASE, World

from valise.domain.errors import Unavailable
from valise.vault import checks

OWNER = 64_001  # nobody's on this computer: the first server runs as it, the others as those after it
LOST = 60.0  # seconds without a leader after which none will come
CALM = 900.0  # seconds until everything has to have arrived after the last disturbance


@dataclass
class Owned(Node):
    """A server under an owner of its own, so that rules can be made for what it says."""

    owner: int = 0

    def start(self, *, wait: bool = True) -> Node:
        if not self.owner:
            return super().start(wait=wait)
        assert not self.running
        (self.folder / "server.conf").write_text(self.config, encoding="utf-8")
        drop = ["setpriv", "--pdeathsig", "KILL", f"--reuid={self.owner}", "--clear-groups"]
        drop += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*drop, servers.SERVER, "-c", str(self.folder / "server.conf")], stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        return self.ready() if wait else self


@contextmanager
def cluster(base: Path, codes: tuple[str, ...], laptops: int, *, owned: bool) -> Iterator[Generated]:
    made = written(base, dict.fromkeys(codes, laptops), cluster=True)
    for at, one in enumerate(made.nodes):
        held = {each.name: getattr(one, each.name) for each in fields(Node)}
        made.nodes[at] = Owned(**held, owner=OWNER + at if owned else 0)
    try:
        for one in made.nodes:
            one.start(wait=False)
        for one in made.nodes:
            one.ready()
        _provisioned(made)
        yield made
    finally:
        for one in made.nodes:
            if one.running and one.process is not None:
                one.process.send_signal(signal.SIGCONT)
            one.kill()


def _provisioned(relay: Generated) -> None:
    """As an operator would: once more when a young cluster answers that a folder of its own is not there yet."""
    for left in (2, 1, 0):
        try:
            relay.provision()
            return
        except Unavailable:
            if not left:
                raise
            time.sleep(1.0)


class Run:
    """The processes, and what is done to them."""

    def __init__(
        self, base: Path, relay: Generated, names: list[str], room: str, text: str, rng: random.Random, *, speed: int = SPEED,
        tended: bool = True,
    ) -> None:  # fmt: skip
        self.base, self.relay, self.names, self.room, self.text, self.rng = base, relay, names, room, text, rng
        self.speed = speed
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.done: dict[str, int] = {}
        self._since: dict[tuple[str, str], float] = {}
        self._tended = 0.0 if tended else float("inf")  # when an operator last looked after the servers
        self.most = 0

    def start(self, name: str) -> None:
        (self.base / f"{name}.up").unlink(missing_ok=True)
        guard = ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []
        with (self.base / f"{name}.errors").open("ab") as errors:
            self.processes[name] = subprocess.Popen(
                [*guard, sys.executable, "-m", "tests.relay.laptop", str(self.base), name, self.room, self.text, str(self.speed)],
                stdin=subprocess.DEVNULL, stdout=errors, stderr=errors,
            )  # fmt: skip

    def up(self, name: str) -> None:
        self.wait((self.base / f"{name}.up").exists, f"{name} does not come up", PATIENCE)

    def wait(self, done: Callable[[], bool], what: str, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not done():
            dead = [name for name, one in self.processes.items() if one.poll() is not None]
            errors = {name: (self.base / f"{name}.errors").read_text("utf-8", "replace")[-3000:] for name in dead}
            assert not dead, f"ended by themselves: {errors}"
            assert time.monotonic() < end, f"{what}: {self.notes()}"
            time.sleep(0.05)

    def notes(self) -> dict[str, dict[str, object]]:
        return {one: json.loads(file.read_text("ascii")) for one in self.names if (file := self.base / f"{one}.note").exists()}

    def envelopes(self) -> int:
        """How many messages the streams have taken in all, as far as the servers say."""
        for node in self.relay.nodes:
            found = 0
            for account in servers._list(node.asked("/jsz?streams=true&accounts=true"), "account_details"):
                for held in servers._list(account, "stream_detail"):
                    state = held.get("state")
                    found += int(state["last_seq"]) if isinstance(state, dict) else 0
            self.most = max(self.most, found)
        return self.most

    def note(self, what: str) -> None:
        self.done[what] = self.done.get(what, 0) + 1
        print(f"{time.strftime('%H:%M:%S')}  {self.envelopes():>6} envelopes: {what}", flush=True)

    # -- what happens to them

    def kill_client(self) -> None:
        name = self.rng.choice(self.names)
        self.up(name)
        self.processes[name].send_signal(signal.SIGKILL)
        self.processes[name].wait()
        self.start(name)
        self.note("client killed")

    def kill_leader(self) -> None:
        node = self.leader()
        node.kill()
        self.note("leader killed")
        time.sleep(self.rng.uniform(0.0, 2.0))
        node.start(wait=False)
        self.recovers(node)

    def recovers(self, node: Node, seconds: float = 30.0) -> None:
        """Give a server that was away time to catch up. That all its consumers call themselves current is not waited for in
        vain: this old version sometimes never says so, and the exchange has to go on all the same."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and node.asked("/healthz").get("status") != "ok":
            assert node.running, f"the server ended: {node.log()[-2000:]}"
            time.sleep(0.5)

    def leader(self) -> Node:
        one = self.relay.plan.delegations[self.rng.choice(sorted(self.relay.plan.delegations))]
        return servers.leader(self.relay.nodes, one.streams[0])

    def cut(self, seconds: float) -> None:
        node = self.leader()
        owner = getattr(node, "owner", 0)
        rules = apart.rules_of(owner, node.pid) if owner else []
        if owner:
            apart.cut_off(rules)
            self.note("leader cut off from the network")
        else:
            assert node.process is not None
            node.process.send_signal(signal.SIGSTOP)
            self.note("leader stopped in its tracks")
        time.sleep(seconds)
        if owner:
            apart.let_back(rules)
        elif node.process is not None:
            node.process.send_signal(signal.SIGCONT)
        self.note("and back")
        self.recovers(node)

    def kill_all(self) -> None:
        for node in self.relay.nodes:
            node.kill()
        self.note("all servers killed")
        time.sleep(self.rng.uniform(1.0, 4.0))
        for node in self.relay.nodes:
            node.start(wait=False)
        for node in self.relay.nodes:
            self.recovers(node)

    def sick(self) -> set[tuple[str, str]]:
        """(delegation, stream) of those that no server leads, or whose leader gives numbers again that a seat has had: what it
        takes then is shown to nobody."""
        well: set[str] = set()
        for node in self.relay.nodes:
            for account in servers._list(node.asked("/jsz?streams=true&accounts=true&consumers=true"), "account_details"):
                for held in servers._list(account, "stream_detail"):
                    found, state = held.get("cluster"), held.get("state")
                    if not isinstance(found, dict) or not isinstance(state, dict) or found.get("leader") != node.folder.name:
                        continue
                    last = int(state["last_seq"])
                    seats = [one.get("delivered") for one in servers._list(held, "consumer_detail")]
                    if all(int(one["stream_seq"]) <= last for one in seats if isinstance(one, dict)):
                        well.add(str(held["name"]))
        every = {(code, stream) for code, one in self.relay.plan.delegations.items() for stream in one.streams}
        return {one for one in every if one[1] not in well}

    def tend(self) -> None:
        """What an operator does whose old servers have lost a stream among themselves ("stream store EOF", no quorum or
        diverging copies, for good): restart them, and where that does not help make the stream anew."""
        now = time.monotonic()
        self._since = {one: self._since.get(one, now) for one in self.sick()}
        if not any(now - since > LOST for since in self._since.values()):
            return
        self.note("streams that their servers do not agree on: restarted")
        for node in self.relay.nodes:
            node.stop()
        for node in self.relay.nodes:
            node.start(wait=False)
        for node in self.relay.nodes:
            self.recovers(node)
        for code, stream in self.sick():
            power.of(self.relay, code).remove(stream)
            _provisioned(self.relay)
            self.note("a stream made anew")
        self._since = {}

    def finish(self) -> None:
        """Nobody speaks any more; everything arrives; the processes end by themselves."""
        (self.base / "stop").touch()

        def calm() -> bool:
            if time.monotonic() - self._tended > 15:
                self.tend()
                self._tended = time.monotonic()
            held = list(self.notes().values())
            return len({one["ops"] for one in held}) == 1 and not any(one["waiting"] for one in held)

        self.wait(calm, "it does not all arrive", CALM)
        (self.base / "end").touch()
        for name, one in self.processes.items():
            code = one.wait(60)
            assert code == 0, (name, (self.base / f"{name}.errors").read_text("utf-8", "replace")[-3000:])

    def end(self) -> None:
        for one in self.processes.values():
            if one.poll() is None:
                one.kill()
                one.wait()


def founded(base: Path, codes: tuple[str, ...], laptops: int) -> tuple[World, str, str]:
    world = pairs.founded(base, codes, clock=joined.clock()) if laptops == 2 else World(base, codes, clock=joined.clock())
    room = pairs.group(world, codes)
    words = [{"section": "OP", "label": f"OP {n}", "words": f"Paragraph {n} as it was;", "status": "open"} for n in range(1, 9)]
    text = world[codes[0]].texts.open(room, "Draft", paragraphs=words)
    pairs.until(world, lambda: joined.same(world, room))
    return world, room, text


def verified(world: World, names: list[str], room: str, text: str) -> str:
    """Nothing lost, nothing doubled, everything equal; what came of it."""
    base = world.base
    world.clock = Fast(base)
    for name in names:
        world.desks[name] = world.gate(name).unlock(bytearray(PASSPHRASE))
        world[name].exchange.resend = RESEND
    promised = {line for name in names for line in (base / f"{name}.journal").read_text("utf-8").splitlines()}
    for name in names:
        held = joined.bodies(world, name, room)
        assert len(held) == len(set(held)), f"{name} holds something twice"
        assert promised <= set(held), f"{name} lacks {len(promised - set(held))} of {len(promised)}"
        assert checks.integrity(world[name].store, world.clock.now()).sound
        with world[name].store.read() as handle:
            assert handle.value("select count(*) from op where state != 1 and room = ?", (room,)) == 0
    assert joined.same(world, room)
    assert len({str(world[name].texts.proof(text)) for name in names}) == 1
    count = len(joined.record(world, names[0], room))
    world.close()
    return f"{len(promised)} messages promised, {count} operations of the record, on {len(names)} laptops alike"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("base", type=Path)
    for name, usual in (("envelopes", 300), ("leaders", 1), ("clients", 1), ("all", 0), ("laptops", 2), ("seed", 20261122)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    parser.add_argument("--cut", type=float, default=0.0)
    parser.add_argument("--codes", default="XA,XB,XG,XH")
    asked = parser.parse_args()
    codes, base = tuple(asked.codes.split(",")), asked.base / "world"
    alone = apart.inside()
    if alone:
        apart.enter()
    world, room, text = founded(base, codes, asked.laptops)
    names, rng = sorted(world.desks), random.Random(asked.seed)
    with cluster(asked.base / "relay", codes, asked.laptops, owned=alone) as relay:
        joined.join(world, relay)
        (base / "began").write_text(str(world.clock.now()), "ascii")
        world.close()
        run = Run(base, relay, names, room, text, rng)
        acts: list[Callable[[], None]] = [run.kill_leader] * asked.leaders + [run.kill_client] * asked.clients
        acts += [lambda: run.cut(asked.cut)] * bool(asked.cut) + [run.kill_all] * asked.all
        rng.shuffle(acts)
        try:
            for name in names:
                run.start(name)
            for name in names:
                run.up(name)
            first = run.envelopes()
            for at, act in enumerate(acts):
                want = first + asked.envelopes * (at + 1) // (len(acts) + 1)
                run.wait(lambda want=want: run.envelopes() >= want, "it does not go on", CALM)
                act()
            run.wait(lambda: run.envelopes() - first >= asked.envelopes, "it does not go on", CALM)
            run.note("enough said")
            run.finish()
        finally:
            run.end()
        print(f"{run.envelopes() - first} envelopes; {run.done}")
    print(verified(world, names, room, text))


if __name__ == "__main__":
    main()
