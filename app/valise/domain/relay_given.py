"""What delegations tell each other of relays: "write to us here", and "no longer".

Said as a conversation in a room of two, never elsewhere: who reads it can write in the other's place. What one device said
last holds of what it said; between devices the newest by their clocks. The rules for how long a credential lasts, when it is
made anew, and where an address of another delegation may lead are here too.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from valise.domain.errors import Refused
from valise.domain.kinds import Fields, Many, Text, Whole, operation
from valise.domain.op import Op
from valise.domain.relay import LOOPBACK, MOST_URLS, Address, Server, read_address

DAY: Final = 24 * 3600 * 1000
TERM: Final = 90 * DAY  # of a credential for a correspondent
PASS_TERM: Final = 30 * DAY  # of one in a card handed over: nobody knows yet who will use it
SETTLED: Final = 60_000  # ms an address stays in use before the same delegation may replace it
KINDS: Final = ("relay.address", "relay.withdraw")
_USER: Final = re.compile(r"U[A-Z2-7]{55}\Z")
_INSIDE: Final = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "private", "home.arpa")
_TRANSLATED: Final = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: another address within


@operation(
    "relay.address",
    {
        "server": Fields({"urls": Many(Text(200), MOST_URLS), "ca": Text(), "pin": Text(64)}),
        "inbox": Text(32),
        "slot": Text(32),
        "jwt": Text(4_000),
        "seed": Text(58),
        "expires": Whole(),
    },
    right="commit",
    travels="chat",
)
def given(op: Op) -> Address:
    """The address. Refused("relay.address")."""
    return read_address(op.body)


@operation("relay.withdraw", {}, right="commit", travels="chat")
def withdrawn(op: Op) -> str:
    """The delegation that may no longer be written to at any address it named before."""
    return op.author


def belongs(kind: str, room: str) -> bool:
    """Whether an operation of this kind may stand in a room of that sort. A member of a larger room must never learn an
    address that was given to one delegation."""
    return not kind.startswith("relay.") or room == "bilateral"


@dataclass(frozen=True, slots=True)
class Word:
    """What one device said last. `address` None = that nothing holds any more. Ordered by clock, for which see Op.order."""

    at: int
    tick: int
    device: str
    address: Address | None = field(repr=False)

    @property
    def order(self) -> tuple[int, int, str]:
        """Newest last."""
        return self.at, self.tick, self.device


def newest(words: Iterable[Word]) -> Word | None:
    """The word that holds; None when nobody said anything."""
    return max(words, key=lambda one: one.order, default=None)


def user_of(jwt: str) -> str:
    """The public key a credential is for, as it says itself ("U..."); "" when it says none. Nothing is verified here: the
    relay does that."""
    try:
        middle = jwt.split(".")[1]
        held = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
        found = held["sub"] if type(held) is dict else ""
    except (ValueError, LookupError, binascii.Error, RecursionError):
        return ""
    return found if type(found) is str and _USER.match(found) else ""


def ending(made_at: int, expires: int, now: int, part: int = 3) -> bool:
    """Whether less than 1/`part` of its time is left."""
    return (expires - now) * part < expires - made_at


def inside(host: str) -> bool:
    """Whether a host lies within somebody's own network, or may: a literal that is not of the public internet, a name without
    a domain or under one that is never public, a number in another way of writing."""
    name = host.rstrip(".").lower()
    try:
        found = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        last = name.rpartition(".")[2]
        if "." not in name or last.isdigit() or last.startswith("0x"):
            return True
        return any(name == one or name.endswith(f".{one}") for one in _INSIDE)
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped or found.sixtofour or found.teredo or found in _TRANSLATED:
            return True
    return not found.is_global or found.is_multicast


def may_connect(server: Server, own: Server | None) -> bool:
    """Whether we connect where another delegation says. It may name any host of the internet; into a network of our own it
    leads nobody, unless our own relay is in there too, and to this computer only when ours is on it."""
    hosts = _hosts(server)
    if not any(inside(host) for host in hosts):
        return True
    ours = _hosts(own) if own else frozenset()
    if any(host in LOOPBACK or _loops(host) for host in hosts):
        return any(host in LOOPBACK for host in ours)
    return any(inside(host) for host in ours)


def _loops(host: str) -> bool:
    """Anything that may be this computer under another name."""
    name = host.rstrip(".").lower()
    try:
        found = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        last = name.rpartition(".")[2]
        return last in ("localhost", "localdomain") or last.isdigit() or last.startswith("0x")
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        return True
    return found.is_loopback or found.is_unspecified or (isinstance(found, ipaddress.IPv6Address) and found in _TRANSLATED)


def _hosts(server: Server) -> frozenset[str]:
    return frozenset(Server((url,)).host for url in server.urls)


def read_word(at: int, tick: int, device: str, body: Mapping[str, Any] | None) -> Word | None:
    """A stored word; None where what it says is no address."""
    try:
        return Word(at, tick, device, read_address(body) if body is not None else None)
    except Refused:
        return None
