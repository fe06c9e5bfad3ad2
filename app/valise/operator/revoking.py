"""Credentials that are taken back, by the operator's hand or by the agent: noted here durably, then told to every server.

What was noted is told again at each start, so that a server whose disk was put back does not take them again.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from valise.carriers.relay import jwt, nkeys
from valise.carriers.relay.nkeys import Kind
from valise.carriers.relay.operating import Line, line
from valise.domain.errors import Refused, Unavailable
from valise.operator import accounts, files
from valise.operator import plan as plans
from valise.operator.accounts import REPLIES
from valise.operator.keys import Ring
from valise.operator.plan import Plan
from valise.operator.provisioning import FOREVER, Say, known, own, revoked, tell
from valise.protocol import relaykit

NOTES: Final = "revoked.json"
_AWAY: Final = 2.5  # seconds that a server which is away holds somebody up who waits for an answer
MOST: Final = 3000  # in one account: its token has to stay below 256 KiB


class Notes:
    """By account: the keys that are taken back. Unavailable("file.unreadable" | "file.unwritable")."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NOTES
        self.held: dict[str, set[str]] = {}
        if self._path.exists():
            try:
                found = json.loads(files.read(self._path))
                self.held = {account: {str(user) for user in users} for account, users in found.items()}
            except (ValueError, AttributeError, TypeError):
                raise Unavailable("file.unreadable", "the list of what was taken back is torn") from None

    def add(self, account: str, users: Iterable[str]) -> None:
        """On the disk when this returns. Refused("relay.revocation") beyond what an account can hold."""
        held = self.held.get(account, set()) | set(users)
        if len(held) > MOST:
            raise Refused("relay.revocation", "this account can hold no more of them")
        after = {**self.held, account: held}
        text = json.dumps({one: sorted(some) for one, some in sorted(after.items())}, indent=1) + "\n"
        files.write(self._path, text.encode(), secret=True)
        self.held = after


async def carry_out(system: Line, nodes: int, signing: str, account: str, users: Iterable[str], now: int) -> int:
    """Tell the servers; how many took it. What else an account may stays as the servers have it.
    Unavailable("carrier.unreachable" | "relay.refused")."""
    held = await known(system, nodes, account, _AWAY)
    if not held:
        raise Unavailable("carrier.unreachable", "no server knows the account")
    newest = max(held, key=lambda one: one.issued)
    before = revoked(held)
    after = {**before, **dict.fromkeys(users, FOREVER)}
    if all(one.nats.get("revocations", {}) == after for one in held):
        return len(held)
    issued = max(now, *[one.issued + 1 for one in held])
    nats: Mapping[str, Any] = {**newest.nats, "revocations": dict(sorted(after.items()))}
    token = jwt.encode("account", account, signing, issued, name=newest.name, nats=nats)
    taken = await tell(system, nodes, token, _AWAY)
    if not taken:
        raise Unavailable("carrier.unreachable", "no server answered")
    return taken


def account_of(plan: Plan, what: str, code: str) -> str:
    """The account that a bare key is to be taken back in: that of the laptops if it is one of theirs."""
    for one in plan.delegations.values():
        if any(laptop.user == what for laptop in one.laptops):
            return one.seats
    if not code:
        raise plans.wrong("say whose inbox the key wrote to: --delegation XA")
    return plan.delegation(code).writers


def revoke(folder: Path, what: str, code: str, say: Say, now: int | None = None) -> int:
    """By hand: `what` is a file from a delegation, or one key "U...". How many keys. Refused("relay.plan" |
    "relay.revocation" | "relay.key"), Unavailable."""
    plan, ring = plans.load(folder), Ring(folder)
    users: tuple[str, ...]
    if what.startswith("U") and len(what) == 56 and not Path(what).exists():
        nkeys.read_public(what, Kind.USER)
        account, users = account_of(plan, what, code), (what,)
    else:
        found = relaykit.decode_revocation(files.read(Path(what)))
        account, users = found.account, found.users
        whose = [one.code for one in plan.delegations.values() if one.writers == account]
        if not whose:
            raise Refused("relay.revocation", "of no delegation on this relay")
        say(f"{whose[0]} takes back {len(users)} credential{'s' * (len(users) > 1)} to write to it.")
    Notes(folder).add(account, users)
    nodes = len(plan.nodes)
    mine = own(ring, f"{accounts.SYSTEM}-operator")

    async def go() -> int:
        async with line(plan.local, mine.jwt, mine.seed, f"{REPLIES}.operator") as system:
            signing = ring.seed("signing", Kind.OPERATOR)
            return await carry_out(system, nodes, signing, account, users, int(time.time()) if now is None else now)

    taken = asyncio.run(go())
    say(f"{taken} of {nodes} servers confirmed; the others learn it from them.")
    return len(users)
