"""Where the attacks are tried: the inbox that every relay has for nothing but this, with writers and laptops of its own."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from valise.carriers.relay import credentials, jwt, wire
from valise.carriers.relay.nkeys import Kind
from valise.carriers.relay.operating import PATIENCE, Line, line
from valise.domain.errors import Unavailable
from valise.operator import accounts
from valise.operator.keys import Credential, Random, Ring, token
from valise.operator.plan import ACK_WAIT, CHECK, Delegation, Plan
from valise.operator.provisioning import api, tell

TERM: Final = 900  # seconds a credential lives that is made for this


@dataclass(slots=True)
class Writer:
    """One who may write: his slot and credential."""

    slot: str
    credential: Credential
    user: str


@dataclass
class Scene:
    """Asks as a writer, a laptop, a stranger or the operator. `patience`: seconds in which an answer would have come."""

    plan: Plan
    ring: Ring
    system: Line
    store: Line
    now: int
    random: Random
    patience: float = 1.0
    taken_back: dict[str, int] = field(default_factory=dict)

    @property
    def one(self) -> Delegation:
        return self.plan.delegation(CHECK)

    @property
    def others(self) -> list[Delegation]:
        return [one for code, one in sorted(self.plan.delegations.items()) if code != CHECK]

    # -- people

    def writer(self, *, expires: int | None = None) -> Writer:
        """A new one, with a slot of his own."""
        slot = token(self.random)
        signer = self.ring.seed(f"{CHECK}-writers-writer", Kind.ACCOUNT)
        ends = self.now + TERM if expires is None else expires
        made = credentials.scoped(self.one.writers, signer, slot, self.now, ends, self.random)
        return Writer(slot, Credential(made[0], made[1]), made[2])

    def seat(self, number: int) -> str:
        return self.one.laptops[number].seat

    @asynccontextmanager
    async def writing(self, who: Writer) -> AsyncIterator[Line]:
        held = who.credential
        async with line(self.plan.server, held.jwt, held.seed, wire.writer_replies(who.slot)) as one:
            yield one

    @asynccontextmanager
    async def reading(self, number: int) -> AsyncIterator[Line]:
        held = self.ring.credential(f"{CHECK}-laptop-{number + 1}")
        if held is None:
            raise Unavailable("relay.refused", "the credentials for trying are missing in this folder")
        async with line(self.plan.server, held.jwt, held.seed, wire.reader_replies(self.seat(number))) as one:
            yield one

    async def taken(self, held: Credential, replies: str) -> bool:
        """Whether a server lets somebody in with this. Unavailable where it cannot be reached at all."""
        try:
            async with line(self.plan.server, held.jwt, held.seed, replies):
                return True
        except Unavailable as error:
            if error.code in ("relay.refused", "relay.expired"):
                return False
            raise

    async def take_back(self, user: str) -> None:
        """Revoke one of ours. What was revoked in earlier runs has expired since and is not told again."""
        self.taken_back[user] = self.now + 10 * TERM
        named = next(one for one in accounts.all_of(self.plan, self.ring) if one.public == self.one.writers)
        signing = self.ring.seed("signing", Kind.OPERATOR)
        issued = max(self.now, await self._issued(named.public) + 1)
        await tell(self.system, len(self.plan.nodes), accounts.signed(named, signing, issued, self.taken_back))

    async def _issued(self, public: str) -> int:
        found = await self.system.ask(f"$SYS.REQ.ACCOUNT.{public}.CLAIMS.LOOKUP")
        if found is None or not found.data:
            raise Unavailable("carrier.unreachable", "a server does not answer")
        return jwt.decode(found.data.decode("ascii", "replace"), "account").issued

    # -- things

    async def _told(self, ask: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """What JetStream tells the operator. In a cluster that is choosing a leader it cannot tell, and a server that has just
        come to it says "stream not found" for a moment of what is there: it is asked until it tells. Unavailable."""
        end = time.monotonic() + PATIENCE
        while True:
            held = await api(self.store, ask, body)
            code = (held.get("error") or {}).get("code")
            if code not in (500, 503) and not (code == 404 and len(self.plan.nodes) > 1):
                return held
            if time.monotonic() > end:
                if code == 404:
                    return held
                raise Unavailable("carrier.unreachable", "the servers are choosing who leads the stream")
            await asyncio.sleep(self.patience / 2)

    def subject(self, slot: str, *, large: bool = False, inbox: str = "") -> str:
        return f"{'blob' if large else 'inbox'}.{inbox or self.one.inbox}.{slot}"

    async def put(
        self, who: Line, subject: str, body: bytes = b"x", ident: str = "", *, sure: bool = True, rollup: str = ""
    ) -> dict[str, Any]:
        """JetStream's answer, {} = none: the message was not taken, or nobody was asked. `sure`: there will be one. `rollup`:
        in place of all earlier ones, of its subject ("sub") or of the stream ("all")."""
        headers = {**({"Nats-Msg-Id": ident} if ident else {}), **({"Nats-Rollup": rollup} if rollup else {})}
        found = await who.ask(subject, body, PATIENCE if sure else self.patience, headers)
        try:
            held = json.loads(found.data) if found is not None and not found.status else {}
        except ValueError:
            return {}
        return held if type(held) is dict else {}

    async def counts(self) -> dict[str, int]:
        """Messages by subject, over both streams, as the operator sees it. A stream that is gone is {"gone": 1}."""
        found: dict[str, int] = {}
        for stream in self.one.streams:
            held = await self._told(f"STREAM.INFO.{stream}", {"subjects_filter": ">"})
            if held.get("error"):
                found["gone"] = 1
                continue
            found.update(held.get("state", {}).get("subjects") or {})
        return found

    async def config(self, stream: str) -> dict[str, Any]:
        held = await self._told(f"STREAM.INFO.{stream}")
        return dict(held.get("config") or {})

    async def seats_of(self, stream: str) -> set[str]:
        held = await self._told(f"CONSUMER.NAMES.{stream}")
        return set(held.get("consumers") or ())

    async def state_of(self, stream: str, seat: str) -> tuple[int, int, int]:
        """Not yet delivered, delivered and not confirmed, everything confirmed up to."""
        held = await self._told(f"CONSUMER.INFO.{stream}.{seat}")
        floor = (held.get("ack_floor") or {}).get("stream_seq", -1)
        return held.get("num_pending", -1), held.get("num_ack_pending", -1), floor

    async def is_again(self, stream: str, seat: str, state: tuple[int, int, int]) -> bool:
        """Whether the seat has delivered and confirmed as much as in `state`. Who leads it since a moment ago may know less
        for a while."""
        end = time.monotonic() + 10 * self.patience
        while (await self.state_of(stream, seat))[1:] != state[1:]:  # what is still to be delivered is counted late
            if time.monotonic() > end:
                return False
            await asyncio.sleep(self.patience / 2)
        return True

    async def still_waits(self, victim: Line, stream: str, seat: str, state: tuple[int, int, int], reply: str) -> bool:
        """Whether what was delivered with `reply`, which left the seat in `state`, is still to be confirmed. Where the state is
        another one the message itself is asked for: a leader that lost what it was counts anew, and delivers it again."""
        number = int(reply.split(".")[-4])
        if (await self.state_of(stream, seat))[2] >= number:
            return False
        if await self.is_again(stream, seat, state):
            return True
        await victim.say(reply, b"-NAK")
        end = time.monotonic() + ACK_WAIT + PATIENCE
        while time.monotonic() < end:
            if any(int(one.split(".")[-4]) == number for _, one in await self.fetch(victim, stream, seat, 256, sure=True)):
                return True
            await asyncio.sleep(self.patience)
        return False

    async def fetch(self, who: Line, stream: str, seat: str, most: int = 1, *, sure: bool = False) -> list[tuple[bytes, str]]:
        """Bodies and where each is confirmed. `sure`: there will be an answer, which is waited for: what comes after that is
        delivered to nobody, and shown to nobody else for a while."""
        body = json.dumps({"batch": most, "no_wait": True, "max_bytes": 1 << 19}).encode()
        found = await who.gather(
            f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{seat}", body, most, PATIENCE if sure else self.patience,
            until=lambda reply: reply.status != 0,
        )  # fmt: skip
        return [(one.data, one.reply) for one in found if one.status == 0 and one.reply.startswith("$JS.ACK.")]

    async def fetch_surely(self, who: Line, stream: str, seat: str) -> list[tuple[bytes, str]]:
        """The same where something lies: not every server of a cluster has heard of it yet."""
        end = time.monotonic() + PATIENCE
        while not (found := await self.fetch(who, stream, seat, sure=True)) and time.monotonic() < end:
            await asyncio.sleep(self.patience)
        return found

    async def empty(self) -> None:
        """Both laptops read and confirm all there is, so that the next attack begins with nothing."""
        for number in range(len(self.one.laptops)):
            async with self.reading(number) as one:
                for stream in self.one.streams:
                    while some := await self.fetch(one, stream, self.seat(number), 256, sure=True):
                        for _, reply in some:
                            await one.ask(reply, b"+ACK", 10.0)
