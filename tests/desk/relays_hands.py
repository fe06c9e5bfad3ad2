"""What the tests of relays do: the files an operator would hand over, without an operator; reading what a vault keeps."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.world import World

from valise.carriers.relay import credentials, nkeys
from valise.carriers.relay.nkeys import Kind
from valise.desk.desk import Desk
from valise.domain.relay import Kit, Mailbox, Minting, Server
from valise.domain.relay_given import DAY
from valise.protocol import relaykit

INBOXES = {"XA": "aureliainbox", "XB": "boroviainbox", "XC": "castellaninbox", "XG": "galliainbox2"}


@dataclass
class Operator:
    """Who runs the relay of one delegation."""

    code: str
    host: str = ""
    account: str = field(default_factory=lambda: nkeys.public(nkeys.seed(Kind.ACCOUNT, os.urandom(32))))
    signer: str = field(default_factory=lambda: nkeys.seed(Kind.ACCOUNT, os.urandom(32)))

    def kit(self, now: int, *, seat: str = "seataaaa", expires: int = 0, url: str = "", label: str = "Relay of the mission") -> bytes:
        """The file for one laptop."""
        ends = expires or now + 365 * DAY
        jwt, seed, _ = credentials.scoped(self.account, self.signer, seat, now // 1000, ends // 1000, os.urandom)
        server = Server((url or f"wss://{self.host or self.code.lower() + '.relay.example'}",))
        box = Mailbox(server, INBOXES[self.code], seat, jwt, seed, ends)
        return relaykit.encode(Kit(box, Minting(self.account, self.signer), label))


def joined(world: World, *codes: str) -> dict[str, Operator]:
    """These delegations join a relay each."""
    found = {}
    for code in codes:
        found[code] = Operator(code)
        world[code].relays.join(found[code].kit(world.clock.now()))
    return found


def rows(desk: Desk, sql: str, values: Sequence[object] = ()) -> list[Any]:
    with desk.store.read() as handle:
        return list(handle.rows(sql, values))


def bodies(desk: Desk, kind: str = "relay.address") -> list[dict[str, Any]]:
    """What was said of this kind, as it lies in the vault."""
    return [dict(json.loads(raw)["body"]) for (raw,) in rows(desk, "select raw from op where kind = ? order by n", (kind,))]


def secrets_of(desk: Desk) -> set[bytes]:
    """Every seed and token this vault was told or made: none of them may be anywhere else."""
    found: set[bytes] = set()
    for body in bodies(desk):
        found |= {body["seed"].encode(), body["jwt"].encode()}
    for table, column in (("relay_own", "kit"), ("relay_credential", "address"), ("relay_pass", "address"), ("relay_used", "address")):
        for (raw,) in rows(desk, f"select {column} from {table}"):
            if raw:
                held = json.loads(raw)
                found |= {held[name].encode() for name in ("seed", "jwt", "signer") if name in held}
    return found
