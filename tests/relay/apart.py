"""A network of one's own for a test: no address of it is reached from outside, and none outside from within.

In a network namespace there is nothing but loopback, and rules can be put before it that touch nobody else on this computer: a
server that runs under an owner of its own is cut off in both directions without being stopped. Needs root, or a kernel that
lets anybody make namespaces.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

_UNSHARE = (("unshare", "--net"), ("unshare", "--net", "--map-root-user"))


@cache
def _way() -> tuple[str, ...]:
    for way in _UNSHARE:
        try:
            if subprocess.run([*way, "ip", "link", "set", "lo", "up"], capture_output=True, check=False).returncode == 0:
                return way
        except OSError:
            break
    return ()


def possible() -> bool:
    """Whether this computer lets us have a network of our own."""
    return sys.platform == "linux" and bool(_way())


def command(module: str, *arguments: str) -> list[str]:
    """The command that runs a Python module in a network of its own; in the ordinary one where there is no other."""
    return [*_way(), sys.executable, "-m", module, *arguments]


def inside() -> bool:
    """Whether this process is in a network of its own: nothing there but loopback, and that is down still."""
    return sys.platform == "linux" and _links() == ["lo"] and not _up("lo")


def enter(*, outside: bool = False) -> None:
    """Called first inside: loopback works, and rules can be put before it. `outside`: whatever address somebody tries to
    reach leads to loopback, too, so that he is seen trying."""
    _ip("link", "set", "lo", "up")
    _ip("rule", "add", "pref", "100", "lookup", "local")
    _ip("rule", "del", "pref", "0")
    if outside:
        _ip("route", "add", "local", "default", "dev", "lo")


def rules_of(owner: int, pid: int) -> list[tuple[str, ...]]:
    """What keeps everything from a server that runs as `owner`, and everything to it: whatever its sockets are bound to."""
    return [
        ("uidrange", f"{owner}-{owner}", "blackhole"),
        *(("ipproto", "tcp", "dport", str(port), "blackhole") for port in sorted(_ports(pid))),
    ]


def cut_off(rules: Iterable[tuple[str, ...]]) -> None:
    """Packets vanish; nobody is told so."""
    for rule in rules:
        _ip("rule", "add", "pref", "10", *rule)


def let_back(rules: Iterable[tuple[str, ...]]) -> None:
    for rule in rules:
        _ip("rule", "del", "pref", "10", *rule)


def _ports(pid: int) -> set[int]:
    """Local ports of a process's TCP sockets."""
    owned = set()
    for one in Path(f"/proc/{pid}/fd").iterdir():
        try:
            target = os.readlink(one)
        except OSError:
            continue
        if target.startswith("socket:["):
            owned.add(target[8:-1])
    found = set()
    for line in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]:
        words = line.split()
        if words[9] in owned:
            found.add(int(words[1].rpartition(":")[2], 16))
    return found


def _links() -> list[str]:
    return [line.split(":")[0].strip() for line in Path("/proc/net/dev").read_text("ascii").splitlines()[2:]]


def _up(link: str) -> bool:
    said = subprocess.run(["ip", "-o", "link", "show", link], capture_output=True, text=True, check=False).stdout
    return "UP" in said.partition("<")[2].partition(">")[0].split(",")


def _ip(*arguments: str) -> None:
    done = subprocess.run(["ip", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, (arguments, done.stderr)


def run(module: str, arguments: Sequence[str], seconds: float) -> subprocess.CompletedProcess[str]:
    """Run a module apart to its end; what it started ends with it."""
    root = __file__.rsplit("/tests/", 1)[0]
    return subprocess.run(
        command(module, *arguments), cwd=root, capture_output=True, text=True, timeout=seconds, check=False
    )
