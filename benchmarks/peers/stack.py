"""One pair of correspondents whatever they are: the same orders to each, the same figures from each."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

from benchmarks import measure as m
from benchmarks.peers.worker import Plan

PATIENCE = 120.0  # seconds for anything a process is to say
ROLES = ("receive", "send")


class Stack(Protocol):
    """Two accounts that know each other, and what stands between them, running."""

    name: str

    def command(self, plan: Plan) -> Sequence[str]:
        """The process at one end; it speaks as worker.py says."""
        ...

    def own(self, role: str) -> dict[str, Any]:
        """What the plan of this end holds for this stack alone."""
        ...

    def environ(self) -> Mapping[str, str]: ...

    def servers(self) -> float:
        """CPU seconds so far of what stands between the two."""
        ...

    def held(self) -> dict[str, Any]:
        """Of the receiver's store, once nobody has it open: "numbers" of the messages in it, repeats and all; "broken" =
        how many could not be decrypted."""
        ...


class End:
    """The process at one end, told and heard by lines; killed with all below it."""

    def __init__(self, stack: Stack, plan: Plan) -> None:
        self.name = f"{stack.name} ({plan.role})"
        self.process = subprocess.Popen(
            [*stack.command(plan)],
            env=m.surroundings(stack.environ()),
            cwd=m.ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._said: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._listening = threading.Thread(target=self._listen, daemon=True)
        self._listening.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with contextlib.suppress(ValueError):
                self._said.put(json.loads(line))
        self._said.put(None)

    def hear(self, what: str, seconds: float = 0) -> Any:
        """The next thing of this name it says, within `seconds` (0 = PATIENCE). RuntimeError when it does not, or ends."""
        deadline = time.monotonic() + (seconds or PATIENCE)
        while True:
            try:
                said = self._said.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise RuntimeError(f"{self.name}: nothing heard: {what}") from None
            if said is None:
                raise RuntimeError(f"{self.name}: ended with {self.process.wait()} before: {what}")
            if what in said:
                return said[what]

    def tell(self, word: str) -> None:
        assert self.process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # it has ended; what it said is heard all the same
            self.process.stdin.write(word + "\n")
            self.process.stdin.flush()

    def numbers(self) -> list[int]:
        """Of the messages in its store, repeats and all."""
        self.tell("numbers")
        return list(self.hear("numbers"))

    def kill(self) -> bool:
        """SIGKILL to it and what it started; True when it was still running."""
        ran = self.process.poll() is None
        if ran:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        return ran

    def close(self) -> None:
        self.kill()
        self._listening.join(PATIENCE)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


@contextmanager
def ends(stack: Stack, plans: Mapping[str, Plan]) -> Iterator[dict[str, End]]:
    """The processes of these plans, ready."""
    running: dict[str, End] = {}
    try:
        for role, plan in plans.items():
            running[role] = End(stack, plan)
        for one in running.values():
            one.hear("ready")
        yield running
    finally:
        for one in running.values():
            one.close()


def plan(stack: Stack, role: str, *, count: int = 0, every: float = 0.0, size: int = 200, first: int = 0, journal: str = "") -> Plan:
    return Plan(role, count, every, size, first, journal, stack.own(role))


def text(one: Plan) -> str:
    """As it is given to the process."""
    return json.dumps(asdict(one))


@dataclass
class Correspondence:
    """`wall` seconds from the first message begun to the last one durable with the receiver; CPU seconds of both ends and of
    what stands between them; `delays` in seconds, a message each."""

    count: int
    wall: float
    cpu: float
    between: float
    delays: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return self.count / self.wall


_first = itertools.count(1)


def correspond(stack: Stack, count: int, *, every: float = 0.0, size: int = 200, seconds: float = 1800.0) -> Correspondence:
    """Let `count` messages go from one to the other. RuntimeError when one is missing."""
    first = next(_first) * 100_000
    plans = {role: plan(stack, role, count=count, every=every, size=size, first=first) for role in ROLES}
    with ends(stack, plans) as running:
        between = stack.servers()
        for one in running.values():
            one.tell("go")
        told = {"receive": running["receive"].hear("done", seconds)}
        running["send"].tell("end")
        told["send"] = running["send"].hear("done", seconds)
        between = stack.servers() - between
    begun = dict(told["send"]["at"])
    came = {number: at for number, at in told["receive"]["at"] if number in begun}
    if len(begun) != count or came.keys() != begun.keys():
        raise RuntimeError(f"{stack.name}: of {count} messages {len(came)} came")
    wall = max(came.values()) - min(begun.values())
    cpu = told["send"]["cpu"] + told["receive"]["cpu"]
    return Correspondence(count, wall, cpu, between, [at - begun[number] for number, at in came.items()])
