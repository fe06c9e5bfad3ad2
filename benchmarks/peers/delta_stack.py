"""Delta Chat between two accounts of a local dovecot."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.peers import daemons
from benchmarks.peers.environment import Environment
from benchmarks.peers.stack import End, plan, text
from benchmarks.peers.worker import Plan

NAMES = {"send": "one", "receive": "two"}


class DeltaStack:
    name = "Delta Chat"

    def __init__(self, base: Path, made: Environment, imap: int, smtp: int, running: list[daemons.Daemon]) -> None:
        self.base, self.made, self.imap, self.smtp, self.running = base, made, imap, smtp, running
        self.chats: dict[str, int] = {}

    def command(self, plan: Plan) -> Sequence[str]:
        return [sys.executable, "-m", "benchmarks.peers.delta", text(plan)]

    def own(self, role: str) -> dict[str, Any]:
        name = NAMES[role]
        return {
            "program": str(self.made.chat), "folder": str(self.base / name), "address": f"{name}@{daemons.DOMAIN}",
            "password": daemons.PASSWORD, "imap": self.imap, "smtp": self.smtp, "chat": self.chats.get(role, 0),
            "card": str(self.base / f"card-for-{name}.vcf"),
        }  # fmt: skip

    def environ(self) -> Mapping[str, str]:
        return {}

    def servers(self) -> float:
        return sum(one.cpu for one in self.running)

    def held(self) -> dict[str, Any]:
        one = End(self, replace(plan(self, "receive"), role="held"))
        try:
            found: dict[str, Any] = one.hear("done")
        finally:
            one.close()
        return found

    def acquaint(self) -> None:
        """Both accounts made, each with the other's key, so that everything is encrypted from the first word."""
        running = {role: End(self, replace(plan(self, role), role="register")) for role in NAMES}
        try:
            cards = {role: one.hear("card") for role, one in running.items()}
            for role, one in running.items():
                other = "send" if role == "receive" else "receive"
                Path(self.own(role)["card"]).write_text(cards[other], "utf-8")
                one.tell("go")
            self.chats = {role: one.hear("done")["chat"] for role, one in running.items()}
        finally:
            for one in running.values():
                one.close()


@contextmanager
def delta(base: Path, made: Environment) -> Iterator[DeltaStack]:
    base.mkdir(parents=True)
    with daemons.mail(base) as (imap, smtp, running):
        stack = DeltaStack(base, made, imap, smtp, running)
        stack.acquaint()
        yield stack
