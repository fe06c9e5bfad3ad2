"""slixmpp-omemo between two accounts of a local prosody."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks import measure as m
from benchmarks.peers import daemons
from benchmarks.peers.environment import Environment
from benchmarks.peers.stack import End, plan, text
from benchmarks.peers.worker import Plan

NAMES = {"send": ("one", "two"), "receive": ("two", "one")}


class OmemoStack:
    """`grouped` = one durable write for what belongs to one message, more than the library asks for."""

    def __init__(self, base: Path, made: Environment, port: int, running: list[daemons.Daemon], grouped: bool) -> None:
        self.name = "OMEMO, one commit a message" if grouped else "OMEMO, as its library stores"
        self.base, self.made, self.port, self.running, self.grouped = base, made, port, running, grouped

    def command(self, plan: Plan) -> Sequence[str]:
        return [str(self.made.python), "-m", "benchmarks.peers.xmpp", text(plan)]

    def own(self, role: str) -> dict[str, Any]:
        name, other = NAMES[role]
        return {
            "name": name, "other": other, "domain": daemons.DOMAIN, "password": daemons.PASSWORD, "grouped": self.grouped,
            "host": "127.0.0.1", "port": self.port, "base": str(self.base / f"{name}.sqlite"),
        }  # fmt: skip

    def environ(self) -> Mapping[str, str]:
        return {}

    def servers(self) -> float:
        return sum(one.cpu for one in self.running)

    def held(self) -> dict[str, Any]:
        command = [str(self.made.python), "-m", "benchmarks.peers.xmpp", "held", str(self.base / "two.sqlite")]
        done = subprocess.run(command, env=m.surroundings(), cwd=m.ROOT, capture_output=True, text=True, check=True)
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])["done"]
        return found


@contextmanager
def omemo(base: Path, made: Environment, *, grouped: bool = False) -> Iterator[OmemoStack]:
    """Both accounts have published their devices."""
    base.mkdir(parents=True)
    with daemons.prosody(base) as (port, running):
        stack = OmemoStack(base, made, port, running, grouped)
        for role in ("receive", "send"):
            one = End(stack, replace(plan(stack, role), role="register"))
            try:
                one.hear("ready")
                one.tell("go")
                one.hear("done")
            finally:
                one.close()
        yield stack
