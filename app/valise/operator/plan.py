"""What a relay is made of, as its operator asked for it, and what was made: kept in DIR/relay.json without any secret.

A delegation on a relay is three accounts. STORE holds its streams and has nobody in it but the operator; SEATS (its laptops)
and WRITERS (whoever may write to it) reach single subjects of STORE as services. A reply subject that somebody chooses then
means something in his own account only, never in the one with the streams.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from valise.carriers.relay import wire
from valise.domain.errors import Refused
from valise.domain.relay import LOOPBACK, MOST_URLS, Server
from valise.operator import files

NAME: Final = "relay.json"
HEADERS: Final = 1024  # what NATS headers may add to a message
MOST_ENVELOPE: Final = wire.MOST_SMALL + HEADERS
MOST_LARGE: Final = wire.MOST_LARGE + HEADERS
SHARE: Final = 16  # one writer fills at most this part of a stream
MOST_AGE: Final = 60 * 86_400  # seconds until what nobody fetched goes
WINDOW: Final = 600  # seconds in which a repeated message is known
ACK_WAIT: Final = 30  # seconds until what was fetched and not confirmed is offered again
ACK_PENDING: Final = 4096
MOST_LAPTOPS: Final = 32
CHECK: Final = "check"  # an inbox of its own on every relay, on which attacks are tried; no delegation has small letters
CHECK_OCTETS: Final = 64 << 20
GIB: Final = 1 << 30

_CODE: Final = re.compile(r"[A-Z][A-Z0-9]{1,7}\Z")
_HOST: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?\Z")
TARGETS: Final = ("2.9", "2.12", "2.14")


def wrong(line: str) -> Refused:
    return Refused("relay.plan", line)


@dataclass(frozen=True, slots=True)
class Node:
    """One server. `host` is its name for laptops; `bind` what it listens on for them; `local` (operator, agent) and `monitor`
    listen on this computer alone; `routes` for the other nodes. `tls` = 0: WebSocket only. `state`: its folder."""

    name: str
    host: str
    port: int = 443
    tls: int = 0
    local: int = 4222
    routes: int = 6222
    monitor: int = 8222
    bind: str = "0.0.0.0"  # noqa: S104 - laptops come from anywhere
    state: str = "/var/lib/valise-relay"

    @property
    def local_url(self) -> str:
        """For the operator on this computer. A server has one listener beside the WebSocket: with TLS it is everybody's."""
        return f"tls://{self.host}:{self.tls}" if self.tls else f"nats://127.0.0.1:{self.local}"


@dataclass(frozen=True, slots=True)
class Laptop:
    """One seat: the name of its durable consumers, the public key of its credential. `removed`: it reads nothing any more."""

    seat: str
    user: str
    removed: bool = False


@dataclass(frozen=True, slots=True)
class Delegation:
    """Public keys of its accounts and of the keys that make credentials in them."""

    code: str
    inbox: str
    store: str
    seats: str
    writers: str
    laptops: tuple[Laptop, ...] = ()

    @property
    def streams(self) -> tuple[str, str]:
        return f"IN_{self.inbox}", f"BL_{self.inbox}"

    @property
    def reading(self) -> tuple[Laptop, ...]:
        return tuple(one for one in self.laptops if not one.removed)


@dataclass(frozen=True, slots=True)
class Plan:
    """`capacity` in octets for one delegation, both streams together; `target` the oldest server it is written for; `ca` and
    `pin` as they stand in kits; `certificate` and `key`: paths on the servers, "" = from our own small authority."""

    nodes: tuple[Node, ...]
    operator: str = ""
    signing: str = ""
    system: str = ""
    agent: str = ""
    delegations: Mapping[str, Delegation] = field(default_factory=dict)
    capacity: int = 4 * GIB
    target: str = "2.12"
    label: str = ""
    ca: str = ""
    pin: str = ""
    certificate: str = ""
    key: str = ""

    @property
    def replicas(self) -> int:
        return 3 if len(self.nodes) >= 3 else 1

    @property
    def server(self) -> Server:
        """As it stands in kits."""
        urls = [f"wss://{one.host}:{one.port}" for one in self.nodes]
        urls += [f"tls://{one.host}:{one.tls}" for one in self.nodes if one.tls]
        return Server(tuple(urls[:MOST_URLS]), self.ca, self.pin)

    @property
    def local(self) -> Server:
        """From the servers themselves."""
        return Server(tuple(one.local_url for one in self.nodes), self.ca)

    def checked(self) -> Plan:
        """Refused("relay.plan")."""
        if len(self.nodes) not in (1, 3, 5) or len({one.name for one in self.nodes}) != len(self.nodes):
            raise wrong("a relay is one server, or a cluster of three or five")
        if any(not _HOST.match(one.host) for one in self.nodes) or self.target not in TARGETS:
            raise wrong("a host is not one, or the server's version is none of those known")
        if self.target == "2.9" and any(one.host not in LOOPBACK for one in self.nodes):
            raise wrong("that version is for tests on one computer alone")
        if not 64 << 20 <= self.capacity <= 4096 * GIB:
            raise wrong("the capacity is too small or too large")
        if len(self.label) > 80 or not self.label.isprintable():
            raise wrong("the label is too long")
        return self

    def capacity_of(self, one: Delegation) -> int:
        """Octets, both streams together."""
        return CHECK_OCTETS if one.code == CHECK else self.capacity

    @property
    def real(self) -> dict[str, Delegation]:
        """Without the inbox that is only for trying."""
        return {code: one for code, one in sorted(self.delegations.items()) if code != CHECK}

    def with_delegation(self, one: Delegation) -> Plan:
        return replace(self, delegations={**self.delegations, one.code: one})

    def delegation(self, code: str) -> Delegation:
        """Refused("relay.plan")."""
        try:
            return self.delegations[code]
        except KeyError:
            raise wrong("no such delegation on this relay") from None


def per_writer(most_octets: int, most_message: int) -> int:
    """How many messages of one writer may wait, so that no writer takes more than his share."""
    return max(16, most_octets // SHARE // most_message)


def wanted(listed: Iterable[str]) -> dict[str, int]:
    """What `--delegation XA:laptops=2` asks for: laptops by code. Refused("relay.plan")."""
    found: dict[str, int] = {}
    for one in listed:
        code, _, rest = one.partition(":")
        key, _, number = (rest or "laptops=1").partition("=")
        if not _CODE.match(code) or key != "laptops" or not number.isascii() or not number.isdigit() or code in found:
            raise wrong("a delegation is written like XA:laptops=2")
        if not 0 < int(number) <= MOST_LAPTOPS:
            raise wrong("a delegation has one to 32 laptops on a relay")
        found[code] = int(number)
    return found


def save(folder: Path, plan: Plan) -> None:
    held = asdict(plan)
    files.write(folder / NAME, (json.dumps({"v": 1, **held}, indent=1, sort_keys=True) + "\n").encode(), secret=True)


def load(folder: Path) -> Plan:
    """Refused("relay.plan") for a folder without a relay, or another version's."""
    try:
        held: dict[str, Any] = json.loads((folder / NAME).read_text("utf-8"))
        if held.pop("v") != 1:
            raise wrong("made by another version")
        held["nodes"] = tuple(Node(**one) for one in held["nodes"])
        held["delegations"] = {
            code: Delegation(**{**one, "laptops": tuple(Laptop(**laptop) for laptop in one["laptops"])})
            for code, one in held["delegations"].items()
        }
        return Plan(**held).checked()
    except FileNotFoundError:
        raise wrong("there is no relay in this folder") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise wrong("the folder of the relay cannot be read") from None
